"""A made-up fourth document type, after docs/document-types.md: field trips, one per row."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, ClassVar

from desktop.document_types import DOCUMENT_TYPES
from desktop.document_types.shared import DATE, MODULE, PLAIN_TEXT_HINT, TIME
from desktop.document_types.suggestions import detect_problem_field
from desktop.domain.drafts import fields
from desktop.domain.drafts.draft import (
    NOWHERE,
    Column,
    Columns,
    DocumentType,
    DocumentTypes,
    Draft,
    FormField,
    PageRegion,
    Problem,
    Row,
)
from desktop.domain.drafts.fields import Unclear
from desktop.domain.drafts.manual_entry import FormValidator, parse_date, span_text
from desktop.domain.messages import msg
from desktop.domain.timetable.assessments import Assessment, AssessmentKind, test_id
from desktop.domain.timetable.meetings import Meeting
from desktop.pdf import child, layouts
from desktop.pdf.layouts import Layout, LayoutResult
from desktop.pdf.table import TableRow
from tests.drawing.timetables import Form

CHILD = (
    "import sys; from desktop.pdf import child, sections, text_table; from tests.gui import trips;"
    "child.LAYOUTS = sections.LAYOUTS = text_table.LAYOUTS = trips.LAYOUTS; sys.exit(child.main(sys.argv[1:]))"
)
COMMAND = [sys.executable, "-c", CHILD]


@dataclass(frozen=True, slots=True)
class TripRow:
    module: str
    trip: str
    date: date
    start: time
    end: time
    where: str
    place: PageRegion = NOWHERE
    by_hand: bool = False

    document: ClassVar[str] = "trips"

    def entry(self) -> dict[str, Any]:
        span = span_text(self.start, self.end)
        return {
            "module": self.module,
            "trip": self.trip,
            "date": f"{self.date:%d %b %Y}",
            "time": span,
            "where": self.where,
        }


class Trips(DocumentType):
    name = "trips"
    order = 4
    title = msg("Field trips")
    noun = msg("field trips")
    is_dated = True
    fields = (
        MODULE,
        FormField("trip", msg("Trip"), PLAIN_TEXT_HINT),
        DATE,
        TIME,
        FormField("where", msg("Where to"), PLAIN_TEXT_HINT),
    )
    columns = Columns(
        Column(msg("Trip"), "trip", 112),
        None,
        Column(msg("Date"), "date", 124),
        Column(msg("Time"), "time", 108),
        Column(msg("Where to"), "where"),
        Column(msg("Campus"), ""),
    )

    def count_text(self, number: int) -> str:
        return msg("{n} trip", n=number) if number == 1 else msg("{n} trips", n=number)

    def row(self, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> TripRow:
        return replace(_written({name: str(value) for name, value in entry.items()}), place=place)

    def date_of(self, row: Row) -> date | None:
        return _trips((row,))[0].date

    def identity(self, row: Row) -> tuple[object, ...]:
        trip = _trips((row,))[0]
        return trip.module, trip.trip, trip.date

    def item(self, rows: Sequence[Row], year: int, exam_minutes: int) -> Assessment:
        row = _trips(rows)[0]
        return Assessment(
            id=test_id(year, row.module, row.trip, ""),
            year=year,
            module=row.module,
            kind=AssessmentKind.TEST,
            name=row.trip,
            date=row.date,
            start=row.start,
            end=row.end,
            venues=(row.where,),
            printed_slot=(row.date, row.start, row.end),
            printed_venues=(row.where,),
            by_hand=any(each.by_hand for each in rows),
        )

    def is_source_of(self, item: Meeting | Assessment) -> bool:
        return isinstance(item, Assessment) and item.name.startswith("Trip")

    def form_texts(self, rows: Sequence[Row]) -> dict[str, str]:
        row = _trips(rows)[0]
        return row.entry() | {"date": row.date.isoformat()}

    def rows_from_texts(self, texts: Mapping[str, str]) -> tuple[Row, ...]:
        return (_written(texts),)

    def correct_rows(self, rows: Sequence[Row], changed: Mapping[str, str]) -> tuple[Row, ...]:
        return tuple(
            replace(_written(self.form_texts((row,)) | dict(changed)), place=row.place, by_hand=row.by_hand)
            for row in _trips(rows)
        )

    def suggestions(self, draft: Draft, problem: Problem) -> tuple[dict[str, str], ...]:
        return ({},)

    def problem_field(self, problem: Problem) -> str:
        return detect_problem_field(problem)


def _trips(rows: Iterable[Row]) -> list[TripRow]:
    return [row for row in rows if isinstance(row, TripRow)]


def _written(texts: Mapping[str, str]) -> TripRow:
    written = FormValidator(texts)
    start, end = written.read("time", fields.span, (time.min, time.max))
    return written.validated_row(
        TripRow(
            module=written.read("module", lambda text: fields.module(text.upper()), ""),
            trip=written.words("trip", "a trip such as Trip 1", required=True),
            date=written.read("date", parse_date, date.min),
            start=start,
            end=end,
            where=written.words("where", "a place"),
        )
    )


TRIPS = Trips()
WITH_TRIPS: DocumentTypes = {**DOCUMENT_TYPES, TRIPS.name: TRIPS}


def _read_row(row: TableRow, read: LayoutResult) -> None:
    try:
        start, end = fields.span(row.text(3))
        read.rows.append(
            TripRow(
                module=fields.module(row.text(0)),
                trip=fields.words(row.text(1), "a trip such as Trip 1"),
                date=fields.calendar_date(row.text(2)),
                start=start,
                end=end,
                where=fields.words(row.text(4), "a place"),
                place=row.place(),
            )
        )
    except Unclear as unclear:
        read.add_problem(row.place(), unclear)


COLUMNS = ("Module", "Trip", "Date", "Time", "Place")
EDGES = (36, 110, 200, 300, 400, 560)
LAYOUTS = (
    *layouts.LAYOUTS,
    Layout(kind=TRIPS, titles=("Field Trips",), columns=COLUMNS, edges=EDGES, key=(0, 2, 3), read_row=_read_row),
)
FORM = Form("Field Trips", EDGES, tuple((name, 11) for name in COLUMNS), 11, 12.716)

assert child.LAYOUTS is layouts.LAYOUTS, "what the child reads by"
