"""The folder on FUSE file systems (bindfs), one of which cannot replace a file, if this machine can mount them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.sync.folder import account
from desktop.sync.folder.directory import Directory
from desktop.sync.folder.engine import FolderEngine
from tests.sync.memory import MemoryReplica, MemoryVault

PASSWORD = "three words together"
KEY = "2026/COS 212"


@pytest.fixture(params=[(), ("--rename-deny",)], ids=["as it is", "replaces nothing"])
def mounted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Path, bool]]:
    """A directory, the same one through FUSE, and whether a file can be replaced there."""
    if shutil.which("bindfs") is None or not Path("/dev/fuse").exists():
        pytest.skip("bindfs or /dev/fuse is missing")
    below, above = tmp_path / "below", tmp_path / "above"
    below.mkdir()
    above.mkdir()
    made = subprocess.run(["bindfs", *request.param, below, above], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip()}")
    yield below, above, not request.param
    subprocess.run(["fusermount", "-u", "-z", above], check=True)


def test_two_devices_meet_over_a_mounted_folder(mounted: tuple[Path, Path, bool]) -> None:
    below, above, replaces = mounted
    (above / "a").write_bytes(b"new")
    (above / "b").write_bytes(b"old")
    try:
        os.replace(above / "a", above / "b")  # noqa: PTH105 -- what `Directory` calls
    except OSError:
        assert not replaces
    else:
        assert replaces
    one, two = MemoryReplica(), MemoryReplica()
    first, _ = account.create_account(one, MemoryVault(), Directory(above), PASSWORD, "A")
    here = FolderEngine(one, Directory(above), first)
    one.act("module", KEY, name="of A")
    here.run()
    second = account.join_by_password(two, MemoryVault(), Directory(below), PASSWORD, "B")
    there = FolderEngine(two, Directory(below), second)
    for number in range(30):
        one.act("event", f"2026/{number}", title=f"{number} of A")
        here.run(agreed=True)
        two.act("event", f"2026/{number}", venue=f"{number} of B")
        there.run(agreed=True)
    for _ in range(2):
        here.run(agreed=True)
        there.run(agreed=True)
    assert one.live() == two.live()
    assert one.record("event", "2026/29").get("venue") == "29 of B"
    assert not [each.name for each in below.iterdir() if each.name.startswith("~")]
    assert not [held for held in one.everything() if held.record.kind == "conflict"]
