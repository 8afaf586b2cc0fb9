"""Markings above the days (test weeks, recess, exams, week numbers, dots of tests), and venues on a map."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import QDate, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.events import OwnEvent
from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.term.page import TermPage
from desktop.ui.pages.week.block import block_title
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.pages.week.week_month import WeekMonth, first_shown
from desktop.ui.session.maps import map_url, search_texts
from desktop.ui.theme.style import full_colour
from tests.gui.conftest import Opener
from tests.gui.user_actions import press, wait_until_idle


def week_page(window: MainWindow) -> WeekPage:
    page = window.page("week")
    assert isinstance(page, WeekPage)
    return page


def test_the_week_has_its_bands_and_says_them(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    grid = week_page(window).grid
    for day, name in (
        (date(2026, 3, 17), "Test week"),
        (date(2026, 4, 1), "April recess"),
        (date(2026, 6, 9), "Exams"),
    ):
        window.session.state.show_week(day)
        wait_until_idle(qtbot, window)
        assert grid.week is not None
        assert [band.name for band in grid.week.bands] == [name]
        assert grid._geometry is not None
        assert grid._geometry.band > 0
        assert name in grid.accessibleName()
    window.session.state.show_week(date(2026, 3, 24))
    wait_until_idle(qtbot, window)
    assert grid._geometry.band == 0, "an ordinary week keeps its room"


def test_the_term_names_a_stretch_once_a_week(open_window: Opener, stored: Path) -> None:
    window = open_window(stored)
    window.open_page(routes.TermRoute("S1"))
    page = window.page("term")
    assert isinstance(page, TermPage)
    recess = next(week for week in page.grid.weeks if week.monday == date(2026, 3, 30))
    assert [recess.reason_of(day) for day in recess.days] == ["April recess", "", "", "", "Good Friday", "", ""]
    tests = next(week for week in page.grid.weeks if week.monday == date(2026, 3, 16))
    assert [recess.name for recess in tests.bands] == ["Test week"]
    exams = next(week for week in page.grid.weeks if week.monday == date(2026, 6, 8))
    assert exams.reason_of(exams.days[0]) == "Exams"
    page.grid.grab()


@pytest.mark.parametrize(
    ("year", "month", "first"),
    [(2026, 3, date(2026, 2, 23)), (2026, 6, date(2026, 5, 25)), (2027, 2, date(2027, 1, 25))],
)
def test_the_first_row_of_a_month_is_the_one_that_qt_shows(
    year: int, month: int, first: date, open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    shown = WeekMonth(window.session.state)
    qtbot.addWidget(shown)
    shown.setCurrentPage(year, month)
    table = shown._numbers._view
    assert int(table.model().data(table.model().index(1, 1))) == first.day
    assert first_shown(year, month) == first


def test_the_small_month_has_lecture_weeks_and_a_dot_for_each_test(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    page = week_page(window)
    qtbot.mouseClick(page._month, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    month = menu.findChild(WeekMonth)
    assert month is not None
    assert list(month._week_numbers().values()) == ["3", "4", "5", "6", "7"], "none in the week of recess"
    assert month._numbers.isVisible()
    assert [each.label for each in month.assessments(date(2026, 3, 27))] == ["ABC 101 · Test1"]
    assert month.dateTextFormat(QDate(2026, 3, 27)).toolTip() == "ABC 101 · Test1"
    colour = full_colour(window.session.state.colour_of(month.assessments(date(2026, 3, 27))[0]))

    def dotted(day: QDate) -> bool:
        picture = QImage(40, 30, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        month.paintCell(painter, picture.rect(), day)
        painter.end()
        return any(picture.pixelColor(x, y) == colour for x in range(40) for y in range(30))

    assert dotted(QDate(2026, 3, 27))
    assert not dotted(QDate(2026, 3, 26))
    menu.close()


class Browser(QObject):
    """Takes the addresses that the system's browser would be given."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[QUrl] = []

    @Slot(QUrl)
    def browse(self, url: QUrl) -> None:
        self.asked.append(url)


def test_a_venue_is_shown_on_a_map(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "browse")
    try:
        window = open_window(stored, page="week")
        wait_until_idle(qtbot, window)
        grid = week_page(window).grid
        assert grid.week is not None
        block = next(each for each in grid.week.blocks() if block_title(each) == "GHI 303 · L1")
        grid.select(block.key)
        pane = window.findChild(DetailPane)
        assert pane is not None
        press(qtbot, pane, "Show on a map in the browser")
    finally:
        QDesktopServices.unsetUrlHandler("https")
    (url,) = browser.asked
    asked = parse_qs(urlsplit(bytes(url.toEncoded().data()).decode()).query)
    assert asked == {"api": ["1"], "query": ["Hall 5, University of Pretoria"]}
    assert window.notice_bar.text == "Opened a map of Hall 5, University of Pretoria in the browser"


@pytest.mark.parametrize("name", ["A & B #2?", "50% <img src=x>", "Saal “é”", "x&query=elsewhere", "+ /../ ;"])
def test_whatever_a_venue_is_called_it_is_only_looked_for(name: str) -> None:
    address = map_url(name)
    assert address.isascii()
    parts = urlsplit(QUrl.fromEncoded(address.encode()).toEncoded().data().decode())
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "www.google.com", "/maps/search/")
    assert parse_qs(parts.query) == {"api": ["1"], "query": [name]}


def test_an_event_of_ones_own_is_looked_for_where_it_is() -> None:
    event = OwnEvent("2026/event/a", 2026, "Gym", time(8), time(9), weekday=0, venue="Menlyn")
    assert search_texts(event) == ("Menlyn",)
