"""The search of the planner against plain enumeration of whole puzzles, with the bounds it rests on."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from datetime import time
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.bounds import Bounds
from desktop.domain.framing import puzzle_of
from desktop.domain.lanes import Lanes
from desktop.domain.planner import plan
from desktop.domain.preferences import Preferences
from desktop.domain.puzzle import Puzzle
from desktop.domain.search import components
from tests.unit.desktop.domain.years import ALL, CALENDAR, WISHES, sparse, table_of

Cost = TypeVar("Cost")
Pairs = Mapping[tuple[int, int], Mapping[tuple[int, int], Cost]]


def _within(table: Pairs[Cost], parts: list[int]) -> Pairs[Cost]:
    """What concerns these parts, numbered as they stand there."""
    return {
        (parts.index(part), index): {(parts.index(other), its): cost for (other, its), cost in partners.items()}
        for (part, index), partners in table.items()
        if part in parts
    }


def enumerated(puzzle: Puzzle, count: int) -> list[tuple[int, int]]:
    """What the best answers cost: those of each component, free of clashes where it can be, joined."""
    best = [(0, 0)]
    for parts in components(puzzle):
        alone = Puzzle(
            tuple(puzzle.parts[part] for part in parts),
            puzzle.days,
            _within(puzzle.clash, parts),
            _within(puzzle.pair, parts),
            puzzle.gap,
            puzzle.lunch,
            puzzle.lunch_window,
            puzzle.campus,
        )
        costs = sorted(map(alone.cost, itertools.product(*(range(len(part.options)) for part in alone.parts))))
        if costs[0][0] == 0:
            costs = [each for each in costs if not each[0]]
        best = sorted((clash + its, points + more) for clash, points in best for its, more in costs[:count])[:count]
    return best


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("offers", [("S1", "S1"), ("S1", "S2", "S1"), ("Y", "S1")], ids=" ".join)
@pytest.mark.parametrize("days", [1, 2, 5])
def test_the_five_best_are_those_of_enumeration(days: int, offers: tuple[str, ...], wish: str) -> None:
    kinds = set()
    for seed in range(4):
        table = table_of(seed, days, offers, 3)
        puzzle = puzzle_of(table, CALENDAR, WISHES[wish], {}, frozenset())
        found = plan(table, CALENDAR, WISHES[wish])
        assert [(each.clash_minutes, each.points) for each in found.plans] == enumerated(puzzle, 5)
        assert found.proven
        assert (found.core is None) == found.feasible
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


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), offers=st.sampled_from([("S1", "S2"), ("S1", "S1", "S2")]), wish=wishes)
def test_whatever_is_wished_for_the_five_best_are_those_of_enumeration(
    seed: int, offers: tuple[str, ...], wish: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.domain.day_by_day._MANY", 0)  # so small a year is left to the other search otherwise
    table = table_of(seed, 5, offers, 3)
    puzzle = puzzle_of(table, CALENDAR, wish, {}, frozenset())
    found = plan(table, CALENDAR, wish)
    assert [(each.clash_minutes, each.points) for each in found.plans] == enumerated(puzzle, 5)
    assert found.proven


@pytest.mark.parametrize("days", [2, 5])
def test_the_five_best_with_pins_and_accepted_clashes_are_those_of_enumeration(days: int) -> None:
    for seed in range(4):
        table = table_of(seed, days, ("S1", "S1"), 4)
        keys = list(table.choices)
        pins = {keys[0]: table.choices[keys[0]].groups[1], keys[4]: table.choices[keys[4]].groups[0]}
        ids = [each.id for each in table.meetings]
        accepted = frozenset("|".join(sorted(pair)) for pair in list(itertools.combinations(ids, 2))[::3])
        puzzle = puzzle_of(table, CALENDAR, ALL, pins, accepted)
        found = plan(table, CALENDAR, ALL, pins=pins, accepted=accepted)
        assert [(each.clash_minutes, each.points) for each in found.plans] == enumerated(puzzle, 5)
        assert all(each.groups[key] == group for each in found.plans for key, group in pins.items())


def test_plans_with_few_clashes_are_kept_though_the_time_is_over_before_the_search_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desktop.domain.component._ASK_EVERY", 1)
    improved = 0
    for seed in range(4):
        table = table_of(seed, 2, ("S1", "S1", "S1"), 4)
        wanted = plan(table, CALENDAR, ALL)
        assert not wanted.feasible
        given: list[tuple[int, int]] = []
        for states in (1, 10, wanted.states // 2, wanted.states - 2):
            asked = itertools.count()
            found = plan(table, CALENDAR, ALL, out_of_time=lambda: next(asked) >= states)  # noqa: B023 - used at once
            given.append((found.plans[0].clash_minutes, len(found.plans)))
        assert [clash for clash, _ in given] == sorted((clash for clash, _ in given), reverse=True)
        assert given[-1] == (wanted.plans[0].clash_minutes, 5)
        assert given[-2][1] == 5, "the first answers that are found are five"
        improved += given[-1][0] < given[0][0]
    assert improved, "more time leads to better plans"


@pytest.mark.parametrize("days", [2, 5])
def test_no_bound_is_more_than_the_cheapest_answer_that_can_be_reached(days: int) -> None:
    chance = random.Random(days)
    for seed in range(6):
        puzzle = puzzle_of(table_of(seed, days, ("S1", "S1"), 3), CALENDAR, ALL, {}, frozenset())
        options = [option for part in puzzle.parts for option in part.options]
        names = [(part, index) for part, each in enumerate(puzzle.parts) for index in range(len(each.options))]
        pairs = [
            {names.index(other): points for other, (points, _) in puzzle.pair.get(name, {}).items()} for name in names
        ]
        bits = [
            sum(1 << place for place, name in enumerate(names) if name[0] == part) for part in range(len(puzzle.parts))
        ]
        bounds = Bounds(puzzle, options, bits, pairs, [1] * len(bits))
        every = list(itertools.product(*(range(len(part.options)) for part in puzzle.parts)))
        for taken in range(len(puzzle.parts)):
            chosen = chance.sample(range(len(puzzle.parts)), taken)
            picked = {part: chance.randrange(len(puzzle.parts[part].options)) for part in chosen}
            numbers = [names.index((part, index)) for part, index in picked.items()]
            points, loads, row = 0, bounds.loads, bounds.whole
            for number in numbers:
                points += bounds.load(loads, number)
                loads = bounds.loads_after(loads, number)
                row &= ~bounds.lanes.rows[names[number][0]]
            rest = tuple(part for part in range(len(puzzle.parts)) if part not in picked)
            reached = [each for each in every if all(each[part] == index for part, index in picked.items())]
            costs = {each: puzzle.cost(each)[1] for each in reached}
            state = bounds.taken(bounds.nothing, numbers)
            below = sorted(costs.values())[len(costs) // 4] + 1
            least = bounds.least((1 << len(names)) - 1, rest, row, state, points, loads, below)
            assert least is not None
            assert least[0] <= min(costs.values())
            for each, cost in costs.items():  # what is struck out is in no answer that costs less
                if cost < below:
                    assert all(least[1] >> names.index((part, each[part])) & 1 for part in rest)


@pytest.mark.parametrize("wish", ["all", "few"])
def test_searches_that_take_turns_find_what_one_alone_does(wish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = sparse(0)
    wanted = plan(table, CALENDAR, WISHES[wish])
    monkeypatch.setattr("desktop.domain.search._FIRST_TURN", 8)
    found = plan(table, CALENDAR, WISHES[wish])
    assert found.proven
    assert found.states > wanted.states, "some states are looked at again"
    assert [each.points for each in found.plans] == [each.points for each in wanted.plans]


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
    shut = both | lanes.closed(guards)
    cheapest = lanes.cheapest(shut)
    assert lanes.total(cheapest) == sum(least)
    for copies in range(1, max(heights) + 1):
        stack = lanes.cheapest(lanes.copies(shut, copies), copies)
        assert [lanes.copy(stack, place) for place in range(copies)] == [cheapest] * copies
    dear = [
        each - low >= min(room, 1800 * len(heights) + 1) for part, low in zip(sums, least, strict=True) for each in part
    ]
    found = lanes.numbers(lanes.dear(shut, cheapest, room) & guards)
    assert found == sum(1 << number for number, (each, on) in enumerate(zip(dear, flat, strict=True)) if each and on)
