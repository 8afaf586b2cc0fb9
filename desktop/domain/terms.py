"""The dates a weekly meeting is really held on: terms, recess, public holidays, days without lectures, swapped days.

Hides the order in which those say no to a date. From strong to weak: outside the term; a day called off; a day that
follows another weekday's timetable; a public holiday; recess; its own weekday. So a swap that someone wrote down
takes place even on a holiday or in recess, and nothing ever takes place outside a module's term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from desktop.domain.errors import InvalidInput
from desktop.domain.wording import Weekday, said

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
NO_REGION = "none"
OWN_WEEKDAY = -1  # a day's `follows` that says: this day follows no other, whatever was proposed
SEMESTERS = ("S1", "S2")


@dataclass(frozen=True, slots=True)
class Term:
    """When a module offered so runs, first and last day included. Raises InvalidInput where it would end first."""

    offered: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise InvalidInput(
                said(
                    "{offered} would end on {end}, before it starts on {start}.",
                    offered=self.offered,
                    end=self.end,
                    start=self.start,
                ),
                "Give it an end that is not before its start.",
            )

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Recess:
    """Days without lectures in the middle of a term, first and last included."""

    id: str
    start: date
    end: date
    name: str = "Recess"

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise InvalidInput(
                said("The recess would end on {end}, before it starts on {start}.", end=self.end, start=self.start),
                "Give it an end that is not before its start.",
            )

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date unlike its weekday: it `follows` the timetable of another weekday, or it is `off` (for that reason)."""

    date: date
    follows: int | None = None
    off: str = ""

    def __post_init__(self) -> None:
        if self.follows is not None and not 0 <= self.follows <= 6:
            raise InvalidInput(said("There is no weekday {n}.", n=self.follows), "Choose a day from Monday to Sunday.")


@dataclass(frozen=True, slots=True)
class HeldOn:
    """One date a weekly meeting is held on; `moved_from` is its weekday where that is another than the date's own."""

    date: date
    moved_from: int | None = None


class DayKind(StrEnum):
    """What a date is to lectures."""

    LECTURE = "lecture"
    SWAPPED = "swapped"
    HOLIDAY = "holiday"
    RECESS = "recess"
    OFF = "off"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class DayStatus:
    """What a date is and why, in words to show: the holiday's, the recess's, the reason given, the day followed."""

    kind: DayKind
    reason: str = ""
    follows: int | None = None

    @property
    def has_lectures(self) -> bool:
        return self.kind in (DayKind.LECTURE, DayKind.SWAPPED)


