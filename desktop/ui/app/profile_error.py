"""The page shown when the profile cannot be opened: the reason, and one action."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from desktop.domain.errors import AppError, DamagedData, MissingData
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, empty_state


class ProfileErrorPage(QFrame):
    """Explains an error on opening the profile, and offers to try again or to repair the database."""

    retry_requested = Signal()
    repair_requested = Signal()  # restore from backups, or save what can be read of a damaged database

    def __init__(self, error: AppError) -> None:
        super().__init__()
        self.setProperty("role", "page")
        lines, safe = [translate_message(error.hint)], translate("Refusal", "Nothing of your timetable was changed.")
        if isinstance(error, MissingData):
            words = translate(
                "Refusal", "What the backups hold is brought back. Other documents are kept in the folder “backups”."
            )
            action = button(translate("Refusal", "Restore the timetable"), self.repair_requested.emit, role="primary")
            state = empty_state("warning", translate_message(error.title), [*lines, words, safe], action)
        elif isinstance(error, DamagedData):
            words = translate(
                "Refusal",
                "What can still be read is saved into a new file. The damaged one is set aside, never deleted.",
            )
            action = button(translate("Refusal", "Save what can be read"), self.repair_requested.emit, role="primary")
            state = empty_state("warning", translate_message(error.title), [*lines, words, safe], action)
        else:
            action = button(translate("Refusal", "Try again"), self.retry_requested.emit, role="primary")
            state = empty_state("warning", translate_message(error.title), [*lines, safe], action)
        self.setLayout(column(state, margin=GRID * 2))
