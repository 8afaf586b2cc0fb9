"""The window's end of sync: its status as it changes, and its verbs done on the lane for servers.

Hides the service with its two loops, which run beside the window from shortly after it opened until it closes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from desktop.ui.session import Session
    from desktop.workflows.sync import Joint, Outcome, Status

T = TypeVar("T")


class SyncLink(QObject):
    """One session's link to its account. `changed` with every new status; `joined` once the service is there."""

    changed = Signal()
    joined = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._joint: Joint | None = None
        self._status: Status | None = None
        self._is_starting = False

    @property
    def status(self) -> Status | None:
        """None before the service is there."""
        return self._status

    @property
    def is_signed_in(self) -> bool:
        return self._joint is not None and self._joint.service.account is not None

    def start(self) -> None:
        """Joins the store with sync and keeps it in step from now on. Once; further calls do nothing."""
        if self._is_starting or not self._session.is_open:
            return
        self._is_starting = True
        app, jobs = self._session.app, self._session.jobs
        told = jobs.teller(self._told, self)
        arrived = jobs.teller(self._arrived, self)
        jobs.sync(lambda _flag: app.join_sync(told, arrived), self._started, self._session.notices.handle)

    def _started(self, joint: Joint) -> None:
        self._joint = joint
        self._status = joint.service.status
        self._session.jobs.stay(joint.service.keep_in_step)
        self._session.jobs.stay(joint.service.watch_for_news)
        self.joined.emit()
        self.changed.emit()

    def _told(self, status: Status) -> None:
        self._status = status
        self.changed.emit()

    def _arrived(self, _outcome: Outcome) -> None:
        self._session.load()

    def run(
        self,
        verb: Callable[[Joint], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Does something with the account on the lane for servers; `failed` shows the trouble where None is given."""
        joint = self._joint
        if joint is None:
            return
        self._session.jobs.sync(
            lambda _flag: verb(joint),
            lambda answer: (done(answer), None)[1],
            failed or self._session.notices.handle,
            owner=owner,
        )

    def stop(self) -> None:
        """Ends the loops, before the profile is closed."""
        if self._joint is not None:
            self._joint.service.stop()
