"""The rules of sync through a folder, one scenario each, and the attacks that they prevent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.domain.errors import FileError, NotAllowed
from desktop.domain.records.merge import HeldRecord
from desktop.domain.records.records import Record
from desktop.sync import cipher
from desktop.sync.folder import account, keyring, reading, rules
from desktop.sync.folder.engine import FolderIsEmpty
from desktop.sync.folder.file_format import MAX_GROWING_BYTES
from desktop.sync.folder.health import DeviceProblem, devices_of
from desktop.sync.folder.keyring import SecretRefused
from desktop.sync.folder.linking import CodeExpired, FolderCodeJoin, FolderInvitation
from desktop.sync.folder.publishing import MAX_FROZEN_PARTS
from desktop.sync.folder.rules import DAY_SECONDS
from desktop.sync.folder.state import FolderState, load_state
from desktop.sync.mass_delete_guard import MassDeleteNeedsDecision
from desktop.sync.plan import JoinNeedsDecision
from tests.sync.folder.schedules import PASSWORD, Device, Schedule
from tests.sync.memory import MemoryReplica, MemoryVault

KEY = "2026/COS 212"


@pytest.fixture
def life() -> Schedule:
    return Schedule(0, faults=False)


def state(device: Device) -> FolderState:
    with device.replica.transaction() as transaction:
        found = load_state(transaction)
    assert found is not None
    return found


def everybody(life: Schedule) -> None:
    for _ in range(3):
        for device in life.devices:
            life.cloud.settle()
            device.run()


def conflicts(device: Device) -> set[object]:
    return {held.record.get("value") for held in device.replica.everything() if held.record.kind == "conflict"}


def test_two_edits_at_once_keep_the_value_that_lost(life: Schedule) -> None:
    a, b, c = life.devices
    a.replica.act("module", KEY, name="of A")
    b.replica.act("module", KEY, name="of B")
    everybody(life)
    assert {each.replica.record("module", KEY).get("name") for each in (a, b, c)} == {
        a.replica.record("module", KEY).get("name")
    }
    lost = {"of A", "of B"} - {a.replica.record("module", KEY).get("name")}
    assert conflicts(a) == conflicts(b) == lost


def test_edits_one_after_the_other_ask_nobody(life: Schedule) -> None:
    a, b, _ = life.devices
    for number in range(12):
        (a, b)[number % 2].replica.act("module", KEY, name=f"{number}")
        everybody(life)
    assert all(conflicts(each) == set() for each in life.devices)


def frozen_parts(life: Schedule, device: Device, parts: int) -> None:
    """Edits until so many parts are frozen."""
    for number in range(60):
        if len(state(device).parts) > parts:
            return
        text = "".join(life.random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=6000))
        device.replica.act("event", f"2026/{number}", title=text)
        device.run()
    raise AssertionError("the parts do not add up")


@pytest.mark.parametrize("is_left_out", [False, True])
def test_a_part_is_believed_only_after_the_one_before_it(
    life: Schedule, is_left_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B writes parts 1 and 2, part 1 is not there, C edits the same field: the loser must be recorded somewhere."""
    if is_left_out:
        for module in (reading, rules):
            monkeypatch.setattr(module, "follows_what_was_merged", lambda state, head: True)
    a, b, c = life.devices
    everybody(life)
    c.replica.act("module", "2026/COS 214", name="so that its stamps are the later ones")
    c.replica.act("module", KEY, name="of C")
    c.run()
    b.replica.act("module", KEY, name="of B")
    frozen_parts(life, b, 2)
    for name, content in b.files.written.items():
        if not name.endswith("-0-1.ups"):
            a.files.put(name, content)
    a.run()
    if not is_left_out:
        assert [each.label for each in devices_of(state(a)) if DeviceProblem.GAP in each.problems] == ["B"]
    for name, content in c.files.written.items():
        a.files.put(name, content)
    a.run()
    a.replica.act("module", "2026/COS 226", name="so that it writes")
    a.run()
    for name, content in a.files.written.items():
        b.files.put(name, content)
    b.run()
    assert b.replica.record("module", KEY).get("name") == "of C"
    assert conflicts(b) == (set() if is_left_out else {"of B"}), "the value that lost has to be somewhere"


