"""Imports the modules of slow pages one by one after start-up.

Otherwise the first click on such a page would block the event loop for twice as long as building the page takes.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from desktop.ui import routes
from desktop.ui.pages.page_registry import page_class

LOAD_INTERVAL_MS = 200  # milliseconds between two imports, in which clicks and keys are processed
SLOW_PAGES: tuple[type[routes.Route], ...] = (
    routes.ModulesRoute,
    routes.PlanRoute,
    routes.ImportRoute,
    routes.SyncRoute,
    routes.ReviewRoute,
)


class PageLoader(QObject):
    """Imports them in order of likely use."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting = list(SLOW_PAGES)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._load_next)
        self._timer.start(LOAD_INTERVAL_MS)

    def _load_next(self) -> None:
        page_class(self._waiting.pop(0).name)
        if not self._waiting:
            self._timer.stop()
