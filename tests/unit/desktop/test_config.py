"""Paths and this machine's settings: written atomically, and never preventing a start."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.config import (
    PROFILE_VARIABLE,
    Settings,
    assets_folder,
    load_settings,
    profile_paths,
    restored_settings,
    save_settings,
)
from desktop.domain.errors import FileError, InvalidInput


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    settings = Settings(theme="dark", language="af", text_scale=150, year=2026, watched_folder="/somewhere")
    save_settings(settings, tmp_path / "new" / "settings.json")
    assert load_settings(tmp_path / "new" / "settings.json") == settings


@pytest.mark.parametrize(
    "changes",
    [
        {"theme": "pink"},
        {"language": "de"},
        {"text_scale": 201},
        {"text_scale": True},
        {"year": 99},
        {"export_folder": 5},
        {"rail_collapsed": "yes"},
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        replace(Settings(), **changes)  # type: ignore[arg-type]


def test_a_bad_value_falls_back_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"theme": "pink", "text_scale": 150, "year": [1]}))
    assert load_settings(file) == Settings(text_scale=150)


def test_what_another_version_set_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"theme": "dark", "hologram": {"on": True}}))
    save_settings(replace(load_settings(file), theme="light"), file)
    assert json.loads(file.read_text())["hologram"] == {"on": True}


@given(body=st.binary(max_size=60) | st.recursive(st.integers() | st.text(), st.lists).map(json.dumps).map(str.encode))
def test_no_file_keeps_the_program_from_starting(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_bytes(body)
    assert isinstance(load_settings(file), Settings)


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError):
        save_settings(Settings(), tmp_path / "file" / "settings.json")


def test_the_profile_is_the_one_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROFILE_VARIABLE, str(tmp_path / "variable"))
    assert profile_paths().profile == tmp_path / "variable"
    assert profile_paths(tmp_path / "argument").profile == tmp_path / "argument"
    monkeypatch.delenv(PROFILE_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert profile_paths().profile.is_absolute()


def test_assets_are_found() -> None:
    assert (assets_folder() / "academic").is_dir()


def test_a_backup_brings_back_what_was_set_but_not_where_the_window_stood(tmp_path: Path) -> None:
    kept = Settings(theme="dark", text_scale=150, watched_folder=str(tmp_path / "elsewhere"), year=2025)
    file = tmp_path / "settings.json"
    save_settings(kept, file)
    now = Settings(watched_folder=str(tmp_path), window="here", year=2026)
    assert restored_settings(now, file.read_bytes()) == replace(now, theme="dark", text_scale=150)
    assert restored_settings(now, b"") == now


def test_a_folder_of_a_backup_is_taken_where_it_is_on_this_machine(tmp_path: Path) -> None:
    file, here, now = tmp_path / "settings.json", tmp_path / "Downloads", tmp_path / "now"
    here.mkdir()
    current = Settings(watched_folder=str(now), export_folder=str(now))
    save_settings(Settings(watched_folder=str(here), export_folder=str(tmp_path / "elsewhere")), file)
    found = restored_settings(current, file.read_bytes())
    assert found.watched_folder == str(here)
    assert found.export_folder == str(now), "there is no such folder here"
