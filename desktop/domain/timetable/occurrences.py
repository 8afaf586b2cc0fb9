"""The dates of every item of a timetable in an academic year.

Tests and exams have dates of their own and are held whatever the calendar says. A weekly meeting follows its term. An
own event is held on its one date, or weekly: on days with lectures of its term, or all year. What a layer has is held
on the dates that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.terms import AcademicCalendar, HeldOn, Term, days_of
from desktop.domain.timetable.timetable import Item, Timetable

ZONE = "Africa/Johannesburg"  # UP's clock


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """An item on one date, to the minute. `moved_from` is the weekday whose timetable is followed, on a swapped day."""

    start: datetime  # naive, on UP's clock
    end: datetime
    item: Item = field(compare=False)
    undecided: bool = field(default=False, compare=False)
    moved_from: int | None = field(default=None, compare=False)

    @property
    def date(self) -> date:
        return self.start.date()

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


def occurrences(
    timetable: Timetable,
    calendar: AcademicCalendar,
    first: date,
    last: date,
    *,
    undecided: bool = True,
    hidden: bool = False,
) -> tuple[Occurrence, ...]:
    """Everything that takes place from `first` to `last`, both included, in order of time, then of id.

    Groups not chosen are left out; of groups still `undecided` all candidates are given and marked, or none. With
    `hidden`, what the student hid or skips is given too (`Timetable.is_hidden` and `item.skipped` tell it apart).
    """
    found: list[Occurrence] = []
    for item in timetable.items():
        if not hidden and timetable.is_hidden(item):
            continue
        open_choice = isinstance(item, Meeting) and _is_open(timetable, item)
        if (open_choice and not undecided) or (isinstance(item, Meeting) and _is_left_out(timetable, item)):
            continue
        for held in held_on(item, calendar):
            if held.date > last:
                break
            if held.date >= first and (hidden or not is_skipped(item, held.date)):
                found.append(occurrence_on(item, held, undecided=open_choice))
    found.sort(key=lambda each: (each.start, each.end, each.item.id))
    return tuple(found)


def occurrence_on(item: Item, held: HeldOn, *, undecided: bool = False) -> Occurrence:
    """The item on one of its dates."""
    start, end = (item.slot.start, item.slot.end) if isinstance(item, Meeting) else (item.start, item.end)
    day = held.date
    return Occurrence(datetime.combine(day, start), datetime.combine(day, end), item, undecided, held.moved_from)


def held_on(item: Item, calendar: AcademicCalendar) -> Iterable[HeldOn]:
    """Every date the item is held on, in order, skipped ones included.

    A weekly own event within a term keeps its own weekday on swapped days, since the university moves only its
    classes; one that names no term is the student's affair and is held every week of the academic year.
    """
    if isinstance(item, Assessment):
        return (HeldOn(item.date),)
    if isinstance(item, Meeting):
        return calendar.dates(item.offered, item.slot.weekday, item.module)
    if isinstance(item, LayerEvent):
        return tuple(HeldOn(day) for day in item.dates)
    if item.on is not None:
        return (HeldOn(item.on),)
    return _own_dates(item, calendar)


def _own_dates(event: OwnEvent, calendar: AcademicCalendar) -> Iterator[HeldOn]:
    spans = calendar.spans(event.offered) if event.offered else (Term("", calendar.first, calendar.last),)
    for span in spans:
        for day in days_of(span.start, span.end):
            if day.weekday() == event.weekday and (not event.offered or calendar.status(day).has_lectures):
                yield HeldOn(day)


def is_skipped(item: Item, day: date) -> bool:
    """Whether the student said that they will not be there on that date."""
    return not isinstance(item, Assessment) and day in item.skipped


def _is_open(timetable: Timetable, meeting: Meeting) -> bool:
    choice = timetable.choices.get(meeting.choice)
    return choice is not None and not choice.is_decided


def _is_left_out(timetable: Timetable, meeting: Meeting) -> bool:
    choice = timetable.choices.get(meeting.choice)
    return choice is not None and choice.is_decided and choice.group != meeting.group
