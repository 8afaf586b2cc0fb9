"""Detects the deletion of nearly all records at once, before it is applied or sent, and asks the user about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop.domain.errors import NeedsDecision
from desktop.domain.messages import msg
from desktop.domain.records.merge import Held, receive
from desktop.domain.records.records import DELETED, Record
from desktop.sync.plan import OF_SYNC
from desktop.sync.repository import Transaction

_LEAST = 5  # fewer deletions at once are ordinary
_SHARE = 0.8


class MassDeleteAhead(NeedsDecision):
    """Nearly everything would be deleted at once: here by another device, or on all others by this device."""

    def __init__(self, gone: int, of: int, *, arriving: bool) -> None:
        template = (
            "Another device deleted {n} of {all} entries at once."
            if arriving
            else "This machine is about to delete everywhere {n} of {all} entries at once."
        )
        super().__init__(msg(template, n=gone, all=of), "Delete them, or bring them back on all devices.")
        self.gone = gone
        self.of = of
        self.arriving = arriving


def may_be_one(deletions: int) -> bool:
    """True if there are enough deletions for the full check, which reads all records."""
    return deletions >= _LEAST


def ask_before_arriving(transaction: Transaction, deletions: Sequence[tuple[Record, str]]) -> None:
    """Raises MassDeleteAhead if these deleted records (each with its etag) would delete nearly everything here."""
    device = transaction.device()
    gone = 0
    for record, etag in deletions:
        held = transaction.held(*record.name)
        if held is not None and is_missed(record):
            gone += vanishes(held, receive(held, record, etag, device).held)
    live = sum(1 for held in transaction.every() if is_missed(held.record) and not held.record.is_deleted)
    if looks_like_accident(gone, live):
        raise MassDeleteAhead(gone, live, arriving=True)


def ask_before_leaving(transaction: Transaction, *, undo: bool) -> frozenset[tuple[str, str]]:
    """Raises MassDeleteAhead if the pending records would delete nearly everything on the other devices.

    With `undo`, the user's answer to that question, the deleted records are restored instead; returns their names.
    """
    every = list(transaction.every())
    leaving = [held for held in every if _is_leaving(held)]
    gone = sum(1 for held in leaving if is_missed(held.record))
    live = sum(1 for held in every if is_missed(held.record) and not held.record.is_deleted)
    if not looks_like_accident(gone, live + gone):
        return frozenset()
    if not undo:
        raise MassDeleteAhead(gone, live + gone, arriving=False)
    for held in leaving:
        transaction.put(revived(transaction, held))
    return frozenset(held.record.name for held in leaving)


def vanishes(before: Held | None, after: Held) -> bool:
    """True if the change from `before` to `after` deletes a live record."""
    return before is not None and not before.record.is_deleted and after.record.is_deleted


def revived(transaction: Transaction, held: Held) -> Held:
    """The record restored: pending, and under a new stamp that the deletion had not seen."""
    transaction.observe(held.record.stamp.counter)
    return replace(held, record=held.record.with_values({DELETED: None}, transaction.tick()), pending=True)


def is_missed(record: Record) -> bool:
    """True for a record that a person made, so that its deletion counts."""
    return record.kind not in {"conflict", *OF_SYNC}


def _is_leaving(held: Held) -> bool:
    return held.pending and held.record.is_deleted and held.base is not None and not held.base.is_deleted


def looks_like_accident(gone: int, live: int) -> bool:
    """True if the user must be asked about `gone` deletions among `live` records (counted before them)."""
    return gone >= _LEAST and gone >= live * _SHARE
