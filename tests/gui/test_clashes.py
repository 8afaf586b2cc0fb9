"""Clashes: described, accepted and no longer accepted, shown in the week."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.ui import routes
from tests.gui.conftest import Opener
from tests.gui.hands import press, said, says, settle


def test_a_clash_is_said_accepted_and_shown_in_the_week(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ClashesRoute())
    page = window.page("clashes")
    settle(qtbot, window)
    assert any("DEF 202 · L2" in text and "DEF 202 · T1" in text for text in said(page))
    assert says(page, "30 min")
    assert window.session.state.clashing
    press(qtbot, page, "Accept this clash")
    settle(qtbot, window)
    assert not window.session.state.clashing
    press(qtbot, page, "No longer accept")
    settle(qtbot, window)
    assert window.session.state.clashing
    press(qtbot, page, "Show in the week")
    assert window.current == "week"
    assert window.session.state.monday == date(2026, 3, 23), "the next one, not the first of the year"


def test_nothing_clashes_where_nothing_is(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    window.open_page(routes.ClashesRoute())
    settle(qtbot, window)
    assert says(window.page("clashes"), "Nothing clashes")
