"""The credentials that a profile keeps in the vault so that it stays signed in.

A vault entry is named after the profile's name in stamps. A copy of a profile gets another such name, so it never
shares a session or an entry with the original.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from desktop.domain.errors import NotReachable
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault
from desktop.sync.wire import b64, new_id, unb64

ENTRY = "sync.entry"  # memo: the name of the vault entry
MAX_PREVIOUS_SEEDS = 3
DEVICE = "sync.device"  # memo: this profile's last device id at a server, so that it signs in as the same device again


@dataclass(frozen=True, slots=True)
class Credentials:
    """The keys and the session of a signed-in device.

    `previous_seeds` are the login seeds of the previous passwords, latest first: a server that was restored from a
    backup may know only one of these.
    """

    server: str
    name: str
    account: str
    device: str
    token: str = field(repr=False)
    account_key: bytes = field(repr=False)
    login_seed: bytes = field(repr=False)
    previous_seeds: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def seeds(self) -> tuple[bytes, ...]:
        """All login seeds, the current one first."""
        return self.login_seed, *self.previous_seeds

    def with_seed(self, seed: bytes) -> Credentials:
        """With the seed of a new password. Only a few old ones are kept: servers throttle clients that try many."""
        others = tuple(each for each in self.seeds if each != seed)
        return replace(self, login_seed=seed, previous_seeds=others[:MAX_PREVIOUS_SEEDS])

    def text(self) -> str:
        # A single seed is written as earlier versions write it, which know no list.
        seeds = [b64(each) for each in self.previous_seeds]
        previous: object = seeds if len(seeds) > 1 else next(iter(seeds), None)
        return json.dumps(
            [
                1,
                self.server,
                self.name,
                self.account,
                self.device,
                self.token,
                b64(self.account_key),
                b64(self.login_seed),
                previous,
            ]
        )


def credentials_from(text: str) -> Credentials | None:
    """The reverse of `Credentials.text`; None for any other text."""
    try:
        version, server, name, account, device, token, account_key, login_seed, previous = json.loads(text)
        if version != 1:
            return None
        seeds = previous if isinstance(previous, list) else [previous] if previous is not None else []
        earlier = tuple(unb64(each) for each in seeds)
        return Credentials(server, name, account, device, token, unb64(account_key), unb64(login_seed), earlier)
    except (ValueError, TypeError, NotReachable):
        return None


def load_credentials(repository: SyncRepository, vault: Vault) -> tuple[Credentials | None, bool]:
    """The stored credentials, and True if they are this profile's own (False: those of the profile it is a copy of)."""
    with repository.transaction() as transaction:
        entry, device = transaction.memo(ENTRY), transaction.device()
    text = None if entry is None else vault.load(entry)
    return (None if text is None else credentials_from(text)), entry == _entry(device)


def save_credentials(repository: SyncRepository, vault: Vault, credentials: Credentials) -> None:
    """Stores credentials as this profile's own."""
    with repository.transaction() as transaction:
        entry = _entry(transaction.device())
    vault.save(entry, credentials.text())
    with repository.transaction() as transaction:
        transaction.set_memo(ENTRY, entry)
        transaction.set_memo(DEVICE, json.dumps([entry, credentials.server, credentials.name, credentials.device]))


def previous_device_id(repository: SyncRepository, server: str, name: str) -> str:
    """The device id that this profile last had with that name on that server, or a new one."""
    with repository.transaction() as transaction:
        text, device = transaction.memo(DEVICE), transaction.device()
    known = json.loads(text) if text is not None else []
    return str(known[3]) if known[:3] == [_entry(device), server, name.strip().casefold()] else new_id()


def forget_credentials(repository: SyncRepository, vault: Vault) -> None:
    """Removes this profile's own vault entry; that of a profile which this is a copy of stays."""
    with repository.transaction() as transaction:
        entry, device = transaction.memo(ENTRY), transaction.device()
        transaction.set_memo(ENTRY, None)
    if entry is not None and entry == _entry(device):
        vault.remove(entry)


def _entry(device: str) -> str:
    return f"profile {device}"
