"""Finds the solutions with the fewest clash minutes, and of those the cheapest, if none is free of clashes.

There are two searches. The first finds the clash minutes of the best solutions, and ignores points, so it is fast. The
second finds the solutions with the fewest points within those minutes.

Both use the same bound: the clash minutes of the chosen candidates, plus, for every open variable, those of the
candidate that clashes least with the chosen ones. Each candidate also counts the minutes that it clashes with other
open variables at least. Each pair of variables is counted once, at the one that is first by rank: a directed arc
consistency count (Wallace, 1995).
"""

from __future__ import annotations

from bisect import insort
from math import gcd
from operator import itemgetter
from typing import NamedTuple

from desktop.planning.lanes import Lanes
from desktop.planning.lower_bound import DayState
from desktop.planning.model import Evaluation
from desktop.planning.subproblem import SearchLimits, Subproblem, TimeLimitReached

_bounds_and_number = itemgetter(0, 1)


class _NodeMinutes(NamedTuple):
    """The clash minutes of a node of the search.

    `spent` are those of the chosen candidates, `clashes` those of every candidate with the chosen ones, `at_least` its
    lower bounds. `row` is a mask of the lanes of the open variables, `worth` the guards of candidates within the limit.
    """

    spent: int
    clashes: int
    at_least: int
    row: int
    worth: int


