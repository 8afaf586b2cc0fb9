"""Postgres through asyncpg: the pool, its limits and time-outs, failover detection, error translation, LISTEN/NOTIFY.

Measured: asyncpg's default reset of a connection after each use costs a round trip. No code here changes session state,
so the pool omits it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import asyncpg
import structlog

from syncserver.config import Config
from syncserver.db.acknowledged_commits import AcknowledgedCommits, CommitMarker
from syncserver.db.database import CHANNELS, AnnouncementHandler, Connection, DatabaseGuard, PostgresIdentity, Row
from syncserver.db.postgres_address import PostgresAddress
from syncserver.errors import ConfigurationError, Problem, unavailable

log = structlog.get_logger()

RETRY_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0
EXTRA_TIMEOUT_SECONDS = 1.0  # a statement may take this much longer than Postgres' own limit before it is given up
MARKER_INTERVAL_SECONDS = 3600.0  # an acknowledged commit's row may be cleaned up after half a day
COMMITS_CHANNEL = "commits"  # the channel on which processes announce the commits that they acknowledged last

POOLING_ATTEMPTS = 3
TRANSACTION_POOLING = (
    "DATABASE_URL leads to a pooler that assigns a session per transaction (pgbouncer: pool_mode = transaction). "
    "Set pool_mode = session for this database, or name Postgres itself."
)

SET_UP_SESSION = """
SELECT set_config('jit', 'off', false), set_config('lock_timeout', $1, false),
    set_config('statement_timeout', $2, false), set_config('idle_in_transaction_session_timeout', $3, false),
    (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier,
    CASE WHEN pg_is_in_recovery() THEN 0
        ELSE ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int END AS timeline,
    extract(epoch FROM pg_postmaster_start_time())::float8 AS started,
    extract(epoch FROM clock_timestamp())::float8 AS now"""
INSERT_MARKER = "INSERT INTO commit_markers (marker, created) VALUES ($1, extract(epoch FROM now())::bigint)"

CONNECTION_LOST_ERRORS = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.ReadOnlySQLTransactionError,
)
DATABASE_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


class KeepaliveConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that ends when its peer stops answering, and knows the generation in which it was admitted."""

    __slots__ = ("generation",)

    def __init__(self, protocol: Any, transport: Any, *rest: Any) -> None:
        super().__init__(protocol, transport, *rest)
        self.generation = -1
        _enable_keepalive(transport.get_extra_info("socket"))


def _enable_keepalive(sock: Any) -> None:
    """Ends a connection after 15 seconds of silence: a peer may vanish, and a balancer keep it half open."""
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", 5),
        ("TCP_KEEPINTVL", 5),
        ("TCP_KEEPCNT", 2),
        ("TCP_USER_TIMEOUT", 15_000),
    ):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def to_problem(error: Exception) -> Problem | None:
    """Returns the problem to answer for an asyncpg `error`, or None if it is a bug."""
    if isinstance(error, asyncpg.LockNotAvailableError | asyncpg.QueryCanceledError):
        return unavailable("The database is busy.")
    if isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.UniqueViolationError):
        return unavailable("Two requests conflicted in the database.", 1)
    if isinstance(error, asyncpg.InsufficientResourcesError):
        return unavailable("The database is full or has too many connections.", 10)
    if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
        return unavailable("The database is currently a replica.", 5)
    if isinstance(error, (*CONNECTION_LOST_ERRORS, asyncpg.InterfaceError, asyncpg.InternalClientError)):
        return unavailable("The database is unavailable.")
    if isinstance(error, ssl.SSLError):
        return unavailable("The database's certificate is not trusted. See sslmode and sslrootcert in DATABASE_URL.")
    if isinstance(error, TimeoutError):
        return unavailable("The database does not answer.")
    if isinstance(error, OSError):
        return unavailable("The database cannot be reached.")
    return None


