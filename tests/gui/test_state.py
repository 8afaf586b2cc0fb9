"""The week shown first: the current one, or the nearest with any content."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.app import App
from desktop.ui.session.state import ViewState
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
    monkeypatch.setattr(ViewState, "now", lambda _self: today)
    state = ViewState()
    with App.open(stored) as app:
        state.set_view(timetable.compute_view(app.store, 2026, today.date()))
    assert state.occurrences()[-1].date == date(2026, 6, 12)
    assert state.shown_monday == monday
    state.show_week(date(2026, 4, 1))
    assert state.shown_monday == date(2026, 3, 30)
