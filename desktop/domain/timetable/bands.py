"""Bands: test weeks, recess and exam periods, shown above the days of a week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from desktop.domain.messages import msg
from desktop.domain.timetable.terms import AcademicCalendar, Period, date_range


class BandKind(StrEnum):
    TESTS = "tests"
    RECESS = "recess"
    EXAMS = "exams"


@dataclass(frozen=True, slots=True)
class Band:
    """Consecutive days, `start` and `end` included, with a translatable name."""

    kind: BandKind
    name: str
    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


def find_bands(calendar: AcademicCalendar, first: date, last: date) -> tuple[Band, ...]:
    """The bands from `first` to `last`, clipped to these dates, in order.

    No two share a day: exams take precedence over tests, and tests over recess.
    """
    named = [(day, _band_of_day(calendar, day)) for day in date_range(first, last)]
    found = []
    for what, run in groupby(named, key=lambda each: each[1]):
        days = [day for day, _ in run]
        if what is not None:
            kind, name = what
            found.append(Band(kind, name, days[0], days[-1]))
    return tuple(found)


def _band_of_day(calendar: AcademicCalendar, day: date) -> tuple[BandKind, str] | None:
    if _any_contains(calendar.exams, day):
        return BandKind.EXAMS, msg("Exams")
    if _any_contains(calendar.supplementary_exams, day):
        return BandKind.EXAMS, msg("Supplementary exams")
    if calendar.is_in_test_week(day):
        without = calendar.lectures_in_test_weeks is False
        return BandKind.TESTS, msg("Test week, no lectures") if without else msg("Test week")
    for recess in calendar.recesses:
        if day in recess:
            return BandKind.RECESS, calendar.recess_reason(recess)
    return None


def _any_contains(periods: Iterable[Period], day: date) -> bool:
    return any(day in period for period in periods)
