"""Marks, which identify the content of an event on a server."""

import random
from dataclasses import replace

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.calendars.events import calendar_events
from desktop.calendars.ical import write_event
from desktop.calendars.marks import fingerprint, parse_event, write_marked_event
from desktop.calendars.options import ExportOptions
from tests.clients.timetables import CALENDAR, NAMESPACE, NOW, timetables, twelve_modules

EVENTS = calendar_events(twelve_modules(), CALENDAR, ExportOptions(), NAMESPACE, None, NOW)
SERIES = next(event for event in EVENTS if event.until and event.excluded and event.location)


def test_what_was_written_is_read_back_untouched():
    for event in EVENTS:
        read = parse_event(write_marked_event(event, 2026))
        assert (read.uid, read.title, read.year) == (event.uid, event.title, 2026)
        assert read.there == read.wrote == fingerprint(event)


def test_a_sequence_and_a_stamp_are_no_change():
    assert fingerprint(replace(SERIES, sequence=9, modified=NOW)) == fingerprint(SERIES)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x"},
        {"location": "x"},
        {"description": "x"},
        {"excluded": ()},
        {"alarms": (5,)},
        {"categories": ("x",)},
        {"tentative": True},
        {"private": True},
        {"colour": None},
        {"until": None, "excluded": ()},
        {"uid": "x"},
    ],
)
def test_every_change_is_seen(change):
    assert fingerprint(replace(SERIES, **change)) != fingerprint(SERIES)


@settings(max_examples=30, deadline=None)
@given(timetables(), st.randoms())
def test_a_server_that_spells_it_differently_changes_nothing(timetable, chance):
    for event in calendar_events(timetable, CALENDAR, ExportOptions(), NAMESPACE, None, NOW):
        body = write_marked_event(event, 2026)
        again = respelt(body, chance)
        assert parse_event(again).there == parse_event(body).there
        assert parse_event(again).wrote == parse_event(body).wrote


def respelt(body: bytes, chance: random.Random) -> bytes:
    """The same event in UTC, its dates in one list, its properties in another order, with what servers add."""
    calendar = icalendar.Calendar.from_ical(body)
    event = calendar.walk("VEVENT")[0]
    made = icalendar.Event()
    names = [name for name in event if name not in {"DTSTART", "DTEND", "EXDATE"}]
    chance.shuffle(names)
    for name in names:
        made[name] = event[name]
    from datetime import UTC

    for name in ("DTSTART", "DTEND"):
        if name in event:
            made.add(name, event[name].dt.astimezone(UTC))
    dates = event.get("EXDATE", [])
    dates = [each.dt for one in (dates if isinstance(dates, list) else [dates]) for each in one.dts]
    chance.shuffle(dates)
    if dates:
        made.add("exdate", dates)
    made.add("created", NOW)
    made.add("x-server-says", "something")
    for alarm in event.walk("VALARM"):
        alarm.add("uid", "alarm-1")
        made.add_component(alarm)
    whole = icalendar.Calendar()
    whole.add("prodid", "-//Another//EN")
    whole.add("version", "2.0")
    whole.add_component(made)
    return whole.to_ical()


def test_one_date_changed_by_hand_is_a_change():
    body = write_event(SERIES).decode()
    override = (
        f"BEGIN:VEVENT\r\nUID:{SERIES.uid}\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:20260302T053000Z\r\n"
        "DTSTART:20260302T070000Z\r\nDTEND:20260302T080000Z\r\nSUMMARY:Later\r\nEND:VEVENT\r\n"
    )
    changed = body.replace("END:VCALENDAR", override + "END:VCALENDAR").encode()
    assert parse_event(changed).there != fingerprint(SERIES)
    assert parse_event(changed).uid == SERIES.uid


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=6)), min_size=1, max_size=5))
def test_a_damaged_file_is_never_more_than_unreadable(changes):
    body = bytearray(write_marked_event(SERIES, 2026))
    for place, new in changes:
        body[place % len(body) : place % len(body) + len(new)] = new
    read = parse_event(bytes(body))
    assert read is None or isinstance(read.there, str)


@pytest.mark.parametrize("body", [b"", b"nonsense", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", b"\xff" * 50])
def test_what_is_no_event_is_none(body):
    assert parse_event(body) is None
