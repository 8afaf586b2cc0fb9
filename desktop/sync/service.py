"""The sync service that the window and the command line use: a status to show, operations, and two loops.

It syncs a second after an act, when the server reports changes, and after a delay that grows while the server cannot
be reached. It starts no threads: the two loops block until `stop` and run on threads of the caller.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from desktop.domain.codec import from_plain
from desktop.domain.errors import AppError, Cancelled, NeedsDecision, NotAllowed, NotReachable
from desktop.sync.account import Account, open_account
from desktop.sync.authentication import withdraw_old_code
from desktop.sync.checkpoint import Checkpoint, load_checkpoint
from desktop.sync.client import Client
from desktop.sync.departures import process_departures
from desktop.sync.engine import Engine
from desktop.sync.findings import ServerFinding, findings, forget_findings
from desktop.sync.plan import Progress, SyncOutcome
from desktop.sync.repository import SyncRepository
from desktop.sync.revocations import revoked_among
from desktop.sync.secrets import Vault
from desktop.sync.server_audit import ServerAudit
from desktop.sync.sign_ins import ENTERED, KIND, SEEN, SignIn, add_sign_in
from desktop.sync.wire import WAIT_SECONDS

OFF, WORKING, IN_STEP, OFFLINE, NEEDS_YOU = "off", "working", "in step", "offline", "needs you"
DEBOUNCE_SECONDS = 1.0
MAX_RETRY_DELAY_SECONDS = 300.0
DEVICE_CHECK_INTERVAL_SECONDS = 3600.0  # seconds between two checks of the account's list of devices
DEVICES = "sync.devices"  # memo: the account, and the ids of its devices at the last check
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Status:
    """The status to show, with the error if there is one: `state` is one of the constants above, `since` its start."""

    state: str
    since: datetime
    error: AppError | None = None
    progress: Progress | None = None
    outcome: SyncOutcome | None = None  # of the last completed sync
    name: str = ""
    server: str = ""
    findings: tuple[ServerFinding, ...] = ()  # misbehaviour of the server that the user has not seen yet


def retry_delay(failures: int, retry_after: float | None, chance: float) -> float:
    """Seconds until the next try: exponential backoff with jitter, never sooner than `retry_after`.

    The base is 2, 4, 8 ... 300 seconds. `chance` (0 to 1) scales it to between half and one and a half of that, so
    that ten thousand clients do not come back in the same second.
    """
    pause = min(MAX_RETRY_DELAY_SECONDS, 2.0 ** min(failures, 10)) * (0.5 + chance)
    return max(pause, (retry_after or 0.0) * (1 + chance / 4))


class SyncService:
    """Keeps one profile in sync with its account. Safe to call from any thread.

    The two callbacks get every new status, and the outcome of each sync that changed records here. Both are called on
    the thread that syncs.
    """

    def __init__(
        self,
        repository: SyncRepository,
        vault: Vault,
        *,
        on_status: Callable[[Status], None] = lambda _: None,
        on_changes: Callable[[SyncOutcome], None] = lambda _: None,
        make_client: Callable[[str], Client] = Client,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._repository = repository
        self._on_status = on_status
        self._on_changes = on_changes
        self._clock = clock
        self._now = now
        self._chance = chance
        self._account_lock = threading.RLock()  # held while the account is used
        self._wakeup = threading.Condition()
        self._due: float | None = None
        self._not_before = 0.0
        self._failures = 0
        self._devices_due = 0.0
        self._departures_due: float | None = 0.0
        self._vault = vault
        self._make_client = make_client
        self._stopped = False
        self._account = open_account(repository, vault, make_client)
        self._findings = self._load_findings()
        self._engine: Engine | None = None
        self._status = Status(OFF, now())
        if self._account is not None:
            self.start_with(self._account)

    # the account

    @property
    def status(self) -> Status:
        return self._status

    @property
    def account(self) -> Account | None:
        """The account this profile is signed in to. Other threads must not use it while a sync runs."""
        return self._account

    def start_with(self, account: Account) -> None:
        """Starts syncing with an account that was just created or signed in to."""
        with self._account_lock:
            if self._account is not None and self._account.client is not account.client:
                self._account.client.close()
            self._account = account
            self._findings = self._load_findings()
            self._engine = Engine(self._repository, account.client, account)
            self._failures = 0
            self._not_before = 0.0
            self._set_status(Status(WORKING, self._now()))
        self._schedule_within(0.0)

    def sign_out(self) -> None:
        """Signs out: ends the session and removes the keys; the records stay.

        A linking code that is being shown becomes invalid too, if the server can be reached.
        """
        with self._account_lock:
            if self._account is not None:
                self._account.sign_out()
            self._account = self._engine = None
            self._findings = ()
            self._departures_due = 0.0
            self._set_status(Status(OFF, self._now()))
        self._schedule_within(0.0)

    def with_account(self, request: Callable[[Account], _T]) -> _T:
        """Calls `request` with the account while no sync runs. Raises NotAllowed if the profile is not signed in."""
        with self._account_lock:
            if self._account is None:
                raise NotAllowed("This profile is not signed in.", "Sign in, or create an account.")
            return request(self._account)

    # syncing

    def sync_now(
        self,
        *,
        agreed: bool = False,
        wipe: str = "ask",
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> SyncOutcome:
        """Syncs once, now. The arguments are those of `Engine.run`.

        Raises the error that ended the sync early, after the status was set to it.
        """

        def tell(done: Progress) -> None:
            self._set_status(replace(self._status, progress=done))
            progress(done)

        with self._account_lock:
            account, engine = self._account, self._engine
            if account is None or engine is None:
                raise NotAllowed("This profile is not signed in.", "Sign in, or create an account.")
            self._due = None
            self._set_status(Status(WORKING, self._now(), outcome=self._status.outcome))
            try:
                outcome = account.call(lambda: engine.run(agreed=agreed, wipe=wipe, cancelled=cancelled, progress=tell))
                with suppress(NotReachable, NotAllowed):
                    outcome = replace(outcome, changed=self._run_follow_ups(account, engine, outcome))
            except NotReachable as away:
                self._failures += 1
                pause = retry_delay(self._failures, away.retry_after, self._chance())
                self._not_before = self._clock() + (away.retry_after or 0.0)
                self._set_status(Status(OFFLINE, self._now(), away, outcome=self._status.outcome))
                self._schedule_within(pause)
                raise
            except Cancelled:
                self._set_status(Status(OFFLINE, self._now(), outcome=self._status.outcome))
                raise
            except AppError as trouble:
                self._set_status(Status(NEEDS_YOU, self._now(), trouble, outcome=self._status.outcome))
                raise
            finally:
                self._findings = self._load_findings()
            self._failures = 0
            self._set_status(Status(IN_STEP, self._now(), outcome=outcome))
        if outcome.changed:
            self._on_changes(outcome)
        return outcome

    def _run_follow_ups(self, account: Account, engine: Engine, outcome: SyncOutcome) -> frozenset[tuple[str, str]]:
        """The follow-up work of a completed sync; returns the names of all records it changed here."""
        if outcome.restored:
            self._devices_due = 0.0
        withdraw_old_code(account, self._repository)
        changed = outcome.changed
        is_noted = self._note_sign_in(account)
        if self._check_devices(account) or is_noted:
            changed |= account.call(lambda: engine.run(agreed=True)).changed
        audit = ServerAudit(self._repository, account.client, account, account.credentials.device)
        if account.call(lambda: audit.run(changed)):
            changed |= account.call(lambda: engine.run(agreed=True)).changed
        return changed

    def _load_findings(self) -> tuple[ServerFinding, ...]:
        if self._account is None:
            return ()
        with self._repository.transaction() as transaction:
            return findings(transaction, self._account.account)

    def forget_findings(self) -> None:
        """Removes the findings, once the user has seen them."""
        with self._account_lock:
            with self._repository.transaction() as transaction:
                forget_findings(transaction)
            self._findings = ()
            self._set_status(self._status)

    def _note_sign_in(self, account: Account) -> bool:
        """Adds this device's own sign-in to the history, once; True if there was one to add."""
        with self._repository.transaction() as transaction:
            text = transaction.memo(ENTERED)
            transaction.set_memo(ENTERED, None)
            noted = None if text is None else from_plain(SignIn, json.loads(text))
            if noted is not None and noted.account == account.account:
                add_sign_in(transaction, noted)
        return noted is not None

    def _check_devices(self, account: Account) -> bool:
        """Checks the server's list of devices once an hour, and after a restore of the server.

        Devices that were revoked before are revoked again. A device that is new in the list and did not write its own
        sign-in is added to the history of sign-ins. True if any was added.
        """
        added = False
        if self._clock() < self._devices_due:
            return added
        found = account.devices()
        with self._repository.transaction() as transaction:
            back = revoked_among(transaction, account.account, [each.id for each in found])
        for device in back:
            account.revoke_device(device)
        found = tuple(each for each in found if each.id not in back)
        self._devices_due = self._clock() + DEVICE_CHECK_INTERVAL_SECONDS
        with self._repository.transaction() as transaction:
            known = json.loads(transaction.memo(DEVICES) or "[]")
            transaction.set_memo(DEVICES, json.dumps([account.account, *(each.id for each in found)]))
            if known[:1] != [account.account]:
                return added  # the first check
            told = {held.record.get("device") for held in transaction.all_held() if held.record.kind == KIND}
            for each in found:
                if each.id not in known and each.id not in told and not each.current:
                    add_sign_in(transaction, SignIn(account.account, each.id, each.label, SEEN, each.created))
                    added = True
        return added

    def retry_refused(self) -> int:
        """Queues the records that the server refused once more; returns how many there are."""
        with self._repository.transaction() as transaction:
            refused = list(transaction.refused())
            for held in refused:
                transaction.put(replace(held, refused=None, pending=True))
        self._schedule_within(0.0)
        return len(refused)

    # the loops

    def schedule_sync(self) -> None:
        """Schedules a sync in a second; acts until then are sent together."""
        self._schedule_within(DEBOUNCE_SECONDS)

    def run_sync_loop(self) -> None:
        """Syncs whenever a sync is due, until `stop`."""
        self._schedule_within(0.0)
        while self._wait_until_due():
            self._process_departures()
            if self._account is None:
                continue
            with suppress(AppError):  # the status holds the error
                self.sync_now(cancelled=lambda: self._stopped)

    def _process_departures(self) -> None:
        if self._departures_due is None or self._clock() < self._departures_due:
            return
        pause = None
        with suppress(AppError):  # the keyring may be locked: tried again at the next start
            pause = process_departures(self._repository, self._vault, self._make_client)
        self._departures_due = None if pause is None else self._clock() + pause
        if pause is not None:
            self._schedule_within(pause)

    def run_change_listener(self) -> None:
        """Waits for changes of other devices by long polling, and schedules a sync for each, until `stop`."""
        failures = 0
        known: str | None = None  # the etag of the last head that this loop received
        while not self._stopped:
            account = self._account
            if account is None or self._status.state == NEEDS_YOU:
                known = None
                self._wait_for_wakeup(WAIT_SECONDS)
                continue
            try:
                if self._place(account).cursor is None:
                    self._sleep(DEBOUNCE_SECONDS)  # the first sync is not complete
                    continue
                head = account.client.head(known, 0 if known is None else WAIT_SECONDS)
                failures = 0
                if head is not None:
                    known = head.tag
                    if head.cursor != self._place(account).cursor or head.keyring != account.seen_etag:
                        self._schedule_within(0.0)
            except NotReachable as away:
                failures += 1
                self._sleep(retry_delay(failures, away.retry_after, self._chance()))
            except AppError:
                self._schedule_within(0.0)  # the session ended: the sync signs in again, or reports what is needed
                known = None
                failures += 1
                self._sleep(retry_delay(failures, None, self._chance()))

    def close(self) -> None:
        """Closes the connections. Call it after `stop`, when the loops have ended."""
        if self._account is not None:
            self._account.client.close()

    def _place(self, account: Account) -> Checkpoint:
        with self._repository.transaction() as transaction:
            return load_checkpoint(transaction, account.account)

    def stop(self) -> None:
        """Ends both loops, and interrupts a long-polling request."""
        self._stopped = True
        account = self._account
        if account is not None:
            account.client.interrupt_head()
        with self._wakeup:
            self._wakeup.notify_all()

    def _schedule_within(self, within: float) -> None:
        with self._wakeup:
            due = max(self._clock() + within, self._not_before)
            self._due = due if self._due is None else min(self._due, due)
            self._wakeup.notify_all()

    def _wait_until_due(self) -> bool:
        with self._wakeup:
            while not self._stopped:
                if self._due is not None and self._status.state != NEEDS_YOU:
                    left = self._due - self._clock()
                    if left <= 0:
                        self._due = None
                        return True
                    self._wakeup.wait(left)
                else:
                    self._wakeup.wait()
        return False

    def _sleep(self, seconds: float) -> None:
        until = self._clock() + seconds
        with self._wakeup:
            while not self._stopped and (left := until - self._clock()) > 0:
                self._wakeup.wait(left)

    def _wait_for_wakeup(self, seconds: float) -> None:
        """Sleeps, but wakes when a sync is scheduled: someone may have signed in, or answered a question."""
        with self._wakeup:
            if not self._stopped:
                self._wakeup.wait(seconds)

    def _set_status(self, status: Status) -> None:
        held = self._account.credentials if self._account is not None else None
        if held is not None:
            status = replace(status, name=held.name, server=held.server)
        status = replace(status, findings=self._findings)
        if status.state == self._status.state:
            status = replace(status, since=self._status.since)
        self._status = status
        self._on_status(status)


def needs_decision(status: Status) -> NeedsDecision | None:
    """The question that the user has to answer before sync can go on, or None."""
    return status.error if isinstance(status.error, NeedsDecision) else None
