"""The format of a data file in the folder: a header in the clear, and a sealed body bound to it.

A cloud program may rename a file, so the name is only a hint: the file itself contains what it is, and its identity is
the hash of its bytes. docs/folder-sync.md, section 3, specifies every byte.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.domain.errors import InvalidInput, NotReachable
from desktop.domain.records.merge import check_record
from desktop.domain.records.records import Record, Stamp, canonical_json, record_from_json, stamp_from_json
from desktop.sync import cipher
from desktop.sync.cipher import DataKeyMissing, DecryptionFailed
from desktop.sync.folder.receiving import Tokens, ValueId, tokens_from_json
from desktop.sync.wire import b64, identifier, unb64

SCHEMA = 1
MAX_GROWING_BYTES = 16 * 1024  # total bytes of a file

_MAGIC = b"up-schedule/folder/1\0"
_HEADER = len(_MAGIC) + 16 + 16 + 2
_SEALED = cipher.NONCE_BYTES + cipher.TAG_BYTES
_MAX_TEXT_BYTES = 128 * 1024 * 1024  # bytes uncompressed: far more than any timetable
_PURPOSE = "folder file"


class NotOurs(InvalidInput):
    """The file belongs to another account, or not to this program."""

    def __init__(self) -> None:
        super().__init__("This file belongs to another timetable.")


class TooNew(InvalidInput):
    """A newer version of the program wrote the file."""

    def __init__(self) -> None:
        super().__init__("A newer version of the program wrote a file in the folder.", "Update this one.")


class Damaged(InvalidInput):
    """The file is truncated, or was changed."""

    def __init__(self) -> None:
        super().__init__("A file in the folder is damaged.")


@dataclass(frozen=True, slots=True)
class FileHead:
    """The head of a file.

    `prev` is the identity of the frozen part before it; None for a full snapshot. `live` and `deleted` count all
    records of the writer, not only those in the file. `keyring` has the numbers of changes of the account key, the
    password and the recovery key that the writer knew. `tokens` are those that the writer knew for the entries of
    `seen`, the newest of each stamp name; a stamp name may have none.
    """

    file: str
    device: str
    generation: int
    part: int
    prev: str | None
    seen: Mapping[str, int]
    forked: tuple[str, ...] = ()
    live: int = 0
    deleted: int = 0
    label: str = ""
    keyring: tuple[int, int, int] = (0, 0, 0)
    tokens: Tokens = field(default_factory=dict)

    @property
    def place(self) -> tuple[int, int, int]:
        """The position among the versions of its writer's files: generation, part and the writer's own counter."""
        return self.generation, self.part, self.seen.get(self.device, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a file, with what its writer knew about it (see the parameters of `receiving.receive`)."""

    record: Record
    bases: Mapping[str, Stamp] = field(default_factory=dict)
    over: Mapping[str, tuple[ValueId, ...]] = field(default_factory=dict)

    def text(self) -> str:
        plain = self.record.to_json()
        if self.bases:
            plain["base"] = {name: stamp.to_json() for name, stamp in self.bases.items()}
        if self.over:
            plain["over"] = {name: [list(each) for each in sorted(found)] for name, found in self.over.items()}
        return canonical_json(plain)


def entry_from(text: str) -> Entry:
    """Parses the result of `Entry.text`. Raises Damaged."""
    try:
        plain = _parsed(text)
        bases = {str(name): stamp_from_json(stamp) for name, stamp in plain.get("base", {}).items()}
        over = {
            str(name): tuple((int(counter), str(device), str(digest)) for counter, device, digest in found)
            for name, found in plain.get("over", {}).items()
        }
        return Entry(check_record(record_from_json(plain)), bases, over)
    except (InvalidInput, ValueError, TypeError, AttributeError, RecursionError) as wrong:
        raise Damaged from wrong


@dataclass(frozen=True, slots=True)
class DataFile:
    """An opened file: its head, its records as lines of canonical JSON, and the identity of its bytes."""

    head: FileHead
    lines: tuple[str, ...]
    identity: str


