"""Checks the watched folder for new exports, and puts them on the import page as if they had been dropped there.

Inactive until the student sets a folder in the settings. A missing folder is reported once
and checked until it is back.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import DocumentRefused, FileTrouble
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate

EVERY, SELDOM = 10_000, 60_000  # milliseconds: while the window is visible, and while it is not


class FolderWatcher(QObject):
    """Checks the folder of the settings at an interval, while the profile is open."""

    offered = Signal(str)  # the name of a file that was added to the import page

    def __init__(self, session: Session, every: int = EVERY) -> None:
        super().__init__(session)
        self._session = session
        self._missing = ""  # the folder that was reported as missing
        self._timer = QTimer(self)
        self._timer.setInterval(every)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Starts checking the folder at the interval."""
        self._timer.start()

    def hurry(self, *, seen: bool) -> None:
        """Sets the interval: shorter while the window is visible, as somebody may be waiting for the file."""
        self._timer.setInterval(EVERY if seen else SELDOM)

    def look(self) -> None:
        """Checks the folder once, if one is set. Does not block: the work is done on a worker thread."""
        folder = self._session.settings.watched_folder
        if not folder or not self._session.is_open:
            return

        app = self._session.app

        def work() -> tuple[Path, ...]:
            from desktop.workflows import watching  # noqa: PLC0415 - loaded only where a folder is watched

            return watching.look(app.store, Path(folder), datetime.now().astimezone())

        def failed(error: Exception) -> None:
            if self._missing != folder:
                self._missing = folder
                self._session.notices.handle(error)

        self._session.jobs.store(work, self._found, failed, owner=self)

    def _found(self, paths: tuple[Path, ...]) -> None:
        self._missing = ""
        for path in paths:
            self._try(path)

    def _try(self, path: Path) -> None:
        """Adds the file to the import page if it is a timetable.

        Most downloaded files are not, so those that cannot be read are not reported.
        """

        def failed(error: Exception) -> None:
            if not isinstance(error, DocumentRefused | FileTrouble):
                self._session.notices.handle(error)

        self._session.jobs.read(
            lambda flag, tell: self._session.read_document(path, flag, tell),
            lambda _draft: self._offer(path),
            failed,
            owner=self,
        )

    def _offer(self, path: Path) -> None:
        self._session.import_queue.add([path])
        self.offered.emit(path.name)
        self._session.notices.success(
            translate("Watcher", "{file} in the watched folder waits on the Import page").format(file=path.name)
        )
