"""Copies of the database in a folder beside it, made before a migration, before a large change, and on request.

A copy's file name has the time, the reason and a sequence number. Only the newest copies are kept; the number decides
which those are, since the clock may be set back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from desktop.domain.errors import FileError, cause
from desktop.domain.messages import msg
from desktop.private_files import make_private_folder

COPIES_FOLDER = "backups"
_MAX_COPIES = 10
_MOMENT = "%Y%m%d-%H%M%S-%f"
_NAME = re.compile(r"(\d{8}-\d{6}-\d{6})(?:\.(\d+))? (.*)\.sqlite3")


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """A copy of the database: `at` is in UTC, `why` the reason it was made, `number` 0 if the name has none."""

    path: Path
    at: datetime
    why: str
    number: int = 0


class Copyable(Protocol):
    """An open database that can be copied."""

    @property
    def path(self) -> Path: ...

    def copy_to(self, target: Path) -> None: ...


def save_copy(database: Copyable, why: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Path:
    """Writes a consistent copy of `database`. Raises StorageError (disk full) or FileError (no permission).

    `clock` gives the time that is shown.
    """
    folder = database.path.parent / COPIES_FOLDER
    try:
        make_private_folder(folder)
    except OSError as wrong:
        raise FileError(
            msg("The folder {folder} cannot be made: {why}.", folder=str(folder), why=cause(wrong)),
            "Check the rights of the profile folder.",
        ) from wrong
    reason = " ".join(re.sub(r"[^\w -]+", " ", why).split())[:80] or "copy"
    number = max((copy.number for copy in saved_copies(folder)), default=0) + 1
    target = folder / f"{clock():{_MOMENT}}.{number} {reason}.sqlite3"
    try:
        database.copy_to(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    for old in saved_copies(folder)[_MAX_COPIES:]:
        old.path.unlink(missing_ok=True)
    return target


def saved_copies(folder: Path) -> tuple[DatabaseCopy, ...]:
    """The copies in a folder, newest first."""
    found = []
    for path in sorted(folder.glob("*.sqlite3")) if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match:
            at = datetime.strptime(match[1], _MOMENT).replace(tzinfo=UTC)
            found.append(DatabaseCopy(path, at, match[3], int(match[2] or 0)))
    return tuple(sorted(found, key=lambda copy: (copy.number, copy.at), reverse=True))
