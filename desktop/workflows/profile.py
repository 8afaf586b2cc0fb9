"""Back up a profile as one file, check and restore a backup, and delete stored files that are no longer needed."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from enum import Enum
from pathlib import Path

from desktop.domain.errors import FileTrouble
from desktop.domain.records.records import Json, Records, gather
from desktop.store import Store
from desktop.store.archive import Archive, ArchiveContents, read_archive, restore, write_archive
from desktop.sync import backup_seal
from desktop.sync.secrets import Vault
from desktop.workflows.files import is_regular, trouble

__all__ = [
    "Archive",
    "ArchiveContents",
    "Vouched",
    "backup_to",
    "is_in_account",
    "look_into",
    "prove",
    "restore_from",
    "tidy",
    "vouched",
]


class Vouched(Enum):
    """What shows that a backup was not changed after it was made."""

    NOBODY = "nobody"  # nothing: it has no seal, as it is an old one or made without account and passphrase
    THIS_PROFILE = "this profile"  # a key of this profile verified its seal
    WHO_KNOWS = "who knows"  # its seal can be verified with the password, recovery key or passphrase only


def backup_to(
    store: Store, path: Path, now: datetime, settings: bytes = b"", vault: Vault | None = None, passphrase: str = ""
) -> ArchiveContents:
    """Write everything to one file atomically, and read it back as a check.

    With the profile's `vault` the file is sealed under the keys of the profile's account, and under `passphrase`.
    Raises FileTrouble, InvalidInput for a passphrase that is too weak.
    """

    def seal(manifest: bytes) -> Json | None:
        return None if vault is None else backup_seal.seal(store.sync_repository, vault, manifest, passphrase)

    is_regular(path)
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
        raise trouble(path, wrong) from wrong
    except FileTrouble as wrong:
        cause = wrong.__cause__
        raise trouble(path, cause) if isinstance(cause, OSError) else wrong from wrong
    finally:
        if new.parent.is_dir():
            new.unlink(missing_ok=True)
    return contents


def look_into(path: Path) -> Archive:
    """Read and check a backup without restoring it; show its `contents` to the user first.

    Raises FileTrouble, or InvalidInput if it is not a complete backup.
    """
    return read_archive(path)


def vouched(store: Store, vault: Vault, archive: Archive) -> Vouched:
    """Check a backup's seal with the keys of this profile. Raises InvalidInput if one of them shows that the backup was
    changed."""
    if archive.seal is None:
        return Vouched.NOBODY
    keys = backup_seal.account_keys(store.sync_repository, vault)
    is_own = backup_seal.verify_by_keys(backup_seal.read_seal(archive.seal), archive.manifest, keys)
    return Vouched.THIS_PROFILE if is_own else Vouched.WHO_KNOWS


def prove(archive: Archive, secret: str) -> None:
    """Verify a sealed backup with its password, recovery key or passphrase.

    Raises NotAllowed if `secret` is none of them, InvalidInput if the backup was changed after it was made.
    """
    backup_seal.verify(backup_seal.read_seal(archive.seal or b""), archive.manifest, secret)


def is_in_account(store: Store, vault: Vault) -> bool:
    """True if backups are sealed under an account's keys, so that they need no passphrase."""
    return bool(backup_seal.account_keys(store.sync_repository, vault))


def restore_from(store: Store, archive: Archive) -> Path:
    """Replace everything stored by a backup; returns the path of a copy of the previous state.

    A backup is untrusted: it cannot name a file of this machine to write to, and no address that was unknown here is
    requested before the student confirmed it. Raises StorageTrouble, FileTrouble; nothing is changed then.
    """
    return restore(store, replace(archive, ledger=_of_this_machine(store, archive)))


def _of_this_machine(store: Store, archive: Archive) -> tuple[tuple[str, str, Json], ...]:
    """The external states of a backup, except those that belong to this machine, which keep their current values."""
    from desktop.workflows import addresses, kept_file  # noqa: PLC0415 - not before a backup is restored

    local = (kept_file.KEPT, kept_file.WRITES)
    kept = [entry for entry in archive.ledger if entry[0] not in (*local, addresses.UNCONFIRMED)]
    kept += [(name, each, body) for name in local for each, body in store.external_state.read(name).items()]
    here = _addresses(store.records()) - addresses.unconfirmed(store)
    there = _addresses(gather(held.record for held in archive.held))
    return (*kept, *((addresses.UNCONFIRMED, address, True) for address in sorted(there - here)))


def _addresses(records: Records) -> frozenset[str]:
    """The addresses that calendars are fetched from."""
    from desktop.workflows import friends, layers  # noqa: PLC0415 - as above

    every = [each.address for each in friends.friends_of(records)]
    return frozenset([*every, *(each.address for each in layers.layers_of(records) if each.address)])


def tidy(store: Store) -> int:
    """Delete kept PDFs that no import needs any more, and the content of removed layers; returns the number of PDFs.
    Must not run while a document is being accepted."""
    from desktop.workflows import layers  # noqa: PLC0415 - long after the first frame

    layers.tidy(store)
    wanted = {str(record.get("pdf", "")) for record in store.records().of("import")}
    return store.documents.tidy(wanted)
