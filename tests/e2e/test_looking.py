"""Commands `today`, `next` and `week`, while a program has the profile open."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from desktop.app import App
from desktop.domain.errors import InvalidInput
from desktop.pdf.child import read_documents
from desktop.workflows import imports
from tests.e2e.test_command_line import PROGRAM, run
from tests.gui.semester import write_pdfs

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not installed beside this Python")
MONDAY = "2026-03-23T08:00+02:00"


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("looking")
    with App.open(folder / "profile") as app:
        for path in write_pdfs(folder):
            (draft,) = read_documents(path.read_bytes())
            imports.accept(app.store, imports.propose(app.store, draft, path.name, date(2026, 3, 16)))
    return folder / "profile"


def test_what_is_on_a_day_a_week_and_next(profile: Path, tmp_path: Path) -> None:
    day = run("--profile", profile, "today", "--now", MONDAY, cwd=tmp_path)
    assert day.returncode == 0, day.stderr
    lines = day.stdout.splitlines()
    assert lines[0] == "Monday 23 March 2026"
    assert lines[1].split("  ")[1:3] == ["08:30 - 09:20", "ABC 101 · L1"]
    plain = json.loads(run("--profile", profile, "today", "--now", MONDAY, "--json", cwd=tmp_path).stdout)
    assert plain[0]["start"] == "2026-03-23T08:30:00+02:00"
    assert len(plain) == len(lines) - 1
    week = run("--profile", profile, "week", "--date", "2026-03-25", cwd=tmp_path).stdout
    assert "\n".join(lines) in week
    assert [line for line in week.splitlines() if not line.startswith(" ")][4] == "Friday 27 March 2026"
    coming = run("--profile", profile, "next", "--now", MONDAY, cwd=tmp_path).stdout
    assert coming.startswith("ABC 101 · L1 · in 30 min, 08:30 - 09:20")
    plain = json.loads(run("--profile", profile, "next", "--json", "--now", MONDAY, cwd=tmp_path).stdout)
    assert plain["title"] == "ABC 101 · L1"
    late = run("--profile", profile, "next", "--json", "--now", "2026-12-30T08:00Z", cwd=tmp_path)
    assert json.loads(late.stdout) is None


def test_a_day_without_classes_says_why(profile: Path, tmp_path: Path) -> None:
    day = run("--profile", profile, "today", "--date", "2026-04-03", cwd=tmp_path).stdout
    assert day.splitlines()[1:] == ["  (Good Friday)", "  Nothing."]


def test_beside_the_open_program_and_without_a_change(profile: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in profile.iterdir() if path.name == "timetable.sqlite3"}
    with App.open(profile):
        beside = run("--profile", profile, "next", "--now", MONDAY, cwd=tmp_path)
    assert beside.returncode == 0, beside.stderr
    assert "ABC 101" in beside.stdout
    assert {name: (profile / name).read_bytes() for name in before} == before


def test_a_backup_and_the_state_of_sync_beside_the_open_program(profile: Path, tmp_path: Path) -> None:
    with App.open(profile):
        backup = run("--profile", profile, "profile", "backup", tmp_path / "all.zip", cwd=tmp_path)
        status = run("--profile", profile, "sync", "status", cwd=tmp_path)
        changing = run("--profile", profile, "sync", "now", cwd=tmp_path)
    assert (backup.returncode, status.returncode) == (0, 0), backup.stderr + status.stderr
    assert status.stdout.startswith("Not signed in.")
    assert changing.returncode == 1
    restored = run("--profile", tmp_path / "other", "profile", "restore", tmp_path / "all.zip", cwd=tmp_path)
    assert restored.returncode == 0, restored.stderr
    assert "ABC 101" in run("--profile", tmp_path / "other", "next", "--now", MONDAY, cwd=tmp_path).stdout


def test_where_nothing_is_stored_nothing_is_made(tmp_path: Path) -> None:
    done = run("--profile", tmp_path / "none", "today", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no timetable in this profile." in done.stderr
    assert not (tmp_path / "none").exists()


def test_what_is_opened_to_read_cannot_be_changed(profile: Path) -> None:
    from desktop.domain.errors import StorageError
    from desktop.domain.records.records import Act, Change

    with App.open_read_only(profile) as app, pytest.raises(StorageError):
        app.store.apply(Act("title", (Change("module", "2026/ABC 101", {"hidden": True}),)))
    with pytest.raises(InvalidInput), App.open_read_only(profile / "nothing"):
        pass
