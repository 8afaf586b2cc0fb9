"""Writing into a calendar on a real CalDAV server on loopback: previewed, written, changed there, removed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree, ignore_patterns
from urllib.parse import parse_qs, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.calendars.dav import DavConnection
from desktop.calendars.ical import write_event
from desktop.domain.commands import choices
from desktop.domain.errors import NotReachable
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.push.page import PushPage
from desktop.ui.pages.push.target_form import TargetForm
from desktop.workflows import push
from tests.clients import servers
from tests.clients.google_server import GoogleServer
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, press, shows_text, visible_texts, wait_until, wait_until_idle

REMOVE = "Remove everything that was ever written"


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("radicale")
    with servers.radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


def calendars_page(window: MainWindow, qtbot: QtBot) -> PushPage:
    window.open_page(routes.ExportRoute())
    wait_until_idle(qtbot, window)
    if "Include all as tentative" in controls(window.page("export")):  # asked once
        press(qtbot, window.page("export"), "Include all as tentative")
        wait_until_idle(qtbot, window)
    press(qtbot, window.page("export"), "Add to calendar")
    page = window.page("calendars")
    assert isinstance(page, PushPage)
    wait_until_idle(qtbot, window)
    return page


def fill_in(qtbot: QtBot, page: PushPage, address: str, password: str = servers.PASSWORD) -> None:
    press(qtbot, page, "Another server")
    page.form.server.setText(address)
    page.form.user.setText(servers.USER)
    page.form.password.setText(password)
    press(qtbot, page, "Show what would be written")


def kinds(page: PushPage) -> list[str]:
    assert page.plan is not None
    return [each.text(0) for each in page.plan._items]


def files(address: str) -> list[str]:
    with closing(DavConnection(address, servers.USER, servers.PASSWORD)) as connection:
        found: list[str] = []
        for each in connection.propfind(f"{address}{servers.USER}/", "<d:getetag/>", 1).items:
            with suppress(NotReachable):  # a calendar may go while it is asked about
                listed = connection.propfind(each.url, "<d:getetag/>", 1).items
                found += [item.url for item in listed if item.url.endswith(".ics")]
        return found


def test_planned_written_changed_there_and_taken_away(
    open_window: Opener, stored: Path, radicale: str, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = calendars_page(window, qtbot)
    for way in page.form._chips.values():
        qtbot.mouseClick(way, Qt.MouseButton.LeftButton)
        wait_until_idle(qtbot, window)
        assert REMOVE not in controls(page), "nothing was ever written"
    fill_in(qtbot, page, radicale)
    wait_until(qtbot, lambda: page.plan is not None)
    wait_until_idle(qtbot, window)
    assert REMOVE not in controls(page), "nor is there anything"
    total = len(kinds(page))
    assert set(kinds(page)) == {"Add"}
    wait_until(qtbot, lambda: shows_text(page, f"{total} to add"))
    assert files(radicale) == [], "nothing is sent before the plan was read"
    press(qtbot, page, f"Write {total} events")
    wait_until(qtbot, lambda: shows_text(page, f"{total} events written"))
    assert len(files(radicale)) == total
    wait_until_idle(qtbot, window)
    assert any("Another server" in text and "of 2026" in text for text in visible_texts(page))

    with closing(DavConnection(radicale, servers.USER, servers.PASSWORD)) as connection:
        connection.write("DELETE", files(radicale)[0])
    view = window.session.state.view
    assert view is not None
    meeting = next(each for each in view.timetable.meetings if each.module == "ABC 101" and each.activity == "L1")
    window.session.perform(choices.skip_date(view.timetable, meeting.id, date(2026, 3, 30)))
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Show what would be written")
    wait_until(qtbot, lambda: page.plan is not None)
    assert kinds(page).count("Removed there") == 1
    assert page.plan is not None
    gone = next(each for each in page.plan._items if each.text(0) == "Removed there")
    gone.setCheckState(0, Qt.CheckState.Checked)
    wait_until(qtbot, lambda: page.plan is not None and "Add" in kinds(page))

    press(qtbot, page, "Cancel")
    press(qtbot, page, "Google")
    wait_until_idle(qtbot, window)
    assert REMOVE not in controls(page), "nothing was written there"
    press(qtbot, page, "Another server")
    wait_until_idle(qtbot, window)
    page.form.password.setText(servers.PASSWORD)
    press(qtbot, page, REMOVE)
    assert shows_text(page, "goes away")
    assert len(files(radicale)) == total - 1, "it is asked first"
    press(qtbot, page, "Remove everything there")
    wait_until(qtbot, lambda: not page._progress_panel.isVisible() and not files(radicale))
    wait_until_idle(qtbot, window)
    assert not shows_text(page, "of 2026, written")
    assert REMOVE not in controls(page)


def test_a_look_alike_is_offered_for_removal_before_the_first_push(
    open_window: Opener, stored: Path, radicale: str, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = calendars_page(window, qtbot)
    fill_in(qtbot, page, radicale)
    wait_until(qtbot, lambda: page.plan is not None)
    assert page.plan is not None
    event = page.plan.drawn.events[0]
    total = len(kinds(page))
    press(qtbot, page, f"Write {total} events")
    wait_until(qtbot, lambda: len(files(radicale)) == total)
    wait_until_idle(qtbot, window)
    theirs = urljoin(files(radicale)[0], "theirs.ics")
    with closing(DavConnection(radicale, servers.USER, servers.PASSWORD)) as connection:
        other = write_event(replace(event, uid="theirs", title=event.title.replace(" · ", " ")))
        connection.write("PUT", theirs, other, {"Content-Type": "text/calendar"})
    press(qtbot, page, REMOVE)
    press(qtbot, page, "Remove everything there")
    wait_until(qtbot, lambda: files(radicale) == [theirs])
    wait_until_idle(qtbot, window)

    press(qtbot, page, "Show what would be written")
    wait_until(qtbot, lambda: page.plan is not None)
    assert kinds(page) == ["There already"] + ["Add"] * total  # what there is to decide comes first
    wait_until(qtbot, lambda: shows_text(page, "1 is there already"))  # a layout shows what it was given a moment later
    assert shows_text(page, "not from this program")
    assert f"Write {total} events" in controls(page), "it stays by itself"
    page.plan._items[0].setCheckState(0, Qt.CheckState.Checked)
    wait_until(qtbot, lambda: page.plan is not None and kinds(page)[0] == "Remove")
    press(qtbot, page, f"Write {total + 1} events")
    wait_until(qtbot, lambda: len(files(radicale)) == total and theirs not in files(radicale))
    wait_until_idle(qtbot, window)
    press(qtbot, page, REMOVE)
    press(qtbot, page, "Remove everything there")
    wait_until(qtbot, lambda: not files(radicale))
    wait_until_idle(qtbot, window)


def test_what_another_machine_wrote_can_be_removed_once_it_was_seen(
    open_window: Opener, stored: Path, tmp_path: Path, radicale: str, qtbot: QtBot
) -> None:
    copytree(stored, tmp_path / "copy", ignore=ignore_patterns("*.lock"))
    first = open_window(stored)
    page = calendars_page(first, qtbot)
    fill_in(qtbot, page, radicale)
    wait_until(qtbot, lambda: page.plan is not None)
    page.write()
    wait_until(qtbot, lambda: shows_text(page, "events written"))
    wait_until_idle(qtbot, first)

    other = open_window(tmp_path / "copy")
    there = calendars_page(other, qtbot)
    press(qtbot, there, "Another server")
    wait_until_idle(qtbot, other)
    assert REMOVE not in controls(there), "nobody has looked yet"
    fill_in(qtbot, there, radicale)
    wait_until(qtbot, lambda: there.plan is not None)
    press(qtbot, there, REMOVE)
    press(qtbot, there, "Remove everything there")
    wait_until(qtbot, lambda: not there._progress_panel.isVisible() and not files(radicale))
    wait_until_idle(qtbot, other)
    assert REMOVE not in controls(there)


def test_stopped_it_goes_on_from_there(open_window: Opener, stored: Path, radicale: str, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = calendars_page(window, qtbot)
    fill_in(qtbot, page, radicale)
    wait_until(qtbot, lambda: page.plan is not None)
    page.write()
    press(qtbot, page, "Stop")
    wait_until(qtbot, lambda: shows_text(page, "Stopped."))
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Go on")
    wait_until(qtbot, lambda: page.plan is not None)
    assert page.plan is not None
    page.write()
    wait_until(qtbot, lambda: shows_text(page, "events written") or shows_text(page, "event written"))
    press(qtbot, page, REMOVE)
    press(qtbot, page, "Remove everything there")
    wait_until(qtbot, lambda: not page._progress_panel.isVisible() and not files(radicale))
    wait_until_idle(qtbot, window)


def test_a_wrong_password_says_what_to_do(open_window: Opener, stored: Path, radicale: str, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = calendars_page(window, qtbot)
    fill_in(qtbot, page, radicale, password="wrong")
    wait_until(qtbot, window.notice_bar.isVisible)
    wait_until(qtbot, lambda: any("app password" in text for text in visible_texts(window.notice_bar)))
    assert page.form.user.text() == servers.USER, "what was typed stays"
    assert page.form.isEnabled()


def test_a_password_is_kept_only_where_it_is_asked_for(
    open_window: Opener, stored: Path, radicale: str, qtbot: QtBot
) -> None:
    def reopened() -> PushPage:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                wait_until_idle(qtbot, window)
                window.close()
        page = calendars_page(open_window(stored), qtbot)
        press(qtbot, page, "Another server")
        wait_until(qtbot, lambda: not page.session.jobs.is_busy)
        return page

    page = calendars_page(open_window(stored), qtbot)
    fill_in(qtbot, page, radicale)
    wait_until(qtbot, lambda: page.plan is not None)
    assert reopened().form.password.text() == "", "nobody asked for it"

    page = reopened()
    press(qtbot, page, "Keep this password on this machine")
    fill_in(qtbot, page, radicale, password="wrong")
    wait_until(qtbot, page.window().notice_bar.isVisible)
    assert reopened().form.password.text() == "", "a wrong one is of no use"

    page = reopened()
    press(qtbot, page, "Keep this password on this machine")
    fill_in(qtbot, page, radicale)
    wait_until(qtbot, lambda: page.plan is not None)
    page = reopened()
    assert (page.form.server.text(), page.form.user.text()) == (radicale, servers.USER)
    assert control(page, "Keep this password on this machine").isChecked()
    press(qtbot, page, "Nextcloud")
    assert page.form.password.text() == "", "it is the other service's"
    assert not control(page, "Keep this password on this machine").isChecked()
    press(qtbot, page, "Another server")
    press(qtbot, page, "Show what would be written")
    wait_until(qtbot, lambda: page.plan is not None)
    for path in stored.rglob("*"):
        assert path.is_dir() or servers.PASSWORD.encode() not in path.read_bytes(), path

    press(qtbot, page, "Keep this password on this machine")
    wait_until(qtbot, page.window().notice_bar.isVisible)
    assert any("no longer kept" in text for text in visible_texts(page.window().notice_bar))
    page = reopened()
    assert page.form.password.text() == ""
    assert not control(page, "Keep this password on this machine").isChecked()


def test_google_without_a_client_id_says_where_to_get_one(
    open_window: Opener, stored: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UPSCHEDULE_GOOGLE_CLIENT_ID", raising=False)
    window = open_window(stored)
    page = calendars_page(window, qtbot)
    press(qtbot, page, "Google")
    assert shows_text(page, "console.cloud.google.com")
    press(qtbot, page, "Sign in with the browser")
    wait_until(qtbot, window.notice_bar.isVisible)
    assert any("client id" in text for text in visible_texts(window.notice_bar))


def test_the_file_is_opened_with_the_calendar_of_this_computer(
    open_window: Opener, stored: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    window = open_window(stored)
    page = calendars_page(window, qtbot)
    press(qtbot, page, "This computer, Outlook")
    assert shows_text(page, "Open & Export")
    press(qtbot, page, "Open with this computer’s calendar")
    wait_until(qtbot, lambda: bool(opened))
    assert Path(opened[0].toLocalFile()).read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_google_is_signed_in_with_the_browser_and_written_to(
    open_window: Opener, stored: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def browser(url: QUrl) -> bool:
        question = {name: values[0] for name, values in parse_qs(urlsplit(url.toString()).query).items()}
        threading.Thread(target=lambda: urlopen(google.grant(question), timeout=10).close(), daemon=True).start()
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", browser)
    with GoogleServer() as google:
        monkeypatch.setattr(push, "GoogleClient", lambda *_: google.client())
        window = open_window(stored)
        page = calendars_page(window, qtbot)
        press(qtbot, page, "Google")
        press(qtbot, page, "Sign in with the browser")
        wait_until(qtbot, lambda: page.plan is not None)
        assert set(kinds(page)) == {"Add"}
        total = len(kinds(page))
        press(qtbot, page, f"Write {total} events")
        wait_until(qtbot, lambda: shows_text(page, f"{total} events written"))
        wait_until_idle(qtbot, window)
        assert not google.wrong
        press(qtbot, page, "Sign out of Google")
        wait_until(qtbot, lambda: shows_text(window.notice_bar, "Signed out of Google"))
        wait_until(qtbot, lambda: "Sign in with the browser" in controls(page))
        assert "Sign out of Google" not in controls(page)


def test_it_begins_with_the_way_that_asks_for_nothing_then_with_the_one_taken_last(
    open_window: Opener, stored: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UPSCHEDULE_GOOGLE_CLIENT_ID", raising=False)
    window = open_window(stored)
    window.open_page(routes.PushRoute())
    page = window.page("calendars")
    wait_until(qtbot, lambda: "Open with this computer’s calendar" in controls(page))
    press(qtbot, page, "Include all as tentative")
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Nextcloud")
    assert window.session.settings.calendar_way == "Nextcloud"
    again = TargetForm(window.session)
    assert again.target == "Nextcloud"
    again.deleteLater()
