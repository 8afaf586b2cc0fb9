"""Reads calendars written by others. They are untrusted input, so they are parsed in a contained child process.

The result is a limited number of times with title and place, on UP's clock. Of a friend's calendar, all-day entries and
free time are left out, since they do not mean that the friend is busy. A layer includes them, and tasks.

    --read-calendar FIRST LAST            a friend's calendar: iCalendar on standard input, JSON on standard output
    --read-calendar FIRST LAST entries    all entries, for a layer
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desktop.calendars.event import GROUPS_PROPERTY
from desktop.child_process import ChildProcess
from desktop.containment import limit_resources, sandbox_process
from desktop.domain.codec import from_plain, to_plain
from desktop.domain.errors import DocumentRefused, InvalidInput, cause
from desktop.domain.messages import msg
from desktop.domain.records.layers import DAY_END, LayerEntry
from desktop.domain.records.shared_choices import MAX_LINK_LENGTH
from desktop.domain.timetable.occurrences import TIME_ZONE

ARGUMENT = "--read-calendar"
MAX_INPUT_BYTES = 1_000_000
MAX_TIMES = 5_000
MAX_TEXT_LENGTH = 200
MAX_YEARS = 10  # links with shared groups, one per year
MAX_OUTPUT_BYTES = 25_000_000  # bytes of JSON: enough for all times with the longest texts
MAX_DAYS = 400
MAX_MEMORY_BYTES = 512 * 1024 * 1024  # bytes of address space
MAX_CPU_SECONDS = 3  # a timetable takes 0.1 s
TIMEOUT_SECONDS = 20.0
ENTRIES_ARGUMENT = "entries"
_FRIEND_HINT = "Ask your friend for the address of a timetable."
_LAYER_HINT = "Use the address or the file of a calendar."


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """A busy time, naive, on UP's clock. `title` and `place` are empty if only the time was published."""

    start: datetime
    end: datetime
    title: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class FriendCalendar:
    """The busy times, in order, and the links with the groups that the friend shares. The links are not checked yet."""

    taken: tuple[Taken, ...] = ()
    groups: tuple[str, ...] = ()


def read_friend_calendar(
    body: bytes, first: date, last: date, command: Sequence[str] | None = None, *, wall: float = TIMEOUT_SECONDS
) -> FriendCalendar:
    """Read a friend's calendar from `first` to `last` in a child process: at most 400 days, for at most `wall` seconds.

    Raises DocumentRefused if it is not a calendar, or takes more work than any timetable does.
    """
    try:
        plain = _run_child(body, first, last, (), command, wall, _FRIEND_HINT)
        taken = tuple(
            Taken(datetime.fromisoformat(start), datetime.fromisoformat(end), str(title), str(place))
            for start, end, title, place in plain["taken"]
        )
        return FriendCalendar(taken, tuple(str(link) for link in plain["groups"]))
    except (ValueError, TypeError, LookupError) as wrong:
        raise DocumentRefused("This is not a calendar that can be read.", _FRIEND_HINT) from wrong


def read_layer_entries(
    body: bytes, first: date, last: date, command: Sequence[str] | None = None, *, wall: float = TIMEOUT_SECONDS
) -> tuple[LayerEntry, ...]:
    """All entries of a calendar from `first` to `last`, with the limits of a friend's. Raises DocumentRefused."""
    try:
        return tuple(
            entry_from_json(each)
            for each in _run_child(body, first, last, (ENTRIES_ARGUMENT,), command, wall, _LAYER_HINT)
        )
    except (InvalidInput, TypeError, ValueError) as wrong:
        raise DocumentRefused("This is not a calendar that can be read.", _LAYER_HINT) from wrong


def entry_to_json(entry: LayerEntry) -> list[Any]:
    """The values in the order of the fields, without names to save space: a layer has thousands of entries."""
    return list(to_plain(entry).values())


def entry_from_json(plain: Any) -> LayerEntry:
    """The inverse of `entry_to_json`. Raises InvalidInput, TypeError or ValueError."""
    start, end, title, place, *flags = from_plain(tuple[datetime, datetime, str, str, bool, bool, bool], plain)
    found = LayerEntry(start, end, title[:MAX_TEXT_LENGTH], place[:MAX_TEXT_LENGTH], *flags)
    if found.end < found.start or found.start.tzinfo is not None or found.end.tzinfo is not None:
        raise ValueError("an entry that ends before it starts, or has a zone")
    return found


def _run_child(
    body: bytes,
    first: date,
    last: date,
    more: Sequence[str],
    command: Sequence[str] | None,
    wall: float,
    hint: str,
) -> Any:
    """The child's output as JSON values, not checked yet. Raises DocumentRefused, ValueError."""
    if len(body) > MAX_INPUT_BYTES:
        raise DocumentRefused("This calendar is far larger than a timetable is.", hint)
    end_of_span = min(last, first + timedelta(MAX_DAYS))
    started = [*(command or child_command()), first.isoformat(), end_of_span.isoformat(), *more]
    try:
        child = ChildProcess(started, body, MAX_MEMORY_BYTES, MAX_CPU_SECONDS)
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
            for chunk in child.read_output():
                written += chunk
                if len(written) > MAX_OUTPUT_BYTES:
                    raise DocumentRefused("This calendar is far larger than a timetable is.", hint)
        finally:
            alarm.cancel()
            alarm.join()  # once the child has ended, its process id may be reused
    if is_late.is_set():
        raise DocumentRefused("Reading this calendar takes far longer than a timetable does.", hint)
    return json.loads(written)


