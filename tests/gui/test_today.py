"""Today: what needs the student, in words that name it, with what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.commands import edits
from desktop.domain.drafts.draft import Row
from desktop.domain.timetable.model import Slot
from desktop.workflows import imports, timetable
from tests.gui.conftest import Opener
from tests.gui.hands import press, says, settle
from tests.gui.semester import LECTURES, draft

TODAY = date(2026, 3, 24)


def test_what_needs_the_student_is_named_and_leads_there(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    with App.open(profile) as app:

        def accept(rows: tuple[Row, ...], name: str) -> None:
            imports.accept(app.store, imports.propose(app.store, draft(rows, name), name, TODAY, year=2026))

        accept(LECTURES, "before.pdf")
        table = timetable.view(app.store, 2026, TODAY).timetable
        hall = next(each for each in table.meetings if each.module == "GHI 303")
        timetable.perform(app.store, edits.move(table, hall.id, Slot(0, time(15, 30), time(16, 20))))
        accept(tuple(replace(row, weekday=3) if row.module == "GHI 303" else row for row in LECTURES), "after.pdf")
    window = open_window(profile)
    page = window.page("today")
    settle(qtbot, window)
    assert says(page, "A document changed under your edit of GHI 303 · L1")
    assert says(page, "No exams were imported.")
    assert says(page, "Press Export Exam Timetable")
    press(qtbot, page, "Look: A document changed under your edit of GHI 303 · L1")
    settle(qtbot, window)
    assert window.current == "week"
    assert window.session.state.monday == date(2026, 4, 6), "the next one after recess, not the first of the year"
