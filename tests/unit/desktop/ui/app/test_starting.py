"""The modules loaded by the first frame, in a separate process, since here everything is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from desktop.app import App
from desktop.ui.session import view_cache
from desktop.workflows import timetable

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop.config import load_settings, profile_paths
from desktop.ui.app import main
paths = profile_paths(Path(sys.argv[1]))
app = main.make_application(load_settings(paths.settings))
window = main.make_window(paths.profile, load_settings(paths.settings))
window.first_painted.connect(app.quit)
window.show()
app.exec()
print(*sorted(sys.modules))
"""
WITHOUT_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from desktop.ui.app import main
make = main.make_session
def watched(*given):
    session = make(*given)
    QTimer.singleShot(main.STARTUP_MS + 500, main.QApplication.instance().quit)
    return session
main.make_session = watched
assert main.run(Path(sys.argv[1]), background=True) == 0
print(*sorted(sys.modules))
"""
TO_THE_END = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from desktop.ui.app import main
from tests.qt_imports import QtImports
imports = QtImports()
imports.watch()
make = main.make_window
def watched(*given):
    window = make(*given)
    timer = QTimer(window)
    timer.timeout.connect(lambda: "desktop.ui.app.resident" in sys.modules and not window.session.jobs.is_busy
        and (timer.stop(), window.close()))
    timer.start(100)
    return window
main.make_window = watched
assert main.run(Path(sys.argv[1])) == 0
print(*imports.strayed)
"""
HEAVY = {
    "sqlalchemy",
    "alembic",
    "pypdfium2",
    "pypdfium2_raw",
    "pdfplumber",
    "pdfminer",
    "PIL",
    "httpx",
    "caldav",
    "icalendar",
    "holidays",
    "nacl",
    "keyring",
    "segno",
    "zxingcpp",
    "ssl",
    "asyncio",
}


def loaded_by(program: str, profile: Path) -> set[str]:
    """The modules that a program has loaded by its end."""
    asked = [sys.executable, "-c", program, str(profile)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(asked, capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.split())


def test_a_start_without_a_window_loads_neither_window_nor_store(tmp_path: Path) -> None:
    with App.open(tmp_path) as app:
        view_cache.save_view(tmp_path, timetable.compute_view(app.store, None, date(2026, 3, 24)))
    loaded = loaded_by(WITHOUT_WINDOW, tmp_path)
    assert "desktop.ui.app.resident" in loaded
    assert not HEAVY & {name.split(".")[0] for name in loaded}
    assert not {
        name
        for name in loaded
        if name.startswith(("desktop.app", "desktop.calendars", "desktop.store", "desktop.ui.app.main_window"))
    }


def test_nothing_heavy_is_loaded_before_the_first_frame(tmp_path: Path) -> None:
    loaded = loaded_by(PROGRAM, tmp_path)
    assert "desktop.ui.app.main_window" in loaded
    assert not {"PySide6.QtNetwork", "jeepney", "desktop.ui.app.resident"} & loaded
    assert not HEAVY & {name.split(".")[0] for name in loaded}
    assert not {
        name
        for name in loaded
        if name.startswith(("desktop.pdf", "desktop.calendars", "desktop.sync", "desktop.store"))
    }


def test_what_is_loaded_after_the_first_frame_makes_types_of_qt_on_the_main_thread_alone(tmp_path: Path) -> None:
    assert loaded_by(TO_THE_END, tmp_path) == set()
