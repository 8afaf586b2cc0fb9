"""The small form beside a time drawn in the week: title and place of a new event."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop.domain.timetable.assessments import TimeSlot
from desktop.ui.pages.week.preview import place_beside
from desktop.ui.texts.language import clock_text, date_text, translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, label, row
from desktop.ui.widgets.escape import accept_escape

WIDTH = 300  # logical pixels


class EventEditor(QFrame):
    """Asks for a title and a place.

    Emits `saved`, `cancelled`, or `full_form_requested` for the form with every field of an event.
    """

    saved = Signal()
    cancelled = Signal()
    full_form_requested = Signal()

    def __init__(self, parent: QWidget, slot: TimeSlot) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.slot = slot
        day, start, end = slot
        self._title, self._place = QLineEdit(), QLineEdit()
        self._title.setPlaceholderText(translate("Event", "What"))
        self._title.setAccessibleName(translate("Event", "What"))
        self._place.setPlaceholderText(translate("Event", "Where"))
        self._place.setAccessibleName(translate("Event", "Where"))
        for field in (self._title, self._place):
            field.returnPressed.connect(self.saved)
        when = f"{date_text(day, 'dddd d MMMM')}, {clock_text(start)} – {clock_text(end)}"
        self.setAccessibleName(when)
        save = button(translate("Event", "Save"), self.saved.emit, role="primary")
        more = button(translate("Event", "More"), self.full_form_requested.emit, role="quiet")
        cancel = button(translate("Event", "Cancel"), self.cancelled.emit, role="quiet")
        buttons = row(save, 0, more, cancel, gap=4)
        self.setLayout(column(label(when, "strong", wrap=True), self._title, self._place, buttons, margin=GRID + 4))

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def place(self) -> str:
        return self._place.text()

    def fill_in(self, title: str, place: str) -> None:
        self._title.setText(title)
        self._place.setText(place)

    def show_beside(self, beside: QRect, within: QRect) -> None:
        place_beside(self, min(appearance().px(WIDTH), within.width() - 2 * GRID), beside, within)
        self._title.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        return accept_escape(event, lambda: True) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
