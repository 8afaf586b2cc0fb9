"""Hides which database there is: the same statements and transactions on SQLite and on Postgres.

Statements are written for Postgres (`$1`, `= ANY($2)`, `FOR UPDATE`); the SQLite gateway reads them its own way. Every
trouble of a database that a retry may cure comes out as the problem `unavailable` (503).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

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


async def one(connection: Connection, statement: str, *values: Any) -> Row:
    """The row that has to be there; LookupError, a fault of ours, where it is not."""
    row = await connection.row(statement, *values)
    if row is None:
        raise LookupError(f"no row for: {statement}")
    return row
