"""A calendar file kept up to date: written only after changes, each write with an undo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.domain.commands.choices import choose_group
from desktop.domain.errors import FileError, InvalidInput
from desktop.domain.timetable.choices import parse_choice_key
from desktop.store import Store
from desktop.workflows import export, imports, kept_file, profile, timetable
from tests.unit.desktop.workflows.sample import TODAY, assessments_of, lectures

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def full(store: Store) -> Store:
    for draft in (lectures(), assessments_of()):
        imports.accept(store, imports.propose(store, draft, "x.pdf", TODAY))
    return store


def keep(store: Store, path: Path, **options: bool) -> bytes:
    view = timetable.compute_view(store, 2026, TODAY)
    wanted = export.ExportOptions(**options)  # type: ignore[arg-type]
    kept_file.keep_file(store, export.preview_ics(store, view, wanted, NOW), path, wanted)
    return path.read_bytes()


def perform_choice(store: Store, group: str) -> None:
    view = timetable.compute_view(store, 2026, TODAY)
    timetable.apply_act(store, choose_group(view.timetable, parse_choice_key("2026/COS 212/S1/P"), group))


def test_it_is_written_again_after_a_change_and_not_without_one(full: Store, tmp_path: Path) -> None:
    file = tmp_path / "UP 2026.ics"
    first = keep(full, file)
    assert kept_file.kept_file(full, 2026) == file
    assert kept_file.update_kept_files(full, TODAY, LATER) == ()
    assert kept_file.file_writes(full) == ()  # the first write is the student's own
    perform_choice(full, "P01")
    (write,) = kept_file.update_kept_files(full, TODAY, LATER)
    assert (write.changed, write.cancelled, write.added) == (1, 1, 0)  # no longer tentative; the other group
    body = file.read_bytes()
    assert body != first
    assert b"STATUS:CANCELLED" in body
    assert kept_file.update_kept_files(full, TODAY, LATER + timedelta(days=1)) == ()
    assert file.read_bytes() == body


def test_a_write_is_undone_byte_for_byte_and_the_file_then_left_alone(full: Store, tmp_path: Path) -> None:
    file = tmp_path / "UP 2026.ics"
    bodies = [keep(full, file)]
    for group in ("P01", "P02"):
        perform_choice(full, group)
        kept_file.update_kept_files(full, TODAY, LATER)
        bodies.append(file.read_bytes())
    assert len(set(bodies)) == 3
    latest, earlier = kept_file.file_writes(full)
    assert (latest.can_undo, earlier.can_undo) == (True, False)
    with pytest.raises(InvalidInput):
        kept_file.undo_write(full, earlier.number)
    kept_file.undo_write(full, latest.number)
    assert file.read_bytes() == bodies[1]
    assert kept_file.kept_file(full, 2026) is None
    perform_choice(full, "P01")
    assert kept_file.update_kept_files(full, TODAY, LATER) == ()
    latest, earlier = kept_file.file_writes(full)
    assert (latest.is_undone, earlier.can_undo) == (True, True)
    kept_file.undo_write(full, earlier.number)
    assert file.read_bytes() == bodies[0]


def test_it_is_written_as_it_was_previewed_whatever_is_chosen_for_other_files(full: Store, tmp_path: Path) -> None:
    file = tmp_path / "UP 2026.ics"
    assert b"LOCATION" not in keep(full, file, venues=False)
    export.store_options(full, export.ExportOptions())
    perform_choice(full, "P01")
    assert kept_file.update_kept_files(full, TODAY, LATER)
    assert b"LOCATION" not in file.read_bytes()


def test_a_file_that_another_program_changed_is_not_lost(full: Store, tmp_path: Path) -> None:
    file = tmp_path / "UP 2026.ics"
    theirs = keep(full, file).replace(b"SUMMARY:COS", b"SUMMARY:Mine")
    file.write_bytes(theirs)
    perform_choice(full, "P01")
    (write,) = kept_file.update_kept_files(full, TODAY, LATER)
    kept_file.undo_write(full, write.number)
    assert file.read_bytes() == theirs


def test_nothing_but_a_calendar_is_written_over(full: Store, tmp_path: Path) -> None:
    file = tmp_path / "UP 2026.ics"
    keep(full, file)
    file.write_bytes(b"My essay")
    perform_choice(full, "P01")
    with pytest.raises(InvalidInput, match="no calendar file any more"):
        kept_file.update_kept_files(full, TODAY, LATER)
    assert file.read_bytes() == b"My essay"


def test_a_folder_that_is_away_is_said_and_caught_up_with(full: Store, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    file = stick / "UP 2026.ics"
    first = keep(full, file)
    stick.rename(tmp_path / "elsewhere")
    perform_choice(full, "P01")
    with pytest.raises(FileError, match="does not exist"):
        kept_file.update_kept_files(full, TODAY, LATER)
    (tmp_path / "elsewhere").rename(stick)
    assert kept_file.update_kept_files(full, TODAY, LATER)
    assert file.read_bytes() != first


def test_a_file_that_was_removed_is_written_and_its_undo_removes_it(full: Store, tmp_path: Path) -> None:
    file = tmp_path / "UP 2026.ics"
    keep(full, file)
    file.unlink()
    perform_choice(full, "P01")
    (write,) = kept_file.update_kept_files(full, TODAY, LATER)
    kept_file.undo_write(full, write.number)
    assert not file.exists()


def test_a_backup_brings_no_file_to_write_to(full: Store, tmp_path: Path) -> None:
    theirs, mine = tmp_path / "theirs.ics", tmp_path / "mine.ics"
    keep(full, theirs)
    backup = tmp_path / "all.upschedule"
    profile.write_backup(full, backup, NOW)
    kept_file.stop_keeping(full, 2026)
    profile.restore_backup(full, profile.read_backup(backup))
    assert kept_file.kept_file(full, 2026) is None
    keep(full, mine)
    profile.restore_backup(full, profile.read_backup(backup))
    assert kept_file.kept_file(full, 2026) == mine  # which file is kept is this machine's matter
