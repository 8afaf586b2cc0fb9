"""Epochs: detects that the database is not the one it was, or lost commits, and begins a new epoch (R8).

If Postgres is another server than before (a promoted replica, a restored backup) and has every commit that a client was
told of, nothing happens. If it lost one, or that is unknown, a new epoch begins: every device compares everything
again. Sessions end and published calendars are dropped, because those revoked since would otherwise be back; clients
sign in and publish again by themselves.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from syncserver import wire
from syncserver.accounts import deletion_ledger
from syncserver.db.acknowledged_commits import AcknowledgedCommits, CommitMarker
from syncserver.db.database import Connection, Database, PostgresIdentity, fetch_one
from syncserver.db.migrations import MIN_COMPATIBLE

log = structlog.get_logger()

WAIT_FOR_OTHERS_SECONDS = 30.0
LEDGER_READ_TIMEOUT_SECONDS = 2.0

IDENTITY = """
SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier,
    ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int AS timeline"""
SERVER = "SELECT epoch, secret, system_identifier, timeline FROM server"
SERVER_LOCKED = SERVER + " FOR UPDATE"
SELECT_EPOCH = "SELECT epoch FROM server"
INSERT_SERVER = """
INSERT INTO server (id, epoch, secret, system_identifier, timeline, created, min_compatible)
VALUES (1, $1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"""
UPDATE_SERVER_IDENTITY = "UPDATE server SET system_identifier = $1, timeline = $2"
NEW_EPOCH = "UPDATE server SET epoch = $1, system_identifier = $2, timeline = $3"
NEW_EPOCH_STATEMENTS = ("DELETE FROM sessions", "DELETE FROM feeds", "UPDATE devices SET cursor = 0")
SESSIONS_ENDED = "SELECT pg_notify('sessions', '')"

# A receipt is deleted with its account; that deletion is later in the log than every batch of the account.
COUNT_MISSING = """
SELECT count(*) AS missing FROM (
    SELECT account COLLATE "C" AS account, key COLLATE "C" AS key
    FROM unnest($1::text[], $2::text[]) AS given (account, key)
) AS n WHERE CASE WHEN account = '' THEN NOT EXISTS (SELECT 1 FROM commit_markers WHERE marker = n.key)
    ELSE NOT EXISTS (SELECT 1 FROM receipts r WHERE r.account = n.account AND r.key = n.key)
        AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.account = sha256(convert_to(n.account, 'UTF8'))) END"""
INSERT_MARKER = "INSERT INTO commit_markers (marker, created) VALUES ($1, $2)"

ADD_DELETION = "INSERT INTO deletions (account, deleted) VALUES ($1, $2) ON CONFLICT DO NOTHING"
DELETIONS = "SELECT account FROM deletions"
ACCOUNTS = "SELECT id FROM accounts"
DELETE_ACCOUNT = "DELETE FROM accounts WHERE id = $1"


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """The epoch and the secret stored in the database."""

    epoch: str
    secret: bytes


async def read_postgres_identity(connection: Connection, on_postgres: bool) -> tuple[str, int]:
    """Returns Postgres' system identifier and timeline; ("", 0) on SQLite, which has neither."""
    if not on_postgres:
        return "", 0
    row = await fetch_one(connection, IDENTITY)
    return row["system_identifier"], row["timeline"]


async def begin_epoch(connection: Connection, on_postgres: bool, deletions: Mapping[bytes, int] | None = None) -> str:
    """Begins a new epoch, in the transaction of `connection`; returns it.

    All sessions end and all calendars are dropped. Accounts recorded as deleted in the database or in `deletions`
    (fingerprint to time) are deleted again.
    """
    epoch = wire.encode_base64url(secrets.token_bytes(16))
    await connection.run(NEW_EPOCH, epoch, *await read_postgres_identity(connection, on_postgres))
    for statement in NEW_EPOCH_STATEMENTS:
        await connection.run(statement)
    await repeat_deletions(connection, deletions or {})
    if on_postgres:
        await connection.run(SESSIONS_ENDED)
    return epoch


async def repeat_deletions(connection: Connection, deletions: Mapping[bytes, int]) -> int:
    """Deletes the accounts whose deletion is in the table or in `deletions`; returns how many there were."""
    await connection.run_many(ADD_DELETION, list(deletions.items()))
    deleted = {bytes(row["account"]) for row in await connection.rows(DELETIONS)}
    accounts = [row["id"] for row in await connection.rows(ACCOUNTS)] if deleted else []
    back = [(account,) for account in accounts if deletion_ledger.fingerprint(account) in deleted]
    await connection.run_many(DELETE_ACCOUNT, back)
    return len(back)


async def load_server_identity(database: Database) -> ServerIdentity:
    """Returns the epoch of the database; creates one for an empty database.

    On Postgres an `EpochGuard` has checked it before the database was opened.
    """
    async with database.write() as connection:
        await _create_server_row(connection, await read_postgres_identity(connection, database.on_postgres))
        row = await fetch_one(connection, SERVER)
        return ServerIdentity(row["epoch"], bytes(row["secret"]))


