"""Random schedules of three devices at one folder, and the invariants that must hold at the end of each.

Every value that is written is unique. A value may disappear only if somebody who had it replaced it; if it lost
otherwise, a conflict record has to hold it. A new device, which sees nothing but the folder, has to see what all
devices have.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from unittest import mock

from desktop.domain.records.records import Stamp, canonical_json
from desktop.sync.folder import account
from desktop.sync.folder.account import FolderAccount
from desktop.sync.folder.engine import FolderEngine, new_file_id
from desktop.sync.folder.receiving import covers
from desktop.sync.folder.state import load_state
from tests.sync.folder.cloud import Cloud, MemoryFiles
from tests.sync.memory import Crash, Disk, MemoryReplica, MemoryVault, reset_names

PASSWORD = "three words together"
_KEYS = ("2026/COS 212", "2026/COS 214", "2026/COS 226")
_FIELDS = ("name", "colour")


@dataclass
class Device:
    label: str
    files: MemoryFiles
    replica: MemoryReplica
    vault: MemoryVault
    account: FolderAccount
    new_id: Callable[[], str] = new_file_id
    engine: FolderEngine = field(init=False)
    clock: float = 1_000_000.0

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.engine = FolderEngine(self.replica, self.files, self.account, lambda: self.clock, self.new_id)

    def restart(self) -> None:
        """Starts a new process over what the disk has."""
        opened = account.open_account(self.replica, self.vault, self.files)
        assert opened is not None
        self.account = opened
        self.start()

    def run(self) -> None:
        self.engine.run(agreed=True, wipe="accept")

    @property
    def state(self) -> object:
        with self.replica.transaction() as transaction:
            return load_state(transaction)


class Schedule:
    """One schedule."""

    def __init__(self, seed: int, *, faults: bool = True) -> None:
        reset_names()
        self.random = Random(seed)
        self.ids = Random(f"ids {seed}")  # files are read in the order of their names, and these hold ids
        self.draws = Random(f"draws {seed}")
        self.faults = faults
        self.cloud = Cloud(self.random)
        self.values = itertools.count()
        self.replaced: set[str] = set()  # values that somebody who had them replaced
        self.written: dict[str, tuple[str, str]] = {}  # where each value was written
        self.lost_with_disk: set[str] = set()  # values that went with a disk before anybody else had them
        self.disk: dict[int, tuple[Disk, set[str]]] = {}
        self.seen: dict[str, tuple[Stamp, dict[str, int]]] = {}  # what the writer of a value had seen
        self.needless: list[str] = []
        self.forks = 0
        files, replica, vault = self.cloud.add_view(), MemoryReplica(), MemoryVault()
        with mock.patch.object(account, "new_file_id", self.new_id):
            made, _ = account.create_account(replica, vault, files, PASSWORD, "A")
        self.devices = [Device("A", files, replica, vault, made, self.draw)]
        self.devices[0].run()
        self.cloud.settle()
        for label in "BC":
            self.devices.append(self.add_device(label))

    def add_device(self, label: str) -> Device:
        files, replica, vault = self.cloud.add_view(), MemoryReplica(), MemoryVault()
        self.cloud.settle()
        with mock.patch.object(account, "new_file_id", self.new_id):
            joined = account.join_by_password(replica, vault, files, PASSWORD, label)
        device = Device(label, files, replica, vault, joined, self.draw)
        device.run()
        return device

    def new_id(self) -> str:
        """Returns an id that looks random, and is the same at every replay of a schedule."""
        return f"{self.ids.getrandbits(128):032x}"

    def draw(self) -> str:
        """Draws a random value for a device: from its own source, so that files keep their names."""
        return f"{self.draws.getrandbits(128):032x}"

    # what happens

    def run(self, steps: int) -> None:
        ways = [
            self.act,
            self.act,
            self.act,
            self.sync,
            self.sync,
            self.sync,
            self.upload,
            self.deliver_all,
            self.deliver_all,
        ]
        if self.faults:
            ways += [self.disturb, self.disturb, self.delete, self.crash, self.jump, self.keep_disk, self.restore]
            ways += [self.copy]
        for _ in range(steps):
            self.random.choice(ways)(self.random.choice(self.devices))

    def act(self, device: Device) -> None:
        key, name = self.random.choice(_KEYS), self.random.choice(_FIELDS)
        before = device.replica.record("module", key).get(name)
        if before is not None:
            self.replaced.add(before)
        value = f"v{next(self.values)}"
        self.written[value] = (key, name)
        with device.replica.transaction() as transaction:
            state = load_state(transaction)
        stamp = device.replica.act("module", key, **{name: value})
        self.seen[value] = stamp, {} if state is None else dict(state.seen)

    def delete(self, device: Device) -> None:
        key = self.random.choice(_KEYS)
        if not device.replica.record("module", key).fields:
            return
        device.replica.delete("module", key)

    def sync(self, device: Device) -> None:
        device.run()

    def upload(self, device: Device) -> None:
        self.cloud.upload(device.files)

    def deliver_all(self, device: Device) -> None:
        """Delivers all that is in the cloud, as mostly happens."""
        for name, versions in self.cloud.versions.items():
            if name not in device.files.written:
                device.files.put(name, versions[-1])

    def disturb(self, device: Device) -> None:
        self.cloud.disturb(device.files)

    def jump(self, device: Device) -> None:
        device.clock += self.random.choice((-400, 1, 20, 400)) * 86_400

    def crash(self, device: Device) -> None:
        """Ends the process between the transaction and the file."""

        def die(_name: str) -> None:
            raise Crash

        device.files.before_write = die
        with contextlib.suppress(Crash):
            device.run()
        device.files.before_write = lambda _: None
        device.restart()

    def keep_disk(self, device: Device) -> None:
        self.disk[id(device)] = device.replica.disk.copied(), set(self.written)

    def restore(self, device: Device) -> None:
        """Restores the profile from a backup: what it did since then is in the folder at most."""
        kept = self.disk.pop(id(device), None)
        if kept is None:
            return
        self.cloud.upload(device.files)
        self.forks += 1
        known = set(self.written)
        device.replica.disk = kept[0]
        self.lost_with_disk |= {value for value in known - kept[1] if not self._is_anywhere(value)}
        device.restart()

    def copy(self, device: Device) -> None:
        """Copies the profile with its name in stamps, so that two machines use it from now on."""
        if len(self.devices) > 3:
            return
        self.forks += 1
        vault = MemoryVault()
        vault.entries = dict(device.vault.entries)
        replica = MemoryReplica(device.replica.disk.copied())
        other = Device(device.label + "'", self.cloud.add_view(), replica, vault, device.account, self.draw)
        for name, content in device.files.content.items():
            other.files.put(name, content)
        other.restart()
        self.devices.append(other)

    def _is_anywhere(self, value: str) -> bool:
        """Whether a value survives the loss of a disk: on another machine."""
        return any(
            each.value == value
            for device in self.devices
            for held in device.replica.everything()
            for each in held.record.fields.values()
        )

    # what has to be true

    def settle(self) -> None:
        for _ in range(8):
            for device in self.devices:
                self.cloud.settle()
                device.clock += 100
                device.run()
        for device in self.devices:  # an act of everybody carries what was only merged
            device.clock += 15 * 86_400
            device.run()
        for _ in range(3):
            for device in self.devices:
                self.cloud.settle()
                device.run()

    def check(self) -> None:
        self.settle()
        self.devices.append(self.add_device("new"))
        self.settle()
        everybody = self.devices
        first = everybody[0].replica
        for other in everybody[1:]:
            assert _fields(other.replica) == _fields(first), f"{other.label} has something else than A"
        standing = {first.record("module", key).get(name) for key in _KEYS for name in _FIELDS}
        lost = {held.record.get("value") for held in first.everything() if held.record.kind == "conflict"}
        missing = self.written.keys() - standing - lost - self.replaced - self.lost_with_disk
        assert not missing, f"{sorted(missing)} went without a trace"
        self.needless = sorted(each for each in lost if not self._was_contested(each))

    def _was_contested(self, value: str) -> bool:
        """Whether somebody set the same field without having seen the value, nor its writer having seen theirs."""
        stamp, seen = self.seen[value]
        return any(
            self.written[value] == self.written[other]
            and stamp.device != theirs.device
            and not covers(seen, theirs)
            and not covers(seen_there, stamp)
            for other, (theirs, seen_there) in self.seen.items()
        )


def _fields(replica: MemoryReplica) -> dict[object, str]:
    return {held.record.name: canonical_json(held.record.to_json()) for held in replica.everything()}
