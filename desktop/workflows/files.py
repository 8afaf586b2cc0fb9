"""Files written whole or not at all, and the troubles of disks in words. Hides how each system says them."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from desktop.domain.errors import FileTrouble


def write_whole(path: Path, body: bytes) -> None:
    """Write `body` to `path`: when this returns it is on the disk, and until then what was there stays as it was.

    Raises FileTrouble that says what is in the way and what to do.
    """
    new: Path | None = None
    try:
        # The name of a new file beside it, so that the renaming stays on one disk and replaces in one step.
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".new", dir=path.parent)
        new = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        new.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        new.replace(path)
        _settle(path.parent)
    except OSError as wrong:
        raise trouble(path, wrong) from wrong
    finally:
        if new is not None:
            new.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _settle(folder: Path) -> None:
    """Bring the renaming itself to the disk, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_whole(path: Path, most: int) -> bytes:
    """The bytes of a file of at most `most`. Raises FileTrouble."""
    try:
        with path.open("rb") as stream:
            body = stream.read(most + 1)
    except OSError as wrong:
        raise trouble(path, wrong, reading=True) from wrong
    if len(body) > most:
        raise FileTrouble(f"{path.name} is larger than {most // 1_000_000} MB.", "Choose another file.")
    return body


def trouble(path: Path, wrong: OSError, *, reading: bool = False) -> FileTrouble:
    """What went wrong with a file, in words."""
    verb = "read" if reading else "written"
    if not path.parent.is_dir():
        return FileTrouble(f"The folder {path.parent} does not exist.", "Choose a folder that exists.")
    match wrong.errno:
        case errno.ENOENT:
            return FileTrouble(f"{path.name} is not there any more.", f"Look for it in {path.parent}.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return FileTrouble(
                f"{path} cannot be {verb}: you have no right to.", "Choose another folder, or change the rights of it."
            )
        case errno.ENOSPC | errno.EDQUOT:
            return FileTrouble(
                f"The disk is full, so {path.name} was not written.", "Make room on the disk, or choose another one."
            )
        case errno.EISDIR:
            return FileTrouble(f"{path} is a folder.", "Give the name of a file.")
        case errno.ENAMETOOLONG:
            return FileTrouble(f"The name {path.name[:60]}… is too long.", "Choose a shorter name.")
    return FileTrouble(f"{path} cannot be {verb}: {wrong.strerror or wrong}.", "Choose another file or folder.")
