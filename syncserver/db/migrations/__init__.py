"""Hides Alembic: brings a database of any earlier version to this one, forwards only, one process at a time."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from syncserver.config import Config
from syncserver.errors import Misconfigured

LOCK = 0x5C4ED  # any number, the same in every process: Postgres' advisory locks go by number
NEWEST = "0002"
"""The revision this code needs; a test compares it with the scripts."""

BackUp = Callable[[str], None]
"""Called with the revision about to be left, before anything is changed; what it raises stops the migration."""


def migrate(config: Config, back_up: BackUp | None = None) -> tuple[str, str]:
    """Migrates under a lock; gives the revisions before ('' for an empty database) and after.

    Raises `Misconfigured` where the database is of a newer version of the server: there is no way back but a restore.
    """
    if config.on_postgres:
        try:
            return asyncio.run(_on_postgres(config, back_up))
        except (OSError, asyncpg.PostgresError, DBAPIError) as error:
            raise Misconfigured(
                f"The database of DATABASE_URL cannot be used ({type(error).__name__}). "
                "See that Postgres runs, and that name, password and rights are right."
            ) from error
    return _on_sqlite(config, back_up)


def alembic_config(connection: Connection | None) -> AlembicConfig:
    """Alembic's settings, without a file."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def sqlalchemy_url(config: Config) -> str:
    """The address of the database as SQLAlchemy writes it (asyncpg's driver for Postgres)."""
    if config.on_postgres:
        return "postgresql+asyncpg://" + config.database_url.split("://", 1)[1]
    return f"sqlite:///{config.sqlite_path}"


async def _on_postgres(config: Config, back_up: BackUp | None) -> tuple[str, str]:
    engine = create_async_engine(sqlalchemy_url(config), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
            await connection.commit()
            before = await connection.run_sync(_revision)
            await connection.rollback()
            if before != NEWEST and before and back_up:
                await asyncio.to_thread(back_up, before)
            after = await connection.run_sync(_upgrade, before)
            await connection.commit()
            return before, after
    finally:
        await engine.dispose()


def _on_sqlite(config: Config, back_up: BackUp | None) -> tuple[str, str]:
    config.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config.sqlite_path.touch(0o600, exist_ok=True)
    with _alone(config.folder / "migrate.lock"):
        engine = create_engine(sqlalchemy_url(config), poolclass=NullPool)
        try:
            with engine.connect() as connection:
                before = _revision(connection)
                connection.rollback()
                if before != NEWEST and before and back_up:
                    back_up(before)
                after = _upgrade(connection, before)
                connection.commit()
                return before, after
        finally:
            engine.dispose()


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Waits up to five minutes for others that migrate; SQLite's file lock is the same on every system."""
    lock = sqlite3.connect(path, isolation_level=None, timeout=300)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _upgrade(connection: Connection, before: str) -> str:
    if before == NEWEST:
        return before
    settings = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if before and before not in known:
        raise Misconfigured(
            f"The database is at revision {before}, which this version of the server does not know. "
            "Install the version that made it, or restore a backup."
        )
    command.upgrade(settings, "head")
    return _revision(connection)
