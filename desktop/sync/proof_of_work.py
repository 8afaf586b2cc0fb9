"""Solves the proof of work that a server requires from an address with too many requests.

It does so instead of blocking the address, since many students share the address of a campus.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from desktop.domain.records.records import Json
from desktop.sync import wire

MAX_TRIES = 65_536
MAX_MEMORY_KIB = 8192
MAX_SECONDS = 60.0


def solve(puzzle: Json) -> str | None:
    """The header value for the repeated request; None if this is no valid puzzle, or one that is too expensive."""
    if not isinstance(puzzle, Mapping) or puzzle.get("algorithm") != "argon2id" or puzzle.get("passes") != 1:
        return None
    try:
        tries = wire.number(puzzle["tries"], MAX_TRIES)
        memory = wire.number(puzzle["memory_kib"], MAX_MEMORY_KIB) * 1024
        seed = wire.text(puzzle["seed"], 256)
        salt = wire.binary(seed, 16, 192)[:16]
    except (KeyError, TypeError, ValueError, wire.InvalidResponse):
        return None
    from nacl.pwhash import argon2id  # noqa: PLC0415 -- 20 ms that a start without sync does not pay

    if memory < argon2id.MEMLIMIT_MIN:
        return None
    end = time.monotonic() + MAX_SECONDS
    counter = 0
    while time.monotonic() < end:
        digest = argon2id.kdf(32, counter.to_bytes(8, "big"), salt, opslimit=1, memlimit=memory)
        if int.from_bytes(digest[:8], "big") * tries < 2**64:
            return f"{seed}.{counter}"
        counter += 1
    return None
