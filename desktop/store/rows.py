"""The rows of records: loaded, kept, marked for the server. Hides the columns; decides nothing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from desktop.domain.merge import Held, Sent
from desktop.domain.records import Record
from desktop.store.schema import pack_fields, records, unpack_record

_upsert = insert(records)
_UPSERT = _upsert.on_conflict_do_update(
    ["kind", "key"], set_={column.name: _upsert.excluded[column.name] for column in records.c if not column.primary_key}
)


def load(connection: sa.Connection, kind: str, key: str) -> Record | None:
    """The record of that name, deleted or not."""
    found = connection.execute(
        sa.select(records.c.fields).where(records.c.kind == kind, records.c.key == key)
    ).scalar_one_or_none()
    return None if found is None else unpack_record(kind, key, found)


def keep_acted(connection: sa.Connection, record: Record) -> None:
    """Keep a record that an act has set fields of: it is to go to the server, also if that refused it before."""
    values = _columns(record)
    waiting = sa.case((records.c.refused.is_(None), records.c.pending), else_=None)
    ahead = _next_pending()
    connection.execute(
        insert(records)
        .values(kind=record.kind, key=record.key, pending=ahead, **values)
        .on_conflict_do_update(
            ["kind", "key"], set_={**values, "pending": sa.func.coalesce(waiting, ahead), "refused": None}
        )
    )


def _next_pending() -> sa.ScalarSelect[int]:
    return sa.select(sa.func.coalesce(sa.func.max(records.c.pending), 0) + 1).scalar_subquery()


def _columns(record: Record) -> dict[str, Any]:
    return {"year": record.year, "live": not record.is_deleted, "fields": pack_fields(record.fields)}


def held(row: sa.Row[Any]) -> Held:
    """A whole row of `records` as sync sees it."""
    return Held(
        record=unpack_record(row.kind, row.key, row.fields),
        pending=row.pending is not None,
        etag=row.etag,
        base=None if row.base is None else unpack_record(row.kind, row.key, row.base),
        sent=None if row.sent is None else Sent(row.sent_etag, unpack_record(row.kind, row.key, row.sent)),
        refused=row.refused,
    )


def keep_held(connection: sa.Connection, new: Held) -> None:
    """Keep exactly this for the record of its name; one that was waiting already keeps its place in the queue."""
    record = new.record
    place = None
    if new.pending:
        mine = sa.select(records.c.pending).where(records.c.kind == record.kind, records.c.key == record.key)
        place = connection.execute(sa.select(sa.func.coalesce(mine.scalar_subquery(), _next_pending()))).scalar_one()
    connection.execute(
        _UPSERT,
        {
            "kind": record.kind,
            "key": record.key,
            "pending": place,
            "etag": new.etag,
            "base": None if new.base is None else pack_fields(new.base.fields),
            "sent_etag": None if new.sent is None else new.sent.etag,
            "sent": None if new.sent is None else pack_fields(new.sent.record.fields),
            "refused": new.refused,
            **_columns(record),
        },
    )
