"""Choosing one's own room among several of a class, by mouse and keyboard, and undoing it.

The choice applies everywhere the class is shown and written. A room can be entered by hand if the document has none or
the wrong one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.document_types.rows import LectureRow
from desktop.domain.commands import edits
from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.export import ExportPage
from desktop.ui.pages.printing.page import PrintPage
from desktop.ui.pages.review.page import ReviewPage
from desktop.ui.pages.review.row_texts import STATE
from desktop.ui.pages.search.page import SearchPage
from desktop.ui.pages.week.block import block_lines
from desktop.ui.pages.week.page import WeekPage
from desktop.workflows import imports, timetable
from tests.gui.conftest import Opener
from tests.gui.semester import LECTURES, draft, lecture, write_pdfs
from tests.gui.user_actions import (
    combo_box,
    control,
    controls,
    press,
    shows_text,
    visible_texts,
    wait_until,
    wait_until_idle,
)

LECTURE = "GHI 303 · L1"  # at once in Hall 5 and Hall 6


def week_page(window: MainWindow) -> WeekPage:
    page = window.page("week")
    assert isinstance(page, WeekPage)
    return page


def on_block(window: MainWindow, title: str = LECTURE) -> list[str]:
    """The text of the block with that title in the week."""
    week = week_page(window).grid.week
    assert week is not None
    return next(lines for block in week.blocks() if (lines := block_lines(block))[0] == title)


def open_menu(window: MainWindow, title: str, qtbot: QtBot) -> QMenu:
    """Right-clicks the block of that title."""
    grid = week_page(window).grid
    assert grid._geometry is not None
    place = next(rect for _, each, rect in grid._geometry.placed() if block_lines(each)[0] == title)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.RightButton, pos=place.center().toPoint())
    return popup()


def popup() -> QMenu:
    """The menu that is open on top."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def click_on(qtbot: QtBot, menu: QMenu, words: str) -> None:
    action = next(each for each in menu.actions() if each.text() == words)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def rooms_in(qtbot: QtBot, menu: QMenu) -> QMenu:
    """Clicks on what leads to the rooms, and waits for them."""
    click_on(qtbot, menu, "My room")
    wait_until(qtbot, lambda: popup() is not menu)
    return popup()


def pane_of(window: MainWindow, qtbot: QtBot, title: str) -> DetailPane:
    """The pane beside the week, of the block that is clicked."""
    grid = week_page(window).grid
    assert grid._geometry is not None
    place = next(rect for _, each, rect in grid._geometry.placed() if block_lines(each)[0] == title)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    wait_until_idle(qtbot, window)
    pane = window.findChild(DetailPane)
    assert pane is not None
    return pane


def undo(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, window)


@pytest.mark.parametrize(
    ("title", "first", "second"), [(LECTURE, "Hall 5", "Hall 6"), ("ABC 101 · Test1", "Hall 1", "Hall 2")]
)
def test_the_menu_chooses_my_room_by_mouse_and_it_is_taken_back(
    open_window: Opener, stored: Path, qtbot: QtBot, title: str, first: str, second: str
) -> None:
    window = open_window(stored, page="week")
    assert f"{first} +1" in on_block(window, title)
    rooms = rooms_in(qtbot, open_menu(window, title, qtbot))
    assert [(each.text(), each.isChecked()) for each in rooms.actions()] == [
        ("Any of these rooms", True),
        (first, False),
        (second, False),
    ]
    click_on(qtbot, rooms, second)
    wait_until_idle(qtbot, window)
    assert second in on_block(window, title)
    assert window.notice_bar.text == f"Chose {second} for {title}"
    undo(window, qtbot)
    assert f"{first} +1" in on_block(window, title)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    wait_until_idle(qtbot, window)
    assert second in on_block(window, title)

    click_on(qtbot, rooms_in(qtbot, open_menu(window, title, qtbot)), "Any of these rooms")
    wait_until_idle(qtbot, window)
    assert f"{first} +1" in on_block(window, title)


