"""Updates of the program: offers once to check daily, checks, and installs a new version on request."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import AppError, UpdateRefused
from desktop.domain.messages import msg
from desktop.ui import routes
from desktop.ui.session.jobs import Jobs
from desktop.ui.session.network_cost import is_metered
from desktop.ui.session.notices import Notices
from desktop.ui.texts.language import translate

if TYPE_CHECKING:
    from desktop.app import App
    from desktop.config import Settings
    from desktop.workflows.updates import NewVersion, Source

AGAIN = 3600 * 1000  # milliseconds between two tests whether the daily check is due, while the program runs


class Updated(Protocol):
    """The parts of the session that the link uses."""

    jobs: Jobs
    notices: Notices

    @property
    def app(self) -> App: ...

    @property
    def settings(self) -> Settings: ...

    def remember(self, **changes: Any) -> None: ...

    def open_page(self, route: routes.Route) -> None: ...


class UpdateLink(QObject):
    """Checks for and installs new versions."""

    changed = Signal()  # any of the attributes
    closing = Signal()  # the program has to quit, since an installer waits for it

    def __init__(self, session: Updated, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.new: NewVersion | None = None
        self.error: AppError | None = None
        self.is_busy = False
        self.has_looked = False  # successfully, since the program was started
        self._timer = QTimer(self)
        self._timer.setInterval(AGAIN)
        self._timer.timeout.connect(self._look_if_due)

    @cached_property
    def source(self) -> Source | None:
        """The source of updates; None if the program was built without one."""
        from desktop.workflows import updates  # noqa: PLC0415 - not before the window is open

        return updates.source()

    def start(self) -> None:
        """Reports the result of the last installation, offers once to check daily, and checks if that is enabled."""
        self._tell_finished()
        if self.source is None:
            return
        if self._session.settings.new_versions == "ask":
            self._session.remember(new_versions="never")  # offered once; can be changed in Settings
            words = translate("Updates", "This program can look for new versions once a day.")
            self._session.notices.offer(words, translate("Updates", "Look once a day"), self.look_daily)
        self._timer.start()
        self._look_if_due()

    def look_daily(self) -> None:
        """Enables the daily check, and checks now."""
        self._session.remember(new_versions="daily")
        self.look()

    def look(self, *, quietly: bool = False) -> None:
        """Checks now, even on a metered connection. If `quietly`, an error is only shown in Settings."""
        at = self.source
        if at is None or self.is_busy:
            return
        from desktop.workflows import updates  # noqa: PLC0415 - as above

        paths = self._session.app.paths

        def found(new: NewVersion | None) -> None:
            is_news = new is not None and (self.new is None or self.new.version != new.version)
            self.new, self.has_looked = new, True
            self._end()
            if new is not None and is_news and quietly:
                self._session.notices.offer(
                    msg("Version {version} is available.", version=new.version),
                    translate("Updates", "See what is new"),
                    lambda: self._session.open_page(routes.SettingsRoute()),
                )

        self._begin()
        self._session.jobs.read(lambda _flag, _tell: updates.look(at, paths), found, self._failed(quietly), owner=self)

    def install(self) -> None:
        """Downloads the new version and starts its installer, which waits for the program to quit."""
        at, new = self.source, self.new
        if at is None or new is None or self.is_busy:
            return
        from desktop.workflows import updates  # noqa: PLC0415 - as above

        paths = self._session.app.paths

        def begun(_nothing: None) -> None:
            self._end()
            self.closing.emit()

        self._begin()
        self._session.jobs.read(
            lambda _flag, _tell: updates.begin_install(at, paths, new), begun, self._failed(False), owner=self
        )

    def _look_if_due(self) -> None:
        from desktop.workflows import updates  # noqa: PLC0415 - as above

        if self._session.settings.new_versions != "daily" or not updates.is_due(self._session.app.paths):
            return

        def heard(is_paid_for: bool) -> None:
            if not is_paid_for:
                self.look(quietly=True)

        self._session.jobs.read(lambda _flag, _tell: is_metered(), heard, self._failed(True), owner=self)

    def _tell_finished(self) -> None:
        from desktop.workflows import updates  # noqa: PLC0415 - as above

        ended = updates.finished(self._session.app.paths)
        if ended is None:
            return
        if ended.is_here:
            self._session.notices.success(msg("This is version {version} now.", version=ended.version))
        else:
            self._session.notices.handle(
                UpdateRefused(
                    msg("Version {version} could not be installed.", version=ended.version),
                    "You have the version from before, and everything in it. Download the new one from its page.",
                )
            )

    def _begin(self) -> None:
        self.is_busy, self.error = True, None
        self.changed.emit()

    def _end(self) -> None:
        self.is_busy = False
        self.changed.emit()

    def _failed(self, quietly: bool) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            self.error = error if isinstance(error, AppError) else None
            self._end()
            if not quietly:
                self._session.notices.handle(error)

        return failed