def child_command() -> list[str]:
    """The command that starts the child: the executable of a frozen build, or else `python -m desktop`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, ARGUMENT]
    return [sys.executable, "-P", "-m", "desktop", ARGUMENT]


def main(arguments: Sequence[str]) -> int:
    """Run as the child process; returns the exit status. Limits are set before the first byte is read."""
    limit_resources(MAX_MEMORY_BYTES, MAX_CPU_SECONDS)
    sandbox_process()
    first, last = (date.fromisoformat(each) for each in arguments[:2])
    body = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    try:
        if list(arguments[2:]) == [ENTRIES_ARGUMENT]:
            plain: Any = [entry_to_json(each) for each in parse_entries(body, first, last)]
        else:
            found = read(body, first, last)
            taken = [[each.start.isoformat(), each.end.isoformat(), each.title, each.place] for each in found.taken]
            plain = {"taken": taken, "groups": found.groups}
    except Exception as wrong:  # noqa: BLE001 - any failure of the library is contained in the child
        print(f"{type(wrong).__name__}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(json.dumps(plain).encode())
    return 0


def read(body: bytes, first: date, last: date) -> FriendCalendar:
    """Parse a friend's calendar. Call it only in the child: a calendar can require endless work."""
    import icalendar  # noqa: PLC0415 - only in the child
    import recurring_ical_events  # noqa: PLC0415

    calendar = icalendar.Calendar.from_ical(body)
    found: set[Taken] = set()
    for event in recurring_ical_events.of(calendar).between(first, last + timedelta(days=1)):
        taken = _busy_time(event)
        if taken is not None:
            found.add(taken)
        if len(found) > MAX_TIMES:
            raise ValueError("more times than a timetable has")
    return FriendCalendar(tuple(sorted(found)), _shared_groups(calendar))


def _shared_groups(calendar: Any) -> tuple[str, ...]:
    """Links of the calendar's own property, not of its events: those may come from somebody else."""
    links = calendar.get(GROUPS_PROPERTY, [])
    every = [str(link) for link in (links if isinstance(links, list) else [links])]
    return tuple(link for link in every[:MAX_YEARS] if len(link) <= MAX_LINK_LENGTH)


def parse_entries(body: bytes, first: date, last: date) -> list[LayerEntry]:
    """Parse all entries of a calendar. Call it only in the child, like `read`."""
    import icalendar  # noqa: PLC0415 - only in the child
    import recurring_ical_events  # noqa: PLC0415

    calendar = icalendar.Calendar.from_ical(body)
    found: set[LayerEntry] = set()
    unfolded = recurring_ical_events.of(calendar, components=["VEVENT", "VTODO"])
    for each in unfolded.between(first, last + timedelta(days=1)):
        entry = _task(each) if each.name == "VTODO" else _entry(each)
        if entry is not None:
            found.add(entry)
        if len(found) > MAX_TIMES:
            raise ValueError("more times than a timetable has")
    return sorted(found)


def _entry(event: Any) -> LayerEntry | None:
    starts, ends = event.get("DTSTART"), event.get("DTEND") or event.get("DTSTART")
    start, end = _moment(starts), _moment(ends)
    if start is None or end is None or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    is_all_day = not isinstance(starts.dt, datetime)
    return LayerEntry(
        start,
        max(start, end),
        _line(event.get("SUMMARY", "")),
        _line(event.get("LOCATION", "")),
        is_deadline=not is_all_day and end <= start,
        is_free=str(event.get("TRANSP", "")).upper() == "TRANSPARENT",
        is_all_day=is_all_day,
    )


def _task(task: Any) -> LayerEntry | None:
    """A task that is not completed, as a deadline at the moment it is due."""
    due = _moment(task.get("DUE"))
    if due is None or str(task.get("STATUS", "")).upper() in {"COMPLETED", "CANCELLED"}:
        return None
    if not isinstance(task.get("DUE").dt, datetime):
        due = datetime.combine(due, DAY_END)
    return LayerEntry(due, due, _line(task.get("SUMMARY", "")), _line(task.get("LOCATION", "")), is_deadline=True)


def _moment(value: Any) -> datetime | None:
    """Like `_local`, but also accepts a date: midnight at its start."""
    plain = getattr(value, "dt", None)
    if isinstance(plain, date) and not isinstance(plain, datetime):
        return datetime.combine(plain, time())
    return _local(value)


def _busy_time(event: Any) -> Taken | None:
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
        moment = moment.astimezone(ZoneInfo(TIME_ZONE))
    return moment.replace(tzinfo=None, second=0, microsecond=0)


def _line(text: object) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())[:MAX_TEXT_LENGTH]
