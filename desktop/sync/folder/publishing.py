"""Writes new local changes into this device's own files, and repairs and compacts these files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop.domain.records.merge import HeldRecord
from desktop.domain.records.records import Record
from desktop.sync.folder.file_format import MAX_GROWING_BYTES, Entry, FileHead, file_name, identity_of, seal_file
from desktop.sync.folder.receiving import MAX_TOKENS
from desktop.sync.folder.rules import is_due, is_own_act, own_files_are_there, replaced_values
from desktop.sync.folder.run import BULK_READ_LINES, FolderRun, Name, bases_of, held_lookup, require_state
from desktop.sync.folder.state import (
    MERGED,
    FieldValueIds,
    FileMark,
    FolderState,
    add_value_ids,
    add_written_identity,
    load_replaced,
    load_uncovered,
    name_text,
    note_uncovered,
    save_replaced,
    save_state,
    save_uncovered,
)
from desktop.sync.mass_delete_guard import MassDeleteNeedsDecision, is_made_by_user, is_mass_delete, undeleted
from desktop.sync.repository import Transaction

MAX_FROZEN_PARTS = 8  # frozen parts
_HISTORY = 50  # number of writes whose times are stored
_OTHERS = 16  # tokens of each other stamp name in a file


class FolderPublisher:
    """Writes files during one run."""

    def __init__(self, run: FolderRun) -> None:
        self._run = run

    def check_own_files(self) -> None:
        """Marks everything to be written again if an own file is missing, damaged or older than what was written."""
        state = self._run.state()
        if state.is_whole and not own_files_are_there(state):
            with self._run.repository.transaction() as transaction:
                state = require_state(transaction)
                state.is_whole = False
                save_state(transaction, state)

    def publish(self, wipe: str) -> bool:
        """Writes what is new here, if it is due; True if anything was written."""
        now = self._run.clock()
        if self._run.outcome.pulled >= BULK_READ_LINES and self._run.state().generation < 0:
            return False  # a device that has just joined shows the timetable first, and writes it in the next run
        with self._run.repository.transaction() as transaction:
            state = require_state(transaction)
            pending = transaction.pending(10_000_000)
            own = [held for held in pending if is_own_act(held.record, state)]
            if not is_due(state, own, pending, now):
                return False
            self._check_deletions(transaction, state, own, wipe)
            if wipe == "undo":
                pending = transaction.pending(10_000_000)
            if state.is_whole:
                name, content = self._next_part(transaction, state, pending, now)
            else:
                name, content = self._snapshot(transaction, state, now)
            for held in pending:
                transaction.put(replace(held, pending=False))
            save_state(transaction, state)
        self._write(name, content)
        self._run.outcome = replace(self._run.outcome, pushed=self._run.outcome.pushed + len(pending))
        return True

    def _next_part(
        self, transaction: Transaction, state: FolderState, pending: Iterable[HeldRecord], now: float
    ) -> tuple[str, bytes]:
        """The growing part with the new records added; if it gets too large, it is frozen and a new part is started."""
        new = {held.record.name: held.record for held in pending}
        self._note_seen(transaction, state, new.values(), now)
        over = load_replaced(transaction)
        if state.growing is not None:
            names = dict.fromkeys((*state.growing, *new))
            part = len(state.parts) - 1
            content = self._sealed(transaction, state, part, self._lines_of(transaction, names, over))
            if len(content) <= MAX_GROWING_BYTES:
                state.growing = list(names)
                state.parts[part] = identity_of(content)
                self._note_written(transaction, state, content)
                return file_name(state.file, state.generation, part), content
        part = len(state.parts)
        content = self._sealed(transaction, state, part, self._lines_of(transaction, new, over))
        state.parts.append(identity_of(content))
        state.growing = list(new) if len(content) <= MAX_GROWING_BYTES else None
        self._note_written(transaction, state, content)
        return file_name(state.file, state.generation, part), content

    def _snapshot(self, transaction: Transaction, state: FolderState, now: float) -> tuple[str, bytes]:
        """Starts a new generation, whose first part is a snapshot of everything."""
        records = [held.record for held in transaction.all_held()]
        state.old += [file_name(state.file, state.generation, part) for part in range(len(state.parts))]
        state.generation += 1
        state.parts, state.growing, state.is_whole = [], None, True
        self._note_seen(transaction, state, records, now)
        over = load_replaced(transaction)
        lines = self._lines_of(transaction, [each.name for each in records], over)
        content = self._sealed(transaction, state, 0, lines)
        state.parts = [identity_of(content)]
        self._note_written(transaction, state, content)
        return file_name(state.file, state.generation, 0), content

    def _note_seen(self, transaction: Transaction, state: FolderState, records: Iterable[Record], now: float) -> None:
        """Updates the vector, the tokens and the history for a file that is about to be written.

        The file contains the records that the vector covers, so the vector includes this device's own acts from now
        on. Values that were replaced and that no vector covers are listed with their records.
        """
        every = list(records)
        own = max(
            (
                each.stamp.counter
                for record in every
                for each in record.fields.values()
                if each.stamp.device == state.device
            ),
            default=0,
        )
        state.published = max(state.published, own)
        state.seen = {**state.seen, state.device: max(state.seen.get(state.device, 0), state.published)}
        state.published_seen = dict(state.seen)
        state.published_at = now
        token = self._run.new_id()[:8]
        drawn = state.tokens.get(state.device) or ((0, token),)  # counter 0: no token was drawn before it
        if state.published > drawn[-1][0]:
            drawn = (*drawn, (state.published, token))[-MAX_TOKENS:]
        state.tokens = {**state.tokens, state.device: drawn}
        state.history = [*state.history, (state.published, now)][-_HISTORY:]
        loose, over = load_uncovered(transaction), load_replaced(transaction)
        for record in every:
            replaced = replaced_values(loose, record, state.device)
            if replaced:
                add_value_ids(over, name_text(record.name), replaced)
                save_replaced(transaction, over)
            note_uncovered(loose, name_text(record.name), record, state.seen)
        state.has_loose = bool(loose)
        save_uncovered(transaction, loose)

    def _lines_of(self, transaction: Transaction, names: Iterable[Name], over: FieldValueIds) -> list[str]:
        every = list(names)
        held = held_lookup(transaction, len(every))
        lines = []
        for name in every:
            found = held(name)
            if found is not None:
                replaced = {each: tuple(stamps) for each, stamps in over.get(name_text(name), {}).items()}
                lines.append(Entry(found.record, bases_of(found), replaced).text())
        return lines

    def _sealed(self, transaction: Transaction, state: FolderState, part: int, lines: list[str]) -> bytes:
        live, deleted = transaction.counts()
        prev = state.parts[part - 1] if part else None
        head = FileHead(
            state.file,
            state.device,
            state.generation,
            part,
            prev,
            state.seen,
            tuple(state.forked),
            live,
            deleted,
            state.label,
            self._run.keys.counts,
            {name: tokens if name == state.device else tokens[-_OTHERS:] for name, tokens in state.tokens.items()},
        )
        key = self._run.keys.current
        return seal_file(self._run.keys.account, key, self._run.keys.data_keys[key], head, lines)

    def _note_written(self, transaction: Transaction, state: FolderState, content: bytes) -> None:
        add_written_identity(transaction, state, identity_of(content))

    def _write(self, name: str, content: bytes) -> None:
        stat = self._run.files.write(name, content)
        with self._run.repository.transaction() as transaction:
            state = require_state(transaction)
            place = (state.generation, len(state.parts) - 1, state.published)
            state.files[name] = FileMark(stat.size, stat.modified, identity_of(content), MERGED, state.file, place)
            save_state(transaction, state)

    def tidy(self) -> None:
        """Replaces many parts by one snapshot, and in a later run deletes the old files.

        It runs only when there is nothing else to write, so it never delays an edit.
        """
        state = self._run.state()
        if len(state.parts) - (state.growing is not None) > MAX_FROZEN_PARTS:
            with self._run.repository.transaction() as transaction:
                state = require_state(transaction)
                name, content = self._snapshot(transaction, state, self._run.clock())
                for held in transaction.pending(10_000_000):
                    transaction.put(replace(held, pending=False))
                save_state(transaction, state)
            self._write(name, content)
        elif state.old and state.is_whole:
            for name in state.old:
                self._run.files.remove(name)
            with self._run.repository.transaction() as transaction:
                state = require_state(transaction)
                state.old = []
                save_state(transaction, state)

    def _check_deletions(self, transaction: Transaction, state: FolderState, own: list[HeldRecord], wipe: str) -> None:
        """Raises MassDeleteNeedsDecision before the deletion of nearly everything here is written for the other
        devices."""
        leaving = [
            held
            for held in own
            if held.record.is_deleted
            and held.record.fields["deleted"].stamp.counter > state.published
            and is_made_by_user(held.record)
        ]
        if wipe == "accept" or state.generation < 0 or len(leaving) < 5:
            return
        live = sum(1 for held in transaction.all_held() if is_made_by_user(held.record) and not held.record.is_deleted)
        if not is_mass_delete(len(leaving), live + len(leaving)):
            return
        if wipe == "ask":
            raise MassDeleteNeedsDecision(len(leaving), live + len(leaving), is_incoming=False)
        for held in leaving:
            transaction.put(undeleted(transaction, held))
        self._run.changed.update(held.record.name for held in leaving)
