"""The folder sync engine: reads what other devices wrote, writes what is new here, and repairs its own files.

There is no server to ask: files arrive late, twice, truncated, or not at all, and a cloud service restores old ones.
So a file is judged by its contents alone (`receiving`), everything that was read is recorded in the transaction that
merges it, and a file is written only after its contents were committed here.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from desktop.domain.errors import Cancelled, NeedsDecision
from desktop.sync.folder.merging import FolderMerger
from desktop.sync.folder.ports import FolderFiles, FolderKeys
from desktop.sync.folder.publishing import FolderPublisher
from desktop.sync.folder.reading import FolderReader
from desktop.sync.folder.rules import is_published
from desktop.sync.folder.run import FolderRun
from desktop.sync.folder.state import MERGED, NEWER, NO_KEY, load_state, save_state
from desktop.sync.plan import Progress, SyncOutcome, SyncStep
from desktop.sync.repository import SyncRepository


class FolderIsEmpty(NeedsDecision):
    """All files that were in the folder are gone: it may be the wrong folder."""

    def __init__(self) -> None:
        super().__init__(
            "The folder is empty.",
            "Check that the drive is connected and the cloud’s program runs. If all was deleted there, write it again.",
        )


def new_file_id() -> str:
    """A random id in hexadecimal digits, which every file system accepts and keeps distinct."""
    return secrets.token_hex(16)


class FolderEngine:
    """Syncs one profile through a folder. Not thread-safe."""

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
        self._lines: set[int] = set()  # hashes of merged lines: the files of all devices have most lines in common

    def run(
        self,
        *,
        agreed: bool = False,
        wipe: str = "ask",
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> SyncOutcome:
        """Reads and writes once.

        `agreed` is True if the user has agreed to join the data of both sides (else JoinNeedsDecision is raised if both
        hold some), and to write an empty folder again (else FolderIsEmpty). `wipe` decides about mass deletions: `ask`
        (MassDeleteNeedsDecision is raised), `accept` (they stand) or `undo` (the deleted records are restored). Raises
        Cancelled between files, FileError, StorageError.
        """
        run = FolderRun(self._repository, self._files, self._keys, self._clock, self._new_id, self._lines)
        reader, merger, publisher = FolderReader(run), FolderMerger(run), FolderPublisher(run)
        run.listing = self._files.list()
        state = run.state()
        if not agreed and not run.listing and (state.files or state.generation >= 0):
            raise FolderIsEmpty
        merger.continue_as_copy()
        has_new_keys = self._keys.merge_keyrings(run.listing)
        found = reader.read(again=has_new_keys)
        merger.check_decisions(found, agreed=agreed, wipe=wipe)
        done = 0
        while ready := [each for each in found if reader.is_ready(each)]:
            for each in ready:
                if cancelled():
                    raise Cancelled
                merger.merge(each, revive=wipe == "undo")
                found.remove(each)
                done += 1
                progress(Progress(SyncStep.PULL, done, done + len(found)))
        reader.note_gaps(found)
        publisher.check_own_files()
        if not publisher.publish(wipe):
            publisher.tidy()
        unreadable = sum(mark.status in {NEWER, NO_KEY} for mark in run.state().files.values())
        return replace(run.outcome, changed=frozenset(run.changed), unreadable=unreadable)

    def delete_files_of(self, listing: Iterable[str], file: str) -> bool:
        """Deletes the files of a removed device if this device's files cover all they contain; True if it did."""
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
