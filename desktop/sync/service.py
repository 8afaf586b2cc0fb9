"""Sync as the window and the command line use it: one state to show, a few verbs, two loops for threads they own.

It syncs a second after an act, at news, and after a pause that grows while the server is away. Makes no thread:
`keep_in_step` and `watch_for_news` block until `stop`.
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
from desktop.sync.departures import see_to_departures
from desktop.sync.engine import Engine
from desktop.sync.findings import ServerFinding, findings, forget_findings
from desktop.sync.plan import Progress, SyncOutcome
from desktop.sync.repository import SyncRepository
from desktop.sync.revocations import returned
from desktop.sync.secrets import Vault
from desktop.sync.server_audit import ServerAudit
from desktop.sync.sign_ins import ENTERED, KIND, SEEN, SignIn, add_sign_in
from desktop.sync.wire import WAIT_SECONDS

OFF, WORKING, IN_STEP, OFFLINE, NEEDS_YOU = "off", "working", "in step", "offline", "needs you"
DEBOUNCE = 1.0
LONGEST_PAUSE = 300.0
DEVICES_EVERY = 3600.0  # seconds between two looks at which devices the account has
DEVICES = "sync.devices"  # memo: the account, and the ids of its devices as they were last seen
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Status:
    """What to show. `state` is one of the words above, `since` when it began; `trouble` is why, where there is one."""

    state: str
    since: datetime
    trouble: AppError | None = None
    progress: Progress | None = None
    outcome: SyncOutcome | None = None  # of the last sync that came to its end
    name: str = ""
    server: str = ""
    findings: tuple[ServerFinding, ...] = ()  # what the server did that a person has to know of


def pause_after(failures: int, retry_after: float | None, chance: float) -> float:
    """Seconds until the next try: 2, 4, 8 ... 300, half to one and a half of it by `chance` (0 to 1), so that ten
    thousand clients do not come back in the same second; never before the server said."""
    pause = min(LONGEST_PAUSE, 2.0 ** min(failures, 10)) * (0.5 + chance)
    return max(pause, (retry_after or 0.0) * (1 + chance / 4))


class SyncService:
    """Keeps one profile in step with its account. Safe to call from any thread.

    `told` is called with every new status, and `arrived` with the outcome of a sync that changed something here, both
    on the thread that does the work.
    """

    def __init__(
        self,
        repository: SyncRepository,
        vault: Vault,
        *,
        told: Callable[[Status], None] = lambda _: None,
        arrived: Callable[[SyncOutcome], None] = lambda _: None,
        make_client: Callable[[str], Client] = Client,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._repository = repository
        self._told = told
        self._arrived = arrived
        self._clock = clock
        self._now = now
        self._chance = chance
        self._lane = threading.RLock()  # held while anything speaks for the account
        self._bell = threading.Condition()
        self._due: float | None = None
        self._not_before = 0.0
        self._failures = 0
        self._devices_due = 0.0
        self._departures_due: float | None = 0.0
        self._vault = vault
        self._make_client = make_client
        self._stopped = False
        self._account = open_account(repository, vault, make_client)
        self._findings = self._found()
        self._engine: Engine | None = None
        self._status = Status(OFF, now())
        if self._account is not None:
            self.enter(self._account)

    # who

    @property
    def status(self) -> Status:
        return self._status

    @property
    def account(self) -> Account | None:
        """The account this profile is signed in to. Use it through `speak`."""
        return self._account

    def enter(self, account: Account) -> None:
        """Go on with this account, which was just made or signed in to."""
        with self._lane:
            if self._account is not None and self._account.client is not account.client:
                self._account.client.close()
            self._account = account
            self._findings = self._found()
            self._engine = Engine(self._repository, account.client, account)
            self._failures = 0
            self._not_before = 0.0
            self._say(Status(WORKING, self._now()))
        self._ring(0.0)

    def leave(self) -> None:
        """Sign out: the session ends, the keys are forgotten, the records stay. A code that was offered ends with it,
        where the server can be reached."""
        with self._lane:
            if self._account is not None:
                self._account.sign_out()
            self._account = self._engine = None
            self._findings = ()
            self._departures_due = 0.0
            self._say(Status(OFF, self._now()))
        self._ring(0.0)

    def speak(self, request: Callable[[Account], _T]) -> _T:
        """Do something with the account while no sync runs. Raises NotAllowed where nobody is signed in."""
        with self._lane:
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
        """One sync, now; what it means to agree and to decide about a wipe is said at `Engine.run`.

        Raises whatever kept it from coming to its end, after the status says so.
        """

        def tell(done: Progress) -> None:
            self._say(replace(self._status, progress=done))
            progress(done)

        with self._lane:
            account, engine = self._account, self._engine
            if account is None or engine is None:
                raise NotAllowed("This profile is not signed in.", "Sign in, or create an account.")
            self._due = None
            self._say(Status(WORKING, self._now(), outcome=self._status.outcome))
            try:
                outcome = account.call(lambda: engine.run(agreed=agreed, wipe=wipe, cancelled=cancelled, progress=tell))
                with suppress(NotReachable, NotAllowed):
                    outcome = replace(outcome, changed=self._afterwards(account, engine, outcome))
            except NotReachable as away:
                self._failures += 1
                pause = pause_after(self._failures, away.retry_after, self._chance())
                self._not_before = self._clock() + (away.retry_after or 0.0)
                self._say(Status(OFFLINE, self._now(), away, outcome=self._status.outcome))
                self._ring(pause)
                raise
            except Cancelled:
                self._say(Status(OFFLINE, self._now(), outcome=self._status.outcome))
                raise
            except AppError as trouble:
                self._say(Status(NEEDS_YOU, self._now(), trouble, outcome=self._status.outcome))
                raise
            finally:
                self._findings = self._found()
            self._failures = 0
            self._say(Status(IN_STEP, self._now(), outcome=outcome))
        if outcome.changed:
            self._arrived(outcome)
        return outcome

    def _afterwards(self, account: Account, engine: Engine, outcome: SyncOutcome) -> frozenset[tuple[str, str]]:
        """What is done once both sides are in step; names what was changed here with it."""
        if outcome.restored:
            self._devices_due = 0.0
        withdraw_old_code(account, self._repository)
        changed = outcome.changed
        is_noted = self._note_sign_in(account)
        if self._look_for_devices(account) or is_noted:
            changed |= account.call(lambda: engine.run(agreed=True)).changed
        audit = ServerAudit(self._repository, account.client, account, account.credentials.device)
        if account.call(lambda: audit.look(changed)):
            changed |= account.call(lambda: engine.run(agreed=True)).changed
        return changed

    def _found(self) -> tuple[ServerFinding, ...]:
        if self._account is None:
            return ()
        with self._repository.transaction() as transaction:
            return findings(transaction, self._account.account)

    def forget_findings(self) -> None:
        """A person has seen what the server did."""
        with self._lane:
            with self._repository.transaction() as transaction:
                forget_findings(transaction)
            self._findings = ()
            self._say(self._status)

    def _note_sign_in(self, account: Account) -> bool:
        """Adds this device's own sign-in to the history, once; whether there was one to add."""
        with self._repository.transaction() as transaction:
            text = transaction.memo(ENTERED)
            transaction.set_memo(ENTERED, None)
            noted = None if text is None else from_plain(SignIn, json.loads(text))
            if noted is not None and noted.account == account.account:
                add_sign_in(transaction, noted)
        return noted is not None

    def _look_for_devices(self, account: Account) -> bool:
        """Once an hour, and after a restore: removes again what was removed before, and adds the devices that the
        server lists, this one has not seen, and that did not tell themselves; whether there was any."""
        added = False
        if self._clock() < self._devices_due:
            return added
        found = account.devices()
        with self._repository.transaction() as transaction:
            back = returned(transaction, account.account, [each.id for each in found])
        for device in back:
            account.revoke_device(device)
        found = tuple(each for each in found if each.id not in back)
        self._devices_due = self._clock() + DEVICES_EVERY
        with self._repository.transaction() as transaction:
            known = json.loads(transaction.memo(DEVICES) or "[]")
            transaction.set_memo(DEVICES, json.dumps([account.account, *(each.id for each in found)]))
            if known[:1] != [account.account]:
                return added  # the first look
            told = {held.record.get("device") for held in transaction.every() if held.record.kind == KIND}
            for each in found:
                if each.id not in known and each.id not in told and not each.current:
                    add_sign_in(transaction, SignIn(account.account, each.id, each.label, SEEN, each.created))
                    added = True
        return added

    def retry_refused(self) -> int:
        """Try again what the server did not take; returns how many records that is."""
        with self._repository.transaction() as transaction:
            refused = list(transaction.refused())
            for held in refused:
                transaction.put(replace(held, refused=None, pending=True))
        self._ring(0.0)
        return len(refused)

    # the loops

    def acted(self) -> None:
        """The student did something: sync in a second, together with what else is done until then."""
        self._ring(DEBOUNCE)

    def keep_in_step(self) -> None:
        """Sync whenever there is reason to, until `stop`."""
        self._ring(0.0)
        while self._wait_until_due():
            self._see_to_departures()
            if self._account is None:
                continue
            with suppress(AppError):  # the status has said it
                self.sync_now(cancelled=lambda: self._stopped)

    def _see_to_departures(self) -> None:
        if self._departures_due is None or self._clock() < self._departures_due:
            return
        pause = None
        with suppress(AppError):  # a keyring that is locked: at the next start
            pause = see_to_departures(self._repository, self._vault, self._make_client)
        self._departures_due = None if pause is None else self._clock() + pause
        if pause is not None:
            self._ring(pause)

    def watch_for_news(self) -> None:
        """Wait at the server for news of other devices, until `stop`."""
        failures = 0
        known: str | None = None  # the etag of what the server last told this loop
        while not self._stopped:
            account = self._account
            if account is None or self._status.state == NEEDS_YOU:
                known = None
                self._doze(WAIT_SECONDS)
                continue
            try:
                if self._place(account).cursor is None:
                    self._sleep(DEBOUNCE)  # the first sync is not done
                    continue
                head = account.client.head(known, 0 if known is None else WAIT_SECONDS)
                failures = 0
                if head is not None:
                    known = head.tag
                    if head.cursor != self._place(account).cursor or head.keyring != account.seen:
                        self._ring(0.0)
            except NotReachable as away:
                failures += 1
                self._sleep(pause_after(failures, away.retry_after, self._chance()))
            except AppError:
                self._ring(0.0)  # the session ended: the sync signs in again, or says what is needed
                known = None
                failures += 1
                self._sleep(pause_after(failures, None, self._chance()))

    def close(self) -> None:
        """After `stop`, when the loops have ended: close the connections."""
        if self._account is not None:
            self._account.client.close()

    def _place(self, account: Account) -> Checkpoint:
        with self._repository.transaction() as transaction:
            return load_checkpoint(transaction, account.account)

    def stop(self) -> None:
        """End both loops; a request that is being held is let go."""
        self._stopped = True
        account = self._account
        if account is not None:
            account.client.let_go()
        with self._bell:
            self._bell.notify_all()

    def _ring(self, within: float) -> None:
        with self._bell:
            due = max(self._clock() + within, self._not_before)
            self._due = due if self._due is None else min(self._due, due)
            self._bell.notify_all()

    def _wait_until_due(self) -> bool:
        with self._bell:
            while not self._stopped:
                if self._due is not None and self._status.state != NEEDS_YOU:
                    left = self._due - self._clock()
                    if left <= 0:
                        self._due = None
                        return True
                    self._bell.wait(left)
                else:
                    self._bell.wait()
        return False

    def _sleep(self, seconds: float) -> None:
        until = self._clock() + seconds
        with self._bell:
            while not self._stopped and (left := until - self._clock()) > 0:
                self._bell.wait(left)

    def _doze(self, seconds: float) -> None:
        """Sleep, but wake where something is to be done: someone may have signed in, or decided."""
        with self._bell:
            if not self._stopped:
                self._bell.wait(seconds)

    def _say(self, status: Status) -> None:
        held = self._account.credentials if self._account is not None else None
        if held is not None:
            status = replace(status, name=held.name, server=held.server)
        status = replace(status, findings=self._findings)
        if status.state == self._status.state:
            status = replace(status, since=self._status.since)
        self._status = status
        self._told(status)


def needs_decision(status: Status) -> NeedsDecision | None:
    """The question a person has to answer before sync goes on, if that is what it waits for."""
    return status.trouble if isinstance(status.trouble, NeedsDecision) else None
