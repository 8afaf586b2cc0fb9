"""The parts of a running server: opened in order, run, and closed.

Requests use them through `Services`, which also owns the background work (recording cursors, clean-up, checking again
which database this is).
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import ipaddress
import shutil
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from importlib.metadata import version
from typing import Any

import structlog

from syncserver.accounts.accounts import Accounts
from syncserver.accounts.challenge_response import Challenges
from syncserver.accounts.links import Links
from syncserver.accounts.sessions import Session, Sessions
from syncserver.config import Config
from syncserver.db.acknowledged_commits import AcknowledgedCommits
from syncserver.db.connecting import connect
from syncserver.db.database import Database
from syncserver.db.migrations import NEWEST, is_compatible
from syncserver.errors import Problem
from syncserver.feeds.published_calendars import PublishedCalendars
from syncserver.limits.proof_of_work import ProofOfWork
from syncserver.limits.rate_limits import Limits
from syncserver.ops.cleanup import clean_up
from syncserver.ops.metrics import Metrics, UsageFigures
from syncserver.sync import epochs
from syncserver.sync.change_notifier import ChangeNotifier
from syncserver.sync.export import stream_export
from syncserver.sync.records import Records

log = structlog.get_logger()

CURSOR_INTERVAL_SECONDS = 30.0
CLEAN_UP_INTERVAL_SECONDS = 3600.0

SELECT_REVISION = "SELECT version_num, min_compatible FROM alembic_version LEFT JOIN server ON true"


class Services:
    """The parts of a running server, and its background work."""

    def __init__(
        self,
        config: Config,
        database: Database,
        server: epochs.ServerIdentity,
        metrics: Metrics,
        clock: Callable[[], float],
        guard: epochs.EpochGuard,
    ) -> None:
        self.config = config
        self.clock = clock
        self.metrics = metrics
        self.version = version("up-schedule-generator")
        self.notifier = ChangeNotifier(database)
        self.limits = Limits(config)
        self.proof_of_work = ProofOfWork(server.secret, self.limits, clock)
        self.sessions = Sessions(database, config, clock)
        challenges = Challenges(server.secret, config.hosts)
        self.accounts = Accounts(database, config, self.sessions, challenges, clock)
        self.records = Records(database, config, self.notifier, clock)
        self.feeds = PublishedCalendars(database, config, self.sessions, clock)
        self.links = Links(database, self.sessions, clock)
        self.usage_figures = UsageFigures(database, config)
        self._database = database
        self._export_semaphore = asyncio.Semaphore(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self.usage_figures.register(metrics)
        look = metrics.register_figure
        look("sync_database_connections", "gauge", "Connections, by state.", database.connection_counts, "state")
        look(
            "sync_rate_limited", "counter", "Requests refused by a limit.", lambda: dict(self.limits.refused), "policy"
        )
        look("sync_limits_shared", "gauge", "1 if Redis counts.", lambda: {"": float(self.limits.is_shared)})
        look(
            "sync_held_requests",
            "gauge",
            "Requests waiting for changes.",
            lambda: {"": float(self.notifier.held_count)},
        )
        look("sync_batches", "counter", "Batches, by result.", lambda: dict(self.records.batches), "result")
        look("sync_epoch_changes", "counter", "New epochs detected.", lambda: {"": float(guard.epoch_changes)})
        look("sync_database_timeline", "gauge", "Postgres' timeline, 0 on SQLite.", lambda: {"": float(guard.timeline)})
        doc = "Seconds by which this machine's clock is ahead of the database's."
        look("sync_clock_skew_seconds", "gauge", doc, lambda: {"": time.time() - database.clock()})
        look("sync_records_pushed", "counter", "Records written.", lambda: {"": float(self.records.pushed)})

    async def start(self) -> None:
        """Starts listening and the background work."""
        await self._database.listen(self._on_announcement)
        self._start_task(self._run_periodically(CURSOR_INTERVAL_SECONDS, self.records.store_cursors), "cursors")
        self._start_task(self._run_periodically(CLEAN_UP_INTERVAL_SECONDS, self._clean_up), "tidying")

    def _start_task(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_periodically(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except Problem as problem:
                log.warning("background work postponed", work=work.__name__, detail=problem.detail)

    async def _clean_up(self) -> None:
        log.info("cleaned up", **await clean_up(self._database, self.config, int(self.clock())))

    def _on_announcement(self, channel: str, payload: str) -> None:
        if channel == "news":
            for account in payload.split(","):
                self.notifier.wake(account)
        elif channel == "sessions" and payload:
            self.sessions.forget({payload})
            self.notifier.wake(payload)
        else:
            self.sessions.forget()
            self.notifier.wake_all_gradually()

    async def readiness_problems(self) -> dict[str, str]:
        """Returns why this process should get no requests; empty if it is ready."""
        found = {}
        if self.notifier.is_stopping:
            found["process"] = "stopping"
        try:
            row = await self._database.row(SELECT_REVISION)
        except Problem as problem:
            found["database"] = problem.detail
        else:
            revision = row["version_num"] if row else "none"
            if revision != NEWEST and not is_compatible(revision, row["min_compatible"] if row else None):
                found["migrations"] = f"the database is at {revision}, this server needs {NEWEST}"
        try:
            free = shutil.disk_usage(self.config.folder).free
        except OSError:  # on Postgres nothing need be there
            free = self.config.free_disk_bytes if self.config.on_postgres else 0
        if free < self.config.free_disk_bytes:
            found["disk"] = "nearly full"
        return found

    def may_read_metrics(self, authorization: str, address: str) -> bool:
        """Whether this request may read /metrics on the main port."""
        if self.config.metrics_token:
            return hmac.compare_digest(authorization.encode(), f"Bearer {self.config.metrics_token}".encode())
        try:
            return not self.config.hosts and ipaddress.ip_address(address).is_loopback
        except ValueError:
            return False

    async def export_account(self, session: Session) -> AsyncIterator[bytes]:
        """Streams everything stored of one account; raises `session-ended`."""
        return await stream_export(self._database, session, self.clock, self._export_semaphore)

    async def release_held_requests(self) -> None:
        """Answers held requests now; /readyz reports not ready from here on."""
        await self.notifier.stop()

    async def close(self) -> None:
        """Ends the background work."""
        await self.notifier.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(Problem):
            await self.records.store_cursors()
        await self.limits.close()


@contextlib.asynccontextmanager
async def running_services(
    config: Config, metrics: Metrics, clock: Callable[[], float] | None = None
) -> AsyncIterator[Services]:
    """Opens a server's parts and closes them after the block. `clock` defaults to the database's."""
    commits = AcknowledgedCommits(config.folder / "acknowledged-commits" if config.on_postgres else None)
    try:
        guard = epochs.EpochGuard(config.ledger_path, commits)
        database = await connect(config, guard, commits)
        try:
            server = await epochs.load_server_identity(database)
            services = Services(config, database, server, metrics, clock or database.clock, guard)
            try:
                await services.start()
                yield services
            finally:
                await services.close()
        finally:
            await database.close()
    finally:
        commits.close()
