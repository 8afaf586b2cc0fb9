"""The storage interface that sync needs: rows in, rows out, one transaction.

The store implements these protocols without importing them (their values are in `records.merge`); tests use an
in-memory implementation. The engine has all rules of sync (what a merge does, what is sent, when a cursor moves); an
implementation only stores what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from desktop.domain.records.merge import HeldRecord, UnreadableRecord
from desktop.domain.records.records import Stamp

__all__ = ["HeldRecord", "SyncRepository", "Transaction", "UnreadableRecord"]


class Transaction(Protocol):
    """One write transaction over all of sync's data: it sees one state, and nothing else writes meanwhile (R9)."""

    # reading

    def device(self) -> str:
        """This profile's name in the stamps of its acts (random; not the server's device id)."""

    def held(self, kind: str, key: str) -> HeldRecord | None:
        """The record of that name, even if it is deleted, or None if there never was one."""

    def all_held(self) -> Iterable[HeldRecord]:
        """All records, also deleted ones, in any order. The caller may `put` only after it has read them all."""

    def pending(self, limit: int) -> Sequence[HeldRecord]:
        """At most `limit` records with `pending` set and no `refused`, in the order in which they became pending."""

    def refused(self) -> Sequence[HeldRecord]:
        """The records with `refused` set, in any order."""

    def counts(self) -> tuple[int, int]:
        """The number of live records, and of deleted ones."""

    def memo(self, name: str) -> str | None:
        """A named text that sync stores beside the records (cursor, epoch and the like), or None."""

    def set_asides(self) -> Sequence[UnreadableRecord]:
        """The server's rows that were set aside, in any order."""

    # writing

    def put(self, held: HeldRecord) -> None:
        """Stores exactly this for the record of its name.

        It is not an act: it makes no stamp and no undo step, and does not set `pending`. If the fields differ from the
        stored ones, another device has changed the record, and undo must not touch it.
        """

    def drop(self, kind: str, key: str) -> None:
        """Removes every trace of this record (the server has already forgotten that it was deleted)."""

    def next_stamp(self) -> Stamp:
        """A new stamp of this profile, higher than every stamp made or observed, as an act would get."""

    def observe_counter(self, counter: int) -> None:
        """Raises the Lamport counter, so that every later act of this profile gets a higher one than this."""

    def renew_device(self) -> str:
        """Gives this profile a new random name for its stamps and returns it; another copy uses the old one."""

    def set_memo(self, name: str, text: str | None) -> None:
        """Stores a memo, or removes it if `text` is None."""

    def set_aside(self, item: UnreadableRecord) -> None:
        """Stores a row of the server that cannot be read, in place of an earlier one of the same `record_id`."""

    def remove_aside(self, record_id: str) -> None:
        """Removes the row that was set aside under this id, if there is one."""


class SyncRepository(Protocol):
    """The stored records, as sync sees them. Safe to call from the sync lane's thread while the store lane works."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A write transaction: committed when the block ends, rolled back if it raises.

        It takes the write lock before it reads. Raises StorageError if the database cannot be read or written.
        Acts of the student wait for it, so a block must never wait for the network.
        """

    def recovery_point(self, why: str) -> None:
        """Saves a copy of the profile's database before a large change; `why` is shown to the user.

        Call it outside of any transaction. Raises StorageError or FileError (disk full); sync then stops.
        """
