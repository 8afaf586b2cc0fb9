"""Sync through a folder: reads what others wrote, writes what is new here, and keeps its own files right.

The folder is not asked and does not answer: files come late, twice, cut off, or not at all, and a cloud puts old ones
back. So what a file means is judged by what stands in it (`receiving`), everything that was read is remembered in the
transaction that merged it, and a file is written only after its content was committed here.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from desktop.domain.errors import Cancelled, NeedsDecision
from desktop.domain.records.merge import Held, join, same
from desktop.domain.records.records import Record, Stamp
from desktop.sync.cipher import NoKey
from desktop.sync.folder.file_format import (
    FREEZES_AT,
    Damaged,
    DataFile,
    Entry,
    FileHead,
    NotOurs,
    TooNew,
    entry_from,
    file_name,
    identity_of,
    open_file,
    seal_file,
)
from desktop.sync.folder.ports import FileStat, FolderFiles
from desktop.sync.folder.receiving import (
    Sight,
    ValueId,
    covers,
    is_used_twice,
    joined_vectors,
    made_elsewhere,
    receive,
    value_id,
)
from desktop.sync.folder.state import (
    DAMAGED,
    GAP,
    MERGED,
    NEWER,
    NO_KEY,
    OTHER,
    UNREAD,
    FileMark,
    FolderState,
    Loose,
    Peer,
    keep_wrote,
    load_loose,
    load_over,
    load_state,
    name_text,
    save_loose,
    save_over,
    save_state,
    wrote,
)
from desktop.sync.mass_delete_guard import MassDeleteAhead, is_missed, looks_like_accident, revived, vanishes
from desktop.sync.plan import OF_SYNC, JoinAhead, Progress, SyncOutcome, SyncStep, Together, counted
from desktop.sync.repository import SyncRepository, Transaction

DATA = ".ups"
DAY = 86_400.0
QUIET = 3_600.0  # seconds after which deletions that arrive are counted anew
GIVES_UP = 14 * DAY  # how long a missing part is waited for
COMPACTS_AFTER = 8  # frozen parts
_HISTORY = 50  # writes of which the time is remembered
_MANY = 200  # lines; from here on all records are read at once

Name = tuple[str, str]


class FolderKeys(Protocol):
    """The keys of the account in the folder (`account.FolderAccount` has them)."""

    @property
    def account(self) -> str: ...

    @property
    def data_keys(self) -> Mapping[str, bytes]: ...

    @property
    def current(self) -> str:
        """The data key that new files are sealed under."""

    @property
    def counts(self) -> tuple[int, int, int]: ...

    def look(self, listing: Mapping[str, FileStat]) -> bool:
        """Merge the keyrings that are new in the folder, and write the own one where it lacks something; whether
        there was anything new."""

    def renew(self, file: str) -> None:
        """Go on as the device `file`, with a private key of its own."""


class FolderIsEmpty(NeedsDecision):
    """Nothing is left of what was in the folder: it may be the wrong one."""

    def __init__(self) -> None:
        super().__init__(
            "The folder is empty.",
            "Check that the drive is connected and the cloud’s program runs. If all was deleted there, write it again.",
        )


@dataclass(slots=True)
class _Found:
    """A file that is to be merged."""

    name: str
    file: DataFile
    entries: list[tuple[str, Entry]] | None = None

    @property
    def head(self) -> FileHead:
        return self.file.head


def new_file_id() -> str:
    """Random, in letters that every file system takes and none confuses."""
    return secrets.token_hex(16)


class FolderEngine:
    """One profile's side of sync through a folder. Not for two threads at once."""

    def __init__(
        self,
        repository: SyncRepository,
        files: FolderFiles,
        keys: FolderKeys,
        clock: Callable[[], float] = time.time,
        new_id: Callable[[], str] = new_file_id,
    ) -> None:
        self._repository = repository
        self._files = files
        self._keys = keys
        self._clock = clock
        self._new_id = new_id
        self._lines: set[int] = set()  # hashes of lines that are merged: ten devices have most of them in common

    def run(
        self,
        *,
        agreed: bool = False,
        wipe: str = "ask",
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> SyncOutcome:
        """Read and write once.

        `agreed`: a person has seen what comes together when both sides hold data (else JoinAhead), and that the folder
        is to be written again where it is empty (else FolderIsEmpty). `wipe`: `ask` (MassDeleteAhead is raised),
        `accept` or `undo`. Raises Cancelled between files, FileTrouble, StorageTrouble.
        """
        run = _Run(self._repository, self._files, self._keys, self._clock, self._new_id, self._lines)
        return run.go(agreed=agreed, wipe=wipe, cancelled=cancelled, progress=progress)

    def leave_behind(self, listing: Iterable[str], file: str) -> bool:
        """Delete the files of a device that was removed, if what was published here covers them; whether it did."""
        with self._repository.transaction() as transaction:
            state = load_state(transaction)
            peer = None if state is None else state.peers.get(file)
            if state is None or peer is None or not is_published(state, peer.seen):
                return False
            names = [name for name in listing if name in state.files and state.files[name].file == file]
            if any(state.files[name].status != MERGED for name in names):
                return False
            del state.peers[file]
            save_state(transaction, state)
        for name in names:
            self._files.remove(name)
        return True


def is_published(state: FolderState, seen: Mapping[str, int]) -> bool:
    """Whether the own files in the folder include everything that somebody had seen."""
    return (
        state.is_whole
        and state.published_seen is not None
        and all(
            state.published_seen.get(name, 0) >= counter for name, counter in seen.items() if name not in state.forked
        )
    )


class _Run:
    def __init__(
        self,
        repository: SyncRepository,
        files: FolderFiles,
        keys: FolderKeys,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        lines: set[int],
    ) -> None:
        self._repository = repository
        self._files = files
        self._keys = keys
        self._clock = clock
        self._new_id = new_id
        self._lines = lines
        self._outcome = SyncOutcome()
        self._changed: set[Name] = set()
        self._listing: Mapping[str, FileStat] = {}

    def go(
        self, *, agreed: bool, wipe: str, cancelled: Callable[[], bool], progress: Callable[[Progress], None]
    ) -> SyncOutcome:
        self._listing = self._files.list()
        state = self._state()
        if not agreed and not self._listing and (state.files or state.generation >= 0):
            raise FolderIsEmpty
        self._go_on_as_a_copy()
        has_new_keys = self._keys.look(self._listing)
        found = self._read(again=has_new_keys)
        self._ask(found, agreed=agreed, wipe=wipe)
        done = 0
        while ready := [each for each in found if self._is_ready(each)]:
            for each in ready:
                if cancelled():
                    raise Cancelled
                self._merge(each, revive=wipe == "undo")
                found.remove(each)
                done += 1
                progress(Progress(SyncStep.PULL, done, done + len(found)))
        self._note_gaps(found)
        self._check_own_files()
        if not self._publish(wipe):
            self._tidy()
        return replace(self._outcome, changed=frozenset(self._changed), unreadable=self._unreadable())

    def _state(self) -> FolderState:
        with self._repository.transaction() as transaction:
            return _loaded(transaction)

    # reading

    def _read(self, *, again: bool) -> list[_Found]:
        """Opens what is other than when it was last looked at. Nothing is opened where nothing changed."""
        state = self._state()
        data = {name: stat for name, stat in self._listing.items() if name.endswith(DATA)}
        changed = [name for name, stat in data.items() if not _is_known(state.files.get(name), stat)]
        here = data.keys() | self._files.waiting()
        gone = state.files.keys() - here
        if changed or again:
            retried = {UNREAD, GAP, NO_KEY} if changed else {UNREAD, NO_KEY}
            changed += [
                name
                for name, mark in state.files.items()
                if mark.status in retried and name in data and name not in changed
            ]
        else:
            changed += [
                name
                for name, mark in state.files.items()
                if mark.status == UNREAD or (mark.status == GAP and self._is_given_up(state, mark))
            ]
        changed = [name for name in changed if name in data]
        if not changed and not gone:
            return []
        found: list[_Found] = []
        marks: dict[str, FileMark] = {}
        for name in sorted(changed):
            content = self._files.read(name)
            if content is None:
                continue
            mark, opened = self._opened(state, data[name], content)
            marks[name] = mark
            if opened is not None:
                found.append(_Found(name, opened))
        with self._repository.transaction() as transaction:
            state = _loaded(transaction)
            state.files = {name: mark for name, mark in state.files.items() if name in here} | marks
            foreign = [
                each for each in found if each.head.file == state.file and not _is_own(transaction, state, each.file)
            ]
            for each in found:
                if each.head.file == state.file and each not in foreign:
                    state.files[each.name].status = MERGED
            own = state.file
            if foreign:
                self._fork(transaction, state)
            save_state(transaction, state)
        return [each for each in found if each.head.file != own or each in foreign]

    def _opened(self, state: FolderState, stat: FileStat, content: bytes) -> tuple[FileMark, DataFile | None]:
        identity = identity_of(content)
        known = state.merged.get(identity)
        if known is not None:
            return FileMark(stat.size, stat.modified, identity, MERGED, known[0], known[1:]), None
        status = OTHER
        try:
            file = open_file(self._keys.account, self._keys.data_keys, content)
        except NotOurs:
            status = OTHER
        except NoKey:
            status = NO_KEY
        except TooNew:
            status = NEWER
        except Damaged:
            status = DAMAGED
        else:
            return FileMark(stat.size, stat.modified, identity, UNREAD, file.head.file, file.head.place), file
        return FileMark(stat.size, stat.modified, identity, status), None

    def _is_ready(self, found: _Found) -> bool:
        """Whether all that comes before a part was merged; or a missing part is not waited for any more."""
        state = self._state()
        return follows_what_was_merged(state, found.head) or self._is_waited_out(state, found.head)

    def _is_waited_out(self, state: FolderState, head: FileHead) -> bool:
        peer = state.peers.get(head.file)
        since = peer.gap_since if peer is not None else 0.0
        return bool(since) and self._clock() - since > GIVES_UP

    def _is_given_up(self, state: FolderState, mark: FileMark) -> bool:
        peer = state.peers.get(mark.file)
        return peer is not None and bool(peer.gap_since) and self._clock() - peer.gap_since > GIVES_UP

    def _note_gaps(self, found: list[_Found]) -> None:
        """What waits for a part that is missing stays unread; since when is remembered."""
        if not found and not any(peer.gap_since for peer in self._state().peers.values()):
            return
        with self._repository.transaction() as transaction:
            state = _loaded(transaction)
            waiting = {each.head.file for each in found}
            for each in found:
                if each.name in state.files:
                    state.files[each.name].status = GAP
            for file, peer in state.peers.items():
                if file not in waiting and not any(m.file == file and m.status == GAP for m in state.files.values()):
                    peer.gap_since = 0.0
            for each in found:
                head = each.head
                peer = state.peers.setdefault(head.file, Peer(head.device, head.label, (-1, -1, -1), {}))
                now = self._clock()
                peer.gap_since = now if not peer.gap_since else min(peer.gap_since, now)
            save_state(transaction, state)

    # merging

    def _merge(self, found: _Found, *, revive: bool) -> None:
        """One transaction for each file: what it holds, what its writer had seen, and that it was read (R9)."""
        head = found.head
        with self._repository.transaction() as transaction:
            state = _loaded(transaction)
            held = _held_lookup(transaction, len(found.file.lines))
            entries = self._entries(found)
            records = [(_record(held(entry.record.name)), entry.record) for _, entry in entries]
            claims = head.device != state.device and head.seen.get(state.device, 0) > state.published
            forget_names(state, head.forked)
            for mine, theirs in records:
                forget_names(state, is_used_twice(mine, theirs, state.seen))
            is_copied = claims or state.device in state.forked
            if is_copied or any(made_elsewhere(mine, theirs, state.device) for mine, theirs in records):
                self._fork(transaction, state)
            believed = believable(state, head)
            reader_over, over = load_over(transaction), False
            loose = load_loose(transaction) if state.has_loose else {}
            seen = joined_vectors(state.seen, believed)
            highest = 0
            for _, entry in entries:
                before = held(entry.record.name)
                name = name_text(entry.record.name)
                reader = Sight(state.seen, reader_over.get(name, {}), _bases(before))
                writer = Sight(believed, entry.over, entry.bases)
                merged, lost = receive(_record(before), entry.record, reader, writer, state.forked)
                highest = max(highest, entry.record.stamp.counter)
                if before is None or not same(merged, before.record):
                    self._put(transaction, before, merged, revive=revive)
                for conflict in lost:
                    self._add_conflict(transaction, conflict)
                if entry.over:
                    over = True
                    _unite(reader_over, name, entry.over)
                _note_loose(loose, name, merged, seen)
            transaction.observe(highest)
            state.seen = seen
            state.has_loose = bool(loose)
            save_loose(transaction, loose)
            if over:
                save_over(transaction, reader_over)
            self._mark_read(state, found)
            save_state(transaction, state)
        self._lines.update(hash(line) for line, _ in entries)  # not before it is certain that they are kept
        self._outcome = replace(self._outcome, pulled=self._outcome.pulled + len(entries))

    def _entries(self, found: _Found) -> list[tuple[str, Entry]]:
        if found.entries is None:
            found.entries = [(line, entry_from(line)) for line in found.file.lines if hash(line) not in self._lines]
        return found.entries

    def _put(self, transaction: Transaction, before: Held | None, merged: Record, *, revive: bool) -> None:
        now = Held(merged) if before is None else replace(before, record=merged, pending=True, refused=None)
        if revive and vanishes(before, now):
            now = revived(transaction, now)
        transaction.put(now)
        self._changed.add(merged.name)

    def _add_conflict(self, transaction: Transaction, conflict: Record) -> None:
        if transaction.held(*conflict.name) is None:
            transaction.put(Held(conflict))
            self._changed.add(conflict.name)
            self._outcome = replace(self._outcome, conflicts=self._outcome.conflicts + 1)

    def _mark_read(self, state: FolderState, found: _Found) -> None:
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

    def _fork(self, transaction: Transaction, state: FolderState) -> None:
        """Another copy of this profile writes under its names: from now on this one has others."""
        forget_names(state, [state.device])
        state.begin_anew(self._new_id(), transaction.renew_device())
        self._keys.renew(state.file)

    def _go_on_as_a_copy(self) -> None:
        """The store gave this profile another stamp name, since it is a copy of one that goes on with the old name."""
        with self._repository.transaction() as transaction:
            state = _loaded(transaction)
            if state.device != transaction.device():
                state.begin_anew(self._new_id(), transaction.device())
                self._keys.renew(state.file)
                save_state(transaction, state)

    # asking

    def _ask(self, found: list[_Found], *, agreed: bool, wipe: str) -> None:
        if not found:
            return
        with self._repository.transaction() as transaction:
            state = _loaded(transaction)
            if state.generation < 0 and not state.peers and not agreed:
                here = [held.record for held in transaction.every() if held.record.kind not in OF_SYNC]
                if any(not each.is_deleted for each in here):
                    _ask_before_joining(here, [entry.record for each in found for _, entry in self._entries(each)])
            gone = self._vanishing(transaction, found)
            if not gone:
                return
            now = self._clock()
            if not state.gone or not 0 <= now - state.quiet_since <= QUIET:
                live = sum(1 for held in transaction.every() if is_missed(held.record) and not held.record.is_deleted)
                state.gone, state.quiet_live, state.quiet_since = 0, live, now
            total = state.gone + len(gone)
            if wipe == "ask" and looks_like_accident(total, state.quiet_live):
                raise MassDeleteAhead(total, state.quiet_live, arriving=True)
            state.gone = 0 if wipe != "ask" else total
            save_state(transaction, state)

    def _vanishing(self, transaction: Transaction, found: list[_Found]) -> set[Name]:
        """The live records that would be deleted by what came in."""
        gone: set[Name] = set()
        for each in found:
            for _, entry in self._entries(each):
                if "deleted" in entry.record.fields and is_missed(entry.record):
                    before = transaction.held(*entry.record.name)
                    is_live = before is not None and not before.record.is_deleted
                    if before is not None and is_live and join(before.record, entry.record).is_deleted:
                        gone.add(before.record.name)
        return gone

    # the own files

    def _check_own_files(self) -> None:
        """An own file that is missing, damaged or older than what was written: everything is written again."""
        state = self._state()
        if state.is_whole and not own_files_are_there(state):
            with self._repository.transaction() as transaction:
                state = _loaded(transaction)
                state.is_whole = False
                save_state(transaction, state)

    def _publish(self, wipe: str) -> bool:
        """Writes what is new here; whether there was anything to write."""
        now = self._clock()
        if self._outcome.pulled >= _MANY and self._state().generation < 0:
            return False  # whoever has just joined sees the timetable first, and writes it the next time
        with self._repository.transaction() as transaction:
            state = _loaded(transaction)
            pending = transaction.pending(10_000_000)
            own = [held for held in pending if _is_own_act(held.record, state)]
            if not is_due(state, own, pending, now):
                return False
            self._ask_before_leaving(transaction, state, own, wipe)
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
        self._outcome = replace(self._outcome, pushed=self._outcome.pushed + len(pending))
        return True

    def _next_part(
        self, transaction: Transaction, state: FolderState, pending: Iterable[Held], now: float
    ) -> tuple[str, bytes]:
        """The growing part with what is new; where that is too much, it freezes, and the next part begins."""
        new = {held.record.name: held.record for held in pending}
        self._note_seen(transaction, state, new.values(), now)
        over = load_over(transaction)
        if state.growing is not None:
            names = dict.fromkeys((*state.growing, *new))
            part = len(state.parts) - 1
            content = self._sealed(transaction, state, part, self._lines_of(transaction, names, over))
            if len(content) <= FREEZES_AT:
                state.growing = list(names)
                state.parts[part] = identity_of(content)
                self._keep(transaction, state, content)
                return file_name(state.file, state.generation, part), content
        part = len(state.parts)
        content = self._sealed(transaction, state, part, self._lines_of(transaction, new, over))
        state.parts.append(identity_of(content))
        state.growing = list(new) if len(content) <= FREEZES_AT else None
        self._keep(transaction, state, content)
        return file_name(state.file, state.generation, part), content

    def _snapshot(self, transaction: Transaction, state: FolderState, now: float) -> tuple[str, bytes]:
        """A new generation, which begins with everything."""
        records = [held.record for held in transaction.every()]
        state.old += [file_name(state.file, state.generation, part) for part in range(len(state.parts))]
        state.generation += 1
        state.parts, state.growing, state.is_whole = [], None, True
        self._note_seen(transaction, state, records, now)
        over = load_over(transaction)
        lines = self._lines_of(transaction, [each.name for each in records], over)
        content = self._sealed(transaction, state, 0, lines)
        state.parts = [identity_of(content)]
        self._keep(transaction, state, content)
        return file_name(state.file, state.generation, 0), content

    def _note_seen(self, transaction: Transaction, state: FolderState, records: Iterable[Record], now: float) -> None:
        """The vector goes out with what it speaks of, so it holds the own acts from now on; what was replaced without
        being covered by it is named."""
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
        state.history = [*state.history, (state.published, now)][-_HISTORY:]
        loose, over = load_loose(transaction), load_over(transaction)
        for record in every:
            replaced = note_replaced(loose, record, state.device)
            if replaced:
                _unite(over, name_text(record.name), replaced)
                save_over(transaction, over)
            _note_loose(loose, name_text(record.name), record, state.seen)
        state.has_loose = bool(loose)
        save_loose(transaction, loose)

    def _lines_of(self, transaction: Transaction, names: Iterable[Name], over: Loose) -> list[str]:
        every = list(names)
        held = _held_lookup(transaction, len(every))
        lines = []
        for name in every:
            found = held(name)
            if found is not None:
                replaced = {each: tuple(stamps) for each, stamps in over.get(name_text(name), {}).items()}
                lines.append(Entry(found.record, _bases(found), replaced).text())
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
            self._keys.counts,
        )
        key = self._keys.current
        return seal_file(self._keys.account, key, self._keys.data_keys[key], head, lines)

    def _keep(self, transaction: Transaction, state: FolderState, content: bytes) -> None:
        keep_wrote(transaction, state, identity_of(content))

    def _write(self, name: str, content: bytes) -> None:
        stat = self._files.write(name, content)
        with self._repository.transaction() as transaction:
            state = _loaded(transaction)
            place = (state.generation, len(state.parts) - 1, state.published)
            state.files[name] = FileMark(stat.size, stat.modified, identity_of(content), MERGED, state.file, place)
            save_state(transaction, state)

    def _tidy(self) -> None:
        """Writes of their own, never inside an edit: one file in place of many, and then the old ones deleted."""
        state = self._state()
        if len(state.parts) - (state.growing is not None) > COMPACTS_AFTER:
            with self._repository.transaction() as transaction:
                state = _loaded(transaction)
                name, content = self._snapshot(transaction, state, self._clock())
                for held in transaction.pending(10_000_000):
                    transaction.put(replace(held, pending=False))
                save_state(transaction, state)
            self._write(name, content)
        elif state.old and state.is_whole:
            for name in state.old:
                self._files.remove(name)
            with self._repository.transaction() as transaction:
                state = _loaded(transaction)
                state.old = []
                save_state(transaction, state)

    def _ask_before_leaving(self, transaction: Transaction, state: FolderState, own: list[Held], wipe: str) -> None:
        """Nearly everything deleted here: asked before the others hear of it."""
        leaving = [
            held
            for held in own
            if held.record.is_deleted
            and held.record.fields["deleted"].stamp.counter > state.published
            and is_missed(held.record)
        ]
        if wipe == "accept" or state.generation < 0 or len(leaving) < 5:
            return
        live = sum(1 for held in transaction.every() if is_missed(held.record) and not held.record.is_deleted)
        if not looks_like_accident(len(leaving), live + len(leaving)):
            return
        if wipe == "ask":
            raise MassDeleteAhead(len(leaving), live + len(leaving), arriving=False)
        for held in leaving:
            transaction.put(revived(transaction, held))
        self._changed.update(held.record.name for held in leaving)

    def _unreadable(self) -> int:
        return sum(mark.status in {NEWER, NO_KEY} for mark in self._state().files.values())


