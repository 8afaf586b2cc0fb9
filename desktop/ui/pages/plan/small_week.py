"""A small picture of a week for comparing plans: blocks under weekday names, those that differ with their group."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.week_view import WeekView
from desktop.ui.pages.week.block import BAR, DrawStyle, InteractionState
from desktop.ui.pages.week.paint import Geometry, paint_week
from desktop.ui.session.state import ViewState
from desktop.ui.texts.language import weekday_name
from desktop.ui.theme.style import appearance

HOUR, HEADER = 26, 20  # logical pixels: a class of an hour has room for one line


class SmallWeek(QAbstractButton):
    """Paints one week; a click opens it.

    Screen readers get nothing from it: the text beside it says the same.
    """

    def __init__(self, state: ViewState, week: WeekView, differing: Collection[ChoiceKey]) -> None:
        super().__init__()
        self._state = state
        self._week = week
        self._differing = differing
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(appearance().px(340), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(appearance().px(160), self._height())

    def _height(self) -> int:
        hours = (self._week.last_minute - self._week.first_minute) / 60
        return appearance().px(HEADER) + round(hours * appearance().px(HOUR))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        header = float(appearance().px(HEADER))
        geometry = Geometry(self._week, self.width(), self.height(), 0.0, header, self.height() - header)
        style = DrawStyle(appearance().tokens, self._state.colour_of, scale=appearance().scale, words=False)
        paint_week(painter, geometry, style, InteractionState(), QRectF(self.rect()))
        painter.setFont(style.small)
        painter.setPen(style.colour("muted"))
        for number, day in enumerate(self._week.days):
            place = QRectF(geometry.x(number), 0, geometry.column, header)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, weekday_name(day.date.weekday(), short=True))
        self._name_blocks(painter, geometry, style)
        if self.hasFocus():
            painter.setPen(style.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _name_blocks(self, painter: QPainter, geometry: Geometry, style: DrawStyle) -> None:
        """Writes module and group into each block that differs between the plans."""
        painter.setFont(style.small_bold)
        painter.setPen(style.colour("text"))
        metrics = QFontMetricsF(style.small_bold)
        for _, block, rect in geometry.placed():
            item = block.occurrence.item
            if isinstance(item, Meeting) and item.choice_key in self._differing:
                inner = rect.adjusted(BAR + 3, 1, -2, -1)
                lines = name_lines(metrics, item.module, item.group, inner.width(), inner.height())
                flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
                painter.drawText(inner, flags, "\n".join(lines))


def name_lines(metrics: QFontMetricsF, module: str, group: str, width: float, height: float) -> list[str]:
    """Fits a module and its group into the given room: on one line, on two, or without letters; never half a line."""
    rows = int(height // metrics.height())
    whole = f"{module} {group}"
    if rows >= 1 and metrics.horizontalAdvance(whole) <= width:
        return [whole]
    if rows >= 2 and metrics.horizontalAdvance(module) <= width:
        return [module, group]
    short = f"{module.rsplit(' ', maxsplit=1)[-1]} {group}"
    if rows >= 1 and metrics.horizontalAdvance(short) <= width:
        return [short]
    return [metrics.elidedText(group, Qt.TextElideMode.ElideRight, width)] if rows >= 1 else []
