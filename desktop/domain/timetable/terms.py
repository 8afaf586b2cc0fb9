"""The academic calendar: on which dates a weekly meeting is held, given terms, recess, holidays and special days.

The rules for a date, in order of precedence: outside the term; a test week in which the module has no lectures; a day
that is off; a day swap; a public holiday; recess; the weekday. So a day swap is held even on a holiday or in recess,
and nothing is held outside a module's term.
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
OWN_WEEKDAY = -1  # stored as `follows`: the day follows its own weekday, whatever was proposed
SEMESTERS = ("S1", "S2")
OFFERED_CODES = ("S1", "S2", "Y", "Q1", "Q2", "Q3", "Q4")


@dataclass(frozen=True, slots=True)
class Term:
    """The dates of an offered code, `start` and `end` included. Raises InvalidInput if it ends before it starts."""

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
    """Days without lectures inside a term, `start` and `end` included."""

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
    """Consecutive days, `start` and `end` included: a test week or an exam period."""

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
    """The last day for something, such as a registration; `name` is its description."""

    date: date
    name: str


class RecessBasis(StrEnum):
    """The source of a recess that is not confirmed."""

    PROPOSED = "proposed"  # taken from the university's calendar
    GUESSED = "guessed"  # derived from another year
    UNKNOWN = "unknown"  # nothing is known, so classes are shown throughout


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that `follows` another weekday's timetable (Monday = 0), or is `off` (the reason)."""

    date: date
    follows: int | None = None
    off: str = ""

    def __post_init__(self) -> None:
        if self.follows is not None and not 0 <= self.follows <= 6:
            raise InvalidInput(msg("There is no weekday {n}.", n=self.follows), "Choose a day from Monday to Sunday.")


@dataclass(frozen=True, slots=True)
class HeldDate:
    """A date on which a meeting is held. `moved_from` is its weekday if that is not the weekday of the date."""

    date: date
    moved_from: int | None = None


class DayKind(StrEnum):
    """The kind of a date, for lectures."""

    LECTURE = "lecture"
    SWAPPED = "swapped"
    HOLIDAY = "holiday"
    RECESS = "recess"
    OFF = "off"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class DayStatus:
    """The kind of a date, and the reason to show: the name of the holiday or recess, the reason, or the day swap."""

    kind: DayKind
    reason: str = ""
    follows: int | None = None

    @property
    def has_lectures(self) -> bool:
        return self.kind in (DayKind.LECTURE, DayKind.SWAPPED)


