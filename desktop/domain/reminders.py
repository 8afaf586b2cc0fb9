"""Computes which reminders are due. Pure functions of the given time.

Reminders are due if their time lies between the last check and this one, so none is lost while the computer sleeps. In
quiet hours and during classes nothing is due, and the time of the last check stays: what became due in the meantime is
due at the first check afterwards, unless it has begun by then. Shown reminders are stored by name, so a clock that is
set back, or a restart, repeats none. Times are naive, on UP's clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from desktop.domain.event_kinds import EventKind, event_kind
from desktop.domain.records.records import SHARED, Records
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence

Alarms = Mapping[EventKind, tuple[int, ...]]  # minutes before the start, the longest first

DEFAULT_ALARMS: Alarms = {
    EventKind.LECTURE: (),
    EventKind.TEST: (24 * 60, 60),
    EventKind.EXAM: (24 * 60, 120, 60),
    EventKind.OWN: (),
}
MAX_ALARMS = 5  # of one kind
MAX_ALARM_MINUTES = 28 * 24 * 60
MAX_SHOWN_NAMES = 300  # names of shown reminders that are stored
MINUTE = timedelta(minutes=1)
SHORT_SNOOZE_BEFORE = timedelta(hours=2)  # before an event nearer than this, the short snooze applies
SHORT_SNOOZE, LONG_SNOOZE = timedelta(minutes=5), timedelta(hours=1)


def read_alarms(records: Records) -> dict[EventKind, tuple[int, ...]]:
    """The student's alarms by kind, for reminders on every machine and for every export."""
    settings = records.get("settings", SHARED)
    exported = settings.get("export", {})
    former = exported.get("alarms") if isinstance(exported, Mapping) else None  # where former versions stored them
    return alarms_from_json(settings.get("alarms", former))


def alarms_from_json(plain: Any) -> dict[EventKind, tuple[int, ...]]:
    """Stored alarms. A kind without a valid value has the default ones."""
    if not isinstance(plain, Mapping):
        return dict(DEFAULT_ALARMS)
    known = {str(kind) for kind in EventKind}
    given = {
        EventKind(kind): tuple(sorted({each for each in minutes if _is_alarm(each)}, reverse=True)[:MAX_ALARMS])
        for kind, minutes in plain.items()
        if kind in known and isinstance(minutes, list)
    }
    return {**DEFAULT_ALARMS, **given}


def _is_alarm(minutes: Any) -> bool:
    return isinstance(minutes, int) and not isinstance(minutes, bool) and 0 <= minutes <= MAX_ALARM_MINUTES


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """The reminder settings of one machine.

    `quiet` is the start and end of quiet hours, across midnight if the start is later. `evening` is when tomorrow's
    classes are shown. None switches either off.
    """

    alarms: Alarms
    quiet: tuple[time, time] | None = None
    evening: time | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder to show: of one occurrence, or (`evening`) of all occurrences of tomorrow. `name` is unique."""

    name: str
    occurrences: tuple[Occurrence, ...]
    evening: bool = False

    @property
    def start(self) -> datetime:
        return self.occurrences[0].start

    def snooze_length(self, now: datetime) -> timedelta:
        """How long a snooze lasts; zero if the event has begun."""
        if self.start <= now:
            return timedelta(0)
        return SHORT_SNOOZE if not self.evening and self.start - now <= SHORT_SNOOZE_BEFORE else LONG_SNOOZE


@dataclass(frozen=True, slots=True)
class ReminderState:
    """The state to store from one check to the next."""

    until: datetime | None = None  # all reminders up to this time have been handled
    shown: tuple[str, ...] = ()
    snoozed: Mapping[str, datetime] = field(default_factory=dict)  # the time when each is due again, by name


def reminder_state_from_json(plain: Any) -> ReminderState:
    """The stored state of the last check; an empty one for an invalid value."""
    try:
        until = plain["until"] and _parse_naive(plain["until"])
        shown = tuple(str(each) for each in plain["shown"])[-MAX_SHOWN_NAMES:]
        snoozed = {str(name): _parse_naive(at) for name, at in plain["snoozed"].items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        return ReminderState()
    return ReminderState(until or None, shown, snoozed)


def _parse_naive(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def due_reminders(
    attended: Sequence[Occurrence], rules: ReminderRules, state: ReminderState, now: datetime
) -> tuple[tuple[Reminder, ...], ReminderState]:
    """The reminders to show now, and the state to store. `attended` must not contain candidates."""
    now = now.replace(second=0, microsecond=0)
    since = state.until
    if since is None or since > now:  # the first check, or the clock was set back
        since = now - MINUTE
    if _is_quiet(now, rules.quiet) or _is_in_class(attended, now):
        return (), replace(state, until=since)
    found: list[Reminder] = []
    passed: list[str] = []
    snoozed = dict(state.snoozed)
    for reminder, moments in _candidates(attended, rules, now):
        came = [name for name, at in moments if since < at <= now and name not in state.shown]
        again = [name for name, _at in moments if (at := snoozed.get(name)) is not None and at <= now]
        passed += came
        if came or again:
            found.append(replace(reminder, name=(came or again)[-1]))  # the one nearest to the start
            for name, _at in moments:
                snoozed.pop(name, None)
    shown = tuple(dict.fromkeys((*state.shown, *passed)))[-MAX_SHOWN_NAMES:]
    waiting = {name: at for name, at in snoozed.items() if at > now - timedelta(days=1)}
    return tuple(found), ReminderState(now, shown, waiting)


def snooze_reminder(state: ReminderState, reminder: Reminder, now: datetime) -> ReminderState:
    """The state with the reminder due again after its snooze, or at the start of the event if that is earlier."""
    now = now.replace(second=0, microsecond=0)
    again = min(now + reminder.snooze_length(now), reminder.start)
    return replace(state, snoozed={**state.snoozed, reminder.name: again})


def _candidates(
    attended: Sequence[Occurrence], rules: ReminderRules, now: datetime
) -> Iterator[tuple[Reminder, list[tuple[str, datetime]]]]:
    """The reminders that may be due now, each with names and times in chronological order."""
    for each in attended:
        alarms = rules.alarms.get(event_kind(each.item), ())
        if each.start < now or each.start > now + timedelta(minutes=max(alarms, default=0)):
            continue
        moments = [
            (f"{each.item.id} {each.start.isoformat(timespec='minutes')} {minutes}", each.start - minutes * MINUTE)
            for minutes in sorted(alarms, reverse=True)
        ]
        yield Reminder("", (each,)), moments
    if rules.evening is None:
        return
    tomorrow = tuple(sorted(each for each in attended if each.date == now.date() + timedelta(days=1)))
    if tomorrow:
        name = f"evening {now.date().isoformat()}"
        yield Reminder("", tomorrow, evening=True), [(name, datetime.combine(now.date(), rules.evening))]


def _is_quiet(now: datetime, quiet: tuple[time, time] | None) -> bool:
    if quiet is None:
        return False
    first, last = quiet
    moment = now.time()
    return first <= moment < last if first <= last else moment >= first or moment < last


def _is_in_class(attended: Sequence[Occurrence], now: datetime) -> bool:
    return any(each.start < now < each.end and isinstance(each.item, Meeting | Assessment) for each in attended)
