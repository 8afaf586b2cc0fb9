"""SQLite: one writing connection and a few reading ones; statements written for Postgres are translated.

WAL, so that readers never wait for the writer; `synchronous=FULL`, so that an acknowledged batch survives a power
failure; `BEGIN IMMEDIATE`, so that a transaction holds the only write lock before it reads anything (R5).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiosqlite

from syncserver.db.database import AnnouncementHandler, Connection, Row
from syncserver.errors import ConfigurationError, Problem, unavailable

READER_COUNT = 4


@lru_cache(maxsize=512)
def translate_statement(statement: str) -> str:
    """Translates a Postgres statement for SQLite. Lists become JSON, and the single writer needs no row locks."""
    statement = re.sub(r"= ANY\(\$(\d+)\)", r"IN (SELECT value FROM json_each($\1))", statement)
    statement = re.sub(r"\bFOR UPDATE( SKIP LOCKED)?\b", "", statement)
    return re.sub(r"\$(\d+)(::\w+)?", r"?\1", statement)


def bind_values(values: Sequence[Any]) -> list[Any]:
    """Converts values for binding by SQLite."""
    return [json.dumps(value) if isinstance(value, list) else value for value in values]


def to_problem(error: sqlite3.Error) -> Problem | None:
    """Returns the problem to answer for `error`, or None if it is a bug."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return unavailable("The database is busy.")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return unavailable("The database's disk is full or unavailable.", 10)
    if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
        return unavailable("Two requests conflicted in the database.", 1)
    return None


@contextlib.contextmanager
def translate_errors() -> Any:
    """Turns SQLite's errors inside the block into problems."""
    try:
        yield
    except sqlite3.Error as error:
        problem = to_problem(error)
        if problem is None:
            raise
        raise problem from error


def create_file(path: Path) -> None:
    """Creates the file and its folder, accessible to their owner only; raises `ConfigurationError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(0o600, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"The database {path} cannot be created: {error.strerror}.") from error


class SqliteConnection:
    """Runs statements on one connection."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection

    async def row(self, statement: str, *values: Any) -> Row | None:
        rows = await self.rows(statement, *values)
        return rows[0] if rows else None

    async def rows(self, statement: str, *values: Any) -> Sequence[Row]:
        return list(await self.connection.execute_fetchall(translate_statement(statement), bind_values(values)))  # type: ignore[arg-type]

    async def run(self, statement: str, *values: Any) -> None:
        await self.rows(statement, *values)

    async def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        cursor = await self.connection.executemany(translate_statement(statement), [bind_values(row) for row in rows])
        await cursor.close()


class Sqlite:
    """A SQLite database file, opened by this process."""

    on_postgres = False

    def __init__(self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection], seconds: float) -> None:
        self._writer = writer
        self._lock = asyncio.Lock()
        self._lock_seconds = seconds
        self._waiting = 0
        self._readers = readers
        self._idle_readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle_readers.put_nowait(reader)
        self._on_announcement: AnnouncementHandler | None = None

    @classmethod
    async def connect(cls, path: Path, lock_seconds: float) -> Sqlite:
        """Opens the file at `path`, created if missing, readable by its owner only."""
        create_file(path)
        async with contextlib.AsyncExitStack() as opened:
            with translate_errors():
                connections = [await cls._open(opened, path, lock_seconds) for _ in range(READER_COUNT + 1)]
            opened.pop_all()  # all of them are open: close() ends them now
        return cls(connections[0], connections[1:], lock_seconds)

    @staticmethod
    async def _open(opened: contextlib.AsyncExitStack, path: Path, lock_seconds: float) -> aiosqlite.Connection:
        connection = await opened.enter_async_context(
            aiosqlite.connect(path, isolation_level=None, timeout=lock_seconds)
        )
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY"):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        return connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        await self._acquire_write_lock()
        try:
            with translate_errors():
                await self._writer.execute_fetchall("BEGIN IMMEDIATE")
                try:
                    yield SqliteConnection(self._writer)
                except BaseException:
                    await asyncio.shield(self._roll_back())
                    raise
                await asyncio.shield(self._commit())
        finally:
            self._lock.release()

    async def _acquire_write_lock(self) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(self._lock_seconds + 3):
                await self._lock.acquire()
        except TimeoutError as error:
            raise unavailable("The database is busy.") from error
        finally:
            self._waiting -= 1

    async def _commit(self) -> None:
        try:
            await self._writer.execute_fetchall("COMMIT")
        except sqlite3.Error:
            await self._roll_back()
            raise

    async def _roll_back(self) -> None:
        if self._writer.in_transaction:
            await self._writer.execute_fetchall("ROLLBACK")

    @contextlib.asynccontextmanager
    async def _reader(self) -> AsyncIterator[SqliteConnection]:
        reader = await self._idle_readers.get()
        try:
            with translate_errors():
                yield SqliteConnection(reader)
        finally:
            self._idle_readers.put_nowait(reader)

    async def row(self, statement: str, *values: Any) -> Row | None:
        async with self._reader() as reader:
            return await reader.row(statement, *values)

    async def rows(self, statement: str, *values: Any) -> Sequence[Row]:
        async with self._reader() as reader:
            return await reader.rows(statement, *values)

    async def run(self, statement: str, *values: Any) -> None:
        async with self.write() as connection:
            await connection.run(statement, *values)

    async def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        async with self.write() as connection:
            await connection.run_many(statement, rows)

    async def commit_row(
        self,
        receipt: tuple[str, str],  # noqa: ARG002 - a file does not fail over
        statement: str,
        *values: Any,
    ) -> Row | None:
        async with self.write() as connection:
            return await connection.row(statement, *values)

    def clock(self) -> float:
        return time.time()

    async def listen(self, on_announcement: AnnouncementHandler) -> None:
        self._on_announcement = on_announcement
        on_announcement("", "")

    async def announce(self, channel: str, payload: str) -> None:
        if self._on_announcement is not None:
            self._on_announcement(channel, payload)

    def connection_counts(self) -> dict[str, float]:
        busy = len(self._readers) - self._idle_readers.qsize() + self._lock.locked()
        return {"size": READER_COUNT + 1, "busy": busy, "waiting": self._waiting, "limit": READER_COUNT + 1}

    async def close(self) -> None:
        for connection in (*self._readers, self._writer):
            await connection.close()
