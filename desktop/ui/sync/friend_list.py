"""The list of friends: of each their colour, what they are called here, how their calendar stands, and removal.

Hides when a name that is being typed counts: with Enter or on leaving the field, while Esc brings the name in force
back. A line stays through everything that is fetched and redrawn around it, and what is typed in it with it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from desktop.ui.look.controls import column, icon_button, label, name_it, row, set_tone
from desktop.ui.look.language import translate
from desktop.ui.look.style import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.workflows.friends import Friend


class Shown(NamedTuple):
    """A friend as the list shows them: `words` is how their calendar stands, `warns` whether that is a trouble."""

    friend: Friend
    colour: QColor
    words: str
    warns: bool


class FriendList(QFrame):
    """All friends. `renamed` carries a friend's key and the name that was typed, `removed` the key of who is to go."""

    renamed = Signal(str, str)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._lines: dict[str, FriendLine] = {}
        self._nobody = label("", "quiet", wrap=True)
        self._body = column(self._nobody, gap=GRID)
        self.setLayout(self._body)

    def retranslate(self) -> None:
        """Says fixed texts anew, in another language."""
        self._nobody.setText(
            translate(
                "Friends",
                "A friend who publishes their timetable (Sync, Subscribe from my phone) gives you its address. What "
                "you add here stays between you and your machines.",
            )
        )

    def show_friends(self, known: Sequence[Shown]) -> None:
        """Shows exactly these, in this order."""
        for key in self._lines.keys() - {each.friend.key for each in known}:
            gone = self._lines.pop(key)
            gone.hide()
            gone.deleteLater()
        for number, each in enumerate(known):
            key = each.friend.key
            if key not in self._lines:
                made = self._lines[key] = FriendLine()
                made.renamed.connect(partial(self.renamed.emit, key))
                made.removed.connect(partial(self.removed.emit, key))
            self._body.insertWidget(number, self._lines[key])
            self._lines[key].show_friend(each)
        self._nobody.setVisible(not known)


class FriendLine(QFrame):
    """`renamed` carries the name that was typed, whatever it is worth; `removed` when the friend is to go."""

    renamed = Signal(str)
    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._known = ""
        self._asked: str | None = None
        self._bar = QFrame()
        self._bar.setFixedWidth(4)
        self.name = QLineEdit()
        self.name.setAcceptDrops(False)  # a file dropped here is meant for the page
        self.name.editingFinished.connect(self._ask)
        self.name.installEventFilter(self)
        self._state = label("", "quiet", wrap=True)
        self._remove = icon_button("delete", "", self.removed.emit)
        laid = row(self._bar, column(self.name, self._state, gap=2), self._remove, gap=GRID)
        laid.setStretch(1, 1)
        laid.setAlignment(self._remove, Qt.AlignmentFlag.AlignTop)
        self.setLayout(laid)

    def show_friend(self, shown: Shown) -> None:
        """Says how things are now. A name that is being typed stays."""
        name = shown.friend.name
        self._bar.setStyleSheet(f"background: {shown.colour.name()}; border-radius: 2px;")
        if not self.name.isModified() or self._typed == name:
            self.name.setText(name)
            self.name.setCursorPosition(0)  # of a long name its beginning is seen
        self._known, self._asked = name, None
        self.name.setToolTip(name)
        self.name.setAccessibleName(translate("Friends", "Name of {name}").format(name=name))
        self._state.setText(shown.words)
        set_tone(self._state, "warning" if shown.warns else "")
        name_it(self._remove, translate("Friends", "Remove {name}").format(name=name))

    @property
    def _typed(self) -> str:
        return " ".join(self.name.text().split())

    def _ask(self) -> None:
        wanted = self._typed
        if wanted == self._known:
            self._put_back()
        elif wanted != self._asked:  # Enter asks, and leaving the field afterwards is no second time
            self._asked = wanted
            self.renamed.emit(wanted)

    def _put_back(self) -> None:
        self._asked = None
        self.name.setText(self._known)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.name.isModified()
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # Esc is meant for what was typed, not for what the window would close
            return True
        if is_escape and event.type() == QEvent.Type.KeyPress:
            self._put_back()
            return True
        return super().eventFilter(watched, event)
