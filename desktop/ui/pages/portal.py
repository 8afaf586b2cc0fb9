"""Where the PDFs are: what every page shows that has nothing to show yet."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget

from desktop.ui import routes
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.widgets.controls import button, clear, column, empty_state


def portal_lines() -> list[str]:
    """The way to the documents on the student portal, in three lines."""
    return [
        translate("Portal", "On the UP student portal, open Timetable Module Lookup."),
        translate("Portal", "Choose All for the period, so that year modules and all their tests are in it."),
        translate("Portal", "Press Download on each tab, and Export Exam Timetable. Drop the PDFs here."),
    ]


def portal_state(session: Session) -> QWidget:
    """The whole empty state, with its one button."""
    choose = button(
        translate("Portal", "Choose PDFs"),
        lambda: session.open_page(routes.ImportRoute(choose=True)),
        role="primary",
        icon="import",
    )
    return empty_state("week", translate("Portal", "No timetable yet"), portal_lines(), choose)


class PortalHint(QFrame):
    """Where the empty state stands on a page that has other things to show at other times."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._whole = column(gap=0)
        self.setProperty("role", "plain")
        self.setLayout(self._whole)
        self.hide()

    def show_where(self, nothing: bool) -> None:
        """It is there where there is nothing else, in the language of now."""
        clear(self._whole)
        if nothing:
            self._whole.addWidget(portal_state(self._session))
        self.setVisible(nothing)
