"""The service's loop: changes are seen within one or two checks, and a file that arrives during a run is not missed."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.sync.folder import account
from desktop.sync.folder.directory import Directory
from desktop.sync.folder.engine import FolderEngine
from desktop.sync.folder.ports import FileStat
from desktop.sync.folder.service import FolderService, processed_listing
from tests.sync.memory import MemoryReplica, MemoryVault

PASSWORD = "three words together"


def test_what_came_while_a_run_worked_is_looked_at_again() -> None:
    old, new = FileStat(1, 1), FileStat(2, 2)
    before = {"d-me-0-0.ups": old, "d-other-0-0.ups": old, "k-gone.upk": old}
    after = {"d-me-0-0.ups": new, "d-other-0-0.ups": new, "d-third-0-0.ups": new}
    assert processed_listing(before, after, "me") == {"d-me-0-0.ups": new, "d-other-0-0.ups": old}


def test_the_loop_brings_what_another_machine_writes(tmp_path: Path) -> None:
    files, replica, vault = Directory(tmp_path), MemoryReplica(), MemoryVault()
    made, _ = account.create_account(replica, vault, files, PASSWORD, "A")
    service = FolderService(replica, vault)
    service.start_with(made, files, tmp_path)
    loop = threading.Thread(target=service.run_sync_loop)
    loop.start()
    try:
        other = MemoryReplica()
        joined = account.join_by_password(other, MemoryVault(), Directory(tmp_path), PASSWORD, "B")
        other.act("module", "2026/COS 212", name="of B")
        FolderEngine(other, Directory(tmp_path), joined).run()
        until = time.monotonic() + 30
        while replica.record("module", "2026/COS 212").get("name") != "of B" and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        service.stop()
        loop.join(10)
    assert replica.record("module", "2026/COS 212").get("name") == "of B"
    assert service.status.state == "in step"
    service.leave_folder()
    assert not service.is_on


class Looks:
    """A clock that counts how often it is read: the loop reads it at every turn."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> float:
        self.count += 1
        return time.monotonic()


def without_folder(_folder: Path) -> tuple[MemoryReplica, MemoryVault]:
    return MemoryReplica(), MemoryVault()


def without_keys(folder: Path) -> tuple[MemoryReplica, MemoryVault]:
    replica, _ = away(folder)
    folder.mkdir()
    return replica, MemoryVault()


def away(folder: Path) -> tuple[MemoryReplica, MemoryVault]:
    """Returns what is left where the folder is not there at the start: on a stick, or a share."""
    folder.mkdir()
    replica, vault, files = MemoryReplica(), MemoryVault(), Directory(folder)
    made, _ = account.create_account(replica, vault, files, PASSWORD, "A")
    FolderService(replica, vault).start_with(made, files, folder)
    shutil.rmtree(folder)
    return replica, vault


@pytest.mark.parametrize(("made", "state"), [(without_folder, "off"), (without_keys, "needs you"), (away, "offline")])
def test_the_loop_rests_where_there_is_nothing_to_look_at(
    tmp_path: Path, made: Callable[[Path], tuple[MemoryReplica, MemoryVault]], state: str
) -> None:
    """It once went round without a pause where no folder was chosen: a whole core, as long as the window was open."""
    looks = Looks()
    service = FolderService(*made(tmp_path / "synced"), clock=looks)
    loop = threading.Thread(target=service.run_sync_loop)
    loop.start()
    time.sleep(0.5)
    service.schedule_sync()
    time.sleep(0.1)
    service.stop()
    loop.join(10)
    assert not loop.is_alive()
    assert service.status.state == state
    assert looks.count < 50


def test_the_loop_goes_on_once_the_student_has_decided(tmp_path: Path) -> None:
    files, replica, vault = Directory(tmp_path), MemoryReplica(), MemoryVault()
    account.create_account(MemoryReplica(), MemoryVault(), files, PASSWORD, "A")
    joined = account.join_by_password(replica, vault, files, PASSWORD, "B")
    service = FolderService(replica, vault)
    service.start_with(joined, files, tmp_path)
    service._set_status(replace(service.status, state="needs you"))
    loop = threading.Thread(target=service.run_sync_loop)
    loop.start()
    try:
        time.sleep(0.2)
        service.sync_now(agreed=True)
        other = MemoryReplica()
        theirs = account.join_by_password(other, MemoryVault(), Directory(tmp_path), PASSWORD, "C")
        other.act("module", "2026/COS 212", name="of C")
        FolderEngine(other, Directory(tmp_path), theirs).run()
        until = time.monotonic() + 30
        while replica.record("module", "2026/COS 212").get("name") != "of C" and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        service.stop()
        loop.join(10)
    assert replica.record("module", "2026/COS 212").get("name") == "of C"
