"""Exams: a row is one paper in one room. Only its start is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from desktop.document_types.rows import ExamRow
from desktop.document_types.shared import (
    CAMPUS_COLUMN,
    DATE,
    MODULE,
    PLAIN_TEXT_HINT,
    VENUE,
    MissingTexts,
    missing_assessments,
    modules_with_assessments,
)
from desktop.document_types.suggestions import detect_problem_field, exam_suggestion, finish_suggestions
from desktop.domain.drafts import fields
from desktop.domain.drafts.document_items import distinct, joined_texts
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
    with_place,
)
from desktop.domain.drafts.manual_entry import ROOM_SEPARATOR, FormValidator, parse_date, split_rooms
from desktop.domain.messages import msg
from desktop.domain.timetable.assessments import Assessment, AssessmentKind, exam_end, exam_id
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.timetable import Timetable

MISSING_TEXTS = MissingTexts(
    msg("exams"),
    msg("Press Export Exam Timetable on the student portal once exams are shown there, and drop the file."),
)


class Exams(DocumentType):
    name = "exams"
    order = 3
    title = msg("Exams")
    noun = msg("exams")
    is_dated = True
    fields = (
        MODULE,
        FormField("paper", msg("Paper"), PLAIN_TEXT_HINT),
        FormField("activity", msg("Activity"), msg("Write it as the page has it, like L1 or Exam Written.")),
        DATE,
        FormField("start", msg("Start"), msg("Write it like 08:30.")),
        VENUE,
        FormField("exam_campus", msg("Campus of the exam"), PLAIN_TEXT_HINT),
        FormField("module_campus", msg("Campus of the module"), PLAIN_TEXT_HINT),
        FormField("status", msg("Status"), msg("Write FINAL or PRELIM.")),
        FormField("comments", msg("Comments"), PLAIN_TEXT_HINT),
    )
    columns = Columns(
        Column(msg("What"), "activity", 164),
        Column(msg("Paper"), "paper"),
        Column(msg("Date"), "date", 124),
        Column(msg("Time"), "start", 64),
        Column(msg("Where"), "venue"),
        CAMPUS_COLUMN._replace(field="exam_campus"),
    )

    def count_text(self, number: int) -> str:
        return msg("{n} exam", n=number) if number == 1 else msg("{n} exams", n=number)

    def row(self, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> ExamRow:
        return ExamRow(
            status=str(entry["status"]),
            module=str(entry["module"]),
            paper=str(entry["paper"]),
            activity=str(entry["activity"]),
            date=date.fromisoformat(entry["date"]),
            start=time.fromisoformat(entry["start"]),
            module_campus=str(entry["module_campus"]),
            exam_campus=str(entry["exam_campus"]),
            venue=str(entry["venue"]),
            comments=str(entry["comments"]),
            place=place,
        )

    def date_of(self, row: Row) -> date | None:
        return next((each.date for each in _papers((row,))), None)

    def identity(self, row: Row) -> tuple[object, ...]:
        (row,) = _papers((row,))
        return row.module, row.paper, row.activity, row.module_campus, row.date, row.start

    def item(self, rows: Sequence[Row], year: int, exam_minutes: int) -> Assessment:
        papers = _papers(rows)
        row = papers[0]
        end = exam_end(row.start, exam_minutes) if row.start < time(23, 59) else time.max
        venues = distinct(each.venue for each in papers)
        return Assessment(
            id=exam_id(year, row.module, row.paper, row.activity, row.module_campus),
            year=year,
            module=row.module,
            kind=AssessmentKind.EXAM,
            name=row.activity,
            date=row.date,
            start=row.start,
            end=end,
            venues=venues,
            campus=joined_texts(each.exam_campus for each in papers) or row.module_campus,
            paper=row.paper,
            status=max(each.status for each in papers),  # PRELIM if any row is; it sorts after FINAL
            comments=joined_texts(each.comments for each in papers),
            assumed_end=True,
            printed_slot=(row.date, row.start, end),
            printed_venues=venues,
            by_hand=any(each.by_hand for each in rows),
        )

    def is_source_of(self, item: Meeting | Assessment) -> bool:
        return isinstance(item, Assessment) and item.kind is AssessmentKind.EXAM

    def find_gaps(
        self, timetable: Timetable, taught: Mapping[str, set[str]], *, imported: bool
    ) -> Iterable[DocumentGap]:
        return missing_assessments(
            MISSING_TEXTS, modules_with_assessments(timetable, AssessmentKind.EXAM), taught, imported=imported
        )

    def form_texts(self, rows: Sequence[Row]) -> dict[str, str]:
        papers = _papers(rows)
        plain = {name: str(value) for name, value in papers[0].entry().items()}
        return plain | {"venue": ROOM_SEPARATOR.join(dict.fromkeys(each.venue for each in papers))}

    def rows_from_texts(self, texts: Mapping[str, str]) -> tuple[Row, ...]:
        return tuple(_row_from_texts({**texts, "venue": room}) for room in split_rooms(texts.get("venue", "")) or ("",))

    def correct_rows(self, rows: Sequence[Row], changed: Mapping[str, str]) -> tuple[Row, ...]:
        rooms = split_rooms(changed["venue"]) or ("",) if "venue" in changed else [each.venue for each in _papers(rows)]
        made: list[Row] = []
        for number, room in enumerate(rooms):
            row = rows[min(number, len(rows) - 1)]
            new = _row_from_texts({**self.form_texts((row,)), **changed, "venue": room})
            made.append(with_place(new, row.place, by_hand=row.by_hand))
        return tuple(made)

    def suggestions(self, draft: Draft, problem: Problem) -> tuple[dict[str, str], ...]:
        return finish_suggestions([exam_suggestion(_papers(draft.rows), problem)], problem, self.problem_field(problem))

    def problem_field(self, problem: Problem) -> str:
        return detect_problem_field(problem, time="start")


def _papers(rows: Iterable[Row]) -> list[ExamRow]:
    return [row for row in rows if isinstance(row, ExamRow)]


def _row_from_texts(texts: Mapping[str, str]) -> ExamRow:
    written = FormValidator(texts)
    return written.validated_row(
        ExamRow(
            status=written.code("status", "a status such as FINAL or PRELIM"),
            module=written.read("module", lambda text: fields.module(text.upper()), ""),
            paper=written.words("paper", "a paper such as 1"),
            activity=written.words("activity", "an activity such as Exam Written", required=True),
            date=written.read("date", parse_date, date.min),
            start=written.read("start", fields.clock, time.min),
            module_campus=written.words("module_campus", "a campus"),
            exam_campus=written.words("exam_campus", "a campus"),
            venue=written.words("venue", "a venue"),
            comments=written.words("comments", "a comment"),
        )
    )


EXAMS = Exams()
