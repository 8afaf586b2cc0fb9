"""The keys of an account in a folder: one keyring file for each device, and how they are merged.

No server decides which file is valid, so keyrings are merged like records. A device (by its private key) or a person
(by password or recovery key) knows an earlier account key, and accepts a newer one only from a keyring that also
contains the earlier one. docs/folder-sync.md, section 4, specifies every byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.domain.errors import NotAllowed, NotReachable
from desktop.domain.records.records import canonical_json
from desktop.sync import cipher
from desktop.sync.cipher import DecryptionFailed
from desktop.sync.folder.file_format import Damaged, NotOurs, checked_id
from desktop.sync.wire import Kdf, b64, new_id, unb64

PASSWORD, RECOVERY = "password", "recovery"  # the recipients of a box that are not devices

_FORMAT = "upschedule keyring 1"
_BOX = "folder box"
_KEYS = "folder keys"


@dataclass(frozen=True, slots=True)
class UnlockSlot:
    """The password or the recovery key, as a way to open the keyring.

    `count` is how often it was changed, `by` the device on which it was set, `key` the id of the account key in
    `wrapped`, `public` the key to which later account keys are boxed.
    """

    id: str
    count: int
    by: str
    key: str
    public: bytes
    wrapped: bytes = field(repr=False)
    kdf: Kdf | None = None

    @property
    def order(self) -> tuple[int, str]:
        """The order of two slots: the higher one is valid."""
        return self.count, self.id

    def to_json(self) -> Any:
        plain = {
            "id": self.id,
            "count": self.count,
            "by": self.by,
            "key": self.key,
            "public": b64(self.public),
            "wrapped": b64(self.wrapped),
        }
        return plain if self.kdf is None else plain | {"kdf": self.kdf.to_json()}


@dataclass(frozen=True, slots=True)
class FolderKeyring:
    """An opened keyring.

    `key` is the id of the current account key, `rotation` the number of its changes, `current` the id of the data key
    that new files are sealed under. `devices` has public keys by file id, `removed` the file ids of removed devices,
    `boxed` the recipients that the current account key was boxed to.
    """

    account: str
    key: str
    rotation: int
    account_keys: Mapping[str, bytes] = field(repr=False)
    current: str
    data_rotation: int
    data_keys: Mapping[str, bytes] = field(repr=False)
    password: UnlockSlot
    recovery: UnlockSlot
    devices: Mapping[str, bytes]
    removed: frozenset[str] = frozenset()
    boxed: frozenset[str] = frozenset()

    @property
    def counts(self) -> tuple[int, int, int]:
        """The numbers that a data file carries to say which keyring its writer knew."""
        return self.rotation, self.password.count, self.recovery.count

    @property
    def digest(self) -> str:
        """A hash that is equal for keyrings with the same contents."""
        plain = [self.account, self.key, self.rotation, sorted(self.account_keys), self.current, self.data_rotation]
        plain += [
            sorted(self.data_keys),
            self.password.id,
            self.recovery.id,
            sorted(self.devices),
            sorted(self.removed),
        ]
        return hashlib.sha256(canonical_json(plain).encode()).hexdigest()

    def rotated(self) -> FolderKeyring:
        """A copy with a new account key and data key; the old ones stay, since old files are sealed under them."""
        key, data = new_id(), new_id()
        return replace(
            self,
            key=key,
            rotation=self.rotation + 1,
            account_keys={**self.account_keys, key: cipher.random_key()},
            current=data,
            data_rotation=self.data_rotation + 1,
            data_keys={**self.data_keys, data: cipher.random_key()},
            boxed=frozenset(),
        )

    def without(self, file: str) -> FolderKeyring:
        """A copy without a device, and with new keys that it does not get."""
        kept = {each: public for each, public in self.devices.items() if each != file}
        return replace(self.rotated(), devices=kept, removed=self.removed | {file})

    def with_device(self, file: str, public: bytes) -> FolderKeyring:
        return replace(self, devices={**self.devices, file: public})


@dataclass(frozen=True, slots=True)
class Way:
    """The keys derived from a password or a recovery key: one that opens boxes, and one that wraps."""

    private: bytes = field(repr=False)
    wrapping: bytes = field(repr=False)


def password_way(password: str, kdf: Kdf) -> Way:
    """Takes about 0.2 s. Raises WeakParameters."""
    return _way(cipher.stretch(password, kdf).kek)


def recovery_way(recovery_key: bytes) -> Way:
    return _way(cipher.from_recovery_key(recovery_key).kek)


def _way(kek: bytes) -> Way:
    return Way(cipher.derive(kek, "folder private key"), cipher.derive(kek, "folder wrap"))


def new_slot(
    keyring_key: tuple[str, bytes], account: str, who: str, way: Way, by: str, count: int, kdf: Kdf | None
) -> UnlockSlot:
    """A new slot; `keyring_key` is the id of the current account key, and the key."""
    key, account_key = keyring_key
    bound = _bound(account, key, who)
    wrapped = cipher.seal_small(way.wrapping, "folder slot", bound, account_key)
    return UnlockSlot(new_id(), count, by, key, cipher.exchange_public(way.private), wrapped, kdf)


def with_slot(keyring: FolderKeyring, who: str, way: Way, by: str, kdf: Kdf | None = None) -> FolderKeyring:
    """The keyring with a new password or recovery key."""
    before = keyring.password if who == PASSWORD else keyring.recovery
    key = keyring.key, keyring.account_keys[keyring.key]
    slot = new_slot(key, keyring.account, who, way, by, before.count + 1, kdf)
    return replace(keyring, password=slot) if who == PASSWORD else replace(keyring, recovery=slot)


def opens(keyring: FolderKeyring, who: str, way: Way) -> bool:
    """True if this is the currently valid password or recovery key."""
    slot = keyring.password if who == PASSWORD else keyring.recovery
    return cipher.exchange_public(way.private) == slot.public


def new_keyring(password: Way, kdf: Kdf, recovery: Way, file: str, public: bytes) -> FolderKeyring:
    """The keyring of a new account."""
    account, key, data = new_id(), new_id(), new_id()
    pair = key, cipher.random_key()
    return FolderKeyring(
        account,
        key,
        1,
        {key: pair[1]},
        data,
        1,
        {data: cipher.random_key()},
        new_slot(pair, account, PASSWORD, password, file, 1, kdf),
        new_slot(pair, account, RECOVERY, recovery, file, 1, None),
        {file: public},
    )


def keyring_name(file: str) -> str:
    return f"k-{file}.upk"


def seal_keyring(keyring: FolderKeyring, file: str) -> bytes:
    """The bytes of the keyring file of the device `file`."""
    key = keyring.account_keys[keyring.key]
    to = {**keyring.devices, PASSWORD: keyring.password.public, RECOVERY: keyring.recovery.public}
    clear = {
        "format": _FORMAT,
        "account": keyring.account,
        "file": file,
        "key": keyring.key,
        "rotation": keyring.rotation,
        "password": keyring.password.to_json(),
        "recovery": keyring.recovery.to_json(),
        "devices": {each: b64(public) for each, public in keyring.devices.items()},
        "removed": sorted(keyring.removed),
        "boxes": {
            who: b64(cipher.seal_box(public, _BOX, _bound(keyring.account, keyring.key, who), key))
            for who, public in to.items()
        },
    }
    plain = {
        "account_keys": {each: b64(value) for each, value in keyring.account_keys.items()},
        "data_keys": {each: b64(value) for each, value in keyring.data_keys.items()},
        "current": keyring.current,
        "data_rotation": keyring.data_rotation,
    }
    sealed = cipher.seal_small(key, _KEYS, canonical_json(clear).encode(), canonical_json(plain).encode())
    return canonical_json(clear | {"sealed": b64(sealed)}).encode()


@dataclass(frozen=True, slots=True)
class KeyringFile:
    """A keyring file that is not opened: the parts in the clear, and the sealed rest."""

    account: str
    file: str
    key: str
    rotation: int
    password: UnlockSlot
    recovery: UnlockSlot
    boxes: Mapping[str, bytes]
    clear: Mapping[str, Any]
    sealed: bytes

    def key_in_box(self, who: str, private: bytes) -> bytes | None:
        """The account key from the box of this recipient, or None."""
        box = self.boxes.get(who)
        if box is None:
            return None
        try:
            return cipher.open_box(private, _BOX, _bound(self.account, self.key, who), box)
        except DecryptionFailed:
            return None

    def opened(self, key: bytes, known: tuple[str, bytes]) -> FolderKeyring | None:
        """Opens the keyring with its account key; None if it does not also contain the account key `known`."""
        try:
            text = cipher.open_small(key, _KEYS, canonical_json(self.clear).encode(), self.sealed)
            plain = json.loads(text)
            account_keys = {checked_id(name): unb64(value) for name, value in plain["account_keys"].items()}
            data_keys = {checked_id(name): unb64(value) for name, value in plain["data_keys"].items()}
            devices = {str(name): unb64(value) for name, value in self.clear["devices"].items()}
            found = FolderKeyring(
                self.account,
                self.key,
                self.rotation,
                account_keys,
                checked_id(plain["current"]),
                int(plain["data_rotation"]),
                data_keys,
                self.password,
                self.recovery,
                devices,
                frozenset(map(str, self.clear["removed"])),
                frozenset(self.boxes),
            )
        except (DecryptionFailed, Damaged, NotReachable, ValueError, TypeError, KeyError, AttributeError):
            return None
        keys = (*account_keys.values(), *data_keys.values(), *devices.values())
        if any(len(each) != cipher.KEY_BYTES for each in keys) or found.current not in data_keys:
            return None
        if account_keys.get(self.key) != key or account_keys.get(known[0]) != known[1]:
            return None  # its maker did not know the account key that we know, so it is no device of this account
        return found


def keyring_file(content: bytes) -> KeyringFile:
    """Parses a keyring file without opening it. Raises NotOurs, Damaged."""
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise Damaged from wrong
    if not isinstance(plain, dict) or plain.get("format") != _FORMAT:
        raise NotOurs
    try:
        sealed = unb64(plain.pop("sealed"))
        boxes = {str(who): unb64(box) for who, box in plain["boxes"].items()}
        return KeyringFile(
            checked_id(plain["account"]),
            str(plain["file"]),
            checked_id(plain["key"]),
            int(plain["rotation"]),
            _slot(plain["password"]),
            _slot(plain["recovery"]),
            boxes,
            plain,
            sealed,
        )
    except (NotReachable, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise Damaged from wrong


def _slot(plain: Any) -> UnlockSlot:
    kdf = plain.get("kdf")
    return UnlockSlot(
        checked_id(plain["id"]),
        int(plain["count"]),
        str(plain["by"]),
        checked_id(plain["key"]),
        unb64(plain["public"]),
        unb64(plain["wrapped"]),
        None if kdf is None else Kdf(unb64(kdf["salt"]), int(kdf["memory_kib"]), int(kdf["passes"])),
    )


def opened_by_device(mine: FolderKeyring, found: KeyringFile, file: str, private: bytes) -> FolderKeyring | None:
    """Another device's keyring, opened with an account key that this device knows or that was boxed to it."""
    known = mine.key, mine.account_keys[mine.key]
    key = mine.account_keys.get(found.key)
    if key is not None:  # sealed under our account key or an older one: its maker need not know our newest
        known = found.key, key
    else:
        key = found.key_in_box(file, private)
    return None if key is None or found.account != mine.account else found.opened(key, known)


