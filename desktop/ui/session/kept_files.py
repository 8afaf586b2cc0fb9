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
        self._last_error_text = ""  # the error that was shown last: it is shown once, not after every change
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WRITE_AFTER)
        self._timer.timeout.connect(self._write)
        session.state.changed.connect(self._timer.start)

    def start(self) -> None:
        """Schedules a write of what changed while no window was open."""
        self._timer.start()

    def write_pending(self) -> None:
        """Writes pending changes at once, before the profile is closed."""
        if self._timer.isActive():
            self._timer.stop()
            self._write()

    def _write(self) -> None:
        if not self._session.is_open:
            return
        app, today = self._session.app, self._session.state.today

        def work() -> tuple[FileWrite, ...]:
            from desktop.workflows import kept_file  # noqa: PLC0415 - calendars are not imported before they are needed

            return kept_file.update_kept_files(app.store, today, datetime.now(UTC))

        def done(found: tuple[FileWrite, ...]) -> None:
            self._last_error_text = ""
            if found:
                self.changed.emit()

        def failed(error: Exception) -> None:
            if str(error) != self._last_error_text:
                self._last_error_text = str(error)
                self._session.notices.show_error(error)

        self._session.jobs.run_on_store(work, done, failed, owner=self)
