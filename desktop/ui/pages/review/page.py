"""The Review page: what was read, beside the picture of where it was read, before any of it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QSplitter,
    QTabBar,
    QTreeView,
    QWidget,
)

from desktop.domain.drafts.manual_entry import open_problems
from desktop.domain.importing.decisions import Decisions, open_questions
from desktop.domain.records.records import Records
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.timetable.travel import full_campus_name
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.review.cells import fit_columns, set_up_tree, widest_changes
from desktop.ui.pages.review.document_picture import DocumentPicture
from desktop.ui.pages.review.manual_entry import ManualEntry
from desktop.ui.pages.review.questions import question_card
from desktop.ui.pages.review.row_editor import RowActionsPanel
from desktop.ui.pages.review.row_texts import CAMPUS, GROUP, STATE, WHERE
from desktop.ui.pages.review.summary import accepted_words, effective_proposals, summary
from desktop.ui.pages.review.tree_model import ReviewTreeModel
from desktop.ui.pages.year.terms_panel import TermsPanel
from desktop.ui.session import first_run
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, clear_layout, column, empty_state, label, panel, row, scroll_area
from desktop.ui.widgets.plain_words import escape_mnemonics
from desktop.ui.widgets.tooltips import set_tooltip

if TYPE_CHECKING:
    from desktop.workflows.imports import Proposal


MIN_TREE_HEIGHT = 150  # logical pixels: room for the header and some rows
MAX_TERMS_SHARE = 0.5  # the greatest part of the page's height for the dates


class ReviewPage(Page[routes.ReviewRoute]):
    """Shows the documents that wait to be accepted."""

    narrow_below = 500

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._current = 0
        self._is_first = True
        self._widest_changes: dict[
            int, int
        ] = {}  # by column, the pixels needed to show the old value beside the new one
        self._calendars: dict[int, tuple[AcademicCalendar, Records]] = {}
        self._view = session.state.view  # the view that `_calendars` were read for
        self._discard = button("", self._discard_current, role="quiet")
        self._accept = self.add_primary_button("", self._accept_all, "check")
        self._tabs = QTabBar()
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.currentChanged.connect(self._show_tab)
        self._picture = DocumentPicture(session)
        self.rows = ReviewTreeModel(self)
        self.tree = QTreeView()
        self.actions_panel = RowActionsPanel()
        self.manual_entry = ManualEntry(session, self.tree, self.rows, self.actions_panel)
        self._set_up_tree()
        self._summary = label("", wrap=True)
        self._year_word = label("", "quiet")
        self._year = QComboBox()
        self._year.activated.connect(self._change_year)
        self._reason = label("", "quiet", wrap=True)
        self._remarks = label("", "quiet", wrap=True)
        self._questions = column(gap=GRID)
        self._terms = TermsPanel(with_recesses=True)
        self._terms_area = scroll_area(self._terms)
        self._terms.edited.connect(self._fit_terms)
        self._empty_state: QWidget | None = None
        session.import_queue.proposals_changed.connect(self.invalidate)
        self.rows.decisions_changed.connect(self._decide)
        self._picture.clicked.connect(self._choose_row_at)
        self.manual_entry.changed.connect(self._replace)
        self.manual_entry.editor_toggled.connect(self._make_room_for_editor)
        self.retranslate()

    def build(self) -> Iterator[None]:
        # Beside the summary of what it discards, and never where Accept is or will be.
        head = row(self._summary, self._year_word, self._year, self._discard)
        head.setStretch(0, 1)
        said = column(head, self._reason, self._remarks, self._terms_area, self._questions, self.tree, gap=GRID)
        said.setStretch(said.indexOf(self.tree), 3)
        self.tree.setMinimumHeight(
            appearance().px(MIN_TREE_HEIGHT)
        )  # when questions leave too little room, the whole side scrolls
        inside, side = panel(), panel()
        self._scroll_area = scroll_area(inside)
        self._right = right = column(self._tabs, self._scroll_area, self.actions_panel, gap=GRID)
        right.setContentsMargins(GRID * 2, 0, 0, 0)
        right.setStretch(right.indexOf(self._scroll_area), 3)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self.body.addWidget(self._split, 1)
        self._split.addWidget(self._picture)
        self._split.addWidget(side)
        side.setLayout(right)
        yield
        inside.setLayout(said)
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        self._split.setSizes([520, 580])
        self._split.setChildrenCollapsible(False)
        yield

    def _set_up_tree(self) -> None:
        tree = self.tree
        tree.setModel(self.rows)
        set_up_tree(tree)
        tree.selectionModel().currentChanged.connect(self._current_changed)
        tree.setMouseTracking(True)
        tree.entered.connect(self._row_hovered)
        tree.viewport().installEventFilter(self)
        tree.installEventFilter(self)

    # the page

    def title(self) -> str:
        return translate("Review", "Review")

    def retranslate(self) -> None:
        self._discard.setText(translate("Review", "Discard"))
        self.actions_panel.retranslate()
        self._picture.retranslate()
        self._year_word.setText(translate("Review", "Academic year"))
        self._tabs.setAccessibleName(translate("Review", "Documents"))
        self.tree.setAccessibleName(translate("Review", "What the document says"))
        self._year.setAccessibleName(translate("Review", "Academic year"))

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        return self.session.import_queue.proposals

    @property
    def proposal(self) -> Proposal | None:
        """The proposal whose tab is open."""
        found = self.proposals
        return found[min(self._current, len(found) - 1)] if found else None

    def refresh(self) -> None:
        if self._view is not self.session.state.view:
            self._view = self.session.state.view
            self._calendars.clear()  # dates may have been confirmed on another page
        proposal = self.proposal
        self._split.setVisible(proposal is not None)
        self._picture.setVisible(not self.is_narrow)  # a narrow strip of it would leave the rows no room
        self._accept.setVisible(proposal is not None)
        self._discard.setVisible(proposal is not None)
        if self._empty_state is not None:
            self._empty_state.deleteLater()
            self._empty_state = None
        if proposal is None:
            go = button(
                translate("Review", "Import"), lambda: self.session.open_page(routes.ImportRoute()), role="primary"
            )
            self._empty_state = empty_state("document", translate("Review", "Nothing to review"), [], go)
            self.body.addWidget(self._empty_state, 1)
            self.rows.show_proposal(None)
            return
        self._fill_tabs()
        self._fill_head(proposal)
        self._fill_rows(proposal)
        self._fill_terms(proposal)
        self._fill_questions(proposal)
        self._accept.setText(
            translate("Review", "Accept {what}").format(what=accepted_words(effective_proposals(self.proposals)))
        )
        self._update_accept()

    def _update_accept(self) -> None:
        """Enables Accept, unless a question is open or a line is being edited."""
        asked = any(open_questions(each.comparison, each.decisions) for each in self.proposals)
        writing = self.actions_panel.is_editing
        self._accept.setEnabled(not asked and not writing and any(each.draft.rows for each in self.proposals))
        self._tabs.setEnabled(not writing)
        why = translate("Review", "Answer the questions first, or leave those rows out") if asked else ""
        if writing:
            why = translate("Review", "Add what you are writing first, or cancel it")
        set_tooltip(self._accept, why)

    def _fill_tabs(self) -> None:
        blocked = self._tabs.blockSignals(True)
        while self._tabs.count() > len(self.proposals):
            self._tabs.removeTab(self._tabs.count() - 1)
        for number, each in enumerate(self.proposals):
            if number >= self._tabs.count():
                self._tabs.addTab("")
            mark = " •" if open_problems(each.draft) or open_questions(each.comparison, each.decisions) else ""
            self._tabs.setTabText(number, escape_mnemonics(translate_message(each.draft.kind.title)) + mark)
            set_tooltip(self._tabs, each.name, number)
        self._current = min(self._current, len(self.proposals) - 1)
        self._tabs.setCurrentIndex(self._current)
        self._tabs.setVisible(len(self.proposals) > 1)
        self._tabs.blockSignals(blocked)

    def _fill_head(self, proposal: Proposal) -> None:
        self._summary.setText(f"{proposal.name}: {summary(proposal)}")
        blocked = self._year.blockSignals(True)
        self._year.clear()
        for year in proposal.years:
            self._year.addItem(str(year), year)
        self._year.setCurrentIndex(self._year.findData(proposal.year))
        self._year.blockSignals(blocked)
        self._reason.setText(translate_message(proposal.reason))
        self._reason.setVisible(bool(proposal.reason) and not self.actions_panel.is_editing)
        remarks = proposal.draft.remarks
        self._remarks.setText("\n".join(translate_message(remark) for remark in remarks))
        self._remarks.setVisible(bool(remarks) and not self.actions_panel.is_editing)

    def _fill_rows(self, proposal: Proposal) -> None:
        kept = self.rows.node(self.tree.currentIndex())
        key = kept.change.key if kept.change is not None else ""
        if not self.rows.show_proposal(proposal):
            self._current_changed(self.tree.currentIndex())
            return
        for heading in self.rows.headings():
            self.tree.setExpanded(heading, True)
            self.tree.setFirstColumnSpanned(heading.row(), heading.parent(), True)
            for number, node in enumerate(self.rows.node(heading).children):
                if node.problem is not None or node.scope is not None:
                    self.tree.setFirstColumnSpanned(number, heading, True)
        header = self.tree.header()
        is_first = proposal.comparison.is_first
        by_hand = any(row.by_hand for row in proposal.draft.rows)
        state = 108 if not is_first else 96 if by_hand else 68
        for number, width in ((GROUP, 48), (CAMPUS, 88), (STATE, state)):
            header.resizeSection(number, appearance().px(width))
        if is_first != self._is_first:
            self._is_first = is_first
            self._split.setSizes([520, 580] if is_first else [260, 840])
        header.setSectionResizeMode(WHERE, QHeaderView.ResizeMode.Stretch)
        header.setSectionHidden(GROUP, proposal.draft.kind.columns.group is None)
        campuses = {full_campus_name(change.item.campus) for change in proposal.comparison.rows}
        header.setSectionHidden(CAMPUS, len(campuses) < 2)  # the same for nearly every student
        header.setSectionHidden(STATE, is_first and not by_hand)
        self._widest_changes = widest_changes(self.rows)
        self._fit_columns()
        found = self.rows.index_of(key=key) if key else QModelIndex()
        self.tree.setCurrentIndex(found if found.isValid() else self.rows.first_row())

    def _fit_columns(self) -> None:
        if self.proposal is not None and self._widest_changes:
            fit_columns(self.tree, self.proposal.draft.kind, self._widest_changes)

    def _fill_questions(self, proposal: Proposal) -> None:
        clear_layout(self._questions)
        for question in proposal.comparison.questions:
            answer = proposal.decisions.answers.get(question.key)
            self._questions.addWidget(question_card(question, answer, partial(self._answer, question.key)))

    # terms of the year

    def _fill_terms(self, proposal: Proposal) -> None:
        known = self._calendars.get(proposal.year)
        if known is None:
            self._terms_area.hide()
            year = proposal.year

            def work() -> tuple[AcademicCalendar, Records]:
                from desktop.workflows import timetable  # noqa: PLC0415 - with the store

                records = self.session.app.store.records(year)
                return timetable.calendar_of(records, year), records

            def done(found: tuple[AcademicCalendar, Records]) -> None:
                self._calendars[year] = found
                if self.proposal is not None:
                    self._fill_terms(self.proposal)

            self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)
            return
        calendar, _records = known
        offered = {
            each.after.offered
            for other in self.proposals
            if other.year == proposal.year
            for each in other.comparison.rows
            if isinstance(each.after, Meeting)
        }
        self._terms_area.setVisible(not calendar.confirmed and bool(offered) and not self.actions_panel.is_editing)
        if self._terms_area.isVisibleTo(self) and not self._terms.is_showing(calendar, offered):
            self._terms.show_calendar(calendar, offered)
        QTimer.singleShot(0, self, self._fit_terms)  # once it has its final width

    def _fit_terms(self) -> None:
        """Sets the height of the dates: all of them if the rows keep enough room, else they scroll."""
        layout = self._terms.layout()
        if layout is not None:
            wanted = layout.heightForWidth(self._terms_area.viewport().width())
            self._terms_area.setFixedHeight(min(wanted, int(self.height() * MAX_TERMS_SHARE)))

    # user actions

    def _show_tab(self, number: int) -> None:
        self.manual_entry.close()
        self._current = max(0, number)
        self._draw()

    def _row_hovered(self, index: QModelIndex) -> None:
        """Frames the row under the pointer, unless a line is being edited, whose place has to stay in sight."""
        if not self.actions_panel.is_editing:
            self._show_place(index)

    def _show_place(self, index: QModelIndex) -> None:
        proposal = self.proposal
        if proposal is not None:
            self._picture.show_places(proposal.source, proposal.draft.sha256, self.rows.places(index))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.tree.viewport():
            if event.type() == QEvent.Type.Leave:
                self._show_place(self.tree.currentIndex())
            elif event.type() == QEvent.Type.Resize:
                self._fit_columns()
                self._fit_terms()
        if watched is self.tree and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self.manual_entry.handle_key(event.key())
        return super().eventFilter(watched, event)

    def _current_changed(self, index: QModelIndex) -> None:
        """Frames the new current line, and shows the actions for it."""
        self._show_place(index)
        self.manual_entry.show_actions()

    def _make_room_for_editor(self, is_open: bool) -> None:
        """Gives the height of the questions to the editor while it is open."""
        self._update_accept()
        self._right.setStretch(self._right.indexOf(self.actions_panel), 3 if is_open else 0)
        self._right.setStretch(self._right.indexOf(self._scroll_area), 1 if is_open else 3)
        if self.proposal is not None:
            self._reason.setVisible(bool(self.proposal.reason) and not is_open)
            self._fill_terms(self.proposal)

    def _choose_row_at(self, page: int, height: float) -> None:
        index = self.rows.index_at(page, height)
        if index.isValid() and not self.actions_panel.is_editing:
            self.tree.setCurrentIndex(index)
            self._scroll_area.ensureWidgetVisible(self.tree)
            self.tree.scrollTo(index)

    def _replace(self, new: Proposal) -> None:
        kept = [new if number == self._current else each for number, each in enumerate(self.proposals)]
        self.session.import_queue.replace_proposals(kept)

    def _decide(self, decisions: Decisions) -> None:
        if self.proposal is not None:
            self._replace(replace(self.proposal, decisions=decisions))

    def _answer(self, question: str, option: int) -> None:
        if self.proposal is not None:
            self._decide(self.proposal.decisions.answer(question, option))

    def _change_year(self) -> None:
        """Changes the year of all documents that were dropped together."""
        year = self._year.currentData()
        found = self.proposals

        def work() -> list[Proposal]:
            from desktop.workflows import imports  # noqa: PLC0415 - with the store

            return [imports.revise(self.session.app.store, each, year=year) for each in found]

        self.session.jobs.run_on_store(
            work,
            lambda new: self.session.import_queue.replace_proposals([replace(each, reason="") for each in new]),
            self.session.notices.show_error,
            owner=self,
        )

    def _discard_current(self) -> None:
        proposal = self.proposal
        if proposal is None:
            return
        before = self.proposals
        entries = [
            entry
            for entry in self.session.import_queue.entries
            if entry.draft is not None and entry.draft.source == proposal.draft.source
        ]
        left = [each for each in before if each is not proposal]
        self.session.import_queue.replace_proposals(left)
        for entry in entries:
            self.session.import_queue.dismiss(entry)

        def back() -> None:
            self.session.import_queue.restore_entries(entries, before)
            self.session.open_page(routes.ReviewRoute())

        self.session.notices.show_success(translate("Review", "Discarded {name}").format(name=proposal.name), back)
        if not left:
            self.session.open_page(routes.ImportRoute())

    def _accept_all(self) -> None:
        """Accepts every document, and confirms the year's dates if they are not confirmed yet."""
        found = effective_proposals(self.proposals)
        if not found:
            return
        known = self._calendars.get(found[0].year)
        records = known[1] if known is not None else Records({})
        terms = self._terms.confirm_act(records) if self._terms_area.isVisibleTo(self) else None
        if self._terms_area.isVisibleTo(self) and terms is None:
            return
        words = accepted_words(found)
        year = found[0].year
        is_first = self.session.state.is_empty

        def work() -> int:
            from desktop.workflows import imports, timetable  # noqa: PLC0415 - with the store

            store = self.session.app.store
            if terms is not None:
                timetable.apply_act(store, terms)
            return len(imports.accept_all(store, found)) + (terms is not None)

        def done(acts: int) -> None:
            self._calendars.clear()
            self.session.import_queue.clear_finished()
            if is_first:
                first_run.start_first_run(self.session)
            self.session.open_page(routes.FirstRunRoute() if is_first else routes.WeekRoute())
            text = translate("Review", "Accepted {what}").format(what=words)
            self.session.notices.show_success(text, lambda: self.session.undo(acts, text))

        self._accept.setEnabled(False)
        self.session.run_change(work, done, year=year, finally_=lambda: self._accept.setEnabled(True))
