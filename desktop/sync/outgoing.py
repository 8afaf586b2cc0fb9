"""Batches for the server: chooses and seals the versions to send, and applies the server's response to the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from desktop.domain.errors import InvalidInput
from desktop.domain.records.merge import HeldRecord, SentVersion, acknowledge, clear_server_version
from desktop.sync import envelope
from desktop.sync.cipher import RecordCipher
from desktop.sync.client import batch_body
from desktop.sync.incoming import PART, row_of, set_aside
from desktop.sync.problem_errors import OverQuota, RecordRefused
from desktop.sync.repository import Transaction
from desktop.sync.wire import BATCH_RECORDS, REQUEST_BYTES, Push, ServerRecord, new_id

_ROOM = REQUEST_BYTES - 4096
_OVERHEAD = 320  # estimated bytes of one record in a batch, besides its blob


@dataclass(frozen=True, slots=True)
class OutgoingRecord:
    """One push and the version of a record in it; `name` is None for a piece, or for a row that was set aside."""

    push: Push
    name: tuple[str, str] | None = None
    sent: SentVersion | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A request that can be repeated safely: with the same idempotency key and the same bytes."""

    key: str
    epoch: str
    body: bytes
    items: tuple[OutgoingRecord, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all rows in the batch."""
        return frozenset(item.push.row.id for item in self.items)


@dataclass(frozen=True, slots=True)
class ChosenVersions:
    """Versions that are marked as sent, but not sealed yet."""

    held: tuple[HeldRecord, ...]
    kept: tuple[ServerRecord, ...]  # rows set aside here that the server has lost
    known: frozenset[str]  # ids of pieces that the server has


def choose_versions(transaction: Transaction, lost: Iterable[str], max_records: int) -> ChosenVersions:
    """Chooses what is sent next and marks it. `lost` are the ids of rows set aside here that the server has lost."""
    chosen = []
    for held in transaction.pending(min(max_records, BATCH_RECORDS)):
        marked = held if held.sent is not None else replace(held, sent=SentVersion(new_etag(held), held.record))
        if marked is not held:
            transaction.put(marked)
        chosen.append(marked)
    asides = transaction.set_asides()
    gone = set(lost)
    kept = tuple(row_of(item) for item in asides if item.record_id in gone)
    known = frozenset(item.record_id for item in asides if item.reason == PART and item.record_id not in gone)
    return ChosenVersions(tuple(chosen), kept[:max_records], known)


def new_etag(_: HeldRecord) -> str:
    """The etag of a new version: random, since a counter would repeat on a restored server (R7)."""
    return new_id()


def make_batch(
    chosen: ChosenVersions, cipher: RecordCipher, epoch: str
) -> tuple[Batch | None, dict[tuple[str, str], str]]:
    """Seals as many of the versions as fit into one request.

    Also returns the records that cannot be sent at all: the reason by name.
    """
    items: list[OutgoingRecord] = []
    room = _ROOM
    there = set(chosen.known)
    for row in chosen.kept:
        item = OutgoingRecord(Push(row, None))
        if len(items) == BATCH_RECORDS or _weight(item) > room:
            return _batch(epoch, items), {}
        items.append(item)
        room -= _weight(item)
    impossible: dict[tuple[str, str], str] = {}
    for held in chosen.held:
        record = _sent(held).record
        try:
            sealed = list(_seal(held, cipher, there))
        except InvalidInput as wrong:
            impossible[record.name] = str(wrong)
            continue
        for item in sealed:
            if len(items) == BATCH_RECORDS or _weight(item) > room:
                return _batch(epoch, items), impossible
            items.append(item)
            room -= _weight(item)
            there.add(item.push.row.id)
    return _batch(epoch, items), impossible


def _seal(held: HeldRecord, cipher: RecordCipher, there: set[str]) -> Iterable[OutgoingRecord]:
    sent = _sent(held)
    record = sent.record
    record_id = cipher.record_id(record.kind, record.key)
    packed = envelope.pack(record, lambda piece: cipher.part_id(record_id, piece))
    for part_id, plain in packed.pieces.items():
        if part_id not in there:
            yield OutgoingRecord(
                Push(cipher.seal(part_id, new_id(), deleted=False, schema=envelope.SCHEMA, plain=plain), None)
            )
    row = cipher.seal(record_id, sent.etag, deleted=record.is_deleted, schema=envelope.SCHEMA, plain=packed.plain)
    yield OutgoingRecord(Push(row, held.etag), record.name, sent)


def _sent(held: HeldRecord) -> SentVersion:
    if held.sent is None:
        raise ValueError(f"{held.record.name} is not on its way")
    return held.sent


def _weight(item: OutgoingRecord) -> int:
    return len(item.push.row.blob) * 4 // 3 + _OVERHEAD


def _batch(epoch: str, items: list[OutgoingRecord]) -> Batch | None:
    if not items:
        return None
    return Batch(new_id(), epoch, batch_body(epoch, [item.push for item in items]), tuple(items))


def mark_accepted(transaction: Transaction, items: Iterable[OutgoingRecord]) -> int:
    """Marks these items as accepted by the server; returns how many records they are."""
    settled = 0
    for item in items:
        if item.name is None:
            _keep_piece(transaction, item.push.row)
            continue
        held = transaction.held(*item.name)
        if held is not None and held.sent is not None and held.sent.etag == item.push.row.etag:
            transaction.put(acknowledge(held, held.sent))
            settled += 1
    return settled


def _keep_piece(transaction: Transaction, row: ServerRecord) -> None:
    """Sets a piece that the server has aside here too, so that a later version can refer to it without sending it."""
    if all(item.record_id != row.id for item in transaction.set_asides()):
        transaction.set_aside(set_aside(row, PART))


def mark_as_new(transaction: Transaction, item: OutgoingRecord) -> None:
    """Marks a record to be sent as a new one, since the server does not have it (any more)."""
    held = None if item.name is None else transaction.held(*item.name)
    if held is not None:
        transaction.put(clear_server_version(held))


def mark_refused(transaction: Transaction, reasons: Mapping[tuple[str, str], str]) -> None:
    """Marks records as refused, with the reason, so that they do not block the others."""
    for name, why in reasons.items():
        held = transaction.held(*name)
        if held is not None:
            transaction.put(replace(held, refused=why, sent=None))


def refused_by(refusal: RecordRefused | OverQuota, batch: Batch) -> dict[tuple[str, str], str]:
    """The records of a batch that the server refused: the reason by name; empty if they cannot be identified."""
    meant: list[OutgoingRecord] = []
    if isinstance(refusal, RecordRefused):
        meant = [
            item
            for at, item in enumerate(batch.items)
            if at in refusal.indexes or item.push.row.id == refusal.record_id
        ]
    else:
        room = refusal.room
        for item in batch.items:
            if item.push.row.deleted or (refusal.quota == "records" and item.push.base is not None):
                continue
            room -= 1 if refusal.quota == "records" else len(item.push.row.blob)
            if room < 0:
                meant.append(item)
    if not meant and len(batch.items) == 1:
        meant = list(batch.items)
    return {item.name: str(refusal) for item in meant if item.name is not None}
