"""A whole year with recess, holidays and swaps: the command line's file agrees with the week grid.

The same documents go two ways: through the window's verbs into a profile, and through `upschedule export`. The file is
read by ical.js, an independent reader.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from desktop.app import App
from desktop.domain.commands.calendar_commands import choose_region, mark_day_off, move_term, set_recess, swap_day
from desktop.domain.commands.choices import choose_group
from desktop.domain.drafts.draft import Draft
from desktop.domain.records.records import Records
from desktop.domain.timetable.choices import parse_choice_key
from desktop.domain.timetable.terms import NO_REGION, Recess
from desktop.workflows import imports, timetable
from tests.clients.readers import Occurrences, by_ical_js, needs_ical_js
from tests.drawing.timetables import draw
from tests.unit.desktop.workflows.sample import TODAY, assessments_of, exams_of, lecture, lectures

ROOT = Path(__file__).parents[2]
DRAFTS: dict[str, Draft] = {
    "lectures.pdf": lectures(lecture("COS 226", "G01", "L", "L1", 4, 10), lecture("COS 226", "G01", "T", "T1", 1, 14)),
    "tests.pdf": assessments_of(),
    "exams.pdf": exams_of(),
}


@pytest.mark.parametrize("region", ["ZA", NO_REGION])
@pytest.mark.parametrize("undecided", [True, False])
def test_the_file_holds_what_the_grid_shows(tmp_path: Path, region: str, undecided: bool) -> None:
    needs_ical_js()
    for name, draft in DRAFTS.items():
        (tmp_path / name).write_bytes(draw(draft.rows))
    command = [sys.executable, "-m", "desktop", "export", *(tmp_path / name for name in DRAFTS)]
    command += ["--ics", tmp_path / "out.ics", "--now", "2026-01-15T08:00Z", "--holidays", region]
    command += ["--term", "S1=2026-02-16..2026-05-29", "--recess", "2026-03-28..2026-04-06"]
    command += ["--swap", "2026-03-25=Friday", "--swap", "2026-05-06=Mon", "--swap", "2026-04-28=off"]
    if not undecided:
        command += ["--undecided", "exclude"]
    else:
        command += ["--choose", "COS 212/S1/P=P02"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    assert by_ical_js(tmp_path / "out.ics", "America/New_York") == grid(tmp_path, region, undecided)


def grid(tmp_path: Path, region: str, undecided: bool) -> Occurrences:
    """The window's week grid for the same year, with the same dates set by hand."""
    with App.open(tmp_path / "profile") as app:
        for name, draft in DRAFTS.items():
            imports.accept(app.store, imports.propose(app.store, draft, name, TODAY, year=2026))
        acts = [
            move_term(2026, "S1", date(2026, 2, 16), date(2026, 5, 29)),
            set_recess(Records({}), 2026, Recess("r", date(2026, 3, 28), date(2026, 4, 6))),
            swap_day(2026, date(2026, 3, 25), 4),
            swap_day(2026, date(2026, 5, 6), 0),
            mark_day_off(2026, date(2026, 4, 28)),
            choose_region(2026, region),
        ]
        for act in acts:
            timetable.apply_act(app.store, act)
        if undecided:
            table = timetable.compute_view(app.store, 2026, TODAY).timetable
            timetable.apply_act(app.store, choose_group(table, parse_choice_key("2026/COS 212/S1/P"), "P02"))
        shown = timetable.compute_view(app.store, 2026, TODAY).occurrences
    found = [
        (each.item.label + (" (preliminary)" if "Exam" in each.item.label else ""), each.start, each.end)  # type: ignore[union-attr]
        for each in shown
        if not each.undecided
    ]
    assert len(found) > 60
    return sorted(found)
