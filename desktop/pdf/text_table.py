"""Reads a timetable that is not a PDF: the portal's table as pasted (HTML or tab-separated), or a CSV of it.

Its rows become the same table rows as those of a PDF, and the same layouts parse them. They are on no page: their
regions have the page 0, and count lines of the table instead of points.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from desktop.domain.drafts.draft import Draft, PageRegion, Problem
from desktop.domain.errors import DocumentRefused
from desktop.domain.messages import msg, named
from desktop.pdf.file_types import is_web_page
from desktop.pdf.layouts import LAYOUTS, Layout, LayoutResult
from desktop.pdf.table import TableRow, TextLine

MAX_ROWS = 20_000
MAX_CELLS = 64  # of one row
MAX_LINES = 90  # of one cell
LINE = 0.01  # the height of one line of a cell, where a row has the height 1
OTHER_NAMES = {"language": "lang", "study programme": "study prog", "study program": "study prog"}

CellTexts = list[str]


class _Columns(NamedTuple):
    """The index in a record of each column of a layout; `times` are those of start and end, if the time has two
    columns."""

    layout: Layout
    at: tuple[int, ...]
    times: tuple[int, int] | None


def read_text(data: bytes) -> tuple[Draft, ...]:
    """The timetables in a text or a web page, which may be none. Raises DocumentRefused if it is far too large."""
    text = _decoded(data)
    if text is None:
        return ()
    tables = _html_tables(text) if is_web_page(data) else _delimited_tables(text)
    digest = hashlib.sha256(data).hexdigest()
    drafts: list[Draft] = []
    for records in tables:
        found = _draft(records, digest, len(drafts) + 1)
        if found is not None and not any(found.digest() == other.digest() for other in drafts):
            drafts.append(found)
    return tuple(drafts)


def _decoded(data: bytes) -> str | None:
    """Decode a text in any of the usual encodings; None for binary data."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _delimited_tables(text: str) -> list[list[CellTexts]]:
    """The records, split by the first separator that gives a table of UP's; one table or none."""
    csv.field_size_limit(100_000)
    for sign in "\t;,|":
        if sign not in text:
            continue
        try:
            records = [
                [cell.strip() for cell in record]
                for record in _limit_size(csv.reader(io.StringIO(text), delimiter=sign))
            ]
        except csv.Error:
            continue
        if _header(records) is not None or _columns_without_header(records) is not None:
            return [records]
    return []


def _limit_size(records: Iterable[CellTexts]) -> Iterable[CellTexts]:
    for number, record in enumerate(records):
        if number >= MAX_ROWS or len(record) > MAX_CELLS:
            raise DocumentRefused(
                "This table is far larger than a timetable.", "Copy the timetable alone from the portal’s page."
            )
        yield record


def _column_name(cell: str) -> str:
    name = " ".join(cell.split()).casefold()
    return OTHER_NAMES.get(name, name)


def _header(records: Sequence[CellTexts]) -> tuple[int, _Columns] | None:
    """The index of the record that names all columns of a layout, in any order and among others, and these columns."""
    for number, record in enumerate(records[:50]):
        names = [_column_name(cell) for cell in record]
        for layout in LAYOUTS:
            wanted = [name.casefold() for name in layout.columns]
            times = None
            if "time" in wanted and "time" not in names and "start" in names and "end" in names:
                times = names.index("start"), names.index("end")
            if all(name in names or (name == "time" and times) for name in wanted):
                at = tuple(names.index(name) if name in names else -1 for name in wanted)
                return number, _Columns(layout, at, times)
    return None


def _columns_without_header(records: Sequence[CellTexts]) -> _Columns | None:
    """The layout of a table without a header: the one that can parse the most rows."""
    best, most = None, 0
    for layout in LAYOUTS:
        columns = _Columns(layout, tuple(range(len(layout.columns))), None)
        fitting = [record for record in records if len(record) == len(layout.columns)]
        taken = LayoutResult()
        for number, record in enumerate(fitting[:50]):
            layout.read_row(_row(record, columns, number), taken)
        if len(taken.rows) > max(most, len(taken.problems)):
            best, most = columns, len(taken.rows)
    return best


def _row(record: CellTexts, columns: _Columns, number: int) -> TableRow:
    """One record as a table row: the lines of its cells below each other."""
    texts = [record[at] if 0 <= at < len(record) else "" for at in columns.at]
    if columns.times is not None:
        start, end = (record[at] if at < len(record) else "" for at in columns.times)
        texts[columns.at.index(-1)] = f"{start} - {end}" if start or end else ""
    cells = tuple(
        tuple(
            TextLine(0, number + k * LINE, LINE, " ".join(line.split()))
            for k, line in enumerate(text.splitlines()[:MAX_LINES])
            if line.strip()
        )
        for text in texts
    )
    return TableRow(cells, ((0, float(number), number + MAX_LINES * LINE),))


