"""The cost of sync through a folder with 5,000 records, compared with storing them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.records.records import Act, Change
from desktop.store import Store
from desktop.sync.folder import account
from desktop.sync.folder.directory import Directory
from desktop.sync.folder.engine import FolderEngine
from desktop.sync.folder.file_format import MAX_GROWING_BYTES
from tests.sync.memory import MemoryVault

PASSWORD = "three words together"
RECORDS = 5_000


class Counting(Directory):
    """A directory that counts what is read and written."""

    reads = 0
    written = 0

    def read(self, name: str) -> bytes | None:
        self.reads += 1
        return super().read(name)

    def write(self, name: str, content: bytes) -> object:  # type: ignore[override]
        self.written += len(content)
        return super().write(name, content)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Store, Counting, FolderEngine, float]]:
    """A store whose records are in a folder, and how long it took to store them (seconds)."""
    (tmp_path / "cloud").mkdir()
    (tmp_path / "a").mkdir()
    store = Store.open(tmp_path / "a" / "timetable.sqlite3")
    changes = tuple(
        Change(
            "event", f"2026/{number:05d}", {"title": f"Event {number}", "weekday": number % 5, "venue": f"IT {number}"}
        )
        for number in range(RECORDS)
    )
    begun = time.perf_counter()
    store.apply(Act("Add events", changes))
    stored = time.perf_counter() - begun
    files = Counting(tmp_path / "cloud")
    made, _ = account.create_account(store.sync_repository, MemoryVault(), files, PASSWORD, "A")
    engine = FolderEngine(store.sync_repository, files, made)
    engine.run()
    yield store, files, engine, stored
    store.close()


def test_a_first_join_costs_a_few_times_what_storing_costs(
    full: tuple[Store, Counting, FolderEngine, float], tmp_path: Path
) -> None:
    stored = full[3]
    (tmp_path / "b").mkdir()
    store, files = Store.open(tmp_path / "b" / "timetable.sqlite3"), Directory(tmp_path / "cloud")
    joined = account.join_by_password(store.sync_repository, MemoryVault(), files, PASSWORD, "B")
    begun = time.perf_counter()
    outcome = FolderEngine(store.sync_repository, files, joined).run()
    took = time.perf_counter() - begun
    store.close()
    print(f"stored in {stored:.2f} s, joined in {took:.2f} s")
    assert outcome.pulled == RECORDS
    assert took < 8 * stored


def test_an_edit_writes_at_most_16_kib(full: tuple[Store, Counting, FolderEngine, float]) -> None:
    store, files, engine, _ = full
    sizes = []
    for number in range(150):
        store.apply(Act("Rename", (Change("event", f"2026/{number * 7:05d}", {"title": f"Renamed {number}" * 9}),)))
        before = files.written
        engine.run()
        sizes.append(files.written - before)
    print(f"{sum(sizes) / len(sizes):.0f} bytes an edit, {max(sizes)} at most")
    assert max(sizes) <= MAX_GROWING_BYTES


def test_where_nothing_is_new_nothing_is_read(full: tuple[Store, Counting, FolderEngine, float]) -> None:
    _, files, engine, _ = full
    engine.run()
    files.reads = files.written = 0
    engine.run()
    assert (files.reads, files.written) == (0, 0)
