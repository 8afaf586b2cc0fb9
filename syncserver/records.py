"""Hides how records are kept so that no device ever misses one: numbers, batches, receipts, pages of changes.

R5: a batch takes the lock on its account's row BEFORE it reads the head, and numbers from there, in the transaction
that writes; readers take head and rows in one statement. So below a head that a reader has seen nothing comes later.
R6: a batch that was answered is answered the same again. R7: etags are compared for equality only. R8: cursors carry
the epoch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from syncserver import wire
from syncserver.config import Config
from syncserver.database import Connection, Database, Row
from syncserver.errors import Problem
from syncserver.news import News
from syncserver.sessions import Session, ended

HEAD = """
SELECT a.head, k.etag AS keyring, s.epoch FROM accounts a JOIN keyrings k ON k.account = a.id CROSS JOIN server s
WHERE a.id = $1"""

# The page's bytes are summed up before any blob is fetched.
CHANGES = """
SELECT a.head, a.gc_floor, s.epoch, m.last, r.id, r.etag, r.deleted, r.key, r.schema, r.blob, r.number
FROM accounts a CROSS JOIN server s
LEFT JOIN (SELECT max(number) AS last FROM records WHERE account = $1) m ON true
LEFT JOIN (
    SELECT *, sum(length(blob)) OVER (ORDER BY number) - length(blob) AS ahead FROM records
    WHERE account = $1 AND number > $2 ORDER BY number LIMIT $3
) r ON r.ahead < $4
WHERE a.id = $1 ORDER BY r.number"""

MANIFEST = """
SELECT a.head, s.epoch, r.id, r.etag, r.deleted, r.number
FROM accounts a CROSS JOIN server s LEFT JOIN records r ON r.account = a.id WHERE a.id = $1 ORDER BY r.number"""

LOCK = "SELECT head, records, bytes FROM accounts WHERE id = $1 FOR UPDATE"
"""The first statement of every batch; nothing is read before it."""

STATE = """
SELECT s.epoch, t.account AS signed_in, q.fingerprint, q.before, q.head, r.id, r.etag, r.deleted, length(r.blob) AS size
FROM server s
LEFT JOIN sessions t ON t.token = $2 AND t.account = $1
LEFT JOIN receipts q ON q.account = $1 AND q.key = $3
LEFT JOIN records r ON r.account = $1 AND r.id = ANY($4)"""

CURRENT = "SELECT id, etag, deleted, key, schema, blob, number FROM records WHERE account = $1 AND id = ANY($2)"

PUT = """
INSERT INTO records (account, id, number, etag, deleted, key, schema, written, blob)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (account, id) DO UPDATE SET number = excluded.number, etag = excluded.etag, deleted = excluded.deleted,
    key = excluded.key, schema = excluded.schema, written = excluded.written, blob = excluded.blob"""
RECEIPT = "INSERT INTO receipts (account, key, fingerprint, before, head, created) VALUES ($1, $2, $3, $4, $5, $6)"
ADVANCE = "UPDATE accounts SET head = $2, records = $3, bytes = $4, pushed = $5 WHERE id = $1"

WRITE_AT_ONCE = """
WITH put AS (
    INSERT INTO records (account, id, number, etag, deleted, key, schema, written, blob)
    SELECT $1, n.id, n.number, n.etag, n.deleted, n.key, n.schema, $12, n.blob
    FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bool[], $6::text[], $7::int[], $8::bytea[])
        AS n (id, number, etag, deleted, key, schema, blob)
    ON CONFLICT (account, id) DO UPDATE SET number = excluded.number, etag = excluded.etag, deleted = excluded.deleted,
        key = excluded.key, schema = excluded.schema, written = excluded.written, blob = excluded.blob
), kept AS (
    INSERT INTO receipts (account, key, fingerprint, before, head, created) VALUES ($1, $9, $10, $11, $13, $12)
)
UPDATE accounts SET head = $13, records = $14, bytes = $15, pushed = $12 WHERE id = $1"""
"""PUT, RECEIPT and ADVANCE in one round trip, on Postgres."""

NOTE_CURSOR = """
UPDATE devices SET cursor = $3 WHERE account = $1 AND id = $2 AND cursor < $3
    AND EXISTS (SELECT 1 FROM server WHERE epoch = $4)"""

CURSOR_LIMIT = 2**53


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch will do to its account's row."""

    before: int
    head: int
    records: int
    bytes: int