def _draft(records: Sequence[CellTexts], digest: str, number: int) -> Draft | None:
    """The draft of one table; None if it is no timetable."""
    beginning = _header(records)
    columns = beginning[1] if beginning is not None else _columns_without_header(records)
    if columns is None:
        return None
    layout = columns.layout
    remarks = []
    if beginning is None:
        remarks.append(msg("The table has no header. By its columns it is “{title}”.", title=named(layout.title)))
    rows: list[TableRow] = []
    for at, record in enumerate(records):
        if not any(record) or (beginning is not None and at <= beginning[0]):
            continue
        if beginning is not None and [_column_name(cell) for cell in record] == [
            _column_name(cell) for cell in records[beginning[0]]
        ]:
            continue  # the header once more, as some pages repeat it
        row = _row(record, columns, at + 1)
        if not any(row.cells):
            continue
        if rows and row.is_blank(layout.key):  # a further line of the row above
            above = rows[-1]
            joined = tuple(before + after for before, after in zip(above.cells, row.cells, strict=True))
            rows[-1] = TableRow(joined, above.bands)
        else:
            rows.append(row)
    taken = LayoutResult()
    for row in rows:
        layout.read_row(row, taken)
    if not rows:
        taken.problems.append(Problem(PageRegion(0, 0, 0, ""), "at least one row below the header", "an empty table"))
    taken.problems.sort(key=lambda problem: problem.place.top)
    return Draft(layout.kind, 0, tuple(taken.rows), tuple(taken.problems), digest, tuple(remarks), number)


def _html_tables(text: str) -> list[list[CellTexts]]:
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    parser.close_tables()
    return [table for table in parser.tables if table]


class _TableParser(HTMLParser):
    """Collects the tables of a web page as records; a cell that spans several rows or columns is repeated in each."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[CellTexts]] = []
        self._open: list[_TableBuilder] = []
        self._ignored_depth = 0  # depth inside scripts and styles

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._ignored_depth += 1
        elif tag == "table":
            if len(self._open) < 20:  # deeper nesting is an attack
                self._open.append(_TableBuilder())
                self.tables.append(self._open[-1].records)
        elif self._open:
            table = self._open[-1]
            if tag == "tr":
                table.begin_row()
            elif tag in ("td", "th"):
                spans = dict(attrs)
                table.begin_cell(_span(spans.get("rowspan")), _span(spans.get("colspan")))
            elif tag in ("br", "p", "div", "li"):
                table.write("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._ignored_depth = max(0, self._ignored_depth - 1)
        elif self._open:
            if tag == "table":
                self._open.pop().end_row()
            elif tag == "tr":
                self._open[-1].end_row()
            elif tag in ("td", "th"):
                self._open[-1].end_cell()

    def handle_data(self, data: str) -> None:
        if self._open and not self._ignored_depth:
            self._open[-1].write(" ".join(data.split()) if data.strip() else " ")

    def close_tables(self) -> None:
        """Close the tables that the page left open."""
        while self._open:
            self._open.pop().end_row()


class _TableBuilder:
    """One table of a page while it is parsed."""

    def __init__(self) -> None:
        self.records: list[CellTexts] = []
        self._row: CellTexts | None = None
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._below: dict[int, tuple[int, str]] = {}  # by column: how many more rows a cell above spans, and its text

    def begin_row(self) -> None:
        self.end_row()
        self._row = []

    def begin_cell(self, rows: int, columns: int) -> None:
        self.end_cell()
        if self._row is None:
            self._row = []
        self._add_spanned_cells(self._row)
        self._cell, self._spans = [], (rows, columns)

    def write(self, text: str) -> None:
        if self._cell is not None:
            self._cell.append(text)

    def end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
        text = "\n".join(line for line in lines if line)
        self._cell = None
        rows, columns = self._spans
        for _ in range(columns):
            if rows > 1:
                self._below[len(self._row)] = (rows - 1, text)
            self._row.append(text)
        if len(self._row) > MAX_CELLS or len(self.records) > MAX_ROWS:
            raise DocumentRefused(
                "This table is far larger than a timetable.", "Copy the timetable alone from the portal’s page."
            )

    def end_row(self) -> None:
        self.end_cell()
        if self._row:
            self._add_spanned_cells(self._row)
            self.records.append(self._row)
        self._row = None

    def _add_spanned_cells(self, row: CellTexts) -> None:
        while len(row) in self._below:
            left, text = self._below.pop(len(row))
            if left > 1:
                self._below[len(row)] = (left - 1, text)
            row.append(text)


def _span(text: str | None) -> int:
    return min(int(text), MAX_CELLS) if text and text.isdecimal() and int(text) > 0 else 1
