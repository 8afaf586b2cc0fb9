"""The planner, compared with plain enumeration over dates, minute by minute."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.clashes import clashes_of
from desktop.domain.codec import to_plain
from desktop.domain.commands.choices import choose_group, hide_item, mix_groups, pin_group, unmix_groups
from desktop.domain.errors import Cancelled, InvalidInput
from desktop.domain.records.projection import project
from desktop.domain.records.records import canonical_json
from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.occurrences import held_dates
from desktop.domain.timetable.terms import AcademicCalendar, Recess, SpecialDay, Term, with_derived_terms
from desktop.domain.timetable.timetable import Timetable
from desktop.domain.timetable.travel import minutes_between
from desktop.planning.planner import Plan, apply_plan, best_plans, differing_choices, distinguishing_groups
from desktop.planning.preferences import (
    CAMPUS_MINUTES,
    DAY_MINUTES,
    GROUP_MINUTES,
    KEPT_DAY_MINUTES,
    LUNCH_MINUTES,
    TRAVEL_RUSH_MINUTES,
    Preferences,
    preferences_from_json,
)
from tests.unit.desktop.domain.documents import YEAR, Student, draft, lecture, student_with

EVERYTHING = Preferences(
    free_days=True,
    keep_free=frozenset({4}),
    not_before=time(8, 30),
    not_after=time(15),
    few_gaps=True,
    lunch=True,
    early_friday=time(13),
    same_group=True,
    travel=True,
    importance={"few_gaps": 3, "lunch": 1},
)


def calendar(*, crooked: bool = False) -> AcademicCalendar:
    """Short semesters, so that enumeration is quick; crooked ones have a recess, a holiday and a swapped day."""
    terms = with_derived_terms(
        {
            "S1": Term("S1", date(YEAR, 2, 9), date(YEAR, 3, 13)),
            "S2": Term("S2", date(YEAR, 7, 13), date(YEAR, 7, 31)),
        }
    )
    if not crooked:
        return AcademicCalendar(YEAR, terms, (), {}, {}, True, "made up")
    recess = (Recess("r", date(YEAR, 3, 2), date(YEAR, 3, 6)),)
    days = {date(YEAR, 2, 18): SpecialDay(date(YEAR, 2, 18), follows=4)}
    return AcademicCalendar(YEAR, terms, recess, days, {date(YEAR, 2, 24): "Holiday"}, True, "made up")


def minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


class Reference:
    """The cost of a plan, by a plain, slow count over every date of the year."""

    def __init__(self, table: Timetable, when: AcademicCalendar, wish: Preferences) -> None:
        self.table, self.wish = table, wish
        self.held = {item.id: {held.date for held in held_dates(item, when)} for item in table.items()}

    def hours(self, item: Meeting | OwnEvent | Assessment) -> tuple[int, int]:
        slot = item.slot if isinstance(item, Meeting) else item
        return minute(slot.start), minute(slot.end)

    def cost(self, groups: dict[ChoiceKey, str]) -> tuple[int, int]:
        wish, weight = self.wish, self.wish.weight
        attended = [
            each
            for each in self.table.meetings
            if not self.table.is_hidden(each) and groups.get(each.choice_key) == each.group
        ]
        weekly = [*attended, *(event for event in self.table.events if event.weekday is not None)]
        by_date: dict[date, list[Meeting | OwnEvent]] = defaultdict(list)
        for item in weekly:
            for day in self.held[item.id]:
                by_date[day].append(item)
        fixed: dict[date, list[tuple[int, int]]] = defaultdict(list)
        for other in [*self.table.assessments, *(event for event in self.table.events if event.on is not None)]:
            for day in self.held[other.id]:
                fixed[day].append(self.hours(other))
        clash = points = 0
        for day, items in by_date.items():
            spans = [self.hours(item) for item in items]
            for (start, end), (begins, ends) in itertools.combinations(spans, 2):
                clash += max(0, min(end, ends) - max(start, begins))
            busy = set(itertools.chain.from_iterable(range(*span) for span in spans))
            if day.weekday() in wish.keep_free and weight("keep_free"):
                points += KEPT_DAY_MINUTES * weight("keep_free")
            else:
                points += DAY_MINUTES * weight("free_days")
            points += (max(busy) + 1 - min(busy) - len(busy)) * weight("few_gaps")
            if not self.has_lunch(busy):
                points += LUNCH_MINUTES * weight("lunch")
            campuses = {item.campus for item in items if isinstance(item, Meeting)}
            points += max(0, len(campuses) - 1) * CAMPUS_MINUTES * weight("travel")
            for item in items:
                start, end = self.hours(item)
                for begins, ends in fixed[day]:
                    points += max(0, min(end, ends) - max(start, begins)) * weight("tests")
                if isinstance(item, Meeting):
                    minutes = set(range(start, end))
                    if wish.not_before is not None:
                        points += sum(each < minute(wish.not_before) for each in minutes) * weight("not_before")
                    if wish.not_after is not None:
                        points += sum(each >= minute(wish.not_after) for each in minutes) * weight("not_after")
                    if wish.early_friday is not None and day.weekday() == 4:
                        points += sum(each >= minute(wish.early_friday) for each in minutes) * weight("early_friday")
            for one, other in itertools.combinations([each for each in items if isinstance(each, Meeting)], 2):
                (start, end), (begins, ends) = self.hours(one), self.hours(other)
                between = max(begins - end, start - ends)
                if one.choice_key != other.choice_key and 0 <= between < minutes_between(one.campus, other.campus):
                    points += TRAVEL_RUSH_MINUTES * weight("travel")
        for key, group in groups.items():
            tutorials = replace(key, kind="T")
            if key.kind == "L" and tutorials in groups and group[1:] != groups[tutorials][1:]:
                points += GROUP_MINUTES * weight("same_group")
        return clash, points

    def has_lunch(self, busy: set[int]) -> bool:
        first, last = minute(self.wish.lunch_from), minute(self.wish.lunch_to)
        needed = self.wish.lunch_minutes
        return any(not busy & set(range(start, start + needed)) for start in range(first, last - needed + 1))

    def every(self) -> Iterator[tuple[tuple[int, int], dict[ChoiceKey, str]]]:
        keys = list(self.table.choices)
        for groups in itertools.product(*(self.table.choices[key].groups for key in keys)):
            chosen = dict(zip(keys, groups, strict=True))
            yield self.cost(chosen), chosen


slots = st.tuples(st.integers(0, 4), st.integers(0, 30), st.sampled_from([10, 12, 22, 34]))


@st.composite
def timetables(draw: st.DrawFn, offered: st.SearchStrategy[str]) -> Timetable:
    """One or two modules, in which groups of a kind have as many meetings as each other."""
    meetings: list[Meeting] = []
    choices: dict[ChoiceKey, Choice] = {}
    for number in range(draw(st.integers(1, 2))):
        module, code = f"COS {110 + number}", draw(offered)
        campus = draw(st.sampled_from(["HATFIELD", "GROENKLOOF"]))
        for kind in draw(st.sampled_from(["LPT", "LT", "LP", "L"])):
            key = ChoiceKey(YEAR, module, code, kind)
            names = [f"{'G' if kind == 'L' else kind}{place:02d}" for place in range(1, draw(st.integers(1, 3)) + 1)]
            choices[key] = Choice(key, tuple(names), names[0] if len(names) == 1 else None, len(names) == 1)
            count = draw(st.integers(1, 2))
            for name in names:
                for each in range(1, count + 1):
                    day, start, length = draw(slots)
                    begins, ends = 450 + 15 * start, min(450 + 15 * start + 5 * length, 1435)
                    slot = Slot(day, time(begins // 60, begins % 60), time(ends // 60, ends % 60))
                    where = draw(st.sampled_from([campus, campus, "HATFIELD"]))
                    label = f"{kind}{each}"
                    name_of = f"{key.year}/{module}/{code}/{name}/{kind}/{label}"
                    meetings.append(Meeting(name_of, YEAR, module, code, name, kind, label, slot, ("R",), where))
    events = []
    if draw(st.booleans()):
        day, start, length = draw(slots)
        begins = 450 + 15 * start
        ends = begins + 5 * length
        span = time(begins // 60, begins % 60), time(ends // 60, ends % 60)
        events.append(OwnEvent(f"{YEAR}/event/w", YEAR, "Work", *span, weekday=day, offered="S1"))
        events.append(OwnEvent(f"{YEAR}/event/d", YEAR, "Dentist", *span, on=date(YEAR, 2, 16)))
    assessment = Assessment(
        f"{YEAR}/COS 110/test/Test1/HATFIELD",
        YEAR,
        "COS 110",
        AssessmentKind.TEST,
        "Test1",
        date(YEAR, 2, 11),
        time(9),
        time(11),
    )
    return Timetable(YEAR, {}, tuple(meetings), (assessment,), tuple(events), choices)


def answers(table: Timetable, when: AcademicCalendar, wish: Preferences, count: int) -> list[tuple[int, int]]:
    return [(each.clash_minutes, each.points) for each in best_plans(table, when, wish, count=count).plans]


wishes = st.builds(
    Preferences,
    free_days=st.booleans(),
    keep_free=st.sampled_from([frozenset(), frozenset({4}), frozenset({0, 2})]),
    not_before=st.sampled_from([None, time(8, 30)]),
    not_after=st.sampled_from([None, time(14)]),
    few_gaps=st.booleans(),
    lunch=st.booleans(),
    early_friday=st.sampled_from([None, time(12)]),
    same_group=st.booleans(),
    travel=st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(timetables(st.just("S1")), wishes | st.just(EVERYTHING), st.booleans())
def test_the_best_plans_are_those_of_plain_enumeration(table: Timetable, wish: Preferences, crooked: bool) -> None:
    when = calendar(crooked=crooked)
    reference = Reference(table, when, wish)
    every = sorted((cost for cost, _ in reference.every()))
    found = best_plans(table, when, wish, count=10_000)
    assert found.proven
    for each in found.plans:
        chosen = {key: choice.group or "" for key, choice in table.choices.items()} | dict(each.groups)
        assert reference.cost(chosen) == (each.clash_minutes, each.points)
        for key, others in each.alike.items():
            for other in others:
                assert reference.cost(chosen | {key: other}) == (each.clash_minutes, each.points)
        assert sum(each.costs.values()) == each.points
    if not found.plans:
        return
    assert found.feasible == (every[0][0] == 0)
    # Groups that are alike are one plan. All plans with the fewest minutes of clashes are there, and where that is
    # none, no others; what is independent is free of clashes where it can be, so not every worse plan is.
    costs = [(each.clash_minutes, each.points) for each in found.plans]
    assert costs == sorted(costs)
    wanted = {cost for cost in every if cost[0] == every[0][0]}
    assert wanted <= set(costs) <= (wanted if found.feasible else set(every))
    for count in (1, 2, 3, 5):  # the fewer are kept, the more a bound cuts off
        assert answers(table, when, wish, count) == costs[:count]


@settings(deadline=None, max_examples=60)
@given(timetables(st.sampled_from(["S1", "S2", "Y", "Q1", "Q2"])))
def test_semesters_and_quarters_meet_only_where_they_do(table: Timetable) -> None:
    reference = Reference(table, calendar(), EVERYTHING)
    best = min(cost for cost, _ in reference.every())
    found = best_plans(table, calendar(), EVERYTHING)
    if found.plans:
        assert (found.plans[0].clash_minutes, found.plans[0].points) == best


@settings(deadline=None, max_examples=60)
@given(timetables(st.just("S1")))
def test_a_core_is_infeasible_and_without_any_one_of_it_is_not(table: Timetable) -> None:
    found = best_plans(table, calendar(), Preferences())
    if not found.plans or found.feasible:
        assert found.conflict_set is None
        return
    assert found.conflict_set is not None
    members = [*found.conflict_set.choices, *(event.id for event in found.conflict_set.events)]

    def is_free(without: object = None) -> bool:
        kept = {each for each in members if each != without}
        smaller = replace(
            table,
            meetings=tuple(each for each in table.meetings if each.choice_key in kept),
            choices={key: choice for key, choice in table.choices.items() if key in kept},
            events=tuple(each for each in table.events if each.id in kept),
            assessments=(),
        )
        return min(cost[0] for cost, _ in Reference(smaller, calendar(), Preferences()).every()) == 0

    assert not is_free()
    assert all(is_free(without=each) for each in members)


def table_of(student: Student) -> Timetable:
    return project(student.records, YEAR)


KEY = ChoiceKey(YEAR, "COS 212", "S1", "P")


def practicals() -> Student:
    return student_with(
        [
            draft(
                lecture("COS 226", "L1", "Mon 08:30 09:20"),
                lecture("COS 212", "P1", "Mon 08:30 10:20", group="P01"),
                lecture("COS 212", "P1", "Tue 08:30 10:20", group="P02"),
                lecture("COS 212", "P1", "Mon 09:30 11:20", group="P03"),
                lecture("COS 212", "P1", "Mon 09:30 11:20", "Z", group="P04"),
            )
        ]
    )


def test_plans_have_reasons_and_tradeoffs_and_can_be_applied() -> None:
    student = practicals()
    found = best_plans(table_of(student), calendar(), Preferences(free_days=True, few_gaps=True))
    best, second = found.plans
    assert best.groups == {KEY: "P03"}
    assert best.alike == {KEY: ("P04",)}
    assert second.groups == {KEY: "P02"}
    assert best.reasons[0] == "Tuesday, Wednesday, Thursday, Friday free"
    assert best.reasons[1:3] == ("from 08:30 to 11:20", "10 min of gaps a week")
    assert second.reasons[1] == "from 08:30 to 10:20"
    assert not any(reason.endswith("of gaps a week") for reason in second.reasons)
    assert "uses more days" in second.tradeoffs
    assert found.summary == ("No groups clash in these plans.",)
    act = apply_plan(table_of(student), best)
    assert act.title == "Applied a plan: 1 group"
    student.does(act)
    assert table_of(student).choices[KEY].group == "P03"
    assert clashes_of(table_of(student), calendar()) == ()
    assert best_plans(table_of(student), calendar(), Preferences(free_days=True)).plans[0].changes == 0


def test_what_all_plans_keep_is_said_once_and_what_no_choice_has_to_do_with_not_at_all() -> None:
    wishes = Preferences(not_before=time(8), few_gaps=True, lunch=True, same_group=True, travel=True)
    found = best_plans(table_of(practicals()), calendar(), wishes)
    every = "Each of them starts when you like and leaves a lunch break every day."
    assert found.summary == ("No groups clash in these plans.", every)
    best, second = found.plans
    said = [str(reason) for each in found.plans for reason in each.reasons]
    assert not any("lunch" in reason or "when you like" in reason for reason in said)
    assert "has no gaps" in best.reasons, "the second has some"
    assert "has no gaps" not in second.reasons
    assert not any("groups" in reason or "campus" in reason for reason in said), "there is one campus, and no tutorial"

    elsewhere = practicals()
    elsewhere.accepts(draft(lecture("COS 284", "T1", "Wed 08:30 09:20", group="T01", campus="GROENKLOOF")))
    elsewhere.accepts(
        draft(lecture("COS 284", "L1", "Thu 08:30 09:20"), lecture("COS 284", "L1", "Fri 08:30 09:20", group="G02"))
    )
    found = best_plans(table_of(elsewhere), calendar(), wishes)
    assert "on one campus a day" in found.summary[1]


def test_plans_are_told_apart_by_the_groups_that_fewest_others_have() -> None:
    table = table_of(practicals())
    found = best_plans(table, calendar(), Preferences(free_days=True, few_gaps=True))
    assert differing_choices(found.plans, table) == {KEY}
    assert [distinguishing_groups(each, found.plans, {KEY}) for each in found.plans] == [
        ("COS 212 P03",),
        ("COS 212 P02",),
    ]
    assert differing_choices(found.plans[:1], table) == {KEY}, "one alone: what it would change"
    other = ChoiceKey(YEAR, "STK 220", "S1", "P")
    one, two, three = (
        replace(found.plans[0], groups={KEY: group, other: shared})
        for group, shared in (("P02", "P01"), ("P03", "P01"), ("P03", "P04"))
    )
    plans = [one, two, three]
    among = differing_choices(plans, table)
    assert distinguishing_groups(one, plans, among) == ("COS 212 P02", "STK 220 P01")
    assert distinguishing_groups(three, plans, among) == ("STK 220 P04", "COS 212 P03")


def test_one_plan_says_itself_what_it_keeps() -> None:
    student = practicals()
    student.does(pin_group(table_of(student), KEY, "P02"))
    student.accepts(
        draft(
            lecture("COS 284", "P1", "Tue 08:30 10:20", "X", group="P01"),
            lecture("COS 284", "P1", "Thu 08:30 10:20", "X", group="P02"),
        )
    )
    found = best_plans(table_of(student), calendar(), Preferences(lunch=True))
    assert len(found.plans) == 1
    assert "leaves a lunch break every day" in found.plans[0].reasons


def test_the_group_that_stands_is_preferred_among_those_alike() -> None:
    student = practicals()
    student.does(choose_group(table_of(student), KEY, "P04"))
    found = best_plans(table_of(student), calendar(), Preferences(free_days=True))
    assert (found.plans[0].groups, found.plans[0].changes) == ({KEY: "P04"}, 0)


def test_pins_hold_whatever_is_better() -> None:
    student = practicals()
    student.does(pin_group(table_of(student), KEY, "P02"))
    student.accepts(
        draft(
            lecture("COS 284", "P1", "Tue 08:30 10:20", "X", group="P01"),
            lecture("COS 284", "P1", "Thu 08:30 10:20", "X", group="P02"),
        )
    )
    (only,) = best_plans(table_of(student), calendar(), EVERYTHING).plans
    assert only.groups == {KEY: "P02", ChoiceKey(YEAR, "COS 284", "S1", "P"): "P02"}


def test_pins_that_clash_are_named_as_what_cannot_be_had_together() -> None:
    student = practicals()
    other = ChoiceKey(YEAR, "COS 284", "S1", "P")
    student.accepts(
        draft(
            lecture("COS 284", "P1", "Wed 08:30 10:20", "X", group="P01"),
            lecture("COS 284", "P1", "Thu 08:30 10:20", "X", group="P02"),
        )
    )
    found = best_plans(table_of(student), calendar(), EVERYTHING, pins={KEY: "P01"})
    assert not found.feasible
    assert found.conflict_set is not None
    assert set(found.conflict_set.choices) == {KEY, ChoiceKey(YEAR, "COS 226", "S1", "L")}
    assert other not in found.conflict_set.choices
    assert found.conflict_set is not None
    assert "always clash in the groups you allow" in found.conflict_set.message
    assert "of clashes over the year" in found.plans[0].tradeoffs[0]


def test_accepted_clashes_do_not_count() -> None:
    student = practicals()
    meetings = {each.group: each.id for each in table_of(student).meetings}
    accepted = frozenset({"|".join(sorted((meetings["G01"], meetings["P01"])))})
    found = best_plans(table_of(student), calendar(), Preferences(), accepted=accepted)
    assert {"P01", "P02", "P03"} == {each.groups[KEY] for each in found.plans}


def test_where_groups_are_mixed_every_lecture_has_a_group_of_its_own() -> None:
    student = student_with(
        [
            draft(
                lecture("COS 212", "L1", "Mon 08:30 09:20", group="G01"),
                lecture("COS 212", "L2", "Tue 08:30 09:20", group="G01"),
                lecture("COS 212", "L1", "Mon 10:30 11:20", group="G02"),
                lecture("COS 212", "L2", "Wed 08:30 09:20", group="G02"),
                lecture("COS 212", "T1", "Fri 08:30 09:20", group="T01"),
                lecture("COS 226", "L1", "Mon 08:30 09:20"),
                lecture("COS 226", "L2", "Wed 08:30 09:20"),
            )
        ]
    )
    assert not best_plans(table_of(student), calendar(), Preferences()).feasible
    student.does(mix_groups(table_of(student), "COS 212"))
    found = best_plans(table_of(student), calendar(), Preferences(same_group=True))
    assert found.feasible
    first, second = (ChoiceKey(YEAR, "COS 212", "S1", "L", activity) for activity in ("L1", "L2"))
    assert found.plans[0].groups == {first: "G02", second: "G01"}
    assert found.plans[0].tradeoffs[0] == "mixes lecture groups of COS 212"
    assert found.plans[0].costs["same_group"] == GROUP_MINUTES * 2 // 2, "one of two lectures is in another group"
    student.does(apply_plan(table_of(student), found.plans[0]))
    assert clashes_of(table_of(student), calendar()) == ()
    attended = {
        (each.activity, each.group) for each in table_of(student).meetings if table_of(student).is_attended(each)
    }
    assert {("L1", "G02"), ("L2", "G01")} <= attended
    student.does(unmix_groups(table_of(student), "COS 212"))
    assert table_of(student).choices[replace(first, activity="")].group is None


def test_hidden_meetings_are_no_concern_of_a_plan() -> None:
    student = practicals()
    student.does(
        hide_item(table_of(student), next(each.id for each in table_of(student).meetings if each.group == "G01"))
    )
    found = best_plans(table_of(student), calendar(), Preferences())
    assert {"P01", "P02", "P03"} == {each.groups[KEY] for each in found.plans}


def test_where_there_is_nothing_to_choose_there_is_no_plan() -> None:
    student = student_with([draft(lecture("COS 226", "L1", "Mon 08:30 09:20"))])
    found = best_plans(table_of(student), calendar(), EVERYTHING)
    assert (found.plans, found.proven, found.summary) == ((), True, ("There is nothing to choose.",))


def crowded() -> Timetable:
    rows = []
    for module, kind, group in itertools.product(range(8), "LP", range(1, 5)):
        day = ("Mon", "Tue", "Wed", "Thu", "Fri")[(module * 7 + group * 3 + ord(kind)) % 5]
        hour = 7 + (module * 5 + group * group + ord(kind)) % 9
        rows.append(
            lecture(f"COS {100 + module}", f"{kind}1", f"{day} {hour:02d}:30 {hour + 1:02d}:50", group=f"G{group:02d}")
        )
    return project(student_with([draft(*rows)]).records, YEAR)


def test_a_search_that_is_cancelled_ends_with_cancelled() -> None:
    with pytest.raises(Cancelled):
        best_plans(crowded(), calendar(), EVERYTHING, cancelled=lambda: True)


def test_a_search_whose_time_is_over_says_that_it_proved_nothing() -> None:
    found = best_plans(crowded(), calendar(), EVERYTHING, time_used=lambda: 1.0)
    assert not found.proven
    assert found.plans, "there is an answer all the same"
    assert "there may be better ones" in found.summary[-1]
    reference = Reference(crowded(), calendar(), EVERYTHING)
    assert reference.cost(dict(found.plans[0].groups)) == (found.plans[0].clash_minutes, found.plans[0].points)


def test_why_nothing_fits_is_said_though_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.planning.subproblem._CHECK_EVERY", 1)
    rows = [
        lecture(module, "L1", f"Mon 0{hour}:30 0{hour}:50", group=group)
        for module in ("COS 212", "COS 226", "COS 284")
        for group, hour in (("G01", 8), ("G02", 9))
    ]
    found = best_plans(
        project(student_with([draft(*rows)]).records, YEAR), calendar(), EVERYTHING, time_used=lambda: 1.0
    )
    assert found.conflict_set is not None
    assert {key.module for key in found.conflict_set.choices} == {"COS 212", "COS 226", "COS 284"}


@pytest.mark.parametrize(
    ("starts", "words"), [("08:30", "4 h 10 min"), ("08:56", "2 hours"), ("09:08", "1 hour"), ("09:19", "5 minutes")]
)
def test_clashes_are_told_in_hours_and_minutes(starts: str, words: str) -> None:
    rows = (
        lecture("COS 212", "L1", "Mon 08:30 09:20", group="G01"),
        lecture("COS 212", "L1", "Mon 08:30 09:20", "X", group="G02"),
        lecture("COS 226", "L1", f"Mon {starts} 10:20", group="G01"),
    )
    found = best_plans(project(student_with([draft(*rows)]).records, YEAR), calendar(), EVERYTHING)
    assert found.plans[0].tradeoffs[0] == f"{words} of clashes over the year"


def test_preferences_are_kept_as_plain_values() -> None:
    plain = to_plain(EVERYTHING)
    assert canonical_json(plain)
    assert preferences_from_json(plain) == EVERYTHING
    assert preferences_from_json({}) == Preferences()
    for wrong in (
        [],
        {"lunch_minutes": "soon"},
        {"keep_free": [9]},
        {"importance": {"lunch": 99}},
        {"not_before": "x"},
    ):
        with pytest.raises(InvalidInput):
            preferences_from_json(wrong)
    with pytest.raises(InvalidInput):
        Preferences(lunch_from=time(14), lunch_to=time(12))


def test_a_plan_is_a_value() -> None:
    one, other = (best_plans(crowded(), calendar(), EVERYTHING).plans[0] for _ in range(2))
    assert isinstance(one, Plan)
    assert one == other
