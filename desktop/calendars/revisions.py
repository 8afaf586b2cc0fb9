"""What was written of events before: when one counts as changed, and what is said of one that is gone.

SEQUENCE (RFC 5545, 3.8.7) is a number per UID that rises with what a reader would see, never with an export that
brings nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from desktop.calendars.event import CalendarEvent
from desktop.domain.event_kinds import EventKind


@dataclass(frozen=True, slots=True)
class Revision:
    """What was last written under one UID, kept per way of export (the file, each feed, each target)."""

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


def revise(written: Iterable[CalendarEvent], revisions: Mapping[str, Revision]) -> dict[str, Revision]:
    """What to keep for the next time, once `written` is safely where it should be."""
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


def revised(event: CalendarEvent, before: Revision | None, now: datetime) -> CalendarEvent:
    """The event with its sequence and moment, `before` being what was last written under its UID."""
    if before is None:
        return replace(event, modified=now)
    if before.digest == event.digest():
        return replace(event, sequence=before.sequence, modified=before.modified)
    return replace(event, sequence=before.sequence + 1, modified=now)


def cancelled(uid: str, before: Revision, now: datetime) -> CalendarEvent:
    """An event that was written and is gone, cancelled: said the same way each time, so that it is no news but once."""
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
