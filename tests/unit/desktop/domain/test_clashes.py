"""Clashes over a year, and what would resolve them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.clashes import Clash, ClashKind, apply_solution, clashes_of, find_clashes
from desktop.domain.commands.choices import accept_clash, accepted_clashes, choose_group, hide_item
from desktop.domain.commands.edits import save_event
from desktop.domain.records.projection import project
from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.occurrences import Occurrence, occurrences
from desktop.domain.timetable.terms import AcademicCalendar, Term, with_derived_terms
from desktop.domain.timetable.timetable import Item
from desktop.domain.timetable.travel import full_campus_name, minutes_between
from tests.unit.desktop.domain.documents import YEAR, Student, draft, lecture, parse_time, sat_test, student_with

CALENDAR = AcademicCalendar(
    YEAR,
    with_derived_terms(
        {
            "S1": Term("S1", date(YEAR, 2, 9), date(YEAR, 5, 22)),
            "S2": Term("S2", date(YEAR, 7, 13), date(YEAR, 10, 16)),
        }
    ),
    (),
    {},
    {},
    True,
    "made up for tests",
)
MONDAYS = 15


def clashes(student: Student) -> tuple[Clash, ...]:
    return clashes_of(project(student.records, YEAR), CALENDAR, accepted_clashes(student.records, YEAR))


def test_a_weekly_overlap_is_one_clash_with_its_dates_to_the_minute() -> None:
    student = student_with(
        [draft(lecture("COS 214", "L1", "Mon 08:30 09:20"), lecture("COS 226", "L1", "Mon 09:05 10:20"))]
    )
    (clash,) = clashes(student)
    assert clash.kind is ClashKind.OVERLAP
    assert (clash.date_count, clash.minutes) == (MONDAYS, MONDAYS * 15)
    assert clash.dates[0] == date(YEAR, 2, 9)
    assert clash.words == (
        "COS 214 · L1 and COS 226 · L1 are both held on Monday 09:05 to 09:20, on 15 dates from 9 February."
    )


def test_what_ends_when_the_other_begins_does_not_clash() -> None:
    student = student_with(
        [draft(lecture("COS 214", "L1", "Mon 08:30 09:20"), lecture("COS 226", "L1", "Mon 09:20 10:20"))]
    )
    assert clashes(student) == ()


def test_the_semesters_do_not_meet() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 214", "L1", "Mon 08:30 09:20", offered="S2"),
                lecture("COS 314", "L1", "Mon 08:30 09:20", offered="S1"),
            )
        ]
    )
    assert clashes(student) == ()


def test_a_test_wins_over_a_lecture_and_skipping_the_lecture_is_offered() -> None:
    student = student_with(
        [
            draft(lecture("COS 214", "L1", "Mon 08:30 09:20")),
            draft(sat_test("COS 226", "Test1", "2026-03-16 08:00 10:00")),
        ]
    )
    (clash,) = clashes(student)
    assert clash.winner == "2026/COS 226/test/Test1/HATFIELD"
    (solution,) = clash.solutions
    assert solution.words == "Skip COS 214 · L1 on 16 March"
    act = apply_solution(project(student.records, YEAR), solution)
    assert act.title == "Skipped COS 214 · L1 on 16 March"
    student.does(act)
    assert clashes(student) == ()


def practicals() -> Student:
    return student_with(
        [
            draft(
                lecture("COS 226", "L1", "Mon 08:30 09:20"),
                lecture("COS 212", "P1", "Mon 08:30 10:20", group="P01"),
                lecture("COS 212", "P1", "Tue 08:30 10:20", group="P02"),
                lecture("COS 212", "P1", "Wed 08:30 10:20", group="P03"),
                lecture("COS 284", "L1", "Wed 08:30 09:20"),
            )
        ]
    )


KEY = ChoiceKey(YEAR, "COS 212", "S1", "P")


def test_another_group_is_offered_only_if_it_clashes_with_nothing() -> None:
    student = practicals()
    student.does(choose_group(project(student.records, YEAR), KEY, "P01"))
    (clash,) = clashes(student)
    assert [(each.choice, each.group) for each in clash.solutions] == [(KEY, "P02")]
    student.does(apply_solution(project(student.records, YEAR), clash.solutions[0]))
    assert clashes(student) == ()


def test_candidates_clash_with_nothing_while_one_of_them_is_free() -> None:
    assert clashes(practicals()) == ()


def test_candidates_of_which_none_is_free_say_so() -> None:
    student = practicals()
    free = next(each for each in project(student.records, YEAR).meetings if each.group == "P02")
    student.does(hide_item(project(student.records, YEAR), free.id))
    found = clashes(student)
    assert {clash.undecided for clash in found} == {True}
    assert {clash.first.id.split("/")[3] + clash.second.id.split("/")[3] for clash in found} == {"G01P01", "G01P03"}


def test_groups_to_choose_from_never_clash_with_each_other() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 212", "P1", "Mon 08:30 10:20", group="P01"),
                lecture("COS 212", "P1", "Mon 08:30 10:20", group="P02"),
            )
        ]
    )
    assert clashes(student) == ()


def test_groups_of_one_choice_do_not_clash_even_where_both_are_attended() -> None:
    table = project(practicals().records, YEAR)
    first, other = (each for each in table.meetings if each.group in ("P01", "P02"))
    at_once = [
        Occurrence(datetime(YEAR, 2, 9, 8, 30), datetime(YEAR, 2, 9, 10, 20), each) for each in (first, other, first)
    ]
    assert find_clashes(at_once) == ()


def test_a_candidate_before_or_after_what_is_certain_that_day_is_free() -> None:
    for when in ("Mon 07:30 08:20", "Mon 08:20 08:30", "Mon 09:20 10:20", "Mon 10:30 11:20"):
        student = student_with(
            [
                draft(
                    lecture("COS 226", "L1", "Mon 08:30 09:20"),
                    lecture("COS 212", "P1", "Mon 08:30 10:20", group="P01"),
                    lecture("COS 212", "P1", when, group="P02"),
                )
            ]
        )
        assert clashes(student) == (), when


def test_another_group_is_offered_where_it_only_touches_what_is_attended() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 226", "L1", "Mon 08:30 09:20"),
                lecture("COS 212", "P1", "Mon 08:30 10:20", group="P01"),
                lecture("COS 212", "P1", "Tue 08:30 10:20", group="P02"),
                lecture("COS 284", "L1", "Tue 07:30 08:30"),
                lecture("COS 284", "L2", "Tue 10:20 11:20"),
            )
        ]
    )
    student.does(choose_group(project(student.records, YEAR), KEY, "P01"))
    (clash,) = clashes(student)
    assert [each.group for each in clash.solutions] == ["P02"]


def test_skipping_is_offered_for_one_lecture_on_up_to_three_dates() -> None:
    table = project(student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))]).records, YEAR)
    (class_,) = table.meetings
    other = replace(class_, id="other", module="COS 226")
    event = OwnEvent(f"{YEAR}/event/x", YEAR, "Work", parse_time("08:00"), parse_time("09:00"), weekday=0)
    test = Assessment(
        "test",
        YEAR,
        "COS 226",
        AssessmentKind.TEST,
        "Test1",
        date(YEAR, 2, 9),
        parse_time("09:30"),
        parse_time("10:20"),
    )
    elsewhere = replace(test, campus="GROENKLOOF")

    def skipped(beside: Item, weeks: int, start: str = "08:00", end: str = "09:00") -> list[tuple[date, ...]]:
        days = [date(YEAR, 2, 9) + timedelta(weeks=week) for week in range(weeks)]
        dated = [(class_, parse_time("08:30"), parse_time("09:20")), (beside, parse_time(start), parse_time(end))]
        found = find_clashes(
            Occurrence(datetime.combine(day, begins), datetime.combine(day, ends), item)
            for day in days
            for item, begins, ends in dated
        )
        assert len(found) == 1
        return [each.skipped for each in found[0].solutions]

    assert [len(days) for days in skipped(event, 3)] == [3]
    assert skipped(event, 4) == []
    assert skipped(other, 1) == [], "which of two lectures is the student's to say"
    assert skipped(elsewhere, 1, "09:30", "10:20") == [], "the way to a test may be short enough"


def test_own_events_clash_and_an_accepted_clash_stays_listed_as_accepted() -> None:
    student = student_with([draft(lecture("COS 214", "L1", "Mon 08:30 09:20"))])
    table = project(student.records, YEAR)
    event = OwnEvent(f"{YEAR}/event/x", YEAR, "Work", parse_time("08:00"), parse_time("09:00"), on=date(YEAR, 3, 2))
    student.does(save_event(table, event))
    (clash,) = clashes(student)
    assert (clash.date_count, clash.minutes, clash.accepted) == (1, 30, False)
    student.does(accept_clash(project(student.records, YEAR), *clash.ids))
    (clash,) = clashes(student)
    assert clash.accepted


def test_travel_between_campuses_is_a_warning_with_an_estimate() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 214", "L1", "Mon 08:30 09:20"),
                lecture("SMO 101", "L1", "Mon 09:30 10:20", campus="GROENKLOOF"),
                lecture("SMO 102", "L1", "Mon 10:40 11:20"),
            )
        ]
    )
    (clash,) = clashes(student)
    assert clash.kind is ClashKind.TRAVEL
    assert (clash.first.id, clash.second.id) == ("2026/COS 214/S1/G01/L/L1", "2026/SMO 101/S1/G01/L/L1")
    assert clash.needed == 20
    assert "an estimate" in clash.words


def test_campuses_are_known_in_full_and_cut_short() -> None:
    assert full_campus_name("HATF") == full_campus_name("Hatfield") == "HATFIELD"
    assert minutes_between("HATF", "ONDERSTEPOORT") == minutes_between("ONDE", "HATFIELD") > 0
    assert (
        minutes_between("HATFIELD", "HATF") == minutes_between("HATFIELD", "MARS") == minutes_between("", "HATF") == 0
    )


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 12), st.sampled_from(["S1", "S2", "Y"])),
        min_size=1,
        max_size=8,
    )
)
def test_the_sweep_finds_what_comparing_every_pair_finds(lessons: list[tuple[int, int, int, str]]) -> None:
    rows = []
    for number, (day, start, length, offered) in enumerate(lessons):
        first, last = 8 * 60 + start * 5, 8 * 60 + (start + length) * 5
        when = f"{('Mon', 'Tue', 'Wed')[day]} {first // 60:02d}:{first % 60:02d} {last // 60:02d}:{last % 60:02d}"
        rows.append(lecture(f"COS {100 + number}", "L1", when, offered=offered))
    table = project(student_with([draft(*rows)]).records, YEAR)
    everything = occurrences(table, CALENDAR, date(YEAR, 1, 1), date(YEAR, 12, 31))
    expected: dict[frozenset[str], int] = {}
    for place, one in enumerate(everything):
        for other in everything[:place]:
            shared = (min(one.end, other.end) - max(one.start, other.start)).total_seconds() // 60
            if shared > 0:
                pair = frozenset((one.item.id, other.item.id))
                expected[pair] = expected.get(pair, 0) + int(shared)
    found = find_clashes(everything)
    assert {frozenset(clash.ids): clash.minutes for clash in found} == expected
