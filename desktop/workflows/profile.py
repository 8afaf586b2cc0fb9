"""Back up a profile as one file, check and restore a backup, and delete stored files that are no longer needed."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from enum import Enum
from pathlib import Path

from desktop.domain.errors import FileError
from desktop.domain.records.records import Json, Records, index_records
from desktop.store import Store
from desktop.store.archive import Archive, ArchiveContents, read_archive, restore, write_archive
from desktop.sync import backup_seal
from desktop.sync.secrets import Vault
from desktop.workflows.files import file_error, is_existing_file

__all__ = [
    "Archive",
    "ArchiveContents",
    "BackupTrust",
    "check_trust",
    "delete_unused_files",
    "is_sealed_by_account",
    "read_backup",
    "restore_backup",
    "verify_with_secret",
    "write_backup",
]


class BackupTrust(Enum):
    """What shows that a backup was not changed after it was made."""

    UNSEALED = "nobody"  # nothing: it has no seal, as it is an old one or made without account and passphrase
    VERIFIED = "this profile"  # a key of this profile verified its seal
    UNDECIDED = "who knows"  # its seal can be verified with the password, recovery key or passphrase only


def write_backup(
    store: Store, path: Path, now: datetime, settings: bytes = b"", vault: Vault | None = None, passphrase: str = ""
) -> ArchiveContents:
    """Write everything to one file atomically, and read it back as a check.

    With the profile's `vault` the file is sealed under the keys of the profile's account, and under `passphrase`.
    Raises FileError, InvalidInput for a passphrase that is too weak.
    """

    def seal(manifest: bytes) -> Json | None:
        return None if vault is None else backup_seal.seal(store.sync_repository, vault, manifest, passphrase)

    is_existing_file(path)
    path = Path(os.path.realpath(path))
    new = path.with_name(f".{path.name}.new")
    try:
        new.unlink(missing_ok=True)
        write_archive(store, new, now, settings, seal)
        contents = read_archive(new).contents
        handle = os.open(new, os.O_RDWR)
        os.fsync(handle)
        os.close(handle)
        new.replace(path)
    except OSError as wrong:
        raise file_error(path, wrong) from wrong
    except FileError as wrong:
        cause = wrong.__cause__
        raise file_error(path, cause) if isinstance(cause, OSError) else wrong from wrong
    finally:
        if new.parent.is_dir():
            new.unlink(missing_ok=True)
    return contents


def read_backup(path: Path) -> Archive:
    """Read and check a backup without restoring it; show its `contents` to the user first.

    Raises FileError, or InvalidInput if it is not a complete backup.
    """
    return read_archive(path)


def check_trust(store: Store, vault: Vault, archive: Archive) -> BackupTrust:
    """Check a backup's seal with the keys of this profile. Raises InvalidInput if one of them shows that the backup was
    changed."""
    if archive.seal is None:
        return BackupTrust.UNSEALED
    keys = backup_seal.account_keys(store.sync_repository, vault)
    is_own = backup_seal.verify_by_keys(backup_seal.read_seal(archive.seal), archive.manifest, keys)
    return BackupTrust.VERIFIED if is_own else BackupTrust.UNDECIDED


def verify_with_secret(archive: Archive, secret: str) -> None:
    """Verify a sealed backup with its password, recovery key or passphrase.

    Raises NotAllowed if `secret` is none of them, InvalidInput if the backup was changed after it was made.
    """
    backup_seal.verify(backup_seal.read_seal(archive.seal or b""), archive.manifest, secret)


def is_sealed_by_account(store: Store, vault: Vault) -> bool:
    """True if backups are sealed under an account's keys, so that they need no passphrase."""
    return bool(backup_seal.account_keys(store.sync_repository, vault))


def restore_backup(store: Store, archive: Archive) -> Path:
    """Replace everything stored by a backup; returns the path of a copy of the previous state.

    A backup is untrusted: it cannot name a file of this machine to write to, and no address that was unknown here is
    requested before the student confirmed it. Raises StorageError, FileError; nothing is changed then.
    """
    return restore(store, replace(archive, ledger=_with_local_states(store, archive)))


def _with_local_states(store: Store, archive: Archive) -> tuple[tuple[str, str, Json], ...]:
    """The external states of a backup, except those that belong to this machine, which keep their current values."""
    from desktop.workflows import addresses, kept_file  # noqa: PLC0415 - not before a backup is restored

    local = (kept_file.KEPT_FILES_TARGET, kept_file.WRITES_TARGET)
    kept = [entry for entry in archive.ledger if entry[0] not in (*local, addresses.UNCONFIRMED_TARGET)]
    kept += [(name, each, body) for name in local for each, body in store.external_state.read(name).items()]
    here = _calendar_addresses(store.records()) - addresses.unconfirmed_addresses(store)
    there = _calendar_addresses(index_records(held.record for held in archive.held))
    return (*kept, *((addresses.UNCONFIRMED_TARGET, address, True) for address in sorted(there - here)))


def _calendar_addresses(records: Records) -> frozenset[str]:
    """The addresses that calendars are fetched from."""
    from desktop.workflows import friends, layers  # noqa: PLC0415 - as above

    every = [each.address for each in friends.friends_of(records)]
    return frozenset([*every, *(each.address for each in layers.layers_of(records) if each.address)])


def delete_unused_files(store: Store) -> int:
    """Delete kept PDFs that no import needs any more, and the content of removed layers; returns the number of PDFs.
    Must not run while a document is being accepted."""
    from desktop.workflows import layers  # noqa: PLC0415 - long after the first frame

    layers.delete_unused_content(store)
    wanted = {str(record.get("pdf", "")) for record in store.records().of_kind("import")}
    return store.documents.remove_unused(wanted)
