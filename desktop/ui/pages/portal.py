"""Where the PDFs are: what every page shows that has nothing to show yet."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.ui.look.controls import button, empty_state
from desktop.ui.look.language import translate
from desktop.ui.session import Session


def portal_lines() -> list[str]:
    """The way to the documents on the student portal, in three lines."""
    return [
        translate("Portal", "On the UP student portal, open your class and exam timetable."),
        translate("Portal", "Choose Both for the semester, so that year modules and all tests are in it."),
        translate("Portal", "Save Lectures, Semester Tests and Exams as PDF, and drop all three anywhere here."),
    ]


def portal_state(session: Session) -> QWidget:
    """The whole empty state, with its one button."""
    choose = button(
        translate("Portal", "Choose PDFs"),
        lambda: session.open_page("import", "choose"),
        role="primary",
        icon="import",
    )
    return empty_state("week", translate("Portal", "No timetable yet"), portal_lines(), choose)
