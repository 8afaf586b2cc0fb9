"""Keys as this system writes them: `Ctrl+Shift+Z`, or ⇧⌘Z on macOS."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence


def keys_text(keys: str | QKeySequence.StandardKey) -> str:
    """Of keys as Qt writes them everywhere (`Ctrl+P`); empty for a standard key that this system does not have."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def with_keys(words: str, keys: str) -> str:
    """What something is called, and the keys that do it."""
    return f"{words} ({keys_text(keys)})"
