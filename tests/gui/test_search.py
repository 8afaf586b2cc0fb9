"""Search as a person uses it: Ctrl+F, a few letters, the arrow keys, Enter."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.detail import DetailPane
from desktop.ui.main_window import MainWindow
from desktop.ui.pages.search import SearchPage
from desktop.ui.pages.week import WeekPage
from tests.gui.conftest import Opener
from tests.gui.hands import said


def search(window: MainWindow, qtbot: QtBot, words: str) -> list[str]:
    window.open_page("search")
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
    ],
)
def test_everything_is_found_by_its_words(
    open_window: Opener, stored: Path, qtbot: QtBot, words: str, first: str
) -> None:
    assert search(open_window(stored), qtbot, words)[0] == first


def test_the_arrows_walk_and_enter_goes_there(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = window.page("week")
    assert isinstance(page, WeekPage)
    assert search(window, qtbot, "abc exam") == ["ABC 101 · Exam Written"]
    enter(window, qtbot)
    assert window.current == "week"
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
        assert window.current == leads_to


def test_what_is_not_there_is_said(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    assert search(window, qtbot, "no such thing") == []
    assert any("Nothing is called that" in text for text in said(window.page("search")))
    enter(window, qtbot)
    assert window.current == "search"
