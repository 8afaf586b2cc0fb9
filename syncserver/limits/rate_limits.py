"""Rate limits: sliding windows per account, address or calendar, shared through Redis if configured.

While Redis is unreachable, each process counts by itself, and no request fails for that. Counters in a process use a
storage of our own behind the `limits` library's strategy: the library's storage walks through all keys at every hit
(measured: 1 ms a request at 10,000 accounts).
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import structlog
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage, SlidingWindowCounterSupport, Storage
from limits.errors import StorageError
from redis.exceptions import RedisError

from syncserver.config import Config
from syncserver.errors import Problem
from syncserver.limits.redis_address import close_pool, connection_pool
from syncserver.limits.redis_rate_limit import RedisWindows

log = structlog.get_logger()

RETRY_REDIS_SECONDS = 2.0
SWEEP_SECONDS = 30.0
MAX_DELAY_SECONDS = 900
DELAY_WINDOW_SECONDS = 3600
ADMISSION_WINDOW_SECONDS = 3600


class ProcessCounters(Storage, SlidingWindowCounterSupport):
    """Counters in this process: amounts with their expiry. Swept every half a minute, not at every hit.

    `clock` is in seconds and monotonic: with a wall clock that is set back, a wait of a second could last years.
    """

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(uri, wrap_exceptions)
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}
        self._swept = clock()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = self._clock()
        self._sweep(now)
        count, ends = self._counts.get(key, (0, 0.0))
        if ends <= now:
            count, ends = 0, now + expiry
        self._counts[key] = (count + amount, ends)
        return count + amount

    def _sweep(self, now: float) -> None:
        if now - self._swept > SWEEP_SECONDS:
            self._swept = now
            self._counts = {key: value for key, value in self._counts.items() if value[1] > now}

    async def get(self, key: str) -> int:
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > self._clock() else 0

    async def get_expiry(self, key: str) -> float:
        return time.time() + self.seconds_left(key)  # as the library has it

    def seconds_left(self, key: str) -> float:
        """Returns the seconds until a counter expires; 0 if there is none."""
        return max(0.0, self._counts.get(key, (0, 0.0))[1] - self._clock())

    async def check(self) -> bool:
        return True

    async def reset(self) -> int | None:
        count = len(self._counts)
        self._counts.clear()
        return count

    async def clear(self, key: str) -> None:
        self._counts.pop(key, None)

    def count_hit(self, item: RateLimitItem, who: str) -> tuple[bool, int, float]:
        """Counts a hit of `who`; returns whether it was allowed, what remains, and the seconds until more does."""
        now, expiry, limit = self._clock(), item.get_expiry(), item.amount
        self._sweep(now)
        into = now % expiry
        window, key = int(now // expiry), item.key_for(who)
        previous = self._counts.get(f"{key}/{window - 1}", (0, 0.0))[0]
        current = self._counts.get(f"{key}/{window}", (0, 0.0))[0]
        weighted = math.floor(previous * (expiry - into) / expiry + current)
        allowed = weighted + 1 <= limit
        if allowed:
            self._counts[f"{key}/{window}"] = (current + 1, now + 2 * expiry)
        # Hits of the earlier window expire one by one; those of this one do once it has become the earlier one.
        reset = (expiry - into) % (expiry / previous) if previous else expiry - into + expiry / max(current, 1)
        return allowed, max(0, limit - weighted - allowed), min(reset, expiry)

    async def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        previous, left, current, _ = await self.get_sliding_window(key, expiry)
        if math.floor(previous * left / expiry + current) + amount > limit:
            return False
        await self.incr(self._window(key, expiry, 0), 2 * expiry, amount)
        return True

    async def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        now = self._clock()
        left = expiry - now % expiry
        previous = await self.get(self._window(key, expiry, -1))
        return previous, left if previous else 0.0, await self.get(self._window(key, expiry, 0)), left + expiry

    async def clear_sliding_window(self, key: str, expiry: int) -> None:
        for step in (0, -1):
            self._counts.pop(self._window(key, expiry, step), None)

    def _window(self, key: str, expiry: int, step: int) -> str:
        return f"{key}/{int(self._clock() // expiry) + step}"


@dataclass(frozen=True, slots=True)
class Policy:
    """One limit; `name` is its name in the headers."""

    name: str
    item: RateLimitItem
    window: int
    quota: int  # how many in one window
    headers: tuple[tuple[bytes, bytes], ...]  # the headers that are the same in every answer

    @classmethod
    def from_item(cls, name: str, item: RateLimitItem) -> Policy:
        """Returns the policy for the `limits` library's `item`."""
        quota, window = item.amount, item.get_expiry()
        said = (
            (b"ratelimit-policy", f'"{name}";q={quota};w={window}'.encode()),
            (b"x-ratelimit-limit", b"%d" % quota),
        )
        return cls(name, item, window, quota, said)


