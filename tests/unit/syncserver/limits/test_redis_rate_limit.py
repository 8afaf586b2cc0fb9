"""Counting in Redis: exactly the quota under concurrency, the same for every process, and errors for all."""

import asyncio
import math
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from limits import RateLimitItem, RateLimitItemPerHour
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

from syncserver.limits.redis_rate_limit import MAX_BATCH_HITS, RedisWindows
from tests.services.postgres import free_port
from tests.services.redis import RedisServer

pytestmark = pytest.mark.redis


@asynccontextmanager
async def windows(url: str) -> AsyncIterator[RedisWindows]:
    pool = ConnectionPool.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
    yield RedisWindows(pool)
    await pool.aclose()


def somebody() -> str:
    return os.urandom(8).hex()


def test_the_quota_exactly_whoever_asks_at_once(redis: RedisServer) -> None:
    async def asked() -> None:
        item, who, neighbour = RateLimitItemPerHour(300, namespace="requests"), somebody(), somebody()
        async with windows(redis.url) as one, windows(redis.url) as other:
            takes = [process.count_hit(item, who) for process in (one, other) for _ in range(MAX_BATCH_HITS + 50)]
            found = await asyncio.gather(*takes)
            assert sorted((left for allowed, left, _ in found if allowed), reverse=True) == list(range(299, -1, -1))
            assert {left for allowed, left, _ in found if not allowed} == {0}
            assert all(0 < reset <= 3600 for _, _, reset in found)
            assert (await one.count_hit(item, neighbour))[:2] == (True, 299)

    asyncio.run(asked())


@pytest.mark.parametrize(("windows_ago", "counts"), [(0, "0 6"), (1, "9 6"), (2, "9 9")])
def test_the_earlier_window_leaves_bit_by_bit(redis: RedisServer, windows_ago: int, counts: str) -> None:
    async def asked() -> None:
        item: RateLimitItem = RateLimitItemPerHour(10, namespace="feeds")
        who = somebody()
        async with windows(redis.url) as shared:
            client = Redis.from_url(redis.url)
            seconds, parts = await client.time()
            await client.set(f"window/{item.key_for(who)}", f"{seconds // 3600 - windows_ago} {counts}")
            share = 1 - (seconds % 3600 + parts / 1e6) / 3600
            counted = {0: 6, 1: math.floor(6 * share), 2: 0}[windows_ago]
            allowed, remaining, _ = await shared.count_hit(item, who)
            later = await shared.count_hit(item, who)
            await client.aclose()
        assert allowed
        assert remaining in (9 - counted, 10 - counted), "a moment later one more may have left"
        assert later[1] in (remaining - 1, remaining)

    asyncio.run(asked())


def test_everybody_hears_that_redis_is_away() -> None:
    async def asked() -> None:
        item = RateLimitItemPerHour(10)
        async with windows(f"redis://127.0.0.1:{free_port()}/0") as shared:
            found = await asyncio.gather(*(shared.count_hit(item, "who") for _ in range(5)), return_exceptions=True)
            assert [isinstance(error, RedisError) for error in found] == [True] * 5

    asyncio.run(asked())