def test_the_menu_chooses_my_room_by_keyboard(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    grid = week_page(window).grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    while grid.selected is None or block_lines(grid.selected)[0] != LECTURE:
        qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    menu = popup()
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    assert menu.activeAction().text() == "My room"
    qtbot.keyClick(menu, Qt.Key.Key_Right)
    rooms = popup()
    assert rooms is not menu
    while rooms.activeAction().text() != "Hall 6":
        qtbot.keyClick(rooms, Qt.Key.Key_Down)
    qtbot.keyClick(rooms, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert "Hall 6" in on_block(window)


def test_the_pane_chooses_my_room_by_keyboard_and_keeps_the_keyboard_there(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    pane = pane_of(window, qtbot, LECTURE)
    window.activateWindow()
    combo_box(pane, "My room").setFocus()

    def hand() -> QComboBox:
        wait_until(qtbot, lambda: QApplication.focusWidget() is combo_box(pane, "My room"))
        return combo_box(pane, "My room")

    for room, where in (("Hall 5", "Hall 5"), ("Hall 6", "Hall 6")):
        qtbot.keyClick(hand(), Qt.Key.Key_Down)
        wait_until_idle(qtbot, window)
        assert hand().currentText() == room
        assert where in on_block(window)
    qtbot.keyClick(hand(), Qt.Key.Key_Home)
    wait_until_idle(qtbot, window)
    assert hand().currentText() == "Any of these rooms"
    assert "Hall 5 +1" in on_block(window)


def test_my_room_alone_is_shown_found_printed_and_written(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with App.open(stored) as app:
        view = timetable.compute_view(app.store, 2026, date(2026, 3, 24))
        found = next(each for each in view.timetable.meetings if each.label == LECTURE)
        timetable.apply_act(app.store, edits.set_room(view.timetable, found.id, "Hall 6"))
    window = open_window(stored)
    wait_until_idle(qtbot, window)
    today = "\n".join(visible_texts(window.page("today")))
    assert "Hall 6" in today
    assert "Hall 5" not in today

    window.open_page(routes.SearchRoute())
    search = window.page("search")
    assert isinstance(search, SearchPage)

    def hits(words: str) -> list[str]:
        search.field.clear()
        qtbot.keyClicks(search.field, words)
        rows = (search.list.topLevelItem(number) for number in range(search.list.topLevelItemCount()))
        return [each.text(0) for each in rows if each is not None]

    assert hits("hall 6")[:2] == ["Hall 6", LECTURE]
    assert LECTURE not in hits("hall 5")

    window.open_page(routes.PrintRoute())
    paper = window.page("paper")
    assert isinstance(paper, PrintPage)
    wait_until_idle(qtbot, window)
    printed = [line for sheet in paper.sheets() for block in sheet.week.blocks() for line in block_lines(block)]
    assert "Hall 6" in printed
    assert not [line for line in printed if "Hall 5" in line]

    window.open_page(routes.ExportRoute())
    export = window.page("export")
    assert isinstance(export, ExportPage)
    wait_until(qtbot, lambda: export._shown is not None)
    export.save_to(tmp_path / "mine.ics")
    wait_until(qtbot, lambda: window.notice_bar.text == "Saved mine.ics")
    written = (tmp_path / "mine.ics").read_text()
    assert "LOCATION:Hall 6" in written
    assert "Hall 5" not in written


def test_a_room_of_mine_that_a_new_document_no_longer_lists_is_asked_about(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with App.open(stored) as app:
        view = timetable.compute_view(app.store, 2026, date(2026, 3, 24))
        found = next(each for each in view.timetable.meetings if each.label == LECTURE)
        timetable.apply_act(app.store, edits.set_room(view.timetable, found.id, "Hall 6"))
    rows = [row for row in LECTURES if isinstance(row, LectureRow)]
    rows[-1] = replace(rows[-1], venue="Hall 7")
    window = open_window(stored)
    window.read_files(write_pdfs(tmp_path, rows))
    wait_until(qtbot, lambda: window.current_page == "review")
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    heading = next(each for each in review.rows.headings() if str(each.data()).startswith("GHI 303"))
    assert review.rows.index(0, STATE, heading).data() == "room · your edit"
    press(qtbot, review, "Accept 8 meetings")
    wait_until(qtbot, lambda: window.current_page == "week")
    wait_until_idle(qtbot, window)
    assert "Hall 6" in on_block(window), "what was set by hand stays until it is decided"

    window.open_page(routes.TodayRoute())
    wait_until_idle(qtbot, window)
    assert shows_text(window.page("today"), "A document changed under your edit of GHI 303")
    window.open_page(routes.WeekRoute())
    pane = pane_of(window, qtbot, LECTURE)
    assert shows_text(pane, "The document now says something else than when you set the room.")
    rooms = combo_box(pane, "My room")
    assert [rooms.itemText(each) for each in range(rooms.count())] == [
        "Any of these rooms",
        "Hall 5",
        "Hall 7",
        "Hall 6",
    ]
    assert rooms.currentText() == "Hall 6"
    press(qtbot, pane, "Use the document’s")
    wait_until_idle(qtbot, window)
    assert "Hall 5 +1" in on_block(window)
    assert combo_box(pane, "My room").currentText() == "Any of these rooms"
    undo(window, qtbot)
    assert "Hall 6" in on_block(window)
    press(qtbot, pane, "Keep mine")
    wait_until_idle(qtbot, window)
    assert "Hall 6" in on_block(window)
    assert "Keep mine" not in controls(pane)


def test_a_room_is_said_by_hand_where_the_document_has_none(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    rows = [lecture("DEF 202", "L1", 1, "10:30", "11:20", "")]
    with App.open(profile) as app:
        proposal = imports.propose(app.store, draft(rows), "lectures.pdf", date(2026, 3, 1), year=2026)
        imports.accept(app.store, proposal)
    window = open_window(profile, page="week")
    pane = pane_of(window, qtbot, "DEF 202 · L1")

    def field() -> QLineEdit:
        return next(each for each in pane.findChildren(QLineEdit) if each.accessibleName() == "Room")

    assert not field().isVisible()
    press(qtbot, pane, "Change room")
    press(qtbot, pane, "Save room")
    wait_until(qtbot, lambda: shows_text(window.notice_bar, "No venue is given."))
    qtbot.keyClicks(field(), "IT 4-1")
    qtbot.keyClick(field(), Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert "IT 4-1" in on_block(window, "DEF 202 · L1")
    assert shows_text(pane, "IT 4-1")
    assert control(pane, "Use the venue of the document").isVisible()
    undo(window, qtbot)
    assert "IT 4-1" not in on_block(window, "DEF 202 · L1")
