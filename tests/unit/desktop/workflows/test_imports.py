"""From a draft to the timetable and back out of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from desktop.document_types import LECTURES, TESTS
from desktop.domain.commands.choices import choose_group
from desktop.domain.drafts.draft import Draft, PageRegion, Problem
from desktop.domain.drafts.manual_entry import InvalidFields, open_problems
from desktop.domain.errors import InvalidInput, NeedsDecision
from desktop.domain.timetable.choices import parse_choice_key
from desktop.store import Store
from desktop.workflows import imports, timetable
from desktop.workflows.imports import accept, propose
from tests.unit.desktop.workflows.sample import TODAY, assessments_of, exams_of, lecture, lectures


def test_nothing_is_stored_before_accept(store: Store) -> None:
    proposal = propose(store, lectures(), "lectures.pdf", TODAY)
    imports.revise(store, proposal, year=2027)
    assert store.records().by_name == {}
    assert store.undo_titles().undo is None


def test_accept_is_one_act_and_undone_as_one(store: Store) -> None:
    accept(store, propose(store, lectures(), "lectures.pdf", TODAY))
    shown = timetable.compute_view(store, None, TODAY)
    assert (shown.year, shown.years, len(shown.timetable.meetings)) == (2026, (2026,), 5)
    assert shown.can_undo == "Accepted the lectures of 2026 from lectures.pdf"
    timetable.undo(store)
    assert timetable.compute_view(store, None, TODAY).timetable.is_empty
    timetable.redo(store)
    assert timetable.compute_view(store, None, TODAY).timetable == shown.timetable


def test_the_year_is_told_by_what_is_read_beside(store: Store) -> None:
    alone = propose(store, lectures(), "lectures.pdf", TODAY)
    assert (alone.year, bool(alone.reason)) == (2026, True)
    beside = propose(store, lectures(), "lectures.pdf", TODAY, other_drafts=[assessments_of(2025)])
    assert beside.year == 2025
    assert propose(store, assessments_of(2025), "tests.pdf", TODAY).year == 2025
    assert propose(store, lectures(), "lectures.pdf", TODAY, year=2027).year == 2027
    assert {2025, 2026, 2027} <= set(alone.years)


def test_the_year_is_told_by_what_is_stored(store: Store) -> None:
    accept(store, propose(store, assessments_of(2025), "tests.pdf", TODAY))
    assert propose(store, lectures(), "lectures.pdf", TODAY).year == 2025


def test_a_row_edited_in_review_is_what_counts(store: Store) -> None:
    proposal = propose(store, lectures(), "lectures.pdf", TODAY)
    edited = imports.correct_rows(
        store, proposal, [0], LECTURES.form_texts([lecture("COS 212", "G01", "L", "L1", 4, 10)])
    )
    accept(store, edited)
    found = timetable.compute_view(store, 2026, TODAY).timetable.find("2026/COS 212/S1/G01/L/L1")
    assert found is not None
    assert (found.slot.weekday, found.slot.start) == (4, time(10, 30))  # type: ignore[union-attr]


def test_rows_can_be_dropped_and_added(store: Store) -> None:
    proposal = propose(store, lectures(), "lectures.pdf", TODAY)
    fewer = imports.drop_rows(store, proposal, [4])
    assert len(fewer.draft.rows) == 4
    problem = Problem(PageRegion(1, 120, 132, "L1 Friday 10:30"), "a time such as 08:30 - 09:20", "10:30")
    more = imports.revise(store, fewer, draft=replace(fewer.draft, problems=(problem,)))
    more = imports.enter_row(store, more, problem, LECTURES.form_texts([lecture("COS 226", "G01", "L", "L1", 4, 10)]))
    accept(store, more)
    assert set(timetable.compute_view(store, 2026, TODAY).timetable.modules) == {"COS 212", "COS 226"}


def test_what_is_left_out_stays_out(store: Store) -> None:
    proposal = propose(store, lectures(), "lectures.pdf", TODAY)
    key = next(row.key for row in proposal.comparison.rows if row.item.module == "WTW 220")
    accept(store, replace(proposal, decisions=proposal.decisions.leave_out(key)))
    assert set(timetable.compute_view(store, 2026, TODAY).timetable.modules) == {"COS 212"}
    again = propose(store, lectures(), "lectures.pdf", TODAY)
    assert again.comparison.is_accepted
    assert key in again.decisions.left


def practicals(first: int, second: int) -> Draft:
    """The practicals of both groups in one lab, on these weekdays."""
    draft = lectures().with_rows((2,), (lecture("COS 212", "P01", "P", "P1", first, 13, "Lab"),))
    return draft.with_rows((3,), (lecture("COS 212", "P02", "P", "P1", second, 13, "Lab"),))


def test_a_question_has_to_be_answered(store: Store) -> None:
    """Two groups trade places, and one of them was chosen: only the student knows whether they go along."""
    accept(store, propose(store, practicals(1, 3), "old.pdf", TODAY))
    shown = timetable.compute_view(store, 2026, TODAY)
    timetable.apply_act(store, choose_group(shown.timetable, parse_choice_key("2026/COS 212/S1/P"), "P01"))
    proposal = propose(store, practicals(3, 1), "new.pdf", TODAY)
    (question,) = proposal.comparison.questions
    with pytest.raises(NeedsDecision):
        accept(store, proposal)
    assert len(imports.list_imports(store)) == 1
    answered = replace(proposal, decisions=proposal.decisions.answer(question.key, 1))
    assert imports.revise(store, answered).decisions == answered.decisions
    accept(store, answered)
    assert len(imports.list_imports(store)) == 2


def test_an_empty_document_is_refused(store: Store) -> None:
    with pytest.raises(InvalidInput, match="no row"):
        propose(store, Draft(TESTS, 1, ()), "tests.pdf", TODAY)


def test_several_are_accepted_lectures_first(store: Store) -> None:
    drafts = [exams_of(), lectures(), assessments_of()]
    done = imports.accept_all(store, [propose(store, draft, draft.kind.name, TODAY) for draft in drafts])
    assert [each.title.split()[2] for each in done] == ["lectures", "semester", "exams"]
    assert len(timetable.compute_view(store, 2026, TODAY).timetable.assessments) == 2


def test_the_history_of_imports(store: Store) -> None:
    accept(store, propose(store, lectures(), "lectures.pdf", TODAY))
    accept(store, propose(store, assessments_of(), "tests.pdf", TODAY))
    latest, first = imports.list_imports(store)
    assert (latest.name, first.name) == ("tests.pdf", "lectures.pdf")
    assert (first.item_count, first.kind, first.accepted, first.year) == (5, LECTURES, True, 2026)
    assert first.at is not None
    imports.withdraw(store, first.key)
    assert [each.accepted for each in imports.list_imports(store, 2026)] == [True, False]
    assert timetable.compute_view(store, 2026, TODAY).timetable.meetings == ()
    with pytest.raises(InvalidInput):
        imports.withdraw(store, first.key)
    timetable.undo(store)
    assert len(timetable.compute_view(store, 2026, TODAY).timetable.meetings) == 5


def test_the_pdf_is_kept_while_an_import_of_it_is_there(store: Store, tmp_path: Path) -> None:
    from desktop.workflows.profile import delete_unused_files

    file = tmp_path / "lectures.pdf"
    file.write_bytes(b"%PDF-1.6")
    draft = replace(lectures(), sha256=hashlib.sha256(b"%PDF-1.6").hexdigest())
    accept(store, propose(store, draft, "lectures.pdf", TODAY, source=file))
    file.unlink()
    (listed,) = imports.list_imports(store)
    assert listed.pdf is not None
    standing = imports.places_of(store, 2026, "2026/COS 212/S1/G01/L/L2")
    assert (standing.pdf, standing.name) == (listed.pdf, "lectures.pdf")
    assert [place.text for place in standing.places] == ["COS 212 L2"]
    assert delete_unused_files(store) == 0
    imports.withdraw(store, listed.key)
    assert imports.places_of(store, 2026, "2026/COS 212/S1/G01/L/L2").places == ()
    assert delete_unused_files(store) == 1


def test_a_file_that_was_changed_since_is_not_kept(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "lectures.pdf"
    file.write_bytes(b"another one by now")
    draft = replace(lectures(), sha256=hashlib.sha256(b"%PDF-1.6").hexdigest())
    accept(store, propose(store, draft, "lectures.pdf", TODAY, source=file))
    assert imports.list_imports(store)[0].pdf is None


def test_undoing_an_acceptance_brings_the_order_before_it_back(store: Store) -> None:
    """Two documents contradict each other; the one accepted last counts, until that is undone."""
    older, newer = lectures(), lectures().with_rows((0,), (lecture("COS 212", "G01", "L", "L1", 4, 10),))
    shown = []
    for draft in (older, newer, older):
        accept(store, propose(store, draft, "x.pdf", TODAY))
        shown.append(timetable.compute_view(store, 2026, TODAY).timetable)
    assert shown[1].meetings != shown[0].meetings
    assert [meeting.slot for meeting in shown[2].meetings] == [meeting.slot for meeting in shown[0].meetings]
    for before in (shown[1], shown[0]):
        timetable.undo(store)
        assert timetable.compute_view(store, 2026, TODAY).timetable == before
    for after in (shown[1], shown[2]):
        timetable.redo(store)
        assert timetable.compute_view(store, 2026, TODAY).timetable == after


def with_problem() -> tuple[Draft, Problem]:
    place = PageRegion(1, 120, 132, "L2 Friday 08:3O - 09:20 Thuto 1-1")
    problem = Problem(place, "a time such as 08:30 - 09:20", "08:3O - 09:20")
    return replace(lectures(), problems=(problem,), sha256="ab" * 32), problem


def test_a_line_entered_by_hand_is_accepted_with_the_rest_and_asked_about_once(store: Store) -> None:
    draft, problem = with_problem()
    proposal = propose(store, draft, "lectures.pdf", TODAY)
    texts = LECTURES.form_texts([lecture("WTW 220", "G01", "L", "L2", 4, 8, "Thuto 1-1")])
    with pytest.raises(InvalidFields):
        imports.enter_row(store, proposal, problem, texts | {"time": "08:3O - 09:20"})
    entered = imports.enter_row(store, proposal, problem, texts)
    assert store.records().by_name == {}
    assert imports.drop_rows(store, entered, [5]).draft == draft, "taken back, it is a problem again"

    accept(store, entered)
    shown = timetable.compute_view(store, 2026, TODAY).timetable
    assert [meeting.activity for meeting in shown.meetings if meeting.by_hand] == ["L2"]
    listed = imports.list_imports(store)[0]
    assert (listed.item_count, listed.by_hand, listed.problems) == (6, 1, 0)
    standing = imports.places_of(store, 2026, "2026/WTW 220/S1/G01/L/L2")
    assert standing.places == (problem.place,), "the page still shows the line"

    again = propose(store, draft, "lectures.pdf", TODAY)
    assert again.comparison.is_accepted
    assert open_problems(again.draft) == ()
    accept(store, again)
    assert timetable.compute_view(store, 2026, TODAY).timetable == shown

    timetable.undo(store)
    timetable.undo(store)
    assert timetable.compute_view(store, 2026, TODAY).timetable.is_empty
    assert open_problems(propose(store, draft, "lectures.pdf", TODAY).draft) == (problem,)


def test_a_line_left_out_is_no_problem_of_the_import_any_more(store: Store) -> None:
    draft, problem = with_problem()
    proposal = propose(store, draft, "lectures.pdf", TODAY)
    accept(store, imports.mark_seen(store, proposal, problem, seen=True))
    assert imports.list_imports(store)[0].problems == 0
    assert open_problems(propose(store, draft, "lectures.pdf", TODAY).draft) == ()


def test_another_year_knows_what_was_said_of_the_line_there(store: Store) -> None:
    draft, problem = with_problem()
    texts = LECTURES.form_texts([lecture("WTW 220", "G01", "L", "L2", 4, 8, "Thuto 1-1")])
    accept(store, imports.enter_row(store, propose(store, draft, "a.pdf", TODAY, year=2025), problem, texts))
    proposal = propose(store, draft, "b.pdf", TODAY, year=2026)
    assert open_problems(proposal.draft) == (problem,)
    there = imports.revise(store, proposal, year=2025)
    assert open_problems(there.draft) == ()
    assert there.comparison.is_accepted
    assert imports.revise(store, there, year=2026).draft == there.draft, "nothing is entered twice"


def test_a_document_of_problems_alone_can_be_entered_by_hand(store: Store) -> None:
    draft, problem = with_problem()
    proposal = propose(store, replace(draft, rows=()), "lectures.pdf", TODAY)
    with pytest.raises(InvalidInput, match="no row"):
        accept(store, proposal)
    texts = LECTURES.form_texts([lecture("WTW 220", "G01", "L", "L2", 4, 8, "Thuto 1-1")])
    accept(store, imports.enter_row(store, proposal, problem, texts))
    assert len(timetable.compute_view(store, 2026, TODAY).timetable.meetings) == 1