def test_the_transaction_comes_before_the_file(life: Schedule) -> None:
    """A process that ends in between goes on under its own name: nobody has to think it was copied."""
    a = life.devices[0]
    name = a.replica.disk.device
    a.replica.act("module", KEY, name="before the end")
    life.crash(a)
    a.run()
    assert a.replica.disk.device == name
    assert state(a).forked == []
    everybody(life)
    assert life.devices[1].replica.record("module", KEY).get("name") == "before the end"


def test_merging_alone_writes_nothing_but_once_a_day(life: Schedule) -> None:
    a, b, _ = life.devices
    everybody(life)
    a.replica.act("module", KEY, name="of A")
    a.run()
    life.cloud.settle()
    before = b.files.bytes_written
    b.run()
    assert b.replica.record("module", KEY).get("name") == "of A"
    assert b.files.bytes_written == before
    b.clock += 2 * DAY_SECONDS
    b.run()
    assert b.files.bytes_written > before


def test_a_file_that_is_missing_means_nothing_and_an_own_one_is_written_again(life: Schedule) -> None:
    a, b, _ = life.devices
    a.replica.act("module", KEY, name="of A")
    everybody(life)
    for view in life.cloud.views:
        for name in [name for name in view.content if state(a).file in name and name.endswith(".ups")]:
            view.drop(name)
    b.run()
    assert b.replica.record("module", KEY).get("name") == "of A"
    assert [each.problems for each in devices_of(state(b)) if each.label == "A"] == [(DeviceProblem.LOST,)]
    generation = state(a).generation
    a.run()
    assert state(a).generation == generation + 1
    life.cloud.settle()
    b.run()
    assert [each.problems for each in devices_of(state(b)) if each.label == "A"] == [()]


def test_an_own_file_that_was_put_back_is_written_again(life: Schedule) -> None:
    a = life.devices[0]
    a.replica.act("module", KEY, name="first")
    a.run()
    old = dict(a.files.content)
    a.replica.act("module", KEY, name="second")
    a.run()
    generation, name = state(a).generation, a.replica.disk.device
    for each, content in old.items():
        a.files.put(each, content)
    a.run()
    assert (state(a).generation, a.replica.disk.device) == (generation + 1, name)


def test_a_rolled_back_file_and_a_stuck_cloud_are_told_by_device(life: Schedule) -> None:
    a, b, c = life.devices
    a.replica.act("module", KEY, name="first")
    everybody(life)
    old = {name: content for name, content in b.files.content.items() if state(a).file in name}
    a.replica.act("module", KEY, name="second")
    everybody(life)
    for name, content in old.items():
        b.files.put(name, content)
    b.run()
    assert [each.problems for each in devices_of(state(b)) if each.label == "A"] == [(DeviceProblem.ROLLED_BACK,)]
    a.replica.act("module", KEY, name="third")
    a.run()
    unseen = {each.label: each.unseen for each in devices_of(state(a))}
    assert unseen == {"A": False, "B": True, "C": True}
    assert c.replica.record("module", KEY).get("name") == "second"


def test_compaction_is_a_write_of_its_own(life: Schedule) -> None:
    a, b, _ = life.devices
    frozen_parts(life, a, MAX_FROZEN_PARTS + 1)
    assert state(a).generation == 0
    written = a.files.bytes_written
    a.replica.act("module", KEY, name="small")
    a.run()
    assert a.files.bytes_written - written <= MAX_GROWING_BYTES
    a.run()
    assert (state(a).generation, len(state(a).parts)) == (1, 1)
    assert len(own_files(a)) > 2, "the old generation is there until the new one was there for a while"
    a.run()
    assert own_files(a) == [f"d-{state(a).file}-1-0.ups"]
    life.cloud.settle()
    b.run()
    assert b.replica.record("module", KEY).get("name") == "small"


