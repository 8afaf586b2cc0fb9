"""A profile's store: the student's records, changed only by acts, each stored completely and with its undo steps.

Every method is one transaction and thread-safe, and its result is immutable. When `apply`, `undo` or `redo` has
returned, its result is on the disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self
from uuid import UUID

import sqlalchemy as sa

from desktop.document_types import DOCUMENT_TYPES
from desktop.domain.drafts.draft import DocumentTypes
from desktop.domain.records.records import DELETED, Act, Change, Record, Records, Stamp
from desktop.store import profile_metadata, rows
from desktop.store.database import Database, ReadOnlyDatabase
from desktop.store.documents import DOCUMENTS_FOLDER, Documents
from desktop.store.external_state import ExternalState
from desktop.store.history import Load, RecordChange, add_act, next_reversal, next_title, perform_reversal
from desktop.store.schema import acts, records, steps, unpack_record
from desktop.store.sync_repository import StoreSyncRepository


@dataclass(frozen=True, slots=True)
class Applied:
    """A stored act: its `title`, its number in the history (`act`), and the stamp of the fields it set."""

    title: str
    act: int
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class UndoTitles:
    """The titles of the acts that undo and redo would change next; None if there is nothing to undo or redo."""

    undo: str | None
    redo: str | None


class Store:
    """The stored timetable of one profile. Made by `Store.open`; only one at a time for each profile (see `lock`)."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], document_types: DocumentTypes = DOCUMENT_TYPES
    ) -> None:
        self.document_types = document_types
        self.database = database
        self.sync_repository = StoreSyncRepository(database)
        self.external_state = ExternalState(database)
        self.documents = Documents(database.path.parent / DOCUMENTS_FOLDER)
        self.listeners: list[Callable[[], None]] = []  # called after each act, undo or redo, on the same thread
        self._clock = clock
        self._decoded: dict[tuple[str, str], tuple[bytes, Record]] = {}
        self._decoding = threading.Lock()

    @classmethod
    def open(
        cls, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC), *, is_new: bool = False
    ) -> Self:
        """Opens the database at `path`, and creates it if there is none; `is_new` says that none is expected.

        `clock` gives the times that the history shows. Raises NewerData, MissingData, DamagedData or StorageError.
        """
        database = Database(path, is_new=is_new)
        try:
            with database.writing() as connection:
                profile_metadata.ensure_identity(connection, path)
        except BaseException:
            database.close()
            raise
        return cls(database, clock)

    @classmethod
    def open_to_read(cls, path: Path) -> Self:
        """Opens the database at `path` for reading only, while another program may write to it; creates nothing.

        Raises InvalidInput if there is none, NewerData, DamagedData or StorageError.
        """
        return cls(ReadOnlyDatabase(path), lambda: datetime.now(UTC))

    def close(self) -> None:
        self.database.close()

    # reading

    def records(self, year: int | None = None) -> Records:
        """All records of a year and those shared by all years; those of every year if `year` is None.

        A record that has not changed since it was last read is the same object.
        """
        query = sa.select(records.c.kind, records.c.key, records.c.fields)
        if year is not None:
            query = query.where(sa.or_(records.c.year == year, records.c.year.is_(None)))
        with self.database.reading() as connection:
            found = connection.execute(query).all()
        with self._decoding:
            return Records(
                {(kind, key): self._decode(kind, key, stored) for kind, key, stored in found}, self.document_types
            )

    def _decode(self, kind: str, key: str, stored: bytes) -> Record:
        known = self._decoded.get((kind, key))
        if known is not None and known[0] == stored:
            return known[1]
        record = unpack_record(kind, key, stored)
        self._decoded[kind, key] = stored, record
        return record

    def years(self) -> tuple[int, ...]:
        """The academic years that have an import or an event of the student's own, in order."""
        query = (
            sa.select(records.c.year)
            .distinct()
            .where(records.c.live, records.c.kind.in_(("import", "event")), records.c.year.is_not(None))
            .order_by(records.c.year)
        )
        with self.database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def undo_titles(self) -> UndoTitles:
        with self.database.reading() as connection:
            load: Load = partial(rows.load, connection)
            return UndoTitles(next_title(connection, load, back=True), next_title(connection, load, back=False))

    def last_act_times(self, kind: str) -> Mapping[str, datetime]:
        """The time (UTC) at which each record of a kind was last set by an act that is still in the history, by key."""
        query = (
            sa.select(steps.c.key, sa.func.max(acts.c.at))
            .join(acts, acts.c.id == steps.c.act)
            .where(steps.c.kind == kind)
            .group_by(steps.c.key)
        )
        with self.database.reading() as connection:
            return {key: datetime.fromisoformat(at) for key, at in connection.execute(query)}

    @property
    def device(self) -> str:
        """This profile's name in the stamps of its acts."""
        with self.database.reading() as connection:
            return profile_metadata.device(connection)

    @property
    def namespace(self) -> UUID:
        """The random namespace from which the ids of this profile's calendar events are made."""
        with self.database.reading() as connection:
            return profile_metadata.namespace(connection)

    # writing
    def apply(self, act: Act) -> Applied:
        """Stores an act and its undo steps. Raises InvalidInput for a value that is not JSON, StorageError."""
        with self.database.writing() as connection:
            stamp = profile_metadata.next_stamp(connection)
            number = add_act(connection, act.title, self._clock(), self._set(connection, act.changes, stamp))
        self._call_listeners()
        return Applied(act.title, number, stamp)

    def set_without_act(self, changes: Iterable[Change]) -> None:
        """Sets fields of records without an act, for facts that were learned: changes that nobody would undo."""
        with self.database.writing() as connection:
            self._set(connection, changes, profile_metadata.next_stamp(connection))
        self._call_listeners()

    @staticmethod
    def _set(connection: sa.Connection, changes: Iterable[Change], stamp: Stamp) -> list[RecordChange]:
        settings: dict[tuple[str, str], RecordChange] = {}
        for change in changes:
            known = settings.get((change.kind, change.key))
            was = known.before if known else rows.load(connection, change.kind, change.key)
            now = known.after if known else was or Record(change.kind, change.key)
            values = dict(change.values)
            if now.is_deleted:
                values.setdefault(DELETED, None)  # set explicitly, so that undo can restore the deletion
            names = dict.fromkeys((*(known.names if known else ()), *values))
            settings[change.kind, change.key] = RecordChange(was, now.with_values(values, stamp), tuple(names))
        rows.store_changed(connection, [setting.after for setting in settings.values()])
        return list(settings.values())

    def undo(self) -> str | None:
        """Undoes the newest act that can be undone; returns its title, or None if there is none."""
        return self._walk(back=True)

    def redo(self) -> str | None:
        """Redoes the act that was undone last; returns its title, or None if there is none."""
        return self._walk(back=False)

    def _walk(self, *, back: bool) -> str | None:
        with self.database.writing() as connection:
            load: Load = partial(rows.load, connection)
            walk = next_reversal(connection, load, back=back)
            if walk is None:
                return None
            stamp = profile_metadata.next_stamp(connection)
            rows.store_changed(
                connection, perform_reversal(connection, walk, stamp, profile_metadata.device(connection))
            )
        self._call_listeners()
        return walk.title

    def _call_listeners(self) -> None:
        for listener in self.listeners:
            listener()
