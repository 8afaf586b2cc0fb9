"""The dates of an academic year's terms, to be looked at, corrected and confirmed on one screen.

Hides which acts that becomes. It says where the dates come from, and that they are only proposed until confirmed.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, Signal
from PySide6.QtWidgets import QDateEdit, QFrame, QLabel, QToolButton

from desktop.domain.errors import InvalidInput
from desktop.domain.records import Act, Change
from desktop.domain.term_acts import confirm_year, move_term
from desktop.domain.terms import AcademicCalendar, Term
from desktop.domain.timetable import OFFERED
from desktop.ui.look.controls import clear, column, icon_button, label, name_it, set_tone
from desktop.ui.look.fields import date_field, date_in
from desktop.ui.look.flow import flowing
from desktop.ui.look.language import say, translate, trouble_text
from desktop.ui.look.naming import semester_name
from desktop.ui.look.style import GRID, look


class TermsPanel(QFrame):
    """Two dates for each term that is used. `edited` when one of them changes.

    `resets`: those that were set by hand can be let go of, one by one; `reset_asked` carries the code of the term.
    """

    edited = Signal()
    reset_asked = Signal(str)

    def __init__(self, *, resets: bool = False) -> None:
        super().__init__()
        self._resets = resets
        self.setProperty("role", "card")
        self._calendar: AcademicCalendar | None = None
        self._fields: dict[str, tuple[QDateEdit, QDateEdit]] = {}
        self._names: dict[str, QLabel] = {}
        self._resets_of: dict[str, QToolButton] = {}
        self._heading = label("", "heading")
        self._lines = column(gap=GRID)
        self._source = label("", "quiet", wrap=True)
        self._wrong = label("", wrap=True, tone="danger")
        self._wrong.hide()
        self.setLayout(column(self._heading, self._source, self._lines, self._wrong, margin=GRID * 2, gap=GRID))

    def show_calendar(self, calendar: AcademicCalendar, offered: set[str]) -> None:
        """Shows the terms that modules of these codes run in. What was typed and not confirmed yet stays."""
        typed = self._typed(calendar)
        self._calendar = calendar
        clear(self._lines)
        self._fields.clear()
        self._names.clear()
        self._resets_of.clear()
        self._wrong.hide()
        for code in (code for code in (*OFFERED, *sorted(offered)) if code in offered):
            if code not in self._fields:
                self._add_term(code, calendar)
                for field, day in zip(self._fields[code], typed.get(code, ()), strict=False):
                    field.setDate(day)
        self._retranslate()

    def _typed(self, calendar: AcademicCalendar) -> dict[str, tuple[QDate, QDate]]:
        """What stands in the fields and is not the dates of their term, where `calendar` leaves these as they were."""
        known = self._calendar
        if known is None or known.year != calendar.year:
            return {}
        return {
            code: (first.date(), last.date())
            for code, (first, last) in self._fields.items()
            if calendar.terms.get(code) == (term := known.terms.get(code))
            and (date_in(first), date_in(last)) != _dates(term, calendar.year)
        }

    def shows(self, calendar: AcademicCalendar, offered: set[str]) -> bool:
        """Whether these terms are shown already, so that what was typed stays, whatever else of the year changed."""
        shown = self._calendar
        return (
            shown is not None
            and (shown.year, shown.terms, shown.given, shown.source, shown.official)
            == (calendar.year, calendar.terms, calendar.given, calendar.source, calendar.official)
            and set(self._fields) == offered
        )

    def _retranslate(self) -> None:
        calendar = self._calendar
        if calendar is None:
            return
        self._heading.setText(translate("Terms", "When is {year} taught?").format(year=calendar.year))
        known = translate("Terms", "Published by the university. ") if calendar.official else ""
        self._source.setText(known + say(calendar.source))
        for code, (first, last) in self._fields.items():
            term = semester_name(code)
            self._names[code].setText(term)
            first.setAccessibleName(translate("Terms", "{term}, first day").format(term=term))
            last.setAccessibleName(translate("Terms", "{term}, last day").format(term=term))
        widest = max((name.fontMetrics().horizontalAdvance(name.text()) for name in self._names.values()), default=0)
        for name in self._names.values():
            name.setMinimumWidth(look().px(1) + widest)  # the dates of all terms stand below one another
        for code, back in self._resets_of.items():
            words = translate("Terms", "Back to the proposed dates of {term}")
            name_it(back, words.format(term=semester_name(code)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._check()

    def _add_term(self, code: str, calendar: AcademicCalendar) -> None:
        first, last = _dates(calendar.terms.get(code), calendar.year)
        name = self._names[code] = label("", "strong")
        fields = self._fields[code] = (self._date_field(first), self._date_field(last))
        laid = flowing(name, fields[0], label("–"), fields[1])
        if self._resets and code in calendar.given:
            back = self._resets_of[code] = icon_button("undo", "", lambda: self.reset_asked.emit(code))
            laid.addWidget(back)
        self._lines.addLayout(laid)

    def _date_field(self, day: date) -> QDateEdit:
        field = date_field(day)
        field.dateChanged.connect(lambda _date: self._check())
        return field

    def acts(self) -> Act | None:
        """The one act that confirms the year with the dates as they stand here; None where one cannot be meant."""
        if self._calendar is None:
            return None
        year = self._calendar.year
        changes: list[Change] = []
        for code, (first, last) in self._fields.items():
            start, end = date_in(first), date_in(last)
            term = self._calendar.terms.get(code)
            if term is not None and (term.start, term.end) == (start, end):
                continue
            try:
                changes += move_term(year, code, start, end).changes
            except InvalidInput as wrong:
                self._wrong.setText(trouble_text(wrong))
                self._wrong.show()
                return None
        confirmed = confirm_year(year)
        return Act(confirmed.title, (*changes, *confirmed.changes))

    def _check(self) -> None:
        self._wrong.hide()
        self.acts()
        for first, last in self._fields.values():
            for field in (first, last):
                set_tone(field, "danger" if date_in(first) > date_in(last) else "")
        self.edited.emit()


def _dates(term: Term | None, year: int) -> tuple[date, date]:
    """What stands in the fields of a term; the whole year where nothing is known of it."""
    return (term.start, term.end) if term is not None else (date(year, 1, 1), date(year, 12, 31))
