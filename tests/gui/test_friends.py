"""Friends' weeks beside one's own, fetched from a calendar that is really served on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.friends.page import FriendsPage
from desktop.ui.pages.week.block import block_title
from desktop.workflows import friends, profile
from desktop.workflows.friends import friends_of
from tests.gui.conftest import Opener
from tests.gui.user_actions import controls, press, shows_text, visible_texts, wait_until, wait_until_idle

CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//f//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    b"SUMMARY:Anatomy\r\nDTSTART:20260324T100000Z\r\nDTEND:20260324T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
GROUPS = b"X-UP-SCHEDULE-GROUPS;VALUE=URI:upschedule:groups?year=2026&ABC+101/S1/P=P02\r\nBEGIN:VEVENT"


@pytest.fixture
def address() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path.partition("?")[0] == "/ann.ics"
            self.send_response(200 if found else 410)
            body = CALENDAR.replace(b"BEGIN:VEVENT", GROUPS, 1) if "?shares" in self.path else CALENDAR
            self.send_header("Content-Length", str(len(body) if found else 0))
            self.end_headers()
            if found:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    served = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}/ann.ics"
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.fixture(autouse=True)
def friends_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FriendsPage, "loopback", True)


def friends_page(window: MainWindow, qtbot: QtBot) -> FriendsPage:
    window.open_page(routes.FriendsRoute())
    page = window.page("friends")
    assert isinstance(page, FriendsPage)
    wait_until_idle(qtbot, window)
    return page


def add(qtbot: QtBot, page: FriendsPage, name: str, address: str) -> None:
    qtbot.keyClicks(page.name, name)
    qtbot.keyClicks(page.address, address)
    press(qtbot, page, "Add a friend")


def titles(page: FriendsPage) -> set[str]:
    assert page.grid.week is not None
    return {block_title(block) for block in page.grid.week.blocks()}


def test_a_friend_is_added_shown_and_removed(open_window: Opener, stored: Path, address: str, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = friends_page(window, qtbot)
    assert any(text.startswith("11:20 – 13:30") for text in visible_texts(page)), visible_texts(page)
    add(qtbot, page, "Ann", address)
    wait_until(qtbot, lambda: "Ann · Anatomy" in titles(page))
    assert "ABC 101 · L2" in titles(page), "one's own week stays"
    wait_until_idle(qtbot, window)
    wait_until(qtbot, lambda: any(text.startswith("11:20 – 12:00") for text in visible_texts(page)))
    assert shows_text(page, "as of ")
    press(qtbot, page, "Next week")
    assert "Ann · Anatomy" not in titles(page)
    press(qtbot, page, "Previous week")
    press(qtbot, page, "Remove Ann")
    wait_until(qtbot, lambda: "Ann · Anatomy" not in titles(page))
    wait_until_idle(qtbot, window)


def named(page: FriendsPage, name: str) -> QLineEdit:
    """The field with a friend's name, by what it is read out as."""
    words = f"Name of {name}"
    return next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == words and each.isVisible())


def names(page: FriendsPage) -> list[str]:
    """The friends' names, from top to bottom."""
    found = [each for each in page.findChildren(QLineEdit) if each.accessibleName().startswith("Name of ")]
    seen = sorted((each for each in found if each.isVisible()), key=lambda each: each.mapTo(page, each.pos()).y())
    return [each.text() for each in seen]


