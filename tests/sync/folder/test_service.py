"""The service's loop: changes are seen within one or two checks, and a file that arrives during a run is not missed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from desktop.sync.folder import account
from desktop.sync.folder.directory import Directory
from desktop.sync.folder.engine import FolderEngine
from desktop.sync.folder.ports import FileStat
from desktop.sync.folder.service import FolderService, seen_listing
from tests.sync.memory import MemoryReplica, MemoryVault

PASSWORD = "three words together"


def test_what_came_while_a_run_worked_is_looked_at_again() -> None:
    old, new = FileStat(1, 1), FileStat(2, 2)
    before = {"d-me-0-0.ups": old, "d-other-0-0.ups": old, "k-gone.upk": old}
    after = {"d-me-0-0.ups": new, "d-other-0-0.ups": new, "d-third-0-0.ups": new}
    assert seen_listing(before, after, "me") == {"d-me-0-0.ups": new, "d-other-0-0.ups": old}


def test_the_loop_brings_what_another_machine_writes(tmp_path: Path) -> None:
    files, replica, vault = Directory(tmp_path), MemoryReplica(), MemoryVault()
    made, _ = account.create_account(replica, vault, files, PASSWORD, "A")
    service = FolderService(replica, vault)
    service.enter(made, files, tmp_path)
    loop = threading.Thread(target=service.keep_in_step)
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
    service.leave()
    assert not service.is_on
