"""All cryptography of the program, and the only module that uses PyNaCl.

`docs/crypto.md` specifies every format, with test vectors. A password or a recovery key is turned into a
key-encryption key and a login key. The account key is wrapped under each key-encryption key, and the data keys are
sealed under the account key. Records are sealed under a data key, with everything the server could swap as associated
data. Record ids are computed from natural keys, and challenges are signed.

Sources: RFC 9106 (Argon2), RFC 8032 (Ed25519), RFC 7693 (BLAKE2), draft-irtf-cfrg-xchacha (XChaCha20-Poly1305).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nacl import bindings, exceptions, pwhash, utils

from desktop.domain.errors import NotAllowed
from desktop.domain.records.records import canonical_json
from desktop.sync.wire import Challenge, InvalidResponse, Kdf, Keyring, ServerRecord, b64, identifier, new_id, unb64

KEY_BYTES = 32
NONCE_BYTES = 24
TAG_BYTES = 16
MIN_MEMORY_KIB = 65_536
MIN_PASSES = 3
MAX_MEMORY_KIB = 1_048_576
MAX_PASSES = 64

_PERSON = b"up-schedule-sync"  # BLAKE2b's personalisation: exactly 16 bytes
_RECORD = b"up-schedule/record/1\0"
_WRAP = b"up-schedule/wrap/1\0"
_KEYS = b"up-schedule/keys/1\0"
_SMALL = b"up-schedule/small/1\0"


class DecryptionFailed(NotAllowed):
    """Decryption failed: the data was changed, or sealed under another key."""

    def __init__(
        self,
        title: str = "Something that came from the server could not be decrypted.",
        hint: str = "It was changed on its way, or belongs to another account.",
    ) -> None:
        super().__init__(title, hint)


class DataKeyMissing(DecryptionFailed):
    """A record is sealed under a data key that this device does not have yet."""


class WeakParameters(NotAllowed):
    """The server requests weaker key derivation parameters than this program accepts."""


def derive(key: bytes, label: str) -> bytes:
    """An independent 32-byte key for one purpose: keyed BLAKE2b of the label."""
    return _blake2b(label.encode(), key, KEY_BYTES)


def _blake2b(data: bytes, key: bytes, size: int) -> bytes:
    return bindings.crypto_generichash_blake2b_salt_personal(data, digest_size=size, key=key, person=_PERSON)


def _seal(key: bytes, plain: bytes, associated: bytes, nonce: bytes | None = None) -> bytes:
    nonce = nonce or utils.random(NONCE_BYTES)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, associated, nonce, key)


def _open(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise DecryptionFailed
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[NONCE_BYTES:], associated, sealed[:NONCE_BYTES], key
        )
    except exceptions.CryptoError as wrong:
        raise DecryptionFailed from wrong


def random_key() -> bytes:
    """32 random bytes from the operating system."""
    return utils.random(KEY_BYTES)


def new_kdf() -> Kdf:
    """Parameters for a new password, with a fresh salt."""
    return Kdf(utils.random(16))


@dataclass(frozen=True, slots=True)
class DerivedKeys:
    """The keys derived from a password or a recovery key: `kek` unwraps the account key, `login_seed` signs."""

    kek: bytes = field(repr=False)
    login_seed: bytes = field(repr=False)


def stretch(password: str, kdf: Kdf) -> DerivedKeys:
    """Stretches a password (NFKC, UTF-8) with Argon2id, in about 0.2 s with 64 MiB of memory.

    Raises WeakParameters, or InvalidResponse for excessive parameters, before any of that.
    """
    if kdf.memory_kib < MIN_MEMORY_KIB or kdf.passes < MIN_PASSES:
        raise WeakParameters(
            "The server asks this program to protect the password less than it should.",
            "Do not sign in there; tell whoever runs the server.",
        )
    if kdf.memory_kib > MAX_MEMORY_KIB or kdf.passes > MAX_PASSES:
        raise InvalidResponse
    secret = unicodedata.normalize("NFKC", password).encode()
    stretched = pwhash.argon2id.kdf(KEY_BYTES, secret, kdf.salt, opslimit=kdf.passes, memlimit=kdf.memory_kib * 1024)
    return DerivedKeys(derive(stretched, "password kek"), derive(stretched, "password login"))


def from_recovery_key(recovery_key: bytes) -> DerivedKeys:
    """Derives the keys of a recovery key (32 random bytes), without stretching, since it cannot be guessed."""
    return DerivedKeys(derive(recovery_key, "recovery kek"), derive(recovery_key, "recovery login"))


def login_key(seed: bytes) -> bytes:
    """The Ed25519 public key of a login seed."""
    return bindings.crypto_sign_seed_keypair(seed)[0]


def sign_proof(seed: bytes, challenge: Challenge, host: str, body: bytes) -> str:
    """The base64url signature over a challenge, bound to one request to one host."""
    digest = b64(bindings.crypto_hash_sha256(body))
    lines = ["up-schedule-sync/1", challenge.action, host, challenge.name, challenge.nonce, str(challenge.time), digest]
    message = "\n".join(lines).encode()
    secret = bindings.crypto_sign_seed_keypair(seed)[1]
    return b64(bindings.crypto_sign(message, secret)[:64])


def wrap(kek: bytes, account_key: bytes, account: str, by: str) -> bytes:
    """The account key wrapped under a key-encryption key; `by` is `password` or `recovery`."""
    return _seal(kek, account_key, _WRAP + unb64(account) + by.encode())


def unwrap(kek: bytes, wrapped: bytes, account: str, by: str) -> bytes:
    """The reverse of `wrap`; raises DecryptionFailed."""
    return _open(kek, wrapped, _WRAP + unb64(account) + by.encode())


def new_exchange_key() -> bytes:
    """An ephemeral X25519 private key."""
    return utils.random(KEY_BYTES)


def exchange_public(private: bytes) -> bytes:
    """The X25519 public key of a private key."""
    return bindings.crypto_scalarmult_base(private)


def shared_secret(private: bytes, public: bytes) -> bytes:
    """The X25519 shared secret (RFC 7748). Raises DecryptionFailed for a public key of low order."""
    try:
        return bindings.crypto_scalarmult(private, public)
    except (exceptions.CryptoError, RuntimeError) as wrong:  # low order: the same result for every private key
        raise DecryptionFailed from wrong


def bound_key(key: bytes, data: bytes) -> bytes:
    """An independent 32-byte key, or a commitment, from a key and the data it is bound to."""
    return _blake2b(data, key, KEY_BYTES)


def seal_small(key: bytes, purpose: str, bound: bytes, plain: bytes) -> bytes:
    """Seals a short text for one purpose (a device's label, a message of a link), with `bound` as associated data."""
    return _seal(derive(key, purpose), plain, _SMALL + purpose.encode() + b"\0" + bound)


def open_small(key: bytes, purpose: str, bound: bytes, sealed: bytes) -> bytes:
    """The reverse of `seal_small`; raises DecryptionFailed."""
    return _open(derive(key, purpose), sealed, _SMALL + purpose.encode() + b"\0" + bound)


@dataclass(frozen=True, slots=True)
class DataKeys:
    """The part of a keyring that is sealed under the account key.

    Records are sealed under the keys `by_id`; `current` is the id of the one for new records. `passwords` and
    `recoveries` count the changes of the password and of the recovery key. They show which of two keyrings that both
    replaced the same third one (possible after a restore of the server) has the newer password.
    """

    current: str
    by_id: Mapping[str, bytes] = field(repr=False)
    passwords: int = 0
    recoveries: int = 0

    def rotated(self) -> DataKeys:
        """A copy with a new current key; the old ones stay, since old records are sealed under them."""
        name = new_id()
        return replace(self, current=name, by_id={**self.by_id, name: random_key()})

    def joined(self, other: DataKeys) -> DataKeys:
        """The keys of both; the other's current key stays current."""
        return DataKeys(
            other.current,
            {**self.by_id, **other.by_id},
            max(self.passwords, other.passwords),
            max(self.recoveries, other.recoveries),
        )


def new_data_keys() -> DataKeys:
    """The data keys of a new account: one random key."""
    name = new_id()
    return DataKeys(name, {name: random_key()})


def seal_keyring(keyring: Keyring, account: str, account_key: bytes, keys: DataKeys) -> Keyring:
    """The keyring with the data keys sealed into it, bound to all its other fields, so that none can be swapped."""
    plain = {
        "current": keys.current,
        "keys": {name: b64(key) for name, key in keys.by_id.items()},
        "passwords": keys.passwords,
        "recoveries": keys.recoveries,
    }
    bound = _keyring_bound(keyring, account)
    sealed = _seal(derive(account_key, "data keys"), canonical_json(plain).encode(), bound)
    return replace(keyring, keys=sealed)


def open_keyring(keyring: Keyring, account: str, account_key: bytes) -> DataKeys:
    """The data keys of a keyring; raises DecryptionFailed if any field of it was changed."""
    plain = json.loads(_open(derive(account_key, "data keys"), keyring.keys, _keyring_bound(keyring, account)))
    keys = {identifier(name): unb64(key) for name, key in plain["keys"].items()}
    if plain["current"] not in keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise DecryptionFailed
    return DataKeys(plain["current"], keys, plain["passwords"], plain["recoveries"])


def _keyring_bound(keyring: Keyring, account: str) -> bytes:
    members = keyring.to_json()
    del members["keys"]
    return _KEYS + unb64(account) + canonical_json(members).encode()


class RecordCipher:
    """Seals and opens the records of one account, and computes their ids."""

    def __init__(self, account: str, account_key: bytes, keys: DataKeys) -> None:
        self._account = unb64(account)
        self._naming_key = derive(account_key, "record ids")
        self.keys = keys

    def record_id(self, kind: str, key: str) -> str:
        """The id of the record of that name: the same on every device, and meaningless to the server."""
        return self._name(["record", kind, key])

    def part_id(self, head: str, piece: bytes) -> str:
        """The id of one piece of the large record `head`, computed from its contents."""
        return self._name(["part", head, bindings.crypto_hash_sha256(piece).hex()])

    def _name(self, of: list[str]) -> str:
        return b64(_blake2b(canonical_json(of).encode(), self._naming_key, 16))

    def seal(self, record_id: str, etag: str, *, deleted: bool, schema: int, plain: bytes) -> ServerRecord:
        """A row for the server; the blob can be opened only together with exactly these fields."""
        row = ServerRecord(record_id, etag, deleted, self.keys.current, schema, b"")
        return replace(row, blob=_seal(self.keys.by_id[row.key], plain, self._bound(row)))

    def open(self, row: ServerRecord) -> bytes:
        """The plain bytes of a row; raises DataKeyMissing, or DecryptionFailed if any field of it was changed."""
        key = self.keys.by_id.get(row.key)
        if key is None:
            raise DataKeyMissing
        return _open(key, row.blob, self._bound(row))

    def _bound(self, row: ServerRecord) -> bytes:
        return b"".join(
            [
                _RECORD,
                self._account,
                unb64(row.id),
                unb64(row.key),
                row.schema.to_bytes(2, "big"),
                unb64(row.etag),
                b"\1" if row.deleted else b"\0",
            ]
        )


def seal_box(public: bytes, purpose: str, bound: bytes, plain: bytes) -> bytes:
    """Seals anonymously to the holder of the private key of `public` (a sealed box with an ephemeral key)."""
    private = new_exchange_key()
    own = exchange_public(private)
    return own + seal_small(bound_key(shared_secret(private, public), own + public), purpose, bound, plain)


def open_box(private: bytes, purpose: str, bound: bytes, box: bytes) -> bytes:
    """The reverse of `seal_box`; raises DecryptionFailed."""
    theirs = box[:KEY_BYTES]
    if len(theirs) != KEY_BYTES:
        raise DecryptionFailed
    key = bound_key(shared_secret(private, theirs), theirs + exchange_public(private))
    return open_small(key, purpose, bound, box[KEY_BYTES:])
