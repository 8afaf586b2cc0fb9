"""The keys of the window, in words: what a student can learn to do without the mouse."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QKeySequence

from desktop.ui.routes import PAGES
from desktop.ui.texts.language import translate


class Key(NamedTuple):
    """What is pressed, as this system writes it, and what it does."""

    keys: str
    words: str


def window_keys() -> list[Key]:
    """The keys that work anywhere in the window."""
    pages = [Key(_written(entry.shortcut), entry.word()) for entry in PAGES if entry.shortcut]
    others = [
        Key(_written("Ctrl+O"), translate("Keys", "Choose PDFs to read")),
        Key(_standard(QKeySequence.StandardKey.Undo), translate("Keys", "Undo")),
        Key(_standard(QKeySequence.StandardKey.Redo), translate("Keys", "Redo")),
        Key(_written("Esc"), translate("Keys", "Close what is open beside the page")),
        Key(_standard(QKeySequence.StandardKey.Quit), translate("Keys", "Close the window")),
    ]
    return [*pages, *(key for key in others if key.keys)]  # not every system has a key for each of these


def week_keys() -> list[Key]:
    """The keys of the week."""
    return [
        Key("← ↑ → ↓", translate("Keys", "Walk through the classes in order of time")),
        Key(_written("Return"), translate("Keys", "Open, or attend the group that is dashed")),
        Key(f"{_written('Menu')}, {_written('Shift+F10')}", translate("Keys", "Show its menu")),
        Key(f"{_written('PgUp')}, {_written('PgDown')}", translate("Keys", "Another week")),
        Key(f"{_written('Home')}, {_written('End')}", translate("Keys", "The first or last class of the week")),
    ]


def _written(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _standard(key: QKeySequence.StandardKey) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
