"""The small month for navigation, with the numbers of the lecture weeks and a dot for each test and exam."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat
from PySide6.QtWidgets import QTableView, QWidget

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.terms import monday_of
from desktop.ui.session.state import ViewState
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import SMALL, appearance, full_colour
from desktop.ui.widgets.fields import MonthCalendar
from desktop.ui.widgets.tooltips import set_tooltip

WEEK_NUMBERS_WIDTH = 30  # logical pixels: the column of week numbers
MAX_DOTS = 3
ROWS = 6


class WeekMonth(MonthCalendar):
    """The month of a timetable. The tooltip of a day with tests or exams names them."""

    def __init__(self, state: ViewState) -> None:
        super().__init__()
        self._state = state
        self._found: dict[date, list[Assessment]] = {}
        for each in state.occurrences():
            if isinstance(each.item, Assessment):
                self._found.setdefault(each.date, []).append(each.item)
        for day, items in self._found.items():
            words = QTextCharFormat()
            set_tooltip(words, "\n".join(item.label for item in items))
            self.setDateTextFormat(QDate(day.year, day.month, day.day), words)
        self._numbers = _WeekNumbers(self, self._week_numbers)
        self.currentPageChanged.connect(lambda _year, _month: self._numbers.update())

    def assessments(self, day: date) -> Sequence[Assessment]:
        """Returns the tests and exams of a day."""
        return self._found.get(day, [])

    def _week_numbers(self) -> Mapping[int, str]:
        """The lecture week numbers by row of the month; none in recess and between semesters."""
        view = self._state.view
        if view is None:
            return {}
        monday = first_shown(self.yearShown(), self.monthShown())
        found = {}
        for row in range(ROWS):
            start = monday + timedelta(weeks=row)
            week = view.calendar.week_number(start) or view.calendar.week_number(start + timedelta(days=6))
            if week is not None:
                found[row] = str(week[0])
        return found

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(appearance().px(WEEK_NUMBERS_WIDTH), 0)

    def paintCell(self, painter: QPainter, rect: QRect, day: QDate) -> None:
        super().paintCell(painter, rect, day)
        items = self.assessments(date(day.year(), day.month(), day.day()))[:MAX_DOTS]
        if not items:
            return
        size, gap = appearance().px(5), appearance().px(3)
        left = rect.center().x() - (len(items) * (size + gap) - gap) / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, item in enumerate(items):
            painter.setBrush(full_colour(self._state.colour_of(item)))
            painter.drawEllipse(QRectF(left + number * (size + gap), rect.bottom() - size - 2, size, size))
        painter.restore()


def first_shown(year: int, month: int) -> date:
    """Returns the Monday in the first row of a month: a row always begins with days of the month before."""
    first = date(year, month, 1)
    return monday_of(first) if first.weekday() else first - timedelta(days=7)


class _WeekNumbers(QWidget):
    """Covers the column of ISO 8601 week numbers that Qt draws, which students do not use."""

    def __init__(self, month: MonthCalendar, numbers: Callable[[], Mapping[int, str]]) -> None:
        month.setVerticalHeaderFormat(MonthCalendar.VerticalHeaderFormat.ISOWeekNumbers)
        view = month.findChild(QTableView, "qt_calendar_calendarview")
        if view is None:
            raise RuntimeError("Qt's month has no table of days.")
        super().__init__(view.viewport())
        self._view: QTableView = view
        self._numbers = numbers
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.setGeometry(0, 0, self._view.columnWidth(0), self._view.viewport().height())
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), appearance().colour("raised"))
        painter.setFont(appearance().font(SMALL, bold=True))
        painter.setPen(appearance().colour("muted"))
        head = translate("Week", "Week")
        for row, words in ((-1, head), *self._numbers().items()):
            number = row + 1  # Qt's first row has the names of the days
            place = QRect(0, self._view.rowViewportPosition(number), self.width(), self._view.rowHeight(number))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
