"""Drafts: their plain form, their digest, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.document_types import DOCUMENT_TYPES, EXAMS, LECTURES, TESTS
from desktop.document_types.rows import ExamRow, LectureRow, TestRow
from desktop.domain.drafts.draft import WEEKDAYS, Draft, PageRegion, Problem, Row, draft_from_json, row_from_entry
from desktop.domain.errors import InvalidInput
from desktop.domain.records.records import canonical_json

words = st.text(max_size=12)
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
spans = st.tuples(minutes, minutes).filter(lambda span: span[0] < span[1])
places = st.builds(
    PageRegion,
    st.integers(1, 99),
    st.integers(0, 59_000).map(lambda each: each / 100),
    st.integers(0, 59_000).map(lambda each: each / 100),
    words,
    st.lists(st.tuples(st.integers(1, 99), st.just(36.2), st.just(40.0)), max_size=2).map(tuple),
)
dates = st.dates(date(2020, 1, 1), date(2040, 1, 1))
lectures = st.builds(
    lambda span, *rest: LectureRow(*rest[:7], *span, *rest[7:]),
    spans, words, words, words, words, words, words, st.integers(0, 6), words, words,
    st.lists(words, max_size=2).map(tuple), places,
)  # fmt: skip
tests = st.builds(
    lambda span, module, test, day, campus, venues, place: TestRow(module, test, day, *span, campus, venues, place),
    spans, words, words, dates, words, st.lists(words, max_size=3).map(tuple), places,
)  # fmt: skip
exams = st.builds(ExamRow, words, words, words, words, dates, minutes, words, words, words, words, places)
rows = st.one_of(st.lists(lectures, max_size=5), st.lists(tests, max_size=5), st.lists(exams, max_size=5))


def draft_of(found: list[Any]) -> Draft:
    kind = DOCUMENT_TYPES[found[0].document] if found else EXAMS
    return Draft(kind, 3, tuple(found), (Problem(PageRegion(1, 2.0, 3.0, "?"), "a time", "8h30"),), "ab" * 32)


@given(rows)
def test_a_draft_is_read_back_as_it_was_through_the_form_that_is_stored(found: list[Row]) -> None:
    draft = draft_of(found)
    assert draft_from_json(json.loads(canonical_json(draft.to_json())), DOCUMENT_TYPES) == draft


@given(rows, st.randoms(use_true_random=False))
def test_the_digest_is_that_of_what_is_said_wherever_it_stands(found: list[Any], random: Any) -> None:
    draft = draft_of(found)
    shuffled = [replace(row, place=PageRegion(9, 0.0, 1.0, "elsewhere")) for row in found]
    random.shuffle(shuffled)
    assert replace(draft, rows=tuple(shuffled), pages=1, sha256="").digest() == draft.digest()
    assert replace(draft, rows=(*draft.rows, *draft.rows[:1])).digest() == draft.digest()


def test_the_digest_tells_apart_what_differs() -> None:
    row = TestRow("COS 214", "Test1", date(2026, 3, 18), time(12, 30), time(14), "HATFIELD", ("A", "B"))
    one = Draft(TESTS, 1, (row,))
    assert Draft(TESTS, 1, (replace(row, venues=("B", "A")),)).digest() == one.digest()
    assert one.with_rows((0,), (replace(row, venues=("A",)),)).digest() != one.digest()
    assert one.with_rows((0,), (replace(row, start=time(12)),)).digest() != one.digest()


GOOD = {
    "module": "COS 214", "offered": "S2", "group": "G01", "lang": "E", "kind": "L", "activity": "L1", "day": "Monday",
    "start": "08:30", "end": "09:20", "venue": "IT 4-4", "campus": "HATFIELD", "study_prog": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("day", "Moonday"), ("start", "25:00"), ("start", 5), ("end", "08:30"), ("end", "08:00"), ("study_prog", 3)],
)
def test_a_row_that_cannot_be_meant_is_refused(field: str, value: object) -> None:
    assert row_from_entry(LECTURES, GOOD).entry() == GOOD
    with pytest.raises(InvalidInput):
        row_from_entry(LECTURES, {**GOOD, field: value})


@pytest.mark.parametrize("field", sorted(GOOD))
def test_a_row_without_one_of_its_columns_is_refused_by_name(field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        row_from_entry(LECTURES, {name: value for name, value in GOOD.items() if name != field})


def test_rows_of_another_kind_have_no_place_in_a_draft() -> None:
    with pytest.raises(InvalidInput):
        Draft(TESTS, 1, (row_from_entry(LECTURES, GOOD),))


@pytest.mark.parametrize("wrong", [{}, {"kind": "menu"}, {"kind": "tests", "entries": 1, "problems": [], "pages": 1}])
def test_what_is_no_draft_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        draft_from_json(wrong, DOCUMENT_TYPES)


def test_the_day_of_a_test_follows_from_its_date() -> None:
    row = TestRow("COS 214", "Test1", date(2026, 3, 18), time(12, 30), time(14), "HATFIELD", ())
    assert row.entry()["day"] == "Wednesday" == WEEKDAYS[2]
