"""The real program, reporting the current page and the screen positions of its controls on its standard output."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from desktop.ui.app import main
from desktop.ui.app.main_window import MainWindow
from desktop.ui.session.state import ViewState

_make = main.make_window


def make_reporting_window(profile: Path, settings: object, lock: object) -> MainWindow:
    """Makes the window print a line of JSON whenever the contents of the screen change."""
    window = _make(profile, settings, lock)  # type: ignore[arg-type]
    last = ""

    def report_changes() -> None:
        nonlocal last
        top = QApplication.activeModalWidget() or window
        buttons = {}
        for each in top.findChildren(QAbstractButton):
            if each.isVisible() and each.isEnabled() and each.text() and not each.visibleRegion().isEmpty():
                middle = each.mapToGlobal(each.visibleRegion().boundingRect().center())
                buttons[each.text().replace("&", "").strip()] = [middle.x(), middle.y()]
        words = [each.text() for each in window.findChildren(QLabel) if each.isVisible() and each.text()]
        left_top = window.frameGeometry().topLeft()
        seen = json.dumps(
            {
                "open": window.session.is_open,
                "page": window.current_page,
                "busy": window.session.jobs.is_busy or window.is_opening,
                "dialog": top is not window,
                "buttons": buttons,
                "words": words,
                "frame": [left_top.x(), left_top.y(), window.frameGeometry().width(), window.frameGeometry().height()],
            }
        )
        if seen != last:
            last = seen
            print(seen, flush=True)

    timer = QTimer(window)
    timer.timeout.connect(report_changes)
    timer.start(100)
    return window


if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv[2])
    ViewState.now = lambda _self: moment  # type: ignore[method-assign]
    main.make_window = make_reporting_window
    sys.exit(main.run(Path(sys.argv[1])))
