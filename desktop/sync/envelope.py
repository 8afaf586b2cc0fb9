"""Encodes a record as the bytes to be sealed: canonical JSON, compressed if that helps, padded, and split if large.

If a body does not fit into one record, its largest values are moved out of it. Each is compressed and split into
pieces of at most 60 KiB, which become records of their own. Their ids depend on their contents, so that a change of
another field does not send them again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desktop.domain.errors import InvalidInput
from desktop.domain.records.merge import check_record
from desktop.domain.records.records import Json, Record, canonical_json, record_from_json

SCHEMA = 1  # raised when an older version could not read, or would harm, what this one writes
MAX_PLAIN_BYTES = 60 * 1024
MAX_VALUE_BYTES = 8 * 1024 * 1024  # one value of a record, uncompressed: far more than 100 pages of timetable

_HEADER = 5
_MOST_CONTENT = MAX_PLAIN_BYTES - _HEADER
_WORTH_COMPRESSING = 512
_JSON, _DEFLATED, _PIECE = 0, 1, 2


class Unreadable(InvalidInput):
    """The plain bytes of a record have a form that this version cannot read."""

    def __init__(self, title: str = "A record that was synced has a form this version cannot read.") -> None:
        super().__init__(title)


class MissingParts(Unreadable):
    """Some pieces of a large record have not arrived (yet)."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A record ready to be sealed, with the pieces (plain bytes by part id) that must be on the server before it."""

    plain: bytes
    pieces: Mapping[str, bytes]


def pack(record: Record, name_part: Callable[[bytes], str]) -> Packed:
    """Encodes a record; `name_part` computes the id of a piece. Raises InvalidInput if the record is too large."""
    body = record.to_json()
    content = _packed(body)
    pieces: dict[str, bytes] = {}
    while len(content[1]) > _MOST_CONTENT:
        name = max(body["fields"], key=lambda each: len(canonical_json(body["fields"][each][0])), default=None)
        if name is None:
            raise InvalidInput("This record is too large to be synced.")
        value, stamp = body["fields"].pop(name)
        text = _utf8(canonical_json(value))
        if len(text) > MAX_VALUE_BYTES:
            raise InvalidInput("This record is too large to be synced.")
        packed = zlib.compress(text, 9)
        cut = [packed[at : at + _MOST_CONTENT] for at in range(0, len(packed), _MOST_CONTENT)]
        ids = [name_part(piece) for piece in cut]
        pieces |= {each: _pad(_PIECE, piece) for each, piece in zip(ids, cut, strict=True)}
        body.setdefault("large", {})[name] = {"stamp": stamp, "parts": ids}
        content = _packed(body)
    return Packed(_pad(*content), pieces)


def unpack(plain: bytes, piece: Callable[[str], bytes | None]) -> Record:
    """Decodes a record; `piece` looks up a piece by its id. Raises Unreadable, MissingParts."""
    encoding, content = _unpadded(plain)
    if encoding not in {_JSON, _DEFLATED}:
        raise Unreadable
    body = _parsed(content if encoding == _JSON else _inflated(content))
    try:
        for name, large in body.pop("large", {}).items():
            found = [piece(each) for each in large["parts"]]
            if any(each is None for each in found):
                raise MissingParts
            value = _parsed(_inflated(b"".join(each for each in found if each is not None)))
            body["fields"][name] = [value, large["stamp"]]
        return check_record(record_from_json(body))
    except Unreadable:
        raise
    except (InvalidInput, KeyError, TypeError, AttributeError) as wrong:
        raise Unreadable from wrong


def piece_of(plain: bytes) -> bytes | None:
    """The contents of a piece, or None if these bytes are a record. Raises Unreadable."""
    encoding, content = _unpadded(plain)
    return content if encoding == _PIECE else None


def _packed(body: Json) -> tuple[int, bytes]:
    text = _utf8(canonical_json(body))
    if len(text) > _WORTH_COMPRESSING:
        deflated = zlib.compress(text, 6)
        if len(deflated) < len(text):
            return _DEFLATED, deflated
    return _JSON, text


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as wrong:
        raise InvalidInput("This text holds a character that cannot be stored.") from wrong


def padded_size(size: int) -> int:
    """The padded length of `size` bytes of content: a power of two from 256 to 4096 bytes, then multiples of 4 KiB."""
    size += _HEADER
    bucket = 256
    while bucket < size and bucket < 4096:
        bucket *= 2
    return bucket if size <= bucket else -(-size // 4096) * 4096


def _pad(encoding: int, content: bytes) -> bytes:
    plain = bytes([encoding]) + len(content).to_bytes(4, "big") + content
    return plain.ljust(padded_size(len(content)), b"\0")


def _unpadded(plain: bytes) -> tuple[int, bytes]:
    if len(plain) < _HEADER:
        raise Unreadable
    size = int.from_bytes(plain[1:_HEADER], "big")
    if size > len(plain) - _HEADER:
        raise Unreadable
    return plain[0], plain[_HEADER : _HEADER + size]


def _inflated(content: bytes) -> bytes:
    try:
        inflater = zlib.decompressobj()
        text = inflater.decompress(content, MAX_VALUE_BYTES)
    except zlib.error as wrong:
        raise Unreadable from wrong
    if not inflater.eof:
        raise Unreadable
    return text


def _parsed(text: bytes) -> Json:
    try:
        plain = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
        canonical_json(plain).encode()  # a lone surrogate would fail much later, in the database
    except (ValueError, RecursionError, InvalidInput) as wrong:
        raise Unreadable from wrong
    return plain


def _refuse(text: str) -> Json:
    raise ValueError(f"{text} is a fraction")
