"""What to do next, decided from what is known: the thinking half of the engine, without network or store."""

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

OF_SYNC = frozenset({SIGN_IN, STATE_DIGEST})  # kinds that sync writes for itself: nothing that a person made


class SyncStep(enum.Enum):
    """One thing to do; after each the engine looks again."""

    RESEND = "resend"  # a batch whose answer was lost: first of all, so that its receipt tells own writes from others'
    LOOK = "look"  # ask the server where the account stands
    UNLOCK = "unlock"  # another device changed the keyring: fetch and open it
    JOIN = "join"  # this profile and this account have never met
    RETURN = "return"  # the server was restored: keep everything, begin again
    PULL = "pull"
    RECONCILE = "reconcile"  # after beginning again: what does the server not have any more
    PUSH = "push"
    DONE = "done"


def plan(checkpoint: Checkpoint, head: Head | None, keyring: str | None, *, in_flight: bool, pending: bool) -> SyncStep:
    """The next step. `head` is what the server said in this run, None if it has to be asked; `keyring` the etag of
    the keyring last seen."""
    if in_flight:
        return SyncStep.RESEND
    if head is None:
        return SyncStep.LOOK
    if head.keyring != keyring:
        return SyncStep.UNLOCK
    if checkpoint.epoch is None:
        return SyncStep.JOIN
    if checkpoint.epoch != head.epoch or (
        checkpoint.cursor is not None and cursor_number(checkpoint.cursor) > head.head
    ):
        return SyncStep.RETURN
    if checkpoint.cursor != head.cursor:
        return SyncStep.PULL
    if checkpoint.returning:
        return SyncStep.RECONCILE
    return SyncStep.PUSH if pending else SyncStep.DONE


def moved(head: Head, receipt: Receipt) -> Head | None:
    """The head after a batch of ours; None where others wrote in between, so that it has to be asked again."""
    if head.epoch != receipt.epoch or head.head != receipt.before:
        return None
    return replace(head, head=cursor_number(receipt.cursor), cursor=receipt.cursor)


@dataclass(frozen=True, slots=True)
class Together:
    """What comes together when a profile with data meets an account with data: how many of each kind are where."""

    here: Mapping[str, int]
    there: Mapping[str, int]
    both: int


class JoinAhead(NeedsDecision):
    """Both this machine and the account hold data; `together` says what. Nothing is lost by going on."""

    def __init__(self, together: Together) -> None:
        super().__init__(
            "This machine and the account both hold a timetable.",
            "They are put together; where both set the same thing, the later one stands and the other can be chosen.",
        )
        self.together = together


def counted(records: Iterable[Record]) -> Mapping[str, int]:
    """How many live records there are of each kind."""
    return Counter(each.kind for each in records if not each.is_deleted)


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What one sync did. `changed` names the records that are other than before on this machine."""

    changed: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    pulled: int = 0
    pushed: int = 0
    conflicts: int = 0
    refused: int = 0  # records of ours that the server does not take, in all
    unreadable: int = 0  # records of the server that this version cannot read, in all
    restored: bool = False  # the server had been restored from a backup


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync has come: `done` of `total` records (total 0: not known) in `step`."""

    step: SyncStep
    done: int
    total: int
