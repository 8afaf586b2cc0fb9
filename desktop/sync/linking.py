"""How a device that is in lets a new one in: what the two say to each other, whatever carries it.

The code that a person types, or shows to a camera, holds a one-time secret. The two exchange keys (X25519) under it,
and both show six digits that stand for everything that was exchanged. The first device commits to its key before it
sees the other's, so that nobody between the two can try keys until the digits agree: one guess in a million is all
there is. Only when a person has said that the digits are the same is the account sealed, to that one device.
docs/crypto.md, section 6, has every byte. Sources: RFC 7748; the order of the messages is that of ZRTP (RFC 6189).
"""

from __future__ import annotations

import json

from desktop.sync import cipher
from desktop.sync.cipher import CannotOpen
from desktop.sync.key_format import format_key, parse_key
from desktop.sync.wire import b64, unb64

CODE_BYTES = 16
SECONDS = 300  # a code is good for so long

_DIGITS = 6


def link_address(secret: bytes) -> str:
    """Where the two leave their messages; who has it alone can neither read nor write one."""
    return b64(cipher.derive(secret, "link address"))


def _commitment(secret: bytes, public: bytes) -> bytes:
    return cipher.bound_key(cipher.derive(secret, "link commitment"), public)


class _Exchanged:
    """What both have once they know each other's key."""

    def __init__(self, secret: bytes, private: bytes, theirs: bytes, first: bytes, new: bytes) -> None:
        self.key = cipher.bound_key(cipher.exchanged(private, theirs), b"".join((secret, first, new)))
        number = int.from_bytes(cipher.derive(self.key, "link digits")[:8], "big") % 10**_DIGITS
        self.digits = f"{number:0{_DIGITS}d}"


class FirstDevice:
    """The device that is in. Answers one request, once."""

    def __init__(self, secret: bytes | None = None, private: bytes | None = None) -> None:
        self._secret = secret or cipher.random_key()[:CODE_BYTES]
        self._private = private or cipher.new_exchange_key()
        self._public = cipher.exchange_public(self._private)
        self._exchanged: _Exchanged | None = None
        self.label = ""  # what the new device calls itself, once it has asked

    @property
    def code(self) -> str:
        return format_key(self._secret)

    @property
    def address(self) -> str:
        return link_address(self._secret)

    @property
    def commitment(self) -> bytes:
        """Shown before anybody asks."""
        return _commitment(self._secret, self._public)

    @property
    def digits(self) -> str:
        """Six digits, once somebody has asked; empty before."""
        return "" if self._exchanged is None else self._exchanged.digits

    def hear(self, request: bytes) -> bytes:
        """Takes the one request and gives what is answered to it at once: this device's key. Raises CannotOpen for one
        that was not made with the code, and for a second one."""
        if self._exchanged is not None:
            raise CannotOpen
        plain = cipher.open_small(self._secret, "link request", self.commitment, request)
        try:
            public, label = json.loads(plain)
            theirs = unb64(public)
            self.label = str(label)[:60]
        except (ValueError, TypeError) as wrong:
            raise CannotOpen from wrong
        if len(theirs) != cipher.KEY_BYTES:
            raise CannotOpen
        self._exchanged = _Exchanged(self._secret, self._private, theirs, self._public, theirs)
        return cipher.seal_small(self._secret, "link key", request, self._public)

    def let_in(self, account: bytes) -> bytes:
        """Seals to the new device what lets it in. Only after a person has compared the digits."""
        if self._exchanged is None:
            raise CannotOpen
        return cipher.seal_small(self._exchanged.key, "link answer", b"", account)


class NewDevice:
    """The device that is on its way in. Raises InvalidInput for a code with a slip in it."""

    def __init__(self, code: str, private: bytes | None = None) -> None:
        self._secret = parse_key(code, CODE_BYTES)
        self._private = private or cipher.new_exchange_key()
        self._public = cipher.exchange_public(self._private)
        self._commitment = b""
        self._request = b""
        self._exchanged: _Exchanged | None = None

    @property
    def address(self) -> str:
        return link_address(self._secret)

    @property
    def digits(self) -> str:
        """Six digits, once the first device has shown its key; empty before."""
        return "" if self._exchanged is None else self._exchanged.digits

    def ask(self, commitment: bytes, label: str) -> bytes:
        """The request; `label` is what this device is called."""
        self._commitment = commitment
        plain = json.dumps([b64(self._public), label]).encode()
        self._request = cipher.seal_small(self._secret, "link request", commitment, plain)
        return self._request

    def hear_key(self, sealed: bytes) -> None:
        """Takes the first device's key. Raises CannotOpen for another than it had committed to."""
        first = cipher.open_small(self._secret, "link key", self._request, sealed)
        if _commitment(self._secret, first) != self._commitment:
            raise CannotOpen
        self._exchanged = _Exchanged(self._secret, self._private, first, first, self._public)

    def hear_answer(self, sealed: bytes) -> bytes:
        """What lets this device in. Raises CannotOpen."""
        if self._exchanged is None:
            raise CannotOpen
        return cipher.open_small(self._exchanged.key, "link answer", b"", sealed)
