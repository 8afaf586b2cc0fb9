"""The window asks about groups that were not chosen before it first writes a calendar."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.domain.commands import choices
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.export import ExportPage
from desktop.ui.routes import PAGES_BY_NAME
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, press, shows_text, wait_until, wait_until_idle

ASKED = "1 module has no group yet"
INCLUDE = "Include all as tentative"


def export_page(window: MainWindow, qtbot: QtBot) -> ExportPage:
    window.open_page(routes.ExportRoute())
    page = window.page("export")
    assert isinstance(page, ExportPage)
    wait_until(qtbot, lambda: page._shown is not None)
    wait_until_idle(qtbot, window)
    return page


def test_a_calendar_file_waits_for_the_answer_and_is_asked_once(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = export_page(window, qtbot)
    assert shows_text(page, ASKED)
    assert not control(page, "Save as").isEnabled()
    press(qtbot, page, INCLUDE)
    wait_until(qtbot, lambda: not shows_text(page, ASKED) and control(page, "Save as").isEnabled())
    wait_until_idle(qtbot, window)
    page.save_to(tmp_path / "mine.ics")
    wait_until(qtbot, lambda: window.notice_bar.text == "Saved mine.ics")
    events = icalendar.Calendar.from_ical((tmp_path / "mine.ics").read_bytes()).walk("VEVENT")
    status = {str(event["SUMMARY"]): str(event["STATUS"]) for event in events}
    assert {status[name] for name in status if name.startswith("ABC 101 · P1")} == {"TENTATIVE"}
    assert status["ABC 101 · L1"] == "CONFIRMED"
    for name in ("calendars", "export"):
        window.open_page(PAGES_BY_NAME[name].route())
        wait_until_idle(qtbot, window)
        assert not shows_text(window.page(name), ASKED), name
    window.close()
    again = open_window(stored)
    assert not shows_text(export_page(again, qtbot), ASKED)


@pytest.mark.parametrize(("answer", "page"), [("Choose", "modules"), ("Plan for me", "plan")])
def test_the_other_answers_lead_to_where_groups_are_chosen(
    answer: str, page: str, open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    press(qtbot, export_page(window, qtbot), answer)
    wait_until(qtbot, lambda: window.current_page == page)


def test_once_a_group_is_chosen_nothing_is_asked(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    assert shows_text(export_page(window, qtbot), ASKED)
    view = window.session.state.view
    assert view is not None
    (key,) = [key for key, choice in view.timetable.choices.items() if not choice.is_decided]
    window.session.perform(choices.choose_group(view.timetable, key, "P02"))
    wait_until_idle(qtbot, window)
    page = export_page(window, qtbot)
    assert not shows_text(page, ASKED)
    assert control(page, "Save as").isEnabled()


def test_a_file_without_these_groups_needs_no_answer(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = export_page(window, qtbot)
    press(qtbot, page, "Groups not chosen yet")
    wait_until_idle(qtbot, window)
    assert not shows_text(page, ASKED)
    assert control(page, "Save as").isEnabled()


def test_an_online_calendar_waits_too(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.PushRoute())
    page = window.page("calendars")
    wait_until(qtbot, lambda: INCLUDE in controls(page))
    ways = [each for each in page.findChildren(QPushButton) if each.text() == "Open with this computer’s calendar"]
    assert ways
    assert not any(each.isEnabled() for each in ways)
    press(qtbot, page, INCLUDE)
    wait_until_idle(qtbot, window)
    assert not shows_text(page, ASKED)
    assert control(page, "Open with this computer’s calendar").isEnabled()
