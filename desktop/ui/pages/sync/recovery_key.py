"""The recovery key, shown once: it can be saved, and goes away only when its last group was typed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit

from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, label, row, separator
from desktop.workflows.files import write_atomically


class RecoveryKeyCard(QFrame):
    """A card with the recovery key. `confirmed` once the person has typed its last group."""

    confirmed = Signal()

    def __init__(self, session: Session, words: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session = session
        self._words = words
        key = label(words, "title", wrap=True, selectable=True)
        last = words.replace("-", " ").split()[-1]
        field = self.field = QLineEdit()
        field.setAccessibleName(translate("Sync", "The last group of the recovery key"))
        field.setPlaceholderText(translate("Sync", "The last group"))
        field.setFixedWidth(appearance().px(200))
        go = button(translate("Sync", "I have kept it"), self.confirmed.emit, role="primary")
        go.setEnabled(False)
        field.textChanged.connect(lambda text: go.setEnabled(text.strip().casefold() == last.casefold()))
        save = button(translate("Sync", "Save to a file"), self._save, icon="export")
        copy = button(translate("Sync", "Copy"), self._copy, icon="copy")
        copy.setAccessibleName(translate("Sync", "Copy the recovery key"))
        self.setLayout(
            column(
                label(translate("Sync", "Your recovery key"), "heading"),
                label(
                    translate(
                        "Sync",
                        "It is shown only now. With it you can set a new password; without it, nobody can help you.",
                    ),
                    wrap=True,
                ),
                key,
                row(copy, save, 0),
                separator(),
                label(translate("Sync", "Type its last group, to show that you have kept it."), "quiet"),
                row(field, go, 0, gap=GRID),
                margin=GRID * 2,
                gap=GRID * 2,
            )
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._words)
        self._session.notices.show_success(translate("Sync", "Copied the recovery key"))

    def _save(self) -> None:
        dialog = QFileDialog(self, translate("Sync", "Save the recovery key"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("timetable-recovery-key.txt")
        dialog.fileSelected.connect(self._write)
        dialog.open()

    def _write(self, name: str) -> None:
        text = self._words + "\n"

        def write() -> None:

            write_atomically(Path(name), text.encode(), private=True)

        self._session.jobs.run_on_store(write, None, self._session.notices.show_error, owner=self)
