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

CHECK_INTERVAL_MS = 3600 * 1000  # milliseconds between two tests whether the daily check is due, while the program runs


class UpdateSession(Protocol):
    """The parts of the session that the link uses."""

    jobs: Jobs
    notices: Notices

    @property
    def app(self) -> App: ...

    @property
    def settings(self) -> Settings: ...

    def change_settings(self, **changes: Any) -> None: ...

    def open_page(self, route: routes.Route) -> None: ...


class UpdateLink(QObject):
    """Checks for and installs new versions."""

    changed = Signal()  # any of the attributes
    quit_requested = Signal()  # the program has to quit, since an installer waits for it

    def __init__(self, session: UpdateSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.new_version: NewVersion | None = None
        self.error: AppError | None = None
        self.is_busy = False
        self.has_checked = False  # successfully, since the program was started
        self._timer = QTimer(self)
        self._timer.setInterval(CHECK_INTERVAL_MS)
        self._timer.timeout.connect(self._check_if_due)

    @cached_property
    def source(self) -> Source | None:
        """The source of updates; None if the program was built without one."""
        from desktop.workflows import updates  # noqa: PLC0415 - not before the window is open

        return updates.source()

    def start(self) -> None:
        """Reports the result of the last installation, offers once to check daily, and checks if that is enabled."""
        self._report_last_install()
        if self.source is None:
            return
        if self._session.settings.new_versions == "ask":
            self._session.change_settings(new_versions="never")  # offered once; can be changed in Settings
            words = translate("Updates", "This program can look for new versions once a day.")
            self._session.notices.show_offer(words, translate("Updates", "Look once a day"), self.check_daily)
        self._timer.start()
        self._check_if_due()

    def check_daily(self) -> None:
        """Enables the daily check, and checks now."""
        self._session.change_settings(new_versions="daily")
        self.check()

    def check(self, *, quietly: bool = False) -> None:
        """Checks now, even on a metered connection. If `quietly`, an error is only shown in Settings."""
        at = self.source
        if at is None or self.is_busy:
            return
        from desktop.workflows import updates  # noqa: PLC0415 - as above

        paths = self._session.app.paths

        def found(new: NewVersion | None) -> None:
            is_news = new is not None and (self.new_version is None or self.new_version.version != new.version)
            self.new_version, self.has_checked = new, True
            self._set_idle()
            if new is not None and is_news and quietly:
                self._session.notices.show_offer(
                    msg("Version {version} is available.", version=new.version),
                    translate("Updates", "See what is new"),
                    lambda: self._session.open_page(routes.SettingsRoute()),
                )

        self._set_busy()
        self._session.jobs.run_in_pool(
            lambda _flag, _tell: updates.check_for_update(at, paths), found, self._failure_handler(quietly), owner=self
        )

    def install(self) -> None:
        """Downloads the new version and starts its installer, which waits for the program to quit."""
        at, new = self.source, self.new_version
        if at is None or new is None or self.is_busy:
            return
        from desktop.workflows import updates  # noqa: PLC0415 - as above

        paths = self._session.app.paths

        def begun(_nothing: None) -> None:
            self._set_idle()
            self.quit_requested.emit()

        self._set_busy()
        self._session.jobs.run_in_pool(
            lambda _flag, _tell: updates.download_and_install(at, paths, new),
            begun,
            self._failure_handler(False),
            owner=self,
        )

    def _check_if_due(self) -> None:
        from desktop.workflows import updates  # noqa: PLC0415 - as above

        if self._session.settings.new_versions != "daily" or not updates.is_due(self._session.app.paths):
            return

        def heard(is_paid_for: bool) -> None:
            if not is_paid_for:
                self.check(quietly=True)

        self._session.jobs.run_in_pool(
            lambda _flag, _tell: is_metered(), heard, self._failure_handler(True), owner=self
        )

    def _report_last_install(self) -> None:
        from desktop.workflows import updates  # noqa: PLC0415 - as above

        ended = updates.take_install_result(self._session.app.paths)
        if ended is None:
            return
        if ended.succeeded:
            self._session.notices.show_success(msg("This is version {version} now.", version=ended.version))
        else:
            self._session.notices.show_error(
                UpdateRefused(
                    msg("Version {version} could not be installed.", version=ended.version),
                    "You have the version from before, and everything in it. Download the new one from its page.",
                )
            )

    def _set_busy(self) -> None:
        self.is_busy, self.error = True, None
        self.changed.emit()

    def _set_idle(self) -> None:
        self.is_busy = False
        self.changed.emit()

    def _failure_handler(self, quietly: bool) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            self.error = error if isinstance(error, AppError) else None
            self._set_idle()
            if not quietly:
                self._session.notices.show_error(error)

        return failed
