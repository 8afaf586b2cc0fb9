"""The real program, reporting its window's geometry, frame included, on its standard output once it has settled."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop.ui.app import main
from desktop.ui.app.main_window import MainWindow

_make = main.make_window


def make_reporting_window(profile: Path, *given: object) -> MainWindow:
    """Makes the window print one line: left, top, width and height of it and of its screen's free area."""
    window = _make(profile, *given)  # type: ignore[arg-type]

    def report_geometry() -> None:
        for each in (window.frameGeometry(), window.screen().availableGeometry()):
            print(each.left(), each.top(), each.width(), each.height(), end=" ")
        print(int(window.isMaximized()), flush=True)
        window.close()

    window.session.opened.connect(lambda: QTimer.singleShot(1500, window, report_geometry))
    return window


if __name__ == "__main__":
    main.make_window = make_reporting_window
    sys.exit(main.run(Path(sys.argv[1])))
