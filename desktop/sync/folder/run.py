"""The state that the parts of one folder sync run share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from desktop.domain.records.merge import HeldRecord
from desktop.domain.records.records import Stamp
from desktop.sync.folder.file_format import DataFile, Entry, FileHead, NotOurs, entry_from
from desktop.sync.folder.ports import FileStat, FolderFiles, FolderKeys
from desktop.sync.folder.rules import mark_forked
from desktop.sync.folder.state import FolderState, load_state
from desktop.sync.plan import SyncOutcome
from desktop.sync.repository import SyncRepository, Transaction

BULK_READ_LINES = 200  # lines; from this number on, all records are read at once

Name = tuple[str, str]


@dataclass(slots=True)
class FoundFile:
    """An opened file that is to be merged."""

    name: str
    file: DataFile
    entries: list[tuple[str, Entry]] | None = None

    @property
    def head(self) -> FileHead:
        return self.file.head


@dataclass(slots=True)
class FolderRun:
    """`lines` has the hashes of merged lines, kept between runs: the files of all devices have most lines in common."""

    repository: SyncRepository
    files: FolderFiles
    keys: FolderKeys
    clock: Callable[[], float]
    new_id: Callable[[], str]
    lines: set[int]
    listing: Mapping[str, FileStat] = field(default_factory=dict)
    changed: set[Name] = field(default_factory=set)
    outcome: SyncOutcome = field(default_factory=SyncOutcome)

    def state(self) -> FolderState:
        """The stored state as it is now."""
        with self.repository.transaction() as transaction:
            return require_state(transaction)

    def entries(self, found: FoundFile) -> list[tuple[str, Entry]]:
        """The records of a file whose lines were not merged before."""
        if found.entries is None:
            found.entries = [(line, entry_from(line)) for line in found.file.lines if hash(line) not in self.lines]
        return found.entries

    def fork(self, transaction: Transaction, state: FolderState) -> None:
        """Gives this profile a new file id and stamp name, since another copy of it uses the old ones."""
        mark_forked(state, [state.device])
        state.restart_as(self.new_id(), transaction.renew_device())
        self.keys.renew(state.file)


def require_state(transaction: Transaction) -> FolderState:
    state = load_state(transaction)
    if state is None:
        raise NotOurs
    return state


def bases_of(held: HeldRecord | None) -> dict[str, Stamp]:
    base = None if held is None else held.base
    return {} if base is None else {name: each.stamp for name, each in base.fields.items()}


def held_lookup(transaction: Transaction, lines: int) -> Callable[[Name], HeldRecord | None]:
    """A function that looks up a stored record; if many are needed, all are read at once."""
    if lines < BULK_READ_LINES:
        return lambda name: transaction.held(*name)
    found = {held.record.name: held for held in transaction.all_held()}
    return found.get
