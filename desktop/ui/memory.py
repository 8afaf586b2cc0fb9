"""Gives memory that is free back to the system once the window is idle, where the C library has to be asked to."""

from __future__ import annotations

import ctypes
import gc
import sys

from PySide6.QtCore import QTimer

from desktop.ui.session import Session

AFTER = 1500  # milliseconds without anything under way


def trim_when_idle(session: Session) -> None:
    """After documents were read, glibc keeps about 8 MB that nothing uses; other systems see to it themselves."""
    if not sys.platform.startswith("linux"):
        return
    timer = QTimer(session)
    timer.setSingleShot(True)
    timer.setInterval(AFTER)
    timer.timeout.connect(_trim)
    session.jobs.idled.connect(timer.start)


def _trim() -> None:
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
