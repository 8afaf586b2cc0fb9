"""The migrations create exactly the schema's tables, on SQLite and Postgres, once however many processes start."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from syncserver.__main__ import _back_up
from syncserver.config import Config
from syncserver.db.migrations import NEWEST, alembic_config, async_engine, migrate, sqlite_url
from syncserver.db.schema import metadata
from syncserver.errors import ConfigurationError
from tests.services.postgres import PostgresServer

ROOT = Path(__file__).parents[4]


def differences(connection: Any) -> Any:
    return compare_metadata(MigrationContext.configure(connection, opts={"target_metadata": metadata}), metadata)


def test_newest_is_the_last_script() -> None:
    assert ScriptDirectory.from_config(alembic_config(None)).get_current_head() == NEWEST


def test_sqlite(tmp_path: Path) -> None:
    config = Config(data_folder=str(tmp_path))
    assert migrate(config) == ("", NEWEST)
    assert migrate(config) == (NEWEST, NEWEST)
    engine = create_engine(sqlite_url(config))
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()
    assert config.sqlite_path.stat().st_mode & 0o077 == 0


@pytest.mark.postgres
def test_postgres(postgres: PostgresServer) -> None:
    config = Config(database_url=postgres.new_database())
    assert migrate(config) == ("", NEWEST)

    async def compared() -> Any:
        engine = async_engine(config)
        async with engine.connect() as connection:
            found = await connection.run_sync(differences)
        await engine.dispose()
        return found

    assert asyncio.run(compared()) == []


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    environment = os.environ | {"SYNC_DATA_FOLDER": str(tmp_path)}
    command = [sys.executable, "-m", "syncserver", "migrate"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = sorted(process.communicate(timeout=60)[0].strip() for process in started)
    assert [process.returncode for process in started] == [0, 0, 0]
    assert said == [f"already at {NEWEST}"] * 2 + [f"empty -> {NEWEST}"]


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    config = Config(data_folder=str(tmp_path))
    migrate(config)
    with closing(sqlite3.connect(config.sqlite_path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigurationError, match="9999"):
        migrate(config)


def test_a_backup_comes_first(tmp_path: Path) -> None:
    config = Config(data_folder=str(tmp_path))
    migrate(config)
    with closing(sqlite3.connect(config.sqlite_path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    asked: list[str] = []

    def refuse(revision: str) -> None:
        asked.append(revision)
        raise ConfigurationError("no backup")

    with pytest.raises(ConfigurationError, match="no backup"):
        migrate(config, refuse)
    assert asked == ["0000"]
    _back_up(config, "0000")
    copy = config.sqlite_path.with_suffix(".0000.sqlite3")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)
    with pytest.raises(ConfigurationError, match="SYNC_MIGRATE_WITHOUT_BACKUP"):
        _back_up(Config(database_url="postgresql://x"), "0000")
