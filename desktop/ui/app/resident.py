"""Everything that runs for as long as the process, with or without a window: the server for later starts, the tray
icon, reminders and, without a window, the watched folder.

A start without a window does not open the profile: the next events and the reminders come from the cached view. The
profile is opened together with the window: on request, when the watched folder has a new file, or if no view is cached.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtWidgets import QApplication

from desktop.domain.event_kinds import EventKind
from desktop.domain.reminders import Reminder
from desktop.handover import Request
from desktop.ui import routes
from desktop.ui.app.handover_server import HandoverServer
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.tray.icon import TrayIcon
from desktop.ui.tray.notifications import Notification, Notifications
from desktop.ui.tray.reminders import Reminders
from desktop.ui.tray.session_bus import open_bus
from desktop.ui.tray.texts import notification_of

if TYPE_CHECKING:
    from desktop.ui.app.main_window import MainWindow

CLASS_ALARM_MINUTES = (10,)  # minutes
FOLDER_NOTIFICATION = "watched folder"  # identifies the notification


class Resident(QObject):
    """Create it once the lock of the profile is held. If there is no window yet, it is created on request."""

    def __init__(
        self, session: Session, make_window: Callable[[Session], MainWindow], window: MainWindow | None = None
    ) -> None:
        super().__init__(session)
        self.session = session
        self._make_window = make_window
        self._window = window
        self._server = HandoverServer(session.profile, self)
        self._server.request_received.connect(self._handle_request)
        self._bus = open_bus(self)
        self.reminders = Reminders(session, self)
        self.reminders.reminder_due.connect(self._show_reminder)
        self.notifications = Notifications(self._bus, self)
        self.notifications.opened.connect(self._open_notification)
        self.notifications.snoozed.connect(self.reminders.snooze)
        self.notifications.not_shown.connect(self._show_in_window)
        self.icon = TrayIcon(session, self.reminders, self)
        self.icon.shown.connect(self.notifications.set_tray_icon)
        self.icon.open_requested.connect(self.show_window)
        self.icon.quit_requested.connect(self.quit)
        session.state.minute_started.connect(self._check_folder)
        if window is not None:
            self._connect_window(window)

    def start(self) -> None:
        """Starts the server, the tray icon and the reminders.

        If the server cannot listen, a later start reports that the program is open already.
        """
        self._server.listen()
        if self._window is None and not self.session.show_cached_view():
            self.window()  # no cached view of this version: only the profile has the next events
        self.icon.start(self._bus)
        self.reminders.check_due()
        if self._window is not None:
            self._offer_reminders()

    # the window

    @property
    def is_window_active(self) -> bool:
        """True if there is a window and it has the keyboard focus."""
        return self._window is not None and self._window.isActiveWindow()

    def window(self) -> MainWindow:
        """The window; created, and its profile opened, on first use. It is not necessarily shown."""
        if self._window is None:
            self._window = self._make_window(self.session)
            self._window.first_painted.connect(self._window.fit_screen)
            self._window.closed.connect(QApplication.quit)
            self._connect_window(self._window)
            self._window.open_profile()
        return self._window

    def show_window(self, token: str = "") -> MainWindow:
        """Shows the window in front of the others. `token` is an activation token of the XDG protocol, or ""."""
        window = self.window()
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt reads it from the environment
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def open_url(self, url: QUrl) -> None:
        """Opens a local file or a link in the window."""
        self.show_window().open_url(url)

    def quit(self) -> None:
        """Ends the program. Asks first if files are being read."""
        if self._window is None:
            self._shut_down()
            QApplication.quit()
            return
        if self.session.is_reading:
            self.show_window()
        self._window.close_for_good()

    def prepare_to_quit(self) -> None:
        """Makes the next close of the window final, because the desktop session ends."""
        if self._window is not None:
            self._window.prepare_to_quit()
        else:
            self._shut_down()

    def _connect_window(self, window: MainWindow) -> None:
        window.can_be_reopened = True
        window.file_found.connect(self._notify_of_file)
        window.closed.connect(self._shut_down)

    def _shut_down(self) -> None:
        self._server.close()
        self.reminders.save()
        self.icon.hide()

    # later starts

    def _handle_request(self, request: Request) -> None:
        if request.background and not request.files and not request.links:
            return
        window = self.show_window(request.token)
        # Opened in the next round, after the other process has got its answer: it waits for that.
        QTimer.singleShot(0, window, lambda: self._open_request(window, request))

    def _open_request(self, window: MainWindow, request: Request) -> None:
        for link in request.links:
            window.open_url(QUrl(link))
        if not request.files:
            return
        if self.session.is_open:
            window.read_files(request.files)
        else:
            read = lambda: window.read_files(request.files)  # noqa: E731 - a function of its own, connected once
            self.session.opened.connect(read, Qt.ConnectionType.SingleShotConnection)

    # reminders and the watched folder

    def _offer_reminders(self) -> None:
        """Offers reminders once per profile, if the timetable is not empty."""
        if self.session.settings.keep_running != "ask" or self.session.state.is_empty:
            return
        self.session.change_settings(keep_running="no")  # asked once; Settings keeps the choice
        words = translate(
            "Reminder", "This program can remind you of classes and tests, also while its window is closed."
        )
        self.session.notices.show_offer(words, translate("Reminder", "Remind me"), self._keep_running)

    def _keep_running(self) -> None:
        from desktop.ui.pages.reminder_settings import set_alarm, set_autostart  # noqa: PLC0415 - used once per profile

        self.session.change_settings(keep_running="yes")
        set_autostart(self.session, on=True)
        view = self.session.state.view
        if view is not None and not view.alarms.get(EventKind.LECTURE):
            set_alarm(self.session, EventKind.LECTURE, CLASS_ALARM_MINUTES, quiet=True)
        self.session.notices.show_success(
            translate("Reminder", "The program keeps running, and starts at login. Settings can change that.")
        )

    def _show_reminder(self, reminder: Reminder) -> None:
        self.notifications.show(notification_of(reminder, self.session.state.now()))
        self.icon.refresh()

    def _open_notification(self, name: str) -> None:
        window = self.show_window()
        if name == FOLDER_NOTIFICATION:
            window.open_page(routes.ImportRoute())

    def _show_in_window(self, note: Notification) -> None:
        self.session.notices.show_success(f"{note.title}: {note.body}".replace("\n", ", "))

    def _check_folder(self) -> None:
        """Opens the profile, with a hidden window, if the watched folder has a new file.

        With a window there is nothing to do: it has a watcher of its own.
        """
        folder = self.session.settings.watched_folder
        if self._window is not None or not folder:
            return
        from desktop.config import Paths  # noqa: PLC0415 - only where a folder is watched
        from desktop.workflows import watching  # noqa: PLC0415 - as above

        if watching.has_new_files(Paths(self.session.profile).database, Path(folder), datetime.now().astimezone()):
            self.window()

    def _notify_of_file(self, file: str) -> None:
        if not self.is_window_active:
            title = translate("Watcher", "New timetable in the watched folder")
            body = translate("Watcher", "{file} waits on the Import page").format(file=file)
            self.notifications.show(Notification(FOLDER_NOTIFICATION, title, body))
