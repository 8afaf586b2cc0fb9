"""A document that was merged, stamped, annotated or split is read exactly, and what was noticed is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop.domain.drafts.draft import Draft, Row
from desktop.domain.errors import DocumentRefused
from desktop.pdf.child import read_documents
from tests.drawing import changes, strategies
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.marks import Style, write
from tests.drawing.reading import read_one
from tests.drawing.timetables import draw, sheets

LECTURES, TESTS, EXAMS = rows_of_each_kind()
CASES = Path(__file__).resolve().parents[4].parent / "shared" / "cases" / "documents"


def same(draft: Draft, rows: Sequence[Row]) -> None:
    assert draft.problems == ()
    assert [row.entry() for row in draft.rows] == [row.entry() for row in rows]


@pytest.mark.parametrize(
    ("name", "entries", "remarks"),
    [
        ("three-documents-in-one", [29, 6, 4], 1),
        ("cover-page-first-lectures", [29], 1),
        ("text-drawn-twice-tests", [6], 0),
        ("empty-last-page-tests", [6], 1),
        ("stamp-in-margin-tests", [6], 1),
        ("watermark-diagonal-tests", [6], 1),
        ("watermark-diagonal-lectures", [29], 1),
    ],
)
def test_the_drawn_cases(name: str, entries: list[int], remarks: int) -> None:
    path = CASES / f"{name}.pdf"
    if not path.exists():
        pytest.skip("the drawn cases are not here")
    drafts = read_documents(path.read_bytes())
    assert [len(draft.rows) for draft in drafts] == entries
    assert [problem for draft in drafts for problem in draft.problems] == []
    assert sum(len(draft.remarks) for draft in drafts) == remarks
    clean = CASES / ("clean-lectures.pdf" if "lectures" in name else "clean-tests.pdf")
    if len(entries) == 1:
        same(drafts[0], read_one(clean.read_bytes()).rows)


def test_several_documents_in_one_file() -> None:
    long = draw(LECTURES, bottom=250.0)
    drafts = read_documents(changes.merged(draw(TESTS), long, draw(EXAMS)))
    assert [draft.kind.name for draft in drafts] == ["tests", "lectures", "exams"]
    for draft, rows in zip(drafts, (TESTS, LECTURES, EXAMS), strict=True):
        same(draft, rows)
    assert drafts[0].remarks == ("This file holds several documents: Semester Tests, Lectures and Exams.",)
    assert [draft.number for draft in drafts] == [1, 2, 3]
    assert {draft.pages for draft in drafts} == {changes.page_count(long) + 2}


def test_two_documents_of_one_kind_stay_two() -> None:
    half = len(LECTURES) // 2
    first, second = read_documents(changes.merged(draw(LECTURES[:half]), draw(LECTURES[half:])))
    same(first, LECTURES[:half])
    same(second, LECTURES[half:])


def test_a_cover_page() -> None:
    blank = changes.with_empty_page(draw(TESTS), 0)
    draft = read_one(blank)
    same(draft, TESTS)
    assert draft.remarks == ("Page 1 has no rows of a timetable and was left out.",)


@pytest.mark.parametrize("rows", [LECTURES, TESTS, EXAMS], ids=["lectures", "tests", "exams"])
@pytest.mark.parametrize("style", [Style(), Style(scale=0.7), Style(turned=1)], ids=["genuine", "smaller", "turned"])
def test_pages_in_reverse_order(rows: list[Row], style: Style) -> None:
    draft = read_one(changes.reverse_pages(draw(rows, style, bottom=190.0)))
    same(draft, rows)
    assert draft.remarks == ("The pages are in reverse order and were read from the last to the first.",)


def test_several_documents_in_reverse_order() -> None:
    drafts = read_documents(
        changes.reverse_pages(changes.merged(draw(LECTURES, bottom=190.0), draw(TESTS, bottom=190.0)))
    )
    assert [draft.kind.name for draft in drafts] == ["tests", "lectures"]
    same(drafts[0], TESTS)
    same(drafts[1], LECTURES)


@pytest.mark.parametrize(
    ("rows", "title"),
    [(LECTURES, "Lectures"), (TESTS, "Semester Tests"), (EXAMS, "Exams")],
    ids=lambda each: str(each)[:8],
)
@pytest.mark.parametrize("scale", [1.0, 0.8])
def test_a_later_page_alone_is_known_by_its_columns(rows: list[Row], title: str, scale: float) -> None:
    pdf = draw(rows, Style(scale=scale), bottom=190.0)
    first, whole = read_one(changes.select_pages(pdf, [1])), changes.page_count(pdf)
    draft = read_one(changes.select_pages(pdf, range(2, whole + 1)))
    assert draft.kind.name == rows[0].document
    entries = [row.entry() for row in rows]
    assert [row.entry() for row in draft.rows] == entries[len(entries) - len(draft.rows) :]
    assert len(first.rows) + len(draft.rows) + len(draft.problems) >= len(rows)
    assert draft.remarks[0] == (
        f"No page has a title or a header. By the columns this is “{title}”; pages before it are missing."
    )


@pytest.mark.parametrize("order", [[1, 1, 2, 3], [1, 2, 1, 2, 3], [1, 2, 3, 1], [1, 2, 2, 3]], ids=str)
def test_a_page_that_is_there_twice_is_read_once(order: list[int]) -> None:
    pdf = draw(LECTURES, bottom=250.0)
    assert changes.page_count(pdf) == 3
    draft = read_one(changes.select_pages(pdf, order))
    same(draft, LECTURES)
    assert any("was read once" in remark for remark in draft.remarks)


def test_a_document_that_is_there_twice_is_read_once() -> None:
    draft = read_one(changes.merged(draw(TESTS), draw(TESTS, Style(scale=0.9))))
    same(draft, TESTS)
    assert "“Semester Tests” is in this file twice and was read once." in draft.remarks


MARKS = {
    "a diagonal watermark": changes.watermark("Evaluation Copy"),
    "a black watermark": changes.watermark("DRAFT", grey=0.0),
    "a level watermark": changes.watermark("CONFIDENTIAL", angle=0.0, size=28.0),
    "a stamp up the margin": changes.stamp("Scanned with CamScanner"),
    "a stamp down the margin": changes.text("Ontvang", 20, 200, 9, angle=-90, colour=(0.7, 0, 0)),
    "what a browser prints": changes.browser_lines(1, 1),
}


@pytest.mark.parametrize("name", MARKS)
@pytest.mark.parametrize("under", [False, True], ids=["over", "under"])
@pytest.mark.parametrize("rows", [LECTURES[:9], TESTS, EXAMS], ids=["lectures", "tests", "exams"])
def test_what_is_not_the_table_is_one_remark(name: str, under: bool, rows: list[Row]) -> None:
    draft = read_one(changes.drawn_on(draw(rows), MARKS[name], under=under))
    same(draft, rows)
    (remark,) = draft.remarks
    assert remark.startswith("Left aside, as it is no part of the table: “")


def test_a_watermark_on_every_page_is_said_once() -> None:
    pdf = draw(LECTURES, bottom=250.0)
    draft = read_one(changes.drawn_on(pdf, MARKS["a diagonal watermark"], range(1, changes.page_count(pdf) + 1)))
    same(draft, LECTURES)
    assert draft.remarks == ("Left aside, as it is no part of the table: “Evaluation Copy”.",)


def _line_of(rows: list[Row], index: int) -> float:
    """The baseline of the first text of the row at `index`."""
    module = rows[index].module
    return next(text.y for text in sheets(rows)[0].texts if text.text.strip() == module)


NOTES = {
    "red, beside the venue": {"x": 560.0, "dy": 0.0, "colour": (0.8, 0.0, 0.0)},
    "black, over the venue": {"x": 475.0, "dy": -3.0},
    "black, between the lines": {"x": 600.0, "dy": 4.0},
    "larger, beside the venue": {"x": 560.0, "dy": 0.0, "size": 16.0},
    "as the table, beside the venue": {"x": 570.0, "dy": 0.0, "size": 11.0},
}


@pytest.mark.parametrize("name", NOTES)
def test_a_note_typed_over_a_row_is_a_problem_of_that_row(name: str) -> None:
    rows = [replace(row, venues=row.venues[:1]) for row in TESTS]  # type: ignore[call-arg]
    note = dict(NOTES[name])
    x, dy = note.pop("x"), note.pop("dy")
    baseline = _line_of(rows, 2)
    draft = read_one(changes.drawn_on(draw(rows), changes.text("Ask Prof Botha", x, baseline + dy, **note)))  # type: ignore[arg-type]
    assert [row.entry() for row in draft.rows] == [row.entry() for row in rows]
    (problem,) = draft.problems
    assert problem.place.text == "Ask Prof Botha"
    assert problem.place.top < baseline < problem.place.bottom


@pytest.mark.parametrize("rows", [LECTURES, TESTS, EXAMS], ids=["lectures", "tests", "exams"])
@pytest.mark.parametrize("shift", [0.0, 0.4, 1.5])
def test_text_drawn_twice_is_read_once(rows: list[Row], shift: float) -> None:
    same(read_one(changes.drawn_twice(draw(rows, bottom=300.0), shift=shift)), rows)


@pytest.mark.parametrize("rows", [LECTURES, TESTS, EXAMS], ids=["lectures", "tests", "exams"])
def test_a_layer_of_recognised_text_over_the_real_one_is_passed_by(rows: list[Row]) -> None:
    same(read_one(changes.recognised(draw(rows, bottom=300.0))), rows)


def test_an_empty_stream_is_no_damage() -> None:
    draft = read_one(changes.with_empty_page(draw(TESTS), 9))
    same(draft, TESTS)
    assert draft.remarks == ("Page 2 has no rows of a timetable and was left out.",)


def test_a_table_to_the_foot_of_the_last_page_may_go_on() -> None:
    rows = LECTURES * 3
    pdf = draw(rows)
    whole, torn = read_one(pdf), read_one(changes.select_pages(pdf, [1]))
    assert whole.remarks == ()
    assert torn.problems == ()
    assert torn.remarks == (
        "The table reaches the foot of the last page. If it goes on, a page is missing: download the PDF again.",
    )


def test_an_empty_page_behind_a_full_one_may_have_lost_its_rows() -> None:
    rows = LECTURES * 3
    torn = changes.with_empty_page(changes.select_pages(draw(rows), [1]), 9)
    (problem,) = read_one(torn).problems
    assert (problem.place.page, problem.found) == (2, "a page without any")


def test_the_tab_practicals_is_read_as_lectures() -> None:
    pages = sheets(LECTURES)
    pages[0].texts = [text._replace(text="Practicals") if text.text == "Lectures" else text for text in pages[0].texts]
    draft = read_one(write(pages))
    same(draft, LECTURES)
    assert draft.kind.name == "lectures"


def test_pages_of_another_document_are_named() -> None:
    with pytest.raises(DocumentRefused, match="no text"):
        read_documents(changes.select_pages(changes.with_empty_page(draw(TESTS), 9), [2]))


anything = st.one_of(strategies.lectures(4), strategies.semester_tests(4), strategies.exams(4))
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ", min_size=1, max_size=24).filter(str.strip)
marks = st.one_of(
    st.builds(
        lambda words, angle, size, grey: changes.watermark(words, angle=angle, size=size, grey=grey),
        letters,
        st.sampled_from([-60.0, -45.0, -20.0, 20.0, 35.0, 45.0, 70.0]),
        st.floats(20, 90),
        st.floats(0, 0.95),
    ),
    st.builds(changes.stamp, letters),
    st.builds(lambda words, grey: changes.watermark(words, angle=0.0, grey=grey), letters, st.floats(0.6, 0.9)),
)


@settings(
    deadline=None,
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    rows=anything, mark=marks, under=st.booleans(), bottom=st.floats(200, 551), cover=st.booleans(), turn=st.booleans()
)
def test_no_cell_changes_by_what_is_drawn_and_put_between(
    rows: list[Row], mark: bytes, under: bool, bottom: float, cover: bool, turn: bool
) -> None:
    pdf = draw(rows, bottom=bottom)
    count = changes.page_count(pdf)
    pdf = changes.drawn_on(pdf, mark, range(1, count + 1), under=under)
    if turn:
        pdf = changes.reverse_pages(pdf)
    if cover:
        pdf = changes.with_empty_page(pdf, 0)
    same(read_one(pdf), rows)
