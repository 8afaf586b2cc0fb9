"""Keyboard shortcuts as the system writes them: `Ctrl+Shift+Z`, or ⇧⌘Z on macOS."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence


def shortcut_text(keys: str | QKeySequence.StandardKey) -> str:
    """The text of a shortcut in Qt's portable format (`Ctrl+P`); "" for a standard key that the system lacks."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def text_with_shortcut(words: str, keys: str) -> str:
    """A text followed by its shortcut in brackets."""
    return f"{words} ({shortcut_text(keys)})"
