"""Detects changes to an event on a CalDAV server, by its mark and the fingerprint of its present content.

The mark is the fingerprint of what this program wrote. If the two differ, the event was changed in the online calendar.
Servers rewrite files, so the fingerprint does not depend on zones, order or missing defaults.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from desktop.calendars.event import CalendarEvent
from desktop.calendars.ical import MARK_PROPERTY, to_aware, to_naive, write_event
from desktop.domain.records.records import canonical_json


@dataclass(frozen=True, slots=True)
class MarkedEvent:
    """An event as read from a server. `there` is the fingerprint of its content, `wrote` its mark or empty."""

    uid: str
    title: str
    there: str
    wrote: str = ""
    year: int = 0


@lru_cache(maxsize=2000)
def fingerprint(event: CalendarEvent) -> str:
    """A hash of the event's content, the same on every server: 32 hex digits."""
    read = parse_event(write_event(event))
    if read is None:
        raise ValueError("an event that was written cannot be read")
    return read.there


def write_marked_event(event: CalendarEvent, year: int) -> bytes:
    """The event as an iCalendar file, with its mark."""
    return write_event(event, f"1 {year} {fingerprint(event)}")


def parse_event(body: bytes) -> MarkedEvent | None:
    """Parse an event's file from a server; None if it contains no readable event."""
    import icalendar  # noqa: PLC0415 - needed only for a push

    try:
        events: list[Any] = [each for each in icalendar.Calendar.from_ical(body).walk("VEVENT") if not each.errors]
        masters = [each for each in events if "RECURRENCE-ID" not in each]
        if not masters:
            return None
        main = masters[0]
        content = _content(main)
        content["others"] = sorted(
            (_content(each) | {"instead": _moment(each["RECURRENCE-ID"].dt)} for each in events if each is not main),
            key=canonical_json,
        )
    except (ValueError, KeyError, AttributeError, TypeError, IndexError, ArithmeticError):
        return None  # an unreadable event is not from this program, and is left alone
    wrote, year = "", 0
    parts = str(main.get(MARK_PROPERTY, "")).split()
    if len(parts) == 3 and parts[0] == "1" and parts[1].isdigit():
        year, wrote = int(parts[1]), parts[2]
    there = hashlib.sha256(canonical_json(content).encode()).hexdigest()[:32]
    return MarkedEvent(content["uid"], content["title"], there, wrote, year)


def parse_first_event(body: bytes) -> tuple[str, str, datetime, datetime, bool] | None:
    """Title, location, start, end (naive, on UP's clock) and repetition of the first event in any event's file.

    None for an all-day event, and for a file that cannot be read.
    """
    import icalendar  # noqa: PLC0415 - as above

    try:
        events: list[Any] = icalendar.Calendar.from_ical(body).walk("VEVENT")
        for event in events:
            if "RECURRENCE-ID" in event:
                continue
            start = event["DTSTART"].dt
            end = event["DTEND"].dt if "DTEND" in event else start + event["DURATION"].dt
            if not isinstance(start, datetime):
                return None
            words = _text(event.get("SUMMARY")), _text(event.get("LOCATION"))
            return *words, to_naive(start), to_naive(end), "RRULE" in event
    except (ValueError, KeyError, AttributeError, TypeError, IndexError, ArithmeticError):
        pass  # an unreadable event is skipped
    return None


def _content(event: Any) -> dict[str, Any]:
    start = event["DTSTART"].dt
    return {
        "uid": _text(event.get("UID")),
        "title": _text(event.get("SUMMARY")),
        "start": _moment(start),
        "end": _moment(event["DTEND"].dt)
        if "DTEND" in event
        else _moment(start + event["DURATION"].dt)
        if "DURATION" in event
        else _moment(start),
        "rule": _rule(event.get("RRULE")),
        "excluded": _dates(event.get("EXDATE")),
        "more": _dates(event.get("RDATE")),
        "location": _text(event.get("LOCATION")),
        "description": _text(event.get("DESCRIPTION")),
        "categories": sorted(_categories(event.get("CATEGORIES"))),
        "colour": _text(event.get("COLOR")).lower(),
        "status": _text(event.get("STATUS")) or "CONFIRMED",
        "class": _text(event.get("CLASS")) or "PUBLIC",
        "alarms": sorted(
            _text(each["TRIGGER"].to_ical().decode()) for each in event.walk("VALARM") if "TRIGGER" in each
        ),
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return (value if value.tzinfo else to_aware(value)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no moment")


def _rule(rule: Any) -> dict[str, list[str]]:
    if rule is None:
        return {}
    parts = {
        str(name).upper(): sorted(_moment(each) if isinstance(each, date) else str(each) for each in values)
        for name, values in rule.items()
    }
    return {name: values for name, values in parts.items() if (name, values) not in _DEFAULTS}


_DEFAULTS = (("INTERVAL", ["1"]), ("WKST", ["MO"]))


def _dates(value: Any) -> list[str]:
    lists = value if isinstance(value, list) else [] if value is None else [value]
    return sorted(_moment(each.dt) for dates in lists for each in dates.dts)


def _categories(value: Any) -> list[str]:
    lists = value if isinstance(value, list) else [] if value is None else [value]
    return [str(each) for one in lists for each in one.cats]
