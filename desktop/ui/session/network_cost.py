"""Whether the connection to the internet is paid for by what goes over it, as far as the system knows.

The system is asked by a process of its own: a service of it that never answers must not hold the window.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

ARGUMENT = "--network-cost"
PATIENCE = 20.0  # seconds
_SETTLING = 300  # milliseconds in which the system's answer arrives where it is not there at once


def is_metered(command: Sequence[str] | None = None, patience: float = PATIENCE) -> bool:
    """False where the system does not tell: macOS knows no such thing, and Linux without NetworkManager does not.

    For a worker: it waits for the answer, at most `patience` seconds.
    """
    started = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "desktop"]
    try:
        answer = subprocess.run(
            [*(command or [*started, ARGUMENT])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            timeout=patience,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.strip() == b"metered"


def main() -> int:
    """What that process runs: prints `metered` or nothing."""
    from PySide6.QtCore import QCoreApplication, QTimer  # noqa: PLC0415 - for that process alone, as the next
    from PySide6.QtNetwork import QNetworkInformation  # noqa: PLC0415

    app = QCoreApplication([])
    if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered):
        QTimer.singleShot(_SETTLING, app, app.quit)
        app.exec()
        if QNetworkInformation.instance().isMetered():
            print("metered", flush=True)
    return 0
