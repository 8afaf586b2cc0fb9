"""Migrates a database of any earlier version to this one, with Alembic; forwards only, one process at a time."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from syncserver.config import Config
from syncserver.db import postgres
from syncserver.errors import ConfigurationError

ADVISORY_LOCK_ID = 0x5C4ED  # any number, the same in every process: Postgres' advisory locks go by number
NEWEST = "0004"
"""The revision this code needs; a test compares it with the scripts."""
MIN_COMPATIBLE = "0002"
"""The oldest revision whose servers can keep running beside this one. It stays the same for a migration that only adds;
a migration that removes what those servers use raises it, one release later. Older servers read it in the database."""
LOCK_TIMEOUT_SECONDS = 300
LOCK_NOT_AVAILABLE = "55P03"

BackUpCallback = Callable[[str], None]
"""Called with the revision about to be left, before anything is changed; what it raises stops the migration."""


def migrate(config: Config, back_up: BackUpCallback | None = None) -> tuple[str, str]:
    """Migrates under a lock; returns the revisions before ('' for an empty database) and after.

    Raises `ConfigurationError` if a newer version of the server wrote the database: only a restore can go back.
    """
    if config.on_postgres:
        try:
            return asyncio.run(_migrate_postgres(config, back_up))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError) as error:
            raise _unusable_database(error) from error
    return _migrate_sqlite(config, back_up)


def _unusable_database(error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"The database of DATABASE_URL cannot be used ({type(error).__name__}). "
        "See that Postgres runs, and that name, password, certificate and rights are right."
    )


def is_compatible(revision: str, min_compatible: str | None) -> bool:
    """Whether this code can serve a database that newer code has migrated to `revision`."""
    return bool(min_compatible) and revision > NEWEST >= str(min_compatible)


def alembic_config(connection: Connection | None) -> AlembicConfig:
    """Returns Alembic's settings, without a file."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def async_engine(config: Config) -> AsyncEngine:
    """Returns a SQLAlchemy engine for Postgres, with connections made the way the server makes its own."""

    async def connect() -> Any:
        return await postgres.connect_to(config, "syncserver migrate")

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)


def sqlite_url(config: Config) -> str:
    """Returns SQLAlchemy's URL of the SQLite file."""
    return f"sqlite:///{config.sqlite_path}"


async def _migrate_postgres(config: Config, back_up: BackUpCallback | None) -> tuple[str, str]:
    await postgres.refuse_transaction_pooling(config)
    engine, backed_up = async_engine(config), False
    deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS

    async def back_up_once(revision: str) -> None:
        nonlocal backed_up
        if back_up is not None and not backed_up:
            await asyncio.to_thread(back_up, revision)
            backed_up = True

    try:
        while True:
            try:
                return await _try_migrate_postgres(engine, back_up_once)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                    raise
                if time.monotonic() > deadline:
                    raise ConfigurationError(
                        f"The migration got no lock within {LOCK_TIMEOUT_SECONDS // 60} minutes: another process "
                        "migrates, or something long runs. See pg_stat_activity, and start this again."
                    ) from error
            await asyncio.sleep(1)
    finally:
        await engine.dispose()


async def _try_migrate_postgres(engine: AsyncEngine, back_up: Callable[[str], Awaitable[None]]) -> tuple[str, str]:
    async with engine.connect() as connection, connection.begin():
        await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        # Every request queues behind a statement that waits for a table's lock: rather give up and try again.
        await connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        # A lock of the transaction, not the session: it ends with the connection even if a pooler keeps the session.
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK_ID})"))
        before = await connection.run_sync(_current_revision)
        if before not in ("", NEWEST) and not await connection.run_sync(_is_newer_but_compatible, before):
            await back_up(before)
        return before, await connection.run_sync(_upgrade, before)


def _migrate_sqlite(config: Config, back_up: BackUpCallback | None) -> tuple[str, str]:
    config.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config.sqlite_path.touch(0o600, exist_ok=True)
    with _exclusive_lock(config.folder / "migrate.lock"):
        engine = create_engine(sqlite_url(config), poolclass=NullPool)
        try:
            with engine.connect() as connection:
                before = _current_revision(connection)
                connection.rollback()
                if before != NEWEST and before and back_up and not _is_newer_but_compatible(connection, before):
                    back_up(before)
                after = _upgrade(connection, before)
                connection.commit()
                return before, after
        finally:
            engine.dispose()


@contextlib.contextmanager
def _exclusive_lock(path: Path) -> Iterator[None]:
    """Waits up to five minutes for other migrations. SQLite's file lock works the same on every system."""
    lock = sqlite3.connect(path, isolation_level=None, timeout=300)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()


def _current_revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _is_newer_but_compatible(connection: Connection, revision: str) -> bool:
    """Whether newer code migrated the database first, and this code can serve beside it."""
    if revision <= NEWEST:
        return False
    found = connection.execute(text("SELECT min_compatible FROM server")).scalar()
    return is_compatible(revision, found)


def _upgrade(connection: Connection, before: str) -> str:
    if before == NEWEST or _is_newer_but_compatible(connection, before):
        return before
    settings = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if before and before not in known:
        raise ConfigurationError(
            f"The database is at revision {before}, which this version of the server does not know. "
            "Install the version that made it, or restore a backup."
        )
    command.upgrade(settings, "head")
    connection.execute(text("UPDATE server SET min_compatible = :oldest"), {"oldest": MIN_COMPATIBLE})
    return _current_revision(connection)
