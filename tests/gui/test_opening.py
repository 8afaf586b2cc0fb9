"""A page that is opened for the first time is built over several rounds of the event loop."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.config import Settings
from desktop.ui import routes
from desktop.ui.app.main import make_window
from desktop.ui.routes import PAGES
from tests.gui.conftest import Opener
from tests.gui.user_actions import TIMEOUT_MS, wait_until, wait_until_idle


def test_the_page_before_is_seen_until_the_next_is_made(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    before = window.stack.currentWidget()
    rounds = 0
    window.open_page(routes.YearRoute())
    assert window.current_page == "year"
    while window.stack.currentWidget() is before:
        rounds += 1
        QApplication.processEvents()
    assert rounds > 5
    page = window.page("year")
    assert window.stack.currentWidget() is page
    wait_until(qtbot, window.stack.updatesEnabled)
    assert page.isAncestorOf(QApplication.focusWidget() or window) or page.hasFocus()


def test_what_is_typed_meanwhile_reaches_the_page_that_was_asked_for(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    handle = window.windowHandle()
    assert isinstance(handle, QWindow)
    window.open_page(routes.SearchRoute())
    QTest.keyClick(handle, Qt.Key.Key_C)
    wait_until(qtbot, lambda: any(field.text() == "c" for field in window.page("search").findChildren(QLineEdit)))


def test_another_page_asked_for_meanwhile_is_the_one_that_is_shown(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    for _ in range(4):
        window.open_page(routes.YearRoute())
        QApplication.processEvents()
        window.open_page(routes.WeekRoute())
        qtbot.wait(1)
    wait_until_idle(qtbot, window)
    assert window.current_page == "week"
    assert window.stack.currentWidget() is window.page("week")
    window.open_page(routes.YearRoute())
    window.page("year")  # whoever asks for it has it at once
    assert window.stack.currentWidget() is window.page("year")


def test_no_page_opens_a_window_of_its_own(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    for entry in PAGES:
        window.open_page(entry.route())
        while window.stack.currentWidget() is not window._pages.get(entry.name):
            QApplication.processEvents()
        assert window.isActiveWindow(), entry.name  # else it went to another for a moment


@pytest.mark.usefixtures("open_window")
def test_a_window_that_is_not_shown_makes_a_page_at_once(stored: Path, qtbot: QtBot) -> None:
    """As that of a program which began at login, until somebody asks for it."""
    window = make_window(stored, Settings())
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.session.opened, timeout=TIMEOUT_MS):
        window.open_profile("week")
    window.open_page(routes.YearRoute())
    assert window.stack.currentWidget() is window.page("year")
    window.quit_without_asking()
