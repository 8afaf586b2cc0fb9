"""Repairs a damaged database: sets it aside, and makes a new one of all records that can be recovered.

Records are read from the readable parts of the damaged file and from the copies beside it. They are joined field by
field as in sync, so it does not matter which source has the newer value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import AppError, StorageError, cause
from desktop.domain.messages import msg
from desktop.domain.records.merge import HeldRecord, check_record, join
from desktop.domain.records.records import Record
from desktop.private_files import make_private_folder
from desktop.store.copies import COPIES_FOLDER, saved_copies
from desktop.store.database import set_aside
from desktop.store.documents import DOCUMENTS_FOLDER
from desktop.store.schema import unpack_record
from desktop.store.store import Store


@dataclass(frozen=True, slots=True)
class RepairResult:
    """The result of a repair: the new path of the damaged file, and the numbers of records recovered."""

    damaged: Path | None  # None if the file was missing
    from_damaged: int
    from_copies: int


def repair(path: Path) -> RepairResult:
    """Sets the damaged database at `path` aside, if it still exists, and makes a new one of what can be read.

    The sync state is lost, so everything is compared with the server again. Raises StorageError.
    """
    damaged = set_aside(path)
    found: dict[tuple[str, str], Record] = {}
    counts = []
    for sources in ([damaged] if damaged else [], [copy.path for copy in saved_copies(path.parent / COPIES_FOLDER)]):
        before = len(found)
        for source in sources:
            for record in _readable(source):
                found[record.name] = join(found[record.name], record) if record.name in found else record
        counts.append(len(found) - before)
    _keep_documents(path.parent, {str(record.get("pdf", "")) for record in found.values()})
    store = Store.open(path, is_new=True)
    try:
        with store.sync_repository.transaction() as transaction:
            for record in found.values():
                transaction.put(HeldRecord(record))
                transaction.observe_counter(record.stamp.counter)
    finally:
        store.close()
    return RepairResult(damaged, *counts)


def _keep_documents(profile: Path, known: set[str]) -> None:
    """Moves PDFs that no recovered record refers to into the folder of copies, where they are not removed as unused."""
    for path in (profile / DOCUMENTS_FOLDER).glob("*.pdf"):
        if path.stem not in known:
            kept = profile / COPIES_FOLDER / path.name
            try:
                make_private_folder(kept.parent)
                path.rename(kept)
            except OSError as wrong:
                raise StorageError(
                    msg("The kept document {path} cannot be set aside: {why}.", path=str(path), why=cause(wrong)),
                    "Check the rights of the profile folder.",
                ) from wrong


def _readable(path: Path) -> Iterator[Record]:
    """The readable records of a database in any state, read from both ends towards the damage in between."""
    seen: set[int] = set()
    for order in ("ASC", "DESC"):
        try:
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        except sqlite3.Error:
            return
        try:
            query = f"SELECT rowid, kind, key, fields FROM records ORDER BY rowid {order}"  # noqa: S608 - of two words
            for row, kind, key, fields in connection.execute(query):
                if row in seen:
                    break
                seen.add(row)
                try:
                    yield check_record(unpack_record(kind, key, fields))
                except (AppError, ValueError, TypeError, KeyError, AttributeError):
                    continue  # this one is damaged; the next may not be
        except sqlite3.Error:
            continue
        finally:
            connection.close()
