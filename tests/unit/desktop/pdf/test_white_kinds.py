"""The white letter beside the language is the kind, whatever the activity's letters and however near they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from desktop.document_types import LECTURES
from desktop.document_types.rows import LectureRow
from desktop.domain.drafts.document_items import document_items
from desktop.domain.drafts.draft import Problem
from desktop.domain.drafts.manual_entry import enter_rows, rows_from_texts
from desktop.domain.timetable.meetings import Meeting
from desktop.pdf import engines
from tests.drawing import reprints
from tests.drawing.helvetica import width
from tests.drawing.marks import Sheet, Style, write
from tests.drawing.reading import read_one
from tests.drawing.timetables import draw, sheets

ROWS = [
    LectureRow("CMY 117", "S1", group, "E", kind, activity, day, time(13, 30), time(16, 20), "Lab 1", "HATFIELD", ())
    for group, kind, activity, day in (("G01", "L", "L1", 0), ("P01", "P", "PT1", 1), ("P01", "P", "PT2", 2))
]
STYLES = {"as the portal": Style(), "one object a line": Style(merged=True), "turned": Style(turned=1)}
REPRINTS = {
    "as drawn": lambda pdf: pdf,
    "saved by PDFium": reprints.resaved_by_pdfium,
    "printed by cairo": reprints.printed_by_cairo,
}


def _without_space(apart: float) -> list[Sheet]:
    """The rows with each kind letter `apart` (in widths of a space) from the language and no space drawn between."""
    drawn = sheets(ROWS)
    for sheet in drawn:
        for number, text in enumerate(sheet.texts):
            if text.white:
                lang = sheet.texts[number - 1]
                sheet.texts[number - 1] = lang._replace(text=lang.text.rstrip())
                letters = width(lang.text.rstrip(), lang.size)
                sheet.texts[number] = text._replace(x=lang.x + letters + apart * width(" ", text.size))
    return drawn


def test_practicals_whose_kind_is_not_that_of_their_activity() -> None:
    draft = read_one(draw(ROWS))
    assert draft.problems == ()
    assert [row.entry() for row in draft.rows] == [row.entry() for row in ROWS]
    items = [each.item for each in document_items(draft, 2026)]
    assert [(item.kind, item.activity) for item in items if isinstance(item, Meeting)] == [
        ("L", "L1"),
        ("P", "PT1"),
        ("P", "PT2"),
    ]


@pytest.mark.parametrize("apart", [0, 0.3, 1, 1.5])
@pytest.mark.parametrize("again", REPRINTS)
@pytest.mark.parametrize("style", STYLES)
def test_a_white_letter_is_no_part_of_the_language(style: str, again: str, apart: float) -> None:
    draft = read_one(REPRINTS[again](write(_without_space(apart), STYLES[style])))
    assert draft.problems == ()
    assert [(row.lang, row.kind) for row in draft.rows if isinstance(row, LectureRow)] == [
        ("E", row.kind) for row in ROWS
    ]


@pytest.mark.parametrize("apart", [0, 1])
def test_the_second_engine_sees_the_same(apart: float) -> None:
    found = [page.words for page in engines.pdfplumber_pages(write(_without_space(apart)))]
    white = [word.text for words in found for word in words if word.white]
    assert white == ["L", "P"]


def test_a_corrected_row_keeps_its_kind_until_it_has_other_letters() -> None:
    row = ROWS[1]
    for changes, kind in (
        ({"venue": "Lab 2"}, "P"),
        ({"activity": "pt3"}, "P"),
        ({"activity": "T1"}, "T"),
    ):
        (made,) = rows_from_texts(LECTURES, [row], LECTURES.form_texts([row]) | changes)
        assert isinstance(made, LectureRow)
        assert made.kind == kind


def test_a_row_by_hand_joins_the_choice_of_the_rows_beside_it() -> None:
    draft = read_one(draw(ROWS))
    problem = Problem(draft.rows[-1].place, "a time such as 07:30", "1x:30")
    draft = replace(draft, problems=(problem,))
    texts = {name: text for name, text in LECTURES.form_texts([ROWS[2]]).items() if name != "kind"}
    for activity, kind in (("PT3", "P"), ("T1", "T"), ("L2", "L")):
        row = enter_rows(draft, problem, texts | {"activity": activity}).rows[-1]
        assert draft.kind is LECTURES
        assert isinstance(row, LectureRow)
        assert (row.activity, row.kind, row.by_hand) == (activity, kind, True)
