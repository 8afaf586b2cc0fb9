"""Finds a conflict set: a minimal set of variables that have no clash-free solution together.

A deletion filter (Chinneck and Dravnieks, ORSA Journal on Computing 3, 1991) finds it; such sets are also called
irreducible infeasible, or minimal unsatisfiable. A failed attempt to solve all variables involves only some of them.
These are left out one at a time; if the rest still fails, the set becomes smaller. The final set fails, but not without
any one of its variables.

Most variables are not part of the conflict. So an attempt jumps back from a dead end to a variable that removed
candidates from it (conflict-directed backjumping: Prosser, Computational Intelligence 9, 1993), and starts with
variables that were dead ends before (dom/wdeg: Boussemart and others, ECAI 2004).
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.planning.model import Model
from desktop.planning.subproblem import SearchLimits


def minimal_conflict_set(model: Model, limits: SearchLimits) -> tuple[int, ...]:
    """The variables of a minimal conflict set; empty if the model has a clash-free solution.

    Raises Cancelled, or TimeLimitReached.
    """
    attempts = _BackjumpingSolver(model, limits)
    whole = list(range(len(model.variables)))
    conflict_set = attempts.find_failing(whole)
    if conflict_set is None:
        return ()
    needed: list[int] = []
    waiting = conflict_set
    while waiting:
        variable = waiting[0]
        smaller = attempts.find_failing([*needed, *waiting[1:]])
        if smaller is None:
            needed.append(variable)
            waiting = waiting[1:]
        else:
            waiting = [each for each in waiting[1:] if each in smaller]
    return tuple(sorted(needed))


class _BackjumpingSolver:
    """Attempts to solve variables without clashes. Sets of candidates are integers with a bit for each."""

    def __init__(self, model: Model, limits: SearchLimits) -> None:
        self._limits = limits
        names = {
            (number, index): place
            for place, (number, index) in enumerate(
                (number, index)
                for number, variable in enumerate(model.variables)
                for index in range(len(variable.candidates))
            )
        }
        self._candidates_of = [0] * len(model.variables)
        self._variable_of = [number for number, _ in names]
        self._alive = 0
        self._conflicts = []
        for (number, index), place in names.items():
            self._candidates_of[number] |= 1 << place
            if not model.variables[number].candidates[index].clash:
                self._alive |= 1 << place
            self._conflicts.append(sum(1 << names[other] for other in model.clash.get((number, index), {})))
        self._weight = [1] * len(model.variables)

    def find_failing(self, variables: Sequence[int]) -> list[int] | None:
        """The variables involved in a failed attempt; None if it succeeded."""
        blame = self._solve(self._alive, tuple(variables), {})
        return None if blame is None else [variable for variable in variables if variable in blame]

    def _solve(self, alive: int, waiting: tuple[int, ...], gone: dict[int, set[int]]) -> set[int] | None:
        """The variables that caused a dead end; None if solved.

        `gone` are the variables that removed candidates, by the variable that lost them.
        """
        self._limits.count_node()
        if not waiting:
            return None
        variable = min(
            waiting, key=lambda each: ((alive & self._candidates_of[each]).bit_count() / self._weight[each], each)
        )
        blame = {variable} | gone.get(variable, set())
        live = alive & self._candidates_of[variable]
        rest = tuple(each for each in waiting if each != variable)
        while live:
            bit = live & -live
            live ^= bit
            lost = alive & self._conflicts[bit.bit_length() - 1]
            after = alive & ~lost & ~self._candidates_of[variable]
            its_gone = dict(gone)
            dead = None
            for each in rest:
                if lost & self._candidates_of[each]:
                    its_gone[each] = its_gone.get(each, set()) | {variable}
                    if not after & self._candidates_of[each]:
                        dead = each
                        break
            if dead is not None:
                self._weight[dead] += 1
                blame |= {dead} | its_gone[dead]
                continue
            below = self._solve(after, rest, its_gone)
            if below is None:
                return None
            if variable not in below:
                return below  # the dead end does not depend on this variable
            blame |= below
        return blame
