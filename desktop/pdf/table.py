"""Arranges words and rules into cells and lines. Pure geometry: position decides, and never a count of words.

Columns come from vertical rules, rows from horizontal ones. In a document without rules, columns begin where the words
of its header begin, and rows where the first column has text. All tolerances are fractions of the letters' size, so a
scaled print is read like the original. No word is lost: one that is in no cell is `stray`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from desktop.domain.drafts.draft import PageRegion
from desktop.pdf.page import PdfPage, Rule, Word, is_white, usual_colour

SAME_LINE = 0.3  # of a letter's size: two baselines nearer than this are one line
WORD_SPACE = 0.18  # of a letter's size: a space takes 0.24, letters of a word are up to 0.15 apart in a re-print
BEFORE_TEXT = 0.35  # of a letter's size: how far left of its first word a column without rules begins
MAX_HEADER_BASELINES = 8  # baselines; its letters have several sizes, so one line of it can have two or three baselines
MIN_TITLE_SIZE = 1.4  # times the usual size: larger words are the title
MIN_SIZE_RATIO, MAX_SIZE_RATIO = 0.72, 1.3  # times the usual size: smaller or larger words in a row are not part of it
MIN_COLOUR_DIFFERENCE = 70  # of 255: a larger difference in red, green or blue is another colour
OVERTYPED_DISTANCE = 0.7  # of a letter's size: two words in one column with nearer baselines are at one place
LATE_WORD_RATIO = (
    12  # up to one word in so many may be drawn after rows further down; if more are, the drawing order is another
)
MIN_ROW_RULE_WIDTH = 0.6  # of the table's width: how much horizontal rules have to cover together to end a row


class TextLine(NamedTuple):
    """One line of a cell: its page, its baseline, the size of its letters, and its text with single spaces."""

    page: int
    y: float
    size: float
    text: str


Cell = tuple[TextLine, ...]


class TableRow(NamedTuple):
    """One row of the table, joined over page breaks: its cells by column, and the bands (page, top, bottom) of it."""

    cells: tuple[Cell, ...]
    bands: tuple[tuple[int, float, float], ...]
    notes: tuple[TextLine, ...] = ()  # text that somebody typed over it; not part of any cell

    def text(self, column: int) -> str:
        """The text of a cell, whose lines are one wrapped text."""
        return " ".join(line.text for line in self.cells[column])

    def is_blank(self, columns: Iterable[int]) -> bool:
        return not any(self.cells[column] for column in columns)

    def page_order(self) -> dict[int, int]:
        """The reading order of its pages, by page number; a file may have them in reverse."""
        return {page: number for number, (page, _, _) in enumerate(self.bands)}

    def place(self) -> PageRegion:
        """The region of the whole row, with its text."""
        (page, top, bottom), *more = self.bands
        order = self.page_order()
        lines = sorted((line for cell in self.cells for line in cell), key=lambda line: (order[line.page], line.y))
        return PageRegion(page, top, bottom, " ".join(line.text for line in lines), tuple(more))


class Table(NamedTuple):
    """The table of a document: the rows below the header, over all pages, and the lines that are in no cell."""

    rows: tuple[TableRow, ...]
    stray: tuple[TextLine, ...]


class Header(NamedTuple):
    """The header: the left edges of the columns and the right edge of the last; `ruled` if they come from rules.

    `page` is the number of the page that has the header, from `top` to `bottom`; 0 if no page has it.
    """

    edges: tuple[float, ...]
    top: float
    bottom: float
    ruled: bool
    page: int


def lines_of(words: Iterable[Word], page: int) -> list[TextLine]:
    """Group words into lines, from top to bottom, each from left to right."""
    gathered: list[list[Word]] = []
    for word in sorted(words, key=lambda each: (each.y, each.x0)):
        if gathered and word.y - gathered[-1][0].y < SAME_LINE * word.size:
            gathered[-1].append(word)
        else:
            gathered.append([word])
    return [TextLine(page, line[0].y, max(word.size for word in line), _joined(line)) for line in gathered]


def _joined(words: list[Word]) -> str:
    words.sort(key=lambda word: word.x0)
    parts = [words[0].text]
    for before, word in pairwise(words):
        apart = word.x0 - before.x1 > WORD_SPACE * word.size or word.x0 < before.x0 + 0.01
        if apart or word.white != before.white:
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def _clustered(places: Iterable[float], tolerance: float) -> list[float]:
    found: list[list[float]] = []
    for place in sorted(places):
        if found and place - found[-1][-1] <= tolerance:
            found[-1].append(place)
        else:
            found.append([place])
    return [sum(each) / len(each) for each in found]


def column_edges(page: PdfPage) -> list[float]:
    """The x of each vertical rule, from left to right."""
    return _clustered((rule.at for rule in page.vertical_rules), 0.25 * page.size)


def row_edges(page: PdfPage, left: float, right: float) -> list[float]:
    """The y of each horizontal rule that ends a row, from top to bottom."""
    tolerance = 0.15 * page.size
    wanted = MIN_ROW_RULE_WIDTH * (right - left)
    rules = sorted(
        (rule for rule in page.horizontal_rules if rule.end > left and rule.start < right), key=lambda rule: rule.at
    )
    edges: list[float] = []
    group: list[Rule] = []

    def close() -> None:
        if group and _covered(group, left, right) >= wanted:
            edges.append(sum(rule.at for rule in group) / len(group))

    for rule in rules:
        if group and rule.at - group[-1].at > tolerance:
            close()
            group = []
        group.append(rule)
    close()
    return edges


def _covered(rules: Sequence[Rule], left: float, right: float) -> float:
    covered, reached = 0.0, left
    for rule in sorted(rules, key=lambda each: each.start):
        start, end = max(rule.start, reached), min(rule.end, right)
        if end > start:
            covered += end - start
            reached = end
    return covered


def find_title(page: PdfPage) -> str:
    """The document's title: the first line of the words that are larger than the rest; empty without any."""
    if not page.words:
        return ""
    usual = page.size
    large = [word for word in page.words if word.size > MIN_TITLE_SIZE * usual]
    lines = lines_of(large, 1)
    return lines[0].text if lines else ""


