"""Connections to Redis (or Valkey), by an address: one server, or the primary that Sentinel names."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlunsplit

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.exceptions import RedisError

from syncserver.errors import ConfigurationError

SENTINEL_SCHEMES = {"redis+sentinel": "redis", "rediss+sentinel": "rediss"}
SENTINEL_PORT = 26379
TIMEOUTS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
CLUSTER_REFUSED = (
    "REDIS_URL leads to a Redis Cluster. Limits of many accounts are counted in one go, which a cluster cannot do: "
    "name one Redis or Valkey, or one with Sentinel (redis+sentinel://host:26379,host:26379/service)."
)


def connection_pool(url: str) -> ConnectionPool:
    """Returns a connection pool for the Redis at `url`.

    `url` is redis://, rediss:// (TLS), unix://, or
    (redis|rediss)+sentinel://[user:password@]HOST[:PORT],HOST[:PORT]/SERVICE[/DATABASE], with redis-py's options and
    `sentinel_password` in the query. Raises `ConfigurationError`, without a password in its message.
    """
    try:
        if url.partition("://")[0] in SENTINEL_SCHEMES:
            return _sentinel_pool(url)
        return ConnectionPool.from_url(url, **TIMEOUTS)
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            f"REDIS_URL cannot be used: {type(error).__name__}. See `syncserver config`."
        ) from error


def _sentinel_pool(url: str) -> SentinelConnectionPool:
    kind, _, rest = url.partition("://")
    rest, _, asked = rest.partition("?")
    rest, _, path = rest.partition("/")
    scheme = SENTINEL_SCHEMES[kind]
    login, _, hosts = rest.rpartition("@")
    service, _, database = path.strip("/").partition("/")
    if not service or not hosts:
        raise ConfigurationError(
            "REDIS_URL for Sentinel ends with the name of the service: redis+sentinel://host:26379/mymaster"
        )
    places = []
    for host in hosts.split(","):
        name, _, port = host.rpartition(":") if host.rpartition(":")[2].isdigit() else (host, "", "")
        places.append((name.strip("[]"), int(port or SENTINEL_PORT)))
    # The rest is read as redis-py reads an address of one server.
    query = [pair for pair in parse_qsl(asked) if pair[0] != "sentinel_password"]
    single = urlunsplit((scheme, f"{login}{'@' if login else ''}nowhere", f"/{database}", "", ""))
    options: dict[str, Any] = dict(
        parse_url(single + ("?" + "&".join(f"{name}={value}" for name, value in query) if query else ""))
    )
    tls = {"ssl": True} | {name: value for name, value in options.items() if name.startswith("ssl_")}
    encrypted = tls if scheme == "rediss" else {}
    for name in ("host", "port", "connection_class"):
        options.pop(name, None)
    password = dict(parse_qsl(asked)).get("sentinel_password")
    manager = Sentinel(  # type: ignore[no-untyped-call]
        places, sentinel_kwargs={**TIMEOUTS, **encrypted, "password": unquote(password or "") or None}
    )
    settings = {**options, **TIMEOUTS, **encrypted}
    return SentinelConnectionPool(service, manager, **settings)  # type: ignore[no-untyped-call]


async def refuse_cluster(url: str) -> None:
    """Raises `ConfigurationError` if the Redis at `url` is part of a cluster; an unreachable one is accepted."""
    pool = connection_pool(url)
    try:
        info = await Redis(connection_pool=pool).info("cluster")
    except RedisError:
        return
    finally:
        await close_pool(pool)
    if info.get("cluster_enabled"):
        raise ConfigurationError(CLUSTER_REFUSED)


async def close_pool(pool: ConnectionPool) -> None:
    """Closes the connections of a pool, and those over which a Sentinel pool asks for the primary."""
    await pool.aclose()
    if isinstance(pool, SentinelConnectionPool):
        for sentinel in pool.sentinel_manager.sentinels:
            await sentinel.aclose()
