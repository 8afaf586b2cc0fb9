"""How long opening a page blocks the event loop, compared with a Python loop that is timed between the pages.

Measured is the main thread's processor time between two rounds of the event loop, so that other processes do not count.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from statistics import median

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.commands.calendar_commands import confirm_year
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.routes import PAGES, PageEntry
from desktop.ui.session.state import ViewState
from desktop.workflows import imports, timetable
from tests.bench.test_window import SAMPLES, shown
from tests.gui.semester import NOW

YEARS = (2025, 2026)
QUIET = 0.3  # seconds for which nothing may be under way before a page counts as opened


@pytest.fixture
def both_years(tmp_path: Path) -> Path:
    """A profile with the genuine exports of two years."""
    if not SAMPLES.is_dir():
        pytest.skip("the genuine exports are not on this machine")
    profile = tmp_path / "both"
    with App.open(profile) as app:
        for path in sorted(SAMPLES.glob("*.pdf")):
            for draft in app.reader.read(path):
                imports.accept(app.store, imports.propose(app.store, draft, path.name, date(2026, 3, 1)))
        for year in YEARS:
            timetable.apply_act(app.store, confirm_year(year))
    return profile


def busy() -> float:
    """Milliseconds that a fixed piece of work takes just now: as long as everything else does on a slow machine."""
    begun = time.thread_time()
    sum(number * number for number in range(100_000))
    return (time.thread_time() - begun) * 1000


class Watch:
    """The most that the main thread worked without the event loop coming round."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._come_round)
        self._timer.start(0)

    def _come_round(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def stop(self) -> float:
        self._come_round()
        self._timer.stop()
        return self.longest


def held(qtbot: QtBot, window: MainWindow, entry: PageEntry) -> float:
    """Milliseconds that the event loop is held at the longest while a page is opened and painted."""
    watch = Watch()
    window.open_page(entry.route())
    qtbot.waitUntil(lambda: not (window.is_opening or window.session.jobs.is_busy), timeout=60_000)
    qtbot.wait(round(QUIET * 1000))
    return watch.stop() * 1000


def test_opening_each_page(
    benchmark: BenchmarkFixture, qtbot: QtBot, both_years: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = shown(qtbot, both_years, monkeypatch)
    window.resize(1920, 1080)
    qtbot.wait(4000)  # what is loaded beforehand has been
    work, first, again = [busy()], {}, {}
    for found in (first, again):
        for entry in PAGES:
            found[entry.name] = held(qtbot, window, entry)
            work.append(busy())
            QApplication.processEvents()
    unit = median(work)
    for name, each in first.items():
        print(f"\n{name:12} {each:4.0f} ms ({each / unit:4.1f} x), again {again[name]:4.0f} ms", end="")
    print(f"\nthe work that is compared with: {unit:.1f} ms")
    benchmark.extra_info |= {name: round(each / unit, 1) for name, each in first.items()}
    benchmark.pedantic(lambda: held(qtbot, window, next(each for each in PAGES if each.name == "week")), rounds=1)
    window.close()


def test_a_minute_on_today(
    benchmark: BenchmarkFixture, qtbot: QtBot, both_years: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a minute costs while Today is looked at, with all that is painted for it."""
    window = shown(qtbot, both_years, monkeypatch)
    window.resize(1920, 1080)
    window.open_page(routes.TodayRoute())
    qtbot.wait(4000)
    work, taken = [], []
    for minute in range(60):
        now = NOW.replace(hour=13, minute=minute)
        monkeypatch.setattr(ViewState, "now", lambda _self, now=now: now)
        begun = time.thread_time()
        window.session.state.minute_started.emit()
        QApplication.sendPostedEvents()
        taken.append((time.thread_time() - begun) * 1000)
        work.append(busy())
        QApplication.processEvents()
    print(f"\n{median(taken):.1f} ms, {max(taken):.1f} ms at most; the work compared with: {median(work):.1f} ms")
    benchmark.extra_info |= {"median ms": round(median(taken), 2), "work ms": round(median(work), 1)}
    benchmark.pedantic(window.session.state.minute_started.emit, rounds=5)
    window.close()
