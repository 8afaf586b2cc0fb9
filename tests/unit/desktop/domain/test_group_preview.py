"""Preview of a week in another group, compared with a count by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from desktop.domain.commands.choices import clash_key
from desktop.domain.group_preview import candidate_occurrences, gap_minutes, preview_group
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.occurrences import occurrences
from desktop.domain.timetable.terms import AcademicCalendar, Term
from desktop.domain.timetable.timetable import Timetable

CALENDAR = AcademicCalendar(2026, {"S1": Term("S1", date(2026, 2, 9), date(2026, 5, 29))}, confirmed=True)
KEY = ChoiceKey(2026, "COS 226", "S1", "P")
MONDAY, TODAY = date(2026, 3, 23), date(2026, 3, 24)
YEAR = date(2026, 1, 1), date(2026, 12, 31)


def meeting(module: str, kind: str, group: str, day: int, start: time, end: time) -> Meeting:
    return Meeting(
        f"2026/{module}/S1/{group}/{kind}/{kind}1", 2026, module, "S1", group, kind, f"{kind}1", Slot(day, start, end)
    )


LECTURE = meeting("STK 220", "L", "G01", 1, time(8, 30), time(9, 20))
LATER = meeting("STK 220", "T", "G01", 1, time(12, 30), time(13, 20))
P01 = meeting("COS 226", "P", "P01", 1, time(10, 30), time(11, 20))
P02 = meeting("COS 226", "P", "P02", 1, time(12, 30), time(15, 20))


def year(group: str | None = None, *events: OwnEvent) -> Timetable:
    choice = Choice(KEY, ("P01", "P02"), group)
    only = {
        each.choice_key: Choice(each.choice_key, (each.group,), each.group, automatic=True) for each in (LECTURE, LATER)
    }
    return Timetable(2026, meetings=(LECTURE, LATER, P01, P02), events=events, choices={KEY: choice, **only})


def test_clashes_and_gaps_of_a_group() -> None:
    timetable = year()
    attended = occurrences(timetable, CALENDAR, *YEAR)
    first = preview_group(timetable, CALENDAR, attended, KEY, "P01", MONDAY, TODAY)
    assert (len(first.clashes), first.gaps, first.gaps_now) == (0, 140, 190)
    second = preview_group(timetable, CALENDAR, attended, KEY, "P02", MONDAY, TODAY)
    (clash,) = second.clashes
    assert {clash.first.id, clash.second.id} == {LATER.id, P02.id}
    assert second.gaps == 190
    assert [each.item.id for each in second.occurrences] == [LECTURE.id, LATER.id, P02.id]
    assert not any(each.undecided for each in second.occurrences)


def test_what_is_attended_now_is_compared_with() -> None:
    timetable = year("P02")
    attended = occurrences(timetable, CALENDAR, *YEAR)
    assert [each.item.id for each in candidate_occurrences(timetable, CALENDAR, KEY, MONDAY, date(2026, 3, 29))] == [
        P01.id
    ]
    found = preview_group(timetable, CALENDAR, attended, KEY, "P01", MONDAY, TODAY)
    assert (len(found.clashes), found.clashes_now) == (0, 1)
    assert (found.gaps, found.gaps_now) == (140, 190)
    assert P02.id not in {each.item.id for each in found.occurrences}


def test_clashes_that_are_past_or_accepted_do_not_count() -> None:
    timetable = year()
    attended = occurrences(timetable, CALENDAR, *YEAR)
    late = preview_group(timetable, CALENDAR, attended, KEY, "P02", MONDAY, date(2026, 6, 1))
    assert late.clashes == ()
    accepted = {clash_key(LATER.id, P02.id)}
    assert preview_group(timetable, CALENDAR, attended, KEY, "P02", MONDAY, TODAY, accepted).clashes == ()


def test_gaps_lie_between_what_is_attended_of_one_day() -> None:
    lunch = OwnEvent("2026/event/lunch", 2026, "Lunch", time(11), time(12), weekday=1, offered="S1")
    timetable = year("P01", lunch)
    week = occurrences(timetable, CALENDAR, MONDAY, date(2026, 3, 29))
    assert gap_minutes(week) == 70 + 30, "what overlaps is no gap twice"
    assert gap_minutes(replace(each, undecided=True) for each in week) == 0
