"""Device labels, sealed and opened."""

from __future__ import annotations

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.sync import cipher
from desktop.sync.cipher import DecryptionFailed

MAX_CHARACTERS = 60
_MOST_BYTES = 180
_PURPOSE = "device label"


def checked_label(text: str) -> str:
    """The typed label with spaces normalised. Raises InvalidInput if it is empty or too long."""
    label = " ".join(text.split())
    if not label or len(label) > MAX_CHARACTERS:
        raise InvalidInput(msg("A device needs a name of at most {n} characters.", n=MAX_CHARACTERS), "Enter one.")
    return label


def seal_label(account_key: bytes, device: str, label: str) -> bytes:
    """A device's label as the server stores it; a long one is cut between two characters."""
    cut = label.strip()[:MAX_CHARACTERS].encode()[:_MOST_BYTES].decode("utf-8", "ignore")
    return cipher.seal_small(account_key, _PURPOSE, device.encode(), cut.encode())


def open_label(account_key: bytes, device: str, sealed: bytes | None) -> str:
    """The reverse of `seal_label`; empty if there is no label, or it cannot be read."""
    if sealed is None:
        return ""
    try:
        return cipher.open_small(account_key, _PURPOSE, device.encode(), sealed).decode()
    except (DecryptionFailed, UnicodeDecodeError):
        return ""
