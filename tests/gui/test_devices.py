"""Managing devices in two windows against a real server: let in by a code, renamed, revoked."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.commands import edits
from desktop.domain.timetable.modules import Module
from desktop.sync.account import Account
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.sync import devices as devices_card
from desktop.ui.pages.sync import waiting_panel
from desktop.ui.pages.sync.devices import DevicesCard
from desktop.ui.pages.sync.page import SyncPage
from tests.gui.account import PASSWORD, Person, make_account, sign_in_form, submit_form, sync_page
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, press, shows_text, wait_until, wait_until_idle
from tests.sync.serving import ServerProcess


class Machines:
    """The name of the machine on which the next window is opened."""

    name = "Desk"


@pytest.fixture(autouse=True)
def _machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Machines, "name", "Desk")
    monkeypatch.setattr("platform.node", lambda: Machines.name)


@pytest.fixture(autouse=True)
def _asking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices_card, "EVERY", 200)
    monkeypatch.setattr(devices_card, "NAMING", 50)  # as long as before in all
    monkeypatch.setattr(waiting_panel, "EVERY", 200)


def modules(window: MainWindow) -> tuple[Module, ...]:
    view = window.session.state.view
    assert view is not None
    return tuple(view.timetable.modules.values())


def devices(page: SyncPage) -> list[str]:
    """The devices' names, from top to bottom."""
    found = [
        each
        for each in page.findChildren(QLineEdit)
        if each.accessibleName().startswith("Name of the device") and each.isVisible()
    ]
    return [each.text() for each in sorted(found, key=lambda each: each.mapTo(page, each.pos()).y())]


def name_field(page: SyncPage, name: str) -> QLineEdit:
    words = f"Name of the device {name}"
    return next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == words and each.isVisible())


def code_on(page: SyncPage) -> str:
    """The code to be typed on the other device."""
    return next(
        each.text()
        for each in page.findChildren(QLabel)
        if each.isVisible() and each.property("role") == "title" and each.text().count("-") > 2
    )


def digits_on(page: SyncPage) -> str:
    """The six digits that both devices show."""
    found = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
    return next((each for each in found if re.fullmatch(r"\d{3} \d{3}", each)), "")


def on_another(open_window: Opener, profile: Path, name: str, qtbot: QtBot) -> MainWindow:
    """A window on another machine, with nothing in it yet."""
    Machines.name = name
    window = open_window(profile)
    sync_page(window, qtbot)
    return window


def enter_code(window: MainWindow, server: ServerProcess, code: str, qtbot: QtBot) -> SyncPage:
    page = sync_page(window, qtbot)
    form = sign_in_form(page, qtbot)
    press(qtbot, form, "I have a code")
    form._server.setText(server.address)
    qtbot.keyClicks(form._code, code)
    press(qtbot, form, "Sign in with the code")
    return page


def pair(
    open_window: Opener, stored: Path, second: Path, server: ServerProcess, qtbot: QtBot
) -> tuple[MainWindow, SyncPage, MainWindow, SyncPage]:
    """A window with an account, and another one that came in by its code."""
    first, page, other, there = let_in(open_window, stored, second, server, qtbot)
    wait_until(qtbot, lambda: other.session.sync_link.is_signed_in and not other.session.state.is_empty)
    return first, page, other, there


def let_in(
    open_window: Opener, stored: Path, second: Path, server: ServerProcess, qtbot: QtBot
) -> tuple[MainWindow, SyncPage, MainWindow, SyncPage]:
    """A window with an account, and another one that is on its way in by its code."""
    first = open_window(stored)
    page = make_account(first, server.address, qtbot)
    wait_until(qtbot, lambda: devices(page) == ["Desk"])
    press(qtbot, page, "Add a device")
    wait_until(qtbot, lambda: "End the code" in controls(page))
    other = on_another(open_window, second, "Pocket", qtbot)
    there = enter_code(other, server, code_on(page), qtbot)
    wait_until(qtbot, lambda: digits_on(page) != "" and digits_on(page) == digits_on(there))
    assert shows_text(page, "Pocket asks to come in.")
    assert not other.session.sync_link.is_signed_in, "nobody is in before the first device says so"
    press(qtbot, page, "Yes, let it in")
    return first, page, other, there


