"""Nearly everything deleted at once: noticed before it happens, asked about, and undone where a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop.domain.errors import NeedsDecision
from desktop.domain.messages import msg
from desktop.domain.records.merge import Held, receive
from desktop.domain.records.records import DELETED, Record
from desktop.sync.plan import OF_SYNC
from desktop.sync.repository import Transaction

_LEAST = 5  # fewer deletions at once are an ordinary day
_SHARE = 0.8


class MassDeleteAhead(NeedsDecision):
    """Nearly everything would be deleted at once. `arriving`: from another device (else from here to the others)."""

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
    """Whether so many deletions are worth a look at everything that is here."""
    return deletions >= _LEAST


def ask_before_arriving(transaction: Transaction, deletions: Sequence[tuple[Record, str]]) -> None:
    """Raise MassDeleteAhead where these deleted records (each with its etag) would delete nearly everything here."""
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
    """Raise MassDeleteAhead where what waits to be sent would delete nearly everything on the other devices.

    `undo`: that was asked before, and answered: bring it back instead; returns the names of what came back.
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
    """Whether a record that is there is there no more afterwards."""
    return before is not None and not before.record.is_deleted and after.record.is_deleted


def revived(transaction: Transaction, held: Held) -> Held:
    """The record, deleted no more: an act that the deletion had not seen, on its way to all devices."""
    transaction.observe(held.record.stamp.counter)
    return replace(held, record=held.record.with_values({DELETED: None}, transaction.tick()), pending=True)


def is_missed(record: Record) -> bool:
    """Whether it is something a person made and would miss."""
    return record.kind not in {"conflict", *OF_SYNC}


def _is_leaving(held: Held) -> bool:
    return held.pending and held.record.is_deleted and held.base is not None and not held.base.is_deleted


def looks_like_accident(gone: int, live: int) -> bool:
    """Whether so many deletions, of so many live records before them, need an answer."""
    return gone >= _LEAST and gone >= live * _SHARE
