"""Opens the database that the settings name; the one place that knows both gateways."""

from __future__ import annotations

from syncserver.config import Config
from syncserver.db.acknowledged_commits import AcknowledgedCommits
from syncserver.db.database import Database, Guard


async def connect(config: Config, guard: Guard | None = None, commits: AcknowledgedCommits | None = None) -> Database:
    """Opens the database of `config`. Raises the problem `unavailable` where it is away.

    On Postgres `guard` verifies whatever the database turns out to be, and `commits` remembers what is acknowledged.
    """
    if config.on_postgres:
        from syncserver.db.postgres import Postgres  # noqa: PLC0415 - asyncpg only where it is used

        return await Postgres.connect(config, guard, commits)
    from syncserver.db.sqlite import Sqlite  # noqa: PLC0415

    return await Sqlite.connect(config.sqlite_path, config.lock_seconds)
