"""What is loaded by the first frame: in a process of its own, since here everything is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def test_nothing_heavy_is_loaded_before_the_first_frame(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(asked, capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert ended.returncode == 0, ended.stderr
    loaded = set(ended.stdout.split())
    assert "desktop.ui.app.main_window" in loaded
    assert not HEAVY & {name.split(".")[0] for name in loaded}
    assert not {
        name
        for name in loaded
        if name.startswith(("desktop.pdf", "desktop.calendars", "desktop.sync", "desktop.store"))
    }
