"""Syncing through a server: sign in to an account, and resolve the values that lost a merge.

The service itself (`Joint.service`) has the state to show, the loops and the account's requests. Whatever is stored
here is stored by acts, so that it is synced like all records.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.codec import to_plain
from desktop.domain.errors import Cancelled, InvalidInput, NotAllowed, NotReachable
from desktop.domain.messages import msg, named
from desktop.domain.records.records import Act, Change, Json, Record, Records
from desktop.store import Applied, Store
from desktop.sync import authentication, sign_ins
from desktop.sync.account import Account, KnownDevice, SignInRequired
from desktop.sync.authentication import CodeSignIn, Invitation, SignInContext, read_offer
from desktop.sync.client import server_address
from desktop.sync.findings import ServerFinding
from desktop.sync.folder.service import FolderService, FolderStatus
from desktop.sync.mass_delete_guard import MassDeleteNeedsDecision
from desktop.sync.passwords import Strength, strength
from desktop.sync.plan import JoinNeedsDecision, Progress, SyncOutcome
from desktop.sync.problem_errors import DeviceRevoked
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault
from desktop.sync.service import Status, SyncService, needs_decision
from desktop.sync.sign_ins import SignIn
from desktop.workflows.files import write_atomically

__all__ = [
    "Account",
    "CodeSignIn",
    "Invitation",
    "JoinNeedsDecision",
    "Joint",
    "KnownDevice",
    "MassDeleteNeedsDecision",
    "Progress",
    "ServerFinding",
    "SignIn",
    "Status",
    "Strength",
    "SyncOutcome",
    "SyncService",
    "join",
    "needs_decision",
    "needs_sign_in",
    "read_offer",
    "server_address",
    "strength",
]


@dataclass(frozen=True, slots=True)
class Joint:
    """A store connected to sync: the services that sync it with a server or a folder, and the context to sign in."""

    store: Store
    service: SyncService
    context: SignInContext
    folder: FolderService

    def close(self) -> None:
        """End the services' loops and connections."""
        self.service.stop()
        self.folder.stop()
        if self.service.account is not None:
            self.service.account.client.close()


def join(
    store: Store,
    vault: Vault,
    label: str,
    status_changed: Callable[[Status], None] = lambda _: None,
    records_received: Callable[[SyncOutcome], None] = lambda _: None,
    folder_status_changed: Callable[[FolderStatus], None] = lambda _: None,
) -> Joint:
    """Connect a store to sync; `label` is this device's name. From then on the services are notified of every act.

    The callbacks are called on the thread that syncs (see `SyncService` and `FolderService`). Starts no thread, and
    makes no request.
    """
    repository: SyncRepository = store.sync_repository
    service = SyncService(repository, vault, on_status=status_changed, on_changes=records_received)
    folder = FolderService(repository, vault, on_status=folder_status_changed, on_changes=records_received)
    store.listeners += [service.schedule_sync, folder.schedule_sync]
    return Joint(store, service, SignInContext(repository, vault, label), folder)


# getting in


def never_cancelled() -> bool:
    """The `cancelled` callback of work that cannot be cancelled."""
    return False


