"""Sync through a folder as the window and the command line use it: one state to show, a few verbs, one loop.

The loop looks at the folder every two seconds. Where neither a file nor anything here is other than before, that is a
listing of the folder and nothing is opened.
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

from desktop.domain.errors import AppError, Cancelled, FileTrouble, NotAllowed
from desktop.sync.folder.account import PATH, FolderAccount, leave, open_account
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
EVERY = 2.0  # seconds between two looks
DEBOUNCE = 1.0
AT_LEAST_EVERY = 3_600.0  # seconds between two runs, whether or not there is news: what was only merged goes out daily
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What to show. `state` is one of the words above, `since` when it began; `waiting` is how many files the cloud
    has named and not brought yet."""

    state: str
    since: datetime
    trouble: AppError | None = None
    progress: Progress | None = None
    outcome: SyncOutcome | None = None  # of the last run that came to its end
    folder: str = ""
    devices: tuple[FolderDevice, ...] = ()
    waiting: int = 0
    is_removed: bool = False
    is_password_replaced: bool = False


def seen_listing(before: Mapping[str, FileStat], after: Mapping[str, FileStat], own: str) -> Mapping[str, FileStat]:
    """What a run that began at `before` has looked at: of what came meanwhile, only what this device itself wrote."""
    came = {name: stat for name, stat in after.items() if before.get(name) != stat}
    kept = {name: stat for name, stat in before.items() if name in after}
    return kept | {name: stat for name, stat in came.items() if own in name}


