"""What runs for as long as the program does, with its window or without.

It listens for later starts, which bring the window forward and hand over their files.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtWidgets import QApplication

from desktop.handover import Request
from desktop.ui.app.handover_server import HandoverServer
from desktop.ui.app.main_window import MainWindow
from desktop.ui.session.session import Session


class Resident(QObject):
    """Made once the lock of the profile is held; where there is no `window` yet, `make` makes it when asked for."""

    def __init__(
        self, session: Session, make: Callable[[Session], MainWindow], window: MainWindow | None = None
    ) -> None:
        super().__init__(session)
        self.session = session
        self._make = make
        self._window = window
        self._server = HandoverServer(session.profile, self)
        self._server.asked.connect(self._asked)
        if window is not None:
            self._adopt(window)

    def start(self) -> None:
        """Begins to listen. Where that is not possible, a later start says that the program is open already."""
        self._server.listen()

    # the window

    @property
    def is_seen(self) -> bool:
        """Whether there is a window that a person can see."""
        return self._window is not None and self._window.isVisible() and not self._window.isMinimized()

    def window(self) -> MainWindow:
        """The window, made and its profile opened where that was not needed before; not necessarily shown."""
        if self._window is None:
            self._window = self._make(self.session)
            self._window.first_painted.connect(self._window.fit_screen)
            self._window.closed.connect(QApplication.quit)
            self._adopt(self._window)
            self._window.begin()
        return self._window

    def show(self, token: str = "") -> MainWindow:
        """Brings the window in front of the others."""
        window = self.window()
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def open_asked(self, url: QUrl) -> None:
        """Opens what the system asks for."""
        self.show().open_asked(url)

    def quit(self) -> None:
        """Ends the program; asks where files are being read."""
        if self._window is None:
            QApplication.quit()
            return
        if self.session.is_reading:
            self.show()
        self._window.end()

    def prepare_to_quit(self) -> None:
        """The system ends its session: the window closes for good."""
        if self._window is not None:
            self._window.prepare_to_quit()

    def _adopt(self, window: MainWindow) -> None:
        window.can_come_back = True
        window.closed.connect(self._server.close)

    # later starts

    def _asked(self, request: Request) -> None:
        if request.background and not request.files and not request.links:
            return
        window = self.show(request.token)
        # The other start is answered first; it waits for that.
        QTimer.singleShot(0, window, lambda: self._open(window, request))

    def _open(self, window: MainWindow, request: Request) -> None:
        for link in request.links:
            window.open_asked(QUrl(link))
        if not request.files:
            return
        if self.session.is_open:
            window.read_files(request.files)
        else:
            read = lambda: window.read_files(request.files)  # noqa: E731 - disconnects itself
            self.session.opened.connect(read, Qt.ConnectionType.SingleShotConnection)
