"""How a week looks when drawn: lines, hatches, blocks and their words, on a screen, in a small picture or on paper.

Hides all pixels of the grid. `Geometry` says where a minute of a day lies; `paint_week` draws a `WeekView` there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QStaticText

from desktop.domain.terms import DayKind
from desktop.domain.timetable import Colour, Item, Meeting, OwnEvent, Sitting, SittingKind
from desktop.domain.weekview import Block, DayColumn, WeekView
from desktop.ui import icons
from desktop.ui.language import clock_text, day_text, minutes_clock, say, translate
from desktop.ui.style import BODY, SMALL, Tokens, blend, full, look, on, tint

Key = tuple[str, datetime]
RADIUS, BAR, INSET = 4.0, 3.0, 4.0
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Ink:
    """With what a week is drawn: the theme, the size of letters in percent, and each item's colour.

    `plain` is for paper without colours: outlines and hatches say what fills and tints say otherwise.
    """

    tokens: Tokens
    colour_of: Callable[[Item], Colour]
    scale: int = 100
    plain: bool = False
    words: bool = True  # False in small pictures, where no word could be read

    def colour(self, name: str) -> QColor:
        return QColor(getattr(self.tokens, name))

    @cached_property
    def bold(self) -> QFont:
        return self._font(BODY if self.scale >= 100 else SMALL, bold=True)

    @cached_property
    def body(self) -> QFont:
        return self._font(BODY if self.scale >= 100 else SMALL)

    @cached_property
    def small(self) -> QFont:
        return self._font(SMALL)

    @cached_property
    def small_bold(self) -> QFont:
        return self._font(SMALL, bold=True)

    def _font(self, size: int, *, bold: bool = False) -> QFont:
        made = QFont(look().font(size, bold=bold))
        made.setPixelSize(max(1, round(size * self.scale / 100)))
        return made

    def px(self, size: float) -> float:
        return size * self.scale / 100


@dataclass(frozen=True)
class Geometry:
    """Where things lie: `width` x `height` in all, a `gutter` of hours on the left and a `header` of days on top.

    The hours scroll under the header by `offset`; `body` is how high all of them are together.
    """

    week: WeekView
    width: float
    height: float
    gutter: float
    header: float
    body: float
    offset: float = 0.0

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
        """The block's place, with a pixel or two of air around it."""
        width = (self.column - 6) / block.lanes
        left = self.x(day) + 3 + block.lane * width
        top, bottom = self.y(block.start_minute), self.y(block.end_minute)
        return QRectF(left, top + 1, width - 2, max(4.0, bottom - top - 2))

    def placed(self) -> Iterator[tuple[int, Block, QRectF]]:
        """Every block with its day and its place, in order of time."""
        for number, day in enumerate(self.week.days):
            for block in day.blocks:
                yield number, block, self.rect(number, block)

    def holds(self, point: QPointF) -> bool:
        """Whether the point lies in a day, and not in its head or among the hours."""
        return point.y() >= self.header and self.gutter <= point.x() < self.width

    def moment_at(self, point: QPointF) -> tuple[int, int]:
        """The day, by its number, and the minute of it that a point inside stands for."""
        day = int((point.x() - self.gutter) // self.column)
        minute = self.week.first_minute + int((point.y() - self.y(self.week.first_minute)) * self.minutes / self.body)
        return min(day, len(self.week.days) - 1), min(minute, self.week.last_minute - 1)

    def block_at(self, point: QPointF) -> Block | None:
        if point.y() < self.header:
            return None
        return next((block for _, block, rect in self.placed() if rect.contains(point)), None)


@dataclass
class Marks:
    """What the person is doing: the block selected, the one hovered over and how far it is lifted (0 to 1)."""

    selected: Key | None = None
    hovered: Key | None = None
    lift: float = 0.0
    focused: bool = False
    texts: dict[tuple[tuple[str, ...], int, int, int], list[tuple[QStaticText, bool]]] = field(default_factory=dict)


def paint_week(painter: QPainter, geometry: Geometry, ink: Ink, marks: Marks, clip: QRectF) -> None:
    """Draws what of the week lies in `clip`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(clip, ink.colour("surface"))
    painter.save()
    painter.setClipRect(QRectF(0, geometry.header, geometry.width, geometry.height - geometry.header) & clip)
    _paint_days(painter, geometry, ink)
    _paint_hours(painter, geometry, ink)
    _paint_now_across(painter, geometry, ink)
    lifted = None
    for number, block, rect in geometry.placed():
        if not rect.adjusted(-4, -4, 4, 4).intersects(clip):
            continue
        if block.key == marks.hovered:
            lifted = number, block, rect
        else:
            _paint_block(painter, rect, block, ink, marks)
    if lifted is not None:
        _paint_block(painter, lifted[2], lifted[1], ink, marks)
    _paint_now(painter, geometry, ink)
    painter.restore()
    if clip.top() < geometry.header and geometry.header:
        _paint_header(painter, geometry, ink)


def _paint_days(painter: QPainter, geometry: Geometry, ink: Ink) -> None:
    line = QPen(ink.colour("line"), 1)
    for number, day in enumerate(geometry.week.days):
        rect = geometry.day_rect(number)
        if day.is_today:
            painter.fillRect(rect, blend(ink.colour("accent"), ink.colour("surface"), 0.05))
        if day.status.kind is not DayKind.LECTURE:
            strength = 0.5 if day.status.kind in (DayKind.SWAPPED, DayKind.OUTSIDE) else 1.0
            hatch = blend(ink.colour("line"), ink.colour("surface"), strength)
            painter.setBrushOrigin(rect.topLeft())
            painter.fillRect(rect, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.setPen(line)
        if number:
            painter.drawLine(rect.topLeft(), rect.bottomLeft())


def _paint_hours(painter: QPainter, geometry: Geometry, ink: Ink) -> None:
    line = ink.colour("line")
    faint = blend(line, ink.colour("surface"), 0.45)
    painter.setFont(ink.small)
    first = geometry.week.first_minute // 30 * 30
    now = geometry.week.now_minute
    for minute in range(first, geometry.week.last_minute + 1, 30):
        if minute <= geometry.week.first_minute:
            continue
        y = round(geometry.y(minute)) + 0.5
        painter.setPen(QPen(line if minute % 60 == 0 else faint, 1))
        painter.drawLine(QPointF(geometry.gutter, y), QPointF(geometry.width, y))
        near_now = now is not None and abs(now - minute) * geometry.body / geometry.minutes < ink.px(14)
        is_whole = y + 8 <= geometry.header - geometry.offset + geometry.body
        if minute % 60 == 0 and ink.words and is_whole and not near_now:
            painter.setPen(ink.colour("muted"))
            place = QRectF(0, y - 10, geometry.gutter - 8, 20)
            painter.drawText(place, RIGHT, minutes_clock(minute))


def _now(week: WeekView) -> int | None:
    now = week.now_minute
    return now if now is not None and week.first_minute <= now <= week.last_minute else None


def _paint_now_across(painter: QPainter, geometry: Geometry, ink: Ink) -> None:
    """The faint part of the line, under the blocks of other days, so that it crosses out no words."""
    now = _now(geometry.week)
    if now is not None:
        y = round(geometry.y(now)) + 0.5
        painter.setPen(QPen(blend(ink.colour("accent"), ink.colour("surface"), 0.35), 1))
        painter.drawLine(QPointF(geometry.gutter, y), QPointF(geometry.width, y))


def _paint_now(painter: QPainter, geometry: Geometry, ink: Ink) -> None:
    now = _now(geometry.week)
    if now is None:
        return
    y = round(geometry.y(now)) + 0.5
    accent = ink.colour("accent")
    today = next((number for number, day in enumerate(geometry.week.days) if day.is_today), None)
    if today is not None:
        left = geometry.x(today)
        painter.setPen(QPen(accent, 1.5))
        painter.drawLine(QPointF(left, y), QPointF(left + geometry.column, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(QPointF(left, y), 3.5, 3.5)
    if ink.words:
        painter.setFont(ink.small_bold)
        painter.setPen(accent)
        place = QRectF(0, y - 10, geometry.gutter - 8, 20)
        painter.drawText(place, RIGHT, minutes_clock(now))


def _paint_header(painter: QPainter, geometry: Geometry, ink: Ink) -> None:
    painter.fillRect(QRectF(0, 0, geometry.width, geometry.header), ink.colour("surface"))
    for number, day in enumerate(geometry.week.days):
        _paint_day_name(painter, QRectF(geometry.x(number), 0, geometry.column, geometry.header), day, ink)
    painter.setPen(QPen(ink.colour("line"), 1))
    painter.drawLine(QPointF(0, geometry.header - 0.5), QPointF(geometry.width, geometry.header - 0.5))


def _paint_day_name(painter: QPainter, rect: QRectF, day: DayColumn, ink: Ink) -> None:
    inner = rect.adjusted(8, 4, -4, -4)
    if not ink.words:
        return
    height = QFontMetricsF(ink.bold).height()
    name = day_text(day.date, "ddd d")
    if day.is_today:
        width = QFontMetricsF(ink.bold).horizontalAdvance(name)
        pill = QRectF(inner.left() - 6, inner.top(), width + 12, height + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.colour("accent"))
        painter.drawRoundedRect(pill, RADIUS, RADIUS)
    painter.setFont(ink.bold)
    painter.setPen(ink.colour("on_accent" if day.is_today else "text"))
    top = QRectF(inner.left(), inner.top() + 1, inner.width(), height)
    painter.drawText(top, LEFT, name)
    reason = day_reason(day)
    if reason:
        painter.setFont(ink.small)
        painter.setPen(ink.colour("muted"))
        metrics = QFontMetricsF(ink.small)
        below = QRectF(inner.left(), top.bottom() + 2, inner.width(), metrics.height())
        painter.drawText(
            below,
            LEFT,
            metrics.elidedText(reason, Qt.TextElideMode.ElideRight, below.width()),
        )


def day_reason(day: DayColumn) -> str:
    """Why the day is unlike others, in a few words; nothing for a day like any other."""
    kind = day.status.kind
    if kind is DayKind.LECTURE:
        return ""
    if kind is DayKind.OUTSIDE:
        return translate("Week", "No lectures")
    return say(day.status.reason)


def kind_word(item: Item) -> str:
    """The word that says it is a test or an exam; nothing for a class."""
    if not isinstance(item, Sitting):
        return ""
    return translate("Week", "Test") if item.kind is SittingKind.TEST else translate("Week", "Exam")


def block_title(block: Block) -> str:
    """The first line of a block."""
    item = block.occurrence.item
    if isinstance(item, OwnEvent):
        return item.title
    if isinstance(item, Meeting) and block.undecided:
        return f"{item.label} · {item.group}"
    if isinstance(item, Sitting) and item.kind is SittingKind.EXAM:
        return item.module
    return item.label


def block_place(item: Item) -> str:
    """Where it is, in a few letters."""
    if isinstance(item, OwnEvent):
        return item.venue
    if not item.venues:
        return ""
    more = len(item.venues) - 1
    return item.venues[0] + (f" +{more}" if more else "")


def block_lines(block: Block) -> list[str]:
    """All a block would say, the most important first."""
    item, occurrence = block.occurrence.item, block.occurrence
    lines = [block_title(block)]
    word = kind_word(item)
    if word:
        preliminary = isinstance(item, Sitting) and item.is_preliminary
        lines.append(translate("Week", "{kind} · preliminary").format(kind=word) if preliminary else word)
    if place := block_place(item):
        lines.append(place)
    lines.append(f"{clock_text(occurrence.start)} – {clock_text(occurrence.end)}")
    return lines


def _paint_block(painter: QPainter, rect: QRectF, block: Block, ink: Ink, marks: Marks) -> None:
    item = block.occurrence.item
    colour = ink.colour_of(item)
    is_sitting = isinstance(item, Sitting)
    if block.key == marks.hovered and marks.lift:
        rect = rect.translated(0, -1.5 * marks.lift)
        shadow = QColor(0, 0, 0, round((70 if ink.tokens.dark else 36) * marks.lift))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shadow)
        painter.drawRoundedRect(rect.translated(0, 2.5), RADIUS, RADIUS)
    shape = QPainterPath()
    shape.addRoundedRect(rect, RADIUS, RADIUS)
    strong = QColor("#000000") if ink.plain else full(colour)
    faint = block.undecided or block.hidden
    if ink.plain:
        fill = QColor("#d9d9d9") if is_sitting else QColor("#ffffff")
    elif is_sitting:
        fill = strong
    else:
        fill = tint(colour, ink.tokens)
        if faint:
            fill = blend(fill, ink.colour("surface"), 0.5)
    painter.fillPath(shape, fill)
    if faint:
        pen = QPen(blend(strong, ink.colour("surface"), 0.6), 1.25, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    elif not is_sitting:
        painter.save()
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(rect.left(), rect.top(), BAR, rect.height()), strong)
        painter.restore()
    if ink.plain:
        painter.setPen(QPen(strong, 1.5 if is_sitting else 0.75))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
    if block.clash:
        painter.save()
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(rect.right() - 2.5, rect.top(), 2.5, rect.height()), ink.colour("danger"))
        painter.restore()
    if ink.words:
        _paint_words(painter, rect, block, ink, marks)
    if block.key == marks.selected:
        painter.setPen(QPen(ink.colour("accent" if marks.focused else "text"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), RADIUS + 1, RADIUS + 1)


def _paint_words(painter: QPainter, rect: QRectF, block: Block, ink: Ink, marks: Marks) -> None:
    item = block.occurrence.item
    is_sitting = isinstance(item, Sitting)
    if ink.plain:
        text = second = QColor("#000000")
    elif is_sitting:
        text = second = on(ink.colour_of(item))
    elif block.undecided or block.hidden:
        text = second = ink.colour("muted")
    else:
        text, second = ink.colour("text"), ink.colour("text")
    left = rect.left() + (INSET + 1 if is_sitting or block.undecided else BAR + INSET + 1)
    right = rect.right() - INSET
    mark = ink.px(12)
    icon = "exam" if isinstance(item, Sitting) and item.kind is SittingKind.EXAM else "test" if is_sitting else ""
    shown = [name for name, wanted in ((icon, bool(icon)), ("clash", block.clash)) if wanted]
    reserved = 0.0
    for name in shown:
        if right - left > mark * 2.5 and rect.height() >= mark + 2:
            place = QRectF(right - mark, rect.top() + min(INSET, (rect.height() - mark) / 2), mark, mark)
            icons.paint(painter, name, text if name == icon else ink.colour("danger"), place)
            right -= mark + 2
            reserved += mark + 2
    height = QFontMetricsF(ink.bold).height()
    room = int((rect.height() - INSET) // height)
    said = tuple(block_lines(block))
    key = (said, int(right - left), int(reserved), room)
    lines = marks.texts.get(key)
    if lines is None:
        lines = marks.texts[key] = [
            (_laid_out(line, ink.bold if bold else ink.body), bold)
            for line, bold in _fitted(said, ink, right - left, right - left + reserved, room)
        ]
    total = height * len(lines)
    y = rect.top() + (INSET if total + 2 * INSET <= rect.height() else max(0.0, (rect.height() - total) / 2))
    for words, bold in lines:
        painter.setFont(ink.bold if bold else ink.body)
        painter.setPen(text if bold else second)
        painter.drawStaticText(QPointF(left, y), words)
        y += height


def _laid_out(line: str, font: QFont) -> QStaticText:
    """A line shaped once and drawn many times: shaping is most of what a week costs to paint."""
    made = QStaticText(line)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(font=font)
    return made


def _fitted(said: Sequence[str], ink: Ink, width: float, full_width: float, room: int) -> list[tuple[str, bool]]:
    """The lines that fit into `room` lines, each cut to the width it has; never half a line."""
    title, *rest = said
    bold, body = QFontMetricsF(ink.bold), QFontMetricsF(ink.body)
    if room <= 0:
        return []
    if room == 1 and rest:
        joined = f"{title}  {rest[0]}"
        if bold.horizontalAdvance(joined) <= width:
            return [(joined, True)]
    elide = Qt.TextElideMode.ElideRight
    heads = _broken(title, bold, width, room - min(1, len(rest)))
    cut = [
        (bold.elidedText(line, elide, width if number == 0 else full_width), True) for number, line in enumerate(heads)
    ]
    return (cut + [(body.elidedText(line, elide, full_width), False) for line in rest])[:room]


def _broken(title: str, bold: QFontMetricsF, width: float, room: int) -> list[str]:
    """A title in as many lines as it needs where a block is narrow, while a line is left for the place."""
    if bold.horizontalAdvance(title) <= width:
        return [title]
    parts = title.split(" · ")
    if len(parts) > 1 and bold.horizontalAdvance(parts[0]) > width:
        parts = [word for part in parts for word in part.split(" ")]
    if len(parts) <= room:
        return parts
    first = title.split(" · ", maxsplit=1)[0]
    fitting = (text for text in (f"{first}…", first) if bold.horizontalAdvance(text) <= width)
    return [next(fitting, title)]
