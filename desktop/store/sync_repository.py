"""The stored records as sync uses them: which are pending for the server, and what is known of the server's versions.

It implements `sync.repository.SyncRepository` without importing it, and decides nothing about merging or sending. An
act and its `pending` mark are written in one transaction (in `rows`), and so are a change from the server and the
cursor after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from desktop.domain.records.merge import HeldRecord, UnreadableRecord
from desktop.domain.records.records import Field, Stamp, canonical_json
from desktop.store import profile_metadata, rows
from desktop.store.copies import save_copy
from desktop.store.database import Database
from desktop.store.schema import aside, memos, records, steps


class StoreTransaction:
    """One write transaction for sync; made by `StoreSyncRepository.transaction` and valid only inside its block."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = rows.HeldRows(connection)

    def device(self) -> str:
        return profile_metadata.device(self._connection)

    def held(self, kind: str, key: str) -> HeldRecord | None:
        return self._rows.get(kind, key)

    def all_held(self) -> Iterable[HeldRecord]:
        return self._rows.all_held()

    def pending(self, limit: int) -> Sequence[HeldRecord]:
        query = (
            sa.select(records)
            .where(records.c.pending.is_not(None), records.c.refused.is_(None))
            .order_by(records.c.pending)
            .limit(limit)
        )
        return self._rows.all(query)

    def refused(self) -> Sequence[HeldRecord]:
        query = sa.select(records).where(records.c.refused.is_not(None)).order_by(records.c.kind, records.c.key)
        return self._rows.all(query)

    def counts(self) -> tuple[int, int]:
        self._rows.write()
        query = sa.select(records.c.live, sa.func.count()).group_by(records.c.live)
        found = {bool(live): number for live, number in self._connection.execute(query)}
        return found.get(True, 0), found.get(False, 0)

    def memo(self, name: str) -> str | None:
        return self._connection.execute(sa.select(memos.c.value).where(memos.c.name == name)).scalar_one_or_none()

    def set_asides(self) -> Sequence[UnreadableRecord]:
        found = self._connection.execute(sa.select(aside).order_by(aside.c.record_id))
        return [UnreadableRecord(**row._mapping) for row in found]  # noqa: SLF001 - a row's public mapping has this name

    def put(self, held: HeldRecord) -> None:
        record = held.record
        before = self._rows.get(record.kind, record.key)
        self._rows.keep(held)
        if before is not None and before.record is not record:
            for name, each in record.fields.items():
                if _reused(before.record.fields.get(name), each):
                    self._forget_steps(record.kind, record.key, name)

    def drop(self, kind: str, key: str) -> None:
        self._rows.drop(kind, key)
        self._forget_steps(kind, key)

    def _forget_steps(self, kind: str, key: str, field: str | None = None) -> None:
        """Removes the undo steps of a field, or of a whole record."""
        found = steps.delete().where(steps.c.kind == kind, steps.c.key == key)
        self._connection.execute(found if field is None else found.where(steps.c.field == field))

    def write(self) -> None:
        """Writes the buffered rows to the table; call it last, before the transaction ends."""
        self._rows.write()

    def next_stamp(self) -> Stamp:
        return profile_metadata.next_stamp(self._connection)

    def observe_counter(self, counter: int) -> None:
        profile_metadata.observe_counter(self._connection, counter)

    def renew_device(self) -> str:
        return profile_metadata.renew_device(self._connection)

    def set_memo(self, name: str, text: str | None) -> None:
        if text is None:
            self._connection.execute(memos.delete().where(memos.c.name == name))
        else:
            self._connection.execute(
                insert(memos).values(name=name, value=text).on_conflict_do_update(["name"], set_={"value": text})
            )

    def set_aside(self, item: UnreadableRecord) -> None:
        values = asdict(item)
        self._connection.execute(insert(aside).values(values).on_conflict_do_update(["record_id"], set_=values))

    def remove_aside(self, record_id: str) -> None:
        self._connection.execute(aside.delete().where(aside.c.record_id == record_id))


def _reused(mine: Field | None, new: Field) -> bool:
    """True if two different values have one stamp, since a copy of this profile set one of them."""
    if mine is None or mine is new or mine.stamp != new.stamp:
        return False
    return canonical_json(mine.value) != canonical_json(new.value)


class StoreSyncRepository:
    """The records of one database, for sync. Safe to use while another thread uses the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def transaction(self) -> Iterator[StoreTransaction]:
        with self._database.writing() as connection:
            transaction = StoreTransaction(connection)
            yield transaction
            transaction.write()

    def recovery_point(self, why: str) -> None:
        save_copy(self._database, why)
