"""A profile that cannot be opened: the window says so, and can repair it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.config import Settings
from desktop.ui.app.main import make_window
from desktop.ui.app.main_window import MainWindow
from desktop.ui.app.profile_error import ProfileErrorPage
from tests.gui.semester import write_pdfs
from tests.gui.user_actions import wait_until_idle


def _window(qtbot: QtBot, profile: Path) -> MainWindow:
    window = make_window(profile, Settings())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.open_profile()
    qtbot.waitUntil(lambda: window.findChild(ProfileErrorPage) is not None, timeout=20_000)
    return window


def _button(window: MainWindow, words: str) -> QPushButton:
    return next(each for each in window.findChildren(QPushButton) if each.text() == words)


def test_a_damaged_database_is_set_aside_and_what_can_be_read_is_kept(stored: Path, qtbot: QtBot) -> None:
    database = stored / "timetable.sqlite3"
    body = bytearray(database.read_bytes())
    body[0:16] = b"not a database.."
    database.write_bytes(body)
    window = _window(qtbot, stored)
    assert any("Nothing of your timetable" in each.text() for each in window.findChildren(QLabel))
    with qtbot.waitSignal(window.session.opened, timeout=20_000):
        _button(window, "Save what can be read").click()
    assert [path for path in stored.rglob("*") if path.is_file() and path.read_bytes()[:16] == b"not a database.."]
    window.close()


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_lost_database_is_made_again_from_its_backup(stored: Path, how: str, qtbot: QtBot) -> None:
    with App.open(stored) as app:
        app.store.sync_repository.recovery_point("before")
    for path in stored.glob("timetable.sqlite3*"):
        path.unlink()
    if how == "empty":
        (stored / "timetable.sqlite3").touch()
    window = _window(qtbot, stored)
    assert any("newest backup" in each.text() for each in window.findChildren(QLabel))
    with qtbot.waitSignal(window.session.opened, timeout=20_000):
        _button(window, "Restore the timetable").click()
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert view.timetable.meetings
    window.close()


def test_a_profile_in_use_is_said_and_opened_once_it_is_free(stored: Path, qtbot: QtBot) -> None:
    other = App.open(stored)
    window = _window(qtbot, stored)
    other.close()
    with qtbot.waitSignal(window.session.opened, timeout=20_000):
        _button(window, "Try again").click()
    assert window.session.state.view is not None
    assert not window.session.state.is_empty
    window.close()


def test_no_key_leads_into_a_profile_that_another_window_has_open(stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    first = make_window(stored, Settings())  # leaves the week it showed last for the next start
    qtbot.addWidget(first)
    first.show()
    with qtbot.waitSignal(first.session.opened, timeout=20_000):
        first.open_profile()
    crashes: list[object] = []
    window = _window(qtbot, stored)
    window.session.jobs.unhandled.connect(crashes.append)
    for key, modifier in (
        (Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
    ):
        qtbot.keyClick(window, key, modifier)
    window.read_files(write_pdfs(tmp_path))
    wait_until_idle(qtbot, window)
    assert isinstance(window.stack.currentWidget(), ProfileErrorPage)
    assert crashes == []
    assert window.session.import_queue.entries == []
    first.close()
    with qtbot.waitSignal(window.session.opened, timeout=20_000):
        _button(window, "Try again").click()
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == "week"
    window.close()
