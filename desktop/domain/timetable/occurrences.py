"""Occurrences: the dates of every item of a timetable in an academic year.

Tests and exams are held on their dates, whatever the calendar. A weekly meeting follows its term. An own event is held
on its date, or weekly: on the lecture days of its term, or all year. An event of a layer is held on its dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.terms import AcademicCalendar, HeldDate, Term, date_range
from desktop.domain.timetable.timetable import Item, Timetable

TIME_ZONE = "Africa/Johannesburg"  # UP's clock


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """An item on one date. `moved_from` is the weekday whose timetable is followed, on a day swap."""

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
    """All occurrences from `first` to `last`, both included, ordered by time, then by id.

    Groups that are not chosen are left out. With `undecided`, the candidates of open choices are included and marked.
    With `hidden`, hidden and skipped ones are included too; see `Timetable.is_hidden` and `item.skipped`.
    """
    found: list[Occurrence] = []
    for item in timetable.items():
        if not hidden and timetable.is_hidden(item):
            continue
        open_choice = isinstance(item, Meeting) and _is_undecided(timetable, item)
        if (open_choice and not undecided) or (isinstance(item, Meeting) and _is_left_out(timetable, item)):
            continue
        for held in held_dates(item, calendar):
            if held.date > last:
                break
            if held.date >= first and (hidden or not is_skipped(item, held.date)):
                found.append(occurrence_on(item, held, undecided=open_choice))
    found.sort(key=lambda each: (each.start, each.end, each.item.id))
    return tuple(found)


def occurrence_on(item: Item, held: HeldDate, *, undecided: bool = False) -> Occurrence:
    """The item on one of its dates."""
    start, end = (item.slot.start, item.slot.end) if isinstance(item, Meeting) else (item.start, item.end)
    day = held.date
    return Occurrence(datetime.combine(day, start), datetime.combine(day, end), item, undecided, held.moved_from)


def held_dates(item: Item, calendar: AcademicCalendar) -> Iterable[HeldDate]:
    """Every date on which the item is held, in order, including skipped ones.

    A weekly own event within a term keeps its weekday on day swaps, since the university moves only classes. One
    without a term is held every week of the academic year.
    """
    if isinstance(item, Assessment):
        return (HeldDate(item.date),)
    if isinstance(item, Meeting):
        return calendar.dates(item.offered, item.slot.weekday, item.module)
    if isinstance(item, LayerEvent):
        return tuple(HeldDate(day) for day in item.dates)
    if item.on is not None:
        return (HeldDate(item.on),)
    return _own_dates(item, calendar)


def _own_dates(event: OwnEvent, calendar: AcademicCalendar) -> Iterator[HeldDate]:
    spans = calendar.teaching_periods(event.offered) if event.offered else (Term("", calendar.first, calendar.last),)
    for span in spans:
        for day in date_range(span.start, span.end):
            if day.weekday() == event.weekday and (not event.offered or calendar.status(day).has_lectures):
                yield HeldDate(day)


def is_skipped(item: Item, day: date) -> bool:
    """True if the student skips the item on that date."""
    return not isinstance(item, Assessment) and day in item.skipped


def _is_undecided(timetable: Timetable, meeting: Meeting) -> bool:
    choice = timetable.choices.get(meeting.choice_key)
    return choice is not None and not choice.is_decided


def _is_left_out(timetable: Timetable, meeting: Meeting) -> bool:
    choice = timetable.choices.get(meeting.choice_key)
    return choice is not None and choice.is_decided and choice.group != meeting.group
