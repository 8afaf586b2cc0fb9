"""Other calendars in the window: added, shown on every page that they belong on, changed, removed, restored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.domain.group_preview import gap_minutes, preview
from desktop.domain.timetable.events import LayerEvent
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.layers.page import LayersPage
from desktop.ui.pages.week.block import block_title
from desktop.ui.pages.week.drag import begin
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.session.layer_link import LayerLink
from desktop.ui.session.state import State
from desktop.ui.tray.reminders import attended
from desktop.workflows import layers
from tests.gui.conftest import Opener
from tests.gui.hands import box, listed, pick, press, row_of, said, says, settle, until
from tests.gui.semester import NOW
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
    settle(qtbot, window)
    return page


def shown(window: MainWindow) -> set[str]:
    view = window.session.state.view
    assert view is not None
    return {each.item.label for each in view.occurrences if isinstance(each.item, LayerEvent)}


def add(qtbot: QtBot, window: MainWindow, server: Server, kind: str) -> None:
    page = layers_page(window, qtbot)
    qtbot.keyClicks(page.name, "Mine")
    qtbot.keyClicks(page.address, server.address)
    pick(box(page, "What it holds"), kind)
    press(qtbot, page, "Add")
    qtbot.waitUntil(lambda: says(page, "5 entries") and bool(shown(window)), timeout=60_000)  # a child reads it


def test_a_calendar_is_seen_on_every_page_it_belongs_on(
    open_window: Opener, stored: Path, server: Server, qtbot: QtBot
) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Times I am busy")
    assert shown(window) == {"<b>Essay</b>", "Chess"}

    window.open_page(routes.TodayRoute())
    today = window.page("today")
    settle(qtbot, window)
    assert says(today, "Tests, exams and deadlines")
    assert "Chess" in said(today)
    assert says(today, "Deadline · Wed 25 March, 23:59")
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
    settle(qtbot, window)
    detail = window._detail
    assert detail is not None
    assert {"Deadline", "Mine", "23:59"} <= set(said(detail))
    assert not says(detail, "Delete")

    window.open_page(routes.AssessmentsRoute())
    until(qtbot, lambda: any("23:59 · Mine" in each for each in listed(window.page("assessments"))))
    row = row_of(window.page("assessments"), "<b>Essay</b>")
    assert row.data() == "<b>Essay</b>, Deadline, tomorrow, Wednesday 25 March, 23:59 · Mine"
    window.open_page(routes.ClashesRoute())
    until(qtbot, lambda: says(window.page("clashes"), "Chess"))


def test_a_calendar_is_changed_removed_and_brought_back(
    open_window: Opener, stored: Path, server: Server, qtbot: QtBot
) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Times I am busy")
    page = window.page("layers")
    view = window.session.state.view
    assert view is not None
    clashes = len(view.clashes)
    pick(box(page, "What Mine holds"), "Only to look at")
    until(qtbot, lambda: len(window.session.state.view.clashes) < clashes)  # type: ignore[union-attr]
    press(qtbot, page, "Remove Mine")
    until(qtbot, lambda: shown(window) == set())
    window.session.undo()
    until(qtbot, lambda: shown(window) == {"<b>Essay</b>", "Chess"})
    assert len(server.asked) == 1, "what was read is still there"


def test_a_year_is_over_whatever_other_calendars_still_hold(
    open_window: Opener, stored: Path, server: Server, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    server.body = calendar(CLUB, "SUMMARY:Party\nDTSTART:20261220T180000\nDTEND:20261220T230000")
    window = open_window(stored)
    add(qtbot, window, server, "Times I am busy")
    window.quit()
    monkeypatch.setattr(State, "now", lambda _self: NOW.replace(month=12, day=1))
    again = open_window(stored, page="week")
    settle(qtbot, again)
    assert shown(again) == {"Chess", "Party"}
    assert says(again.page("week"), "Nothing more in 2026. The last event was on Friday 12 June.")
    again.open_page(routes.TodayRoute())
    settle(qtbot, again)
    assert not says(again.page("today"), "To do")


def test_a_file_is_dropped_and_a_wrong_one_said(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "club.ics"
    path.write_bytes(calendar(CLUB))
    window = open_window(stored)
    page = layers_page(window, qtbot)
    assert page.drop_words([path])
    assert not page.drop_words([tmp_path / "x.pdf"])
    page.drop([path])
    until(qtbot, lambda: says(page, "club.ics · 4 entries"))
    path.write_bytes(b"nothing")
    page.drop([path])
    until(qtbot, lambda: says(window, "This is not a calendar that can be read."))
    assert len(layers.layers_of(window.session.app.store.records())) == 1


def test_a_trouble_stands_beside_the_calendar(open_window: Opener, stored: Path, server: Server, qtbot: QtBot) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Deadlines")
    page = window.page("layers")
    server.status = 410
    press(qtbot, page, "Read all of them now")
    until(qtbot, lambda: says(page, "This calendar is no longer published."))
    assert shown(window) == {"<b>Essay</b>", "Chess"}


def test_an_entry_is_neither_dragged_nor_said_to_be_next_where_it_takes_no_time(
    open_window: Opener, stored: Path, server: Server, qtbot: QtBot
) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Only to look at")
    window.open_page(routes.WeekRoute())
    week = window.page("week")
    assert isinstance(week, WeekPage)
    until(qtbot, lambda: week.grid._geometry is not None)
    placed = [(block, rect) for _, block, rect in week.grid._geometry.placed()]  # type: ignore[union-attr]
    block, rect = next(each for each in placed if each[0].occurrence.item.label == "Chess")
    assert begin(week.grid._geometry, rect.center(), block) is None  # type: ignore[arg-type]
    assert not {"Chess", "<b>Essay</b>"} & {each.item.label for each in attended(window.session.state)}


def test_the_preview_of_a_group_has_the_layers_once(
    open_window: Opener, stored: Path, server: Server, qtbot: QtBot
) -> None:
    window = open_window(stored)
    add(qtbot, window, server, "Times I am busy")
    view = window.session.state.view
    assert view is not None
    key = next(key for key in view.timetable.choices if key.kind == "P")
    dated = [each for each in view.occurrences if not each.undecided]
    found = preview(view.timetable, view.calendar, dated, key, "P01", date(2026, 3, 23), date(2026, 3, 24), frozenset())
    names = [each.item.label for each in found.occurrences if isinstance(each.item, LayerEvent)]
    assert sorted(names) == ["<b>Essay</b>", "Chess"]
    assert found.gaps == gap_minutes([each for each in found.occurrences if not isinstance(each.item, LayerEvent)])
