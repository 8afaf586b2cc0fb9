"""Requests that are signed with a login key in response to the server's challenge."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from desktop.sync import cipher, wire
from desktop.sync.client import Client, Proof
from desktop.sync.problem_errors import ChallengeStale

_T = TypeVar("_T")


def make_proof(seed: bytes, key: str = "password") -> Proof:
    """A function that signs a challenge with a login seed; `key` is `password` or `recovery`."""

    def proof(challenge: wire.Challenge, host: str, body: bytes) -> str:
        return f"{key}.{challenge.nonce}.{cipher.sign_proof(seed, challenge, host, body)}"

    return proof


def request_with_challenge(client: Client, name: str, action: str, request: Callable[[wire.Challenge], _T]) -> _T:
    """Makes a signed request with a new challenge, and once more if the challenge went stale.

    A challenge goes stale when the server's clock jumps in between. Raises ChallengeStale if it happens twice.
    """
    try:
        return request(client.challenge(name, action))
    except ChallengeStale:
        return request(client.challenge(name, action))
