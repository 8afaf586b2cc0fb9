"""The seal that authenticates a backup file.

It can be verified with the password or the recovery key of the account in which the backup was made, or with the
passphrase that it was made with. A random key authenticates the file's manifest, which has the hashes of all its parts.
The key is stored in the file, sealed to each of these secrets. The format is in docs/crypto.md.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping

from desktop.domain.errors import InvalidInput, NotAllowed, NotReachable
from desktop.domain.records.records import Json, canonical_json
from desktop.sync import cipher, wire
from desktop.sync.account import seen_keyring
from desktop.sync.cipher import DecryptionFailed
from desktop.sync.credentials import load_credentials
from desktop.sync.folder import account as folder_account
from desktop.sync.folder.keyring import FolderKeyring
from desktop.sync.key_format import parse_key
from desktop.sync.passwords import check_password
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault

_PURPOSE = "backup key"
_VERSION = 1
_MOST_WAYS = 4  # each may cost a derivation


class SealNotOpened(NotAllowed):
    """The secret that was entered does not open the seal in any way."""

    def __init__(self) -> None:
        super().__init__(
            "This is not the password, recovery key or passphrase of this backup.",
            "Check what you typed. It is the one from when the backup was made.",
        )


class Tampered(InvalidInput):
    """The file was changed after it was made."""

    def __init__(self) -> None:
        super().__init__(
            "This backup was changed after it was made.", "Do not use it: choose another one. Nothing was changed here."
        )


def account_keys(repository: SyncRepository, vault: Vault) -> tuple[bytes, ...]:
    """The account keys of this profile, newest first; empty if it is in no account. Makes no request."""
    known, is_own = load_credentials(repository, vault)
    if known is not None and is_own:
        return (known.account_key,)
    ring = folder_account.kept_keyring(repository, vault)
    if ring is None:
        return ()
    newest = ring.account_keys[ring.key]
    return (newest, *(each for each in ring.account_keys.values() if each != newest))


def seal(repository: SyncRepository, vault: Vault, manifest: bytes, passphrase: str = "") -> Json | None:
    """The seal to store in a backup beside its manifest; None if there is neither an account nor a passphrase.

    Raises InvalidInput for a weak passphrase.
    """
    key = cipher.random_key()
    ways = _ways(repository, vault, key)
    if passphrase:
        check_password(passphrase)
        kdf = cipher.new_kdf()
        sealed = cipher.seal_small(cipher.stretch(passphrase, kdf).kek, _PURPOSE, b"", key)
        ways.append({"way": "passphrase", "kdf": kdf.to_json(), "sealed": wire.b64(sealed)})
    if not ways:
        return None
    plain = {"version": _VERSION, "ways": ways}
    return {**plain, "mac": wire.b64(_mac(key, plain, manifest))}


def _ways(repository: SyncRepository, vault: Vault, key: bytes) -> list[Json]:
    keys = account_keys(repository, vault)
    if not keys:
        return []
    ways: list[Json] = [
        {"way": "account key", "sealed": wire.b64(cipher.seal_small(keys[0], _PURPOSE, b"", key))},
    ]
    known, _ = load_credentials(repository, vault)
    ring = folder_account.kept_keyring(repository, vault) if known is None else None
    if ring is not None:
        return ways + _folder_ways(ring, key)
    keyring = None if known is None else seen_keyring(repository, known.account)
    if known is None or keyring is None:
        return ways
    return [
        *ways,
        {
            "way": "password",
            "account": known.account,
            "kdf": keyring.kdf.to_json(),
            "wrapped": wire.b64(keyring.wrapped_by_password),
        },
        {"way": "recovery", "account": known.account, "wrapped": wire.b64(keyring.wrapped_by_recovery)},
    ]


def _folder_ways(ring: FolderKeyring, key: bytes) -> list[Json]:
    found: list[Json] = []
    for name, slot in (("password", ring.password), ("recovery", ring.recovery)):
        way = {"way": name, "box": wire.b64(cipher.seal_box(slot.public, _PURPOSE, b"", key))}
        found.append(way if slot.kdf is None else {**way, "kdf": slot.kdf.to_json()})
    return found


def verify_by_keys(seal: Json, manifest: bytes, keys: Iterable[bytes]) -> bool:
    """True if one of these account keys opens the seal and authenticates the manifest. Raises Tampered."""
    for way in _ways_of(seal):
        for each in keys:
            if way.get("way") == "account key":
                try:
                    key = cipher.open_small(each, _PURPOSE, b"", wire.unb64(way["sealed"]))
                except (DecryptionFailed, NotReachable, KeyError):
                    continue
                _check(seal, manifest, key)
                return True
    return False


def verify(seal: Json, manifest: bytes, secret: str) -> None:
    """Verifies the manifest with a password, recovery key or passphrase. Raises SealNotOpened, Tampered."""
    ways = _ways_of(seal)
    for way in ways:
        try:
            key = _opened(way, ways, secret)
        except (DecryptionFailed, NotAllowed, NotReachable, InvalidInput, KeyError, TypeError, ValueError):
            continue
        if key is not None:
            _check(seal, manifest, key)
            return
    raise SealNotOpened


def _opened(way: Mapping[str, str], ways: list[Mapping[str, str]], secret: str) -> bytes | None:
    """The file's key, opened in one of the ways in the seal; None or an error if the secret does not fit it."""
    name = way.get("way")
    if name == "account key":
        return None
    if name == "recovery":
        kek = cipher.from_recovery_key(parse_key(secret, cipher.KEY_BYTES)).kek
    else:
        kek = cipher.stretch(secret, wire.kdf_from_json(way["kdf"])).kek
    if "wrapped" in way:
        account_key = cipher.unwrap(kek, wire.unb64(way["wrapped"]), way["account"], str(name))
        sealed = next(each["sealed"] for each in ways if each.get("way") == "account key")
        return cipher.open_small(account_key, _PURPOSE, b"", wire.unb64(sealed))
    if "box" in way:
        return cipher.open_box(cipher.derive(kek, "folder private key"), _PURPOSE, b"", wire.unb64(way["box"]))
    return cipher.open_small(kek, _PURPOSE, b"", wire.unb64(way["sealed"]))


def _ways_of(seal: Json) -> list[Mapping[str, str]]:
    match seal:
        case {"version": 1, "ways": list(ways), "mac": str()} if len(ways) <= _MOST_WAYS:
            return [each for each in ways if isinstance(each, dict)]
    raise Tampered


def _check(seal: Json, manifest: bytes, key: bytes) -> None:
    plain = {name: value for name, value in seal.items() if name != "mac"}
    if not hmac.compare_digest(wire.b64(_mac(key, plain, manifest)).encode(), str(seal["mac"]).encode()):
        raise Tampered


def _mac(key: bytes, plain: Json, manifest: bytes) -> bytes:
    return cipher.bound_key(cipher.derive(key, "backup file"), canonical_json(plain).encode() + b"\0" + manifest)


def read_seal(text: bytes) -> Json:
    """Parses the part of the file that holds the seal. Raises Tampered."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise Tampered from wrong
