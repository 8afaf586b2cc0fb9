"""Foreign calendars: their contents are read correctly, and their faults stay in the child process."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from desktop.calendars.event import CalendarEvent
from desktop.calendars.foreign import MAX_YEARS, Taken, read, read_friend_calendar
from desktop.calendars.ical import write_calendar
from desktop.domain.errors import DocumentRefused
from desktop.domain.event_kinds import EventKind
from desktop.domain.records.shared_choices import MAX_LINK_LENGTH

FIRST, LAST = date(2026, 2, 1), date(2026, 6, 30)


def calendar(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//stranger//EN"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z", *event.split("\n"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def test_times_come_on_ups_clock_and_recurrences_are_unfolded() -> None:
    body = calendar(
        "SUMMARY:COS 212\\, L1\nLOCATION:IT 4-4\nDTSTART:20260302T063000Z\nDTEND:20260302T072000Z"
        "\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20260309T063000Z",
        "SUMMARY:Local\nDTSTART:20260303T100000\nDURATION:PT1H",
    )
    assert read_friend_calendar(body, FIRST, LAST).taken == (
        Taken(datetime(2026, 3, 2, 8, 30), datetime(2026, 3, 2, 9, 20), "COS 212, L1", "IT 4-4"),
        Taken(datetime(2026, 3, 3, 10, 0), datetime(2026, 3, 3, 11, 0), "Local"),
        Taken(datetime(2026, 3, 16, 8, 30), datetime(2026, 3, 16, 9, 20), "COS 212, L1", "IT 4-4"),
    )


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:all day\nDTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260303",
        "SUMMARY:free\nDTSTART:20260302T100000\nDTEND:20260302T110000\nTRANSP:TRANSPARENT",
        "SUMMARY:off\nDTSTART:20260302T100000\nDTEND:20260302T110000\nSTATUS:CANCELLED",
        "SUMMARY:no length\nDTSTART:20260302T100000\nDTEND:20260302T100000",
    ],
)
def test_what_takes_no_time_is_left_out(event: str) -> None:
    assert read(calendar(event), FIRST, LAST).taken == ()


def test_the_groups_of_a_calendar_come_with_it_and_those_of_an_event_do_not() -> None:
    link = "upschedule:groups?year=2026&COS+212/S1/P=P02"
    event = CalendarEvent("1", "1", EventKind.OWN, "x", datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 11))
    written = write_calendar([event], groups=[link, link.replace("2026", "2027")])
    assert b"X-UP-SCHEDULE-GROUPS;VALUE=URI:upschedule:groups?year=2026&" in written
    assert read_friend_calendar(written, FIRST, LAST).groups == (link, link.replace("2026", "2027"))
    assert read_friend_calendar(write_calendar([event]), FIRST, LAST).groups == ()
    strange = calendar(f"X-UP-SCHEDULE-GROUPS;VALUE=URI:{link}\nDTSTART:20260302T100000\nDTEND:20260302T110000")
    assert read(strange, FIRST, LAST).groups == ()


def test_no_more_groups_are_taken_than_a_student_has() -> None:
    links = [
        "upschedule:groups?" + "x" * MAX_LINK_LENGTH,
        *(f"upschedule:groups?year={year}" for year in range(2000, 2099)),
    ]
    assert read(write_calendar([], groups=links), FIRST, LAST).groups == tuple(links[1:MAX_YEARS])


def test_letters_that_do_not_print_are_gone() -> None:
    (taken,) = read(
        calendar("SUMMARY:a\u202eb\u0007c" + "x" * 999 + "\nDTSTART:20260302T100000\nDTEND:20260302T110000"),
        FIRST,
        LAST,
    ).taken
    assert taken.title.startswith("a b c")
    assert len(taken.title) == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"<html>",
        b"BEGIN:VCALENDAR\r\n" * 50_000,
        calendar("SUMMARY:x\nDTSTART:20260302T000000\nDTEND:20260302T000001\nRRULE:FREQ=SECONDLY"),
        calendar("SUMMARY:x\nDTSTART:00010101T000000\nDTEND:00010101T010000\nRRULE:FREQ=MINUTELY"),
        b"x" * 1_000_001,
    ],
    ids=["empty", "zeros", "a page", "nested", "every second", "every minute since the year 1", "too large"],
)
def test_what_is_no_timetable_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(DocumentRefused) as refused:
        read_friend_calendar(body, FIRST, LAST)
    assert refused.value.hint
