"""The week as a person uses it: by mouse, by keyboard, from week to week, and with a screen reader."""

from __future__ import annotations

import io
import pickle
import sys
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QAction, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDateEdit, QLabel, QMenu, QTimeEdit
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.week_view import Block
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.week.block import DrawStyle, InteractionState, block_lines, block_title
from desktop.ui.pages.week.grid import WeekGrid
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.pages.week.paint import Geometry, day_reason, paint_week
from desktop.ui.session import view_cache
from desktop.ui.theme.style import appearance
from desktop.ui.widgets.fields import MonthCalendar
from tests.gui.conftest import Opener


def week_page(window: MainWindow) -> WeekPage:
    page = window.page("week")
    assert isinstance(page, WeekPage)
    return page


def blocks(grid: WeekGrid) -> list[Block]:
    assert grid.week is not None
    return list(grid.week.blocks())


def middle_of(grid: WeekGrid, block: Block) -> QPoint:
    assert grid._geometry is not None
    return next(rect for _, each, rect in grid._geometry.placed() if each.key == block.key).center().toPoint()


def shown(pane: DetailPane) -> str:
    return "\n".join(label.text() for label in pane.findChildren(QLabel) if not label.isHidden())


def test_a_click_selects_and_shows_every_field_and_escape_closes(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    grid = week_page(window).grid
    block = next(each for each in blocks(grid) if block_title(each) == "GHI 303 · L1")
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle_of(grid, block))
    pane = window.findChild(DetailPane)
    assert pane is not None
    assert pane.isVisible()
    said = shown(pane)
    for part in ("Tuesday 24 March 2026", "13:30 – 14:20 (50 min)", "Hall 5\nHall 6", "G01", "Lecture", "Hatfield"):
        assert part in said
    assert "Semester 1 · 9 February – 27 May 2026" in said
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert not pane.isVisible()
    assert grid.selected is None