def create_account(
    joint: Joint,
    server: str,
    name: str,
    password: str,
    invitation: str | None = None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> str:
    """Create an account and sign in to it; returns the recovery key, to be shown once and typed back as a check.

    If it is `cancelled`, the account is deleted again, since nobody would have its recovery key. Raises InvalidInput
    (address, name, password), NotAllowed (the name is taken, the server is closed), NotReachable, Cancelled.
    """
    account, recovery = authentication.create_account(joint.context, server, name, password, invitation)
    if cancelled():
        with suppress(NotAllowed, NotReachable):
            account.delete()
    _sign_out_if_cancelled(cancelled, account)
    _use_account(joint, account, sign_ins.CREATED)
    return recovery


def sign_in(
    joint: Joint, server: str, name: str, password: str, cancelled: Callable[[], bool] = never_cancelled
) -> None:
    """Sign in with a password. Raises InvalidInput, NotAllowed, NotReachable, Cancelled."""
    account = authentication.sign_in(joint.context, server, name, password)
    _sign_out_if_cancelled(cancelled, account)
    _use_account(joint, account, sign_ins.PASSWORD)


def sign_in_with_recovery_key(
    joint: Joint,
    server: str,
    name: str,
    recovery_key: str,
    password: str,
    cancelled: Callable[[], bool] = never_cancelled,
) -> None:
    """Sign in with the recovery key and set a new password.

    Raises InvalidInput, NotAllowed, NotReachable, Cancelled.
    """
    account = authentication.sign_in_with_recovery_key(joint.context, server, name, recovery_key, password)
    _sign_out_if_cancelled(cancelled, account)
    _use_account(joint, account, sign_ins.RECOVERY_KEY)


def _sign_out_if_cancelled(cancelled: Callable[[], bool], account: Account) -> None:
    """Sign out again and raise Cancelled if the student cancelled meanwhile."""
    if cancelled():
        account.sign_out()
        raise Cancelled


def request_access(joint: Joint, server: str, code: str, cancelled: Callable[[], bool] = never_cancelled) -> CodeSignIn:
    """Request access with a code from a device that is signed in.

    Raises InvalidInput, NotAllowed, NotReachable, Cancelled.
    """
    arrival = CodeSignIn(joint.context, server, code)
    if cancelled():
        arrival.cancel()
        raise Cancelled
    return arrival


def try_finish_arrival(joint: Joint, arrival: CodeSignIn) -> bool:
    """Check whether the other device has let this one in; if so, sign in and return True.

    Raises NotAllowed (the code has expired or was closed), NotReachable.
    """
    account = arrival.poll()
    if account is not None:
        _use_account(joint, account, sign_ins.CODE)
    return account is not None


def _use_account(joint: Joint, account: Account, way: str) -> None:
    """Use the account from now on. The first sync records the sign-in for the account's other devices. Leaves a shared
    folder, since a profile syncs in one way only."""
    if joint.folder.is_on:
        joint.folder.leave_folder()
    held = account.credentials
    noted = sign_ins.SignIn(held.account, held.device, joint.context.label, way, int(time.time()))
    with joint.context.repository.transaction() as moment:
        moment.set_memo(sign_ins.ENTERED, json.dumps(to_plain(noted)))
    joint.service.start_with(account)


def sign_in_history(joint: Joint, records: Records) -> tuple[SignIn, ...]:
    """The sign-ins to the account of this profile, newest first; empty if signed out."""
    account = joint.service.account
    return () if account is None else sign_ins.sign_ins(records, account.account)


def own_device(joint: Joint) -> str:
    """The server's id of this device; empty if signed out."""
    account = joint.service.account
    return "" if account is None else account.credentials.device


def invite(joint: Joint) -> Invitation:
    """A code for a new device, valid for one request within five minutes, or until it is closed."""
    return joint.service.with_account(Invitation)


def sync_and_sign_out(joint: Joint) -> None:
    """Sync once more and then sign out, so that everything here is on the server too and can be deleted here.

    Raises NotAllowed if the server refuses a record, and the errors of a sync.
    """
    if joint.service.sync_now().refused:
        raise NotAllowed(
            "The server does not take all of this timetable, so it stays here.",
            "Back it up under Settings first; it can be deleted there.",
        )
    joint.service.sign_out()


def export_account(joint: Joint, path: Path) -> None:
    """Write everything that the server stores of the account to a file (JSON; its records are encrypted as there).

    Raises NotAllowed, NotReachable, FileError.
    """
    write_atomically(path, json.dumps(joint.service.with_account(Account.export), indent=1).encode(), private=True)


def needs_sign_in(status: Status) -> bool:
    """True if sync needs a new sign-in: the device was removed from the account, or the password changed."""
    return isinstance(status.error, (DeviceRevoked, SignInRequired))


# values that lost a merge


@dataclass(frozen=True, slots=True)
class LostValue:
    """A conflict record: the value of a field that lost a merge to another machine's, and the one that won."""

    key: str
    record: Record
    field: str
    value: Json
    winning_value: Json


def lost_values(records: Records) -> tuple[LostValue, ...]:
    """The conflict records that are not resolved yet, by key. Unreadable ones are left out, and stay stored."""
    found = []
    for conflict in records.of_kind("conflict"):
        name, field = conflict.get("record"), conflict.get("field")
        if conflict.get("resolved") or not isinstance(field, str) or not isinstance(name, list) or len(name) != 2:
            continue
        record = records.get(str(name[0]), str(name[1]))
        found.append(LostValue(conflict.key, record, field, conflict.get("value"), record.get(field)))
    return tuple(found)


def use_lost_value(store: Store, lost: LostValue) -> Applied:
    """Use the value that lost: one act, undone as one. Raises InvalidInput if the conflict is resolved already."""
    if store.records().get("conflict", lost.key).get("resolved"):
        raise InvalidInput("This was settled already, perhaps on another machine.", "Look at the history again.")
    changes = (
        Change(lost.record.kind, lost.record.key, {lost.field: lost.value}),
        Change("conflict", lost.key, {"resolved": True}),
    )
    return store.apply(
        Act(msg("Took the other {field} of {what}", field=named(lost.field), what=lost.record.key), changes)
    )


def keep_winning_value(store: Store, lost: LostValue) -> Applied:
    """Keep the value that won, and mark the conflict as resolved: one act."""
    change = Change("conflict", lost.key, {"resolved": True})
    return store.apply(Act(msg("Kept the {field} of {what}", field=named(lost.field), what=lost.record.key), (change,)))
