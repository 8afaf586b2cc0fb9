"""Every timetable the portal could export is read exactly, in any re-print and with any page breaks.

Drawn by tests/drawing in the portal's geometry; exact means every field of every row, in order, and no problem.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop.document_types.rows import LectureRow
from desktop.domain.drafts.draft import Row
from tests.drawing import reprints, strategies
from tests.drawing.marks import PORTAL_STYLE, Style
from tests.drawing.reading import read_one
from tests.drawing.timetables import LAST_BOTTOM, draw

BOTTOMS = st.one_of(st.just(LAST_BOTTOM), st.floats(125, LAST_BOTTOM))
DOCUMENTS = st.one_of(strategies.lectures(), strategies.semester_tests(), strategies.exams())
FEW = st.one_of(strategies.lectures(5), strategies.semester_tests(5), strategies.exams(5))

# Without shrinking: a failing timetable prints itself, and making it smaller takes minutes.
quick = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def expect(pdf: bytes, rows: Sequence[Row]) -> None:
    draft = read_one(pdf)
    assert draft.problems == ()
    assert [row.entry() for row in draft.rows] == [row.entry() for row in rows]
    assert draft.kind.name == rows[0].document


@pytest.mark.parametrize("examples", [40, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize("documents", [strategies.lectures, strategies.semester_tests, strategies.exams])
def test_a_document(documents: Callable[[], st.SearchStrategy[list[Row]]], examples: int) -> None:
    @settings(quick, max_examples=examples)
    @given(documents(), BOTTOMS)
    def exact(rows: list[Row], bottom: float) -> None:
        expect(draw(rows, bottom=bottom), rows)

    exact()


@pytest.mark.parametrize("bottom", range(110, 560, 9))
def test_a_page_can_break_between_any_two_lines(bottom: int) -> None:
    rows = _long_document()
    expect(draw(rows, bottom=float(bottom)), rows)


def _long_document() -> list[Row]:
    return [
        LectureRow(
            "ABC 214", "S2", f"G{group:02}", "E", "L", f"L{k}", k % 6, time(8, 30), time(9, 20), venue, "HATFIELD", ()
        )
        for group in range(1, 5)
        for k in range(1, 4)
        for venue in ("IT 4-4", "Agricultural Annex Lecture Hall - 12 (Large)")
    ]


STYLES = {
    "stroked": Style(rules="stroked"),
    "no rules": Style(rules="none"),
    "smaller": Style(scale=0.7),
    "larger": Style(scale=1.5),
    "turned right": Style(turned=1),
    "upside down": Style(turned=2),
    "turned left": Style(turned=3),
    "page turned": Style(rotate=90),
    "turned and turned back": Style(turned=3, rotate=90),
    "whole lines in one object": Style(merged=True),
    "whole lines, no rules": Style(merged=True, rules="none"),
    "another origin": Style(shift=40.0),
    "small, stroked, turned": Style(scale=0.8, rules="stroked", turned=1),
}


@pytest.mark.parametrize("name", STYLES)
@settings(quick, max_examples=8)
@given(rows=FEW, bottom=BOTTOMS, tight=st.booleans())
def test_drawn_by_another_program(name: str, rows: list[Row], bottom: float, tight: bool) -> None:
    expect(draw(rows, STYLES[name], bottom=bottom, tight=tight), rows)


REPRINTS: dict[str, tuple[Callable[[bytes], bytes], int]] = {
    "encrypted": (reprints.encrypted, 10),
    "encrypted with RC4": (lambda pdf: reprints.encrypted(pdf, aes=False), 5),
    "saved by PDFium": (reprints.resaved_by_pdfium, 10),
    "saved by qpdf": (reprints.resaved_by_qpdf, 10),
    "saved by PDFium, then encrypted": (lambda pdf: reprints.encrypted(reprints.resaved_by_pdfium(pdf)), 5),
    "printed by cairo": (reprints.printed_by_cairo, 20),
}


@pytest.mark.parametrize("name", REPRINTS)
def test_saved_or_printed_again(name: str) -> None:
    again, examples = REPRINTS[name]

    @settings(quick, max_examples=examples)
    @given(rows=FEW, bottom=BOTTOMS)
    def exact(rows: list[Row], bottom: float) -> None:
        expect(again(draw(rows, PORTAL_STYLE, bottom=bottom)), rows)

    exact()
