"""The real program without a window, with a clock that the test sets through a file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop.ui.app import main
from desktop.ui.session.session import Session
from desktop.ui.session.state import ViewState

PROFILE, CLOCK = Path(sys.argv[1]), Path(sys.argv[2])
_make = main.make_session


def now(_state: ViewState) -> datetime:
    return datetime.fromisoformat(CLOCK.read_text())


def make_clocked_session(*given: object) -> Session:
    """Returns a session whose timers follow the test's clock."""
    session = _make(*given)  # type: ignore[arg-type]
    seen = [now(session.state)]

    def update_clock() -> None:
        moment = now(session.state)
        if moment != seen[0]:
            seen[0] = moment
            session.state.minute_started.emit()
            print("ticked", moment, flush=True)

    timer = QTimer(session)
    timer.timeout.connect(update_clock)
    timer.start(50)
    return session


if __name__ == "__main__":
    ViewState.now = now  # type: ignore[method-assign]
    main.make_session = make_clocked_session
    sys.exit(main.run(PROFILE, background="--background" in sys.argv))
