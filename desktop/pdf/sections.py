"""Divides a file's pages into documents: a merged file has several, and a re-saved one may have foreign pages.

A page with a header begins a document. Pages without one that follow it continue it if their columns are at the same
positions; if such pages come before it, the file is in reverse order. Pure geometry and words, no PDF library here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from desktop.pdf.layouts import LAYOUTS, Layout
from desktop.pdf.page import PdfPage
from desktop.pdf.table import Header, column_edges, find_header, find_title, row_edges

SAME_COLUMNS = 0.012  # of the table's width: how far a column may be from its expected position
FIRST_TOP, NEXT_TOP, BOTTOM = 73.6, 36.2, 551.0  # points from the top: tops of the portal’s tables, and lowest bottom
MIN_WORDS_ALIKE = 10  # words: two pages with fewer of them can be alike by chance


class Section(NamedTuple):
    """The pages of one document, in reading order."""

    layout: Layout
    header: Header
    pages: tuple[PdfPage, ...]
    is_reversed: bool = False


class Sections(NamedTuple):
    """The documents of a file, its pages that belong to none, and its duplicate pages, as (page, the same page
    before)."""

    found: tuple[Section, ...]
    rest: tuple[PdfPage, ...]
    duplicates: tuple[tuple[int, int], ...]


def find_sections(pages: Sequence[PdfPage]) -> Sections:
    """Divide the pages of a file into documents."""
    pages, twice = _without_duplicates(pages)
    headers = [_header_of(page) for page in pages]
    starts = [number for number, found in enumerate(headers) if found is not None]
    own: dict[int, list[PdfPage]] = {number: [] for number in starts}
    before: dict[int, list[PdfPage]] = {number: [] for number in starts}
    alone: dict[str, tuple[Layout, list[PdfPage]]] = {}
    rest: list[PdfPage] = []
    foreign: PdfPage | None = None  # the last page with another title, whose table may continue
    for number, page in enumerate(pages):
        if headers[number] is not None:
            foreign = None
            continue
        if find_title(page):
            foreign = page
        last = max((each for each in starts if each < number), default=None)
        following = min((each for each in starts if each > number), default=None)
        if last is not None and _continues(page, headers[last]):
            own[last].append(page)
        elif following is not None and _continues(page, headers[following]):
            before[following].append(page)
        elif (layout := _layout_by_columns(page)) is not None and not _continues_foreign(foreign, page):
            alone.setdefault(layout.kind.name, (layout, []))[1].append(page)
        elif last is not None and page.words and not (page.horizontal_rules or page.vertical_rules):
            own[last].append(page)  # text without rules: its lines are reported as outside the table
        else:
            rest.append(page)
    found = []
    for number in starts:
        beginning = headers[number]
        if beginning is not None:
            leading = before[number][::-1]
            ordered = (pages[number], *leading, *own[number])
            found.append(Section(*beginning, ordered, bool(leading)))
    for layout, orphans in alone.values():
        header = Header(tuple(column_edges(orphans[0])), 0.0, 0.0, True, 0)
        found.append(Section(layout, header, tuple(orphans)))
    found.sort(key=lambda section: min(page.number for page in section.pages))
    return Sections(tuple(found), tuple(rest), twice)


def _without_duplicates(pages: Sequence[PdfPage]) -> tuple[list[PdfPage], tuple[tuple[int, int], ...]]:
    """The pages without duplicates, and the duplicates, as (page, the same page before).

    A page on which no row begins may look like another by chance, as it continues a row, so it is kept.
    """
    kept: list[PdfPage] = []
    twice: list[tuple[int, int]] = []
    for page in pages:
        same = next((other for other in kept if len(page.words) >= MIN_WORDS_ALIKE and _alike(page, other)), None)
        follows = bool(same and twice) and (page.number - 1, same.number - 1 if same else 0) == twice[-1]
        if same is not None and (follows or _begins_a_row(page)):
            twice.append((page.number, same.number))
        else:
            kept.append(page)
    return kept, tuple(twice)


def _begins_a_row(page: PdfPage) -> bool:
    """True if there is text in the first column, which two pages never share by chance."""
    edges = column_edges(page)
    return len(edges) < 2 or any(word.x0 < edges[1] for word in page.words)


def _alike(one: PdfPage, other: PdfPage) -> bool:
    return len(one.words) == len(other.words) and all(
        a.text == b.text and abs(a.x0 - b.x0) < 1 and abs(a.y - b.y) < 1
        for a, b in zip(one.words, other.words, strict=True)
    )


def _header_of(page: PdfPage) -> tuple[Layout, Header] | None:
    """The layout of the document that begins on this page, and its header; None if none begins here."""
    title, edges = find_title(page), len(column_edges(page))
    for layout in LAYOUTS:
        # A ruled page without a title is most likely a later page, so it is not searched for a header without rules.
        if title in layout.titles or (not title and (edges < 2 or edges == len(layout.columns) + 1)):
            header = find_header(page, layout.columns)
            if header is not None:
                return layout, header
    return None


def _continues(page: PdfPage, beginning: tuple[Layout, Header] | None) -> bool:
    """True if a page without a header has the columns of a document that begins elsewhere."""
    if beginning is None or not page.words:
        return False
    header = beginning[1]
    if not header.ruled:
        return not page.vertical_rules
    return _same_columns(column_edges(page), header.edges)


def _same_columns(edges: Sequence[float], others: Sequence[float]) -> bool:
    reach = SAME_COLUMNS * (others[-1] - others[0])
    return len(edges) == len(others) and all(abs(a - b) < reach for a, b in zip(edges, others, strict=True))


def _continues_foreign(foreign: PdfPage | None, page: PdfPage) -> bool:
    edges = column_edges(foreign) if foreign is not None else []
    return len(edges) > 1 and _same_columns(column_edges(page), edges)


def _layout_by_columns(page: PdfPage) -> Layout | None:
    """The layout whose columns a page without a header has, at any scale."""
    edges = [] if find_title(page) else column_edges(page)  # a page with a title is recognised by it alone
    for layout in LAYOUTS:
        if page.words and len(edges) == len(layout.edges):
            scale = (layout.edges[-1] - layout.edges[0]) / max(edges[-1] - edges[0], 1)
            if _same_columns([layout.edges[0] + (edge - edges[0]) * scale for edge in edges], layout.edges):
                return layout
    return None


def fills_page(section: Section, page: PdfPage) -> bool:
    """True if the table of this page leaves no room for another line below it, so that it may continue on a page."""
    edges = section.header.edges
    across = row_edges(page, edges[0], edges[-1]) if section.header.ruled else []
    if not across:
        return False
    scale = (edges[-1] - edges[0]) / (section.layout.edges[-1] - section.layout.edges[0])
    highest = FIRST_TOP if page.number == section.header.page else NEXT_TOP
    return across[-1] - across[0] + page.size > (BOTTOM - highest) * scale