def identity_of(content: bytes) -> str:
    """The identity of a file, independent of its name: the hash of its bytes."""
    return b64(hashlib.sha256(content).digest())


def file_name(file: str, generation: int, part: int) -> str:
    return f"d-{file}-{generation}-{part}.ups"


def seal_file(account: str, key_id: str, key: bytes, head: FileHead, lines: Iterable[str]) -> bytes:
    """The bytes of a data file; `key_id` names the data key in its header."""
    top = {
        "file": head.file,
        "device": head.device,
        "generation": head.generation,
        "part": head.part,
        "prev": head.prev,
        "seen": dict(head.seen),
        "forked": list(head.forked),
        "live": head.live,
        "deleted": head.deleted,
        "label": head.label,
        "keyring": list(head.keyring),
        "tokens": {name: list(map(list, tokens)) for name, tokens in head.tokens.items()},
    }
    packed = zlib.compress("\n".join([canonical_json(top), *lines]).encode(), 6)
    header = _MAGIC + unb64(account) + unb64(key_id) + SCHEMA.to_bytes(2, "big")
    size = _HEADER + _SEALED + 4 + len(packed)
    step = 1024 if size <= MAX_GROWING_BYTES else 4096
    plain = len(packed).to_bytes(4, "big") + packed + bytes(-size % step)
    return header + cipher.seal_small(key, _PURPOSE, header, plain)


def open_file(account: str, keys: Mapping[str, bytes], content: bytes) -> DataFile:
    """Opens a data file. Raises NotOurs, DataKeyMissing (its key has not arrived yet), TooNew, Damaged."""
    if content[: len(_MAGIC)] != _MAGIC[: len(content)] or content[len(_MAGIC) : len(_MAGIC) + 16] not in (
        unb64(account),
        b"",
    ):
        raise NotOurs
    if len(content) < _HEADER + _SEALED:
        raise Damaged
    header, sealed = content[:_HEADER], content[_HEADER:]
    if int.from_bytes(header[-2:], "big") > SCHEMA:
        raise TooNew
    key = keys.get(b64(header[len(_MAGIC) + 16 : -2]))
    if key is None:
        raise DataKeyMissing
    try:
        plain = cipher.open_small(key, _PURPOSE, header, sealed)
    except DecryptionFailed as wrong:
        raise Damaged from wrong
    lines = _unpacked(plain).split("\n")
    return DataFile(_head(lines[0]), tuple(lines[1:]), identity_of(content))


def _unpacked(plain: bytes) -> str:
    size = int.from_bytes(plain[:4], "big")
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(plain[4 : 4 + size], _MAX_TEXT_BYTES)
        if not inflater.eof:
            raise Damaged
        return text.decode()
    except (zlib.error, UnicodeDecodeError) as wrong:
        raise Damaged from wrong


def _head(text: str) -> FileHead:
    try:
        plain = _parsed(text)
        rotation, passwords, recoveries = map(int, plain["keyring"])
        prev = plain["prev"]
        return FileHead(
            str(plain["file"]),
            str(plain["device"]),
            int(plain["generation"]),
            int(plain["part"]),
            None if prev is None else str(prev),
            {str(name): int(counter) for name, counter in plain["seen"].items()},
            tuple(map(str, plain["forked"])),
            int(plain["live"]),
            int(plain["deleted"]),
            str(plain["label"])[:60],
            (rotation, passwords, recoveries),
            tokens_from_json(plain.get("tokens", {})),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise Damaged from wrong


def _parsed(text: str) -> dict[str, Any]:
    plain = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
    if not isinstance(plain, dict):
        raise TypeError(text[:40])
    return plain


def _refuse(text: str) -> None:
    raise ValueError(text)


def checked_id(text: str) -> str:
    """Checks an id of 16 bytes. Raises Damaged."""
    try:
        return identifier(text)
    except (NotReachable, ValueError, TypeError) as wrong:
        raise Damaged from wrong
