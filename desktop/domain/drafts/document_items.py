"""The meetings and assessments of one document, with ids that come from their content alone.

Several rows can be one item: an activity in several rooms at one time, an assessment printed in two lines. Ids do not
depend on the order of rows, so two machines that read one document agree on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time

from desktop.domain.drafts.draft import Draft, ExamRow, LectureRow, Row, TestRow
from desktop.domain.timetable.model import (
    EXAM_MINUTES,
    Assessment,
    AssessmentKind,
    Meeting,
    Slot,
    exam_end,
    exam_id,
    meeting_id,
    test_id,
)

Printed = Meeting | Assessment  # what documents state; never an own event


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """One meeting or assessment as a document has it. `rows` are the indexes of its rows in the draft."""

    item: Printed
    rows: tuple[int, ...]

    @property
    def id(self) -> str:
        """The id it would have if nothing had been accepted before."""
        return self.item.id


def document_items(draft: Draft, year: int, exam_minutes: int = EXAM_MINUTES) -> tuple[DocumentItem, ...]:
    """Everything a draft states for an academic year, in the order of its first rows."""
    joined: dict[tuple[object, ...], list[int]] = {}
    for index, row in enumerate(draft.rows):
        joined.setdefault(_sameness(row), []).append(index)
    items = [_item([draft.rows[index] for index in rows], year, exam_minutes) for rows in joined.values()]
    for with_end in (False, True):
        repeated = {name for name, count in Counter(item.id for item in items).items() if count > 1}
        items = [
            replace(item, id=f"{item.id}/{slot_suffix(item, with_end)}") if item.id in repeated else item
            for item in items
        ]
    return tuple(DocumentItem(item, tuple(rows)) for item, rows in zip(items, joined.values(), strict=True))


def slot_suffix(item: Printed, with_end: bool = False) -> str:
    """What is put behind an id that would not be the only one: when the meeting or assessment begins (and ends)."""
    suffix = item.slot.label if isinstance(item, Meeting) else f"{item.date}-{item.start:%H%M}"
    end = item.slot.end if isinstance(item, Meeting) else item.end
    return f"{suffix}-{end:%H%M}" if with_end else suffix


def _sameness(row: Row) -> tuple[object, ...]:
    if isinstance(row, LectureRow):
        return (row.module, row.offered, row.group, row.kind, row.activity, row.weekday, row.start, row.end)
    if isinstance(row, TestRow):
        return (row.module, row.test, row.campus, row.date, row.start, row.end)
    return (row.module, row.paper, row.activity, row.module_campus, row.date, row.start)


def _item(rows: list[Row], year: int, exam_minutes: int) -> Printed:
    row = rows[0]
    if isinstance(row, LectureRow):
        lectures = [each for each in rows if isinstance(each, LectureRow)]
        slot = Slot(row.weekday, row.start, row.end)
        venues = _distinct(each.venue for each in lectures)
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
            campus=_joined(each.campus for each in lectures),
            lang=_joined(each.lang for each in lectures),
            study_prog=tuple(sorted({prog for each in lectures for prog in each.study_prog})),
            printed_slot=slot,
            printed_venues=venues,
            by_hand=any(each.by_hand for each in rows),
        )
    if isinstance(row, TestRow):
        venues = _distinct(venue for each in rows if isinstance(each, TestRow) for venue in each.venues)
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
    return _exam([each for each in rows if isinstance(each, ExamRow)], year, exam_minutes)


def _exam(rows: list[ExamRow], year: int, minutes: int) -> Assessment:
    row = rows[0]
    end = exam_end(row.start, minutes) if row.start < time(23, 59) else time.max
    venues = _distinct(each.venue for each in rows)
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
        campus=_joined(each.exam_campus for each in rows) or row.module_campus,
        paper=row.paper,
        status=max(each.status for each in rows),  # PRELIM as long as one line says so
        comments=_joined(each.comments for each in rows),
        assumed_end=True,
        printed_slot=(row.date, row.start, end),
        printed_venues=venues,
        by_hand=any(each.by_hand for each in rows),
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _joined(texts: Iterable[str]) -> str:
    return " / ".join(sorted({text for text in texts if text}))
