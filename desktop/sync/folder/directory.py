"""The files of a sync folder in a real directory, whatever program copies it between machines."""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop.domain.errors import FileError, cause
from desktop.domain.messages import msg
from desktop.sync.folder.ports import FileStat

SUFFIXES = (".ups", ".upk", ".upl")
MAX_BYTES = 64 * 1024 * 1024  # of one file: far more than any timetable

_ICLOUD = ".icloud"
_RECALL_ON_OPEN, _RECALL_ON_DATA_ACCESS, _OFFLINE = 0x40000, 0x400000, 0x1000  # Windows, FILE_ATTRIBUTE_*
_DATALESS = 0x40000000  # macOS, SF_DATALESS
_TRIES = 4  # Windows refuses to replace a file while the cloud's program reads it


def is_placeholder(found: os.stat_result) -> bool:
    """True if a file's contents are only in the cloud, so that reading it would wait for the network."""
    attributes = getattr(found, "st_file_attributes", 0)
    if attributes & (_RECALL_ON_OPEN | _RECALL_ON_DATA_ACCESS | _OFFLINE):
        return True
    return bool(getattr(found, "st_flags", 0) & _DATALESS)


class Directory:
    """The files of one directory. Contents that are only in the cloud are requested, but never waited for."""

    def __init__(
        self,
        path: Path,
        *,
        placeholder: Callable[[os.stat_result], bool] = is_placeholder,
        replace: Callable[[str, str], None] = os.replace,
    ) -> None:
        self.path = path
        self._placeholder = placeholder
        self._replace = replace
        self._waiting: set[str] = set()
        self._asked: set[str] = set()

    def list(self) -> Mapping[str, FileStat]:
        found: dict[str, FileStat] = {}
        self._waiting = set()
        with self._translate_errors(), os.scandir(self.path) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(".") and name.endswith(_ICLOUD) and name[1 : -len(_ICLOUD)].endswith(SUFFIXES):
                    self._fetch(name[1 : -len(_ICLOUD)])
                    continue
                if not name.endswith(SUFFIXES) or name.startswith((".", "~")):
                    continue
                with suppress(FileNotFoundError):  # deleted since the directory was listed
                    known = entry.stat(follow_symlinks=False)
                    if not stat.S_ISREG(known.st_mode):
                        continue
                    if self._placeholder(known):
                        self._fetch(name)
                    elif known.st_size <= MAX_BYTES:
                        found[name] = FileStat(known.st_size, known.st_mtime_ns)
        return found

    def waiting(self) -> Set[str]:
        return self._waiting

    def read(self, name: str) -> bytes | None:
        try:
            handle = os.open(self.path / name, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(handle, "rb") as stream:
                if self._placeholder(os.fstat(stream.fileno())):
                    return None
                content = stream.read(MAX_BYTES + 1)
        except OSError:
            return None  # gone, or in use by the cloud program: the next run tries again
        return content if len(content) <= MAX_BYTES else None

    def write(self, name: str, content: bytes) -> FileStat:
        target, new = self.path / name, self.path / f"~{name}.tmp"
        with self._translate_errors():
            try:
                self._put(new, content)
                self._replace_with_retries(new, target)
            except OSError:
                if not target.parent.is_dir():
                    raise
                # It cannot be replaced, so it is overwritten. If that is cut off, it does not open and is rewritten.
                self._put(target, content)
            finally:
                with suppress(OSError):
                    new.unlink(missing_ok=True)
            known = target.stat()
        return FileStat(known.st_size, known.st_mtime_ns)

    def remove(self, name: str) -> None:
        with suppress(OSError):  # if it cannot be deleted now, a later run tries again
            (self.path / name).unlink(missing_ok=True)

    def _put(self, path: Path, content: bytes) -> None:
        with path.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())

    def _replace_with_retries(self, new: Path, target: Path) -> None:
        for last in range(_TRIES):
            try:
                self._replace(str(new), str(target))
            except PermissionError:
                if last == _TRIES - 1:
                    raise
                time.sleep(0.05 * 2**last)
            else:
                return

    def _fetch(self, name: str) -> None:
        """Makes the cloud program download the contents by opening the file, on a thread that may block."""
        self._waiting.add(name)
        if name in self._asked:
            return
        self._asked.add(name)

        def ask() -> None:
            with suppress(OSError), (self.path / name).open("rb") as stream:
                stream.read(1)

        threading.Thread(target=ask, name="fetch", daemon=True).start()

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as wrong:
            raise self._to_file_trouble(wrong) from wrong

    def _to_file_trouble(self, wrong: OSError) -> FileError:
        folder = str(self.path)
        if wrong.errno in {errno.ENOSPC, errno.EDQUOT}:
            return FileError(msg("{folder} is full.", folder=folder), "Make room there. Nothing is lost meanwhile.")
        if not self.path.is_dir():
            return FileError(
                msg("The folder {folder} is not there.", folder=folder),
                "Connect the drive or start the cloud’s program, or choose another folder.",
            )
        return FileError(
            msg("The folder {folder} cannot be used: {why}.", folder=folder, why=cause(wrong)),
            "Check your rights to it, or choose another folder.",
        )
