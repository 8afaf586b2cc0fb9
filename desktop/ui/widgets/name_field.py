"""A field for what something is called: the name in force, until another one is typed.

What is typed stays while everything around it is shown anew.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop.ui.widgets.tooltips import set_tooltip


class NameField(QLineEdit):
    """`given` carries another name than the one in force, once, whatever it is worth; an empty one too."""

    given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._in_force = ""
        self._asked: str | None = None
        self.editingFinished.connect(self._give)

    def show_name(self, name: str, words: str) -> None:
        """The name in force from now on, and what the field is to a screen reader. What is being typed stays."""
        if not self.isModified() or self._typed == name:
            self.setText(name)
            self.setCursorPosition(0)  # of a long name its beginning is seen
        self._in_force, self._asked = name, None
        set_tooltip(self, name)
        self.setAccessibleName(words)

    def put_back(self) -> None:
        """The name in force stands again."""
        self._asked = None
        self.setText(self._in_force)

    @property
    def _typed(self) -> str:
        return " ".join(self.text().split())

    def _give(self) -> None:
        wanted = self._typed
        if wanted == self._in_force:
            self.put_back()
        elif wanted != self._asked:  # Enter gives it, and leaving the field afterwards is no second time
            self._asked = wanted
            self.given.emit(wanted)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_escape(event):
            event.accept()  # Esc is meant for what was typed, not for what the window would close
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_escape(event):
            self.put_back()
        else:
            super().keyPressEvent(event)

    def _is_escape(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.isModified()
