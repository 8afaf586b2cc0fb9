"""Why nothing fits: a minimal set of variables that cannot be had together, though all but any one of them can.

A deletion filter (Chinneck and Dravnieks, ORSA Journal on Computing 3, 1991; such sets are called irreducible
infeasible, or minimal unsatisfiable): a failed attempt to decide everything touches only some variables. Those are left
out one after the other, and whatever still fails without one is smaller. What remains fails, and without any one of it
does not.

Most of a year has nothing to do with why it cannot be had. So an attempt jumps back from a dead end over what took
candidates from it (conflict-directed backjumping: Prosser, Computational Intelligence 9, 1993), and looks first at the
variables that were dead ends before (dom/wdeg: Boussemart and others, ECAI 2004).
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.planning.model import Model
from desktop.planning.subproblem import SearchLimits


def minimal_conflict_set(model: Model, limits: SearchLimits) -> tuple[int, ...]:
    """Numbers of variables that have no solution free of clashes together, minimal; empty where everything has one.

    Raises Cancelled, or TimeLimitReached.
    """
    attempts = _Attempts(model, limits)
    whole = list(range(len(model.variables)))
    conflict_set = attempts.failing(whole)
    if conflict_set is None:
        return ()
    needed: list[int] = []
    waiting = conflict_set
    while waiting:
        variable = waiting[0]
        smaller = attempts.failing([*needed, *waiting[1:]])
        if smaller is None:
            needed.append(variable)
            waiting = waiting[1:]
        else:
            waiting = [each for each in waiting[1:] if each in smaller]
    return tuple(sorted(needed))


class _Attempts:
    """Tries to fill variables without any clash. Options are bits of one number, through all variables."""

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
        self._own = [0] * len(model.variables)
        self._variable_of = [number for number, _ in names]
        self._alive = 0
        self._conflicts = []
        for (number, index), place in names.items():
            self._own[number] |= 1 << place
            if not model.variables[number].candidates[index].clash:
                self._alive |= 1 << place
            self._conflicts.append(sum(1 << names[other] for other in model.clash.get((number, index), {})))
        self._weight = [1] * len(model.variables)

    def failing(self, variables: Sequence[int]) -> list[int] | None:
        """The variables that a failed attempt needed, or None where the attempt succeeded."""
        blame = self._fill(self._alive, tuple(variables), {})
        return None if blame is None else [variable for variable in variables if variable in blame]

    def _fill(self, alive: int, waiting: tuple[int, ...], gone: dict[int, set[int]]) -> set[int] | None:
        """Variables to blame for a dead end, or None. `gone` has for each those that took candidates from it."""
        self._limits.count_node()
        if not waiting:
            return None
        variable = min(waiting, key=lambda each: ((alive & self._own[each]).bit_count() / self._weight[each], each))
        blame = {variable} | gone.get(variable, set())
        live = alive & self._own[variable]
        rest = tuple(each for each in waiting if each != variable)
        while live:
            bit = live & -live
            live ^= bit
            lost = alive & self._conflicts[bit.bit_length() - 1]
            after = alive & ~lost & ~self._own[variable]
            its_gone = dict(gone)
            dead = None
            for each in rest:
                if lost & self._own[each]:
                    its_gone[each] = its_gone.get(each, set()) | {variable}
                    if not after & self._own[each]:
                        dead = each
                        break
            if dead is not None:
                self._weight[dead] += 1
                blame |= {dead} | its_gone[dead]
                continue
            below = self._fill(after, rest, its_gone)
            if below is None:
                return None
            if variable not in below:
                return below  # the dead end has nothing to do with what is chosen here
            blame |= below
        return blame