@dataclass(frozen=True, slots=True)
class LimitStatus:
    """A client's standing under one policy, after a request."""

    policy: Policy
    remaining: int
    reset: int

    @property
    def share(self) -> float:
        """The fraction of the quota that remains; of several standings, the one closest to its limit has the least."""
        return self.remaining / self.policy.quota

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Returns the headers of docs/sync-protocol.md (draft-ietf-httpapi-ratelimit-headers, and the older ones)."""
        return [
            *self.policy.headers,
            (b"ratelimit", f'"{self.policy.name}";r={self.remaining};t={self.reset}'.encode()),
            (b"x-ratelimit-remaining", b"%d" % self.remaining),
            (b"x-ratelimit-reset", b"%d" % self.reset),
        ]


def per_minute(name: str, amount: int) -> Policy:
    """Returns a policy per minute."""
    return Policy.from_item(name, RateLimitItemPerMinute(amount, namespace=name))


def per_hour(name: str, amount: int) -> Policy:
    """Returns a policy per hour."""
    return Policy.from_item(name, RateLimitItemPerHour(amount, namespace=name))


class Limits:
    """Counts requests and refuses those over a limit. `refused` is for metrics: refused requests by policy."""

    def __init__(self, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self.requests = per_minute("requests", config.requests_per_minute)
        self.batches = per_minute("batches", config.batches_per_minute)
        self.publications = per_hour("feeds", config.publications_per_hour)
        self.exports = per_hour("exports", config.exports_per_hour)
        self.registrations = per_hour("registrations", config.registrations_per_hour)
        self.logins = per_minute("logins", config.logins_per_minute)
        self.name_logins = per_hour("name-logins", config.name_logins_per_hour)
        self.device_logins = per_minute("device-logins", config.device_logins_per_minute)
        self.device_lookups = per_minute("device-lookups", config.device_lookups_per_minute)
        self.anonymous = per_minute("unauthenticated", config.anonymous_per_minute)
        self.calendar = per_minute("calendar", config.calendar_reads_per_minute)
        self.refused: dict[str, int] = {}
        self._networks = [ipaddress.ip_network(network) for network in config.shared_networks]
        self._is_shared_network = lru_cache(maxsize=65_536)(self._in_shared_network)
        self._larger_policies = {
            policy: Policy.from_item(
                policy.name, type(policy.item)(policy.quota * config.shared_network_factor, 1, policy.name)
            )
            for policy in (self.registrations, self.logins, self.device_lookups, self.anonymous)
        }
        self._failures_allowed = config.failures_before_delay
        self._clock = clock
        self._process_counters = ProcessCounters(clock=clock)
        self._redis_storage: RedisStorage | None = None
        if config.redis_url:
            self._redis = connection_pool(config.redis_url)
            self._redis_storage = RedisStorage(
                "async+redis://",  # the pool has the address
                wrap_exceptions=True,
                implementation="redispy",
                connection_pool=self._redis,  # type: ignore[arg-type]
            )
            self._windows = RedisWindows(self._redis)
        self._redis_retry_at = 0.0

    @property
    def is_shared(self) -> bool:
        """Whether counts are currently shared with other processes."""
        return self._redis_storage is not None and self._clock() >= self._redis_retry_at

    def _suspend_redis(self, error: Exception) -> None:
        self._redis_retry_at = self._clock() + RETRY_REDIS_SECONDS
        log.warning("redis unavailable", error=type(error).__name__, retry_seconds=RETRY_REDIS_SECONDS)

    async def hit_address(self, address: str, *policies: Policy) -> LimitStatus:
        """Like `hit`, for an address: one that is shared by many has a larger quota."""
        if self._networks and self._is_shared_network(address):
            policies = tuple(self._larger_policies.get(policy, policy) for policy in policies)
        return await self.hit(address, *policies)

    def _in_shared_network(self, address: str) -> bool:
        try:
            asking = ipaddress.ip_network(address)
        except ValueError:
            return False
        return any(
            asking.version == network.version and asking.subnet_of(network)  # type: ignore[arg-type]
            for network in self._networks
        )

    async def hit(self, who: str, *policies: Policy) -> LimitStatus:
        """Counts one request of `who` under each of `policies`; returns the standing closest to its limit.

        Raises `rate-limited` with the headers if a limit is exceeded.
        """
        taken = None
        if self.is_shared:
            try:
                taken = await self._windows.count_hits([policy.item for policy in policies], who)
            except RedisError as error:
                self._suspend_redis(error)
        if taken is None:
            taken = [self._process_counters.count_hit(policy.item, who) for policy in policies]
        tightest = None
        for policy, (allowed, remaining, reset) in zip(policies, taken, strict=True):
            standing = LimitStatus(policy, remaining, max(1, math.ceil(reset)))
            if not allowed:
                raise self._refuse(standing)
            if tightest is None or standing.share < tightest.share:
                tightest = standing
        if tightest is None:
            raise ValueError("no policy to count under")
        return tightest

    def refusal(self, policy: Policy, seconds: int) -> Problem:
        """Returns the problem for a request over the limit that may be retried after `seconds`."""
        return self._refuse(LimitStatus(policy, 0, seconds))

    def _refuse(self, standing: LimitStatus) -> Problem:
        policy = standing.policy
        self.refused[policy.name] = self.refused.get(policy.name, 0) + 1
        seconds = max(1, min(standing.reset, policy.window))
        told = {name.decode(): value.decode() for name, value in standing.headers()}
        return Problem(
            "rate-limited", headers={**told, "Retry-After": str(seconds)}, policy=policy.name, retry_after=seconds
        )

    async def used(self, who: str, policy: Policy) -> int | None:
        """Returns the number of requests of `who` in the current window, or None if only this process counts."""
        if not self.is_shared:
            return None
        try:
            return await self._windows.hits_in_window(policy.item, who)
        except RedisError as error:
            self._suspend_redis(error)
            return None

    async def check_delay(self, who: str) -> None:
        """Raises `login-delayed` while `who` (a name at an address) has to wait after failed sign-ins."""
        left = await self._seconds_left(f"held/{who}")
        if left > 0:
            self.refused["login-delay"] = self.refused.get("login-delay", 0) + 1
            seconds = max(1, math.ceil(left))
            raise Problem("login-delayed", headers={"Retry-After": str(seconds)}, retry_after=seconds)

    async def _seconds_left(self, key: str) -> float:
        """Returns the seconds until a counter expires; 0 if there is none."""
        if self._redis_storage is not None and self.is_shared:
            try:
                if not await self._redis_storage.get(key):
                    return 0.0
                # The library has added this machine's time to the seconds that are left, rounded to none at the end.
                return max(1.0, await self._redis_storage.get_expiry(key) - time.time())
            except StorageError as error:
                self._suspend_redis(error)
        return self._process_counters.seconds_left(key)

    async def count_failure(self, who: str) -> None:
        """Counts a failed sign-in. Each one beyond those allowed doubles the wait: 1 s, 2 s ... 15 minutes."""
        for storage in (self._storage(), self._process_counters):
            try:
                over = await storage.incr(f"failed/{who}", DELAY_WINDOW_SECONDS) - self._failures_allowed
                if over >= 0:
                    await storage.incr(f"held/{who}", min(2**over, MAX_DELAY_SECONDS))
            except StorageError as error:
                self._suspend_redis(error)
            else:
                return

    async def is_first_use(self, what: str, seconds: int) -> bool:
        """Whether `what` is used for the first time within `seconds`, as counted here or in Redis."""
        return await self._increment(f"used/{what}", seconds) == 1

    async def claim(self, what: str, seconds: int) -> bool:
        """Whether nobody else is doing `what`, as counted here or in Redis; claims it for `seconds` at most."""
        return await self._increment(f"alone/{what}", seconds) == 1

    async def release_claim(self, what: str) -> None:
        """Releases the claim of `claim`."""
        await self._clear(f"alone/{what}")

    async def count_admission(self, address: str) -> None:
        """Counts one request that was admitted for a proof of work."""
        await self._increment(f"paid/{address}", ADMISSION_WINDOW_SECONDS)

    async def admissions(self, address: str) -> int:
        """Returns how many requests of `address` were recently admitted for a proof of work."""
        for storage in (self._storage(), self._process_counters):
            try:
                return await storage.get(f"paid/{address}")
            except StorageError as error:
                self._suspend_redis(error)
        return 0

    async def _increment(self, key: str, seconds: int) -> int:
        for storage in (self._storage(), self._process_counters):
            try:
                return await storage.incr(key, seconds)
            except StorageError as error:
                self._suspend_redis(error)
        raise AssertionError("the counters of the process do not fail")

    async def reset_failures(self, who: str) -> None:
        """Resets the count of failed sign-ins."""
        await self._clear(f"failed/{who}")

    async def _clear(self, key: str) -> None:
        for storage in (self._storage(), self._process_counters):
            try:
                await storage.clear(key)
            except StorageError as error:
                self._suspend_redis(error)
            else:
                return

    def _storage(self) -> Storage:
        return self._redis_storage if self._redis_storage is not None and self.is_shared else self._process_counters

    async def close(self) -> None:
        """Closes the connections to Redis."""
        if self._redis_storage is not None:
            await close_pool(self._redis)