# rules, each of which a test leaves out


def follows_what_was_merged(state: FolderState, head: FileHead) -> bool:
    """Whether the frozen part before this one was merged; a snapshot follows nothing."""
    return head.prev is None or head.prev in state.merged


def believable(state: FolderState, head: FileHead) -> dict[str, int]:
    """What a writer says it has seen, as far as it can be believed: nothing across a gap, and nothing about a stamp
    name that two profiles used."""
    if not follows_what_was_merged(state, head):
        return {}
    return {name: counter for name, counter in head.seen.items() if name not in state.forked}


def forget_names(state: FolderState, forked: Iterable[str]) -> None:
    """These names were used by two profiles: no vector says anything about them, now or later."""
    state.forked = sorted({*state.forked, *forked})
    state.seen = {name: counter for name, counter in state.seen.items() if name not in state.forked}


def own_files_are_there(state: FolderState) -> bool:
    """Whether every part of the own generation is in the folder as it was written last."""
    names = (file_name(state.file, state.generation, part) for part in range(len(state.parts)))
    return all(
        name in state.files and state.files[name].identity == identity
        for name, identity in zip(names, state.parts, strict=True)
    )


def is_due(state: FolderState, own: Iterable[Held], pending: Iterable[Held], now: float) -> bool:
    """Whether something is to be written: acts of this profile at once, what was only merged once a day."""
    if not state.is_whole or any(True for _ in own):
        return True
    return any(True for _ in pending) and not 0 <= now - state.published_at <= DAY


