"""One day of the week alone, and the agenda of what is coming."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.models.agenda_list import AgendaRow, LaterRow
from desktop.ui.models.assessment_list import HeadingRow
from desktop.ui.pages.agenda import AgendaPage
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.session.state import ViewState
from tests.gui.conftest import Opener

MONDAY = date(2026, 3, 23)


def week_page(window: MainWindow) -> WeekPage:
    page = window.page("week")
    assert isinstance(page, WeekPage)
    return page


def agenda_page(window: MainWindow) -> AgendaPage:
    page = window.page("agenda")
    assert isinstance(page, AgendaPage)
    return page


def shown_days(page: WeekPage) -> list[date]:
    assert page.grid.week is not None
    return [each.date for each in page.grid.week.days]


def name_of(page: WeekPage, day: date) -> QPoint:
    """Returns where the name of a day stands in the header."""
    geometry = page.grid._geometry
    assert geometry is not None
    return QPoint(round(geometry.x(shown_days(page).index(day)) + 20), 12)


def rows(page: AgendaPage) -> list[object]:
    return list(page._rows._rows)


def test_a_click_on_the_name_of_a_day_shows_it_alone_and_another_the_week(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    page = week_page(open_window(stored, page="week"))
    page.session.state.show_week(MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    classes = [each.key for each in page.grid.week.days[1].blocks]
    assert classes

    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=name_of(page, tuesday))
    assert shown_days(page) == [tuesday]
    assert [each.key for each in page.grid.week.blocks()] == classes
    assert page.title().startswith("Tuesday 24 March 2026")
    assert page.grid.accessibleName() == f"Tuesday 24 March 2026, {len(classes)} entries"

    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=name_of(page, tuesday))
    assert len(shown_days(page)) >= 5
    assert page.day is None


def test_days_are_walked_through_across_weeks(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    page = week_page(open_window(stored, page="week"))
    page.show_day(MONDAY)
    qtbot.keyClick(page.grid, Qt.Key.Key_PageUp)
    assert page.day == MONDAY - timedelta(days=1)
    assert shown_days(page) == [page.day], "a day without classes is shown as well"
    qtbot.keyClick(page.grid, Qt.Key.Key_PageDown)
    assert shown_days(page) == [MONDAY]

    page.session.state.show_week(MONDAY + timedelta(weeks=2))
    assert shown_days(page) == [MONDAY + timedelta(weeks=2)], "the same weekday of another week"
    page._today.click()
    assert shown_days(page) == [page.session.state.today]

    qtbot.keyClick(page.grid, Qt.Key.Key_W)
    assert page.day is None
    qtbot.keyClick(page.grid, Qt.Key.Key_D)
    assert page.day is not None


def test_what_is_looked_for_is_shown_on_its_day(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week")
    page = week_page(window)
    page.show_day(MONDAY)
    wanted = next(each for each in window.session.state.occurrences() if each.date > MONDAY + timedelta(days=9))
    window.open_page(routes.WeekRoute(wanted))
    assert page.day == wanted.date
    assert page.grid.selected is not None
    assert page.grid.selected.occurrence.item.id == wanted.item.id


def test_groups_are_chosen_in_one_day_and_in_the_whole_week(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = week_page(window)
    candidate = next(each for each in window.session.state.occurrences() if each.undecided)
    page.show_day(candidate.date)
    page.grid.select((candidate.item.id, candidate.start))
    page.grid.setFocus()
    qtbot.waitUntil(lambda: page.grid._preview is not None)
    assert [each.date for each in page.grid._preview.week.days] == [candidate.date]

    window.open_page(routes.WeekRoute(choose=candidate.item.choice_key))
    assert page.day is None, "the groups of a choice stand on several days"


def test_an_event_is_drawn_on_the_day_that_is_shown(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    page = week_page(open_window(stored, page="week"))
    sunday = MONDAY + timedelta(days=6)
    page.show_day(sunday)
    page.own_events.start_event_at(datetime(2026, 3, 29, 10))
    assert page.own_events.editor is not None
    assert page.own_events.editor.slot[0] == sunday
    page.go_weeks(1)
    assert page.own_events.editor is None, "a form belongs to the day that it was opened on"


def test_the_views_are_a_menu_away_from_each_other(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")

    def choose(name: str) -> None:
        page = window.page(window.current_page)
        button = next(each for each in page.findChildren(QToolButton) if each.property("view"))
        button.click()
        menu = button.findChild(QMenu)
        assert menu is not None
        next(each for each in menu.actions() if each.text().startswith(name)).trigger()
        menu.close()

    choose("Agenda")
    assert window.current_page == "agenda"
    choose("Semester")
    assert window.current_page == "term"
    choose("Day")
    assert window.current_page == "week"
    assert week_page(window).day is not None
    choose("Week")
    assert week_page(window).day is None


def test_the_agenda_lists_what_is_coming_by_day(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="agenda")
    page, state = agenda_page(window), window.session.state
    listed = rows(page)
    first = listed[0]
    assert isinstance(first, HeadingRow)
    events = [each.occurrence for each in listed if isinstance(each, AgendaRow)]
    end = events[0].date + timedelta(weeks=4)
    assert events == [each for each in state.occurrences() if state.today <= each.date < end and not each.undecided]
    assert len([each for each in listed if isinstance(each, HeadingRow)]) == len({each.date for each in events})

    later = listed[-1]
    assert isinstance(later, LaterRow)
    page._use(later, "open")
    more = [each.occurrence for each in rows(page) if isinstance(each, AgendaRow)]
    assert more[: len(events)] == events
    assert len(more) > len(events)

    page._use(next(each for each in listed if isinstance(each, AgendaRow)), "open")
    pane = window.findChild(DetailPane)
    assert pane is not None
    assert pane.isVisible()


def test_the_agenda_marks_what_is_over(open_window: Opener, stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(stored, page="agenda")
    page, state = agenda_page(window), window.session.state
    today = next(each for each in state.occurrences() if not each.undecided and each.date > state.today)
    monkeypatch.setattr(ViewState, "now", lambda _self: today.start)
    state.minute_started.emit()
    begun = next(each for each in rows(page) if isinstance(each, AgendaRow))
    assert begun.occurrence == today
    assert not begun.is_past
    heading = rows(page)[0]
    assert isinstance(heading, HeadingRow)
    assert heading.accessible_text.startswith("Today · ")
    monkeypatch.setattr(ViewState, "now", lambda _self: today.end)
    state.minute_started.emit()
    assert next(each for each in rows(page) if isinstance(each, AgendaRow)).is_past


def test_after_the_year_the_agenda_says_so(open_window: Opener, stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window(stored, page="agenda")
    page, state = agenda_page(window), window.session.state
    monkeypatch.setattr(ViewState, "now", lambda _self: datetime(2026, 12, 24, 9))
    state.minute_started.emit()
    assert not rows(page)
    page.invalidate()
    assert not page._over.isHidden()