@dataclass(frozen=True)
class AcademicCalendar:
    """The dates of one academic year. `holidays` are those that count, `source` is where the dates come from.

    `official` is true if the university published them, `confirmed` if the student confirmed them, with the recess.
    `given` are the offered codes whose dates the student set, `own_recesses` the ids of the recesses that the student
    set. `test_days` are single test days (Saturdays) outside the `test_weeks`. `lectures_in_test_weeks` is None if the
    student did not set it: lectures are then held.
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
    recess_basis: RecessBasis = RecessBasis.UNKNOWN
    own_recesses: frozenset[str] = frozenset()
    test_weeks: tuple[Period, ...] = ()
    test_days: tuple[date, ...] = ()
    exams: tuple[Period, ...] = ()
    supplementary_exams: tuple[Period, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    lectures_in_test_weeks: bool | None = None
    modules_in_test_weeks: Mapping[str, bool] = field(default_factory=dict)  # by module, for modules that differ

    def is_assumed(self, offered: str) -> bool:
        """True if the dates of the offered code are only proposed: neither set nor confirmed by the student."""
        return not self.confirmed and offered not in self.given

    @property
    def unconfirmed_recess_basis(self) -> RecessBasis | None:
        """The basis of a recess that the student has neither set nor confirmed; None if there is no doubt."""
        if self.confirmed:
            return None
        if self.recess_basis is RecessBasis.UNKNOWN:
            return None if self.recesses else RecessBasis.UNKNOWN
        return self.recess_basis if any(each.id not in self.own_recesses for each in self.recesses) else None

    @property
    def recess_note(self) -> Message | None:
        """A sentence to show wherever something depends on a recess in doubt; None if there is no doubt."""
        match self.unconfirmed_recess_basis:
            case RecessBasis.PROPOSED:
                return msg(
                    "The recess of {year} is proposed, not confirmed: there are no classes in it.", year=self.year
                )
            case RecessBasis.GUESSED:
                return msg(
                    "The recess of {year} is a guess, not confirmed: there are no classes in it.", year=self.year
                )
            case RecessBasis.UNKNOWN:
                return msg("The recess of {year} is not known: classes are shown right through it.", year=self.year)
        return None

    def has_lectures_in_test_weeks(self, module: str) -> bool:
        return self.modules_in_test_weeks.get(module, self.lectures_in_test_weeks is not False)

    def is_in_test_week(self, day: date) -> bool:
        return any(day in week for week in self.test_weeks)

    @cached_property
    def _teaching_periods(self) -> dict[str, tuple[Term, ...]]:
        return {offered: tuple(_split_term(term, self.terms)) for offered, term in self.terms.items()}

    @cached_property
    def _dates_cache(self) -> dict[tuple[str, int, bool], tuple[HeldDate, ...]]:
        return {}

    @cached_property
    def _status_cache(self) -> dict[date, DayStatus]:
        return {}

    def teaching_periods(self, offered: str) -> tuple[Term, ...]:
        """The teaching periods of an offered code. Y has two if there is a gap between the semesters."""
        return self._teaching_periods.get(offered, ())

    @property
    def first(self) -> date:
        """The first day of any term, or 1 January."""
        return min((term.start for term in self.terms.values()), default=date(self.year, 1, 1))

    @property
    def last(self) -> date:
        """The last day of any term, or 31 December."""
        return max((term.end for term in self.terms.values()), default=date(self.year, 12, 31))

    def status(self, day: date) -> DayStatus:
        """The status of `day`, for lectures of any term."""
        known = self._status_cache.get(day)
        if known is None:
            known = self._status_cache[day] = self._compute_status(day)
        return known

    def _compute_status(self, day: date) -> DayStatus:
        status = self._status_without_tests(day)
        if status.has_lectures and self.is_in_test_week(day):
            if self.lectures_in_test_weeks is False:
                return DayStatus(DayKind.OFF, msg("Test week, no lectures"))
            if status.kind is DayKind.LECTURE:
                return DayStatus(DayKind.LECTURE, msg("Test week"))
        if status.kind is DayKind.LECTURE and day in self.test_days:
            return DayStatus(DayKind.LECTURE, msg("Tests"))
        return status

    def _status_without_tests(self, day: date) -> DayStatus:
        if not any(day in span for spans in self._teaching_periods.values() for span in spans):
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
        """The name of a recess, marked if it is not confirmed."""
        if not self.confirmed and recess.id not in self.own_recesses:
            if self.recess_basis is RecessBasis.GUESSED:
                return msg("{recess} (a guess)", recess=named(recess.name))
            if self.recess_basis is RecessBasis.PROPOSED:
                return msg("{recess} (proposed)", recess=named(recess.name))
        return recess.name

    def dates(self, offered: str, weekday: int, module: str = "") -> tuple[HeldDate, ...]:
        """The dates of a weekly meeting on `weekday`, in order; none for an unknown `offered`.

        `module` matters only for test weeks: some modules have lectures in them, others do not.
        """
        in_test_weeks = self.has_lectures_in_test_weeks(module)
        known = self._dates_cache.get((offered, weekday, in_test_weeks))
        if known is None:
            known = self._dates_cache[offered, weekday, in_test_weeks] = tuple(
                self._compute_dates(offered, weekday, in_test_weeks)
            )
        return known

    def _compute_dates(self, offered: str, weekday: int, in_test_weeks: bool) -> Iterator[HeldDate]:
        for span in self.teaching_periods(offered):
            for day in date_range(span.start, span.end):
                if not in_test_weeks and self.is_in_test_week(day):
                    continue
                status = self._status_without_tests(day)
                if status.kind is DayKind.SWAPPED:
                    if status.follows == weekday:
                        yield HeldDate(day, weekday)
                elif status.has_lectures and day.weekday() == weekday:
                    yield HeldDate(day)

    def semester(self, day: date) -> str | None:
        """The semester of `day`; semesters extend from the Monday of the first week to the Sunday of the last."""
        for offered in SEMESTERS:
            term = self.terms.get(offered)
            if term is not None and monday_of(term.start) <= day <= monday_of(term.end) + 6 * DAY:
                return offered
        return None

    def week_number(self, day: date) -> tuple[int, str] | None:
        """The number of the lecture week, and its semester: (7, "S1"). A week wholly in recess is not counted: None."""
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


def _split_term(term: Term, terms: Mapping[str, Term]) -> Iterator[Term]:
    first, second = terms.get("S1"), terms.get("S2")
    if term.offered == "Y" and first and second and term.start <= first.end < second.start <= term.end:
        yield Term("Y", term.start, first.end)
        yield Term("Y", second.start, term.end)
    else:
        yield term


def date_range(first: date, last: date) -> Iterator[date]:
    """Every date from `first` to `last`, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def monday_of(day: date) -> date:
    """The Monday of the week of that date."""
    return day - day.weekday() * DAY


def with_derived_terms(given: Mapping[str, Term]) -> dict[str, Term]:
    """The given terms, with missing ones derived from the semesters: Y spans both, quarters are halves.

    The first quarter of a semester ends on the Sunday nearest to its middle. The second starts the day after.
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
