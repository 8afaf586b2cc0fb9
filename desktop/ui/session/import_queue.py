"""The queue of documents to import: read one by one in the background, then proposed together for the review.

It has no widgets; pages draw its entries. Nothing is part of the timetable before it is accepted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from desktop.domain.drafts.draft import Draft
from desktop.domain.errors import AppError, Cancelled, DocumentRefused
from desktop.ui.session.jobs import HIGH_PRIORITY, CancelFlag, Job, Jobs, Progress
from desktop.ui.session.memory import freeze_objects
from desktop.ui.session.notices import Notices
from desktop.ui.session.state import ViewState
from desktop.ui.texts.counts import ContentCounts, count_contents
from desktop.ui.texts.language import translate_message

if TYPE_CHECKING:
    from desktop.app import App
    from desktop.workflows.imports import Proposal


class ReadStage(StrEnum):
    """The progress of a file."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class QueuedDocument:
    """One document of a file, with its progress and its result."""

    number: int
    path: Path
    stage: ReadStage = ReadStage.WAITING
    done: int = 0
    total: int = 0
    draft: Draft | None = None
    error: AppError | None = None
    contents: ContentCounts | None = None
    is_duplicate: bool = False  # the same document was imported already, and has no open problems
    pasted_bytes: bytes | None = field(default=None, repr=False)  # the pasted text, if it is not a file
    job: Job[tuple[tuple[Draft, ContentCounts], ...]] | None = field(default=None, repr=False)

    @property
    def is_open(self) -> bool:
        return self.stage in (ReadStage.WAITING, ReadStage.READING)

    def details(self) -> str:
        """The file name and the error as text, to be copied."""
        error = self.error
        lines = [
            self.path.name,
            translate_message(error.title) if error else "",
            translate_message(error.hint) if error else "",
        ]
        return "\n".join(line for line in lines if line)


class ImportSession(Protocol):
    """The parts of the session that the import queue uses."""

    jobs: Jobs
    state: ViewState
    notices: Notices

    @property
    def app(self) -> App: ...

    def read_document(
        self, path: Path, flag: CancelFlag, report_progress: Progress, body: bytes | None = ...
    ) -> tuple[Draft, ...]: ...


