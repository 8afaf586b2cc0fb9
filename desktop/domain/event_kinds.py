"""The kinds of event that filters, reminders and exports distinguish."""

from __future__ import annotations

from enum import StrEnum

from desktop.domain.timetable.assessments import AssessmentKind
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.timetable import Item


class EventKind(StrEnum):
    LECTURE = "lecture"  # any weekly class: lectures, practicals, tutorials
    TEST = "test"
    EXAM = "exam"
    OWN = "own"


def event_kind(item: Item) -> EventKind:
    if isinstance(item, Meeting):
        return EventKind.LECTURE
    if isinstance(item, OwnEvent):
        return EventKind.OWN
    return EventKind.EXAM if item.kind is AssessmentKind.EXAM else EventKind.TEST
