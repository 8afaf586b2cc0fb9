"""The academic year: recess, unusual days, sharing the dates and importing those of others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate, QMimeData, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDateEdit, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.terms import AcademicCalendar, DayKind
from desktop.ui import routes
from desktop.ui.app.item_actions import date_field
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.recess_note import RecessNote
from desktop.ui.pages.year.page import YearPage
from desktop.ui.pages.year.paste_panel import PastePanel
from desktop.ui.routes import PAGES_BY_NAME
from desktop.ui.widgets.fields import MonthCalendar
from tests.gui.conftest import Opener
from tests.gui.user_actions import (
    choose_entry,
    combo_box,
    control,
    controls,
    press,
    shows_text,
    visible_texts,
    wait_until,
    wait_until_idle,
)


def year_page(window: MainWindow, qtbot: QtBot) -> YearPage:
    window.open_page(routes.YearRoute())
    page = window.page("year")
    assert isinstance(page, YearPage)
    wait_until_idle(qtbot, window)
    return page


def calendar(window: MainWindow) -> AcademicCalendar:
    view = window.session.state.view
    assert view is not None
    return view.calendar


def date_of(page: YearPage, name: str) -> QDateEdit:
    return next(each for each in page.findChildren(QDateEdit) if each.accessibleName() == name and each.isVisible())


def set_date(page: YearPage, name: str, day: date) -> None:
    date_of(page, name).setDate(date_field(day).date())


def line(page: YearPage, name: str) -> QLineEdit:
    return next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == name and each.isVisible())


def add_buttons(page: YearPage) -> list[QAbstractButton]:
    return [each for each in page.findChildren(QAbstractButton) if each.isVisible() and each.text() == "Add"]


def test_a_recess_is_added_and_removed(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    set_date(page, "First day of recess", date(2026, 5, 4))
    set_date(page, "Last day of recess", date(2026, 5, 6))
    line(page, "Name of the recess").setText("Rag")
    add_buttons(page)[0].click()
    wait_until_idle(qtbot, window)
    assert calendar(window).status(date(2026, 5, 5)).kind is DayKind.RECESS
    assert shows_text(page, "Rag")
    assert not window.session.state.occurrences_between(date(2026, 5, 4), date(2026, 5, 6))
    press(qtbot, page, "Remove Rag")
    wait_until_idle(qtbot, window)
    assert calendar(window).status(date(2026, 5, 5)).kind is DayKind.LECTURE


def test_a_day_follows_another_weekday(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    set_date(page, "The day", date(2026, 5, 6))
    choose_entry(combo_box(page, "What happens on the day"), "Monday’s timetable")
    add_buttons(page)[1].click()
    wait_until_idle(qtbot, window)
    status = calendar(window).status(date(2026, 5, 6))
    assert (status.kind, status.follows) == (DayKind.SWAPPED, 0)
    press(qtbot, page, "Make 6 May 2026 an ordinary day")
    wait_until_idle(qtbot, window)
    assert calendar(window).status(date(2026, 5, 6)).kind is DayKind.LECTURE


def dates(page: YearPage, term: str) -> list[str]:
    """The dates that stand in the fields of a term."""
    fields = {each.accessibleName(): each.text() for each in page.findChildren(QDateEdit) if each.isVisible()}
    return [fields[f"{term}, first day"], fields[f"{term}, last day"]]


def test_a_term_goes_back_to_its_proposed_dates(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    back, proposed = "Back to the proposed dates of Semester 1", ["9 February 2026", "27 May 2026"]
    window = open_window(stored)
    page = year_page(window, qtbot)
    assert dates(page, "Semester 1") == proposed
    assert back not in controls(page), "nothing was set by hand"
    set_date(page, "Semester 1, first day", date(2026, 2, 16))
    press(qtbot, page, "These dates are right")
    wait_until_idle(qtbot, window)
    wait_until(qtbot, lambda: back in controls(page))
    assert "Back to the proposed dates of Semester 2" not in controls(page)
    first = min(each.date for each in window.session.state.occurrences())
    assert first == date(2026, 2, 16)

    set_date(page, "Semester 2, last day", date(2026, 11, 20))
    press(qtbot, page, back)
    wait_until_idle(qtbot, window)
    assert dates(page, "Semester 1") == proposed
    assert dates(page, "Semester 2")[1] == "20 November 2026", "what was typed and not confirmed yet stays"
    assert back not in controls(page)
    assert min(each.date for each in window.session.state.occurrences()) == date(2026, 2, 9)
    assert window.notice_bar.text == "Set S1 back to its proposed dates"

    press(qtbot, window.notice_bar, "Undo")
    wait_until_idle(qtbot, window)
    assert dates(page, "Semester 1")[0] == "16 February 2026"
    assert dates(page, "Semester 2")[1] == "20 November 2026"
    wait_until(qtbot, lambda: back in controls(page))


def test_the_dates_are_shared_and_taken(open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    path = tmp_path / "dates.json"
    page._write_file(path)
    wait_until(qtbot, path.exists)
    wait_until_idle(qtbot, window)
    page._adopt_file(path)
    wait_until(qtbot, lambda: any("Took over the dates of 2026" in text for text in visible_texts(window.notice_bar)))
    press(qtbot, page, "The weeks of a semester at a glance (Ctrl+Shift+2)")
    assert window.current_page == "term"


def test_lectures_are_held_on_one_public_holiday_after_all(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    workers_day = date(2026, 5, 1)
    assert calendar(window).status(workers_day).kind is DayKind.HOLIDAY
    press(qtbot, page, "Fri 1 May · Workers' Day")
    wait_until_idle(qtbot, window)
    assert calendar(window).status(workers_day).kind is DayKind.LECTURE
    assert calendar(window).status(date(2026, 4, 27)).kind is DayKind.HOLIDAY
    assert "Lectures are held on Workers' Day" in window.notice_bar.text
    press(qtbot, page, "Fri 1 May · Workers' Day")
    wait_until_idle(qtbot, window)
    assert calendar(window).status(workers_day).kind is DayKind.HOLIDAY
    press(qtbot, page, "No lectures on South African public holidays")
    wait_until_idle(qtbot, window)
    assert not calendar(window).holidays
    assert not any("Workers" in text for text in (each.text() for each in page.findChildren(QAbstractButton)))


def test_what_is_typed_stays_while_something_else_changes(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    set_date(page, "Semester 1, first day", date(2026, 2, 16))
    set_date(page, "First day of recess", date(2026, 5, 4))
    line(page, "Name of the recess").setText("Rag")
    line(page, "Reason").setText("Spring Day")
    set_date(page, "The day", date(2026, 5, 6))
    press(qtbot, page, "Fri 1 May · Workers' Day")
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Add")
    wait_until_idle(qtbot, window)
    assert shows_text(page, "Rag")
    assert date_of(page, "Semester 1, first day").date() == date_field(date(2026, 2, 16)).date()
    assert date_of(page, "The day").date() == date_field(date(2026, 5, 6)).date()
    assert line(page, "Reason").text() == "Spring Day"
    assert not line(page, "Name of the recess").text(), "it is listed now"
    press(qtbot, page, "These dates are right")
    wait_until_idle(qtbot, window)
    assert calendar(window).terms["S1"].start == date(2026, 2, 16)


def test_the_keyboard_stays_where_it_was(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    window.activateWindow()
    tick = control(page, "Fri 1 May · Workers' Day")
    tick.setFocus()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    wait_until_idle(qtbot, window)
    assert QApplication.focusWidget() is tick
    set_date(page, "First day of recess", date(2026, 5, 4))
    line(page, "Name of the recess").setText("Rag")
    add = control(page, "Add")
    add.setFocus()
    qtbot.keyClick(add, Qt.Key.Key_Space)
    wait_until_idle(qtbot, window)
    assert QApplication.focusWidget() is add
    remove = control(page, "Remove Rag")
    remove.setFocus()
    qtbot.keyClick(remove, Qt.Key.Key_Space)
    wait_until_idle(qtbot, window)
    now = QApplication.focusWidget()
    assert now is not None
    assert page.isAncestorOf(now), "the button is gone, and something near has the keyboard"


def test_a_recess_that_would_end_first_is_refused_and_what_was_typed_stays(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    line(page, "Name of the recess").setText("Rag")
    set_date(page, "First day of recess", date(2026, 5, 4))
    set_date(page, "Last day of recess", date(2026, 5, 1))
    press(qtbot, page, "Add")
    wait_until_idle(qtbot, window)
    assert "The recess would end on 1 May 2026" in window.notice_bar.text
    assert "Rag" not in [each.name for each in calendar(window).recesses]
    assert line(page, "Name of the recess").text() == "Rag"


def test_the_dates_of_next_year_are_taken_and_shown(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    path = tmp_path / "dates.json"
    page._write_file(path)
    wait_until_idle(qtbot, window)
    path.write_text(path.read_text().replace("2026-", "2027-").replace('"year": 2026', '"year": 2027'))
    page._adopt_file(path)
    wait_until_idle(qtbot, window)
    assert page.title() == "Semester dates 2027"
    assert calendar(window).confirmed
    years = combo_box(page, "Academic year")
    assert years.currentText() == "2027"
    choose_entry(years, "2026")
    wait_until_idle(qtbot, window)
    assert page.title() == "Semester dates 2026"
    choose_entry(years, "2027")
    wait_until_idle(qtbot, window)
    assert date_of(page, "Semester 1, first day").date() == date_field(date(2027, 2, 9)).date()


def test_every_way_out_says_what_the_recess_rests_on_until_it_is_confirmed(
    open_window: Opener, unconfirmed: Path, qtbot: QtBot
) -> None:
    window = open_window(unconfirmed)
    for name in ("week", "export", "calendars", "year"):
        window.open_page(PAGES_BY_NAME[name].route())
        wait_until_idle(qtbot, window)
        (note,) = window.page(name).findChildren(RecessNote)
        assert note.isVisible(), name
        assert note.text == "The recess of 2026 is proposed, not confirmed: there are no classes in it."
    assert calendar(window).status(date(2026, 4, 1)).reason == "April recess (proposed)"
    assert not window.session.state.occurrences_between(date(2026, 3, 30), date(2026, 4, 3))
    page = year_page(window, qtbot)
    press(qtbot, page, "These dates are right")
    wait_until_idle(qtbot, window)
    assert calendar(window).confirmed
    assert not any(each.isVisible() for each in page.findChildren(RecessNote))


def test_lectures_in_test_weeks_are_asked_for_the_year_and_for_a_module(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    first, last = date(2026, 3, 16), date(2026, 3, 20)
    assert len({each.item.module for each in _classes(window, first, last)}) > 1  # type: ignore[union-attr]
    choose_entry(combo_box(page, "Lectures in test weeks"), "No")
    press(qtbot, page, "These dates are right")
    wait_until_idle(qtbot, window)
    assert calendar(window).lectures_in_test_weeks is False
    assert not _classes(window, first, last)
    window.open_page(routes.ModulesRoute())
    wait_until_idle(qtbot, window)
    choose_entry(combo_box(window.page("modules"), "Lectures in test weeks: ABC 101"), "Yes")
    wait_until_idle(qtbot, window)
    assert {each.item.module for each in _classes(window, first, last)} == {"ABC 101"}  # type: ignore[union-attr]


def _classes(window: MainWindow, first: date, last: date) -> list[Occurrence]:
    found = window.session.state.occurrences_between(first, last)
    return [each for each in found if isinstance(each.item, Meeting)]


def test_a_pasted_year_calendar_is_shown_line_by_line_before_it_counts(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = year_page(window, qtbot)
    press(qtbot, page, "Paste UP’s year calendar")
    panel = page.findChild(PastePanel)
    assert panel is not None
    before = calendar(window)
    pasted = QMimeData()
    pasted.setHtml(
        "<p>Year calendar 2026</p><table><tr><td>30 March – 2 April</td><td>April recess</td></tr>"
        "<tr><td>6 May</td><td>Monday timetable is followed; Council <b>meets</b></td></tr></table>"
    )
    panel.text.insertFromMimeData(pasted)
    wait_until(qtbot, lambda: panel.list.topLevelItemCount() == 3)
    items = [panel.list.topLevelItem(number) for number in range(3)]
    assert [(item.text(0), item.text(1)) for item in items if item is not None] == [
        ("Year calendar 2026", "Heading"),
        ("30 March – 2 April April recess", "Recess: 30 March to 2 April"),
        (
            "6 May Monday timetable is followed; Council meets",
            "6 May follows Monday’s timetable\nNot used: Council meets",
        ),
    ]
    assert calendar(window) == before, "nothing counts before it is agreed to"
    press(qtbot, panel, "Use these dates")
    wait_until_idle(qtbot, window)
    wait_until(qtbot, lambda: not panel.isVisible())
    now = calendar(window)
    assert [(each.start, each.end) for each in now.recesses] == [(date(2026, 3, 30), date(2026, 4, 2))]
    assert now.status(date(2026, 5, 6)).follows == 0
    assert now.terms == before.terms
    press(qtbot, window.notice_bar, "Undo")
    wait_until(qtbot, lambda: calendar(window) == before)


def test_a_date_has_a_month_to_choose_from(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.YearRoute())
    wait_until_idle(qtbot, window)
    field = next(each for each in window.page("year").findChildren(QDateEdit) if each.isVisible())
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(field.width() - 8, field.height() // 2))
    month = field.findChild(MonthCalendar)
    assert month is not None
    assert month.isVisible()
    month.clicked.emit(QDate(2026, 2, 17))
    assert field.date() == QDate(2026, 2, 17)
