"""Lectures: every group of every module with its weekly classes; a row is one meeting in one room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from desktop.document_types.rows import LectureRow
from desktop.document_types.shared import CAMPUS, CAMPUS_COLUMN, MODULE, TIME, VENUE, check_span
from desktop.document_types.suggestions import (
    count_meetings,
    detect_problem_field,
    finish_suggestions,
    lecture_suggestions,
)
from desktop.domain.drafts import fields
from desktop.domain.drafts.document_items import distinct, joined_texts
from desktop.domain.drafts.draft import (
    NOWHERE,
    WEEKDAYS,
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
from desktop.domain.drafts.manual_entry import ROOM_SEPARATOR, FormValidator, span_text, split_rooms
from desktop.domain.messages import listed, msg
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.meetings import Meeting, Slot, meeting_id
from desktop.domain.timetable.timetable import Timetable


class Lectures(DocumentType):
    name = "lectures"
    order = 1
    title = msg("Lectures")
    noun = msg("lectures")
    is_dated = False
    fields = (
        MODULE,
        FormField("offered", msg("Offered"), msg("Write when it is offered, like S1.")),
        FormField("group", msg("Group"), msg("Write a group like G01.")),
        FormField("activity", msg("Activity"), msg("Write it as the page has it, like L1 or Exam Written.")),
        FormField("day", msg("Day"), msg("Write it like Monday.")),
        TIME,
        VENUE,
        CAMPUS,
        FormField("lang", msg("Language"), msg("Write a language like E or A.")),
    )
    columns = Columns(
        Column(msg("Activity"), "activity", 96),
        Column(msg("Group"), "group"),
        Column(msg("Day"), "day", 88),
        Column(msg("Time"), "time", 108),
        Column(msg("Where"), "venue"),
        CAMPUS_COLUMN,
    )

    def count_text(self, number: int) -> str:
        return msg("{n} meeting", n=number) if number == 1 else msg("{n} meetings", n=number)

    def row(self, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> LectureRow:
        row = LectureRow(
            module=str(entry["module"]),
            offered=str(entry["offered"]),
            group=str(entry["group"]),
            lang=str(entry["lang"]),
            kind=str(entry["kind"]),
            activity=str(entry["activity"]),
            weekday=WEEKDAYS.index(str(entry["day"])),
            start=time.fromisoformat(entry["start"]),
            end=time.fromisoformat(entry["end"]),
            venue=str(entry["venue"]),
            campus=str(entry["campus"]),
            study_prog=tuple(str(prog) for prog in entry["study_prog"]),
            place=place,
        )
        check_span(row.module, row.start, row.end)
        return row

    def weekly_slot(self, row: Row) -> tuple[object, ...]:
        (row,) = _lectures((row,))
        return row.module, row.offered, row.group, row.activity, row.weekday, row.start

    def identity(self, row: Row) -> tuple[object, ...]:
        (row,) = _lectures((row,))
        return row.module, row.offered, row.group, row.kind, row.activity, row.weekday, row.start, row.end

    def item(self, rows: Sequence[Row], year: int, _exam_minutes: int) -> Meeting:
        lectures = _lectures(rows)
        row = lectures[0]
        slot = Slot(row.weekday, row.start, row.end)
        venues = distinct(each.venue for each in lectures)
        return Meeting(
            id=meeting_id(year, row.module, row.offered, row.group, row.kind, row.activity, None),
            year=year,
            module=row.module,
            offered=row.offered,
            group=row.group,
            kind=row.kind,
            activity=row.activity,
            slot=slot,
            venues=venues,
            campus=joined_texts(each.campus for each in lectures),
            lang=joined_texts(each.lang for each in lectures),
            study_prog=tuple(sorted({prog for each in lectures for prog in each.study_prog})),
            printed_slot=slot,
            printed_venues=venues,
            by_hand=any(each.by_hand for each in rows),
        )

    def is_source_of(self, item: Meeting | Assessment) -> bool:
        return isinstance(item, Meeting)

    def find_gaps(
        self, _timetable: Timetable, taught: Mapping[str, set[str]], *, imported: bool
    ) -> Iterable[DocumentGap]:
        unmet = tuple(code for code, offered in taught.items() if not offered)
        if not imported:
            hint = "Export Lectures from the student portal with “All”, and drop the file here."
            yield DocumentGap(unmet, msg("No lectures were imported."), msg(hint))
        elif unmet:
            hint = "Export the lectures with “All”: an export of one semester leaves out the other."
            yield DocumentGap(unmet, msg("No lectures for {modules}.", modules=listed(unmet)), msg(hint))

    def form_texts(self, rows: Sequence[Row]) -> dict[str, str]:
        lectures = _lectures(rows)
        row = lectures[0]
        entry = row.entry()
        names = ("module", "offered", "group", "lang", "kind", "activity", "day", "campus")
        plain = {name: str(entry[name]) for name in names}
        rooms = ROOM_SEPARATOR.join(dict.fromkeys(each.venue for each in lectures))
        return plain | {
            "time": span_text(row.start, row.end),
            "venue": rooms,
            "study_prog": " ".join(row.study_prog),
        }

    def rows_from_texts(self, texts: Mapping[str, str]) -> tuple[Row, ...]:
        return tuple(_row_from_texts({**texts, "venue": room}) for room in split_rooms(texts.get("venue", "")) or ("",))

    def correct_rows(self, rows: Sequence[Row], changed: Mapping[str, str]) -> tuple[Row, ...]:
        before = self.form_texts(rows)
        if _letters(changed.get("activity", "")) not in ("", _letters(before["activity"])):
            changed = {"kind": "", **changed}  # a class of another kind: derived from its letters
        rooms = (
            split_rooms(changed["venue"]) or ("",) if "venue" in changed else [each.venue for each in _lectures(rows)]
        )
        made: list[Row] = []
        for number, room in enumerate(rooms):
            row = rows[min(number, len(rows) - 1)]
            new = _row_from_texts({**self.form_texts((row,)), **changed, "venue": room})
            made.append(with_place(new, row.place, by_hand=row.by_hand))
        return tuple(made)

    def complete_row(self, draft: Draft, row: Row) -> Row:
        """Set the kind of the row, which is not a field of the form.

        It is the kind that the document has for the module's activities with the same letters, which may differ from
        the letters (practicals `PT1` have the kind `P`).
        """
        (row,) = _lectures((row,))
        letters = _letters(row.activity)
        alike = [
            each
            for each in _lectures(draft.rows)
            if (each.module, each.offered, _letters(each.activity)) == (row.module, row.offered, letters)
        ]
        kinds = Counter(each.kind for each in [each for each in alike if each.group == row.group] or alike)
        return replace(row, kind=kinds.most_common(1)[0][0]) if kinds else row

    def suggestions(self, draft: Draft, problem: Problem) -> tuple[dict[str, str], ...]:
        return finish_suggestions(
            lecture_suggestions(_lectures(draft.rows), problem), problem, self.problem_field(problem)
        )

    def expected_row_count(self, problem: Problem) -> int:
        return count_meetings(problem)

    def problem_field(self, problem: Problem) -> str:
        return detect_problem_field(problem, day="day")


def _lectures(rows: Iterable[Row]) -> list[LectureRow]:
    return [row for row in rows if isinstance(row, LectureRow)]


def _row_from_texts(texts: Mapping[str, str]) -> LectureRow:
    written = FormValidator(texts)
    module = written.read("module", lambda text: fields.module(text.upper()), "")
    start, end = written.read("time", fields.span, (time.min, time.max))
    activity, letters = written.read("activity", lambda text: fields.activity(text.upper()), ("", ""))
    return written.validated_row(
        LectureRow(
            module=module,
            offered=written.code("offered", "when it is offered, such as S1"),
            group=written.code("group", "a group such as G01"),
            lang=written.code("lang", "a language such as E"),
            kind=written.read("kind", _kind, "") or letters,
            activity=activity,
            weekday=written.read("day", fields.weekday, 0),
            start=start,
            end=end,
            venue=written.words("venue", "a venue"),
            campus=written.words("campus", "a campus"),
            study_prog=tuple(written.words("study_prog", "study programmes").split()),
        )
    )


def _kind(text: str) -> str:
    """The kind as in the document; empty if it follows from the activity's letters."""
    return fields.code(text, "a kind such as L") if text else ""


def _letters(activity: str) -> str:
    return activity.strip().upper().rstrip("0123456789 ")


LECTURES = Lectures()