def test_a_friend_is_called_something_else(open_window: Opener, stored: Path, address: str, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = friends_page(window, qtbot)
    add(qtbot, page, "Ann", address)
    wait_until(qtbot, lambda: "Ann · Anatomy" in titles(page))
    add(qtbot, page, "Ben", f"{address}?ben")
    wait_until(qtbot, lambda: names(page) == ["Ann", "Ben"])
    wait_until_idle(qtbot, window)

    field = named(page, "Ann")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "Zoe  of first year")
    page.invalidate()
    assert field.text() == "Zoe  of first year", "what is typed stays through everything that is redrawn around it"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_until(qtbot, lambda: "Zoe of first year · Anatomy" in titles(page))
    wait_until(qtbot, lambda: names(page) == ["Ben", "Zoe of first year"])  # they stand in the order of their names
    wait_until_idle(qtbot, window)
    assert window.notice_bar.text == "Renamed Ann to Zoe of first year"
    assert "Remove Zoe of first year" in controls(page)
    press(qtbot, window.notice_bar, "Undo")
    wait_until(qtbot, lambda: "Ann · Anatomy" in titles(page))
    wait_until(qtbot, lambda: names(page) == ["Ann", "Ben"])  # the list is laid out after the week


def test_what_is_no_name_is_said_and_escape_brings_the_name_back(
    open_window: Opener, stored: Path, address: str, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = friends_page(window, qtbot)
    add(qtbot, page, "Ann", address)
    wait_until(qtbot, lambda: names(page) == ["Ann"])
    wait_until_idle(qtbot, window)
    field = named(page, "Ann")
    field.setFocus()
    for typed in (" ", "x" * 61):
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        wait_until(qtbot, lambda: shows_text(window.notice_bar, "A friend needs a name of at most 60 characters."))
        assert field.text() == typed, "what was typed stays"
        window.notice_bar.hide()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "Ann"
    view = window.session.state.view
    assert view is not None
    assert [each.name for each in friends_of(view.records)] == ["Ann"]
    wait_until_idle(qtbot, window)


def test_what_cannot_be_fetched_is_said_beside_the_name(
    open_window: Opener, stored: Path, address: str, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = friends_page(window, qtbot)
    add(qtbot, page, "Ben", address.replace("ann", "ben"))
    wait_until(qtbot, lambda: shows_text(page, "no longer published"))


def test_an_address_that_is_none_is_refused_and_stays_typed(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = friends_page(window, qtbot)
    add(qtbot, page, "Ann", "http://example.org/a.ics")
    wait_until(qtbot, window.notice_bar.isVisible)
    assert page.address.text() == "http://example.org/a.ics"


def test_a_friend_out_of_a_backup_is_asked_about(
    open_window: Opener, stored: Path, address: str, qtbot: QtBot, tmp_path: Path
) -> None:
    backup = tmp_path / "all.upschedule"
    with App.open(tmp_path / "theirs") as theirs:
        friends.add(theirs.store, "Ann", address, loopback=True)
        profile.write_backup(theirs.store, backup, datetime(2026, 3, 1, tzinfo=UTC))
    with App.open(stored) as app:
        profile.restore_backup(app.store, profile.read_backup(backup))
    window = open_window(stored)
    page = friends_page(window, qtbot)
    wait_until(qtbot, lambda: shows_text(page, "came with a backup"))
    assert shows_text(page, "127.0.0.1")
    press(qtbot, page, "Allow the address of Ann")
    wait_until(qtbot, lambda: shows_text(page, "as of"))
    assert "Allow" not in controls(page)


def test_a_friend_who_shares_their_groups_is_a_wish_of_the_planner(
    open_window: Opener, stored: Path, address: str, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = friends_page(window, qtbot)
    add(qtbot, page, "Ann & Co", f"{address}?shares")
    wait_until(qtbot, lambda: shows_text(page, "shares groups"))
    wait_until_idle(qtbot, window)
    window.open_page(routes.PlanRoute())
    wait_until(qtbot, lambda: "Same groups as a friend" in controls(window.page("plan")))
    window.open_page(routes.ShareRoute())
    share = window.page("share")
    wait_until(qtbot, lambda: shows_text(share, "Ann & Co’s groups · 1 group"))
    assert shows_text(share, "From their calendar, until they no longer share them.")
    assert not any(words.startswith("Remove:") for words in controls(share))
    window.open_page(routes.FriendsRoute())
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Remove Ann & Co")
    wait_until(qtbot, lambda: not shows_text(share, "Ann & Co"))
    wait_until_idle(qtbot, window)
