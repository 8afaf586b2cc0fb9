"""Clashes: described, accepted and no longer accepted, shown in the week."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.ui import routes
from tests.gui.conftest import Opener
from tests.gui.user_actions import press, shows_text, visible_texts, wait_until_idle


def test_a_clash_is_said_accepted_and_shown_in_the_week(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ClashesRoute())
    page = window.page("clashes")
    wait_until_idle(qtbot, window)
    assert any("DEF 202 · L2" in text and "DEF 202 · T1" in text for text in visible_texts(page))
    assert shows_text(page, "30 min")
    assert window.session.state.clashing_occurrences
    press(qtbot, page, "Accept this clash")
    wait_until_idle(qtbot, window)
    assert not window.session.state.clashing_occurrences
    press(qtbot, page, "No longer accept")
    wait_until_idle(qtbot, window)
    assert window.session.state.clashing_occurrences
    press(qtbot, page, "Show in the week")
    assert window.current_page == "week"
    assert window.session.state.shown_monday == date(2026, 3, 23), "the next one, not the first of the year"


def test_nothing_clashes_where_nothing_is(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    window.open_page(routes.ClashesRoute())
    wait_until_idle(qtbot, window)
    assert shows_text(window.page("clashes"), "Nothing clashes")
