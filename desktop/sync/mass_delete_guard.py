"""Detects the deletion of nearly all records at once, before it is applied or sent, and asks the user about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop.domain.errors import NeedsDecision
from desktop.domain.messages import msg
from desktop.domain.records.merge import HeldRecord, receive
from desktop.domain.records.records import DELETED, Record
from desktop.sync.plan import SYNC_KINDS
from desktop.sync.repository import Transaction

_LEAST = 5  # fewer deletions at once are ordinary
_SHARE = 0.8


class MassDeleteNeedsDecision(NeedsDecision):
    """Nearly everything would be deleted at once: here by another device, or on all others by this device."""

    def __init__(self, deleted: int, total: int, *, is_incoming: bool) -> None:
        template = (
            "Another device deleted {n} of {all} entries at once."
            if is_incoming
            else "This machine is about to delete everywhere {n} of {all} entries at once."
        )
        super().__init__(msg(template, n=deleted, all=total), "Delete them, or bring them back on all devices.")
        self.deleted = deleted
        self.total = total
        self.is_incoming = is_incoming


def may_be_mass_delete(deletions: int) -> bool:
    """True if there are enough deletions for the full check, which reads all records."""
    return deletions >= _LEAST


def check_incoming_deletions(transaction: Transaction, deletions: Sequence[tuple[Record, str]]) -> None:
    """Raises MassDeleteNeedsDecision if these deleted records (each with its etag) would delete nearly everything
    here."""
    device = transaction.device()
    gone = 0
    for record, etag in deletions:
        held = transaction.held(*record.name)
        if held is not None and is_made_by_user(record):
            gone += becomes_deleted(held, receive(held, record, etag, device).held)
    live = sum(1 for held in transaction.all_held() if is_made_by_user(held.record) and not held.record.is_deleted)
    if is_mass_delete(gone, live):
        raise MassDeleteNeedsDecision(gone, live, is_incoming=True)


def check_outgoing_deletions(transaction: Transaction, *, undo: bool) -> frozenset[tuple[str, str]]:
    """Raises MassDeleteNeedsDecision if the pending records would delete nearly everything on the other devices.

    With `undo`, the user's answer to that question, the deleted records are restored instead; returns their names.
    """
    every = list(transaction.all_held())
    leaving = [held for held in every if _is_leaving(held)]
    gone = sum(1 for held in leaving if is_made_by_user(held.record))
    live = sum(1 for held in every if is_made_by_user(held.record) and not held.record.is_deleted)
    if not is_mass_delete(gone, live + gone):
        return frozenset()
    if not undo:
        raise MassDeleteNeedsDecision(gone, live + gone, is_incoming=False)
    for held in leaving:
        transaction.put(undeleted(transaction, held))
    return frozenset(held.record.name for held in leaving)


def becomes_deleted(before: HeldRecord | None, after: HeldRecord) -> bool:
    """True if the change from `before` to `after` deletes a live record."""
    return before is not None and not before.record.is_deleted and after.record.is_deleted


def undeleted(transaction: Transaction, held: HeldRecord) -> HeldRecord:
    """The record restored: pending, and under a new stamp that the deletion had not seen."""
    transaction.observe_counter(held.record.stamp.counter)
    return replace(held, record=held.record.with_values({DELETED: None}, transaction.next_stamp()), pending=True)


def is_made_by_user(record: Record) -> bool:
    """True for a record that a person made, so that its deletion counts."""
    return record.kind not in {"conflict", *SYNC_KINDS}


def _is_leaving(held: HeldRecord) -> bool:
    return held.pending and held.record.is_deleted and held.base is not None and not held.base.is_deleted


def is_mass_delete(gone: int, live: int) -> bool:
    """True if the user must be asked about `gone` deletions among `live` records (counted before them)."""
    return gone >= _LEAST and gone >= live * _SHARE
