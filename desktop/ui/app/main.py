"""Starts the program: the application, its appearance and language, the first frame, and only then the profile.

Modules for the store, PDFs, networking and calendars are not imported before the first frame is on the screen.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from desktop.config import Paths, Settings, assets_folder, load_settings, profile_paths
from desktop.crash_log import CrashLog
from desktop.domain.errors import ProfileInUse, StorageError
from desktop.profile_lock import ProfileLock
from desktop.ui.session.session import Session
from desktop.ui.texts.language import resolve_language, set_language
from desktop.ui.theme.style import appearance

if TYPE_CHECKING:
    from desktop.app import App
    from desktop.ui.app.main_window import MainWindow

STARTUP_MS = 3000  # milliseconds after which a start without a window counts as finished
# Seconds: how long to try to reach the running program, which may not listen yet, and how long between two attempts.
HANDOVER_TIMEOUT_SECONDS, HANDOVER_RETRY_SECONDS = 10.0, 0.1


class Application(QApplication):
    """The application, with signals for events of the system: macOS sends events for files and links to open."""

    open_requested = Signal(QUrl)
    quit_requested = Signal()  # by the system, which closes all windows and takes a window that stays open as a refusal

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            self.quit_requested.emit()
        if isinstance(event, QFileOpenEvent):
            self.open_requested.emit(event.url())
            return True
        return super().event(event)


def run(
    profile: Path | None = None, files: Sequence[Path] = (), links: Sequence[str] = (), *, background: bool = False
) -> int:
    """Runs the program and returns its exit status.

    Opens the window with a profile (the user's own if None), reads `files` and opens `links` (`upschedule:...`).
    With `background` there is no window until it is requested. If the program already runs on this profile, the
    request is handed over to that process.
    """
    paths = profile_paths(profile)
    lock, is_taken_over = _lock_or_hand_over(paths, files, links, background=background)
    if is_taken_over:
        return 0
    if background and lock is None:
        return 1  # there is no window in which to show why
    settings = load_settings(paths.settings)
    crash_log = CrashLog(paths.profile)
    report = crash_log.start()
    try:
        return _run(paths, settings, lock, crash_log, report, files, links, background=background)
    except BaseException as error:
        crash_log.write_crash(error)
        raise
    finally:
        crash_log.close()


def _lock_or_hand_over(
    paths: Paths, files: Sequence[Path], links: Sequence[str], *, background: bool
) -> tuple[ProfileLock | None, bool]:
    """The profile's lock, or None; and whether the process that holds the lock has taken over this request.

    (None, False) if a command of the command line holds the lock, or if the lock cannot be created. Opening the
    profile then reports the reason.
    """
    end = time.monotonic() + HANDOVER_TIMEOUT_SECONDS
    while True:
        try:
            return ProfileLock(paths.lock), False
        except ProfileInUse:
            from desktop import handover  # noqa: PLC0415 - only needed if the program runs already

            if handover.send_request(paths.profile, handover.make_request(files, links, background=background)):
                return None, True
            if time.monotonic() > end:
                return None, False
            time.sleep(HANDOVER_RETRY_SECONDS)
        except StorageError:
            return None, False


def _run(
    paths: Paths,
    settings: Settings,
    lock: ProfileLock | None,
    crash_log: CrashLog,
    report: str,
    files: Sequence[Path],
    links: Sequence[str],
    *,
    background: bool,
) -> int:
    if background:
        return _run_in_background(paths, settings, lock, crash_log)
    app = make_application(settings)
    app.setQuitOnLastWindowClosed(False)  # the window decides when to quit
    window = make_window(paths.profile, settings, lock)
    window.session.crash_log = crash_log
    window.session.notices.install_exception_hooks()
    window.first_painted.connect(window.fit_screen)
    window.first_painted.connect(window.open_profile)
    window.first_painted.connect(crash_log.start_log)
    window.closed.connect(app.quit)
    window.show()
    window.session.opened.connect(lambda: _start_resident(app, window), Qt.ConnectionType.SingleShotConnection)
    if report:
        window.first_painted.connect(lambda: window.session.notices.offer_report(report))
    if files:
        window.session.opened.connect(lambda: window.read_files(list(files)))
    for link in links:
        window.open_url(QUrl(link))
    if isinstance(app, Application):
        app.open_requested.connect(window.open_url)
    return app.exec()


def _run_in_background(paths: Paths, settings: Settings, lock: ProfileLock | None, crash_log: CrashLog) -> int:
    from desktop.ui.app.resident import Resident  # noqa: PLC0415 - with a window, imported after its first frame
    from desktop.ui.session.memory import (  # noqa: PLC0415 - with a window, imported after its first frame
        collect_on_main_thread,
        release_startup_memory,
    )

    app = make_application(settings, with_appearance=False)
    app.setQuitOnLastWindowClosed(False)
    collect_on_main_thread()
    session = make_session(paths.profile, settings, lock)
    session.crash_log = crash_log
    session.notices.install_exception_hooks()

    def make(session: Session) -> MainWindow:
        from desktop.ui.app.main_window import MainWindow  # noqa: PLC0415 - not before the window is requested

        _apply_appearance(app, session.settings)
        return MainWindow(session)

    resident = Resident(session, make)
    if isinstance(app, Application):
        app.open_requested.connect(resident.open_url)
        app.quit_requested.connect(resident.prepare_to_quit)
    crash_log.start_log()
    resident.start()
    QTimer.singleShot(STARTUP_MS, session, release_startup_memory)
    try:
        return app.exec()
    finally:
        if session.is_open:
            session.close()
        if lock is not None:
            lock.release()


def _start_resident(app: QApplication, window: MainWindow) -> None:
    """Starts the background services of the window once its profile is open.

    Their modules are imported in three rounds of the event loop, so that none of them takes long. It has to be this
    thread: Qt's types may be created on the main thread only.
    """

    def load_server() -> None:
        import desktop.ui.app.handover_server  # noqa: F401, PLC0415 - not before the first frame

        QTimer.singleShot(0, window, load_session_bus)

    def load_session_bus() -> None:
        from desktop.ui.tray.session_bus import import_bus_modules  # noqa: PLC0415 - as above

        import_bus_modules()
        QTimer.singleShot(0, window, begin)

    def begin() -> None:
        from desktop.ui.app.resident import Resident  # noqa: PLC0415 - as above

        if not window.session.is_open:
            return  # closed in the meantime
        resident = Resident(window.session, lambda _session: window, window)
        if isinstance(app, Application):
            app.quit_requested.connect(resident.prepare_to_quit)
        resident.start()

    QTimer.singleShot(0, window, load_server)


def make_application(settings: Settings, *, with_appearance: bool = True) -> QApplication:
    """The QApplication, created if there is none, with the language of `settings` and, if wanted, their appearance."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else Application(sys.argv[:1])
    app.setApplicationName("UP Schedule Generator")
    app.setDesktopFileName("upschedule")
    app.setWindowIcon(QIcon(str(assets_folder() / "icons" / "app.svg")))
    set_language(app, resolve_language(settings.language))
    if with_appearance:
        _apply_appearance(app, settings)
    return app


def _apply_appearance(app: QApplication, settings: Settings) -> None:
    moves = settings.motion == "system"
    appearance().start(
        app, theme=settings.theme, contrast=settings.contrast, scale=settings.text_scale, animations=moves
    )


def make_window(profile: Path, settings: Settings, lock: ProfileLock | None = None) -> MainWindow:
    """The window; it is not shown yet and its profile is not open yet."""
    from desktop.ui.app.main_window import MainWindow  # noqa: PLC0415 - not imported by a start without a window

    return MainWindow(make_session(profile, settings, lock))


def make_session(profile: Path, settings: Settings, lock: ProfileLock | None = None) -> Session:
    """A session whose profile is not open yet. A `lock` that is held already is used for the first attempt."""
    held = [lock] if lock is not None else []

    def opener() -> App:
        from desktop.app import App  # noqa: PLC0415 - the store is not imported before the first frame

        return App.open(profile, held.pop() if held else None)

    return Session(opener, settings, profile)
