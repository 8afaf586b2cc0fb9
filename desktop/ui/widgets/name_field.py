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

    name_entered = Signal(str)  # a name other than the current one, emitted once; may be empty

    def __init__(self) -> None:
        super().__init__()
        self._current_name = ""
        self._emitted_name: str | None = None
        self.editingFinished.connect(self._emit_name)

    def show_name(self, name: str, accessible_name: str) -> None:
        """Sets the current name, and the accessible name of the field. Text that is being typed is kept."""
        if not self.isModified() or self._entered_text == name:
            self.setText(name)
            self.setCursorPosition(0)  # shows the beginning of a long name
        self._current_name, self._emitted_name = name, None
        set_tooltip(self, name)
        self.setAccessibleName(accessible_name)

    def revert(self) -> None:
        """Restores the current name."""
        self._emitted_name = None
        self.setText(self._current_name)

    @property
    def _entered_text(self) -> str:
        return " ".join(self.text().split())

    def _emit_name(self) -> None:
        wanted = self._entered_text
        if wanted == self._current_name:
            self.revert()
        elif wanted != self._emitted_name:  # Enter emits it, and leaving the field afterwards does not emit it again
            self._emitted_name = wanted
            self.name_entered.emit(wanted)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_escape(event):
            event.accept()  # Esc reverts the typed text instead of triggering the window's shortcut
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_escape(event):
            self.revert()
        else:
            super().keyPressEvent(event)

    def _is_escape(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.isModified()
