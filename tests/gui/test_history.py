"""The history of imports: the accepted ones, withdrawing one, and undoing that."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui import routes
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, press, shows_text, wait_until, wait_until_idle


def test_an_import_is_taken_back_and_undone(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.HistoryRoute())
    page = window.page("history")
    wait_until(qtbot, lambda: shows_text(page, ".pdf"))
    wait_until_idle(qtbot, window)
    before = window.session.state.view
    assert before is not None
    count = len(list(before.timetable.items()))
    back = control(page, "Undo import")
    for _ in range(2):  # a double click takes it back once
        qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, window)
    assert window.notice_bar.text.startswith("Undid the import of")
    wait_until(qtbot, lambda: shows_text(page, "undone"))
    after = window.session.state.view
    assert after is not None
    assert len(list(after.timetable.items())) < count
    press(qtbot, page, "Undo")
    wait_until_idle(qtbot, window)
    again = window.session.state.view
    assert again is not None
    assert len(list(again.timetable.items())) == count


@pytest.fixture
def in_pretoria(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of this machine is that of Pretoria."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "Africa/Johannesburg")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has no way to set the clock's zone")
@pytest.mark.usefixtures("in_pretoria")
def test_the_time_of_an_import_is_that_of_the_clock_on_the_wall(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    window.open_page(routes.HistoryRoute())
    page = window.page("history")
    wait_until(qtbot, lambda: shows_text(page, ".pdf"))
    for at in window.session.app.store.last_act_times("import").values():
        there = at.astimezone(timezone(timedelta(hours=2)))
        assert shows_text(page, f"at {there:%H:%M}")
