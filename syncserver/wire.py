"""The JSON protocol: a self-validating type for every body in docs/sync-protocol.md.

What JSON types cannot express (canonical base64url, sizes in bytes) is expressed by patterns, so the served OpenAPI
document has it too. `decode` raises problems with JSON pointers; `decode_base64url` and `text` convert from and to
base64url.
"""

from __future__ import annotations

import binascii
import re
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from syncserver.errors import Problem, invalid

PROTOCOL = 1
BLOB_BYTES = 65_536
BATCH_RECORDS = 100
CHANGES_LIMIT = 500
CHANGES_DEFAULT = 200
MANIFEST_LIMIT = 5000
PAGE_BYTES = 1_048_576
KDF_MEMORY_KIB = 65_536
KDF_PASSES = 3
KEYRING_VERSION_STEP = 256  # the furthest a keyring's version may grow at once
KEYRING_CLIENT = "0.2.0"  # the first version that asks for the old password before it changes a keyring


def base64url_pattern(minimum: int, maximum: int) -> str:
    """Returns a regular expression for canonical base64url of `minimum` to `maximum` bytes, exact if they are equal."""
    if minimum == maximum:
        whole, rest = divmod(minimum, 3)
        tail = {0: "", 1: "[A-Za-z0-9_-][AQgw]", 2: "[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048]"}[rest]
        return f"^[A-Za-z0-9_-]{{{whole * 4}}}{tail}$"
    return "^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$"


def base64url_length(size: int) -> int:
    """Returns the number of base64url characters for `size` bytes."""
    return (size * 4 + 2) // 3


ID_PATTERN = base64url_pattern(16, 16)
TOKEN_PATTERN = base64url_pattern(32, 32)

Identifier = Annotated[str, Meta(pattern=ID_PATTERN, min_length=22, max_length=22, description="16 bytes, base64url")]
Key32 = Annotated[str, Meta(pattern=TOKEN_PATTERN, min_length=43, max_length=43, description="32 bytes, base64url")]
Wrapped = Annotated[str, Meta(pattern=base64url_pattern(1, 256), min_length=2, max_length=base64url_length(256))]
Label = Annotated[str, Meta(pattern=base64url_pattern(1, 256), min_length=2, max_length=base64url_length(256))]
KeysBlob = Annotated[str, Meta(pattern=base64url_pattern(1, 16_384), min_length=2, max_length=base64url_length(16_384))]
Name = Annotated[str, Meta(min_length=1, max_length=256)]

_identifier_regex = re.compile(ID_PATTERN)
_token_regex = re.compile(TOKEN_PATTERN)


class RequestBody(Struct, forbid_unknown_fields=True, frozen=True):
    """A request's body: unknown members are rejected."""


class ResponseBody(Struct, frozen=True):
    """An answer's body."""


class Kdf(RequestBody, frozen=True):
    """Parameters for deriving keys from the password (Argon2id)."""

    algorithm: Annotated[str, Meta(pattern="^argon2id$")]
    salt: Identifier
    memory_kib: Annotated[int, Meta(ge=KDF_MEMORY_KIB, le=1_048_576)]
    passes: Annotated[int, Meta(ge=KDF_PASSES, le=64)]
    lanes: Annotated[int, Meta(ge=1, le=1)]