def note_replaced(loose: Loose, record: Record, device: str) -> dict[str, list[ValueId]]:
    """The values that no vector covered and that this profile has replaced, by field."""
    known = loose.get(name_text(record.name))
    found: dict[str, list[ValueId]] = {}
    for name, values in (known or {}).items():
        each = record.fields.get(name)
        if each is not None and each.stamp.device == device:
            replaced = [value for value in values if Stamp(*value[:2]) < each.stamp]
            if replaced:
                found[name] = replaced
    return found


# helpers


def _loaded(transaction: Transaction) -> FolderState:
    state = load_state(transaction)
    if state is None:
        raise NotOurs
    return state


def _is_known(mark: FileMark | None, stat: FileStat) -> bool:
    return mark is not None and mark.size == stat.size and mark.modified == stat.modified


def _is_own(transaction: Transaction, state: FolderState, file: DataFile) -> bool:
    return file.identity in wrote(transaction, state, file.head.generation)


def _is_own_act(record: Record, state: FolderState) -> bool:
    return any(
        each.stamp.device == state.device and each.stamp.counter > state.published for each in record.fields.values()
    )


def _record(held: Held | None) -> Record | None:
    return None if held is None else held.record


def _bases(held: Held | None) -> dict[str, Stamp]:
    base = None if held is None else held.base
    return {} if base is None else {name: each.stamp for name, each in base.fields.items()}