def to_logged_problem(error: Exception) -> Problem | None:
    """Returns the problem of `to_problem`, and logs it."""
    problem = to_problem(error)
    if problem is not None:
        log.warning("database error", error=type(error).__name__, detail=problem.detail)
    return problem


@contextlib.contextmanager
def translate_errors() -> Any:
    """Turns asyncpg's errors inside the block into problems."""
    try:
        yield
    except DATABASE_ERRORS as error:
        if problem := to_logged_problem(error):
            raise problem from error
        raise


def is_closed(connection: Any) -> bool:
    """Whether a connection of asyncpg's pool has ended. (A broken one has left the pool, and raises when asked.)"""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def is_reusable_after(error: BaseException | None) -> bool:
    """Whether a connection can be reused after `error`: it must not be in the middle of an operation."""
    return error is None or (
        isinstance(error, Problem | asyncpg.PostgresError) and not isinstance(error, CONNECTION_LOST_ERRORS)
    )


async def connect_to(config: Config, name: str, *, seconds: float | None = None, **options: Any) -> Any:
    """Opens one asyncpg connection outside the pool; a statement on it may take `seconds` (None: no limit)."""
    return await asyncpg.connect(
        PostgresAddress.parse(config.database_url).dsn,
        timeout=config.acquire_seconds + 3,
        command_timeout=seconds,
        connection_class=KeepaliveConnection,
        server_settings={"application_name": name},
        **options,
    )


async def refuse_transaction_pooling(config: Config) -> None:
    """Raises `ConfigurationError` if a pooler assigns a session per transaction.

    Prepared statements, session limits and LISTEN would be lost between two transactions.
    """
    one = await connect_to(config, "syncserver", seconds=10, statement_cache_size=0)
    try:
        other = await connect_to(config, "syncserver", seconds=10, statement_cache_size=0)
        try:
            for attempt in range(POOLING_ATTEMPTS):
                await one.execute(f"SET syncserver.session = 'one {attempt}'")
                # The transaction holds its session; a pooler would give it the one freed last, which is that of `one`.
                async with other.transaction():
                    if await other.fetchval("SELECT current_setting('syncserver.session', true)"):
                        raise ConfigurationError(TRANSACTION_POOLING)
                    await one.execute(f"SET syncserver.session = 'one {attempt}'")
        except (asyncpg.InvalidSQLStatementNameError, asyncpg.ProtocolViolationError) as error:
            raise ConfigurationError(TRANSACTION_POOLING) from error
        finally:
            other.terminate()
    finally:
        one.terminate()


class Transaction:
    """A transaction on a held connection; errors of its statements are translated where the connection is returned."""

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


class BorrowedConnection:
    """Borrows a connection of the pool for one block; its errors are raised as problems.

    Written by hand, not with a generator: every request uses it once or twice.
    """

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Postgres) -> None:
        self._pool = pool

    async def __aenter__(self) -> Any:
        self._connection = await self._pool.acquire()
        return self._connection

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        current = self._pool.is_current(self._connection)
        await self._pool.release(self._connection, current and is_reusable_after(error))
        if isinstance(error, DATABASE_ERRORS) and (problem := to_logged_problem(error)):
            raise problem from error
        if error is None and not current:
            # The result may come from a former primary, whose writes will be lost.
            raise unavailable("The database has just changed.", 1)


