"""A line that says that nothing of the student's own is left in the year, so that a page does not look outdated."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame

from desktop.ui.session.session import Session
from desktop.ui.texts.language import date_text, translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import icon_label, label, row


class YearOverNote(QFrame):
    """Follows the year that is shown, and hides while something is still to come."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._words = label("", "quiet", wrap=True)
        laid = row(icon_label("info"), self._words, gap=GRID)
        laid.setStretch(1, 1)
        self.setLayout(laid)
        self.hide()
        session.state.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Updates the text and visibility."""
        view, today = self._session.state.view, self._session.state.today
        last = view.last_day if view is not None else None
        is_over = last is not None and last < today
        if view is not None and last is not None and is_over:
            words = translate("Week", "Nothing more in {year}. The last event was on {day}.")
            self._words.setText(words.format(year=view.year, day=date_text(last, "dddd d MMMM")))
        if self.parentWidget() is not None:  # without a parent, show() would open it as a window
            self.setVisible(is_over)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
