"""Convergence of sync: whatever happens in whatever order, all machines agree in the end and nothing is lost."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.schedules import Schedule

QUICK = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
# Hypothesis remembers every schedule of a run; many short runs under seeds of their own keep its memory flat. They are
# told in a few parts, each for a process of its own.
SOME = settings(QUICK, max_examples=250, stateful_step_count=35, database=None)
RUNS, PARTS = 200, 10


def test_nothing_is_lost_whatever_happens() -> None:
    run_state_machine_as_test(Schedule, settings=QUICK)  # type: ignore[no-untyped-call]


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_in_fifty_thousand_schedules(part: int) -> None:
    for number in range(part, RUNS, PARTS):
        run_state_machine_as_test(seed(number)(type("Seeded", (Schedule,), {})), settings=SOME)  # type: ignore[no-untyped-call]
        gc.collect()
