"""Merges the folder's files into the local records, one transaction for each, with a check for mass deletions."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.records.merge import HeldRecord, equal_versions, join
from desktop.domain.records.records import Record
from desktop.sync.folder.receiving import (
    Knowledge,
    is_made_by_copy,
    is_used_twice,
    joined_tokens,
    joined_vectors,
    names_of_two,
    receive,
)
from desktop.sync.folder.rules import mark_forked, trusted_vector
from desktop.sync.folder.run import FolderRun, FoundFile, Name, bases_of, held_lookup, require_state
from desktop.sync.folder.state import (
    MERGED,
    FolderState,
    Peer,
    add_value_ids,
    load_replaced,
    load_uncovered,
    name_text,
    note_uncovered,
    save_replaced,
    save_state,
    save_uncovered,
)
from desktop.sync.mass_delete_guard import (
    MassDeleteNeedsDecision,
    becomes_deleted,
    is_made_by_user,
    is_mass_delete,
    undeleted,
)
from desktop.sync.plan import SYNC_KINDS, JoinCounts, JoinNeedsDecision, count_by_kind
from desktop.sync.repository import Transaction

QUIET = 3_600.0  # seconds after which the count of incoming deletions starts again


class FolderMerger:
    """Merges files during one run."""

    def __init__(self, run: FolderRun) -> None:
        self._run = run

    def merge(self, found: FoundFile, *, revive: bool) -> None:
        """Merges one file in one transaction: its records, what its writer had seen, and that it was read (R9)."""
        head = found.head
        with self._run.repository.transaction() as transaction:
            state = require_state(transaction)
            held = held_lookup(transaction, len(found.file.lines))
            entries = self._run.entries(found)
            records = [(_record(held(entry.record.name)), entry.record) for _, entry in entries]
            claims = head.device != state.device and head.seen.get(state.device, 0) > state.published
            mark_forked(state, {*head.forked, *names_of_two(state.tokens, head.tokens)})
            for mine, theirs in records:
                mark_forked(state, is_used_twice(mine, theirs, state.seen))
            is_copied = claims or state.device in state.forked
            if is_copied or any(is_made_by_copy(mine, theirs, state.device) for mine, theirs in records):
                self._run.fork(transaction, state)
            believed = trusted_vector(state, head)
            reader_over, over = load_replaced(transaction), False
            loose = load_uncovered(transaction) if state.has_loose else {}
            seen = joined_vectors(state.seen, believed)
            highest = 0
            for _, entry in entries:
                before = held(entry.record.name)
                name = name_text(entry.record.name)
                reader = Knowledge(state.seen, reader_over.get(name, {}), bases_of(before))
                writer = Knowledge(believed, entry.over, entry.bases)
                merged, lost = receive(_record(before), entry.record, reader, writer, state.forked)
                highest = max(highest, entry.record.stamp.counter)
                if before is None or not equal_versions(merged, before.record):
                    self._put(transaction, before, merged, revive=revive)
                for conflict in lost:
                    self._add_conflict(transaction, conflict)
                if entry.over:
                    over = True
                    add_value_ids(reader_over, name, entry.over)
                note_uncovered(loose, name, merged, seen)
            transaction.observe_counter(highest)
            state.seen = seen
            state.tokens = joined_tokens(
                state.tokens, {name: each for name, each in head.tokens.items() if name in believed}
            )
            state.has_loose = bool(loose)
            save_uncovered(transaction, loose)
            if over:
                save_replaced(transaction, reader_over)
            self._mark_read(state, found)
            save_state(transaction, state)
        self._run.lines.update(hash(line) for line, _ in entries)  # only after the transaction has committed
        self._run.outcome = replace(self._run.outcome, pulled=self._run.outcome.pulled + len(entries))

    def _put(self, transaction: Transaction, before: HeldRecord | None, merged: Record, *, revive: bool) -> None:
        now = HeldRecord(merged) if before is None else replace(before, record=merged, pending=True, refused=None)
        if revive and becomes_deleted(before, now):
            now = undeleted(transaction, now)
        transaction.put(now)
        self._run.changed.add(merged.name)

    def _add_conflict(self, transaction: Transaction, conflict: Record) -> None:
        if transaction.held(*conflict.name) is None:
            transaction.put(HeldRecord(conflict))
            self._run.changed.add(conflict.name)
            self._run.outcome = replace(self._run.outcome, conflicts=self._run.outcome.conflicts + 1)

    def _mark_read(self, state: FolderState, found: FoundFile) -> None:
        head = found.head
        state.merged[found.file.identity] = (head.file, *head.place)
        if found.name in state.files:
            state.files[found.name].status = MERGED
        peer = state.peers.get(head.file)
        if peer is None:
            state.peers[head.file] = Peer(head.device, head.label, head.place, dict(head.seen))
        elif head.place >= peer.mark:
            peer.device, peer.label, peer.mark, peer.seen = head.device, head.label, head.place, dict(head.seen)
        here = {mark.identity for mark in state.files.values()}
        newest = {file: each.mark[0] for file, each in state.peers.items()}
        state.merged = {
            identity: place
            for identity, place in state.merged.items()
            if identity in here or place[1] >= newest.get(place[0], 0)
        }

    def continue_as_copy(self) -> None:
        """Starts a new device in the folder if the store gave this profile another stamp name, since it is a copy."""
        with self._run.repository.transaction() as transaction:
            state = require_state(transaction)
            if state.device != transaction.device():
                state.restart_as(self._run.new_id(), transaction.device())
                self._run.keys.renew(state.file)
                save_state(transaction, state)

    # questions to the user

    def check_decisions(self, found: list[FoundFile], *, agreed: bool, wipe: str) -> None:
        if not found:
            return
        with self._run.repository.transaction() as transaction:
            state = require_state(transaction)
            if state.generation < 0 and not state.peers and not agreed:
                here = [held.record for held in transaction.all_held() if held.record.kind not in SYNC_KINDS]
                if any(not each.is_deleted for each in here):
                    _check_join(here, [entry.record for each in found for _, entry in self._run.entries(each)])
            gone = self._names_to_delete(transaction, found)
            if not gone:
                return
            now = self._run.clock()
            if not state.gone or not 0 <= now - state.quiet_since <= QUIET:
                live = sum(
                    1 for held in transaction.all_held() if is_made_by_user(held.record) and not held.record.is_deleted
                )
                state.gone, state.quiet_live, state.quiet_since = 0, live, now
            total = state.gone + len(gone)
            if wipe == "ask" and is_mass_delete(total, state.quiet_live):
                raise MassDeleteNeedsDecision(total, state.quiet_live, is_incoming=True)
            state.gone = 0 if wipe != "ask" else total
            save_state(transaction, state)

    def _names_to_delete(self, transaction: Transaction, found: list[FoundFile]) -> set[Name]:
        """The names of the live records that these files would delete."""
        gone: set[Name] = set()
        for each in found:
            for _, entry in self._run.entries(each):
                if "deleted" in entry.record.fields and is_made_by_user(entry.record):
                    before = transaction.held(*entry.record.name)
                    is_live = before is not None and not before.record.is_deleted
                    if before is not None and is_live and join(before.record, entry.record).is_deleted:
                        gone.add(before.record.name)
        return gone


def _record(held: HeldRecord | None) -> Record | None:
    return None if held is None else held.record


def _check_join(here: list[Record], there: list[Record]) -> None:
    names = {each.name for each in there if not each.is_deleted and each.kind not in SYNC_KINDS}
    if names:
        both = sum(1 for each in here if each.name in names and not each.is_deleted)
        unique = {each.name: each for each in there if each.kind not in SYNC_KINDS}
        raise JoinNeedsDecision(JoinCounts(count_by_kind(here), count_by_kind(unique.values()), both))
