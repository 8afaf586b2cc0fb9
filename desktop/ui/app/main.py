"""Starts the window: the application, its look and language, the first frame, and only then the profile.

Nothing of the store, of PDFs, networks or calendars is loaded before the first frame is on the screen.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from desktop.config import Paths, Settings, assets_folder, load_settings, profile_paths
from desktop.crash_log import CrashLog
from desktop.ui.app.main_window import MainWindow
from desktop.ui.session.session import Session
from desktop.ui.texts.language import language_of, set_language
from desktop.ui.theme.style import look

if TYPE_CHECKING:
    from desktop.app import App


class Application(QApplication):
    """The application, told by the system what to open while it runs: macOS sends events for files and links."""

    asked_to_open = Signal(QUrl)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.asked_to_open.emit(event.url())
            return True
        return super().event(event)


def run(profile: Path | None = None, files: Sequence[Path] = (), links: Sequence[str] = ()) -> int:
    """Opens the window over a profile (the user's own where None), reads `files`, opens `links` (`upschedule:...`).

    Returns the exit status.
    """
    paths = profile_paths(profile)
    settings = load_settings(paths.settings)
    crash_log = CrashLog(paths.profile)
    report = crash_log.start()
    try:
        return _run(paths, settings, crash_log, report, files, links)
    except BaseException as error:
        crash_log.crashed(error)
        raise
    finally:
        crash_log.close()


def _run(
    paths: Paths, settings: Settings, crash_log: CrashLog, report: str, files: Sequence[Path], links: Sequence[str]
) -> int:
    app = make_application(settings)
    window = make_window(paths.profile, settings)
    window.session.crash_log = crash_log
    window.session.notices.install()
    if isinstance(app, Application):
        app.asked_to_open.connect(window.open_asked)
    window.first_painted.connect(window.fit_screen)
    window.first_painted.connect(window.begin)
    window.first_painted.connect(crash_log.start_log)
    window.show()
    if report:
        window.first_painted.connect(lambda: window.session.notices.offer_report(report))
    if files:
        window.session.opened.connect(lambda: window.read_files(list(files)))
    for link in links:
        window.open_asked(QUrl(link))
    return app.exec()


def make_application(settings: Settings) -> QApplication:
    """The one QApplication, with the look and the language of `settings`."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else Application(sys.argv[:1])
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
