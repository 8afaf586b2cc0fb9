"""The ledger of deleted accounts: nothing confirmed is lost, and damaged lines are never guessed at."""

import asyncio
import fcntl
import multiprocessing
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncserver.accounts import deletion_ledger
from syncserver.errors import Problem

ANNA, BEN = deletion_ledger.fingerprint("AAAAAAAAAAAAAAAAAAAAAA"), deletion_ledger.fingerprint("BAAAAAAAAAAAAAAAAAAAAA")


def test_a_missing_ledger_has_no_deletions(tmp_path: Path) -> None:
    assert deletion_ledger.read(tmp_path / "none.log") == {}


def test_what_is_appended_is_read_and_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deleted.log"
    deletion_ledger.append(path, ANNA, 1767225600)
    deletion_ledger.append(path, BEN, 1767225601)
    deletion_ledger.append(path, ANNA, 1767229999)
    assert deletion_ledger.read(path) == {ANNA: 1767225600, BEN: 1767225601}
    assert b"AAAAAAAAAAAAAAAAAAAAAA" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_merging_adds_only_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "deleted.log"
    deletion_ledger.append(path, ANNA, 1)
    assert deletion_ledger.merge(path, {ANNA: 1, BEN: 2}) == 1
    assert deletion_ledger.merge(path, {ANNA: 1, BEN: 2}) == 0
    assert deletion_ledger.read(path) == {ANNA: 1, BEN: 2}
    assert path.read_bytes().count(BEN.hex().encode()) == 1


@given(cut=st.integers(1, 70))
@settings(max_examples=30)
def test_a_line_cut_short_loses_nothing_else(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("ledger") / "deleted.log"
    deletion_ledger.append(path, ANNA, 1767225600)
    deletion_ledger.append(path, BEN, 1767225600)
    content = path.read_bytes()
    path.write_bytes(content[:-cut])
    carla = deletion_ledger.fingerprint("CAAAAAAAAAAAAAAAAAAAAA")
    deletion_ledger.append(path, carla, 3)
    deletions = deletion_ledger.read(path)
    assert deletions[ANNA] == 1767225600
    assert deletions[carla] == 3


def test_a_line_that_nobody_wrote_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "deleted.log"
    deletion_ledger.append(path, ANNA, 1)
    path.write_bytes(b"somebody was here\n" + path.read_bytes())
    with pytest.raises(deletion_ledger.DamagedLedgerError, match="Line 1"):
        deletion_ledger.read(path)
    with pytest.raises(deletion_ledger.DamagedLedgerError):
        deletion_ledger.merge(path, {BEN: 2})


def _append_many(path: Path, first: int) -> None:
    for number in range(first, first + 25):
        deletion_ledger.append(path, deletion_ledger.fingerprint(str(number)), number)


def test_processes_append_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "deleted.log"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(path, first)) for first in (0, 100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert len(deletion_ledger.read(path)) == 75


def test_a_deletion_that_cannot_be_written_down_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").write_bytes(b"a file in the way")
    with pytest.raises(Problem, match="cannot be recorded"):
        deletion_ledger.append(tmp_path / "folder" / "deleted.log", ANNA, 1)


def test_a_deletion_that_takes_too_long_is_refused_and_never_written(tmp_path: Path) -> None:
    path = tmp_path / "deleted.log"
    deletion_ledger.append(path, ANNA, 1)
    before = path.read_bytes()
    with path.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Problem, match="does not respond"):
            asyncio.run(deletion_ledger.append_with_timeout(path, BEN, 2, seconds=0.05))
    with path.open("ab") as last:  # the writer had its turn
        time.sleep(0.1)
        fcntl.flock(last, fcntl.LOCK_EX)
    assert path.read_bytes() == before
    asyncio.run(deletion_ledger.append_with_timeout(path, BEN, 3))
    assert deletion_ledger.read(path) == {ANNA: 1, BEN: 3}


def test_a_disk_that_takes_the_line_too_late_gives_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deleted.log"
    deletion_ledger.append(path, ANNA, 1)
    before, flush = path.read_bytes(), deletion_ledger.os.fsync
    flushed: list[int] = []

    def slowly(file: int) -> None:
        time.sleep(0.2)
        flush(file)
        flushed.append(file)

    monkeypatch.setattr(deletion_ledger.os, "fsync", slowly)

    async def refused() -> None:
        with pytest.raises(Problem, match="does not respond"):
            await deletion_ledger.append_with_timeout(path, BEN, 2, seconds=0.05)

    asyncio.run(refused())
    while len(flushed) < 2:
        time.sleep(0.01)
    assert path.read_bytes() == before