class Records:
    """Reads and writes the records of accounts."""

    def __init__(self, database: Database, config: Config, news: News, clock: Callable[[], float]) -> None:
        self._database = database
        self._most_records = config.account_records
        self._most_bytes = config.account_bytes
        self._news = news
        self._clock = clock
        self._cursors: dict[tuple[str, str], tuple[int, str]] = {}
        self.pushed = 0
        self.batches = {"written": 0, "replayed": 0, "conflict": 0}

    async def head(self, session: Session) -> wire.Head:
        """Where the account stands."""
        row = await self._database.row(HEAD, session.account)
        if row is None:
            raise ended()
        return wire.Head(row["epoch"], row["head"], f"{row['epoch']}.{row['head']}", row["keyring"])

    async def changes(self, session: Session, cursor: str | None, limit: int) -> wire.Changes:
        """What was written after `cursor`, a page of it; raises `gone`."""
        epoch, number = parsed(cursor)
        rows = await self._database.rows(CHANGES, session.account, number, limit, wire.PAGE_BYTES)
        if not rows:
            raise ended()
        first = rows[0]
        if cursor is not None:
            check_cursor(epoch, number, first)
            if number:
                self._cursors[session.account, session.device] = (number, epoch)
        records = [record_of(row) for row in rows if row["id"] is not None]
        last, head = first["last"] or 0, first["head"]
        more = bool(records) and records[-1].number < last
        upto = records[-1].number if more else head
        return wire.Changes(first["epoch"], head, f"{first['epoch']}.{upto}", more, records)

    async def manifest(self, session: Session) -> wire.Manifest:
        """Every record's id and etag."""
        rows = await self._database.rows(MANIFEST, session.account)
        if not rows:
            raise ended()
        entries = [
            wire.ManifestEntry(row["id"], row["etag"], bool(row["deleted"]), row["number"])
            for row in rows
            if row["id"] is not None
        ]
        epoch, head = rows[0]["epoch"], rows[0]["head"]
        return wire.Manifest(epoch, head, f"{epoch}.{head}", entries)

    async def push(self, session: Session, key: str, body: bytes, batch: wire.Batch) -> wire.BatchAnswer:
        """Writes a batch, all or nothing; raises `conflict`, `gone`, `key-reused`, `quota-exceeded`, `invalid`."""
        blobs = checked(batch.records)
        fingerprint = hashlib.blake2b(body, digest_size=16).digest()
        async with self._database.write() as connection:
            account = await self._lock(connection, session)
            state = await connection.rows(
                STATE, session.account, session.token, key, [record.id for record in batch.records]
            )
            answer = replay(state[0], fingerprint, batch)
            if answer is not None:
                self.batches["replayed"] += 1
                return answer
            if state[0]["epoch"] != batch.epoch:
                raise Problem("gone", "The server was restored.", reason="epoch", epoch=state[0]["epoch"])
            current = {row["id"]: row for row in state if row["id"] is not None}
            await self._refuse_conflicts(connection, session, batch, current, account["head"])
            plan = self._planned(account, batch.records, blobs, current)
            await self._write(connection, session, (key, fingerprint), batch.records, blobs, plan)
        self.pushed += len(batch.records)
        self.batches["written"] += 1
        self._news.publish(session.account)
        return answer_of(batch, plan.before, plan.head)

    async def _lock(self, connection: Connection, session: Session) -> Row:
        row = await connection.row(LOCK, session.account)
        if row is None:
            raise ended()
        return row

    async def _refuse_conflicts(
        self, connection: Connection, session: Session, batch: wire.Batch, current: dict[str, Row], head: int
    ) -> None:
        conflicting = [
            record.id
            for record in batch.records
            if record.base != (current[record.id]["etag"] if record.id in current else None)
        ]
        if not conflicting:
            return
        self.batches["conflict"] += 1
        rows = {row["id"]: record_of(row) for row in await connection.rows(CURRENT, session.account, conflicting)}
        raise Problem(
            "conflict",
            f"{len(conflicting)} of {len(batch.records)} records have another etag than the one this batch replaces.",
            epoch=batch.epoch,
            head=head,
            conflicts=[{"id": record, "current": rows.get(record)} for record in conflicting],
        )

    def _planned(
        self, account: Row, records: Sequence[wire.NewRecord], blobs: Sequence[bytes], current: dict[str, Row]
    ) -> Plan:
        live = account["records"] + sum(not record.deleted for record in records)
        live -= sum(not row["deleted"] for row in current.values())
        size = account["bytes"] + sum(map(len, blobs)) - sum(row["size"] for row in current.values())
        for quota, limit, used, after in (
            ("records", self._most_records, account["records"], live),
            ("bytes", self._most_bytes, account["bytes"], size),
        ):
            if after > limit and after > used:
                raise Problem("quota-exceeded", quota=quota, limit=limit, used=used)
        return Plan(account["head"], account["head"] + len(records), live, size)

    async def _write(
        self,
        connection: Connection,
        session: Session,
        receipt: tuple[str, bytes],
        records: Sequence[wire.NewRecord],
        blobs: Sequence[bytes],
        plan: Plan,
    ) -> None:
        now, account = int(self._clock()), session.account
        numbers = range(plan.before + 1, plan.head + 1)
        if self._database.on_postgres:
            await connection.run(
                WRITE_AT_ONCE,
                account,
                [record.id for record in records],
                numbers,
                [record.etag for record in records],
                [record.deleted for record in records],
                [record.key for record in records],
                [record.schema for record in records],
                blobs,
                *receipt,
                plan.before,
                now,
                plan.head,
                plan.records,
                plan.bytes,
            )
            return
        rows = [
            (account, record.id, number, record.etag, record.deleted, record.key, record.schema, now, blob)
            for record, number, blob in zip(records, numbers, blobs, strict=True)
        ]
        await connection.run_many(PUT, rows)
        await connection.run(RECEIPT, account, *receipt, plan.before, plan.head, now)
        await connection.run(ADVANCE, account, plan.head, plan.records, plan.bytes, now)

    async def note_cursors(self) -> None:
        """Writes down how far devices are, gathered from their requests: a lost note only keeps tombstones longer."""
        noted, self._cursors = self._cursors, {}
        if noted:
            rows = [(account, device, number, epoch) for (account, device), (number, epoch) in noted.items()]
            await self._database.run_many(NOTE_CURSOR, rows)


