"""The Licences page: the components of the program, and the terms under which each may be used."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit

from desktop.config import assets_folder
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.widgets.controls import button, label

LGPL_COMPONENTS = "PySide6, Qt, Shiboken, recurring-ical-events, x-wr-timezone"


class LicencesPage(Page[routes.LicencesRoute]):
    """Shows the file that each build makes of its components.

    A copy that was not built has them in its Python environment.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._own = label("", wrap=True)
        self._replaceable = label("", "quiet", wrap=True)
        self._texts = QPlainTextEdit()
        self._texts.setReadOnly(True)
        self._texts.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()  # the texts come in columns
        self._texts.setStyleSheet(f'QPlainTextEdit {{ font-family: "{fixed}"; }}')
        self._folder = button("", self._open_folder, icon="folder")
        self.tools.addWidget(self._folder)
        for widget in (self._own, self._replaceable):
            self.body.addWidget(widget)
        self.body.addWidget(self._texts, 1)
        self.retranslate()

    def title(self) -> str:
        return translate("Licences", "Licences")

    def retranslate(self) -> None:
        self._own.setText(
            translate(
                "Licences",
                "UP Schedule Generator is free software under the MIT License. "
                "It uses the work of others, listed here.",
            )
        )
        self._replaceable.setText(
            translate(
                "Licences",
                "You may replace the parts under the LGPL with other versions. "
                "They are separate files in the program’s folder: {parts}.",
            ).format(parts=LGPL_COMPONENTS)
        )
        self._folder.setText(translate("Licences", "Open the program’s folder"))
        self._texts.setAccessibleName(translate("Licences", "The licences of all parts"))

    def refresh(self) -> None:
        if self._texts.toPlainText():
            return  # the text never changes, and redrawing it would lose the reader's place
        file = assets_folder() / "THIRD_PARTY.txt"
        if file.is_file():
            self._texts.setPlainText(file.read_text("utf-8"))
        else:
            self._texts.setPlainText(
                translate(
                    "Licences",
                    "This copy runs from its source code. The licence of each part lies beside it, in:\n{folder}",
                ).format(folder=components_folder())
            )

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(components_folder())))


def components_folder() -> Path:
    """The folder with the components as separate files: beside a built program, else this copy's environment."""
    bundled = getattr(sys, "_MEIPASS", None)
    return Path(bundled) if bundled is not None else Path(sys.prefix)
