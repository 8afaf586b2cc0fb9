"""Records of an account: numbers, batches, receipts, pages of changes. No device ever misses one.

R5: a batch is numbered from the head that it reads under the lock on its account's row, in the transaction that writes;
readers take head and rows in one statement. So nothing is added later below a head that a reader has seen. R6: a
repeated batch gets the same answer again. R7: etags are compared for equality only. R8: cursors carry the epoch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from syncserver import wire
from syncserver.accounts.sessions import Session, session_ended
from syncserver.config import Config
from syncserver.db.database import Connection, Database, Row, fetch_one
from syncserver.errors import Problem
from syncserver.sync.change_notifier import ChangeNotifier

SELECT_HEAD = """
SELECT a.head, k.etag AS keyring, s.epoch FROM sessions t JOIN accounts a ON a.id = t.account
JOIN keyrings k ON k.account = a.id CROSS JOIN server s WHERE t.token = $1 AND t.account = $2"""

# The page's bytes are summed up before any blob is fetched.
CHANGES = """
SELECT a.head, a.gc_floor, s.epoch, m.last, r.id, r.etag, r.deleted, r.key, r.schema, r.blob, r.number
FROM sessions t JOIN accounts a ON a.id = t.account CROSS JOIN server s
LEFT JOIN (SELECT max(number) AS last FROM records WHERE account = $1) m ON true
LEFT JOIN (
    SELECT *, sum(length(blob)) OVER (ORDER BY number) - length(blob) AS ahead FROM records
    WHERE account = $1 AND number > $2 ORDER BY number LIMIT $3
) r ON r.ahead < $4
WHERE t.token = $5 AND t.account = $1 ORDER BY r.number"""

MANIFEST = """
SELECT a.head, s.epoch, r.id, r.etag, r.deleted, r.number FROM accounts a CROSS JOIN server s LEFT JOIN (
    SELECT id, etag, deleted, number FROM records WHERE account = $1 AND number > $2 ORDER BY number LIMIT $3
) r ON true WHERE a.id = $1 ORDER BY r.number"""

LOCK = "SELECT head FROM accounts WHERE id = $1 FOR UPDATE"

STATE = """
SELECT a.head AS at, a.records, a.bytes, s.epoch, t.account AS signed_in, q.fingerprint, q.before, q.head,
    r.id, r.etag, r.deleted, length(r.blob) AS size
FROM accounts a CROSS JOIN server s
LEFT JOIN sessions t ON t.token = $2 AND t.account = a.id
LEFT JOIN receipts q ON q.account = a.id AND q.key = $3
LEFT JOIN records r ON r.account = a.id AND r.id = ANY($4)
WHERE a.id = $1"""

CURRENT = "SELECT id, etag, deleted, key, schema, blob, number FROM records WHERE account = $1 AND id = ANY($2)"

PUSH = """
WITH given AS (
    SELECT id COLLATE "C" AS id, base COLLATE "C" AS base, etag, deleted, key, schema, blob, place
    FROM unnest($10::text[], $11::text[], $12::text[], $13::bool[], $14::text[], $15::int[], $16::bytea[])
        WITH ORDINALITY AS n (id, base, etag, deleted, key, schema, blob, place)
), seen AS (
    SELECT (SELECT head FROM accounts WHERE id = $1) AS head,
        count(*) FILTER (WHERE r.etag IS DISTINCT FROM g.base) AS conflicting,
        count(*) FILTER (WHERE NOT g.deleted) - count(*) FILTER (WHERE NOT r.deleted) AS records,
        count(*) FILTER (WHERE g.deleted) - count(*) FILTER (WHERE r.deleted) AS deletions,
        sum(length(g.blob)) - coalesce(sum(r.size), 0) AS bytes
    FROM given g LEFT JOIN LATERAL (
        SELECT etag, deleted, length(blob) AS size FROM records WHERE account = $1 AND id = g.id LIMIT 1
    ) r ON true
), locked AS (
    UPDATE accounts a SET head = a.head + $2, records = a.records + s.records, bytes = a.bytes + s.bytes, pushed = $3
    FROM seen s WHERE a.id = $1 AND a.head = s.head AND s.conflicting = 0
        AND (s.records + greatest(s.deletions, 0) <= 0 OR a.records + s.records
            + CASE WHEN a.head - a.records + $2 <= $17 THEN 0 ELSE greatest(
                s.deletions + (SELECT count(*) FROM records WHERE account = $1 AND deleted) - $17, 0) END <= $4)
        AND (s.bytes <= 0 OR a.bytes + s.bytes <= $5)
        AND EXISTS (SELECT 1 FROM sessions WHERE token = $6 AND account = $1)
        AND EXISTS (SELECT 1 FROM server WHERE epoch = $7)
        AND NOT EXISTS (SELECT 1 FROM receipts WHERE account = $1 AND key = $8)
    RETURNING a.id, s.head AS before
), put AS (
    INSERT INTO records (account, id, number, etag, deleted, key, schema, written, blob)
    SELECT l.id, g.id, l.before + g.place, g.etag, g.deleted, g.key, g.schema, $3, g.blob FROM locked l, given g
    ON CONFLICT (account, id) DO UPDATE SET number = excluded.number, etag = excluded.etag, deleted = excluded.deleted,
        key = excluded.key, schema = excluded.schema, written = excluded.written, blob = excluded.blob
), kept AS (
    INSERT INTO receipts (account, key, fingerprint, before, head, created)
    SELECT id, $8, $9, before, before + $2, $3 FROM locked
)
SELECT before FROM locked"""
"""On Postgres, a batch in one round trip: the head that it was numbered from, or nothing (and nothing written).

