"""A calendar file kept up to date from the window: previewed once, written after changes, undone in the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.domain.commands.edits import set_venues
from desktop.ui import routes
from desktop.ui.pages.export import ExportPage, update_hints
from desktop.ui.session import kept_files
from desktop.workflows import kept_file
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, press, shows_text, wait_until, wait_until_idle


@pytest.fixture
def writing_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "WRITE_AFTER", 200)


@pytest.mark.usefixtures("writing_soon")
def test_a_file_is_kept_up_to_date_and_a_write_undone(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window, target = open_window(stored), tmp_path / "UP 2026.ics"
    window.open_page(routes.ExportRoute())
    page = window.page("export")
    assert isinstance(page, ExportPage)
    wait_until(qtbot, lambda: page._shown is not None)
    if page._show_undecided_if_needed():
        press(qtbot, page, "Include all as tentative")
    wait_until(qtbot, lambda: control(page, "Keep this file up to date").isEnabled())
    assert page._shown is not None
    promised = page._shown.body
    page.start_keeping(target)
    wait_until(qtbot, lambda: shows_text(page, "UP 2026.ics"))
    assert control(page, "Keep this file up to date").isChecked()
    assert target.read_bytes() == promised

    view = window.session.state.view
    assert view is not None
    with qtbot.waitSignal(window.session.kept_files.changed, timeout=20_000):
        window.session.perform(set_venues(view.timetable, view.timetable.meetings[0].id, ("Aula",)))
    assert b"LOCATION:Aula" in target.read_bytes()

    window.open_page(routes.HistoryRoute())
    history = window.page("history")
    undo = "Undo: Calendar file UP 2026.ics"
    wait_until(qtbot, lambda: undo in controls(history))
    assert shows_text(history, "2 changed")
    press(qtbot, history, undo)
    wait_until(qtbot, lambda: undo not in controls(history) and shows_text(history, "undone"))
    assert target.read_bytes() == promised
    window.open_page(routes.ExportRoute())
    wait_until(qtbot, lambda: not control(page, "Keep this file up to date").isChecked())


def test_what_changed_in_the_last_second_is_written_before_the_program_ends(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "WRITE_AFTER", 600_000)
    window, target = open_window(stored), tmp_path / "UP 2026.ics"
    window.open_page(routes.ExportRoute())
    page = window.page("export")
    assert isinstance(page, ExportPage)
    wait_until(qtbot, lambda: page._shown is not None)
    page.start_keeping(target)
    wait_until(qtbot, target.exists)
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    window.session.perform(set_venues(view.timetable, view.timetable.meetings[0].id, ("Aula",)))
    wait_until_idle(qtbot, window)
    assert b"LOCATION:Aula" not in target.read_bytes()
    window.close()
    assert b"LOCATION:Aula" in target.read_bytes()


def test_the_page_says_by_program_which_way_follows_changes(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ExportRoute())
    page = window.page("export")
    wait_until_idle(qtbot, window)
    names = [name for name, _ in update_hints()]
    assert {"Google Calendar", "Apple Calendar", "Outlook", "Thunderbird", "calcurse"} <= set(names)
    for name, way in update_hints():
        assert shows_text(page, name)
        assert shows_text(page, way)


@pytest.mark.usefixtures("writing_soon")
def test_a_trouble_with_the_file_is_said_once(open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window, target = open_window(stored), tmp_path / "UP 2026.ics"
    window.open_page(routes.ExportRoute())
    page = window.page("export")
    assert isinstance(page, ExportPage)
    wait_until(qtbot, lambda: page._shown is not None)
    page.start_keeping(target)
    wait_until(qtbot, target.exists)
    wait_until_idle(qtbot, window)
    target.write_bytes(b"My essay")
    view = window.session.state.view
    assert view is not None
    window.session.perform(set_venues(view.timetable, view.timetable.meetings[0].id, ("Aula",)))
    wait_until(qtbot, lambda: "no calendar file any more" in window.notice_bar.text)
    assert target.read_bytes() == b"My essay"
    assert kept_file.kept_file(window.session.app.store, 2026) == target
