"""Base class of row delegates: wrapped text, the focus ring, and clickable icons in a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QFont, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.models.row_model import ROW, Index, R
from desktop.ui.theme import icons
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.tooltips import show_tooltip

ACTION_OPEN = "open"  # the action of Enter, and of a click beside the icons
RADIUS = 6
_WRAPPED = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)
_MAX_HEIGHT = 100_000.0


class WrappedText(NamedTuple):
    """A text in one font and one colour of the theme, wrapped as needed."""

    text: str
    font: QFont
    tone: str = "text"

    def height(self, width: float) -> float:
        rect = QRectF(0, 0, max(1.0, width), _MAX_HEIGHT)
        return QFontMetricsF(self.font).boundingRect(rect, _WRAPPED, self.text).height()

    @property
    def width(self) -> float:
        return QFontMetricsF(self.font).horizontalAdvance(self.text)

    def draw(self, painter: QPainter, left: float, top: float, width: float) -> float:
        """Draws the text, and returns the y at which the next line begins."""
        painter.setFont(self.font)
        painter.setPen(appearance().colour(self.tone))
        high = self.height(width)
        painter.drawText(QRectF(left, top, max(1.0, width), high + 1), _WRAPPED, self.text)
        return top + high


class Action(NamedTuple):
    """A clickable icon in a row: its action, text and rectangle."""

    name: str
    icon: str
    words: str
    rect: QRectF


class RowDelegate(QStyledItemDelegate, Generic[R]):
    """Draws rows and handles clicks on them."""

    action_requested = Signal(object, str)  # a row and the requested action

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._pressed: tuple[object, str] | None = None

    # to be overridden

    def height(self, row: R, width: float) -> float:
        """Returns the height of a row at this width."""
        raise NotImplementedError

    def draw(self, painter: QPainter, row: R, rect: QRectF) -> None:
        """Draws the contents of a row; the background is drawn already."""
        raise NotImplementedError

    def actions(self, row: R, rect: QRectF) -> Iterable[Action]:  # noqa: ARG002 - for delegates that have some
        """Returns the clickable icons of a row."""
        return ()

    # Qt's methods

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        return QSize(1, round(self.height(index.data(ROW), width)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, rect, state = index.data(ROW), QRectF(option.rect), option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_under_mouse = bool(state & QStyle.StateFlag.State_MouseOver and state & QStyle.StateFlag.State_Enabled)
        ground = self._background(state, under_mouse=is_under_mouse)
        inner = rect.adjusted(1, 1, -1, -1)
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(appearance().colour(ground))
            painter.drawRoundedRect(inner, RADIUS, RADIUS)
        self.draw(painter, row, rect)
        for each in self.actions(row, rect):
            if is_under_mouse and each.rect.contains(self._mouse_position()):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(appearance().colour("pressed"))
                painter.drawRoundedRect(each.rect, RADIUS, RADIUS)
            side = appearance().px(icons.ICON_SIZE)
            at = QRectF(each.rect.center().x() - side / 2, each.rect.center().y() - side / 2, side, side)
            icons.paint(painter, each.icon, appearance().colour("text"), at)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(appearance().colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, RADIUS, RADIUS)
        painter.restore()

    @staticmethod
    def _background(state: QStyle.StateFlag, *, under_mouse: bool) -> str:
        if state & QStyle.StateFlag.State_Selected:
            return "accent_tint"
        return "hover" if under_mouse else ""

    def action_at(self, row: R, rect: QRectF, where: QPointF) -> str:
        return next((each.name for each in self.actions(row, rect) if each.rect.contains(where)), ACTION_OPEN)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        row = index.data(ROW)
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton and row is not None:
            asked = (row.key, self.action_at(row, QRectF(option.rect), event.position()))
            match event.type():
                case QEvent.Type.MouseButtonPress:
                    self._pressed = asked
                case QEvent.Type.MouseButtonRelease:
                    pressed, self._pressed = self._pressed, None
                    if pressed == asked and row.is_focusable:
                        self.action_requested.emit(row, asked[1])
                        return True
        return super().editorEvent(event, model, option, index)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        row, where = index.data(ROW), QPointF(event.pos())
        found = [each.words for each in self.actions(row, QRectF(option.rect)) if each.rect.contains(where)]
        show_tooltip(event.globalPos(), found[0] if found else "", view)
        return True

    def _mouse_position(self) -> QPointF:
        return QPointF(self._view.viewport().mapFromGlobal(QCursor.pos()))


def trailing_icons(rect: QRectF, named: Iterable[tuple[str, str, str]]) -> list[Action]:
    """Places icons (action, name, text) side by side, at the right of a row and centred vertically."""
    side = float(appearance().px(icons.ICON_SIZE) + 2 * GRID)
    found: list[Action] = []
    right = rect.right() - GRID
    for name, icon, words in reversed(list(named)):
        found.insert(0, Action(name, icon, words, QRectF(right - side, rect.center().y() - side / 2, side, side)))
        right -= side + GRID
    return found
