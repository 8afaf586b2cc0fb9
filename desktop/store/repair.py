"""A damaged database set aside, and all that can still be had of it brought back together.

It is looked for in what is still readable of the damaged file, and in the copies kept beside it. Records are
joined field by field as machines are joined, so it does not matter which source knows the newer value of what.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import AppError, StorageTrouble, cause
from desktop.domain.messages import msg
from desktop.domain.records.merge import Held, check, join
from desktop.domain.records.records import Record
from desktop.private_files import make_private_folder
from desktop.store.copies import FOLDER, saved_copies
from desktop.store.database import set_aside
from desktop.store.documents import DOCUMENTS
from desktop.store.schema import unpack_record
from desktop.store.store import Store


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair brought back: where the damaged file is now, and how many records came from it and from copies."""

    damaged: Path | None  # none where the file was gone
    from_damaged: int
    from_copies: int


def repair(path: Path) -> Repaired:
    """Set the damaged database at `path` aside, where it is still there, and make a new one of what can be read.

    Raises StorageTrouble.

    What was synced is not in step any more: everything is compared with the server again.
    """
    damaged = set_aside(path)
    found: dict[tuple[str, str], Record] = {}
    counts = []
    for sources in ([damaged] if damaged else [], [copy.path for copy in saved_copies(path.parent / FOLDER)]):
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
                transaction.put(Held(record))
                transaction.observe(record.stamp.counter)
    finally:
        store.close()
    return Repaired(damaged, *counts)


def _keep_documents(profile: Path, known: set[str]) -> None:
    """Moves the PDFs that nothing brought back knows of to a folder where they are not tidied away."""
    for path in (profile / DOCUMENTS).glob("*.pdf"):
        if path.stem not in known:
            kept = profile / FOLDER / path.name
            try:
                make_private_folder(kept.parent)
                path.rename(kept)
            except OSError as wrong:
                raise StorageTrouble(
                    msg("The kept document {path} cannot be set aside: {why}.", path=str(path), why=cause(wrong)),
                    "Check the rights of the profile folder.",
                ) from wrong


def _readable(path: Path) -> Iterator[Record]:
    """The records that can be read of a database in any state: from both ends, since damage is in between."""
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
                    yield check(unpack_record(kind, key, fields))
                except (AppError, ValueError, TypeError, KeyError, AttributeError):
                    continue  # this one is damaged; the next may not be
        except sqlite3.Error:
            continue
        finally:
            connection.close()
