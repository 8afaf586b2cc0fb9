"""The watched folder: new exports in it wait on the import page, as if they had been dropped.

Off until the student names a folder; one that went away is said once, and looked for until it is back.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import DocumentRefused, FileTrouble
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate

EVERY, SELDOM = 10_000, 60_000  # milliseconds: where the window is seen, and where it is not


class FolderWatcher(QObject):
    """Looks through the folder of the settings while the profile is open."""

    offered = Signal(str)  # the name of a file that waits on the import page

    def __init__(self, session: Session, every: int = EVERY) -> None:
        super().__init__(session)
        self._session = session
        self._missing = ""  # the folder that was said to be gone
        self._timer = QTimer(self)
        self._timer.setInterval(every)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Looks now and then from now on."""
        self._timer.start()

    def hurry(self, *, seen: bool) -> None:
        """Looks oftener while somebody may wait for it."""
        self._timer.setInterval(EVERY if seen else SELDOM)

    def look(self) -> None:
        """Looks once, if a folder is watched."""
        folder = self._session.settings.watched_folder
        if not folder or not self._session.is_open:
            return

        app = self._session.app

        def work() -> tuple[Path, ...]:
            from desktop.workflows import watching  # noqa: PLC0415 - not before a folder is watched

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
        """Offers a file that is a timetable. Most of what is downloaded is not, and nobody asked for it to be read."""

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
