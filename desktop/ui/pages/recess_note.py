"""A line that says that the recess is only proposed, guessed or unknown, shown wherever that matters."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame

from desktop.ui import routes
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, icon_label, label, row


class RecessNote(QFrame):
    """Follows the year that is shown, and hides once its recess is confirmed. `has_link`: link to the semester
    dates."""

    def __init__(self, session: Session, *, has_link: bool = False) -> None:
        super().__init__()
        self._session = session
        self._words = label("", "quiet", wrap=True)
        self._check = button("", lambda: session.open_page(routes.YearRoute()), role="link")
        if not has_link:
            self._check.hide()
        laid = row(icon_label("info", "warning"), self._words, self._check, gap=GRID)
        laid.setStretch(1, 1)
        self.setLayout(laid)
        session.state.changed.connect(self._refresh)
        self._refresh()

    @property
    def text(self) -> str:
        return self._words.text()

    def _refresh(self) -> None:
        view = self._session.state.view
        note = None if view is None or self._session.state.is_empty else view.calendar.recess_note
        self._words.setText(translate_message(note) if note is not None else "")
        self._check.setText(translate("Terms", "Check dates"))
        if note is None:
            self.hide()
        elif self.parentWidget() is not None:  # without a parent, show() would open it as a window
            self.show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._refresh()
