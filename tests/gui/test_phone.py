"""The timetable sent to a phone as one file, from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from desktop.ui.pages.phone import PhonePage
from tests.gui.account import make_account
from tests.gui.conftest import Opener
from tests.gui.test_publish import publish_page
from tests.gui.user_actions import controls, press, shows_text, wait_until, wait_until_idle
from tests.sync.serving import ServerProcess


def test_the_file_is_saved_and_says_how_to_send_it(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    press(qtbot, window.page("week"), "Send to my phone")
    page = window.page("phone")
    assert isinstance(page, PhonePage)
    assert shows_text(page, "How to send it")
    press(qtbot, page, "Include all as tentative")
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Save the file")
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith(".html")
    path = tmp_path / "mine.html"
    dialog.fileSelected.emit(str(path))
    wait_until(qtbot, lambda: window.notice_bar.text == "Saved mine.html")
    text = path.read_text("utf-8")
    assert "ABC 101" in text
    assert "Group not chosen yet" in text
    wait_until(qtbot, lambda: "Look at it here" in controls(page))  # a layout shows what it was given a moment later
    dialog.close()


def test_a_calendar_on_this_machine_is_no_promise_for_a_phone(
    open_window: Opener, stored: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    window = open_window(stored)
    make_account(window, server.address, qtbot)
    page = publish_page(window, qtbot)
    press(qtbot, page, "Publish it")
    wait_until(qtbot, lambda: shows_text(page, "a phone cannot reach it"))
    assert not shows_text(page, "Point the phone’s camera at the picture")
    press(qtbot, page, "Send a file to my phone")
    wait_until_idle(qtbot, window)
    phone = window.page("phone")
    wait_until(qtbot, lambda: shows_text(phone, f"Your sync server is on this computer only ({server.address})"))
    assert "Subscribe from my phone" not in controls(phone)
