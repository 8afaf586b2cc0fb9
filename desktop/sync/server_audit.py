"""Compares the server's data with what this device and the others know of the account.

Once a day, and whenever another device's digest arrives, the audit checks whether the server's rows are those that
this device wrote or read there, whether this device has everything that the others know (`state_digest`), and whether
they receive what it wrote. Deviations are stored as findings, and records that the server lost are sent again. An
honest server never causes a finding of misbehaviour: after a restore, a failover or forgotten deletions every device
reads everything again, and no state from before is compared with one from after.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace

from desktop.domain.records.merge import STATE_DIGEST, HeldRecord
from desktop.domain.records.records import Record
from desktop.sync import sign_ins, wire
from desktop.sync.account import seen_keyring
from desktop.sync.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from desktop.sync.cipher import RecordCipher
from desktop.sync.findings import Finding, note_finding
from desktop.sync.incoming import PART
from desktop.sync.ports import Keys, Remote
from desktop.sync.repository import SyncRepository, Transaction
from desktop.sync.state_digest import StateDigest, count_behind, digest_from_record, raise_weight, short_id, weight_of

DAY_SECONDS = 86_400.0
_COMPARED = "sync.compared"  # memo: what is known of the digests since this device last read everything
_AUDITED = "sync.audited"  # memo: the account, and the time of the last comparison with the manifest


@dataclass(slots=True)
class _Peer:
    """The last digest of another device.

    `sequence` is its number, `had` the number of this device's own digest that the server had when it arrived. Any
    later digest of that device must include that one among those it has seen.
    """

    sequence: int
    had: int


@dataclass(slots=True)
class _Compared:
    """What the last comparison of digests found.

    `own` is the number of this device's last digest that the server had then, under the record key `key`; `keyring`
    the newest keyring version that any digest named.
    """

    account: str
    epoch: str
    key: str = ""
    own: int = 0
    keyring: int = 0
    peers: dict[str, _Peer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _State:
    """The local records: weights by short id of the versions stored here and of those known to be on the server."""

    here: Mapping[bytes, int]
    there: Mapping[bytes, int]
    by_id: Mapping[str, HeldRecord]
    digests: Mapping[str, HeldRecord]
    labels: Mapping[str, str]  # of devices, by the server's ids


def reset_comparison(transaction: Transaction) -> None:
    """Discards what is known of the digests, before everything is read again."""
    transaction.set_memo(_COMPARED, None)


def note_return(transaction: Transaction, checkpoint: Checkpoint, head: wire.Head) -> None:
    """Notes a finding when the cursor is invalid: the server was restored (a new epoch), or hides a rollback."""
    is_hidden = (
        checkpoint.epoch == head.epoch
        and checkpoint.cursor is not None
        and wire.cursor_number(checkpoint.cursor) > head.head
    )
    if checkpoint.epoch is not None:
        note_finding(transaction, checkpoint.account, Finding.ROLLED_BACK if is_hidden else Finding.RESTORED)


def check_keyring(repository: SyncRepository, account: str, theirs: wire.Keyring) -> None:
    """Notes a finding if the server's keyring is older than the one last seen.

    Within one epoch a keyring can only become newer. Its version is authenticated together with its keys.
    """
    seen = seen_keyring(repository, account)
    if seen is not None and theirs.version < seen.version:
        with repository.transaction() as transaction:
            note_finding(transaction, account, Finding.OLD_KEYRING)


class ServerAudit:
    """Audits one account for one profile."""

    def __init__(
        self,
        repository: SyncRepository,
        remote: Remote,
        keys: Keys,
        device: str,
        *,
        interval_seconds: float = DAY_SECONDS,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._repository = repository
        self._remote = remote
        self._keys = keys
        self._device = device
        self._interval_seconds = interval_seconds
        self._clock = clock or time.time

    def run(self, changed: Collection[tuple[str, str]]) -> bool:
        """Audits the server if that is due; True if another sync is needed, to send or to read everything again.

        Call it after a completed sync; `changed` names the records that it changed here. Raises NotAllowed,
        NotReachable.
        """
        account = self._keys.account
        with self._repository.transaction() as transaction:
            known, at = json.loads(transaction.memo(_AUDITED) or '["", 0]')
        is_due = known != account or not 0 <= self._clock() - at < self._interval_seconds
        if not is_due and not any(kind == STATE_DIGEST for kind, _ in changed):
            return False
        manifest = self._remote.manifest() if is_due else None
        keyring = seen_keyring(self._repository, account)
        cipher = self._keys.cipher()
        with self._repository.transaction() as transaction:
            checkpoint = load_checkpoint(transaction, account)
            if checkpoint.cursor is None or checkpoint.returning or transaction.pending(1) or keyring is None:
                return False  # not in sync (any more)
            state = _state(transaction, cipher)
            version = keyring.version
            self._compare(transaction, checkpoint, state, version)
            if manifest is None or (manifest.epoch, manifest.cursor) != (checkpoint.epoch, checkpoint.cursor):
                return False
            transaction.set_memo(_AUDITED, json.dumps([account, self._clock()]))
            if self._differs_from_manifest(transaction, state, manifest):
                save_checkpoint(transaction, replace(checkpoint, cursor=None, returning="epoch", tag=None))
                reset_comparison(transaction)
                return True
            return self._write(transaction, checkpoint, state, version)

    # the other devices

    def _compare(self, transaction: Transaction, checkpoint: Checkpoint, state: _State, keyring: int) -> None:
        own_key = transaction.device()
        compared = _load(transaction, checkpoint)
        is_first = compared is None
        before = compared or _Compared(checkpoint.account, checkpoint.epoch or "")
        if before.keyring > keyring:
            note_finding(transaction, checkpoint.account, Finding.OLD_KEYRING)
        own = _in_force(digest_from_record(_acknowledged(state.digests.get(own_key))), checkpoint)
        if before.key != own_key:  # the profile was copied and renamed: no device has seen digests under its new name
            before = replace(before, own=0, peers={key: _Peer(each.sequence, 0) for key, each in before.peers.items()})
        unread = {short_id(each.record_id) for each in transaction.set_asides() if each.reason != PART}
        peers = dict(before.peers)
        newest = before.keyring
        for key, held in state.digests.items():
            digest = _in_force(digest_from_record(held.record), checkpoint)
            known = before.peers.get(key)
            if key == own_key or digest is None or (known is not None and digest.sequence <= known.sequence):
                continue
            newest = max(newest, digest.keyring)
            peers[key] = _Peer(digest.sequence, before.own)
            if is_first:
                continue
            missing = count_behind(digest, state.here, unread)
            is_left_out = known is not None and digest.seen.get(own_key, 0) < known.had
            if missing or is_left_out:
                label = state.labels.get(digest.device, "")
                note_finding(transaction, checkpoint.account, Finding.SPLIT_VIEW, label, missing)
        after = replace(before, key=own_key, own=own.sequence if own else 0, keyring=newest, peers=peers)
        transaction.set_memo(_COMPARED, json.dumps(asdict(after), sort_keys=True))

    # the server's rows

    def _differs_from_manifest(self, transaction: Transaction, state: _State, manifest: wire.Manifest) -> bool:
        """True if the server's rows differ from those this device wrote or read. A deleted row may be missing."""
        asides = transaction.set_asides()
        unread = {each.record_id for each in asides if each.reason != PART}
        gone = sum(each.reason == PART and each.record_id not in manifest.etags for each in asides)
        other = sum(
            record_id not in state.by_id and all(each.record_id != record_id for each in asides)
            for record_id in manifest.etags
        )
        for record_id, held in state.by_id.items():
            if held.etag is None or held.pending or held.refused is not None or record_id in unread:
                continue
            etag = manifest.etags.get(record_id)
            gone += etag is None and not held.record.is_deleted
            other += etag is not None and etag != held.etag
        if other:
            note_finding(transaction, self._keys.account, Finding.ROLLED_BACK, records=other + gone)
        elif gone:
            note_finding(transaction, self._keys.account, Finding.LOST_RECORDS, records=gone)
        return bool(gone or other)

    # this device's digest

    def _write(self, transaction: Transaction, checkpoint: Checkpoint, state: _State, keyring: int) -> bool:
        key = transaction.device()
        held = state.digests.get(key)
        last = digest_from_record(None if held is None else held.record)
        if _in_force(last, checkpoint) is not None and last is not None and last.weights == state.there:
            return False
        if last is None and not state.there:
            return False
        seen = {
            other: digest.sequence
            for other, each in state.digests.items()
            if other != key and (digest := _in_force(digest_from_record(each.record), checkpoint)) is not None
        }
        sequence = 1 if last is None else last.sequence + 1
        new = StateDigest(
            checkpoint.account, self._device, checkpoint.epoch or "", sequence, keyring, state.there, seen
        )
        transaction.put(new.held(key, transaction.next_stamp(), held))
        return True


