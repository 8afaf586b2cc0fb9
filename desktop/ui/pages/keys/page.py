"""The Keys page: all keyboard shortcuts."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.ui import routes
from desktop.ui.pages.keys.shortcuts import Shortcut, week_keys, window_keys
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import clear_layout, column, label, panel, row


class KeysPage(Page[routes.KeysRoute]):
    """Lists the keys of the window, then those of the week."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._content: QVBoxLayout = column(gap=GRID * 2)
        self.set_scrolled_content(self._content, MAX_COLUMN_WIDTH)

    def title(self) -> str:
        return translate("Keys", "Keys")

    def refresh(self) -> None:
        clear_layout(self._content)
        self._content.addWidget(_card(translate("Keys", "Anywhere"), window_keys()))
        self._content.addWidget(_card(translate("Keys", "In the week"), week_keys()))
        self._content.addStretch(1)


def _card(heading: str, keys: list[Shortcut]) -> QWidget:
    table = QGridLayout()
    table.setHorizontalSpacing(GRID * 3)
    table.setVerticalSpacing(GRID)
    table.setColumnStretch(1, 1)
    for number, key in enumerate(keys):
        table.addWidget(label(key.keys, "strong"), number, 0)
        table.addWidget(label(key.words, wrap=True), number, 1)
    return panel(column(label(heading, "heading"), row(table), margin=GRID * 2, gap=GRID + 4), "card")