def test_arrows_walk_in_order_of_time_and_enter_opens(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    grid = week_page(window).grid
    grid.setFocus()
    walked = []
    for _ in blocks(grid):
        qtbot.keyClick(grid, Qt.Key.Key_Right)
        assert grid.selected is not None
        walked.append(grid.selected.occurrence.start)
    assert walked == sorted(walked)
    assert len(set(walked)) >= len(walked) - 1  # every block once; none is skipped
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.selected == blocks(grid)[-1], "at the end of the week it stays"
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert grid.selected == blocks(grid)[0]
    opened = []
    grid.block_opened.connect(opened.append)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert opened == [blocks(grid)[0]]


def test_weeks_change_by_key_by_button_and_by_date(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = week_page(window)
    assert page.title().startswith("Week 7 · 23 – 29 March 2026")
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_PageDown)
    assert "30 March – 5 April 2026" in page.title()
    qtbot.keyClick(page.grid, Qt.Key.Key_PageUp)
    qtbot.keyClick(page.grid, Qt.Key.Key_PageUp)
    assert page.title().startswith("Week 6")
    qtbot.mouseClick(page._today, Qt.MouseButton.LeftButton)
    assert page.title().startswith("Week 7")
    window.session.state.show_week(date(2026, 6, 10))
    assert page.grid.week is not None
    assert [block_title(block) for block in blocks(page.grid)] == ["ABC 101", "DEF 202"]
    assert {day_reason(day) for day in page.grid.week.days} == {"Exams"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_month_to_jump_with_can_be_read(
    theme: str, open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    appearance().apply(qapp, theme=theme, animations=False)
    window = open_window(stored, page="week")
    page = week_page(window)
    qtbot.mouseClick(page._month, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    month = menu.findChild(MonthCalendar)
    assert month is not None
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        ink = month.weekdayTextFormat(day).foreground().color()
        assert ink == appearance().colour("text"), "red is what is wrong; a Sunday is not"
    names = QFontMetricsF(month.headerTextFormat().font())
    assert names.horizontalAdvance("Wed") < month.width() / 7 - 8
    menu.close()


def test_holidays_say_why_there_is_nothing(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week")
    window.session.state.show_week(date(2026, 4, 27))
    week = week_page(window).grid.week
    assert week is not None
    assert day_reason(week.days[0]) == "Freedom Day"
    assert week.days[0].blocks == ()


def test_tests_undecided_groups_and_clashes_say_what_they_are(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week")
    grid = week_page(window).grid
    by_title = {block_title(block): block for block in blocks(grid)}
    test = by_title["ABC 101 · Test1"]
    assert isinstance(test.occurrence.item, Assessment)
    assert "Test" in block_lines(test)
    assert by_title["ABC 101 · P1 · P01"].undecided
    assert "Not chosen yet" in grid.describe(by_title["ABC 101 · P1 · P01"])
    assert by_title["DEF 202 · L2"].clash
    assert by_title["DEF 202 · T1"].clash
    assert "Clashes" in grid.describe(by_title["DEF 202 · T1"])


def test_a_screen_reader_hears_the_week_and_the_block(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week")
    grid = week_page(window).grid
    interface = QAccessible.queryAccessibleInterface(grid)
    assert interface is not None
    assert "23 March 2026" in interface.text(QAccessible.Text.Name)
    first = blocks(grid)[0]
    grid.select(first.key)
    said = interface.text(QAccessible.Text.Description)
    assert "ABC 101 · L1, Monday 23 March, 08:30 – 09:20, Hall 1" in said


def test_nothing_is_cut_in_half_however_small_the_window(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week", size=(960, 640))
    grid = week_page(window).grid
    grid.grab()
    assert grid._style is not None
    assert grid._geometry is not None
    metrics = QFontMetricsF(grid._style.bold)
    assert grid._interaction.texts
    for (said, width, _reserved, room), lines in grid._interaction.texts.items():
        assert len(lines) <= max(room, 0)
        assert lines or room <= 0, said
        for line, bold in lines:
            if bold and len(lines) == 1:
                assert metrics.horizontalAdvance(line.text()) <= width + 1


def test_the_window_keeps_how_it_was_left(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week")
    window.sidebar._toggle()
    window.close()
    from desktop.config import load_settings, profile_paths

    kept = load_settings(profile_paths(stored).settings)
    assert kept.rail_collapsed
    assert kept.window


def test_three_thousand_repaints_leave_none_alone(open_window: Opener, stored: Path) -> None:
    """PySide6 6.12.0 on Python 3.11 lost a reference to None at nearly every call: this guards the pinned version."""
    window = open_window(stored, page="week", size=(960, 640))
    grid = week_page(window).grid
    block = blocks(grid)[0]
    rect = middle_of(grid, block)
    before = sys.getrefcount(None)
    for number in range(3_000):
        grid.viewport().repaint(rect.x(), rect.y(), 2 + number % 2, 2)
    assert abs(sys.getrefcount(None) - before) < 1_000


@pytest.mark.parametrize(("hour", "title"), [(9, "DEF 202"), (20, "DEF 202 · L2")])
def test_today_says_where_to_be_next(
    open_window: Opener, stored: Path, monkeypatch: pytest.MonkeyPatch, hour: int, title: str
) -> None:
    from desktop.ui.session.state import ViewState

    monkeypatch.setattr(ViewState, "now", lambda _self: datetime(2026, 3, 24, hour, 30))
    window = open_window(stored, page="today")
    said = [label.text() for label in window.page("today").findChildren(QLabel)]
    assert any(text.startswith(title) for text in said[:6])
    assert any("3 days left" in text for text in said)
    assert any("group" in text for text in said), "what waits for the student is named"


def test_the_kept_view_is_what_is_stored_and_nothing_else_is_unpickled(open_window: Opener, stored: Path) -> None:
    window = open_window(stored)
    view = window.session.state.view
    assert view is not None
    window.close()
    kept = view_cache.load_view(stored)
    assert kept is not None
    assert replace(kept, records=view.records) == view

    (stored / view_cache.FILE_NAME).write_bytes(view_cache._HEADER + pickle.dumps(Path("harmless")))
    assert view_cache.load_view(stored) is None
    (stored / view_cache.FILE_NAME).write_bytes(b"another version\n")
    assert view_cache.load_view(stored) is None


class ByName(pickle.Pickler):
    """Keeps enumerations as Python 3.11.0 to 3.11.3 do, Debian 12's among them."""

    def reducer_override(self, obj: Any) -> Any:
        return (getattr, (type(obj), obj.name)) if isinstance(obj, Enum) else NotImplemented


def test_a_view_kept_by_an_older_python_is_recalled(open_window: Opener, stored: Path) -> None:
    open_window(stored).close()
    kept = view_cache.load_view(stored)
    body = io.BytesIO()
    ByName(body, protocol=5).dump(kept)
    (stored / view_cache.FILE_NAME).write_bytes(view_cache._HEADER + body.getvalue())
    assert view_cache.load_view(stored) == kept

    reaching = b"cbuiltins\ngetattr\n(cdatetime\ndate\nS'today'\ntR."  # no enumeration
    (stored / view_cache.FILE_NAME).write_bytes(view_cache._HEADER + reaching)
    assert view_cache.load_view(stored) is None


def open_menu(window: MainWindow, title: str, qtbot: QtBot) -> dict[str, QAction]:
    """Right-clicks the block of that title; what its menu offers, by its words."""
    page = week_page(window)
    block = next(each for each in blocks(page.grid) if block_title(each).startswith(title))
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.RightButton, pos=middle_of(page.grid, block))
    (menu,) = [each for each in page.findChildren(QMenu) if each.isVisible()]
    found = {each.text(): each for each in menu.actions() if each.text()}
    menu.hide()
    return found


def test_the_menu_of_a_block_chooses_its_group(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    offered = open_menu(window, "ABC 101 · P1 · P01", qtbot)
    assert list(offered)[:2] == ["Attend P01", "Attend P02"]
    assert not offered["Attend P02"].isChecked()
    offered["Attend P02"].trigger()
    qtbot.waitUntil(lambda: not any(each.undecided for each in blocks(week_page(window).grid)))
    offered = open_menu(window, "ABC 101 · P1", qtbot)
    assert offered["Attend P02"].isChecked()


def test_the_menu_of_a_block_leaves_out_one_date(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    offered = open_menu(window, "GHI 303 · L1", qtbot)
    there = [
        "My room",
        "Open",
        "Show on a map in the browser",
        "Show in the PDF",
        "Skip on 24 March",
        "Hide this class",
    ]
    assert list(offered) == there
    offered["Skip on 24 March"].trigger()
    grid = week_page(window).grid
    qtbot.waitUntil(lambda: not any(block_title(each) == "GHI 303 · L1" for each in blocks(grid)))


def test_a_double_click_where_nothing_is_begins_an_event_there(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    grid = week_page(window).grid
    assert grid._geometry is not None
    wednesday = QPoint(int(grid._geometry.x(2) + grid._geometry.column / 2), int(grid._geometry.y(15 * 60 + 10)))
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=wednesday)
    assert window.current_page == "event"
    page = window.page("event")
    assert page.findChildren(QDateEdit)[0].date() == QDate(2026, 3, 25)
    assert [each.time().toString("HH:mm") for each in page.findChildren(QTimeEdit)] == ["15:00", "16:00"]


def test_the_line_of_now_crosses_no_words(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week")
    grid = week_page(window).grid
    week = grid.week
    assert week is not None
    number, today = next((number, day) for number, day in enumerate(week.days) if day.is_today)
    block = today.blocks[0]
    ink = DrawStyle(appearance().tokens, window.session.state.colour_of)

    def painted(now: int | None) -> QImage:
        made = QImage(800, 900, QImage.Format.Format_RGB32)
        painter = QPainter(made)
        geometry = Geometry(replace(week, now_minute=now), 800, 900, 60, 40, 860, 0.0, 0)
        paint_week(painter, geometry, ink, InteractionState(), QRectF(made.rect()))
        painter.end()
        return made

    minute = block.start_minute + 10
    geometry = Geometry(week, 800, 900, 60, 40, 860, 0.0, 0)
    place = geometry.rect(number, block).toRect()
    words = place.adjusted(8, 0, -5, 0)
    assert painted(minute).copy(words) == painted(None).copy(words)
    edge = QRect(place.left() - 3, place.top(), 8, place.height())
    assert painted(minute).copy(edge) != painted(None).copy(edge), "it is seen beside them"
