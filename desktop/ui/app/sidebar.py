"""The sidebar on the left: the pages, by icon and title, or collapsed to the icons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QFrame, QToolButton, QWidget

from desktop.ui.routes import BY_NAME, PAGES
from desktop.ui.texts.key_names import with_keys
from desktop.ui.texts.language import translate
from desktop.ui.theme import icons
from desktop.ui.theme.icons import SIZE
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.controls import column, icon_button, label, name_it, row, set_tone
from desktop.ui.widgets.plain_words import literal
from desktop.ui.widgets.tooltips import set_tooltip

# In logical pixels: width expanded, width collapsed, height of an entry, extra width of bold text, size of the mark.
WIDE, NARROW, HIGH, BOLDER, MARK = 188, 60, 40, 8, 10
GAP = 4  # pixels between the entries
MOST_SCALE = 150  # per cent; larger text leaves no room for Undo and Redo


class _Entry(QToolButton):
    """An entry whose size hint has a fixed height, whatever its padding is."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), look().px(HIGH))


class Sidebar(QWidget):
    """The entries of the pages, Undo and Redo, and the state of sync."""

    chosen = Signal(str)  # the name of a page
    folded = Signal(bool)  # the student collapsed (True) or expanded the sidebar
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self, *, collapsed: bool) -> None:
        super().__init__()
        self.setProperty("role", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._collapsed = collapsed
        self._cramped = False
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._fold = icon_button("menu", "", self._toggle)
        self._search = icon_button("search", "", lambda: self.chosen.emit("search"))
        self._undo = icon_button("undo", "", self.undo_asked.emit)
        self._redo = icon_button("redo", "", self.redo_asked.emit)
        self._top = row(self._fold, 0, self._undo, self._redo, self._search, gap=GAP)
        self._undo_title: str | None = None
        self._redo_title: str | None = None
        self._top.setAlignment(self._fold, Qt.AlignmentFlag.AlignLeft)
        body = column(self._top, GRID // 2, margin=GRID, gap=GAP)
        self._state = label("", "small")
        self._state.hide()
        self._mark = QFrame(self)
        self._mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._mark.hide()
        self._state_words, self._state_whole, self._state_tone = "", "", ""
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
        self._words()
        look().changed.connect(self._words)

    def _button(self, name: str, icon: str) -> QToolButton:
        made = _Entry()
        made.setProperty("role", "sidebar")
        made.setCheckable(True)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setAutoRaise(True)
        icons.put(made, icon)
        made.clicked.connect(lambda *_: self.chosen.emit(name))
        self._group.addButton(made)
        self._buttons[name] = made
        return made

    def mark(self, name: str) -> None:
        """Highlights the entry of the open page; none if that page is not in the sidebar."""
        self._group.setExclusive(False)
        for each, button in self._buttons.items():
            button.setChecked(each == name)
        self._group.setExclusive(True)

    def set_state(self, words: str, whole: str = "", tone: str = "") -> None:
        """Shows the state of sync under its entry, with a tooltip. A collapsed sidebar shows a mark."""
        self._state_words, self._state_whole, self._state_tone = words, whole, tone
        set_tone(self._state, tone)
        self._state.setText(words)
        self._words()

    def set_history(self, undo: str | None, redo: str | None) -> None:
        """Sets what Undo and Redo would affect: titles in the window's language, None if there is nothing."""
        self._undo_title, self._redo_title = undo, redo
        self._say_history()

    def _say_history(self) -> None:
        for each, word, title, keys in (
            (self._undo, translate("Notice", "Undo"), self._undo_title, "Ctrl+Z"),
            (self._redo, translate("Notice", "Redo"), self._redo_title, "Ctrl+Y"),
        ):
            each.setEnabled(title is not None)
            name_it(each, with_keys(f"{word}: {title}" if title is not None else word, keys))

    def set_cramped(self, cramped: bool) -> None:
        """Collapses the sidebar while the window is too narrow for it, whatever the student chose."""
        if cramped != self._cramped:
            self._cramped = cramped
            self._words()

    @property
    def is_narrow(self) -> bool:
        return self._collapsed or self._cramped

    def _toggle(self) -> None:
        self._collapsed = not self.is_narrow
        self._cramped = False
        self._words()
        self.folded.emit(self._collapsed)

    def _words(self) -> None:
        name_it(self._fold, translate("Sidebar", "Wider") if self.is_narrow else translate("Sidebar", "Narrower"))
        search = BY_NAME["search"]
        name_it(self._search, with_keys(search.word(), search.shortcut))
        self._top.setDirection(QBoxLayout.Direction.TopToBottom if self.is_narrow else QBoxLayout.Direction.LeftToRight)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._top.setAlignment(self._fold, middle if self.is_narrow else Qt.AlignmentFlag.AlignLeft)
        self._top.setAlignment(self._search, middle if self.is_narrow else Qt.AlignmentFlag.AlignRight)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if self.is_narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for entry in PAGES:
            made = self._buttons.get(entry.name)
            if made is None:
                continue
            word = entry.word()
            made.setText("  " + literal(word))
            made.setToolButtonStyle(style)
            made.setAccessibleName(word)
            set_tooltip(made, with_keys(word, entry.shortcut) if entry.shortcut else word)
        around = 2 * GRID + 1
        width = look().px(NARROW)
        if not self.is_narrow:  # wide enough for the longest title in this language, in bold
            longest = max(made.sizeHint().width() for made in self._buttons.values())
            tools = (self._fold, self._undo, self._redo, self._search)
            above = sum(each.sizeHint().width() + GAP for each in tools)
            width = max(look().px(WIDE), longest + look().px(BOLDER) + around, above + around)
        self.setFixedWidth(width)
        for made in self._buttons.values():
            made.setFixedWidth(width - around)
        self._say_history()
        self._fit_height()
        self._say_state()

    def _say_state(self) -> None:
        button, words = self._buttons["sync"], self._state_words
        self._state.setVisible(bool(words) and not self.is_narrow)
        self._state.setIndent(look().px(SIZE) + 3 * GRID)
        self._mark.setVisible(bool(words) and self.is_narrow)
        button.setAccessibleDescription(self._state_whole)
        if words:
            set_tooltip(button, f"{button.toolTip()}\n{self._state_whole or words}")
        size = look().px(MARK)  # filled if sync needs the student, a ring otherwise: not distinguished by colour alone
        colour = look().colour(self._state_tone or "muted").name()
        fill = colour if self._state_tone else look().colour("canvas").name()
        self._mark.setStyleSheet(f"background: {fill}; border: 2px solid {colour}; border-radius: {size // 2}px;")
        self._mark.setFixedSize(size, size)
        self._place_mark()

    def _place_mark(self) -> None:
        near = self._buttons["sync"].geometry()
        self._mark.move(near.right() - self._mark.width() - 4, near.top() + 4)
        self._mark.raise_()

    def _fit_height(self) -> None:
        """Reduces the height of the entries if they do not all fit into the window."""
        entries = [*self._buttons.values(), *((self._fold, self._search) if self.is_narrow else (self._fold,))]
        asked = max(each.sizeHint().height() for each in entries)
        room = (self.height() - 2 * GRID - GRID // 2) // len(entries) - GAP
        for each in (self._undo, self._redo):  # without room for the buttons, the shortcuts still work
            each.setVisible(not self.is_narrow and room >= asked and look().scale <= MOST_SCALE)
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
            self._words()
        super().changeEvent(event)
