"""The recipe for a new document type, followed once with a made-up one.

It is read, reviewed, edited, entered by hand, accepted, shown and exported, with no change to the program but its type
and its layout.
"""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.assessments import Assessment
from desktop.pdf.reader import Reader
from desktop.ui import routes
from desktop.ui.pages.export import ExportPage
from desktop.ui.pages.review.page import ReviewPage
from desktop.ui.pages.review.row_texts import DAY, GROUP, TIME, WHAT, WHERE
from desktop.ui.pages.week.page import WeekPage
from tests.drawing import timetables
from tests.gui.conftest import Opener
from tests.gui.trips import COMMAND, FORM, TRIPS, WITH_TRIPS, TripRow
from tests.gui.user_actions import press, shows_text, wait_until, wait_until_idle

ROWS = (
    TripRow("GLY 155", "Trip 1", date(2026, 3, 25), time(8, 30), time(16, 20), "Cradle"),
    TripRow("GLY 155", "Trip 2", date(2026, 4, 22), time(8, 30), time(16, 20), "Barberton"),
    TripRow("ENV 101", "Trip 1", date(2026, 3, 26), time(9, 32), time(12, 20), "Rietvlei"),  # no class begins at 9:32
)


@pytest.mark.usefixtures("qapp")
def test_a_made_up_document_is_read_reviewed_accepted_shown_and_exported(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(timetables.FORMS, TRIPS.name, FORM)
    paper = tmp_path / "trips.pdf"
    paper.write_bytes(timetables.draw(ROWS))
    window = open_window(profile)
    app = window.session.app
    app.store.document_types = WITH_TRIPS
    app.__dict__["reader"] = Reader(COMMAND, types=WITH_TRIPS)

    window.open_page(routes.ImportRoute((paper,)))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    wait_until_idle(qtbot, window)
    page = window.page("review")
    assert isinstance(page, ReviewPage)
    draft = page.proposals[0].draft
    assert (draft.kind, len(draft.rows), len(draft.problems)) == (TRIPS, 2, 1)
    assert page.proposals[0].year == 2026, "its dates tell the year"
    assert page._accept.text() == "Accept 2 trips"
    rows = page.rows
    assert [rows.headerData(column, page.tree.header().orientation()) for column in (WHAT, DAY, TIME, WHERE)] == [
        "Trip", "Date", "Time", "Where to"
    ]  # fmt: skip
    assert page.tree.header().isSectionHidden(GROUP)

    press(qtbot, page, "Enter by hand")
    fields: dict[str, QLineEdit] = page.actions_panel.editor.fields
    assert list(fields) == ["module", "trip", "date", "time", "where"]
    press(qtbot, page, "Add")
    assert shows_text(page, "Write a module like COS 214.")
    for name, text in (("module", "env 101"), ("trip", "Trip 1"), ("date", "26 March 2026"), ("time", "9:30-12:20")):
        fields[name].setText(text)
    fields["where"].setText("Rietvlei")
    press(qtbot, page, "Add")
    wait_until(qtbot, lambda: page._accept.text() == "Accept 3 trips")

    heading = next(index for index in rows.headings() if "GLY 155" in str(index.data()))
    rows.setData(rows.index(0, WHERE, heading), "Sterkfontein")
    wait_until(qtbot, lambda: "Sterkfontein" in [getattr(each, "where", "") for each in page.proposals[0].draft.rows])

    press(qtbot, page, "Accept 3 trips")
    wait_until(qtbot, lambda: window.current_page == "first-run")
    window.open_page(routes.WeekRoute())
    wait_until_idle(qtbot, window)
    week = window.page("week")
    assert isinstance(week, WeekPage)
    assert week.grid.week is not None
    shown = [block.occurrence.item for block in week.grid.week.blocks()]
    assert {(each.label, each.venues) for each in shown if isinstance(each, Assessment)} == {
        ("GLY 155 · Trip 1", ("Sterkfontein",)),
        ("ENV 101 · Trip 1", ("Rietvlei",)),
    }

    window.open_page(routes.HistoryRoute())
    wait_until_idle(qtbot, window)
    assert shows_text(window.page("history"), "Field trips of 2026")

    window.open_page(routes.ExportRoute())
    export = window.page("export")
    assert isinstance(export, ExportPage)
    wait_until(qtbot, lambda: export._shown is not None)
    assert export._shown is not None
    body = export._shown.body.decode()
    assert body.count("BEGIN:VEVENT") == 3
    assert "LOCATION:Sterkfontein" in body

    app.store.document_types = {name: each for name, each in WITH_TRIPS.items() if name != TRIPS.name}
    window.session.reload_view()
    wait_until_idle(qtbot, window)
    assert window.session.state.view is not None
    assert window.session.state.view.timetable.unreadable, "a program without this type loses nothing and says so"