def test_a_device_is_announced_by_the_name_that_it_says_once_it_is_in(
    open_window: Opener,
    stored: Path,
    tmp_path: Path,
    server: ServerProcess,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = threading.Event()
    rename_device = Account.rename_device

    def late(account: Account, device: str, label: str) -> None:
        named.wait(30)
        rename_device(account, device, label)

    monkeypatch.setattr(Account, "rename_device", late)
    first, page, other, _ = let_in(open_window, stored, tmp_path / "second", server, qtbot)
    wait_until(qtbot, lambda: devices(page) == ["Desk", ""])
    assert name_field(page, "A device without a name").placeholderText() == "A device without a name"
    named.set()
    wait_until(qtbot, lambda: devices(page) == ["Desk", "Pocket"])
    wait_until(qtbot, lambda: shows_text(first.notice_bar, "Pocket has signed in"))
    assert not shows_text(first.notice_bar, "without a name")
    wait_until(qtbot, lambda: other.session.sync_link.is_signed_in)
    wait_until_idle(qtbot, other)


def test_a_code_lets_one_device_in_and_ends_with_its_page(
    open_window: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    first, page, other, there = pair(open_window, stored, tmp_path / "second", server, qtbot)
    wait_until(qtbot, lambda: devices(page) == ["Desk", "Pocket"])
    assert shows_text(first.notice_bar, "Pocket has signed in")
    wait_until(
        qtbot, lambda: shows_text(page, "Pocket was let in by a code") and shows_text(page, "Desk created the account")
    )
    wait_until(
        qtbot,
        lambda: shows_text(there, "Pocket was let in by a code") and shows_text(there, "Desk created the account"),
    )
    wait_until(qtbot, lambda: devices(there) == ["Pocket", "Desk"])
    assert shows_text(there, "this one")
    password = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "New password")
    qtbot.keyClicks(password, "half a senten")
    view = other.session.state.view
    assert view is not None
    other.session.perform(edits.rename_module(view.timetable, "ABC 101", "Algebra"))
    wait_until(qtbot, lambda: "Algebra" in {each.title for each in modules(first)})
    wait_until_idle(qtbot, first)
    assert password.isVisible(), "news of another device throws nothing away"
    assert password.text() == "half a senten"
    assert "Add a device" in controls(page), "the code ended as soon as a device was in"
    press(qtbot, page, "Add a device")
    wait_until(qtbot, lambda: "End the code" in controls(page))
    used = code_on(page)
    first.open_page(routes.TodayRoute())
    wait_until_idle(qtbot, first)
    sync_page(first, qtbot)
    assert "Add a device" in controls(page), "leaving the page ends a code"

    third = on_another(open_window, tmp_path / "third", "Library", qtbot)
    late = enter_code(third, server, used, qtbot)
    form = sign_in_form(late, qtbot)
    wait_until(qtbot, lambda: form.isEnabled() and form._wrong.isVisible())
    assert "no longer good" in form._wrong.text()
    assert form._code.text() == used, "what was typed stays"
    assert not third.session.sync_link.is_signed_in
    wait_until_idle(qtbot, third)
    wait_until_idle(qtbot, other)


def test_a_code_ends_after_five_minutes_and_by_a_no(
    open_window: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    first = open_window(stored)
    page = make_account(first, server.address, qtbot)
    press(qtbot, page, "Add a device")
    wait_until(qtbot, lambda: "End the code" in controls(page))
    card = page.findChild(DevicesCard)
    assert card is not None
    assert card._expiry_timer.isActive()
    assert card._expiry_timer.interval() == 300_000
    card._expiry_timer.timeout.emit()
    assert shows_text(first.notice_bar, "The code has expired.")
    wait_until(qtbot, lambda: "Add a device" in controls(page))
    wait_until_idle(qtbot, first)

    press(qtbot, page, "Add a device")
    wait_until(qtbot, lambda: "End the code" in controls(page))
    other = on_another(open_window, tmp_path / "second", "Pocket", qtbot)
    there = enter_code(other, server, code_on(page), qtbot)
    wait_until(qtbot, lambda: digits_on(page) != "" and digits_on(page) == digits_on(there))
    press(qtbot, page, "No, end the code")
    form = sign_in_form(there, qtbot)
    wait_until(qtbot, form._wrong.isVisible)
    assert "no longer good" in form._wrong.text()
    assert not other.session.sync_link.is_signed_in
    wait_until_idle(qtbot, first)
    wait_until_idle(qtbot, other)


def test_signing_out_ends_a_code_that_is_still_shown(
    open_window: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    first = open_window(stored)
    page = make_account(first, server.address, qtbot)
    press(qtbot, page, "Add a device")
    wait_until(qtbot, lambda: "End the code" in controls(page))
    code = code_on(page)
    press(qtbot, page, "Sign out")
    wait_until(qtbot, lambda: not first.session.sync_link.is_signed_in)
    wait_until_idle(qtbot, first)
    other = on_another(open_window, tmp_path / "second", "Pocket", qtbot)
    form = sign_in_form(enter_code(other, server, code, qtbot), qtbot)
    wait_until(qtbot, lambda: form.isEnabled() and form._wrong.isVisible())
    assert "no longer good" in form._wrong.text()

    form = sign_in_form(page, qtbot)
    submit_form(form, server.address)
    wait_until(qtbot, lambda: devices(page) == ["Desk"])
    assert "End the code" not in controls(page), "nor is it shown to whoever signs in next"
    wait_until_idle(qtbot, first)
    wait_until_idle(qtbot, other)


def test_a_device_is_called_something_else_and_keeps_that_name(
    open_window: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    first, page, other, there = pair(open_window, stored, tmp_path / "second", server, qtbot)
    wait_until(qtbot, lambda: devices(page) == ["Desk", "Pocket"])
    field = name_field(page, "Pocket")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "My  phone")
    page.invalidate()
    wait_until_idle(qtbot, first)
    assert field.isVisible(), "what is typed stays through all that is redrawn around it"
    assert field.text() == "My  phone"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_until(qtbot, lambda: devices(page) == ["Desk", "My phone"])
    assert "Lock out My phone" in controls(page)
    other.open_page(routes.TodayRoute())
    other.open_page(routes.SyncRoute())
    wait_until(qtbot, lambda: devices(there) == ["My phone", "Desk"])

    field = name_field(page, "My phone")
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_until(qtbot, lambda: shows_text(first.notice_bar, "A device needs a name of at most 60 characters."))
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "My phone"

    wait_until_idle(qtbot, other)
    press(qtbot, there, "Sign out")
    wait_until(qtbot, lambda: not other.session.sync_link.is_signed_in)
    wait_until_idle(qtbot, other)
    form = sign_in_form(there, qtbot)
    submit_form(form, server.address)
    wait_until(qtbot, lambda: devices(there) == ["My phone", "Desk"])
    wait_until_idle(qtbot, first)
    wait_until_idle(qtbot, other)


def test_a_device_is_locked_out_once_it_was_asked_back(
    open_window: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    first, page, other, there = pair(open_window, stored, tmp_path / "second", server, qtbot)
    wait_until(qtbot, lambda: devices(page) == ["Desk", "Pocket"])
    wait_until_idle(qtbot, other)
    assert "Lock out Desk" not in controls(page), "nobody locks out what they sit at"
    first.activateWindow()
    press(qtbot, page, "Lock out Pocket")
    assert shows_text(page, "It comes back only by signing in again.")
    assert devices(page) == ["Desk", "Pocket"], "it is asked back first"
    press(qtbot, page, "Leave it as it is")
    assert not shows_text(page, "It comes back only by signing in again.")
    wait_until(qtbot, lambda: QApplication.focusWidget() is control(page, "Lock out Pocket"))
    qtbot.keyClick(control(page, "Lock out Pocket"), Qt.Key.Key_Space)
    danger = next(
        each
        for each in page.findChildren(type(control(page, "Leave it as it is")))
        if each.isVisible() and each.text() == "Lock out Pocket"
    )
    qtbot.mouseClick(danger, Qt.MouseButton.LeftButton)
    wait_until(qtbot, lambda: devices(page) == ["Desk"])
    assert shows_text(first.notice_bar, "Pocket is locked out")

    press(qtbot, there, "Sync now")
    wait_until(qtbot, lambda: shows_text(there, "This device was removed from the account."))
    assert not other.session.state.is_empty, "what it has stays on it"
    wait_until_idle(qtbot, other)
    press(qtbot, there, "Sign in again")
    form = sign_in_form(there, qtbot)
    wait_until(qtbot, lambda: form._name.text() == Person.name)
    assert form._server.text() == server.address
    qtbot.keyClicks(form._password, PASSWORD)
    qtbot.keyClick(form._password, Qt.Key.Key_Return)
    wait_until(qtbot, lambda: devices(there) == ["Pocket", "Desk"] and shows_text(there, "Up to date since"))
    wait_until_idle(qtbot, first)
    wait_until_idle(qtbot, other)
