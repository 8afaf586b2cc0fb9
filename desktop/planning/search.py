"""Finds the best solutions of a model exactly, subproblem by subproblem.

The methods, by their names in the literature:
- Decomposition into the connected components of the constraint graph (Freuder and Quinn, IJCAI 1985). The best overall
  solutions are combined from the pools of the subproblems in the order of their cost (k-best enumeration: Lawler,
  Management Science 18, 1972).
- Depth-first branch and bound (Land and Doig, Econometrica 28, 1960) with the best child first (`clash_free`,
  `min_clash`). Candidates that conflict with the chosen ones are removed (forward checking: Haralick and Elliott,
  Artificial Intelligence 14, 1980), variables with one candidate left are decided at once (unit propagation), and those
  with few candidates and many conflicts come first (dom/deg: Bessiere and Regin, CP 1996).
- Bounds that add up the cheapest candidate of each variable, with the conflicts between open variables counted once
  (`lower_bound`, and the directed arc consistency counts of Wallace, 1995, in `min_clash`), and reduced-cost fixing of
  candidates that cannot be in a better solution. They are computed for all candidates at once, as lanes of one long
  integer (SIMD within a register: Lamport, CACM 18, 1975; Fisher and Dietz, 1998; `lanes`).
- Simulated annealing for subproblems not solved in time (`annealing`), and a deletion filter for conflict sets
  (`conflict_set`).

A bound may be too low, but never too high. Its quality affects only the time that the search takes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import heappop, heappush
from math import inf

from desktop.planning.annealing import anneal
from desktop.planning.clash_free import ClashFreeSearch
from desktop.planning.min_clash import MinClashSearch
from desktop.planning.model import Evaluation, Model
from desktop.planning.subproblem import Cost, PooledSolution, SearchLimits, Subproblem, TimeLimitReached

_EXACT_SHARE = 0.8  # of the time is for the exact search, the rest for annealing
_POOL_GROWTH = 2  # factor of the pool size, if the pools give too few looks


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """The best solutions, best first. `proven` is False if the time limit was reached before they were proven best."""

    best: tuple[PooledSolution, ...]
    proven: bool
    nodes: int


def solve(model: Model, count: int, limits: SearchLimits) -> SearchOutcome:
    """The `count` cheapest solutions with different looks, by clash minutes, then points. Raises Cancelled."""
    best: list[PooledSolution] = []
    size = count
    while True:
        pools = _solve_subproblems(model, size, limits)
        proven = all(pool.proven for pool in pools)
        found, complete = _combine(model, pools, count)
        if proven or len(found) > len(best):
            best = found
        if complete or not proven:
            return SearchOutcome(tuple(best), proven, limits.nodes)
        size *= _POOL_GROWTH


@dataclass(frozen=True, slots=True)
class _Pool:
    variables: Sequence[int]
    solutions: Sequence[PooledSolution]
    outside_bound: (
        Cost | None
    )  # lower bound of all solutions not in the pool; None if there are none, or if it is unknown
    proven: bool


def _solve_subproblems(model: Model, size: int, limits: SearchLimits) -> list[_Pool]:
    """The best solutions of every subproblem.

    If the `size` best solutions of one subproblem lie within some number of points, the following subproblems keep only
    solutions within the same number of points, since others are rarely needed.
    """
    # Subproblems with many pair costs take longest, so they come last, when the range of points is smallest.
    order = sorted(subproblems(model), key=lambda variables: (_pair_costs(model, variables), variables))
    found: list[tuple[Subproblem, Sequence[int], bool]] = []
    within: int | None = None
    for place, variables in enumerate(order):
        subproblem = Subproblem(model, variables, size, within)
        limits.time_share = _EXACT_SHARE * (place + 1) / len(order)
        proven = True
        try:
            ClashFreeSearch(subproblem, limits).run()
            if not subproblem.solutions:
                MinClashSearch(subproblem, limits).run()
        except TimeLimitReached:
            proven = False
            if not subproblem.solutions:
                start = subproblem.greedy_solution()
                subproblem.add_solution(subproblem.cost(start), start)
        found.append((subproblem, variables, proven))
        its = subproblem.solutions
        if proven and len(its) == size and its[0].evaluation.clash == its[-1].evaluation.clash:
            width = its[-1].evaluation.points - its[0].evaluation.points
            within = width if within is None else min(width, within)
    unproven = [subproblem for subproblem, _, proven in found if not proven]
    for place, subproblem in enumerate(unproven):
        limits.time_share = _EXACT_SHARE + (1 - _EXACT_SHARE) * (place + 1) / len(unproven)
        anneal(subproblem, limits)
    return [
        _Pool(variables, subproblem.solutions, subproblem.cost_limit if proven else None, proven)
        for subproblem, variables, proven in found
    ]


def _pair_costs(model: Model, variables: Sequence[int]) -> int:
    """The number of pairs of candidates of these variables with a cost."""
    return sum(
        len(model.pair.get((variable, index), ()))
        for variable in variables
        for index in range(len(model.variables[variable].candidates))
    )


def subproblems(model: Model) -> list[list[int]]:
    """The connected components of variables that share a type of day, a clash or a pair cost (by union-find)."""
    leader = list(range(len(model.variables)))

    def find(variable: int) -> int:
        while leader[variable] != variable:
            leader[variable] = leader[leader[variable]]
            variable = leader[variable]
        return variable

    on_day: dict[int, int] = {}
    for number, variable in enumerate(model.variables):
        for candidate in variable.candidates:
            for on in candidate.placements:
                leader[find(number)] = find(on_day.setdefault(on.day, number))
    for table in (model.clash, model.pair):
        for (number, _), partners in table.items():
            for other, _ in partners:
                leader[find(number)] = find(other)
    grouped: dict[int, list[int]] = {}
    for number in range(len(model.variables)):
        grouped.setdefault(find(number), []).append(number)
    return list(grouped.values())


def _combine(model: Model, pools: Sequence[_Pool], count: int) -> tuple[list[PooledSolution], bool]:
    """The cheapest combinations with different looks, and True if no other can be cheaper."""
    cheapest = [pool.solutions[0].cost for pool in pools]
    whole = _sum(cheapest)
    # A lower bound of combinations with a solution that is not in its pool.
    beyond: tuple[float, float] = min(
        (
            _sum([whole, pool.outside_bound, _negative(least)])
            for pool, least in zip(pools, cheapest, strict=True)
            if pool.outside_bound
        ),
        default=(inf, inf),
    )
    found: dict[Hashable, PooledSolution] = {}
    weeks = model.weeks
    for cost, places in _combinations_by_cost([[each.cost for each in pool.solutions] for pool in pools]):
        if cost > beyond:
            return list(found.values()), False
        taken = [pool.solutions[place] for pool, place in zip(pools, places, strict=True)]
        evaluation = reduce(Evaluation.combined_with, (each.evaluation for each in taken))
        look = evaluation.look(weeks)
        if look not in found:
            chosen = [0] * len(model.variables)
            for pool, solution in zip(pools, taken, strict=True):
                for variable, index in zip(pool.variables, solution.chosen, strict=True):
                    chosen[variable] = index
            found[look] = PooledSolution(tuple(chosen), evaluation)
            if len(found) == count:
                return list(found.values()), True
    return list(found.values()), beyond == (inf, inf)


def _combinations_by_cost(pools: Sequence[Sequence[Cost]]) -> Iterator[tuple[Cost, tuple[int, ...]]]:
    """Combinations of one index per pool, cheapest first. The costs of each pool must be ascending."""
    start = (0,) * len(pools)
    waiting = [(_sum([costs[0] for costs in pools]), start, 0)]
    while waiting:
        cost, places, first = heappop(waiting)
        yield cost, places
        for pool in range(first, len(pools)):  # from the last raised index, so that each occurs once
            place = places[pool] + 1
            if place < len(pools[pool]):
                its = _sum([cost, pools[pool][place], _negative(pools[pool][place - 1])])
                heappush(waiting, (its, (*places[:pool], place, *places[pool + 1 :]), pool))


def _sum(costs: Sequence[Cost]) -> Cost:
    return sum(clash for clash, _ in costs), sum(points for _, points in costs)


def _negative(cost: Cost) -> Cost:
    return -cost[0], -cost[1]
