"""The Tests & exams page: the assessments of the year with the days left, whether preliminary, and those past.

Deadlines of other calendars are listed among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time

from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.commands import choices
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import LayerEvent
from desktop.domain.timetable.occurrences import Occurrence
from desktop.ui import routes
from desktop.ui.models.assessment_list import (
    ACTION_HIDE,
    AssessmentDelegate,
    AssessmentListRow,
    AssessmentRow,
    DeadlineRow,
    HeadingRow,
    MissingRow,
)
from desktop.ui.models.row_delegate import ACTION_OPEN
from desktop.ui.models.row_model import RowModel
from desktop.ui.models.row_view import RowView
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import PortalEmptyState
from desktop.ui.pages.week.block import kind_word, time_text
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, date_text, plural, translate, translate_message
from desktop.ui.widgets.controls import button, clear_layout, column, empty_state
from desktop.ui.widgets.plain_words import escape_mnemonics
from desktop.workflows.timetable import View


class AssessmentsPage(Page[routes.AssessmentsRoute]):
    """A list of assessments by month."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._module = ""
        self._portal = PortalEmptyState(session)
        self._nothing = column(gap=0)
        self._rows: RowModel[AssessmentListRow] = RowModel(self)
        self._list = RowView(self._fill_menu)
        self._list.setModel(self._rows)
        delegate = AssessmentDelegate(self._list)
        self._list.setItemDelegate(delegate)
        delegate.action_requested.connect(self._perform_action)
        self._list.opened.connect(self._perform_action)
        session.selected.connect(self._selected)
        self.align_rows_with_title()
        self.body.addWidget(self._portal, 1)
        self.body.addLayout(self._nothing)
        self.body.addWidget(self._list, 1)
        self._all = button("", self._show_all, role="quiet", icon="filter")
        self.tools.addWidget(self._all)
        self.retranslate()

    def title(self) -> str:
        if self._module:
            return translate("Assessments", "Tests & exams of {module}").format(module=self._module)
        return translate("Assessments", "Tests & exams")

    def retranslate(self) -> None:
        self._all.setText(translate("Assessments", "Show all modules"))

    def open(self, route: routes.AssessmentsRoute) -> None:
        if route.module:
            self._module = route.module
            self.invalidate()

    def take_focus(self) -> None:
        self.setFocus() if self._list.isHidden() else self._list.setFocus()

    def _show_all(self) -> None:
        self._module = ""
        self.invalidate()

    def refresh(self) -> None:
        self._list.setAccessibleName(self.title())
        self._all.setVisible(bool(self._module))
        view = self.session.state.view
        shown = [] if view is None else self._dated(view)
        self._rows.show_rows(() if view is None else self._listed(view, shown))
        self._list.setVisible(bool(shown))
        is_empty = view is not None and self.session.state.is_empty
        self._portal.show_if(is_empty)
        clear_layout(self._nothing)
        if view is not None and not shown and not is_empty:
            self._nothing.addWidget(self._empty_state(), 1)

    def _dated(self, view: View) -> list[Assessment | Occurrence]:
        """Returns the assessments, and the deadlines of other calendars, sorted by time."""
        modules = view.timetable.modules
        hidden = {code for code, module in modules.items() if module.hidden}
        wanted = (each for each in view.timetable.assessments if self._module in ("", each.module))
        assessments = [each for each in wanted if each.module not in hidden]
        return sorted([*assessments, *(() if self._module else _deadlines(view.occurrences))], key=_moment)

    def _listed(self, view: View, dated: list[Assessment | Occurrence]) -> Iterator[AssessmentListRow]:
        today, is_first = self.session.state.today, True
        action = translate("Assessments", "Import")
        for missing in view.missing:
            if dated and self._module in ("", *missing.modules):
                yield MissingRow(translate_message(missing.words), translate_message(missing.hint), action)
                is_first = False
        month = ""
        for each in (each for each in dated if each.date >= today):
            name = date_text(each.date, "MMMM yyyy")
            if name != month:
                yield HeadingRow(name, is_first)
            yield self._row(each, today, ruled=name == month)
            is_first, month = False, name
        over = [each for each in dated if each.date < today]
        if over:
            yield HeadingRow(translate("Assessments", "Past"), is_first)
        for number, each in enumerate(reversed(over)):
            yield self._row(each, today, ruled=number > 0)

    def _row(self, each: Assessment | Occurrence, today: date, *, ruled: bool) -> AssessmentRow | DeadlineRow:
        if isinstance(each, Occurrence):
            return self._deadline(each, today, ruled)
        return self._assessment(each, today, ruled)

    def _deadline(self, due: Occurrence, today: date, ruled: bool) -> DeadlineRow:
        layer = due.item.layer_name if isinstance(due.item, LayerEvent) else ""
        return DeadlineRow(
            due=due,
            colour=self.session.state.colour_of(due.item),
            name=due.item.label,
            kind=kind_word(due.item),
            days=_days_left(due.date, today),
            when=f"{date_text(due.date, 'dddd d MMMM')}, {time_text(due)} · {layer}",
            details=translate("Assessments", "Details of {what}").format(what=due.item.label),
            is_past=due.date < today,
            is_ruled=ruled,
        )

    def _assessment(self, each: Assessment, today: date, ruled: bool) -> AssessmentRow:
        end = translate("Assessments", "{time} (assumed)") if each.assumed_end else "{time}"
        when = (
            f"{date_text(each.date, 'dddd d MMMM')}, {clock_text(each.start)} – {end.format(time=clock_text(each.end))}"
        )
        where = ", ".join(each.venues) or translate("Assessments", "no venue yet")
        hide = translate("Assessments", "Show") if each.hidden else translate("Assessments", "Hide")
        return AssessmentRow(
            assessment=each,
            colour=self.session.state.colour_of(each),
            kind=kind_word(each),
            days=_days_left(each.date, today),
            when=f"{when} · {where}",
            preliminary=translate("Assessments", "Preliminary") if each.is_preliminary else "",
            hide=f"{hide}: {each.label}",
            details=translate("Assessments", "Details of {what}").format(what=each.label),
            is_past=each.date < today,
            is_ruled=ruled,
        )

    def _fill_menu(self, menu: QMenu, row: object) -> None:
        match row:
            case DeadlineRow():
                menu.addAction(escape_mnemonics(row.details), lambda: self._perform_action(row, ACTION_OPEN))
            case AssessmentRow():
                menu.addAction(escape_mnemonics(row.details), lambda: self._perform_action(row, ACTION_OPEN))
                menu.addAction(escape_mnemonics(row.hide), lambda: self._perform_action(row, ACTION_HIDE))
            case MissingRow():
                menu.addAction(escape_mnemonics(row.action), lambda: self._perform_action(row, ACTION_OPEN))

    def _perform_action(self, row: object, action: str) -> None:
        view = self.session.state.view
        if isinstance(row, MissingRow):
            self.session.open_page(routes.ImportRoute())
        elif isinstance(row, AssessmentRow) and action == ACTION_HIDE and view is not None:
            act = choices.show_item if row.assessment.hidden else choices.hide_item
            self.session.perform(act(view.timetable, row.assessment.id))
        elif isinstance(row, AssessmentRow):
            self.session.select(row.assessment)
        elif isinstance(row, DeadlineRow):
            self.session.select(row.due)

    def _selected(self, what: object) -> None:
        if what is None:
            self._list.clearSelection()

    def _empty_state(self) -> QWidget:
        return empty_state(
            "assessments",
            translate("Assessments", "No tests or exams yet"),
            [
                translate(
                    "Assessments",
                    "On the student portal, download Semester Tests with All, and the exam timetable. Drop both here.",
                )
            ],
            button(
                translate("Assessments", "Import"), lambda: self.session.open_page(routes.ImportRoute()), role="primary"
            ),
        )


def _deadlines(dated: Iterable[Occurrence]) -> Iterator[Occurrence]:
    return (each for each in dated if isinstance(each.item, LayerEvent) and each.item.is_deadline)


def _moment(listed: Assessment | Occurrence) -> tuple[date, time]:
    return listed.date, listed.start.time() if isinstance(listed, Occurrence) else listed.start


def _days_left(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return translate("Assessments", "today")
    if days == 1:
        return translate("Assessments", "tomorrow")
    if days < 0:
        return plural(-days, translate("Assessments", "{n} day ago"), translate("Assessments", "{n} days ago"))
    return plural(days, translate("Assessments", "{n} day left"), translate("Assessments", "{n} days left"))
