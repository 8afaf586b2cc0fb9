"""Exported calendar files: what is previewed is written, atomically, and the next export continues from it."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.domain.commands.choices import choose_group
from desktop.domain.errors import FileError
from desktop.domain.timetable.choices import parse_choice_key
from desktop.store import Store
from desktop.workflows import export, imports, timetable
from desktop.workflows.files import read_bounded, write_atomically
from tests.unit.desktop.workflows.sample import TODAY, assessments_of, lectures

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def full(store: Store) -> Store:
    for draft in (lectures(), assessments_of()):
        imports.accept(store, imports.propose(store, draft, "x.pdf", TODAY))
    return store


def shown(store: Store) -> export.IcsPreview:
    view = timetable.compute_view(store, 2026, TODAY)
    return export.preview_ics(store, view, export.options_of(view.records), NOW)


def test_it_is_written_in_the_language_asked_for(full: Store) -> None:
    view = timetable.compute_view(full, 2026, TODAY)
    bodies = {
        language: export.preview_ics(full, view, export.options_of(view.records, language), NOW).body.decode()
        for language in ("en", "af", "")
    }
    assert "Source: the Lectures document" in bodies["en"]
    assert "Bron: die dokument “Lectures”" in bodies["af"].replace("\r\n ", "")
    assert bodies[""] == bodies["en"], "English where none was ever asked for"
    export.store_options(full, export.options_of(view.records, "af"))
    kept = timetable.compute_view(full, 2026, TODAY)
    assert export.options_of(kept.records).language == "af"


def test_what_is_shown_is_written(full: Store, tmp_path: Path) -> None:
    preview = shown(full)
    assert preview.preview.dates["test"] == 1  # type: ignore[index]
    file = tmp_path / "out.ics"
    export.save_ics(full, preview, file)
    assert file.read_bytes() == preview.body
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.ics"]


def test_what_was_written_and_is_gone_is_cancelled_in_every_later_file(full: Store, tmp_path: Path) -> None:
    export.save_ics(full, shown(full), tmp_path / "1.ics")
    view = timetable.compute_view(full, 2026, TODAY)
    timetable.apply_act(full, choose_group(view.timetable, parse_choice_key("2026/COS 212/S1/P"), "P01"))
    second = shown(full)
    assert second.preview.cancelled == 1
    assert b"STATUS:CANCELLED" in second.body
    assert shown(full).body == second.body  # looking is not writing
    export.save_ics(full, second, tmp_path / "2.ics")
    third = shown(full)
    assert third.body == second.body
    past = export.preview_ics(full, view, export.options_of(view.records), NOW.replace(year=2027))
    assert past.preview.cancelled == 0


def test_a_file_that_cannot_be_written_changes_nothing(full: Store, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        export.save_ics(full, shown(full), tmp_path / "nowhere" / "out.ics")
    assert full.external_state.targets() == ()


def test_options_are_kept_for_every_machine(store: Store) -> None:
    options = export.ExportOptions(undecided=False, singles=True, name="Mine")
    export.store_options(store, options)
    assert export.options_of(store.records()) == options


def test_what_was_there_stays_until_the_new_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out.ics"
    file.write_bytes(b"old")

    def full_disk(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(FileError, match="disk is full") as trouble:
        write_atomically(file, b"new")
    assert trouble.value.hint
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.ics"]


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        write_atomically(tmp_path, b"x")
    with pytest.raises(FileError):
        write_atomically(tmp_path / ("n" * 300), b"x")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="rights do not bind this user")
def test_missing_rights_are_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="no right"):
        write_atomically(tmp_path / "out.ics", b"x")


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(11))
    assert read_bounded(tmp_path / "x", 11) == bytes(11)
    with pytest.raises(FileError, match="larger"):
        read_bounded(tmp_path / "x", 10)
    with pytest.raises(FileError, match="not there"):
        read_bounded(tmp_path / "y", 10)
