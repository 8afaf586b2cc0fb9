"""The Today page: what needs the student's attention, in specific words, with an action for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.commands import edits
from desktop.domain.drafts.draft import Row
from desktop.domain.timetable.meetings import Slot
from desktop.ui.session.state import ViewState
from desktop.workflows import imports, timetable
from tests.gui.conftest import Opener
from tests.gui.semester import LECTURES, NOW, draft
from tests.gui.user_actions import press, shows_text, visible_texts, wait_until_idle

TODAY = date(2026, 3, 24)


class Layouts(QObject):
    """Notes what is laid out anew."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.found.append(watched)
        return False


def test_what_needs_the_student_is_named_and_leads_there(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    with App.open(profile) as app:

        def accept(rows: tuple[Row, ...], name: str) -> None:
            imports.accept(app.store, imports.propose(app.store, draft(rows, name), name, TODAY, year=2026))

        accept(LECTURES, "before.pdf")
        table = timetable.compute_view(app.store, 2026, TODAY).timetable
        hall = next(each for each in table.meetings if each.module == "GHI 303")
        timetable.apply_act(app.store, edits.move_meeting(table, hall.id, Slot(0, time(15, 30), time(16, 20))))
        accept(tuple(replace(row, weekday=3) if row.module == "GHI 303" else row for row in LECTURES), "after.pdf")
    window = open_window(profile)
    page = window.page("today")
    wait_until_idle(qtbot, window)
    assert shows_text(page, "A document changed under your edit of GHI 303 · L1")
    assert shows_text(page, "No exams were imported.")
    assert shows_text(page, "Press Export Exam Timetable")
    press(qtbot, page, "Look: A document changed under your edit of GHI 303 · L1")
    wait_until_idle(qtbot, window)
    assert window.current_page == "week"
    assert window.session.state.shown_monday == date(2026, 4, 6), "the next one after recess, not the first of the year"


def test_a_minute_changes_what_differs_and_nothing_else(
    open_window: Opener, stored: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = NOW.replace(hour=6, minute=40)
    monkeypatch.setattr(ViewState, "now", lambda _self: early)
    window = open_window(stored)
    page = window.page("today")
    wait_until_idle(qtbot, window)
    before = page.findChildren(QWidget)
    words = visible_texts(page)
    for button in page.findChildren(QPushButton):
        if button.text() == "Show in the week":
            button.setFocus()
    qtbot.wait(20)
    heard = Layouts()
    for each in before:
        each.installEventFilter(heard)
    later = early + timedelta(minutes=1)
    monkeypatch.setattr(ViewState, "now", lambda _self: later)
    window.session.state.minute_started.emit()
    qtbot.wait(20)
    assert page.findChildren(QWidget) == before
    changed = [(old, new) for old, new in zip(words, visible_texts(page), strict=True) if old != new]
    assert len(changed) == 1, "how long it is until the next class"
    assert window.focusWidget() is not page
    assert not any(isinstance(each, QWidget) and each.layout() for each in heard.found), "nothing is laid out anew"

    tomorrow = NOW + timedelta(days=1)
    monkeypatch.setattr(ViewState, "now", lambda _self: tomorrow)
    window.session.state.minute_started.emit()
    wait_until_idle(qtbot, window)
    assert page.title() == "Wednesday 25 March 2026"
    assert visible_texts(page) != words
    assert set(page.findChildren(QWidget)) & set(before), "what is still to do stands as it stood"


def test_what_is_over_is_no_longer_shown_a_minute_later(
    open_window: Opener, stored: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = NOW.replace(hour=6, minute=40)
    monkeypatch.setattr(ViewState, "now", lambda _self: moment)
    window = open_window(stored)
    page = window.page("today")
    wait_until_idle(qtbot, window)
    first, *_ = (each for each in window.session.state.occurrences_between(TODAY, TODAY) if not each.undecided)
    for shown, at in ((True, first.end - timedelta(minutes=1)), (False, first.end)):
        monkeypatch.setattr(ViewState, "now", lambda _self, at=at: at)
        window.session.state.minute_started.emit()
        qtbot.wait(20)
        assert any(f"now, until {first.end:%H:%M}" in each for each in visible_texts(page)) is shown
