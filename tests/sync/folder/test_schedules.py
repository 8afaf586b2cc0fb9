"""Three devices at a folder with every fault of cloud services: nothing is lost, and all end up with the same."""

from __future__ import annotations

import pytest

from tests.sync.folder.schedules import Schedule

STEPS = 60


def parts(quick: int, end: int) -> list[object]:
    """The first schedules of twenty each, those from `quick` on for the long run."""
    long = [pytest.param(first, marks=pytest.mark.slow) for first in range(quick, end, 20)]
    return [*range(0, quick, 20), *long]


@pytest.mark.parametrize("first", parts(60, 140))
def test_nothing_is_lost_and_everybody_ends_up_with_the_same(first: int) -> None:
    for seed in range(first, first + 20):
        life = Schedule(seed)
        life.run(STEPS)
        life.check()


@pytest.mark.parametrize("first", parts(20, 60))
def test_without_faults_nobody_is_asked_about_a_value_that_was_replaced_knowingly(first: int) -> None:
    for seed in range(first, first + 20):
        life = Schedule(seed, faults=False)
        life.run(STEPS)
        life.check()
        assert life.needless == [], f"schedule {seed}"


@pytest.mark.parametrize("seed", [10_370, 15_327])
def test_a_counter_that_a_copy_reached_too_covers_nothing_of_the_other(seed: int) -> None:
    """Each lost a value once. A replaced it unseen, since it had been told of a copy of the profile that set it; in the
    second one neither had written before."""
    life = Schedule(seed)
    life.run(STEPS)
    life.check()


@pytest.mark.slow
@pytest.mark.parametrize("first", range(10_000, 30_000, 500))
def test_twenty_thousand_schedules(first: int) -> None:
    for seed in range(first, first + 500):
        life = Schedule(seed)
        life.run(STEPS)
        life.check()
