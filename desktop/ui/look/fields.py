"""Fields for times, dates and numbers, all of one look.

Hides Qt's own dates and times, and the room that its spin boxes leave out before what is typed.
"""

from __future__ import annotations

from datetime import date, time

from PySide6.QtCore import QDate, QEvent, QLocale, Qt, QTime
from PySide6.QtWidgets import QAbstractSpinBox, QDateEdit, QLineEdit, QSpinBox, QTimeEdit

from desktop.ui.look.language import clock_text
from desktop.ui.look.style import look

INSET = 6  # a style sheet's padding does not reach the text of a spin box without arrows


def time_field(moment: time) -> QTimeEdit:
    """A field for a time of day, 24 hours, in steps of whole minutes."""
    field = QTimeEdit(QTime(moment.hour, moment.minute))
    field.setDisplayFormat("HH:mm")
    field.setToolTip(clock_text(moment))
    _inset(field)
    return field


def time_in(field: QTimeEdit) -> time:
    chosen = field.time()
    return time(chosen.hour(), chosen.minute())


class _DateField(QDateEdit):
    """Names its months in the language of the window, another one chosen meanwhile too."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setLocale(QLocale())


def date_field(day: date) -> QDateEdit:
    """A field for a date, with a month to choose from; weeks begin on Monday."""
    field = _DateField(QDate(day.year, day.month, day.day))
    field.setDisplayFormat("d MMMM yyyy")
    field.setLocale(QLocale())
    field.setCalendarPopup(True)
    field.calendarWidget().setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    return field


def date_in(field: QDateEdit) -> date:
    chosen = field.date()
    return date(chosen.year(), chosen.month(), chosen.day())


def number_field(least: int, most: int, step: int, unit: str = "") -> QSpinBox:
    """A field for a whole number from `least` to `most`, in steps, with its unit behind it."""
    field = QSpinBox()
    field.setRange(least, most)
    field.setSingleStep(step)
    field.setSuffix(unit)
    _inset(field)
    return field


def _inset(field: QAbstractSpinBox) -> None:
    written = field.findChild(QLineEdit)
    if written is not None:
        inset = look().px(INSET)
        written.setTextMargins(inset, 0, inset, 0)
    field.setMinimumWidth(field.sizeHint().width() + 2 * look().px(INSET))
