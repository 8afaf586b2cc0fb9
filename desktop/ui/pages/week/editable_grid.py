"""The week grid in which own events are made, moved and resized with the mouse."""

from __future__ import annotations

from datetime import time

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication

from desktop.domain.timetable.assessments import TimeSlot
from desktop.domain.timetable.timetable import is_own
from desktop.domain.week_view import Block
from desktop.ui.pages.week.drag import (
    LAST_MINUTE,
    Drag,
    GrabbedPart,
    Span,
    begin_drag,
    date_and_times,
    paint_span,
    part_at,
    rect_of,
)
from desktop.ui.pages.week.grid import WeekGrid
from desktop.ui.widgets.escape import accept_escape

NEW_EVENT_MINUTES = 60


class EditableWeekGrid(WeekGrid):
    """Draws and edits own events. A drawn span stays visible until `clear_span`."""

    span_drawn = Signal(object)  # a TimeSlot over empty time
    event_moved = Signal(object, object)  # the Block of an own event, and its new TimeSlot
    empty_menu_requested = Signal(object, object)  # an empty datetime, and the position on the screen

    def __init__(self) -> None:
        super().__init__()
        self._drag: Drag | None = None
        self._span: Span | None = None

    @property
    def span(self) -> Span | None:
        """The span drawn over the week."""
        return self._span

    @property
    def is_dragging(self) -> bool:
        return self._drag is not None and self._span is not None

    def draw_hour(self, start: time, day: int) -> TimeSlot | None:
        """Draws a span of one hour from `start` on the day with that index, and returns its time slot."""
        minute = start.hour * 60 + start.minute
        return self._draw_span(Span(day, minute, min(minute + NEW_EVENT_MINUTES, LAST_MINUTE)))

    def _draw_span(self, span: Span) -> TimeSlot | None:
        self._span = span
        self.viewport().update()
        return date_and_times(span, [day.date for day in self.week.days]) if self.week is not None else None

    def clear_span(self) -> None:
        self._drag = self._span = None
        self.viewport().update()

    def span_rect(self) -> QRect:
        """The rectangle of the span in the viewport."""
        if self._span is None or self._geometry is None:
            return QRect()
        return rect_of(self._geometry, self._span).toAlignedRect()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._span is not None and self._geometry is not None and self._style is not None:
            painter = QPainter(self.viewport())
            paint_span(painter, self._geometry, self._style, self._span)
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point, block = event.position(), self._block_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and self._geometry is not None:
            self._drag = begin_drag(self._geometry, point, block)
        if event.button() == Qt.MouseButton.RightButton and block is None:
            self.select(None)
            if (moment := self._moment_at(point)) is not None:
                self.empty_menu_requested.emit(moment, event.globalPosition().toPoint())
            return
        if self._drag is not None and block is not None:
            return  # selected on release, since the detail pane would cover what is to be moved
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag, geometry, point = self._drag, self._geometry, event.position()
        if drag is None or geometry is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            self._show_resize_cursor(point)
            return
        if self._span is None and (point - drag.origin).manhattanLength() < QApplication.startDragDistance():
            return
        span = drag.span(geometry, point)
        if span != self._span:
            self._draw_span(span)

    def _show_resize_cursor(self, point: QPointF) -> None:
        block = self._block_at(point)
        if block is not None and self._geometry is not None and is_own(block.occurrence.item):
            edges = (GrabbedPart.START, GrabbedPart.END)
            if part_at(self._geometry, point, block) in edges:
                self.viewport().setCursor(Qt.CursorShape.SizeVerCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, span = self._drag, self._span
        self._drag = None
        if drag is None or self.week is None:
            super().mouseReleaseEvent(event)
            return
        if span is None:
            self.select(drag.block.key if drag.block is not None else None)
            return
        slot = date_and_times(span, [day.date for day in self.week.days])
        if drag.block is None:
            self.span_drawn.emit(slot)
        elif slot == _slot_of(drag.block):
            self.clear_span()
        else:
            self.event_moved.emit(drag.block, slot)

    def event(self, event: QEvent) -> bool:
        return accept_escape(event, lambda: self.is_dragging) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_dragging:
            self.clear_span()
        else:
            super().keyPressEvent(event)


def _slot_of(block: Block) -> TimeSlot:
    start, end = block.occurrence.start, block.occurrence.end
    return start.date(), start.time(), end.time()