def own_files(device: Device) -> list[str]:
    return [name for name in device.files.content if state(device).file in name and name.endswith(".ups")]


def test_a_deletion_outlives_every_compaction(life: Schedule) -> None:
    a, b, _ = life.devices
    a.replica.act("module", KEY, name="to be deleted")
    everybody(life)
    old = dict(b.files.content)
    a.replica.delete("module", KEY)
    everybody(life)
    for device in life.devices:
        for name in own_files(device):
            device.files.drop(name)
        device.run()
    life.cloud.versions = {name: each for name, each in life.cloud.versions.items() if name.endswith(".upk")}
    newcomer = life.add_device("D")
    for name, content in old.items():  # files of before the deletion come late
        newcomer.files.put(f"late {name}", content)
    newcomer.run()
    assert newcomer.replica.record("module", KEY).is_deleted


def test_files_of_a_removed_device_go_only_after_all_that_it_had_was_published(life: Schedule) -> None:
    a, b, c = life.devices
    everybody(life)
    b.replica.act("module", KEY, name="of B alone")
    b.run()
    life.cloud.settle()
    a.run()
    a.account.remove_device(b.account.file)
    assert not a.engine.delete_files_of(a.files.list(), b.account.file), "what A only merged is in no other file"
    a.replica.act("module", "2026/COS 214", name="of A")
    a.run()
    assert a.engine.delete_files_of(a.files.list(), b.account.file)
    life.cloud.settle()
    c.run()
    assert not own_files(b)
    assert c.replica.record("module", KEY).get("name") == "of B alone"


def test_a_device_of_which_others_have_seen_more_is_told(life: Schedule) -> None:
    a, b, c = life.devices
    everybody(life)
    a.replica.act("module", KEY, name="not here yet")
    a.run()
    for name in own_files(a):
        b.files.put(name, a.files.content[name])
    b.run()
    b.replica.act("module", "2026/COS 214", name="of B")
    b.run()
    for name in own_files(b):
        c.files.put(name, b.files.content[name])
    c.run()
    assert [each.problems for each in devices_of(state(c)) if each.label == "A"] == [(DeviceProblem.LATE,)]


def test_deletions_in_pieces_are_asked_about_together(life: Schedule) -> None:
    a, b, _ = life.devices
    for number in range(50):
        a.replica.act("event", f"2026/{number}", title=f"{number}")
    everybody(life)
    asked = False
    for number in range(48):
        a.replica.delete("event", f"2026/{number}")
        if number % 4 == 3:
            a.engine.run(wipe="accept")
            life.cloud.settle()
            b.clock += 60
            try:
                b.engine.run()
            except MassDeleteNeedsDecision:
                asked = True
                break
    assert asked
    assert sum(not held.record.is_deleted for held in b.replica.everything()) > 5
    b.engine.run(wipe="undo")
    everybody(life)
    assert not a.replica.record("event", "2026/47").is_deleted


def test_an_emptied_folder_is_asked_about(life: Schedule) -> None:
    a = life.devices[0]
    for name in list(a.files.content):
        a.files.drop(name)
    with pytest.raises(FolderIsEmpty):
        a.engine.run()
    a.engine.run(agreed=True)
    assert a.files.content


def test_two_that_hold_data_are_put_together_only_after_a_question(life: Schedule) -> None:
    life.devices[0].replica.act("module", KEY, name="there")
    life.devices[0].run()
    life.cloud.settle()
    files, replica, vault = life.cloud.add_view(), MemoryReplica(), MemoryVault()
    life.cloud.settle()
    replica.act("module", "2026/COS 214", name="here")
    joined = account.join_by_password(replica, vault, files, PASSWORD, "D")
    device = Device("D", files, replica, vault, joined)
    with pytest.raises(JoinNeedsDecision):
        device.engine.run()
    device.engine.run(agreed=True)
    assert {key for kind, key in replica.live() if kind == "module"} == {KEY, "2026/COS 214"}


