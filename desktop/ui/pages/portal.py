"""The empty state of every page that has nothing to show yet: how to get the PDFs from the student portal."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from desktop.ui import routes
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.widgets.controls import button, clear_layout, column, empty_state


def portal_instructions() -> list[str]:
    """How to get the documents from the student portal, in three lines."""
    return [
        translate("Portal", "On the UP student portal, open Timetable Module Lookup."),
        translate("Portal", "Choose All for the period, so that year modules and all their tests are in it."),
        translate("Portal", "Press Download on each tab, and Export Exam Timetable. Drop the PDFs here."),
    ]


def portal_empty_state(session: Session) -> QWidget:
    """Makes the whole empty state, with its one button."""
    choose = button(
        translate("Portal", "Choose PDFs"),
        lambda: session.open_page(routes.ImportRoute(choose=True)),
        role="primary",
        icon="import",
    )
    return empty_state("week", translate("Portal", "No timetable yet"), portal_instructions(), choose)


class PortalEmptyState(QFrame):
    """Holds the empty state on a page that shows other things once there is a timetable."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._whole = column(gap=0)
        self.setProperty("role", "plain")
        self.setLayout(self._whole)
        self.hide()

    def show_if(self, is_empty: bool) -> None:
        """Shows the empty state, in the current language, if there is nothing else to show."""
        clear_layout(self._whole)
        if is_empty:
            self._whole.addWidget(portal_empty_state(self._session))
        self.setVisible(is_empty)
