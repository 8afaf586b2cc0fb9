"""The folder sync service that the window and the command line use: a status to show, operations, and one loop.

The loop checks the folder every two seconds. If neither a file nor a local record has changed, a check only lists the
folder and opens no file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from desktop.domain.errors import AppError, Cancelled, FileError, NotAllowed
from desktop.sync.folder.account import PATH, FolderAccount, leave_folder, open_account
from desktop.sync.folder.directory import Directory
from desktop.sync.folder.engine import FolderEngine
from desktop.sync.folder.health import FolderDevice, devices_of
from desktop.sync.folder.linking import FolderInvitation
from desktop.sync.folder.ports import FileStat, FolderFiles
from desktop.sync.folder.state import load_state
from desktop.sync.plan import Progress, SyncOutcome
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault

OFF, WORKING, IN_STEP, OFFLINE, NEEDS_YOU = "off", "working", "in step", "offline", "needs you"
POLL_INTERVAL_SECONDS = 2.0  # seconds between two checks of the folder
DEBOUNCE_SECONDS = 1.0
MAX_RUN_INTERVAL_SECONDS = (
    3_600.0  # longest time between two runs, even without changes: what was only merged is written daily
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """The status to show: `state` is one of the constants above, `since` when it began.

    `waiting` is the number of files that the cloud program has listed but not downloaded yet.
    """

    state: str
    since: datetime
    error: AppError | None = None
    progress: Progress | None = None
    outcome: SyncOutcome | None = None  # of the last completed run
    folder: str = ""
    devices: tuple[FolderDevice, ...] = ()
    waiting: int = 0
    is_removed: bool = False
    is_password_replaced: bool = False


def processed_listing(
    before: Mapping[str, FileStat], after: Mapping[str, FileStat], own: str
) -> Mapping[str, FileStat]:
    """The files that a run has processed.

    These are the files of the listing `before` the run that still exist, and of those that appeared or changed until
    `after` it only this device's own.
    """
    came = {name: stat for name, stat in after.items() if before.get(name) != stat}
    kept = {name: stat for name, stat in before.items() if name in after}
    return kept | {name: stat for name, stat in came.items() if own in name}


class FolderService:
    """Keeps one profile in sync with a folder. Safe to call from any thread.

    The two callbacks get every new status, and the outcome of each run that changed records here. Both are called on
    the thread that syncs.
    """

    def __init__(
        self,
        repository: SyncRepository,
        vault: Vault,
        *,
        on_status: Callable[[FolderStatus], None] = lambda _: None,
        on_changes: Callable[[SyncOutcome], None] = lambda _: None,
        make_files: Callable[[Path], FolderFiles] = Directory,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._vault = vault
        self._on_status = on_status
        self._on_changes = on_changes
        self._make_files = make_files
        self._clock = clock
        self._now = now
        self._account_lock = threading.RLock()
        self._wakeup = threading.Condition()
        self._due: float | None = None
        self._is_stopped = False
        self._account: FolderAccount | None = None
        self._files: FolderFiles | None = None
        self._engine: FolderEngine | None = None
        self._last_listing: Mapping[str, FileStat] = {}
        self._ran_at = 0.0
        self._status = FolderStatus(OFF, now())
        self.invitation: FolderInvitation | None = None  # the code for another device, while it is shown
        self._open()

    def _open(self) -> None:
        with self._repository.transaction() as transaction:
            path, state = transaction.memo(PATH), load_state(transaction)
        if path is None or state is None:
            return
        files = self._make_files(Path(path))
        try:
            account = open_account(self._repository, self._vault, files)
        except FileError as away:
            self._status = replace(self._status, state=OFFLINE, folder=path, error=away)
            return
        if account is None:
            trouble = NotAllowed(
                "The keys of your timetable are not on this machine any more.",
                "Stop syncing, and join the folder again.",
            )
            self._status = replace(self._status, state=NEEDS_YOU, folder=path, error=trouble)
            return
        self._begin(account, files, path)

    # the account
    @property
    def status(self) -> FolderStatus:
        return self._status

    @property
    def account(self) -> FolderAccount | None:
        return self._account

    @property
    def is_on(self) -> bool:
        """True if this profile syncs through a folder, even if the folder is missing at the moment."""
        return self._status.folder != ""

    def files_at(self, path: Path) -> FolderFiles:
        """The files of a folder that the user has chosen. Raises FileError if it cannot be used."""
        files = self._make_files(path)
        files.list()
        return files

    def start_with(self, account: FolderAccount, files: FolderFiles, path: Path) -> None:
        """Starts syncing with an account that was just created or joined."""
        with self._account_lock:
            with self._repository.transaction() as transaction:
                transaction.set_memo(PATH, str(path))
            self._begin(account, files, str(path))
            self._set_status(self._status)
        self._schedule_within(0.0)

    def _begin(self, account: FolderAccount, files: FolderFiles, path: str) -> None:
        self._account, self._files = account, files
        self._engine = FolderEngine(self._repository, files, account)
        self._last_listing = {}
        self._status = FolderStatus(WORKING, self._now(), folder=path, devices=self._devices())

    def change_path(self, path: Path) -> None:
        """Changes the path of the same folder on this machine. Raises FileError, NotAllowed."""
        files = self.files_at(path)
        with self._account_lock:
            with self._repository.transaction() as transaction:
                transaction.set_memo(PATH, str(path))
            self._open()
            if self._files is None:
                self._files = files
            self._set_status(self._status)
        self._schedule_within(0.0)

    def leave_folder(self) -> None:
        """Stops syncing through the folder. The local records and the folder's files stay."""
        with self._account_lock:
            self.end_invitation()
            leave_folder(self._repository, self._vault)
            self._account = self._files = self._engine = None
            self._status = FolderStatus(OFF, self._now())
            self._on_status(self._status)

    def with_account(self, request: Callable[[FolderAccount], _T]) -> _T:
        """Calls `request` with the account while no sync runs. Raises NotAllowed if there is none."""
        with self._account_lock:
            if self._account is None:
                raise NotAllowed("This profile does not sync through a folder.", "Choose a folder first.")
            return request(self._account)

    def remove_device(self, file: str) -> None:
        """Removes a device: it gets no new keys, and its files are deleted once ours contain everything in them."""
        with self._account_lock:
            self.with_account(lambda account: account.remove_device(file))
            if self._engine is not None and self._files is not None:
                self._engine.delete_files_of(self._files.list(), file)
                self._set_status(replace(self._status, devices=self._devices()))

    # linking another device
    def invite(self) -> FolderInvitation:
        """A code for a new device, valid for one request while its page is open."""
        with self._account_lock:
            self.end_invitation()
            account, files = self._account, self._files
            if account is None or files is None:
                raise NotAllowed("This profile does not sync through a folder.", "Choose a folder first.")
            self.invitation = FolderInvitation(account, files, Path(self._status.folder))
            return self.invitation

    def end_invitation(self) -> None:
        with self._account_lock:
            if self.invitation is not None:
                self.invitation.close()
                self.invitation = None

    # syncing

    def sync_now(
        self,
        *,
        agreed: bool = False,
        wipe: str = "ask",
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> SyncOutcome:
        """Syncs once, now. The arguments are those of `FolderEngine.run`.

        Raises the error that ended the run early, after the status was set to it.
        """

        def tell(done: Progress) -> None:
            self._set_status(replace(self._status, progress=done))
            progress(done)

        with self._account_lock:
            if self._engine is None:
                self._open()
            engine, files, account = self._engine, self._files, self._account
            if engine is None or files is None or account is None:
                if self._status.error is not None:
                    raise self._status.error
                raise NotAllowed("This profile does not sync through a folder.", "Choose a folder first.")
            self._due = None
            before = self._status
            try:
                looked_at = files.list()
                outcome = engine.run(agreed=agreed, wipe=wipe, cancelled=cancelled, progress=tell)
                self._last_listing = processed_listing(looked_at, files.list(), account.file)
            except (FileError, Cancelled) as away:
                trouble = None if isinstance(away, Cancelled) else away
                self._set_status(replace(before, state=OFFLINE, since=self._now(), error=trouble, progress=None))
                raise
            except AppError as trouble:
                self._set_status(replace(before, state=NEEDS_YOU, since=self._now(), error=trouble, progress=None))
                raise
            self._ran_at = self._clock()
            self._set_status(
                FolderStatus(
                    IN_STEP,
                    self._now(),
                    outcome=outcome,
                    folder=self._status.folder,
                    devices=self._devices(),
                    waiting=len(files.waiting()),
                    is_removed=account.is_removed,
                    is_password_replaced=account.is_password_replaced,
                )
            )
        if outcome.changed:
            self._on_changes(outcome)
        if outcome.pulled:
            self._schedule_within(
                DEBOUNCE_SECONDS
            )  # a device that has just joined writes its own files in a second run
        return outcome

    def _devices(self) -> tuple[FolderDevice, ...]:
        with self._repository.transaction() as transaction:
            state = load_state(transaction)
        removed = frozenset() if self._account is None else self._account.keyring.removed
        return () if state is None else tuple(each for each in devices_of(state) if each.file not in removed)

    # the loop

    def schedule_sync(self) -> None:
        """Schedules a run in a second; acts until then are written together."""
        self._schedule_within(DEBOUNCE_SECONDS)

    def run_sync_loop(self) -> None:
        """Checks the folder, and syncs whenever something has changed, until `stop`."""
        self._schedule_within(0.0)
        while self._wait_until_due():
            is_due = self._take_due()
            if not self._is_running:
                continue
            with suppress(AppError):  # the status holds the error
                if is_due or self._has_news():
                    self.sync_now(cancelled=lambda: self._is_stopped)

    @property
    def _is_running(self) -> bool:
        """True if there is a folder to check, and nothing waits for the student's decision."""
        return self.is_on and self._status.state != NEEDS_YOU

    def _has_news(self) -> bool:
        """True if the folder's listing changed since the last run. Opens no file."""
        if (
            self._files is None
            or self._status.state == OFFLINE
            or self._clock() - self._ran_at > MAX_RUN_INTERVAL_SECONDS
        ):
            return True
        try:
            return dict(self._files.list()) != dict(self._last_listing)
        except FileError:
            return True

    def stop(self) -> None:
        """Ends the loop."""
        self._is_stopped = True
        with self._wakeup:
            self._wakeup.notify_all()

    def _schedule_within(self, within: float) -> None:
        with self._wakeup:
            due = self._clock() + within
            self._due = due if self._due is None else min(self._due, due)
            self._wakeup.notify_all()

    def _wait_until_due(self) -> bool:
        """Waits until the next check of the folder; without a folder, until `_schedule_within`. Returns False after
        `stop`."""
        with self._wakeup:
            if not self._is_stopped:
                left = POLL_INTERVAL_SECONDS if self._is_running else None
                if self._due is not None:
                    until = max(0.0, self._due - self._clock())
                    left = until if left is None else min(left, until)
                if left is None or left > 0:
                    self._wakeup.wait(left)
            return not self._is_stopped

    def _take_due(self) -> bool:
        """Returns whether a run is due, and clears that: a run that fails is tried again at the next check."""
        with self._wakeup:
            is_due = self._due is not None and self._due <= self._clock()
            if is_due:
                self._due = None
            return is_due

    def _set_status(self, status: FolderStatus) -> None:
        is_other = status.state != self._status.state
        if not is_other:
            status = replace(status, since=self._status.since)
        self._status = status
        if is_other:
            with self._wakeup:
                self._wakeup.notify_all()  # the loop may have a folder to check again
        self._on_status(status)
