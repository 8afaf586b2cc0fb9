"""The sidebar on the left: the pages, by icon and title, or collapsed to the icons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QFrame, QToolButton, QWidget

from desktop.ui.routes import PAGES, PAGES_BY_NAME
from desktop.ui.texts.key_names import text_with_shortcut
from desktop.ui.texts.language import translate
from desktop.ui.theme import icons
from desktop.ui.theme.icons import ICON_SIZE
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import column, icon_button, label, row, set_tone, set_tooltip_and_name
from desktop.ui.widgets.plain_words import escape_mnemonics
from desktop.ui.widgets.tooltips import set_tooltip

# In logical pixels: width expanded, width collapsed, height of an entry, extra width of bold text, size of the mark.
EXPANDED_WIDTH, COLLAPSED_WIDTH, ENTRY_HEIGHT, BOLD_EXTRA_WIDTH, MARK_SIZE = 188, 60, 40, 8, 10
GAP = 4  # pixels between the entries
MAX_SCALE_PERCENT = 150  # per cent; larger text leaves no room for Undo and Redo


class _Entry(QToolButton):
    """An entry whose size hint has a fixed height, whatever its padding is."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), appearance().px(ENTRY_HEIGHT))


class Sidebar(QWidget):
    """The entries of the pages, Undo and Redo, and the state of sync."""

    page_chosen = Signal(str)  # the name of a page
    collapsed_changed = Signal(bool)  # the student collapsed (True) or expanded the sidebar
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, *, collapsed: bool) -> None:
        super().__init__()
        self.setProperty("role", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._is_collapsed = collapsed
        self._is_window_narrow = False
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._collapse_button = icon_button("menu", "", self._toggle)
        self._search = icon_button("search", "", lambda: self.page_chosen.emit("search"))
        self._undo = icon_button("undo", "", self.undo_requested.emit)
        self._redo = icon_button("redo", "", self.redo_requested.emit)
        self._top = row(self._collapse_button, 0, self._undo, self._redo, self._search, gap=GAP)
        self._undo_title: str | None = None
        self._redo_title: str | None = None
        self._top.setAlignment(self._collapse_button, Qt.AlignmentFlag.AlignLeft)
        body = column(self._top, GRID // 2, margin=GRID, gap=GAP)
        self._state = label("", "small")
        self._state.hide()
        self._mark = QFrame(self)
        self._mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mark.hide()
        self._state_words, self._state_tooltip, self._state_tone = "", "", ""
        for entry in PAGES:
            if entry.in_sidebar:
                made = self._button(entry.name, entry.icon)
                if entry.name == "settings":
                    body.addStretch(1)
                body.addWidget(made)
                if entry.name == "sync":
                    body.addWidget(self._state)
        if "settings" not in self._buttons:
            body.addStretch(1)
        self.setLayout(body)
        self._update_texts()
        appearance().changed.connect(self._update_texts)

    def _button(self, name: str, icon: str) -> QToolButton:
        made = _Entry()
        made.setProperty("role", "sidebar")
        made.setCheckable(True)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setAutoRaise(True)
        icons.set_icon(made, icon)
        made.clicked.connect(lambda *_: self.page_chosen.emit(name))
        self._group.addButton(made)
        self._buttons[name] = made
        return made

    def set_current_page(self, name: str) -> None:
        """Highlights the entry of the open page; none if that page is not in the sidebar."""
        self._group.setExclusive(False)
        for each, button in self._buttons.items():
            button.setChecked(each == name)
        self._group.setExclusive(True)

    def set_state(self, words: str, tooltip: str = "", tone: str = "") -> None:
        """Shows the state of sync under its entry, with a tooltip. A collapsed sidebar shows a mark."""
        self._state_words, self._state_tooltip, self._state_tone = words, tooltip, tone
        set_tone(self._state, tone)
        self._state.setText(words)
        self._update_texts()

    def set_history(self, undo: str | None, redo: str | None) -> None:
        """Sets what Undo and Redo would affect: titles in the window's language, None if there is nothing."""
        self._undo_title, self._redo_title = undo, redo
        self._show_history()

    def _show_history(self) -> None:
        for each, word, title, keys in (
            (self._undo, translate("Notice", "Undo"), self._undo_title, "Ctrl+Z"),
            (self._redo, translate("Notice", "Redo"), self._redo_title, "Ctrl+Y"),
        ):
            each.setEnabled(title is not None)
            set_tooltip_and_name(each, text_with_shortcut(f"{word}: {title}" if title is not None else word, keys))

    def set_window_narrow(self, is_window_narrow: bool) -> None:
        """Collapses the sidebar while the window is too narrow for it, whatever the student chose."""
        if is_window_narrow != self._is_window_narrow:
            self._is_window_narrow = is_window_narrow
            self._update_texts()

    @property
    def is_narrow(self) -> bool:
        return self._is_collapsed or self._is_window_narrow

    def _toggle(self) -> None:
        self._is_collapsed = not self.is_narrow
        self._is_window_narrow = False
        self._update_texts()
        self.collapsed_changed.emit(self._is_collapsed)

    def _update_texts(self) -> None:
        set_tooltip_and_name(
            self._collapse_button, translate("Sidebar", "Wider") if self.is_narrow else translate("Sidebar", "Narrower")
        )
        search = PAGES_BY_NAME["search"]
        set_tooltip_and_name(self._search, text_with_shortcut(search.title(), search.shortcut))
        self._top.setDirection(QBoxLayout.Direction.TopToBottom if self.is_narrow else QBoxLayout.Direction.LeftToRight)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._top.setAlignment(self._collapse_button, middle if self.is_narrow else Qt.AlignmentFlag.AlignLeft)
        self._top.setAlignment(self._search, middle if self.is_narrow else Qt.AlignmentFlag.AlignRight)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if self.is_narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for entry in PAGES:
            made = self._buttons.get(entry.name)
            if made is None:
                continue
            word = entry.title()
            made.setText("  " + escape_mnemonics(word))
            made.setToolButtonStyle(style)
            made.setAccessibleName(word)
            set_tooltip(made, text_with_shortcut(word, entry.shortcut) if entry.shortcut else word)
        around = 2 * GRID + 1
        width = appearance().px(COLLAPSED_WIDTH)
        if not self.is_narrow:  # wide enough for the longest title in this language, in bold
            longest = max(made.sizeHint().width() for made in self._buttons.values())
            tools = (self._collapse_button, self._undo, self._redo, self._search)
            above = sum(each.sizeHint().width() + GAP for each in tools)
            width = max(
                appearance().px(EXPANDED_WIDTH), longest + appearance().px(BOLD_EXTRA_WIDTH) + around, above + around
            )
        self.setFixedWidth(width)
        for made in self._buttons.values():
            made.setFixedWidth(width - around)
        self._show_history()
        self._fit_height()
        self._show_state()

    def _show_state(self) -> None:
        button, words = self._buttons["sync"], self._state_words
        self._state.setVisible(bool(words) and not self.is_narrow)
        self._state.setIndent(appearance().px(ICON_SIZE) + 3 * GRID)
        self._mark.setVisible(bool(words) and self.is_narrow)
        button.setAccessibleDescription(self._state_tooltip)
        if words:
            set_tooltip(button, f"{button.toolTip()}\n{self._state_tooltip or words}")
        size = appearance().px(
            MARK_SIZE
        )  # filled if sync needs the student, a ring otherwise: not distinguished by colour alone
        colour = appearance().colour(self._state_tone or "muted").name()
        fill = colour if self._state_tone else appearance().colour("canvas").name()
        self._mark.setStyleSheet(f"background: {fill}; border: 2px solid {colour}; border-radius: {size // 2}px;")
        self._mark.setFixedSize(size, size)
        self._place_mark()

    def _place_mark(self) -> None:
        near = self._buttons["sync"].geometry()
        self._mark.move(near.right() - self._mark.width() - 4, near.top() + 4)
        self._mark.raise_()

    def _fit_height(self) -> None:
        """Reduces the height of the entries if they do not all fit into the window."""
        entries = [
            *self._buttons.values(),
            *((self._collapse_button, self._search) if self.is_narrow else (self._collapse_button,)),
        ]
        asked = max(each.sizeHint().height() for each in entries)
        room = (self.height() - 2 * GRID - GRID // 2) // len(entries) - GAP
        for each in (self._undo, self._redo):  # without room for the buttons, the shortcuts still work
            each.setVisible(not self.is_narrow and room >= asked and appearance().scale <= MAX_SCALE_PERCENT)
        for each in entries:
            dense = room < asked and each in self._buttons.values()
            if bool(each.property("dense")) != dense:  # less padding rather than a smaller icon
                each.setProperty("dense", dense)
                each.style().unpolish(each)
                each.style().polish(each)
            each.setMinimumHeight(0)
            each.setMaximumHeight(max(1, min(asked, room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()
        self._place_mark()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._update_texts()
        super().changeEvent(event)
