"""What to do next, decided from what is known: the thinking half of the engine, without network or store.

Hides: the order of steps in a sync, and when something looks so much like an accident that a person is asked first.
"""

from __future__ import annotations

import enum
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from desktop.domain.errors import NeedsDecision
from desktop.domain.merge import Held
from desktop.domain.records import Record
from desktop.sync.wire import Head, Receipt, cursor_number

LEAST_WIPE = 5  # fewer deletions at once are an ordinary day
WIPE_SHARE = 0.8


class Step(enum.Enum):
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where this profile stands with its account; kept in a memo, written in the transaction that moves it.

    `returning` is empty, or why everything is being looked at again: `epoch` (the server was restored) or `gc` (it
    forgot old deletions). `tag` is the HTTP etag of the head that was last in step with what is here.
    """

    account: str
    epoch: str | None = None
    cursor: str | None = None
    returning: str = ""
    tag: str | None = None

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def place_from(text: str | None, account: str) -> Place:
    """The kept place, or a new one where none was kept for this account."""
    if text is not None:
        place = Place(**json.loads(text))
        if place.account == account:
            return place
    return Place(account)


def plan(place: Place, head: Head | None, keyring: str | None, *, in_flight: bool, pending: bool) -> Step:
    """The next step. `head` is what the server said in this run, None if it has to be asked; `keyring` the etag of
    the keyring last seen."""
    if in_flight:
        return Step.RESEND
    if head is None:
        return Step.LOOK
    if head.keyring != keyring:
        return Step.UNLOCK
    if place.epoch is None:
        return Step.JOIN
    if place.epoch != head.epoch or (place.cursor is not None and cursor_number(place.cursor) > head.head):
        return Step.RETURN
    if place.cursor != head.cursor:
        return Step.PULL
    if place.returning:
        return Step.RECONCILE
    return Step.PUSH if pending else Step.DONE


def after_batch(place: Place, receipt: Receipt) -> Place:
    """Where one stands after a batch was taken: at its end, but only if nothing of others lies in between (R5)."""
    if place.cursor != f"{receipt.epoch}.{receipt.before}":
        return place
    return replace(place, cursor=receipt.cursor)


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


class WipeAhead(NeedsDecision):
    """Nearly everything would be deleted at once. `arriving`: from another device (else from here to the others)."""

    def __init__(self, gone: int, of: int, *, arriving: bool) -> None:
        where = "Another device deleted" if arriving else "This machine is about to delete everywhere"
        super().__init__(f"{where} {gone} of {of} entries at once.", "Delete them, or bring them back on all devices.")
        self.gone = gone
        self.of = of
        self.arriving = arriving


def counted(records: Iterable[Record]) -> Mapping[str, int]:
    """How many live records there are of each kind."""
    return Counter(each.kind for each in records if not each.is_deleted)


def is_content(record: Record) -> bool:
    """Whether a record is something a person made and would miss."""
    return record.kind != "conflict"


def looks_like_accident(gone: int, live: int) -> bool:
    """Whether deleting so many of the live ones at once should be asked about."""
    return gone >= LEAST_WIPE and gone >= live * WIPE_SHARE


def leaving(every: Iterable[Held]) -> tuple[int, int]:
    """How many records are deleted here and not yet there, and how many of them and the live ones there are."""
    gone = live = 0
    for held in every:
        if not is_content(held.record):
            continue
        if not held.record.is_deleted:
            live += 1
        elif held.pending and held.base is not None and not held.base.is_deleted:
            gone += 1
    return gone, live + gone


@dataclass(frozen=True, slots=True)
class Outcome:
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

    step: Step
    done: int
    total: int
