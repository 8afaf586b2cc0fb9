"""Syncing through a shared folder: create or join it, and let other devices in."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.errors import FileError, cause
from desktop.domain.messages import msg
from desktop.sync.folder import account
from desktop.sync.folder.cloud_folders import CloudFolder, cloud_of, find_cloud_folders, has_timetable
from desktop.sync.folder.engine import FolderIsEmpty
from desktop.sync.folder.health import DeviceProblem, FolderDevice
from desktop.sync.folder.linking import FolderCodeJoin, FolderInvitation
from desktop.sync.folder.service import FolderService, FolderStatus
from desktop.workflows.sync import Joint

__all__ = [
    "CloudFolder",
    "DeviceProblem",
    "FolderCodeJoin",
    "FolderDevice",
    "FolderInvitation",
    "FolderIsEmpty",
    "FolderService",
    "FolderStatus",
    "cloud_of",
    "find_cloud_folders",
    "has_timetable",
]


def create_shared_folder(joint: Joint, path: Path, password: str) -> str:
    """Start to sync through a folder, which is created if it is missing; returns the recovery key, to be shown once.

    Raises InvalidInput (the password is too weak), NotAllowed (the folder holds a timetable already), FileError.
    """
    _make(path)
    files = joint.folder.files_at(path)
    _sign_out_of_server(joint)
    made, recovery = account.create_account(
        joint.context.repository, joint.context.vault, files, password, _label(joint)
    )
    joint.folder.start_with(made, files, path)
    return recovery


def join_by_password(joint: Joint, path: Path, password: str) -> None:
    """Join the timetable in a folder. Raises SecretRefused, FileError."""
    files = joint.folder.files_at(path)
    made = account.join_by_password(joint.context.repository, joint.context.vault, files, password, _label(joint))
    _sign_out_of_server(joint)
    joint.folder.start_with(made, files, path)


def join_by_recovery_key(joint: Joint, path: Path, recovery_key: str, password: str) -> None:
    """Join with the recovery key, and set a new password. Raises SecretRefused, InvalidInput, FileError."""
    files = joint.folder.files_at(path)
    made = account.join_by_recovery_key(
        joint.context.repository, joint.context.vault, files, recovery_key, password, _label(joint)
    )
    _sign_out_of_server(joint)
    joint.folder.start_with(made, files, path)


def request_access(joint: Joint, path: Path, code: str) -> FolderCodeJoin:
    """Request access with a code from a device that already syncs here. Raises InvalidInput, FileError."""
    files = joint.folder.files_at(path)
    return FolderCodeJoin(joint.context.repository, joint.context.vault, files, code, _label(joint))


def try_finish_arrival(joint: Joint, path: Path, arrival: FolderCodeJoin) -> bool:
    """Check whether the other device has let this one in; if so, start to sync and return True. Raises NotAllowed."""
    made = arrival.poll()
    if made is None:
        return False
    _sign_out_of_server(joint)
    joint.folder.start_with(made, joint.folder.files_at(path), path)
    return True


def _sign_out_of_server(joint: Joint) -> None:
    """Sign out of the server, since a profile syncs in one way only. What is known of it is kept, for a return."""
    if joint.service.account is not None:
        joint.service.sign_out()


def _label(joint: Joint) -> str:
    return joint.context.label


def _make(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise FileError(
            msg("The folder {folder} cannot be made: {why}.", folder=str(path), why=cause(wrong)),
            "Choose another folder.",
        ) from wrong