class FolderService:
    """Keeps one profile the same as a folder. Safe to call from any thread.

    `told` is called with every new status, and `arrived` with the outcome of a run that changed something here, both on
    the thread that does the work.
    """

    def __init__(
        self,
        repository: SyncRepository,
        vault: Vault,
        *,
        told: Callable[[FolderStatus], None] = lambda _: None,
        arrived: Callable[[SyncOutcome], None] = lambda _: None,
        make_files: Callable[[Path], FolderFiles] = Directory,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._vault = vault
        self._told = told
        self._arrived = arrived
        self._make_files = make_files
        self._clock = clock
        self._now = now
        self._lane = threading.RLock()
        self._bell = threading.Condition()
        self._due: float | None = None
        self._is_stopped = False
        self._account: FolderAccount | None = None
        self._files: FolderFiles | None = None
        self._engine: FolderEngine | None = None
        self._looked_at: Mapping[str, FileStat] = {}
        self._ran_at = 0.0
        self._status = FolderStatus(OFF, now())
        self.invitation: FolderInvitation | None = None  # a code that lets another device in, while it is shown
        self._open()

    def _open(self) -> None:
        with self._repository.transaction() as transaction:
            path, state = transaction.memo(PATH), load_state(transaction)
        if path is None or state is None:
            return
        files = self._make_files(Path(path))
        try:
            account = open_account(self._repository, self._vault, files)
        except FileTrouble as away:
            self._status = replace(self._status, state=OFFLINE, folder=path, trouble=away)
            return
        if account is None:
            trouble = NotAllowed(
                "The keys of your timetable are not on this machine any more.",
                "Stop syncing, and join the folder again.",
            )
            self._status = replace(self._status, state=NEEDS_YOU, folder=path, trouble=trouble)
            return
        self._begin(account, files, path)

    # who

    @property
    def status(self) -> FolderStatus:
        return self._status

    @property
    def account(self) -> FolderAccount | None:
        return self._account

    @property
    def is_on(self) -> bool:
        """Whether this profile syncs through a folder, be it there now or not."""
        return self._status.folder != ""

    def files_at(self, path: Path) -> FolderFiles:
        """The files of a folder that is to be used. Raises FileTrouble where it cannot be."""
        files = self._make_files(path)
        files.list()
        return files

    def enter(self, account: FolderAccount, files: FolderFiles, path: Path) -> None:
        """Go on with an account that was just made or joined."""
        with self._lane:
            with self._repository.transaction() as transaction:
                transaction.set_memo(PATH, str(path))
            self._begin(account, files, str(path))
            self._say(self._status)
        self._ring(0.0)

    def _begin(self, account: FolderAccount, files: FolderFiles, path: str) -> None:
        self._account, self._files = account, files
        self._engine = FolderEngine(self._repository, files, account)
        self._looked_at = {}
        self._status = FolderStatus(WORKING, self._now(), folder=path, devices=self._devices())

    def move(self, path: Path) -> None:
        """The same folder lies somewhere else on this machine now. Raises FileTrouble, NotAllowed."""
        files = self.files_at(path)
        with self._lane:
            with self._repository.transaction() as transaction:
                transaction.set_memo(PATH, str(path))
            self._open()
            if self._files is None:
                self._files = files
            self._say(self._status)
        self._ring(0.0)

    def leave(self) -> None:
        """Sync through the folder no more: what is here stays here, what is in the folder stays there."""
        with self._lane:
            self.end_invitation()
            leave(self._repository, self._vault)
            self._account = self._files = self._engine = None
            self._status = FolderStatus(OFF, self._now())
            self._told(self._status)

    def speak(self, request: Callable[[FolderAccount], _T]) -> _T:
        """Do something with the account while no sync runs. Raises NotAllowed where there is none."""
        with self._lane:
            if self._account is None:
                raise NotAllowed("This profile does not sync through a folder.", "Choose a folder first.")
            return request(self._account)

    def remove_device(self, file: str) -> None:
        """The device gets nothing new, and its files go once everything in them is in ours."""
        with self._lane:
            self.speak(lambda account: account.remove_device(file))
            if self._engine is not None and self._files is not None:
                self._engine.leave_behind(self._files.list(), file)
                self._say(replace(self._status, devices=self._devices()))

    # letting another device in

    def invite(self) -> FolderInvitation:
        """A code for a new device, good while its page is open, for one request."""
        with self._lane:
            self.end_invitation()
            account, files = self._account, self._files
            if account is None or files is None:
                raise NotAllowed("This profile does not sync through a folder.", "Choose a folder first.")
            self.invitation = FolderInvitation(account, files, Path(self._status.folder))
            return self.invitation

    def end_invitation(self) -> None:
        with self._lane:
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
        """Read and write once; see `FolderEngine.run`. Raises what kept it from its end, after the status says so."""

        def tell(done: Progress) -> None:
            self._say(replace(self._status, progress=done))
            progress(done)

        with self._lane:
            if self._engine is None:
                self._open()
            engine, files, account = self._engine, self._files, self._account
            if engine is None or files is None or account is None:
                if self._status.trouble is not None:
                    raise self._status.trouble
                raise NotAllowed("This profile does not sync through a folder.", "Choose a folder first.")
            self._due = None
            before = self._status
            try:
                looked_at = files.list()
                outcome = engine.run(agreed=agreed, wipe=wipe, cancelled=cancelled, progress=tell)
                self._looked_at = seen_listing(looked_at, files.list(), account.file)
            except (FileTrouble, Cancelled) as away:
                trouble = None if isinstance(away, Cancelled) else away
                self._say(replace(before, state=OFFLINE, since=self._now(), trouble=trouble, progress=None))
                raise
            except AppError as trouble:
                self._say(replace(before, state=NEEDS_YOU, since=self._now(), trouble=trouble, progress=None))
                raise
            self._ran_at = self._clock()
            self._say(
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
            self._arrived(outcome)
        if outcome.pulled:
            self._ring(DEBOUNCE)  # whoever has just joined writes in a run of its own
        return outcome

    def _devices(self) -> tuple[FolderDevice, ...]:
        with self._repository.transaction() as transaction:
            state = load_state(transaction)
        removed = frozenset() if self._account is None else self._account.keyring.removed
        return () if state is None else tuple(each for each in devices_of(state) if each.file not in removed)

    # the loop

    def acted(self) -> None:
        """The student did something: write in a second, together with what else is done until then."""
        self._ring(DEBOUNCE)

    def keep_in_step(self) -> None:
        """Look at the folder, and sync whenever there is reason to, until `stop`."""
        self._ring(0.0)
        while self._wait():
            is_due = self._take_due()
            if not self._is_running:
                continue
            with suppress(AppError):  # the status has said it
                if is_due or self._has_news():
                    self.sync_now(cancelled=lambda: self._is_stopped)

    @property
    def _is_running(self) -> bool:
        """Whether the loop has a folder to look at, and nothing waits for the student."""
        return self.is_on and self._status.state != NEEDS_YOU

    def _has_news(self) -> bool:
        """Whether anything is other than when it was last looked at. Opens no file."""
        if self._files is None or self._status.state == OFFLINE or self._clock() - self._ran_at > AT_LEAST_EVERY:
            return True
        try:
            return dict(self._files.list()) != dict(self._looked_at)
        except FileTrouble:
            return True

    def stop(self) -> None:
        """End the loop."""
        self._is_stopped = True
        with self._bell:
            self._bell.notify_all()

    def _ring(self, within: float) -> None:
        with self._bell:
            due = self._clock() + within
            self._due = due if self._due is None else min(self._due, due)
            self._bell.notify_all()

    def _wait(self) -> bool:
        """Waits for the next look at the folder; where there is none, until somebody rings. False after `stop`."""
        with self._bell:
            if not self._is_stopped:
                left = EVERY if self._is_running else None
                if self._due is not None:
                    until = max(0.0, self._due - self._clock())
                    left = until if left is None else min(left, until)
                if left is None or left > 0:
                    self._bell.wait(left)
            return not self._is_stopped

    def _take_due(self) -> bool:
        """Whether a run is due. It is asked for no longer: a run that fails is tried again at the next look."""
        with self._bell:
            is_due = self._due is not None and self._due <= self._clock()
            if is_due:
                self._due = None
            return is_due

    def _say(self, status: FolderStatus) -> None:
        is_other = status.state != self._status.state
        if not is_other:
            status = replace(status, since=self._status.since)
        self._status = status
        if is_other:
            with self._bell:
                self._bell.notify_all()  # the loop may have something to look at again
        self._told(status)
