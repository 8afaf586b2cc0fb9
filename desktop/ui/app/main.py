"""Starts the window: the application, its look and language, the first frame, and only then the profile.

Hides the order that makes it open fast: nothing of the store, of PDFs, of networks or calendars is loaded before the
first frame is on the screen.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from desktop.config import Settings, assets_folder, load_settings, profile_paths
from desktop.ui.app.main_window import MainWindow
from desktop.ui.session.session import Session
from desktop.ui.texts.language import language_of, set_language
from desktop.ui.theme.style import look

if TYPE_CHECKING:
    from desktop.app import App


def run(profile: Path | None = None, files: Sequence[Path] = ()) -> int:
    """Opens the window over a profile (the user's own where None), reads `files`, and returns the exit status."""
    paths = profile_paths(profile)
    settings = load_settings(paths.settings)
    app = make_application(settings)
    window = make_window(paths.profile, settings)
    window.session.notices.install()
    window.first_painted.connect(window.fit_screen)
    window.first_painted.connect(window.begin)
    window.show()
    if files:
        window.session.opened.connect(lambda: window.read_files(list(files)))
    return app.exec()


def make_application(settings: Settings) -> QApplication:
    """The one QApplication, with the look and the language of `settings`."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("UP Schedule Generator")
    app.setDesktopFileName("upschedule")
    app.setWindowIcon(QIcon(str(assets_folder() / "icons" / "app.svg")))
    set_language(app, language_of(settings.language))
    look().start(app, theme=settings.theme, scale=settings.text_scale, moves=settings.motion == "system")
    return app


def make_window(profile: Path, settings: Settings) -> MainWindow:
    """The window, not yet shown, its profile not yet open."""

    def opener() -> App:
        from desktop.app import App  # noqa: PLC0415 - the store is not loaded before the first frame

        return App.open(profile)

    return MainWindow(Session(opener, settings, profile))
