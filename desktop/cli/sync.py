"""`sync`: join a folder or an account, and sync once. A password is never an argument, which other users could see."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from desktop.app import App
from desktop.cli.secret import read_new_secret, read_secret
from desktop.domain.errors import InvalidInput, NeedsDecision
from desktop.workflows import folder_sync, sync
from desktop.workflows.sync import Joint, ServerFinding, SyncOutcome

_FINDING_TEXTS = {
    "restored": "The server was restored from a backup; the devices send again what it lost.",
    "rolled back": "The server went back to an older state and does not say so; this device sends what is missing.",
    "lost records": "{records} entries are gone from the server; this device sends them again.",
    "old keyring": "The server put old keys back, which an old password may open; this device replaced them.",
    "split view": "The server shows another device ({device}) something else than this one.",
}


def create(args: argparse.Namespace) -> int:
    """Put the timetable into a folder and print its recovery key."""
    with App.open(args.profile) as app:
        joint = app.join_sync()
        _check_not_syncing(joint)
        recovery = folder_sync.create_shared_folder(joint, _folder(args), _new_password(args))
        joint.folder.sync_now()
    print(f"Recovery key: {recovery}")
    print("Keep it where you will find it: with it you can join when the password is forgotten.", file=sys.stderr)
    return 0


def join(args: argparse.Namespace) -> int:
    """Join the timetable in a folder, with the password or with the recovery key and a new password."""
    with App.open(args.profile) as app:
        joint = app.join_sync()
        _check_not_syncing(joint)
        if args.recovery:
            recovery = read_secret(args.password_fd, "Recovery key: ")
            folder_sync.join_by_recovery_key(joint, _folder(args), recovery, _new_password(args))
        else:
            folder_sync.join_by_password(joint, _folder(args), _password(args))
    print("Joined. `upschedule sync now` brings both sides in step.")
    return 0


def register(args: argparse.Namespace) -> int:
    """Create an account and print its recovery key."""
    with App.open(args.profile) as app:
        joint = app.join_sync()
        _check_not_syncing(joint)
        recovery = sync.create_account(joint, _server(args), _name(args), _new_password(args), args.invitation)
    print(f"Recovery key: {recovery}")
    print("Keep it where you will find it: with it you can sign in when the password is forgotten.", file=sys.stderr)
    return 0


def login(args: argparse.Namespace) -> int:
    """Sign in, with a password or with the recovery key and a new password."""
    with App.open(args.profile) as app:
        joint = app.join_sync()
        _check_not_syncing(joint)
        if args.recovery:
            recovery = read_secret(args.password_fd, "Recovery key: ")
            sync.sign_in_with_recovery_key(joint, _server(args), _name(args), recovery, _new_password(args))
        else:
            sync.sign_in(joint, _server(args), _name(args), _password(args))
    print("Signed in. `upschedule sync now` brings both sides in step.")
    return 0


def logout(args: argparse.Namespace) -> int:
    """Sign out, or leave the folder; the records stay."""
    with App.open(args.profile) as app:
        joint = app.join_sync()
        if joint.folder.is_on:
            joint.folder.leave_folder()
            print("Left the folder. What is stored here stays, and so does what is in the folder.")
            return 0
        joint.service.sign_out()
    print("Signed out. What is stored here stays.")
    return 0


def now(args: argparse.Namespace) -> int:
    """Sync once."""
    with App.open(args.profile) as app:
        joint = app.join_sync()
        _check_server(joint, args)
        try:
            service = joint.folder if joint.folder.is_on else joint.service
            outcome = service.sync_now(agreed=args.agree, wipe=args.wipe)
        except folder_sync.FolderIsEmpty as empty:
            raise NeedsDecision(empty.title, f"{empty.hint} Say --agree to go on.") from empty
        except sync.JoinNeedsDecision as ahead:
            raise NeedsDecision(ahead.title, f"{ahead.hint} Say --agree to go on.") from ahead
        except sync.MassDeleteNeedsDecision as ahead:
            raise NeedsDecision(
                ahead.title, "Say --wipe accept to delete them, or --wipe undo to keep them."
            ) from ahead
        found = () if joint.folder.is_on else joint.service.status.findings
    print(
        json.dumps({**_outcome_to_json(outcome), "findings": _findings_to_json(found)})
        if args.json
        else _outcome_text(outcome)
    )
    _print_findings(found)
    return 0


def status(args: argparse.Namespace) -> int:
    """Print the state known here, without a request to the server."""
    with App.open_read_only(args.profile) as app:
        joint = app.join_sync()
        if joint.folder.is_on:
            return _folder_status(joint, as_json=args.json)
        account = joint.service.account
        with app.store.sync_repository.transaction() as transaction:
            waiting, refused = len(transaction.pending(1_000_000)), len(transaction.refused())
            unreadable = sum(item.reason != "part" for item in transaction.set_asides())
        found = joint.service.status.findings
    known = {
        "signed_in": account is not None,
        "name": account.credentials.name if account else None,
        "server": account.credentials.server if account else None,
        "waiting": waiting,
        "refused": refused,
        "unreadable": unreadable,
        "findings": _findings_to_json(found),
    }
    if args.json:
        print(json.dumps(known))
    else:
        who = f"Signed in to {known['server']} as {known['name']}." if account else "Not signed in."
        print(f"{who} {waiting} waiting to be sent, {refused} refused, {unreadable} unreadable.")
    _print_findings(found)
    return 0


def _findings_to_json(found: Iterable[ServerFinding]) -> list[dict[str, object]]:
    return [{**asdict(each), "kind": each.kind.value} for each in found]


def _print_findings(found: Iterable[ServerFinding]) -> None:
    """Print the server's findings on standard error. The Sync page explains what to do, and dismisses them."""
    for each in found:
        at = datetime.fromtimestamp(each.at).astimezone()
        print(f"{at:%Y-%m-%d %H:%M}: {_FINDING_TEXTS[each.kind.value].format(**asdict(each))}", file=sys.stderr)