R5: what it builds on is read with a head, and it writes only where the head under the lock (Postgres looks at the row
again once it has it) is still that one: nobody wrote in between. Where it writes nothing, `STATE` says why. Deletions
are counted only where there can be too many: each row has a number of its own, none above the head.
"""

ADVANCE = "UPDATE accounts SET head = $2, records = records + $3, bytes = bytes + $4, pushed = $5 WHERE id = $1"
PUT = """
INSERT INTO records (account, id, number, etag, deleted, key, schema, written, blob)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (account, id) DO UPDATE SET number = excluded.number, etag = excluded.etag, deleted = excluded.deleted,
    key = excluded.key, schema = excluded.schema, written = excluded.written, blob = excluded.blob"""
RECEIPT = "INSERT INTO receipts (account, key, fingerprint, before, head, created) VALUES ($1, $2, $3, $4, $5, $6)"
"""ADVANCE, PUT and RECEIPT are the same on SQLite."""

UPDATE_CURSOR = """
UPDATE devices SET cursor = $3 WHERE account = $1 AND id = $2 AND cursor < $3
    AND EXISTS (SELECT 1 FROM server WHERE epoch = $4)"""

DELETIONS = "SELECT count(*) AS deletions FROM records WHERE account = $1 AND deleted"

CURSOR_LIMIT = 2**53
NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Push:
    """A pushed batch: its session, idempotency key, fingerprint, and contents."""

    session: Session
    key: str
    fingerprint: bytes
    batch: wire.Batch
    blobs: list[bytes]


@dataclass(frozen=True, slots=True)
class BatchEffect:
    """The effect of a batch on its account's row: head before and after, and what it adds."""

    before: int
    head: int
    records: int
    bytes: int