class Keyring(RequestBody, frozen=True):
    """The keyring: opens the account with the password or the recovery key. Opaque but for the login keys."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    etag: Identifier
    kdf: Kdf
    login_key: Key32
    recovery_login_key: Key32
    wrapped_by_password: Wrapped
    wrapped_by_recovery: Wrapped
    keys: KeysBlob


class NewDevice(RequestBody, frozen=True):
    """The device that is signing in."""

    id: Identifier
    label: Label | None = None


class ChallengeRequest(RequestBody, frozen=True):
    name: Name
    action: Annotated[str, Meta(pattern="^(register|login|keyring|delete-account)$")]


class Challenge(ResponseBody, frozen=True):
    name: str
    action: str
    nonce: str
    time: int
    expires_in: int
    kdf: Kdf


class Registration(RequestBody, frozen=True):
    name: Name
    account: Identifier
    device: NewDevice
    keyring: Keyring
    invitation: Annotated[str, Meta(max_length=64)] | None = None


class Login(RequestBody, frozen=True):
    name: Name
    device: NewDevice


class SignedIn(ResponseBody, frozen=True):
    token: str
    account: str
    name: str
    device: str
    epoch: str
    head: int
    keyring: Keyring


class Usage(ResponseBody, frozen=True):
    records: int
    bytes: int
    devices: int
    feeds: int


class Account(ResponseBody, frozen=True):
    account: str
    name: str
    created: int
    epoch: str
    head: int
    usage: Usage


class Device(ResponseBody, frozen=True):
    id: str
    label: str | None
    created: int
    last_seen: int
    current: bool


class Devices(ResponseBody, frozen=True):
    devices: list[Device]


class DeviceLabel(RequestBody, frozen=True):
    label: Label | None


class Head(ResponseBody, frozen=True):
    epoch: str
    head: int
    cursor: str
    keyring: str


class Record(ResponseBody, frozen=True):
    """A stored record."""

    id: str
    etag: str
    deleted: bool
    key: str
    schema: int
    blob: str
    number: int


class Changes(ResponseBody, frozen=True):
    epoch: str
    head: int
    cursor: str
    more: bool
    records: list[Record]


class ManifestEntry(ResponseBody, frozen=True):
    id: str
    etag: str
    deleted: bool
    number: int


class Manifest(ResponseBody, frozen=True):
    epoch: str
    head: int
    cursor: str
    records: list[ManifestEntry]
    more: bool = False


class NewRecord(RequestBody, frozen=True):
    """One version of a record, to replace the one with etag `base` (null: there is none)."""

    id: Identifier
    base: Identifier | None
    etag: Identifier
    deleted: bool
    key: Identifier
    schema: Annotated[int, Meta(ge=1, le=65_535)]
    # No pattern: it would take 10 times as long as decoding. `decode_base64url` looks at every character.
    blob: Annotated[str, Meta(min_length=2, description="1 to 65,536 bytes, base64url")]


class Batch(RequestBody, frozen=True):
    epoch: Identifier
    records: Annotated[list[NewRecord], Meta(min_length=1, max_length=BATCH_RECORDS)]


class Written(ResponseBody, frozen=True):
    id: str
    number: int


class BatchAnswer(ResponseBody, frozen=True):
    epoch: str
    before: int
    head: int
    cursor: str
    records: list[Written]


class Publication(RequestBody, frozen=True):
    token: Key32
    calendar: Annotated[str, Meta(min_length=1)]


class LinkOpening(RequestBody, frozen=True):
    commitment: Key32


class LinkMessage(RequestBody, frozen=True):
    sealed: Annotated[str, Meta(pattern=base64url_pattern(1, 2048), min_length=2, max_length=base64url_length(2048))]


class Link(ResponseBody, frozen=True):
    """The contents of a link; each message is null until it is stored."""

    commitment: str
    request: str | None
    key: str | None
    answer: str | None
    expires: int


class Feed(ResponseBody, frozen=True):
    id: str
    etag: str
    created: int
    updated: int
    bytes: int
    path: str | UnsetType = UNSET
    calendar: str | UnsetType = UNSET


class Feeds(ResponseBody, frozen=True):
    feeds: list[Feed]


class Export(ResponseBody, frozen=True):
    account: str
    name: str
    created: int
    epoch: str
    head: int
    exported: int
    keyring: Keyring
    devices: list[Device]
    feeds: list[Feed]
    records: list[Record]


class KdfDefaults(ResponseBody, frozen=True):
    algorithm: str
    memory_kib: int
    passes: int
    lanes: int


class InfoLimits(ResponseBody, frozen=True):
    batch_records: int
    record_bytes: int
    request_bytes: int
    records: int
    bytes: int
    devices: int
    feeds: int
    feed_bytes: int
    changes: int
    wait_seconds: int
    keyring_version_step: int
    link_seconds: int


class Operator(ResponseBody, frozen=True):
    name: str
    contact: str
    privacy: str


class Info(ResponseBody, frozen=True):
    server: str
    version: str
    protocol: list[int]
    minimum_client: str
    minimum_keyring_client: str
    registration: str
    time: int
    kdf: KdfDefaults
    limits: InfoLimits
    features: list[str]
    operator: Operator


T = TypeVar("T")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
_encoder = msgspec.json.Encoder()
encode = _encoder.encode


def decode(body: bytes, kind: type[T]) -> T:
    """Decodes the body as `kind`. Raises `malformed` (not JSON) and `invalid` (does not match the type)."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        decoded: T = decoder.decode(body)
    except msgspec.ValidationError as error:
        text = str(error)
        detail, _, path = text.partition(" - at `")
        raise invalid(to_json_pointer(path.rstrip("`")), detail) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("malformed", "The body is not JSON in UTF-8.") from error
    return decoded


def to_json_pointer(path: str) -> str:
    """Converts msgspec's `$.records[3].blob` to a JSON pointer."""
    return re.sub(r"\[(\d+|\.\.\.)\]", r"/\1", path.removeprefix("$")).replace(".", "/").replace("//", "/")


# Bytes as base64url to bytes as base64 and back; what is not base64url becomes what base64 refuses.
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_TO_STANDARD = bytes(
    {ord("-"): ord("+"), ord("_"): ord("/")}.get(byte, byte if chr(byte) in _ALPHABET else ord("!"))
    for byte in range(256)
)
_TO_URL = bytes.maketrans(b"+/", b"-_")
_PADDING = {0: b"", 2: b"==", 3: b"="}
_VALID_LAST_CHARACTERS = {2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}  # whose unused bits are zero


def decode_base64url(value: str, json_pointer: str = "") -> bytes:
    """Decodes base64url. Raises `invalid` at the JSON pointer `json_pointer` if it is not canonical."""
    rest = len(value) % 4
    if rest == 1 or (rest and value[-1] not in _VALID_LAST_CHARACTERS[rest]):
        raise invalid(json_pointer, "not canonical base64url without padding")
    try:
        return binascii.a2b_base64(value.encode("ascii").translate(_TO_STANDARD) + _PADDING[rest], strict_mode=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise invalid(json_pointer, "not base64url without padding") from error


def encode_base64url(value: bytes) -> str:
    """Encodes bytes as base64url without padding."""
    return binascii.b2a_base64(value, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def is_identifier(value: str) -> bool:
    """Whether `value` is 16 bytes in canonical base64url."""
    return _identifier_regex.fullmatch(value) is not None


def is_token(value: str) -> bool:
    """Whether `value` is 32 bytes in canonical base64url."""
    return _token_regex.fullmatch(value) is not None
