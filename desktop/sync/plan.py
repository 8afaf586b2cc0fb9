"""Decides the engine's next step from the known state, without network or store."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from desktop.domain.errors import NeedsDecision
from desktop.domain.records.merge import STATE_DIGEST
from desktop.domain.records.records import Record
from desktop.sync.checkpoint import Checkpoint
from desktop.sync.sign_ins import KIND as SIGN_IN
from desktop.sync.wire import Head, Receipt, cursor_number

SYNC_KINDS = frozenset({SIGN_IN, STATE_DIGEST})  # kinds of records that sync writes itself, not the user


class SyncStep(enum.Enum):
    """A step of the engine; after each one the next is decided anew."""

    RESEND = "resend"  # a batch with no response: always first, so that its receipt separates own writes from others'
    FETCH_HEAD = "look"  # fetch the head
    FETCH_KEYRING = "unlock"  # another device changed the keyring: fetch and open it
    JOIN = "join"  # the first sync of this profile with this account
    START_OVER = "return"  # the server was restored: keep everything and read everything again
    PULL = "pull"
    RECONCILE = "reconcile"  # after reading everything again: handle what the server lacks
    PUSH = "push"
    DONE = "done"


def next_step(
    checkpoint: Checkpoint, head: Head | None, keyring: str | None, *, in_flight: bool, pending: bool
) -> SyncStep:
    """The next step.

    `head` is the server's head as fetched in this run, None if it must be fetched; `keyring` the etag of the keyring
    last seen.
    """
    if in_flight:
        return SyncStep.RESEND
    if head is None:
        return SyncStep.FETCH_HEAD
    if head.keyring != keyring:
        return SyncStep.FETCH_KEYRING
    if checkpoint.epoch is None:
        return SyncStep.JOIN
    if checkpoint.epoch != head.epoch or (
        checkpoint.cursor is not None and cursor_number(checkpoint.cursor) > head.head
    ):
        return SyncStep.START_OVER
    if checkpoint.cursor != head.cursor:
        return SyncStep.PULL
    if checkpoint.returning:
        return SyncStep.RECONCILE
    return SyncStep.PUSH if pending else SyncStep.DONE


def head_after_batch(head: Head, receipt: Receipt) -> Head | None:
    """The head after a batch of this device; None if others wrote in between, so that it must be fetched again."""
    if head.epoch != receipt.epoch or head.head != receipt.before:
        return None
    return replace(head, head=cursor_number(receipt.cursor), cursor=receipt.cursor)


@dataclass(frozen=True, slots=True)
class JoinCounts:
    """The numbers of live records by kind `here` and on the server (`there`), and how many are on `both` sides."""

    here: Mapping[str, int]
    there: Mapping[str, int]
    both: int


class JoinNeedsDecision(NeedsDecision):
    """Both this machine and the account hold data, and the user must agree to join them. Joining loses nothing."""

    def __init__(self, counts: JoinCounts) -> None:
        super().__init__(
            "This machine and the account both hold a timetable.",
            "They are put together; where both set the same thing, the later one stands and the other can be chosen.",
        )
        self.counts = counts


def count_by_kind(records: Iterable[Record]) -> Mapping[str, int]:
    """The number of live records of each kind."""
    return Counter(each.kind for each in records if not each.is_deleted)


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """The result of one sync; `changed` has the names of the records that it changed on this machine."""

    changed: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    pulled: int = 0
    pushed: int = 0
    conflicts: int = 0
    refused: int = 0  # records that the server does not accept, in total
    unreadable: int = 0  # records of the server that this version cannot read, in total
    restored: bool = False  # the server had been restored from a backup


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a sync: `done` of `total` records (0: not known) in `step`."""

    step: SyncStep
    done: int
    total: int
