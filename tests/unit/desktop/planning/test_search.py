"""The planner's search and its bounds, compared with plain enumeration of whole models."""

from __future__ import annotations

import itertools
import random
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.timetable.timetable import Timetable
from desktop.planning.lanes import Lanes
from desktop.planning.lower_bound import LowerBound
from desktop.planning.model import Evaluation, Model
from desktop.planning.model_builder import build_model
from desktop.planning.planner import PlanResult, best_plans
from desktop.planning.preferences import Preferences
from desktop.planning.search import subproblems
from tests.unit.desktop.planning.years import ALL, CALENDAR, PREFERENCES, random_timetable


def enumerated(model: Model, count: int) -> list[tuple[int, int]]:
    """The costs of the best solutions with different looks: those of each subproblem, without clashes if possible."""
    joined: list[Evaluation] = []
    for variables in subproblems(model):
        places = itertools.product(*(range(len(model.variables[each].candidates)) for each in variables))
        alone = {model.evaluate(dict(zip(variables, each, strict=True))) for each in places}
        if any(each.clash == 0 for each in alone):
            alone = {each for each in alone if not each.clash}
        joined = [each.combined_with(other) for each in joined for other in alone] if joined else list(alone)
    looks = {each.look(model.weeks): (each.clash, each.points) for each in joined}
    return sorted(looks.values())[:count]


@pytest.mark.parametrize("wish", PREFERENCES)
@pytest.mark.parametrize("offers", [("S1", "S1"), ("S1", "S2", "S1"), ("Y", "S1")], ids=" ".join)
@pytest.mark.parametrize("days", [1, 2, 5])
def test_the_five_best_are_those_of_enumeration(days: int, offers: tuple[str, ...], wish: str) -> None:
    kinds = set()
    for seed in range(4):
        table = random_timetable(seed, days, offers, 3)
        model = build_model(table, CALENDAR, PREFERENCES[wish], {}, frozenset())
        found = best_plans(table, CALENDAR, PREFERENCES[wish])
        assert [(each.clash_minutes, each.points) for each in found.plans] == enumerated(model, 5)
        assert found.proven
        assert (found.conflict_set is None) == found.feasible
        assert len({tuple(each.groups.items()) for each in found.plans}) == len(found.plans)
        kinds.add(found.feasible)
    assert kinds == {1: {False}, 5: {True}}.get(days, kinds)


wishes = st.builds(
    Preferences,
    free_days=st.booleans(),
    keep_free=st.frozensets(st.integers(0, 4), max_size=2),
    not_before=st.sampled_from([None, time(8, 45), time(10)]),
    not_after=st.sampled_from([None, time(12, 10), time(16)]),
    few_gaps=st.booleans(),
    lunch=st.booleans(),
    lunch_minutes=st.sampled_from([20, 40, 75]),
    early_friday=st.sampled_from([None, time(11, 30)]),
    same_group=st.booleans(),
    travel=st.booleans(),
    importance=st.dictionaries(st.sampled_from(["few_gaps", "lunch", "free_days", "travel"]), st.integers(0, 5)),
)


