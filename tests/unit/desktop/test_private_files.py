"""A profile on a shared machine: nobody else can read any of it, whatever the umask, not even of old profiles."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desktop.app import App
from desktop.config import Settings, save_settings
from desktop.domain.records.records import Act, Change
from desktop.sync.secrets import FileVault
from desktop.ui.session import view_cache
from desktop.workflows import profile, timetable
from desktop.workflows.files import write_atomically

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the folders of its users apart")
PDF = b"%PDF-1.4 a document"


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def readable_by_others(folder: Path) -> dict[str, str]:
    """The files that others than the owner can access, with their rights; includes the folder itself."""
    every = [folder, *folder.rglob("*")]
    assert len(every) > 5
    return {
        path.relative_to(folder.parent).as_posix(): oct(mode(path))
        for path in every
        if mode(path) != (0o700 if path.is_dir() else 0o600)
    }


def fill(folder: Path) -> None:
    """Everything that the program keeps in a profile."""
    with App.open(folder) as app:
        app.store.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "words"}),)))
        app.store.sync_repository.recovery_point("before")
        assert app.store.documents.put(hashlib.sha256(PDF).hexdigest(), PDF) is not None
        app.change_settings(replace(app.settings, theme="dark"))
        view_cache.save_view(folder, timetable.compute_view(app.store, 2026, date(2026, 3, 1)))
        FileVault(folder / "secrets", folder.parent / "keys" / "vault.key").save("token", "secret")
        beside = {path.name for path in folder.iterdir()}
        assert {"timetable.sqlite3", "timetable.sqlite3-wal", "documents", "backups", "last-view", "secrets"} <= beside
        assert readable_by_others(folder) == {}


def test_all_of_a_new_profile_is_its_owners_alone(tmp_path: Path, umask: int) -> None:
    fill(tmp_path / "profile")
    assert readable_by_others(tmp_path / "profile") == {}


def test_an_old_profile_is_tightened_when_it_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    fill(folder)
    (folder / "timetable.damaged-20260101-000000.sqlite3").write_bytes(b"set aside")
    (folder / "settings.json.new").write_bytes(b"cut off")
    (folder / "documents" / "half.new").write_bytes(b"cut off")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    App.open(folder).close()
    assert readable_by_others(folder) == {}


def test_a_repaired_profile_is_its_owners_alone(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "profile"
    fill(folder)
    (folder / "timetable.sqlite3").write_bytes(b"no database" * 99)
    App.repair(folder)
    assert readable_by_others(folder) == {}


def test_a_folder_with_other_things_in_it_is_not_ours_to_close(tmp_path: Path) -> None:
    """Somebody who names their home as the profile keeps programs that run and pages that are served."""
    program, link, target = tmp_path / "backups" / "run", tmp_path / "documents", tmp_path.parent / "elsewhere"
    (tmp_path / "thesis.txt").write_text("of somebody")
    program.parent.mkdir()
    target.mkdir()
    (target / "page").write_text("served")
    program.write_text("#!/bin/sh")
    for path, rights in ((tmp_path, 0o755), (program, 0o755), (target, 0o755), (target / "page", 0o644)):
        path.chmod(rights)
    link.symlink_to(target)
    App.open(tmp_path).close()
    assert [mode(each) for each in (tmp_path, program, target, target / "page")] == [0o755, 0o755, 0o755, 0o644]
    assert mode(tmp_path / "timetable.sqlite3") == 0o600


def test_a_backup_is_its_owners_alone_and_an_export_is_as_others_are(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with App.open(tmp_path / "profile") as app:
            (tmp_path / "all.upschedule").write_bytes(b"an older one")
            (tmp_path / "all.upschedule").chmod(0o644)
            profile.write_backup(app.store, tmp_path / "all.upschedule", datetime.now(UTC))
        write_atomically(tmp_path / "timetable.ics", b"x")
        write_atomically(tmp_path / "recovery key.txt", b"x", private=True)
    finally:
        os.umask(before)
    assert mode(tmp_path / "all.upschedule") == 0o600
    assert mode(tmp_path / "timetable.ics") == 0o644
    assert mode(tmp_path / "recovery key.txt") == 0o600


def test_settings_saved_before_a_profile_is_opened_are_private(tmp_path: Path, umask: int) -> None:
    save_settings(Settings(theme="dark"), tmp_path / "profile" / "settings.json")
    assert mode(tmp_path / "profile") == 0o700
    assert mode(tmp_path / "profile" / "settings.json") == 0o600