def parsed(cursor: str | None) -> tuple[str, int]:
    """Epoch and number of a cursor; raises `malformed`."""
    if cursor is None:
        return "", 0
    epoch, _, number = cursor.partition(".")
    if not wire.is_identifier(epoch) or not (number.isascii() and number.isdigit() and int(number[:17]) < CURSOR_LIMIT):
        raise Problem("malformed", "A cursor is an epoch and a number, a full stop between.")
    return epoch, int(number[:17])


def check_cursor(epoch: str, number: int, row: Row) -> None:
    """R8: raises `gone` where a cursor cannot be continued from."""
    if epoch != row["epoch"] or number > row["head"]:
        raise Problem("gone", "The server was restored.", reason="epoch", epoch=row["epoch"])
    if number < row["gc_floor"]:
        raise Problem("gone", "Old deletions were removed.", reason="gc", epoch=row["epoch"])


def checked(records: Sequence[wire.NewRecord]) -> list[bytes]:
    """The blobs of a batch, with what types cannot say checked; raises `invalid` and `record-too-large`."""
    blobs = []
    seen = set()
    for index, record in enumerate(records):
        if record.id in seen:
            raise Problem(
                "invalid",
                "No id twice.",
                errors=[{"pointer": f"/records/{index}/id", "detail": "this id was here before"}],
            )
        if record.etag == record.base:
            raise Problem(
                "invalid",
                "A new version has a new etag.",
                errors=[{"pointer": f"/records/{index}/etag", "detail": "the same as base"}],
            )
        if len(record.blob) > wire.characters(wire.BLOB_BYTES):
            raise Problem("record-too-large", id=record.id, limit=wire.BLOB_BYTES)
        seen.add(record.id)
        blobs.append(wire.binary(record.blob, f"/records/{index}/blob"))
    return blobs


def replay(state: Row, fingerprint: bytes, batch: wire.Batch) -> wire.BatchAnswer | None:
    """R6: the answer that this key got before, if any; raises `session-ended` and `key-reused`."""
    if state["signed_in"] is None:
        raise ended()
    if state["fingerprint"] is None:
        return None
    if state["fingerprint"] != fingerprint:
        raise Problem("key-reused")
    return answer_of(batch, state["before"], state["head"], state["epoch"])


def answer_of(batch: wire.Batch, before: int, head: int, epoch: str = "") -> wire.BatchAnswer:
    """What a batch that was written is answered."""
    epoch = epoch or batch.epoch
    written = [wire.Written(record.id, before + 1 + index) for index, record in enumerate(batch.records)]
    return wire.BatchAnswer(epoch, before, head, f"{epoch}.{head}", written)


def record_of(row: Row) -> wire.Record:
    """A row of `records` as the wire says it."""
    return wire.Record(
        row["id"], row["etag"], bool(row["deleted"]), row["key"], row["schema"], wire.text(row["blob"]), row["number"]
    )
