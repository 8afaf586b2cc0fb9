"""A calendar that someone else wrote, read for the times in it: hostile input, so in a process of its own.

What comes out is plain: when, what and where, on UP's clock, at most some thousands of them. All-day entries and free
time are left out, as they say nothing of who is busy.

    --read-calendar FIRST LAST      iCalendar on standard input; one JSON list on standard output
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desktop.child_process import ChildProcess
from desktop.containment import contain, limit_resources
from desktop.domain.errors import DocumentRefused, cause
from desktop.domain.messages import msg
from desktop.domain.timetable.model import ZONE

ARGUMENT = "--read-calendar"
MOST_BYTES = 1_000_000
MOST_TIMES = 5_000
MOST_TEXT = 200
MOST_OUTPUT = 25_000_000  # bytes of JSON: all times with the longest texts
MOST_DAYS = 400
MEMORY = 512 * 1024 * 1024  # bytes of address space
CPU_SECONDS = 3  # a timetable takes a tenth of one
WALL_SECONDS = 20.0
_AGAIN = "Ask your friend for the address of a timetable."


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """A time that is taken, naive on UP's clock. `title` and `place` are empty where only that much was published."""

    start: datetime
    end: datetime
    title: str = ""
    place: str = ""


def read_aside(
    body: bytes, first: date, last: date, command: Sequence[str] | None = None, *, wall: float = WALL_SECONDS
) -> tuple[Taken, ...]:
    """The times taken from `first` to `last` in a calendar, in order; at most 400 days are looked at, for at
    most `wall` seconds.

    Raises DocumentRefused where it is no calendar, or asks for more work than any timetable does.
    """
    if len(body) > MOST_BYTES:
        raise DocumentRefused("This calendar is far larger than a timetable is.", _AGAIN)
    started = [*(command or child_command()), first.isoformat(), min(last, first + timedelta(MOST_DAYS)).isoformat()]
    try:
        child = ChildProcess(started, body, MEMORY, CPU_SECONDS)
    except OSError as wrong:
        raise DocumentRefused(
            msg("This calendar cannot be read here: {why}.", why=cause(wrong)), "Close other programs."
        ) from wrong
    written, is_late = bytearray(), threading.Event()

    def end() -> None:
        is_late.set()
        child.kill()

    alarm = threading.Timer(wall, end)
    alarm.daemon = True
    with child:
        alarm.start()
        try:
            for chunk in child.output():
                written += chunk
                if len(written) > MOST_OUTPUT:
                    raise DocumentRefused("This calendar is far larger than a timetable is.", _AGAIN)
        finally:
            alarm.cancel()
            alarm.join()  # once the child is gone, its number may be another's
    if is_late.is_set():
        raise DocumentRefused("Reading this calendar takes far longer than a timetable does.", _AGAIN)
    try:
        answer = json.loads(written)
        return tuple(
            Taken(datetime.fromisoformat(start), datetime.fromisoformat(end), str(title), str(place))
            for start, end, title, place in answer
        )
    except (ValueError, TypeError) as wrong:
        raise DocumentRefused("This is not a calendar that can be read.", _AGAIN) from wrong


def child_command() -> list[str]:
    """What starts the child: this program itself in a frozen build, else its package in this interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, ARGUMENT]
    return [sys.executable, "-P", "-m", "desktop", ARGUMENT]


def main(arguments: Sequence[str]) -> int:
    """Runs the child; gives the exit status, 0 where it answered. Limits are set before the first byte is looked at."""
    limit_resources(MEMORY, CPU_SECONDS)
    contain()
    first, last = (date.fromisoformat(each) for each in arguments)
    body = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        found = read(body, first, last)
    except Exception as wrong:  # noqa: BLE001 - the child's whole purpose: whatever the library trips over ends here
        print(f"{type(wrong).__name__}", file=sys.stderr)
        return 1
    plain = [[each.start.isoformat(), each.end.isoformat(), each.title, each.place] for each in found]
    sys.stdout.buffer.write(json.dumps(plain).encode())
    return 0


def read(body: bytes, first: date, last: date) -> list[Taken]:
    """The times taken in a calendar; for the child alone, since a calendar can ask for endless work."""
    import icalendar  # noqa: PLC0415 - only in the child
    import recurring_ical_events  # noqa: PLC0415

    calendar = icalendar.Calendar.from_ical(body)
    found: set[Taken] = set()
    for event in recurring_ical_events.of(calendar).between(first, last + timedelta(days=1)):
        taken = _taken(event)
        if taken is not None:
            found.add(taken)
        if len(found) > MOST_TIMES:
            raise ValueError("more times than a timetable has")
    return sorted(found)


def _taken(event: Any) -> Taken | None:
    start, end = _local(event.get("DTSTART")), _local(event.get("DTEND"))
    if start is None or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return None
    if end is None or end <= start:
        return None
    return Taken(start, end, _line(event.get("SUMMARY", "")), _line(event.get("LOCATION", "")))


def _local(value: Any) -> datetime | None:
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime):
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(ZONE))
    return moment.replace(tzinfo=None, second=0, microsecond=0)


def _line(text: object) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())[:MOST_TEXT]
