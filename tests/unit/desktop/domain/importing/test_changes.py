"""Comparison of documents with existing items, and the effect on a student's edits and choices."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.commands.choices import accept_clash, choose_group, skip_date
from desktop.domain.commands.edits import move_meeting, set_note, set_room, set_venues
from desktop.domain.drafts.draft import Draft, Row
from desktop.domain.errors import InvalidInput, NeedsDecision
from desktop.domain.importing.assignment import connected_components, find_assignments
from desktop.domain.importing.changes import ChangeKind, Comparison
from desktop.domain.importing.decisions import (
    Decisions,
    accept_draft,
    default_decisions,
    open_questions,
    resolve_rows,
    withdraw_import,
)
from desktop.domain.importing.import_sets import missing_documents, propose_year
from desktop.domain.records.projection import project
from desktop.domain.records.records import index_records
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.timetable import Timetable
from tests.unit.desktop.domain.documents import YEAR, Student, draft, exam, lecture, parse_time, sat_test, student_with

PRACTICALS = ChoiceKey(YEAR, "COS 214", "S1", "P")


def table_of(student: Student) -> Timetable:
    return project(student.records, YEAR)


def kinds(comparison: Comparison) -> dict[str, str]:
    return {row.key: str(row.kind) for row in comparison.rows}


def noted(student: Student) -> dict[str, tuple[str, int, str]]:
    """Notes, each with where it is found: activity, weekday, venue."""
    return {
        meeting.note: (meeting.activity, meeting.slot.weekday, "/".join(meeting.venues))
        for meeting in table_of(student).meetings
        if meeting.note
    }


def meeting_on(student: Student, weekday: int) -> Meeting:
    return next(each for each in table_of(student).meetings if each.slot.weekday == weekday)


TWO_LECTURES = [lecture("COS 214", "L1", "Mon 08:30 09:20", "A"), lecture("COS 214", "L2", "Tue 08:30 09:20", "B")]
TWO_GROUPS = [
    lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P01"),
    lecture("COS 214", "P1", "Tue 10:30 12:20", "A", group="P02"),
]


def test_everything_of_a_first_document_is_added_and_nothing_is_asked() -> None:
    comparison = Student().compares(draft(*TWO_LECTURES))
    assert comparison.is_first
    assert not comparison.questions
    assert default_decisions(comparison) == Decisions()


def test_the_same_document_again_changes_nothing() -> None:
    student = student_with([draft(*TWO_LECTURES)])
    comparison = student.compares(draft(*reversed(TWO_LECTURES)))
    assert comparison.is_accepted
    assert comparison.count(ChangeKind.UNCHANGED) == 2


def test_what_changed_is_named() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 214", "L1", "Mon 08:30 09:20", "A"),
                lecture("COS 214", "L2", "Tue 08:30 09:20", "B"),
                lecture("COS 214", "L3", "Wed 08:30 09:20", "C"),
            )
        ]
    )
    comparison = student.compares(
        draft(
            lecture("COS 214", "L1", "Thu 10:30 11:20", "A"),
            lecture("COS 214", "L2", "Tue 08:30 09:20", "B", "D"),
            lecture("COS 226", "L1", "Fri 08:30 09:20", "A"),
        )
    )
    assert kinds(comparison) == {
        "2026/COS 214/S1/G01/L/L1": "moved",
        "2026/COS 214/S1/G01/L/L2": "room_changed",
        "2026/COS 226/S1/G01/L/L1": "added",
        "gone 2026/COS 214/S1/G01/L/L3": "gone",
    }


def test_a_preliminary_exam_that_is_final_on_another_day_is_the_same_exam() -> None:
    other = exam("COS 214", "2026-06-09 11:15", status="PRELIM", paper="2")
    student = student_with([draft(exam("COS 214", "2026-06-05 11:15", status="PRELIM"), other)])
    first = next(each for each in table_of(student).assessments if each.paper == "1")
    student.does(set_note(table_of(student), first.id, "Calculator"))
    comparison = student.accepts(draft(exam("COS 214", "2026-06-12 07:30", "Thuto 1-1"), other))
    assert not comparison.questions
    assert kinds(comparison) == {first.id: "moved", first.id.replace("/1/", "/2/"): "unchanged"}
    assert comparison.rows[0].affected_edits == ("note",)
    final = next(each for each in table_of(student).assessments if each.paper == "1")
    assert (final.id, final.note, final.date, final.status) == (first.id, "Calculator", date(2026, 6, 12), "FINAL")


def test_a_preliminary_exam_that_is_final_keeps_its_identity_and_its_note() -> None:
    student = student_with([draft(exam("COS 214", "2026-06-05 11:15", status="PRELIM"))])
    student.does(set_note(table_of(student), table_of(student).assessments[0].id, "calculator"))
    comparison = student.accepts(draft(exam("COS 214", "2026-06-05 11:15", "Thuto 3-1")))
    assert [row.kind for row in comparison.rows] == [ChangeKind.FINALISED]
    (assessment,) = table_of(student).assessments
    assert not assessment.is_preliminary
    assert (assessment.note, assessment.venues) == ("calculator", ("Thuto 3-1",))


def test_a_swap_of_two_labels_is_recognised_and_notes_stay_in_their_slots() -> None:
    student = student_with([draft(*TWO_LECTURES)])
    student.does(set_note(table_of(student), meeting_on(student, 0).id, "monday"))
    student.accepts(
        draft(lecture("COS 214", "L2", "Mon 08:30 09:20", "A"), lecture("COS 214", "L1", "Tue 08:30 09:20", "B"))
    )
    assert noted(student) == {"monday": ("L2", 0, "A")}


def test_a_swap_of_two_slots_is_recognised_where_the_rooms_went_along() -> None:
    student = student_with([draft(*TWO_LECTURES)])
    student.does(set_note(table_of(student), meeting_on(student, 0).id, "first"))
    comparison = student.accepts(
        draft(lecture("COS 214", "L1", "Tue 08:30 09:20", "A"), lecture("COS 214", "L2", "Mon 08:30 09:20", "B"))
    )
    assert comparison.count(ChangeKind.MOVED) == 2
    assert noted(student) == {"first": ("L1", 1, "A")}


def test_a_moved_weekday_takes_the_edits_along() -> None:
    student = student_with([draft(*TWO_LECTURES)])
    student.does(set_note(table_of(student), meeting_on(student, 0).id, "first"))
    student.does(skip_date(table_of(student), meeting_on(student, 0).id, date(2026, 3, 2)))
    comparison = student.accepts(draft(lecture("COS 214", "L1", "Fri 08:30 09:20", "A"), TWO_LECTURES[1]))
    moved = next(row for row in comparison.rows if row.kind is ChangeKind.MOVED)
    assert moved.affected_edits == ("note", "skip")
    assert noted(student) == {"first": ("L1", 4, "A")}


def test_a_renamed_group_stays_chosen_under_its_new_name() -> None:
    student = student_with([draft(*TWO_GROUPS)])
    student.does(choose_group(table_of(student), PRACTICALS, "P01"))
    renamed = draft(lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P07"), TWO_GROUPS[1])
    comparison = student.accepts(renamed)
    assert not comparison.questions
    assert [row.affected_edits for row in comparison.rows if row.kind is ChangeKind.OTHER] == [("choice",)]
    choice = table_of(student).choices[PRACTICALS]
    assert (choice.group, choice.groups) == ("P07", ("P02", "P07"))


def test_a_group_that_is_renamed_and_moves_one_of_its_meetings_stays_chosen() -> None:
    def group(name: str, last: str) -> list[list[Row]]:
        return [
            lecture("COS 214", "L1", "Mon 08:30 09:20", "A", group=name),
            lecture("COS 214", "L2", "Tue 08:30 09:20", "A", group=name),
            lecture("COS 214", "L3", last, "A", group=name),
        ]

    other = [
        lecture("COS 214", f"L{n}", f"{day} 13:30 14:20", "B", group="G09")
        for n, day in enumerate(("Mon", "Tue", "Wed"), 1)
    ]
    student = student_with([draft(*group("G01", "Wed 08:30 09:20"), *other)])
    key = ChoiceKey(YEAR, "COS 214", "S1", "L")
    student.does(choose_group(table_of(student), key, "G01"))
    third = next(each for each in table_of(student).meetings if each.group == "G01" and each.activity == "L3")
    student.does(set_note(table_of(student), third.id, "third"))
    comparison = student.accepts(draft(*group("G02", "Fri 10:30 11:20"), *other))
    assert not comparison.questions
    assert table_of(student).choices[key].group == "G02"
    assert noted(student) == {"third": ("L3", 4, "A")}


def swapped() -> Draft:
    return draft(
        lecture("COS 214", "P1", "Tue 10:30 12:20", "A", group="P01"),
        lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P02"),
    )


def test_groups_that_swap_are_asked_about_when_one_is_chosen() -> None:
    student = student_with([draft(*TWO_GROUPS)])
    student.does(choose_group(table_of(student), PRACTICALS, "P01"))
    comparison = student.compares(swapped())
    (question,) = comparison.questions
    assert {row.kind for row in comparison.rows} == {ChangeKind.UNCLEAR}
    assert len(question.options) == 2
    with pytest.raises(NeedsDecision):
        accept_draft(swapped(), comparison, default_decisions(comparison), YEAR, "x.pdf")

    found = set()
    for option in range(2):
        other = Student(student.records, counter=student.counter)
        decisions = default_decisions(comparison).answer(question.key, option)
        assert not open_questions(comparison, decisions)
        assert all(row.kind is not ChangeKind.UNCLEAR for row in resolve_rows(comparison, decisions))
        other.accepts(swapped(), decisions)
        chosen = table_of(other).choices[PRACTICALS].group
        found.add((question.options[option].words, chosen))
    assert {chosen for _, chosen in found} == {"P01", "P02"}, "names kept, or times kept: the student said which"


def test_groups_that_swap_are_no_question_where_nothing_hangs_on_it() -> None:
    student = student_with([draft(*TWO_GROUPS)])
    comparison = student.compares(swapped())
    assert not comparison.questions
    assert comparison.count(ChangeKind.MOVED) == 2, "labels are taken as they are printed"


def test_rooms_tell_whether_groups_swapped_their_names_or_their_times() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P01"),
                lecture("COS 214", "P1", "Tue 10:30 12:20", "B", group="P02"),
            )
        ]
    )
    student.does(choose_group(table_of(student), PRACTICALS, "P01"))
    renamed = draft(
        lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P02"),
        lecture("COS 214", "P1", "Tue 10:30 12:20", "B", group="P01"),
    )
    comparison = student.accepts(renamed)
    assert not comparison.questions
    assert table_of(student).choices[PRACTICALS].group == "P02"


def test_a_question_about_rows_left_out_needs_no_answer() -> None:
    student = student_with([draft(*TWO_GROUPS)])
    student.does(choose_group(table_of(student), PRACTICALS, "P01"))
    comparison = student.compares(swapped())
    decisions = Decisions(left=frozenset(row.key for row in comparison.rows))
    student.accepts(swapped(), decisions)
    assert meeting_on(student, 0).group == "P01"


def test_an_answer_that_does_not_exist_is_refused() -> None:
    student = student_with([draft(*TWO_GROUPS)])
    student.does(choose_group(table_of(student), PRACTICALS, "P01"))
    comparison = student.compares(swapped())
    with pytest.raises(InvalidInput):
        accept_draft(swapped(), comparison, Decisions().answer(comparison.questions[0].key, 9), YEAR, "x.pdf")


def test_a_draft_edited_after_it_was_compared_has_to_be_compared_again() -> None:
    comparison = Student().compares(draft(*TWO_LECTURES))
    with pytest.raises(InvalidInput):
        accept_draft(draft(*TWO_GROUPS), comparison, Decisions(), YEAR, "x.pdf")


def test_a_new_meeting_under_an_old_label_gets_an_id_of_its_own() -> None:
    student = student_with([draft(*TWO_GROUPS)])
    student.does(choose_group(table_of(student), PRACTICALS, "P01"))
    # What was P01 is now P07, and there is a new P01 at another time.
    student.accepts(
        draft(
            lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P07"),
            TWO_GROUPS[1],
            lecture("COS 214", "P1", "Fri 14:30 16:20", "Z", group="P01"),
        ),
        None
        if not student.compares(
            draft(
                lecture("COS 214", "P1", "Mon 10:30 12:20", "A", group="P07"),
                TWO_GROUPS[1],
                lecture("COS 214", "P1", "Fri 14:30 16:20", "Z", group="P01"),
            )
        ).questions
        else Decisions(),
    )
    table = table_of(student)
    assert len({meeting.id for meeting in table.meetings}) == 3
    assert table.choices[PRACTICALS].group == "P07"


def test_absence_removes_nothing_unless_the_student_confirms_the_scope() -> None:
    student = student_with([draft(*TWO_LECTURES, lecture("COS 226", "L1", "Fri 08:30 09:20"))])
    smaller = draft(TWO_LECTURES[0])
    comparison = student.compares(smaller)
    assert [scope.key for scope in comparison.scopes] == ["COS 214/S1"], "COS 226 is not in it and not touched"
    student.accepts(smaller)
    assert len(table_of(student).meetings) == 3
    student.accepts(smaller, default_decisions(comparison).confirm("COS 214/S1"))
    assert {meeting.label for meeting in table_of(student).meetings} == {"COS 214 · L1", "COS 226 · L1"}
    student.does(withdraw_import(student.records, comparison.key))
    assert len(table_of(student).meetings) == 3, "what an import took away comes back with its withdrawal"


def test_what_the_student_keeps_is_kept_the_next_time_too() -> None:
    student = student_with([draft(*TWO_LECTURES)])
    smaller = draft(TWO_LECTURES[0])
    comparison = student.compares(smaller)
    gone = next(row for row in comparison.rows if row.kind is ChangeKind.GONE)
    student.accepts(smaller, default_decisions(comparison).confirm("COS 214/S1").leave_out(gone.key))
    assert len(table_of(student).meetings) == 2
    assert gone.key in default_decisions(student.compares(smaller)).left


def test_an_export_of_the_other_semester_proposes_no_removal_of_other_modules() -> None:
    student = student_with([draft(sat_test("COS 214", "Test1", "2026-03-18 12:30 14:00"))])
    comparison = student.compares(draft(sat_test("COS 226", "Test1", "2026-08-18 12:30 14:00")))
    assert not comparison.scopes


def test_what_was_left_once_is_left_again_by_a_larger_export() -> None:
    student = student_with([draft(*TWO_LECTURES)])
    moved = lecture("COS 214", "L1", "Thu 08:30 09:20", "A")
    first = draft(moved, TWO_LECTURES[1])
    comparison = student.compares(first)
    row = next(each for each in comparison.rows if each.kind is ChangeKind.MOVED)
    student.accepts(first, default_decisions(comparison).leave_out(row.key))
    assert meeting_on(student, 0).activity == "L1"
    larger = draft(moved, TWO_LECTURES[1], lecture("COS 226", "L1", "Fri 08:30 09:20"))
    comparison = student.compares(larger)
    assert default_decisions(comparison).left == {row.key}
    student.accepts(larger)
    assert meeting_on(student, 0).activity == "L1"
    student.accepts(larger, Decisions())
    assert meeting_on(student, 3).activity == "L1"


def test_an_exam_of_the_other_semester_does_not_replace_the_first() -> None:
    student = student_with([draft(exam("WTW 114", "2026-06-05 11:15", "A"))])
    student.accepts(draft(exam("WTW 114", "2026-11-10 07:30", "B")))
    assert [each.date.month for each in table_of(student).assessments] == [6, 11]
    assert len({each.id for each in table_of(student).assessments}) == 2


def test_edits_that_a_change_touches_are_named() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20", "A", "B"), TWO_LECTURES[1])])
    first, second = (each.id for each in table_of(student).meetings)
    student.does(move_meeting(table_of(student), first, Slot(4, parse_time("10:30"), parse_time("11:20"))))
    student.does(set_room(table_of(student), first, "A"))
    student.does(set_venues(table_of(student), second, ("X",)))
    student.does(accept_clash(table_of(student), first, second))
    comparison = student.compares(
        draft(lecture("COS 214", "L1", "Mon 09:30 10:20", "C"), lecture("COS 214", "L2", "Tue 08:30 09:20", "Q"))
    )
    assert {row.id: row.affected_edits for row in comparison.rows} == {
        first: ("clash", "room", "slot"),
        second: ("venues",),
    }


days = st.sampled_from(["Mon", "Tue", "Wed", "Thu", "Fri"])
hours = st.integers(7, 16)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(days, hours), min_size=2, max_size=5, unique=True),
    st.data(),
)
def test_edits_and_choices_keep_their_meeting_through_changed_documents(
    slots: list[tuple[str, int]], data: st.DataObject
) -> None:
    """The student's group is told apart by its room: whatever is renamed and moved, the note and the choice go there.

    Every group has a room of its own, so there is always one right answer; a question has one right option.
    """
    names = [f"P{number:02d}" for number in range(1, len(slots) + 1)]

    def document(state: dict[str, tuple[str, str, int]]) -> Draft:
        return draft(
            *(
                lecture("COS 214", "P1", f"{day} {hour:02d}:30 {hour + 1:02d}:20", room, group=name)
                for room, (name, day, hour) in state.items()
            )
        )

    state = {f"room {name}": (name, *slot) for name, slot in zip(names, slots, strict=True)}
    student = student_with([document(state)])
    mine = data.draw(st.sampled_from(sorted(state)))
    student.does(choose_group(table_of(student), PRACTICALS, state[mine][0]))
    my_meeting = next(each for each in table_of(student).meetings if each.group == state[mine][0])
    student.does(set_note(table_of(student), my_meeting.id, "mine"))
    fresh = (f"P{number}" for number in itertools.count(20))
    for _ in range(data.draw(st.integers(1, 3))):
        change = data.draw(st.sampled_from(["move", "rename", "swap names", "swap slots"]))
        one = data.draw(st.sampled_from(sorted(state)))
        other = data.draw(st.sampled_from(sorted(set(state) - {one})))
        (name, day, hour), (its_name, its_day, its_hour) = state[one], state[other]
        if change == "move":
            free = [
                (d, h) for d in ("Mon", "Fri") for h in (7, 12, 16) if (d, h) not in {v[1:] for v in state.values()}
            ]
            state[one] = (name, *data.draw(st.sampled_from(free)))
        elif change == "rename":
            fresh = next(
                each
                for each in (f"P{n:02d}" for n in itertools.count(20))
                if each not in {v[0] for v in state.values()}
            )
            state[one] = (fresh, day, hour)
        elif change == "swap names":
            state[one], state[other] = (its_name, day, hour), (name, its_day, its_hour)
        else:
            state[one], state[other] = (name, its_day, its_hour), (its_name, day, hour)
        changed = document(state)
        comparison = student.compares(changed)
        decisions = default_decisions(comparison)
        for question in comparison.questions:
            rooms = {row.key: row.after.printed_venues for row in comparison.rows if row.after is not None}
            right = [
                number
                for number, option in enumerate(question.options)
                if all(
                    name not in comparison.known or comparison.known[name].printed_venues == rooms[own]
                    for own, name in option.ids.items()
                )
            ]
            assert right, "what really happened is among the answers"
            decisions = decisions.answer(question.key, right[0])
        student.accepts(changed, decisions)
        (meeting,) = [each for each in table_of(student).meetings if each.note == "mine"]
        assert meeting.venues == (mine,)
        assert table_of(student).choices[PRACTICALS].group == state[mine][0] == meeting.group


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(st.integers(0, 3), st.integers(-9, 0), max_size=4),
        max_size=4,
    ),
    st.integers(0, 3),
)
def test_assignments_are_those_that_plain_enumeration_finds(costs: list[dict[int, int]], margin: int) -> None:
    every = []
    for picked in itertools.product(*[[None, *allowed] for allowed in costs]):
        taken = [each for each in picked if each is not None]
        if len(set(taken)) == len(taken):
            every.append((sum(costs[row][c] for row, c in enumerate(picked) if c is not None), picked))
    best = min(cost for cost, _ in every)
    expected = {(cost, picked) for cost, picked in every if cost <= best + margin}
    found = find_assignments(costs, margin, limit=10_000)
    assert {(each.cost, each.columns) for each in found} == expected
    assert [each.cost for each in found] == sorted(each.cost for each in found)
    rows = sorted(row for rows, _ in connected_components(costs) for row in rows)
    assert rows == list(range(len(costs)))


def test_the_year_is_proposed_from_dates_from_what_is_there_or_from_the_day() -> None:
    tests = draft(sat_test("COS 214", "Test1", "2025-08-18 12:30 14:00"))
    assert propose_year(tests, index_records([]), date(2026, 2, 1)).year == 2025
    lectures = draft(*TWO_LECTURES)
    assert propose_year(lectures, index_records([]), date(2027, 2, 1)).year == 2027
    assert propose_year(lectures, index_records([]), date(2026, 12, 10)).year == 2027
    student = student_with([draft(sat_test("COS 214", "Test1", "2026-08-18 12:30 14:00"))])
    assert propose_year(lectures, student.records, date(2027, 1, 20)).year == YEAR
    student.accepts(lectures)
    assert propose_year(draft(TWO_LECTURES[0]), student.records, date(2027, 1, 20)).year == YEAR
    repeated = draft(lecture("COS 214", "L1", "Fri 14:30 15:20"), lecture("COS 301", "L1", "Fri 15:30 16:20"))
    assert propose_year(repeated, student.records, date(2027, 1, 20)).year == 2027, "repeated, at other times"


def test_missing_documents_are_noticed() -> None:
    year_module = lecture("COS 301", "L1", "Mon 08:30 09:20", offered="Y")
    student = student_with([draft(year_module, lecture("COS 314", "L1", "Tue 08:30 09:20"))])

    def words() -> list[str]:
        return [each.words for each in missing_documents(table_of(student), student.records, YEAR)]

    assert words() == ["No tests were imported.", "No exams were imported."]
    student.accepts(draft(sat_test("COS 314", "Test1", "2026-03-18 12:30 14:00")))
    assert words() == ["No tests for COS 301.", "No exams were imported."]
    assert "All" in missing_documents(table_of(student), student.records, YEAR)[0].hint
    student.accepts(draft(sat_test("COS 301", "Test1", "2026-04-18 12:30 14:00")))
    student.accepts(draft(exam("COS 314", "2026-06-05 11:15"), exam("COS 301", "2026-11-05 11:15")))
    assert words() == []
    student.accepts(draft(exam("COS 326", "2026-11-12 11:15")))
    assert words() == ["No lectures for COS 326."]
