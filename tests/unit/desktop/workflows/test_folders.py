"""Finding files in folders, reading several at once, and noticing new ones."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.domain.drafts.draft import Draft
from desktop.domain.errors import AppError, DocumentRefused, FileError
from desktop.store import Store
from desktop.workflows import watching
from desktop.workflows.documents import find_documents, read_documents
from tests.unit.desktop.workflows.sample import lectures

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def touch(path: Path, age: float = 60, body: bytes = b"%PDF") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (NOW.timestamp() - age,) * 2)
    return path


def test_folders_are_looked_through_in_order_and_each_file_once(tmp_path: Path) -> None:
    first, second = touch(tmp_path / "b" / "2.PDF"), touch(tmp_path / "a" / "1.pdf")
    touch(tmp_path / "a" / "notes.txt")
    touch(tmp_path / ".hidden" / "3.pdf")
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    named = tmp_path / "absent"
    assert find_documents([first, tmp_path, named]) == (first, second, named)


def test_there_is_a_limit(tmp_path: Path) -> None:
    for number in range(501):
        touch(tmp_path / f"{number}.pdf")
    with pytest.raises(FileError, match="501 files"):
        find_documents([tmp_path])


class SlowFirst:
    """A reader whose first file takes until the second is done."""

    def __init__(self) -> None:
        self.second_done = threading.Event()

    def read(self, path: Path, *_more: object) -> Draft:
        if path.name == "1":
            self.second_done.wait(10)
        if path.name == "2":
            self.second_done.set()
            raise DocumentRefused("no")
        return lectures()

    def render(self, *_arguments: object) -> object:
        raise NotImplementedError


def test_answers_come_in_order_and_trouble_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    answers = list(read_documents(SlowFirst(), [Path("1"), Path("2"), Path("3")]))  # type: ignore[arg-type]
    assert [path.name for path, _ in answers] == ["1", "2", "3"]
    assert [isinstance(answer, AppError) for _, answer in answers] == [False, True, False]


def test_only_what_is_new_is_offered_and_once(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "Downloads"
    touch(folder / "old.pdf")
    watching.start_watching(store, folder, NOW)
    assert watching.new_files(store, folder, NOW) == ()
    new, other = touch(folder / "new.pdf", 30), touch(folder / "newer.pdf", 10)
    touch(folder / "page.html")
    assert watching.new_files(store, folder, NOW) == (new, other)
    assert watching.new_files(store, folder, NOW) == ()


def test_a_download_under_way_waits(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "Downloads"
    folder.mkdir()
    watching.start_watching(store, folder, NOW)
    file = touch(folder / "new.pdf", 0.5)
    touch(folder / "empty.pdf", 60, b"")
    assert watching.new_files(store, folder, NOW) == ()
    touch(file, 5)
    assert watching.new_files(store, folder, NOW) == (file,)


def test_a_file_written_again_is_new(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "Downloads"
    file = touch(folder / "x.pdf", 60)
    watching.start_watching(store, folder, NOW)
    touch(file, 30, b"%PDF other")
    assert watching.new_files(store, folder, NOW) == (file,)


def test_a_folder_that_is_gone_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileError):
        watching.new_files(store, tmp_path / "gone", NOW)
