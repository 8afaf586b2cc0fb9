"""A panel shown instead of a form while a server or another device answers: the reason, six digits, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QFrame

from desktop.ui.pages.sync.sync_texts import digits_text
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, label, row

EVERY = 1500  # milliseconds between polls for whether the other device lets this one in


class WaitingPanel(QFrame):
    """Hidden until `begin`.

    `cancelled` when the student cancels; `looked` is emitted regularly while waiting for another device, but not before
    the last one was `answered`.
    """

    cancelled = Signal()
    looked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._words, self._digits = label("", "strong", wrap=True), label("", "display", select=True)
        self._cancel = button("", self.cancelled.emit)
        self.setLayout(column(self._words, self._digits, row(self._cancel, 0), gap=GRID * 2))
        self._is_looking = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._look)
        self._retranslate()
        self.hide()

    def begin(self, words: str, *, looks: bool = False) -> None:
        """Shows the panel; with `looks`, polls another device."""
        self._words.setText(words)
        self._digits.setText("")
        self._digits.hide()
        self._is_looking = False
        if looks:
            self._timer.start()
        self.show()
        self._cancel.setFocus()

    def answered(self, digits: str = "") -> None:
        """Ends a poll; `digits` once both devices show some."""
        self._is_looking = False
        if digits:
            self._words.setText(
                translate("Waiting", "If the other device shows the same six digits, let this one in there.")
            )
            self._digits.setText(digits_text(digits))
            self._digits.show()

    def end(self) -> None:
        self._timer.stop()
        self.hide()

    def _look(self) -> None:
        if not self._is_looking:
            self._is_looking = True
            self.looked.emit()

    def _retranslate(self) -> None:
        self._cancel.setText(translate("Waiting", "Cancel"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
