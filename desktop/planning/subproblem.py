"""A subproblem: an independent part of a model, with numbered candidates and a pool of the best solutions so far.

A set of candidates is an integer with a bit for each. The pool stores one solution per look (`Evaluation`), so that
plans differ visibly. All solutions with the same look cost the same, since costs are part of it.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from desktop.domain.errors import Cancelled
from desktop.planning.lower_bound import LowerBound
from desktop.planning.model import Candidate, Evaluation, Model

_CHECK_EVERY = 64  # nodes

Cost = tuple[int, int]  # minutes of clashes, then points


@dataclass(frozen=True, slots=True)
class PooledSolution:
    """A solution: for every variable of a subproblem or of the model, the index of its candidate."""

    chosen: tuple[int, ...]
    evaluation: Evaluation

    @property
    def cost(self) -> Cost:
        return self.evaluation.clash, self.evaluation.points


class TimeLimitReached(Exception):
    """The time limit was reached. Solutions found so far are valid, but not proven best."""


class SearchLimits:
    """Checks regularly for cancellation and the time limit. `time_used` returns the share used, from 0 to 1."""

    def __init__(self, cancelled: Callable[[], bool], time_used: Callable[[], float]) -> None:
        self._cancelled = cancelled
        self.time_used = time_used
        self.time_share = 1.0  # of the time limit that may be used
        self.nodes = 0

    def count_node(self) -> None:
        """Count a node, and check the limits. Raises Cancelled, or TimeLimitReached."""
        self.nodes += 1
        if self.nodes % _CHECK_EVERY == 0:
            if self._cancelled():
                raise Cancelled
            if self.time_used() >= self.time_share:
                raise TimeLimitReached


class Subproblem:
    """The variables with these numbers, and the best `count` solutions with different looks.

    With `spread`, a solution is stored only if it costs less than that many points more than the best.
    """

    def __init__(self, model: Model, variables: Sequence[int], count: int, spread: int | None = None) -> None:
        self.candidates: list[Candidate] = []
        self.variable_of: list[int] = []
        self.candidate_numbers: list[range] = []
        names: dict[tuple[int, int], int] = {}
        for place, variable in enumerate(variables):
            first = len(self.candidates)
            for index, candidate in enumerate(model.variables[variable].candidates):
                names[variable, index] = len(self.candidates)
                self.candidates.append(candidate)
                self.variable_of.append(place)
            self.candidate_numbers.append(range(first, len(self.candidates)))
        self.all_variables = tuple(range(len(variables)))
        self.candidate_bits = [sum(1 << number for number in numbers) for numbers in self.candidate_numbers]
        # Clash minutes and points of each candidate with others; zeros are left out.
        self.clash = [{names[other]: minutes for other, minutes in model.clash.get(name, {}).items()} for name in names]
        self.pair = [
            {names[other]: points for other, (points, _) in model.pair.get(name, {}).items()} for name in names
        ]
        weight = [
            (1 + sum(len(self.clash[number]) for number in numbers))
            * max(1, *(sum(on.busy.bit_count() for on in self.candidates[number].placements) for number in numbers))
            for numbers in self.candidate_numbers
        ]
        self.bound = LowerBound(model, self.candidates, self.candidate_bits, self.pair, weight)
        self.count = count
        self._model = model
        self._variables = variables
        self._spread = spread
        self._pool: list[tuple[Cost, tuple[int, ...], Evaluation]] = []  # best first
        self._looks: set[Evaluation] = set()
        self.cost_limit: Cost | None = None  # a solution must cost less to be stored

    @property
    def solutions(self) -> list[PooledSolution]:
        """The best solutions found, best first. If one is free of clashes, those with clashes are left out."""
        free = bool(self._pool) and self._pool[0][0][0] == 0
        return [
            PooledSolution(self._candidate_indexes(chosen), evaluation)
            for cost, chosen, evaluation in self._pool
            if not (free and cost[0])
        ]

    def _candidate_indexes(self, chosen: Sequence[int]) -> tuple[int, ...]:
        return tuple(number - numbers.start for number, numbers in zip(chosen, self.candidate_numbers, strict=True))

    def add_solution(self, cost: Cost, chosen: tuple[int, ...]) -> None:
        """Store a solution (a candidate of every variable, in order) if it is among the best and has a new look."""
        if self.cost_limit is not None and cost >= self.cost_limit:
            return
        evaluation = self.evaluation(chosen)
        if evaluation in self._looks:
            return
        if len(self._pool) == self.count:
            self._looks.discard(self._pool.pop()[2])
        self._looks.add(evaluation)
        insort(self._pool, (cost, chosen, evaluation), key=lambda each: each[:2])
        if self._spread is not None:
            best, points = self._pool[0][0]
            self.cost_limit = best, points + self._spread
        if len(self._pool) == self.count:
            worst = self._pool[-1][0]
            self.cost_limit = worst if self.cost_limit is None else min(self.cost_limit, worst)

    def evaluation(self, chosen: Sequence[int]) -> Evaluation:
        """The evaluation of a solution, which is its look."""
        return self._model.evaluate(dict(zip(self._variables, self._candidate_indexes(chosen), strict=True)))

    @property
    def best_solution(self) -> tuple[int, ...]:
        """The best solution found."""
        return self._pool[0][1]

    def cost(self, chosen: Sequence[int]) -> Cost:
        """The cost of a solution, computed from scratch."""
        clash = sum(self.candidates[number].clash for number in chosen)
        clash += sum(self.clash[number].get(other, 0) for number, other in combinations(chosen, 2))
        return clash, self.points(chosen)

    def points(self, chosen: Sequence[int]) -> int:
        """The points of a solution, computed from scratch."""
        points = 0
        for place, number in enumerate(chosen):
            partners = self.pair[number]
            points += self.candidates[number].points + sum([partners.get(each, 0) for each in chosen[:place]])
        return points + self.bound.points(self.bound.extend_state(self.bound.empty_state, chosen))

    def clash_change(self, chosen: Sequence[int], variable: int, other: int) -> int:
        """The change in clash minutes if a variable has another candidate."""
        now = chosen[variable]
        old, new = self.clash[now], self.clash[other]
        more = self.candidates[other].clash - self.candidates[now].clash
        return more + sum([new.get(each, 0) - old.get(each, 0) for each in chosen if each != now])

    def greedy_solution(self) -> tuple[int, ...]:
        """A solution by the greedy heuristic of the least clash at every step."""
        chosen: list[int] = []
        for variable in sorted(
            self.all_variables, key=lambda variable: (len(self.candidate_numbers[variable]), variable)
        ):
            spent = {
                number: self.candidates[number].clash + sum(self.clash[number].get(each, 0) for each in chosen)
                for number in self.candidate_numbers[variable]
            }
            chosen.append(min(spent, key=lambda number: (spent[number], self.candidates[number].points)))
        return tuple(sorted(chosen))
