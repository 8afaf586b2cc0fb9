"""The week shown first: the current one, or the nearest with any content."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.app import App
from desktop.ui.session.state import State
from desktop.workflows import timetable


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (datetime(2026, 1, 2, 9), date(2026, 2, 9)),
        (datetime(2026, 3, 25, 9), date(2026, 3, 23)),
        (datetime(2026, 6, 12, 23), date(2026, 6, 8)),
        (datetime(2026, 12, 1, 9), date(2026, 6, 8)),
        (datetime(2027, 3, 1, 9), date(2026, 2, 9)),
    ],
    ids=["before all", "amid", "on the last day", "after all", "in another year"],
)
def test_the_first_week_looked_at_holds_something(
    stored: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, today: datetime, monday: date
) -> None:
    monkeypatch.setattr(State, "now", lambda _self: today)
    state = State()
    with App.open(stored) as app:
        state.set_view(timetable.view(app.store, 2026, today.date()))
    assert state.occurrences()[-1].date == date(2026, 6, 12)
    assert state.monday == monday
    state.set_week(date(2026, 4, 1))
    assert state.monday == date(2026, 3, 30)
