"""The first run: five steps on one page, each of which can be done, or postponed and found again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.config import Settings, load_settings
from desktop.ui import routes
from desktop.ui.app.main_window import MINIMUM_SIZE, MainWindow
from desktop.ui.session.first_run import Step, StepState, postpone_step, start_first_run, step_state
from desktop.ui.texts.language import current_language, set_language
from desktop.ui.theme.style import appearance
from desktop.workflows import imports
from tests.gui.conftest import Opener
from tests.gui.semester import NOW, drafts, write_pdfs
from tests.gui.test_nothing_cut import cut
from tests.gui.user_actions import control, controls, press, shows_text, wait_until, wait_until_idle

SENT = "Your timetable is not on your phone yet"


def accepted(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    """The documents of the semester, dropped and accepted."""
    window.read_files(write_pdfs(folder))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=120_000)
    wait_until_idle(qtbot, window)
    press(qtbot, window.page("review"), "Accept 8 meetings, 2 tests and 2 exams")
    wait_until(qtbot, lambda: window.current_page == "first-run")
    wait_until_idle(qtbot, window)


def test_without_a_timetable_today_is_the_first_run(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    page = window.page("today")
    wait_until_idle(qtbot, window)
    assert page.title() == "First steps"
    for heading in ("Language", "Your timetable", "Semester dates", "Groups", "On your phone"):
        assert shows_text(page, heading), heading
    assert shows_text(page, "On the UP student portal, open Timetable Module Lookup.")
    assert shows_text(page, "Semester 1: 9 February – 27 May 2026")
    assert shows_text(page, "Recess: 29 March – 6 April, 28 June – 19 July and 17 – 27 September")
    assert not window.session.is_reading


def test_each_step_is_left_for_later_and_taken_up_again(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    page = window.page("today")
    for heading in ("Language", "Your timetable", "Semester dates"):
        press(qtbot, page, f"Later: {heading}")
    assert "Use these dates" not in controls(page)
    assert "Choose PDFs" not in controls(page)
    press(qtbot, page, "Do it now: Semester dates")
    press(qtbot, page, "Use these dates")
    wait_until(qtbot, lambda: step_state(window.session, Step.DATES) is StepState.DONE)
    assert "Use these dates" not in controls(page)
    assert window.session.state.view is not None
    assert window.session.state.view.calendar.recess_note is None


def test_a_language_counts_at_once_and_is_kept(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    press(qtbot, window.page("today"), "Afrikaans")
    assert current_language() == "af"
    assert shows_text(window.page("today"), "Jou rooster")
    wait_until_idle(qtbot, window)
    assert load_settings(profile / "settings.json").language == "af"
    press(qtbot, window.page("today"), "English")
    assert shows_text(window.page("today"), "Your timetable")


def test_what_was_left_for_later_is_to_do(open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    accepted(window, tmp_path, qtbot)
    page = window.page("first-run")
    assert step_state(window.session, Step.DATES) is StepState.DONE, "they were accepted with the documents"
    for heading in ("Language", "Groups", "On your phone"):
        press(qtbot, page, f"Later: {heading}")
    window.close()

    again = open_window(profile, settings=load_settings(profile / "settings.json"))
    today = again.page("today")
    wait_until_idle(qtbot, again)
    assert shows_text(today, "Choose your group of ABC 101")
    assert shows_text(today, "Choose the language of this window")
    press(qtbot, today, f"Send: {SENT}")
    assert again.current_page == "first-run"
    page = again.page("first-run")
    press(qtbot, page, "Not needed: Language")
    press(qtbot, page, "Not needed: On your phone")
    press(qtbot, page, "Go to today")
    wait_until_idle(qtbot, again)
    assert not shows_text(today, SENT)
    assert not shows_text(today, "Choose the language of this window")
    assert shows_text(today, "Choose your group of ABC 101")


def test_a_calendar_is_saved_in_four_actions_after_the_drop(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    accepted(window, tmp_path, qtbot)  # the first
    page = window.page("first-run")
    press(qtbot, page, "Include all as tentative")  # the second
    wait_until(qtbot, lambda: step_state(window.session, Step.GROUPS) is StepState.DONE)
    press(qtbot, page, "Save a calendar file")  # the third
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(QFileDialog)), timeout=30_000)
    dialog = next(each for each in window.findChildren(QFileDialog) if each.isVisible())
    assert dialog.selectedFiles() == [str(tmp_path / "UP 2026.ics")]
    dialog.accept()  # the fourth
    wait_until(qtbot, (tmp_path / "UP 2026.ics").is_file)
    wait_until_idle(qtbot, window)
    assert step_state(window.session, Step.PHONE) is StepState.DONE
    window.open_page(routes.TodayRoute())
    assert not shows_text(window.page("today"), SENT)


def test_the_dialog_waits_for_the_answer_about_groups(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    accepted(window, tmp_path, qtbot)
    press(qtbot, window.page("first-run"), "Save a calendar file")
    wait_until_idle(qtbot, window)
    export = window.page("export")
    assert not any(each.isVisible() for each in window.findChildren(QFileDialog))
    press(qtbot, export, "Include all as tentative")
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(QFileDialog)), timeout=30_000)


def test_the_phones_file_is_a_step_done(open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot) -> None:
    from desktop.ui.pages.phone import PhonePage

    window = open_window(profile)
    accepted(window, tmp_path, qtbot)
    press(qtbot, window.page("first-run"), "Send to my phone")
    page = window.page("phone")
    assert isinstance(page, PhonePage)
    page.save(tmp_path / "mine.html")
    wait_until(qtbot, lambda: step_state(window.session, Step.PHONE) is StepState.DONE)


def test_who_had_a_timetable_before_is_asked_nothing(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    wait_until_idle(qtbot, window)
    today = window.page("today")
    assert not shows_text(today, SENT)
    assert not shows_text(today, "Choose the language of this window")
    window.open_page(routes.FirstRunRoute())
    assert not [each for each in controls(window.page("first-run")) if each.startswith("Later: On your phone")]


def test_after_everything_was_deleted_comes_the_first_run(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, settings=Settings(first_run={"phone": "later", "language": "done"}))
    window.open_page(routes.SettingsRoute())
    page = window.page("settings")
    wait_until_idle(qtbot, window)
    field = next(each for each in page.findChildren(QLineEdit) if each.placeholderText().startswith("Type “delete”"))
    field.setText("delete")
    assert isinstance(control(page, "Delete everything"), QPushButton)
    press(qtbot, page, "Delete everything")
    wait_until(qtbot, lambda: window.current_page == "today" and window.session.state.is_empty)
    wait_until_idle(qtbot, window)
    assert window.page("today").title() == "First steps"
    assert "Later: Language" in controls(window.page("today"))
    assert window.session.settings.first_run == {}


@pytest.mark.parametrize("wrong", [["phone"], {"phone": "never"}, "later"])
def test_what_is_kept_of_the_steps_is_looked_at(wrong: object, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"first_run": wrong, "theme": "dark"}))
    found = load_settings(tmp_path / "settings.json")
    assert (found.first_run, found.theme) == ({}, "dark")


@pytest.mark.parametrize("language", ["en", "af"])
@pytest.mark.parametrize(("scale", "size"), [(100, MINIMUM_SIZE), (150, (1366, 768)), (200, (960, 640))])
def test_no_word_of_it_is_cut(
    scale: int,
    size: tuple[int, int],
    language: str,
    open_window: Opener,
    profile: Path,
    tmp_path: Path,
    qapp: QApplication,
    qtbot: QtBot,
) -> None:
    set_language(qapp, language)
    appearance().apply(qapp, theme="light", scale=scale, animations=False)
    window = open_window(profile, size=size)
    wait_until_idle(qtbot, window)
    wait_until(qtbot, lambda: not list(cut(window.page("today"))))
    store = window.session.app.store
    for draft in drafts():
        imports.accept(store, imports.propose(store, draft, f"{draft.kind}.pdf", NOW.date()))
    start_first_run(window.session)
    window.session.reload_view()
    wait_until_idle(qtbot, window)
    page = window.page("first-run")
    for _ in range(2):
        window.open_page(routes.FirstRunRoute())
        wait_until_idle(qtbot, window)
        wait_until(qtbot, lambda: not list(cut(page)))
        for step in Step:
            postpone_step(window.session, step)
