"""Formats keys as groups of letters and digits that a person can write down, read out and type in again.

Crockford's base32 (https://www.crockford.com/base32.html: no I, L, O, U; upper and lower case alike; O read as 0, I and
L as 1) with a checksum of 20 bits that distinguishes a typing error from a wrong key.
"""

from __future__ import annotations

import hashlib

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\n": None, "\t": None, "\r": None})
_GROUP = 4
_CHECK_BITS = 20


def format_key(key: bytes) -> str:
    """The key in groups of four characters, the checksum last: 16 bytes give 8 groups, 32 bytes give 14."""
    bits = "".join(f"{byte:08b}" for byte in key)
    bits += "0" * (-len(bits) % 5) + f"{_checksum(key):020b}"
    letters = "".join(_ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, len(bits), 5))
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def parse_key(text: str, size: int) -> bytes:
    """The key of `size` bytes written in `text`. Raises InvalidInput, with the reason, if it is mistyped."""
    letters = text.upper().translate(_ALIKE)
    strange = sorted({each for each in letters if each not in _ALPHABET})
    if strange:
        raise InvalidInput(
            msg("{letters} does not occur in such a key.", letters=" ".join(strange)), "Check what you typed."
        )
    key_letters = -(-size * 8 // 5)
    expected = key_letters + _CHECK_BITS // 5
    if len(letters) != expected:
        raise InvalidInput(
            msg("This has {n} letters and digits; a whole key has {expected}.", n=len(letters), expected=expected),
            "Check what you typed.",
        )
    bits = "".join(f"{_ALPHABET.index(each):05b}" for each in letters)
    key = int(bits[: size * 8], 2).to_bytes(size, "big")
    if "1" in bits[size * 8 : key_letters * 5] or int(bits[-_CHECK_BITS:], 2) != _checksum(key):
        raise InvalidInput("One or more letters are wrong or swapped.", "Compare it group by group with what you kept.")
    return key


def _checksum(key: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"up-schedule/spelled/1\0" + key).digest()[:3], "big") >> 4
