"""The history of imports: what was accepted, one of them taken back, and that undone."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.gui.conftest import Opener
from tests.gui.hands import press, says, settle, until


def test_an_import_is_taken_back_and_undone(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page("history")
    page = window.page("history")
    until(qtbot, lambda: says(page, ".pdf"))
    settle(qtbot, window)
    before = window.session.state.view
    assert before is not None
    count = len(list(before.timetable.items()))
    press(qtbot, page, "Take back")
    settle(qtbot, window)
    until(qtbot, lambda: says(page, "taken back"))
    after = window.session.state.view
    assert after is not None
    assert len(list(after.timetable.items())) < count
    press(qtbot, page, "Undo")
    settle(qtbot, window)
    again = window.session.state.view
    assert again is not None
    assert len(list(again.timetable.items())) == count
