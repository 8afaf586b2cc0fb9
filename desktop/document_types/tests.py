"""Semester Tests: a row is one test with every room it is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

from desktop.document_types.rows import TestRow
from desktop.document_types.shared import (
    CAMPUS,
    CAMPUS_COLUMN,
    DATE,
    MODULE,
    PLAIN,
    TIME,
    MissingWords,
    check_span,
    missing_assessments,
    sat_in,
)
from desktop.document_types.suggestions import field_about, fitted, test_suggestion
from desktop.domain.drafts import fields
from desktop.domain.drafts.document_items import distinct
from desktop.domain.drafts.draft import (
    NOWHERE,
    Column,
    Columns,
    DocumentType,
    Draft,
    FormField,
    Gap,
    PageRegion,
    Problem,
    Row,
)
from desktop.domain.drafts.manual_entry import BETWEEN, WrittenFields, date_in, span_text, venues_in
from desktop.domain.messages import msg
from desktop.domain.timetable.assessments import Assessment, AssessmentKind, test_id
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.timetable import Timetable

MISSING = MissingWords(
    msg("tests"), msg("Export Semester Tests from the student portal with “All”, and drop the file here.")
)


class SemesterTests(DocumentType):
    name = "tests"
    order = 2
    title = msg("Semester tests")
    noun = msg("semester tests")
    is_dated = True
    fields = (
        MODULE,
        FormField("test", msg("Test"), msg("Write a test like Test1.")),
        DATE,
        TIME,
        FormField("venues", msg("Where"), PLAIN),
        CAMPUS,
    )
    columns = Columns(
        Column(msg("What"), "test", 112),
        None,
        Column(msg("Date"), "date", 124),
        Column(msg("Time"), "time", 108),
        Column(msg("Where"), "venues"),
        CAMPUS_COLUMN,
    )

    def counted(self, number: int) -> str:
        return msg("{n} test", n=number) if number == 1 else msg("{n} tests", n=number)

    def row(self, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> TestRow:
        row = TestRow(
            module=str(entry["module"]),
            test=str(entry["test"]),
            date=date.fromisoformat(entry["date"]),
            start=time.fromisoformat(entry["start"]),
            end=time.fromisoformat(entry["end"]),
            campus=str(entry["campus"]),
            venues=tuple(str(venue) for venue in entry["venues"]),
            place=place,
        )
        check_span(row.module, row.start, row.end)
        return row

    def date_of(self, row: Row) -> date | None:
        return next((each.date for each in _tests((row,))), None)

    def identity(self, row: Row) -> tuple[object, ...]:
        (row,) = _tests((row,))
        return row.module, row.test, row.campus, row.date, row.start, row.end

    def item(self, rows: Sequence[Row], year: int, _exam_minutes: int) -> Assessment:
        tests = _tests(rows)
        row = tests[0]
        venues = distinct(venue for each in tests for venue in each.venues)
        return Assessment(
            id=test_id(year, row.module, row.test, row.campus),
            year=year,
            module=row.module,
            kind=AssessmentKind.TEST,
            name=row.test,
            date=row.date,
            start=row.start,
            end=row.end,
            venues=venues,
            campus=row.campus,
            printed_slot=(row.date, row.start, row.end),
            printed_venues=venues,
            by_hand=any(each.by_hand for each in rows),
        )

    def states(self, item: Meeting | Assessment) -> bool:
        return isinstance(item, Assessment) and item.kind is AssessmentKind.TEST

    def missing(self, timetable: Timetable, taught: Mapping[str, set[str]], *, imported: bool) -> Iterable[Gap]:
        return missing_assessments(MISSING, sat_in(timetable, AssessmentKind.TEST), taught, imported=imported)

    def texts(self, rows: Sequence[Row]) -> dict[str, str]:
        tests = _tests(rows)
        row = tests[0]
        return {
            "module": row.module,
            "test": row.test,
            "date": row.date.isoformat(),
            "time": span_text(row.start, row.end),
            "campus": row.campus,
            "venues": BETWEEN.join(dict.fromkeys(venue for each in tests for venue in each.venues)),
        }

    def rows_by_hand(self, texts: Mapping[str, str]) -> tuple[Row, ...]:
        return (_written(texts),)

    def corrected(self, rows: Sequence[Row], changed: Mapping[str, str]) -> tuple[Row, ...]:
        made: list[Row] = []
        for number, row in enumerate(_tests(rows)):
            new = _written({**self.texts((row,)), **changed})
            venues = row.venues if "venues" not in changed else new.venues if number == 0 else ()
            made.append(replace(new, venues=venues, place=row.place, by_hand=row.by_hand))
        return tuple(made)

    def suggestions(self, draft: Draft, problem: Problem) -> tuple[dict[str, str], ...]:
        return fitted([test_suggestion(_tests(draft.rows), problem)], problem, self.field_of(problem))

    def field_of(self, problem: Problem) -> str:
        return field_about(problem)


def _tests(rows: Iterable[Row]) -> list[TestRow]:
    return [row for row in rows if isinstance(row, TestRow)]


def _written(texts: Mapping[str, str]) -> TestRow:
    written = WrittenFields(texts)
    module = written.read("module", lambda text: fields.module(text.upper()), "")
    start, end = written.read("time", fields.span, (time.min, time.max))
    return written.row(
        TestRow(
            module=module,
            test=written.words("test", "a test such as Test1", required=True),
            date=written.read("date", date_in, date.min),
            start=start,
            end=end,
            campus=written.words("campus", "a campus"),
            venues=written.read("venues", venues_in, ()),
        )
    )


TESTS = SemesterTests()
