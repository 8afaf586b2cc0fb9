"""Test weeks, recess and exams as ranges of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desktop.academic import proposed_calendar
from desktop.domain.timetable.bands import Band, BandKind, find_bands
from desktop.domain.timetable.terms import Period

CALENDAR = replace(proposed_calendar(2026), confirmed=True)


def test_the_stretches_of_a_semester_come_in_order() -> None:
    found = find_bands(CALENDAR, date(2026, 3, 1), date(2026, 7, 1))
    assert [(each.kind, each.name) for each in found] == [
        (BandKind.TESTS, "Test week"),
        (BandKind.RECESS, "April recess"),
        (BandKind.TESTS, "Test week"),
        (BandKind.EXAMS, "Exams"),
        (BandKind.EXAMS, "Supplementary exams"),
        (BandKind.RECESS, "July recess"),
    ]
    assert (found[0].start, found[0].end) == (date(2026, 3, 14), date(2026, 3, 20))


def test_a_stretch_is_cut_where_what_is_asked_for_ends() -> None:
    (band,) = find_bands(CALENDAR, date(2026, 3, 16), date(2026, 3, 18))
    assert band == Band(BandKind.TESTS, "Test week", date(2026, 3, 16), date(2026, 3, 18))
    assert date(2026, 3, 18) in band
    assert date(2026, 3, 19) not in band
    assert find_bands(CALENDAR, date(2026, 3, 23), date(2026, 3, 27)) == ()


def test_no_day_has_two_and_what_is_said_of_lectures_counts() -> None:
    both = replace(CALENDAR, exams=(Period(date(2026, 3, 18), date(2026, 3, 19)),), lectures_in_test_weeks=False)
    found = find_bands(both, date(2026, 3, 14), date(2026, 3, 20))
    assert [each.name for each in found] == ["Test week, no lectures", "Exams", "Test week, no lectures"]
