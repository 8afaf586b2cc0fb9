"""The counters of one process: a window that slides, delays that grow, and memory that does not."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from syncserver.config import Config
from syncserver.errors import Problem
from syncserver.limits import Limits, ProcessCounters, minute


@given(steps=st.lists(st.floats(0, 40), min_size=1, max_size=60), quota=st.integers(1, 8))
def test_one_go_counts_as_the_librarys_strategy_does(steps: list[float], quota: int) -> None:
    ours, theirs, policy = ProcessCounters(), ProcessCounters(), minute("requests", quota)
    strategy = SlidingWindowCounterRateLimiter(theirs)

    async def compared() -> None:
        now = 1_800_000_000.0
        for step in steps:
            now += step
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(time, "time", lambda now=now: now)
                allowed, remaining, reset = ours.take(policy.item, "somebody")
                assert allowed == await strategy.hit(policy.item, "somebody")
                assert remaining == (await strategy.get_window_stats(policy.item, "somebody")).remaining
            assert 0 <= reset <= 60

    asyncio.run(compared())


def test_never_more_than_the_quota_in_any_window(monkeypatch: pytest.MonkeyPatch) -> None:
    counters, policy, taken = ProcessCounters(), minute("requests", 10), list[float]()
    for tenth in range(6000):
        now = 1_800_000_000.0 + tenth / 10
        monkeypatch.setattr(time, "time", lambda now=now: now)
        if counters.take(policy.item, "somebody")[0]:
            taken.append(now)
    assert len(taken) >= 90, "about the quota each minute"
    # The earlier window counts as if it had been even: within twice the quota whatever came when, in theory.
    assert all(sum(start <= other < start + 60 for other in taken) <= 20 for start in taken)


def test_what_is_over_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    counters, policy = ProcessCounters(), minute("requests", 10)
    for index in range(1000):
        counters.take(policy.item, str(index))
    later = time.time() + 1000
    monkeypatch.setattr(time, "time", lambda: later)
    counters.take(policy.item, "one")
    assert len(counters._counts) == 1


def test_failed_logins_wait_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def waits() -> list[int]:
        limits, found, now = Limits(Config(failures_before_delay=3)), [], [1_800_000_000.0]
        monkeypatch.setattr(time, "time", lambda: now[0])
        for _ in range(14):
            await limits.failed("name/address")
            try:
                await limits.check_delay("name/address")
            except Problem as problem:
                found.append(int(problem.headers["Retry-After"]))
                now[0] += found[-1] + 0.1
            else:
                found.append(0)
        await limits.succeeded("name/address")
        await limits.failed("name/address")
        await limits.check_delay("name/address")
        return found

    assert asyncio.run(waits()) == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
