"""Files and folders that no other user of this machine may read, whatever the umask. Windows profiles are private."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def make_private_folder(folder: Path) -> None:
    """Create the folder, for its owner alone, if it is missing. Raises OSError."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        make_private([folder])


def create_private_file(path: Path) -> BinaryIO:
    """Open an emptied or new file for writing, readable by its owner alone. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), FILE_MODE)
    if sys.platform != "win32":
        os.fchmod(handle, FILE_MODE)  # an existing file keeps its mode when it is opened
    return os.fdopen(handle, "wb")


def make_private(paths: Iterable[Path]) -> None:
    """Remove other users' permissions from these files, and from these folders with everything in them.

    Symbolic links are not followed. A file whose mode cannot be changed is skipped.
    """
    if os.name != "posix":
        return
    for path in paths:
        with suppress(OSError):
            if path.is_symlink():
                continue
            is_folder = path.is_dir()
            wanted = FOLDER_MODE if is_folder else FILE_MODE
            if path.stat().st_mode & 0o777 != wanted:
                path.chmod(wanted)
            if is_folder:
                make_private(list(path.iterdir()))