def _held_lookup(transaction: Transaction, lines: int) -> Callable[[Name], Held | None]:
    """How to find a held record: all are read at once where many are needed."""
    if lines < _MANY:
        return lambda name: transaction.held(*name)
    found = {held.record.name: held for held in transaction.every()}
    return found.get


def _ask_before_joining(here: list[Record], there: list[Record]) -> None:
    names = {each.name for each in there if not each.is_deleted and each.kind not in OF_SYNC}
    if names:
        both = sum(1 for each in here if each.name in names and not each.is_deleted)
        unique = {each.name: each for each in there if each.kind not in OF_SYNC}
        raise JoinAhead(Together(counted(here), counted(unique.values()), both))


def _note_loose(loose: Loose, name: str, record: Record, seen: Mapping[str, int]) -> None:
    """Remembers which fields of a record hold values that no vector covers."""
    found = {
        field: [value_id(each)]
        for field, each in record.fields.items()
        if each.stamp.counter and not covers(seen, each.stamp)
    }
    if found:
        loose[name] = found
    else:
        loose.pop(name, None)


def _unite(over: Loose, name: str, more: Mapping[str, Iterable[ValueId]]) -> None:
    known = over.setdefault(name, {})
    for field, stamps in more.items():
        known[field] = sorted({*known.get(field, ()), *stamps})
