"""The keyboard shortcuts and their descriptions."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QKeySequence

from desktop.ui.routes import PAGES
from desktop.ui.texts.key_names import keys_text
from desktop.ui.texts.language import translate


class Key(NamedTuple):
    """A shortcut as this system writes it, and what it does."""

    keys: str
    words: str


def window_keys() -> list[Key]:
    """The keys that work anywhere in the window."""
    pages = [Key(keys_text(entry.shortcut), entry.word()) for entry in PAGES if entry.shortcut]
    others = [
        Key(keys_text("Ctrl+O"), translate("Keys", "Choose PDFs to read")),
        Key(keys_text(QKeySequence.StandardKey.Undo), translate("Keys", "Undo")),
        Key(keys_text(QKeySequence.StandardKey.Redo), translate("Keys", "Redo")),
        Key(keys_text("Esc"), translate("Keys", "Close what is open beside the page")),
        Key(keys_text(QKeySequence.StandardKey.Quit), translate("Keys", "Close the window")),
    ]
    return [*pages, *(key for key in others if key.keys)]  # not every system has a key for each of these


def week_keys() -> list[Key]:
    """The keys of the week."""
    return [
        Key("← ↑ → ↓", translate("Keys", "Walk through the classes in order of time")),
        Key(keys_text("Return"), translate("Keys", "Open, or attend the group that is dashed")),
        Key(f"{keys_text('Menu')}, {keys_text('Shift+F10')}", translate("Keys", "Show its menu")),
        Key(f"{keys_text('PgUp')}, {keys_text('PgDown')}", translate("Keys", "Another week, or day")),
        Key("D, W", translate("Keys", "Show one day, or the whole week")),
        Key(f"{keys_text('Home')}, {keys_text('End')}", translate("Keys", "The first or last class of the week")),
    ]
