"""Rows from the server: opens them, and joins them into the local records in one transaction (R9).

Opening takes time, so it can be done outside of the transaction; joining reads the local row again inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from desktop.domain.records.merge import HeldRecord, UnreadableRecord, acknowledge, receive
from desktop.domain.records.records import Record
from desktop.sync import envelope
from desktop.sync.cipher import DataKeyMissing, DecryptionFailed, RecordCipher
from desktop.sync.mass_delete_guard import becomes_deleted, undeleted
from desktop.sync.repository import Transaction
from desktop.sync.wire import ServerRecord

NEWER, DAMAGED, NO_KEY, INCOMPLETE, PART = "newer", "damaged", "no key", "incomplete", "part"

_HELD_BACK = {
    NEWER: "A newer version of the program changed this on another device. Update the program to change it here.",
    NO_KEY: "Another device changed this with a key that has not arrived here yet.",
    INCOMPLETE: "A part of what another device wrote has not arrived here yet.",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened row: its record, its piece of a large record, or the `reason` why it cannot be read."""

    row: ServerRecord
    record: Record | None = None
    piece: bytes | None = None
    reason: str = ""


def open_rows(rows: Iterable[ServerRecord], cipher: RecordCipher, pieces: dict[str, bytes]) -> list[Opened]:
    """Opens rows in the server's order. `pieces` has known pieces by id; those found in the rows are added to it."""
    opened = []
    for row in rows:
        each = _open(row, cipher, pieces)
        if each.piece is not None:
            pieces[row.id] = each.piece
        opened.append(each)
    return opened


def _open(row: ServerRecord, cipher: RecordCipher, pieces: dict[str, bytes]) -> Opened:
    if row.schema > envelope.SCHEMA:
        return Opened(row, reason=NEWER)
    try:
        plain = cipher.open(row)
        piece = envelope.piece_of(plain)
        if piece is not None:
            return Opened(row, piece=piece)
        record = envelope.unpack(plain, pieces.get)
    except DataKeyMissing:
        return Opened(row, reason=NO_KEY)
    except envelope.MissingParts:
        return Opened(row, reason=INCOMPLETE)
    except (DecryptionFailed, envelope.Unreadable):
        return Opened(row, reason=DAMAGED)
    if cipher.record_id(record.kind, record.key) != row.id:
        return Opened(row, reason=DAMAGED)  # only a device of this account could have written this
    return Opened(row, record=record)


def kept_pieces(transaction: Transaction, cipher: RecordCipher) -> dict[str, bytes]:
    """The pieces of large records that are set aside here, by id."""
    kept = (row_of(item) for item in transaction.set_asides() if item.reason == PART)
    return {each.row.id: each.piece for each in open_rows(kept, cipher, {}) if each.piece is not None}


def row_of(item: UnreadableRecord) -> ServerRecord:
    """The server's row that was set aside."""
    return ServerRecord(item.record_id, item.etag, item.deleted, item.key_id, item.schema, item.sealed)


def set_aside(row: ServerRecord, reason: str) -> UnreadableRecord:
    """A row as the value that is set aside."""
    return UnreadableRecord(row.id, row.etag, row.deleted, row.schema, row.key, row.blob, reason)


class RecordJoiner:
    """Joins opened rows into the local records. Make a new one for each transaction."""

    def __init__(
        self, transaction: Transaction, cipher: RecordCipher, *, restored: bool = False, revive: bool = False
    ) -> None:
        self._transaction = transaction
        self._cipher = cipher
        self._restored = restored
        self._revive = revive  # the user decided to keep the records that are being deleted
        self._device = transaction.device()
        self._waiting = {item.record_id for item in transaction.set_asides()}
        self._names: dict[str, tuple[str, str]] | None = None
        self.changed: set[tuple[str, str]] = set()
        self.conflicts = 0

    def join_rows(self, opened: Sequence[Opened]) -> None:
        """Joins the rows in their order."""
        foreign = False
        counter = 0
        for each in opened:
            if each.piece is not None:
                self._transaction.set_aside(set_aside(each.row, PART))
            elif each.record is None:
                self._keep_unread(each)
            else:
                counter = max(counter, each.record.stamp.counter)
                foreign |= self._join(each.row, each.record)
        if counter:
            self._transaction.observe_counter(counter)
        if foreign:
            # Another copy of this profile uses the same name in stamps; from now on this one has its own.
            self._device = self._transaction.renew_device()

    def _join(self, row: ServerRecord, record: Record) -> bool:
        transaction = self._transaction
        if row.id in self._waiting:
            transaction.remove_aside(row.id)
        held = transaction.held(*record.name)
        if held is not None and held.sent is not None and held.sent.etag == row.etag:
            transaction.put(acknowledge(held, held.sent))  # this device's own write, whose response was lost
            return False
        if held is not None and held.etag == row.etag and held.refused is None:
            return False
        received = receive(held, record, row.etag, self._device, restored=self._restored)
        now = replace(received.held, refused=None)
        if self._revive and becomes_deleted(held, now):
            now = undeleted(self._transaction, now)
        transaction.put(now)
        for lost in received.conflicts:
            self._add(lost)
        if received.changed:
            self.changed.add(record.name)
        return received.has_foreign_stamp

    def _add(self, lost: Record) -> None:
        before = self._transaction.held(*lost.name)
        if before is None:
            self._transaction.put(HeldRecord(lost))
            self.changed.add(lost.name)
            self.conflicts += 1

    def _keep_unread(self, each: Opened) -> None:
        self._transaction.set_aside(set_aside(each.row, each.reason))
        name = self._name_of(each.row.id)
        held = None if name is None else self._transaction.held(*name)
        if held is None or held.etag == each.row.etag:
            return
        if each.reason == DAMAGED:
            # No device can read it, so the local version replaces it.
            self._transaction.put(replace(held, etag=each.row.etag, pending=True, sent=None))
        else:
            self._transaction.put(replace(held, refused=_HELD_BACK[each.reason], sent=None))

    def _name_of(self, record_id: str) -> tuple[str, str] | None:
        if self._names is None:
            self._names = {
                self._cipher.record_id(*held.record.name): held.record.name for held in self._transaction.all_held()
            }
        return self._names.get(record_id)
