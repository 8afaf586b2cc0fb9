"""Unusable databases: reported, set aside, never overwritten; and what can be recovered is."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.domain.errors import DamagedData, NewerData, StorageError
from desktop.domain.records.merge import HeldRecord
from desktop.domain.records.records import Act, Change, Record, Stamp
from desktop.store import Store
from desktop.store.copies import save_copy, saved_copies
from desktop.store.repair import repair


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "timetable.sqlite3"


def filled(path: Path, count: int = 200) -> Store:
    store = Store.open(path)
    changes = tuple(
        Change("module", f"2026/MOD {number:03}", {"name": f"Module {number} " + "x" * 300}) for number in range(count)
    )
    store.apply(Act("Many", changes))
    return store


def test_a_new_profile_is_made(path: Path) -> None:
    assert not path.exists()
    Store.open(path).close()
    assert path.is_file()
    with closing(Store.open(path)) as store:
        assert not list(store.records().of_kind("module"))
        store.apply(Act("Named it", (Change("module", "2026/COS 212", {"name": "Algorithms"}),)))
    with closing(Store.open(path)) as store:
        assert [each.get("name") for each in store.records().of_kind("module")] == ["Algorithms"]


@pytest.mark.parametrize("body", [b"this is no database at all" * 50, b"SQLite format 3\0" + b"\xff" * 4080])
def test_a_file_that_is_no_database_is_not_touched(path: Path, body: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(body)
    with pytest.raises(DamagedData, match="damaged") as trouble:
        Store.open(path)
    assert trouble.value.hint
    assert path.read_bytes() == body


def test_another_programs_database_is_not_touched(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(DamagedData, match="another program"):
        Store.open(path)


def test_newer_data_is_not_touched(path: Path) -> None:
    filled(path, 3).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerData, match="newer version") as trouble:
        Store.open(path)
    assert "Nothing was changed" in trouble.value.hint


def test_a_folder_without_rights_is_said(path: Path) -> None:
    if os.geteuid() == 0:
        path.parent.parent.joinpath("profile").write_text("a file where the folder should be")
    else:
        path.parent.mkdir(mode=0o500)
    with pytest.raises(StorageError) as trouble:
        Store.open(path)
    assert trouble.value.hint


def limited(store: Store, pages: int) -> None:
    """Make the disk full for this database: SQLite answers as it does when the system has no room."""
    with store.database.writing() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_loses_nothing(path: Path) -> None:
    store = filled(path, 5)
    limited(store, 1)
    with pytest.raises(StorageError, match="disk is full") as trouble:
        store.apply(Act("Large", (Change("module", "2026/L", {"name": os.urandom(60_000).hex()}),)))
    assert "Make room" in trouble.value.hint
    assert store.undo_titles().undo == "Many"
    assert len(store.records().by_name) == 5
    limited(store, 1_000_000)
    store.apply(Act("Small", (Change("module", "2026/S", {"name": "s"}),)))
    store.close()


def damage(path: Path) -> None:
    """Overwrite the middle of the file, where the rows are."""
    body = bytearray(path.read_bytes())
    third = len(body) // 3
    body[third : third + 8192] = os.urandom(8192)
    path.write_bytes(body)


def test_damage_is_noticed_when_it_is_met(path: Path) -> None:
    filled(path).close()
    damage(path)
    with pytest.raises(DamagedData), closing(Store.open(path)) as store:
        store.records()


def test_text_that_is_none_is_damage(path: Path) -> None:
    filled(path).close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE records SET key = CAST(x'323032362fff' AS TEXT) WHERE rowid = 7")
    with pytest.raises(DamagedData), closing(Store.open(path)) as store:
        store.records()


def test_a_repair_brings_back_what_can_be_read_and_what_copies_have(path: Path) -> None:
    store = filled(path)
    store.sync_repository.recovery_point("before something")
    store.apply(Act("Later", (Change("module", "2026/MOD 199", {"name": "newer"}),)))
    store.close()
    damage(path)
    repaired = repair(path)
    assert repaired.damaged is not None
    assert repaired.damaged.exists()
    assert repaired.damaged != path
    assert repaired.from_damaged + repaired.from_copies == 200
    assert repaired.from_damaged > 0
    mended = Store.open(path)
    assert len(mended.records().of_kind("module", 2026)) == 200
    assert mended.records().get("module", "2026/MOD 199").get("name") in {"newer", "Module 199 " + "x" * 300}
    mended.apply(Act("Goes on", (Change("module", "2026/NEW", {"name": "n"}),)))
    mended.close()


def test_a_repair_without_copies_keeps_the_damaged_file(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    repaired = repair(path)
    assert repaired.damaged is not None
    assert repaired.damaged.read_bytes() == b"no database" * 100
    assert (repaired.from_damaged, repaired.from_copies) == (0, 0)
    Store.open(path).close()


def test_a_copied_profile_gets_another_name_for_its_stamps(path: Path, tmp_path: Path) -> None:
    store = filled(path, 1)
    device, namespace = store.device, store.namespace
    store.close()
    shutil.copytree(path.parent, tmp_path / "copy")
    copy = Store.open(tmp_path / "copy" / path.name)
    assert copy.device != device
    assert copy.namespace == namespace
    copy.close()
    path.parent.rename(tmp_path / "moved")
    moved = Store.open(tmp_path / "moved" / path.name)
    assert moved.device == device
    moved.close()


def test_copies_are_kept_in_order_and_bounded(path: Path) -> None:
    store = filled(path, 1)
    for number in range(12):
        store.sync_repository.recovery_point(f"reason {number}: a/b")
    store.close()
    copies = saved_copies(path.parent / "backups")
    assert [copy.why for copy in copies] == [f"reason {number} a b" for number in range(11, 1, -1)]


def test_the_newest_copies_are_kept_when_the_clock_goes_back_by_years(path: Path) -> None:
    store = filled(path, 1)
    database = store.sync_repository._database
    for number in range(12):
        copied = save_copy(
            database, f"reason {number}", lambda number=number: datetime(2050 - number, 1, 1, tzinfo=UTC)
        )
        assert copied.exists()
    store.close()
    copies = saved_copies(path.parent / "backups")
    assert [copy.why for copy in copies] == [f"reason {number}" for number in range(11, 1, -1)]


def test_what_waits_for_the_server_keeps_its_order(path: Path) -> None:
    store = Store.open(path)
    for key in ("2026/A", "2026/B", "2026/A"):
        store.apply(Act("Set", (Change("module", key, {"name": key}),)))
    with store.sync_repository.transaction() as transaction:
        first = transaction.held("module", "2026/A")
        assert first is not None
        assert [held.record.key for held in transaction.pending(9)] == ["2026/A", "2026/B"]
        transaction.put(HeldRecord(first.record, pending=True, etag="e", refused="too large"))
        assert [held.record.key for held in transaction.pending(9)] == ["2026/B"]
    store.apply(Act("Again", (Change("module", "2026/A", {"name": "smaller"}),)))
    with store.sync_repository.transaction() as transaction:
        assert [held.record.key for held in transaction.pending(9)] == ["2026/B", "2026/A"]
        held = transaction.held("module", "2026/A")
        assert held is not None
        assert (held.etag, held.refused) == ("e", None)
    store.close()


def test_a_moment_that_fails_leaves_nothing(path: Path) -> None:
    store = Store.open(path)

    def break_off() -> None:
        with store.sync_repository.transaction() as transaction:
            transaction.put(HeldRecord(Record("module", "2026/A").with_values({"name": "a"}, Stamp(1, "x"))))
            transaction.set_memo("cursor", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with store.sync_repository.transaction() as transaction:
        assert transaction.memo("cursor") is None
        assert list(transaction.all_held()) == []
    store.close()


def test_an_unchanged_record_is_the_same_object(path: Path) -> None:
    store = filled(path, 2)
    first, second = (store.records(2026).get("module", "2026/MOD 000") for _ in range(2))
    assert first is second
    store.close()
