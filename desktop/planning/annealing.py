"""Simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983) for subproblems not solved in time.

A move gives one variable another candidate. The temperature falls geometrically with the time used, so the schedule
ends with the time limit on any machine. The seed is fixed.
"""

from __future__ import annotations

import math
import random

from desktop.planning.subproblem import SearchLimits, Subproblem, TimeLimitReached

_SEED = 1983
_CLASH_WEIGHT = 20  # points per clash minute: avoiding clashes comes first, but more may lead to fewer
_MOVES_PER_UPDATE = 64  # between two temperature updates
_START_TEMPERATURE, _END_TEMPERATURE = 5000.0, 20.0  # points


def anneal(subproblem: Subproblem, limits: SearchLimits) -> None:
    """Improve the solutions of the subproblem until the time limit. Raises Cancelled."""
    chance = random.Random(_SEED)  # noqa: S311 - not used for secrets
    open_variables = [
        variable for variable in subproblem.all_variables if len(subproblem.candidate_numbers[variable]) > 1
    ]
    if not open_variables:
        return
    chosen = list(subproblem.best_solution)
    clash, points = subproblem.cost(chosen)
    begun = limits.time_used()
    span = limits.time_share - begun
    temperature = _START_TEMPERATURE
    try:
        while span > 0:
            limits.count_node()
            if limits.nodes % _MOVES_PER_UPDATE == 0:
                done = min(1.0, (limits.time_used() - begun) / span)
                temperature = _START_TEMPERATURE * (_END_TEMPERATURE / _START_TEMPERATURE) ** done
            variable = chance.choice(open_variables)
            now, other = chosen[variable], chance.choice(subproblem.candidate_numbers[variable])
            # The threshold is drawn first: the change in clashes is computed much faster than the points.
            most = -temperature * math.log(1 - chance.random())
            more = subproblem.clash_change(chosen, variable, other)
            if other == now or more * _CLASH_WEIGHT > most:
                continue
            chosen[variable] = other
            its = subproblem.points(chosen)
            if more * _CLASH_WEIGHT + its - points > most:
                chosen[variable] = now
                continue
            clash, points = clash + more, its
            subproblem.add_solution((clash, points), tuple(chosen))
    except TimeLimitReached:
        return