def test_contents_that_are_still_in_the_cloud_are_not_there_yet(life: Schedule) -> None:
    a, b, _ = life.devices
    a.replica.act("module", KEY, name="of A")
    a.run()
    life.cloud.settle()
    b.files.placeholders = {name for name in b.files.content if state(a).file in name}
    b.run()
    assert b.replica.record("module", KEY).get("name") is None
    b.files.placeholders = set()
    b.run()
    assert b.replica.record("module", KEY).get("name") == "of A"


def test_where_nothing_is_new_no_file_is_read(life: Schedule) -> None:
    everybody(life)
    for device in life.devices:
        device.files.reads = 0
        device.run()
        assert device.files.reads == 0
        device.restart()
        device.run()
        assert device.files.reads <= len(life.devices), "keyrings alone, once after a start"


# a stamp name that two profiles use


def hear_of_a_copy_first(life: Schedule) -> None:
    """B is copied, and both write up to one counter under one stamp name. A hears of that name from C, which saw the
    copy alone, and then sets what B has set meanwhile."""
    a, b, c = life.devices
    everybody(life)
    life.copy(b)
    copy = life.devices[3]
    b.replica.act("module", KEY, name="name of B")
    b.run()
    copy.replica.act("module", "2026/COS 214", name="name of the copy")
    copy.run()
    bring(copy, c)
    c.replica.act("module", "2026/COS 226", name="name of C")
    c.run()
    bring(c, a)
    a.replica.act("module", KEY, name="name of A")


def bring(writer: Device, reader: Device) -> None:
    for name, content in writer.files.written.items():
        reader.files.put(name, content)
    reader.run()


def test_what_was_set_under_the_name_of_a_copy_is_not_taken_for_seen(life: Schedule) -> None:
    hear_of_a_copy_first(life)
    a, b = life.devices[:2]
    bring(b, a)
    assert conflicts(a) == {"name of B"}
    everybody(life)
    assert all(conflicts(each) == {"name of B"} for each in life.devices)
    assert {each.replica.record("module", KEY).get("name") for each in life.devices} == {"name of A"}
    assert {each.replica.record("module", "2026/COS 214").get("name") for each in life.devices} == {"name of the copy"}
    assert len({each.replica.disk.device for each in life.devices}) == 4, "each has a stamp name of its own"


def test_a_copy_that_had_written_nothing_yet_is_noticed(life: Schedule) -> None:
    """Nothing stands before the first counter of either, and the one is higher than the other."""
    a, b, _ = life.devices
    life.copy(b)
    copy = life.devices[3]
    copy.replica.act("module", "2026/COS 214", name="name of the copy")
    copy.replica.act("module", "2026/COS 214", name="new name of the copy")
    copy.run()
    bring(copy, a)
    a.replica.act("module", KEY, name="name of A")
    b.replica.act("module", KEY, name="name of B")
    b.replica.act("module", "2026/COS 214", name="other name of B")
    b.replica.act("module", "2026/COS 226", name="name of B")
    b.run()
    bring(b, a)
    assert state(a).forked == [b.replica.disk.device]
    assert conflicts(a) >= {"name of B"}


def test_a_copy_is_noticed_in_what_a_fourth_tells_of_the_other(life: Schedule) -> None:
    """D's counter of the name is higher than A's, and goes over a value that A never had."""
    d = life.add_device("D")
    hear_of_a_copy_first(life)
    a, b = life.devices[:2]
    b.replica.act("module", KEY, colour="of B")
    b.run()
    bring(b, d)
    d.replica.act("module", KEY, credits="of D")
    d.run()
    bring(d, a)
    assert conflicts(a) == {"name of B"}


def test_old_versions_of_a_file_are_no_copies(life: Schedule) -> None:
    a, b, c = life.devices
    old = []
    for number in range(3):
        a.replica.act("module", KEY, name=f"{number}")
        everybody(life)
        old.append({name: content for name, content in b.files.content.items() if name.endswith(".ups")})
    for files in old:
        for reader in (a, b, c):
            for name, content in files.items():
                reader.files.put(name, content)
            reader.run()
    everybody(life)
    assert [state(each).forked for each in life.devices] == [[], [], []]
    assert conflicts(a) == set()


