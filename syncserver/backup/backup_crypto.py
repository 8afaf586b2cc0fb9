"""Encrypts a backup to a public key in one pass; opening it detects changes and truncation.

A sealed file is `MAGIC`, the stream key sealed to an X25519 public key (libsodium's sealed box), a secretstream header,
then messages of XChaCha20-Poly1305 (libsodium's secretstream), each as its 4-byte length and its bytes. The last
message carries the tag FINAL and the manifest, so a truncated file is recognised. The machine that makes backups needs
only the public key.

Anyone with the public key can make a sealed file, so a signature follows: `SIGNATURE_MAGIC`, an Ed25519 public key, and
its signature of `SIGNATURE_MAGIC` and the SHA-512 of everything before. Whoever opens a backup states whose signatures
to accept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Collection, Iterable, Iterator
from typing import IO

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

MAGIC = b"up-sync-backup/1\n"
CHUNK_BYTES = 256 * 1024
SIGNATURE_MAGIC = b"up-sync-backup-signature/1\n"
PUBLIC_PREFIX, PRIVATE_PREFIX = "backup-public-", "backup-private-"
SIGNER_PREFIX, SIGNING_PREFIX = "backup-signer-", "backup-signing-"
_KINDS = {
    PUBLIC_PREFIX: ("public", "backup-key"),
    PRIVATE_PREFIX: ("private", "backup-key"),
    SIGNER_PREFIX: ("signer's public", "backup-signing-key"),
    SIGNING_PREFIX: ("signing", "backup-signing-key"),
}
_SIGNATURE_BYTES = len(SIGNATURE_MAGIC) + 32 + 64
_SEALED_KEY_BYTES = 32 + 48
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024


class UnsealError(Exception):
    """A sealed file or a key is invalid. The message says which, why, and what to do."""


def generate_keys() -> tuple[str, str]:
    """Generates a key pair: public and private key as text, distinguished by their prefixes."""
    private = PrivateKey.generate()
    return PUBLIC_PREFIX + _encode_key(bytes(private.public_key)), PRIVATE_PREFIX + _encode_key(bytes(private))


def key_name(public_key: str) -> str:
    """Returns a public key's identifier in manifests: 8 hex digits. Raises `UnsealError` for an invalid key."""
    return hashlib.sha256(_decode_key(public_key, PUBLIC_PREFIX)).hexdigest()[:8]


def generate_signing_keys() -> tuple[str, str]:
    """Generates a signing key pair as text: the signer's public key, and the signing key."""
    key = SigningKey.generate()
    return SIGNER_PREFIX + _encode_key(bytes(key.verify_key)), SIGNING_PREFIX + _encode_key(bytes(key))


def signer_of(signing_key: str) -> str:
    """Returns the public key of a signing key. Raises `UnsealError` for an invalid key."""
    return SIGNER_PREFIX + _encode_key(bytes(SigningKey(_decode_key(signing_key, SIGNING_PREFIX)).verify_key))


def check_signer(signer: str) -> None:
    """Raises `UnsealError` unless this is a signer's public key."""
    _decode_key(signer, SIGNER_PREFIX)


