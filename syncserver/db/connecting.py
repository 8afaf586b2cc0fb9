"""Opens the configured database; the only module that knows both implementations."""

from __future__ import annotations

from syncserver.config import Config
from syncserver.db.acknowledged_commits import AcknowledgedCommits
from syncserver.db.database import Database, DatabaseGuard


async def connect(
    config: Config, guard: DatabaseGuard | None = None, commits: AcknowledgedCommits | None = None
) -> Database:
    """Opens the database of `config`. Raises the problem `unavailable` if it cannot be reached.

    On Postgres, `guard` verifies each server that connections lead to, and `commits` records what is acknowledged.
    """
    if config.on_postgres:
        from syncserver.db.postgres import Postgres  # noqa: PLC0415 - asyncpg only where it is used

        return await Postgres.connect(config, guard, commits)
    from syncserver.db.sqlite import Sqlite  # noqa: PLC0415

    return await Sqlite.connect(config.sqlite_path, config.lock_seconds)
