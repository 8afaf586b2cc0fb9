"""The port to the database: the same statements and transactions on SQLite and on Postgres.

Statements are written for Postgres (`$1`, `= ANY($2)`, `FOR UPDATE`); the SQLite gateway reads them its own way. Every
trouble of a database that a retry may cure comes out as the problem `unavailable` (503).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from syncserver.db.acknowledged_commits import CommitMarker

Row = Mapping[str, Any]
Heard = Callable[[str, str], None]
"""Called with channel and payload of news from other processes; ("", "") where some may have been missed."""

CHANNELS = ("news", "sessions")
"""`news`: accounts with new records, commas between. `sessions`: accounts whose sessions ended."""


class Connection(Protocol):
    """Runs statements; inside `Database.write`, all in one transaction."""

    async def row(self, statement: str, *values: Any) -> Row | None:
        """The first row, or None."""
        ...

    async def rows(self, statement: str, *values: Any) -> Sequence[Row]:
        """All rows."""
        ...

    async def run(self, statement: str, *values: Any) -> None:
        """Runs a statement for what it does."""
        ...

    async def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Runs a statement once for each of `rows`."""
        ...


class Database(Connection, Protocol):
    """A database that is open. Statements run here, outside `write`, stand alone."""

    on_postgres: bool

    def write(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction: committed at the end of the block, undone by an exception. On SQLite `BEGIN IMMEDIATE`: one
        writer at a time; on Postgres READ COMMITTED, so that a statement after a lock sees what the lock waited for."""
        ...

    async def commit_row(self, receipt: tuple[str, str], statement: str, *values: Any) -> Row | None:
        """The first row of a statement that writes by itself; None where it wrote nothing. What it writes, it does
        together with the receipt of that account and key."""
        ...

    def clock(self) -> float:
        """Seconds since 1970 by the database's clock, the same for every process."""
        ...

    async def listen(self, heard: Heard) -> None:
        """From now on tells `heard` what other processes (and this one) announce."""
        ...

    async def announce(self, channel: str, payload: str) -> None:
        """Tells every process that listens. May be lost; nothing correct depends on it."""
        ...

    def gauges(self) -> dict[str, float]:
        """Connections: `size`, `busy`, `waiting`, `limit`."""
        ...

    async def close(self) -> None:
        """Closes every connection, after what runs."""
        ...


@dataclass(frozen=True, slots=True)
class PostgresIdentity:
    """Which Postgres a connection leads to. `timeline` comes from the name of the log's file, which a promotion
    changes at once; `started` is when its postmaster did."""

    system_identifier: str
    timeline: int
    started: float


class Guard(Protocol):
    """What has to be seen to before a Postgres serves that is another one than before."""

    async def verify(self, connection: Connection, identity: PostgresIdentity) -> CommitMarker:
        """Called in a transaction; gives a marker that it wrote. Nothing serves until it has succeeded."""
        ...

    async def verified(self, marker: CommitMarker) -> None:
        """Called when that transaction was committed."""
        ...

    async def beat(self, connection: Connection) -> bool:
        """Called every few seconds; whether what processes remember of sessions may be out of date."""
        ...


async def one(connection: Connection, statement: str, *values: Any) -> Row:
    """The row that has to be there; LookupError, a fault of ours, where it is not."""
    row = await connection.row(statement, *values)
    if row is None:
        raise LookupError(f"no row for: {statement}")
    return row
