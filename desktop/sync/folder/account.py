"""The account of a profile that syncs through a folder: its keys, and ways to create, join and leave it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from desktop.domain.errors import InvalidInput, NotAllowed, NotReachable
from desktop.domain.records.merge import HeldRecord, equal_versions
from desktop.sync import cipher
from desktop.sync.device_labels import checked_label
from desktop.sync.folder import keyring as rings
from desktop.sync.folder.engine import new_file_id
from desktop.sync.folder.file_format import Damaged, NotOurs
from desktop.sync.folder.keyring import PASSWORD, RECOVERY, FolderKeyring, KeyringFile, SecretRefused
from desktop.sync.folder.ports import FileStat, FolderFiles
from desktop.sync.folder.state import KEYRING, FolderState, forget_folder, load_state, save_state
from desktop.sync.key_format import format_key, parse_key
from desktop.sync.passwords import check_password
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault
from desktop.sync.wire import b64, unb64

ENTRY = "folder.entry"  # memo: the name of the vault entry
PATH = "folder.path"  # memo: the path of the folder on this machine
KEYRING_SUFFIX = ".upk"


@dataclass(frozen=True, slots=True)
class FolderSecrets:
    """A profile's entry in the vault: the newest account key that it knows, with its id, and its own private key."""

    account: str
    file: str
    key: str
    account_key: bytes = field(repr=False)
    private: bytes = field(repr=False)

    def text(self) -> str:
        return json.dumps([1, self.account, self.file, self.key, b64(self.account_key), b64(self.private)])


def _secrets_from(text: str | None) -> FolderSecrets | None:
    try:
        version, account, file, key, account_key, private = json.loads(text or "")
        return FolderSecrets(account, file, key, unb64(account_key), unb64(private)) if version == 1 else None
    except (ValueError, TypeError, NotReachable):
        return None


