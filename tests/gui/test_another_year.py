"""A year other than the current one opens on its first week with any content."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from desktop import document_types
from desktop.app import App
from desktop.domain.drafts.draft import Draft
from desktop.workflows import imports
from tests.gui.conftest import Opener
from tests.gui.semester import LECTURES


def test_a_second_semester_alone_does_not_open_on_an_empty_week(profile: Path, open_window: Opener) -> None:
    rows = tuple(replace(row, offered="S2") for row in LECTURES)  # type: ignore[call-arg]
    with App.open(profile) as app:
        draft = Draft(document_types.LECTURES, 1, rows, (), "0" * 64)
        imports.accept(app.store, imports.propose(app.store, draft, "lectures.pdf", date(2025, 8, 1), year=2025))
    state = open_window(profile, page="week").session.state
    assert state.view is not None
    assert state.view.year == 2025
    term = state.view.calendar.terms["S2"]
    assert term.start <= state.occurrences()[0].date
    assert 0 <= (state.occurrences()[0].date - state.shown_monday).days < 7
