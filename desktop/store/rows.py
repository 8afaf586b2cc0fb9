"""Reads and writes the rows of the `records` table, and marks them as pending for the server.

Statements are built once, with named parameters: a first sync runs them thousands of times, and building one costs
more than running it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from desktop.domain.records.merge import HeldRecord, SentVersion
from desktop.domain.records.records import Record
from desktop.store.schema import pack_fields, records, unpack_record

Name = tuple[str, str]

_named = (records.c.kind == sa.bindparam("kind"), records.c.key == sa.bindparam("key"))
_FIELDS = sa.select(records.c.fields).where(*_named)
_ROW = sa.select(records).where(*_named)
_DROP = records.delete().where(*_named)
# The condition lets SQLite use the end of the index of pending rows; without it, it would scan every record.
_LAST = sa.select(sa.func.coalesce(sa.func.max(records.c.pending), 0)).where(records.c.pending.is_not(None))

_upsert = insert(records)
_UPSERT = _upsert.on_conflict_do_update(
    ["kind", "key"], set_={column.name: _upsert.excluded[column.name] for column in records.c if not column.primary_key}
)
_ahead = _LAST.scalar_subquery() + 1
_acted = insert(records).values(
    {name: sa.bindparam(name) for name in ("kind", "key", "year", "live", "fields")} | {"pending": _ahead}
)
_ACTED = _acted.on_conflict_do_update(
    ["kind", "key"],
    set_={name: _acted.excluded[name] for name in ("year", "live", "fields")}
    | {
        "pending": sa.func.coalesce(sa.case((records.c.refused.is_(None), records.c.pending), else_=None), _ahead),
        "refused": None,
    },
)


def load(connection: sa.Connection, kind: str, key: str) -> Record | None:
    """The record of that name, even if it is deleted; None if there is none."""
    found = connection.execute(_FIELDS, {"kind": kind, "key": key}).scalar_one_or_none()
    return None if found is None else unpack_record(kind, key, found)


def store_changed(connection: sa.Connection, changed: Iterable[Record]) -> None:
    """Stores records that an act has changed, and marks them as pending, even those that the server refused before."""
    values = [_columns(record, pack_fields(record.fields)) for record in changed]
    if values:
        connection.execute(_ACTED, values)


def _columns(record: Record, fields: bytes) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "key": record.key,
        "year": record.year,
        "live": not record.is_deleted,
        "fields": fields,
    }


def held(row: sa.Row[Any]) -> HeldRecord:
    """A complete row of `records` as sync uses it."""
    return _known(row).held


@dataclass(frozen=True, slots=True)
class _CachedRow:
    """A cached row, with its place in the queue to the server, and the stored bytes of each version in it."""

    held: HeldRecord
    queue_place: int | None
    packed: tuple[tuple[Record, bytes], ...]

    def bytes_of(self, record: Record) -> bytes | None:
        return next((stored for version, stored in self.packed if version is record), None)


def _known(row: sa.Row[Any]) -> _CachedRow:
    """Unpacks a row. Versions with the same bytes become one object: most synced rows hold the same version twice."""
    versions: dict[bytes, Record] = {}

    def version(stored: bytes) -> Record:
        if stored not in versions:
            versions[stored] = unpack_record(row.kind, row.key, stored)
        return versions[stored]

    unpacked = HeldRecord(
        record=version(row.fields),
        pending=row.pending is not None,
        etag=row.etag,
        base=None if row.base is None else version(row.base),
        sent=None if row.sent is None else SentVersion(row.sent_etag, version(row.sent)),
        refused=row.refused,
    )
    return _CachedRow(unpacked, row.pending, tuple((record, stored) for stored, record in versions.items()))


class HeldRows:
    """A cache of the records for one write transaction of sync: each is read once, and all changes are written at once.

    Every read here sees the changes immediately; they are in the table only after `write`, with which the transaction
    must end. A first sync stores thousands of records, and one statement for all is many times as fast.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows: dict[Name, _CachedRow | None] = {}
        self._unwritten: dict[Name, dict[str, Any]] = {}
        self._last: int | None = None
        self._has_all = False  # True if every row was read, so that a name that is not cached has no row

    def get(self, kind: str, key: str) -> HeldRecord | None:
        """The record of that name, or None."""
        found = self._row(kind, key)
        return None if found is None else found.held

    def all_held(self) -> list[HeldRecord]:
        """All rows, in any order."""
        found = self.all(sa.select(records))
        self._has_all = True
        return found

    def all(self, query: sa.Select[Any]) -> list[HeldRecord]:
        """The rows found by a query of all columns of `records`, in the query's order."""
        self.write()
        found = []
        for row in self._connection.execute(query):
            name = (row.kind, row.key)
            known = self._rows.get(name)
            if known is None:
                known = self._rows[name] = _known(row)
            found.append(known.held)
        return found

    def keep(self, new: HeldRecord) -> None:
        """Stores exactly this for the record of its name; a record that was pending already keeps its queue place.

        Raises InvalidInput for a value that is not JSON.
        """
        record = new.record
        before = self._row(*record.name)
        place = None
        if new.pending:
            place = before.queue_place if before is not None else None
            place = self._next_place() if place is None else place
        packed: list[tuple[Record, bytes]] = []

        def stored(version: Record) -> bytes:
            known = next((each for one, each in packed if one is version), None)
            if known is None and before is not None:
                known = before.bytes_of(version)
            if known is None:
                known = pack_fields(version.fields)
            packed.append((version, known))
            return known

        self._unwritten[record.name] = {
            **_columns(record, stored(record)),
            "pending": place,
            "etag": new.etag,
            "base": None if new.base is None else stored(new.base),
            "sent_etag": None if new.sent is None else new.sent.etag,
            "sent": None if new.sent is None else stored(new.sent.record),
            "refused": new.refused,
        }
        self._rows[record.name] = _CachedRow(new, place, tuple(packed))

    def drop(self, kind: str, key: str) -> None:
        """Deletes the row of this record."""
        self._unwritten.pop((kind, key), None)
        self._rows[kind, key] = None
        self._connection.execute(_DROP, {"kind": kind, "key": key})

    def write(self) -> None:
        """Writes all buffered changes to the table."""
        if self._unwritten:
            self._connection.execute(_UPSERT, list(self._unwritten.values()))
            self._unwritten.clear()

    def _row(self, kind: str, key: str) -> _CachedRow | None:
        if (kind, key) not in self._rows:
            if self._has_all:
                return None
            row = self._connection.execute(_ROW, {"kind": kind, "key": key}).one_or_none()
            self._rows[kind, key] = None if row is None else _known(row)
        return self._rows[kind, key]

    def _next_place(self) -> int:
        if self._last is None:
            self._last = int(self._connection.execute(_LAST).scalar_one())
        self._last += 1
        return self._last
