"""Checks whether the internet connection is metered, as far as the operating system knows.

A separate process asks the system, so that a system service which never answers cannot block the window.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

ARGUMENT = "--network-cost"
TIMEOUT_SECONDS = 20.0  # seconds
_SETTLE_MS = 300  # milliseconds to wait for the system's answer if it is not there at once


def is_metered(command: Sequence[str] | None = None, timeout_seconds: float = TIMEOUT_SECONDS) -> bool:
    """True if the connection is metered; False if the system cannot tell (macOS, Linux without NetworkManager).

    Blocks until the answer is there or the timeout has passed: call it on a worker thread.
    """
    started = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "desktop"]
    try:
        answer = subprocess.run(
            [*(command or [*started, ARGUMENT])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            timeout=timeout_seconds,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.strip() == b"metered"


def main() -> int:
    """Entry point of the separate process: prints `metered` or nothing."""
    from PySide6.QtCore import QCoreApplication, QTimer  # noqa: PLC0415 - only in the separate process, as the next
    from PySide6.QtNetwork import QNetworkInformation  # noqa: PLC0415

    app = QCoreApplication([])
    if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered):
        QTimer.singleShot(_SETTLE_MS, app, app.quit)
        app.exec()
        if QNetworkInformation.instance().isMetered():
            print("metered", flush=True)
    return 0
