"""The modules of pages that take long to load, loaded one by one while the window is used for something else.

Otherwise the first click on such a page would hold the event loop for twice as long as the page itself takes.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from desktop.ui import routes
from desktop.ui.pages.page_registry import page_class

PAUSE = 200  # milliseconds between two of them, in which clicks and keys are heard
SLOW: tuple[type[routes.Route], ...] = (
    routes.ModulesRoute,
    routes.PlanRoute,
    routes.ImportRoute,
    routes.SyncRoute,
    routes.ReviewRoute,
)


class PageLoader(QObject):
    """Loads them, the likeliest first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting = list(SLOW)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._load_next)
        self._timer.start(PAUSE)

    def _load_next(self) -> None:
        page_class(self._waiting.pop(0).name)
        if not self._waiting:
            self._timer.stop()
