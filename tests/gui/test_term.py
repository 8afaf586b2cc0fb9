"""The term page: what each day shows, and how to get to its week by mouse and by keyboard."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.commands.calendar_commands import mark_day_off, swap_day
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.term.page import TermPage
from tests.gui.conftest import Opener
from tests.gui.user_actions import press, wait_until_idle


def term_page(window: MainWindow) -> TermPage:
    window.open_page(routes.TermRoute())
    QApplication.processEvents()
    page = window.page("term")
    assert isinstance(page, TermPage)
    return page


def words(page: TermPage, day: date) -> str:
    found = page.grid.day(day)
    assert found is not None
    return found.description()


def test_every_week_up_to_the_last_exam_and_what_the_days_are(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = term_page(window)
    window.session.perform(swap_day(2026, date(2026, 4, 21), 0))
    window.session.perform(mark_day_off(2026, date(2026, 5, 6), "Spring Day"))
    wait_until_idle(qtbot, window)
    assert page.title() == "Semester 1 · 2026"
    weeks = page.grid.weeks
    assert weeks[0].monday == date(2026, 2, 9)
    assert weeks[0].number == 1
    assert weeks[-1].monday == date(2026, 6, 8), "the exams belong to it"
    assert weeks[-1].number is None
    assert words(page, date(2026, 4, 27)) == "Monday 27 April, Freedom Day"
    assert "as Mon" in words(page, date(2026, 4, 21))
    assert "Spring Day" in words(page, date(2026, 5, 6))
    assert words(page, date(2026, 3, 27)).endswith("ABC 101 · Test1")
    assert "ABC 101 · Exam Written" in words(page, date(2026, 6, 8))
    assert "3 classes" in words(page, date(2026, 3, 24))


def test_a_click_and_enter_go_to_the_week(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = term_page(window)
    qtbot.mouseClick(page.grid, Qt.MouseButton.LeftButton, pos=page.grid.rect_of(date(2026, 3, 12)).center().toPoint())
    assert window.current_page == "week"
    assert "9 – 15 March 2026" in window.page("week").title()
    page = term_page(window)
    assert page.grid.marked == date(2026, 3, 12)
    qtbot.keyClick(page.grid, Qt.Key.Key_Down)
    qtbot.keyClick(page.grid, Qt.Key.Key_Right)
    assert page.grid.accessibleDescription().startswith("Friday 20 March")
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    assert "16 – 22 March 2026" in window.page("week").title()


def test_the_other_semester(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = term_page(window)
    press(qtbot, page, "Semester 2")
    assert page.title() == "Semester 2 · 2026"
    assert page.grid.weeks[0].monday.month == 7