def merged(mine: FolderKeyring, others: Iterable[FolderKeyring]) -> FolderKeyring:
    """All keyrings merged.

    The data keys of every keyring are kept, since files may be sealed under them. Who has access, and which key new
    files are sealed under, is taken only from keyrings with the newest account key, which a removed device does not
    have.
    """
    every = [mine, *others]
    best = max(every, key=lambda each: (each.rotation, each.key))
    peers = [each for each in every if each.key == best.key]
    trusted = [*peers, mine]
    current = max(peers, key=lambda each: (each.data_rotation, each.current))
    removed = frozenset().union(*(each.removed for each in trusted))
    devices = {file: public for each in trusted for file, public in each.devices.items() if file not in removed}
    return FolderKeyring(
        best.account,
        best.key,
        best.rotation,
        {name: key for each in every for name, key in each.account_keys.items()},
        current.current,
        current.data_rotation,
        {name: key for each in every for name, key in each.data_keys.items()},
        newest_slot(each.password for each in trusted),
        newest_slot(each.recovery for each in trusted),
        devices,
        removed,
        frozenset().union(*(each.boxed for each in peers)),
    )


def newest_slot(slots: Iterable[UnlockSlot]) -> UnlockSlot:
    """The valid one of several slots."""
    return max(slots, key=lambda each: each.order)


