"""The planner on a university's real timetable, and on made-up years compared with plain enumeration.

The students are drawn anew in every run, with a fixed seed, from a file beside the checkout. Their times are in
evaluations of one selection of groups (some 0.1 ms), which are measured in the same run.

The students are drawn anew in every run, with a fixed seed, from a file beside the checkout. Their times are told in
evaluations of one selection of groups (some 0.1 ms), which are measured in the same run.

The made-up years have 12 modules, 3 kinds, 5 groups. Enumerating one is out of reach (5 to the 36th), so its time is
that of many evaluations, extrapolated. Feasible years have one solution planted in them; infeasible ones have more
lectures than a week holds.
"""

from __future__ import annotations

import gc
import random
from datetime import date, time
from itertools import count
from statistics import mean, median
from typing import Any

import pytest

from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.terms import AcademicCalendar, Term, with_derived_terms
from desktop.domain.timetable.timetable import Timetable
from desktop.planning.model_builder import build_model
from desktop.planning.planner import PlanResult, best_plans
from desktop.planning.preferences import Preferences
from tests.bench import students

YEAR = 2026
GROUPS = 5
WISH = Preferences(
    free_days=True,
    keep_free=frozenset({4}),
    not_before=time(8, 30),
    not_after=time(16, 30),
    few_gaps=True,
    lunch=True,
    early_friday=time(13),
    same_group=True,
    travel=True,
)
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
    "made up for this measurement",
)
Lesson = tuple[int, int, int]  # weekday, hour it starts in from 07:30, hours


def drawn(chance: random.Random, times: int, hours: int) -> list[Lesson]:
    return [(day, chance.randrange(0, 11 - hours), hours) for day in chance.sample(range(5), times)]


