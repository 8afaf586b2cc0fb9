"""Tooltips in plain text. Qt interprets a text that looks like HTML as HTML, and loads the files that it references."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, Qt, QTextCharFormat
from PySide6.QtWidgets import QSystemTrayIcon, QTabBar, QTabWidget, QToolTip, QTreeWidgetItem, QWidget


def plain_tooltip(text: str) -> str:
    """Escapes a text so that Qt shows it literally; for a model's `ToolTipRole`."""
    if not Qt.mightBeRichText(text):
        return text
    return Qt.convertFromPlainText(text, Qt.WhiteSpaceMode.WhiteSpaceNormal)


def set_tooltip(target: QWidget | QAction | QTreeWidgetItem | QTextCharFormat, text: str, part: int = 0) -> None:
    """Sets the tooltip of `target`; `part` is the column of a tree item or the index of a tab."""
    shown = plain_tooltip(text)
    match target:
        case QTreeWidgetItem():
            target.setToolTip(part, shown)
        case QTabWidget() | QTabBar():
            target.setTabToolTip(part, shown)
        case _:
            target.setToolTip(shown)


def set_tray_tooltip(icon: QSystemTrayIcon, text: str) -> None:
    """Sets the tooltip of a tray icon, without `<`: some desktops interpret it as markup and others do not."""
    icon.setToolTip(text.replace("<", "‹"))


def show_tooltip(where: QPoint, text: str, widget: QWidget) -> None:
    """Shows a tooltip at a position on the screen; an empty text hides the current one."""
    QToolTip.showText(where, plain_tooltip(text), widget)
