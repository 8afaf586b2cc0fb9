"""Days, lanes and blocks of a week."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.clashes import Clash, ClashKind
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.terms import AcademicCalendar, DayKind, Recess, SpecialDay, Term
from desktop.domain.week_view import MINUTES_PER_DAY, WHOLE_WEEK, clash_block_keys, week_view

MONDAY = date(2026, 3, 23)
CALENDAR = AcademicCalendar(
    2026,
    {"S1": Term("S1", date(2026, 2, 9), date(2026, 5, 22)), "S2": Term("S2", date(2026, 7, 13), date(2026, 10, 16))},
    (Recess("a", date(2026, 3, 30), date(2026, 4, 3), "April recess"),),
    {date(2026, 3, 25): SpecialDay(date(2026, 3, 25), 4)},
)


def occurrence(day: date, start: str, end: str, name: str = "x") -> Occurrence:
    begin, finish = time.fromisoformat(start), time.fromisoformat(end)
    event = OwnEvent(name, 2026, name, begin, max(finish, time(0, 1)), on=day) if begin < finish else None
    event = event or OwnEvent(name, 2026, name, time(0), time(1), on=day)
    return Occurrence(datetime.combine(day, begin), datetime.combine(day, finish), event)


def lanes(*spans: tuple[str, str]) -> list[tuple[int, int]]:
    found = sorted(occurrence(MONDAY, start, end, str(number)) for number, (start, end) in enumerate(spans))
    blocks = {block.occurrence.item.id: block for block in week_view(found, CALENDAR, MONDAY).blocks()}
    return [(blocks[str(number)].lane, blocks[str(number)].lanes) for number in range(len(spans))]


def test_weekdays_are_always_there_and_the_weekend_when_used():
    assert [day.date.weekday() for day in week_view((), CALENDAR, MONDAY).days] == [0, 1, 2, 3, 4]
    saturday = occurrence(MONDAY + timedelta(5), "08:00", "11:00")
    assert len(week_view((saturday,), CALENDAR, MONDAY).days) == 6
    sunday = occurrence(MONDAY + timedelta(6), "08:00", "11:00")
    assert len(week_view((sunday,), CALENDAR, MONDAY).days) == 7


def test_any_day_names_its_week():
    assert week_view((), CALENDAR, date(2026, 3, 29)).monday == MONDAY


def test_the_hours_are_those_used_and_half_an_hour_around():
    found = (occurrence(MONDAY, "08:30", "09:20"), occurrence(MONDAY + timedelta(1), "17:30", "19:00"))
    view = week_view(found, CALENDAR, MONDAY)
    assert (view.first_minute, view.last_minute) == (8 * 60, 19 * 60 + 30)
    late = week_view((occurrence(MONDAY, "00:10", "23:50"),), CALENDAR, MONDAY)
    assert (late.first_minute, late.last_minute) == (0, MINUTES_PER_DAY)


def test_an_empty_week_has_the_hours_of_the_others():
    other = (occurrence(MONDAY, "10:30", "12:20"),)
    view = week_view(other, CALENDAR, MONDAY + timedelta(7))
    assert (view.first_minute, view.last_minute) == (10 * 60, 12 * 60 + 50)
    assert not list(view.blocks())
    assert week_view((), CALENDAR, MONDAY).first_minute == 7 * 60 + 30


def test_overlaps_stand_side_by_side():
    assert lanes(("08:30", "09:20"), ("09:20", "10:20")) == [(0, 1), (0, 1)]
    assert lanes(("08:30", "09:20"), ("09:00", "10:20")) == [(0, 2), (1, 2)]
    assert lanes(("08:00", "10:00"), ("08:30", "09:00"), ("09:00", "09:30")) == [(0, 2), (1, 2), (1, 2)]
    assert lanes(("08:00", "09:00"), ("08:30", "10:00"), ("09:00", "11:00"), ("12:00", "13:00")) == [
        (0, 2),
        (1, 2),
        (0, 2),
        (0, 1),
    ]
    assert lanes(("08:00", "09:00"), ("08:00", "09:00"), ("08:00", "10:00")) == [(1, 3), (2, 3), (0, 3)]


def test_days_say_what_they_are():
    kinds = [day.status.kind for day in week_view((), CALENDAR, MONDAY).days]
    assert kinds == [DayKind.LECTURE, DayKind.LECTURE, DayKind.SWAPPED, DayKind.LECTURE, DayKind.LECTURE]
    recess = week_view((), CALENDAR, MONDAY + timedelta(7))
    assert {day.status.reason for day in recess.days} == {"April recess"}
    assert (recess.number, recess.offered) == (None, "S1")


def test_the_header_counts_lecture_weeks():
    view = week_view((), CALENDAR, MONDAY)
    assert (view.number, view.offered) == (7, "S1")
    assert (week_view((), CALENDAR, date(2026, 6, 15)).number, week_view((), CALENDAR, date(2026, 6, 15)).offered) == (
        None,
        None,
    )


def test_now_is_marked_in_its_week_only():
    now = datetime(2026, 3, 24, 10, 15)
    found = (occurrence(MONDAY, "08:30", "09:20"), occurrence(MONDAY + timedelta(1), "10:00", "11:00"))
    view = week_view(found, CALENDAR, MONDAY, now=now)
    assert view.now_minute == 10 * 60 + 15
    assert [day.is_today for day in view.days] == [False, True, False, False, False]
    assert [block.past for block in view.blocks()] == [True, False]
    assert week_view(found, CALENDAR, MONDAY + timedelta(7), now=now).now_minute is None


def test_clashes_and_hidden_blocks_are_marked():
    found = (occurrence(MONDAY, "08:30", "09:20", "a"), occurrence(MONDAY, "09:20", "10:00", "b"))
    first, second = week_view(
        found, CALENDAR, MONDAY, clashes=[("a", found[0].start)], hidden=[("b", found[1].start)]
    ).blocks()
    assert (first.clash, first.hidden) == (True, False)
    assert (second.clash, second.hidden) == (False, True)


def test_both_sides_of_a_clash_are_marked_unless_it_is_accepted():
    first, second = occurrence(MONDAY, "08:30", "09:20", "a"), occurrence(MONDAY, "09:00", "10:00", "b")
    clash = Clash("k", ClashKind.OVERLAP, first.item, second.item, ((second.start, first.end),))
    assert clash_block_keys([clash]) == {("a", first.start), ("b", second.start)}
    assert clash_block_keys([replace(clash, accepted=True), replace(clash, kind=ClashKind.TRAVEL)]) == frozenset()
    view = week_view((first, second), CALENDAR, MONDAY, clash_block_keys([clash]))
    assert [block.clash for block in view.blocks()] == [True, True]


minutes = st.integers(0, 287).map(lambda five: time(five * 5 // 60, five * 5 % 60))


@given(st.lists(st.tuples(st.integers(0, 6), minutes, minutes), max_size=25))
def test_lanes_never_overlap_and_are_as_few_as_can_be(spans):
    found = sorted(
        (
            occurrence(MONDAY + timedelta(day), f"{min(a, b):%H:%M}", f"{max(a, b):%H:%M}", str(number))
            for number, (day, a, b) in enumerate(spans)
        ),
        key=lambda each: (each.start, each.end, each.item.id),
    )
    view = week_view(found, CALENDAR, MONDAY)
    assert sorted(block.occurrence.item.id for block in view.blocks()) == sorted(each.item.id for each in found)
    for day in view.days:
        for block in day.blocks:
            assert 0 <= block.lane < block.lanes
            assert view.first_minute <= block.start_minute < block.end_minute <= view.last_minute
            for other in day.blocks:
                overlap = block.start_minute < other.end_minute and other.start_minute < block.end_minute
                if other is not block and overlap:
                    assert block.lane != other.lane
                    assert block.lanes == other.lanes
        for block in day.blocks:  # some moment of the cluster needs that many lanes
            cluster = _cluster(block, day.blocks)
            busiest = max(
                sum(each.start_minute <= moment.start_minute < each.end_minute for each in cluster)
                for moment in cluster
            )
            assert busiest == block.lanes


def _cluster(block, blocks):
    found, grown = [block], True
    while grown:
        more = [
            each
            for each in blocks
            if each not in found
            and any(each.start_minute < one.end_minute and one.start_minute < each.end_minute for one in found)
        ]
        found, grown = found + more, bool(more)
    return found


def test_one_day_of_a_week_keeps_its_hours_and_only_its_own_bands():
    now = datetime(2026, 4, 3, 10, 15)
    friday = date(2026, 4, 3)
    found = (occurrence(friday, "08:30", "09:20"), occurrence(friday + timedelta(1), "06:00", "11:00"))
    week = week_view(found, CALENDAR, friday, now=now, min_days=WHOLE_WEEK)
    day = week.only(friday)
    assert [each.date for each in day.days] == [friday]
    assert list(day.blocks()) == list(week.days[4].blocks)
    assert (day.first_minute, day.last_minute) == (week.first_minute, week.last_minute)
    assert day.now_minute == week.now_minute == 10 * 60 + 15
    assert [each.name for each in day.bands] == ["April recess"]
    saturday = week.only(friday + timedelta(1))
    assert saturday.now_minute is None, "now is on another day"
    assert not saturday.bands
    with pytest.raises(ValueError, match="not shown"):
        week.only(friday + timedelta(7))
