"""Handling of Esc in widgets with a use for it. Elsewhere it is the window's shortcut that closes the detail pane."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def accept_escape(event: QEvent, is_wanted: Callable[[], bool]) -> bool:
    """Accepts a ShortcutOverride event for Esc if the widget has a use for it, and returns whether it did.

    The widget then gets the key press in `keyPressEvent`, instead of the shortcut being triggered.
    """
    asks = event.type() == QEvent.Type.ShortcutOverride
    if not asks or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or not is_wanted():
        return False
    event.accept()
    return True
