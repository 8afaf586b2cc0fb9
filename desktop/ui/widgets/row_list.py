"""A column of row widgets that is updated by difference: unchanged rows keep their widgets."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.ui.widgets.controls import column


class ListRow(NamedTuple):
    """A row: everything it shows, as its key, and the function that builds its widget.

    Callbacks of the widget should look up their data when called: it may be kept for a later row of equal content.
    """

    content: Hashable
    build: Callable[[], QWidget]


class RowList(QFrame):
    """Shows rows. Those with the same content as before keep their widgets, and so the focus and the mouse hover."""

    def __init__(self, *, gap: int = 0) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._layout: QVBoxLayout = column(gap=gap)
        self.setLayout(self._layout)
        self._shown: dict[Hashable, QWidget] = {}

    def show_rows(self, rows: Iterable[ListRow]) -> None:
        """Shows these rows in this order, each content once; hides the list if there are none."""
        before, self._shown = self._shown, {}
        for row in rows:
            if row.content in self._shown:
                continue
            place = len(self._shown)
            widget = before.pop(row.content, None)
            if widget is None:
                self._layout.insertWidget(place, widget := row.build())
            elif self._layout.indexOf(widget) != place:
                self._layout.removeWidget(widget)
                self._layout.insertWidget(place, widget)
            self._shown[row.content] = widget
        for gone in before.values():
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self.setVisible(bool(self._shown))
