"""Semester Tests: one table row is one assessment; each line of its Venue cell is one room."""

from __future__ import annotations

from desktop.document_types import TESTS
from desktop.document_types.rows import TestRow
from desktop.domain.drafts import fields
from desktop.domain.drafts.fields import Unclear
from desktop.pdf.layouts.layout import Layout, LayoutResult
from desktop.pdf.table import TableRow

MODULE, TEST, DAY, DATE, TIME, CAMPUS, VENUE = range(7)


def _read_row(row: TableRow, read: LayoutResult) -> None:
    try:
        start, end = fields.span(row.text(TIME))
        read.rows.append(
            TestRow(
                module=fields.module(row.text(MODULE)),
                test=fields.words(row.text(TEST), "a test such as Test1"),
                date=fields.date_with_weekday(row.text(DATE), row.text(DAY)),
                start=start,
                end=end,
                campus=fields.words("".join(line.text for line in row.cells[CAMPUS]), "a campus", required=False),
                venues=tuple(fields.words(line.text, "a venue") for line in row.cells[VENUE]),
                place=row.place(),
            )
        )
    except Unclear as unclear:
        read.add_problem(row.place(), unclear)


LAYOUT = Layout(
    kind=TESTS,
    titles=("Semester Tests",),
    columns=("Module", "Test", "Day", "Date", "Time", "Campus", "Venue"),
    edges=(36, 92.7, 135.2, 213.2, 291.2, 369.1, 461.4, 652.6),
    key=(MODULE, DAY, DATE, TIME, CAMPUS),
    read_row=_read_row,
)
