"""Challenge-response authentication: a client proves that it holds a login key.

A challenge is a nonce that contains its time and is authenticated with the server's secret, so issuing one needs no
write; using one records it (`spent_challenges`), so it is valid once. The answer for an unknown name is derived from
the secret too, and costs the same. docs/sync-protocol.md, section 3.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
import unicodedata
from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from syncserver import wire
from syncserver.db.database import Connection
from syncserver.errors import Problem, invalid

CHALLENGE_SECONDS = 120
CLOCK_TOLERANCE_SECONDS = (
    30  # two processes' ideas of the database's time, and a new primary's clock, may differ by this much
)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
NAME_CHARACTERS = "._-@+"

SPEND = "INSERT INTO spent_challenges (nonce, expires) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1 AS new"


@dataclass(frozen=True, slots=True)
class SignedChallenge:
    """A parsed `Sync-Proof` header and the request data that is signed with it. Nothing of it is verified yet."""

    key: str
    nonce: str
    signature: bytes
    host: str
    body: bytes

    @classmethod
    def parse(cls, header: str, host: str, body: bytes) -> SignedChallenge:
        """Parses the header `key.nonce.signature`; raises `malformed`."""
        key, _, rest = header.partition(".")
        nonce, _, signature = rest.partition(".")
        if key not in ("password", "recovery") or not 0 < len(nonce) <= 128 or len(signature) != 86:
            raise Problem("malformed", "Sync-Proof is password or recovery, a nonce and a signature, dots between.")
        try:
            return cls(key, nonce, wire.decode_base64url(signature), host.lower(), body)
        except Problem as error:
            raise Problem("malformed", "The signature in Sync-Proof is not base64url.") from error


def normalise_name(name: str) -> str:
    """Returns the name in the form that is stored and signed; raises `invalid`."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()
    if not 3 <= len(folded) <= 64:
        raise invalid("/name", "A name has 3 to 64 characters.")
    if not all(character.isalnum() or character in NAME_CHARACTERS for character in folded):
        raise invalid("/name", f"A name has letters, digits and {' '.join(NAME_CHARACTERS)} only.")
    return folded


def signed_message(action: str, host: str, name: str, nonce: str, time: int, body: bytes) -> bytes:
    """Returns the bytes that are signed."""
    digest = wire.encode_base64url(hashlib.sha256(body).digest())
    return "\n".join(("up-schedule-sync/1", action, host, name, nonce, str(time), digest)).encode()


class Challenges:
    """Issues challenges and verifies signatures over them, with the server's secret."""

    def __init__(self, secret: bytes, hosts: tuple[str, ...]) -> None:
        self._secret = secret
        self._hosts = hosts
        # A real public key without a holder, so that verifying for an unknown name takes the usual time.
        self._dummy_key = SigningKey(self._derive("nobody", b"")).verify_key.encode()

    def _derive(self, purpose: str, data: bytes) -> bytes:
        return hmac.digest(self._secret, purpose.encode() + b"\0" + data, "sha256")

    def issue_nonce(self, name: str, action: str, now: int) -> str:
        """Returns a nonce for one signature of `action` by the holder of `name`."""
        head = secrets.token_bytes(16) + struct.pack(">Q", now)
        return wire.encode_base64url(head + self._mac(head, name, action))

    def _mac(self, head: bytes, name: str, action: str) -> bytes:
        return self._derive("challenge", head + f"{action}\0{name}".encode())

    def fake_kdf(self, name: str) -> wire.Kdf:
        """Returns the key derivation parameters for an unknown name: the same ones each time."""
        salt = self._derive("salt", name.encode())[:16]
        return wire.Kdf("argon2id", wire.encode_base64url(salt), wire.KDF_MEMORY_KIB, wire.KDF_PASSES, 1)

    def check_host(self, host: str) -> None:
        """Raises `wrong-host` unless `host` is a name under which this server accepts signed requests."""
        if self._hosts:
            known = host in self._hosts
        else:
            name, _, port = host.rpartition(":") if not host.endswith("]") and ":" in host else (host, "", "")
            known = name in LOOPBACK and (not port or port.isdigit())
        if not known:
            raise Problem("wrong-host", "Add it to SYNC_HOSTS if it is this server's.")

    def verify(self, proof: SignedChallenge, action: str, name: str, login_key: bytes | None, now: int) -> bytes:
        """Verifies that `proof` is signed with `login_key` (None: unknown name, or no such key); returns the nonce's
        bytes.

        Raises `wrong-host`, `challenge-stale`, `login-refused`. A missing key takes as long as a wrong one.
        """
        self.check_host(proof.host)
        try:
            nonce = wire.decode_base64url(proof.nonce)
        except Problem:
            nonce = b""
        if len(nonce) != 56 or not hmac.compare_digest(nonce[24:], self._mac(nonce[:24], name, action)):
            raise Problem("challenge-stale")
        (time,) = struct.unpack(">Q", nonce[16:24])
        if not time - CLOCK_TOLERANCE_SECONDS <= now <= time + CHALLENGE_SECONDS:
            raise Problem("challenge-stale")
        signed = signed_message(action, proof.host, name, proof.nonce, time, proof.body)
        try:
            VerifyKey(login_key or self._dummy_key).verify(signed, proof.signature)
        except (BadSignatureError, ValueError) as error:
            raise Problem("login-refused") from error
        if login_key is None:
            raise Problem("login-refused")
        return nonce


async def spend_challenge(connection: Connection, nonce: bytes, now: int) -> None:
    """Marks a challenge as used, in the transaction that acts on it; raises `challenge-stale` if it already was."""
    if await connection.row(SPEND, nonce, now + CHALLENGE_SECONDS * 2) is None:
        raise Problem("challenge-stale", "It was used before.")