class ImportQueue(QObject):
    """The documents of this window that are to be imported."""

    added = Signal(object)  # a QueuedDocument, as in the next two
    changed = Signal(object)
    removed = Signal(object)
    reading_finished = Signal()  # no file is being read any more
    proposals_changed = Signal()  # `proposals` was replaced

    def __init__(self, session: ImportSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._numbers = itertools.count(1)
        self._running_searches = 0  # searches for files that are running
        self.entries: list[QueuedDocument] = []
        self.proposals: tuple[Proposal, ...] = ()

    @property
    def is_reading(self) -> bool:
        return self._running_searches > 0 or any(entry.is_open for entry in self.entries)

    # reading

    def add(self, paths: Sequence[Path]) -> None:
        """Reads these files, and the PDFs in these folders."""
        self._running_searches += 1

        def found(files: tuple[Path, ...]) -> None:
            self._running_searches -= 1
            known = {entry.path: entry for entry in self.entries if entry.pasted_bytes is None}
            for path in files:
                entry = known.get(path)
                if entry is None:
                    self._add_entry(QueuedDocument(next(self._numbers), path))
                else:
                    self.retry(entry)  # the file may have changed since
            if not files:
                self._session.notices.show_error(
                    DocumentRefused(
                        "There is no PDF in what you dropped.",
                        "Drop the PDFs of the student portal, or a folder that holds them.",
                    )
                )
            self._propose_if_idle()

        def failed(error: Exception) -> None:
            self._running_searches -= 1
            self._session.notices.show_error(error)
            self._propose_if_idle()

        self._session.jobs.run_in_pool(
            lambda _flag, _tell: _documents_in(paths), found, failed, owner=self, priority=HIGH_PRIORITY
        )

    def paste(self, body: bytes, name: str) -> None:
        """Reads a pasted table: text or HTML in UTF-8. `name` is its name in the list."""
        self._add_entry(QueuedDocument(next(self._numbers), Path(name), pasted_bytes=body))

    def _add_entry(self, entry: QueuedDocument) -> None:
        if entry not in self.entries:
            self.entries.append(entry)
            self.added.emit(entry)
        self._read_entry(entry)

    def _read_entry(self, entry: QueuedDocument) -> None:
        path, body = entry.path, entry.pasted_bytes

        def work(flag: CancelFlag, tell: Progress) -> tuple[tuple[Draft, ContentCounts], ...]:
            tell(0, 0)
            drafts = self._session.read_document(path, flag, tell, body)
            found = tuple((draft, count_contents(draft)) for draft in drafts)
            freeze_objects()
            return found

        self._remove_siblings(entry)

        entry.stage, entry.error, entry.draft, entry.done, entry.total = ReadStage.WAITING, None, None, 0, 0
        entry.job = self._session.jobs.run_in_pool(
            work,
            lambda found: self._document_read(entry, found),
            lambda error: self._document_failed(entry, error),
            progressed=lambda done, total: self._progressed(entry, done, total),
            owner=self,
        )
        self.changed.emit(entry)

    def _progressed(self, entry: QueuedDocument, done: int, total: int) -> None:
        if entry.is_open:
            entry.stage, entry.done, entry.total = ReadStage.READING, done, total
            self.changed.emit(entry)

    def _remove_siblings(self, entry: QueuedDocument) -> None:
        """Removes the other documents of a file that is read again from the list."""
        if entry.draft is None or entry.pasted_bytes is not None:
            return
        for other in [each for each in self.entries if each is not entry and each.path == entry.path]:
            self.entries.remove(other)
            self.removed.emit(other)

    def _document_read(self, entry: QueuedDocument, found: Sequence[tuple[Draft, ContentCounts]]) -> None:
        (first, contents), *more = found
        if any(other is not entry and other.draft and other.draft.source == first.source for other in self.entries):
            self._document_failed(
                entry,
                DocumentRefused(
                    "This is the same document as another one here.",
                    "It is read once; this copy can be dismissed.",
                ),
            )
            return
        entry.stage, entry.draft, entry.contents = ReadStage.READ, first, contents
        self.changed.emit(entry)
        for draft, contents in more:  # a file can contain several documents
            other = QueuedDocument(next(self._numbers), entry.path, ReadStage.READ, pasted_bytes=entry.pasted_bytes)
            other.draft, other.contents = draft, contents
            self.entries.append(other)
            self.added.emit(other)
        self._propose_if_idle()

    def _document_failed(self, entry: QueuedDocument, error: Exception) -> None:
        if isinstance(error, Cancelled):
            entry.stage = ReadStage.CANCELLED
        else:
            entry.stage = ReadStage.REFUSED
            entry.error = (
                error
                if isinstance(error, AppError)
                else AppError(
                    "This file could not be read because of a fault of the program.",
                    "Copy the report and send it on, or try again.",
                )
            )
        self.changed.emit(entry)
        self._propose_if_idle()

    # actions on files

    def cancel(self, entry: QueuedDocument) -> None:
        if entry.job is not None and entry.is_open:
            entry.job.cancel()
            entry.stage = ReadStage.CANCELLED
            self.changed.emit(entry)

    def cancel_all(self) -> None:
        for entry in self.entries:
            self.cancel(entry)

    def retry(self, entry: QueuedDocument) -> None:
        if not entry.is_open:
            self._read_entry(entry)

    def retry_all(self) -> None:
        for entry in self.entries:
            if entry.stage is ReadStage.REFUSED:
                self._read_entry(entry)

    def dismiss(self, entry: QueuedDocument) -> None:
        """Removes a document from the list and discards what was read of it."""
        self.cancel(entry)
        if entry in self.entries:
            self.entries.remove(entry)
            self.removed.emit(entry)
        self._propose_if_idle()

    def restore_entries(self, entries: Sequence[QueuedDocument], proposals: Iterable[Proposal]) -> None:
        """Undoes a discard: restores these entries and these proposals."""
        for entry in entries:
            if entry not in self.entries:
                self.entries.append(entry)
                self.added.emit(entry)
        self.replace_proposals(proposals)

    def clear_finished(self) -> None:
        """Removes all entries that were read or cancelled, after their proposals were accepted or discarded."""
        for entry in [entry for entry in self.entries if entry.stage in (ReadStage.READ, ReadStage.CANCELLED)]:
            self.entries.remove(entry)
            self.removed.emit(entry)
        self.replace_proposals(())

    def clear(self) -> None:
        """Removes all entries and proposals."""
        self.cancel_all()
        for entry in list(self.entries):
            self.entries.remove(entry)
            self.removed.emit(entry)
        self.replace_proposals(())

    # proposing

    def _propose_if_idle(self) -> None:
        if self.is_reading:
            return
        read = [entry for entry in self.entries if entry.draft is not None]
        if not read:
            self.replace_proposals(())
            self.reading_finished.emit()
            return
        today = self._session.state.today
        kept = {proposal.draft.source: proposal for proposal in self.proposals}

        def work() -> tuple[list[tuple[QueuedDocument, Proposal]], list[tuple[QueuedDocument, AppError]]]:
            from desktop.workflows import imports  # noqa: PLC0415 - only when something is imported
            from desktop.workflows.documents import printable_name  # noqa: PLC0415

            store, good, bad = self._session.app.store, [], []
            for entry in read:
                draft = entry.draft
                if draft is None:
                    continue
                if draft.source in kept:
                    good.append((entry, kept[draft.source]))
                    continue
                beside = [other.draft for other in read if other.draft is not None and other is not entry]
                try:
                    name = printable_name(entry.path)
                    source = entry.path if entry.pasted_bytes is None else None
                    proposal = imports.propose(store, draft, name, today, source=source, other_drafts=beside)
                    good.append((entry, proposal))
                    freeze_objects()
                except AppError as error:
                    bad.append((entry, error))
            return good, bad

        def done(both: tuple[list[tuple[QueuedDocument, Proposal]], list[tuple[QueuedDocument, AppError]]]) -> None:
            for entry, error in both[1]:
                entry.draft = None
                self._document_failed(entry, error)
            for entry, proposal in both[0]:
                entry.contents = count_contents(proposal.draft)  # includes earlier decisions about its lines
                entry.is_duplicate = proposal.comparison.is_accepted and not entry.contents.problems
                self.changed.emit(entry)
            self.replace_proposals([proposal for _, proposal in both[0]])
            if not self.is_reading:
                self.reading_finished.emit()

        self._session.jobs.run_on_store(work, done, self._session.notices.show_error, owner=self)

    def replace_proposals(self, proposals: Iterable[Proposal]) -> None:
        """Replaces the proposals for the review; sorted as lectures, tests, exams."""
        self.proposals = tuple(sorted(proposals, key=lambda each: (each.draft.kind, each.name)))
        self.proposals_changed.emit()


def _documents_in(paths: Sequence[Path]) -> tuple[Path, ...]:
    from desktop.workflows import documents  # noqa: PLC0415 - only when something is imported

    return documents.find_documents(paths)
