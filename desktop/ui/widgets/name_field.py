"""A field for a name: it shows the current name, until another one is typed.

Typed text is kept while everything around the field is redrawn.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop.ui.widgets.tooltips import set_tooltip


class NameField(QLineEdit):
    """A line edit for a name. It does not validate the name."""

    given = Signal(str)  # a name other than the current one, emitted once; may be empty

    def __init__(self) -> None:
        super().__init__()
        self._in_force = ""
        self._asked: str | None = None
        self.editingFinished.connect(self._give)

    def show_name(self, name: str, words: str) -> None:
        """Sets the current name, and the accessible name of the field. Text that is being typed is kept."""
        if not self.isModified() or self._typed == name:
            self.setText(name)
            self.setCursorPosition(0)  # shows the beginning of a long name
        self._in_force, self._asked = name, None
        set_tooltip(self, name)
        self.setAccessibleName(words)

    def put_back(self) -> None:
        """Restores the current name."""
        self._asked = None
        self.setText(self._in_force)

    @property
    def _typed(self) -> str:
        return " ".join(self.text().split())

    def _give(self) -> None:
        wanted = self._typed
        if wanted == self._in_force:
            self.put_back()
        elif wanted != self._asked:  # Enter emits it, and leaving the field afterwards does not emit it again
            self._asked = wanted
            self.given.emit(wanted)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_escape(event):
            event.accept()  # Esc reverts the typed text instead of triggering the window's shortcut
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_escape(event):
            self.put_back()
        else:
            super().keyPressEvent(event)

    def _is_escape(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.isModified()
