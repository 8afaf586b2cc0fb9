"""The week as a widget: hover, selection, keyboard, tooltips, and text for screen readers.

It depends on neither the store nor a page: it takes a `WeekView`, and emits what was selected, opened or requested.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.timetable import Item
from desktop.domain.week_view import Block, WeekView
from desktop.ui.pages.week.block import BlockKey, DrawStyle, InteractionState, block_lines, block_sentence
from desktop.ui.pages.week.paint import Geometry, day_reason, paint_week
from desktop.ui.pages.week.preview import PreviewPanel, ShownPreview
from desktop.ui.texts.language import date_text, translate, translate_message
from desktop.ui.theme.style import BODY, SMALL, appearance
from desktop.ui.widgets.tooltips import show_tooltip

GUTTER = 52  # logical pixels: the column of hours
DIRECT_PAINT_SHARE = 0.2  # of the grid: smaller areas are painted directly
MAX_CACHED_TEXTS = 2000  # laid-out lines to keep; weeks repeat most of theirs
HALF_HOUR = 30
HOVER_DELAY_MS = 50  # milliseconds over a candidate before it counts as pointed at
MIN_HOUR_HEIGHT, MAX_HOUR_HEIGHT = (
    44,
    96,
)  # least height of an hour before the grid scrolls, and greatest in an empty week


class WeekGrid(QAbstractScrollArea):
    """Shows a week, with selection by mouse and keyboard."""

    block_selected = Signal(object)  # a Block, or None
    block_opened = Signal(object)
    weeks_requested = Signal(int)  # the number of weeks (or days, where one is shown) to go
    menu_requested = Signal(object, object)  # a Block, and the position on the screen
    event_requested = Signal(object)  # an empty datetime, rounded down to half an hour
    day_clicked = Signal(object)  # the date whose name was clicked, where `day_hint` is set
    candidate_hovered = Signal(object)  # the candidate Block under the pointer or keyboard, or None
    candidate_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(320, 200)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._moved())
        self.day_hint = ""  # the tooltip of a day's name that can be clicked
        self._week: WeekView | None = None
        self._colour_of: Callable[[Item], Colour] = lambda _item: Colour.GRAPHITE
        self._grouped: Collection[ChoiceKey] = ()
        self._interaction = InteractionState()
        self._geometry: Geometry | None = None
        self._style: DrawStyle | None = None
        self._picture: QPixmap | None = None
        self._picture_key: object = None
        self._drawn_with: object = None  # keeps alive the objects whose ids are in `_picture_key`
        self._pressed: BlockKey | None = None  # the candidate on which the button was pressed
        self._candidate: BlockKey | None = None  # the candidate last emitted
        self._preview: ShownPreview | None = None
        self._panel = PreviewPanel(self.viewport())
        self._hover_timer = QTimer(self)
        self._hover_timer.setSingleShot(True)
        self._hover_timer.setInterval(HOVER_DELAY_MS)
        self._hover_timer.timeout.connect(self._emit_candidate)
        self._lift = QVariantAnimation(self)
        self._lift.setStartValue(0.0)
        self._lift.setEndValue(1.0)
        self._lift.valueChanged.connect(self._lifted)
        appearance().changed.connect(self._style_changed)

    # what is shown

    @property
    def week(self) -> WeekView | None:
        return self._week

    @property
    def selected(self) -> Block | None:
        return self._find(self._interaction.selected)

    def set_week(
        self, week: WeekView, colour_of: Callable[[Item], Colour], grouped: Collection[ChoiceKey] = ()
    ) -> None:
        """Shows a week; classes of the choices in `grouped` show their group.

        The selection stays if the week still contains it.
        """
        self._week, self._colour_of, self._grouped = week, colour_of, grouped
        if self._find(self._interaction.hovered) is None:
            self._interaction.hovered = None
        if self._find(self._interaction.selected) is None:
            self._interaction.selected = None
        if len(self._interaction.texts) > MAX_CACHED_TEXTS:
            self._interaction.texts.clear()
        self._style = DrawStyle(appearance().tokens, self._colour_of, appearance().scale, grouped=self._grouped)
        self._measure()
        self._preview = self._candidate = None
        self._panel.hide()
        self.viewport().update()
        self._describe_week()
        self._emit_candidate()

    def show_preview(self, candidate: Block, week: WeekView, words: Sequence[str]) -> None:
        """Shows the week with a candidate and describes its effects, until another one is pointed at."""
        self._preview = ShownPreview(candidate, week, tuple(words))
        self._announce_block(candidate)
        self._place_panel()
        self.viewport().update()

    def _place_panel(self) -> None:
        if self._preview is None or self._geometry is None:
            return
        body = self.viewport().rect().adjusted(0, round(self._geometry.header), 0, 0)
        self._panel.show_words(self._preview.words, self._preview.rect(self._geometry).toAlignedRect(), body)

    def _emit_candidate(self) -> None:
        """Emits which candidate is looked at: the one under the pointer, else the one with keyboard focus."""
        looked_at = (self._find(self._interaction.hovered), self.selected if self._interaction.focused else None)
        block = next((each for each in looked_at if each is not None and each.undecided), None)
        key = block.key if block is not None else None
        if key == self._candidate:
            return
        self._candidate = key
        if block is None and self._preview is not None:
            self._preview = None
            self._panel.hide()
            self._set_description(self.selected)
            self.viewport().update()
        self.candidate_hovered.emit(block)

    def select(self, key: BlockKey | None, *, notify: bool = True) -> None:
        """Selects the block with that key, scrolls it into sight, and emits it."""
        if key == self._interaction.selected:
            return
        self._interaction.selected = key
        block = self._find(key)
        if block is not None:
            self._scroll_to(block)
        self._announce_block(block)
        self.viewport().update()
        self._emit_candidate()
        if notify:
            self.block_selected.emit(block)

    def _find(self, key: BlockKey | None) -> Block | None:
        if key is None or self._week is None:
            return None
        return next((block for block in self._week.blocks() if block.key == key), None)

    def describe(self, block: Block) -> str:
        return block_sentence(block)

    # geometry and painting

    def _style_changed(self) -> None:
        self._style = DrawStyle(appearance().tokens, self._colour_of, appearance().scale, grouped=self._grouped)
        self._interaction.texts.clear()
        self._measure()
        self.viewport().update()

    def _moved(self) -> None:
        self._measure(scroll_only=True)
        self._place_panel()
        self.viewport().update()

    def _measure(self, *, scroll_only: bool = False) -> None:
        if self._week is None:
            return
        size, bar = self.viewport().size(), self.verticalScrollBar()
        small, bold = QFontMetricsF(appearance().font(SMALL)), QFontMetricsF(appearance().font(BODY, bold=True))
        band = round(small.height() + 8) if self._week.bands else 0
        header = round(bold.height() + small.height() + 14) + band
        minutes = max(60, self._week.last_minute - self._week.first_minute)
        most = round(minutes / 60 * appearance().px(MAX_HOUR_HEIGHT))
        body = max(min(size.height() - header - 1, most), round(minutes / 60 * appearance().px(MIN_HOUR_HEIGHT)))
        if not scroll_only:
            bar.setRange(0, max(0, body - (size.height() - header)))
            bar.setPageStep(max(1, size.height() - header))
            bar.setSingleStep(appearance().px(MIN_HOUR_HEIGHT) // 2)
        self._geometry = Geometry(
            self._week, size.width(), size.height(), appearance().px(GUTTER), header, body, float(bar.value()), band
        )

    def _scroll_to(self, block: Block) -> None:
        if self._geometry is None:
            return
        top, bottom = self._geometry.y(block.start_minute), self._geometry.y(block.end_minute)
        bar = self.verticalScrollBar()
        if top < self._geometry.header:
            bar.setValue(int(bar.value() - (self._geometry.header - top) - 8))
        elif bottom > self._geometry.height:
            bar.setValue(int(bar.value() + bottom - self._geometry.height + 8))

    def _update_block(self, key: BlockKey | None) -> None:
        if self._geometry is None or key is None:
            return
        if self._preview is not None:
            self.viewport().update()
            return
        for _, block, rect in self._geometry.placed():
            if block.key == key:
                self.viewport().update(rect.adjusted(-4, -5, 4, 6).toAlignedRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        clip = QRectF(event.rect())
        if self._geometry is None or self._style is None:
            painter.fillRect(clip, appearance().colour("surface"))
        elif self._preview is not None:
            shown = self._preview.geometry(self._geometry)
            paint_week(painter, shown, self._style, self._interaction, clip, self._preview.ghosts(self._geometry))
        elif (
            self._interaction.hovered is not None
            or clip.width() * clip.height() < DIRECT_PAINT_SHARE * self.width() * self.height()
        ):
            paint_week(painter, self._geometry, self._style, self._interaction, clip)
        else:
            painter.drawPixmap(0, 0, self._painted(self._geometry, self._style))
        painter.end()

    def _painted(self, geometry: Geometry, style: DrawStyle) -> QPixmap:
        """Returns the whole week as a pixmap.

        It is cached, since repaints for other reasons are far more frequent than changes.
        """
        about = (
            id(geometry),
            id(style),
            self._interaction.selected,
            self._interaction.focused,
            self.devicePixelRatioF(),
        )
        if self._picture is None or self._picture_key != about:
            picture = QPixmap(self.viewport().size() * self.devicePixelRatioF())
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            painter = QPainter(picture)
            paint_week(painter, geometry, style, self._interaction, QRectF(self.viewport().rect()))
            painter.end()
            self._picture, self._picture_key, self._drawn_with = picture, about, (geometry, style)
        return self._picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._interaction.texts.clear()
        self._measure()
        self._place_panel()

    # the mouse

    def _block_at(self, point: QPointF) -> Block | None:
        return self._geometry.block_at(point) if self._geometry is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        block = self._block_at(event.position())
        self._hover(block.key if block else None)
        is_clickable = block is not None or (self.day_hint and self._day_named_at(event.position()) is not None)
        shape = Qt.CursorShape.PointingHandCursor if is_clickable else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _hover(self, key: BlockKey | None) -> None:
        if key == self._interaction.hovered:
            return
        old, self._interaction.hovered = self._interaction.hovered, key
        self._update_block(old)
        self._lift.stop()
        if key is not None and appearance().animation_ms:
            self._interaction.lift = 0.0
            self._lift.setDuration(appearance().animation_ms)
            self._lift.start()
        else:
            self._interaction.lift = 1.0
        self._update_block(key)
        self._hover_timer.start()

    def _lifted(self, value: float) -> None:
        self._interaction.lift = float(value)
        self._update_block(self._interaction.hovered)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        elif isinstance(event, QHelpEvent):
            block = self._block_at(QPointF(event.pos()))
            if block is None:
                self._show_day_tooltip(event)
            else:
                is_said = self._preview is not None and self._preview.candidate.key == block.key  # the panel shows it
                show_tooltip(event.globalPos(), "" if is_said else self.describe(block), self.viewport())
            return True
        return super().viewportEvent(event)

    def _show_day_tooltip(self, event: QHelpEvent) -> None:
        if self._geometry is None or self._week is None or event.pos().x() < self._geometry.gutter:
            show_tooltip(event.globalPos(), "", self.viewport())
            return
        number = int((event.pos().x() - self._geometry.gutter) // self._geometry.column)
        reason = day_reason(self._week.days[min(number, len(self._week.days) - 1)])
        hint = self.day_hint if self._day_named_at(QPointF(event.pos())) is not None else ""
        show_tooltip(event.globalPos(), "\n".join(filter(None, (reason, hint))), self.viewport())

    def _day_named_at(self, point: QPointF) -> date | None:
        """Returns the day whose name in the header is at this point."""
        geometry = self._geometry
        if geometry is None or point.y() >= geometry.header - geometry.band or point.x() < geometry.gutter:
            return None
        number = int((point.x() - geometry.gutter) // geometry.column)
        return geometry.week.days[min(number, len(geometry.week.days) - 1)].date

    def mousePressEvent(self, event: QMouseEvent) -> None:
        block = self._block_at(event.position())
        if block is not None and block.undecided and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = block.key
            return
        self.select(block.key if block else None)
        day = self._day_named_at(event.position())
        if self.day_hint and day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.day_clicked.emit(day)
        if block is not None and event.button() == Qt.MouseButton.RightButton:
            self.menu_requested.emit(block, event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        block = self._block_at(event.position())
        if block is not None and block.key == pressed:
            self.candidate_chosen.emit(block)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        block = self._block_at(event.position())
        if block is not None and not block.undecided:
            self.block_opened.emit(block)
        elif block is None and (moment := self._moment_at(event.position())) is not None:
            self.event_requested.emit(moment)

    def _moment_at(self, point: QPointF) -> datetime | None:
        if self._geometry is None or self._week is None or not self._geometry.is_in_hours(point):
            return None
        day, minute = self._geometry.moment_at(point)
        hours, rest = divmod(minute // HALF_HOUR * HALF_HOUR, 60)
        return datetime.combine(self._week.days[day].date, time(hours, rest))

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._select_next(1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._select_next(-1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._select_at(0 if key == Qt.Key.Key_Home else -1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.weeks_requested.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected is not None:
            (self.candidate_chosen if self.selected.undecided else self.block_opened).emit(self.selected)
        elif key == Qt.Key.Key_Escape and self._interaction.selected is not None:
            self.select(None)
        elif self.selected is not None and _is_menu_key(event):
            self.menu_requested.emit(self.selected, self._menu_position(self.selected))
        else:
            event.ignore()

    def _menu_position(self, block: Block) -> object:
        if self._geometry is None:
            return self.mapToGlobal(self.rect().center())
        rect = next(rect for _, each, rect in self._geometry.placed() if each.key == block.key)
        return self.viewport().mapToGlobal(rect.center().toPoint())

    def _select_next(self, step: int) -> None:
        blocks = list(self._week.blocks()) if self._week else []
        if not blocks:
            return
        keys = [block.key for block in blocks]
        if self._interaction.selected in keys:
            self.select(keys[max(0, min(len(keys) - 1, keys.index(self._interaction.selected) + step))])
        else:
            self._select_at(0 if step > 0 else -1)

    def _select_at(self, index: int) -> None:
        blocks = list(self._week.blocks()) if self._week else []
        if blocks:
            self.select(blocks[index].key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._interaction.focused = True
        self.viewport().update()
        self._emit_candidate()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._interaction.focused = False
        self.viewport().update()
        self._emit_candidate()
        super().focusOutEvent(event)

    # accessibility

    def _describe_week(self) -> None:
        if self._week is None:
            return
        count = sum(1 for _ in self._week.blocks())
        if len(self._week.days) == 1:
            day = date_text(self._week.last, "dddd d MMMM yyyy")
            name = translate("Week", "{day}, {n} entries").format(day=day, n=count)
        else:
            span = f"{date_text(self._week.monday)} – {date_text(self._week.last)}"
            name = translate("Week", "Week {span}, {n} entries").format(span=span, n=count)
        self.setAccessibleName(", ".join((name, *(translate_message(band.name) for band in self._week.bands))))
        self._set_description(self._find(self._interaction.selected))

    def _set_description(self, block: Block | None) -> None:
        """Describes the selected block, or the whole week if none is selected, to screen readers."""
        if block is not None:
            words = self.describe(block).replace("\n", ", ")
            if self._preview is not None and self._preview.candidate.key == block.key:
                words = ". ".join((words, *self._preview.words))
        else:
            every = self._week.blocks() if self._week is not None else ()
            words = "; ".join(" ".join(block_lines(each, self._grouped)) for each in every)[:2000]
        self.setAccessibleDescription(words)

    def _announce_block(self, block: Block | None) -> None:
        self._set_description(block)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))


def _is_menu_key(event: QKeyEvent) -> bool:
    """Whether a key asks for a context menu: Menu, or Shift+F10 on keyboards without it."""
    shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
    return event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and shifted)
