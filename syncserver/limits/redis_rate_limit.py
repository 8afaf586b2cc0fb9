"""Sliding windows shared by several processes in Redis, with one command for many requests.

While one command is in flight, further hits gather for the next: a busy process sends Redis a few thousand commands a
second at most, however many requests it answers. A window is one key, so updates are atomic and no keys are scanned.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItem
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

MAX_BATCH_HITS = 200

# The arithmetic of limits.ProcessCounters.take, on Redis' clock: that of the processes may differ.
COUNT_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local standings = {}
for i, key in ipairs(KEYS) do
    local expiry, limit = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    local window, previous, current = math.floor(now / expiry), 0, 0
    local into = now - window * expiry
    local w, p, c = string.match(redis.call('GET', key) or '', '^(%d+) (%d+) (%d+)$')
    if w and tonumber(w) == window then
        previous, current = tonumber(p), tonumber(c)
    elseif w and tonumber(w) == window - 1 then
        previous = tonumber(c)
    end
    local reset = expiry - into + expiry / math.max(current, 1)
    if previous > 0 then
        reset = math.fmod(expiry - into, expiry / previous)
    end
    local weighted = math.floor(previous * (expiry - into) / expiry + current)
    local allowed = 0
    if weighted + 1 <= limit then
        allowed = 1
        redis.call('SET', key, string.format('%d %d %d', window, previous, current + 1), 'EX', 2 * expiry)
    end
    local left = math.max(0, limit - weighted - allowed)
    standings[i] = string.format('%d %d %d', allowed, left, math.ceil(math.min(reset, expiry) * 1000))
end
return table.concat(standings, ' ')
"""
"""The answer is one text, because the Redis client decodes lists in Python, item by item."""

WindowResult = tuple[bool, int, float]
"""Whether it was allowed, what remains, seconds until more is."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One request to count, in each of its windows."""

    keys: list[str]
    rules: list[int]  # of each window its seconds and its limit
    counted: asyncio.Future[list[WindowResult]]


class RedisWindows:
    """Counts hits in Redis, through `pool`."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._redis = Redis(connection_pool=pool)
        self._script = self._redis.register_script(COUNT_SCRIPT)
        self._hits: list[Hit] = []
        self._send_task: asyncio.Task[None] | None = None

    async def count_hit(self, item: RateLimitItem, who: str) -> WindowResult:
        """Counts a hit; returns the standing of `who`. Raises RedisError if Redis is unreachable."""
        return (await self.count_hits((item,), who))[0]

    async def hits_in_window(self, item: RateLimitItem, who: str) -> int:
        """Returns the number of hits in the current window. Raises RedisError if Redis is unreachable."""
        stored = await self._redis.get(_window_key(item, who))
        seconds, _ = await self._redis.time()
        window, _, current = (stored or b"0 0 0").split()
        return int(current) if int(window) == seconds // item.get_expiry() else 0

    async def count_hits(self, items: Sequence[RateLimitItem], who: str) -> list[WindowResult]:
        """Counts a hit in each window of `items` at once; returns the standings of `who`. Raises RedisError."""
        counted: asyncio.Future[list[WindowResult]] = asyncio.get_running_loop().create_future()
        keys = [_window_key(item, who) for item in items]
        rules = [number for item in items for number in (item.get_expiry(), item.amount)]
        self._hits.append(Hit(keys, rules, counted))
        if self._send_task is None or self._send_task.done():
            self._send_task = asyncio.create_task(self._send(), name="counting")
        return await counted

    async def _send(self) -> None:
        while self._hits:
            hits, self._hits = self._hits[:MAX_BATCH_HITS], self._hits[MAX_BATCH_HITS:]
            try:
                counts: bytes = await self._script(
                    keys=[key for hit in hits for key in hit.keys],
                    args=[number for hit in hits for number in hit.rules],
                )
            except BaseException as error:
                for hit in hits:
                    if not hit.counted.done():
                        hit.counted.set_exception(error if isinstance(error, RedisError) else RedisError(str(error)))
                if not isinstance(error, RedisError | OSError | TimeoutError):
                    raise
                continue
            numbers = map(int, counts.split())
            for hit in hits:
                standings = [(next(numbers) == 1, next(numbers), next(numbers) / 1000) for _ in hit.keys]
                if not hit.counted.done():
                    hit.counted.set_result(standings)


def _window_key(item: RateLimitItem, who: str) -> str:
    return f"window/{item.key_for(who)}"
