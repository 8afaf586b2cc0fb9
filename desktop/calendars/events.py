"""What a timetable is to a calendar program: events, weekly or single, that every way of export shares.

Hides how the dates of a meeting become a series with exceptions, what makes an event's identity, when it counts as
changed, and what is said of events that were written before and are gone. Times are naive, on UP's own clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from desktop.calendars.wording import categories, clean, description, location, title
from desktop.domain.draft import WEEKDAYS
from desktop.domain.errors import InvalidInput
from desktop.domain.occurrences import held_on, is_skipped, occurrence_on
from desktop.domain.records import canonical
from desktop.domain.terms import WEEK, AcademicCalendar, HeldOn
from desktop.domain.timetable import (
    ZONE,
    Colour,
    Item,
    Meeting,
    OwnEvent,
    Sitting,
    SittingKind,
    Timetable,
)
from desktop.domain.wording import said
from desktop.languages import LANGUAGES, speech

_SEQUENCE_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class EventKind(StrEnum):
    """What an event is, for filters and alarms."""

    LECTURE = "lecture"  # any weekly class: lectures, practicals, tutorials
    TEST = "test"
    EXAM = "exam"
    OWN = "own"


_ALARMS = {
    EventKind.LECTURE: (),
    EventKind.TEST: (24 * 60, 60),
    EventKind.EXAM: (24 * 60, 120),
    EventKind.OWN: (),
}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is written and how. `alarms` in minutes before the start, by kind.

    `undecided` keeps the candidates of groups not chosen yet; `singles` writes every date as an event of its own, for
    programs that ignore exceptions; `venues` off leaves the rooms out; `busy_only` leaves out everything but the time;
    `language` is the one it is written in (en, af).
    """

    kinds: frozenset[EventKind] = frozenset(EventKind)
    undecided: bool = True
    singles: bool = False
    venues: bool = True
    busy_only: bool = False
    alarms: Mapping[EventKind, tuple[int, ...]] = field(default_factory=lambda: dict(_ALARMS))
    name: str = ""
    language: str = "en"

    def to_json(self) -> dict[str, Any]:
        """Plain values, as the shared settings keep them."""
        return {
            "kinds": sorted(self.kinds),
            "undecided": self.undecided,
            "singles": self.singles,
            "venues": self.venues,
            "busy_only": self.busy_only,
            "alarms": {str(kind): list(minutes) for kind, minutes in sorted(self.alarms.items())},
            "name": self.name,
            "language": self.language,
        }


def options_from_json(plain: Any) -> ExportOptions:
    """The reverse of `ExportOptions.to_json`; whatever cannot be meant is as if it were not set."""
    options, known = ExportOptions(), {str(kind) for kind in EventKind}
    if not isinstance(plain, Mapping):
        return options

    def switch(name: str, default: bool) -> bool:
        value = plain.get(name)
        return value if isinstance(value, bool) else default

    kinds, alarms, name = plain.get("kinds"), plain.get("alarms"), plain.get("name")
    language = plain.get("language")
    return ExportOptions(
        frozenset(EventKind(kind) for kind in kinds if kind in known) if isinstance(kinds, list) else options.kinds,
        switch("undecided", options.undecided),
        switch("singles", options.singles),
        switch("venues", options.venues),
        switch("busy_only", options.busy_only),
        _alarms(alarms, known) if isinstance(alarms, Mapping) else options.alarms,
        name[:200] if isinstance(name, str) else "",
        language if language in LANGUAGES else options.language,
    )


def _alarms(plain: Mapping[Any, Any], known: set[str]) -> dict[EventKind, tuple[int, ...]]:
    given = {
        EventKind(kind): tuple(sorted({each for each in minutes if _is_alarm(each)}, reverse=True))
        for kind, minutes in plain.items()
        if kind in known and isinstance(minutes, list)
    }
    return {**_ALARMS, **given}


