"""Connects the window to sync: its status as it changes, and operations run on the lane for servers.

The sync service runs from shortly after the profile is opened until it is closed. Published calendars are uploaded
again a moment after a change, so that several changes in a row need one upload.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import NotReachable
from desktop.ui.session.jobs import Flag, Job
from desktop.ui.session.session_parts import SessionParts
from desktop.ui.texts.sign_ins import sign_in_text

if TYPE_CHECKING:
    from desktop.workflows.folder_sync import FolderStatus
    from desktop.workflows.sync import Invitation, Joint, SignIn, Status, SyncOutcome

T = TypeVar("T")
PUBLISH_AFTER = 2000  # milliseconds after the last change


class Synced(SessionParts, Protocol):
    """The parts of the session that the link uses."""

    def load(self) -> None: ...


class SyncLink(QObject):
    """One session's link to its account."""

    changed = Signal()  # the status
    joined = Signal()  # the service is running

    def __init__(self, session: Synced, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._joint: Joint | None = None
        self._status: Status | None = None
        self._folder_status: FolderStatus | None = None
        self.invitation: Invitation | None = None  # a code with which another device can sign in, while it is shown
        self._is_starting = False
        self._is_published = False
        self._publishing = QTimer(self)
        self._publishing.setSingleShot(True)
        self._publishing.setInterval(PUBLISH_AFTER)
        self._publishing.timeout.connect(self._publish)
        session.state.changed.connect(self._publish_later)
        self._told_of: frozenset[str] | None = None  # keys of the sign-ins that are known here
        self.announced: set[str] = set()  # devices that the list of devices has announced already
        session.state.changed.connect(self._announce)

    @property
    def status(self) -> Status | None:
        """None before the service is running."""
        return self._status

    @property
    def folder_status(self) -> FolderStatus | None:
        """The status of sync through a folder; None if this profile does not use one."""
        return self._folder_status if self.is_in_folder else None

    @property
    def is_in_folder(self) -> bool:
        return self._joint is not None and self._joint.folder.is_on

    @property
    def is_signed_in(self) -> bool:
        return self._joint is not None and self._joint.service.account is not None

    def start(self) -> None:
        """Starts the sync service on the store. Further calls do nothing."""
        if self._is_starting or not self._session.is_open:
            return
        self._is_starting = True
        app, jobs = self._session.app, self._session.jobs
        told = jobs.teller(self._told, self)
        arrived = jobs.teller(self._arrived, self)
        of_folder = jobs.teller(self._told_of_folder, self)
        jobs.sync(lambda _flag: app.join_sync(told, arrived, of_folder), self._started, self._session.notices.handle)

    def start_again(self) -> None:
        """Starts anew after everything was deleted: the profile has another store, and nobody is signed in."""
        self._joint = self._status = self._folder_status = self.invitation = None
        self._is_starting = False
        self.start()

    def _started(self, joint: Joint) -> None:
        self._joint = joint
        self._status = joint.service.status
        self._folder_status = joint.folder.status
        self._session.jobs.stay(joint.folder.keep_in_step)
        self._session.jobs.stay(joint.service.keep_in_step)
        self._session.jobs.stay(joint.service.watch_for_news)
        self._announce()
        self.joined.emit()
        self.changed.emit()

    def _told(self, status: Status) -> None:
        self._status = status
        if status.state == "off":
            self.invitation = None  # ended by signing out
        if status.state == "in step" and not self._is_published:
            self._publishing.start()
        self.changed.emit()

    def _told_of_folder(self, status: FolderStatus) -> None:
        self._folder_status = status
        self.changed.emit()

    def _arrived(self, _outcome: SyncOutcome) -> None:
        self._session.load()

    # sign-ins

    def sign_ins(self) -> tuple[SignIn, ...]:
        """The sign-in history, newest first; () if not signed in."""
        view, joint = self._session.state.view, self._joint
        if view is None or joint is None or not self.is_signed_in:
            return ()
        from desktop.workflows.sync import sign_in_history  # noqa: PLC0415 - not before sync runs

        return sign_in_history(joint, view.records)

    def _announce(self) -> None:
        """Shows a notice for each sign-in on another device since this one was last in step."""
        joint, found = self._joint, self.sign_ins()
        if joint is None or not self.is_signed_in:
            self._told_of = None
            return
        from desktop.workflows.sync import own_device  # noqa: PLC0415 - as above

        own = own_device(joint)
        if self._told_of is not None:
            for each in found:
                if each.key not in self._told_of and each.device not in {own, *self.announced}:
                    self._session.notices.success(sign_in_text(each))
        self.announced -= {each.device for each in found}
        if found or (self._status is not None and self._status.state == "in step"):
            self._told_of = frozenset(each.key for each in found)

    # published calendars

    def _publish_later(self) -> None:
        self._is_published = False
        if self.is_signed_in:
            self._publishing.start()

    def _publish(self) -> None:
        """Uploads the published calendars that changed. If offline, it is repeated once sync is in step again."""
        view, joint = self._session.state.view, self._joint
        if view is None or joint is None or not self.is_signed_in or not view.records.of("feed"):
            return
        from desktop.workflows import feeds  # noqa: PLC0415 - only needed for published calendars

        today = self._session.state.today
        self._is_published = True

        def failed(error: Exception) -> None:
            self._is_published = False
            if not isinstance(error, NotReachable):  # the state of sync shows this already
                self._session.notices.handle(error)

        self._session.jobs.sync(
            lambda _flag: feeds.publish_all(joint, today, datetime.now(UTC)), None, failed, owner=self
        )

    # operations on the account

    def run(
        self,
        verb: Callable[[Joint], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Runs an operation on the account on the lane for servers. Without `failed`, an error is shown as a notice."""
        self.start_verb(lambda joint, _cancelled: verb(joint), done, failed, owner)

    def start_verb(
        self,
        verb: Callable[[Joint, Flag], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], None] | None = None,
        owner: QObject | None = None,
    ) -> Job[T] | None:
        """As above, for an operation that can be cancelled and then undoes itself. None if sync is not running."""
        joint = self._joint
        if joint is None:
            return None
        return self._session.jobs.sync(
            lambda flag: verb(joint, flag),
            lambda answer: (done(answer), None)[1],
            failed or self._session.notices.handle,
            owner=owner,
        )

    def give_up(self, job: Job[Any]) -> None:
        """Cancels a running operation without waiting for it."""
        self._session.jobs.abandon(job)

    def stop(self) -> None:
        """Stops the loops of the service, before the profile is closed."""
        self._publishing.stop()
        if self._joint is not None:
            self._joint.service.stop()
            self._joint.folder.stop()