def must_rotate(keyring: FolderKeyring) -> bool:
    """True if the current account key was boxed to a device that another device has removed meanwhile."""
    return bool(keyring.boxed & keyring.removed)


class SecretRefused(NotAllowed):
    """The password or recovery key that was entered opens no keyring in the folder."""


def entered(files: Iterable[KeyringFile], who: str, secret: str | bytes) -> FolderKeyring:
    """Opens the folder's keyrings with the password (text) or the recovery key (bytes), and merges them.

    The slots of the newest rotation are tried, and the one that opens must be the newest of its merged keyring. So an
    old password no longer works, while a removed device that continues on its own cannot lock anyone out. Raises
    SecretRefused, WeakParameters.
    """
    found = list(files)
    if not found:
        raise SecretRefused(
            "There is no timetable in this folder yet.", "Wait until the cloud has brought it, or create one."
        )
    newest = max(each.rotation for each in found)
    slots = {_slot_of(each, who).id: (each.account, _slot_of(each, who)) for each in found if each.rotation == newest}
    for account, slot in sorted(slots.values(), key=lambda each: each[1].order, reverse=True):
        way = _way_in(secret, slot)
        try:
            old = cipher.open_small(way.wrapping, "folder slot", _bound(account, slot.key, who), slot.wrapped)
        except DecryptionFailed:
            continue  # perhaps the slot of a removed device, or an older one
        rings = []
        for each in found:
            key = old if each.key == slot.key else each.key_in_box(who, way.private)
            ring = None if key is None or each.account != account else each.opened(key, (slot.key, old))
            if ring is not None:
                rings.append(ring)
        if rings:
            best = max(rings, key=lambda each: (each.rotation, each.key))
            joined = merged(best, rings)
            if (joined.password if who == PASSWORD else joined.recovery).id == slot.id:
                return joined
    title = "This is not the password." if who == PASSWORD else "This is not the recovery key of this timetable."
    raise SecretRefused(title, "Check what you typed.")


def _slot_of(found: KeyringFile, who: str) -> UnlockSlot:
    return found.password if who == PASSWORD else found.recovery


def _way_in(secret: str | bytes, slot: UnlockSlot) -> Way:
    if isinstance(secret, bytes):
        return recovery_way(secret)
    if slot.kdf is None:
        raise Damaged
    return password_way(secret, slot.kdf)


def _bound(account: str, key: str, who: str) -> bytes:
    return unb64(account) + unb64(key) + who.encode()