def year_of(seed: int, lectures: int, hours: int, *, planted: bool) -> Timetable:
    """Six modules a semester; a practical of so many hours, one tutorial, so many lectures in every group."""
    for attempt in count():
        chance = random.Random(seed * 1000 + attempt)
        shape = (("P", 1, hours), ("L", lectures, 1), ("T", 1, 1))
        right: dict[tuple[int, str], list[Lesson]] = {}
        taken: set[tuple[int, int, int]] = set()
        for kind, times, length in shape:
            for module in range(12):
                for _ in range(500):
                    lessons = drawn(chance, times, length)
                    cells = {(module % 2, day, start + each) for day, start, size in lessons for each in range(size)}
                    if not cells & taken:
                        taken |= cells
                        right[module, kind] = lessons
                        break
        if planted and len(right) < 36:
            continue
        meetings: list[Meeting] = []
        choices: dict[ChoiceKey, Choice] = {}
        for module in range(12):
            code, offered = f"MOD {100 + module}", f"S{1 + module % 2}"
            home = "GROENKLOOF" if module == 7 else "HATFIELD"
            for kind, times, length in shape:
                key = ChoiceKey(YEAR, code, offered, kind)
                names = tuple(f"{'G' if kind == 'L' else kind}{group:02d}" for group in range(1, GROUPS + 1))
                choices[key] = Choice(key, names)
                lucky = chance.randrange(GROUPS)
                for group, name in enumerate(names):
                    found = right[module, kind] if planted and group == lucky else drawn(chance, times, length)
                    for number, (day, start, size) in enumerate(found, 1):
                        first = 450 + 60 * start
                        last = first + 60 * size - 10
                        slot = Slot(day, time(first // 60, first % 60), time(last // 60, last % 60))
                        label = f"{kind}{number}"
                        item = f"{YEAR}/{code}/{offered}/{name}/{kind}/{label}"
                        campus = "GROENKLOOF" if group == 4 and module % 3 == 0 else home
                        meetings.append(Meeting(item, YEAR, code, offered, name, kind, label, slot, ("R",), campus))
        return Timetable(YEAR, {}, tuple(meetings), (), (), choices)
    raise AssertionError


@pytest.mark.parametrize(
    ("seed", "lectures", "hours", "planted"),
    [(1, 3, 2, True), (2, 3, 3, True), (3, 3, 3, True), (4, 5, 2, False), (6, 5, 2, False)],
)
def test_the_five_best_of_twelve_modules(benchmark: Any, seed: int, lectures: int, hours: int, planted: bool) -> None:
    table = year_of(seed, lectures, hours, planted=planted)
    found = benchmark.pedantic(lambda: best_plans(table, CALENDAR, WISH), rounds=3, warmup_rounds=1)
    assert found.proven
    assert len(found.plans) == 5
    if planted:
        assert found.feasible
    model = build_model(table, CALENDAR, WISH, {}, frozenset())
    chance = random.Random(seed)
    chosen = [[chance.randrange(len(variable.candidates)) for variable in model.variables] for _ in range(200)]
    timer = benchmark._timer
    start = timer()
    for each in chosen:
        model.cost(each)
    one = (timer() - start) / len(chosen)
    every = 1
    for variable in model.variables:
        every *= len(variable.candidates)
    benchmark.extra_info["feasible"] = found.feasible
    benchmark.extra_info["states"] = found.nodes
    benchmark.extra_info["assignments"] = f"{every:.2g}"
    benchmark.extra_info["enumeration, seconds"] = f"{one * every:.2g}"
    benchmark.extra_info["times faster"] = f"{one * every / benchmark.stats.stats.min:.2g}"
    benchmark.extra_info["as long as this many assignments"] = round(benchmark.stats.stats.min / one)
    assert benchmark.stats.stats.min < one * every


FEW = Preferences(free_days=True, lunch=True)
NONE = Preferences()
SHAPES = {
    "3 lectures, 2 hours, feasible": (3, 2, True, WISH, 10),
    "3 lectures, 3 hours, feasible": (3, 3, True, WISH, 10),
    "3 lectures, 2 hours, as it comes": (3, 2, False, WISH, 10),
    "4 lectures, 2 hours, as it comes": (4, 2, False, WISH, 10),
    "5 lectures, 2 hours, infeasible": (5, 2, False, WISH, 10),
    "3 lectures, 2 hours, feasible, few preferences": (3, 2, True, FEW, 10),
    "3 lectures, 2 hours, feasible, no preferences": (3, 2, True, NONE, 10),
    "5 lectures, 2 hours, infeasible, no preferences": (5, 2, False, NONE, 10),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_five_best_of_many_years(benchmark: Any, shape: str) -> None:
    lectures, hours, planted, wish, years = SHAPES[shape]
    tables = [year_of(seed, lectures, hours, planted=planted) for seed in range(1, years + 1)]
    timer = benchmark._timer
    best_plans(tables[0], CALENDAR, wish)

    def each() -> list[tuple[float, PlanResult]]:
        found = []
        for table in tables:
            gc.collect()  # the years made for this are no part of the planner's time
            start = timer()
            result = best_plans(table, CALENDAR, wish)
            found.append((timer() - start, result))
        return found

    found = benchmark.pedantic(each, rounds=1)
    assert all(result.proven and result.plans for _, result in found)
    if planted:
        assert all(result.feasible for _, result in found)
    for name, values in (
        ("milliseconds", [round(seconds * 1000, 1) for seconds, _ in found]),
        ("states", [result.nodes for _, result in found]),
    ):
        benchmark.extra_info[name] = (
            f"{min(values)} at least, {round(median(values))} in the middle, {max(values)} at most"
        )
    benchmark.extra_info["feasible"] = f"{sum(result.feasible for _, result in found)} of {years}"


STUDENTS_WISH = {"all": WISH, "few": FEW, "none": NONE, "gaps": Preferences(few_gaps=True)}


@pytest.mark.skipif(not students.ROWS.exists(), reason="the university's timetable is not at hand (../shared/data)")
@pytest.mark.parametrize(
    "preferences", [WISH, FEW, NONE, Preferences(few_gaps=True)], ids=["all", "few", "none", "gaps"]
)
@pytest.mark.parametrize("free", [True, False], ids=["free of clashes", "as it comes"])
def test_students_of_a_university(benchmark: Any, preferences: Preferences, free: bool) -> None:
    tables = list(students.timetables(21, free_of_clashes=free))
    timer = benchmark._timer
    best_plans(tables[0], students.CALENDAR, preferences)

    def each() -> list[tuple[float, float, PlanResult]]:
        found = []
        for table in tables:
            gc.collect()
            start = timer()
            result = best_plans(table, students.CALENDAR, preferences)
            seconds = timer() - start
            model = build_model(table, students.CALENDAR, preferences, {}, frozenset())
            start = timer()
            for _ in range(50):
                model.cost([0] * len(model.variables))
            found.append((seconds, seconds / (timer() - start) * 50, result))
        return found

    found = benchmark.pedantic(each, rounds=1)
    evaluations = [ratio for _, ratio, _ in found]
    assert all(result.proven for _, _, result in found)
    assert median(evaluations) < 500
    assert max(evaluations) < 10_000
    five = [result.plans for _, _, result in found if len(result.plans) == 5]
    different = [len({(each.reasons, each.tradeoffs) for each in plans}) for plans in five]
    assert mean(different) >= 4.5
    benchmark.extra_info["milliseconds"] = sorted(round(seconds * 1000) for seconds, _, _ in found)
    benchmark.extra_info["as long as this many evaluations"] = sorted(map(round, evaluations))
    benchmark.extra_info["feasible"] = f"{sum(result.feasible for _, _, result in found)} of {len(found)}"
    benchmark.extra_info["different descriptions of five"] = f"{mean(different):.2f} ({len(five)} years)"
