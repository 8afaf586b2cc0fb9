"""Own events with the mouse: created over empty time, moved, resized; kept through restart, sync and undo."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QDateEdit, QLineEdit, QMenu, QTimeEdit
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.commands import edits
from desktop.domain.timetable.events import OwnEvent
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.week.block import block_title
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.routes import PAGES_BY_NAME
from desktop.workflows import timetable
from tests.gui.conftest import Opener
from tests.gui.test_folder_sync import PASSWORD, cloud, create, join
from tests.gui.user_actions import press, wait_until, wait_until_idle

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 3, 24), date(2026, 3, 25), date(2026, 3, 26)
GYM = OwnEvent("2026/event/gym", 2026, "Gym", time(15), time(16), weekday=1, offered="S1", venue="Rec")
TALK = OwnEvent("2026/event/talk", 2026, "Talk", time(15), time(16), on=WEDNESDAY)
LEFT = Qt.MouseButton.LeftButton

__all__ = ["cloud"]


@pytest.fixture
def with_events(stored: Path) -> Path:
    """A weekly event on Tuesdays and one on the Wednesday."""
    with App.open(stored) as app:
        made = timetable.compute_view(app.store, 2026, TUESDAY).timetable
        for event in (GYM, TALK):
            timetable.apply_act(app.store, edits.save_event(made, event))
    return stored


def week(window: MainWindow, qtbot: QtBot) -> WeekPage:
    wait_until_idle(qtbot, window)
    page = window.page("week")
    assert isinstance(page, WeekPage)
    return page


def place(page: WeekPage, day: int, hour: int, minute: int = 0) -> QPoint:
    """The middle of a day's column at a time."""
    geometry = page.grid._geometry
    assert geometry is not None
    return QPointF(geometry.x(day) + geometry.column / 2, geometry.y(hour * 60 + minute)).toPoint()


def drag(qtbot: QtBot, page: WeekPage, start: QPoint, end: QPoint) -> None:
    view = page.grid.viewport()
    qtbot.mousePress(view, LEFT, pos=start)
    qtbot.mouseMove(view, (start + end) / 2)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, LEFT, pos=end)


def events(window: MainWindow) -> list[tuple[str, object, time, time]]:
    view = window.session.state.view
    assert view is not None
    return [(each.title, each.on or each.weekday, each.start, each.end) for each in view.timetable.events]


def shown(page: WeekPage) -> list[str]:
    assert page.grid.week is not None
    return [block_title(block) for block in page.grid.week.blocks()]


def write(qtbot: QtBot, page: WeekPage, title: str, where: str = "") -> None:
    editor = page.own_events.editor
    assert editor is not None
    assert editor.isVisible()
    what, place_field = editor.findChildren(QLineEdit)
    qtbot.keyClicks(what, title)
    qtbot.keyClicks(place_field, where)


def choose(page: WeekPage, words: str) -> None:
    (menu,) = [each for each in page.grid.findChildren(QMenu) if each.isVisible()]
    action = next(each for each in menu.actions() if each.text() == words)
    menu.setActiveAction(action)
    action.trigger()
    menu.hide()