class FolderAccount:
    """The account in a folder, used by one device: this profile. Not thread-safe."""

    def __init__(
        self, repository: SyncRepository, vault: Vault, files: FolderFiles, held: FolderSecrets, keyring: FolderKeyring
    ) -> None:
        self._repository = repository
        self._vault = vault
        self._files = files
        self._held = held
        self._keyring = keyring
        self._known: dict[str, FileStat] = {}  # the keyring files as they were at the last check
        self._foreign_rotation = 0  # of a keyring whose account key was not boxed to this device
        self.is_password_replaced = False  # another device changed the password at the same time, and its one is valid

    # for the engine (`ports.FolderKeys`)
    @property
    def account(self) -> str:
        return self._keyring.account

    @property
    def data_keys(self) -> Mapping[str, bytes]:
        return self._keyring.data_keys

    @property
    def current(self) -> str:
        return self._keyring.current

    @property
    def counts(self) -> tuple[int, int, int]:
        return self._keyring.counts

    @property
    def file(self) -> str:
        return self._held.file

    @property
    def keyring(self) -> FolderKeyring:
        return self._keyring

    @property
    def is_removed(self) -> bool:
        """True if another device has removed this one, as far as the folder's keyrings show."""
        return self._foreign_rotation > self._keyring.rotation

    def merge_keyrings(self, listing: Mapping[str, FileStat]) -> bool:
        here = {name: stat for name, stat in listing.items() if name.endswith(KEYRING_SUFFIX)}
        changed = [name for name, stat in here.items() if self._known.get(name) != stat]
        own = rings.keyring_name(self.file)
        if not changed and own in here and self._is_written():
            return False
        found = dict(read_keyrings(self._files, changed))
        opened = []
        self._foreign_rotation = 0 if changed else self._foreign_rotation
        for each in found.values():
            ring = rings.opened_by_device(self._keyring, each, self.file, self._held.private)
            if ring is not None:
                opened.append(ring)
            elif each.account == self.account:
                self._foreign_rotation = max(self._foreign_rotation, each.rotation)
        before = self._keyring
        merged = rings.merged(before, opened)
        if rings.must_rotate(merged):
            merged = merged.rotated()
        public = cipher.exchange_public(self._held.private)
        if self.file not in merged.removed and merged.devices.get(self.file) != public:
            merged = merged.with_device(self.file, public)
        lost = before.password.by == self.file and before.password.id != merged.password.id
        self.is_password_replaced |= lost and before.password.count == merged.password.count
        self._save_keyring(merged, write=own not in here or not self._is_written(merged.digest))
        self._known = {**here, own: self._known[own]} if own in self._known else dict(here)
        return merged.data_keys.keys() != before.data_keys.keys() or bool(changed)

    def renew(self, file: str) -> None:
        self._held = FolderSecrets(
            self.account,
            file,
            self._keyring.key,
            self._keyring.account_keys[self._keyring.key],
            cipher.new_exchange_key(),
        )
        self._vault.save(self._held_as, self._held.text())
        self._known.clear()

    @property
    def _held_as(self) -> str:
        return f"folder {self._held.file}"

    # changes that a person makes

    def change_password(self, secret: str, password: str, *, new_keys: bool = True) -> None:
        """Sets a new password; `secret` is the old one or the recovery key.

        With `new_keys`, everything written from now on is sealed under new keys, so that the old password with an old
        keyring file cannot open it. Raises SecretRefused, InvalidInput.
        """
        check_password(password)
        self._check_secret(secret)
        kdf = cipher.new_kdf()
        keyring = self._keyring.rotated() if new_keys else self._keyring
        way = rings.password_way(password, kdf)
        self._save_keyring(rings.with_slot(keyring, PASSWORD, way, self.file, kdf), write=True)

    def new_recovery_key(self, secret: str) -> str:
        """Replaces the recovery key and returns the new one as text; `secret` is the password or the old key.

        The old key opens nothing that is written from now on. Raises SecretRefused.
        """
        self._check_secret(secret)
        key = cipher.random_key()
        self._save_keyring(
            rings.with_slot(self._keyring.rotated(), RECOVERY, rings.recovery_way(key), self.file), write=True
        )
        return format_key(key)

    def remove_device(self, file: str) -> None:
        """Rotates the keys, so that the device cannot read what is written from now on; it keeps what it has read."""
        if file == self.file:
            raise InvalidInput("A device cannot remove itself.", "Stop syncing on it instead.")
        self._save_keyring(self._keyring.without(file), write=True)

    def account_for_new_device(self) -> bytes:
        """The message that lets a new device join, to be sealed to it."""
        key = self._keyring.key
        return json.dumps([self.account, key, b64(self._keyring.account_keys[key])]).encode()

    def _check_secret(self, secret: str) -> None:
        kdf = self._keyring.password.kdf
        if kdf is not None and rings.opens(self._keyring, PASSWORD, rings.password_way(secret, kdf)):
            return
        try:
            recovery = parse_key(secret, cipher.KEY_BYTES)
        except InvalidInput:
            recovery = b""
        if not recovery or not rings.opens(self._keyring, RECOVERY, rings.recovery_way(recovery)):
            raise SecretRefused("This is neither the password nor the recovery key.", "Check what you typed.")

    def write_keyring(self) -> None:
        """Writes this device's keyring file into the folder."""
        self._save_keyring(self._keyring, write=True)

    # storing

    def _is_written(self, digest: str | None = None) -> bool:
        with self._repository.transaction() as transaction:
            text = transaction.memo(KEYRING)
        kept = None if text is None else json.loads(text)
        return kept is not None and kept[0] == self.file and kept[1] == (digest or self._keyring.digest)

    def _save_keyring(self, keyring: FolderKeyring, *, write: bool) -> None:
        """Stores the keyring. The vault comes first: without the account key the rest could not be opened again."""
        self._keyring = keyring
        key = keyring.account_keys[keyring.key]
        if self._held.key != keyring.key:
            self._held = FolderSecrets(self.account, self.file, keyring.key, key, self._held.private)
            self._vault.save(self._held_as, self._held.text())
        if not write:
            return
        content = rings.seal_keyring(keyring, self.file)
        with self._repository.transaction() as transaction:
            transaction.set_memo(KEYRING, json.dumps([self.file, keyring.digest, content.decode()]))
            transaction.set_memo(ENTRY, self._held_as)
        name = rings.keyring_name(self.file)
        self._known[name] = self._files.write(name, content)


def read_keyrings(files: FolderFiles, names: Iterable[str]) -> dict[str, KeyringFile]:
    """The readable keyring files among these, by name."""
    found = {}
    for name in names:
        content = files.read(name)
        if content is None:
            continue
        try:
            found[name] = rings.keyring_file(content)
        except (NotOurs, Damaged):
            continue
    return found


# opening, creating, joining and leaving


def kept_keyring(repository: SyncRepository, vault: Vault) -> FolderKeyring | None:
    """The keyring that this profile wrote last, or None if it syncs through no folder. Reads no file."""
    return _kept(repository, vault)[2]


def _kept(
    repository: SyncRepository, vault: Vault
) -> tuple[FolderState | None, FolderSecrets | None, FolderKeyring | None]:
    with repository.transaction() as transaction:
        state, text, entry = load_state(transaction), transaction.memo(KEYRING), transaction.memo(ENTRY)
    held = None if entry is None else _secrets_from(vault.load(entry))
    if state is None or text is None or held is None or held.account != state.account:
        return None, None, None
    try:
        found = rings.keyring_file(json.loads(text)[2].encode())
    except (NotOurs, Damaged):
        return None, None, None
    key = held.account_key if found.key == held.key else None
    return state, held, None if key is None else found.opened(key, (held.key, key))


def open_account(repository: SyncRepository, vault: Vault, files: FolderFiles) -> FolderAccount | None:
    """The folder account that this profile has joined, or None."""
    state, held, ring = _kept(repository, vault)
    if state is None or held is None:
        return None
    if ring is None:  # the account key in the vault is newer than the memo: the process ended in between
        others = read_keyrings(files, [name for name in files.list() if name.endswith(KEYRING_SUFFIX)]).values()
        opened = [
            each.opened(held.account_key, (held.key, held.account_key)) for each in others if each.key == held.key
        ]
        ring = next((each for each in opened if each is not None), None)
        if ring is None:
            return None
    account = FolderAccount(repository, vault, files, held, ring)
    if held.file != state.file:
        account.renew(state.file)
    return account


