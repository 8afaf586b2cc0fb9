"""Plans: candidate weeks with their reasons, and applying one with a click."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.clashes import upcoming_clashes
from desktop.domain.commands import choices, edits
from desktop.domain.timetable.events import OwnEvent
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.plan.cards import join_as_line
from desktop.ui.pages.plan.page import PlanPage
from desktop.ui.pages.plan.small_week import SmallWeek, name_lines
from desktop.ui.theme.style import appearance
from desktop.workflows import timetable
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, press, shows_text, visible_texts, wait_until, wait_until_idle


def plan_page(window: MainWindow, qtbot: QtBot) -> PlanPage:
    page = window.page("plan")
    assert isinstance(page, PlanPage)
    wait_until(qtbot, lambda: shows_text(page, "ABC 101 P01"))
    wait_until_idle(qtbot, window)
    return page


def test_a_plan_is_offered_and_used(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="plan")
    page = window.page("plan")
    wait_until(qtbot, lambda: shows_text(page, "ABC 101 P01"))
    wait_until_idle(qtbot, window)
    assert shows_text(page, "ABC 101 P02"), "a practical on Thursday or on Friday"
    assert control(page, "Use this plan").isEnabled()
    press(qtbot, page, "Use this plan")
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert all(choice.is_decided for choice in view.timetable.choices.values())
    wait_until(qtbot, lambda: shows_text(page, "what you have now"))
    window.session.undo()
    wait_until_idle(qtbot, window)
    after = window.session.state.view
    assert after is not None
    assert not all(choice.is_decided for choice in after.timetable.choices.values())


def test_what_speaks_for_a_plan_begins_as_a_line_of_its_own_does() -> None:
    assert join_as_line(["from 08:30 to 17:20", "less travel"]) == "From 08:30 to 17:20 · less travel"
    assert join_as_line([]) == ""


def test_a_plan_opens_large_and_escape_leads_back(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="plan")
    page = plan_page(window, qtbot)
    first, second = page.findChildren(SmallWeek)
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, window)
    large = page._large_plan
    assert large is not None
    assert large.grid.isVisible()
    assert large.grid.height() > second.height()
    assert not first.isVisible()
    assert large.grid.week == page._found.plans[1].week if page._found else False
    assert "ABC 101 · P1 · P02" in large.grid.accessibleDescription(), "the group that tells it from the other plans"
    assert "ABC 101 · L1 Hall 1" in large.grid.accessibleDescription(), "what is the same in all plans says none"
    large.grid.grab()
    painted = {said[0] for said, *_ in large.grid._interaction.texts}
    assert {"ABC 101 · P1 · P02", "ABC 101 · L1"} <= painted
    press(qtbot, page, "Previous plan")
    assert page._large_plan is not None
    assert page._large_plan.number == 0
    qtbot.keyClick(page._large_plan.grid, Qt.Key.Key_Escape)
    assert page._large_plan is None
    assert first.isVisible()
    assert QApplication.focusWidget() is first
    qtbot.keyClick(first, Qt.Key.Key_Space)
    assert page._large_plan is not None, "the keyboard opens it too"
    press(qtbot, page, "Use this plan")
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert all(choice.is_decided for choice in view.timetable.choices.values())
    assert page._large_plan is None


def test_the_clashes_of_a_plan_are_those_that_it_would_have(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="plan")
    page = plan_page(window, qtbot)
    counts = [text for text in visible_texts(page) if text.startswith("1 clash")]
    assert len(counts) == 2, "a lecture and a tutorial of DEF 202 have no choice, so they clash in both"
    assert shows_text(page, "No plan is free of clashes."), "and the sentence above says so"
    press(qtbot, page, "Use this plan")
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert len(upcoming_clashes(view.clashes, window.session.state.today)) == 1
    assert shows_text(page, "1 clash now") or "1 clash now" in controls(page)


def test_a_test_that_clashes_is_no_contradiction(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    with App.open(stored) as app:
        made = timetable.compute_view(app.store, 2026, date(2026, 3, 24)).timetable
        late = OwnEvent("2026/event/late", 2026, "Late", time(18), time(19), weekday=4, offered="S1")
        timetable.apply_act(app.store, edits.save_event(made, late))
        timetable.apply_act(app.store, choices.hide_item(made, "2026/DEF 202/S1/T01/T/T1"))
    window = open_window(stored, page="plan")
    page = plan_page(window, qtbot)
    assert len([text for text in visible_texts(page) if text.startswith("1 clash")]) == 2
    assert shows_text(page, "No groups clash in these plans. What still clashes is a test")


def test_what_was_chosen_is_kept_where_the_rest_is_planned(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="plan")
    page = plan_page(window, qtbot)
    press(qtbot, page, "Use this plan")
    wait_until_idle(qtbot, window)
    assert len(page.findChildren(SmallWeek)) >= 2
    window.open_page(routes.PlanRoute(keep=True))
    wait_until_idle(qtbot, window)
    assert control(page, "Keep the groups I chose").isChecked()
    wait_until(qtbot, lambda: len([each for each in page.findChildren(SmallWeek) if each.isVisible()]) < 2)


@pytest.mark.parametrize(
    ("width", "height", "lines"),
    [(200, 40, ["COS 226 P04"]), (60, 40, ["COS 226", "P04"]), (60, 16, ["226 P04"]), (30, 16, ["P04"]), (200, 6, [])],
)
def test_a_block_names_its_module_and_group_in_the_room_there_is(
    width: int, height: int, lines: list[str], open_window: Opener, profile: Path
) -> None:
    open_window(profile)
    metrics = QFontMetricsF(appearance().font(11, bold=True))
    assert name_lines(metrics, "COS 226", "P04", width, height) == lines
