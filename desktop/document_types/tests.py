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
    PLAIN_TEXT_HINT,
    TIME,
    MissingTexts,
    check_span,
    missing_assessments,
    modules_with_assessments,
)
from desktop.document_types.suggestions import detect_problem_field, finish_suggestions, test_suggestion
from desktop.domain.drafts import fields
from desktop.domain.drafts.document_items import distinct
from desktop.domain.drafts.draft import (
    NOWHERE,
    Column,
    Columns,
    DocumentGap,
    DocumentType,
    Draft,
    FormField,
    PageRegion,
    Problem,
    Row,
)
from desktop.domain.drafts.manual_entry import ROOM_SEPARATOR, FormValidator, parse_date, parse_venues, span_text
from desktop.domain.messages import msg
from desktop.domain.timetable.assessments import Assessment, AssessmentKind, test_id
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.timetable import Timetable

MISSING_TEXTS = MissingTexts(
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
        FormField("venues", msg("Where"), PLAIN_TEXT_HINT),
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

    def count_text(self, number: int) -> str:
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

    def is_source_of(self, item: Meeting | Assessment) -> bool:
        return isinstance(item, Assessment) and item.kind is AssessmentKind.TEST

    def find_gaps(
        self, timetable: Timetable, taught: Mapping[str, set[str]], *, imported: bool
    ) -> Iterable[DocumentGap]:
        return missing_assessments(
            MISSING_TEXTS, modules_with_assessments(timetable, AssessmentKind.TEST), taught, imported=imported
        )

    def form_texts(self, rows: Sequence[Row]) -> dict[str, str]:
        tests = _tests(rows)
        row = tests[0]
        return {
            "module": row.module,
            "test": row.test,
            "date": row.date.isoformat(),
            "time": span_text(row.start, row.end),
            "campus": row.campus,
            "venues": ROOM_SEPARATOR.join(dict.fromkeys(venue for each in tests for venue in each.venues)),
        }

    def rows_from_texts(self, texts: Mapping[str, str]) -> tuple[Row, ...]:
        return (_row_from_texts(texts),)

    def correct_rows(self, rows: Sequence[Row], changed: Mapping[str, str]) -> tuple[Row, ...]:
        made: list[Row] = []
        for number, row in enumerate(_tests(rows)):
            new = _row_from_texts({**self.form_texts((row,)), **changed})
            venues = row.venues if "venues" not in changed else new.venues if number == 0 else ()
            made.append(replace(new, venues=venues, place=row.place, by_hand=row.by_hand))
        return tuple(made)

    def suggestions(self, draft: Draft, problem: Problem) -> tuple[dict[str, str], ...]:
        return finish_suggestions([test_suggestion(_tests(draft.rows), problem)], problem, self.problem_field(problem))

    def problem_field(self, problem: Problem) -> str:
        return detect_problem_field(problem)


def _tests(rows: Iterable[Row]) -> list[TestRow]:
    return [row for row in rows if isinstance(row, TestRow)]


def _row_from_texts(texts: Mapping[str, str]) -> TestRow:
    written = FormValidator(texts)
    module = written.read("module", lambda text: fields.module(text.upper()), "")
    start, end = written.read("time", fields.span, (time.min, time.max))
    return written.validated_row(
        TestRow(
            module=module,
            test=written.words("test", "a test such as Test1", required=True),
            date=written.read("date", parse_date, date.min),
            start=start,
            end=end,
            campus=written.words("campus", "a campus"),
            venues=written.read("venues", parse_venues, ()),
        )
    )


TESTS = SemesterTests()
