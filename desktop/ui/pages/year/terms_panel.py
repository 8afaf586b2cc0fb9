"""The dates of an academic year's terms and recesses, to check, correct and confirm on one screen.

It shows where the dates come from, that they are proposals until confirmed, and asks about lectures in test weeks.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QDate, QEvent, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QFrame, QLabel, QToolButton, QWidget

from desktop.domain.commands.calendar_commands import (
    confirm_year,
    move_term,
    remove_recess,
    set_lectures_in_test_weeks,
    set_recess,
)
from desktop.domain.errors import InvalidInput
from desktop.domain.records.records import Act, Change, Records
from desktop.domain.timetable.terms import OFFERED_CODES, AcademicCalendar, Recess, Term
from desktop.ui.texts.code_names import offered_name
from desktop.ui.texts.language import error_text, translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import (
    button,
    clear_layout,
    column,
    icon_button,
    label,
    row,
    set_tone,
    set_tooltip_and_name,
)
from desktop.ui.widgets.fields import date_field, date_value
from desktop.ui.widgets.flow import flow_layout
from desktop.ui.widgets.plain_words import CheckBox


class _RecessRow(NamedTuple):
    """The row of one recess: whether it counts, and its dates."""

    recess: Recess
    counts: QCheckBox
    first: QDateEdit
    last: QDateEdit


class TermsPanel(QFrame):
    """Two dates for each term in use and, with `recess`, for each recess in it. `edited` on a change.

    `can_reset`: dates set by hand can be reset, one term at a time; `reset_requested` carries the code of the term.
    """

    edited = Signal()
    reset_requested = Signal(str)

    def __init__(self, *, can_reset: bool = False, with_recesses: bool = False) -> None:
        super().__init__()
        self._can_reset = can_reset
        self._asks_recess = with_recesses
        self._recesses: list[_RecessRow] = []
        self.setProperty("role", "card")
        self._calendar: AcademicCalendar | None = None
        self._fields: dict[str, tuple[QDateEdit, QDateEdit]] = {}
        self._names: dict[str, QLabel] = {}
        self._reset_buttons: dict[str, QToolButton] = {}
        self._heading = label("", "heading")
        self._lines = column(gap=GRID)
        self._source = label("", "quiet", wrap=True)
        self._recess_word = label("", wrap=True)
        self._recess_lines = column(gap=GRID)
        self._add = button("", self._add_recess, role="link", icon="plus")
        self._test_word, self._test_weeks = label(""), QComboBox()
        self._test_weeks.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for held in (None, True, False):
            self._test_weeks.addItem("", held)
        self._test_weeks.activated.connect(lambda _index: self.edited.emit())
        self._tests = QWidget()
        self._tests.setLayout(row(self._test_word, self._test_weeks, gap=GRID))
        self._wrong = label("", wrap=True, tone="danger")
        self._wrong.hide()
        whole = column(self._heading, self._source, self._lines, margin=GRID * 2, gap=GRID)
        whole.addWidget(self._recess_word)
        whole.addLayout(self._recess_lines)
        whole.addLayout(flow_layout(self._tests, self._add))
        whole.addWidget(self._wrong)
        self.setLayout(whole)
        for each in (self._recess_word, self._add):
            each.setVisible(with_recesses)
        self._heading.setVisible(not can_reset)  # the title of the year page says it

    def show_calendar(self, calendar: AcademicCalendar, offered: set[str]) -> None:
        """Shows the terms in which modules of these codes run. Unconfirmed input stays."""
        typed = self._unsaved_input(calendar)
        known, self._calendar = self._calendar, calendar
        clear_layout(self._lines)
        self._fields.clear()
        self._names.clear()
        self._reset_buttons.clear()
        self._wrong.hide()
        for code in (code for code in (*OFFERED_CODES, *sorted(offered)) if code in offered):
            if code not in self._fields:
                self._add_term(code, calendar)
                for field, day in zip(self._fields[code], typed.get(code, ()), strict=False):
                    field.setDate(day)
        self._show_recesses(calendar, offered)
        self._tests.setVisible(bool(calendar.test_weeks))
        held = calendar.lectures_in_test_weeks
        if known is None or (known.year, known.lectures_in_test_weeks) != (calendar.year, held):
            self._test_weeks.setCurrentIndex([None, True, False].index(held))
        self._retranslate()

    def _show_recesses(self, calendar: AcademicCalendar, offered: set[str]) -> None:
        clear_layout(self._recess_lines)
        self._recesses.clear()
        if self._asks_recess:
            spans = [span for code in offered for span in calendar.teaching_periods(code)]
            for recess in calendar.recesses:
                if any(recess.start <= span.end and span.start <= recess.end for span in spans):
                    self._add_recess_line(recess)

    def _add_recess(self) -> None:
        if self._calendar is not None:
            middle = self._calendar.terms.get("S1") or Term("S1", self._calendar.first, self._calendar.last)
            day = middle.start + (middle.end - middle.start) / 2
            self._add_recess_line(Recess(secrets.token_hex(4), day, day))
            self._name_recesses()
            self._recesses[-1].first.setFocus()
            self.edited.emit()

    def _add_recess_line(self, recess: Recess) -> None:
        counts = CheckBox()
        counts.setChecked(True)
        first, last = self._date_field(recess.start), self._date_field(recess.end)
        counts.toggled.connect(first.setEnabled)
        counts.toggled.connect(last.setEnabled)
        counts.toggled.connect(lambda _on: self._validate())
        self._recesses.append(_RecessRow(recess, counts, first, last))
        self._recess_lines.addLayout(flow_layout(counts, first, label("–"), last))

    def _name_recesses(self) -> None:
        for each in self._recesses:
            name = translate_message(each.recess.name)
            each.counts.setText(name)
            each.first.setAccessibleName(translate("Terms", "{term}, first day").format(term=name))
            each.last.setAccessibleName(translate("Terms", "{term}, last day").format(term=name))

    def _unsaved_input(self, calendar: AcademicCalendar) -> dict[str, tuple[QDate, QDate]]:
        """Returns input that differs from the dates of its term, where `calendar` leaves these unchanged."""
        known = self._calendar
        if known is None or known.year != calendar.year:
            return {}
        return {
            code: (first.date(), last.date())
            for code, (first, last) in self._fields.items()
            if calendar.terms.get(code) == (term := known.terms.get(code))
            and (date_value(first), date_value(last)) != _dates(term, calendar.year)
        }

    def is_showing(self, calendar: AcademicCalendar, offered: set[str]) -> bool:
        """Whether these terms are shown already; other changes of the year then leave the input alone."""
        shown = self._calendar
        return (
            shown is not None
            and self._display_key(shown) == self._display_key(calendar)
            and set(self._fields) == offered
        )

    def _display_key(self, calendar: AcademicCalendar) -> tuple[object, ...]:
        recesses = (calendar.recesses, calendar.unconfirmed_recess_basis) if self._asks_recess else ()
        source = (calendar.source, calendar.official)
        return (calendar.year, calendar.terms, calendar.given, source, recesses, calendar.lectures_in_test_weeks)

    def _retranslate(self) -> None:
        calendar = self._calendar
        if calendar is None:
            return
        self._heading.setText(translate("Terms", "Semester dates {year}").format(year=calendar.year))
        note = calendar.recess_note
        self._recess_word.setText(translate_message(note) if note is not None else translate("Terms", "Recess"))
        self._add.setText(translate("Terms", "Add recess"))
        self._name_recesses()
        self._test_word.setText(translate("Terms", "Lectures in test weeks"))
        self._test_weeks.setAccessibleName(self._test_word.text())
        answers = (translate("Terms", "Not sure"), translate("Terms", "Yes"), translate("Terms", "No"))
        for number, answer in enumerate(answers):
            self._test_weeks.setItemText(number, answer)
        self._test_weeks.setMinimumWidth(self._test_weeks.sizeHint().width())
        known = translate("Terms", "Published by the university. ") if calendar.official else ""
        self._source.setText(known + translate_message(calendar.source))
        for code, (first, last) in self._fields.items():
            term = offered_name(code)
            self._names[code].setText(term)
            first.setAccessibleName(translate("Terms", "{term}, first day").format(term=term))
            last.setAccessibleName(translate("Terms", "{term}, last day").format(term=term))
        widest = max((name.fontMetrics().horizontalAdvance(name.text()) for name in self._names.values()), default=0)
        for name in self._names.values():
            name.setMinimumWidth(appearance().px(1) + widest)  # aligns the dates of all terms
        for code, back in self._reset_buttons.items():
            words = translate("Terms", "Back to the proposed dates of {term}")
            set_tooltip_and_name(back, words.format(term=offered_name(code)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._validate()

    def _add_term(self, code: str, calendar: AcademicCalendar) -> None:
        first, last = _dates(calendar.terms.get(code), calendar.year)
        name = self._names[code] = label("", "strong")
        fields = self._fields[code] = (self._date_field(first), self._date_field(last))
        laid = flow_layout(name, fields[0], label("–"), fields[1])
        if self._can_reset and code in calendar.given:
            back = self._reset_buttons[code] = icon_button("undo", "", lambda: self.reset_requested.emit(code))
            laid.addWidget(back)
        self._lines.addLayout(laid)

    def _date_field(self, day: date) -> QDateEdit:
        field = date_field(day)
        field.dateChanged.connect(lambda _date: self._validate())
        return field

    def confirm_act(self, records: Records) -> Act | None:
        """Returns the act that confirms the year with the entered dates; None if one is invalid.

        `records` are those of the year as stored.
        """
        if self._calendar is None:
            return None
        year = self._calendar.year
        changes: list[Change] = []
        for code, (first, last) in self._fields.items():
            start, end = date_value(first), date_value(last)
            term = self._calendar.terms.get(code)
            if term is not None and (term.start, term.end) == (start, end):
                continue
            try:
                changes += move_term(year, code, start, end).changes
            except InvalidInput as wrong:
                self._show_error(wrong)
                return None
        known = set(self._calendar.recesses)
        for line in self._recesses:
            try:
                recess = Recess(line.recess.id, date_value(line.first), date_value(line.last), line.recess.name)
                if not line.counts.isChecked():
                    changes += remove_recess(records, year, line.recess).changes if line.recess in known else ()
                elif recess not in known:
                    changes += set_recess(records, year, recess).changes
            except InvalidInput as wrong:
                self._show_error(wrong)
                return None
        held = self._test_weeks.currentData()
        if held != self._calendar.lectures_in_test_weeks:
            changes += set_lectures_in_test_weeks(year, held).changes
        confirmed = confirm_year(year)
        return Act(confirmed.title, (*changes, *confirmed.changes))

    def _show_error(self, wrong: InvalidInput) -> None:
        self._wrong.setText(error_text(wrong))
        self._wrong.show()

    def _validate(self) -> None:
        self._wrong.hide()
        self.confirm_act(Records({}))
        for first, last in (*self._fields.values(), *((each.first, each.last) for each in self._recesses)):
            for field in (first, last):
                set_tone(field, "danger" if date_value(first) > date_value(last) else "")
        self.edited.emit()


def _dates(term: Term | None, year: int) -> tuple[date, date]:
    """The dates of a term; the whole year if they are unknown."""
    return (term.start, term.end) if term is not None else (date(year, 1, 1), date(year, 12, 31))
