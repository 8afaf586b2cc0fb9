"""Actions on one meeting in the detail pane: skip a date, set the room, add a note, hide."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.meetings import Meeting
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from tests.gui.conftest import Opener
from tests.gui.user_actions import choose_entry, combo_box, press, wait_until_idle


def shown(window: MainWindow, qtbot: QtBot, label: str) -> DetailPane:
    found = next(each for each in window.session.state.occurrences() if getattr(each.item, "label", "") == label)
    window.session.select(found)
    wait_until_idle(qtbot, window)
    pane = window.findChild(DetailPane)
    assert pane is not None
    return pane


def item(window: MainWindow, label: str) -> Meeting | Assessment:
    view = window.session.state.view
    assert view is not None
    found = next(each for each in view.timetable.items() if getattr(each, "label", "") == label)
    assert isinstance(found, Meeting | Assessment)
    return found


def test_a_day_off_a_room_a_note_and_hiding(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    pane = shown(window, qtbot, "GHI 303 · L1")
    press(qtbot, pane, "Skip on 10 February")
    wait_until_idle(qtbot, window)
    meeting = item(window, "GHI 303 · L1")
    assert isinstance(meeting, Meeting)
    assert len(meeting.skipped) == 1
    pane = shown(window, qtbot, "GHI 303 · L1")
    press(qtbot, pane, "Attend on 10 February")
    wait_until_idle(qtbot, window)
    pane = shown(window, qtbot, "GHI 303 · L1")
    choose_entry(combo_box(pane, "My room"), "Hall 6")
    wait_until_idle(qtbot, window)
    assert item(window, "GHI 303 · L1").venues == ("Hall 6",)
    field = next(each for each in pane.findChildren(QLineEdit) if each.accessibleName() == "Note" and each.isVisible())
    field.setText("Bring a calculator")
    field.editingFinished.emit()
    wait_until_idle(qtbot, window)
    assert item(window, "GHI 303 · L1").note == "Bring a calculator"
    pane = shown(window, qtbot, "GHI 303 · L1")
    press(qtbot, pane, "Hide this class")
    wait_until_idle(qtbot, window)
    assert item(window, "GHI 303 · L1").hidden
    assert not [each for each in window.session.state.occurrences() if getattr(each.item, "module", "") == "GHI 303"]