# keys


def test_two_password_changes_at_once_end_with_one_and_it_is_said_whose(life: Schedule) -> None:
    a, b, _ = life.devices
    a.account.change_password(PASSWORD, "the words of A now", new_keys=False)
    b.account.change_password(PASSWORD, "the words of B now", new_keys=False)
    everybody(life)
    assert a.account.keyring.password == b.account.keyring.password
    assert a.account.is_password_replaced != b.account.is_password_replaced


def test_a_slot_older_than_one_that_was_seen_is_refused(life: Schedule) -> None:
    a, b, _ = life.devices
    everybody(life)
    old = {name: content for name, content in b.files.content.items() if name.endswith(".upk")}
    a.account.change_password(PASSWORD, "quite another sentence", new_keys=False)
    everybody(life)
    assert b.account.keyring.password.count == 2
    for name, content in old.items():
        b.files.put(name, content)
    b.run()
    assert b.account.keyring.password.count == 2


def test_an_old_password_gets_in_no_more(life: Schedule) -> None:
    a = life.devices[0]
    old = {name: content for name, content in a.files.content.items() if name.endswith(".upk")}
    a.account.change_password(PASSWORD, "quite another sentence")
    a.replica.act("module", KEY, name="written after")
    everybody(life)
    fresh = life.cloud.add_view()
    life.cloud.settle()
    with pytest.raises(SecretRefused):
        account.join_by_password(MemoryReplica(), MemoryVault(), fresh, PASSWORD, "thief")
    for name, content in old.items():  # the cloud puts the old keyrings back
        fresh.put(name, content)
        a.files.put(name, content)
    for name in set(fresh.content) - set(old):
        if name.endswith(".upk"):
            fresh.drop(name)
    try:
        thief = account.join_by_password(MemoryReplica(), MemoryVault(), fresh, PASSWORD, "thief")
    except SecretRefused:
        pass
    else:
        assert a.account.current not in thief.data_keys, "what was written after is under another key"
    a.run()
    assert a.account.keyring.password.count == 2, "what was verified stands"


def test_a_removed_device_gets_nothing_new_and_cannot_change_the_password(life: Schedule) -> None:
    a, b, c = life.devices
    everybody(life)
    a.account.remove_device(c.account.file)
    a.replica.act("module", KEY, name="not for C")
    everybody(life)
    assert b.replica.record("module", KEY).get("name") == "not for C"
    assert c.replica.record("module", KEY).get("name") is None
    assert c.account.is_removed
    c.account.change_password(PASSWORD, "C wants in again", new_keys=True)
    everybody(life)
    assert a.account.keyring.password.by != c.account.file
    fresh = life.cloud.add_view()
    life.cloud.settle()
    joined = account.join_by_password(MemoryReplica(), MemoryVault(), fresh, PASSWORD, "D")
    assert joined.current == a.account.current


def test_keys_of_a_stranger_are_believed_by_nobody(life: Schedule) -> None:
    """The cloud knows every public key, so it can box a key of its own to everybody."""
    a = life.devices[0]
    real = a.account.keyring
    forged = replace(real.rotated(), account_keys={"A" * 22: cipher.random_key()}, key="A" * 22, rotation=99)
    for view in life.cloud.views:
        view.put("k-00000000000000000000000000000000.upk", keyring.seal_keyring(forged, "0" * 32))
    everybody(life)
    assert all(each.account.keyring.key == real.key for each in life.devices)
    with pytest.raises(SecretRefused):
        account.join_by_password(MemoryReplica(), MemoryVault(), only(life, "k-000"), PASSWORD, "D")


def only(life: Schedule, begins: str) -> object:
    view = life.cloud.add_view()
    for name, content in life.cloud.views[0].content.items():
        if name.startswith(begins):
            view.put(name, content)
    return view


