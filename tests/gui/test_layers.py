"""Other calendars in the window: added, shown on every page that they belong on, changed, removed, restored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.domain.group_preview import gap_minutes, preview_group
from desktop.domain.timetable.events import LayerEvent
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.layers.page import LayersPage
from desktop.ui.pages.week.block import block_title
from desktop.ui.pages.week.drag import begin_drag
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.session.layer_link import LayerLink
from desktop.ui.session.state import ViewState
from desktop.ui.tray.reminders import attended_occurrences
from desktop.workflows import layers
from tests.gui.conftest import Opener
from tests.gui.semester import NOW
from tests.gui.user_actions import (
    choose_entry,
    combo_box,
    list_texts,
    press,
    row_of,
    shows_text,
    visible_texts,
    wait_until,
    wait_until_idle,
)
from tests.unit.desktop.calendars.test_foreign import calendar
from tests.unit.desktop.workflows.test_friends import Server

ESSAY = "SUMMARY:<b>Essay</b>\nDTSTART:20260325T215900Z\nDTEND:20260325T215900Z"
CLUB = "SUMMARY:Chess\nLOCATION:Club house\nDTSTART:20260324T103000\nDTEND:20260324T120000\nRRULE:FREQ=WEEKLY;COUNT=4"


@pytest.fixture(autouse=True)
def layers_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LayerLink, "loopback", True)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    running.body = calendar(ESSAY, CLUB)
    yield running
    running.close()


def layers_page(window: MainWindow, qtbot: QtBot) -> LayersPage:
    window.open_page(routes.LayersRoute())
    page = window.page("layers")
    assert isinstance(page, LayersPage)
    window.session.layer_link.start()
    wait_until_idle(qtbot, window)
    return page


def shown(window: MainWindow) -> set[str]:
    view = window.session.state.view
    assert view is not None
    return {each.item.label for each in view.occurrences if isinstance(each.item, LayerEvent)}


def add(qtbot: QtBot, window: MainWindow, server: Server, kind: str) -> None:
    page = layers_page(window, qtbot)
    qtbot.keyClicks(page.name, "Mine")
    qtbot.keyClicks(page.address, server.address)
    choose_entry(combo_box(page, "What it holds"), kind)
    press(qtbot, page, "Add")
    qtbot.waitUntil(lambda: shows_text(page, "5 entries") and bool(shown(window)), timeout=60_000)  # a child reads it


def test_a_calendar_is_seen_on_every_page_it_belongs_on(
    open_window: Opener, stored: Path, server: Server, qtbot: QtBot
) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Times I am busy")
    assert shown(window) == {"<b>Essay</b>", "Chess"}

    window.open_page(routes.TodayRoute())
    today = window.page("today")
    wait_until_idle(qtbot, window)
    assert shows_text(today, "Tests, exams and deadlines")
    assert "Chess" in visible_texts(today)
    assert shows_text(today, "Deadline · Wed 25 March, 23:59")
    assert {each.textFormat() for each in today.findChildren(QLabel) if each.text() == "<b>Essay</b>"} == {
        each.textFormat() for each in today.findChildren(QLabel) if each.text() == "Chess"
    }

    window.open_page(routes.WeekRoute())
    week = window.page("week")
    assert isinstance(week, WeekPage)
    assert week.grid.week is not None
    blocks = {block_title(block): block for block in week.grid.week.blocks()}
    assert {"23:59 <b>Essay</b>", "Chess"} <= blocks.keys()
    assert blocks["Chess"].clash
    window.session.select(blocks["23:59 <b>Essay</b>"].occurrence)
    wait_until_idle(qtbot, window)
    detail = window._detail
    assert detail is not None
    assert {"Deadline", "Mine", "23:59"} <= set(visible_texts(detail))
    assert not shows_text(detail, "Delete")

    window.open_page(routes.AssessmentsRoute())
    wait_until(qtbot, lambda: any("23:59 · Mine" in each for each in list_texts(window.page("assessments"))))
    row = row_of(window.page("assessments"), "<b>Essay</b>")
    assert row.data() == "<b>Essay</b>, Deadline, tomorrow, Wednesday 25 March, 23:59 · Mine"
    window.open_page(routes.ClashesRoute())
    wait_until(qtbot, lambda: shows_text(window.page("clashes"), "Chess"))


def test_a_calendar_is_changed_removed_and_brought_back(
    open_window: Opener, stored: Path, server: Server, qtbot: QtBot
) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Times I am busy")
    page = window.page("layers")
    view = window.session.state.view
    assert view is not None
    clashes = len(view.clashes)
    choose_entry(combo_box(page, "What Mine holds"), "Only to look at")
    wait_until(qtbot, lambda: len(window.session.state.view.clashes) < clashes)  # type: ignore[union-attr]
    press(qtbot, page, "Remove Mine")
    wait_until(qtbot, lambda: shown(window) == set())
    window.session.undo()
    wait_until(qtbot, lambda: shown(window) == {"<b>Essay</b>", "Chess"})
    assert len(server.asked) == 1, "what was read is still there"


def test_a_year_is_over_whatever_other_calendars_still_hold(
    open_window: Opener, stored: Path, server: Server, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    server.body = calendar(CLUB, "SUMMARY:Party\nDTSTART:20261220T180000\nDTEND:20261220T230000")
    window = open_window(stored)
    add(qtbot, window, server, "Times I am busy")
    window.quit_without_asking()
    monkeypatch.setattr(ViewState, "now", lambda _self: NOW.replace(month=12, day=1))
    again = open_window(stored, page="week")
    wait_until_idle(qtbot, again)
    assert shown(again) == {"Chess", "Party"}
    assert shows_text(again.page("week"), "Nothing more in 2026. The last event was on Friday 12 June.")
    again.open_page(routes.TodayRoute())
    wait_until_idle(qtbot, again)
    assert not shows_text(again.page("today"), "To do")


def test_a_file_is_dropped_and_a_wrong_one_said(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "club.ics"
    path.write_bytes(calendar(CLUB))
    window = open_window(stored)
    page = layers_page(window, qtbot)
    assert page.drop_hint([path])
    assert not page.drop_hint([tmp_path / "x.pdf"])
    page.drop([path])
    wait_until(qtbot, lambda: shows_text(page, "club.ics · 4 entries"))
    path.write_bytes(b"nothing")
    page.drop([path])
    wait_until(qtbot, lambda: shows_text(window, "This is not a calendar that can be read."))
    assert len(layers.layers_of(window.session.app.store.records())) == 1


def test_a_trouble_stands_beside_the_calendar(open_window: Opener, stored: Path, server: Server, qtbot: QtBot) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Deadlines")
    page = window.page("layers")
    server.status = 410
    press(qtbot, page, "Read all of them now")
    wait_until(qtbot, lambda: shows_text(page, "This calendar is no longer published."))
    assert shown(window) == {"<b>Essay</b>", "Chess"}


def test_an_entry_is_neither_dragged_nor_said_to_be_next_where_it_takes_no_time(
    open_window: Opener, stored: Path, server: Server, qtbot: QtBot
) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Only to look at")
    window.open_page(routes.WeekRoute())
    week = window.page("week")
    assert isinstance(week, WeekPage)
    wait_until(qtbot, lambda: week.grid._geometry is not None)
    placed = [(block, rect) for _, block, rect in week.grid._geometry.placed()]  # type: ignore[union-attr]
    block, rect = next(each for each in placed if each[0].occurrence.item.label == "Chess")
    assert begin_drag(week.grid._geometry, rect.center(), block) is None  # type: ignore[arg-type]
    assert not {"Chess", "<b>Essay</b>"} & {each.item.label for each in attended_occurrences(window.session.state)}


def test_the_preview_of_a_group_has_the_layers_once(
    open_window: Opener, stored: Path, server: Server, qtbot: QtBot
) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Times I am busy")
    view = window.session.state.view
    assert view is not None
    key = next(key for key in view.timetable.choices if key.kind == "P")
    dated = [each for each in view.occurrences if not each.undecided]
    found = preview_group(
        view.timetable, view.calendar, dated, key, "P01", date(2026, 3, 23), date(2026, 3, 24), frozenset()
    )
    names = [each.item.label for each in found.occurrences if isinstance(each.item, LayerEvent)]
    assert sorted(names) == ["<b>Essay</b>", "Chess"]
    assert found.gaps == gap_minutes([each for each in found.occurrences if not isinstance(each.item, LayerEvent)])
