"""The only bridge between the window and its threads.

Work is a plain callable that takes and returns plain or frozen values and never touches a widget; what it gives back
reaches the main thread by one queued signal. There is a pool for reading documents (a worker a core), and two lanes,
where work runs one at a time in the order it was asked for: the store's and sync's.
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
Progress = Callable[[int, int], None]  # done, of how many

LOOPS = 4  # work that goes on until it is told to stop
SOON, NORMAL = 1, 0  # what the person is looking at comes before what waits in a queue
STORING = 60_000  # milliseconds that the store may take to finish before the program ends
STOPPING = 5000  # and all other work, to stop


class Flag:
    """Says to work under way that it should stop. Safe to set and to read from any thread."""

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
    """Work asked for. `cancel` may be called at any time; the answer is then `Cancelled`, whatever the work does."""

    number: int
    work: Callable[[], T]
    done: Callable[[T], None] | None
    failed: Callable[[Exception], None] | None
    progressed: Progress | None = None
    owner: QObject | None = None
    flag: Flag = field(default_factory=Flag)
    is_over: bool = False
    may_stop: bool = True  # False for what the store was asked to keep: it is done before the program ends

    def cancel(self) -> None:
        self.flag.set()


class _News(NamedTuple):
    job: Job[Any]
    value: Any = None
    error: Exception | None = None
    progress: tuple[int, int] | None = None


class Jobs(QObject):
    """Runs work elsewhere and brings back what came of it. Errors nobody asked for go to `unhandled`."""

    _arrived = Signal(object)
    unhandled = Signal(object)  # an Exception
    idled = Signal()  # nothing is under way any more

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._open: dict[int, Job[Any]] = {}
        self._is_closed = False
        self._pools = {}
        for name, width in (("read", max(1, QThread.idealThreadCount())), ("store", 1), ("sync", 1), ("stay", LOOPS)):
            pool = QThreadPool(self)
            pool.setMaxThreadCount(width)
            if name != "read":
                pool.setExpiryTimeout(-1)  # a database connection likes to stay on its thread
            self._pools[name] = pool
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        return bool(self._open)

    def read(
        self,
        work: Callable[[Flag, Progress], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        progressed: Progress | None = None,
        owner: QObject | None = None,
        priority: int = NORMAL,
    ) -> Job[T]:
        """Work on the pool for documents; it is given a flag to poll and a way to tell how far it is."""

        def bound() -> T:
            return work(job.flag, lambda at, of: self._tell(_News(job, progress=(at, of))))

        job = self._job(bound, done, failed, progressed, owner)
        self._pools["read"].start(lambda: self._run(job), priority)
        return job

    def store(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job[T]:
        """Work on the store's lane: one at a time, in order."""
        return self._lane("store", work, done, failed, owner)

    def sync(
        self,
        work: Callable[[Flag], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job[T]:
        """Work on the lane for servers: one at a time, in order, with a flag to poll."""

        def bound() -> T:
            return work(job.flag)

        job = self._job(bound, done, failed, None, owner)
        self._pools["sync"].start(lambda: self._run(job))
        return job

    def abandon(self, job: Job[Any]) -> None:
        """Cancels it and says so at once, whatever the work still waits for; what comes of that, nobody is told."""
        job.cancel()
        self._tell(_News(job, error=Cancelled()))

    def stay(self, work: Callable[[], None]) -> None:
        """Work that goes on by itself until whoever asked for it ends it, which has to be before `close`."""
        job = Job(next(self._numbers), work, None, None)
        self._pools["stay"].start(lambda: self._run(job))

    def teller(self, hear: Callable[[T], None], owner: QObject) -> Callable[[T], None]:
        """What work on any thread may call with a frozen value, for `hear` to be called with it on the main thread."""

        def tell(value: T) -> None:
            self._tell(_News(Job(0, lambda: value, hear, None, owner=owner), value=value))

        return tell

    def close(self) -> bool:
        """Cancels what waits, and lets what is to be stored finish. Whether all ended. Nobody is told of it any more.

        The store, which holds what a person did, is waited for far longer than everything else.
        """
        self._is_closed = True
        for name in ("read", "sync"):
            self._pools[name].clear()
        for job in self._open.values():
            if job.may_stop:
                job.cancel()
        ended = [pool.waitForDone(STORING if name == "store" else STOPPING) for name, pool in self._pools.items()]
        self._pools["store"].clear()  # what has not begun by now would find the profile closed
        return all(ended)

    def _lane(
        self,
        name: str,
        work: Callable[[], T],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None] | None,
        owner: QObject | None,
    ) -> Job[T]:
        job = self._job(work, done, failed, None, owner)
        job.may_stop = False
        self._pools[name].start(lambda: self._run(job))
        return job

    def _job(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None] | None,
        progressed: Progress | None,
        owner: QObject | None,
    ) -> Job[T]:
        job = Job(next(self._numbers), work, done, failed, progressed, owner)
        self._open[job.number] = job
        return job

    def _run(self, job: Job[Any]) -> None:
        """On the worker's thread."""
        try:
            news = _News(job, error=Cancelled()) if job.flag() else _News(job, value=job.work())
        except Exception as error:  # noqa: BLE001 - whatever went wrong is brought to the main thread and shown there
            news = _News(job, error=error)
        self._tell(news)

    def _tell(self, news: _News) -> None:
        if isValid(self):
            self._arrived.emit(news)

    def _deliver(self, news: _News) -> None:
        job = news.job
        # Once it is closed, pages are still there, but no longer the profile that they would turn to.
        wanted = not self._is_closed and (job.owner is None or isValid(job.owner))
        if job.is_over:
            return  # it was abandoned
        if news.progress is not None:
            if wanted and job.progressed is not None:
                job.progressed(*news.progress)
            return
        job.is_over = True
        self._open.pop(job.number, None)
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
            if not self._open:
                self.idled.emit()
