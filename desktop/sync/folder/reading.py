"""Opens new files in a folder, and decides which can be merged now and which wait for an earlier part."""

from __future__ import annotations

from desktop.sync.cipher import DataKeyMissing
from desktop.sync.folder.file_format import Damaged, DataFile, FileHead, NotOurs, TooNew, identity_of, open_file
from desktop.sync.folder.ports import FileStat
from desktop.sync.folder.rules import DAY_SECONDS, follows_what_was_merged
from desktop.sync.folder.run import FolderRun, FoundFile, require_state
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
    Peer,
    save_state,
    written_identities,
)
from desktop.sync.repository import Transaction

DATA_SUFFIX = ".ups"
GAP_TIMEOUT_SECONDS = 14 * DAY_SECONDS  # how long to wait for a missing part


class FolderReader:
    """Reads files during one run."""

    def __init__(self, run: FolderRun) -> None:
        self._run = run

    def read(self, *, again: bool) -> list[FoundFile]:
        """Opens the files that changed since the last check, and those whose status may have changed.

        With `again`, files that were unread or lacked a key are tried again. If nothing changed, no file is opened.
        """
        state = self._run.state()
        data = {name: stat for name, stat in self._run.listing.items() if name.endswith(DATA_SUFFIX)}
        changed = [name for name, stat in data.items() if not _is_known(state.files.get(name), stat)]
        here = data.keys() | self._run.files.waiting()
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
        found: list[FoundFile] = []
        marks: dict[str, FileMark] = {}
        for name in sorted(changed):
            content = self._run.files.read(name)
            if content is None:
                continue
            mark, opened = self._opened(state, data[name], content)
            marks[name] = mark
            if opened is not None:
                found.append(FoundFile(name, opened))
        with self._run.repository.transaction() as transaction:
            state = require_state(transaction)
            state.files = {name: mark for name, mark in state.files.items() if name in here} | marks
            foreign = [
                each for each in found if each.head.file == state.file and not _is_own(transaction, state, each.file)
            ]
            for each in found:
                if each.head.file == state.file and each not in foreign:
                    state.files[each.name].status = MERGED
            own = state.file
            if foreign:
                self._run.fork(transaction, state)
            save_state(transaction, state)
        return [each for each in found if each.head.file != own or each in foreign]

    def _opened(self, state: FolderState, stat: FileStat, content: bytes) -> tuple[FileMark, DataFile | None]:
        identity = identity_of(content)
        known = state.merged.get(identity)
        if known is not None:
            return FileMark(stat.size, stat.modified, identity, MERGED, known[0], known[1:]), None
        status = OTHER
        try:
            file = open_file(self._run.keys.account, self._run.keys.data_keys, content)
        except NotOurs:
            status = OTHER
        except DataKeyMissing:
            status = NO_KEY
        except TooNew:
            status = NEWER
        except Damaged:
            status = DAMAGED
        else:
            return FileMark(stat.size, stat.modified, identity, UNREAD, file.head.file, file.head.place), file
        return FileMark(stat.size, stat.modified, identity, status), None

    def is_ready(self, found: FoundFile) -> bool:
        """True if the part before the file was merged, or is no longer waited for."""
        state = self._run.state()
        return follows_what_was_merged(state, found.head) or self._is_waited_out(state, found.head)

    def _is_waited_out(self, state: FolderState, head: FileHead) -> bool:
        peer = state.peers.get(head.file)
        since = peer.gap_since if peer is not None else 0.0
        return bool(since) and self._run.clock() - since > GAP_TIMEOUT_SECONDS

    def _is_given_up(self, state: FolderState, mark: FileMark) -> bool:
        peer = state.peers.get(mark.file)
        return peer is not None and bool(peer.gap_since) and self._run.clock() - peer.gap_since > GAP_TIMEOUT_SECONDS

    def note_gaps(self, found: list[FoundFile]) -> None:
        """Marks the files that wait for a missing part, and stores since when their devices have a gap."""
        if not found and not any(peer.gap_since for peer in self._run.state().peers.values()):
            return
        with self._run.repository.transaction() as transaction:
            state = require_state(transaction)
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
                now = self._run.clock()
                peer.gap_since = now if not peer.gap_since else min(peer.gap_since, now)
            save_state(transaction, state)


def _is_known(mark: FileMark | None, stat: FileStat) -> bool:
    return mark is not None and mark.size == stat.size and mark.modified == stat.modified


def _is_own(transaction: Transaction, state: FolderState, file: DataFile) -> bool:
    return file.identity in written_identities(transaction, state, file.head.generation)
