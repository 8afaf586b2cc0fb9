"""Layouts that adapt to the width: items that wrap into lines, and a side panel that moves above the main part."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QLayout, QLayoutItem, QScrollArea, QWidget

from desktop.ui.theme.style import GRID, appearance

MAX_WIDGET_SIZE = 16_777_215  # pixels; the value of Qt's QWIDGETSIZE_MAX


class FlowLayout(QLayout):
    """Items side by side that wrap into lines; each has its size hint and is centred vertically in its line."""

    def __init__(self, parent: QWidget | None = None, gap: int = GRID) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        # Cached, as parent layouts request sizes hundreds of times, and each request to an item is a call into Qt.
        self._heights: dict[int, int] = {}  # by width
        self._sizes: list[tuple[QLayoutItem, QSize]] | None = None  # of the items that are not hidden
        self._minimum_size: QSize | None = None
        self.setContentsMargins(QMargins())
        self.setSpacing(gap)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self.invalidate()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._lay_out(QRect(0, 0, width, 0), apply=False)
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        self._sizes = self._minimum_size = None
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay_out(rect, apply=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        if self._minimum_size is None:
            self._minimum_size = QSize()
            for item in self._items:
                self._minimum_size = self._minimum_size.expandedTo(item.minimumSize())
        return self._minimum_size

    def _lay_out(self, rect: QRect, *, apply: bool) -> int:
        y = rect.y()
        for items in self._lines(rect.width()):
            height = max(size.height() for _, size in items)
            x = rect.x()
            for item, size in items:
                if apply:
                    item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
                x += size.width() + self.spacing()
            y += height + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _lines(self, width: int) -> Iterator[list[tuple[QLayoutItem, QSize]]]:
        if self._sizes is None:
            self._sizes = [(item, item.sizeHint()) for item in self._items if not item.isEmpty()]
        line: list[tuple[QLayoutItem, QSize]] = []
        taken = 0
        for item, size in self._sizes:
            if line and taken + size.width() > width:
                yield line
                line, taken = [], 0
            line.append((item, size))
            taken += size.width() + self.spacing()
        if line:
            yield line


class SidePanelLayout(QBoxLayout):
    """A side panel of a fixed width (logical pixels; wider if its content needs it) beside a main part.

    In narrow mode they are below one another.
    """

    def __init__(self, side: QWidget, main: QWidget, width: int) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._side, self._width = side, width
        self._is_narrow = False
        self.setContentsMargins(QMargins())
        self.setSpacing(GRID * 3)
        self.addWidget(side)
        self.addWidget(main)
        self.set_narrow(narrow=False)

    def set_narrow(self, *, narrow: bool) -> None:
        """In narrow mode the side is above the main part, both at the full width, and they share the height."""
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._is_narrow = narrow
        self.setDirection(down if narrow else right)
        self._size_side()
        self.setStretch(0, 2 if narrow else 0)
        self.setStretch(1, 3)

    def setGeometry(self, rect: QRect) -> None:
        self._size_side()
        super().setGeometry(rect)

    def _size_side(self) -> None:
        wide = appearance().px(self._width)
        if isinstance(self._side, QScrollArea) and (content := self._side.widget()) is not None:
            bar = self._side.verticalScrollBar().sizeHint().width()
            wide = max(wide, content.minimumSizeHint().width() + bar)
        least, most = (0, MAX_WIDGET_SIZE) if self._is_narrow else (wide, wide)
        if (self._side.minimumWidth(), self._side.maximumWidth()) != (least, most):
            self._side.setMinimumWidth(least)
            self._side.setMaximumWidth(most)


def flow_layout(*widgets: QWidget) -> FlowLayout:
    """A flow layout with these widgets."""
    made = FlowLayout()
    for widget in widgets:
        made.addWidget(widget)
    return made
