"""The same timetable on every machine, as verbs: get into an account, keep in step, and look at what lost.

The service itself (`Joint.service`) has the state to show, the loops, and what can be asked of an account; what is
stored here is stored by acts, so that sync carries it like anything else.
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
from desktop.sync.account import Account, KnownDevice, SignInAgain
from desktop.sync.authentication import Arrival, Invitation, SignInContext, read_offer
from desktop.sync.client import server_address
from desktop.sync.findings import ServerFinding
from desktop.sync.folder.service import FolderService, FolderStatus
from desktop.sync.mass_delete_guard import MassDeleteAhead
from desktop.sync.passwords import Strength, strength
from desktop.sync.plan import JoinAhead, Progress, SyncOutcome
from desktop.sync.problem_errors import DeviceRevoked
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault
from desktop.sync.service import Status, SyncService, needs_decision
from desktop.sync.sign_ins import SignIn
from desktop.workflows.files import write_whole

__all__ = [
    "Account",
    "Arrival",
    "Invitation",
    "JoinAhead",
    "Joint",
    "KnownDevice",
    "MassDeleteAhead",
    "Progress",
    "ServerFinding",
    "SignIn",
    "Status",
    "Strength",
    "SyncOutcome",
    "SyncService",
    "join",
    "must_sign_in",
    "needs_decision",
    "read_offer",
    "server_address",
    "strength",
]


@dataclass(frozen=True, slots=True)
class Joint:
    """A store joined with sync: the service that keeps it in step, and the way into an account."""

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
    told: Callable[[Status], None] = lambda _: None,
    arrived: Callable[[SyncOutcome], None] = lambda _: None,
    told_of_folder: Callable[[FolderStatus], None] = lambda _: None,
) -> Joint:
    """Join a store with sync; `label` is what this device is called. Every act of the student is news from then on.

    `told`, `told_of_folder` and `arrived` are called on the thread that syncs (see `SyncService` and `FolderService`).
    Makes no thread and no request.
    """
    repository: SyncRepository = store.sync_repository
    service = SyncService(repository, vault, told=told, arrived=arrived)
    folder = FolderService(repository, vault, told=told_of_folder, arrived=arrived)
    store.listeners += [service.acted, folder.acted]
    return Joint(store, service, SignInContext(repository, vault, label), folder)


# getting in


def never() -> bool:
    """For what nobody can cancel."""
    return False


def create_account(
    joint: Joint,
    server: str,
    name: str,
    password: str,
    invitation: str | None = None,
    cancelled: Callable[[], bool] = never,
) -> str:
    """Make an account and go on with it; returns the recovery key, to be shown once and asked back.

    Once it is `cancelled`, the account goes again, as nobody would have its key. Raises InvalidInput (address, name,
    password), NotAllowed (the name is taken, the server is closed), NotReachable, Cancelled.
    """
    account, recovery = authentication.create_account(joint.context, server, name, password, invitation)
    if cancelled():
        with suppress(NotAllowed, NotReachable):
            account.delete()
    _stop_if(cancelled, account)
    _enter(joint, account, sign_ins.CREATED)
    return recovery


def sign_in(joint: Joint, server: str, name: str, password: str, cancelled: Callable[[], bool] = never) -> None:
    """Sign in with a password and go on with the account. Raises InvalidInput, NotAllowed, NotReachable, Cancelled."""
    account = authentication.sign_in(joint.context, server, name, password)
    _stop_if(cancelled, account)
    _enter(joint, account, sign_ins.PASSWORD)


def sign_in_with_recovery_key(
    joint: Joint, server: str, name: str, recovery_key: str, password: str, cancelled: Callable[[], bool] = never
) -> None:
    """Sign in with the recovery key and set a new password.

    Raises InvalidInput, NotAllowed, NotReachable, Cancelled.
    """
    account = authentication.sign_in_with_recovery_key(joint.context, server, name, recovery_key, password)
    _stop_if(cancelled, account)
    _enter(joint, account, sign_ins.RECOVERY_KEY)


def _stop_if(cancelled: Callable[[], bool], account: Account) -> None:
    """Leaves an account again that the student did not wait for."""
    if cancelled():
        account.sign_out()
        raise Cancelled


def ask_by_code(joint: Joint, server: str, code: str, cancelled: Callable[[], bool] = never) -> Arrival:
    """Ask to be let in, by a code from a device that is signed in.

    Raises InvalidInput, NotAllowed, NotReachable, Cancelled.
    """
    arrival = Arrival(joint.context, server, code)
    if cancelled():
        arrival.give_up()
        raise Cancelled
    return arrival


def arrive(joint: Joint, arrival: Arrival) -> bool:
    """Whether the other device has let this one in, which then goes on with the account.

    Raises NotAllowed (the code was ended), NotReachable.
    """
    account = arrival.look()
    if account is not None:
        _enter(joint, account, sign_ins.CODE)
    return account is not None


def _enter(joint: Joint, account: Account, way: str) -> None:
    """Goes on with the account, and tells its other devices with the first sync. A profile syncs in one way."""
    if joint.folder.is_on:
        joint.folder.leave()
    held = account.credentials
    noted = sign_ins.SignIn(held.account, held.device, joint.context.label, way, int(time.time()))
    with joint.context.repository.transaction() as moment:
        moment.set_memo(sign_ins.ENTERED, json.dumps(to_plain(noted)))
    joint.service.enter(account)


def sign_in_history(joint: Joint, records: Records) -> tuple[SignIn, ...]:
    """Who signed in to the account of this profile, newest first; nothing where nobody is signed in."""
    account = joint.service.account
    return () if account is None else sign_ins.sign_ins(records, account.account)


def own_device(joint: Joint) -> str:
    """The server's id of this device; empty where nobody is signed in."""
    account = joint.service.account
    return "" if account is None else account.credentials.device


