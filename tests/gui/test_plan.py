"""Plans: candidate weeks with their reasons, and one of them used by a click."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.ui.pages.plan.page import on_a_line
from tests.gui.conftest import Opener
from tests.gui.hands import control, press, says, settle, until


def test_a_plan_is_offered_and_used(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="plan")
    page = window.page("plan")
    until(qtbot, lambda: says(page, "Plan 1"))
    settle(qtbot, window)
    assert says(page, "Plan 2"), "a practical on Thursday or on Friday"
    assert control(page, "Use this plan").isEnabled()
    press(qtbot, page, "Use this plan")
    settle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert all(choice.is_decided for choice in view.timetable.choices.values())
    until(qtbot, lambda: says(page, "what you have now"))
    window.session.undo()
    settle(qtbot, window)
    after = window.session.state.view
    assert after is not None
    assert not all(choice.is_decided for choice in after.timetable.choices.values())


def test_what_speaks_for_a_plan_begins_as_a_line_of_its_own_does() -> None:
    assert on_a_line(["from 08:30 to 17:20", "less travel"]) == "From 08:30 to 17:20 · less travel"
    assert on_a_line([]) == ""
