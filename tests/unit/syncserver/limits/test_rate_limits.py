"""Counters in one process: a sliding window, growing delays, and bounded memory."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from syncserver.config import Config
from syncserver.errors import Problem
from syncserver.limits.rate_limits import Limits, ProcessCounters, per_minute


@given(steps=st.lists(st.floats(0, 40), min_size=1, max_size=60), quota=st.integers(1, 8))
def test_one_go_counts_as_the_librarys_strategy_does(steps: list[float], quota: int) -> None:
    now = 1_800_000_000.0
    ours, theirs = ProcessCounters(clock=lambda: now), ProcessCounters(clock=lambda: now)
    policy = per_minute("requests", quota)
    strategy = SlidingWindowCounterRateLimiter(theirs)

    async def compared() -> None:
        nonlocal now
        for step in steps:
            now += step
            allowed, remaining, reset = ours.count_hit(policy.item, "somebody")
            assert allowed == await strategy.hit(policy.item, "somebody")
            assert remaining == (await strategy.get_window_stats(policy.item, "somebody")).remaining
            assert 0 <= reset <= 60

    asyncio.run(compared())


def test_never_more_than_the_quota_in_any_window() -> None:
    now = 1_800_000_000.0
    counters, policy, taken = ProcessCounters(clock=lambda: now), per_minute("requests", 10), list[float]()
    for tenth in range(6000):
        now = 1_800_000_000.0 + tenth / 10
        if counters.count_hit(policy.item, "somebody")[0]:
            taken.append(now)
    assert len(taken) >= 90, "about the quota each minute"
    # The earlier window counts as if it had been even: within twice the quota whatever came when, in theory.
    assert all(sum(start <= other < start + 60 for other in taken) <= 20 for start in taken)


def test_what_is_over_is_forgotten() -> None:
    now = 1_800_000_000.0
    counters, policy = ProcessCounters(clock=lambda: now), per_minute("requests", 10)
    for index in range(1000):
        counters.count_hit(policy.item, str(index))
    now += 1000
    counters.count_hit(policy.item, "one")
    assert len(counters._counts) == 1


def test_failed_logins_wait_longer_each_time() -> None:
    async def waits() -> list[int]:
        found, now = [], [1_800_000_000.0]
        limits = Limits(Config(failures_before_delay=3), clock=lambda: now[0])
        for _ in range(14):
            await limits.count_failure("name/address")
            try:
                await limits.check_delay("name/address")
            except Problem as problem:
                found.append(int(problem.headers["Retry-After"]))
                now[0] += found[-1] + 0.1
            else:
                found.append(0)
        await limits.reset_failures("name/address")
        await limits.count_failure("name/address")
        await limits.check_delay("name/address")
        return found

    assert asyncio.run(waits()) == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


@pytest.mark.parametrize("years", [-30, 30])
def test_a_wall_clock_that_jumps_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch, years: int) -> None:
    real = time.time
    limits = Limits(Config(failures_before_delay=1))

    async def waits() -> int:
        await limits.count_failure("name/address")
        await limits.count_failure("name/address")
        monkeypatch.setattr(time, "time", lambda: real() + years * 365 * 86_400)
        with pytest.raises(Problem) as caught:
            await limits.check_delay("name/address")
        return int(caught.value.headers["Retry-After"])

    assert asyncio.run(waits()) <= 2