def _is_alarm(minutes: Any) -> bool:
    return isinstance(minutes, int) and not isinstance(minutes, bool) and 0 <= minutes <= 28 * 24 * 60


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event: single, or weekly from `start` up to `until` (the start of its last date) but for `excluded` starts.

    `item` is the id of the meeting, sitting or own event it stands for; several events may stand for one item.
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
    modified: datetime = _SEQUENCE_EPOCH
    cancelled: bool = False

    def starts(self) -> Iterator[datetime]:
        """Every start it really has, in order."""
        moment, excluded = self.start, frozenset(self.excluded)
        while moment <= (self.until or self.start):
            if moment not in excluded:
                yield moment
            moment += WEEK

    def content(self) -> dict[str, Any]:
        """Everything a reader would see, as plain values: two events of equal content are the same event."""
        return {
            "title": self.title,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "until": self.until.isoformat() if self.until else None,
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
        """Names the content: hex, 32 digits."""
        return hashlib.sha256(canonical(self.content()).encode()).hexdigest()[:32]

    def words(self) -> str:
        """When it takes place, in a line: `Mondays 08:30 to 09:20, 9 Feb to 18 May, 13 times`."""
        clock = f"{self.start:%H:%M} to {self.end:%H:%M}"
        if self.until is None:
            return f"{_day(self.start)} {self.start.year}, {clock}"
        count = sum(1 for _ in self.starts())
        first, last = (f"{each.day} {each:%b}" for each in (self.start, self.until))
        return f"{WEEKDAYS[self.start.weekday()]}s {clock}, {first} to {last}, {count} times"


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

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a store."""
        return {
            "item": self.item,
            "kind": str(self.kind),
            "sequence": self.sequence,
            "digest": self.digest,
            "modified": self.modified.isoformat(),
            "title": self.title,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "excluded": [moment.isoformat() for moment in self.excluded],
            "cancelled": self.cancelled,
        }


def revision_from_json(plain: Mapping[str, Any]) -> Revision:
    """The reverse of `Revision.to_json`; raises InvalidInput."""
    try:
        return Revision(
            str(plain["item"]),
            EventKind(plain["kind"]),
            int(plain["sequence"]),
            str(plain["digest"]),
            datetime.fromisoformat(plain["modified"]),
            str(plain["title"]),
            datetime.fromisoformat(plain["start"]),
            datetime.fromisoformat(plain["end"]),
            datetime.fromisoformat(plain["until"]) if plain["until"] else None,
            tuple(datetime.fromisoformat(moment) for moment in plain["excluded"]),
            bool(plain["cancelled"]),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise InvalidInput(said("This is not what was written of an event ({wrong}).", wrong=repr(wrong))) from wrong


def events(
    timetable: Timetable,
    calendar: AcademicCalendar,
    options: ExportOptions,
    namespace: UUID,
    revisions: Mapping[str, Revision] | None,
    now: datetime,
) -> tuple[CalendarEvent, ...]:
    """The year's events, and those written before and gone, cancelled. In order of start, title and UID.

    `namespace` is the profile's; `revisions` by UID what this way of export wrote last, None where nothing is kept (a
    headless run: the sequence then comes from `now`). `now` is aware. Only what the timetable no longer says is
    cancelled: leaving a kind out of one file does not call off what another file brought.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    everything = [
        event
        for item in timetable.items()
        if _is_shown(timetable, item, options)
        for event in _events_of(timetable, calendar, item, options, namespace)
    ]
    found = [event for event in everything if event.kind in options.kinds]
    if revisions is None:
        minutes = (moment - _SEQUENCE_EPOCH) // timedelta(minutes=1)
        found = [replace(event, sequence=max(0, minutes), modified=moment) for event in found]
    else:
        found = [_revised(event, revisions.get(event.uid), moment) for event in found]
        present = {event.uid for event in everything}
        for uid, revision in revisions.items():
            is_of_year = revision.item.startswith(f"{timetable.year}/")
            if uid not in present and is_of_year and revision.kind in options.kinds and not revision.cancelled:
                found.append(_cancelled(uid, revision, moment))
    return tuple(sorted(found, key=lambda event: (event.start, event.title, event.uid)))


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


