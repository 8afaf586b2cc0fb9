"""Everything that waits for a server can be cancelled, and the page is usable again at once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.commands.choices import include_undecided
from desktop.domain.errors import Cancelled
from desktop.ui import routes
from desktop.ui.pages.friends.page import FriendsPage
from desktop.ui.pages.push.page import PushPage
from desktop.ui.session import jobs
from desktop.workflows import friends, sync, timetable
from tests.gui.account import PASSWORD, Person, make_account, sign_in_form, submit_form, sync_page
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, press, shows_text, wait_until, wait_until_idle
from tests.sync.serving import ServerProcess


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that takes every connection and says nothing; no window waits for it as it closes."""
    monkeypatch.setattr(jobs, "STOPPING", 50)
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    for each in held:
        each.close()


def test_a_sign_in_is_cancelled_and_what_was_typed_stays(
    open_window: Opener, profile: Path, silent: str, qtbot: QtBot
) -> None:
    window = open_window(profile)
    page = sync_page(window, qtbot)
    form = sign_in_form(page, qtbot)
    submit_form(form, silent)
    wait_until(qtbot, lambda: shows_text(form, "Asking the server"))
    assert not form._go.isVisible()
    press(qtbot, form, "Cancel")
    assert not shows_text(form, "Asking the server")
    assert form._go.isVisible()
    assert form._name.text() == Person.name
    assert form._password.text() == PASSWORD
    assert not form.is_busy
    qtbot.wait(50)
    assert not form._wrong.isVisible(), "what was cancelled is no error"


def test_an_account_that_was_not_waited_for_is_not_kept(
    open_window: Opener, profile: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    """Nobody saw its recovery key, and the name is free again."""
    window = open_window(profile)
    sync_page(window, qtbot)
    link, told = window.session.sync_link, list[object]()
    link.run_on_account(
        lambda joint: sync.create_account(joint, server.address, Person.name, PASSWORD, cancelled=lambda: True),
        told.append,
        told.append,
    )
    wait_until(qtbot, lambda: bool(told))
    assert isinstance(told[0], Cancelled)
    assert not link.is_signed_in
    make_account(window, server.address, qtbot)
    assert link.is_signed_in


def test_a_calendar_is_looked_for_no_longer(open_window: Opener, stored: Path, silent: str, qtbot: QtBot) -> None:
    with App.open(stored) as app:
        timetable.apply_act(app.store, include_undecided(2026))
    window = open_window(stored)
    window.open_page(routes.PushRoute())
    page = window.page("calendars")
    assert isinstance(page, PushPage)
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Another server")
    for field, text in ((page.form.server, silent), (page.form.user, "ann"), (page.form.password, "word")):
        field.setText(text)
    press(qtbot, page, "Show what would be written")
    wait_until(qtbot, lambda: "Cancel" in controls(page))
    press(qtbot, page, "Cancel")
    wait_until(qtbot, lambda: "Cancel" not in controls(page))
    assert control(page, "Show what would be written").isEnabled()
    assert not shows_text(page, "Stopped.")
    assert window.notice_bar.text == ""


def test_friends_calendars_are_fetched_no_longer(
    open_window: Opener, stored: Path, silent: str, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(FriendsPage, "loopback", True)
    with App.open(stored) as app:
        friends.add(app.store, "Ann", f"{silent}/ann.ics", loopback=True)
    window = open_window(stored)
    window.open_page(routes.FriendsRoute())
    page = window.page("friends")
    press(qtbot, page, "Stop fetching their calendars")
    wait_until(qtbot, lambda: "Stop fetching their calendars" not in controls(page))
    wait_until_idle(qtbot, window)
    assert shows_text(page, "not fetched yet")
    assert control(page, "Fetch their calendars now").isEnabled()


def test_a_late_answer_finds_a_window_that_is_closed(
    open_window: Opener, stored: Path, silent: str, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(FriendsPage, "loopback", True)
    with App.open(stored) as app:
        friends.add(app.store, "Ann", f"{silent}/ann.ics", loopback=True)
    window = open_window(stored)
    window.open_page(routes.FriendsRoute())
    page = window.page("friends")
    assert isinstance(page, FriendsPage)
    wait_until(qtbot, lambda: bool(page._fetching))
    bugs: list[object] = []
    window.session.jobs.unhandled.connect(bugs.append)
    window.close()
    page_job = next(iter(page._fetching.values()))
    assert page_job.flag.is_set()
    qtbot.wait(100)
    assert bugs == []


def test_publishing_is_cancelled(
    open_window: Opener, stored: Path, server: ServerProcess, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    with App.open(stored) as app:
        timetable.apply_act(app.store, include_undecided(2026))
    window = open_window(stored)
    make_account(window, server.address, qtbot)
    window.open_page(routes.PublishRoute())
    page = window.page("publish")
    wait_until_idle(qtbot, window)
    gate = threading.Event()
    from desktop.workflows import feeds

    start = feeds.start

    def slow(*arguments: object, **named: object) -> object:
        gate.wait(60)
        return start(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(feeds, "start", slow)
    press(qtbot, page, "Publish it")
    wait_until(qtbot, lambda: shows_text(page, "Asking the server"))
    press(qtbot, page, "Cancel")
    wait_until(qtbot, lambda: not shows_text(page, "Asking the server"))
    wait_until(qtbot, lambda: control(page, "Publish it").isEnabled())
    gate.set()
    wait_until_idle(qtbot, window)
    window.session.sync_link.run_on_account(lambda _joint: None, lambda _nothing: None)  # after it on the lane
    wait_until_idle(qtbot, window)
    window.session.reload_view()
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert not feeds.feeds_of(view.records), "what came of it was taken back"


def test_the_recovery_key_can_be_copied(
    open_window: Opener, profile: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    from PySide6.QtGui import QGuiApplication

    window = open_window(profile)
    page = sync_page(window, qtbot)
    form = sign_in_form(page, qtbot)
    press(qtbot, form, "Create an account")
    form._server.setText(server.address)
    form._name.setText(Person.name)
    form._password.setText(PASSWORD)
    form._again.setText(PASSWORD)
    assert form._again.echoMode() == QLineEdit.EchoMode.Password
    press(qtbot, form, "Create the account")
    wait_until(qtbot, lambda: shows_text(page, "Your recovery key"))
    press(qtbot, page, "Copy the recovery key")
    assert QGuiApplication.clipboard().text() == page._recovery