def _state(transaction: Transaction, cipher: RecordCipher) -> _State:
    here: dict[bytes, int] = {}
    there: dict[bytes, int] = {}
    by_id, digests, labels = {}, {}, {}
    for held in transaction.all_held():
        record_id = cipher.record_id(*held.record.name)
        by_id[record_id] = held
        if held.record.kind == STATE_DIGEST:
            digests[held.record.key] = held
            continue
        raise_weight(here, short_id(record_id), weight_of(held.record))
        if held.etag is not None and held.base is not None and not held.base.is_deleted:
            raise_weight(there, short_id(record_id), weight_of(held.base))
        if held.record.kind == sign_ins.KIND:
            labels[str(held.record.get("device"))] = str(held.record.get("label"))
    return _State(here, there, by_id, digests, labels)


def _in_force(digest: StateDigest | None, checkpoint: Checkpoint) -> StateDigest | None:
    """The digest if it belongs to this account and epoch, else None."""
    if digest is None or (digest.account, digest.epoch) != (checkpoint.account, checkpoint.epoch):
        return None
    return digest


def _acknowledged(held: HeldRecord | None) -> Record | None:
    """The record if the server has this version of it, else None."""
    return None if held is None or held.pending or held.etag is None else held.record


def _load(transaction: Transaction, checkpoint: Checkpoint) -> _Compared | None:
    text = transaction.memo(_COMPARED)
    if text is None:
        return None
    plain = json.loads(text)
    compared = _Compared(**{**plain, "peers": {key: _Peer(**each) for key, each in plain["peers"].items()}})
    is_current = (compared.account, compared.epoch) == (checkpoint.account, checkpoint.epoch)
    return compared if is_current else None
