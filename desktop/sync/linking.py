"""The protocol by which a signed-in device links a new one, independent of the channel that carries the messages.

The code that a person types or scans holds a one-time secret. The two devices exchange keys (X25519) under it, and
both show six digits derived from everything that was exchanged. The first device commits to its key before it sees the
other's, so an attacker in the middle cannot try keys until the digits agree, and has one guess in a million. The
account is sealed to the new device only after a person has confirmed that the digits are the same. docs/crypto.md,
section 6, specifies every byte. Sources: RFC 7748; the order of the messages is that of ZRTP (RFC 6189).
"""

from __future__ import annotations

import json

from desktop.sync import cipher
from desktop.sync.cipher import DecryptionFailed
from desktop.sync.key_format import format_key, parse_key
from desktop.sync.wire import b64, unb64

CODE_BYTES = 16
CODE_VALID_SECONDS = 300  # how long a code is valid

_DIGITS = 6


def link_address(secret: bytes) -> str:
    """The address at which the two devices leave their messages; it does not suffice to read or write one."""
    return b64(cipher.derive(secret, "link address"))


def _commitment(secret: bytes, public: bytes) -> bytes:
    return cipher.bound_key(cipher.derive(secret, "link commitment"), public)


class _KeyExchange:
    """The shared key, and the digits derived from it, once both devices know each other's public key."""

    def __init__(self, secret: bytes, private: bytes, theirs: bytes, first: bytes, new: bytes) -> None:
        self.key = cipher.bound_key(cipher.shared_secret(private, theirs), b"".join((secret, first, new)))
        number = int.from_bytes(cipher.derive(self.key, "link digits")[:8], "big") % 10**_DIGITS
        self.digits = f"{number:0{_DIGITS}d}"


class FirstDevice:
    """The signed-in device. It accepts one request, once."""

    def __init__(self, secret: bytes | None = None, private: bytes | None = None) -> None:
        self._secret = secret or cipher.random_key()[:CODE_BYTES]
        self._private = private or cipher.new_exchange_key()
        self._public = cipher.exchange_public(self._private)
        self._exchanged: _KeyExchange | None = None
        self.label = ""  # the label of the new device, once it has sent its request

    @property
    def code(self) -> str:
        return format_key(self._secret)

    @property
    def address(self) -> str:
        return link_address(self._secret)

    @property
    def commitment(self) -> bytes:
        """The commitment to this device's public key, published before any request."""
        return _commitment(self._secret, self._public)

    @property
    def digits(self) -> str:
        """Six digits, once a request was received; empty before."""
        return "" if self._exchanged is None else self._exchanged.digits

    def receive_request(self, request: bytes) -> bytes:
        """Accepts the request; returns the reply to send at once, with this device's public key.

        Raises DecryptionFailed for a request that was not made with the code, and for a second request.
        """
        if self._exchanged is not None:
            raise DecryptionFailed
        plain = cipher.open_small(self._secret, "link request", self.commitment, request)
        try:
            public, label = json.loads(plain)
            theirs = unb64(public)
            self.label = str(label)[:60]
        except (ValueError, TypeError) as wrong:
            raise DecryptionFailed from wrong
        if len(theirs) != cipher.KEY_BYTES:
            raise DecryptionFailed
        self._exchanged = _KeyExchange(self._secret, self._private, theirs, self._public, theirs)
        return cipher.seal_small(self._secret, "link key", request, self._public)

    def seal_answer(self, account: bytes) -> bytes:
        """Seals the account to the new device. Call it only after a person has compared the digits."""
        if self._exchanged is None:
            raise DecryptionFailed
        return cipher.seal_small(self._exchanged.key, "link answer", b"", account)


class NewDevice:
    """The new device. Raises InvalidInput for a mistyped code."""

    def __init__(self, code: str, private: bytes | None = None) -> None:
        self._secret = parse_key(code, CODE_BYTES)
        self._private = private or cipher.new_exchange_key()
        self._public = cipher.exchange_public(self._private)
        self._commitment = b""
        self._request = b""
        self._exchanged: _KeyExchange | None = None

    @property
    def address(self) -> str:
        return link_address(self._secret)

    @property
    def digits(self) -> str:
        """Six digits, once the first device's key was received; empty before."""
        return "" if self._exchanged is None else self._exchanged.digits

    def make_request(self, commitment: bytes, label: str) -> bytes:
        """The request to send; `label` is this device's label."""
        self._commitment = commitment
        plain = json.dumps([b64(self._public), label]).encode()
        self._request = cipher.seal_small(self._secret, "link request", commitment, plain)
        return self._request

    def receive_key(self, sealed: bytes) -> None:
        """Accepts the first device's public key. Raises DecryptionFailed if it does not match the commitment."""
        first = cipher.open_small(self._secret, "link key", self._request, sealed)
        if _commitment(self._secret, first) != self._commitment:
            raise DecryptionFailed
        self._exchanged = _KeyExchange(self._secret, self._private, first, first, self._public)

    def open_answer(self, sealed: bytes) -> bytes:
        """The account that the first device sealed to this one. Raises DecryptionFailed."""
        if self._exchanged is None:
            raise DecryptionFailed
        return cipher.open_small(self._exchanged.key, "link answer", b"", sealed)
