"""Wakes held requests when an account changes: watchers in this process, announcements to the others.

Announcements are gathered for a moment and sent together: one for each push would make Postgres commit them one by one.
A lost announcement only delays the news, because a client that gets no answer asks again.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Iterator

import structlog

from syncserver.db.database import Database
from syncserver.errors import Problem

log = structlog.get_logger()

ANNOUNCEMENT_DELAY_SECONDS = 0.05
MAX_PAYLOAD_ACCOUNTS = 300  # 23 characters each; Postgres takes 8,000 bytes
WAKE_SPREAD_SECONDS = 2.0


class Watcher:
    """Waits for changes for one held request. There may be ten thousand: each uses one future, and no exceptions."""

    __slots__ = ("_loop", "_news", "_with")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news: asyncio.Future[bool] = self._loop.create_future()
        self._with: asyncio.Future[None] | None = None

    def wake(self) -> None:
        """Signals that there may be news."""
        self._resolve(True)

    def _resolve(self, news: bool) -> None:
        if not self._news.done():
            self._news.set_result(news)

    def end_when_done(self, task: asyncio.Future[None]) -> None:
        """Stops waiting when `task` is done: nobody is left to answer. Closing the watch cancels `task`."""
        self._with = task
        task.add_done_callback(lambda _: self._resolve(False))

    async def wait(self, seconds: float) -> bool:
        """Waits up to `seconds`; returns whether there may be news (and somebody to answer)."""
        timer = self._loop.call_later(seconds, self._resolve, False)
        try:
            news = await self._news
        finally:
            timer.cancel()
        self._news = self._loop.create_future()
        return news

    def close(self) -> None:
        """Cancels the work given to `end_when_done`."""
        if self._with is not None:
            self._with.cancel()


class ChangeNotifier:
    """Tracks which held requests wait for which account."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watchers: dict[str, set[Watcher]] = {}
        self._pending_accounts: set[str] = set()
        self._send_task: asyncio.Task[None] | None = None
        self.is_stopping = False

    @property
    def held_count(self) -> int:
        """Returns the number of held requests."""
        return sum(len(watches) for watches in self._watchers.values())

    @contextlib.contextmanager
    def watch(self, account: str) -> Iterator[Watcher]:
        """Watches an account for the block; begin it BEFORE reading what the news would change."""
        watch = Watcher()
        self._watchers.setdefault(account, set()).add(watch)
        try:
            yield watch
        finally:
            watch.close()
            watches = self._watchers[account]
            watches.discard(watch)
            if not watches:
                del self._watchers[account]

    def announce_change(self, account: str) -> None:
        """Reports a commit to `account`: wakes waiters in this process now, in the others soon."""
        self.wake(account)
        if self._database.on_postgres:
            self._pending_accounts.add(account)
            if self._send_task is None or self._send_task.done():
                self._send_task = asyncio.create_task(self._send_announcements(), name="announcements")

    def wake(self, account: str) -> None:
        """Wakes those who wait for `account` in this process."""
        for watch in self._watchers.get(account, ()):
            watch.wake()

    def wake_all_gradually(self) -> None:
        """Wakes everybody, spread over time, because some announcements may have been missed."""
        loop = asyncio.get_running_loop()
        for watches in self._watchers.values():
            for watch in watches:
                loop.call_later(random.uniform(0, WAKE_SPREAD_SECONDS), watch.wake)  # noqa: S311 - spreads load

    async def _send_announcements(self) -> None:
        while self._pending_accounts:
            await asyncio.sleep(ANNOUNCEMENT_DELAY_SECONDS)
            accounts = [
                self._pending_accounts.pop() for _ in range(min(len(self._pending_accounts), MAX_PAYLOAD_ACCOUNTS))
            ]
            try:
                await self._database.announce("news", ",".join(accounts))
            except Problem as problem:
                log.warning("announcement lost", accounts=len(accounts), detail=problem.detail)

    async def stop(self) -> None:
        """Answers every held request now, and sends the gathered announcements."""
        self.is_stopping = True
        for watches in list(self._watchers.values()):
            for watch in watches:
                watch.wake()
        if self._send_task is not None:
            await self._send_task
