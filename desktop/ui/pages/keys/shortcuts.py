"""The keyboard shortcuts and their descriptions."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QKeySequence

from desktop.ui.routes import PAGES
from desktop.ui.texts.key_names import shortcut_text
from desktop.ui.texts.language import translate


class Shortcut(NamedTuple):
    """A shortcut as this system writes it, and what it does."""

    keys: str
    words: str


def window_keys() -> list[Shortcut]:
    """The keys that work anywhere in the window."""
    pages = [Shortcut(shortcut_text(entry.shortcut), entry.title()) for entry in PAGES if entry.shortcut]
    others = [
        Shortcut(shortcut_text("Ctrl+O"), translate("Keys", "Choose PDFs to read")),
        Shortcut(shortcut_text(QKeySequence.StandardKey.Undo), translate("Keys", "Undo")),
        Shortcut(shortcut_text(QKeySequence.StandardKey.Redo), translate("Keys", "Redo")),
        Shortcut(shortcut_text("Esc"), translate("Keys", "Close what is open beside the page")),
        Shortcut(shortcut_text(QKeySequence.StandardKey.Quit), translate("Keys", "Close the window")),
    ]
    return [*pages, *(key for key in others if key.keys)]  # not every system has a key for each of these


def week_keys() -> list[Shortcut]:
    """The keys of the week."""
    return [
        Shortcut("← ↑ → ↓", translate("Keys", "Walk through the classes in order of time")),
        Shortcut(shortcut_text("Return"), translate("Keys", "Open, or attend the group that is dashed")),
        Shortcut(f"{shortcut_text('Menu')}, {shortcut_text('Shift+F10')}", translate("Keys", "Show its menu")),
        Shortcut(f"{shortcut_text('PgUp')}, {shortcut_text('PgDown')}", translate("Keys", "Another week, or day")),
        Shortcut("D, W", translate("Keys", "Show one day, or the whole week")),
        Shortcut(
            f"{shortcut_text('Home')}, {shortcut_text('End')}", translate("Keys", "The first or last class of the week")
        ),
    ]
