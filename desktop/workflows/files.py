"""Atomic writes and bounded reads of files, with OSErrors turned into FileError."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

from desktop.domain.errors import FileError, cause, is_open_elsewhere
from desktop.domain.messages import msg


def write_atomically(path: Path, body: bytes, *, private: bool = False) -> None:
    """Write `body` to `path` atomically: the old content stays until the new one is on the disk.

    Symbolic links are followed. With `private`, no other user of this machine may read the file.

    Raises FileError that says what is wrong and what to do.
    """
    is_existing_file(path)
    named, path = path, Path(os.path.realpath(path))
    new: Path | None = None
    try:
        # In the same folder, so that the rename stays on one file system and is atomic.
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".new", dir=path.parent)
        new = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        if not private:  # mkstemp makes a private file
            new.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        new.replace(path)
        _fsync_folder(path.parent)
    except OSError as wrong:
        raise file_error(named, wrong) from wrong
    finally:
        if new is not None:
            new.unlink(missing_ok=True)


def is_existing_file(path: Path) -> bool:
    """True if `path` is an existing regular file, links followed; False if there is nothing. Raises FileError for a
    folder, a device or a pipe, which an atomic write would replace by a file."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as wrong:
        raise file_error(path, wrong) from wrong
    if stat.S_ISREG(mode):
        return True
    if stat.S_ISDIR(mode):
        raise FileError(msg("{path} is a folder.", path=str(path)), "Give the name of a file.")
    raise FileError(
        msg("{path} is not a file but a device or a pipe, so nothing was written.", path=str(path)),
        "Give the name of a file.",
    )


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _fsync_folder(folder: Path) -> None:
    """Flush the rename itself to the disk, where the system can open a folder."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_bounded(path: Path, max_bytes: int) -> bytes:
    """Read a file up to a limit of its size in bytes. Raises FileError if it is larger, or cannot be read."""
    try:
        with path.open("rb") as stream:
            body = stream.read(max_bytes + 1)
    except OSError as wrong:
        raise file_error(path, wrong, reading=True) from wrong
    if len(body) > max_bytes:
        raise FileError(
            msg("{file} is larger than {most} MB.", file=path.name, most=max_bytes // 1_000_000), "Choose another file."
        )
    return body


def file_error(path: Path, wrong: OSError, *, reading: bool = False) -> FileError:
    """The FileError that explains an OSError on `path`."""
    if not path.parent.is_dir():
        return FileError(
            msg("The folder {folder} does not exist.", folder=str(path.parent)), "Choose a folder that exists."
        )
    if is_open_elsewhere(wrong):
        return FileError(msg("{file} is open in another program.", file=path.name), "Close it there, then try again.")
    match wrong.errno:
        case errno.ENOENT:
            return FileError(
                msg("{file} is not there any more.", file=path.name),
                msg("Look for it in {folder}.", folder=str(path.parent)),
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return FileError(
                msg(
                    "{path} cannot be read: you have no right to."
                    if reading
                    else "{path} cannot be written: you have no right to.",
                    path=str(path),
                ),
                "Choose another folder, or change the rights of it.",
            )
        case errno.ENOSPC | errno.EDQUOT:
            return FileError(
                msg("The disk is full, so {file} was not written.", file=path.name),
                "Make room on the disk, or choose another one.",
            )
        case errno.EISDIR:
            return FileError(msg("{path} is a folder.", path=str(path)), "Give the name of a file.")
        case errno.ENAMETOOLONG:
            return FileError(msg("The name {file}… is too long.", file=path.name[:60]), "Choose a shorter name.")
    return FileError(
        msg(
            "{path} cannot be read: {why}." if reading else "{path} cannot be written: {why}.",
            path=str(path),
            why=cause(wrong),
        ),
        "Choose another file or folder.",
    )
