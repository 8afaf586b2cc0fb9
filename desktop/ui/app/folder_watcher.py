"""Checks the watched folder for new exports, and puts them on the import page as if they had been dropped there.

Inactive until the student sets a folder in the settings. A missing folder is reported once
and checked until it is back.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import DocumentRefused, FileError
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate

POLL_INTERVAL_MS, HIDDEN_POLL_INTERVAL_MS = (
    10_000,
    60_000,
)  # milliseconds: while the window is visible, and while it is not


class FolderWatcher(QObject):
    """Checks the folder of the settings at an interval, while the profile is open."""

    file_added = Signal(str)  # the name of a file that was added to the import page

    def __init__(self, session: Session, interval_ms: int = POLL_INTERVAL_MS) -> None:
        super().__init__(session)
        self._session = session
        self._reported_missing = ""  # the folder that was reported as missing
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.check_folder)

    def start(self) -> None:
        """Starts checking the folder at the interval."""
        self._timer.start()

    def set_window_visible(self, *, is_visible: bool) -> None:
        """Sets the interval: shorter while the window is visible, as somebody may be waiting for the file."""
        self._timer.setInterval(POLL_INTERVAL_MS if is_visible else HIDDEN_POLL_INTERVAL_MS)

    def check_folder(self) -> None:
        """Checks the folder once, if one is set. Does not block: the work is done on a worker thread."""
        folder = self._session.settings.watched_folder
        if not folder or not self._session.is_open:
            return

        app = self._session.app

        def work() -> tuple[Path, ...]:
            from desktop.workflows import watching  # noqa: PLC0415 - loaded only where a folder is watched

            return watching.new_files(app.store, Path(folder), datetime.now().astimezone())

        def failed(error: Exception) -> None:
            if self._reported_missing != folder:
                self._reported_missing = folder
                self._session.notices.show_error(error)

        self._session.jobs.run_on_store(work, self._files_found, failed, owner=self)

    def _files_found(self, paths: tuple[Path, ...]) -> None:
        self._reported_missing = ""
        for path in paths:
            self._read_if_timetable(path)

    def _read_if_timetable(self, path: Path) -> None:
        """Adds the file to the import page if it is a timetable.

        Most downloaded files are not, so those that cannot be read are not reported.
        """

        def failed(error: Exception) -> None:
            if not isinstance(error, DocumentRefused | FileError):
                self._session.notices.show_error(error)

        self._session.jobs.run_in_pool(
            lambda flag, tell: self._session.read_document(path, flag, tell),
            lambda _draft: self._add_to_import(path),
            failed,
            owner=self,
        )

    def _add_to_import(self, path: Path) -> None:
        self._session.import_queue.add([path])
        self.file_added.emit(path.name)
        self._session.notices.show_success(
            translate("Watcher", "{file} in the watched folder waits on the Import page").format(file=path.name)
        )