def invite(joint: Joint) -> Invitation:
    """A code for a new device, good until it is closed, for five minutes, for one request."""
    return joint.service.speak(Invitation)


def leave_in_step(joint: Joint) -> None:
    """Sign out once everything that is here is on the server, too, so that it can go from this machine.

    Raises NotAllowed where the server does not take all of it, and what keeps a sync from its end.
    """
    if joint.service.sync_now().refused:
        raise NotAllowed(
            "The server does not take all of this timetable, so it stays here.",
            "Back it up under Settings first; it can be deleted there.",
        )
    joint.service.leave()


def export_to(joint: Joint, path: Path) -> None:
    """Write everything that the server has of the account into a file (JSON; records sealed, as it has them).

    Raises NotAllowed, NotReachable, FileTrouble.
    """
    write_whole(path, json.dumps(joint.service.speak(Account.export), indent=1).encode(), private=True)


def must_sign_in(status: Status) -> bool:
    """Whether sync goes on only once a person signs in again: the device was removed, or the password changed."""
    return isinstance(status.trouble, (DeviceRevoked, SignInAgain))


# what lost


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that lost against another machine's: of which record and field, what it is, and what stands instead."""

    key: str
    record: Record
    field: str
    value: Json
    standing: Json


def lost_values(records: Records) -> tuple[Lost, ...]:
    """What lost in merges and was not looked at yet, by key. What cannot be made out is left out: it stays stored."""
    found = []
    for conflict in records.of("conflict"):
        name, field = conflict.get("record"), conflict.get("field")
        if conflict.get("resolved") or not isinstance(field, str) or not isinstance(name, list) or len(name) != 2:
            continue
        record = records.get(str(name[0]), str(name[1]))
        found.append(Lost(conflict.key, record, field, conflict.get("value"), record.get(field)))
    return tuple(found)


def use_instead(store: Store, lost: Lost) -> Applied:
    """Take the value that lost after all: one act, undone as one. Raises InvalidInput where it was settled already."""
    if store.records().get("conflict", lost.key).get("resolved"):
        raise InvalidInput("This was settled already, perhaps on another machine.", "Look at the history again.")
    changes = (
        Change(lost.record.kind, lost.record.key, {lost.field: lost.value}),
        Change("conflict", lost.key, {"resolved": True}),
    )
    return store.apply(
        Act(msg("Took the other {field} of {what}", field=named(lost.field), what=lost.record.key), changes)
    )


def keep_standing(store: Store, lost: Lost) -> Applied:
    """Leave it as it stands, and do not show it again: one act."""
    change = Change("conflict", lost.key, {"resolved": True})
    return store.apply(Act(msg("Kept the {field} of {what}", field=named(lost.field), what=lost.record.key), (change,)))
