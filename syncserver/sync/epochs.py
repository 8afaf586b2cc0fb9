"""Hides when the database is another one than before (R8): a restored backup, or a Postgres that went back in time.

A new epoch makes every device look at everything again. Sessions end and published calendars are dropped with it,
because what was revoked since the backup would be back otherwise; clients sign in and publish again by themselves.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

import structlog

from syncserver import wire
from syncserver.db.database import Connection, Database, one

log = structlog.get_logger()

IDENTITY = """
SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier,
    ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int AS timeline"""
SERVER = "SELECT epoch, secret, system_identifier, timeline FROM server"
SERVER_LOCKED = SERVER + " FOR UPDATE"
FOUND = """
INSERT INTO server (id, epoch, secret, system_identifier, timeline, created) VALUES (1, $1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING"""
NEW_EPOCH = "UPDATE server SET epoch = $1, system_identifier = $2, timeline = $3"
AFTERWARDS = ("DELETE FROM sessions", "DELETE FROM feeds", "UPDATE devices SET cursor = 0")


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """What the database says of itself."""

    epoch: str
    secret: bytes


async def identity(connection: Connection, on_postgres: bool) -> tuple[str, int]:
    """Which Postgres this is, and on which timeline (from the log's file name: it is there the moment a replica is
    promoted); ("", 0) on SQLite, which has neither."""
    if not on_postgres:
        return "", 0
    row = await one(connection, IDENTITY)
    return row["system_identifier"], row["timeline"]


async def begin_epoch(connection: Connection, on_postgres: bool) -> str:
    """Makes a new epoch, ends all sessions and drops all calendars, in the transaction of `connection`; gives it."""
    epoch = wire.text(secrets.token_bytes(16))
    await connection.run(NEW_EPOCH, epoch, *await identity(connection, on_postgres))
    for statement in AFTERWARDS:
        await connection.run(statement)
    return epoch


async def open_epoch(database: Database) -> ServerIdentity:
    """The epoch of the database: made for an empty one, changed where the database is not the one it was."""
    async with database.write() as connection:
        here = await identity(connection, database.on_postgres)
        epoch, secret = wire.text(secrets.token_bytes(16)), secrets.token_bytes(32)
        await connection.run(FOUND, epoch, secret, *here, int(time.time()))
        row = await one(connection, SERVER_LOCKED)
        epoch = row["epoch"]
        if (row["system_identifier"], row["timeline"]) != here:
            epoch = await begin_epoch(connection, database.on_postgres)
            log.warning("new epoch", reason="the database is not the one it was", was=row["timeline"], now=here[1])
        return ServerIdentity(epoch, bytes(row["secret"]))
