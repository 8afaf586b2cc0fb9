"""Settings: they apply at once, the exam length follows, a backup is complete, and everything can be deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from desktop.config import Settings
from desktop.domain.timetable.assessments import AssessmentKind
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.settings import SettingsPage
from desktop.ui.texts.language import set_language
from desktop.ui.theme.style import appearance
from desktop.workflows import push
from tests.gui.conftest import Opener
from tests.gui.semester import TESTS, write_pdfs
from tests.gui.user_actions import (
    choose_entry,
    combo_box,
    control,
    controls,
    press,
    shows_text,
    wait_until,
    wait_until_idle,
)
from tests.unit.desktop.keyring_double import KeyringInMemory


def settings_page(window: MainWindow, qtbot: QtBot) -> SettingsPage:
    window.open_page(routes.SettingsRoute())
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    wait_until_idle(qtbot, window)
    return page


def test_theme_and_language_count_at_once_and_are_kept(
    open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = settings_page(window, qtbot)
    choose_entry(combo_box(page, "Theme"), "Dark")
    assert appearance().tokens.dark
    try:
        choose_entry(combo_box(page, "Language"), "Afrikaans")
        wait_until_idle(qtbot, window)
        assert page.title() == "Instellings"
    finally:
        set_language(qapp, "en")
    wait_until_idle(qtbot, window)
    assert '"dark"' in (stored / "settings.json").read_text()
    appearance().apply(qapp, theme="light")


def test_the_length_of_exams_counts_everywhere(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = settings_page(window, qtbot)
    minutes = next(each for each in page.findChildren(QSpinBox) if each.isVisible())
    minutes.setValue(120)
    minutes.editingFinished.emit()
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    exam = next(each for each in view.timetable.assessments if each.kind is AssessmentKind.EXAM)
    assert (exam.end.hour, exam.end.minute) == (9, 30)


def test_a_backup_brings_everything_back(open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = settings_page(window, qtbot)
    path = tmp_path / "backup.zip"
    page.backups.back_up(path)
    wait_until(qtbot, path.exists)
    wait_until_idle(qtbot, window)
    other = open_window(tmp_path / "other")
    assert other.session.state.is_empty
    restoring = settings_page(other, qtbot)
    restoring.backups.inspect(path)
    wait_until(qtbot, lambda: "Restore it" in controls(restoring))
    assert shows_text(restoring, "Nothing shows whether somebody changed this backup")
    press(qtbot, restoring, "Restore it")
    wait_until(qtbot, lambda: not other.session.state.is_empty)
    wait_until_idle(qtbot, other)
    view = other.session.state.view
    assert view is not None
    assert {"ABC 101", "DEF 202", "GHI 303"} == set(view.timetable.modules)


def test_a_backup_with_a_passphrase_is_held_against_it(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = settings_page(window, qtbot)
    press(qtbot, page, "Back up to a file")
    wait_until(qtbot, lambda: shows_text(page, "With a passphrase, you can see later"))
    field(page, "Passphrase").setText("three words together")
    field(page, "Passphrase again").setText("three words to gather")
    press(qtbot, page, "Choose where")
    assert shows_text(page, "The two differ.")
    field(page, "Passphrase again").setText("three words together")
    press(qtbot, page, "Choose where")
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    path = tmp_path / "sealed.upschedule"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    wait_until(qtbot, lambda: shows_text(window, "Backed up to sealed.upschedule"))

    other = open_window(tmp_path / "other")
    restoring = settings_page(other, qtbot)
    restoring.backups.inspect(path)
    wait_until(qtbot, lambda: "Check and restore" in controls(restoring))
    secret = field(restoring, "Password, recovery key or passphrase")
    secret.setText("not these three words")
    press(qtbot, restoring, "Check and restore")
    wait_until(
        qtbot, lambda: shows_text(restoring, "This is not the password, recovery key or passphrase of this backup.")
    )
    assert other.session.state.is_empty
    secret.setText("three words together")
    press(qtbot, restoring, "Check and restore")
    wait_until(qtbot, lambda: not other.session.state.is_empty)


def field(page: SettingsPage, name: str) -> QLineEdit:
    return next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == name and each.isVisible())


@pytest.mark.parametrize("locked", [False, True])
def test_everything_is_deleted_and_what_a_locked_keyring_keeps_is_said(
    open_window: Opener, stored: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    keyring = KeyringInMemory()
    monkeypatch.setattr("keyring.get_keyring", lambda: keyring)
    window = open_window(stored)
    page = settings_page(window, qtbot)
    app = window.session.app
    push.kept_access(app.store, app.vault()).save(
        "Fastmail", push.CalDavCredentials("", "ann@fastmail.com", "a password")
    )
    assert not control(page, "Delete everything").isEnabled()
    sure = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "Type “delete” to be sure")
    qtbot.keyClicks(sure, "delete")
    keyring.locked = locked
    press(qtbot, page, "Delete everything")
    wait_until(qtbot, lambda: window.session.state.is_empty and window.notice_bar.isVisible())
    wait_until_idle(qtbot, window)
    if locked:
        assert shows_text(window.notice_bar, "Everything was deleted, except the keys and passwords")
        assert shows_text(window.notice_bar, "remove the entries called “UP Schedule Generator” there")
    else:
        assert window.notice_bar.text == "Everything was deleted from this machine"
    assert len(keyring.kept) == locked
    window.open_page(routes.TodayRoute())
    assert window.session.state.view is not None
    assert not window.session.state.view.timetable.meetings, "the window shows that it is gone"


def test_a_backup_brings_the_settings_back(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    window = open_window(stored)
    page = settings_page(window, qtbot)
    choose_entry(combo_box(page, "Theme"), "Dark")
    wait_until_idle(qtbot, window)
    backup = tmp_path / "all.upschedule"
    page.backups.back_up(backup)
    wait_until(qtbot, lambda: backup.exists() and not window.session.jobs.is_busy)
    choose_entry(combo_box(page, "Theme"), "Light")
    wait_until_idle(qtbot, window)
    page.backups.inspect(backup)
    wait_until(qtbot, lambda: "Restore it" in controls(page))
    press(qtbot, page, "Restore it")
    wait_until_idle(qtbot, window)
    assert appearance().tokens.dark
    assert combo_box(window, "Theme").currentText() == "Dark"
    assert '"dark"' in (stored / "settings.json").read_text()
    appearance().apply(qapp, theme="light")


def test_nothing_comes_back_after_everything_was_deleted(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    window = open_window(stored)
    window.session.change_settings(watched_folder=str(tmp_path), google_client_id="someone", theme="dark")
    window.read_files(write_pdfs(tmp_path, TESTS))
    wait_until(qtbot, lambda: bool(window.session.import_queue.entries))
    wait_until_idle(qtbot, window)
    page = settings_page(window, qtbot)
    sure = next(each for each in page.findChildren(QLineEdit) if "to be sure" in each.placeholderText())
    sure.setText("delete")
    press(qtbot, page, "Delete everything")
    wait_until_idle(qtbot, window)
    assert window.session.import_queue.entries == []
    window.open_page(routes.WeekRoute())
    wait_until_idle(qtbot, window)
    assert window.session.settings == Settings()
    kept = stored / "settings.json"
    assert not kept.exists() or not any(each in kept.read_text() for each in (str(tmp_path), "someone"))
    appearance().apply(qapp, theme="light")
