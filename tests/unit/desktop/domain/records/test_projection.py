"""The timetable of a year, as computed from records."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.document_types import DOCUMENT_TYPES
from desktop.domain.commands.choices import choose_group, hide_item, hide_module, skip_date
from desktop.domain.commands.edits import (
    event_id,
    move_assessment,
    move_meeting,
    recolour_module,
    save_event,
    set_note,
    set_room,
    set_venues,
)
from desktop.domain.drafts.draft import Draft, row_from_entry
from desktop.domain.importing.changes import compare
from desktop.domain.importing.decisions import accept_draft, default_decisions, withdraw_import
from desktop.domain.records.projection import project
from desktop.domain.records.records import Act, Change, index_records
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.colours import assign_colours
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.timetable import Timetable
from tests.unit.desktop.domain.documents import YEAR, Student, draft, exam, lecture, parse_time, sat_test, student_with

SAMPLES = Path(__file__).parents[5] / "../shared/samples"


def without_sources(timetable: Timetable) -> Timetable:
    """Everything but the order in which documents were accepted."""
    return replace(
        timetable,
        meetings=tuple(replace(each, sources=tuple(sorted(each.sources))) for each in timetable.meetings),
        assessments=tuple(replace(each, sources=tuple(sorted(each.sources))) for each in timetable.assessments),
    )


def test_rows_of_one_activity_at_one_time_are_one_meeting_in_several_rooms() -> None:
    rows = [
        *lecture("COS 214", "L1", "Mon 08:30 09:20", "IT 4-4", "IT 4-1"),
        *lecture("COS 214", "L2", "Tue 08:30 09:20"),
    ]
    student = student_with([draft(rows)])
    first, second = project(student.records, YEAR).meetings
    assert first.venues == ("IT 4-1", "IT 4-4")
    assert first.id == "2026/COS 214/S1/G01/L/L1"
    assert second.slot == Slot(1, parse_time("08:30"), parse_time("09:20"))


def test_a_label_that_repeats_makes_two_meetings_told_apart_by_their_slot() -> None:
    student = student_with(
        [
            draft(
                lecture("WTW 285", "T1", "Thu 10:30 11:20", group="T01"),
                lecture("WTW 285", "T1", "Fri 10:30 11:20", group="T01"),
            )
        ]
    )
    ids = {meeting.id for meeting in project(student.records, YEAR).meetings}
    assert ids == {"2026/WTW 285/S1/T01/T/T1/3-1030", "2026/WTW 285/S1/T01/T/T1/4-1030"}


def test_a_group_is_chosen_by_itself_only_where_it_is_the_only_one() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 214", "L1", "Mon 08:30 09:20"),
                lecture("COS 214", "P1", "Mon 10:30 12:20", group="P01"),
                lecture("COS 214", "P1", "Tue 10:30 12:20", group="P02"),
            )
        ]
    )
    choices = project(student.records, YEAR).choices
    lectures = choices[ChoiceKey(YEAR, "COS 214", "S1", "L")]
    practicals = choices[ChoiceKey(YEAR, "COS 214", "S1", "P")]
    assert lectures.automatic
    assert lectures.group == "G01"
    assert practicals.groups == ("P01", "P02")
    assert not practicals.is_decided


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample documents are not beside this checkout")
@pytest.mark.parametrize("term", ["2025-s2", "2026-s1"])
def test_the_samples_give_the_same_timetable_in_any_order(term: str) -> None:
    documents = []
    for name in ("lectures", "tests", "exams"):
        plain = json.loads((SAMPLES / f"{name}-{term}.expected.json").read_text())
        kind = DOCUMENT_TYPES[plain["kind"]]
        documents.append(Draft(kind, 1, tuple(row_from_entry(kind, entry) for entry in plain["entries"])))
    tables = [project(student_with(order).records, YEAR) for order in itertools.permutations(documents)]
    assert all(without_sources(table) == without_sources(tables[0]) for table in tables)
    assert tables[0].meetings
    assert tables[0].assessments
    assert not tables[0].unreadable


FIRST = [lecture("COS 301", "L1", "Mon 08:30 09:20", offered="Y"), lecture("COS 314", "L1", "Tue 08:30 09:20")]
SECOND = [
    lecture("COS 301", "L1", "Mon 08:30 09:20", offered="Y"),
    lecture("COS 326", "L1", "Tue 08:30 09:20", offered="S2"),
]
BOTH = [*FIRST, SECOND[1]]


@pytest.mark.parametrize("order", list(itertools.permutations([FIRST, SECOND, BOTH])))
def test_first_semester_second_semester_and_both_end_in_one_timetable(order: tuple[list[list[object]], ...]) -> None:
    expected = project(student_with([draft(*BOTH)]).records, YEAR)
    found = project(student_with([draft(*rows) for rows in order]).records, YEAR)  # type: ignore[arg-type]
    strip = lambda table: [replace(each, sources=()) for each in table.meetings]  # noqa: E731
    assert strip(found) == strip(expected)
    assert len(found.meetings) == 3, "the year module is there once"
    assert found.modules == expected.modules
    assert found.choices == expected.choices


slots = st.tuples(st.integers(0, 4), st.integers(7, 16)).map(lambda slot: (slot[0], slot[1]))
states = st.dictionaries(
    st.tuples(
        st.sampled_from(["COS 110", "COS 151", "WTW 114"]),
        st.sampled_from(["S1", "S2", "Y"]),
        st.sampled_from(["G01", "G02"]),
        st.sampled_from(["L1", "L2", "P1"]),
    ),
    st.tuples(slots, st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3, unique=True)),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(states, st.randoms(use_true_random=False))
def test_documents_that_do_not_contradict_each_other_converge_in_any_order(state, random) -> None:  # type: ignore[no-untyped-def]
    def document(offered: set[str]) -> Draft:
        names = ["Mon", "Tue", "Wed", "Thu", "Fri"]
        rows = []
        for (module, code, group, activity), ((day, hour), venues) in state.items():
            if code in offered:
                shuffled = list(venues)
                random.shuffle(shuffled)
                when = f"{names[day]} {hour:02d}:30 {hour + 1:02d}:20"
                rows.append(lecture(module, activity, when, *shuffled, offered=code, group=group))
        random.shuffle(rows)
        return draft(*rows)

    documents = [document({"S1", "Y"}), document({"S2", "Y"}), document({"S1", "S2", "Y"})]
    tables = [
        project(student_with(each for each in order if each.rows).records, YEAR)
        for order in itertools.permutations(documents)
    ]
    assert all(without_sources(table) == without_sources(tables[0]) for table in tables[1:])


def test_documents_that_contradict_each_other_follow_acceptance() -> None:
    early = draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))
    late = draft(lecture("COS 214", "L1", "Tue 08:30 09:20"))
    assert project(student_with([early, late]).records, YEAR).meetings[0].slot.weekday == 1
    assert project(student_with([late, early]).records, YEAR).meetings[0].slot.weekday == 0
    assert project(student_with([early, late, early]).records, YEAR).meetings[0].slot.weekday == 0


def test_a_withdrawn_import_leaves_nothing_and_comes_back_when_it_is_accepted_again() -> None:
    document = draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))
    student = student_with([document])
    student.does(withdraw_import(student.records, student.compares(document).key))
    assert project(student.records, YEAR).is_empty
    assert student.compares(document).was_undone
    student.accepts(document)
    assert len(project(student.records, YEAR).meetings) == 1


def test_another_year_has_nothing_of_this_one() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))])
    assert project(student.records, YEAR + 1).is_empty


def test_an_exam_ends_three_hours_after_its_start_unless_the_student_says_otherwise() -> None:
    student = student_with([draft(exam("COS 214", "2026-06-05 11:15", "Thuto 3-1"))])
    assessment = project(student.records, YEAR).assessments[0]
    assert assessment.end == parse_time("14:15")
    assert assessment.assumed_end
    student.does(Act("", (Change("settings", "shared", {"exam_minutes": 120}),)))
    assert project(student.records, YEAR).assessments[0].end == parse_time("13:15")


def test_the_rooms_of_a_test_are_the_latest_and_their_order_is_no_change() -> None:
    student = student_with([draft(sat_test("COS 214", "Test1", "2026-03-18 12:30 14:00", "A", "B"))])
    comparison = student.accepts(draft(sat_test("COS 214", "Test1", "2026-03-18 12:30 14:00", "B", "A")))
    assert {row.kind for row in comparison.rows} == {"unchanged"}
    student.accepts(draft(sat_test("COS 214", "Test1", "2026-03-18 12:30 14:00", "C")))
    assert project(student.records, YEAR).assessments[0].venues == ("C",)


def table_of(student: Student) -> Timetable:
    return project(student.records, YEAR)


def test_edits_lie_over_what_the_documents_say_and_are_told_apart_from_it() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20", "A", "B"))])
    name = table_of(student).meetings[0].id
    student.does(move_meeting(table_of(student), name, Slot(2, parse_time("10:30"), parse_time("11:20"))))
    student.does(set_room(table_of(student), name, "B"))
    student.does(set_note(table_of(student), name, "Bring a calculator"))
    student.does(skip_date(table_of(student), name, date(2026, 3, 4)))
    meeting = table_of(student).meetings[0]
    assert meeting.slot == Slot(2, parse_time("10:30"), parse_time("11:20"))
    assert meeting.printed_slot == Slot(0, parse_time("08:30"), parse_time("09:20"))
    assert meeting.venues == ("B",)
    assert meeting.printed_venues == ("A", "B")
    assert meeting.room == "B"
    assert meeting.note == "Bring a calculator"
    assert date(2026, 3, 4) in meeting.skipped
    assert meeting.edited == {"slot", "room", "note"}
    assert not meeting.outdated


def test_an_edit_made_against_a_slot_that_moved_stays_and_is_marked() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))])
    name = table_of(student).meetings[0].id
    student.does(move_meeting(table_of(student), name, Slot(2, parse_time("10:30"), parse_time("11:20"))))
    student.accepts(draft(lecture("COS 214", "L1", "Thu 08:30 09:20")))
    meeting = table_of(student).meetings[0]
    assert meeting.slot.weekday == 2
    assert meeting.outdated == {"slot"}
    assert meeting.printed_slot == Slot(3, parse_time("08:30"), parse_time("09:20"))


def test_an_edited_exam_is_not_outdated_by_another_assumption_of_its_length() -> None:
    student = student_with([draft(exam("COS 214", "2026-06-05 11:15"))])
    assessment = table_of(student).assessments[0]
    student.does(
        move_assessment(table_of(student), assessment.id, assessment.date, assessment.start, parse_time("12:45"))
    )
    student.does(Act("", (Change("settings", "shared", {"exam_minutes": 120}),)))
    assessment = table_of(student).assessments[0]
    assert assessment.end == parse_time("12:45")
    assert not assessment.assumed_end
    assert not assessment.outdated


def test_a_venue_set_by_hand_is_outdated_when_the_documents_name_another() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20", "A"))])
    student.does(set_venues(table_of(student), table_of(student).meetings[0].id, ("My room",)))
    student.accepts(draft(lecture("COS 214", "L1", "Mon 08:30 09:20", "B")))
    meeting = table_of(student).meetings[0]
    assert meeting.venues == ("My room",)
    assert meeting.printed_venues == ("B",)
    assert meeting.outdated == {"venues"}


def test_hidden_things_are_still_there_and_say_so() -> None:
    student = student_with(
        [draft(lecture("COS 214", "L1", "Mon 08:30 09:20"), lecture("COS 226", "L1", "Mon 09:30 10:20"))]
    )
    table = table_of(student)
    student.does(hide_item(table, table.meetings[0].id))
    student.does(hide_module(table, "COS 226"))
    table = table_of(student)
    assert all(table.is_hidden(meeting) for meeting in table.meetings)


def test_own_events_weekly_and_dated() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))])
    weekly = OwnEvent(
        event_id(YEAR, "w"), YEAR, "Hockey", parse_time("17:00"), parse_time("18:30"), weekday=2, offered="S1"
    )
    dated = OwnEvent(
        event_id(YEAR, "d"),
        YEAR,
        "Dentist",
        parse_time("09:00"),
        parse_time("10:00"),
        on=date(2026, 4, 1),
        note="Arcadia",
    )
    student.does(save_event(table_of(student), weekly))
    student.does(save_event(table_of(student), dated))
    assert set(table_of(student).events) == {weekly, dated}


def test_what_cannot_be_read_is_named_and_the_rest_is_shown() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))])
    name = table_of(student).meetings[0].id
    student.does(Act("", (Change("edit", name, {"slot": "some day"}), Change("event", f"{YEAR}/x", {"title": "?"}))))
    student.does(Act("", (Change("import", f"{YEAR}/lectures/0", {"document": {"kind": "menu"}, "acceptance": {}}),)))
    table = table_of(student)
    assert table.meetings[0].slot.weekday == 0
    assert table.unreadable == (f"edit {name}", f"event {YEAR}/x", f"import {YEAR}/lectures/0")


@given(st.sets(st.from_regex(r"[A-Z]{3} [0-9]{3}", fullmatch=True), max_size=30))
def test_colours_are_shared_evenly_and_depend_on_the_set_alone(codes: set[str]) -> None:
    given_colours = assign_colours(codes)
    assert given_colours == assign_colours(sorted(codes, reverse=True))
    assert set(given_colours) == codes
    counts = [list(given_colours.values()).count(colour) for colour in Colour if colour is not Colour.TOMATO]
    assert max(counts) - min(counts) <= 1


def test_the_colour_a_student_chose_wins() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))])
    student.does(recolour_module(table_of(student), "COS 214", Colour.BANANA))
    assert table_of(student).modules["COS 214"].colour is Colour.BANANA


def test_a_chosen_group_that_no_document_names_any_more_is_told() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P01"),
                lecture("COS 214", "P1", "Tue 10:30 12:20", "B", group="P02"),
                lecture("COS 214", "P1", "Wed 10:30 12:20", "C", group="P03"),
            )
        ]
    )
    key = ChoiceKey(YEAR, "COS 214", "S1", "P")
    student.does(choose_group(table_of(student), key, "P03"))
    document = draft(
        lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P01"),
        lecture("COS 214", "P1", "Tue 10:30 12:20", "B", group="P02"),
    )
    comparison = compare(document, student.records, YEAR)
    decisions = default_decisions(comparison).confirm("COS 214/S1")
    student.does(accept_draft(document, comparison, decisions, YEAR, "x.pdf"))
    choice = table_of(student).choices[key]
    assert choice.groups == ("P01", "P02")
    assert not choice.is_decided
    assert choice.lost == "P03"


@pytest.mark.parametrize("chosen", ["P01", "P02"])
def test_a_choice_whose_meetings_went_to_two_groups_alike_keeps_its_name(chosen: str) -> None:
    student = student_with(
        [
            draft(
                lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P01"),
                lecture("COS 214", "P2", "Tue 10:30 12:20", "B", group="P02"),
            )
        ]
    )
    key = ChoiceKey(YEAR, "COS 214", "S1", "P")
    both = [each.id for each in table_of(student).meetings]
    student.does(Act("Chose it", (Change("choice", str(key), {"group": {"name": chosen, "ids": both}}),)))
    assert table_of(student).choices[key].group == chosen
    student.does(Act("Chose it", (Change("choice", str(key), {"group": {"name": "P09", "ids": both}}),)))
    assert table_of(student).choices[key].group == "P01", "a name that is gone says nothing: the first by name"


def test_an_empty_year_is_empty() -> None:
    assert project(index_records([]), YEAR) == Timetable(YEAR)


def test_meetings_and_assessments_say_where_they_come_from() -> None:
    student = student_with([draft(*FIRST), draft(*BOTH)])
    by_module = {each.module: each for each in table_of(student).meetings}
    assert isinstance(by_module["COS 301"], Meeting)
    assert len(by_module["COS 301"].sources) == 2
    assert len(by_module["COS 326"].sources) == 1
    assert not any(isinstance(each, Assessment) for each in table_of(student).meetings)
