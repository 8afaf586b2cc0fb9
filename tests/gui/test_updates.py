"""Updates, as a student sees them: permission asked once, a quiet notice, installed only on request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop import __version__
from desktop.ui import routes
from desktop.ui.app import main_window
from desktop.ui.app.main_window import MainWindow
from desktop.ui.session import network_cost, update_link
from desktop.updates import installing
from desktop.updates.installing import UpdateState, load_state, save_state
from desktop.updates.source import Source
from desktop.workflows import updates
from tests.e2e.updates.publisher import INSTALLER, Publisher, ServedFolder, served_folder
from tests.gui.conftest import Opener
from tests.gui.user_actions import choose_entry, combo_box, control, controls, wait_until, wait_until_idle

QUESTION = "This program can look for new versions once a day."


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes the delay after the first frame."""
    monkeypatch.setattr(main_window, "SYNC_AFTER", 0)


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Publisher:
    made = Publisher(tmp_path_factory.mktemp("published") / "published")
    made.publish("9.0.0", changes={"9.0.0": "Added\n• Maps of <b>campus</b>.", "8.0.0": "• Buses.", "0.1.0": "• Old."})
    return made


@pytest.fixture
def server(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedFolder]:
    with served_folder(publisher.folder) as at:
        monkeypatch.setattr(updates, "source", lambda: Source(at.address, publisher.root))
        yield at


def started(window: MainWindow, qtbot: QtBot) -> None:
    """Waits until the work that follows the first frame is done."""
    wait_until(qtbot, lambda: window._watcher is not None)
    wait_until_idle(qtbot, window)


def settings(window: MainWindow, qtbot: QtBot) -> QWidget:
    window.open_page(routes.SettingsRoute())
    wait_until_idle(qtbot, window)
    return window.page("settings")


def texts(page: QWidget) -> list[str]:
    return [each.text() for each in page.findChildren(QLabel) if each.isVisible() and each.text()]


def test_a_copy_without_an_address_says_that_it_cannot_look(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    started(window, qtbot)
    assert window.notice_bar.text == ""
    page = settings(window, qtbot)
    assert "This copy cannot look for new versions." in texts(page)
    assert "Look now" not in controls(page)


def test_it_is_asked_about_once_and_nothing_is_looked_for_before(
    open_window: Opener, stored: Path, server: ServedFolder, qtbot: QtBot
) -> None:
    window = open_window(stored)
    started(window, qtbot)
    assert window.notice_bar.text == QUESTION
    control(window.notice_bar, "Dismiss").click()
    wait_until_idle(qtbot, window)
    window.close()
    assert '"never"' in (stored / "settings.json").read_text()
    assert server.asked == []


def test_what_is_new_is_shown_and_its_page_opened(
    open_window: Opener, stored: Path, server: ServedFolder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    window = open_window(stored)
    started(window, qtbot)
    control(window.notice_bar, "Look once a day").click()
    wait_until(qtbot, lambda: window.session.update_link.new_version is not None)
    page = settings(window, qtbot)
    assert combo_box(page, "Look for them").currentText() == "Once a day"
    assert "Version 9.0.0 is available" in texts(page)
    said = texts(page)
    first = said.index("Version 9.0.0")
    assert said[first : first + 4] == ["Version 9.0.0", "Added\n• Maps of <b>campus</b>.", "Version 8.0.0", "• Buses."]
    assert "• Old." not in said, "this version has it already"
    control(page, "Open the download page").click()
    assert opened == [QUrl("https://example.org/9.0.0")]
    assert "Install and restart" not in controls(page), "this system has no installer that replaces the program"


def daily(stored: Path, open_window: Opener, qtbot: QtBot) -> MainWindow:
    window = open_window(stored)
    window.session.change_settings(new_versions="daily")
    started(window, qtbot)
    return window


def test_it_looks_once_a_day_and_says_quietly_what_it_found(
    open_window: Opener, stored: Path, server: ServedFolder, qtbot: QtBot
) -> None:
    window = daily(stored, open_window, qtbot)
    wait_until(qtbot, lambda: window.notice_bar.text == "Version 9.0.0 is available.")
    control(window.notice_bar, "See what is new").click()
    assert window.current_page == "settings"
    asked = len(server.asked)
    window.session.update_link._check_if_due()
    wait_until_idle(qtbot, window)
    assert len(server.asked) == asked
    save_state(stored / "updates", UpdateState(datetime.now(UTC) - timedelta(hours=25)))
    window.session.update_link._check_if_due()
    wait_until(qtbot, lambda: len(server.asked) > asked)
    wait_until_idle(qtbot, window)


def test_a_metered_connection_is_left_alone(
    open_window: Opener, stored: Path, server: ServedFolder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_link, "is_metered", lambda: True)
    window = daily(stored, open_window, qtbot)
    assert server.asked == []
    assert window.notice_bar.text == ""


def test_a_system_that_never_tells_what_a_connection_costs_holds_nobody() -> None:
    assert not network_cost.is_metered(["sleep", "600"], timeout_seconds=0.2)
    assert not network_cost.is_metered(["/nowhere/upschedule"])
    assert network_cost.is_metered(["echo", "metered"])
    assert not network_cost.is_metered(), "the machine of these tests is on no such connection, or does not know"


def test_trouble_of_a_daily_look_is_told_in_settings_alone(
    open_window: Opener, stored: Path, server: ServedFolder, qtbot: QtBot
) -> None:
    server.altered["timestamp.json"] = lambda handler: handler.send_error(503)
    window = daily(stored, open_window, qtbot)
    wait_until(qtbot, lambda: window.session.update_link.error is not None)
    assert window.notice_bar.text == ""
    page = settings(window, qtbot)
    assert "New versions cannot be looked for: the server answered 503." in texts(page)
    control(page, "Look now").click()
    wait_until(qtbot, lambda: window.notice_bar.text.endswith("503."))


def test_installing_fetches_it_whole_starts_it_and_closes_the_window(
    open_window: Opener, stored: Path, server: ServedFolder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[list[str], bytes]] = []

    def popen(command: list[str], **_how: object) -> None:
        begun.append((command[1:], Path(command[0]).read_bytes()))

    monkeypatch.setattr(updates, "can_install", lambda: True)
    monkeypatch.setattr(installing, "subprocess", SimpleNamespace(Popen=popen, DEVNULL=-3))
    window = daily(stored, open_window, qtbot)
    wait_until(qtbot, lambda: window.session.update_link.new_version is not None)
    page = settings(window, qtbot)
    control(page, "Install and restart").click()
    wait_until(qtbot, lambda: not window.isVisible())
    assert begun == [(["/S", "/UPDATE"], INSTALLER)]
    assert load_state(stored / "updates").installing == "9.0.0"
    monkeypatch.undo()
    again = open_window(stored)
    again.session.update_link.start()
    assert again.notice_bar.text == "Version 9.0.0 could not be installed."
    assert load_state(stored / "updates").installing == "", "told once"


def test_a_version_that_is_here_is_told(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    save_state(stored / "updates", UpdateState(installing=__version__))
    window = open_window(stored)
    started(window, qtbot)
    assert window.notice_bar.text == f"This is version {__version__} now."


def test_a_choice_is_kept(open_window: Opener, stored: Path, server: ServedFolder, qtbot: QtBot) -> None:
    window = daily(stored, open_window, qtbot)
    wait_until(qtbot, lambda: not window.session.update_link.is_busy)
    page = settings(window, qtbot)
    choose_entry(combo_box(page, "Look for them"), "Never")
    wait_until_idle(qtbot, window)
    assert '"new_versions": "never"' in (stored / "settings.json").read_text()
