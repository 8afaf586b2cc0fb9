"""Revisions of exported events: detects changes, and cancels events that are no longer in the timetable.

SEQUENCE (RFC 5545, 3.8.7) is a number per UID. It rises when the visible content changes, and stays the same in an
export without changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from desktop.calendars.event import CalendarEvent
from desktop.domain.event_kinds import EventKind


@dataclass(frozen=True, slots=True)
class Revision:
    """The last version written under one UID, kept separately for the file, each feed and each target."""

    item: str
    kind: EventKind
    sequence: int
    digest: str
    modified: datetime
    title: str
    start: datetime
    end: datetime
    until: datetime | None = None
    excluded: tuple[datetime, ...] = ()
    cancelled: bool = False

    @property
    def last_date(self) -> date:
        return (self.until or self.start).date()


def updated_revisions(written: Iterable[CalendarEvent], revisions: Mapping[str, Revision]) -> dict[str, Revision]:
    """The revisions to store once `written` has been saved at its destination."""
    kept = dict(revisions)
    for event in written:
        kept[event.uid] = Revision(
            event.item,
            event.kind,
            event.sequence,
            event.digest(),
            event.modified,
            event.title,
            event.start,
            event.end,
            event.until,
            event.excluded,
            event.cancelled,
        )
    return kept


def with_revision(event: CalendarEvent, before: Revision | None, now: datetime) -> CalendarEvent:
    """The event with its sequence number and time of modification. `before` is the last revision of its UID."""
    if before is None:
        return replace(event, modified=now)
    if before.digest == event.digest():
        return replace(event, sequence=before.sequence, modified=before.modified)
    return replace(event, sequence=before.sequence + 1, modified=now)


def cancellation_of(uid: str, before: Revision, now: datetime) -> CalendarEvent:
    """The cancellation of an event that was written and is no longer in the timetable.

    A repeated cancellation keeps its sequence number, so that it counts as a change only once.
    """
    return CalendarEvent(
        uid,
        before.item,
        before.kind,
        before.title,
        before.start,
        before.end,
        before.until,
        before.excluded,
        sequence=before.sequence if before.cancelled else before.sequence + 1,
        modified=before.modified if before.cancelled else now,
        cancelled=True,
    )
