"""Tests & exams: every assessment of the year with the days left, what is still preliminary, and what is over.

The deadlines of other calendars stand among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.domain.commands import choices
from desktop.domain.timetable.model import Assessment, AssessmentKind, LayerEvent, Occurrence
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import portal_state
from desktop.ui.pages.week.block import kind_word, time_text
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, day_text, plural, say, translate
from desktop.ui.theme.style import GRID, full, look
from desktop.ui.widgets.controls import (
    button,
    clear,
    column,
    empty_state,
    icon_button,
    icon_label,
    label,
    line,
    panel,
    row,
)

if TYPE_CHECKING:
    from desktop.domain.importing.import_sets import Missing

DAYS_WIDTH = 104


class AssessmentsPage(Page[routes.AssessmentsRoute]):
    """A list of assessments by month."""

    narrow_below = 560

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._module = ""
        self._content: QVBoxLayout = column(gap=0)
        self.fill(self._content)
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
            self.outdated()

    def _show_all(self) -> None:
        self._module = ""
        self.outdated()

    def refresh(self) -> None:
        clear(self._content)
        self._all.setVisible(bool(self._module))
        view = self.session.state.view
        if view is None:
            return
        if self.session.state.is_empty:
            self._content.addWidget(portal_state(self.session), 1)
            return
        today = self.session.state.today
        assessments = [
            each
            for each in view.timetable.assessments
            if self._module in ("", each.module) and not _module_hidden(view.timetable.modules, each)
        ]
        listed: list[Assessment | Occurrence] = [*assessments, *(() if self._module else _deadlines(view.occurrences))]
        if not listed:
            self._content.addWidget(self._nothing(), 1)
            return
        for missing in view.missing:
            if self._module in ("", *missing.modules):
                self._content.addLayout(self._missing(missing))
        listed.sort(key=_moment)
        coming = [each for each in listed if each.date >= today]
        over = [each for each in listed if each.date < today]
        self._months(coming, today)
        if over:
            if coming:
                self._content.addSpacing(GRID * 3)
            self._content.addWidget(label(translate("Assessments", "Past"), "heading"))
            self._content.addSpacing(GRID)
            for each in reversed(over):
                self._content.addWidget(self._line(each, today))
        self._content.addStretch(1)

    def _months(self, listed: list[Assessment | Occurrence], today: date) -> None:
        month: tuple[int, int] | None = None
        for each in listed:
            if (each.date.year, each.date.month) != month:
                if month is not None:
                    self._content.addSpacing(GRID * 3)
                month = (each.date.year, each.date.month)
                self._content.addWidget(label(day_text(each.date, "MMMM yyyy"), "heading"))
                self._content.addSpacing(GRID)
            else:
                self._content.addWidget(line())
            self._content.addWidget(self._line(each, today))

    def _line(self, listed: Assessment | Occurrence, today: date) -> QFrame:
        return self._deadline(listed, today) if isinstance(listed, Occurrence) else self._assessment(listed, today)

    def _deadline(self, due: Occurrence, today: date) -> QFrame:
        item = due.item
        left = label(_days_left(due.date, today), "strong" if due.date >= today else "quiet")
        left.setFixedWidth(look().px(DAYS_WIDTH))
        bar = QFrame()
        bar.setFixedWidth(4)
        bar.setStyleSheet(f"background: {full(self.session.state.colour_of(item)).name()}; border-radius: 2px;")
        name = label(item.label, "strong", wrap=True)
        layer = item.layer_name if isinstance(item, LayerEvent) else ""
        when = f"{day_text(due.date, 'dddd d MMMM')}, {time_text(due)}"
        texts = column(name, label(f"{kind_word(item)} · {when} · {layer}", "quiet", wrap=True), gap=2)
        if self.is_narrow:
            texts.insertWidget(0, left)
            laid = row(bar, icon_label("clock"), texts, gap=GRID + 4)
        else:
            laid = row(left, bar, icon_label("clock"), texts, gap=GRID + 4)
            laid.setAlignment(left, Qt.AlignmentFlag.AlignVCenter)
        laid.setStretch(laid.count() - 1, 1)
        details = translate("Assessments", "Details of {what}").format(what=item.label)
        laid.addWidget(icon_button("next", details, partial(self.session.select, due)))
        laid.setContentsMargins(0, GRID, 0, GRID)
        return panel(laid)

    def _assessment(self, assessment: Assessment, today: date) -> QFrame:
        timetable = self.session.state.view.timetable if self.session.state.view else None
        left = label(_days_left(assessment.date, today), "strong" if assessment.date >= today else "quiet")
        left.setFixedWidth(look().px(DAYS_WIDTH))
        bar = QFrame()
        bar.setFixedWidth(4)
        bar.setStyleSheet(f"background: {full(self.session.state.colour_of(assessment)).name()}; border-radius: 2px;")
        mark = icon_label("exam" if assessment.kind is AssessmentKind.EXAM else "test")
        name = label(f"{assessment.module} · {assessment.name}", "strong")
        end = translate("Assessments", "{time} (assumed)") if assessment.assumed_end else "{time}"
        when = (
            f"{day_text(assessment.date, 'dddd d MMMM')}, {clock_text(assessment.start)} – "
            f"{end.format(time=clock_text(assessment.end))}"
        )
        where = ", ".join(assessment.venues) or translate("Assessments", "no venue yet")
        texts = column(
            row(name, label(kind_word(assessment), "quiet"), 0, gap=GRID),
            label(f"{when} · {where}", "quiet", wrap=True),
            gap=2,
        )
        if self.is_narrow:
            left.setAlignment(Qt.AlignmentFlag.AlignLeft)
            texts.insertWidget(0, left)
            laid = row(bar, mark, texts, gap=GRID + 4)
        else:
            laid = row(left, bar, mark, texts, gap=GRID + 4)
        laid.setStretch(laid.count() - 1, 1)
        if assessment.is_preliminary:
            preliminary = label(translate("Assessments", "Preliminary"), "strong", tone="warning")
            (texts if self.is_narrow else laid).addWidget(preliminary)
        if timetable is not None:
            hide = choices.show if assessment.hidden else choices.hide
            word = translate("Assessments", "Show") if assessment.hidden else translate("Assessments", "Hide")
            laid.addWidget(
                icon_button(
                    "show" if assessment.hidden else "hide",
                    f"{word}: {assessment.label}",
                    lambda: self.session.perform(hide(timetable, assessment.id)),
                )
            )
        laid.addWidget(
            icon_button(
                "next",
                translate("Assessments", "Details of {what}").format(what=assessment.label),
                partial(self.session.select, assessment),
            )
        )
        laid.setContentsMargins(0, GRID, 0, GRID)
        made = panel(laid)
        made.setEnabled(True)
        if assessment.hidden:
            name.setProperty("role", "quiet")
        if not self.is_narrow:
            laid.setAlignment(left, Qt.AlignmentFlag.AlignVCenter)
        return made

    def _missing(self, missing: Missing) -> QVBoxLayout:
        go = button(
            translate("Assessments", "Import"), lambda: self.session.open_page(routes.ImportRoute()), role="link"
        )
        texts = column(label(say(missing.words), wrap=True), label(say(missing.hint), "quiet", wrap=True), gap=2)
        laid = row(icon_label("info", "accent"), texts, go, gap=GRID)
        laid.setStretch(1, 1)
        return column(laid, GRID, gap=0)

    def _nothing(self) -> QWidget:
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


def _module_hidden(modules: object, assessment: Assessment) -> bool:
    module = modules.get(assessment.module) if isinstance(modules, dict) else None
    return module is not None and module.hidden


def _days_left(day: date, today: date) -> str:
    days = (day - today).days
    if days == 0:
        return translate("Assessments", "today")
    if days == 1:
        return translate("Assessments", "tomorrow")
    if days < 0:
        return plural(-days, translate("Assessments", "{n} day ago"), translate("Assessments", "{n} days ago"))
    return plural(days, translate("Assessments", "{n} day left"), translate("Assessments", "{n} days left"))
