"""Databases of every released version open in this one with all their contents; a copy is saved first."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from desktop.domain.errors import NewerData, StorageError
from desktop.store import Store, migrations, schema
from desktop.store.copies import saved_copies

FIXTURES = sorted(Path(__file__).parent.glob("version-*.sqlite3"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "timetable.sqlite3"


def test_this_version_has_its_fixture() -> None:
    assert f"version-{schema.VERSION}.sqlite3" in [path.name for path in FIXTURES]


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_an_old_database_opens_with_all_that_was_in_it(fixture: Path, path: Path) -> None:
    path.parent.mkdir()
    shutil.copy(fixture, path)
    store = Store.open(path)
    records = store.records()
    (accepted,) = records.of_kind("import", 2026)
    assert len(accepted.get("document")["entries"]) == 40
    assert records.get("module", "2026/COS 10").get("name") == "Networks"
    assert records.get("choice", "2026/COS 10/S1/L").get("group") == "G02"
    assert records.of_kind("event") == []
    assert records.get("settings", "shared").get("exam_minutes") == 120
    assert store.years() == (2026,)
    assert store.external_state.read("ics/2026") == {"uid-1": {"sequence": 3}}
    assert (store.undo(), store.undo()) == ("Chose", "Renamed")
    assert store.records().get("module", "2026/COS 10").get("name") == "Réseaux 🎓"
    with store.sync_repository.transaction() as moment:
        held = moment.held("settings", "shared")
        assert held is not None
        assert (held.etag, held.refused, held.sent is not None, held.base) == ("e1", "too large", True, held.record)
        assert moment.memo("cursor") == "epoch:7"
        assert [each.sealed for each in moment.set_asides()] == [b"\x00\xff"]
    store.close()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_migrated_database_has_the_tables_of_a_new_one(fixture: Path, path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    shutil.copy(fixture, path)
    Store.open(path).close()
    Store.open(tmp_path / "new.sqlite3").close()
    assert tables(path) == tables(tmp_path / "new.sqlite3")


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'index')"
        names = [name for (name,) in connection.execute(query)]
        found = {name: list(connection.execute(f"PRAGMA table_xinfo('{name}')")) for name in sorted(names)}
    return {name: rows for name, rows in found.items() if not name.startswith("sqlite_")}


def add_a_column(connection: sa.Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE facts ADD COLUMN note TEXT NOT NULL DEFAULT ''")


def break_half_way(connection: sa.Connection) -> None:
    add_a_column(connection)
    raise ZeroDivisionError


@pytest.fixture
def behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database one version behind the program."""
    store = Store.open(path)
    store.external_state.write("t", {"a": 1})
    store.close()
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_migration_saves_a_copy_first(behind: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", {schema.VERSION - 1: add_a_column})
    store = Store.open(behind)
    assert store.external_state.read("t") == {"a": 1}
    store.close()
    assert version(behind) == schema.VERSION
    (copy,) = saved_copies(behind.parent / "backups")
    assert copy.why == f"before format {schema.VERSION}"
    assert version(copy.path) == schema.VERSION - 1


def test_the_version_before_opens_the_copy_and_not_what_was_migrated(
    behind: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(migrations, "STEPS", {schema.VERSION - 1: add_a_column})
    Store.open(behind).close()
    (copy,) = saved_copies(behind.parent / "backups")
    monkeypatch.setattr(schema, "VERSION", schema.VERSION - 1)  # the version before, started again
    with pytest.raises(NewerData):
        Store.open(behind)
    older = tmp_path / "older" / behind.name
    older.parent.mkdir()
    shutil.copy(copy.path, older)
    store = Store.open(older)
    assert store.external_state.read("t") == {"a": 1}
    store.external_state.write("t", {"a": 2})
    store.close()


def test_a_migration_that_fails_changes_nothing(behind: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", {schema.VERSION - 1: break_half_way})
    before = tables(behind)
    with pytest.raises(ZeroDivisionError):
        Store.open(behind)
    assert (tables(behind), version(behind)) == (before, schema.VERSION - 1)


def test_a_version_without_a_way_up_is_said(behind: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", {})
    with pytest.raises(StorageError, match="cannot read"):
        Store.open(behind)
    assert version(behind) == schema.VERSION - 1
