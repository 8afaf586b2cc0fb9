"""The bytes of a calendar file, and three independent programs that read them."""

import subprocess
import sys
import time as clock
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.calendars.ical import (
    ExportOptions,
    calendar_events,
    preview_export,
    updated_revisions,
    write_calendar,
    write_event,
)
from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.timetable import Timetable
from tests.clients import readers
from tests.clients.timetables import (
    CALENDAR,
    FIRST,
    LAST,
    NAMESPACE,
    NOW,
    YEAR,
    calendars,
    expected_occurrences,
    meeting,
    timetables,
    twelve_modules,
)

DEFAULT = ExportOptions()


def written(timetable: Timetable, calendar=CALENDAR, options=DEFAULT, revisions=None, now=NOW) -> bytes:
    return write_calendar(calendar_events(timetable, calendar, options, NAMESPACE, revisions, now), "Timetable 2026")


@settings(max_examples=40, deadline=None)
@given(timetables(), calendars(), st.booleans())
def test_recurring_ical_events_sees_the_same(timetable, calendar, singles):
    body = written(timetable, calendar, ExportOptions(singles=singles))
    assert readers.by_recurring_ical_events(body, FIRST, LAST) == expected_occurrences(timetable, calendar)


@settings(max_examples=12, deadline=None)
@given(timetables(), calendars(), st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"]))
def test_ical_js_sees_the_same(tmp_path_factory, timetable, calendar, zone):
    readers.needs_ical_js()
    path = tmp_path_factory.mktemp("ics") / "t.ics"
    path.write_bytes(written(timetable, calendar))
    assert readers.by_ical_js(path, zone) == expected_occurrences(timetable, calendar)


@pytest.mark.parametrize(
    ("zone", "singles", "in_khal"),
    [
        ("Africa/Johannesburg", False, False),
        ("Africa/Johannesburg", True, False),
        ("America/Los_Angeles", False, True),
        ("America/Los_Angeles", True, False),
        ("Pacific/Auckland", False, False),
        ("Pacific/Auckland", True, False),
        pytest.param("Pacific/Auckland", True, True, marks=pytest.mark.slow),  # khal takes its time over single events
    ],
)
def test_a_whole_year_in_three_programs_and_any_zone(tmp_path, monkeypatch, zone, singles, in_khal):
    readers.needs_ical_js()
    readers.needs_khal()
    path, timetable = tmp_path / "year.ics", twelve_modules()
    monkeypatch.setenv("TZ", zone)
    clock.tzset()
    try:
        path.write_bytes(written(timetable, options=ExportOptions(singles=singles)))
        told = readers.by_recurring_ical_events(path.read_bytes(), FIRST, LAST)
    finally:
        monkeypatch.undo()
        clock.tzset()
    expected = expected_occurrences(timetable, CALENDAR)
    assert len(expected) > 400
    assert told == expected
    assert readers.by_ical_js(path, zone) == expected
    if in_khal:
        assert readers.by_khal([path], tmp_path / "khal", FIRST, LAST, zone) == expected


def test_a_cancelled_series_is_gone_from_khal(tmp_path):
    readers.needs_khal()
    timetable = Timetable(
        YEAR, meetings=(meeting("COS 212", "L1", 1, "08:30", "09:20"), meeting("WTW 114", "L1", 2, "08:30", "09:20"))
    )
    smaller = Timetable(YEAR, meetings=timetable.meetings[:1])
    first = calendar_events(timetable, CALENDAR, ExportOptions(), NAMESPACE, {}, NOW)
    second = calendar_events(
        smaller, CALENDAR, ExportOptions(), NAMESPACE, updated_revisions(first, {}), NOW + timedelta(days=1)
    )
    files = [tmp_path / "1.ics", tmp_path / "2.ics"]
    files[0].write_bytes(write_calendar(first))
    files[1].write_bytes(write_calendar(second))
    assert b"STATUS:CANCELLED" in files[1].read_bytes()
    assert readers.by_khal(files, tmp_path / "khal", FIRST, LAST) == expected_occurrences(smaller, CALENDAR)
    assert readers.by_recurring_ical_events(files[1].read_bytes(), FIRST, LAST) == expected_occurrences(
        smaller, CALENDAR
    )


# The bytes themselves


def unfolded(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").split("\r\n")


def test_lines_end_in_crlf_and_are_folded_within_characters():
    event = OwnEvent("2026/event/1", YEAR, "Ü😀" * 60, time(8), time(9), on=date(2026, 3, 4), note="ß\n" * 100)
    body = written(Timetable(YEAR, events=(event,)))
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    for line in body.split(b"\r\n"):
        line.decode()  # no character is cut in two
    found = icalendar.Calendar.from_ical(body).walk("VEVENT")[0]
    assert found["summary"] == "Ü😀" * 60
    assert found["description"] == ("ß\n" * 100).strip()


@given(st.text(min_size=1, max_size=40))
def test_any_text_comes_back(text):
    event = OwnEvent("2026/event/1", YEAR, text, time(8), time(9), on=date(2026, 3, 4), venue=text, note=text)
    (made,) = calendar_events(Timetable(YEAR, events=(event,)), CALENDAR, ExportOptions(), NAMESPACE, None, NOW)
    found = icalendar.Calendar.from_ical(write_calendar([made])).walk("VEVENT")[0]
    assert found["summary"] == made.title
    assert found.get("location", "") == made.location
    assert found.get("description", "") == made.description


def test_same_timetable_and_now_give_the_same_bytes():
    body = written(twelve_modules())
    assert written(twelve_modules()) == body
    program = (
        "import sys; from tests.unit.desktop.calendars.test_ical import *;"
        "sys.stdout.buffer.write(written(twelve_modules()))"
    )
    for seed in ("0", "1"):
        again = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"},
            cwd=readers.ROOT,
            capture_output=True,
            check=True,
        )
        assert again.stdout == body


def test_an_event_says_all_it_should():
    exam = Assessment(
        "2026/COS 212/exam/1/E/H",
        YEAR,
        "COS 212",
        AssessmentKind.EXAM,
        "Exam",
        date(2026, 6, 3),
        time(8),
        time(11),
        ("IT 2-26; north", "HB, 4-1"),
    )
    lines = unfolded(written(Timetable(YEAR, assessments=(exam,))))
    for line in (
        "DTSTART;TZID=Africa/Johannesburg:20260603T080000",
        "DTEND;TZID=Africa/Johannesburg:20260603T110000",
        "LOCATION:IT 2-26\\; north\\, HB\\, 4-1",
        "CATEGORIES:COS 212,Exam",
        "STATUS:CONFIRMED",
        "TZID:Africa/Johannesburg",
        "TZOFFSETTO:+0200",
        "LAST-MODIFIED:20260115T080000Z",
        "TRIGGER:-P1D",
        "TRIGGER:-PT2H",
        "ACTION:DISPLAY",
    ):
        assert line in lines, line


def test_a_series_ends_with_its_last_day():
    lines = unfolded(written(Timetable(YEAR, meetings=(meeting("COS 212", "L1", 3, "07:30", "08:20"),))))
    assert "DTSTART;TZID=Africa/Johannesburg:20260212T073000" in lines
    assert "RRULE:FREQ=WEEKLY;UNTIL=20260521T215959Z" in lines
    assert "EXDATE;TZID=Africa/Johannesburg:20260402T073000" in lines


def test_a_assessment_of_no_length_has_no_end():
    assessment = Assessment(
        "2026/x/exam/1/E/H", YEAR, "x", AssessmentKind.EXAM, "E", date(2026, 6, 3), time(23, 59), time(23, 59)
    )
    body = written(Timetable(YEAR, assessments=(assessment,)))
    assert b"DTEND" not in body
    assert readers.by_recurring_ical_events(body, FIRST, LAST) == expected_occurrences(
        Timetable(YEAR, assessments=(assessment,)), CALENDAR
    )


def test_a_published_calendar_says_how_often_to_look():
    body = write_calendar([], "Mine", refresh=timedelta(hours=1))
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in body
    assert b"X-PUBLISHED-TTL:PT1H" in body
    assert b"X-WR-CALNAME:Mine" in body


def test_one_event_alone_is_a_whole_file():
    (first, *_) = calendar_events(twelve_modules(), CALENDAR, ExportOptions(), NAMESPACE, None, NOW)
    body = write_event(first)
    assert body.count(b"BEGIN:VEVENT") == body.count(b"BEGIN:VTIMEZONE") == 1


def test_the_preview_is_what_is_written():
    found = calendar_events(twelve_modules(), CALENDAR, ExportOptions(), NAMESPACE, None, NOW)
    shown = preview_export(found)
    assert shown.events == found
    assert sum(shown.dates.values()) == len(expected_occurrences(twelve_modules(), CALENDAR))
    assert shown.cancelled == 0
    assert shown.first == datetime(2026, 2, 9, 7, 30) or shown.first < datetime(2026, 2, 12)
    assert written(twelve_modules()).count(b"BEGIN:VEVENT") == len(shown.events)


def test_nothing_of_icalendar_is_imported_before_something_is_written():
    program = "import desktop.calendars.ical, sys; sys.exit('icalendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=readers.ROOT).returncode == 0


def test_the_stamp_is_in_utc():
    assert b"DTSTAMP:20260115T080000Z" in written(twelve_modules(), now=datetime(2026, 1, 15, 8, tzinfo=UTC))