def find_header(page: PdfPage, columns: Sequence[str]) -> Header | None:
    """The header with these columns on a page; None if the page has none."""
    return _ruled_header(page, columns) or _unruled_header(page, columns)


def _ruled_header(page: PdfPage, columns: Sequence[str]) -> Header | None:
    edges = column_edges(page)
    if len(edges) != len(columns) + 1:
        return None
    across = row_edges(page, edges[0], edges[-1])
    for top, bottom in pairwise(across):
        words = [word for word in page.words if top <= word.y - 0.3 * word.size and word.y <= bottom]
        if not words:
            continue
        if _spells(words, edges, columns):
            return Header(tuple(edges), top, bottom, True, page.number)
        return None
    return None


def _spells(words: Iterable[Word], edges: Sequence[float], columns: Sequence[str]) -> bool:
    """True if these words, cell by cell, are the names of the columns and nothing else."""
    cells, beside = _cells(words, edges, 1)
    return not beside and [" ".join(line.text for line in cell) for cell in cells] == list(columns)


def _unruled_header(page: PdfPage, columns: Sequence[str]) -> Header | None:
    firsts = [name.split()[0] for name in columns]
    usual = page.size
    words = sorted((word for word in page.words if word.size <= MIN_TITLE_SIZE * usual), key=lambda word: word.y)
    for start in (word for word in words if word.text == firsts[0]):
        line = sorted(
            (word for word in words if abs(word.y - start.y) < 0.5 * start.size and word.x0 >= start.x0 - 1),
            key=lambda word: word.x0,
        )
        found: list[Word] = []
        for word in line:
            if len(found) < len(firsts) and word.text == firsts[len(found)]:
                found.append(word)
        if len(found) < len(firsts):
            continue
        edges = [word.x0 - BEFORE_TEXT * word.size for word in found]
        edges.append(page.width)
        below = [word for word in words if word.y > start.y - 0.5 * start.size]
        baselines = _clustered({word.y for word in below}, 0.05 * start.size)
        for baseline in baselines[:MAX_HEADER_BASELINES]:  # a header may wrap: take lines until they spell all columns
            bottom = baseline + 0.3 * start.size
            if _spells([word for word in below if word.y < bottom], edges, columns):
                return Header(tuple(edges), start.y - start.size, bottom, False, page.number)
    return None


def _column(word: Word, edges: Sequence[float]) -> int:
    """The column that a word begins in, from 0; -1 or beyond the last if it begins beside the table."""
    return bisect_right(edges, word.x0 + 0.08 * word.size) - 1


def _cells(words: Iterable[Word], edges: Sequence[float], page: int) -> tuple[tuple[Cell, ...], list[Word]]:
    """The cells of a row, from words by the column that they begin in, and the words that begin beside the table."""
    columns: list[list[Word]] = [[] for _ in range(len(edges) - 1)]
    beside: list[Word] = []
    for word in words:
        column = _column(word, edges)
        (columns[column] if 0 <= column < len(columns) else beside).append(word)
    return tuple(tuple(lines_of(column, page)) if column else () for column in columns), beside


def read_table(pages: Iterable[PdfPage], header: Header, key: Sequence[int]) -> Table:
    """Read the rows of all pages. A first row of a page with blank `key` columns continues the row above it."""
    rows: list[TableRow] = []
    stray: list[TextLine] = []
    for page in pages:
        edges = _edges_on(page, header)
        bands, outside, late = _bands(page, header, edges)
        stray += lines_of(outside, page.number)
        first = True
        for (top, bottom, words), noted in zip(
            bands, _typed_notes(page, [words for _, _, words in bands], late, edges), strict=True
        ):
            notes = tuple(lines_of(noted, page.number))
            if noted:
                over = {id(word) for word in noted}
                words = [word for word in words if id(word) not in over]  # noqa: PLW2901
            cells, beside = _cells(words, edges, page.number)
            stray += lines_of(beside, page.number)
            if not any(cells):
                stray += notes
                continue
            row = TableRow(cells, ((page.number, top, bottom),), notes)
            if first and rows and page.number != header.page and row.is_blank(key):
                above = rows[-1]
                joined = tuple(before + after for before, after in zip(above.cells, row.cells, strict=True))
                rows[-1] = TableRow(joined, above.bands + row.bands, above.notes + row.notes)
            else:
                rows.append(row)
            first = False
    return Table(tuple(rows), tuple(stray))


