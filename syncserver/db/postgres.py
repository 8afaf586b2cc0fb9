"""Hides asyncpg: the pool, its limits and time-outs, what its errors mean, and LISTEN/NOTIFY.

Measured: asyncpg's default reset of a connection after each use is a round trip of its own. Nothing here leaves a
session changed, so the pool does without it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import structlog

from syncserver.config import Config
from syncserver.db.database import CHANNELS, Connection, Heard, Row
from syncserver.errors import Problem, unavailable

log = structlog.get_logger()

RETRY_SECONDS = 1.0


LOST = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)
TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


def translated(error: Exception) -> Problem | None:
    """The problem that `error` of asyncpg is to a client, or None where it is a fault of ours."""
    if isinstance(error, asyncpg.LockNotAvailableError | asyncpg.QueryCanceledError):
        return unavailable("The database is busy.")
    if isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.UniqueViolationError):
        return unavailable("Two requests met in the database.", 1)
    if isinstance(error, asyncpg.InsufficientResourcesError):
        return unavailable("The database is full or has too many connections.", 10)
    if isinstance(error, (*LOST, asyncpg.InterfaceError, asyncpg.InternalClientError)):
        return unavailable("The database is away.")
    if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
        return unavailable("The database is a replica just now.", 5)
    if isinstance(error, OSError):
        return unavailable("The database cannot be reached.")
    return None


def told(error: Exception) -> Problem | None:
    """As `translated`, and in the log."""
    problem = translated(error)
    if problem is not None:
        log.warning("database trouble", error=type(error).__name__, detail=problem.detail)
    return problem


@contextlib.contextmanager
def trouble() -> Any:
    """Turns asyncpg's errors inside the block into problems."""
    try:
        yield
    except TROUBLE as error:
        if problem := told(error):
            raise problem from error
        raise


def closed(connection: Any) -> bool:
    """Whether a connection of asyncpg's pool has ended. (One that broke is taken back, and then cannot say.)"""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


