"""Input fields for times, dates and numbers."""

from __future__ import annotations

from datetime import date, time

from PySide6.QtCore import QDate, QEvent, QLocale, QSize, Qt, QTime
from PySide6.QtGui import QKeyEvent, QMouseEvent, QShowEvent, QTextCharFormat
from PySide6.QtWidgets import QAbstractSpinBox, QCalendarWidget, QDateEdit, QLineEdit, QSpinBox, QTimeEdit, QToolButton

from desktop.ui.texts.language import clock_text
from desktop.ui.theme import icons
from desktop.ui.theme.style import SMALL, appearance
from desktop.ui.widgets.tooltips import set_tooltip

WEEKEND = (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday)
CELL_SIZE, ROWS = 36, 8  # logical pixels of a day; rows of a month, with its name and the names of the weekdays
TEXT_MARGIN = 6  # logical pixels; the padding of a style sheet does not affect the text of a spin box without arrows


def time_field(moment: time) -> QTimeEdit:
    """A field for a time of day, 24 hours, in steps of whole minutes."""
    field = QTimeEdit(QTime(moment.hour, moment.minute))
    field.setDisplayFormat("HH:mm")
    set_tooltip(field, clock_text(moment))
    _add_text_margin(field)
    return field


def time_value(field: QTimeEdit) -> time:
    chosen = field.time()
    return time(chosen.hour(), chosen.minute())


class MonthCalendar(QCalendarWidget):
    """A month calendar: weeks begin on Monday, and weekends are not red, as red is used for errors only."""

    def __init__(self) -> None:
        super().__init__()
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setLocale(QLocale())
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)

    def _apply_appearance(self) -> None:
        """Applies the current theme and text size."""
        days, names = QTextCharFormat(), QTextCharFormat()
        days.setForeground(appearance().colour("text"))
        names.setForeground(appearance().colour("muted"))
        names.setFont(appearance().font(SMALL))
        for day in WEEKEND:
            self.setWeekdayTextFormat(day, days)
        self.setHeaderTextFormat(names)
        for part, icon in (("qt_calendar_prevmonth", "previous"), ("qt_calendar_nextmonth", "next")):
            button = self.findChild(QToolButton, part)
            if button is not None:
                icons.set_icon(button, icon)
        self.setMinimumSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(7 * appearance().px(CELL_SIZE) + 2, ROWS * appearance().px(CELL_SIZE * 7 // 8))

    def showEvent(self, event: QShowEvent) -> None:
        self._apply_appearance()
        super().showEvent(event)


class _DateField(QDateEdit):
    """A date field with month names in the language of the window, also after a change of language.

    Its calendar is created on first use: creating a dozen of them would delay a page with many dates.
    """

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._create_calendar()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._create_calendar()
        super().keyPressEvent(event)

    def _create_calendar(self) -> None:
        if self.findChild(MonthCalendar) is None:
            self.setCalendarWidget(MonthCalendar())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setLocale(QLocale())


def date_field(day: date) -> QDateEdit:
    """A field for a date, with a calendar popup."""
    field = _DateField(QDate(day.year, day.month, day.day))
    field.setDisplayFormat("d MMMM yyyy")
    field.setLocale(QLocale())
    field.setCalendarPopup(True)
    return field


def date_value(field: QDateEdit) -> date:
    chosen = field.date()
    return date(chosen.year(), chosen.month(), chosen.day())


def number_field(minimum: int, maximum: int, step: int, unit: str = "") -> QSpinBox:
    """A field for an integer in a range (both ends included), in steps, with a unit as its suffix."""
    field = QSpinBox()
    field.setRange(minimum, maximum)
    field.setSingleStep(step)
    field.setSuffix(unit)
    _add_text_margin(field)
    return field


def _add_text_margin(field: QAbstractSpinBox) -> None:
    written = field.findChild(QLineEdit)
    if written is not None:
        inset = appearance().px(TEXT_MARGIN)
        written.setTextMargins(inset, 0, inset, 0)
    field.setMinimumWidth(field.sizeHint().width() + 2 * appearance().px(TEXT_MARGIN))