def test_dragging_over_empty_time_makes_an_event(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = week(window, qtbot)
    drag(qtbot, page, place(page, 2, 14, 4), place(page, 2, 15, 40))
    write(qtbot, page, "Choir", "Musaion")
    press(qtbot, page, "Save")
    wait_until(qtbot, lambda: "Choir" in shown(page))
    assert events(window) == [("Choir", WEDNESDAY, time(14), time(15, 45))], "in steps of a quarter of an hour"
    assert page.own_events.editor is None
    assert page.grid.span is None
    window.session.undo()
    wait_until(qtbot, lambda: "Choir" not in shown(page))
    window.session.redo()
    wait_until(qtbot, lambda: "Choir" in shown(page))
    window.close()
    again = open_window(stored, page="week")
    assert "Choir" in shown(week(again, qtbot))


def test_what_was_typed_goes_along_to_another_time(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = week(window, qtbot)
    drag(qtbot, page, place(page, 2, 14), place(page, 2, 15))
    write(qtbot, page, "Choir", "Musaion")
    drag(qtbot, page, place(page, 0, 11), place(page, 0, 12))
    press(qtbot, page, "Save")
    wait_until(qtbot, lambda: events(window) == [("Choir", date(2026, 3, 23), time(11), time(12))])


def test_escape_leaves_nothing_behind(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = week(window, qtbot)
    drag(qtbot, page, place(page, 2, 14), place(page, 2, 15))
    editor = page.own_events.editor
    assert editor is not None
    qtbot.keyClick(editor.findChildren(QLineEdit)[0], Qt.Key.Key_Escape)
    assert page.own_events.editor is None
    assert page.grid.span is None
    view = page.grid.viewport()
    page.grid.setFocus()
    qtbot.mousePress(view, LEFT, pos=place(page, 2, 14))
    qtbot.mouseMove(view, place(page, 2, 16))
    assert page.grid.is_dragging
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    qtbot.mouseRelease(view, LEFT, pos=place(page, 2, 16))
    assert page.own_events.editor is None
    assert events(window) == []


def test_a_right_click_where_nothing_is_offers_an_event_there(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    page = week(window, qtbot)
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.RightButton, pos=place(page, 2, 15, 10))
    choose(page, "New event here")
    write(qtbot, page, "Study", "Library")
    press(qtbot, page, "More")
    assert window.current_page == "event"
    form = window.page("event")
    assert form.findChildren(QDateEdit)[0].date().toPython() == WEDNESDAY
    assert [each.time().toString("HH:mm") for each in form.findChildren(QTimeEdit)] == ["15:00", "16:00"]
    assert {"Study", "Library"} <= {each.text() for each in form.findChildren(QLineEdit)}


def test_an_event_on_one_date_is_moved_and_made_longer(open_window: Opener, with_events: Path, qtbot: QtBot) -> None:
    window = open_window(with_events, page="week")
    page = week(window, qtbot)
    drag(qtbot, page, place(page, 2, 15, 30), place(page, 3, 9, 37))
    wait_until(qtbot, lambda: ("Talk", THURSDAY, time(9), time(10)) in events(window))
    pane = window.findChild(DetailPane)
    assert pane is None or not pane.isVisible()
    wait_until_idle(qtbot, window)
    drag(qtbot, page, place(page, 3, 10) - QPoint(0, 3), place(page, 3, 11, 20))
    wait_until(qtbot, lambda: ("Talk", THURSDAY, time(9), time(11, 30)) in events(window))
    wait_until_idle(qtbot, window)
    drag(qtbot, page, place(page, 3, 9) + QPoint(0, 3), place(page, 3, 8, 30))
    wait_until(qtbot, lambda: ("Talk", THURSDAY, time(8, 30), time(11, 30)) in events(window))
    for _ in range(3):
        window.session.undo()
    wait_until(qtbot, lambda: ("Talk", WEDNESDAY, time(15), time(16)) in events(window))


def test_a_series_asks_whether_one_date_or_all_are_meant(open_window: Opener, with_events: Path, qtbot: QtBot) -> None:
    window = open_window(with_events, page="week")
    page = week(window, qtbot)
    start, end = place(page, 1, 15, 30), place(page, 3, 12, 30)
    drag(qtbot, page, start, end)
    choose(page, "Move on 24 March only")
    wait_until(qtbot, lambda: ("Gym", THURSDAY, time(12), time(13)) in events(window))
    assert ("Gym", 1, time(15), time(16)) in events(window), "every other week stays"
    assert shown(page).count("Gym") == 1
    window.session.undo()
    wait_until(qtbot, lambda: len(events(window)) == 2)
    wait_until_idle(qtbot, window)
    drag(qtbot, page, start, end)
    choose(page, "Move every week")
    wait_until(qtbot, lambda: ("Gym", 3, time(12), time(13)) in events(window))
    wait_until_idle(qtbot, window)
    drag(qtbot, page, end, start)
    (menu,) = [each for each in page.grid.findChildren(QMenu) if each.isVisible()]
    menu.close()
    wait_until(qtbot, lambda: page.grid.span is None)
    assert ("Gym", 3, time(12), time(13)) in events(window), "not to answer is to leave it where it was"


def test_a_click_selects_and_what_a_document_says_is_not_dragged(
    open_window: Opener, with_events: Path, qtbot: QtBot
) -> None:
    window = open_window(with_events, page="week")
    page = week(window, qtbot)
    qtbot.mouseClick(page.grid.viewport(), LEFT, pos=place(page, 2, 15, 30))
    assert page.grid.selected is not None
    assert block_title(page.grid.selected) == "Talk"
    pane = window.findChild(DetailPane)
    assert pane is not None
    assert pane.isVisible()
    window.session.select(None)
    drag(qtbot, page, place(page, 0, 9), place(page, 0, 12))
    assert page.grid.span is None
    assert page.own_events.editor is None
    assert len(events(window)) == 2


def test_a_dragged_event_reaches_the_other_machine_and_so_does_undo(
    open_window: Opener, with_events: Path, tmp_path: Path, cloud: Path, qtbot: QtBot
) -> None:
    first = open_window(with_events)
    create(first, qtbot)
    second = open_window(tmp_path / "second")
    _, form = join(second, qtbot, "I know the password")
    form._password.setText(PASSWORD)
    press(qtbot, form, "Join")
    wait_until(qtbot, lambda: not second.session.state.is_empty)
    first.open_page(PAGES_BY_NAME["week"].route())
    page = week(first, qtbot)
    drag(qtbot, page, place(page, 2, 15, 30), place(page, 3, 9, 30))
    moved = ("Talk", THURSDAY, time(9), time(10))
    wait_until(qtbot, lambda: moved in events(first))
    wait_until(qtbot, lambda: moved in events(second))
    first.session.undo()
    wait_until(qtbot, lambda: moved not in events(first))
    wait_until(qtbot, lambda: ("Talk", WEDNESDAY, time(15), time(16)) in events(second))