@dataclass(frozen=True)
class AcademicCalendar:
    """One academic year as lectures see it. `holidays` holds those that count; `source` says whose dates these are.

    `official` is whether the university published them, `confirmed` whether the student said that they are right;
    `given` are the offered codes whose dates the student set one by one.
    """

    year: int
    terms: Mapping[str, Term] = field(default_factory=dict)
    recesses: tuple[Recess, ...] = ()
    days: Mapping[date, SpecialDay] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)
    confirmed: bool = False
    source: str = ""
    official: bool = False
    given: frozenset[str] = frozenset()

    def is_assumed(self, offered: str) -> bool:
        """Whether the dates of modules offered so are only proposed: neither set by the student nor confirmed."""
        return not self.confirmed and offered not in self.given

    @cached_property
    def _spans(self) -> dict[str, tuple[Term, ...]]:
        return {offered: tuple(_spans(term, self.terms)) for offered, term in self.terms.items()}

    @cached_property
    def _held(self) -> dict[tuple[str, int], tuple[HeldOn, ...]]:
        return {}

    @cached_property
    def _status(self) -> dict[date, DayStatus]:
        return {}

    def spans(self, offered: str) -> tuple[Term, ...]:
        """The stretches in which a module offered so is taught: Y has two where the semesters leave a gap."""
        return self._spans.get(offered, ())

    @property
    def first(self) -> date:
        """The first day of any term; 1 January where there is none."""
        return min((term.start for term in self.terms.values()), default=date(self.year, 1, 1))

    @property
    def last(self) -> date:
        """The last day of any term; 31 December where there is none."""
        return max((term.end for term in self.terms.values()), default=date(self.year, 12, 31))

    def status(self, day: date) -> DayStatus:
        """What `day` is to lectures of any term, and why."""
        known = self._status.get(day)
        if known is None:
            known = self._status[day] = self._judge(day)
        return known

    def _judge(self, day: date) -> DayStatus:
        if not any(day in span for spans in self._spans.values() for span in spans):
            return DayStatus(DayKind.OUTSIDE, "Outside the terms")
        special = self.days.get(day)
        if special is not None and special.off:
            return DayStatus(DayKind.OFF, special.off)
        if special is not None and special.follows is not None:
            if special.follows == day.weekday():
                return DayStatus(DayKind.LECTURE)
            return DayStatus(
                DayKind.SWAPPED, said("{weekday}’s timetable", weekday=Weekday(special.follows)), special.follows
            )
        if day in self.holidays:
            return DayStatus(DayKind.HOLIDAY, self.holidays[day])
        for recess in self.recesses:
            if day in recess:
                return DayStatus(DayKind.RECESS, recess.name)
        return DayStatus(DayKind.LECTURE)

    def dates(self, offered: str, weekday: int) -> tuple[HeldOn, ...]:
        """Every date on which a weekly meeting on `weekday` is held, in order; none for an unknown `offered`."""
        known = self._held.get((offered, weekday))
        if known is None:
            known = self._held[offered, weekday] = tuple(self._walk(offered, weekday))
        return known

    def _walk(self, offered: str, weekday: int) -> Iterator[HeldOn]:
        for span in self.spans(offered):
            for day in days_of(span.start, span.end):
                status = self.status(day)
                if status.kind is DayKind.SWAPPED:
                    if status.follows == weekday:
                        yield HeldOn(day, weekday)
                elif status.has_lectures and day.weekday() == weekday:
                    yield HeldOn(day)

    def semester(self, day: date) -> str | None:
        """The semester that `day` lies in, from the Monday of its first week to the Sunday of its last."""
        for offered in SEMESTERS:
            term = self.terms.get(offered)
            if term is not None and monday_of(term.start) <= day <= monday_of(term.end) + 6 * DAY:
                return offered
        return None

    def week_number(self, day: date) -> tuple[int, str] | None:
        """Which lecture week of which semester: (7, "S1"). A week wholly in recess does not count: None."""
        offered = self.semester(day)
        if offered is None:
            return None
        if self._is_recess_week(monday_of(day)):
            return None
        monday, count = monday_of(self.terms[offered].start), 0
        while monday <= day:
            count += not self._is_recess_week(monday)
            monday += WEEK
        return count, offered

    def _is_recess_week(self, monday: date) -> bool:
        return all(any(monday + n * DAY in recess for recess in self.recesses) for n in range(5))


def _spans(term: Term, terms: Mapping[str, Term]) -> Iterator[Term]:
    first, second = terms.get("S1"), terms.get("S2")
    if term.offered == "Y" and first and second and term.start <= first.end < second.start <= term.end:
        yield Term("Y", term.start, first.end)
        yield Term("Y", second.start, term.end)
    else:
        yield term


def days_of(first: date, last: date) -> Iterator[date]:
    """Every date from `first` to `last`, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def monday_of(day: date) -> date:
    """The Monday of that date's week."""
    return day - day.weekday() * DAY


def with_derived_terms(given: Mapping[str, Term]) -> dict[str, Term]:
    """The terms given, and what follows from the semesters where it is not given: Y over both, quarters as halves.

    A quarter ends on the Sunday nearest to the middle of its semester; the next one starts the day after.
    """
    terms = dict(given)
    first, second = terms.get("S1"), terms.get("S2")
    if first and second and first.end < second.start:
        terms.setdefault("Y", Term("Y", first.start, second.end))
    for semester, early, late in ((first, "Q1", "Q2"), (second, "Q3", "Q4")):
        if semester is None or semester.end - semester.start < 2 * WEEK:
            continue
        middle = monday_of(semester.start + (semester.end - semester.start) / 2 + 3 * DAY)
        terms.setdefault(early, Term(early, semester.start, middle - DAY))
        terms.setdefault(late, Term(late, middle, semester.end))
    return terms