def create_account(
    repository: SyncRepository, vault: Vault, files: FolderFiles, password: str, label: str
) -> tuple[FolderAccount, str]:
    """Creates an account in a folder that has none; returns it and its recovery key as text.

    Raises InvalidInput for a weak password, NotAllowed if the folder has an account already.
    """
    check_password(password)
    if keyrings_in(files):
        raise NotAllowed("There is a timetable in this folder already.", "Join it, or choose another folder.")
    file, private, kdf, recovery = new_file_id(), cipher.new_exchange_key(), cipher.new_kdf(), cipher.random_key()
    keyring = rings.new_keyring(
        rings.password_way(password, kdf), kdf, rings.recovery_way(recovery), file, cipher.exchange_public(private)
    )
    return _enter(repository, vault, files, keyring, file, private, label), format_key(recovery)


def join_by_password(
    repository: SyncRepository, vault: Vault, files: FolderFiles, password: str, label: str
) -> FolderAccount:
    """Raises SecretRefused."""
    return _join(repository, vault, files, rings.entered(keyrings_in(files), PASSWORD, password), label)


def join_by_recovery_key(
    repository: SyncRepository, vault: Vault, files: FolderFiles, words: str, password: str, label: str
) -> FolderAccount:
    """Joins, and sets a new password. Raises SecretRefused, InvalidInput."""
    check_password(password)
    recovery = parse_key(words, cipher.KEY_BYTES)
    keyring = rings.entered(keyrings_in(files), RECOVERY, recovery)
    account = _join(repository, vault, files, keyring, label)
    account.change_password(words, password)
    return account


def join_with_account_key(
    repository: SyncRepository, vault: Vault, files: FolderFiles, letter: bytes, label: str
) -> FolderAccount:
    """Joins with the message that a device of the account has sealed to this one. Raises NotAllowed, Damaged."""
    try:
        account, key, text = json.loads(letter)
        account_key = unb64(text)
    except (ValueError, TypeError, NotReachable) as wrong:
        raise Damaged from wrong
    found = [each for each in keyrings_in(files) if each.account == account and each.key == key]
    opened = [each.opened(account_key, (key, account_key)) for each in found]
    known = [each for each in opened if each is not None]
    if not known:
        raise NotAllowed("The keys are not in this folder yet.", "Wait until the cloud has brought all files.")
    return _join(repository, vault, files, rings.merged(known[0], known), label)


def keyrings_in(files: FolderFiles) -> list[KeyringFile]:
    """All readable keyring files in a folder."""
    names = [name for name in files.list() if name.endswith(KEYRING_SUFFIX)]
    return list(read_keyrings(files, names).values())


def _join(
    repository: SyncRepository, vault: Vault, files: FolderFiles, keyring: FolderKeyring, label: str
) -> FolderAccount:
    file, private = new_file_id(), cipher.new_exchange_key()
    return _enter(
        repository, vault, files, keyring.with_device(file, cipher.exchange_public(private)), file, private, label
    )


def _enter(
    repository: SyncRepository,
    vault: Vault,
    files: FolderFiles,
    keyring: FolderKeyring,
    file: str,
    private: bytes,
    label: str,
) -> FolderAccount:
    held = FolderSecrets(keyring.account, file, keyring.key, keyring.account_keys[keyring.key], private)
    account = FolderAccount(repository, vault, files, held, keyring)
    vault.save(f"folder {file}", held.text())
    with repository.transaction() as transaction:
        forget_folder(transaction)
        save_state(transaction, FolderState(keyring.account, file, transaction.device(), checked_label(label)))
        for each in list(transaction.all_held()):
            if not each.pending or each.refused is not None:
                transaction.put(_waiting(each))
    account.write_keyring()
    return account


def _waiting(held: HeldRecord) -> HeldRecord:
    """The record marked as pending for the folder, even if a server refused it."""
    return HeldRecord(held.record, True, held.etag, held.base, held.sent)


def leave_folder(repository: SyncRepository, vault: Vault) -> None:
    """Stops syncing through the folder: removes the keys and the state; the records stay.

    Records that the folder changed become pending for the server that this profile was signed in to, if any.
    """
    with repository.transaction() as transaction:
        state, entry = load_state(transaction), transaction.memo(ENTRY)
        forget_folder(transaction)
        transaction.set_memo(ENTRY, None)
        transaction.set_memo(PATH, None)
        for each in list(transaction.all_held()):
            pending = each.base is None or not equal_versions(each.record, each.base)
            if each.pending != pending:
                transaction.put(replace(each, pending=pending))
    if state is not None and entry == f"folder {state.file}":  # else it belongs to the profile that this is a copy of
        vault.remove(entry)
