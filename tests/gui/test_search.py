"""Search as a person uses it: Ctrl+F, a few letters, the arrow keys, Enter."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.commands import calendar_commands, edits
from desktop.domain.timetable.events import OwnEvent
from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.event import EventPage
from desktop.ui.pages.search.page import SearchPage
from desktop.ui.pages.week.page import WeekPage
from desktop.workflows import timetable
from tests.gui.conftest import Opener
from tests.gui.user_actions import visible_texts


def search(window: MainWindow, qtbot: QtBot, words: str) -> list[str]:
    window.open_page(routes.SearchRoute())
    page = window.page("search")
    assert isinstance(page, SearchPage)
    page.field.clear()
    qtbot.keyClicks(page.field, words)
    rows = [page.list.topLevelItem(number) for number in range(page.list.topLevelItemCount())]
    return [each.text(0) for each in rows if each is not None]


def enter(window: MainWindow, qtbot: QtBot) -> None:
    page = window.page("search")
    assert isinstance(page, SearchPage)
    qtbot.keyClick(page.field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("abc", "ABC 101"),
        ("hall 3", "Hall 3"),
        ("test1 def", "DEF 202 · Test1"),
        ("exam abc", "ABC 101 · Exam Written"),
        ("practical friday", "ABC 101 · P1"),
        ("backup", "Restore a backup"),
        ("recess", "Recess"),
        ("print", "Print"),
        ("abc101", "ABC 101"),
        ("ABC101 l2", "ABC 101 · L2"),
        ("kunstliche", "DEF 202"),
        ("KÜNSTLICHE", "DEF 202"),
    ],
)
def test_everything_is_found_by_its_words(
    open_window: Opener, stored: Path, qtbot: QtBot, words: str, first: str
) -> None:
    with App.open(stored) as app:
        table = timetable.compute_view(app.store, 2026, date(2026, 3, 24)).timetable
        timetable.apply_act(app.store, edits.rename_module(table, "DEF 202", "Künstliche Intelligenz"))
    assert search(open_window(stored), qtbot, words)[0] == first


def test_an_event_that_is_in_no_week_is_gone_to(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    with App.open(stored) as app:
        table = timetable.compute_view(app.store, 2026, date(2026, 3, 24)).timetable
        choir = OwnEvent("2026/event/choir", 2026, "Choir", time(18), time(20), weekday=2, offered="Q3")
        timetable.apply_act(app.store, edits.save_event(table, choir))
        timetable.apply_act(app.store, calendar_commands.move_term(2026, "Q3", date(2026, 7, 13), date(2026, 7, 13)))
    window = open_window(stored)
    assert search(window, qtbot, "choir") == ["Choir"]
    enter(window, qtbot)
    page = window.page("event")
    assert isinstance(page, EventPage)
    assert (page.title(), page._what.text()) == ("Change an event", "Choir")


def test_the_arrows_walk_and_enter_goes_there(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = window.page("week")
    assert isinstance(page, WeekPage)
    assert search(window, qtbot, "abc exam") == ["ABC 101 · Exam Written"]
    enter(window, qtbot)
    assert window.current_page == "week"
    assert "June 2026" in page.title()
    pane = window.findChild(DetailPane)
    assert pane is not None
    assert pane.isVisible()
    found = search(window, qtbot, "abc 101")
    field = window.page("search")
    assert isinstance(field, SearchPage)
    for _ in range(found.index("ABC 101 · Test1")):
        qtbot.keyClick(field.field, Qt.Key.Key_Down)
    enter(window, qtbot)
    assert "23 – 29 March 2026" in page.title()


def test_modules_settings_and_pages_are_gone_to(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    for words, leads_to in (("ghi", "modules"), ("theme", "settings"), ("clashes", "clashes"), ("holidays", "year")):
        search(window, qtbot, words)
        enter(window, qtbot)
        assert window.current_page == leads_to


def test_what_is_not_there_is_said(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    assert search(window, qtbot, "no such thing") == []
    assert any("Nothing found" in text for text in visible_texts(window.page("search")))
    enter(window, qtbot)
    assert window.current_page == "search"
