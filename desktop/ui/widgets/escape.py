"""Esc for a part of the window that it leaves. Elsewhere it closes the detail pane, by a shortcut."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def claims_escape(event: QEvent, wants: Callable[[], bool]) -> bool:
    """Whether this asks if a shortcut may have Esc, which is wanted here: the key then arrives, for `keyPressEvent`."""
    asks = event.type() == QEvent.Type.ShortcutOverride
    if not asks or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or not wants():
        return False
    event.accept()
    return True