class Records:
    """Reads and writes the records of accounts."""

    def __init__(
        self, database: Database, config: Config, notifier: ChangeNotifier, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._max_records = config.account_records
        self._max_bytes = config.account_bytes
        self._uncounted_deletions = config.account_deletions
        self._notifier = notifier
        self._clock = clock
        self._cursors: dict[tuple[str, str], tuple[int, str]] = {}
        self.pushed = 0
        self.batches = {"written": 0, "replayed": 0, "conflict": 0}

    async def head(self, session: Session) -> wire.Head:
        """Returns the account's head; raises `session-ended`."""
        row = await self._database.row(SELECT_HEAD, session.token, session.account)
        if row is None:
            raise session_ended()
        return wire.Head(row["epoch"], row["head"], f"{row['epoch']}.{row['head']}", row["keyring"])

    async def changes(self, session: Session, cursor: str | None, limit: int) -> wire.Changes:
        """Returns a page of what was written after `cursor`; raises `gone`, `session-ended`."""
        epoch, number = parse_cursor(cursor)
        rows = await self._database.rows(CHANGES, session.account, number, limit, wire.PAGE_BYTES, session.token)
        if not rows:
            raise session_ended()
        first = rows[0]
        if cursor is not None:
            check_cursor(epoch, number, first)
            if number:
                self._cursors[session.account, session.device] = (number, epoch)
        records = [record_from_row(row) for row in rows if row["id"] is not None]
        last, head = first["last"] or 0, first["head"]
        more = bool(records) and records[-1].number < last
        upto = records[-1].number if more else head
        return wire.Changes(first["epoch"], head, f"{first['epoch']}.{upto}", more, records)

    async def manifest(self, session: Session, after: int = 0, limit: int | None = None) -> wire.Manifest:
        """Returns ids and etags of the records with a number above `after`, at most `limit` of them."""
        rows = await self._database.rows(MANIFEST, session.account, after, NO_LIMIT if limit is None else limit + 1)
        if not rows:
            raise session_ended()
        entries = [
            wire.ManifestEntry(row["id"], row["etag"], bool(row["deleted"]), row["number"])
            for row in rows
            if row["id"] is not None
        ]
        epoch, head = rows[0]["epoch"], rows[0]["head"]
        more = limit is not None and len(entries) > limit
        return wire.Manifest(epoch, head, f"{epoch}.{head}", entries[:limit] if more else entries, more)

    async def push(self, session: Session, key: str, body: bytes, batch: wire.Batch) -> wire.BatchAnswer:
        """Writes a batch atomically; raises `conflict`, `gone`, `key-reused`, `quota-exceeded`, `invalid`.

        If Postgres does not write it at once (a concurrent write, or a reason to refuse), it is tried again under the
        lock.
        """
        fingerprint = hashlib.blake2b(body, digest_size=16).digest()
        push = Push(session, key, fingerprint, batch, check_records(batch.records))
        before = None
        if self._database.on_postgres:
            receipt = (session.account, key)
            before = await self._try_single_statement(partial(self._database.commit_row, receipt), push)
        if before is None:
            async with self._database.write() as connection:
                await self._lock(connection, session)
                answer = await self._push_locked(connection, push)
        else:
            answer = batch_answer(batch, before, before + len(batch.records), batch.epoch)
        self._notifier.announce_change(session.account)
        return answer

    async def _try_single_statement(self, row_of: Callable[..., Awaitable[Row | None]], push: Push) -> int | None:
        """Returns the head that the batch was numbered from, or None if it was not written."""
        records = push.batch.records
        row = await row_of(
            PUSH,
            push.session.account,
            len(records),
            int(self._clock()),
            self._max_records,
            self._max_bytes,
            push.session.token,
            push.batch.epoch,
            push.key,
            push.fingerprint,
            [record.id for record in records],
            [record.base for record in records],
            [record.etag for record in records],
            [record.deleted for record in records],
            [record.key for record in records],
            [record.schema for record in records],
            push.blobs,
            self._uncounted_deletions,
        )
        if row is None:
            return None
        self.batches["written"] += 1
        self.pushed += len(records)
        before: int = row["before"]
        return before

    async def _lock(self, connection: Connection, session: Session) -> None:
        """Locks the account (R5), before anything is read; raises `session-ended`."""
        if await connection.row(LOCK, session.account) is None:
            raise session_ended()

    async def _push_locked(self, connection: Connection, push: Push) -> wire.BatchAnswer:
        """Plans and writes, under the lock."""
        batch, account = push.batch, push.session.account
        ids = [record.id for record in batch.records]
        state = await connection.rows(STATE, account, push.session.token, push.key, ids)
        if not state or state[0]["signed_in"] is None:
            raise session_ended()
        first = state[0]
        if first["fingerprint"] is not None:  # R6
            if first["fingerprint"] != push.fingerprint:
                raise Problem("key-reused")
            self.batches["replayed"] += 1
            return batch_answer(batch, first["before"], first["head"], first["epoch"])
        if first["epoch"] != batch.epoch:  # R8
            raise Problem("gone", "The server was restored.", reason="epoch", epoch=first["epoch"])
        current = {row["id"]: row for row in state if row["id"] is not None}
        conflicting = [record.id for record in batch.records if record.base != etag_of(current.get(record.id))]
        if conflicting:
            self.batches["conflict"] += 1
            raise await self._conflict_problem(connection, push, conflicting, first["at"])
        plan = await self._compute_effect(connection, first, push, current)
        if self._database.on_postgres:
            if (
                await self._try_single_statement(connection.row, push) is None
            ):  # the session or the epoch ended just now
                raise session_ended()
        else:
            await self._write(connection, push, plan)
            self.batches["written"] += 1
            self.pushed += len(ids)
        return batch_answer(batch, plan.before, plan.head, batch.epoch)

    async def _conflict_problem(self, connection: Connection, push: Push, conflicting: list[str], head: int) -> Problem:
        """Returns a 409 with the current rows of the conflicting records."""
        found = await connection.rows(CURRENT, push.session.account, conflicting)
        rows = {row["id"]: record_from_row(row) for row in found}
        return Problem(
            "conflict",
            f"{len(conflicting)} of {len(push.blobs)} records have another etag than the one this batch replaces.",
            epoch=push.batch.epoch,
            head=head,
            conflicts=[{"id": record, "current": rows.get(record)} for record in conflicting],
        )

    async def _compute_effect(
        self, connection: Connection, account: Row, push: Push, current: dict[str, Row]
    ) -> BatchEffect:
        """Computes what the batch adds to the account; raises `quota-exceeded` if that is growth beyond a quota."""
        live = sum(not record.deleted for record in push.batch.records)
        live -= sum(not row["deleted"] for row in current.values())
        size = sum(map(len, push.blobs)) - sum(row["size"] for row in current.values())
        deletions = sum(record.deleted for record in push.batch.records)
        deletions -= sum(bool(row["deleted"]) for row in current.values())
        if live + max(deletions, 0) > 0:
            used, after = account["records"], account["records"] + live
            if account["at"] - used + len(push.blobs) > self._uncounted_deletions:  # as in `PUSH`
                kept = (await fetch_one(connection, DELETIONS, push.session.account))[
                    "deletions"
                ] - self._uncounted_deletions
                used, after = used + max(kept, 0), after + max(kept + deletions, 0)
            if after > self._max_records:
                raise Problem("quota-exceeded", quota="records", limit=self._max_records, used=used)
        if size > 0 and account["bytes"] + size > self._max_bytes:
            raise Problem("quota-exceeded", quota="bytes", limit=self._max_bytes, used=account["bytes"])
        return BatchEffect(account["at"], account["at"] + len(push.blobs), live, size)

    async def _write(self, connection: Connection, push: Push, plan: BatchEffect) -> None:
        """Writes records, receipt and account on SQLite."""
        now, account = int(self._clock()), push.session.account
        await connection.run(ADVANCE, account, plan.head, plan.records, plan.bytes, now)
        rows = [
            (account, record.id, number, record.etag, record.deleted, record.key, record.schema, now, blob)
            for number, (record, blob) in enumerate(zip(push.batch.records, push.blobs, strict=True), plan.before + 1)
        ]
        await connection.run_many(PUT, rows)
        await connection.run(RECEIPT, account, push.key, push.fingerprint, plan.before, plan.head, now)

    async def store_cursors(self) -> None:
        """Stores the devices' cursors gathered from requests: losing one only keeps tombstones longer."""
        noted, self._cursors = self._cursors, {}
        if noted:
            rows = [(account, device, number, epoch) for (account, device), (number, epoch) in noted.items()]
            await self._database.run_many(UPDATE_CURSOR, rows)


def parse_cursor(cursor: str | None) -> tuple[str, int]:
    """Parses a cursor into epoch and number; raises `malformed`."""
    if cursor is None:
        return "", 0
    epoch, _, number = cursor.partition(".")
    if not wire.is_identifier(epoch) or not (number.isascii() and number.isdigit() and int(number[:17]) < CURSOR_LIMIT):
        raise Problem("malformed", "A cursor is an epoch and a number, a full stop between.")
    return epoch, int(number[:17])


def check_cursor(epoch: str, number: int, row: Row) -> None:
    """Raises `gone` if a cursor cannot be continued from (R8)."""
    if epoch != row["epoch"] or number > row["head"]:
        raise Problem("gone", "The server was restored.", reason="epoch", epoch=row["epoch"])
    if number < row["gc_floor"]:
        raise Problem("gone", "Old deletions were removed.", reason="gc", epoch=row["epoch"])


def check_records(records: Sequence[wire.NewRecord]) -> list[bytes]:
    """Checks what the wire types cannot express; returns the batch's blobs. Raises `invalid` and `record-too-large`."""
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
        if len(record.blob) > wire.base64url_length(wire.BLOB_BYTES):
            raise Problem("record-too-large", id=record.id, limit=wire.BLOB_BYTES)
        seen.add(record.id)
        blobs.append(wire.decode_base64url(record.blob, f"/records/{index}/blob"))
    return blobs


def etag_of(row: Row | None) -> str | None:
    """Returns a current row's etag; None if there is no row."""
    return None if row is None else row["etag"]


def batch_answer(batch: wire.Batch, before: int, head: int, epoch: str) -> wire.BatchAnswer:
    """Returns the answer to a written batch."""
    written = [wire.Written(record.id, before + 1 + index) for index, record in enumerate(batch.records)]
    return wire.BatchAnswer(epoch, before, head, f"{epoch}.{head}", written)


def record_from_row(row: Row) -> wire.Record:
    """Converts a row of `records` to its wire type."""
    return wire.Record(
        row["id"],
        row["etag"],
        bool(row["deleted"]),
        row["key"],
        row["schema"],
        wire.encode_base64url(row["blob"]),
        row["number"],
    )
