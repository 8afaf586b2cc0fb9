"""A profile is opened by one program at a time, let go of whole, and can be emptied or repaired."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.app import App
from desktop.domain.errors import DamagedData, ProfileInUse
from desktop.domain.records import Act, Change


def test_a_profile_is_held_by_one(tmp_path: Path) -> None:
    with App.open(tmp_path):
        with pytest.raises(ProfileInUse, match="already open") as trouble:
            App.open(tmp_path)
        assert "--profile" in trouble.value.hint
        App.open(tmp_path / "other").close()
    App.open(tmp_path).close()


def test_a_profile_that_cannot_be_opened_is_let_go(tmp_path: Path) -> None:
    (tmp_path / "timetable.sqlite3").write_bytes(b"no database" * 99)
    for _ in range(2):
        with pytest.raises(DamagedData):
            App.open(tmp_path)
    repaired = App.repair(tmp_path)
    assert repaired.damaged.exists()
    App.open(tmp_path).close()


def test_settings_are_saved_at_once(tmp_path: Path) -> None:
    with App.open(tmp_path) as app:
        app.change_settings(replace(app.settings, theme="dark"))
    with App.open(tmp_path) as app:
        assert app.settings.theme == "dark"


def test_everything_can_be_deleted(tmp_path: Path) -> None:
    with App.open(tmp_path) as app:
        app.store.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "secret words"}),)))
        app.store.outbox.recovery_point("before")
        app.change_settings(replace(app.settings, theme="dark"))
        app.store.documents.put("0" * 64, b"")
        app.delete_everything()
        assert app.store.records().by_name == {}
        assert app.settings.theme == "system"
        app.store.apply(Act("Goes on", (Change("module", "2026/COS 212", {"name": "new"}),)))
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"secret words" not in path.read_bytes()
    assert not list(tmp_path.rglob("*before*"))


def test_a_closed_profile_leaves_one_database_file(tmp_path: Path) -> None:
    with App.open(tmp_path) as app:
        app.store.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "a"}),)))
    assert {path.name for path in tmp_path.iterdir()} == {"timetable.sqlite3", "lock"}