@pytest.mark.parametrize("examples", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_whatever_is_wished_for_the_five_best_are_those_of_enumeration(examples: int) -> None:
    @settings(deadline=None, max_examples=examples)
    @given(seed=st.integers(0, 10**6), offers=st.sampled_from([("S1", "S2"), ("S1", "S1", "S2")]), wish=wishes)
    def best(seed: int, offers: tuple[str, ...], wish: Preferences) -> None:
        table = random_timetable(seed, 5, offers, 3)
        model = build_model(table, CALENDAR, wish, {}, frozenset())
        found = best_plans(table, CALENDAR, wish)
        assert [(each.clash_minutes, each.points) for each in found.plans] == enumerated(model, 5)
        assert found.proven

    best()


@pytest.mark.parametrize("days", [2, 5])
def test_the_five_best_with_pins_and_accepted_clashes_are_those_of_enumeration(days: int) -> None:
    for seed in range(4):
        table = random_timetable(seed, days, ("S1", "S1"), 4)
        keys = list(table.choices)
        pins = {keys[0]: table.choices[keys[0]].groups[1], keys[4]: table.choices[keys[4]].groups[0]}
        ids = [each.id for each in table.meetings]
        accepted = frozenset("|".join(sorted(pair)) for pair in list(itertools.combinations(ids, 2))[::3])
        model = build_model(table, CALENDAR, ALL, pins, accepted)
        found = best_plans(table, CALENDAR, ALL, pins=pins, accepted=accepted)
        assert [(each.clash_minutes, each.points) for each in found.plans] == enumerated(model, 5)
        assert all(each.groups[key] == group for each in found.plans for key, group in pins.items())


def test_plans_with_few_clashes_are_kept_though_the_time_is_over_before_the_search_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desktop.planning.subproblem._CHECK_EVERY", 1)
    improved = 0
    for seed in range(4):
        table = random_timetable(seed, 2, ("S1", "S1", "S1"), 4)
        wanted = best_plans(table, CALENDAR, ALL)
        assert not wanted.feasible
        given: list[tuple[int, int]] = []
        for nodes in (1, 10, wanted.nodes // 2, wanted.nodes - 2):
            asked = itertools.count()
            found = best_plans(table, CALENDAR, ALL, time_used=lambda: float(next(asked) >= nodes))  # noqa: B023 - used at once
            given.append((found.plans[0].clash_minutes, len(found.plans)))
        assert [clash for clash, _ in given] == sorted((clash for clash, _ in given), reverse=True)
        assert given[-1] == (wanted.plans[0].clash_minutes, 5)
        assert given[-2][1] == 5, "the first solutions that are found are five"
        improved += given[-1][0] < given[0][0]
    assert improved, "more time leads to better plans"


@pytest.mark.parametrize("days", [2, 5])
def test_annealing_improves_what_was_found_until_the_time_is_over(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.planning.subproblem._CHECK_EVERY", 1)
    better = 0
    for seed in range(4):
        table = random_timetable(seed, days, ("S1", "S1", "S1"), 4)
        wanted = best_plans(table, CALENDAR, ALL)
        greedy = best_plans(table, CALENDAR, ALL, time_used=lambda: 1.0)

        def annealed(table: Timetable = table) -> PlanResult:
            asked = itertools.count()
            return best_plans(table, CALENDAR, ALL, time_used=lambda: 0.8 + next(asked) / 10_000)

        found = annealed()
        assert not found.proven
        assert found == annealed(), "the seed is fixed"
        costs, best, poor = (
            [(each.clash_minutes, each.points) for each in result.plans] for result in (found, wanted, greedy)
        )
        assert best[0] <= costs[0] <= poor[0]
        assert costs == sorted(costs)
        assert len({plan.costs.get("few_gaps") for plan in found.plans} | {plan.hours for plan in found.plans}) > 1
        better += costs[0] < poor[0]
    assert better >= 2


@pytest.mark.parametrize("days", [2, 5])
def test_no_bound_is_more_than_the_cheapest_answer_that_can_be_reached(days: int) -> None:
    chance = random.Random(days)
    for seed in range(6):
        model = build_model(random_timetable(seed, days, ("S1", "S1"), 3), CALENDAR, ALL, {}, frozenset())
        candidates = [candidate for variable in model.variables for candidate in variable.candidates]
        names = [
            (variable, index) for variable, each in enumerate(model.variables) for index in range(len(each.candidates))
        ]
        pairs = [
            {names.index(other): points for other, (points, _) in model.pair.get(name, {}).items()} for name in names
        ]
        bits = [
            sum(1 << place for place, name in enumerate(names) if name[0] == variable)
            for variable in range(len(model.variables))
        ]
        bounds = LowerBound(model, candidates, bits, pairs, [1] * len(bits))
        every = list(itertools.product(*(range(len(variable.candidates)) for variable in model.variables)))
        for taken in range(len(model.variables)):
            chosen = chance.sample(range(len(model.variables)), taken)
            picked = {variable: chance.randrange(len(model.variables[variable].candidates)) for variable in chosen}
            numbers = [names.index((variable, index)) for variable, index in picked.items()]
            points, loads, row = 0, bounds.initial_costs, bounds.all_lanes
            for number in numbers:
                points += bounds.candidate_cost(loads, number)
                loads = bounds.costs_after(loads, number)
                row &= ~bounds.lanes.rows[names[number][0]]
            rest = tuple(variable for variable in range(len(model.variables)) if variable not in picked)
            reached = [each for each in every if all(each[variable] == index for variable, index in picked.items())]
            costs = {each: model.cost(each)[1] for each in reached}
            state = bounds.extend_state(bounds.empty_state, numbers)
            below = sorted(costs.values())[len(costs) // 4] + 1
            least = bounds.evaluate_node((1 << len(names)) - 1, rest, row, state, points, loads, below)
            assert least is not None
            assert least[0] <= min(costs.values())
            for each, cost in costs.items():  # what is struck out is in no solution that costs less
                if cost < below:
                    assert all(least[1] >> names.index((variable, each[variable])) & 1 for variable in rest)


sizes = st.lists(st.integers(1, 6), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.data(), sizes)
def test_lanes_are_compared_and_added_as_the_costs_in_them(data: st.DataObject, heights: list[int]) -> None:
    costs = [data.draw(st.lists(st.integers(0, 900), min_size=height, max_size=height)) for height in heights]
    more = [data.draw(st.lists(st.integers(0, 900), min_size=height, max_size=height)) for height in heights]
    alive = [data.draw(st.lists(st.booleans(), min_size=height, max_size=height)) for height in heights]
    for each in alive:
        each[0] = True
    room = data.draw(st.integers(0, 3000))
    lanes = Lanes(heights, 1800 * len(heights))
    flat = list(itertools.chain.from_iterable(alive))
    both = lanes.costs(dict(enumerate(itertools.chain(*costs)))) + lanes.costs(dict(enumerate(itertools.chain(*more))))
    guards = sum(guard for guard, on in zip(lanes.guards, flat, strict=True) if on)
    assert lanes.numbers(guards) == sum(1 << number for number, on in enumerate(flat) if on)
    sums = [[one + other for one, other in zip(*each, strict=True)] for each in zip(costs, more, strict=True)]
    assert [lanes.cost(both, number) for number in range(len(flat))] == list(itertools.chain(*sums))
    least = [min(itertools.compress(each, on)) for each, on in zip(sums, alive, strict=True)]
    shut = both | lanes.closed_mask(guards)
    cheapest = lanes.cheapest(shut)
    assert lanes.total(cheapest) == sum(least)
    for copies in range(1, max(heights) + 1):
        stack = lanes.cheapest(lanes.repeat(shut, copies), copies)
        assert [lanes.extract_copy(stack, place) for place in range(copies)] == [cheapest] * copies
    dear = [
        each - low >= min(room, 1800 * len(heights) + 1)
        for variable, low in zip(sums, least, strict=True)
        for each in variable
    ]
    found = lanes.numbers(lanes.expensive(shut, cheapest, room) & guards)
    assert found == sum(1 << number for number, (each, on) in enumerate(zip(dear, flat, strict=True)) if each and on)