class MinClashSearch:
    """The search in one subproblem. Minutes are counted in units of their greatest common divisor."""

    def __init__(self, subproblem: Subproblem, limits: SearchLimits) -> None:
        self._subproblem = subproblem
        self._limits = limits
        own = [candidate.clash for candidate in subproblem.candidates]
        self._unit = gcd(*own, *(minutes for partners in subproblem.clash for minutes in partners.values())) or 1
        self._own = [minutes // self._unit for minutes in own]
        self._clash = [
            {other: minutes // self._unit for other, minutes in partners.items()} for partners in subproblem.clash
        ]
        trouble = [
            sum(sum(self._clash[number].values()) for number in numbers) for numbers in subproblem.candidate_numbers
        ]
        self._clash_weights = [1 + each for each in trouble]
        order = sorted(subproblem.all_variables, key=lambda variable: (-trouble[variable], variable))
        self._rank = {variable: place for place, variable in enumerate(order)}
        most = sum(
            max(self._own[number] + sum(self._clash[number].values()) for number in numbers)
            for numbers in subproblem.candidate_numbers
        )
        self._lanes = Lanes([len(numbers) for numbers in subproblem.candidate_numbers], most)
        self._everything = sum(self._lanes.columns)
        self._clash_costs = [self._lanes.costs(partners) for partners in self._clash]
        self._bound_changes = self._compute_bound_changes()
        self._children = [
            sum(self._bound_changes[number] << copy * self._lanes.bits for copy, number in enumerate(numbers))
            for numbers in subproblem.candidate_numbers
        ]
        self._found: list[tuple[int, tuple[int, ...]]] = []  # (minutes, candidates) of the best solutions, best first
        self._looks: set[Evaluation] = set()
        self._clash_range = 0, 0

    def run(self) -> None:
        """Find the best solutions. Raises Cancelled, or TimeLimitReached after storing those found so far."""
        try:
            self._run()
        except TimeLimitReached:
            for minutes, solution in self._found:
                self._subproblem.add_solution((minutes * self._unit, self._subproblem.points(solution)), solution)
            raise

    def _run(self) -> None:
        own = self._lanes.costs(dict(enumerate(self._own)))
        absent = self._lanes.closed_mask(self._everything)
        at_least = own + self._lanes.costs(dict(enumerate(self._minutes_to_later()))) | absent
        whole, row = self._subproblem.all_variables, sum(self._lanes.rows)
        self._search_minutes((), whole, row, 0, own, at_least, self._lanes.cheapest(at_least))
        self._clash_range = self._found[0][0], self._found[-1][0]
        alive = (1 << len(self._subproblem.candidates)) - 1
        bound = self._subproblem.bound
        start = bound.evaluate_node(alive, whole, bound.all_lanes, bound.empty_state, 0, bound.initial_costs, None)
        if start is not None:
            held = _NodeMinutes(0, own, at_least, row, self._everything)
            self._search_points(
                alive, (), whole, start[2], held, bound.all_lanes, bound.empty_state, 0, bound.initial_costs
            )

    def _minutes_to_later(self) -> list[int]:
        """For each candidate, the least clash minutes with all variables of later rank."""
        of = self._subproblem
        return [
            sum(
                min(partners.get(other, 0) for other in of.candidate_numbers[variable])
                for variable in of.all_variables
                if self._rank[variable] > self._rank[of.variable_of[number]]
            )
            for number, partners in enumerate(self._clash)
        ]

    def _compute_bound_changes(self) -> list[int]:
        """The change of all lower bounds when a candidate is chosen: its clashes less the least of its variable."""
        shifts = []
        for variable, numbers in enumerate(self._subproblem.candidate_numbers):
            earlier = [
                self._rank[self._subproblem.variable_of[other]] < self._rank[variable]
                for other in range(len(self._clash))
            ]
            always = set.intersection(*(set(self._clash[number]) for number in numbers))
            mildest = {
                other: min(self._clash[number][other] for number in numbers) for other in always if earlier[other]
            }
            shifts += [
                self._lanes.costs(
                    {other: minutes - mildest.get(other, 0) for other, minutes in self._clash[number].items()}
                )
                for number in numbers
            ]
        return shifts

    def _search_minutes(
        self,
        chosen: tuple[int, ...],
        waiting: tuple[int, ...],
        row: int,
        spent: int,
        clashes: int,
        at_least: int,
        cheapest: int,
    ) -> None:
        """Search for the fewest clash minutes, ignoring points.

        `clashes` are the minutes of every candidate with the chosen ones, `at_least` its lower bounds. `row` is a mask
        of the lanes of the open variables, `cheapest` their values.
        """
        self._limits.count_node()
        if not waiting:
            self._descend(spent, clashes, chosen)
            return
        lanes = self._lanes
        found = self._found
        full = len(found) == self._subproblem.count
        room = found[-1][0] - spent - lanes.total(cheapest) if full else lanes.most
        worth = self._everything & ~lanes.expensive(at_least, cheapest, room)
        # Branch on the variable with the most clashes and the fewest candidates.
        urgency = [(worth & lanes.columns[each]).bit_count() / self._clash_weights[each] for each in waiting]
        variable = waiting[urgency.index(min(urgency))]
        rest = tuple([each for each in waiting if each != variable])
        numbers = self._subproblem.candidate_numbers[variable]
        row &= ~lanes.rows[variable]
        after = lanes.repeat(at_least, len(numbers)) + self._children[variable]
        rows = lanes.cheapest(after, len(numbers))
        children = []
        for copy, number in enumerate(numbers):
            least = lanes.extract_copy(rows, copy) & row
            minutes = spent + lanes.cost(clashes, number)
            children.append((minutes + lanes.total(least), number, minutes, lanes.extract_copy(after, copy), least))
        children.sort()
        for bound, number, minutes, its, least in children:
            if len(found) == self._subproblem.count and bound >= found[-1][0]:
                break
            self._search_minutes((*chosen, number), rest, row, minutes, clashes + self._clash_costs[number], its, least)

    def _descend(self, spent: int, clashes: int, chosen: tuple[int, ...]) -> None:
        """Store a solution and its neighbours, which differ in one variable, and continue by steepest descent.

        A good solution found early prunes much of the search.
        """
        cost = self._lanes.cost
        solution = sorted(chosen)
        while True:
            self._add_solution(spent, solution)
            gain, place, better = 0, 0, 0
            for variable, number in enumerate(solution):
                now = cost(clashes, number)
                for other in self._subproblem.candidate_numbers[variable]:
                    more = cost(clashes, other) - now
                    if other != number:
                        self._add_solution(spent + more, [*solution[:variable], other, *solution[variable + 1 :]])
                        if more < gain:
                            gain, place, better = more, variable, other
            if not gain:
                return
            spent += gain
            clashes += self._clash_costs[better] - self._clash_costs[solution[place]]
            solution[place] = better

    def _add_solution(self, spent: int, solution: list[int]) -> None:
        """Store a solution if it is among the best and has a new look."""
        if len(self._found) == self._subproblem.count and spent >= self._found[-1][0]:
            return
        look = self._subproblem.evaluation(solution)
        if look in self._looks:
            return
        if len(self._found) == self._subproblem.count:
            self._looks.discard(self._subproblem.evaluation(self._found.pop()[1]))
        self._looks.add(look)
        insort(self._found, (spent, tuple(solution)))

    def _search_points(
        self,
        alive: int,
        chosen: tuple[int, ...],
        waiting: tuple[int, ...],
        variable: int,
        held: _NodeMinutes,
        row: int,
        state: DayState,
        points: int,
        loads: int,
    ) -> None:
        """Search from a node for the solutions with the fewest points, within the limits on clash minutes.

        Branches on the open `variable`. `points` are those of the chosen candidates, without the costs of days. `row`
        is a mask of the lanes of the open variables.
        """
        self._limits.count_node()
        of, bound = self._subproblem, self._subproblem.bound
        if not waiting:
            of.add_solution((held.spent * self._unit, points + bound.points(state)), tuple(sorted(chosen)))
            return
        others = tuple([each for each in waiting if each != variable])
        children = []
        for number in of.candidate_numbers[variable]:
            if not alive >> number & 1:
                continue
            settled = self._propagate(number, others, held)
            if settled is None:
                continue
            numbers, rest, its_held, minutes = settled
            clash = minutes * self._unit
            live = alive & ~self._lanes.numbers(held.worth & ~its_held.worth)
            after, its_points, its_loads, its_row = bound.extend_state(state, numbers), points, loads, row
            for each in numbers:
                its_points += bound.candidate_cost(its_loads, each)
                its_loads = bound.costs_after(its_loads, each)
                its_row &= ~bound.lanes.rows[of.variable_of[each]]
            below = of.cost_limit[1] if of.cost_limit is not None and clash == of.cost_limit[0] else None
            least = bound.evaluate_node(live, rest, its_row, after, its_points, its_loads, below)
            if least is not None and (of.cost_limit is None or (clash, least[0]) < of.cost_limit):
                cost, live, urgent = least
                child = live, (*chosen, *numbers), rest, urgent, its_held, its_row, after, its_points, its_loads
                children.append(((clash, cost), number, child))
        children.sort(key=_bounds_and_number)
        for bounds, _, child in children:
            if of.cost_limit is not None and bounds >= of.cost_limit:
                break
            self._search_points(*child)

    def _propagate(
        self, number: int, waiting: tuple[int, ...], held: _NodeMinutes
    ) -> tuple[list[int], tuple[int, ...], _NodeMinutes, int] | None:
        """Choose a candidate, and all that it forces within the limits (unit propagation).

        Returns the chosen candidates, the variables still open, the minutes of the node, and the lower bound of its
        solutions. None if there is no solution.
        """
        lanes, (best, most) = self._lanes, self._clash_range
        columns = lanes.columns
        spent, clashes, at_least, row, worth = held
        worth = worth & ~columns[self._subproblem.variable_of[number]] | lanes.guards[number]
        numbers = [number]
        bound = 0
        for taken in numbers:  # grows while iterating
            guard = lanes.guards[taken]
            if not worth & guard:
                return None
            worth ^= guard
            spent += lanes.cost(clashes, taken)
            clashes += self._clash_costs[taken]
            at_least += self._bound_changes[taken]
            row &= ~lanes.rows[self._subproblem.variable_of[taken]]
            cheapest = lanes.cheapest(at_least) & row
            bound = spent + lanes.total(cheapest)
            if bound > most:
                return None
            worth &= ~lanes.expensive(at_least, cheapest, most - bound + 1)
            lives = [worth & columns[each] for each in waiting]
            if not all(lives):
                return None
            alone = [live for live in lives if not live & (live - 1)]
            if alone:
                numbers += [lanes.number(live) for live in alone]
                waiting = tuple([each for each, live in zip(waiting, lives, strict=True) if live & (live - 1)])
        # No solution has fewer minutes than the best one found.
        return numbers, waiting, _NodeMinutes(spent, clashes, at_least, row, worth), max(bound, best)
