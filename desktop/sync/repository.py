"""What sync needs from the place where records are stored, and nothing more: rows in, rows out, one transaction.

The store satisfies these protocols without importing them (their values are `records.merge`); tests satisfy them with
a twin in memory. Every rule of sync (what a merge does, what is sent, when a cursor moves) is the engine's; an
implementation only keeps what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from desktop.domain.records.merge import Held, SetAside
from desktop.domain.records.records import Stamp

__all__ = ["Held", "SetAside", "SyncRepository", "Transaction"]


class Transaction(Protocol):
    """One write transaction over everything below: it sees one state, and nothing else writes meanwhile (R9)."""

    # reading

    def device(self) -> str:
        """The name in the stamps of this profile's acts (a random one; not the server's device id)."""

    def held(self, kind: str, key: str) -> Held | None:
        """The record of that name, deleted ones too, or None if there never was one."""

    def every(self) -> Iterable[Held]:
        """All records, deleted ones too, in any order. The caller may `put` only after it has read them all."""

    def pending(self, limit: int) -> Sequence[Held]:
        """At most `limit` records with `pending` set and no `refused`, in the order in which they became pending."""

    def refused(self) -> Sequence[Held]:
        """The records with `refused` set, in any order."""

    def counts(self) -> tuple[int, int]:
        """How many records are live, and how many deleted."""

    def memo(self, name: str) -> str | None:
        """A text that sync keeps beside the records (cursor, epoch and the like), or None."""

    def set_asides(self) -> Sequence[SetAside]:
        """What was set aside, in any order."""

    # writing

    def put(self, held: Held) -> None:
        """Keep exactly this for the record of its name. Not an act: no new stamp, no undo step, no `pending` by itself.

        A record whose fields differ from what was kept has been changed by another device: undo must not reach it.
        """

    def drop(self, kind: str, key: str) -> None:
        """Forget the record of this name wholly, as if it had never been (its deletion is older than the server's)."""

    def tick(self) -> Stamp:
        """A new stamp of this profile, higher than every one made or observed, as an act would get."""

    def observe(self, counter: int) -> None:
        """Every later act of this profile gets a stamp with a counter higher than this."""

    def renew_device(self) -> str:
        """Give this profile a new random name for its stamps, since another copy uses the old one; returns it."""

    def set_memo(self, name: str, text: str | None) -> None:
        """Keep or (None) remove a memo."""

    def set_aside(self, item: SetAside) -> None:
        """Keep an unreadable record of the server; replaces an earlier one of the same `record_id`."""

    def take_back(self, record_id: str) -> None:
        """Remove what was set aside under this id, if anything was."""


class SyncRepository(Protocol):
    """The stored records, as sync sees them. Safe to call from the sync lane's thread while the store lane works."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A write transaction: committed when the block ends, rolled back whole when it raises.

        It takes the write lock before it reads. Raises StorageTrouble where the database cannot be read or written.
        Acts of the student wait for it, so a block never waits for the network.
        """

    def recovery_point(self, why: str) -> None:
        """Save a copy of the whole profile database beside it, before something large happens. `why` is shown.

        Called outside of any transaction. Raises StorageTrouble or FileTrouble (disk full): sync then does not go on.
        """
