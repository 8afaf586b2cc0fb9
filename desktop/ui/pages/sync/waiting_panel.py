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
    """Hidden until `start`.

    `cancelled` when the student cancels; `poll_due` is emitted regularly while waiting for another device, but not
    before the last one was `finish_poll`.
    """

    cancelled = Signal()
    poll_due = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._words, self._digits = label("", "strong", wrap=True), label("", "display", selectable=True)
        self._cancel = button("", self.cancelled.emit)
        self.setLayout(column(self._words, self._digits, row(self._cancel, 0), gap=GRID * 2))
        self._is_polling = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._poll)
        self._retranslate()
        self.hide()

    def start(self, words: str, *, polls: bool = False) -> None:
        """Shows the panel; with `polls`, polls another device."""
        self._words.setText(words)
        self._digits.setText("")
        self._digits.hide()
        self._is_polling = False
        if polls:
            self._timer.start()
        self.show()
        self._cancel.setFocus()

    def finish_poll(self, digits: str = "") -> None:
        """Ends a poll; `digits` once both devices show some."""
        self._is_polling = False
        if digits:
            self._words.setText(
                translate("Waiting", "If the other device shows the same six digits, let this one in there.")
            )
            self._digits.setText(digits_text(digits))
            self._digits.show()

    def stop(self) -> None:
        self._timer.stop()
        self.hide()

    def _poll(self) -> None:
        if not self._is_polling:
            self._is_polling = True
            self.poll_due.emit()

    def _retranslate(self) -> None:
        self._cancel.setText(translate("Waiting", "Cancel"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
