"""Tests and exams: in order, with the days left; of one module alone; hidden and shown again."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from tests.gui.conftest import Opener
from tests.gui.hands import press, said, says, settle


def test_they_stand_in_order_with_the_days_left(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="assessments")
    page = window.page("assessments")
    settle(qtbot, window)
    texts = said(page)
    names = [text for text in texts if " · Test1" in text or " · Exam" in text]
    assert names == ["ABC 101 · Test1", "DEF 202 · Test1", "ABC 101 · Exam Written", "DEF 202 · Exam Written"]
    assert "3 days left" in texts
    assert "Preliminary" in texts
    assert says(page, "(assumed)")


def test_one_module_alone_and_details_and_hiding(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.AssessmentsRoute("DEF 202"))
    page = window.page("assessments")
    settle(qtbot, window)
    assert not says(page, "ABC 101")
    press(qtbot, page, "Details of DEF 202 · Test1")
    pane = window.findChild(DetailPane)
    assert pane is not None
    assert pane.isVisible()
    press(qtbot, page, "Hide: DEF 202 · Test1")
    settle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert [each.name for each in view.timetable.assessments if each.hidden] == ["Test1"]
    press(qtbot, page, "Show: DEF 202 · Test1")
    settle(qtbot, window)
    press(qtbot, page, "Show all modules")
    settle(qtbot, window)
    assert says(page, "ABC 101 · Test1")