def test_a_forgotten_password_is_set_anew_by_the_recovery_key(life: Schedule) -> None:
    a = life.devices[0]
    words = a.account.new_recovery_key(PASSWORD)
    everybody(life)
    fresh = life.cloud.add_view()
    life.cloud.settle()
    joined = account.join_by_recovery_key(MemoryReplica(), MemoryVault(), fresh, words, "a sentence that is new", "D")
    life.cloud.settle()
    a.run()
    assert a.account.keyring.password.id == joined.keyring.password.id
    with pytest.raises(SecretRefused):
        a.account.change_password(PASSWORD, "a sentence that is newer")


# linking


def linked(life: Schedule) -> tuple[FolderInvitation, FolderCodeJoin, MemoryReplica]:
    from pathlib import Path

    invitation = FolderInvitation(life.devices[0].account, life.devices[0].files, Path("OneDrive"))
    replica, files = MemoryReplica(), life.cloud.add_view()
    life.cloud.settle()
    return invitation, FolderCodeJoin(replica, MemoryVault(), files, invitation.code, "D"), replica


def exchange(life: Schedule, invitation: FolderInvitation, arrival: FolderCodeJoin) -> None:
    assert arrival.poll() is None
    life.cloud.settle()
    invitation.poll()
    life.cloud.settle()
    assert arrival.poll() is None


def test_a_device_is_let_in_by_a_code(life: Schedule) -> None:
    invitation, arrival, _ = linked(life)
    exchange(life, invitation, arrival)
    assert invitation.digits == arrival.digits != ""
    life.cloud.settle()
    assert arrival.poll() is None, "nobody gets in before a person has confirmed"
    invitation.confirm()
    life.cloud.settle()
    joined = arrival.poll()
    assert joined is not None
    assert joined.account == life.devices[0].account.account


def test_who_photographed_the_code_and_comes_second_gets_nothing(life: Schedule) -> None:
    invitation, arrival, _ = linked(life)
    thief = FolderCodeJoin(MemoryReplica(), MemoryVault(), life.cloud.add_view(), invitation.code, "thief")
    exchange(life, invitation, arrival)
    life.cloud.settle()
    assert thief.poll() is None
    life.cloud.settle()
    invitation.poll()
    life.cloud.settle()
    with pytest.raises(NotAllowed):
        thief.poll()
    assert thief.digits == ""


def test_a_code_expires_five_minutes_after_the_request_came(life: Schedule) -> None:
    invitation, arrival, _ = linked(life)
    now = [0.0]
    invitation._clock = lambda: now[0]
    now[0] = 4_000.0  # a cloud is slow: the page was open for an hour
    exchange(life, invitation, arrival)
    assert invitation.digits
    now[0] += 301
    with pytest.raises(CodeExpired):
        invitation.confirm()


# from a server and back


def test_what_the_folder_changed_waits_for_the_server_after_leaving(life: Schedule) -> None:
    a = life.devices[0]
    record = Record("module", KEY)
    stamp = a.replica.act("module", KEY, name="of the server")
    record = a.replica.record("module", KEY)
    with a.replica.transaction() as transaction:
        transaction.put(HeldRecord(record, pending=True, etag="x" * 22, base=record))
    a.run()
    assert a.replica.disk.held["module", KEY].etag == "x" * 22
    life.cloud.settle()
    b = life.devices[1]
    b.run()
    b.replica.act("module", KEY, name="of the folder")
    everybody(life)
    account.leave_folder(a.replica, a.vault)
    held = a.replica.disk.held["module", KEY]
    assert (held.record.get("name"), held.pending, held.etag, held.base) == ("of the folder", True, "x" * 22, record)
    assert a.vault.entries == {}
    assert stamp


def test_a_folder_that_cannot_be_written_loses_nothing(life: Schedule) -> None:
    a, b, _ = life.devices

    def full(_name: str) -> None:
        raise FileError("The folder is full.")

    a.replica.act("module", KEY, name="of A")
    a.files.before_write = full
    with pytest.raises(FileError):
        a.run()
    a.files.before_write = lambda _: None
    everybody(life)
    assert b.replica.record("module", KEY).get("name") == "of A"
