"""Opening a page for the first time: a step in each round of the event loop, so that no round is held for long."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QObject, QTimer


class PageOpening(QObject):
    """Takes the steps one by one, or those that are left at once where somebody waits for the page of that name."""

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
        for _ in self._steps:
            pass
        self.deleteLater()

    def give_up(self) -> None:
        """What was made so far is let go of."""
        self._steps.close()
        self.deleteLater()
