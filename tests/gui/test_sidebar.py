"""The sidebar's sync status, wide and narrow, and waiting items on the first page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.app.main_window import MainWindow
from desktop.ui.texts.language import set_language
from desktop.workflows.sync import Status
from tests.gui.conftest import Opener
from tests.gui.user_actions import TIMEOUT_MS, press, shows_text

SINCE = datetime(2026, 3, 24, 6, 15, tzinfo=UTC)


def stands(window: MainWindow, state: str) -> None:
    """Sets the sync status, as its service reports it."""
    window.session.sync_link._status_received(Status(state, SINCE))


@pytest.fixture
def window(open_window: Opener, stored: Path, qtbot: QtBot) -> MainWindow:
    """The window, once it has looked for an account and found none."""
    made = open_window(stored, page="today")
    qtbot.waitUntil(lambda: made.session.sync_status is not None, timeout=TIMEOUT_MS)
    return made


def test_the_state_of_sync_is_always_in_sight(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    sidebar = window.sidebar
    assert not shows_text(sidebar, "Up to date")
    for state, words in (("in step", "Up to date"), ("working", "Working"), ("offline", "Offline since"), ("off", "")):
        stands(window, state)
        assert shows_text(sidebar, words) is bool(words)
    stands(window, "offline")
    set_language(qapp, "af")
    qtbot.waitUntil(lambda: shows_text(sidebar, "Vanlyn sedert"))
    set_language(qapp, "en")


def test_a_narrow_rail_shows_a_mark_and_says_the_state_to_a_screen_reader(window: MainWindow) -> None:
    window.resize(960, 640)
    assert window.sidebar.is_narrow
    stands(window, "offline")
    assert window.sidebar._mark.isVisible()
    assert "Offline since" in window.sidebar._buttons["sync"].accessibleDescription()
    assert "Offline since" in window.sidebar._buttons["sync"].toolTip()
    stands(window, "off")
    assert not window.sidebar._mark.isVisible()


def test_what_waits_for_somebody_is_on_the_first_page(window: MainWindow, qtbot: QtBot) -> None:
    assert not shows_text(window.page("today"), "Sync cannot go on without you")
    stands(window, "needs you")
    qtbot.waitUntil(lambda: shows_text(window.page("today"), "Sync cannot go on without you"))
    assert shows_text(window.page("today"), "1 clash ahead")
    press(qtbot, window.page("today"), "Look")
    assert window.current_page == "clashes"
