"""The proof of sync: whatever happens in whatever order, all machines agree in the end and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.schedules import Schedule

QUICK = settings(
    report_multiple_bugs=False,
    max_examples=150,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(QUICK, max_examples=50_000, stateful_step_count=40)


def test_nothing_is_lost_whatever_happens() -> None:
    run_state_machine_as_test(Schedule, settings=QUICK)  # type: ignore[no-untyped-call]


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_nothing_is_lost_in_fifty_thousand_schedules() -> None:
    run_state_machine_as_test(Schedule, settings=LONG)  # type: ignore[no-untyped-call]
