"""Hostile calendars: each is refused with a message or read within limits, whatever happens to its child process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from desktop.calendars.foreign import MAX_TEXT_LENGTH, MAX_TIMES, FriendCalendar, read_friend_calendar
from desktop.domain.errors import DocumentRefused
from desktop.domain.records.shared_choices import MAX_LINK_LENGTH
from tests.unit.desktop.calendars.short_reading import short_child_command

FIRST, LAST = date(2026, 2, 1), date(2026, 6, 30)
TIMES = "DTSTART:20260302T100000\nDTEND:20260302T110000"
ZONE = (
    "BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\nDTSTART:00010101T000000\nRRULE:FREQ={frequency}\n"
    "TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE"
)


def calendar(*parts: str) -> bytes:
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", *parts, "END:VCALENDAR", ""]).encode()


def event(lines: str = TIMES, uid: object = 1) -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT"


def dates(count: int) -> str:
    return ",".join(f"2026{1 + n % 12:02}{1 + n % 28:02}T{n % 24:02}{n % 60:02}00" for n in range(count))


HARMFUL: dict[str, Callable[[], bytes]] = {
    "events in events": lambda: calendar("BEGIN:VEVENT\n" * 20_000, event(), "END:VEVENT\n" * 20_000),
    "a line of a megabyte": lambda: calendar(event(f"SUMMARY:{'x' * 900_000}\n{TIMES}")),
    "a line folded 200,000 times": lambda: calendar(event("SUMMARY:" + "x\n " * 200_000 + f"\n{TIMES}")),
    "groups in 20,000 properties": lambda: calendar("X-UP-SCHEDULE-GROUPS:upschedule:groups?\n" * 20_000, event()),
    "groups of a megabyte": lambda: calendar(f"X-UP-SCHEDULE-GROUPS:{'<' * 900_000}", event()),
    "60,000 properties": lambda: calendar(event("X-A:1\n" * 60_000 + TIMES)),
    "parameters without end": lambda: calendar(event("SUMMARY" + ";X=1" * 150_000 + f":x\n{TIMES}")),
    "a quote that never ends": lambda: calendar(event('SUMMARY;X="' + "a" * 300_000 + f"\n{TIMES}")),
    "every second": lambda: calendar(event(f"{TIMES}\nRRULE:FREQ=SECONDLY")),
    "every second of every minute of every hour": lambda: calendar(
        event(
            f"{TIMES}\nRRULE:FREQ=DAILY;BYSECOND={','.join(map(str, range(60)))};"
            f"BYMINUTE={','.join(map(str, range(60)))};BYHOUR={','.join(map(str, range(24)))}"
        )
    ),
    "an interval of nothing": lambda: calendar(event(f"{TIMES}\nRRULE:FREQ=DAILY;INTERVAL=0")),
    "a day that never comes": lambda: calendar(event(f"{TIMES}\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
    "more times than atoms": lambda: calendar(event(f"{TIMES}\nRRULE:FREQ=MINUTELY;COUNT=1{'0' * 80}")),
    "a rule that ends before it begins": lambda: calendar(event(f"{TIMES}\nRRULE:FREQ=DAILY;UNTIL=00010101T000000Z")),
    "40,000 further dates": lambda: calendar(event(f"{TIMES}\nRDATE:{dates(40_000)}")),
    "40,000 dates left out": lambda: calendar(event(f"{TIMES}\nRRULE:FREQ=HOURLY\nEXDATE:{dates(40_000)}")),
    "a zone that changes every second": lambda: calendar(
        ZONE.format(name="Z", frequency="SECONDLY", offset="+0200"),
        event("DTSTART;TZID=Z:20260302T100000\nDTEND;TZID=Z:20260302T110000"),
    ),
    "2,000 zones": lambda: calendar(
        *(ZONE.format(name=f"Z{n}", frequency="YEARLY", offset="+0200") for n in range(2_000)), event()
    ),
    "a zone beyond the day": lambda: calendar(
        ZONE.format(name="Z", frequency="YEARLY", offset="+9959"),
        event("DTSTART;TZID=Z:20260302T100000\nDTEND;TZID=Z:20260302T110000"),
    ),
    "a zone by a path": lambda: calendar(
        "X-WR-TIMEZONE:../../../../dev/zero", event("DTSTART;TZID=/../../../../dev/zero:20260302T100000\nDURATION:PT1H")
    ),
    "a year that is none": lambda: calendar(event("DTSTART:00000101T000000\nDTEND:99991231T235959\nRRULE:FREQ=DAILY")),
    "longer than the world": lambda: calendar(event(f"DTSTART:20260302T100000\nDURATION:P{'9' * 400}W")),
    "9,000 changes of one series": lambda: calendar(
        event(f"{TIMES}\nRRULE:FREQ=DAILY"),
        *(event(f"RECURRENCE-ID:{day}\n{TIMES}") for day in dates(9_000).split(",")),
    ),
    "changes of all that follows": lambda: calendar(
        event(f"{TIMES}\nRRULE:FREQ=DAILY"),
        *(event(f"RECURRENCE-ID;RANGE=THISANDFUTURE:{day}\n{TIMES}") for day in dates(4_000).split(",")),
    ),
    "a picture of a megabyte": lambda: calendar(event(f"ATTACH;ENCODING=BASE64;VALUE=BINARY:{'A' * 900_000}\n{TIMES}")),
    "bytes that are no text": lambda: calendar(
        event(f"SUMMARY:\udc80\x00\x1b[2J\u202e\n{TIMES}".replace("\udc80", "?"))
    ).replace(b"?", b"\xff\xfe\x00"),
    "markup": lambda: calendar(event(f"SUMMARY:<img src=/dev/zero><script>\nLOCATION:</b>&lt;\n{TIMES}")),
    "8,000 events of one moment": lambda: calendar(*(event(uid=n) for n in range(8_000))),
}


ENDLESS = {"every second", "every second of every minute of every hour", "an interval of nothing"}


@pytest.mark.parametrize("harm", HARMFUL)
def test_it_is_refused_in_words_or_read_within_bounds(harm: str) -> None:
    body = HARMFUL[harm]()
    refused, found = None, FriendCalendar()
    try:
        found = read_friend_calendar(body, FIRST, LAST, short_child_command() if harm in ENDLESS else None)
    except DocumentRefused as trouble:
        refused = trouble
    assert refused is None or (str(refused.title) and str(refused.hint))
    assert len(found.taken) <= MAX_TIMES
    assert all(len(link) <= MAX_LINK_LENGTH for link in found.groups)
    for taken in found.taken:
        assert taken.start < taken.end
        for text in (taken.title, taken.place):
            assert len(text) <= MAX_TEXT_LENGTH
            assert text.isprintable()


def test_markup_stays_what_was_written() -> None:
    (taken,) = read_friend_calendar(HARMFUL["markup"](), FIRST, LAST).taken
    assert (taken.title, taken.place) == ("<img src=/dev/zero><script>", "</b>&lt;")
