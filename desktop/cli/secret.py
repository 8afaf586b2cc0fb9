"""Reads a secret from a terminal, standard input or a descriptor; it is never an argument and never echoed."""

from __future__ import annotations

import getpass
import os
import sys

from desktop.domain.errors import InvalidInput

_MAX_BYTES = 4096  # bytes of a line


def read_new_secret(descriptor: int | None, prompt: str) -> str:
    """As `read_secret` for a new secret: typed twice at a terminal, since nothing is echoed. Raises InvalidInput."""
    secret = read_secret(descriptor, prompt)
    if descriptor is None and sys.stdin.isatty() and getpass.getpass(f"{prompt.rstrip(': ')} again: ") != secret:
        raise InvalidInput("The two differ.", "Type the same one twice.")
    return secret


def read_secret(descriptor: int | None, prompt: str) -> str:
    """Read a line from `descriptor`; if None, from the terminal without echo, or from standard input. Raises
    InvalidInput."""
    if descriptor is None and sys.stdin.isatty():
        return getpass.getpass(prompt)
    file = 0 if descriptor is None else descriptor
    line = bytearray()
    try:
        # Byte by byte: a buffered read would consume the next line too.
        while len(line) < _MAX_BYTES and (letter := os.read(file, 1)) not in (b"", b"\n"):
            line += letter
        text = line.decode().rstrip("\r")
    except OSError as wrong:
        raise InvalidInput(f"The password cannot be read from {file}: {wrong.strerror}.") from wrong
    except UnicodeDecodeError as wrong:
        raise InvalidInput("The password is no text in UTF-8.") from wrong
    if not text:
        raise InvalidInput("No password came.", "Give it on standard input, or name a descriptor with --password-fd.")
    return text
