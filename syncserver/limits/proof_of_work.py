"""Proof of work: lets a client go on when others behind the same address have used up the address's share.

The server issues puzzles without storing them; a solution is valid once, from the address its puzzle was issued to. The
cost rises with how often that address has paid within the hour. docs/decisions/0012-proof-of-work.md says why.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from collections.abc import Callable
from typing import Any

from nacl.pwhash import argon2id

from syncserver import wire
from syncserver.errors import Problem
from syncserver.limits.rate_limits import Limits

PUZZLE_SECONDS = 120  # how long a puzzle may take to be solved
MEMORY_KIB = 1024
PASSES = 1
BASE_TRIES = 64  # on average, for the first `ADMISSIONS_PER_STEP` an hour: 50 ms
MAX_TRIES = 4096
ADMISSIONS_PER_STEP = 1000

_HEAD = struct.Struct(">16sQL")  # salt, when it was made, tries
_SEAL_BYTES = 16


class ProofOfWork:
    """Issues puzzles and verifies solutions, with the server's secret."""

    def __init__(self, secret: bytes, limits: Limits, clock: Callable[[], float]) -> None:
        self._key = hmac.digest(secret, b"proof of work", "sha256")
        self._limits = limits
        self._clock = clock

    async def admit(self, header: str, address: str, refused: Problem) -> None:
        """Admits a request whose `header` holds a solution; else raises `refused` with a puzzle in its document."""
        if header and await self._is_solved(header, address):
            await self._limits.count_admission(address)
            return
        refused.members["work"] = self.puzzle(address, await self._limits.admissions(address))
        raise refused

    def puzzle(self, address: str, admissions: int) -> dict[str, Any]:
        """Returns a puzzle for `address`, which has paid `admissions` times within the hour."""
        tries = min(BASE_TRIES * (1 + admissions // ADMISSIONS_PER_STEP), MAX_TRIES)
        head = _HEAD.pack(secrets.token_bytes(16), int(self._clock()), tries)
        return {
            "algorithm": "argon2id",
            "memory_kib": MEMORY_KIB,
            "passes": PASSES,
            "tries": tries,
            "seed": wire.encode_base64url(head + self._mac(head, address)),
            "expires_in": PUZZLE_SECONDS,
        }

    def _mac(self, head: bytes, address: str) -> bytes:
        return hmac.digest(self._key, head + address.encode(), "sha256")[:_SEAL_BYTES]

    async def _is_solved(self, header: str, address: str) -> bool:
        text, _, counter = header.partition(".")
        try:
            seed = wire.decode_base64url(text)
        except Problem:
            return False
        if len(seed) != _HEAD.size + _SEAL_BYTES or not (counter.isascii() and counter.isdigit() and len(counter) < 16):
            return False
        head, seal = seed[: _HEAD.size], seed[_HEAD.size :]
        salt, made, tries = _HEAD.unpack(head)
        if not hmac.compare_digest(seal, self._mac(head, address)) or not 0 <= self._clock() - made <= PUZZLE_SECONDS:
            return False
        # A wrong solution uses the puzzle up too: verifying one costs as much as answering a request.
        if not await self._limits.is_first_use(hashlib.sha256(seed).hexdigest()[:32], 2 * PUZZLE_SECONDS):
            return False
        return is_solution(salt, int(counter), tries)


def is_solution(salt: bytes, counter: int, tries: int) -> bool:
    """Whether `counter` is a solution; one in `tries` numbers is."""
    digest = argon2id.kdf(32, counter.to_bytes(8, "big"), salt, opslimit=PASSES, memlimit=MEMORY_KIB * 1024)
    return int.from_bytes(digest[:8], "big") * tries < 2**64
