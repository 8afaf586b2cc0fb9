"""Small things that a student trusts the window for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from desktop.config import Settings
from desktop.domain.commands import choices
from desktop.domain.errors import NotAllowed
from desktop.ui import routes
from desktop.ui.app.main import make_application
from desktop.ui.session.session import Session
from desktop.ui.session.state import State
from tests.gui.conftest import Opener
from tests.gui.hands import controls, press, says, settle, until
from tests.gui.semester import NOW


def test_it_opens_on_today_wherever_it_was_left(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ModulesRoute())
    settle(qtbot, window)
    window.quit()
    again = open_window(stored)
    assert again.current == "today"


def test_quitting_while_files_are_read_asks(
    open_window: Opener, stored: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = open_window(stored)
    monkeypatch.setattr(Session, "is_reading", True)
    window.close()
    assert window.isVisible()
    asked = window.findChild(QDialog)
    assert asked is not None
    assert says(asked, "Files are still being read")
    press(qtbot, asked, "Keep reading")
    assert window.isVisible()
    window.close()
    again = [each for each in window.findChildren(QDialog) if each.isVisible()]
    press(qtbot, again[-1], "Quit")
    until(qtbot, lambda: not window.isVisible())


@pytest.mark.parametrize("shift", [False, True])
def test_after_an_undo_redo_is_offered_and_either_key_does_it(
    shift: bool, open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    view = window.session.state.view
    assert view is not None
    window.session.perform(choices.hide_module(view.timetable, "DEF 202"))
    settle(qtbot, window)
    assert "Undo" in controls(window.notice_bar)
    assert "Undo: Hid DEF 202 (Ctrl+Z)" in controls(window.sidebar)
    press(qtbot, window.sidebar, "Undo: Hid DEF 202 (Ctrl+Z)")
    settle(qtbot, window)
    assert "Redo" in controls(window.notice_bar)
    assert "Redo: Hid DEF 202 (Ctrl+Y)" in controls(window.sidebar)
    control, both = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ControlModifier
    both |= Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Z if shift else Qt.Key.Key_Y, both if shift else control)
    settle(qtbot, window)
    found = window.session.state.view
    assert found is not None
    assert found.timetable.modules["DEF 202"].hidden


def test_an_error_leaves_with_its_page(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    window.session.notices.handle(NotAllowed("That cannot be.", "Try another."))
    assert window.notice_bar.text == "That cannot be."
    window.open_page(routes.ModulesRoute())
    assert window.notice_bar.text == ""


def test_clashes_that_are_past_are_gone(
    open_window: Opener, stored: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = open_window(stored)
    window.open_page(routes.ClashesRoute())
    settle(qtbot, window)
    assert not says(window.page("clashes"), "Nothing clashes")
    monkeypatch.setattr(State, "now", lambda _self: NOW.replace(month=12))
    window.page("clashes").outdated()
    settle(qtbot, window)
    assert says(window.page("clashes"), "Nothing clashes")
    window.open_page(routes.TodayRoute())
    window.page("today").outdated()
    settle(qtbot, window)
    assert not says(window.page("today"), "To do")


def test_the_program_has_its_icon(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    open_window(stored)
    make_application(Settings(motion="none"))
    assert not QGuiApplication.windowIcon().pixmap(64, 64).isNull()


def test_import_leads_to_the_accepted_documents_and_their_undo(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ImportRoute())
    press(qtbot, window.page("import"), "Accepted documents")
    settle(qtbot, window)
    assert window.current == "history"
    assert any(each.startswith("Undo import") for each in controls(window.page("history")))
