"""Two engines, one page: what PDFium and pdfplumber see of a document comes to the same table."""

from __future__ import annotations

import pytest

from desktop.domain.drafts.draft import Row
from desktop.domain.errors import DocumentRefused
from desktop.pdf import pages as gate
from desktop.pdf.layouts import LAYOUTS, Read
from desktop.pdf.page import PdfPage, Piece, words_of
from desktop.pdf.table import find_header, find_title, read_table
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.marks import GENUINE, Style
from tests.drawing.timetables import draw

KINDS = rows_of_each_kind()


def rows_on(pages: list[PdfPage]) -> list[Row]:
    layout = next(each for each in LAYOUTS if each.title == find_title(pages[0]))
    header = find_header(pages[0], layout.columns)
    assert header is not None
    read = Read()
    for row in read_table(pages, header, layout.key).rows:
        layout.read_row(row, read)
    assert read.problems == []
    return read.rows


@pytest.mark.parametrize("rows", KINDS, ids=lambda rows: str(rows[0].document))
@pytest.mark.parametrize("style", [GENUINE, Style(rules="stroked"), Style(rules="none"), Style(scale=0.8)], ids=str)
def test_both_engines_see_the_same(rows: list[Row], style: Style) -> None:
    pdf = draw(rows, style, bottom=300.0)
    with gate.Pdfium(pdf) as document:
        quick = list(document.pages())
    thorough = list(gate.plumbed(pdf))
    for one, other in zip(quick, thorough, strict=True):
        assert [word.text for word in one.words] == [word.text for word in other.words]
        assert (one.width, one.height) == pytest.approx((other.width, other.height))
        for word, same in zip(one.words, other.words, strict=True):
            assert (word.x0, word.y) == pytest.approx((same.x0, same.y), abs=1.0)
    expected = [row.entry() for row in rows]
    assert [row.entry() for row in rows_on(quick)] == expected
    assert [row.entry() for row in rows_on(thorough)] == expected


@pytest.mark.parametrize("data", [b"%PDF-1.6\n", b"%PDF-1.6\ntrailer << /Root 9 0 R >>"])
def test_the_second_engine_refuses_in_words_too(data: bytes) -> None:
    with pytest.raises(DocumentRefused, match="damaged"):
        list(gate.plumbed(data))


def test_words_are_joined_by_place_and_divided_by_spaces_and_gaps() -> None:
    def piece(text: str, x0: float, *, spaced: bool = False, y: float = 100.0) -> Piece:
        return Piece(text, x0, x0 + 5 * len(text), y, 10.0, spaced)

    pieces = [piece("IT", 0), piece("4", 10.5), piece("-4", 18, spaced=True), piece("P", 60), piece("1", 63.9)]
    assert [word.text for word in words_of(pieces, spaces=0)] == ["IT4", "-4", "P1"]
    apart = [piece("P", 0), piece("1", 8)]  # three points between: a space, unless spaces are drawn
    assert [word.text for word in words_of(apart, spaces=0)] == ["P", "1"]
    assert [word.text for word in words_of(apart, spaces=1)] == ["P1"]
    assert [word.text for word in words_of([piece("P", 0), piece("1", 5, y=112)], spaces=0)] == ["P", "1"]
