"""The items shown, and those that wait for the student."""

from __future__ import annotations

from datetime import date

from desktop.document_types import EXAMS, TESTS
from desktop.domain.commands.calendar_commands import confirm_year
from desktop.domain.commands.choices import choose_group
from desktop.domain.timetable.choices import parse_choice_key
from desktop.store import Store
from desktop.workflows import imports, timetable
from desktop.workflows.timetable import TodoKind
from tests.unit.desktop.workflows.sample import TODAY, assessments_of, exams_of, lectures


def accept_all(store: Store) -> None:
    for draft in (lectures(), assessments_of(), exams_of()):
        imports.accept(store, imports.propose(store, draft, f"{draft.kind}.pdf", TODAY))


def test_an_empty_profile_needs_nothing(store: Store) -> None:
    shown = timetable.compute_view(store, None, TODAY)
    assert (shown.year, shown.years, shown.needs, shown.missing, shown.clashes) == (2026, (), (), (), ())
    assert (shown.can_undo, shown.can_redo) == (None, None)


def test_what_waits_is_said_until_it_is_done(store: Store) -> None:
    accept_all(store)
    shown = timetable.compute_view(store, None, TODAY)
    assert {need.kind for need in shown.needs} == {TodoKind.CONFIRM_TERMS, TodoKind.UNDECIDED}
    key = parse_choice_key("2026/COS 212/S1/P")
    timetable.apply_act(store, choose_group(shown.timetable, key, "P02"))
    timetable.apply_act(store, confirm_year(2026))
    shown = timetable.compute_view(store, None, TODAY)
    assert shown.needs == ()
    assert shown.can_undo == "Confirmed the dates of 2026"


def test_clashes_are_between_what_is_shown(store: Store) -> None:
    accept_all(store)
    shown = timetable.compute_view(store, None, TODAY)
    (clash,) = shown.clashes
    assert {item.module for item in (clash.first, clash.second)} == {"COS 212", "WTW 220"}


def test_what_is_missing_is_named(store: Store) -> None:
    imports.accept(store, imports.propose(store, lectures(), "l.pdf", TODAY))
    missing = timetable.compute_view(store, None, TODAY).missing
    assert {each.document for each in missing} == {TESTS.name, EXAMS.name}


def test_the_year_shown_is_this_one_if_it_holds_anything(store: Store) -> None:
    imports.accept(store, imports.propose(store, assessments_of(2025), "old.pdf", TODAY))
    assert timetable.compute_view(store, None, TODAY).year == 2025
    imports.accept(store, imports.propose(store, assessments_of(2026), "new.pdf", TODAY))
    assert timetable.compute_view(store, None, TODAY).year == 2026
    assert timetable.compute_view(store, 2025, TODAY).year == 2025
    assert timetable.compute_view(store, None, date(2027, 1, 5)).year == 2026


def test_years_meet_nothing_of_one_another(store: Store) -> None:
    accept_all(store)
    before = timetable.compute_view(store, 2026, TODAY).timetable
    imports.accept(store, imports.propose(store, lectures(), "l.pdf", TODAY, year=2027))
    assert timetable.compute_view(store, 2026, TODAY).timetable == before
