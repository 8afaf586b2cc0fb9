"""The messages of the sync protocol (`docs/sync-protocol.md`) as values, and strict readers for them.

Everything a server sends is treated as hostile input: anything that does not have the documented form raises
InvalidResponse. Unknown members are ignored.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from desktop.domain.errors import NotReachable
from desktop.domain.records.records import Json

RECORD_BYTES = 65_536
BATCH_RECORDS = 100
REQUEST_BYTES = 1_048_576
WAIT_SECONDS = 30
KEYRING_VERSION_STEP = 256  # a server accepts no keyring whose version is further above the one it replaces

_ID = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]\Z")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z")
_CURSOR = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9]{1,16})\Z")
_T = TypeVar("_T")


class InvalidResponse(NotReachable):
    """The response is not of the form that a sync server sends."""

    def __init__(
        self,
        title: str = "The server gave an answer that this program does not understand.",
        hint: str = "Check the address of the server, or try again later.",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(title, hint, retry_after)


def b64(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The reverse of `b64`, canonical forms only. Raises InvalidResponse."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as wrong:
        raise InvalidResponse from wrong
    if b64(data) != text:
        raise InvalidResponse
    return data


def new_id() -> str:
    """A random identifier: 16 bytes, 22 characters."""
    return b64(secrets.token_bytes(16))


def cursor_number(cursor: str) -> int:
    """The number in a cursor. Raises InvalidResponse."""
    found = _CURSOR.match(cursor)
    if found is None:
        raise InvalidResponse
    return int(found[2])


@dataclass(frozen=True, slots=True)
class Kdf:
    """The parameters for deriving keys from a password (Argon2id, one lane)."""

    salt: bytes
    memory_kib: int = 65_536
    passes: int = 3

    def to_json(self) -> Json:
        return {
            "algorithm": "argon2id",
            "salt": b64(self.salt),
            "memory_kib": self.memory_kib,
            "passes": self.passes,
            "lanes": 1,
        }


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keyring as the server stores it, so that a password or a recovery key opens the account on a new device."""

    version: int
    etag: str
    kdf: Kdf
    login_key: bytes
    recovery_login_key: bytes
    wrapped_by_password: bytes
    wrapped_by_recovery: bytes
    keys: bytes

    def to_json(self) -> Json:
        return {
            "version": self.version,
            "etag": self.etag,
            "kdf": self.kdf.to_json(),
            "login_key": b64(self.login_key),
            "recovery_login_key": b64(self.recovery_login_key),
            "wrapped_by_password": b64(self.wrapped_by_password),
            "wrapped_by_recovery": b64(self.wrapped_by_recovery),
            "keys": b64(self.keys),
        }


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """A sealed record as the server stores it."""

    id: str
    etag: str
    deleted: bool
    key: str
    schema: int
    blob: bytes


@dataclass(frozen=True, slots=True)
class Push:
    """A record to be sent; `base` is the etag of the version that it replaces on the server."""

    row: ServerRecord
    base: str | None

    def to_json(self) -> Json:
        row = self.row
        return {
            "id": row.id,
            "base": self.base,
            "etag": row.etag,
            "deleted": row.deleted,
            "key": row.key,
            "schema": row.schema,
            "blob": b64(row.blob),
        }


@dataclass(frozen=True, slots=True)
class Head:
    """The current state of the account; `tag` is the HTTP etag for conditional requests."""

    epoch: str
    head: int
    cursor: str
    keyring: str
    tag: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page of the records written after a cursor."""

    epoch: str
    cursor: str
    more: bool
    rows: tuple[ServerRecord, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The ids of all records the server has, with their etags."""

    epoch: str
    cursor: str
    etags: Mapping[str, str]
    next_after: int = 0  # the number that the next page begins after; 0 where there is none


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's confirmation that it accepted a batch."""

    epoch: str
    before: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge to be signed with the login key, and the parameters for deriving that key from the password."""

    name: str
    action: str
    nonce: str
    time: int
    kdf: Kdf


@dataclass(frozen=True, slots=True)
class ServerSession:
    """A new session of a device."""

    token: str
    account: str
    name: str
    device: str
    epoch: str
    keyring: Keyring

    def __repr__(self) -> str:
        return f"Session(account={self.account!r}, device={self.device!r})"


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in device; `label` is sealed, times are in seconds since 1970, `last_seen` to the hour."""

    id: str
    label: bytes | None
    created: int
    last_seen: int
    current: bool


@dataclass(frozen=True, slots=True)
class Link:
    """The sealed messages that two devices have exchanged so far; `expires` is by the server's clock."""

    commitment: bytes
    request: bytes | None
    key: bytes | None
    answer: bytes | None
    expires: int


@dataclass(frozen=True, slots=True)
class Info:
    """What a server publishes about itself; readable without a session."""

    server: str
    version: str
    protocol: tuple[int, ...]
    registration: str
    operator: str
    privacy: str


# Readers. Each takes parsed JSON and raises InvalidResponse for any other form.


def _strict(read: Callable[[Json], _T]) -> Callable[[Json], _T]:
    def reading(plain: Json) -> _T:
        try:
            return read(plain)
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise InvalidResponse from wrong

    return reading


def text(value: Json, most: int = 4096) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise InvalidResponse
    return value


