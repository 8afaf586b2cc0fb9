"""Fixtures that start real services once per session, and skip visibly if they are not installed."""

from collections.abc import Iterator

import pytest

from tests.services import postgres as postgres_service
from tests.services import redis as redis_service


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_service.PostgresServer]:
    """A PostgreSQL without fsync, shared by the session. Use `postgres.new_database()`."""
    if reason := postgres_service.unavailable_reason():
        pytest.skip(reason)
    with postgres_service.running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis() -> Iterator[redis_service.RedisServer]:
    """A Redis shared by the session: use keys of your own, and do not stop it."""
    if reason := redis_service.unavailable_reason():
        pytest.skip(reason)
    with redis_service.running_redis() as server:
        yield server
