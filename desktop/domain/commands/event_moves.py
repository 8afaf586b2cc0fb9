"""Commands that move own events: a whole series, or one of its dates.

As in `edits.py`, each function returns an act and stores nothing.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from desktop.domain.commands.choices import skip_date
from desktop.domain.commands.edits import DATE_FORMAT, edit_change, event_id, save_event
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import DateText, Message, Weekday, msg
from desktop.domain.records.projection import SKIP_PREFIX
from desktop.domain.records.records import Act, Change, Json
from desktop.domain.timetable.assessments import TimeSlot
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.timetable import Timetable


class EventMove(NamedTuple):
    """A move of an own event: the date that was moved, and its new time slot."""

    event_id: str
    day: date
    to: TimeSlot


def move_event(timetable: Timetable, move: EventMove) -> Act:
    """Move an event, on all its dates if it is weekly. Skipped dates stay skipped."""
    event, (day, start, end) = _event(timetable, move), move.to
    if event.on is not None:
        moved = _moved_copy(event, move.to)
        return Act(_title(event, move.to), save_event(timetable, moved).changes)
    values: dict[str, Json] = {"weekday": day.weekday(), "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    if day.weekday() != event.weekday:
        for skipped in event.skipped:
            values[f"{SKIP_PREFIX}{skipped}"] = None
            values[f"{SKIP_PREFIX}{skipped + (day - move.day)}"] = True
    title = msg(
        "Moved {what} to {day} {start} to {end}", what=event.title, day=Weekday(day.weekday()), start=start, end=end
    )
    return Act(title, (edit_change(event, values),))


def move_event_once(timetable: Timetable, move: EventMove, name: str) -> Act:
    """Move one date of a weekly event: the date is skipped, and a new event is added, with `name` as in `event_id`."""
    event = _event(timetable, move)
    once = _moved_copy(event, move.to, event_id(event.year, name))
    changes: tuple[Change, ...] = skip_date(timetable, event.id, move.day).changes + save_event(timetable, once).changes
    return Act(_title(event, move.to), changes)


def _moved_copy(event: OwnEvent, to: TimeSlot, new_id: str = "") -> OwnEvent:
    day, start, end = to
    return OwnEvent(
        new_id or event.id,
        event.year,
        event.title,
        start,
        end,
        on=day,
        venue=event.venue,
        note=event.note,
        colour=event.colour,
    )


def _event(timetable: Timetable, move: EventMove) -> OwnEvent:
    event, (_, start, end) = timetable.item(move.event_id), move.to
    if not isinstance(event, OwnEvent):
        raise InvalidInput(msg("{what} comes from a document.", what=event.label), "Only your own events are moved so.")
    if start >= end:
        raise InvalidInput("An own event has to end after it starts.", "Give it a later end.")
    return event


def _title(event: OwnEvent, to: TimeSlot) -> Message:
    day, start, end = to
    return msg(
        "Moved {what} to {day}, {start} to {end}",
        what=event.title,
        day=DateText(day, DATE_FORMAT),
        start=start,
        end=end,
    )
