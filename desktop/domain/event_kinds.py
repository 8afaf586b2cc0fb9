"""What something on one date is to a calendar: filters, reminders and exports go by it."""

from __future__ import annotations

from enum import StrEnum

from desktop.domain.timetable.assessments import AssessmentKind
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.timetable import Item


class EventKind(StrEnum):
    """What an event is, for filters and alarms."""

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
