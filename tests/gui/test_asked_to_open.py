"""Requests of the system to open something while the program runs: PDFs, and links from another device."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.ui.app.main_window import MainWindow
from tests.gui.conftest import Opener
from tests.gui.semester import write_pdfs
from tests.gui.user_actions import controls, shows_text, wait_until, wait_until_idle

LINK = "upschedule:link?server=https%3A%2F%2Fsync.example.org&code=AB12-CD34"
EVENTS = """
import sys
from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from desktop.config import Settings
from desktop.ui.app.main import Application, make_application

app = make_application(Settings())
heard = []
app.open_requested.connect(lambda url: heard.append(url.toString()))
for event in (QFileOpenEvent(sys.argv[1]), QFileOpenEvent(QUrl("upschedule:link?code=1"))):
    QApplication.postEvent(app, event)
app.processEvents()
print(*heard, sep="\\n")
"""


def test_the_events_of_macos_are_heard(tmp_path: Path) -> None:
    pdf = tmp_path / "My lectures.pdf"
    done = subprocess.run([sys.executable, "-c", EVENTS, pdf], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines() == [QUrl.fromLocalFile(str(pdf)).toString(), "upschedule:link?code=1"]


def test_a_pdf_is_read(open_window: Opener, stored: Path, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(stored)
    pdf = write_pdfs(tmp_path)[0]
    window.open_url(QUrl.fromLocalFile(str(pdf)))
    wait_until(qtbot, lambda: shows_text(window, pdf.name))


def test_a_link_fills_in_the_form_and_sends_nothing(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_url(QUrl(LINK))
    assert typed(window, qtbot) == {"Server": "https://sync.example.org", "Code": "AB12-CD34"}


def test_a_link_that_is_none_says_what_to_do(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_url(QUrl("upschedule:link?code="))
    assert typed(window, qtbot)["Code"] == ""
    assert shows_text(window.page("sync"), "Make a new code on the other device.")


def typed(window: MainWindow, qtbot: QtBot) -> dict[str, str]:
    page = window.page("sync")
    wait_until(qtbot, lambda: "Sign in with the code" in controls(page))
    wait_until_idle(qtbot, window)
    fields = page.findChildren(QLineEdit)
    return {name: field.text() for field in fields if (name := field.accessibleName()) in {"Server", "Code"}} | {
        "Server": page._form._server.text()
    }
