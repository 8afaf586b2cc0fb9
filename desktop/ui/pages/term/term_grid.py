"""Draws a semester as rows of weeks: the status of each day, its number of classes, and its tests and exams.

A day is chosen by mouse or arrow keys; Enter or a click opens its week.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.bands import Band
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.terms import DayKind, DayStatus
from desktop.domain.timetable.timetable import Item
from desktop.ui.pages.week.block import DrawStyle
from desktop.ui.pages.week.paint import band_colours
from desktop.ui.texts.language import date_text, plural, translate, translate_message, weekday_name
from desktop.ui.theme.style import GRID, appearance, blend, full_colour, text_colour_on
from desktop.ui.widgets.tooltips import show_tooltip

ROW, HEADER, GUTTER = 52, 24, 92
DAYS = 7
CORNER = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -DAYS, Qt.Key.Key_Down: DAYS}


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: its status, and its occurrences in order of time."""

    date: date
    status: DayStatus
    occurrences: tuple[Occurrence, ...]
    is_today: bool = False

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        return tuple(each.item for each in self.occurrences if isinstance(each.item, Assessment))

    @property
    def classes(self) -> tuple[Occurrence, ...]:
        return tuple(each for each in self.occurrences if not isinstance(each.item, Assessment))

    @property
    def reason(self) -> str:
        """Why it differs from other days; empty if it does not."""
        if self.status.kind is DayKind.SWAPPED and self.status.follows is not None:
            return translate("Term", "as {weekday}").format(weekday=weekday_name(self.status.follows, short=True))
        if self.status.kind is DayKind.OUTSIDE:
            return ""
        return translate_message(self.status.reason)

    def description(self) -> str:
        """The day in one line, for tooltips and screen readers."""
        classes = len(self.classes)
        parts = [date_text(self.date, "dddd d MMMM"), self.reason]
        if classes:
            parts.append(plural(classes, translate("Term", "{n} class"), translate("Term", "{n} classes")))
        return ", ".join(part for part in (*parts, *(each.label for each in self.assessments)) if part)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One row: its number in the semester (None outside lectures) and its seven days."""

    number: int | None
    days: tuple[DayCell, ...]
    bands: tuple[Band, ...] = ()

    @property
    def monday(self) -> date:
        return self.days[0].date

    def reason_of(self, day: DayCell) -> str:
        """The text beside a day's number: why the day differs; for a band it is shown on its first day only."""
        band = next((each for each in self.bands if day.date in each), None)
        if band is None or day.reason not in ("", name := translate_message(band.name)):
            return day.reason
        first = next(each for each in self.days if each.date in band and each.reason in ("", name))
        return name if day is first else ""


class _PaintedDay(NamedTuple):
    """The painted contents of a day, computed once for many repaints."""

    day: DayCell
    reason: str
    assessments: tuple[Assessment, ...]
    classes: tuple[Occurrence, ...]


class _Sizes(NamedTuple):
    """Lengths in pixels for one repaint."""

    header: int
    gutter: int
    row: int
    width: float  # of a day
    indent: int  # of the reason, beside the number
    chip: int
    mark: int
    gap: int

    def day(self, row: int, weekday: int) -> QRectF:
        return QRectF(self.gutter + weekday * self.width, self.header + row * self.row, self.width, self.row)


