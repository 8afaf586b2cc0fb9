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
from desktop.ui.session.jobs import CancelFlag, Job
from desktop.ui.session.session_parts import SessionParts
from desktop.ui.texts.sign_ins import sign_in_text

if TYPE_CHECKING:
    from desktop.workflows.folder_sync import FolderStatus
    from desktop.workflows.sync import Invitation, Joint, SignIn, Status, SyncOutcome

T = TypeVar("T")
PUBLISH_DELAY_MS = 2000  # milliseconds after the last change


class SyncSession(SessionParts, Protocol):
    """The parts of the session that the link uses."""

    def reload_view(self) -> None: ...


class SyncLink(QObject):
    """One session's link to its account."""

    changed = Signal()  # the status
    started = Signal()  # the service is running

    def __init__(self, session: SyncSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._joint: Joint | None = None
        self._status: Status | None = None
        self._folder_status: FolderStatus | None = None
        self.invitation: Invitation | None = None  # a code with which another device can sign in, while it is shown
        self._is_starting = False
        self._is_published_current = False
        self._publish_timer = QTimer(self)
        self._publish_timer.setSingleShot(True)
        self._publish_timer.setInterval(PUBLISH_DELAY_MS)
        self._publish_timer.timeout.connect(self._publish)
        session.state.changed.connect(self._schedule_publish)
        self._known_sign_ins: frozenset[str] | None = None  # keys of the sign-ins that are known here
        self.announced_devices: set[str] = set()  # devices that the list of devices has announced already
        session.state.changed.connect(self._announce_sign_ins)

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
        told = jobs.make_main_thread_callback(self._status_received, self)
        arrived = jobs.make_main_thread_callback(self._records_received, self)
        of_folder = jobs.make_main_thread_callback(self._folder_status_received, self)
        jobs.run_on_servers(
            lambda _flag: app.join_sync(told, arrived, of_folder),
            self._service_started,
            self._session.notices.show_error,
        )

    def restart(self) -> None:
        """Starts anew after everything was deleted: the profile has another store, and nobody is signed in."""
        self._joint = self._status = self._folder_status = self.invitation = None
        self._is_starting = False
        self.start()

    def _service_started(self, joint: Joint) -> None:
        self._joint = joint
        self._status = joint.service.status
        self._folder_status = joint.folder.status
        self._session.jobs.run_loop(joint.folder.run_sync_loop)
        self._session.jobs.run_loop(joint.service.run_sync_loop)
        self._session.jobs.run_loop(joint.service.run_change_listener)
        self._announce_sign_ins()
        self.started.emit()
        self.changed.emit()

    def _status_received(self, status: Status) -> None:
        self._status = status
        if status.state == "off":
            self.invitation = None  # ended by signing out
        if status.state == "in step" and not self._is_published_current:
            self._publish_timer.start()
        self.changed.emit()

    def _folder_status_received(self, status: FolderStatus) -> None:
        self._folder_status = status
        self.changed.emit()

    def _records_received(self, _outcome: SyncOutcome) -> None:
        self._session.reload_view()

    # sign-ins

    def sign_ins(self) -> tuple[SignIn, ...]:
        """The sign-in history, newest first; () if not signed in."""
        view, joint = self._session.state.view, self._joint
        if view is None or joint is None or not self.is_signed_in:
            return ()
        from desktop.workflows.sync import sign_in_history  # noqa: PLC0415 - not before sync runs

        return sign_in_history(joint, view.records)

    def _announce_sign_ins(self) -> None:
        """Shows a notice for each sign-in on another device since this one was last in step."""
        joint, found = self._joint, self.sign_ins()
        if joint is None or not self.is_signed_in:
            self._known_sign_ins = None
            return
        from desktop.workflows.sync import own_device  # noqa: PLC0415 - as above

        own = own_device(joint)
        if self._known_sign_ins is not None:
            for each in found:
                if each.key not in self._known_sign_ins and each.device not in {own, *self.announced_devices}:
                    self._session.notices.show_success(sign_in_text(each))
        self.announced_devices -= {each.device for each in found}
        if found or (self._status is not None and self._status.state == "in step"):
            self._known_sign_ins = frozenset(each.key for each in found)

    # published calendars

    def _schedule_publish(self) -> None:
        self._is_published_current = False
        if self.is_signed_in:
            self._publish_timer.start()

    def _publish(self) -> None:
        """Uploads the published calendars that changed. If offline, it is repeated once sync is in step again."""
        view, joint = self._session.state.view, self._joint
        if view is None or joint is None or not self.is_signed_in or not view.records.of_kind("feed"):
            return
        from desktop.workflows import feeds  # noqa: PLC0415 - only needed for published calendars

        today = self._session.state.today
        self._is_published_current = True

        def failed(error: Exception) -> None:
            self._is_published_current = False
            if not isinstance(error, NotReachable):  # the state of sync shows this already
                self._session.notices.show_error(error)

        self._session.jobs.run_on_servers(
            lambda _flag: feeds.publish_all(joint, today, datetime.now(UTC)), None, failed, owner=self
        )

    # operations on the account

    def run_on_account(
        self,
        operation: Callable[[Joint], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Runs an operation on the account on the lane for servers. Without `failed`, an error is shown as a notice."""
        self.start_on_account(lambda joint, _cancelled: operation(joint), done, failed, owner)

    def start_on_account(
        self,
        operation: Callable[[Joint, CancelFlag], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], None] | None = None,
        owner: QObject | None = None,
    ) -> Job[T] | None:
        """As above, for an operation that can be cancelled and then undoes itself. None if sync is not running."""
        joint = self._joint
        if joint is None:
            return None
        return self._session.jobs.run_on_servers(
            lambda flag: operation(joint, flag),
            lambda answer: (done(answer), None)[1],
            failed or self._session.notices.show_error,
            owner=owner,
        )

    def cancel(self, job: Job[Any]) -> None:
        """Cancels a running operation without waiting for it."""
        self._session.jobs.abandon(job)

    def stop(self) -> None:
        """Stops the loops of the service, before the profile is closed."""
        self._publish_timer.stop()
        if self._joint is not None:
            self._joint.service.stop()
            self._joint.folder.stop()
