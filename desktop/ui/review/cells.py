"""How a cell of the review looks: what it was, struck through, beside what it is; and a list of days to choose from."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.domain.draft import WEEKDAYS, DocumentKind
from desktop.ui.look.language import weekday_name
from desktop.ui.look.style import look
from desktop.ui.review.rows import OLD, TONE
from desktop.ui.review.words import DAY

Index = QModelIndex | QPersistentModelIndex
WIDTHS = {  # logical pixels of what it is, its day and its time, where nothing changed
    DocumentKind.LECTURES: (96, 88, 108),
    DocumentKind.TESTS: (112, 124, 108),
    DocumentKind.EXAMS: (164, 124, 64),
}


class ReviewCells(QStyledItemDelegate):
    """Paints and edits the cells of `ReviewRows`."""

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
        metrics = QFontMetricsF(look().font())
        both = metrics.horizontalAdvance(str(old)) + metrics.horizontalAdvance(text) + 8
        if old and not is_gone and both <= rect.width():  # else the new one alone; the tooltip has both
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
        font = QFont(look().font(bold=bold))
        font.setStrikeOut(struck)
        metrics = QFontMetricsF(font)
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(font)
        painter.setPen(QColor(look().colour(tone)))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
        return rect.left() + metrics.horizontalAdvance(cut)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(size.height(), look().px(28)))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        if index.column() == DAY and any(weekday_name(day) == index.data() for day in range(7)):
            days = QComboBox(parent)
            for number in range(len(WEEKDAYS)):
                days.addItem(weekday_name(number))
            return days
        editor = super().createEditor(parent, option, index)
        editor.setAcceptDrops(False)  # a file dropped here is meant for the window
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data(Qt.ItemDataRole.EditRole)))
        elif isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
