"""Finds the best solutions free of clashes, by branch and bound.

A node consists of the chosen candidates of some variables and, for each other variable, the candidates that clash with
none of them. It is pruned if its bound is not below the worst stored solution. A variable's last candidate is chosen at
once, and candidates that cannot be in a better solution are removed. The candidates of a variable are tried in the
order of their bounds, so that good solutions are found early.
"""

from __future__ import annotations

from operator import itemgetter

from desktop.planning.lower_bound import DayState
from desktop.planning.subproblem import SearchLimits, Subproblem

_cost_and_number = itemgetter(0, 1)


class ClashFreeSearch:
    """The search in one subproblem."""

    def __init__(self, subproblem: Subproblem, limits: SearchLimits) -> None:
        self._subproblem = subproblem
        self._bound = subproblem.bound
        self._bits = subproblem.candidate_bits
        self._limits = limits
        everything = (1 << len(subproblem.candidates)) - 1
        self._compatible = [everything & ~sum(1 << other for other in partners) for partners in subproblem.clash]

    def run(self) -> None:
        """Find the best solutions, if there are any. Raises Cancelled, or TimeLimitReached."""
        alive = sum(1 << number for number, candidate in enumerate(self._subproblem.candidates) if not candidate.clash)
        if all(alive & bits for bits in self._bits):
            bound, whole = self._bound, self._subproblem.all_variables
            start = bound.evaluate_node(alive, whole, bound.all_lanes, bound.empty_state, 0, bound.initial_costs, None)
            if start is not None:
                self._search(alive, (), whole, start[2], bound.all_lanes, bound.empty_state, 0, bound.initial_costs)

    def _search(
        self,
        alive: int,
        chosen: tuple[int, ...],
        waiting: tuple[int, ...],
        variable: int,
        row: int,
        state: DayState,
        points: int,
        loads: int,
    ) -> None:
        """Search from a node; branches on the open `variable`.

        `points` are those of the chosen candidates, without the costs of days. `row` is a mask of the lanes of the open
        variables.
        """
        self._limits.count_node()
        if not waiting:
            self._subproblem.add_solution((0, points + self._bound.points(state)), tuple(sorted(chosen)))
            return
        bound = self._bound
        others = tuple([each for each in waiting if each != variable])
        children = []
        live = alive & self._bits[variable]
        while live:
            number = (live & -live).bit_length() - 1
            live &= live - 1
            settled = self._propagate(number, alive, others)
            if settled is None:
                continue
            numbers, child, rest = settled
            after = bound.extend_state(state, numbers)
            its, its_loads, its_row = points, loads, row
            for each in numbers:
                its += bound.candidate_cost(its_loads, each)
                its_loads = bound.costs_after(its_loads, each)
                its_row &= ~bound.lanes.rows[self._subproblem.variable_of[each]]
            below = None if self._subproblem.cost_limit is None else self._subproblem.cost_limit[1]
            least = bound.evaluate_node(child, rest, its_row, after, its, its_loads, below)
            if least is not None and (below is None or least[0] < below):
                cost, child, urgent = least
                then = child, (*chosen, *numbers), rest, urgent, its_row, after, its, its_loads
                children.append((cost, number, then))
        children.sort(key=_cost_and_number)
        for cost, _, then in children:
            if self._subproblem.cost_limit is not None and (0, cost) >= self._subproblem.cost_limit:
                break
            self._search(*then)

    def _propagate(
        self, number: int, alive: int, waiting: tuple[int, ...]
    ) -> tuple[tuple[int, ...], int, tuple[int, ...]] | None:
        """Choose a candidate, and all that it forces (unit propagation).

        Returns the chosen candidates, those still alive, and the variables still open. None if there is no solution.
        """
        numbers = [number]
        bits = self._bits
        for taken in numbers:  # grows while iterating
            if not alive >> taken & 1:
                return None
            alive &= self._compatible[taken]
            lives = [alive & bits[each] for each in waiting]
            if not all(lives):
                return None
            alone = [live for live in lives if not live & (live - 1)]
            if alone:
                numbers += [live.bit_length() - 1 for live in alone]
                waiting = tuple([each for each, live in zip(waiting, lives, strict=True) if live & (live - 1)])
        return tuple(numbers), alive, waiting
