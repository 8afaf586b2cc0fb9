"""The lock file that lets only one process use a profile. The system releases the lock when that process ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop.domain.errors import ProfileInUse, StorageError, cause
from desktop.domain.messages import msg
from desktop.private_files import make_private_folder


class ProfileLock:
    """The lock of a profile, acquired on construction. Raises ProfileInUse, or StorageError without permission."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            make_private_folder(path.parent)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as wrong:
            raise StorageError(
                msg("The profile folder {folder} cannot be used: {why}.", folder=str(path.parent), why=cause(wrong)),
                "Check that you may write to it, or start with another profile folder (--profile).",
            ) from wrong
        try:
            _take(self._file)
        except OSError as taken:
            holder = _holder(self._file)
            os.close(self._file)
            raise ProfileInUse(
                msg("The program is already open with this profile (process {number}).", number=holder)
                if holder
                else "The program is already open with this profile.",
                "Use the window that is open, or quit the program and try again. "
                "Another profile can be named with --profile.",
            ) from taken
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, f" {os.getpid()}\n".encode())  # behind the first byte, which Windows locks

    def release(self) -> None:
        """Release the lock. The file stays: deleting it could delete the lock of the next process."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

    def _holder(file: int) -> str:
        os.lseek(file, 1, os.SEEK_SET)  # the first byte is locked, the process id behind it is not
        return os.read(file, 20).decode(errors="replace").strip()
else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _holder(file: int) -> str:
        return os.pread(file, 20, 1).decode(errors="replace").strip()
