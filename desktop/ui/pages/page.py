"""What a page is: a title, the one thing to do there, and a body that draws itself anew from the current view.

A page that is not seen is drawn once it is. A page overrides `title`, `refresh`, and where it has texts that are not
drawn by `refresh`, `retranslate`; it adds its widgets to `body` and its tools to `tools`.
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
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.controls import Elided, button, column, row, scrolled
from desktop.ui.widgets.focus import kept_focus

R = TypeVar("R", bound=Route)
HEAD = 34
MARGIN = GRID * 3  # left and right of everything on a page
TITLE = 330  # logical pixels that its tools leave to the title before they say words
COLUMN = 760  # logical pixels: the most that cards below one another are wide


class Page(QWidget, Generic[R]):
    """The base of all pages. One that is narrower than `narrow_below` (logical pixels) is drawn anew, to fit."""

    narrow_below = 0

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "page")
        self._stale = True
        self._was_narrow = False
        self._worded: list[QToolButton] = []
        self._title = Elided("title")
        self.tools: QHBoxLayout = row()
        self.header = row(self._title, self.tools, gap=GRID)
        self.header.setStretch(0, 1)
        self.header.addStrut(look().px(HEAD))  # the title stands at one height, with or without a button beside it
        self.body: QVBoxLayout = column(gap=GRID)
        whole = self._page_layout = column(self.header, self.body, gap=GRID + 4)
        whole.setContentsMargins(MARGIN, GRID * 2, MARGIN, GRID * 2)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        session.state.changed.connect(self.outdated)

    # what a page overrides

    def title(self) -> str:
        """Its name, as the top of the page says it."""
        raise NotImplementedError

    def shorter_titles(self) -> tuple[str, ...]:
        """Other wordings of it, shorter and shorter, for a narrow window."""
        return ()

    def build(self) -> Iterator[None]:
        """Makes what takes too long for one round of the event loop, a piece before each yield."""
        yield from ()

    def refresh(self) -> None:
        """Draws the page from `ui.session.state.view` (which is None before the first reading)."""

    def refresh_in_pieces(self) -> Iterator[None]:
        """As `refresh`; where that takes too long for one round of the event loop, a piece before each yield."""
        self.refresh()
        yield

    def retranslate(self) -> None:
        """Says fixed texts anew, in another language."""

    def open(self, route: R) -> None:
        """Shows what the route leads to; a route to nothing in particular leaves the page as it is."""

    def take_focus(self) -> None:
        """Gives the keyboard to what is used first here. (With a focus proxy, Tab would leave out all before it.)"""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def holds_input(self) -> bool:
        """Whether something was typed here that would be lost, were the page made anew."""
        return any(field.isModified() for field in self.findChildren(QLineEdit))

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for things side by side, in text of the size that it has."""
        return self.width() < look().px(self.narrow_below)

    def drop_words(self, _paths: Sequence[Path]) -> str:
        """What the window says while these files hover over it and this page would take them; "" where it would not."""
        return ""

    def drop(self, paths: Sequence[Path]) -> None:
        """These files were dropped on the window, and `drop_words` had said what becomes of them."""

    # what it can use

    def primary(self, text: str, on_click: Callable[[], object], icon: str = "") -> QPushButton:
        """Adds the one thing to do here to the header."""
        made = button(text, on_click, role="primary", icon=icon)
        self.header.addWidget(made)
        return made

    def say_tool(self, tool: QToolButton, words: str) -> None:
        """What a tool says beside its icon, where there is room for the words of all of them."""
        tool.setText(words)
        if tool not in self._worded:
            self._worded.append(tool)

    def _fit_tools(self) -> None:
        if not self._worded:
            return
        self._style_tools(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if self.header.sizeHint().width() + look().px(TITLE) > self.width() - 2 * MARGIN:
            self._style_tools(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _style_tools(self, style: Qt.ToolButtonStyle) -> None:
        for tool in self._worded:
            tool.setToolButtonStyle(style)
        self.tools.invalidate()
        self.header.invalidate()

    def fill(self, content: QLayout, width: int = 0) -> QScrollArea:
        """Fills the body with `content`, to be scrolled; no wider than `width` logical pixels where one is given."""
        holder = QWidget()
        if width:
            holder.setMaximumWidth(look().px(width))
        area = scrolled(holder)
        self.body.addWidget(area, 1)
        holder.setLayout(content)  # last: whatever is given another parent is styled anew, with all that is in it
        return area

    def make_room_for_rows(self) -> None:
        """Widens the body so that the words of rows stand under the title, and their ground goes around the words."""
        self.header.setContentsMargins(GRID, 0, GRID, 0)
        self._page_layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)

    def draw_ahead(self) -> Iterator[None]:
        """Draws it before it is seen, in the size that it has, a piece before each yield."""
        self._begin_drawing()
        yield from self.refresh_in_pieces()

    def outdated(self) -> None:
        """Draws the page anew now, or when it is next seen."""
        self._stale = True
        if self.isVisible():
            self._draw()

    def _begin_drawing(self) -> None:
        self._stale = False
        self._was_narrow = self.is_narrow
        self._title.set_whole(self.title(), *self.shorter_titles())
        self.setAccessibleName(self.title())

    def _draw(self) -> None:
        self._begin_drawing()
        with kept_focus(self):
            self.refresh()
        self._fit_tools()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()
        if self.is_narrow != self._was_narrow:
            self._was_narrow = self.is_narrow
            self.outdated()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.outdated()
        super().changeEvent(event)
