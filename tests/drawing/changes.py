"""Changes that students and their programs make to a PDF: merging, stamping, annotating, removing pages."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import pikepdf

from tests.drawing.marks import HEIGHT, format_number, literal


def merged(*pdfs: bytes) -> bytes:
    """One file with all pages of these documents."""
    return _saved([(pdf, None) for pdf in pdfs])


def select_pages(pdf: bytes, pages: Sequence[int]) -> bytes:
    """The document with only these pages, from 1, in this order; a page may occur twice."""
    return _saved([(pdf, pages)])


def reverse_pages(pdf: bytes) -> bytes:
    """The document with its pages in reverse order."""
    return select_pages(pdf, range(page_count(pdf), 0, -1))


def page_count(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _saved(parts: Sequence[tuple[bytes, Sequence[int] | None]]) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as target:
        for pdf, pages in parts:
            with pikepdf.open(io.BytesIO(pdf)) as source:
                for page in pages or range(1, len(source.pages) + 1):
                    target.pages.append(source.pages[page - 1])
        target.save(out)
    return out.getvalue()


def with_empty_page(pdf: bytes, at: int) -> bytes:
    """The document with an extra page without content, whose empty stream has a filter."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.add_blank_page(page_size=(595, 842))
        page = document.pages[-1]
        stream = document.make_stream(b"")
        stream.Filter = pikepdf.Name.FlateDecode
        page.Contents = stream
        if at < len(document.pages) - 1:
            document.pages.insert(at, page)
            del document.pages[-1]
        document.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def drawn_on(pdf: bytes, marks: bytes, pages: Sequence[int] = (1,), *, under: bool = False) -> bytes:
    """With this content drawn on some pages, over or under the original; its fonts are F1 (bold) and F2."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in pages:
            document.pages[page - 1].contents_add(b"q\n" + marks + b"\nQ", prepend=under)
        document.save(out)
    return out.getvalue()


def text(
    words: str,
    x: float,
    y: float,
    size: float = 10.0,
    *,
    angle: float = 0.0,
    colour: tuple[float, float, float] = (0, 0, 0),
    hidden: bool = False,
) -> bytes:
    """Content that writes text at (x, y), points from the top left, rotated by `angle` degrees anticlockwise."""
    a, b = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    place = " ".join(format_number(each) for each in (a, b, -b, a, x, HEIGHT - y))
    ink = " ".join(format_number(each) for each in colour)
    mode = b"3 Tr " if hidden else b"0 Tr "
    return f"{ink} rg BT /F2 {format_number(size)} Tf {place} Tm ".encode() + mode + literal(words) + b" Tj ET"


def watermark(words: str, *, angle: float = 35.0, size: float = 60.0, grey: float = 0.85) -> bytes:
    return text(words, 220, 430, size, angle=angle, colour=(grey, grey, grey))


def stamp(words: str) -> bytes:
    """Content that writes small letters up the right margin."""
    return text(words, 828, 400, 8, angle=90)


def browser_lines(page: int, pages: int) -> bytes:
    """Content with the lines that a browser prints above and below every page."""
    return b"\n".join(
        (
            text("29/11/2026, 20:19", 24, 16, 8),
            text("UP Student Portal", 380, 16, 8),
            text("https://www.up.ac.za/portal/timetable?term=ALL", 24, 585, 8),
            text(f"{page}/{pages}", 800, 585, 8),
        )
    )


def drawn_twice(pdf: bytes, *, shift: float = 0.0) -> bytes:
    """The document with everything on each page drawn again, `shift` points to the right."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            body = page.Contents.read_bytes()
            page.contents_add(b"q 1 0 0 1 " + format_number(shift).encode() + b" 0 cm\n" + body + b"\nQ", prepend=False)
        document.save(out)
    return out.getvalue()


def recognised(pdf: bytes) -> bytes:
    """With a hidden text layer over the real one, as text recognition adds: slightly off, with wrong letters."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            body = page.Contents.read_bytes().replace(b"0)Tj", b"O)Tj")
            page.contents_add(b"q 1 0 0 1 0.7 -0.6 cm 3 Tr\n" + body + b"\nQ", prepend=False)
        document.save(out)
    return out.getvalue()
