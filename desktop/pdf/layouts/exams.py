"""Exams: one table row is one paper; several lines in a cell are wrapped text."""

from __future__ import annotations

from desktop.document_types import EXAMS
from desktop.document_types.rows import ExamRow
from desktop.domain.drafts import fields
from desktop.domain.drafts.fields import Unclear
from desktop.pdf.layouts.layout import Layout, LayoutResult
from desktop.pdf.table import TableRow

STATUS, MODULE, PAPER, ACTIVITY, DATE, START, MODULE_CAMPUS, EXAM_CAMPUS, VENUE, COMMENTS = range(10)


def _read_row(row: TableRow, read: LayoutResult) -> None:
    try:
        read.rows.append(
            ExamRow(
                status=fields.code(row.text(STATUS), "a status such as FINAL or PRELIM"),
                module=fields.module(row.text(MODULE)),
                paper=fields.words(row.text(PAPER), "a paper such as 1", required=False),
                activity=fields.words(row.text(ACTIVITY), "an activity such as Exam Written"),
                date=fields.calendar_date(row.text(DATE)),
                start=fields.clock(row.text(START)),
                module_campus=fields.words(row.text(MODULE_CAMPUS), "a campus", required=False),
                exam_campus=fields.words(row.text(EXAM_CAMPUS), "a campus", required=False),
                venue=fields.words(row.text(VENUE), "a venue", required=False),
                comments=fields.words(row.text(COMMENTS), "a comment", required=False),
                place=row.place(),
            )
        )
    except Unclear as unclear:
        read.add_problem(row.place(), unclear)


LAYOUT = Layout(
    kind=EXAMS,
    titles=("Exams",),
    columns=(
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
    edges=(36, 85.5, 144, 184.5, 238.5, 315, 362, 454.1, 546.3, 673.8, 766),
    key=(STATUS, DATE, START),  # not the module: a wide one wraps, and the page may break there
    read_row=_read_row,
)
