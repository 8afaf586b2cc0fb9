"""One calendar event, single or weekly: the form that every export starts from. Times are naive, on UP's clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from desktop.domain.drafts.draft import WEEKDAYS
from desktop.domain.event_kinds import EventKind
from desktop.domain.records.records import canonical_json
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.terms import WEEK

GROUPS_PROPERTY = (
    "X-UP-SCHEDULE-GROUPS"  # in a published calendar: a link per year with the groups that the student shares
)
SEQUENCE_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # earlier than any export


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """A single event, or a weekly series.

    A series runs from `start` to `until`, the start of its last date, without the `excluded` starts. `item` is the id
    of the meeting, assessment or own event; one item may have several events.
    """

    uid: str
    item: str
    kind: EventKind
    title: str
    start: datetime
    end: datetime
    until: datetime | None = None
    excluded: tuple[datetime, ...] = ()
    location: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    colour: Colour | None = None
    alarms: tuple[int, ...] = ()
    tentative: bool = False
    private: bool = False
    sequence: int = 0
    modified: datetime = SEQUENCE_EPOCH
    cancelled: bool = False

    def starts(self) -> Iterator[datetime]:
        """The start of every date, in order, without the excluded ones."""
        moment, excluded = self.start, frozenset(self.excluded)
        while moment <= (self.until or self.start):
            if moment not in excluded:
                yield moment
            moment += WEEK

    @property
    def last_moment(self) -> datetime | None:
        """The UNTIL of a series: the end of its last day.

        Programs built on rrule.js leave out a date that starts at exactly UNTIL.
        """
        return self.until and self.until.replace(hour=23, minute=59, second=59)

    def content(self) -> dict[str, Any]:
        """All visible content as JSON values, for comparing two versions of an event."""
        return {
            "title": self.title,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "until": self.last_moment.isoformat() if self.last_moment else None,
            "excluded": [moment.isoformat() for moment in self.excluded],
            "location": self.location,
            "description": self.description,
            "categories": list(self.categories),
            "colour": self.colour,
            "alarms": list(self.alarms),
            "tentative": self.tentative,
            "private": self.private,
            "cancelled": self.cancelled,
        }

    def digest(self) -> str:
        """A hash of the content: 32 hex digits."""
        return hashlib.sha256(canonical_json(self.content()).encode()).hexdigest()[:32]

    def time_text(self) -> str:
        """When the event takes place, in one line: `Mondays 08:30 to 09:20, 9 Feb to 18 May, 13 times`."""
        clock = f"{self.start:%H:%M} to {self.end:%H:%M}"
        if self.until is None:
            return f"{_date_text(self.start)} {self.start.year}, {clock}"
        count = sum(1 for _ in self.starts())
        first, last = (f"{each.day} {each:%b}" for each in (self.start, self.until))
        return f"{WEEKDAYS[self.start.weekday()]}s {clock}, {first} to {last}, {count} times"


def _date_text(moment: date) -> str:
    return f"{moment:%a} {moment.day} {moment:%b}"
