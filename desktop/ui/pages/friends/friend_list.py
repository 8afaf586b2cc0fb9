"""The list of friends: colour, name, state of the calendar, and removal of each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame

from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, icon_button, label, row, set_tone, set_tooltip_and_name
from desktop.ui.widgets.name_field import NameField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.workflows.friends import Friend


class ShownFriend(NamedTuple):
    """A friend as shown in the list.

    `words` is the state of their calendar, `is_problem` whether that is a problem, `needs_permission` whether their
    address needs the student's permission.
    """

    friend: Friend
    colour: QColor
    words: str
    is_problem: bool
    needs_permission: bool = False


class FriendList(QFrame):
    """The list of all friends.

    `renamed` carries a friend's key and the typed name, `removed` the key of the friend to remove, `allowed` the key of
    the friend whose address may be requested.
    """

    renamed = Signal(str, str)
    removed = Signal(str)
    allowed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._lines: dict[str, FriendRow] = {}
        self._nobody = label("", "quiet", wrap=True)
        self._body = column(self._nobody, gap=GRID)
        self.setLayout(self._body)

    def retranslate(self) -> None:
        """Sets the fixed texts again after a language change."""
        self._nobody.setText(
            translate(
                "Friends",
                "A friend who publishes their timetable (Sync, Subscribe from my phone) gives you its address. What "
                "you add here stays between you and your machines.",
            )
        )

    def show_friends(self, known: Sequence[ShownFriend]) -> None:
        """Shows exactly these, in this order."""
        for key in self._lines.keys() - {each.friend.key for each in known}:
            gone = self._lines.pop(key)
            gone.hide()
            gone.deleteLater()
        for number, each in enumerate(known):
            key = each.friend.key
            if key not in self._lines:
                made = self._lines[key] = FriendRow()
                made.renamed.connect(partial(self.renamed.emit, key))
                made.removed.connect(partial(self.removed.emit, key))
                made.allowed.connect(partial(self.allowed.emit, key))
            self._body.insertWidget(number, self._lines[key])
            self._lines[key].show_friend(each)
        self._nobody.setVisible(not known)


class FriendRow(QFrame):
    """The row of one friend.

    `renamed` carries the typed name, not yet validated; `removed` asks to remove the friend, `allowed` allows requests
    to their address.
    """

    renamed = Signal(str)
    removed = Signal()
    allowed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._bar = QFrame()
        self._bar.setFixedWidth(4)
        self.name = NameField()
        self.name.setAcceptDrops(False)  # a file dropped here goes to the page
        self.name.name_entered.connect(self.renamed)
        self._state = label("", "quiet", wrap=True)
        self._remove = icon_button("delete", "", self.removed.emit)
        self._allow = button("", self.allowed.emit)
        self._allow.hide()
        laid = row(self._bar, column(self.name, self._state, row(self._allow, 0), gap=2), self._remove, gap=GRID)
        laid.setStretch(1, 1)
        laid.setAlignment(self._remove, Qt.AlignmentFlag.AlignTop)
        self.setLayout(laid)

    def show_friend(self, shown: ShownFriend) -> None:
        """Shows the current state. A name that is being typed stays."""
        name = shown.friend.name
        self._bar.setStyleSheet(f"background: {shown.colour.name()}; border-radius: 2px;")
        self.name.show_name(name, translate("Friends", "Name of {name}").format(name=name))
        self._state.setText(shown.words)
        set_tone(self._state, "warning" if shown.is_problem else "")
        self._allow.setText(translate("Friends", "Allow"))
        self._allow.setAccessibleName(translate("Friends", "Allow the address of {name}").format(name=name))
        self._allow.setVisible(shown.needs_permission)
        set_tooltip_and_name(self._remove, translate("Friends", "Remove {name}").format(name=name))
