"""Draws timetables in the portal's geometry: a PDF that says exactly the given domain rows.

Measured on genuine exports. `draw(rows)` is all that most tests need; a reader should then find `[row.entry() for row
in rows]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from desktop.document_types import EXAMS, LECTURES, TESTS
from desktop.document_types.rows import ExamRow, LectureRow, TestRow
from desktop.domain.drafts.draft import WEEKDAYS, Row
from tests.drawing.helvetica import width, wrap
from tests.drawing.marks import PORTAL_STYLE, Rule, Sheet, Style, Text, write

LEFT = 36.0
TITLE_BASELINE = 55.42
FIRST_TOP, NEXT_TOP, LAST_BOTTOM = 73.62, 36.25, 551.3
PADDING = 5.4


@dataclass(frozen=True, slots=True)
class Form:
    """A document's layout: its vertical rules, headings with their sizes, and text size."""

    title: str
    edges: tuple[float, ...]
    headings: tuple[tuple[str, float], ...]
    size: float
    least: float  # a row's least height in points, without its rule


FORMS = {
    LECTURES.name: Form(
        "Lectures",
        (36, 92.7, 135.25, 177.75, 213.2, 262.8, 326.6, 397.5, 553.4, 638.45, 744.75),
        tuple(
            zip(
                ("Module", "Offered", "Group", "Lang", "Activity", "Day", "Time", "Venue", "Campus", "Study Prog"),
                (10, 8, 10, 10, 9, 10, 10, 10, 10, 10),
                strict=True,
            )
        ),
        10,
        20.81,
    ),
    TESTS.name: Form(
        "Semester Tests",
        (36, 92.7, 135.25, 213.25, 291.25, 369.2, 461.35, 652.65),
        tuple((name, 11) for name in ("Module", "Test", "Day", "Date", "Time", "Campus", "Venue")),
        11,
        12.716,
    ),
    EXAMS.name: Form(
        "Exams",
        (36, 85.5, 144, 184.5, 238.5, 315, 362.05, 454.2, 546.35, 673.9, 766.05),
        tuple(
            zip(
                (
                    "Status",
                    "Module",
                    "Paper",
                    "Activity",
                    "Date",
                    "Start Time",
                    "Module Campus",
                    "Exam Campus",
                    "Venue",
                    "Exam Comments",
                ),
                (10, 11, 10, 11, 11, 11, 11, 11, 11, 11),
                strict=True,
            )
        ),
        10,
        37.9,
    ),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Contents of a cell, line by line; `white` follows the first line in white, `middle` centres it in its row."""

    lines: tuple[str, ...]
    white: str = ""
    small: bool = False  # its first line at 10 points in a document of 11
    middle: bool = False


def draw(
    rows: Sequence[Row], style: Style = PORTAL_STYLE, *, bottom: float = LAST_BOTTOM, tight: bool = False
) -> bytes:
    """Draws a PDF of these rows, all of one kind.

    A lower `bottom` than the portal's breaks pages earlier; `tight` omits the spaces that the portal leaves at the ends
    of lines. Raises ValueError for no rows or rows of two kinds.
    """
    kinds = {row.document for row in rows}
    if len(kinds) != 1:
        raise ValueError(f"rows of one kind, not of {sorted(kinds) or 'none'}")
    return write(sheets(rows, bottom=bottom, tight=tight), style)


def sheets(rows: Sequence[Row], *, bottom: float = LAST_BOTTOM, tight: bool = False) -> list[Sheet]:
    """Lays the same rows out as marks on pages."""
    kind = rows[0].document
    form = FORMS[kind]
    lectures = [row for row in rows if isinstance(row, LectureRow)]
    table = _lecture_cells(form, lectures) if lectures else [_cells(form, row) for row in rows]
    if tight:
        table = [[cell if cell.white else _tightened(cell) for cell in cells] for cells in table]
    return _Pen(form, bottom).pages(table)


def _tightened(cell: Cell) -> Cell:
    return replace(cell, lines=tuple(line.rstrip() for line in cell.lines))


def _room(form: Form, column: int) -> float:
    return form.edges[column + 1] - form.edges[column] - 2 * PADDING


def _lecture_cells(form: Form, rows: Sequence[LectureRow]) -> list[list[Cell]]:
    table: list[list[Cell]] = []

    def key(row: LectureRow) -> tuple[object, ...]:
        return (row.module, row.offered, row.group, row.lang, row.kind, row.campus, row.study_prog)

    for _, found in groupby(rows, key):
        lines = list(found)
        first = lines[0]
        parallel: list[list[str]] = [[], [], [], []]
        for row in lines:
            venue = wrap(row.venue, form.size, _room(form, 7))
            texts = (row.activity, WEEKDAYS[row.weekday], f"{row.start:%H:%M} - {row.end:%H:%M}")
            for column, text in enumerate(texts):
                parallel[column] += [text, *[""] * (len(venue) - 1)]
            parallel[3] += venue
        table.append(
            [
                Cell((first.module,)),
                Cell((first.offered,)),
                Cell((first.group,)),
                Cell((f"{first.lang} ",), white=first.kind),
                *(Cell(tuple(column)) for column in parallel),
                Cell((first.campus,)),
                Cell((" ".join(first.study_prog) or "   ",), middle=True),
            ]
        )
    return table


def _cells(form: Form, row: Row) -> list[Cell]:
    if isinstance(row, TestRow):
        test = wrap(row.test, form.size, _room(form, 1))
        return [
            Cell((row.module,), small=True),
            Cell(tuple(line.rstrip() for line in test)),
            Cell((WEEKDAYS[row.date.weekday()],)),
            Cell((f"{row.date:%d %b %Y}",)),
            Cell((f"{row.start:%H:%M} - {row.end:%H:%M}",)),
            Cell((row.campus,)),
            Cell(tuple(f"{venue} " for venue in row.venues)),
        ]
    if isinstance(row, ExamRow):
        texts = (
            row.status,
            f"{row.module} ",
            row.paper,
            row.activity,
            f"{row.date:%d %b %Y}".upper(),
            f"{row.start:%H:%M}",
            row.module_campus,
            row.exam_campus,
            f"{row.venue} " if row.venue else "",
            row.comments,
        )
        return [Cell(tuple(wrap(text, form.size, _room(form, column)))) for column, text in enumerate(texts)]
    return [Cell((str(text),)) for text in row.entry().values()]


class _Pen:
    """Draws a table on pages from top to bottom."""

    def __init__(self, form: Form, bottom: float) -> None:
        self.form = form
        self.bottom = bottom
        self.done: list[Sheet] = []
        self.page = Sheet()
        self.y = FIRST_TOP

    def pages(self, table: Sequence[Sequence[Cell]]) -> list[Sheet]:
        self.page.texts.append(Text(LEFT, TITLE_BASELINE, 20, self.form.title, bold=True))
        self._header()
        for cells in table:
            self._row(cells)
        self._close()
        return self.done

    def _rule(self) -> None:
        self.page.rules.append(Rule(self.form.edges[0], self.y, self.form.edges[-1], self.y))

    def _header(self) -> None:
        self._rule()
        most = 0.0
        for column, (name, size) in enumerate(self.form.headings):
            lines = wrap(name, size, _room(self.form, column), bold=True)
            for k, line in enumerate(lines):
                baseline = self.y + 0.25 + 0.971 * size + k * 1.19 * size
                self.page.texts.append(Text(self.form.edges[column] + PADDING, baseline, size, line, bold=True))
            most = max(most, len(lines) * 1.19 * size)
        self.y += most + 0.5
        self._rule()

    def _row(self, cells: Sequence[Cell]) -> None:
        size = self.form.size
        pitch = 1.156 * size
        count = max(len(cell.lines) for cell in cells)
        start = 0
        while start < count:
            fitting = max(0, int((self.bottom - self.y - 0.5) / pitch))
            if not fitting:
                self._break()
                fitting = max(1, int((self.bottom - self.y - 0.5) / pitch))
            taken = min(fitting, count - start)
            self._lines(cells, start, start + taken)
            start += taken
            high = taken * pitch
            if start == count:
                high = max(high, min(self.form.least, self.bottom - self.y - 0.5))
            self.y += high + 0.5
            self._rule()

    def _lines(self, cells: Sequence[Cell], start: int, end: int) -> None:
        size = self.form.size
        pitch = 1.156 * size
        for column, cell in enumerate(cells):
            x = self.form.edges[column] + PADDING
            for k, line in enumerate(cell.lines[start:end]):
                baseline = self.y + 0.25 + 0.937 * size + k * pitch
                if cell.middle:
                    baseline += min(9.25, (end - start - 1) * pitch / 2)
                if not line:
                    continue
                small = cell.small and start + k == 0
                self.page.texts.append(Text(x, baseline, 10 if small else size, line))
                if small:
                    self.page.texts.append(Text(x + width(line, 10), baseline, size, " "))
                if cell.white and start + k == 0:
                    self.page.texts.append(Text(x + width(line, size), baseline, size, cell.white, white=True))

    def _break(self) -> None:
        self._close()
        self.page = Sheet()
        self.y = NEXT_TOP
        self._rule()

    def _close(self) -> None:
        top = FIRST_TOP if not self.done else NEXT_TOP
        down = [Rule(edge, top, edge, self.y) for edge in self.form.edges]
        self.page.rules[:0] = down
        self.done.append(self.page)