def number(value: Json, most: int = 2**53 - 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InvalidResponse
    return value


def boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise InvalidResponse
    return value


def identifier(value: Json) -> str:
    if not isinstance(value, str) or not _ID.match(value):
        raise InvalidResponse
    return value


def binary(value: Json, least: int, most: int) -> bytes:
    data = unb64(text(value, most * 4 // 3 + 4))
    if not least <= len(data) <= most:
        raise InvalidResponse
    return data


def _cursor(value: Json) -> str:
    cursor_number(text(value))
    return str(value)


@_strict
def kdf_from_json(plain: Json) -> Kdf:
    if plain["algorithm"] != "argon2id" or plain["lanes"] != 1:
        raise InvalidResponse
    return Kdf(binary(plain["salt"], 16, 16), number(plain["memory_kib"]), number(plain["passes"]))


@_strict
def keyring_from_json(plain: Json) -> Keyring:
    return Keyring(
        version=number(plain["version"], 2**31 - 1),
        etag=identifier(plain["etag"]),
        kdf=kdf_from_json(plain["kdf"]),
        login_key=binary(plain["login_key"], 32, 32),
        recovery_login_key=binary(plain["recovery_login_key"], 32, 32),
        wrapped_by_password=binary(plain["wrapped_by_password"], 1, 256),
        wrapped_by_recovery=binary(plain["wrapped_by_recovery"], 1, 256),
        keys=binary(plain["keys"], 1, 16_384),
    )


@_strict
def row_from_json(plain: Json) -> ServerRecord:
    return ServerRecord(
        id=identifier(plain["id"]),
        etag=identifier(plain["etag"]),
        deleted=boolean(plain["deleted"]),
        key=identifier(plain["key"]),
        schema=number(plain["schema"], 65_535),
        blob=binary(plain["blob"], 1, RECORD_BYTES),
    )


@_strict
def page_from_json(plain: Json) -> ChangesPage:
    rows = tuple(row_from_json(each) for each in plain["records"])
    return ChangesPage(identifier(plain["epoch"]), _cursor(plain["cursor"]), boolean(plain["more"]), rows)


@_strict
def manifest_from_json(plain: Json) -> Manifest:
    """A page of a manifest; all of it from a server that does not page."""
    etags = {identifier(each["id"]): identifier(each["etag"]) for each in plain["records"]}
    more = boolean(plain.get("more", False))
    if more and not etags:
        raise ValueError("a page without records says that there are more")
    last = number(plain["records"][-1]["number"]) if more else 0
    return Manifest(identifier(plain["epoch"]), _cursor(plain["cursor"]), etags, last)


@_strict
def receipt_from_json(plain: Json) -> Receipt:
    return Receipt(identifier(plain["epoch"]), number(plain["before"]), _cursor(plain["cursor"]))


@_strict
def conflicts_from_json(plain: Json) -> dict[str, ServerRecord | None]:
    """The current rows in a 409 response, by record id."""
    return {
        identifier(each["id"]): None if each["current"] is None else row_from_json(each["current"])
        for each in plain["conflicts"]
    }


@_strict
def challenge_from_json(plain: Json) -> Challenge:
    nonce = text(plain["nonce"], 128)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", nonce):
        raise InvalidResponse
    name = text(plain["name"], 64)
    if "\n" in name:
        raise InvalidResponse
    return Challenge(name, text(plain["action"]), nonce, number(plain["time"]), kdf_from_json(plain["kdf"]))


@_strict
def session_from_json(plain: Json) -> ServerSession:
    token = text(plain["token"], 43)
    if not _TOKEN.match(token):
        raise InvalidResponse
    return ServerSession(
        token,
        identifier(plain["account"]),
        text(plain["name"], 64),
        identifier(plain["device"]),
        identifier(plain["epoch"]),
        keyring_from_json(plain["keyring"]),
    )


@_strict
def devices_from_json(plain: Json) -> tuple[Device, ...]:
    return tuple(
        Device(
            identifier(each["id"]),
            None if each["label"] is None else binary(each["label"], 0, 256),
            number(each["created"]),
            number(each["last_seen"]),
            boolean(each["current"]),
        )
        for each in plain["devices"]
    )


@_strict
def link_from_json(plain: Json) -> Link:
    request, key, answer = (
        None if plain[name] is None else binary(plain[name], 1, 2048) for name in ("request", "key", "answer")
    )
    return Link(binary(plain["commitment"], 32, 32), request, key, answer, number(plain["expires"]))


@_strict
def info_from_json(plain: Json) -> Info:
    operator = plain.get("operator") or {}
    return Info(
        text(plain["server"]),
        text(plain["version"]),
        tuple(number(each) for each in plain["protocol"]),
        text(plain["registration"]),
        text(operator.get("name", "")),
        text(operator.get("privacy", "")),
    )


def head_from_json(plain: Json, tag: str) -> Head:
    """The response of `/v1/head`; `tag` is its ETag header."""
    try:
        return Head(
            identifier(plain["epoch"]),
            number(plain["head"]),
            _cursor(plain["cursor"]),
            identifier(plain["keyring"]),
            text(tag, 256),
        )
    except (KeyError, TypeError) as wrong:
        raise InvalidResponse from wrong