async def _create_server_row(connection: Connection, here: tuple[str, int]) -> None:
    epoch, secret = wire.encode_base64url(secrets.token_bytes(16)), secrets.token_bytes(32)
    await connection.run(INSERT_SERVER, epoch, secret, *here, int(time.time()), MIN_COMPATIBLE)


class EpochGuard:
    """Checks, before another Postgres serves, that it has everything acknowledged; begins an epoch if not."""

    def __init__(self, ledger: Path, commits: AcknowledgedCommits) -> None:
        self._ledger = ledger
        self._commits = commits
        self._epoch = ""
        self._server = ""
        self._verified_epoch = ""
        self._ledger_applied = False
        self._ledger_error = ""
        self._marker_sequence = 0
        self.timeline = 0
        self.epoch_changes = 0  # how often another epoch was found or begun while this process ran

    async def verify(self, connection: Connection, identity: PostgresIdentity) -> CommitMarker:
        """Begins a new epoch unless everything acknowledged is there; in the transaction of `connection`."""
        current = (identity.system_identifier, identity.timeline)
        self.timeline = identity.timeline
        await _create_server_row(connection, current)
        row = await fetch_one(connection, SERVER)
        self._server = hashlib.sha256(row["secret"]).hexdigest()[:16]
        last = self._commits.last_acknowledged(self._server)
        if last is None:
            await self._wait_for_others(connection, current)
        row = await fetch_one(connection, SERVER_LOCKED)
        was = (row["system_identifier"], row["timeline"])
        if last is None:
            reason = "" if was == current else "the database changed, and the last acknowledged commits are unknown"
        else:
            missing = await self._count_missing(connection, last)
            # If another process has already begun a new epoch for this, one is enough.
            begun = self._epoch not in ("", row["epoch"])
            reason = "acknowledged commits are missing" if missing and not begun else ""
        deletions = await self._read_deletions()
        self._verified_epoch = row["epoch"]
        if reason:
            self._verified_epoch = await begin_epoch(connection, True, deletions)
            log.warning("new epoch", reason=reason, was=was[1], now=current[1])
        elif was != current:
            await connection.run(UPDATE_SERVER_IDENTITY, *current)
            log.warning("the database changed, and has every acknowledged commit", was=was[1], now=current[1])
        if deletions and not reason:
            await repeat_deletions(connection, deletions)
        return await self._write_marker(connection)

    async def on_verified(self, marker: CommitMarker) -> None:
        """Called once that transaction is committed: from here on `marker` stands for everything before it."""
        self._record_epoch(self._verified_epoch)
        self._commits.start_from(self._server, marker, self._marker_sequence)

    async def check(self, connection: Connection) -> bool:
        """Returns whether another epoch began in the meantime (an operator restored a backup)."""
        epoch = str((await fetch_one(connection, SELECT_EPOCH))["epoch"])
        if epoch == self._epoch and self._ledger_applied:
            return False
        deletions = await self._read_deletions()
        if deletions:
            await repeat_deletions(connection, deletions)
        changed = self._record_epoch(epoch)
        if changed:  # what was acknowledged before is not in what was restored
            marker = await self._write_marker(connection)
            self._commits.start_from(self._server, marker, self._marker_sequence)
        return changed

    async def _write_marker(self, connection: Connection) -> CommitMarker:
        marker, self._marker_sequence = CommitMarker.new(), self._commits.next_sequence()
        await connection.run(INSERT_MARKER, marker.key, int(time.time()))
        return marker

    def _record_epoch(self, epoch: str) -> bool:
        """Remembers the epoch; returns whether it differs from the one before."""
        changed = self._epoch not in ("", epoch)
        self.epoch_changes += changed
        self._epoch = epoch
        return changed

    async def _wait_for_others(self, connection: Connection, here: tuple[str, int]) -> None:
        """Gives processes that know the acknowledged commits the time to confirm that nothing is missing."""
        deadline = time.monotonic() + WAIT_FOR_OTHERS_SECONDS
        while time.monotonic() < deadline:
            row = await fetch_one(connection, SERVER)
            if (row["system_identifier"], row["timeline"]) == here:
                return
            await asyncio.sleep(0.2)

    @staticmethod
    async def _count_missing(connection: Connection, markers: Collection[CommitMarker]) -> int:
        listed = list(markers)
        row = await fetch_one(
            connection, COUNT_MISSING, [marker.account for marker in listed], [marker.key for marker in listed]
        )
        return int(row["missing"])

    async def _read_deletions(self) -> dict[bytes, int]:
        """Reads the deletion ledger; returns nothing, for now, if it cannot be read."""
        self._ledger_applied = False
        try:
            async with asyncio.timeout(LEDGER_READ_TIMEOUT_SECONDS):
                deletions = await asyncio.to_thread(deletion_ledger.read, self._ledger)
        except (OSError, deletion_ledger.DamagedLedgerError) as error:
            if str(error) != self._ledger_error:
                log.warning("deletion ledger unreadable", file=str(self._ledger), error=str(error))
            self._ledger_error = str(error)
            return {}
        self._ledger_applied, self._ledger_error = True, ""
        return deletions
