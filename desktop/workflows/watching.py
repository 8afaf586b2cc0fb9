"""Watching a folder for new exports; off unless the student turns it on.

Only names, sizes and times are read here. The caller reads each new file, and offers it if it is a timetable.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.errors import FileError
from desktop.domain.messages import msg
from desktop.workflows.files import file_error

if TYPE_CHECKING:  # without a window, the program checks for new files without loading the store
    from desktop.store import Store

_TARGET = "watched"
_MAX_BYTES = 10 * 1024 * 1024
_SETTLE_SECONDS = 2.0  # seconds since the last write after which a download counts as complete
_MAX_FILES = 5000


def start_watching(store: Store, folder: Path, now: datetime) -> None:
    """Start to watch `folder`; the files in it now do not count as new. Raises FileError, StorageError."""
    store.external_state.write(
        _TARGET, {name: mark for name, (mark, _) in _complete_pdfs(folder, now.timestamp()).items()}
    )


def new_files(store: Store, folder: Path, now: datetime) -> tuple[Path, ...]:
    """The PDFs added or changed since the last call, oldest first. An unfinished download is left for a later call.

    Each is returned once, whatever the caller does with it. Raises FileError if the folder no longer exists.
    """
    listed = _complete_pdfs(folder, now.timestamp())
    known = store.external_state.read(_TARGET)
    new = [(written, name) for name, (mark, written) in listed.items() if known.get(name) != mark]
    if new or known.keys() - listed.keys():
        store.external_state.write(_TARGET, {name: mark for name, (mark, _) in listed.items()})
    return tuple(folder / name for _, name in sorted(new))


def has_new_files(database: Path, folder: Path, now: datetime) -> bool:
    """True if a check would find a new file, for a program whose store is not open. False if anything is unreadable."""
    try:
        listed = _complete_pdfs(folder, now.timestamp())
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT id, body FROM ledger WHERE target = ?", (_TARGET,))
            known = {name: json.loads(body) for name, body in rows}
    except (FileError, sqlite3.Error, ValueError):
        return False
    return any(known.get(name) != mark for name, (mark, _) in listed.items())


def _complete_pdfs(folder: Path, now: float) -> dict[str, tuple[str, float]]:
    """The complete PDFs in a folder by name: a mark of size and time, and the time of the last write."""
    found = {}
    try:
        with os.scandir(folder) as entries:
            for count, entry in enumerate(entries):
                if count >= _MAX_FILES:
                    raise FileError(
                        msg("The folder {folder} holds more than {most} files.", folder=str(folder), most=_MAX_FILES),
                        "Choose a folder with fewer files to watch.",
                    )
                if not entry.name.lower().endswith(".pdf") or not entry.is_file():
                    continue
                status = entry.stat()
                if 0 < status.st_size <= _MAX_BYTES and abs(now - status.st_mtime) >= _SETTLE_SECONDS:
                    found[entry.name] = f"{status.st_size} {status.st_mtime_ns}", status.st_mtime
    except OSError as wrong:
        raise file_error(folder, wrong, reading=True) from wrong
    return found
