"""Background jobs: the only way in which the window runs work on other threads.

Work is a callable that takes and returns immutable values and never touches a widget; its result reaches the main
thread by one queued signal. There is a pool for reading documents (one worker per core), and two lanes, for the store
and for servers, each of which runs one job at a time, in the order of the requests.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, QThreadPool, Signal
from shiboken6 import isValid

from desktop.domain.errors import AppError, Cancelled

T = TypeVar("T")
Progress = Callable[[int, int], None]  # called with the number done and the total

MAX_LOOPS = 4  # jobs that run until they are stopped
HIGH_PRIORITY, NORMAL_PRIORITY = 1, 0  # jobs whose result the student is waiting for come first
STORE_TIMEOUT_MS = 60_000  # milliseconds that the store may take to finish when the program ends
STOPPING = 5000  # the same for all other work, to stop


class CancelFlag:
    """A flag that tells running work to stop. Thread-safe."""

    def __init__(self) -> None:
        self._event = Event()

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def __call__(self) -> bool:
        return self._event.is_set()


@dataclass(eq=False)
class Job(Generic[T]):
    """A requested job. `cancel` may be called at any time; it then fails with `Cancelled`, whatever the work does."""

    number: int
    work: Callable[[], T]
    done: Callable[[T], None] | None
    failed: Callable[[Exception], None] | None
    progressed: Progress | None = None
    owner: QObject | None = None
    flag: CancelFlag = field(default_factory=CancelFlag)
    is_over: bool = False
    is_cancellable: bool = True  # False for work on the store: it is finished before the program ends

    def cancel(self) -> None:
        self.flag.set()


class _JobUpdate(NamedTuple):
    job: Job[Any]
    value: Any = None
    error: Exception | None = None
    progress: tuple[int, int] | None = None


class Jobs(QObject):
    """Runs work on other threads and delivers the results on the main thread."""

    _update_received = Signal(object)
    unhandled = Signal(object)  # an Exception that no callback was given for, or that is a bug
    idled = Signal()  # no job is running any more

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._unfinished: dict[int, Job[Any]] = {}
        self._is_closed = False
        self._pools = {}
        for name, width in (
            ("read", max(1, QThread.idealThreadCount())),
            ("store", 1),
            ("sync", 1),
            ("stay", MAX_LOOPS),
        ):
            pool = QThreadPool(self)
            pool.setMaxThreadCount(width)
            if name != "read":
                pool.setExpiryTimeout(-1)  # threads do not expire: a database connection stays on its thread
            self._pools[name] = pool
        self._update_received.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        return bool(self._unfinished)

    def run_in_pool(
        self,
        work: Callable[[CancelFlag, Progress], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        progressed: Progress | None = None,
        owner: QObject | None = None,
        priority: int = NORMAL_PRIORITY,
    ) -> Job[T]:
        """Runs work on the pool for documents. It gets a flag to poll and a function to report its progress to."""

        def bound() -> T:
            return work(job.flag, lambda at, of: self._post_update(_JobUpdate(job, progress=(at, of))))

        job = self._make_job(bound, done, failed, progressed, owner)
        self._pools["read"].start(lambda: self._run(job), priority)
        return job

    def run_on_store(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job[T]:
        """Runs work on the lane of the store: one job at a time, in order."""
        return self._run_on_lane("store", work, done, failed, owner)

    def run_on_servers(
        self,
        work: Callable[[CancelFlag], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job[T]:
        """Runs work on the lane for servers: one job at a time, in order. It gets a flag to poll."""

        def bound() -> T:
            return work(job.flag)

        job = self._make_job(bound, done, failed, None, owner)
        self._pools["sync"].start(lambda: self._run(job))
        return job

    def abandon(self, job: Job[Any]) -> None:
        """Cancels a job and reports `Cancelled` at once, even if the work still blocks; its result is ignored."""
        job.cancel()
        self._post_update(_JobUpdate(job, error=Cancelled()))

    def run_loop(self, work: Callable[[], None]) -> None:
        """Runs work that continues until the caller stops it, which has to be before `close`."""
        job = Job(next(self._numbers), work, None, None)
        self._pools["stay"].start(lambda: self._run(job))

    def make_main_thread_callback(self, callback: Callable[[T], None], owner: QObject) -> Callable[[T], None]:
        """A function that any thread may call with an immutable value; the callback gets it on the main thread."""

        def tell(value: T) -> None:
            self._post_update(_JobUpdate(Job(0, lambda: value, callback, None, owner=owner), value=value))

        return tell

    def close(self) -> bool:
        """Cancels all jobs except those on the store, and waits. Returns whether all ended.

        No callback is called any more. The store, which saves the student's changes, gets far more time than the rest.
        """
        self._is_closed = True
        for name in ("read", "sync"):
            self._pools[name].clear()
        for job in self._unfinished.values():
            if job.is_cancellable:
                job.cancel()
        ended = [
            pool.waitForDone(STORE_TIMEOUT_MS if name == "store" else STOPPING) for name, pool in self._pools.items()
        ]
        self._pools["store"].clear()  # jobs that have not started by now would find the profile closed
        return all(ended)

    def _run_on_lane(
        self,
        name: str,
        work: Callable[[], T],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None] | None,
        owner: QObject | None,
    ) -> Job[T]:
        job = self._make_job(work, done, failed, None, owner)
        job.is_cancellable = False
        self._pools[name].start(lambda: self._run(job))
        return job

    def _make_job(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None] | None,
        progressed: Progress | None,
        owner: QObject | None,
    ) -> Job[T]:
        job = Job(next(self._numbers), work, done, failed, progressed, owner)
        self._unfinished[job.number] = job
        return job

    def _run(self, job: Job[Any]) -> None:
        """Runs on the worker thread."""
        try:
            news = _JobUpdate(job, error=Cancelled()) if job.flag() else _JobUpdate(job, value=job.work())
        except Exception as error:  # noqa: BLE001 - every error is delivered to the main thread and shown there
            news = _JobUpdate(job, error=error)
        self._post_update(news)

    def _post_update(self, news: _JobUpdate) -> None:
        if isValid(self):
            self._update_received.emit(news)

    def _deliver(self, news: _JobUpdate) -> None:
        job = news.job
        # After `close`, pages still exist, but the profile that their callbacks would use does not.
        wanted = not self._is_closed and (job.owner is None or isValid(job.owner))
        if job.is_over:
            return  # it was abandoned
        if news.progress is not None:
            if wanted and job.progressed is not None:
                job.progressed(*news.progress)
            return
        job.is_over = True
        self._unfinished.pop(job.number, None)
        error = Cancelled() if job.flag() and news.error is None else news.error
        try:
            if not wanted:
                return
            if error is None:
                if job.done is not None:
                    job.done(news.value)
            elif job.failed is not None and isinstance(error, AppError):
                job.failed(error)
            elif not isinstance(error, Cancelled):
                self.unhandled.emit(error)
                if job.failed is not None:
                    job.failed(error)
        finally:
            if not self._unfinished:
                self.idled.emit()