class Transaction:
    """A connection that is held; the errors of its statements are translated where it is given back."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def row(self, statement: str, *values: Any) -> Row | None:
        row: Row | None = await self._connection.fetchrow(statement, *values)
        return row

    async def rows(self, statement: str, *values: Any) -> Sequence[Row]:
        rows: Sequence[Row] = await self._connection.fetch(statement, *values)
        return rows

    async def run(self, statement: str, *values: Any) -> None:
        await self._connection.execute(statement, *values)

    async def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        await self._connection.executemany(statement, rows)


class Borrowed:
    """A connection of the pool for one block; errors of it come out as problems.

    By hand, not from generators: every request goes through here once or twice.
    """

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Postgres) -> None:
        self._pool = pool

    async def __aenter__(self) -> Any:
        self._connection = await self._pool.take()
        return self._connection

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        # Whatever else it was, the connection may be in the middle of something: nobody else must get it.
        sound = error is None or (isinstance(error, Problem | asyncpg.PostgresError) and not isinstance(error, LOST))
        await self._pool.give_back(self._connection, sound)
        if isinstance(error, TROUBLE) and (problem := told(error)):
            raise problem from error


class Postgres:
    """A pool of connections to one Postgres primary."""

    on_postgres = True

    def __init__(self, pool: Any, config: Config) -> None:
        self._pool = pool
        self._config = config
        self._acquire_seconds = config.acquire_seconds
        self._waiting = 0
        # Connections between two uses: giving one back to asyncpg's pool makes a task each time.
        self._at_hand: list[Any] = []
        self._turns = asyncio.Semaphore(config.pool_size)
        self._listener: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, config: Config) -> Postgres:
        """Opens the pool; raises the problem `unavailable` where the server is away."""

        async def nothing(_: Any) -> None:
            """Connections are left as they were found."""

        with trouble():
            pool = await asyncpg.create_pool(
                config.database_url,
                min_size=min(2, config.pool_size),
                max_size=config.pool_size,
                timeout=config.acquire_seconds + 3,
                max_inactive_connection_lifetime=300,
                reset=nothing,
                server_settings=cls._settings(config),
            )
        return cls(pool, config)

    @staticmethod
    def _settings(config: Config) -> dict[str, str]:
        return {
            "application_name": "syncserver",
            "jit": "off",  # its compilation costs more than any statement here
            "lock_timeout": f"{int(config.lock_seconds * 1000)}ms",
            "statement_timeout": f"{int(config.statement_seconds * 1000)}ms",
            "idle_in_transaction_session_timeout": f"{int(config.statement_seconds * 2000)}ms",
        }

    async def take(self) -> Any:
        """A connection, for `give_back`; raises `unavailable`."""
        await self._turn()
        try:
            return await self._taken()
        except BaseException as error:
            self._turns.release()
            if isinstance(error, TROUBLE) and (problem := told(error)):
                raise problem from error
            raise

    async def give_back(self, connection: Any, sound: bool) -> None:
        """Lets the next one have it if it is sound and still lives, else ends it."""
        try:
            if sound and not closed(connection):
                self._at_hand.append(connection)
                return
            with trouble():
                if not closed(connection):
                    connection.terminate()
                await self._pool.release(connection)
        finally:
            self._turns.release()

    async def _turn(self) -> None:
        """Waits until fewer connections are in use than there may be; a time-out only where there is waiting."""
        if not self._turns.locked():
            await self._turns.acquire()
            return
        self._waiting += 1
        try:
            async with asyncio.timeout(self._acquire_seconds):
                await self._turns.acquire()
        except TimeoutError as error:
            raise unavailable("Every database connection is in use.") from error
        finally:
            self._waiting -= 1

    async def _taken(self) -> Any:
        """A connection at hand that still lives, else one of the pool's."""
        while self._at_hand:
            connection = self._at_hand.pop()
            if not closed(connection):
                return connection
            await self._pool.release(connection)
        return await self._pool.acquire(timeout=self._acquire_seconds)

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        async with Borrowed(self) as connection, connection.transaction():
            yield Transaction(connection)

    async def row(self, statement: str, *values: Any) -> Row | None:
        async with Borrowed(self) as connection:
            row: Row | None = await connection.fetchrow(statement, *values)
            return row

    async def rows(self, statement: str, *values: Any) -> Sequence[Row]:
        async with Borrowed(self) as connection:
            rows: Sequence[Row] = await connection.fetch(statement, *values)
            return rows

    async def run(self, statement: str, *values: Any) -> None:
        async with Borrowed(self) as connection:
            await connection.execute(statement, *values)

    async def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        async with Borrowed(self) as connection:
            await connection.executemany(statement, rows)

    async def announce(self, channel: str, payload: str) -> None:
        # A notification's commit holds a lock over the whole server while it is flushed; nothing depends on its flush.
        async with self.write() as connection:
            await connection.run("SET LOCAL synchronous_commit = off")
            await connection.run("SELECT pg_notify($1, $2)", channel, payload)

    async def listen(self, heard: Heard) -> None:
        self._listener = asyncio.create_task(self._listen(heard), name="database news")

    async def _listen(self, heard: Heard) -> None:
        """Keeps one connection of its own listening, and makes a new one whenever that ends."""
        while True:
            connection = None
            try:
                connection = await asyncpg.connect(
                    self._config.database_url, timeout=5, server_settings={"application_name": "syncserver news"}
                )
                ended = asyncio.Event()
                connection.add_termination_listener(lambda _: ended.set())  # noqa: B023 - waited for below
                for channel in CHANNELS:
                    await connection.add_listener(channel, lambda _c, _p, name, payload: heard(name, payload))
                heard("", "")
                await ended.wait()
                log.warning("database news lost", retry_seconds=RETRY_SECONDS)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                log.warning("database news away", error=type(error).__name__, retry_seconds=RETRY_SECONDS)
            finally:
                if connection is not None:
                    connection.terminate()
            await asyncio.sleep(RETRY_SECONDS)

    def gauges(self) -> dict[str, float]:
        size, idle = self._pool.get_size(), self._pool.get_idle_size() + len(self._at_hand)
        return {"size": size, "busy": size - idle, "waiting": self._waiting, "limit": self._pool.get_max_size()}

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        try:
            async with asyncio.timeout(5):
                while self._at_hand:
                    await self._pool.release(self._at_hand.pop())
                await self._pool.close()
        except (TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            self._pool.terminate()
