"""The bridge to threads: order, cancellation, errors, progress, and the thread of each callback."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop.domain.errors import Cancelled, FileError
from desktop.ui.session.jobs import CancelFlag, Jobs, Progress


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.close()


def test_a_lane_keeps_the_order_and_stays_off_the_main_thread(jobs: Jobs, qtbot: QtBot) -> None:
    done: list[int] = []
    threads: set[int] = set()

    def work(number: int) -> int:
        threads.add(threading.get_ident())
        return number

    for number in range(50):
        jobs.run_on_store(lambda number=number: work(number), done.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(done) == 50, timeout=5_000)
    assert done == list(range(50))
    assert threading.get_ident() not in threads
    assert len(threads) == 1


def test_answers_come_on_the_main_thread(jobs: Jobs, qtbot: QtBot) -> None:
    where: list[int] = []
    jobs.run_in_pool(lambda _flag, _tell: 1, lambda _one: where.append(threading.get_ident()))
    qtbot.waitUntil(lambda: bool(where), timeout=5_000)
    assert where == [threading.get_ident()]


def test_known_trouble_goes_to_who_asked_and_bugs_to_everyone(jobs: Jobs, qtbot: QtBot) -> None:
    failed: list[Exception] = []
    bugs: list[Exception] = []
    jobs.unhandled.connect(bugs.append)

    def trouble() -> None:
        raise FileError("The disk is full.", "Make room.")

    def bug() -> None:
        raise ZeroDivisionError

    jobs.run_on_store(trouble, None, failed.append)
    jobs.run_on_store(bug)
    jobs.run_on_store(trouble)
    qtbot.waitUntil(lambda: len(bugs) == 2, timeout=5_000)
    assert [type(error) for error in failed] == [FileError]
    assert [type(error) for error in bugs] == [ZeroDivisionError, FileError]


def test_cancelled_work_answers_cancelled_whatever_it_did(jobs: Jobs, qtbot: QtBot) -> None:
    begun = threading.Event()
    failed: list[Exception] = []
    done: list[int] = []

    def work(flag: CancelFlag, _tell: Progress) -> int:
        begun.set()
        while not flag.is_set():
            flag._event.wait(0.01)
        return 1

    job = jobs.run_in_pool(work, done.append, failed.append)
    assert begun.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(failed), timeout=5_000)
    assert isinstance(failed[0], Cancelled)
    assert done == []


def test_nobody_is_told_who_is_gone(jobs: Jobs, qtbot: QtBot) -> None:
    owner, told = QObject(), list[int]()
    gate = threading.Event()
    jobs.run_on_store(lambda: gate.wait(5), lambda _it: told.append(1), owner=owner)
    delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not jobs.is_busy, timeout=5_000)
    assert told == []


def test_progress_arrives_in_order_and_never_after_the_end(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[tuple[int, int] | str] = []

    def work(_flag: CancelFlag, tell: Progress) -> None:
        for number in range(1, 6):
            tell(number, 5)

    jobs.run_in_pool(work, lambda _none: told.append("end"), progressed=lambda at, of: told.append((at, of)))
    qtbot.waitUntil(lambda: "end" in told, timeout=5_000)
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5), "end"]


def test_closing_stops_what_waits_for_a_server_and_finishes_what_is_stored(qtbot: QtBot) -> None:
    made = Jobs()
    started, stopped, kept = threading.Event(), threading.Event(), list[int]()

    def watch(flag: CancelFlag) -> None:
        started.set()
        while not flag.is_set():
            flag._event.wait(0.01)
        stopped.set()

    made.run_on_servers(watch)
    assert started.wait(20)  # what has not begun is not begun any more
    for number in range(3):
        made.run_on_store(lambda number=number: kept.append(number))  # type: ignore[misc]
    assert made.close()
    assert stopped.is_set()
    assert kept == [0, 1, 2]


def test_nobody_is_told_once_it_is_closed(qtbot: QtBot) -> None:
    """An answer that was on its way finds pages whose profile is closed by then."""
    made, told, started = Jobs(), list[object](), threading.Event()

    def ask(flag: CancelFlag) -> None:
        started.set()
        flag._event.wait(20)
        raise FileError("The server went away.", "Try again.")

    made.run_on_servers(ask, told.append, told.append)
    made.run_on_store(lambda: 1, told.append, told.append)
    assert started.wait(20)
    assert made.close()
    qtbot.waitUntil(lambda: not made.is_busy, timeout=5_000)
    assert told == []
