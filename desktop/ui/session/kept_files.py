"""Writes the calendar files that are kept up to date, a moment after the last of several changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.ui.session.session_parts import SessionParts

if TYPE_CHECKING:
    from desktop.workflows.kept_file import FileWrite

WRITE_AFTER = 2000  # milliseconds after the last change


class KeptFiles(QObject):
    """The kept files of one session."""

    changed = Signal()  # a file was written, or a write was undone

    def __init__(self, session: SessionParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._said = ""  # the error that was shown last: it is shown once, not after every change
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(WRITE_AFTER)
        self._waiting.timeout.connect(self._write)
        session.state.changed.connect(self._waiting.start)

    def start(self) -> None:
        """Schedules a write of what changed while no window was open."""
        self._waiting.start()

    def finish(self) -> None:
        """Writes pending changes at once, before the profile is closed."""
        if self._waiting.isActive():
            self._waiting.stop()
            self._write()

    def _write(self) -> None:
        if not self._session.is_open:
            return
        app, today = self._session.app, self._session.state.today

        def work() -> tuple[FileWrite, ...]:
            from desktop.workflows import kept_file  # noqa: PLC0415 - calendars are not imported before they are needed

            return kept_file.update_kept_files(app.store, today, datetime.now(UTC))

        def done(found: tuple[FileWrite, ...]) -> None:
            self._said = ""
            if found:
                self.changed.emit()

        def failed(error: Exception) -> None:
            if str(error) != self._said:
                self._said = str(error)
                self._session.notices.handle(error)

        self._session.jobs.store(work, done, failed, owner=self)
