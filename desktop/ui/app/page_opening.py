"""Opens a page for the first time in steps, one in each round of the event loop, so that no round takes long."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QObject, QTimer


class PageOpening(QObject):
    """Runs the steps that open the page `name`."""

    def __init__(self, name: str, steps: Generator[None], parent: QObject) -> None:
        super().__init__(parent)
        self.name = name
        self._steps = steps
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take_step)
        self._timer.start(0)

    def _take_step(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self.deleteLater()

    def finish(self) -> None:
        """Runs the remaining steps at once."""
        for _ in self._steps:
            pass
        self.deleteLater()

    def cancel(self) -> None:
        """Discards what was built so far."""
        self._steps.close()
        self.deleteLater()
