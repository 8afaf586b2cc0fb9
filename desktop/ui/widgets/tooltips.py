"""Tooltips, always as plain text. Qt takes a text that looks like HTML for HTML, and opens the files that it names."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, Qt, QTextCharFormat
from PySide6.QtWidgets import QSystemTrayIcon, QTabBar, QTabWidget, QToolTip, QTreeWidgetItem, QWidget


def plain_tooltip(text: str) -> str:
    """What Qt shows as `text`, letter by letter; for a model's `ToolTipRole`."""
    if not Qt.mightBeRichText(text):
        return text
    return Qt.convertFromPlainText(text, Qt.WhiteSpaceMode.WhiteSpaceNormal)


def set_tooltip(target: QWidget | QAction | QTreeWidgetItem | QTextCharFormat, text: str, part: int = 0) -> None:
    """Gives `target` a tooltip; `part` is the column of an item, or the tab of tabs."""
    shown = plain_tooltip(text)
    match target:
        case QTreeWidgetItem():
            target.setToolTip(part, shown)
        case QTabWidget() | QTabBar():
            target.setTabToolTip(part, shown)
        case _:
            target.setToolTip(shown)


def set_tray_tooltip(icon: QSystemTrayIcon, text: str) -> None:
    """Gives a tray icon a tooltip. Some desktops take it for markup and others do not, so it has no letter of that."""
    icon.setToolTip(text.replace("<", "‹"))


def show_tooltip(where: QPoint, text: str, widget: QWidget) -> None:
    """Shows a tooltip at `where` on the screen now; hides the one that is shown where `text` is empty."""
    QToolTip.showText(where, plain_tooltip(text), widget)
