"""A week as a small picture, to be compared with others: blocks and colours under the days' names."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.week_view import WeekView
from desktop.ui.pages.week.block import Ink, Marks
from desktop.ui.pages.week.paint import Geometry, paint_week
from desktop.ui.session.state import State
from desktop.ui.texts.language import weekday_name
from desktop.ui.theme.style import look


class SmallWeek(QWidget):
    """Paints one week; says nothing to a screen reader that the words beside it do not say."""

    def __init__(self, state: State, week: WeekView) -> None:
        super().__init__()
        self._state = state
        self._week = week
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look().px(220), look().px(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(160), look().px(150))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        header = float(look().px(20))
        geometry = Geometry(self._week, self.width(), self.height(), 0.0, header, self.height() - header)
        ink = Ink(look().tokens, self._state.colour_of, scale=look().scale, words=False)
        paint_week(painter, geometry, ink, Marks(), QRectF(self.rect()))
        painter.setFont(ink.small)
        painter.setPen(ink.colour("muted"))
        for number, day in enumerate(self._week.days):
            place = QRectF(geometry.x(number), 0, geometry.column, header)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, weekday_name(day.date.weekday(), short=True))
        painter.end()
        super().paintEvent(event)
