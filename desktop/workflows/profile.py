"""All that a profile holds, as one file and back; and none of it."""

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
    """Who says that a backup is as it was made."""

    NOBODY = "nobody"  # an older one, or one without account and passphrase
    THIS_PROFILE = "this profile"  # a key that is kept here opens its seal
    WHO_KNOWS = "who knows"  # its password, recovery key or passphrase has to be typed: see `prove`


def backup_to(
    store: Store, path: Path, now: datetime, settings: bytes = b"", vault: Vault | None = None, passphrase: str = ""
) -> ArchiveContents:
    """Write everything to one file, whole or not at all, and read it back to see that it is.

    With the profile's `vault` it is sealed by the account that the profile is in, and by `passphrase`. Raises
    FileTrouble, InvalidInput for a passphrase that protects nothing.
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
    """Read and check a backup without restoring it: its `contents` are for the person to judge.

    Raises FileTrouble, or InvalidInput where it is no whole backup.
    """
    return read_archive(path)


def vouched(store: Store, vault: Vault, archive: Archive) -> Vouched:
    """Who says that a backup is as it was made. Raises InvalidInput where a key of this profile says that it is not."""
    if archive.seal is None:
        return Vouched.NOBODY
    keys = backup_seal.account_keys(store.sync_repository, vault)
    is_own = backup_seal.verify_by_keys(backup_seal.read_seal(archive.seal), archive.manifest, keys)
    return Vouched.THIS_PROFILE if is_own else Vouched.WHO_KNOWS


def prove(archive: Archive, secret: str) -> None:
    """Hold a sealed backup against its password, recovery key or passphrase.

    Raises NotAllowed where it is none of them, InvalidInput where the backup was changed after it was made.
    """
    backup_seal.verify(backup_seal.read_seal(archive.seal or b""), archive.manifest, secret)


def is_in_account(store: Store, vault: Vault) -> bool:
    """Whether a backup is sealed by an account, so that it needs no passphrase."""
    return bool(backup_seal.account_keys(store.sync_repository, vault))


def restore_from(store: Store, archive: Archive) -> Path:
    """Put a backup that was looked into in the place of what is stored; returns the copy of what was there.

    A backup may be anybody's: it names no file of this machine to write to, and no address that was unknown here is
    asked for anything before the student agreed to it. Raises StorageTrouble, FileTrouble; nothing is changed then.
    """
    return restore(store, replace(archive, ledger=_of_this_machine(store, archive)))


def _of_this_machine(store: Store, archive: Archive) -> tuple[tuple[str, str, Json], ...]:
    """The external states of a backup, but for what is this machine's matter, which stays as it is here."""
    from desktop.workflows import addresses, kept_file  # noqa: PLC0415 - not before a backup is restored

    local = (kept_file.KEPT, kept_file.WRITES)
    kept = [entry for entry in archive.ledger if entry[0] not in (*local, addresses.UNCONFIRMED)]
    kept += [(name, each, body) for name in local for each, body in store.external_state.read(name).items()]
    here = _addresses(store.records()) - addresses.unconfirmed(store)
    there = _addresses(gather(held.record for held in archive.held))
    return (*kept, *((addresses.UNCONFIRMED, address, True) for address in sorted(there - here)))


def _addresses(records: Records) -> frozenset[str]:
    """The addresses that are asked for calendars."""
    from desktop.workflows import friends, layers  # noqa: PLC0415 - as above

    every = [each.address for each in friends.friends_of(records)]
    return frozenset([*every, *(each.address for each in layers.layers_of(records) if each.address)])


def tidy(store: Store) -> int:
    """Remove kept PDFs that no import needs any more, and what was read of calendars that are gone; returns how many
    PDFs. Not while a document is being accepted."""
    from desktop.workflows import layers  # noqa: PLC0415 - long after the first frame

    layers.tidy(store)
    wanted = {str(record.get("pdf", "")) for record in store.records().of("import")}
    return store.documents.tidy(wanted)
