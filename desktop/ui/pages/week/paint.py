"""Draws a week, with its days, hours and blocks, on a screen, in a small picture or on paper.

`Geometry` converts between minutes of a day and positions; `paint_week` draws a `WeekView` there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from desktop.domain.timetable.bands import BandKind
from desktop.domain.timetable.terms import DayKind
from desktop.domain.week_view import Block, DayColumn, WeekView
from desktop.ui.pages.week.block import RADIUS, DrawStyle, InteractionState, paint_block, paint_ghost
from desktop.ui.texts.language import date_text, minute_of_day_text, translate_message
from desktop.ui.theme.style import blend

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NOW_LINE_WIDTH, NOW_LINE_END = (
    1.5,
    8.0,
)  # pixels: thickness of the line of now, and its visible length at each end over a block


@dataclass(frozen=True)
class Geometry:
    """The layout: `width` x `height`, a `gutter` of hours on the left and a `header` of days on top.

    The hours scroll under the header by `offset`; `body` is their full height.
    """

    week: WeekView
    width: float
    height: float
    gutter: float
    header: float
    body: float
    offset: float = 0.0
    band: float = 0.0  # height of the bands at the bottom of the header; 0 if there is no room

    @property
    def minutes(self) -> int:
        return max(1, self.week.last_minute - self.week.first_minute)

    @property
    def column(self) -> float:
        return (self.width - self.gutter) / len(self.week.days)

    def y(self, minute: float) -> float:
        return self.header - self.offset + (minute - self.week.first_minute) * self.body / self.minutes

    def x(self, day: int) -> float:
        return self.gutter + day * self.column

    def day_rect(self, day: int) -> QRectF:
        return QRectF(self.x(day), self.header - self.offset, self.column, self.body)

    def rect(self, day: int, block: Block) -> QRectF:
        """The rectangle of a block, with a margin of a pixel or two."""
        width = (self.column - 6) / block.lanes
        left = self.x(day) + 3 + block.lane * width
        top, bottom = self.y(block.start_minute), self.y(block.end_minute)
        return QRectF(left, top + 1, width - 2, max(4.0, bottom - top - 2))

    def placed(self) -> Iterator[tuple[int, Block, QRectF]]:
        """Yields every block with its day index and rectangle, in order of time."""
        for number, day in enumerate(self.week.days):
            for block in day.blocks:
                yield number, block, self.rect(number, block)

    def is_in_hours(self, point: QPointF) -> bool:
        """Whether a point lies in a day's hours, not in the header or the gutter."""
        return point.y() >= self.header and self.gutter <= point.x() < self.width

    def moment_at(self, point: QPointF) -> tuple[int, int]:
        """Returns the day index and the minute at a point within the hours."""
        day = int((point.x() - self.gutter) // self.column)
        minute = self.week.first_minute + int((point.y() - self.y(self.week.first_minute)) * self.minutes / self.body)
        return min(day, len(self.week.days) - 1), min(minute, self.week.last_minute - 1)

    def block_at(self, point: QPointF) -> Block | None:
        if point.y() < self.header:
            return None
        return next((block for _, block, rect in self.placed() if rect.contains(point)), None)


def paint_week(
    painter: QPainter,
    geometry: Geometry,
    style: DrawStyle,
    state: InteractionState,
    clip: QRectF,
    ghosts: Iterable[tuple[Block, QRectF]] = (),
) -> None:
    """Draws the part of the week in `clip`; `ghosts` are outlined under its blocks."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(clip, style.colour("surface"))
    painter.save()
    painter.setClipRect(QRectF(0, geometry.header, geometry.width, geometry.height - geometry.header) & clip)
    _paint_days(painter, geometry, style)
    _paint_hours(painter, geometry, style)
    _paint_now_across(painter, geometry, style)
    for ghost, place in ghosts:
        paint_ghost(painter, place, ghost, style)
    lifted = None
    for number, block, rect in geometry.placed():
        if not rect.adjusted(-4, -4, 4, 4).intersects(clip):
            continue
        if block.key == state.hovered:
            lifted = number, block, rect
        else:
            paint_block(painter, rect, block, style, state)
    if lifted is not None:
        paint_block(painter, lifted[2], lifted[1], style, state)
    _paint_now(painter, geometry, style)
    painter.restore()
    if clip.top() < geometry.header and geometry.header:
        _paint_header(painter, geometry, style)


def _paint_days(painter: QPainter, geometry: Geometry, style: DrawStyle) -> None:
    line = QPen(style.colour("line"), 1)
    for number, day in enumerate(geometry.week.days):
        rect = geometry.day_rect(number)
        if day.is_today:
            painter.fillRect(rect, blend(style.colour("accent"), style.colour("surface"), 0.05))
        if day.status.kind is not DayKind.LECTURE:
            strength = 0.5 if day.status.kind in (DayKind.SWAPPED, DayKind.OUTSIDE) else 1.0
            hatch = blend(style.colour("line"), style.colour("surface"), strength)
            painter.setBrushOrigin(rect.topLeft())
            painter.fillRect(rect, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.setPen(line)
        if number:
            painter.drawLine(rect.topLeft(), rect.bottomLeft())


def _paint_hours(painter: QPainter, geometry: Geometry, style: DrawStyle) -> None:
    line = style.colour("line")
    faint = blend(line, style.colour("surface"), 0.45)
    painter.setFont(style.small)
    first = geometry.week.first_minute // 30 * 30
    now = geometry.week.now_minute
    for minute in range(first, geometry.week.last_minute + 1, 30):
        if minute <= geometry.week.first_minute:
            continue
        y = round(geometry.y(minute)) + 0.5
        painter.setPen(QPen(line if minute % 60 == 0 else faint, 1))
        painter.drawLine(QPointF(geometry.gutter, y), QPointF(geometry.width, y))
        near_now = now is not None and abs(now - minute) * geometry.body / geometry.minutes < style.px(14)
        is_whole = y + 8 <= geometry.header - geometry.offset + geometry.body
        if minute % 60 == 0 and style.words and is_whole and not near_now:
            painter.setPen(style.colour("muted"))
            place = QRectF(0, y - 10, geometry.gutter - 8, 20)
            painter.drawText(place, RIGHT, minute_of_day_text(minute))


def _now(week: WeekView) -> int | None:
    now = week.now_minute
    return now if now is not None and week.first_minute <= now <= week.last_minute else None


def _paint_now_across(painter: QPainter, geometry: Geometry, style: DrawStyle) -> None:
    """Paints the line of now across all days, faint beside today: below the blocks, so that it crosses no text."""
    now = _now(geometry.week)
    if now is None:
        return
    y = round(geometry.y(now)) + 0.5
    painter.setPen(QPen(blend(style.colour("accent"), style.colour("surface"), 0.35), 1))
    painter.drawLine(QPointF(geometry.gutter, y), QPointF(geometry.width, y))
    today = _today(geometry.week)
    if today is not None:
        left = geometry.x(today)
        painter.setPen(QPen(style.colour("accent"), NOW_LINE_WIDTH))
        painter.drawLine(QPointF(left, y), QPointF(left + geometry.column, y))


def _today(week: WeekView) -> int | None:
    return next((number for number, day in enumerate(week.days) if day.is_today), None)


def _paint_now(painter: QPainter, geometry: Geometry, style: DrawStyle) -> None:
    """Paints the line of now over the blocks: its two ends, beside the text, and the time."""
    now = _now(geometry.week)
    if now is None:
        return
    y = round(geometry.y(now)) + 0.5
    accent = style.colour("accent")
    today = _today(geometry.week)
    if today is not None:
        left = geometry.x(today)
        right = left + geometry.column
        painter.setPen(QPen(accent, NOW_LINE_WIDTH))
        painter.drawLine(QPointF(left, y), QPointF(left + NOW_LINE_END, y))
        painter.drawLine(QPointF(right - NOW_LINE_END, y), QPointF(right, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(QPointF(left, y), 3.5, 3.5)
    if style.words:
        painter.setFont(style.small_bold)
        painter.setPen(accent)
        place = QRectF(0, y - 10, geometry.gutter - 8, 20)
        painter.drawText(place, RIGHT, minute_of_day_text(now))


def _paint_header(painter: QPainter, geometry: Geometry, style: DrawStyle) -> None:
    painter.fillRect(QRectF(0, 0, geometry.width, geometry.header), style.colour("surface"))
    for number, day in enumerate(geometry.week.days):
        of_band = next((each.name for each in geometry.week.bands if geometry.band and day.date in each), "")
        place = QRectF(geometry.x(number), 0, geometry.column, geometry.header - geometry.band)
        _paint_day_name(painter, place, day, "" if of_band == day.status.reason else day_reason(day), style)
    if geometry.band:
        _paint_bands(painter, geometry, style)
    painter.setPen(QPen(style.colour("line"), 1))
    painter.drawLine(QPointF(0, geometry.header - 0.5), QPointF(geometry.width, geometry.header - 0.5))


def _paint_bands(painter: QPainter, geometry: Geometry, style: DrawStyle) -> None:
    """Paints test weeks, recess and exams, each over its days."""
    painter.setFont(style.small_bold)
    metrics = QFontMetricsF(style.small_bold)
    top = geometry.header - geometry.band
    days = geometry.week.days
    for band in geometry.week.bands:
        first = max(0, (band.start - days[0].date).days)
        last = min(len(days) - 1, (band.end - days[0].date).days)
        rect = QRectF(geometry.x(first) + 3, top, geometry.x(last + 1) - geometry.x(first) - 6, geometry.band - 4)
        fill, edge, text = band_colours(band.kind, style)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        inner = rect.adjusted(6, 0, -4, 0)
        painter.setPen(text)
        painter.drawText(
            inner, LEFT, metrics.elidedText(translate_message(band.name), Qt.TextElideMode.ElideRight, inner.width())
        )


def band_colours(kind: BandKind, style: DrawStyle) -> tuple[QColor, QColor, QColor]:
    """The fill, edge and text colours of a band."""
    if style.monochrome:
        return QColor("#ffffff"), QColor("#000000"), QColor("#000000")
    surface, accent = style.colour("surface"), style.colour("accent")
    if kind is BandKind.RECESS:
        return (
            blend(style.colour("line"), surface, 0.6),
            blend(style.colour("muted"), surface, 0.45),
            style.colour("muted"),
        )
    is_exams = kind is BandKind.EXAMS
    fill, edge = (0.22, 0.9) if is_exams else (0.1, 0.45)
    return blend(accent, surface, fill), blend(accent, surface, edge), style.colour("text")


def _paint_day_name(painter: QPainter, rect: QRectF, day: DayColumn, reason: str, style: DrawStyle) -> None:
    inner = rect.adjusted(8, 4, -4, -4)
    if not style.words:
        return
    height = QFontMetricsF(style.bold).height()
    name = date_text(day.date, "ddd d")
    if day.is_today:
        width = QFontMetricsF(style.bold).horizontalAdvance(name)
        pill = QRectF(inner.left() - 6, inner.top(), width + 12, height + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("accent"))
        painter.drawRoundedRect(pill, RADIUS, RADIUS)
    painter.setFont(style.bold)
    painter.setPen(style.colour("on_accent" if day.is_today else "text"))
    top = QRectF(inner.left(), inner.top() + 1, inner.width(), height)
    painter.drawText(top, LEFT, name)
    if reason:
        painter.setFont(style.small)
        painter.setPen(style.colour("muted"))
        metrics = QFontMetricsF(style.small)
        below = QRectF(inner.left(), top.bottom() + 2, inner.width(), metrics.height())
        painter.drawText(
            below,
            LEFT,
            metrics.elidedText(reason, Qt.TextElideMode.ElideRight, below.width()),
        )


def day_reason(day: DayColumn) -> str:
    """Why the day differs, in a few words; empty for an ordinary day."""
    return translate_message(day.status.reason)
