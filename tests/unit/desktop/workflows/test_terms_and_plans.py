"""Sharing dates as files, and finding and applying plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.domain.commands.calendar_commands import confirm_year, move_term
from desktop.domain.errors import InvalidInput
from desktop.domain.timetable.choices import parse_choice_key
from desktop.planning.planner import apply_plan
from desktop.planning.preferences import Preferences
from desktop.store import Store
from desktop.workflows import imports, planning, terms, timetable
from tests.unit.desktop.workflows.sample import TODAY, lectures


@pytest.fixture
def full(store: Store) -> Store:
    imports.accept(store, imports.propose(store, lectures(), "l.pdf", TODAY))
    return store


def test_dates_travel_between_students_as_a_file(full: Store, tmp_path: Path) -> None:
    mine = timetable.compute_view(full, 2026, TODAY).calendar.terms["S1"]
    file = tmp_path / "2026.json"
    with pytest.raises(InvalidInput, match="only proposed"):
        terms.write_calendar_file(timetable.compute_view(full, 2026, TODAY), file)
    timetable.apply_act(full, move_term(2026, "S1", mine.start.replace(day=16), mine.end))
    timetable.apply_act(full, confirm_year(2026))
    terms.write_calendar_file(timetable.compute_view(full, 2026, TODAY), file)
    other = Store.open(tmp_path / "other" / "timetable.sqlite3")
    terms.adopt_calendar(other, terms.read_calendar_file(file))
    taken = timetable.compute_view(other, 2026, TODAY).calendar
    assert taken.confirmed
    assert taken.terms == timetable.compute_view(full, 2026, TODAY).calendar.terms
    timetable.undo(other)
    assert timetable.compute_view(other, 2026, TODAY).calendar.terms["S1"] == mine
    other.close()


def test_a_plan_is_found_applied_and_undone(full: Store) -> None:
    shown = timetable.compute_view(full, 2026, TODAY)
    result = planning.find_plans(shown, Preferences(keep_free=frozenset({3})))
    key = parse_choice_key("2026/COS 212/S1/P")
    assert result.plans[0].groups[key] == "P01"
    timetable.apply_act(full, apply_plan(shown.timetable, result.plans[0]))
    assert timetable.compute_view(full, 2026, TODAY).timetable.choices[key].group == "P01"
    timetable.undo(full)
    assert timetable.compute_view(full, 2026, TODAY).timetable.choices[key].group is None


def test_preferences_are_kept(store: Store) -> None:
    wanted = Preferences(lunch=True, keep_free=frozenset({4}))
    planning.store_preferences(store, wanted)
    assert planning.preferences_of(store.records()) == wanted