class Sealer:
    """Writes one sealed file: `add` the content in pieces of any size, then `finish` with the manifest."""

    def __init__(self, target: IO[bytes], public_key: str, signing_key: str = "") -> None:
        self._signing_key = SigningKey(_decode_key(signing_key, SIGNING_PREFIX)) if signing_key else None
        self._signed_digest = hashlib.sha512()
        stream_key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
        self._target = target
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, stream_key)
        sealed = SealedBox(PublicKey(_decode_key(public_key, PUBLIC_PREFIX))).encrypt(stream_key)
        self._associated_data: bytes | None = (
            MAGIC + sealed + header
        )  # bound to the first message: no other beginning fits
        self._digest = hashlib.sha256()
        self._write(self._associated_data)

    def add(self, piece: bytes) -> None:
        """Encrypts `piece` as the next message of the stream."""
        self._write_message(piece, bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)

    def finish(self, manifest: bytes) -> str:
        """Encrypts the manifest as the last message, and signs; returns the SHA-256 of the whole file, as hex."""
        self._write_message(manifest, bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL)
        if self._signing_key is not None:
            signature = self._signing_key.sign(SIGNATURE_MAGIC + self._signed_digest.digest()).signature
            self._write(SIGNATURE_MAGIC + bytes(self._signing_key.verify_key) + signature)
        return self._digest.hexdigest()

    def _write_message(self, plain: bytes, tag: int) -> None:
        sealed = bindings.crypto_secretstream_xchacha20poly1305_push(self._state, plain, self._associated_data, tag)
        self._associated_data = None
        self._write(len(sealed).to_bytes(4, "big") + sealed)

    def _write(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._signed_digest.update(piece)
        self._target.write(piece)


class _SignedReader:
    """Reads a sealed file and hashes what a signature covers."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha512()

    def read(self, size: int) -> bytes:
        piece = self._source.read(size)
        self._digest.update(piece)
        return piece

    def verify_signature(self, signers: Collection[str] | None) -> None:
        """Reads the signature, which has to be the rest; raises `UnsealError` unless its signer is accepted."""
        rest = self._source.read(_SIGNATURE_BYTES + 1)
        if not rest:
            if signers is not None:
                raise UnsealError(
                    "The backup is not signed, so anybody may have made it. --unsigned accepts it anyway."
                )
            return
        if len(rest) != _SIGNATURE_BYTES or not rest.startswith(SIGNATURE_MAGIC):
            raise UnsealError("Something was added to the backup after it was made. Take another copy of it.")
        _verify_signature(rest[len(SIGNATURE_MAGIC) :], self._digest.digest(), signers)


def _verify_signature(signature: bytes, digest: bytes, signers: Collection[str] | None) -> None:
    key = signature[:32]
    try:
        VerifyKey(key).verify(SIGNATURE_MAGIC + digest, signature[32:])
    except (CryptoError, ValueError) as error:
        raise UnsealError(
            "Its signature is invalid: it was changed after it was signed. Take another copy of it."
        ) from error
    if signers is not None and key not in {_decode_key(signer, SIGNER_PREFIX) for signer in signers}:
        raise UnsealError(f"It is signed by {SIGNER_PREFIX}{_encode_key(key)}, who is not among SYNC_BACKUP_SIGNERS.")


def sign(data: bytes, signing_key: str) -> bytes:
    """Signs data that accompanies backups: returns the signer's 32-byte public key and a 64-byte signature."""
    key = SigningKey(_decode_key(signing_key, SIGNING_PREFIX))
    return bytes(key.verify_key) + key.sign(SIGNATURE_MAGIC + hashlib.sha512(data).digest()).signature


def check_signature(data: bytes, signature: bytes, signers: Collection[str] | None) -> None:
    """Raises `UnsealError` unless this is a signature of `data` by one of `signers` (None: by anybody)."""
    _verify_signature(signature, hashlib.sha512(data).digest(), signers)


def unseal(file: IO[bytes], private_key: str, signers: Collection[str] | None = None) -> Iterator[tuple[bytes, bool]]:
    """Yields the messages of a sealed file, each authenticated: (bytes, whether it is the manifest at the end).

    Nothing may be acted on before the manifest has come: only then is the file known to be complete, and signed by one
    of `signers` (None: by anybody or nobody). Raises `UnsealError`.
    """
    source = _SignedReader(file)
    head = source.read(len(MAGIC))
    if head != MAGIC:
        raise UnsealError(
            "This is not a backup of the sync server, or its beginning is damaged. Take another copy of it."
        )
    sealed = source.read(_SEALED_KEY_BYTES)
    header = source.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    try:
        stream_key = SealedBox(PrivateKey(_decode_key(private_key, PRIVATE_PREFIX))).decrypt(sealed)
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, stream_key)
    except (CryptoError, ValueError, TypeError) as error:
        raise UnsealError(
            "The private key does not open this backup: it was encrypted to another key, or its beginning is damaged. "
            "The manifest beside it names its key."
        ) from error
    ad: bytes | None = head + sealed + header
    final = False
    while not final:
        message = _read_message(source)
        try:
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, message, ad)
        except (CryptoError, ValueError, RuntimeError) as error:
            raise UnsealError("The backup was changed or damaged after it was made. Take another one.") from error
        ad = None
        final = tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
        if final:
            source.verify_signature(signers)
        yield plain, final


def read_pieces(source: IO[bytes], size: int = CHUNK_BYTES) -> Iterable[bytes]:
    """Yields the rest of `source` in pieces of at most `size` bytes."""
    while piece := source.read(size):
        yield piece


def _read_message(source: _SignedReader) -> bytes:
    length = source.read(4)
    size = int.from_bytes(length, "big")
    if len(length) == 4 and bindings.crypto_secretstream_xchacha20poly1305_ABYTES <= size <= _MAX_MESSAGE_BYTES:
        message = source.read(size)
        if len(message) == size:
            return message
    raise UnsealError("The backup is incomplete: it was cut short while being made or copied. Take another one.")


def _decode_key(text: str, prefix: str) -> bytes:
    kind, command = _KINDS[prefix]
    try:
        key = base64.b64decode(text.strip().removeprefix(prefix) + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.strip().startswith(prefix) or len(key) != 32:
        raise UnsealError(f"The backup's {kind} key has to begin with {prefix}. `syncserver {command}` makes a pair.")
    return key


def _encode_key(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")
