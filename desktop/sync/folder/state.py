"""The sync state of a profile's folder, stored beside the records in the transaction that changes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from desktop.domain.records.records import Record
from desktop.sync.folder.receiving import Tokens, ValueId, covers, tokens_from_json, value_id
from desktop.sync.repository import Transaction

STATE = "folder.state"
KEYRING = "folder.keyring"  # memo: this device's keyring file as last written
_LOOSE = "folder.loose"  # memo: values of stored records that no vector covers, by record and field
_OVER = "folder.over"  # memo: values of that sort that were replaced by a device that had seen them
_WROTE = "folder.wrote"  # memos, one for each generation: the identities of all files written

# The status of a file: `UNREAD` was opened but not merged yet, `GAP` waits for a part before it.
MERGED, UNREAD, GAP, DAMAGED, OTHER, NEWER, NO_KEY = "merged", "unread", "gap", "damaged", "other", "newer", "no key"

FieldValueIds = dict[str, dict[str, list[ValueId]]]


@dataclass(slots=True)
class FileMark:
    """A file of the folder as it was at the last check. `place` is (generation, part, counter)."""

    size: int
    modified: int
    identity: str
    status: str
    file: str = ""
    place: tuple[int, int, int] = (-1, -1, -1)


@dataclass(slots=True)
class Peer:
    """Another device. `mark` is the highest place that was read, `seen` its vector there."""

    device: str
    label: str
    mark: tuple[int, int, int]
    seen: dict[str, int]
    gap_since: float = 0.0


@dataclass(slots=True)
class FolderState:
    """What a profile stores about its folder.

    - `file`, `device`, `label`: this device's file id, stamp name and label.
    - `seen`: the vector of this profile: by stamp name, the highest counter up to which all acts are included here.
    - `tokens`: by stamp name, the known tokens drawn up to that counter.
    - `forked`: stamp names that two profiles have used.
    - `parts`: the identities of this generation's files.
    - `growing`: the names of the records in the last part, None if it is frozen.
    - `published`: this device's counter as of its last write, `published_seen` the vector written with it.
    - `history`: counters and times of the writes, newest last.
    - `merged`: file id and place of the files that were read, by identity.
    - `gone`: the number of live records that other devices deleted since `quiet_since`, when `quiet_live` were live.
    - `old`: this device's files of earlier generations that still have to be deleted.
    """

    account: str
    file: str
    device: str
    label: str
    generation: int = -1
    parts: list[str] = field(default_factory=list)
    growing: list[tuple[str, str]] | None = None
    is_whole: bool = False  # if False, this device's files are incomplete, and a new generation is due
    seen: dict[str, int] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=dict)
    forked: list[str] = field(default_factory=list)
    published: int = 0
    published_at: float = 0.0
    published_seen: dict[str, int] | None = None
    history: list[tuple[int, float]] = field(default_factory=list)
    files: dict[str, FileMark] = field(default_factory=dict)
    merged: dict[str, tuple[str, int, int, int]] = field(default_factory=dict)
    peers: dict[str, Peer] = field(default_factory=dict)
    gone: int = 0
    quiet_live: int = 0
    quiet_since: float = 0.0
    old: list[str] = field(default_factory=list)
    has_loose: bool = False

    def restart_as(self, file: str, device: str) -> None:
        """Continues as another device, with a new file id and stamp name; a full snapshot is due."""
        self.file, self.device = file, device
        self.generation, self.parts, self.growing, self.is_whole = -1, [], None, False
        self.published, self.history, self.old = 0, [], []


def load_state(transaction: Transaction) -> FolderState | None:
    """The stored state, or None if this profile syncs through no folder."""
    text = transaction.memo(STATE)
    if text is None:
        return None
    plain: dict[str, Any] = json.loads(text)
    plain["files"] = {
        name: FileMark(**(each | {"place": tuple(each["place"])})) for name, each in plain["files"].items()
    }
    plain["peers"] = {name: Peer(**(each | {"mark": tuple(each["mark"])})) for name, each in plain["peers"].items()}
    growing = plain["growing"]
    plain["growing"] = None if growing is None else [(kind, key) for kind, key in growing]
    plain["merged"] = {identity: tuple(each) for identity, each in plain["merged"].items()}
    plain["tokens"] = tokens_from_json(plain.get("tokens", {}))
    plain["history"] = [(counter, at) for counter, at in plain["history"]]
    return FolderState(**plain)


def save_state(transaction: Transaction, state: FolderState) -> None:
    plain = {each.name: getattr(state, each.name) for each in fields(state)}
    plain["files"] = {name: _shallow(mark) for name, mark in state.files.items()}
    plain["peers"] = {name: _shallow(peer) for name, peer in state.peers.items()}
    transaction.set_memo(STATE, json.dumps(plain, separators=(",", ":")))


def _shallow(value: FileMark | Peer) -> dict[str, Any]:
    """As `dataclasses.asdict`, but shallow: deep copies take as long as all the rest of a run without changes."""
    return {each.name: getattr(value, each.name) for each in fields(value)}


def written_identities(transaction: Transaction, state: FolderState, generation: int) -> list[str]:
    """The identities of the files that this device wrote in a generation, oldest first."""
    return (transaction.memo(f"{_WROTE}.{state.file}.{generation}") or "").split()


def add_written_identity(transaction: Transaction, state: FolderState, identity: str) -> None:
    """Stores the identity of a file that this device writes in the current generation."""
    name = f"{_WROTE}.{state.file}.{state.generation}"
    transaction.set_memo(name, f"{transaction.memo(name) or ''} {identity}".strip())


def name_text(name: tuple[str, str]) -> str:
    return f"{name[0]} {name[1]}"


def _load_ids(transaction: Transaction, memo: str) -> FieldValueIds:
    plain: Mapping[str, Mapping[str, Any]] = json.loads(transaction.memo(memo) or "{}")
    return {
        record: {name: [(counter, device, digest) for counter, device, digest in found] for name, found in each.items()}
        for record, each in plain.items()
    }


def _save_ids(transaction: Transaction, memo: str, ids: FieldValueIds) -> None:
    plain = {record: by_field for record, by_field in ids.items() if by_field}
    transaction.set_memo(memo, json.dumps(plain, separators=(",", ":")) if plain else None)


def load_uncovered(transaction: Transaction) -> FieldValueIds:
    return _load_ids(transaction, _LOOSE)


def save_uncovered(transaction: Transaction, loose: FieldValueIds) -> None:
    _save_ids(transaction, _LOOSE, loose)


def load_replaced(transaction: Transaction) -> FieldValueIds:
    return _load_ids(transaction, _OVER)


def save_replaced(transaction: Transaction, over: FieldValueIds) -> None:
    _save_ids(transaction, _OVER, over)


def forget_folder(transaction: Transaction) -> None:
    """Removes everything that is stored about the folder."""
    state = load_state(transaction)
    if state is not None:
        for generation in range(state.generation + 1):
            transaction.set_memo(f"{_WROTE}.{state.file}.{generation}", None)
    for memo in (STATE, KEYRING, _LOOSE, _OVER):
        transaction.set_memo(memo, None)


def note_uncovered(loose: FieldValueIds, name: str, record: Record, seen: Mapping[str, int]) -> None:
    """Updates, for one record, the fields whose values no vector covers."""
    found = {
        field: [value_id(each)]
        for field, each in record.fields.items()
        if each.stamp.counter and not covers(seen, each.stamp)
    }
    if found:
        loose[name] = found
    else:
        loose.pop(name, None)


def add_value_ids(over: FieldValueIds, name: str, more: Mapping[str, Iterable[ValueId]]) -> None:
    known = over.setdefault(name, {})
    for name_of_field, stamps in more.items():
        known[name_of_field] = sorted({*known.get(name_of_field, ()), *stamps})
