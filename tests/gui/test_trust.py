"""Small things that students rely on in the window."""

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
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.routes import PAGES_BY_NAME
from desktop.ui.session.session import Session
from desktop.ui.session.state import ViewState
from tests.gui.conftest import Opener
from tests.gui.semester import LECTURES, NOW, write_pdfs
from tests.gui.user_actions import controls, press, shows_text, wait_until, wait_until_idle


def test_it_opens_on_today_wherever_it_was_left(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ModulesRoute())
    wait_until_idle(qtbot, window)
    window.quit_without_asking()
    again = open_window(stored)
    assert again.current_page == "today"


def test_quitting_while_files_are_read_asks(
    open_window: Opener, stored: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = open_window(stored)
    monkeypatch.setattr(Session, "is_reading", True)
    window.close()
    assert window.isVisible()
    asked = window.findChild(QDialog)
    assert asked is not None
    assert shows_text(asked, "Files are still being read")
    press(qtbot, asked, "Keep reading")
    assert window.isVisible()
    window.close()
    again = [each for each in window.findChildren(QDialog) if each.isVisible()]
    press(qtbot, again[-1], "Quit")
    wait_until(qtbot, lambda: not window.isVisible())


@pytest.mark.parametrize("shift", [False, True])
def test_after_an_undo_redo_is_offered_and_either_key_does_it(
    shift: bool, open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    view = window.session.state.view
    assert view is not None
    window.session.perform(choices.hide_module(view.timetable, "DEF 202"))
    wait_until_idle(qtbot, window)
    assert "Undo" in controls(window.notice_bar)
    assert "Undo: Hid DEF 202 (Ctrl+Z)" in controls(window.sidebar)
    press(qtbot, window.sidebar, "Undo: Hid DEF 202 (Ctrl+Z)")
    wait_until_idle(qtbot, window)
    assert "Redo" in controls(window.notice_bar)
    assert "Redo: Hid DEF 202 (Ctrl+Y)" in controls(window.sidebar)
    control, both = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ControlModifier
    both |= Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Z if shift else Qt.Key.Key_Y, both if shift else control)
    wait_until_idle(qtbot, window)
    found = window.session.state.view
    assert found is not None
    assert found.timetable.modules["DEF 202"].hidden


def test_an_error_leaves_with_its_page(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    window.session.notices.show_error(NotAllowed("That cannot be.", "Try another."))
    assert window.notice_bar.text == "That cannot be."
    window.open_page(routes.ModulesRoute())
    assert window.notice_bar.text == ""


def test_clashes_that_are_past_are_gone(
    open_window: Opener, stored: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = open_window(stored)
    window.open_page(routes.ClashesRoute())
    wait_until_idle(qtbot, window)
    assert not shows_text(window.page("clashes"), "Nothing clashes")
    monkeypatch.setattr(ViewState, "now", lambda _self: NOW.replace(month=12))
    window.page("clashes").invalidate()
    wait_until_idle(qtbot, window)
    assert shows_text(window.page("clashes"), "Nothing clashes")
    window.open_page(routes.TodayRoute())
    window.page("today").invalidate()
    wait_until_idle(qtbot, window)
    assert not shows_text(window.page("today"), "To do")


def test_after_the_years_end_the_week_is_the_last_one_and_says_so(
    open_window: Opener, stored: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    wait_until_idle(qtbot, window)
    assert not shows_text(window.page("week"), "Nothing of 2026 is left")
    window.quit_without_asking()
    monkeypatch.setattr(ViewState, "now", lambda _self: NOW.replace(month=12))
    again = open_window(stored, page="week")
    wait_until_idle(qtbot, again)
    assert again.page("week").title() == "8 – 14 June 2026"
    assert shows_text(again.page("week"), "Nothing more in 2026. The last event was on Friday 12 June.")


def test_tools_say_words_where_there_is_room(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week", size=(1500, 800))
    page = window.page("week")
    assert isinstance(page, WeekPage)
    wait_until_idle(qtbot, window)
    assert page._paper.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    assert page._paper.width() >= page._paper.sizeHint().width()
    assert page._title.text() == page.title(), "the title has the room that it asks for"
    window.resize(1000, 700)
    wait_until_idle(qtbot, window)
    assert page._paper.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
    assert page._paper.accessibleName() == "Print or save a picture (Ctrl+P)"


def test_the_program_has_its_icon(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    open_window(stored)
    make_application(Settings(motion="none"))
    assert not QGuiApplication.windowIcon().pixmap(64, 64).isNull()


def test_import_shows_the_accepted_documents_with_their_undo(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ImportRoute())
    page = window.page("import")
    wait_until_idle(qtbot, window)
    assert shows_text(page, "Accepted documents")
    undo = "Undo import: lectures.pdf"
    wait_until(qtbot, lambda: undo in controls(page))
    press(qtbot, page, undo)
    wait_until(qtbot, lambda: undo not in controls(page))
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert not view.timetable.meetings
    assert "Undo import: exams.pdf" in controls(page)
    press(qtbot, page, "History")
    assert window.current_page == "history"


def test_meetings_are_counted_alike_everywhere(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """Two of the nine rows are one meeting, in two rooms."""
    window = open_window(profile)
    window.read_files(write_pdfs(tmp_path, LECTURES))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=120_000)
    wait_until_idle(qtbot, window)
    assert shows_text(window.page("review"), "8 meetings of 3 modules")
    window.open_page(routes.ImportRoute())
    wait_until_idle(qtbot, window)
    assert shows_text(window.page("import"), "8 meetings of 3 modules")
    press(qtbot, window.page("import"), "Review 1 document")
    press(qtbot, window.page("review"), "Accept 8 meetings")
    wait_until(qtbot, lambda: not window.session.state.is_empty)
    for name in ("import", "history"):
        window.open_page(PAGES_BY_NAME[name].route())
        wait_until_idle(qtbot, window)
        assert shows_text(window.page(name), "lectures.pdf · 8 meetings"), name
