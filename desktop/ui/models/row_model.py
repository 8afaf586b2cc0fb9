"""A list of rows as a Qt model that changes by difference.

Rows are removed, inserted and moved one by one, and the model is never reset, so a view keeps its selection, scroll
position and keyboard focus.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

ROW = Qt.ItemDataRole.UserRole  # the row itself, for the delegate
Index = QModelIndex | QPersistentModelIndex


class ModelRow(Protocol):
    """The interface of a row; two rows that are equal look the same."""

    @property
    def key(self) -> Hashable:
        """Identifies the row, whatever it shows."""

    @property
    def accessible_text(self) -> str:
        """All its text, for screen readers."""

    @property
    def is_focusable(self) -> bool:
        """True if the keyboard stops at the row; false for a heading."""


R = TypeVar("R", bound=ModelRow)


class RowModel(QAbstractListModel, Generic[R]):
    """Model of a list of rows, each key once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[R] = []

    def show_rows(self, rows: Iterable[R]) -> None:
        """Shows these rows, in this order."""
        wanted = {row.key: row for row in rows}
        if not self._rows and wanted:
            self.beginInsertRows(QModelIndex(), 0, len(wanted) - 1)
            self._rows = list(wanted.values())
            self.endInsertRows()
            return
        for place in reversed(range(len(self._rows))):
            if self._rows[place].key not in wanted:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self.endRemoveRows()
        for place, row in enumerate(wanted.values()):
            is_there = place < len(self._rows) and self._rows[place].key == row.key
            before = place if is_there else self.place_of(row.key)
            if before is None:
                self.beginInsertRows(QModelIndex(), place, place)
                self._rows.insert(place, row)
                self.endInsertRows()
                continue
            if before != place:
                self.beginMoveRows(QModelIndex(), before, before, QModelIndex(), place)
                self._rows.insert(place, self._rows.pop(before))
                self.endMoveRows()
            if self._rows[place] != row:
                self._rows[place] = row
                self.dataChanged.emit(self.index(place), self.index(place))

    def place_of(self, key: Hashable) -> int | None:
        return next((place for place, row in enumerate(self._rows) if row.key == key), None)

    def index_of(self, key: Hashable) -> QModelIndex:
        """Returns the index of the row with this key; an invalid one if there is none."""
        place = self.place_of(key)
        return QModelIndex() if place is None else self.index(place)

    def row_at(self, index: Index) -> R | None:
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW:
            return row
        return (
            row.accessible_text if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row_at(index)
        if row is None or not row.is_focusable:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
