"""PDFium and pdfplumber find the same table on a page."""

from __future__ import annotations

import pytest

from desktop.domain.drafts.draft import Row
from desktop.domain.errors import DocumentRefused
from desktop.pdf import engines as gate
from desktop.pdf.layouts import LAYOUTS, LayoutResult
from desktop.pdf.page import PdfPage, Piece, join_words
from desktop.pdf.table import find_header, find_title, read_table
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.hostile import document as page_of
from tests.drawing.marks import PORTAL_STYLE, Style
from tests.drawing.timetables import draw

KINDS = rows_of_each_kind()


def rows_on(pages: list[PdfPage]) -> list[Row]:
    layout = next(each for each in LAYOUTS if each.title == find_title(pages[0]))
    header = find_header(pages[0], layout.columns)
    assert header is not None
    read = LayoutResult()
    for row in read_table(pages, header, layout.key).rows:
        layout.read_row(row, read)
    assert read.problems == []
    return read.rows


@pytest.mark.parametrize("rows", KINDS, ids=lambda rows: str(rows[0].document))
@pytest.mark.parametrize(
    "style", [PORTAL_STYLE, Style(rules="stroked"), Style(rules="none"), Style(scale=0.8)], ids=str
)
def test_both_engines_see_the_same(rows: list[Row], style: Style) -> None:
    pdf = draw(rows, style, bottom=300.0)
    with gate.Pdfium(pdf) as document:
        quick = list(document.pages())
    thorough = list(gate.pdfplumber_pages(pdf))
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
        list(gate.pdfplumber_pages(data))


def test_words_are_joined_by_place_and_divided_by_spaces_and_gaps() -> None:
    def piece(text: str, x0: float, *, spaced: bool = False, y: float = 100.0) -> Piece:
        return Piece(text, x0, x0 + 5 * len(text), y, 10.0, spaced)

    pieces = [piece("IT", 0), piece("4", 10.5), piece("-4", 18, spaced=True), piece("P", 60), piece("1", 63.9)]
    assert [word.text for word in join_words(pieces, spaces=0)] == ["IT4", "-4", "P1"]
    apart = [piece("P", 0), piece("1", 8)]  # three points between: a space, unless spaces are drawn
    assert [word.text for word in join_words(apart, spaces=0)] == ["P", "1"]
    assert [word.text for word in join_words(apart, spaces=1)] == ["P1"]
    assert [word.text for word in join_words([piece("P", 0), piece("1", 5, y=112)], spaces=0)] == ["P", "1"]


@pytest.mark.parametrize("depth", [0, 1, gate.MAX_FORM_DEPTH, gate.MAX_FORM_DEPTH + 2])
@pytest.mark.parametrize(("drawing", "look"), [("1 0 0 rg", (0xFF0000, False)), ("3 Tr", (0, True))])
def test_each_text_has_its_own_look_however_deep_it_lies(depth: int, drawing: str, look: tuple[int, bool]) -> None:
    def text(letters: str, x: int, before: str = "") -> str:
        return f"q BT {before} /F1 10 Tf {x} 300 Td ({letters}) Tj ET Q "

    own = text("WTW", 100, drawing)
    forms = []
    for number in range(7, 7 + depth):
        body = (own if number == 6 + depth else f"/X{number + 1} Do").encode()
        deeper = "" if number == 6 + depth else f"/XObject << /X{number + 1} {number + 1} 0 R >>"
        kind = "/Type /XObject /Subtype /Form /BBox [ 0 0 842 595 ]"
        head = f"<< /Length {len(body)} {kind} /Resources << /Font << /F1 6 0 R >> {deeper} >> >>\nstream\n"
        forms.append((number, head.encode() + body + b"\nendstream"))
    page = text("plain", 300) + (own if not depth else "/X7 Do")
    with gate.Pdfium(page_of(page.encode(), "", forms)) as opened:
        (read,) = opened.pages()
    found = {word.text: (word.colour, word.hidden) for word in read.words}
    if look[1]:  # what is hidden beside text that can be seen is set aside
        assert (found, read.aside) == ({"plain": (0, False)}, ("WTW",))
    else:
        assert found == {"plain": (0, False), "WTW": look}
