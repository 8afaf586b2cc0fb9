"""The database interface: the same statements and transactions on SQLite and on Postgres.

Statements are written for Postgres (`$1`, `= ANY($2)`, `FOR UPDATE`); the SQLite implementation translates them. Every
database error that a retry may cure is raised as the problem `unavailable` (503).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from syncserver.db.acknowledged_commits import CommitMarker

Row = Mapping[str, Any]
AnnouncementHandler = Callable[[str, str], None]
"""Called with channel and payload of news from other processes; ("", "") where some may have been missed."""

CHANNELS = ("news", "sessions")
"""`news`: accounts with new records, commas between. `sessions`: accounts whose sessions ended."""


class Connection(Protocol):
    """Runs statements; inside `Database.write`, all in one transaction."""

    async def row(self, statement: str, *values: Any) -> Row | None:
        """Returns the first row, or None."""
        ...

    async def rows(self, statement: str, *values: Any) -> Sequence[Row]:
        """Returns all rows."""
        ...

    async def run(self, statement: str, *values: Any) -> None:
        """Runs a statement that returns nothing."""
        ...

    async def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Runs a statement once for each of `rows`."""
        ...


class Database(Connection, Protocol):
    """An open database. Statements run directly on it, outside `write`, are transactions of their own."""

    on_postgres: bool

    def write(self) -> AbstractAsyncContextManager[Connection]:
        """Opens a transaction: committed at the end of the block, rolled back by an exception.

        On SQLite `BEGIN IMMEDIATE`: one writer at a time; on Postgres READ COMMITTED, so that a statement after a lock
        sees what the lock waited for.
        """
        ...

    async def commit_row(self, receipt: tuple[str, str], statement: str, *values: Any) -> Row | None:
        """Runs a writing statement in a transaction of its own; returns its first row, or None if it wrote nothing.

        The statement has to write the receipt of that account and key along with everything else.
        """
        ...

    def clock(self) -> float:
        """Seconds since 1970 by the database's clock, the same for every process."""
        ...

    async def listen(self, on_announcement: AnnouncementHandler) -> None:
        """Calls `on_announcement` from now on for what other processes (and this one) announce."""
        ...

    async def announce(self, channel: str, payload: str) -> None:
        """Sends a message to every process that listens. It may be lost; nothing correct depends on it."""
        ...

    def connection_counts(self) -> dict[str, float]:
        """Returns connection counts: `size`, `busy`, `waiting`, `limit`."""
        ...

    async def close(self) -> None:
        """Closes every connection, once running statements have ended."""
        ...


@dataclass(frozen=True, slots=True)
class PostgresIdentity:
    """Identifies the Postgres server that a connection leads to.

    `timeline` comes from the name of the log's file, which a promotion changes at once; `started` is the start of its
    postmaster.
    """

    system_identifier: str
    timeline: int
    started: float


class DatabaseGuard(Protocol):
    """Checks a Postgres server that differs from the one before, before it may serve."""

    async def verify(self, connection: Connection, identity: PostgresIdentity) -> CommitMarker:
        """Called in a transaction; returns a marker that it wrote. Nothing serves until it has succeeded."""
        ...

    async def on_verified(self, marker: CommitMarker) -> None:
        """Called after that transaction was committed."""
        ...

    async def check(self, connection: Connection) -> bool:
        """Called every few seconds; returns whether the processes' cached sessions may be out of date."""
        ...


async def fetch_one(connection: Connection, statement: str, *values: Any) -> Row:
    """Returns the first row; raises LookupError (a bug) if there is none."""
    row = await connection.row(statement, *values)
    if row is None:
        raise LookupError(f"no row for: {statement}")
    return row
