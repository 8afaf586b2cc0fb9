"""The dates a weekly meeting is really held on: terms, recess, public holidays, days without lectures, swapped days.

What says no to a date, from strong to weak: outside the term; a test week in which the module has no lectures; a day
called off; a day that follows another weekday's timetable; a public holiday; recess; its own weekday. So a swap that
someone wrote down takes place even on a holiday or in recess, and nothing ever takes place outside a module's term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import Message, Weekday, msg, named

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
NO_REGION = "none"
OWN_WEEKDAY = -1  # a day's `follows` that says: this day follows no other, whatever was proposed
SEMESTERS = ("S1", "S2")
OFFERED = ("S1", "S2", "Y", "Q1", "Q2", "Q3", "Q4")


@dataclass(frozen=True, slots=True)
class Term:
    """When a module offered so runs, first and last day included. Raises InvalidInput where it would end first."""

    offered: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise InvalidInput(
                msg(
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
                msg("The recess would end on {end}, before it starts on {start}.", end=self.end, start=self.start),
                "Give it an end that is not before its start.",
            )

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Period:
    """Days in a row, first and last included: a test week, or the weeks of exams."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise InvalidInput(
                msg("It would end on {end}, before it starts on {start}.", end=self.end, start=self.start),
                "Give it an end that is not before its start.",
            )

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """The last day on which something can be done: `name` says what."""

    date: date
    name: str


class Basis(StrEnum):
    """Where a recess that nobody confirmed comes from."""

    PROPOSED = "proposed"  # somebody read it off the university's calendar
    GUESSED = "guessed"  # another year's, moved
    UNKNOWN = "unknown"  # nothing is known of it, so classes stand in it


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date unlike its weekday: it `follows` the timetable of another weekday, or it is `off` (for that reason)."""

    date: date
    follows: int | None = None
    off: str = ""

    def __post_init__(self) -> None:
        if self.follows is not None and not 0 <= self.follows <= 6:
            raise InvalidInput(msg("There is no weekday {n}.", n=self.follows), "Choose a day from Monday to Sunday.")


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

    `official` is whether the university published them, `confirmed` whether the student said that they are right, the
    recess among them; `given` are the offered codes whose dates the student set one by one, `own_recesses` the ids of
    the recesses that the student set. `test_days` are single days of tests (Saturdays) outside the `test_weeks`.
    `lectures_in_test_weeks` is None where the student did not say: lectures are then held.
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
    recess_basis: Basis = Basis.UNKNOWN
    own_recesses: frozenset[str] = frozenset()
    test_weeks: tuple[Period, ...] = ()
    test_days: tuple[date, ...] = ()
    exams: tuple[Period, ...] = ()
    supplementary_exams: tuple[Period, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    lectures_in_test_weeks: bool | None = None
    modules_in_test_weeks: Mapping[str, bool] = field(default_factory=dict)  # by module, where it differs

    def is_assumed(self, offered: str) -> bool:
        """Whether the dates of modules offered so are only proposed: neither set by the student nor confirmed."""
        return not self.confirmed and offered not in self.given

    @property
    def recess_doubt(self) -> Basis | None:
        """What the recess rests on while the student has not answered for it; None once that is done."""
        if self.confirmed:
            return None
        if self.recess_basis is Basis.UNKNOWN:
            return None if self.recesses else Basis.UNKNOWN
        return self.recess_basis if any(each.id not in self.own_recesses for each in self.recesses) else None

    @property
    def recess_note(self) -> Message | None:
        """The sentence that goes with everything that depends on a recess which is not confirmed."""
        match self.recess_doubt:
            case Basis.PROPOSED:
                return msg(
                    "The recess of {year} is proposed, not confirmed: there are no classes in it.", year=self.year
                )
            case Basis.GUESSED:
                return msg(
                    "The recess of {year} is a guess, not confirmed: there are no classes in it.", year=self.year
                )
            case Basis.UNKNOWN:
                return msg("The recess of {year} is not known: classes are shown right through it.", year=self.year)
        return None

    def has_lectures_in_test_weeks(self, module: str) -> bool:
        return self.modules_in_test_weeks.get(module, self.lectures_in_test_weeks is not False)

    def is_in_test_week(self, day: date) -> bool:
        return any(day in week for week in self.test_weeks)

    @cached_property
    def _spans(self) -> dict[str, tuple[Term, ...]]:
        return {offered: tuple(_spans(term, self.terms)) for offered, term in self.terms.items()}

    @cached_property
    def _held(self) -> dict[tuple[str, int, bool], tuple[HeldOn, ...]]:
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
        status = self._apart_from_tests(day)
        if status.has_lectures and self.is_in_test_week(day):
            if self.lectures_in_test_weeks is False:
                return DayStatus(DayKind.OFF, msg("Test week, no lectures"))
            if status.kind is DayKind.LECTURE:
                return DayStatus(DayKind.LECTURE, msg("Test week"))
        if status.kind is DayKind.LECTURE and day in self.test_days:
            return DayStatus(DayKind.LECTURE, msg("Tests"))
        return status

    def _apart_from_tests(self, day: date) -> DayStatus:
        if not any(day in span for spans in self._spans.values() for span in spans):
            return DayStatus(DayKind.OUTSIDE, self._outside_reason(day))
        special = self.days.get(day)
        if special is not None and special.off:
            return DayStatus(DayKind.OFF, special.off)
        if special is not None and special.follows is not None:
            if special.follows == day.weekday():
                return DayStatus(DayKind.LECTURE)
            return DayStatus(
                DayKind.SWAPPED, msg("{weekday}’s timetable", weekday=Weekday(special.follows)), special.follows
            )
        if day in self.holidays:
            return DayStatus(DayKind.HOLIDAY, self.holidays[day])
        for recess in self.recesses:
            if day in recess:
                return DayStatus(DayKind.RECESS, self.recess_reason(recess))
        return DayStatus(DayKind.LECTURE)

    def _outside_reason(self, day: date) -> str:
        if any(day in each for each in self.exams):
            return msg("Exams")
        if any(day in each for each in self.supplementary_exams):
            return msg("Supplementary exams")
        special = self.days.get(day)
        if special is not None and special.off:
            return special.off
        for recess in self.recesses:
            if day in recess:
                return self.recess_reason(recess)
        return "No lectures"

    def recess_reason(self, recess: Recess) -> str:
        """What a recess is called, and that it is not confirmed."""
        if not self.confirmed and recess.id not in self.own_recesses:
            if self.recess_basis is Basis.GUESSED:
                return msg("{recess} (a guess)", recess=named(recess.name))
            if self.recess_basis is Basis.PROPOSED:
                return msg("{recess} (proposed)", recess=named(recess.name))
        return recess.name

    def dates(self, offered: str, weekday: int, module: str = "") -> tuple[HeldOn, ...]:
        """Every date on which a weekly meeting on `weekday` is held, in order; none for an unknown `offered`.

        Modules differ only where one of them has lectures in test weeks and another has none.
        """
        in_test_weeks = self.has_lectures_in_test_weeks(module)
        known = self._held.get((offered, weekday, in_test_weeks))
        if known is None:
            known = self._held[offered, weekday, in_test_weeks] = tuple(self._walk(offered, weekday, in_test_weeks))
        return known

    def _walk(self, offered: str, weekday: int, in_test_weeks: bool) -> Iterator[HeldOn]:
        for span in self.spans(offered):
            for day in days_of(span.start, span.end):
                if not in_test_weeks and self.is_in_test_week(day):
                    continue
                status = self._apart_from_tests(day)
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
