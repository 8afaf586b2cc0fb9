"""Manual entry in the review: enters lines, corrects rows, leaves lines out, and undoes each of these.

Each runs on the store's lane and produces another proposal; nothing counts before Accept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QTreeView

from desktop.domain.drafts.draft import Problem
from desktop.domain.drafts.manual_entry import is_open_problem
from desktop.ui.pages.review.row_editor import RowActions, RowActionsPanel, TranslatedText
from desktop.ui.pages.review.row_texts import problem_words
from desktop.ui.pages.review.tree_model import ReviewTreeModel
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate

if TYPE_CHECKING:
    from desktop.workflows.imports import Proposal


class ManualEntry(QObject):
    """Manual entry for the chosen line.

    `changed` carries the resulting proposal, `editor_toggled` whether the editor is open.
    """

    changed = Signal(object)
    editor_toggled = Signal(bool)

    def __init__(self, session: Session, tree: QTreeView, rows: ReviewTreeModel, panel: RowActionsPanel) -> None:
        super().__init__(rows)
        self._session = session
        self._tree = tree
        self._rows = rows
        self._panel = panel
        self._write_row: Callable[[Mapping[str, str]], None] | None = None
        rows.row_edited.connect(self._correct)
        panel.enter_requested.connect(self._enter)
        panel.edit_requested.connect(self._edit_row)
        panel.leave_out_requested.connect(lambda: self._mark_seen(seen=True))
        panel.undo_requested.connect(self._revert)
        panel.editor.submitted.connect(self._row_submitted)
        panel.editor.cancelled.connect(self.close)

    def show_actions(self) -> None:
        """Shows the actions for the chosen line."""
        node, proposal = self._rows.node(self._tree.currentIndex()), self._rows.proposal
        if proposal is None or self._panel.is_editing:
            return
        if node.problem is not None:
            seen = node.problem.seen
            self._panel.show_actions(RowActions(problem_words(node.problem), enter=not seen, leave=not seen, back=seen))
        elif node.change is not None and node.change.rows:
            self._panel.show_actions(RowActions(correct=True, back=self._is_by_hand(node.change.rows)))
        else:
            self._panel.show_actions(RowActions())

    def handle_key(self, key: int) -> bool:
        """Handles Enter (enters a problem) and Delete (leaves a problem out or asks again; undoes a row by hand).

        Returns whether the key was used.
        """
        node, proposal = self._rows.node(self._tree.currentIndex()), self._rows.proposal
        if proposal is None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and node.problem is not None and not node.problem.seen:
            self._enter()
            return True
        if key == Qt.Key.Key_Delete and node.problem is not None:
            self._mark_seen(seen=not node.problem.seen)
            return True
        if key == Qt.Key.Key_Delete and node.change is not None and self._is_by_hand(node.change.rows):
            self._revert()
            return True
        return False

    def _is_by_hand(self, rows: Sequence[int]) -> bool:
        proposal = self._rows.proposal
        return proposal is not None and bool(rows) and all(proposal.draft.rows[number].by_hand for number in rows)

    def _enter(self) -> None:
        """Opens the editor for the chosen problem, filled with what is known of it."""
        proposal, problem = self._rows.proposal, self._rows.node(self._tree.currentIndex()).problem
        if proposal is None or problem is None or problem.seen:
            return
        known = proposal.draft.kind.suggestions(proposal.draft, problem)
        given = known[min(len(proposal.draft.entered_rows(problem)), len(known) - 1)]

        def write(texts: Mapping[str, str]) -> None:
            from desktop.workflows import imports  # noqa: PLC0415 - with the store

            def done(new: Proposal) -> None:
                self.changed.emit(new)
                added = translate("Review", "{module} was entered by hand").format(module=texts["module"])
                self._session.notices.show_success(added, lambda: self._undo_entry(problem))
                place = self._rows.index_of(place=problem.place)
                self._tree.setCurrentIndex(place)
                if is_open_problem(new.draft, problem) and problem.place.text:
                    self._enter()  # a line can contain several meetings: on to the next

            store = self._session.app.store
            self._run_on_store(lambda: imports.enter_row(store, proposal, problem, texts), done)

        self._edit(
            given,
            lambda: problem_words(problem),
            lambda: translate("Review", "Add"),
            write,
            proposal.draft.kind.problem_field(problem),
        )

    def _edit_row(self) -> None:
        """Opens the editor for a row that was read or entered by hand."""
        proposal, change = self._rows.proposal, self._rows.node(self._tree.currentIndex()).change
        if proposal is not None and change is not None and change.rows:
            rows = change.rows
            given = proposal.draft.kind.form_texts([proposal.draft.rows[number] for number in rows])
            heading = " ".join(proposal.draft.rows[rows[0]].place.text.split()) or change.item.module
            self._edit(
                given,
                lambda: heading,
                lambda: translate("Review", "Save"),
                lambda texts: self._correct(rows, texts),
            )

    def _edit(
        self,
        given: Mapping[str, str],
        heading: TranslatedText,
        done: TranslatedText,
        write: Callable[[Mapping[str, str]], None],
        wrong: str = "",
    ) -> None:
        proposal = self._rows.proposal
        if proposal is not None:
            self._write_row = write
            self._panel.show_actions(RowActions())
            self._panel.open_editor(proposal.draft.kind, given, heading, done, wrong)
            self.editor_toggled.emit(True)

    def _row_submitted(self, texts: Mapping[str, str]) -> None:
        write = self._write_row
        self.close()
        if write is not None:
            write(texts)

    def close(self) -> None:
        """Closes the editor, and drops its input."""
        self._write_row = None
        if self._panel.is_editing:
            self._panel.close_editor()
            self._tree.setFocus(Qt.FocusReason.OtherFocusReason)
            self.show_actions()
            self.editor_toggled.emit(False)

    def _correct(self, rows: Sequence[int], texts: Mapping[str, str]) -> None:
        proposal = self._rows.proposal
        if proposal is None:
            return

        def work() -> Proposal:
            from desktop.workflows import imports  # noqa: PLC0415 - with the store

            return imports.correct_rows(self._session.app.store, proposal, rows, texts)

        self._run_on_store(work, self.changed.emit)

    def _revert(self) -> None:
        """Turns a row by hand back into a problem, or asks again about a line that was left out."""
        proposal, node = self._rows.proposal, self._rows.node(self._tree.currentIndex())
        if node.problem is not None:
            self._mark_seen(seen=False)
        elif proposal is not None and node.change is not None:
            self._drop_rows(node.change.rows)

    def _undo_entry(self, problem: Problem) -> None:
        proposal = self._rows.proposal
        if proposal is not None:
            self._drop_rows(
                [n for n, row in enumerate(proposal.draft.rows) if row.by_hand and row.place == problem.place]
            )

    def _drop_rows(self, rows: Sequence[int]) -> None:
        proposal = self._rows.proposal
        if proposal is None or not rows:
            return
        place = proposal.draft.rows[rows[0]].place

        def work() -> Proposal:
            from desktop.workflows import imports  # noqa: PLC0415 - with the store

            return imports.drop_rows(self._session.app.store, proposal, rows)

        def done(new: Proposal) -> None:
            self.changed.emit(new)
            self._tree.setCurrentIndex(self._rows.index_of(place=place))

        self._run_on_store(work, done)

    def _mark_seen(self, *, seen: bool) -> None:
        proposal, problem = self._rows.proposal, self._rows.node(self._tree.currentIndex()).problem
        if proposal is None or problem is None:
            return

        def work() -> Proposal:
            from desktop.workflows import imports  # noqa: PLC0415 - with the store

            return imports.mark_seen(self._session.app.store, proposal, problem, seen=seen)

        self._run_on_store(work, self.changed.emit)

    def _run_on_store(self, work: Callable[[], Proposal], done: Callable[[Proposal], None]) -> None:
        self._session.jobs.run_on_store(work, done, self._session.notices.show_error, owner=self)