def _folder_status(joint: Joint, *, as_json: bool) -> int:
    status = joint.folder.status
    if as_json:
        devices = [
            {
                "label": each.label,
                "this_one": each.is_this_one,
                "troubles": [trouble.value for trouble in each.problems],
                "has_seen_all": not each.unseen,
            }
            for each in status.devices
        ]
        trouble = None if status.error is None else str(status.error)
        print(json.dumps({"folder": status.folder, "devices": devices, "trouble": trouble}))
        return 0
    print(f"Syncs through {status.folder}.")
    if status.error is not None:
        print(status.error)
    for each in status.devices:
        words = ["this one"] if each.is_this_one else [trouble.value for trouble in each.problems]
        words += ["has not seen the newest of this one"] if each.unseen else []
        print(f"  {each.label}{': ' + ', '.join(words) if words else ''}")
    return 0


def _check_not_syncing(joint: Joint) -> None:
    if joint.folder.is_on:
        raise InvalidInput(
            f"This profile syncs through {joint.folder.status.folder} already.",
            "Leave it first (sync logout), or name another profile with --profile.",
        )
    account = joint.service.account
    if account is not None:
        raise InvalidInput(
            f"This profile is signed in already, to {account.credentials.server} as {account.credentials.name}.",
            "Sign out first (sync logout), or name another profile with --profile.",
        )


def _check_server(joint: Joint, args: argparse.Namespace) -> None:
    if args.folder and Path(joint.folder.status.folder) != args.folder.absolute():
        where = joint.folder.status.folder
        raise InvalidInput(
            f"This profile syncs through {where}." if where else "This profile does not sync through a folder.",
            "Leave --folder out, or create or join it first.",
        )
    account = joint.service.account
    if account is not None and args.server and sync.server_address(args.server) != account.credentials.server:
        raise InvalidInput(
            f"This profile is signed in to {account.credentials.server}, not to {args.server}.",
            "Leave --server out, or sign out first.",
        )


def _folder(args: argparse.Namespace) -> Path:
    if not args.folder:
        raise InvalidInput("No folder is named.", "Say which with --folder DIR.")
    return Path(args.folder).absolute()


def _server(args: argparse.Namespace) -> str:
    if not args.server:
        raise InvalidInput("No server is named.", "Say which with --server URL.")
    return sync.server_address(args.server)


def _name(args: argparse.Namespace) -> str:
    if not args.name:
        raise InvalidInput("No account is named.", "Say which with --name NAME.")
    return str(args.name)


def _password(args: argparse.Namespace) -> str:
    return read_secret(args.password_fd, "Password: ")


def _new_password(args: argparse.Namespace) -> str:
    return read_new_secret(args.password_fd, "New password: ")


def _outcome_to_json(outcome: SyncOutcome) -> dict[str, object]:
    plain = asdict(outcome)
    return plain | {"changed": len(outcome.changed)}


def _outcome_text(outcome: SyncOutcome) -> str:
    parts = [f"In step: {outcome.pulled} received, {outcome.pushed} sent."]
    if outcome.conflicts:
        parts.append(f"{outcome.conflicts} values lost against another machine's; the history has them.")
    if outcome.refused:
        parts.append(f"{outcome.refused} are not taken by the server.")
    if outcome.unreadable:
        parts.append(f"{outcome.unreadable} cannot be read by this version and are kept.")
    if outcome.restored:
        parts.append("The server had been restored from a backup; what it lost was sent again.")
    return " ".join(parts)
