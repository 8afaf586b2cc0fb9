"""Rows of widgets below one another, changed by difference: what is the same as before stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.ui.widgets.controls import column


class ListRow(NamedTuple):
    """A row: all that it shows, and what draws it. What it does when it is used is looked up then, not kept."""

    content: Hashable
    build: Callable[[], QWidget]


class RowList(QFrame):
    """Shows rows. Those whose content was there before keep their widgets, and with them the keyboard and the mouse."""

    def __init__(self, *, gap: int = 0) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._layout: QVBoxLayout = column(gap=gap)
        self.setLayout(self._layout)
        self._shown: dict[Hashable, QWidget] = {}

    def show_rows(self, rows: Iterable[ListRow]) -> None:
        """Shows these, in this order, each content once. Hidden without any."""
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
