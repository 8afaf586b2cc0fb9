"""A cell without a valid meaning becomes a problem with its place, its text and what was expected; all else is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop.domain.drafts.draft import Draft
from desktop.domain.errors import DocumentRefused
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.marks import Rule, Sheet, Text, write
from tests.drawing.reading import read_one
from tests.drawing.timetables import draw, sheets

LECTURES, TESTS, EXAMS = rows_of_each_kind()


def drawn(pages: list[Sheet], change: Callable[[Text], Text | None]) -> Draft:
    """The document with its texts changed, in a file that is otherwise sound."""
    for page in pages:
        page.texts = [text for text in map(change, page.texts) if text]
    return read_one(write(pages))


def instead(old: str, new: str | None, which: int = 1) -> Callable[[Text], Text | None]:
    """Puts `new` where `old` stands for the `which`th time."""
    seen = 0

    def change(text: Text) -> Text | None:
        nonlocal seen
        if text.text.strip() == old:
            seen += 1
            if seen == which:
                return text._replace(text=new) if new is not None else None
        return text

    return change


@pytest.mark.parametrize(
    ("rows", "old", "new", "expected"),
    [
        (TESTS, "Saturday", "Sunday", "a Sunday"),
        (TESTS, "22 Aug 2026", "22 Aug 2062", "a Saturday"),
        (TESTS, "10:00 - 11:30", "11:30 - 10:00", "an end after the start"),
        (TESTS, "10:00 - 11:30", None, "a time"),
        (EXAMS, "07:30", "07:3O", "a time"),
        (EXAMS, "02 NOV 2026", "02 NOW 2026", "a date"),
        (EXAMS, "GHI 284", "GH1 284", "a module"),
        (LECTURES, "09:30 - 10:20", None, "a time"),
        (LECTURES, "08:30 - 09:20", "08:30 - 29:20", "a time"),
        (LECTURES, "Monday", "Mxnday", "a day"),
        (LECTURES, "Wednesday", None, "a day"),
        (LECTURES, "L1", "1L", "an activity such as L1"),
        (LECTURES, "S2", "§2", "when it is offered"),
        (LECTURES, "ABC 214", "A8C 214", "a module"),
    ],
)
def test_one_bad_cell_is_one_problem(rows: list, old: str, new: str | None, expected: str) -> None:  # type: ignore[type-arg]
    draft = drawn(sheets(rows), instead(old, new))
    assert len(draft.problems) == 1
    problem = draft.problems[0]
    assert expected in problem.expected
    assert problem.place.page >= 1
    assert problem.place.text
    kept = [row.entry() for row in draft.rows]
    assert 0 < len(kept) < len(rows)
    assert all(entry in [row.entry() for row in rows] for entry in kept)


def test_text_beside_the_table_is_a_problem_not_lost() -> None:
    pages = sheets(TESTS)
    pages[0].texts.append(Text(700, 300, 11, "COS 999 Test9"))
    pages[0].texts.append(Text(40, 580, 9, "Printed by a browser"))
    draft = read_one(write(pages))
    assert [row.entry() for row in draft.rows] == [row.entry() for row in TESTS]
    assert [problem.found for problem in draft.problems] == ["COS 999 Test9"]
    assert draft.remarks == ("Left aside, as it is no part of the table: “Printed by a browser”.",)


def test_the_rest_of_a_venue_never_joins_another_meeting() -> None:
    long = "Agricultural Annex Lecture Hall - 12 (Large)"
    rows = [replace(row, venue=long) for row in LECTURES[:3]]  # type: ignore[call-arg]
    draft = drawn(sheets(rows), instead("09:30 - 10:20", "09:30 - 1O:20"))
    assert [row.entry() for row in draft.rows] == [row.entry() for row in (rows[0], rows[2])]
    assert len(draft.problems) == 2
    garbled = drawn(sheets(rows[:1]), instead("12 (Large)", "12 €Large)"))
    assert garbled.problems


def test_a_page_that_has_lost_its_text_is_a_problem() -> None:
    pages = sheets(LECTURES, bottom=200.0)
    pages[1].texts = []
    draft = read_one(write(pages))
    assert any(problem.place.page == 2 for problem in draft.problems)


def test_a_row_without_a_closing_rule_is_not_lost() -> None:
    pages = sheets(EXAMS)
    lowest = max(rule.y0 for rule in pages[-1].rules if rule.y0 == rule.y1)
    pages[-1].rules = [rule for rule in pages[-1].rules if not (rule.y0 == rule.y1 == lowest)]
    draft = read_one(write(pages))
    told = " ".join(problem.place.text for problem in draft.problems)
    assert len(draft.rows) == len(EXAMS) or EXAMS[-1].module in told


def test_an_empty_table_says_so() -> None:
    pages = sheets(TESTS[:1])
    below = max(rule.y0 for rule in pages[0].rules if rule.y0 == rule.y1 and rule.y0 < 100)
    pages[0].texts = [text for text in pages[0].texts if text.y < below]
    draft = read_one(write(pages))
    assert draft.rows == ()
    assert "row" in draft.problems[0].expected


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (instead("Lectures", "Leisures"), "“Leisures”"),
        (instead("Venue", "Room"), "its columns are not"),
        (instead("Lectures", None), ""),
    ],
)
def test_another_document_is_refused_with_what_was_found(change: Callable[[Text], Text | None], said: str) -> None:
    pages = sheets(LECTURES)
    if not said:  # without its title it is still known by its columns
        assert len(drawn(pages, change).rows) == len(LECTURES)
        return
    with pytest.raises(DocumentRefused, match=said) as refused:
        drawn(pages, change)
    assert "Timetable Module Lookup" in refused.value.hint


def test_unknown_kinds_and_groups_are_kept_as_read() -> None:
    rows = [replace(row, kind="XQ", activity="XQ1", group="Z77", campus="MARS CAMPUS") for row in LECTURES[:3]]  # type: ignore[call-arg]
    assert [row.entry() for row in read_one(draw(rows)).rows] == [row.entry() for row in rows]


def test_a_picture_is_no_timetable() -> None:
    with pytest.raises(DocumentRefused, match="no text"):
        read_one(write([Sheet(rules=[Rule(36, 100, 700, 100)])]))