class TermGrid(QWidget):
    """Paints the weeks; `day_activated` carries the day that was clicked, or that Enter was pressed on."""

    day_activated = Signal(object)

    def __init__(self, colour_of: Callable[[Item], Colour]) -> None:
        super().__init__()
        self._colour_of = colour_of
        self._weeks: tuple[WeekRow, ...] = ()
        self._painted: list[list[_PaintedDay]] = []
        self.marked: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        appearance().changed.connect(self._style_changed)

    @property
    def weeks(self) -> tuple[WeekRow, ...]:
        return self._weeks

    def set_weeks(self, weeks: tuple[WeekRow, ...]) -> None:
        """Shows other weeks; the marked day stays marked if it is in one of them."""
        self._weeks = weeks
        self._painted = [
            [_PaintedDay(day, week.reason_of(day), day.assessments, day.classes) for day in week.days] for week in weeks
        ]
        days = [day.date for week in weeks for day in week.days]
        if self.marked not in days:
            today = next((day.date for week in weeks for day in week.days if day.is_today), None)
            self.marked = today or (days[0] if days else None)
        self._style_changed()
        self._update_accessible_texts()

    def sizeHint(self) -> QSize:
        return QSize(appearance().px(GUTTER + DAYS * 90), appearance().px(HEADER + ROW * len(self._weeks)) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(appearance().px(GUTTER + DAYS * 60), self.sizeHint().height())

    def _style_changed(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def day(self, day: date | None) -> DayCell | None:
        """Returns the cell of a date, or None."""
        return next((each for week in self._weeks for each in week.days if each.date == day), None)

    def rect_of(self, day: date) -> QRectF:
        """The rectangle in which a day is painted."""
        return self._sizes().day((day - self._weeks[0].monday).days // DAYS, day.weekday())

    def _sizes(self) -> _Sizes:
        px = appearance().px
        width = (self.width() - px(GUTTER)) / DAYS
        return _Sizes(px(HEADER), px(GUTTER), px(ROW), width, px(18), px(17), px(8), px(3))

    def day_at(self, point: QPointF) -> DayCell | None:
        """Returns the day at a point; beside the days, the Monday of the week."""
        row = int((point.y() - appearance().px(HEADER)) // appearance().px(ROW))
        if not 0 <= row < len(self._weeks):
            return None
        width = (self.width() - appearance().px(GUTTER)) / DAYS
        number = int((point.x() - appearance().px(GUTTER)) // width) if point.x() >= appearance().px(GUTTER) else 0
        return self._weeks[row].days[min(DAYS - 1, number)]

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._weeks:
            return
        sizes, asked = self._sizes(), event.rect()
        if asked.top() < sizes.header:
            painter.setFont(appearance().font(11, bold=True))
            painter.setPen(appearance().colour("muted"))
            for number in range(DAYS):
                place = sizes.day(0, number)
                place.moveTop(0)
                place.setHeight(sizes.header)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, weekday_name(number, short=True))
        first = max(0, (asked.top() - sizes.header) // sizes.row)
        last = max(0, (asked.bottom() - sizes.header) // sizes.row)
        for row in range(first, min(last + 1, len(self._weeks))):
            self._paint_week(painter, row, sizes)
        painter.end()
        super().paintEvent(event)

    def _paint_week(self, painter: QPainter, row: int, sizes: _Sizes) -> None:
        week, first = self._weeks[row], sizes.day(row, 0)
        muted = appearance().colour("muted")
        painter.setPen(QPen(appearance().colour("line"), 1))
        painter.drawLine(QPointF(0, first.top() + 0.5), QPointF(self.width(), first.top() + 0.5))
        side = QRectF(0, first.top(), sizes.gutter - GRID, first.height())
        if week.number is not None:
            painter.setFont(appearance().font(13, bold=True))
            painter.setPen(appearance().colour("text"))
            words = translate("Term", "Week {n}").format(n=week.number)
            painter.drawText(side.adjusted(0, 0, 0, -side.height() / 2), Qt.AlignmentFlag.AlignBottom, words)
        painter.setFont(appearance().font(11))
        painter.setPen(muted)
        place = side.adjusted(0, side.height() / 2, 0, 0) if week.number is not None else side
        flag = Qt.AlignmentFlag.AlignTop if week.number is not None else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flag, date_text(week.monday, "d MMM"))
        for number, day in enumerate(self._painted[row]):
            self._paint_day(painter, day, sizes.day(row, number), sizes, muted)
        for band in week.bands:
            self._paint_band(painter, band)

    def _paint_band(self, painter: QPainter, band: Band) -> None:
        """Paints a line over the days of a band in one week; the first of them has its name."""
        first, last = self.rect_of(band.start), self.rect_of(band.end)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band_colours(band.kind, DrawStyle(appearance().tokens, self._colour_of))[1])
        painter.drawRect(QRectF(first.left() + 1, first.top() + 1, last.right() - first.left() - 2, 4))

    def _paint_day(self, painter: QPainter, painted: _PaintedDay, rect: QRectF, sizes: _Sizes, muted: QColor) -> None:
        day, reason = painted.day, painted.reason
        if day.is_today:
            painter.fillRect(rect, blend(appearance().colour("accent"), appearance().colour("surface"), 0.08))
        if not day.status.has_lectures and day.date.weekday() < 5:
            strength = 0.5 if day.status.kind is DayKind.OUTSIDE else 1.0
            hatch = blend(appearance().colour("line"), appearance().colour("surface"), strength)
            painter.setBrushOrigin(rect.topLeft())
            painter.fillRect(rect, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        inner = rect.adjusted(6, 4, -4, -4)
        painter.setFont(appearance().font(11, bold=day.is_today))
        painter.setPen(appearance().colour("accent") if day.is_today else muted)
        painter.drawText(inner, CORNER, str(day.date.day))
        if reason:
            metrics = painter.fontMetrics()
            room = inner.adjusted(sizes.indent, 0, 0, 0)
            if day.status.kind is DayKind.SWAPPED:
                painter.setPen(appearance().colour("accent"))
            elif day.is_today:
                painter.setPen(muted)
            painter.setFont(appearance().font(11))
            words = metrics.elidedText(reason, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, CORNER, words)
        if painted.assessments:
            self._paint_assessments(painter, painted.assessments, inner, sizes)
        if painted.classes:
            self._paint_classes(painter, painted.classes, inner, sizes)
        if day.date == self.marked and self.hasFocus():
            painter.setPen(QPen(appearance().colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 4, 4)

    def _paint_assessments(
        self, painter: QPainter, assessments: tuple[Assessment, ...], inner: QRectF, sizes: _Sizes
    ) -> None:
        painter.setFont(appearance().font(11, bold=True))
        metrics = painter.fontMetrics()
        chip = QRectF(inner.left(), inner.top() + appearance().px(15), inner.width(), sizes.chip)
        colour = self._colour_of(assessments[0])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(full_colour(colour))
        painter.drawRoundedRect(chip, 4, 4)
        words = assessments[0].label
        if len(assessments) > 1:
            words = translate("Term", "{what} and {n} more").format(what=words, n=len(assessments) - 1)
        painter.setPen(text_colour_on(colour))
        text = chip.adjusted(5, 0, -3, 0)
        cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(text.width()))
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)

    def _paint_classes(self, painter: QPainter, classes: tuple[Occurrence, ...], inner: QRectF, sizes: _Sizes) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for number, each in enumerate(classes):
            left = inner.left() + number * (sizes.mark + sizes.gap)
            if left + sizes.mark > inner.right():
                break
            painter.setBrush(full_colour(self._colour_of(each.item)))
            painter.setOpacity(0.45 if each.undecided else 1.0)
            painter.drawRoundedRect(QRectF(left, inner.bottom() - 4, sizes.mark, 4), 2, 2)
        painter.setOpacity(1.0)

    # choosing a day

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.marked = day.date
            self.update()
            self.day_activated.emit(day.date)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS and self.marked is not None:
            self._mark_day(self.marked + timedelta(days=_STEPS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.marked is not None:
            self.day_activated.emit(self.marked)
        else:
            super().keyPressEvent(event)

    def _mark_day(self, day: date) -> None:
        if self.day(day) is not None:
            for each in (self.marked, day):
                if each is not None:
                    self.update(self.rect_of(each).toAlignedRect())
            self.marked = day
            self._update_accessible_texts()

    def _update_accessible_texts(self) -> None:
        day = self.day(self.marked)
        self.setAccessibleName(translate("Term", "Weeks of the semester"))
        self.setAccessibleDescription(day.description() if day is not None else "")

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            day = self.day_at(QPointF(event.pos()))
            show_tooltip(event.globalPos(), day.description() if day is not None else "", self)
            return True
        return super().event(event)
