"""Sync through a folder, as a person uses it: two windows, one folder between them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.commands import choices
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.sync import folder_cards, waiting_panel
from desktop.ui.pages.sync.folder_form import FolderForm
from desktop.ui.pages.sync.page import SyncPage
from tests.gui.account import PASSWORD, sync_page
from tests.gui.conftest import Opener
from tests.gui.user_actions import controls, press, shows_text, wait_until, wait_until_idle


@pytest.fixture(autouse=True)
def _looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_cards, "EVERY", 200)
    monkeypatch.setattr(waiting_panel, "EVERY", 200)


@pytest.fixture
def cloud(tmp_path: Path) -> Path:
    (tmp_path / "OneDrive - University of Pretoria").mkdir()
    return tmp_path / "OneDrive - University of Pretoria" / "UP Schedule Generator"


def folder_form(page: SyncPage, qtbot: QtBot) -> FolderForm:
    wait_until(qtbot, lambda: any(each.isVisible() for each in page.findChildren(FolderForm)))
    return next(each for each in page.findChildren(FolderForm) if each.isVisible())


def create(window: MainWindow, qtbot: QtBot) -> SyncPage:
    """Puts the timetable into the OneDrive that was found, and keeps the recovery key."""
    page = sync_page(window, qtbot)
    form = folder_form(page, qtbot)
    wait_until(qtbot, lambda: "OneDrive" in controls(form))
    press(qtbot, form, "OneDrive")
    wait_until(qtbot, lambda: "Sync through this folder" in controls(form))
    form._password.setText(PASSWORD)
    form._again.setText(PASSWORD + "r")
    press(qtbot, form, "Sync through this folder")
    assert shows_text(form, "The two passwords differ")
    form._again.setText(PASSWORD)
    press(qtbot, form, "Sync through this folder")
    wait_until(qtbot, lambda: shows_text(page, "Your recovery key"))
    last = page._recovery.replace("-", " ").split()[-1]
    field = next(each for each in page.findChildren(QLineEdit) if each.isVisible())
    qtbot.keyClicks(field, last)
    press(qtbot, page, "I have kept it")
    wait_until(qtbot, lambda: shows_text(page, "Up to date since"))
    return page


def join(window: MainWindow, qtbot: QtBot, way: str) -> tuple[SyncPage, FolderForm]:
    page = sync_page(window, qtbot)
    form = folder_form(page, qtbot)
    wait_until(qtbot, lambda: "OneDrive" in controls(form))
    press(qtbot, form, "OneDrive")
    wait_until(qtbot, lambda: way in controls(form))
    press(qtbot, form, way)
    return page, form


def test_a_second_machine_joins_by_the_password_and_sees_what_is_done_on_the_first(
    open_window: Opener, stored: Path, tmp_path: Path, cloud: Path, qtbot: QtBot
) -> None:
    first = open_window(stored)
    create(first, qtbot)
    assert any(each.suffix == ".ups" for each in cloud.iterdir())

    second = open_window(tmp_path / "second")
    other, form = join(second, qtbot, "I know the password")
    form._password.setText("not the password at all")
    press(qtbot, form, "Join")
    wait_until(qtbot, lambda: shows_text(form, "This is not the password") and form.isEnabled())
    form._password.setText(PASSWORD)
    press(qtbot, form, "Join")
    wait_until(qtbot, lambda: shows_text(other, "Up to date since"))
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
    press(qtbot, other, "Stop syncing on this machine")
    folder_form(other, qtbot)
    assert not second.session.state.is_empty, "what is here stays"


def test_a_second_machine_is_let_in_by_a_code_and_removed(
    open_window: Opener, stored: Path, tmp_path: Path, cloud: Path, qtbot: QtBot
) -> None:
    first = open_window(stored)
    page = create(first, qtbot)
    press(qtbot, page, "Add a device")
    wait_until(qtbot, lambda: shows_text(page, "On the other device, choose"))
    service = first.session.sync_link._joint.folder  # type: ignore[union-attr]
    assert service.invitation is not None

    second = open_window(tmp_path / "second")
    other, form = join(second, qtbot, "I have a code")
    form._code.setText(service.invitation.code)
    press(qtbot, form, "Join with the code")
    wait_until(qtbot, lambda: shows_text(page, "asks to come in"))
    wait_until(qtbot, lambda: form._waiting._digits.text() != "")
    assert form._waiting._digits.text().replace(" ", "") == service.invitation.digits
    press(qtbot, page, "Yes, let it in")
    wait_until(qtbot, lambda: shows_text(other, "Up to date since"))
    wait_until(qtbot, lambda: "Remove" in controls(page))
    wait_until_idle(qtbot, first)
    assert not [each for each in cloud.iterdir() if each.suffix == ".upl"]

    press(qtbot, page, "Remove")
    name = next(words for words in controls(page) if words.startswith("Remove "))
    press(qtbot, page, name)
    wait_until(qtbot, lambda: "Remove" not in controls(page))
    wait_until(qtbot, lambda: shows_text(other, "This device was removed on another one"))
