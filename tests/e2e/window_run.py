"""The real program, printing a line on its standard output for each event that the test waits for."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop.ui.app import main
from desktop.ui.app.main_window import MainWindow

_make = main.make_window


def make_reporting_window(profile: Path, *given: object) -> MainWindow:
    """Makes the window report its pages and what is stored."""
    window = _make(profile, *given)  # type: ignore[arg-type]
    window.session.opened.connect(lambda: print("open", flush=True))
    window.session.open_failed.connect(lambda error: print(f"refused {error}", flush=True))
    seen: set[str] = set()

    def report_events() -> None:
        if window.is_opening:
            return
        for news in (
            f"page {window.current_page}",
            f"text {window.notice_bar.text}",
            f"empty {window.session.state.is_empty}",
        ):
            if news not in seen:
                seen.add(news)
                print(news, flush=True)

    timer = QTimer(window)
    timer.timeout.connect(report_events)
    timer.start(50)
    window.setGeometry(200, 0, 1000, 760)
    return window


if __name__ == "__main__":
    main.make_window = make_reporting_window
    sys.exit(main.run(Path(sys.argv[1])))