def _revised(event: CalendarEvent, before: Revision | None, now: datetime) -> CalendarEvent:
    if before is None:
        return replace(event, modified=now)
    if before.digest == event.digest():
        return replace(event, sequence=before.sequence, modified=before.modified)
    return replace(event, sequence=before.sequence + 1, modified=now)


def _cancelled(uid: str, before: Revision, now: datetime) -> CalendarEvent:
    return CalendarEvent(
        uid,
        before.item,
        before.kind,
        before.title,
        before.start,
        before.end,
        before.until,
        before.excluded,
        sequence=before.sequence + 1,
        modified=now,
        cancelled=True,
    )


def _is_shown(timetable: Timetable, item: Item, options: ExportOptions) -> bool:
    return timetable.is_attended(item) or (options.undecided and timetable.is_undecided(item))


def _kind(item: Item) -> EventKind:
    if isinstance(item, Meeting):
        return EventKind.LECTURE
    if isinstance(item, OwnEvent):
        return EventKind.OWN
    return EventKind.EXAM if item.kind is SittingKind.EXAM else EventKind.TEST


def _events_of(
    timetable: Timetable, calendar: AcademicCalendar, item: Item, options: ExportOptions, namespace: UUID
) -> Iterator[CalendarEvent]:
    held = [each for each in held_on(item, calendar) if not is_skipped(item, each.date)]
    weekly = isinstance(item, Meeting) or (isinstance(item, OwnEvent) and item.on is None)
    if weekly and not options.singles:
        regular = [each for each in held if each.moved_from is None]
        if regular:
            yield _series(timetable, calendar, item, regular, options, namespace)
        held = [each for each in held if each.moved_from is not None]
    for each in held:
        uid = str(uuid5(namespace, f"{item.id}@{each.date}" if weekly else item.id))
        yield _single(timetable, calendar, item, each, options, uid)


def _series(
    timetable: Timetable,
    calendar: AcademicCalendar,
    item: Item,
    held: list[HeldOn],
    options: ExportOptions,
    namespace: UUID,
) -> CalendarEvent:
    event = _single(timetable, calendar, item, held[0], options, str(uuid5(namespace, item.id)))
    last = occurrence_on(item, held[-1]).start
    if last == event.start:
        return event
    dates = {each.date for each in held}
    weeks = (event.start + count * WEEK for count in range((last - event.start) // WEEK))
    return replace(event, until=last, excluded=tuple(moment for moment in weeks if moment.date() not in dates))


def _single(
    timetable: Timetable, calendar: AcademicCalendar, item: Item, held: HeldOn, options: ExportOptions, uid: str
) -> CalendarEvent:
    occurrence = occurrence_on(item, held, undecided=timetable.is_undecided(item))
    kind, say = _kind(item), speech(options.language).say
    if options.busy_only:
        return CalendarEvent(uid, item.id, kind, say(said("Busy")), occurrence.start, occurrence.end, private=True)
    return CalendarEvent(
        uid,
        item.id,
        kind,
        clean(title(timetable, occurrence, say)),
        occurrence.start,
        occurrence.end,
        location=clean(location(item)) if options.venues else "",
        description=clean(description(calendar, occurrence, say)),
        categories=tuple(clean(each) for each in categories(item, say)),
        colour=_colour(timetable, item),
        alarms=tuple(sorted(set(options.alarms.get(kind, ())), reverse=True)),
        tentative=occurrence.undecided or (isinstance(item, Sitting) and item.is_preliminary),
    )


def _colour(timetable: Timetable, item: Item) -> Colour | None:
    if isinstance(item, OwnEvent):
        return item.colour
    module = timetable.modules.get(item.module)
    return module.colour if module is not None else None


def _day(moment: date) -> str:
    return f"{moment:%a} {moment.day} {moment:%b}"


__all__ = [
    "ZONE",
    "CalendarEvent",
    "EventKind",
    "ExportOptions",
    "Revision",
    "events",
    "options_from_json",
    "revise",
    "revision_from_json",
]