class Postgres:
    """A connection pool to the Postgres primary, whichever server that currently is.

    Each new connection is checked before it serves: if it leads to another postmaster than the one before (a promoted
    replica, a restored backup, a restart), no earlier connection may acknowledge anything, and nothing is served until
    `guard` has verified the new one.
    """

    on_postgres = True

    def __init__(self, config: Config, guard: DatabaseGuard | None, commits: AcknowledgedCommits | None) -> None:
        self._pool: Any = None
        self._config = config
        self._guard = guard
        self._commits = commits
        self._acquire_seconds = config.acquire_seconds
        self._statement_seconds = config.statement_seconds + EXTRA_TIMEOUT_SECONDS
        self._waiting = 0
        # Idle connections, kept here because releasing one to asyncpg's pool creates a task each time.
        self._idle: list[Any] = []
        self._slots = asyncio.Semaphore(config.pool_size)
        self._listen_task: asyncio.Task[None] | None = None
        self._verify_task: asyncio.Task[None] | None = None
        self._generation = 0
        self._identity: PostgresIdentity | None = None  # None until it is verified
        self._newest_identity: PostgresIdentity | None = None
        self._listener_ended = asyncio.Event()
        self._clock = (time.time(), time.monotonic())
        self._last_marker_at = time.monotonic()

    @classmethod
    async def connect(
        cls, config: Config, guard: DatabaseGuard | None = None, commits: AcknowledgedCommits | None = None
    ) -> Postgres:
        """Opens the pool; raises the problem `unavailable` if the server cannot be reached.

        With `commits`, every transaction records a marker there before its success is reported.
        """
        postgres = cls(config, guard, commits)
        with translate_errors():
            await postgres._open()
        return postgres

    async def _open(self) -> None:
        async def nothing(_: Any) -> None:
            """Leaves connections as they are, in place of asyncpg's reset."""

        try:
            await self._verify()
            self._pool = await asyncpg.create_pool(
                PostgresAddress.parse(self._config.database_url).dsn,
                min_size=min(2, self._config.pool_size),
                max_size=self._config.pool_size,
                timeout=self._acquire_seconds + 3,
                command_timeout=self._statement_seconds,
                max_inactive_connection_lifetime=300,
                connection_class=KeepaliveConnection,
                init=self._admit,
                reset=nothing,
                server_settings={"application_name": "syncserver"},
            )
        except asyncpg.ClientConfigurationError as error:
            raise ConfigurationError(f"DATABASE_URL cannot be used: {error}.") from error

    async def _set_up_session(self, connection: Any) -> PostgresIdentity:
        """Sets the session's limits, and returns the server's identity.

        Raises `unavailable` for a replica, and for a primary of an older timeline than one seen before: it was left
        behind by a failover, and what it writes will be lost.
        """
        before = time.monotonic()
        limits = (self._config.lock_seconds, self._config.statement_seconds, self._config.statement_seconds * 2)
        row = await connection.fetchrow(SET_UP_SESSION, *(f"{int(seconds * 1000)}ms" for seconds in limits))
        after = time.monotonic()
        identity = PostgresIdentity(row["system_identifier"], row["timeline"], row["started"])
        newest = self._newest_identity
        if identity.timeline == 0:
            raise unavailable("The database is currently a replica.", 5)
        if newest and identity.system_identifier == newest.system_identifier and identity.timeline < newest.timeline:
            raise unavailable(
                f"The database is on timeline {identity.timeline}, and {newest.timeline} has been seen: it was left "
                "behind by a failover. After a restore to an earlier time, restart this server.",
                5,
            )
        self._clock = (row["now"], (before + after) / 2)
        return identity

    async def _admit(self, connection: Any) -> None:
        """Admits a new connection; raises `unavailable` if it does not lead to the server that is serving."""
        identity = await self._set_up_session(connection)
        if identity != self._identity:
            if self._verify_task is None or self._verify_task.done():
                self._verify_task = asyncio.create_task(self._verify(), name="verifying the database")
            # Shielded: if this request is cancelled, verifying goes on for the others.
            await asyncio.shield(self._verify_task)
        if identity != self._identity:
            raise unavailable("The database has just changed.", 1)
        connection.generation = self._generation

    async def _verify(self) -> None:
        """Lets the guard verify the current server, over a separate connection."""
        connection = await connect_to(self._config, "syncserver", seconds=None)
        try:
            identity = await self._set_up_session(connection)
            if identity == self._identity:
                return
            was = self._newest_identity
            self._newest_identity, self._identity = identity, None
            self._generation += 1
            self._listener_ended.set()
            if was is not None:
                log.warning("database changed", was=was.timeline, now=identity.timeline, started=identity.started)
            marker = None
            if self._guard is not None:
                async with connection.transaction():
                    marker = await self._guard.verify(Transaction(connection), identity)
                await self._guard.on_verified(marker)
            self._identity = identity
            if self._pool is not None:
                await self._pool.expire_connections()
        finally:
            connection.terminate()

    def is_current(self, connection: Any) -> bool:
        """Whether results of `connection` may be passed on."""
        # A connection that ended has been released to asyncpg's pool, and no longer has a generation.
        return getattr(connection, "generation", None) == self._generation

    def clock(self) -> float:
        """Seconds since 1970 by the database's clock: the same in every process, whatever the machines' clocks say."""
        told, at = self._clock
        return told + time.monotonic() - at

    async def acquire(self) -> Any:
        """Takes a connection out, to be returned with `release`; raises `unavailable`."""
        await self._wait_for_slot()
        try:
            return await self._take_live_connection()
        except BaseException as error:
            self._slots.release()
            if isinstance(error, DATABASE_ERRORS) and (problem := to_logged_problem(error)):
                raise problem from error
            raise

    async def release(self, connection: Any, is_reusable: bool) -> None:
        """Makes a connection available again if it is sound and alive, else ends it."""
        try:
            if is_reusable and not is_closed(connection):
                self._idle.append(connection)
                return
            with translate_errors():
                await self._terminate(connection)
        finally:
            self._slots.release()

    async def _terminate(self, connection: Any) -> None:
        if not is_closed(connection):
            connection.terminate()
        await self._pool.release(connection)

    async def _wait_for_slot(self) -> None:
        """Waits until fewer connections are in use than the limit; a time-out is only set up if there is a wait."""
        if not self._slots.locked():
            await self._slots.acquire()
            return
        self._waiting += 1
        try:
            async with asyncio.timeout(self._acquire_seconds):
                await self._slots.acquire()
        except TimeoutError as error:
            raise unavailable("Every database connection is in use.") from error
        finally:
            self._waiting -= 1

    async def _take_live_connection(self) -> Any:
        """Returns an idle connection that is still alive, else one from asyncpg's pool."""
        while self._idle:
            connection = self._idle.pop()
            if not is_closed(connection) and self.is_current(connection):
                return connection
            await self._terminate(connection)
        return await self._pool.acquire(timeout=self._acquire_seconds)

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        marker = CommitMarker.new() if self._commits is not None else None
        async with self._transaction(marker) as (connection, sent):
            yield connection
        if self._commits is not None and marker is not None:
            self._commits.acknowledge(marker, sent())

    @contextlib.asynccontextmanager
    async def _transaction(self, marker: CommitMarker | None) -> AsyncIterator[tuple[Connection, Callable[[], int]]]:
        """A transaction that writes `marker` last, with a function that returns when its commit was sent."""
        sent = 0
        async with BorrowedConnection(self) as connection:
            await connection.execute("BEGIN")
            try:
                yield Transaction(connection), lambda: sent
                if marker is not None and self._commits is not None:
                    await connection.execute(INSERT_MARKER, marker.key)
                    sent = self._commits.next_sequence()
                await connection.execute("COMMIT")
            except BaseException as error:
                if is_reusable_after(error) and not is_closed(connection):
                    await connection.execute("ROLLBACK")
                raise

    async def row(self, statement: str, *values: Any) -> Row | None:
        async with BorrowedConnection(self) as connection:
            row: Row | None = await connection.fetchrow(statement, *values)
            return row

    async def rows(self, statement: str, *values: Any) -> Sequence[Row]:
        async with BorrowedConnection(self) as connection:
            rows: Sequence[Row] = await connection.fetch(statement, *values)
            return rows

    async def commit_row(self, receipt: tuple[str, str], statement: str, *values: Any) -> Row | None:
        sent = self._commits.next_sequence() if self._commits is not None else 0
        row = await self.row(statement, *values)
        if row is not None and self._commits is not None:
            self._commits.acknowledge(CommitMarker(*receipt), sent)
        return row

    async def run(self, statement: str, *values: Any) -> None:
        async with self.write() as connection:
            await connection.run(statement, *values)

    async def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        async with self.write() as connection:
            await connection.run_many(statement, rows)

    async def announce(self, channel: str, payload: str) -> None:
        told = [(channel, payload)]
        if self._commits is not None and (news := self._commits.announcement()):
            told.append((COMMITS_CHANNEL, news))
        await self._notify(told)

    async def _notify(self, messages: Sequence[tuple[str, str]]) -> None:
        # Committing a notification holds a server-wide lock until it is flushed; nothing depends on that flush.
        async with self._transaction(None) as (connection, _):
            await connection.run("SET LOCAL synchronous_commit = off")
            for channel, payload in messages:
                await connection.run("SELECT pg_notify($1, $2)", channel, payload)

    async def listen(self, on_announcement: AnnouncementHandler) -> None:
        self._listen_task = asyncio.create_task(self._keep_listening(on_announcement), name="database news")

    async def _keep_listening(self, on_announcement: AnnouncementHandler) -> None:
        """Keeps a dedicated connection listening, and replaces it whenever it ends.

        Checks every few seconds, over another new connection, that the primary is still the same: one left behind by a
        failover may go on answering.
        """
        while True:
            try:
                await self._listen_once(on_announcement)
                log.warning("database notifications lost", retry_seconds=RETRY_SECONDS)
            except (*DATABASE_ERRORS, Problem) as error:
                problem = error if isinstance(error, Problem) else to_problem(error)
                detail = problem.detail if problem else ""
                log.warning(
                    "database notifications unavailable", error=type(error).__name__, detail=detail, retry=RETRY_SECONDS
                )
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen_once(self, on_announcement: AnnouncementHandler) -> None:
        """Listens until the connection ends."""

        def handle_notification(_: object, __: object, channel: str, payload: str) -> None:
            if channel != COMMITS_CHANNEL:
                on_announcement(channel, payload)
            elif self._commits is not None:
                self._commits.receive(payload)

        connection = await connect_to(self._config, "syncserver news", seconds=HEARTBEAT_SECONDS)
        try:
            self._listener_ended = ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            await self._admit(connection)
            for channel in (*CHANNELS, COMMITS_CHANNEL):
                await connection.add_listener(channel, handle_notification)
            on_announcement("", "")
            while not await _wait_for_event(ended, HEARTBEAT_SECONDS):
                if self._guard is not None and await self._guard.check(Transaction(connection)):
                    on_announcement("", "")
                await self._check_primary()
                await self._announce_commits()
        finally:
            connection.terminate()

    async def _check_primary(self) -> None:
        connection = await connect_to(self._config, "syncserver look", seconds=HEARTBEAT_SECONDS)
        try:
            await self._admit(connection)
        finally:
            connection.terminate()

    async def _announce_commits(self) -> None:
        if self._commits is None:
            return
        if time.monotonic() - self._last_marker_at > MARKER_INTERVAL_SECONDS:
            async with self.write():
                self._last_marker_at = time.monotonic()
        if news := self._commits.announcement():
            await self._notify([(COMMITS_CHANNEL, news)])

    def connection_counts(self) -> dict[str, float]:
        size, idle = self._pool.get_size(), self._pool.get_idle_size() + len(self._idle)
        return {"size": size, "busy": size - idle, "waiting": self._waiting, "limit": self._pool.get_max_size()}

    async def close(self) -> None:
        tasks = [task for task in (self._listen_task, self._verify_task) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(5):
                while self._idle:
                    await self._pool.release(self._idle.pop())
                await self._pool.close()
        except (TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            self._pool.terminate()


async def _wait_for_event(event: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
