"""Delegate for the cells of the review: the old value struck through beside the new one, and a list of days."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from desktop.domain.drafts.draft import WEEKDAYS, DocumentType
from desktop.ui.pages.review.row_texts import CAMPUS, DAY, GROUP, STATE, TIME, WHAT
from desktop.ui.pages.review.tree_model import OLD, TONE, ReviewTreeModel
from desktop.ui.texts.language import weekday_name
from desktop.ui.theme.style import GRID, appearance

Index = QModelIndex | QPersistentModelIndex
MIN_VENUES_WIDTH = 100  # logical pixels kept for the venues before a day or time gets more than its own width
CELL_MARGINS = 36  # pixels between old and new value, and to the edges of the cell


def fit_columns(tree: QTreeView, kind: DocumentType, both: Mapping[int, int]) -> None:
    """Sets the column widths. Day and time may take from the venues' width to fit the old value as well (`both`)."""
    header = tree.header()
    what, *least = (appearance().px(each.width) for each in (kind.columns.what, kind.columns.day, kind.columns.time))
    others = sum(header.sectionSize(each) for each in (GROUP, CAMPUS, STATE) if not header.isSectionHidden(each))
    left = tree.viewport().width() - others - what - sum(least) - appearance().px(MIN_VENUES_WIDTH)
    header.resizeSection(WHAT, what)
    for column, width in zip((DAY, TIME), least, strict=True):
        more = max(0, both[column] - width)
        taken = more if more <= left else 0
        left -= taken
        header.resizeSection(column, width + taken)


def widest_changes(rows: ReviewTreeModel) -> dict[int, int]:
    """Pixels that the widest day and time need beside their old value; 0 if there is none."""
    metrics, found = QFontMetricsF(appearance().font()), dict.fromkeys((DAY, TIME), 0)
    for heading in rows.headings():
        for number in range(rows.rowCount(heading)):
            for column in found:
                cell = rows.index(number, column, heading)
                if cell.data(OLD) and cell.data(TONE) != "muted":  # a removed value stands alone
                    both = metrics.horizontalAdvance(f"{cell.data(OLD)}{cell.data()}")
                    found[column] = max(found[column], ceil(both) + CELL_MARGINS)
    return found


def set_up_tree(tree: QTreeView) -> None:
    """Sets up the tree that shows and edits the rows of a document."""
    tree.setItemDelegate(ReviewDelegate(tree))
    tree.setUniformRowHeights(True)
    tree.setRootIsDecorated(True)
    tree.setAllColumnsShowFocus(True)
    tree.setIndentation(GRID * 2)
    tree.setEditTriggers(
        QTreeView.EditTrigger.DoubleClicked
        | QTreeView.EditTrigger.EditKeyPressed
        | QTreeView.EditTrigger.SelectedClicked
    )
    tree.header().setStretchLastSection(False)
    tree.setFrameShape(QFrame.Shape.NoFrame)


class ReviewDelegate(QStyledItemDelegate):
    """Paints and edits the cells of `ReviewTreeModel`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        old, tone = index.data(OLD), index.data(TONE)
        if not old and not tone:
            super().paint(painter, option, index)
            return
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        text, shown.text = shown.text, ""
        widget = shown.widget
        style = widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, widget)
        rect = QRectF(style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, shown, widget)).adjusted(4, 0, -2, 0)
        painter.save()
        left = rect.left()
        is_gone = bool(old) and tone == "muted"
        metrics = QFontMetricsF(appearance().font())
        both = metrics.horizontalAdvance(str(old)) + metrics.horizontalAdvance(text) + 8
        if old and not is_gone and both <= rect.width():  # if there is room; the tooltip has both
            left = self._write(
                painter, QRectF(left, rect.top(), rect.right() - left, rect.height()), old, "muted", True
            )
            left += 6
        colour = tone or "text"
        rest = QRectF(left, rect.top(), max(0.0, rect.right() - left), rect.height())
        self._write(painter, rest, text, colour, is_gone, bold=shown.font.bold())
        painter.restore()

    @staticmethod
    def _write(painter: QPainter, rect: QRectF, text: str, tone: str, struck: bool, *, bold: bool = False) -> float:
        font = QFont(appearance().font(bold=bold))
        font.setStrikeOut(struck)
        metrics = QFontMetricsF(font)
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(font)
        painter.setPen(QColor(appearance().colour(tone)))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
        return rect.left() + metrics.horizontalAdvance(cut)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(size.height(), appearance().px(28)))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        if index.column() == DAY and any(weekday_name(day) == index.data() for day in range(7)):
            days = QComboBox(parent)
            for number in range(len(WEEKDAYS)):
                days.addItem(weekday_name(number))
            return days
        editor = super().createEditor(parent, option, index)
        editor.setAcceptDrops(False)  # a file dropped here goes to the window
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data(Qt.ItemDataRole.EditRole)))
        elif isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
