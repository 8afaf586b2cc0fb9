"""Checks that this version starts on this computer. The installer runs it before it replaces the installed version."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop.config import Settings
from desktop.ui.app.main import make_application, make_window

TIMEOUT_MS = 120_000  # milliseconds; long enough for a slow disk with a virus scanner


def run() -> int:
    """Opens a window that is not shown with a temporary profile, and paints it. Returns 0 on success, else 1."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        app = make_application(Settings())
        window = make_window(Path(folder) / "profile", Settings())

        def opened() -> None:
            is_painted = not window.grab().isNull()
            window.close()
            app.exit(0 if is_painted else 1)

        window.session.opened.connect(opened)
        window.session.open_failed.connect(lambda _error: app.exit(1))
        QTimer.singleShot(TIMEOUT_MS, app, lambda: app.exit(1))
        QTimer.singleShot(0, window, window.open_profile)
        return app.exec()
