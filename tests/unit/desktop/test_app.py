"""A profile is opened by one program at a time, released completely, and can be emptied or repaired."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from desktop import cli
from desktop.app import App
from desktop.config import Paths, load_settings
from desktop.domain.errors import DamagedData, MissingData, ProfileInUse
from desktop.domain.records.records import Act, Change
from desktop.workflows import push
from desktop.workflows.profile import delete_unused_files
from tests.unit.desktop.keyring_double import KeyringInMemory


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
    assert repaired.damaged is not None
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
        app.store.sync_repository.recovery_point("before")
        app.change_settings(replace(app.settings, theme="dark"))
        app.store.documents.put("0" * 64, b"")
        assert app.delete_everything() is None
        assert app.store.records().by_name == {}
        assert app.settings.theme == "system"
        app.store.apply(Act("Goes on", (Change("module", "2026/COS 212", {"name": "new"}),)))
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"secret words" not in path.read_bytes()
    assert not list(tmp_path.rglob("*before*"))


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> KeyringInMemory:
    backend = KeyringInMemory()
    monkeypatch.setattr("keyring.get_keyring", lambda: backend)
    return backend


def test_what_opens_calendars_goes_with_everything(tmp_path: Path, keyring: KeyringInMemory) -> None:
    with App.open(tmp_path) as app:
        app.store.apply(Act("Noted", (Change("event", "2026/own", {"title": "Choir"}),)))
        kept, google = push.kept_access(app.store, app.vault()), f"google {app.store.namespace}"
        kept.save("Fastmail", push.CalDavCredentials("", "ann@fastmail.com", "a password of hers"))
        kept.save_client_secret("a client secret")
        app.vault().save(google, "tokens")
        app.vault().save(f"{google}/calendar/{app.store.namespace}/2026", "the calendar that was made")
        app.vault().save("google another profile", "stays")
        assert app.delete_everything() is None
    assert list(keyring.kept.values()) == ["stays"]


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_keyring_that_is_locked_is_left_and_said(
    tmp_path: Path, keyring: KeyringInMemory, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    with App.open(tmp_path) as app:
        app.store.apply(Act("Noted", (Change("event", "2026/own", {"title": "Choir"}),)))
        push.kept_access(app.store, app.vault()).save(
            "Fastmail", push.CalDavCredentials("", "ann@fastmail.com", "a password")
        )
        if when == "before":
            keyring.locked = True
        else:
            monkeypatch.setattr(keyring, "delete_password", _locked)
        left = app.delete_everything()
        assert left is not None
        assert "except the keys and passwords the system’s keyring may hold" in left.title
        assert "remove the entries called “UP Schedule Generator”" in left.hint
        assert app.store.records().by_name == {}, "the rest is gone"
    assert len(keyring.kept) == 1


def test_a_file_that_cannot_be_removed_is_said_beside_it(
    tmp_path: Path, keyring: KeyringInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Paths, "remove_all", lambda _self: [tmp_path / "in use"])
    with App.open(tmp_path) as app:
        left = app.delete_everything()
        assert left is not None
        assert left.title == f"Not everything could be removed: {tmp_path / 'in use'} is left."
        assert left.hint == "Remove it by hand."
        keyring.locked = True
        left = app.delete_everything()
        assert left is not None
        assert "in use" in left.title
        assert "unlock the system’s keyring" in left.hint


def test_a_client_secret_in_the_settings_moves_into_the_keyring(tmp_path: Path, keyring: KeyringInMemory) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"google_client_id": "an id", "google_client_secret": "a secret", "newer": 1}))
    window = load_settings(settings)  # read before the profile is open
    with App.open(tmp_path) as app:
        assert push.kept_access(app.store, app.vault()).client_secret == "a secret"
        app.change_settings(replace(window, theme="dark"))
    kept = json.loads(settings.read_text())
    assert "google_client_secret" not in kept
    assert (kept["google_client_id"], kept["theme"], kept["newer"]) == ("an id", "dark", 1)
    assert list(keyring.kept.values()) == ["a secret"]


def test_a_client_secret_stays_where_it_is_until_it_can_be_moved(
    tmp_path: Path, keyring: KeyringInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"google_client_secret": "a secret"}))
    with monkeypatch.context() as patch:
        patch.setattr(keyring, "set_password", _locked)
        with App.open(tmp_path) as app:
            app.change_settings(replace(app.settings, theme="dark"))
    assert json.loads(settings.read_text())["google_client_secret"] == "a secret"
    App.open(tmp_path).close()
    assert "google_client_secret" not in json.loads(settings.read_text())
    assert list(keyring.kept.values()) == ["a secret"]


def _locked(*_: str) -> None:
    raise KeyringLocked


def test_a_closed_profile_leaves_one_database_file(tmp_path: Path) -> None:
    with App.open(tmp_path) as app:
        app.store.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "a"}),)))
    assert {path.name for path in tmp_path.iterdir()} == {"timetable.sqlite3", "lock"}


PDF = b"%PDF-1.4 of somebody"
SHA = hashlib.sha256(PDF).hexdigest()


def used(folder: Path, *, backup: bool) -> None:
    """A profile that somebody has used: a record, a kept document, and a copy of the database."""
    with App.open(folder) as app:
        app.store.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "words"}),)))
        assert app.store.documents.put(SHA, PDF)
        if backup:
            app.store.sync_repository.recovery_point("before")


def lose(database: Path, how: str) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
    if how == "empty":
        database.touch()


@pytest.mark.parametrize("how", ["gone", "empty"])
@pytest.mark.parametrize("backup", [True, False])
def test_a_database_that_was_lost_is_no_new_profile(tmp_path: Path, how: str, backup: bool) -> None:
    used(tmp_path, backup=backup)
    lose(tmp_path / "timetable.sqlite3", how)
    for _ in range(2):
        with pytest.raises(MissingData, match=how) as trouble:
            App.open(tmp_path)
    assert ("newest backup" in trouble.value.hint) is backup
    repaired = App.repair(tmp_path)
    assert (repaired.damaged is not None) is (how == "empty")
    assert repaired.from_copies == int(backup)
    with App.open(tmp_path) as app:
        assert ("module", "2026/COS 212") in app.store.records().by_name or not backup
        delete_unused_files(app.store)
    assert [path.read_bytes() for path in tmp_path.rglob(f"{SHA}.pdf")] == [PDF], "it is there to be imported again"


def test_the_command_line_names_the_repair_and_does_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    used(tmp_path, backup=True)
    lose(tmp_path / "timetable.sqlite3", "empty")
    backup = ["--profile", str(tmp_path), "profile", "backup", str(tmp_path / "all.upschedule")]
    repair = ["--profile", str(tmp_path), "profile", "repair"]
    assert command(backup) == 1
    assert "upschedule profile repair" in capsys.readouterr().err
    assert not (tmp_path / "all.upschedule").exists()
    assert command(repair) == 0
    assert "1 from backups" in capsys.readouterr().out
    assert command(backup) == 0
    assert command(repair) == 0
    assert "nothing was changed" in capsys.readouterr().out


def command(arguments: list[str]) -> int:
    asked = cli.parse_arguments(arguments)
    assert asked.command is not None
    return cli.run(asked.command, asked)
