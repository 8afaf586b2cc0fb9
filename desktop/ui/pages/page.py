"""Base class of all pages: a title, a primary action, and a body drawn from the current view.

A hidden page is drawn when it is next shown. A page overrides `title`, `refresh` and, where it has texts that `refresh`
does not draw, `retranslate`; it adds its widgets to `body` and its tools to `tools`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.routes import Route
from desktop.ui.session.session import Session
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import ElidedLabel, button, column, row, scroll_area
from desktop.ui.widgets.focus import preserve_focus

R = TypeVar("R", bound=Route)
HEADER_HEIGHT = 34
MARGIN = GRID * 3  # left and right margin of a page
MIN_TITLE_WIDTH = 330  # logical pixels kept for the title before tools show their texts
MAX_COLUMN_WIDTH = 760  # logical pixels: the greatest width of a column of cards


class Page(QWidget, Generic[R]):
    """The base of all pages. A page narrower than `narrow_below` (logical pixels) is redrawn to fit."""

    narrow_below = 0

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "page")
        self._stale = True
        self._was_narrow = False
        self._tools_with_text: list[QToolButton] = []
        self._title = ElidedLabel("title")
        self.tools: QHBoxLayout = row()
        self.header = row(self._title, self.tools, gap=GRID)
        self.header.setStretch(0, 1)
        self.header.addStrut(
            appearance().px(HEADER_HEIGHT)
        )  # the same height with or without a button beside the title
        self.body: QVBoxLayout = column(gap=GRID)
        whole = self._page_layout = column(self.header, self.body, gap=GRID + 4)
        whole.setContentsMargins(MARGIN, GRID * 2, MARGIN, GRID * 2)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        session.state.changed.connect(self.invalidate)

    # what a page overrides

    def title(self) -> str:
        """The title shown at the top of the page."""
        raise NotImplementedError

    def shorter_titles(self) -> tuple[str, ...]:
        """Shorter wordings of the title, the longest first, for a narrow window."""
        return ()

    def build(self) -> Iterator[None]:
        """Builds what takes too long for one turn of the event loop, a piece before each yield."""
        yield from ()

    def refresh(self) -> None:
        """Draws the page from `ui.session.state.view` (which is None before the first reading)."""

    def refresh_in_pieces(self) -> Iterator[None]:
        """Does the same as `refresh`; a page too slow for one turn of the event loop yields after each piece."""
        self.refresh()
        yield

    def retranslate(self) -> None:
        """Sets the fixed texts again after a language change."""

    def open(self, route: R) -> None:
        """Shows what the route leads to; a route without a target leaves the page as it is."""

    def take_focus(self) -> None:
        """Focuses the first control to use here. (With a focus proxy, Tab would skip the controls before it.)"""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def has_unsaved_input(self) -> bool:
        """Whether there is typed input that would be lost if the page were rebuilt."""
        return any(field.isModified() for field in self.findChildren(QLineEdit))

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room to lay things out side by side, at the current text size."""
        return self.width() < appearance().px(self.narrow_below)

    def drop_hint(self, _paths: Sequence[Path]) -> str:
        """The hint to show while these files are dragged over the window; "" if this page does not take them."""
        return ""

    def drop(self, paths: Sequence[Path]) -> None:
        """Takes files dropped on the window, for which `drop_hint` gave a hint."""

    # helpers for pages

    def add_primary_button(self, text: str, on_click: Callable[[], object], icon: str = "") -> QPushButton:
        """Adds the primary button to the header."""
        made = button(text, on_click, role="primary", icon=icon)
        self.header.addWidget(made)
        return made

    def set_tool_text(self, tool: QToolButton, words: str) -> None:
        """Sets the text of a tool, shown beside its icon when there is room for the texts of all tools."""
        tool.setText(words)
        if tool not in self._tools_with_text:
            self._tools_with_text.append(tool)

    def _fit_tools(self) -> None:
        if not self._tools_with_text:
            return
        self._style_tools(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if self.header.sizeHint().width() + appearance().px(MIN_TITLE_WIDTH) > self.width() - 2 * MARGIN:
            self._style_tools(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _style_tools(self, style: Qt.ToolButtonStyle) -> None:
        for tool in self._tools_with_text:
            tool.setToolButtonStyle(style)
        self.tools.invalidate()
        self.header.invalidate()

    def set_scrolled_content(self, content: QLayout, width: int = 0) -> QScrollArea:
        """Fills the body with `content` in a scroll area, at most `width` logical pixels wide if one is given."""
        holder = QWidget()
        if width:
            holder.setMaximumWidth(appearance().px(width))
        area = scroll_area(holder)
        self.body.addWidget(area, 1)
        holder.setLayout(content)  # last: reparenting a widget styles it and all its children again
        return area

    def align_rows_with_title(self) -> None:
        """Widens the body so that the text of rows aligns with the title, and their background extends around it."""
        self.header.setContentsMargins(GRID, 0, GRID, 0)
        self._page_layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)

    def draw_ahead(self) -> Iterator[None]:
        """Draws the page at its current size before it is shown, a piece before each yield."""
        self._begin_drawing()
        yield from self.refresh_in_pieces()

    def invalidate(self) -> None:
        """Redraws the page now, or when it is next shown."""
        self._stale = True
        if self.isVisible():
            self._draw()

    def _begin_drawing(self) -> None:
        self._stale = False
        self._was_narrow = self.is_narrow
        self._title.set_full_text(self.title(), *self.shorter_titles())
        self.setAccessibleName(self.title())

    def _draw(self) -> None:
        self._begin_drawing()
        with preserve_focus(self):
            self.refresh()
        self._fit_tools()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()
        if self.is_narrow != self._was_narrow:
            self._was_narrow = self.is_narrow
            self.invalidate()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.invalidate()
        super().changeEvent(event)
