"""A view of delegate-drawn rows: arrow keys move, Enter opens a row, the menu key opens its context menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QListView, QMenu

from desktop.ui.models.row_delegate import ACTION_OPEN
from desktop.ui.models.row_model import ROW


class RowView(QListView):
    """`opened` carries the row on which Enter was pressed; `fill_menu` adds the actions of a row to its menu."""

    opened = Signal(object, str)

    def __init__(self, fill_menu: Callable[[QMenu, object], None] | None = None) -> None:
        super().__init__()
        self._fill_menu = fill_menu
        self.setProperty("role", "rows")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(ROW)
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row, ACTION_OPEN)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Selects a row when the list gets the focus by Tab, so that the focus is visible."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            rows = (self.model().index(place, 0) for place in range(self.model().rowCount()))
            first = next((each for each in rows if each.flags() & Qt.ItemFlag.ItemIsEnabled), None)
            if first is not None:
                self.setCurrentIndex(first)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.update(self.indexAt(event.position().toPoint()))  # the pointer may be over another icon of the row

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row = index.data(ROW)
        if row is None or self._fill_menu is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_menu(menu, row)
        if not menu.isEmpty():
            here = self.visualRect(index).center() if by_key else event.pos()
            menu.popup(self.viewport().mapToGlobal(here))
