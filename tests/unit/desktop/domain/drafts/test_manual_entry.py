"""A line that could not be read becomes a row by manual entry, and stays one whatever is imported later."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.document_types import DOCUMENT_TYPES, EXAMS, LECTURES, TESTS
from desktop.document_types.rows import LectureRow
from desktop.domain.drafts.document_items import PrintedItem, document_items
from desktop.domain.drafts.draft import DocumentType, Draft, PageRegion, Problem, Row, draft_from_json
from desktop.domain.drafts.manual_entry import (
    InvalidFields,
    is_open_problem,
    open_problems,
    rows_from_texts,
)
from desktop.domain.importing.changes import ChangeKind, compare, import_key
from desktop.domain.importing.decisions import Decisions
from desktop.domain.importing.import_sets import with_earlier_decisions
from desktop.domain.records.projection import project
from desktop.domain.records.records import canonical_json
from tests.drawing import strategies
from tests.unit.desktop.domain.documents import YEAR, Student, exam, lecture, sat_test

DOCUMENTS = st.one_of(strategies.lectures(3), strategies.semester_tests(4), strategies.exams(4))


def placed(rows: list[Row]) -> Draft:
    """A document of these rows, each on a line of its own."""
    lines = tuple(replace(row, place=PageRegion(1, 20.0 * k, 20.0 * k + 11, f"line {k}")) for k, row in enumerate(rows))
    return Draft(DOCUMENT_TYPES[lines[0].document], 1, lines, (), "ab" * 32)


def unread(draft: Draft, number: int) -> tuple[Draft, Problem, dict[str, str]]:
    """The document with the meeting or assessment of one row not understood, and what a person would write for it."""
    whole = document_items(draft, YEAR)[number % len(document_items(draft, YEAR))]
    lost = [draft.rows[index] for index in whole.rows]
    text = " ".join(draft.kind.form_texts(lost).values())
    problem = Problem(replace(lost[0].place, text=text), "a time such as 08:30 - 09:20", "8h3O")
    return replace(draft.with_rows(whole.rows, ()), problems=(problem,)), problem, draft.kind.form_texts(lost)


def said(items: Any) -> set[tuple[Any, ...]]:
    return {(item.module, item.printed_slot, item.printed_venues) for item in items}


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.integers(0, 30))
def test_any_line_written_by_hand_is_in_the_timetable_and_stays_there(rows: list[Row], number: int) -> None:
    whole = placed(rows)
    draft, problem, texts = unread(whole, number)
    written = draft.with_entered_rows(problem, draft.kind.rows_from_texts(texts))
    (meeting,) = (each.item for each in document_items(replace(draft, rows=draft.kind.rows_from_texts(texts)), YEAR))

    assert written.with_rows([k for k, row in enumerate(written.rows) if row.by_hand], ()) == draft, "undo is exact"
    assert draft_from_json(json.loads(canonical_json(written.to_json())), DOCUMENT_TYPES) == written
    assert (
        draft.with_problem_seen(problem, seen=True).with_problem_seen(replace(problem, seen=True), seen=False) == draft
    )

    student = Student()
    student.accepts(written)
    once = project(student.records, YEAR)
    printed: tuple[PrintedItem, ...] = (*once.meetings, *once.assessments)
    mine = [item for item in printed if item.by_hand]
    assert {item.module for item in mine} == {texts["module"]}
    assert said(mine) == {(meeting.module, meeting.printed_slot, tuple(sorted(meeting.printed_venues)))}

    again = with_earlier_decisions(draft, student.records, YEAR)
    assert import_key(again, YEAR) == import_key(written, YEAR), "the same document comes to the same import"
    assert compare(again, student.records, YEAR).is_accepted
    student.accepts(again)
    student.accepts(
        with_earlier_decisions(replace(draft, sha256="cd" * 32), student.records, YEAR)
    )  # exported once more
    now = project(student.records, YEAR)
    assert [(each.id, each.by_hand) for each in now.meetings] == [(each.id, each.by_hand) for each in once.meetings]
    assert [(each.id, each.by_hand) for each in now.assessments] == [
        (each.id, each.by_hand) for each in once.assessments
    ]


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_what_was_read_can_be_written_and_comes_out_as_it_was(rows: list[Row]) -> None:
    draft = placed(rows)
    for each in document_items(draft, YEAR):
        own = [draft.rows[index] for index in each.rows]
        assert rows_from_texts(draft.kind, own, draft.kind.form_texts(own)) == tuple(own)
        made = draft.kind.rows_from_texts(draft.kind.form_texts(own))
        (again,) = document_items(Draft(draft.kind, 1, made), YEAR)
        assert (again.item.module, again.item.printed_slot) == (each.item.module, each.item.printed_slot)
        assert set(again.item.printed_venues) == set(each.item.printed_venues)


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        (LECTURES, {"module": "C0S 214"}, "module"),
        (LECTURES, {"time": "09:20 - 08:30"}, "time"),
        (LECTURES, {"time": "08:32 - 09:20"}, "time"),
        (LECTURES, {"day": ""}, "day"),
        (LECTURES, {"activity": "1L"}, "activity"),
        (LECTURES, {"group": "g-1"}, "group"),
        (TESTS, {"date": "2026-02-30"}, "date"),
        (TESTS, {"date": "1026-03-14"}, "date"),
        (TESTS, {"test": ""}, "test"),
        (EXAMS, {"start": "24:00"}, "start"),
        (EXAMS, {"status": ""}, "status"),
    ],
)
def test_what_cannot_be_meant_is_said_of_its_field(kind: DocumentType, wrong: dict[str, str], field: str) -> None:
    good = {
        LECTURES: lecture("COS 214", "L1", "Mon 08:30 09:20"),
        TESTS: sat_test("COS 214", "Test1", "2026-03-14 08:00 09:30"),
        EXAMS: exam("COS 214", "2026-06-04 07:30"),
    }[kind]
    texts = kind.form_texts(good)
    assert kind.rows_from_texts(texts) == tuple(good)
    assert {each.name for each in kind.fields} <= set(texts)
    with pytest.raises(InvalidFields) as raised:
        kind.rows_from_texts(texts | wrong)
    assert list(raised.value.errors) == [field]
    with pytest.raises(InvalidFields) as all_wrong:
        kind.rows_from_texts(dict.fromkeys(texts, ""))
    assert len(all_wrong.value.errors) > 2, "everything that is wrong is said at once"


def test_capitals_need_not_be_typed() -> None:
    (row,) = LECTURES.rows_from_texts(
        {"module": "cos214", "offered": "s1", "group": "g01", "activity": "l1", "lang": "e"}
        | {"day": "monday", "time": "08:30-09:20"},
    )
    assert isinstance(row, LectureRow)
    assert (row.module, row.offered, row.group, row.activity, row.kind, row.lang, row.weekday) == (
        "COS 214", "S1", "G01", "L1", "L", "E", 0
    )  # fmt: skip


def test_a_meeting_is_written_with_all_its_rooms_and_corrected_to_fewer() -> None:
    texts = LECTURES.form_texts(lecture("COS 214", "L1", "Mon 08:30 09:20", "Hall 1", "Hall 2"))
    two = LECTURES.rows_from_texts(texts)
    assert [row.venue for row in two if isinstance(row, LectureRow)] == ["Hall 1", "Hall 2"]
    (one,) = rows_from_texts(LECTURES, two, texts | {"venue": "Hall 9", "time": "10:30 - 11:20"})
    assert isinstance(one, LectureRow)
    assert (one.venue, one.start) == ("Hall 9", time(10, 30))
    three = rows_from_texts(LECTURES, two, texts | {"venue": "Hall 1 · Hall 2 · Hall 3"})
    assert len(three) == 3


# what is guessed


def line(text: str, top: float, expected: str = "a time such as 08:30 - 09:20", found: str = "") -> Problem:
    return Problem(PageRegion(1, top, top + 11, text), expected, found)


def group_of_two() -> Draft:
    rows = [
        *lecture("COS 214", "L1", "Mon 08:30 09:20"),
        *lecture("COS 214", "L3", "Wed 08:30 09:20"),
        *lecture("WTW 220", "P1", "Thu 13:30 16:20", group="P01", offered="Y"),
    ]
    return placed(rows)


def test_a_line_is_told_its_group_by_the_rows_around_it() -> None:
    draft = group_of_two()
    (suggestion,) = draft.kind.suggestions(draft, line("L2 Tuesday 08:3O - 09:20 IT 4-4", 10, found="08:3O - 09:20"))
    assert suggestion == {
        "module": "COS 214",
        "offered": "S1",
        "group": "G01",
        "lang": "E",
        "activity": "L2",
        "day": "Tuesday",
        "time": "08:3O - 09:20",
        "venue": "IT 4-4",
        "campus": "HATFIELD",
    }
    (first,) = draft.kind.suggestions(draft, line("P2 Munday 13:30 - 16:20 Lab", 25, "a day such as Monday", "Munday"))
    assert (first["module"], first["offered"], first["group"]) == ("WTW 220", "Y", "P01"), "of its kind"
    assert (first["day"], first["time"], first["venue"]) == ("Monday", "13:30 - 16:20", "Lab")


def test_a_whole_row_holds_several_meetings_and_waits_for_each() -> None:
    text = "COS 226 S2 G-1 E L L1 Monday 08:30 - 09:20 IT 4-4 HATFIELD L2 Friday 10h30 - 11h20 Centenary 6"
    problem = line(text, 90, "a group such as G01", "G-1")
    draft = replace(group_of_two(), problems=(problem,))
    one, two = draft.kind.suggestions(draft, problem)
    assert (one["module"], one["offered"], one["activity"], one["day"]) == ("COS 226", "S2", "L1", "Monday")
    assert (one["venue"], one["campus"]) == ("IT 4-4", "HATFIELD")
    assert (two["activity"], two["time"], two["venue"]) == ("L2", "10:30 - 11:20", "Centenary 6")
    assert "group" not in one, "what was not understood is not guessed"
    assert draft.kind.expected_row_count(problem) == 2
    for number, suggestion in enumerate((one, two)):
        assert open_problems(draft) == (problem,), number
        draft = draft.with_entered_rows(problem, draft.kind.rows_from_texts(suggestion | {"group": "G01", "lang": "E"}))
    assert open_problems(draft) == ()


def test_a_test_and_an_exam_are_guessed_from_their_line() -> None:
    tests = placed(sat_test("WTW 220", "Test1", "2026-03-14 08:00 09:30"))
    (suggestion,) = tests.kind.suggestions(
        tests, line("COS 214 Test 2 Saturday 14 Mar 2026 10:02 - 11:30 HATFIELD Roos hall", 40)
    )
    assert suggestion == {
        "module": "COS 214",
        "test": "Test 2",
        "date": "2026-03-14",
        "time": "10:02 - 11:30",
        "campus": "HATFIELD",
        "venues": "Roos hall",
    }
    exams = placed(exam("WTW 220", "2026-06-04 07:30", "Thuto 3-1"))
    problem = line("FINAL COS 214 1 Exam Written 12 JUN 2026 07:31 HATF HATFIELD Hall 2", 40, "a time such as 07:30")
    (paper,) = exams.kind.suggestions(exams, problem)
    assert paper == {
        "module": "COS 214",
        "status": "FINAL",
        "paper": "1",
        "activity": "Exam Written",
        "date": "2026-06-12",
        "start": "07:31",
        "module_campus": "HATF",
        "exam_campus": "HATFIELD",
        "venue": "Hall 2",
    }
    assert EXAMS.problem_field(problem) == "start"
    over_two_lines = "FINAL COS 214 1 Exam 12 JUN 2026 07:31 HATF HATFIELD Hall 2 Written"
    assert exams.kind.suggestions(exams, line(over_two_lines, 40, problem.expected)) == (paper,)


@given(st.text(max_size=80), st.sampled_from([*DOCUMENT_TYPES.values()]), st.text(max_size=20))
def test_any_text_gives_a_guess_and_no_error(text: str, kind: DocumentType, expected: str) -> None:
    draft = Draft(kind, 1, ())
    problem = Problem(PageRegion(1, 0, 0, text), expected, text)
    found = draft.kind.suggestions(draft, problem)
    assert len(found) == kind.expected_row_count(problem)
    assert all(
        name in (*(each.name for each in kind.fields), "study_prog") and value
        for each in found
        for name, value in each.items()
    )


def test_what_is_about_a_whole_page_waits_until_it_is_left_out() -> None:
    page = Problem(PageRegion(2, 0, 0, ""), "rows of the table", "a page without any")
    draft = replace(group_of_two(), problems=(page,))
    assert draft.kind.suggestions(draft, page) == ({"campus": "HATFIELD"},)
    entered = draft.with_entered_rows(page, lecture("COS 226", "L1", "Fri 08:30 09:20"))
    assert is_open_problem(entered, page), "nobody knows how many rows are missing there"
    assert open_problems(entered.with_problem_seen(page, seen=True)) == ()


# later imports


def test_a_line_left_out_is_not_asked_about_again() -> None:
    problem = line("Page 1 of 2", 700, "nothing outside the table", "Page 1 of 2")
    draft = replace(group_of_two(), problems=(problem,))
    student = Student()
    student.accepts(draft.with_problem_seen(problem, seen=True))
    assert open_problems(with_earlier_decisions(draft, student.records, YEAR)) == ()
    moved = replace(draft, sha256="cd" * 32, problems=(line("Page 1 of 2", 710, problem.expected, "Page 1 of 2"),))
    assert open_problems(with_earlier_decisions(moved, student.records, YEAR)) == (), "the same line in another export"
    assert open_problems(with_earlier_decisions(moved, student.records, YEAR + 1)) == moved.problems, "of another year"
    other = replace(draft, sha256="cd" * 32, problems=(line("Page 2 of 2", 700, problem.expected),))
    assert len(open_problems(with_earlier_decisions(other, student.records, YEAR))) == 1, (
        "another line is another question"
    )


def test_two_lines_alike_are_asked_about_where_one_of_them_is_gone() -> None:
    """Which of the two is left cannot be known."""
    alike = tuple(line("Page x", top, "nothing outside the table", "Page x") for top in (700, 710))
    student = Student()
    student.accepts(replace(group_of_two(), problems=alike).with_problem_seen(alike[0], seen=True))
    one = replace(group_of_two(), problems=alike[:1], sha256="cd" * 32)
    assert len(open_problems(with_earlier_decisions(one, student.records, YEAR))) == 1


def test_a_line_that_can_be_read_later_says_that_it_differs_from_what_is_by_hand() -> None:
    draft = group_of_two()
    problem = line("L2 Tuesday 08:3O - 09:20 IT 4-4", 10)
    student = Student()
    student.accepts(
        replace(draft, problems=(problem,)).with_entered_rows(problem, lecture("COS 214", "L2", "Tue 08:30 09:20"))
    )
    readable = replace(draft, rows=(*draft.rows, *lecture("COS 214", "L2", "Tue 10:30 11:20")), sha256="cd" * 32)
    comparison = compare(readable, student.records, YEAR)
    (changed,) = [row for row in comparison.rows if row.kind is not ChangeKind.UNCHANGED]
    assert (changed.kind, changed.affected_edits) == (ChangeKind.MOVED, ("hand",))

    without = compare(replace(draft, sha256="ef" * 32), student.records, YEAR)
    (gone,) = [row for row in without.rows if row.kind is not ChangeKind.UNCHANGED]
    assert (gone.kind, gone.affected_edits) == (ChangeKind.GONE, ("hand",))
    student.accepts(replace(draft, sha256="ef" * 32))
    assert [item.activity for item in project(student.records, YEAR).meetings if item.by_hand] == ["L2"]


def test_what_was_removed_after_it_was_entered_stays_away() -> None:
    draft = group_of_two()
    problem = line("L2 Tuesday 08:3O - 09:20 IT 4-4", 10)
    open_ = replace(draft, problems=(problem,))
    student = Student()
    student.accepts(open_.with_entered_rows(problem, lecture("COS 214", "L2", "Tue 08:30 09:20")))
    comparison = compare(open_, student.records, YEAR)
    student.accepts(open_, Decisions(scopes=frozenset(scope.key for scope in comparison.scopes)))
    assert not any(item.by_hand for item in project(student.records, YEAR).meetings)
    assert open_problems(with_earlier_decisions(open_, student.records, YEAR)) == (problem,)


def test_versions_that_know_nothing_of_it_read_the_same_rows() -> None:
    """They pass by what they do not know; the marks add to an entry and to a problem, and change nothing of either."""
    draft = group_of_two()
    problem = line("L2 Tuesday 08:3O - 09:20 IT 4-4", 10)
    written = replace(draft, problems=(problem,)).with_entered_rows(
        problem, lecture("COS 214", "L2", "Tue 08:30 09:20")
    )
    plain = written.with_problem_seen(problem, seen=True).to_json()
    for each in (*plain["entries"], *plain["problems"]):
        each.pop("by_hand", None)
        each.pop("seen", None)
    unmarked = replace(written, rows=tuple(replace(row, by_hand=False) for row in written.rows))
    assert plain == unmarked.to_json()
    assert written.digest() == unmarked.digest()


def test_two_machines_that_enter_the_same_line_agree() -> None:
    draft = group_of_two()
    problem = line("L2 Tuesday 08:3O - 09:20 IT 4-4", 10)
    open_ = replace(draft, problems=(problem,))
    row = lecture("COS 214", "L2", "Tue 08:30 09:20")
    one, other = open_.with_entered_rows(problem, row), replace(open_, sha256="cd" * 32).with_entered_rows(problem, row)
    assert import_key(one, YEAR) == import_key(other, YEAR)
    student = Student()
    student.accepts(open_)  # the other machine accepted it before anybody entered the line
    student.accepts(one)
    assert len(project(student.records, YEAR).meetings) == 4
