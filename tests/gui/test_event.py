"""Own events: added weekly or on a date, changed, refused where they cannot be, deleted."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

from PySide6.QtCore import Qt, QTime
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.events import OwnEvent
from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.event import EventPage
from tests.gui.conftest import Opener
from tests.gui.user_actions import press, wait_until, wait_until_idle


def event_page(window: MainWindow, route: routes.EventRoute = routes.EventRoute()) -> EventPage:  # noqa: B008
    window.open_page(route)
    page = window.page("event")
    assert isinstance(page, EventPage)
    return page


def events(window: MainWindow) -> tuple[OwnEvent, ...]:
    view = window.session.state.view
    assert view is not None
    return view.timetable.events


def test_an_event_is_added_changed_and_deleted(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = event_page(window, routes.EventRoute(start=date(2026, 3, 25)))
    qtbot.keyClicks(page._what, "Choir")
    page._start.setTime(QTime(18, 0))
    page._end.setTime(QTime(20, 0))
    qtbot.keyClick(page._what, Qt.Key.Key_Return)
    wait_until(qtbot, lambda: window.current_page == "week")
    assert [(each.title, each.on, each.start) for each in events(window)] == [("Choir", date(2026, 3, 25), time(18))]

    page = event_page(window, routes.EventRoute(events(window)[0]))
    assert page.title() == "Change an event"
    press(qtbot, page, "Every")
    press(qtbot, page, "Save")
    wait_until(qtbot, lambda: window.current_page == "week")
    assert len(events(window)) == 1
    assert events(window)[0].weekday is not None

    found = next(each for each in window.session.state.occurrences() if each.item.id == events(window)[0].id)
    window.session.select(found)
    pane = window.findChild(DetailPane)
    assert pane is not None
    wait_until_idle(qtbot, window)
    press(qtbot, pane, "Delete")
    wait_until_idle(qtbot, window)
    assert events(window) == ()


def test_an_end_before_the_start_is_refused_and_nothing_typed_is_lost(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    page = event_page(window)
    qtbot.keyClicks(page._what, "Choir")
    page._start.setTime(QTime(18, 0))
    page._end.setTime(QTime(17, 0))
    press(qtbot, page, "Save")
    wait_until(qtbot, window.notice_bar.isVisible)
    assert window.current_page == "event"
    assert page._what.text() == "Choir"


def test_saving_twice_in_a_row_adds_one_event(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = event_page(window)
    qtbot.keyClicks(page._what, "Choir")
    qtbot.keyClick(page._what, Qt.Key.Key_Return)
    qtbot.mouseClick(page._save, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page._save, Qt.MouseButton.LeftButton)
    wait_until(qtbot, lambda: window.current_page == "week")
    wait_until_idle(qtbot, window)
    assert [each.title for each in events(window)] == ["Choir"]
    page = event_page(window)
    qtbot.keyClicks(page._what, "Gym")
    qtbot.mouseClick(page._save, Qt.MouseButton.LeftButton)
    wait_until(qtbot, lambda: len(events(window)) == 2)


def test_a_date_outside_the_year_is_refused(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = event_page(window, routes.EventRoute(start=date(2028, 1, 1)))
    qtbot.keyClicks(page._what, "Choir")
    press(qtbot, page, "Save")
    wait_until(qtbot, window.notice_bar.isVisible)
    assert "1 January 2028 does not lie in the academic year 2026." in window.notice_bar.text
    assert window.current_page == "event"


def test_another_event_is_begun_once_one_was_only_looked_at(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = event_page(window, routes.EventRoute(start=date(2026, 3, 25)))
    qtbot.keyClicks(page._what, "Choir")
    qtbot.keyClick(page._what, Qt.Key.Key_Return)
    wait_until(qtbot, lambda: window.current_page == "week")

    event_page(window, routes.EventRoute(events(window)[0]))
    window.open_page(routes.TodayRoute())
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert page.isVisible()
    assert (page.title(), page._what.text()) == ("Add an event", "")

    event_page(window, routes.EventRoute(events(window)[0]))
    qtbot.keyClicks(page._what, " of the hall")
    window.open_page(routes.TodayRoute())
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert (page.title(), page._what.text()) == ("Change an event", "Choir of the hall"), "nothing typed is lost"
    press(qtbot, page, "Cancel")
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert (page.title(), page._what.text()) == ("Add an event", "")
