"""Paints a block of a week, and makes its texts: a class, a test or an exam, on a screen, small, or on paper."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QStaticText

from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import Item
from desktop.domain.week_view import Block
from desktop.ui.texts.language import clock_text, date_text, translate
from desktop.ui.theme import icons
from desktop.ui.theme.style import BODY, SMALL, Tokens, appearance, blend, block_fill, full_colour, text_colour_on

BlockKey = tuple[str, datetime]
RADIUS, BAR, INSET = 4.0, 3.0, 4.0


@dataclass(frozen=True)
class DrawStyle:
    """The drawing style of a week: the theme, the text size in percent, and each item's colour.

    `monochrome` is for paper without colours: outlines and hatches replace fills and tints.
    """

    tokens: Tokens
    colour_of: Callable[[Item], Colour]
    scale: int = 100
    monochrome: bool = False
    words: bool = True  # False in small pictures, where no text would be legible
    grouped: Collection[ChoiceKey] = ()  # choices whose classes show their group
    paper: bool = False  # in a PDF: no letter variants, which could not be searched for or read out there

    def colour(self, name: str) -> QColor:
        return QColor(getattr(self.tokens, name))

    @cached_property
    def bold(self) -> QFont:
        return self.font(BODY if self.scale >= 100 else SMALL, bold=True)

    @cached_property
    def body(self) -> QFont:
        return self.font(BODY if self.scale >= 100 else SMALL)

    @cached_property
    def small(self) -> QFont:
        return self.font(SMALL)

    @cached_property
    def small_bold(self) -> QFont:
        return self.font(SMALL, bold=True)

    def font(self, size: int, *, bold: bool = False) -> QFont:
        """The font at `size`, scaled to this text size."""
        made = QFont(appearance().font(size, bold=bold))
        made.setPixelSize(max(1, round(size * self.scale / 100)))
        if self.paper:
            for variant in ("tnum", "calt"):
                made.setFeature(QFont.Tag(variant), 0)
        return made

    def px(self, size: float) -> float:
        return size * self.scale / 100


@dataclass
class InteractionState:
    """Interaction state: the block selected, the one hovered over, and how far it is lifted (0 to 1)."""

    selected: BlockKey | None = None
    hovered: BlockKey | None = None
    lift: float = 0.0
    focused: bool = False
    texts: dict[tuple[tuple[str, ...], int, int, int], list[tuple[QStaticText, bool]]] = field(default_factory=dict)


def kind_word(item: Item) -> str:
    """The word for a test, an exam or a deadline; empty for a class."""
    if isinstance(item, LayerEvent) and item.is_deadline:
        return translate("Week", "Deadline")
    if not isinstance(item, Assessment):
        return ""
    return translate("Week", "Test") if item.kind is AssessmentKind.TEST else translate("Week", "Exam")


def block_title(block: Block, grouped: Collection[ChoiceKey] = ()) -> str:
    """The first line of a block; classes of the choices in `grouped` show their group."""
    item = block.occurrence.item
    if isinstance(item, LayerEvent) and item.is_deadline:
        return f"{clock_text(block.occurrence.start)} {item.title}"  # a deadline is not always drawn at its time
    if isinstance(item, OwnEvent):
        return item.title
    if isinstance(item, Meeting) and (block.undecided or item.choice_key in grouped):
        return f"{item.label} · {item.group}"
    if isinstance(item, Assessment) and item.kind is AssessmentKind.EXAM:
        return item.module
    return item.label


def block_place(item: Item) -> str:
    """Where the item takes place, in short."""
    if isinstance(item, OwnEvent):
        return item.venue
    if not item.venues:
        return ""
    more = len(item.venues) - 1
    return item.venues[0] + (f" +{more}" if more else "")


def time_text(occurrence: Occurrence) -> str:
    """The start and end; for a deadline its time alone."""
    start = clock_text(occurrence.start)
    return f"{start} – {clock_text(occurrence.end)}" if occurrence.end > occurrence.start else start


def block_lines(block: Block, grouped: Collection[ChoiceKey] = ()) -> list[str]:
    """All lines of a block, the most important first; `grouped` as for its title."""
    item, occurrence = block.occurrence.item, block.occurrence
    lines = [block_title(block, grouped)]
    word = kind_word(item)
    if word:
        preliminary = isinstance(item, Assessment) and item.is_preliminary
        lines.append(translate("Week", "{kind} · preliminary").format(kind=word) if preliminary else word)
    if place := block_place(item):
        lines.append(place)
    lines.append(time_text(occurrence))
    return lines


def block_sentence(block: Block) -> str:
    """A block in one sentence, for screen readers and the tooltip."""
    item, occurrence = block.occurrence.item, block.occurrence
    parts = [block_title(block)]
    if word := kind_word(item):
        parts.append(word)
    span = f"{clock_text(occurrence.start)} – {clock_text(occurrence.end)}"
    parts.append(f"{date_text(occurrence.date, 'dddd d MMMM')}, {span}")
    venues = item.venue if isinstance(item, OwnEvent) else ", ".join(item.venues)
    if venues:
        parts.append(venues)
    if isinstance(item, Meeting):
        parts.append(translate("Week", "Group {group}").format(group=item.group))
    if block.undecided:
        parts.append(translate("Week", "Not chosen yet"))
    if block.clash:
        parts.append(translate("Week", "Clashes"))
    return "\n".join(parts)


def paint_block(painter: QPainter, rect: QRectF, block: Block, style: DrawStyle, state: InteractionState) -> None:
    """Draws a block into `rect`."""
    item = block.occurrence.item
    colour = style.colour_of(item)
    is_assessment = isinstance(item, Assessment)
    if block.key == state.hovered and state.lift:
        rect = rect.translated(0, -1.5 * state.lift)
        shadow = QColor(0, 0, 0, round((70 if style.tokens.dark else 36) * state.lift))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shadow)
        painter.drawRoundedRect(rect.translated(0, 2.5), RADIUS, RADIUS)
    shape = QPainterPath()
    shape.addRoundedRect(rect, RADIUS, RADIUS)
    strong = QColor("#000000") if style.monochrome else full_colour(colour)
    faint = block.undecided or block.hidden
    if style.monochrome:
        fill = QColor("#d9d9d9") if is_assessment else QColor("#ffffff")
    elif is_assessment:
        fill = strong
    else:
        fill = block_fill(colour, style.tokens)
        if faint:
            fill = blend(fill, style.colour("surface"), 0.5)
    painter.fillPath(shape, fill)
    if faint:
        edge = strong if style.monochrome or style.tokens.outlined else blend(strong, style.colour("surface"), 0.6)
        pen = QPen(edge, 1.25, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    elif not is_assessment:
        painter.save()
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(rect.left(), rect.top(), BAR, rect.height()), strong)
        painter.restore()
    if (style.monochrome or style.tokens.outlined) and not faint:
        painter.setPen(QPen(strong if style.monochrome else style.colour("text"), 1.5 if is_assessment else 0.75))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
    if block.clash:
        painter.save()
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(rect.right() - 2.5, rect.top(), 2.5, rect.height()), style.colour("danger"))
        painter.restore()
    if style.words:
        _paint_words(painter, rect, block, style, state)
    if block.key == state.selected:
        painter.setPen(QPen(style.colour("accent" if state.focused else "text"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), RADIUS + 1, RADIUS + 1)


def paint_ghost(painter: QPainter, rect: QRectF, block: Block, style: DrawStyle) -> None:
    """Outlines where a block would be, without text."""
    edge = full_colour(style.colour_of(block.occurrence.item))
    if not style.tokens.outlined:
        edge = blend(edge, style.colour("surface"), 0.45)
    painter.setPen(QPen(edge, 1.25, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def _paint_words(painter: QPainter, rect: QRectF, block: Block, style: DrawStyle, state: InteractionState) -> None:
    item = block.occurrence.item
    is_assessment = isinstance(item, Assessment)
    if style.monochrome:
        text = second = QColor("#000000")
    elif is_assessment:
        text = second = text_colour_on(style.colour_of(item))
    elif block.undecided or block.hidden:
        text = second = style.colour("muted")
    else:
        text, second = style.colour("text"), style.colour("text")
    left = rect.left() + (INSET + 1 if is_assessment or block.undecided else BAR + INSET + 1)
    right = rect.right() - INSET
    mark = style.px(12)
    icon = (
        "exam" if isinstance(item, Assessment) and item.kind is AssessmentKind.EXAM else "test" if is_assessment else ""
    )
    shown = [name for name, wanted in ((icon, bool(icon)), ("clash", block.clash)) if wanted]
    reserved = 0.0
    for name in shown:
        if right - left > mark * 2.5 and rect.height() >= mark + 2:
            place = QRectF(right - mark, rect.top() + min(INSET, (rect.height() - mark) / 2), mark, mark)
            icons.paint(painter, name, text if name == icon else style.colour("danger"), place)
            right -= mark + 2
            reserved += mark + 2
    height = QFontMetricsF(style.bold).height()
    room = int((rect.height() - INSET) // height)
    said = tuple(block_lines(block, style.grouped))
    key = (said, int(right - left), int(reserved), room)
    lines = state.texts.get(key)
    if lines is None:
        lines = state.texts[key] = [
            (_laid_out(line, style.bold if bold else style.body), bold)
            for line, bold in _fitted(said, style, right - left, right - left + reserved, room)
        ]
    total = height * len(lines)
    y = rect.top() + (INSET if total + 2 * INSET <= rect.height() else max(0.0, (rect.height() - total) / 2))
    for words, bold in lines:
        painter.setFont(style.bold if bold else style.body)
        painter.setPen(text if bold else second)
        painter.drawStaticText(QPointF(left, y), words)
        y += height


def _laid_out(line: str, font: QFont) -> QStaticText:
    """Lays out a line once to be drawn many times: text shaping is most of the cost of painting a week."""
    made = QStaticText(line)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(font=font)
    return made


def _fitted(
    said: Sequence[str], style: DrawStyle, width: float, full_width: float, room: int
) -> list[tuple[str, bool]]:
    """Returns the lines that fit into `room` lines, each elided to the width; never half a line."""
    title, *rest = said
    bold, body = QFontMetricsF(style.bold), QFontMetricsF(style.body)
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
    """Breaks a title into as many lines as it needs in a narrow block, while a line is left for the place."""
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
