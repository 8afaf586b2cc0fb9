"""Mouse drags in the week: a new event over empty time, or an own event moved or resized."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.domain.timetable.timetable import is_own
from desktop.domain.week_view import MINUTES_PER_DAY, Block
from desktop.ui.pages.week.block import RADIUS, DrawStyle
from desktop.ui.pages.week.paint import Geometry
from desktop.ui.texts.language import minute_of_day_text
from desktop.ui.theme.style import blend

STEP_MINUTES = 15  # minutes
EDGE_PIXELS = 6.0  # pixels at the top and bottom of a block where its start or end is grabbed
LAST_MINUTE = MINUTES_PER_DAY - 1


class GrabbedPart(Enum):
    """The part of an event that is grabbed."""

    NOTHING = auto()  # empty time
    WHOLE = auto()
    START = auto()
    END = auto()


@dataclass(frozen=True)
class Span:
    """A stretch of one day of the week: the day's index, and minutes since midnight."""

    day: int
    start: int
    end: int

    def times(self) -> tuple[time, time]:
        return time(*divmod(self.start, 60)), time(*divmod(min(self.end, LAST_MINUTE), 60))


@dataclass(frozen=True)
class Drag:
    """A mouse drag that began at `origin`, on the day with index `day`, at `minute`."""

    part: GrabbedPart
    origin: QPointF
    day: int
    minute: int
    block: Block | None = None

    def span(self, geometry: Geometry, point: QPointF) -> Span:
        """Returns the span that is drawn while the mouse is at `point`, in steps of a quarter of an hour."""
        day, minute = geometry.moment_at(_clamped(geometry, point))
        if self.block is None:
            start, end = (round(each / STEP_MINUTES) * STEP_MINUTES for each in sorted((self.minute, minute)))
            return _bounded(Span(self.day, start, max(start + STEP_MINUTES, end)), geometry)
        start, end = self.block.start_minute, self.block.end_minute
        moved = minute - self.minute
        if self.part is GrabbedPart.START:
            return Span(self.day, max(_first_step(geometry), min(_snapped(start, moved), end - STEP_MINUTES)), end)
        if self.part is GrabbedPart.END:
            return Span(self.day, start, min(_last_step(geometry), max(_snapped(end, moved), start + STEP_MINUTES)))
        length = end - start
        begins = max(_first_step(geometry), min(_snapped(start, moved), _last_step(geometry) - length))
        return Span(day, begins, begins + length)


def begin_drag(geometry: Geometry, point: QPointF, block: Block | None) -> Drag | None:
    """Starts a drag from a press at `point`; None if nothing can be drawn or moved there."""
    if not geometry.is_in_hours(point) or (block is not None and not is_own(block.occurrence.item)):
        return None
    day, minute = geometry.moment_at(point)
    return Drag(part_at(geometry, point, block), point, day, minute, block)


def part_at(geometry: Geometry, point: QPointF, block: Block | None) -> GrabbedPart:
    """Returns which part of an own event is under the mouse."""
    if block is None:
        return GrabbedPart.NOTHING
    rect = next((rect for _, each, rect in geometry.placed() if each.key == block.key), QRectF())
    edge = min(EDGE_PIXELS, rect.height() / 4)
    if point.y() > rect.bottom() - edge:
        return GrabbedPart.END
    return GrabbedPart.START if point.y() < rect.top() + edge else GrabbedPart.WHOLE


def rect_of(geometry: Geometry, span: Span) -> QRectF:
    """The rectangle in which a span is drawn."""
    top, bottom = geometry.y(span.start), geometry.y(span.end)
    return QRectF(geometry.x(span.day) + 3, top + 1, geometry.column - 8, max(4.0, bottom - top - 2))


def paint_span(painter: QPainter, geometry: Geometry, style: DrawStyle, span: Span) -> None:
    """Draws a span over the week, with its times."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(QRectF(0, geometry.header, geometry.width, geometry.height - geometry.header))
    rect = rect_of(geometry, span)
    painter.setBrush(blend(style.colour("accent"), style.colour("surface"), 0.18))
    painter.setPen(QPen(style.colour("accent"), 1.5))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    painter.setFont(style.bold)
    painter.setPen(style.colour("text"))
    words = f"{minute_of_day_text(span.start)} – {minute_of_day_text(min(span.end, LAST_MINUTE))}"
    painter.drawText(rect.adjusted(6, 2, -4, -2), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, words)


def date_and_times(span: Span, days: list[date]) -> tuple[date, time, time]:
    """The date and the times of a span."""
    return days[span.day], *span.times()


def _snapped(minute: int, moved: int) -> int:
    """Rounds the moved minute to a quarter of an hour; less than half a step does not move."""
    return minute if abs(moved) * 2 < STEP_MINUTES else round((minute + moved) / STEP_MINUTES) * STEP_MINUTES


def _clamped(geometry: Geometry, point: QPointF) -> QPointF:
    left, right = geometry.gutter, geometry.width - 1
    top, bottom = geometry.header, geometry.height - 1
    return QPointF(max(left, min(point.x(), right)), max(top, min(point.y(), bottom)))


def _first_step(geometry: Geometry) -> int:
    return -(-geometry.week.first_minute // STEP_MINUTES) * STEP_MINUTES


def _last_step(geometry: Geometry) -> int:
    return geometry.week.last_minute // STEP_MINUTES * STEP_MINUTES


def _bounded(span: Span, geometry: Geometry) -> Span:
    end = min(span.end, _last_step(geometry))
    return Span(span.day, min(span.start, end - STEP_MINUTES), end)
