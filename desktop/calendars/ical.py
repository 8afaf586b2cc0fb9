"""Writes events as iCalendar (RFC 5545, RFC 7986), and reads sequence numbers from existing files.

Apart from the events themselves, nothing written depends on time or place: the same events give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from desktop.calendars.event import GROUPS_PROPERTY, CalendarEvent
from desktop.calendars.events import calendar_events
from desktop.calendars.options import ExportOptions
from desktop.calendars.revisions import Revision, updated_revisions
from desktop.domain.event_kinds import EventKind
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import TIME_ZONE

if TYPE_CHECKING:
    import icalendar

PRODUCT_ID = "-//UP Schedule Generator//EN"
MARK_PROPERTY = "X-UP-SCHEDULE-GENERATOR"  # a property that calendar programs ignore and preserve
_BEGIN_EVENT = b"BEGIN:VEVENT\r\n"
MAX_SEQUENCE = 2**31 - 1  # an INTEGER of iCalendar (RFC 5545, 3.3.8)
# The CSS3 colour names (RFC 7986, 5.9) nearest to Google Calendar's 11 event colours.
CSS_NAMES = {
    Colour.TOMATO: "tomato",
    Colour.FLAMINGO: "lightcoral",
    Colour.TANGERINE: "orangered",
    Colour.BANANA: "gold",
    Colour.SAGE: "mediumseagreen",
    Colour.BASIL: "seagreen",
    Colour.PEACOCK: "deepskyblue",
    Colour.BLUEBERRY: "royalblue",
    Colour.LAVENDER: "cornflowerblue",
    Colour.GRAPE: "darkorchid",
    Colour.GRAPHITE: "dimgray",
}


def write_calendar(
    found: Iterable[CalendarEvent], name: str = "", refresh: timedelta | None = None, groups: Iterable[str] = ()
) -> bytes:
    """The events as one file, with CRLF line ends and folded lines. `name` is the calendar's name.

    `refresh` and `groups` are for published calendars; `groups` are links with the groups that the student shares.
    """
    return bytes(_calendar(found, name, refresh, groups).to_ical())


def read_sequences(body: bytes) -> dict[str, int]:
    """The highest SEQUENCE of each UID in a calendar file; empty if `body` is not a calendar."""
    import icalendar  # noqa: PLC0415 - needed only for an export

    try:
        found = icalendar.Calendar.from_ical(body).walk("VEVENT")
    except (ValueError, LookupError, AttributeError, TypeError):  # the library's errors for no calendar
        return {}
    highest: dict[str, int] = {}
    for event in found:
        uid, number = str(event.get("UID", "")), str(event.get("SEQUENCE", ""))
        if number.isdecimal():
            highest[uid] = max(highest.get(uid, 0), min(int(number[:12]), MAX_SEQUENCE))
    return highest


@lru_cache(maxsize=1000)
def write_event(event: CalendarEvent, mark: str = "") -> bytes:
    """A file with this one event, as a CalDAV server stores it (RFC 4791, 4.1), with its mark."""
    body = write_calendar([event]) if not mark else write_event(event)
    # At the start of the event: after an alarm, it might be read as part of the alarm.
    return body.replace(_BEGIN_EVENT, _BEGIN_EVENT + f"{MARK_PROPERTY}:{mark}\r\n".encode(), 1) if mark else body


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """A summary of a file to be written: its events, their number of dates by kind, and its first and last start."""

    events: tuple[CalendarEvent, ...]
    dates: Counter[EventKind]
    cancelled: int
    first: datetime | None
    last: datetime | None


def preview_export(found: Sequence[CalendarEvent]) -> ExportPreview:
    """A summary of what `write_calendar` would write for these events."""
    standing = [event for event in found if not event.cancelled]
    dates: Counter[EventKind] = Counter()
    for event in standing:
        dates[event.kind] += sum(1 for _ in event.starts())
    return ExportPreview(
        tuple(found),
        dates,
        len(found) - len(standing),
        min((event.start for event in standing), default=None),
        max((event.until or event.start for event in standing), default=None),
    )


@cache
def _zone() -> ZoneInfo:
    return ZoneInfo(TIME_ZONE)


def to_aware(moment: datetime) -> datetime:
    """The aware datetime of a naive one on UP's clock."""
    return moment.replace(tzinfo=_zone())


def to_naive(moment: datetime) -> datetime:
    """The inverse of `to_aware`. A naive datetime is returned unchanged."""
    return moment.astimezone(_zone()).replace(tzinfo=None) if moment.tzinfo else moment


def _calendar(
    found: Iterable[CalendarEvent], name: str, refresh: timedelta | None, groups: Iterable[str]
) -> icalendar.Calendar:
    import icalendar  # noqa: PLC0415 - needed only for an export

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", TIME_ZONE)
    if refresh is not None:
        calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", icalendar.vDuration(refresh))
    for link in groups:
        calendar.add(GROUPS_PROPERTY, icalendar.vUri(link), parameters={"VALUE": "URI"})
    calendar.add_component(_timezone())
    for event in found:
        calendar.add_component(_event(event))
    return calendar


def _timezone() -> icalendar.Timezone:
    """Africa/Johannesburg, which has kept one offset since 1944."""
    import icalendar  # noqa: PLC0415

    zone = icalendar.Timezone()
    zone.add("tzid", TIME_ZONE)
    standard = icalendar.TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local by definition (RFC 5545, 3.6.5)
    standard.add("tzoffsetfrom", timedelta(hours=2))
    standard.add("tzoffsetto", timedelta(hours=2))
    standard.add("tzname", "SAST")
    zone.add_component(standard)
    return zone


def _event(event: CalendarEvent) -> icalendar.Event:
    import icalendar  # noqa: PLC0415

    made = icalendar.Event()
    made.add("uid", event.uid)
    # Without a METHOD, DTSTAMP is the time of the last revision (RFC 5545, 3.8.7.2). So unchanged events keep their
    # bytes whenever they are written.
    made.add("dtstamp", event.modified)
    made.add("last-modified", event.modified)
    made.add("sequence", event.sequence)
    made.add("summary", event.title)
    made.add("dtstart", to_aware(event.start))
    if event.end > event.start:  # DTEND must be later than DTSTART; without it the event ends when it starts (3.6.1)
        made.add("dtend", to_aware(event.end))
    if event.last_moment is not None:
        made.add("rrule", {"freq": "weekly", "until": to_aware(event.last_moment).astimezone(UTC)})
        for moment in event.excluded:
            made.add("exdate", to_aware(moment))
    _add_optional_properties(made, event)
    for minutes in () if event.cancelled else event.alarms:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", timedelta(minutes=-minutes))
        alarm.add("description", event.title)
        made.add_component(alarm)
    return made


def _add_optional_properties(made: Any, event: CalendarEvent) -> None:
    if event.location:
        made.add("location", event.location)
    if event.description:
        made.add("description", event.description)
    if event.categories:
        made.add("categories", list(event.categories))
    if event.colour is not None:
        made.add("color", CSS_NAMES[event.colour])
    if event.private:
        made.add("class", "PRIVATE")
    status = "CANCELLED" if event.cancelled else "TENTATIVE" if event.tentative else "CONFIRMED"
    made.add("status", status)
    made.add("transp", "TRANSPARENT" if event.cancelled else "OPAQUE")


__all__ = [
    "CSS_NAMES",
    "CalendarEvent",
    "ExportOptions",
    "ExportPreview",
    "Revision",
    "calendar_events",
    "preview_export",
    "to_aware",
    "to_naive",
    "updated_revisions",
    "write_calendar",
    "write_event",
]
