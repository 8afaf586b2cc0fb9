"""Simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983) for what was not proven when time was over.

A move gives one variable another candidate. A minute of clashes weighs more than any number of points that a move is
likely to change, so the walk avoids clashes first. The seed is fixed; how far it gets depends on the time alone.
"""

from __future__ import annotations

import math
import random

from desktop.planning.subproblem import SearchLimits, Subproblem, TimeLimitReached

_SEED = 1983
_CLASH_WEIGHT = 20  # points of a minute of clashes
_HOTTEST, _COLDEST = 2000.0, 20.0  # points
_COOLING = 0.9995  # a move; hot again once it is cold


def anneal(subproblem: Subproblem, limits: SearchLimits) -> None:
    """Improves the pool until the time is over. Raises Cancelled."""
    chance = random.Random(_SEED)  # noqa: S311 - nothing secret
    open_variables = [variable for variable in subproblem.whole if len(subproblem.numbers[variable]) > 1]
    if not open_variables:
        return
    chosen = list(subproblem.start)
    clash, points = subproblem.cost(chosen)
    temperature = _HOTTEST
    try:
        while True:
            limits.count_node()
            variable = chance.choice(open_variables)
            now = chosen[variable]
            other = chance.choice(subproblem.numbers[variable])
            temperature = temperature * _COOLING if temperature > _COLDEST else _HOTTEST
            # Costs that may be accepted at all, drawn before the move, so that a clash alone can rule it out.
            most = -temperature * math.log(1 - chance.random())
            more = subproblem.clash_change(chosen, variable, other)
            if other == now or more * _CLASH_WEIGHT - points > most:
                continue
            chosen[variable] = other
            its = subproblem.points(chosen)
            if more * _CLASH_WEIGHT + its - points > most:
                chosen[variable] = now
                continue
            clash, points = clash + more, its
            subproblem.keep((clash, points), tuple(chosen))
    except TimeLimitReached:
        return
