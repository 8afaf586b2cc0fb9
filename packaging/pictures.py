"""Takes the README's screenshots from the real window, with a made-up semester.

    python packaging/pictures.py docs/pictures

Runs offscreen; the current time is fixed, so that the pictures change only when the window does.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic, sleep

os.environ["QT_QPA_PLATFORM"] = "offscreen"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtWidgets import QApplication  # noqa: E402

from desktop.app import App  # noqa: E402
from desktop.config import Settings  # noqa: E402
from desktop.domain.commands import choices  # noqa: E402
from desktop.domain.timetable.choices import parse_choice_key  # noqa: E402
from desktop.pdf import child  # noqa: E402
from desktop.planning.preferences import Preferences  # noqa: E402
from desktop.ui import routes  # noqa: E402
from desktop.ui.app.main import make_application, make_window  # noqa: E402
from desktop.ui.app.main_window import MainWindow  # noqa: E402
from desktop.ui.routes import PAGES_BY_NAME  # noqa: E402
from desktop.ui.session.state import ViewState  # noqa: E402
from desktop.ui.theme.style import appearance  # noqa: E402
from desktop.workflows import imports, planning, timetable  # noqa: E402
from tests.drawing import semester  # noqa: E402

FIXED_NOW = datetime(2026, 3, 23, 9, 5)  # noqa: DTZ001 - naive, on UP's clock, as the window has it
CHOSEN = {"PHY 114/S1/P": "P01", "WTW 158/S1/L": "G01", "WTW 158/S1/T": "T02", "EBN 111/S1/P": "P02"}
PREFERENCES = Preferences(free_days=True, not_before=time(8, 30), few_gaps=True)
WINDOW_SIZE = (1280, 800)
WINDOW_POSITION = (40, 40)  # away from the pointer, which would otherwise highlight what is under it


def fill_profile(profile: Path) -> None:
    """Imports and accepts the semester, and chooses groups."""
    with App.open(profile) as app:
        for _, data in semester.documents():
            imports.accept(
                app.store,
                imports.propose(app.store, child.read_documents(data)[0], "UP_MOD_XLS.pdf", date(2026, 3, 16)),
            )
        for key, group in CHOSEN.items():
            now = timetable.compute_view(app.store, 2026, FIXED_NOW.date()).timetable
            timetable.apply_act(app.store, choices.choose_group(now, parse_choice_key(f"2026/{key}"), group))
        planning.store_preferences(app.store, PREFERENCES)


def wait(app: QApplication, seconds: float) -> None:
    """Runs the window's event loop for a while."""
    end = monotonic() + seconds
    while monotonic() < end:
        app.processEvents()
        sleep(0.01)


def save_screenshot(app: QApplication, window: MainWindow, folder: Path, name: str) -> None:
    wait(app, 1.5)
    window.grab().save(str(folder / f"{name}.png"))
    print(f"{name}.png")


def main() -> int:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    ViewState.now = lambda _self: FIXED_NOW  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        fill_profile(base / "profile")
        settings = replace(Settings(), theme="light", language="en")
        app = make_application(settings)
        window = make_window(base / "profile", settings)
        window.first_painted.connect(window.open_profile)
        window.resize(*WINDOW_SIZE)
        window.move(*WINDOW_POSITION)
        window.show()
        wait(app, 2)
        window.resize(*WINDOW_SIZE)
        for page in ("today", "week", "modules", "plan", "assessments"):
            window.open_page(PAGES_BY_NAME[page].route())
            save_screenshot(app, window, folder, page)
        appearance().apply(app, theme="dark")
        window.open_page(routes.WeekRoute())
        save_screenshot(app, window, folder, "week-dark")
        appearance().apply(app, theme="light")
        window.close()
        wait(app, 0.5)
        fresh = make_window(base / "fresh", settings)
        fresh.first_painted.connect(fresh.open_profile)
        fresh.move(*WINDOW_POSITION)
        fresh.show()
        wait(app, 2)
        fresh.resize(*WINDOW_SIZE)
        save_screenshot(app, fresh, folder, "first-run")
        fresh.read_files(semester.write_documents(base))
        wait(app, 4)
        save_screenshot(app, fresh, folder, "review")
        fresh.close()
        wait(app, 0.5)
    sys.stdout.flush()
    os._exit(0)  # skips the window's clean-up


if __name__ == "__main__":
    raise SystemExit(main())
