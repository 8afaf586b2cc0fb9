"""Terms, compared with a calendar walked day by day, and how records override what was proposed."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.commands import calendar_commands
from desktop.domain.errors import InvalidInput
from desktop.domain.records.academic_year import calendar_from_records, holiday_region
from desktop.domain.records.records import NEVER, Act, Change, Records, Stamp, index_records
from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.modules import Module
from desktop.domain.timetable.occurrences import occurrences
from desktop.domain.timetable.terms import (
    AcademicCalendar,
    DayKind,
    DayStatus,
    HeldDate,
    Period,
    Recess,
    RecessBasis,
    SpecialDay,
    Term,
    with_derived_terms,
)
from desktop.domain.timetable.timetable import Timetable

YEAR = 2026
MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4
DAY = timedelta(days=1)


def calendar(**more) -> AcademicCalendar:
    terms = with_derived_terms(
        {
            "S1": Term("S1", date(2026, 2, 9), date(2026, 5, 22)),
            "S2": Term("S2", date(2026, 7, 13), date(2026, 10, 16)),
        }
    )
    return AcademicCalendar(YEAR, **({"terms": terms} | more))


def meeting(offered: str = "S1", weekday: int = MONDAY, **more) -> Meeting:
    slot = Slot(weekday, time(8, 30), time(9, 20))
    return Meeting(f"2026/COS 212/{offered}/G01/L/L1", YEAR, "COS 212", offered, "G01", "L", "L1", slot, **more)


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def calendars(draw) -> AcademicCalendar:
    cuts = sorted(draw(st.lists(days, min_size=4, max_size=4, unique=True)))
    given_terms = {"S1": Term("S1", cuts[0], cuts[1]), "S2": Term("S2", cuts[2], cuts[3])}
    recesses = []
    for number, start in enumerate(draw(st.lists(days, max_size=3))):
        recesses.append(Recess(str(number), start, start + draw(st.integers(0, 12)) * DAY))
    special = {
        day: SpecialDay(day, draw(st.none() | st.integers(0, 6)), draw(st.sampled_from(["", "", "Strike"])))
        for day in draw(st.lists(days, max_size=12))
    }
    holidays = dict.fromkeys(draw(st.lists(days, max_size=12)), "Holiday")
    return AcademicCalendar(YEAR, with_derived_terms(given_terms), tuple(recesses), special, holidays)


def brute_force(academic: AcademicCalendar, offered: str, weekday: int) -> list[HeldDate]:
    """The result of the rules for each day of the year, computed separately."""
    first, second, term = academic.terms["S1"], academic.terms["S2"], academic.terms[offered]
    held = []
    day = date(2026, 1, 1)
    while day.year == YEAR:
        in_term = term.start <= day <= term.end and not (offered == "Y" and first.end < day < second.start)
        special = academic.days.get(day, SpecialDay(day))
        in_recess = any(recess.start <= day <= recess.end for recess in academic.recesses)
        if in_term and not special.off:
            if special.follows is not None:
                if special.follows == weekday:
                    held.append(HeldDate(day, weekday if weekday != day.weekday() else None))
            elif day.weekday() == weekday and day not in academic.holidays and not in_recess:
                held.append(HeldDate(day))
        day += DAY
    return held


@settings(max_examples=150, deadline=None)
@given(calendars(), st.data())
def test_dates_are_those_of_a_calendar_walked_day_by_day(academic, data):
    offered = data.draw(st.sampled_from(sorted(academic.terms)))
    weekday = data.draw(st.integers(0, 6))
    assert list(academic.dates(offered, weekday)) == brute_force(academic, offered, weekday)


@settings(max_examples=60, deadline=None)
@given(calendars(), st.integers(0, 6), days, days)
def test_occurrences_are_the_dates_within_the_window(academic, weekday, first, last):
    timetable = Timetable(YEAR, meetings=(meeting("Y", weekday),))
    found = occurrences(timetable, academic, first, last)
    expected = [held.date for held in brute_force(academic, "Y", weekday) if first <= held.date <= last]
    assert [each.date for each in found] == expected
    for each in found:
        status = academic.status(each.date)
        assert status.has_lectures
        assert (status.follows if status.kind is DayKind.SWAPPED else None) == each.moved_from


def test_a_swapped_in_day_is_held_where_its_own_weekday_has_nothing():
    academic = calendar(days={date(2026, 3, 28): SpecialDay(date(2026, 3, 28), FRIDAY)})  # a Saturday
    held = {each.date: each.moved_from for each in academic.dates("S1", FRIDAY)}
    assert held[date(2026, 3, 28)] == FRIDAY
    assert held[date(2026, 3, 27)] is None
    assert academic.status(date(2026, 3, 28)).reason == "Friday’s timetable"


def test_a_swapped_out_weekday_is_not_held():
    academic = calendar(days={date(2026, 3, 25): SpecialDay(date(2026, 3, 25), FRIDAY)})
    assert date(2026, 3, 25) not in [each.date for each in academic.dates("S1", WEDNESDAY)]


def test_a_day_says_why_it_is_empty():
    academic = calendar(
        recesses=(Recess("a", date(2026, 3, 30), date(2026, 4, 5), "April recess"),),
        days={date(2026, 4, 28): SpecialDay(date(2026, 4, 28), off="Graduation")},
        holidays={date(2026, 4, 27): "Freedom Day"},
    )
    told = {
        day: (academic.status(day).kind, academic.status(day).reason)
        for day in (date(2026, 4, 1), date(2026, 4, 27), date(2026, 4, 28), date(2026, 6, 20), date(2026, 4, 29))
    }
    assert told == {
        date(2026, 4, 1): (DayKind.RECESS, "April recess"),
        date(2026, 4, 27): (DayKind.HOLIDAY, "Freedom Day"),
        date(2026, 4, 28): (DayKind.OFF, "Graduation"),
        date(2026, 6, 20): (DayKind.OUTSIDE, "No lectures"),
        date(2026, 4, 29): (DayKind.LECTURE, ""),
    }


def test_weeks_are_counted_without_whole_weeks_of_recess():
    academic = calendar(recesses=(Recess("a", date(2026, 3, 30), date(2026, 4, 3)),))
    assert academic.week_number(date(2026, 2, 9)) == (1, "S1")
    assert academic.week_number(date(2026, 3, 25)) == (7, "S1")
    assert academic.week_number(date(2026, 4, 1)) is None
    assert academic.semester(date(2026, 4, 1)) == "S1"
    assert academic.week_number(date(2026, 4, 8)) == (8, "S1")
    assert academic.week_number(date(2026, 6, 8)) is None
    assert academic.week_number(date(2026, 7, 19)) == (1, "S2")


def test_quarters_lie_within_their_semesters_and_leave_nothing_out():
    terms = calendar().terms
    for semester, early, late in (("S1", "Q1", "Q2"), ("S2", "Q3", "Q4")):
        assert terms[early].start == terms[semester].start
        assert terms[early].end + DAY == terms[late].start
        assert terms[late].start.weekday() == MONDAY
        assert terms[late].end == terms[semester].end


def test_a_year_module_is_not_held_between_the_semesters():
    held = [each.date for each in calendar().dates("Y", MONDAY)]
    assert date(2026, 5, 18) in held
    assert date(2026, 7, 13) in held
    assert not [day for day in held if date(2026, 5, 22) < day < date(2026, 7, 13)]


def test_tests_and_dated_events_are_held_whatever_the_calendar_says():
    holiday = date(2026, 4, 27)
    assessment = Assessment(
        "t", YEAR, "COS 212", AssessmentKind.TEST, "Test1", holiday, time(17, 30), time(19), venues=("HB 4-1",)
    )
    own = OwnEvent("e", YEAR, "Party", time(20), time(22), on=date(2026, 12, 1))
    timetable = Timetable(YEAR, assessments=(assessment,), events=(own,))
    found = occurrences(timetable, calendar(holidays={holiday: "Freedom Day"}), date(2026, 1, 1), date(2026, 12, 31))
    assert [each.item.id for each in found] == ["t", "e"]


def test_a_weekly_own_event_keeps_its_weekday():
    swapped, holiday = date(2026, 3, 25), date(2026, 4, 29)
    academic = calendar(days={swapped: SpecialDay(swapped, FRIDAY)}, holidays={holiday: "Holiday"})
    in_term = OwnEvent("a", YEAR, "Tutoring", time(14), time(15), weekday=WEDNESDAY, offered="S1")
    always = OwnEvent("b", YEAR, "Choir", time(18), time(20), weekday=WEDNESDAY, skipped=frozenset({date(2026, 3, 4)}))
    found = occurrences(Timetable(YEAR, events=(in_term, always)), academic, date(2026, 1, 1), date(2026, 12, 31))
    tutoring = [each.date for each in found if each.item.id == "a"]
    choir = [each.date for each in found if each.item.id == "b"]
    assert swapped in tutoring
    assert holiday not in tutoring
    assert {swapped, holiday, date(2026, 6, 24)} <= set(choir)
    assert date(2026, 3, 4) not in choir


def test_only_what_the_student_attends_is_given():
    groups = [
        Meeting(f"2026/COS 212/S1/{group}/P/P1", YEAR, "COS 212", "S1", group, "P", "P1", slot)
        for group, slot in (("G01", Slot(0, time(8), time(9))), ("G02", Slot(1, time(8), time(9))))
    ]
    key = ChoiceKey(YEAR, "COS 212", "S1", "P")
    first, last = date(2026, 2, 9), date(2026, 2, 15)

    def shown(choice: Choice, **more) -> list[tuple[str, bool]]:
        timetable = Timetable(YEAR, meetings=tuple(groups), choices={key: choice})
        return [(each.item.group, each.undecided) for each in occurrences(timetable, calendar(), first, last, **more)]

    assert shown(Choice(key, ("G01", "G02"))) == [("G01", True), ("G02", True)]
    assert shown(Choice(key, ("G01", "G02")), undecided=False) == []
    assert shown(Choice(key, ("G01", "G02"), "G02")) == [("G02", False)]
    assert shown(Choice(key, ("G01", "G02"), "G02"), hidden=True) == [("G02", False)]


def test_hidden_and_skipped_are_given_only_when_asked_for():
    skipping = meeting(skipped=frozenset({date(2026, 2, 16)}))
    timetable = Timetable(YEAR, modules={"COS 212": Module(YEAR, "COS 212")}, meetings=(skipping,))
    first, last = date(2026, 2, 9), date(2026, 2, 22)
    assert [each.date for each in occurrences(timetable, calendar(), first, last)] == [date(2026, 2, 9)]
    assert len(occurrences(timetable, calendar(), first, last, hidden=True)) == 2
    hidden = Timetable(YEAR, modules={"COS 212": Module(YEAR, "COS 212", hidden=True)}, meetings=(meeting(),))
    assert occurrences(hidden, calendar(), first, last) == ()
    assert len(occurrences(hidden, calendar(), first, last, hidden=True)) == 2


def test_occurrences_stand_in_order_of_time():
    late = meeting(weekday=MONDAY)
    early = Meeting("a", YEAR, "AAA 100", "S1", "G01", "L", "L1", Slot(MONDAY, time(7, 30), time(8, 20)))
    found = occurrences(Timetable(YEAR, meetings=(late, early)), calendar(), date(2026, 2, 9), date(2026, 2, 22))
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert found[0].start == datetime(2026, 2, 9, 7, 30)


# What records say


class Student:
    """Records that acts are applied to, as the store would."""

    def __init__(self) -> None:
        self.records: Records = index_records([])
        self.count = 0
        self.holidays = {date(2026, 4, 27): "Freedom Day", date(2026, 5, 1): "Workers’ Day"}
        self.proposal = calendar(
            recesses=(Recess("april", date(2026, 3, 30), date(2026, 4, 6), "April recess"),),
            days={date(2026, 3, 25): SpecialDay(date(2026, 3, 25), FRIDAY)},
            source="a file",
        )

    def does(self, act: Act) -> None:
        self.count += 1
        self.records = self.records.with_changes(act.changes, Stamp(self.count, "device"))

    @property
    def calendar(self) -> AcademicCalendar:
        return calendar_from_records(self.records, YEAR, self.proposal, self.holidays)


@pytest.fixture
def student() -> Student:
    return Student()


def test_without_records_the_proposal_stands(student):
    assert student.calendar.terms == student.proposal.terms
    assert student.calendar.recesses == student.proposal.recesses
    assert student.calendar.days == student.proposal.days
    assert student.calendar.holidays == student.holidays
    assert not student.calendar.confirmed
    assert student.calendar.source == "a file"


def test_quarters_follow_a_semester_that_was_moved(student):
    student.does(calendar_commands.move_term(YEAR, "S1", date(2026, 2, 16), date(2026, 5, 29)))
    assert student.calendar.terms["Q1"].start == date(2026, 2, 16)
    assert student.calendar.terms["Y"].start == date(2026, 2, 16)
    assert student.calendar.terms["Q3"] == student.proposal.terms["Q3"]
    student.does(calendar_commands.move_term(YEAR, "Q1", date(2026, 2, 16), date(2026, 3, 20)))
    assert student.calendar.terms["Q1"].end == date(2026, 3, 20)
    student.does(calendar_commands.reset_term(YEAR, "Q1"))
    student.does(calendar_commands.reset_term(YEAR, "S1"))
    assert student.calendar.terms == student.proposal.terms


def test_what_a_student_set_is_not_assumed(student):
    assert student.calendar.is_assumed("S1")
    student.does(calendar_commands.move_term(YEAR, "S1", date(2026, 2, 16), date(2026, 5, 29)))
    assert not student.calendar.is_assumed("S1")
    assert student.calendar.is_assumed("S2")
    student.does(calendar_commands.confirm_year(YEAR))
    assert not student.calendar.is_assumed("S2")
    typed = calendar_commands.with_command_line_options(calendar(), terms=["S2=2026-07-13..2026-10-16"])
    assert [typed.is_assumed(offered) for offered in ("S1", "S2")] == [True, False]


def test_recesses_are_added_changed_and_removed(student):
    own = Recess("own", date(2026, 9, 7), date(2026, 9, 11), "Spring")
    student.does(calendar_commands.set_recess(student.records, YEAR, own))
    assert [each.name for each in student.calendar.recesses] == ["April recess", "Spring"]
    proposed = student.proposal.recesses[0]
    student.does(calendar_commands.remove_recess(student.records, YEAR, proposed))
    assert student.calendar.recesses == (own,)
    student.does(calendar_commands.set_recess(student.records, YEAR, proposed))
    assert student.calendar.recesses == (proposed, own)
    student.does(calendar_commands.remove_recess(student.records, YEAR, own))
    assert student.calendar.recesses == (proposed,)


def test_days_are_swapped_called_off_and_made_plain(student):
    day, proposed = date(2026, 4, 28), date(2026, 3, 25)
    student.does(calendar_commands.swap_day(YEAR, day, WEDNESDAY))
    assert student.calendar.status(day).follows == WEDNESDAY
    student.does(calendar_commands.mark_day_off(YEAR, day, "  Sports \n day "))
    assert student.calendar.status(day).reason == "Sports day"
    student.does(calendar_commands.mark_ordinary_day(YEAR, day))
    student.does(calendar_commands.mark_ordinary_day(YEAR, proposed))
    assert student.calendar.days == {}


def test_a_swap_after_a_day_was_called_off_takes_the_call_back(student):
    day = date(2026, 4, 28)
    student.does(calendar_commands.mark_day_off(YEAR, day))
    student.does(calendar_commands.swap_day(YEAR, day, FRIDAY))
    assert student.calendar.status(day).kind is DayKind.SWAPPED


def test_a_holiday_can_be_switched_off_and_on(student):
    day = date(2026, 4, 27)
    student.does(calendar_commands.set_holiday_counts(YEAR, day, "Freedom Day", counts=False))
    assert student.calendar.status(day).kind is DayKind.LECTURE
    student.does(calendar_commands.set_holiday_counts(YEAR, day, "Freedom Day", counts=True))
    assert student.calendar.status(day).kind is DayKind.HOLIDAY
    student.does(calendar_commands.choose_region(YEAR, "none"))
    assert student.calendar.holidays == {}
    assert holiday_region(student.records, YEAR) == "none"


def test_a_file_taken_over_gives_exactly_its_dates(student):
    student.does(
        calendar_commands.set_recess(student.records, YEAR, Recess("own", date(2026, 9, 7), date(2026, 9, 11)))
    )
    student.does(calendar_commands.set_holiday_counts(YEAR, date(2026, 5, 1), "Workers’ Day", counts=False))
    student.does(calendar_commands.remove_recess(student.records, YEAR, student.proposal.recesses[0]))
    taken = calendar(
        terms=with_derived_terms({"S1": Term("S1", date(2026, 2, 2), date(2026, 6, 5))}),
        recesses=(Recess("april", date(2026, 4, 1), date(2026, 4, 10), "Autumn"),),
        days={date(2026, 5, 5): SpecialDay(date(2026, 5, 5), MONDAY)},
        holidays={date(2026, 5, 1): "Workers’ Day"},
        source="a friend",
    )
    student.does(calendar_commands.adopt_dates(student.records, student.calendar, taken, student.holidays))
    now = student.calendar
    assert now.confirmed
    assert (now.recesses, now.days, now.holidays, now.source) == (
        taken.recesses,
        taken.days,
        taken.holidays,
        "a friend",
    )
    assert {offered: now.terms[offered] for offered in taken.terms} == taken.terms


@pytest.mark.parametrize(
    "values",
    [
        {"start": "2026-02-30", "end": "2026-05-01"},
        {"start": 5, "end": None},
        {"start": "2026-05-01", "end": "2026-02-01"},
    ],
)
def test_a_stored_value_that_cannot_be_meant_counts_as_not_set(student, values):
    record = student.records.get("term", "2026/S1").with_values(values, NEVER)
    odd = student.records.get("day", "2026/never").with_values({"follows": 9, "off": 4}, NEVER)
    odd_day = student.records.get("day", "2026/2026-04-28").with_values({"follows": 9, "off": 4}, NEVER)
    bare = student.records.get("recess", "2026").with_values({"start": [], "end": {}}, NEVER)
    student.records = index_records([record, odd, odd_day, bare])
    assert student.calendar.terms == student.proposal.terms
    assert student.calendar.days == student.proposal.days


def test_dates_that_cannot_be_meant_are_refused_in_words():
    with pytest.raises(InvalidInput, match="before it starts"):
        calendar_commands.move_term(YEAR, "S1", date(2026, 5, 1), date(2026, 2, 1))
    with pytest.raises(InvalidInput, match="academic year 2026"):
        calendar_commands.move_term(YEAR, "S1", date(2025, 2, 1), date(2025, 5, 1))
    with pytest.raises(InvalidInput, match="no weekday 7"):
        calendar_commands.swap_day(YEAR, date(2026, 5, 1), 7)


def test_options_of_a_command_line():
    academic = calendar_commands.with_command_line_options(
        calendar(),
        terms=["S1=2026-02-16..2026-05-29"],
        recesses=["2026-03-28..2026-04-06"],
        swaps=["2026-04-28=friday", "2026-05-05=off", "2026-05-06=Tue"],
    )
    assert academic.terms["S1"] == Term("S1", date(2026, 2, 16), date(2026, 5, 29))
    assert academic.terms["Q1"].start == date(2026, 2, 16)
    assert academic.terms["S2"] == calendar().terms["S2"]
    assert academic.status(date(2026, 4, 1)).kind is DayKind.RECESS
    assert academic.status(date(2026, 4, 28)).follows == FRIDAY
    assert academic.status(date(2026, 5, 5)).kind is DayKind.OFF
    assert academic.status(date(2026, 5, 6)).follows == 1


@pytest.mark.parametrize(
    "more",
    [
        {"terms": ["S1=2026-02-16"]},
        {"terms": ["2026-02-16..2026-05-29"]},
        {"recesses": ["soon"]},
        {"swaps": ["2026-04-28=T"]},
        {"swaps": ["2026-04-28"]},
    ],
)
def test_an_option_that_cannot_be_meant_is_quoted(more):
    with pytest.raises(InvalidInput, match=next(iter(more.values()))[0].replace(".", r"\.")) as refused:
        calendar_commands.with_command_line_options(calendar(), **more)
    assert refused.value.hint


def test_a_name_longer_than_a_shared_file_takes_is_refused():
    recess = Recess("r", date(2026, 4, 1), date(2026, 4, 6), "  Rag   week  ")
    (change,) = calendar_commands.set_recess(Records({}), 2026, recess).changes
    assert change.values["name"] == "Rag week"
    with pytest.raises(InvalidInput, match="A name of 101 characters is too long"):
        calendar_commands.set_recess(Records({}), 2026, Recess("r", recess.start, recess.end, "x" * 101))
    with pytest.raises(InvalidInput, match="A reason of 201 characters is too long"):
        calendar_commands.mark_day_off(2026, date(2026, 4, 1), "x" * 201)


WEEK_OF_TESTS = Period(date(2026, 3, 14), date(2026, 3, 20))


def test_lectures_in_test_weeks_are_held_until_the_student_says_otherwise():
    academic = calendar(test_weeks=(WEEK_OF_TESTS,))
    monday = date(2026, 3, 16)
    assert monday in [each.date for each in academic.dates("S1", MONDAY, "COS 101")]
    assert academic.status(monday) == DayStatus(DayKind.LECTURE, "Test week")
    without = replace(academic, lectures_in_test_weeks=False, modules_in_test_weeks={"COS 101": True})
    assert monday not in [each.date for each in without.dates("S1", MONDAY, "WTW 101")]
    assert monday in [each.date for each in without.dates("S1", MONDAY, "COS 101")]
    assert without.status(monday).kind is DayKind.OFF
    one = replace(academic, modules_in_test_weeks={"COS 101": False})
    assert monday not in [each.date for each in one.dates("S1", MONDAY, "COS 101")]
    assert monday in [each.date for each in one.dates("S1", MONDAY, "WTW 101")]


def test_a_day_of_tests_is_named_and_has_lectures():
    day = date(2026, 3, 18)
    assert calendar().status(day) == DayStatus(DayKind.LECTURE)
    assert calendar(test_days=(day,)).status(day) == DayStatus(DayKind.LECTURE, "Tests")


def test_test_weeks_are_stored_for_the_year_and_for_a_module(student):
    assert student.calendar.lectures_in_test_weeks is None
    student.does(calendar_commands.set_lectures_in_test_weeks(YEAR, held=False))
    student.does(calendar_commands.set_module_in_test_weeks(YEAR, "COS 101", held=True))
    assert student.calendar.lectures_in_test_weeks is False
    assert student.calendar.has_lectures_in_test_weeks("COS 101")
    assert not student.calendar.has_lectures_in_test_weeks("WTW 101")
    student.does(calendar_commands.set_module_in_test_weeks(YEAR, "COS 101", held=None))
    student.does(calendar_commands.set_lectures_in_test_weeks(YEAR, held=None))
    assert student.calendar.has_lectures_in_test_weeks("COS 101")
    assert student.calendar.lectures_in_test_weeks is None


def test_the_week_and_the_note_say_what_the_recess_rests_on_until_it_is_confirmed(student):
    in_recess = date(2026, 4, 1)
    student.proposal = replace(student.proposal, recess_basis=RecessBasis.PROPOSED)
    assert student.calendar.status(in_recess) == DayStatus(DayKind.RECESS, "April recess (proposed)")
    assert student.calendar.recess_note == "The recess of 2026 is proposed, not confirmed: there are no classes in it."
    student.proposal = replace(student.proposal, recess_basis=RecessBasis.GUESSED)
    assert student.calendar.status(in_recess).reason == "April recess (a guess)"
    assert "a guess" in student.calendar.recess_note
    student.does(calendar_commands.confirm_year(YEAR))
    assert student.calendar.status(in_recess).reason == "April recess"
    assert student.calendar.recess_note is None


def test_a_recess_that_the_student_set_is_no_proposal_any_more(student):
    student.proposal = replace(student.proposal, recess_basis=RecessBasis.PROPOSED)
    (recess,) = student.proposal.recesses
    student.does(calendar_commands.set_recess(student.records, YEAR, replace(recess, end=date(2026, 4, 3))))
    assert student.calendar.status(date(2026, 4, 1)).reason == "April recess"
    assert student.calendar.recess_note is None


def test_an_unknown_recess_is_said_until_one_is_added(student):
    student.proposal = replace(student.proposal, recesses=(), recess_basis=RecessBasis.UNKNOWN)
    assert "not known" in student.calendar.recess_note
    student.does(
        calendar_commands.set_recess(student.records, YEAR, Recess("own", date(2026, 3, 30), date(2026, 4, 3)))
    )
    assert student.calendar.recess_note is None


def test_a_confirmation_from_before_there_was_a_recess_to_confirm_is_asked_for_again(student):
    student.does(Act("Confirmed the dates", (Change("year", str(YEAR), {"confirmed": True}),)))
    assert not student.calendar.confirmed
    student.does(calendar_commands.confirm_year(YEAR))
    assert student.calendar.confirmed


@pytest.mark.parametrize(
    "values",
    [
        {"test_weeks": "soon", "test_days": "then", "exams": {}, "deadlines": 4, "lectures_in_test_weeks": "no"},
        {"test_weeks": [["2026-03-20", "2026-03-14"]], "test_days": [5], "exams": [["x"]], "deadlines": [["x", 1]]},
    ],
)
def test_stored_test_weeks_and_deadlines_that_cannot_be_meant_count_as_not_set(student, values):
    before = student.calendar
    student.does(Act("Broke it", (Change("year", str(YEAR), values),)))
    assert student.calendar == before
