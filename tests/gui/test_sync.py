"""Sync as a person uses it, against a real server process on loopback."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.commands import choices
from desktop.sync.findings import Finding, ServerFinding, note_finding
from desktop.ui.pages.sync.page import SyncPage
from tests.gui.account import PASSWORD, Person, make_account, sign_in_form, submit_form, sync_page
from tests.gui.conftest import Opener
from tests.gui.user_actions import controls, press, shows_text, visible_texts, wait_until, wait_until_idle
from tests.sync.serving import ServerProcess


def test_an_account_and_a_second_machine_have_the_same_timetable(
    open_window: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    first = open_window(stored)
    page = make_account(first, server.address, qtbot)
    wait_until(qtbot, lambda: shows_text(page, "this one"))
    first.session.sync_link.run_on_account(lambda joint: joint.service.sync_now(), lambda _done: None)
    wait_until_idle(qtbot, first)

    second = open_window(tmp_path / "second")
    other = sync_page(second, qtbot)
    form = sign_in_form(other, qtbot)
    submit_form(form, server.address, "the wrong sentence")
    wait_until(qtbot, lambda: form._wrong.isVisible() and form.isEnabled())
    assert form._name.text() == Person.name, "what was typed stays"
    form._password.setText(PASSWORD)
    form._go.click()
    wait_until(qtbot, lambda: second.session.sync_link.is_signed_in)
    wait_until(qtbot, lambda: not second.session.state.is_empty)

    view = first.session.state.view
    assert view is not None
    meeting = next(each for each in view.timetable.meetings if each.activity == "L1")
    first.session.perform(choices.skip_date(view.timetable, meeting.id, date(2026, 3, 30)))

    def arrived() -> bool:
        seen = second.session.state.view
        found = seen.timetable.find(meeting.id) if seen is not None else None
        return found is not None and date(2026, 3, 30) in getattr(found, "skipped", ())

    wait_until(qtbot, arrived)
    other.invalidate()
    wait_until(qtbot, lambda: shows_text(other, "Up to date since"))

    link = second.session.sync_link
    assert link.status is not None
    assert link.status.outcome is not None
    link._status_received(replace(link.status, outcome=replace(link.status.outcome, refused=1)))
    wait_until(qtbot, lambda: shows_text(other, "1 entry is not taken by the server"))
    press(qtbot, other, "Send them again")
    wait_until(qtbot, lambda: "Send them again" not in controls(other))

    kinds = [ServerFinding(kind, 1_767_225_600, "Laptop <b>", 3) for kind in Finding]
    with link._joint.context.repository.transaction() as transaction:  # type: ignore[union-attr]
        for each in kinds:
            note_finding(transaction, link._joint.service.account.account, each.kind, each.device, 3)  # type: ignore[union-attr]
    press(qtbot, other, "Sync now")
    wait_until(
        qtbot, lambda: shows_text(other, "The server does not show Laptop <b> and this computer the same timetable.")
    )
    assert shows_text(other, "The server went back to an older timetable")
    assert shows_text(other, "3 entries are gone from the server.")
    press(qtbot, other, "Dismiss")
    wait_until(qtbot, lambda: not shows_text(other, "The server went back"))


def field(page: SyncPage, name: str) -> QLineEdit:
    return next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == name and each.isVisible())


def test_an_account_is_exported_left_entered_by_its_new_password_and_deleted(
    open_window: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = make_account(window, server.address, qtbot)
    wait_until(qtbot, lambda: shows_text(page, "this one"))
    press(qtbot, page, "Export what the server has")
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "account.json"))
    dialog.close()
    wait_until(qtbot, lambda: shows_text(window, "Everything the server has is in account.json"))
    exported = json.loads((tmp_path / "account.json").read_text())
    assert exported["name"] == Person.name
    assert exported["records"]
    assert "ABC 101" not in json.dumps(exported)

    new = field(page, "New password")
    qtbot.keyClicks(new, "another long sentence")
    assert shows_text(page, "Strong: hard to guess.")
    press(qtbot, page, "Change the password")
    assert shows_text(page, "Type your password or your recovery key first.")
    qtbot.keyClicks(field(page, "Password or recovery key"), "not the password")
    press(qtbot, page, "Change the password")
    assert shows_text(page, "The two new passwords differ.")
    qtbot.keyClicks(field(page, "New password again"), "another long sentence")
    press(qtbot, page, "Change the password")
    wait_until(qtbot, lambda: shows_text(page, "This is neither the password of this account nor its recovery key."))
    press(qtbot, page, "New recovery key")
    wait_until_idle(qtbot, window)
    assert not shows_text(page, "Your recovery key"), "whoever sits there for a moment gets none"
    assert new.text() == "another long sentence", "what was typed stays"
    assert new.echoMode() == QLineEdit.EchoMode.Password
    next(each for each in page.findChildren(QCheckBox) if each.text() == "Show passwords").click()
    assert new.echoMode() == QLineEdit.EchoMode.Normal
    field(page, "Password or recovery key").clear()
    qtbot.keyClicks(field(page, "Password or recovery key"), PASSWORD)
    press(qtbot, page, "Change the password")
    wait_until(qtbot, lambda: shows_text(window, "The password was changed"))
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Sign out")
    wait_until(qtbot, lambda: not window.session.sync_link.is_signed_in)
    wait_until_idle(qtbot, window)
    assert not window.session.state.is_empty, "the timetable stays"
    form = sign_in_form(page, qtbot)
    submit_form(form, server.address)
    wait_until(qtbot, lambda: form._wrong.isVisible() and form.isEnabled())
    form._password.setText("another long sentence")
    form._go.click()
    wait_until(qtbot, lambda: window.session.sync_link.is_signed_in and shows_text(page, "Up to date since"))
    wait_until_idle(qtbot, window)

    press(qtbot, page, "Sign out and delete it here")
    wait_until(qtbot, lambda: shows_text(window, "no longer here"))
    wait_until(qtbot, lambda: window.session.state.is_empty and window.session.sync_link.status is not None)
    wait_until_idle(qtbot, window)
    form = sign_in_form(page, qtbot)
    submit_form(form, server.address, "another long sentence")
    wait_until(qtbot, lambda: not window.session.state.is_empty and shows_text(page, "Up to date since"))
    wait_until_idle(qtbot, window)

    qtbot.keyClicks(field(page, f"Type “{Person.name}” to be sure"), Person.name)
    press(qtbot, page, "Delete the account")
    wait_until(qtbot, lambda: shows_text(window, "The account was deleted from the server"))
    wait_until_idle(qtbot, window)
    assert not window.session.state.is_empty


def test_a_server_that_is_not_there_is_said_in_the_form(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = sync_page(window, qtbot)
    form = sign_in_form(page, qtbot)
    submit_form(form, "http://127.0.0.1:9")
    wait_until(qtbot, lambda: form._wrong.isVisible() and form.isEnabled())
    assert "127.0.0.1" in form._wrong.text()
    assert any("Everything works without sync" in text for text in visible_texts(page))