def _typed_notes(
    page: PdfPage, bands: Sequence[list[Word]], late: Sequence[Word], edges: Sequence[float]
) -> list[list[Word]]:
    """For each row of a page, the words that somebody typed over it: words of another colour or size than the table's,
    drawn after rows further down (`late`), or drawn over other words of their cell."""
    found: list[list[Word]] = [[] for _ in bands]
    smallest, largest, usual = MIN_SIZE_RATIO * page.size, MAX_SIZE_RATIO * page.size, usual_colour(page.words)
    colours = {word.colour for word in page.words}
    others = {colour for colour in colours if not is_white(colour) and _colours_differ(colour, usual)}
    typed = {id(word) for word in late} if LATE_WORD_RATIO * len(late) <= sum(map(len, bands)) else set()
    for number, words in enumerate(bands):
        other = [
            word for word in words if not smallest <= word.size <= largest or word.colour in others or id(word) in typed
        ]
        over = other or _typed_over(words, edges)
        if 2 * len(over) <= len(words):
            found[number] = over
    return found


def _colours_differ(one: int, other: int) -> bool:
    """True if two colours, 0xRRGGBB, look different."""
    return any(abs((one >> shift & 0xFF) - (other >> shift & 0xFF)) > MIN_COLOUR_DIFFERENCE for shift in (0, 8, 16))


def _typed_over(words: Sequence[Word], edges: Sequence[float]) -> list[Word]:
    """The words of a row that were drawn over earlier ones of their column, with the words on the same lines."""
    columns: dict[int, list[tuple[float, Word]]] = {}  # by their baselines
    over: list[Word] = []
    for word in words:
        before, y, reach, least = (
            columns.setdefault(_column(word, edges), []),
            word.y,
            OVERTYPED_DISTANCE * word.size,
            0.25 * word.size,
        )
        if not before or y - before[-1][0] >= reach:  # nearly always: the word is below all the others
            before.append((y, word))
            continue
        left, right = word.x0 + least, word.x1 - least
        near = before[bisect_right(before, (y - reach,)) : bisect_left(before, (y + reach,))]
        if any(other.x1 > left and other.x0 < right for _, other in near):
            over.append(word)
        else:
            insort(before, (y, word))
    if not over:
        return over
    lines = {(round(word.y, 1), round(word.size, 1)) for word in over}
    firsts = {_column(word, edges): word for word in reversed(words)}
    own = {(round(word.y, 1), round(word.size, 1)) for word in firsts.values()}
    return [word for word in words if word in over or (round(word.y, 1), round(word.size, 1)) in lines - own]


def _edges_on(page: PdfPage, header: Header) -> Sequence[float]:
    """The column edges on this page: from its own rules if they are complete, else those of the header."""
    if header.ruled and page.number != header.page:
        own = column_edges(page)
        if len(own) == len(header.edges):
            return own
    return header.edges


def _bands(
    page: PdfPage, header: Header, edges: Sequence[float]
) -> tuple[list[tuple[float, float, list[Word]]], list[Word], list[Word]]:
    """The rows of one page as (top, bottom, words), the words in no row (except the title), and those that were drawn
    after a row further down."""
    start = header.bottom if page.number == header.page else 0.0
    if header.ruled:
        across = [edge for edge in row_edges(page, edges[0], edges[-1]) if edge >= start - 0.5]
    else:
        across = _unruled_row_edges(page, start, edges)
    bands: list[tuple[float, float, list[Word]]] = [(top, bottom, []) for top, bottom in pairwise(across)]
    outside: list[Word] = []
    late: list[Word] = []
    lowest, usual = 0, page.size
    for word in page.words:
        middle = word.y - 0.3 * word.size
        if middle < start:
            if word.y <= header.top and word.size <= MIN_TITLE_SIZE * usual:  # neither header nor title
                outside.append(word)
            continue
        band = bisect_right(across, middle) - 1
        if 0 <= band < len(bands):
            bands[band][2].append(word)
            if band < lowest:
                late.append(word)
            else:
                lowest = band
        else:
            outside.append(word)
    return bands, outside, late


def _unruled_row_edges(page: PdfPage, start: float, edges: Sequence[float]) -> list[float]:
    """The edges of the rows of a page without rules: a row begins where the first column has text; anything before the
    first is one more row."""
    words = [word for word in page.words if word.y - 0.3 * word.size >= start]
    if not words:
        return []
    keys = [word.y - word.size for word in words if _column(word, edges) == 0]
    tops = _clustered(keys, 0.5 * page.size)
    first = min(word.y - word.size for word in words)
    if not tops or first < tops[0] - 0.3 * page.size:
        tops.insert(0, first)
    return [*tops, max(word.y for word in words) + page.size]
