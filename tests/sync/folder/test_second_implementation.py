"""The implementation built from the documents alone joins the program's own devices, and they join it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.sync.folder import account
from desktop.sync.folder.directory import Directory
from desktop.sync.folder.engine import FolderEngine
from desktop.sync.folder.linking import FolderInvitation
from tests.sync.folder.second_implementation import OtherDevice
from tests.sync.memory import MemoryReplica, MemoryVault

PASSWORD = "three words together"


@pytest.mark.parametrize("changes_password", [False, True])
def test_the_other_implementation_joins_reads_and_writes(tmp_path: Path, changes_password: bool) -> None:
    files, replica = Directory(tmp_path), MemoryReplica()
    made, _ = account.create_account(replica, MemoryVault(), files, PASSWORD, "A")
    engine = FolderEngine(replica, files, made)
    replica.act("module", "2026/COS 212", name="Algorithms")
    engine.run()
    for number in range(3):
        replica.act("module", "2026/COS 214", name=f"part {number}")
        engine.run()
    password = PASSWORD
    if changes_password:
        password = "quite another sentence"
        made.change_password(PASSWORD, password)
        made.remove_device("f" * 32)
        replica.act("module", "2026/COS 226", name="under the new key")
        engine.run()

    other = OtherDevice(tmp_path, password)
    other.publish_keyring()
    other.read()
    assert other.records["module", "2026/COS 212"]["name"][0] == "Algorithms"
    assert other.records["module", "2026/COS 214"]["name"][0] == "part 2"
    assert (("module", "2026/COS 226") in other.records) == changes_password

    other.set("module", "2026/COS 212", name="Data Structures")
    other.write()
    engine.run()
    assert replica.record("module", "2026/COS 212").get("name") == "Data Structures"
    assert not [held for held in replica.everything() if held.record.kind == "conflict"]
    assert other.file in made.keyring.devices

    made.remove_device(other.file)
    replica.act("module", "2026/COS 212", name="not for the other one")
    engine.run()
    with pytest.raises(KeyError):
        other.read()


@pytest.mark.parametrize("says_tokens", [True, False])
def test_two_that_write_under_one_name_are_noticed_on_both_sides(tmp_path: Path, says_tokens: bool) -> None:
    """Files without tokens are read as ever: nothing is compared."""
    files, replica = Directory(tmp_path), MemoryReplica()
    made, _ = account.create_account(replica, MemoryVault(), files, PASSWORD, "A")
    engine = FolderEngine(replica, files, made)
    engine.run()
    other = OtherDevice(tmp_path, PASSWORD)
    other.publish_keyring()
    other.read()
    other.set("module", "2026/COS 212", name="Algorithms")
    other.write(says_tokens=says_tokens)
    replica.act("module", "2026/COS 214", name="Networks")
    engine.run()
    other.read()
    assert other.tokens[replica.disk.device][-1][0] == other.seen[replica.disk.device]
    assert other.forked == set()

    other.tokens[other.device][-1][1] = "0" * 8  # as a copy would have drawn
    other.write(says_tokens=says_tokens)
    engine.run()
    replica.act("module", "2026/COS 214", name="Computer Networks")
    engine.run()
    other.read()
    assert other.forked == ({other.device} if says_tokens else set())


def test_the_other_implementation_is_let_in_by_a_code(tmp_path: Path) -> None:
    files, replica = Directory(tmp_path), MemoryReplica()
    made, _ = account.create_account(replica, MemoryVault(), files, PASSWORD, "A")
    engine = FolderEngine(replica, files, made)
    replica.act("module", "2026/COS 212", name="Algorithms")
    engine.run()
    invitation = FolderInvitation(made, files, tmp_path)
    other = OtherDevice(tmp_path)
    other.request_entry(invitation.code.lower().replace("-", " "))
    invitation.poll()
    assert invitation.label == "the other implementation"
    other.receive_key()
    assert other.digits == invitation.digits
    with pytest.raises(IndexError):
        other.open_answer()
    invitation.confirm()
    other.open_answer()
    other.publish_keyring()
    other.read()
    assert other.records["module", "2026/COS 212"]["name"][0] == "Algorithms"
    assert not list(tmp_path.glob("*.upl"))
    other.set("module", "2026/COS 212", name="Data Structures")
    other.write()
    engine.run()
    assert replica.record("module", "2026/COS 212").get("name") == "Data Structures"
