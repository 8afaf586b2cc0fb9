"""Writes everything that a profile holds to one backup file, and reads it back; a file is never trusted.

A backup is a ZIP of JSON: records with what is known of the server's versions, the external state, the data of sync,
the stored PDFs, and a manifest with the hash of each part. It is not a copy of the database: every value is checked
when it is read, whoever made the file. The undo history and this profile's name in stamps are not in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from desktop.domain.errors import AppError, FileError, InvalidInput, cause
from desktop.domain.messages import Clause, msg
from desktop.domain.records.merge import HeldRecord, SentVersion, UnreadableRecord, check_record
from desktop.domain.records.records import Json, Record, canonical_json, record_from_json
from desktop.private_files import create_private_file
from desktop.store import profile_metadata, rows
from desktop.store.copies import save_copy
from desktop.store.schema import acts, aside, ledger, memos, records
from desktop.store.store import Store
from desktop.store.sync_repository import StoreTransaction

FORMAT = "upschedule-backup"
VERSION = 1
MAX_PARTS = 2000
MAX_TEXT_BYTES = 200_000_000  # bytes of one JSON part, uncompressed
MAX_PDF_BYTES = 20_000_000
SEAL = "seal.json"
MAX_SEAL_BYTES = 16_384
_PDF = re.compile(r"documents/([0-9a-f]{64})\.pdf")
# All exceptions that reading an untrusted file may raise if it is not a backup.
_NO_BACKUP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,  # encrypted, or nested too deeply
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
)
_HINT = "Choose another backup. Nothing was changed."


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """A summary of a backup: when it was made, and how much is in it."""

    created: datetime
    records: int
    years: tuple[int, ...]
    documents: int


def write_archive(
    store: Store,
    target: Path,
    created: datetime,
    settings: bytes = b"",
    seal: Callable[[bytes], Json | None] = lambda _: None,
) -> None:
    """Writes a backup to the new file `target`; `seal` makes the seal of its manifest, or returns None for no seal.

    Raises FileError, StorageError.
    """
    with store.database.reading() as connection:
        parts = {
            "records.jsonl": "".join(
                canonical_json(_held_to_json(rows.held(row))) + "\n" for row in connection.execute(sa.select(records))
            ).encode(),
            "kept.json": canonical_json(_kept(connection)).encode(),
            "settings.json": settings,
        }
    try:
        with create_private_file(target) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            hashes = {}
            for name, body in parts.items():
                archive.writestr(name, body)
                hashes[name] = hashlib.sha256(body).hexdigest()
            for path in sorted(store.documents.folder.glob("*.pdf")):
                name = f"documents/{path.name}"
                if _PDF.fullmatch(name):
                    archive.write(path, name)
                    hashes[name] = path.stem
            manifest = {"format": FORMAT, "version": VERSION, "created": created.isoformat(), "parts": hashes}
            text = canonical_json(manifest)
            archive.writestr("manifest.json", text)
            sealed = seal(text.encode())
            if sealed is not None:
                archive.writestr(SEAL, canonical_json(sealed))
    except OSError as wrong:
        raise FileError(
            msg("The backup cannot be written: {why}.", why=cause(wrong)), "Choose another folder, or make room."
        ) from wrong


def _kept(connection: sa.Connection) -> Json:
    transaction = StoreTransaction(connection)
    return {
        "namespace": str(profile_metadata.namespace(connection)),
        "counter": int(profile_metadata.read(connection, "counter") or 0),
        "memos": {row.name: row.value for row in connection.execute(sa.select(memos))},
        "ledger": [[row.target, row.id, json.loads(row.body)] for row in connection.execute(sa.select(ledger))],
        "aside": [
            [each.record_id, each.etag, each.deleted, each.schema, each.key_id, _text(each.sealed), each.reason]
            for each in transaction.set_asides()
        ],
    }


def _text(sealed: bytes) -> str:
    return b64encode(sealed).decode()


def _held_to_json(held: HeldRecord) -> Json:
    return {
        "record": held.record.to_json(),
        "pending": held.pending,
        "etag": held.etag,
        "base": None if held.base is None else held.base.to_json(),
        "sent": None if held.sent is None else [held.sent.etag, held.sent.record.to_json()],
        "refused": held.refused,
    }


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that was read completely and checked; only its seal is not verified yet."""

    contents: ArchiveContents
    held: tuple[HeldRecord, ...]
    namespace: UUID
    counter: int
    memos: Mapping[str, str]
    ledger: tuple[tuple[str, str, Json], ...]
    aside: tuple[UnreadableRecord, ...]
    settings: bytes
    path: Path
    documents: frozenset[str]  # their names in the file
    manifest: bytes
    seal: bytes | None  # authenticates the manifest; the caller must verify it


def read_archive(path: Path) -> Archive:
    """Reads and checks a backup. Raises FileError if it cannot be read, InvalidInput if it is not a valid backup."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path)
    except OSError as wrong:
        raise FileError(
            msg("{file} cannot be read: {why}.", file=path.name, why=cause(wrong)), "Choose another file."
        ) from wrong
    except AppError as wrong:
        raise InvalidInput(
            msg("{file} is no backup that can be used: {why}.", file=path.name, why=Clause(wrong.title)), _HINT
        ) from wrong
    except _NO_BACKUP as wrong:
        raise InvalidInput(msg("{file} is damaged, or no backup at all.", file=path.name), _HINT) from wrong


def _read(archive: zipfile.ZipFile, path: Path) -> Archive:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise InvalidInput(msg("it has {n} parts", n=len(parts)))
    text = _part(archive, "manifest.json", MAX_TEXT_BYTES)
    manifest = json.loads(text)
    if manifest["format"] != FORMAT:
        raise InvalidInput("it is a file of another program")
    if not isinstance(manifest["version"], int) or manifest["version"] > VERSION:
        raise InvalidInput("it was written by a newer version of this program")
    hashes = dict(manifest["parts"])
    documents = [name for name in hashes if _PDF.fullmatch(name)]
    for name in documents:
        _checked(archive, name, hashes, MAX_PDF_BYTES)
    held = tuple(
        _held_from_json(json.loads(line))
        for line in _checked(archive, "records.jsonl", hashes, MAX_TEXT_BYTES).decode().splitlines()
    )
    kept = json.loads(_checked(archive, "kept.json", hashes, MAX_TEXT_BYTES))
    years = sorted({each.record.year for each in held if each.record.year is not None})
    return Archive(
        contents=ArchiveContents(datetime.fromisoformat(manifest["created"]), len(held), tuple(years), len(documents)),
        held=held,
        namespace=UUID(kept["namespace"]),
        counter=int(kept["counter"]),
        memos={str(name): str(value) for name, value in kept["memos"].items()},
        ledger=tuple((str(target), str(each), body) for target, each, body in kept["ledger"]),
        aside=tuple(
            UnreadableRecord(str(of), str(etag), bool(deleted), int(schema), str(key), b64decode(sealed), str(reason))
            for of, etag, deleted, schema, key, sealed, reason in kept["aside"]
        ),
        settings=_checked(archive, "settings.json", hashes, MAX_TEXT_BYTES),
        path=path,
        documents=frozenset(documents),
        manifest=text,
        seal=_part(archive, SEAL, MAX_SEAL_BYTES) if SEAL in archive.namelist() else None,
    )


def _part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A part of limited size, counted while it is unpacked: the size stated in the file cannot be trusted."""
    with archive.open(name) as stream:
        body = stream.read(most + 1)
    if len(body) > most:
        raise InvalidInput(msg("its part {name} is too large", name=name))
    return body


def _checked(archive: zipfile.ZipFile, name: str, hashes: Mapping[str, Any], most: int) -> bytes:
    body = _part(archive, name, most)
    if hashlib.sha256(body).hexdigest() != (_PDF.fullmatch(name) or [None, hashes[name]])[1]:
        raise InvalidInput(msg("its part {name} is damaged", name=name))
    return body


def _record(plain: Json) -> Record:
    return check_record(record_from_json(plain))


def _held_from_json(plain: Json) -> HeldRecord:
    sent = plain["sent"]
    return HeldRecord(
        record=_record(plain["record"]),
        pending=plain["pending"] is True,
        etag=None if plain["etag"] is None else str(plain["etag"]),
        base=None if plain["base"] is None else _record(plain["base"]),
        sent=None if sent is None else SentVersion(str(sent[0]), _record(sent[1])),
        refused=None if plain["refused"] is None else str(plain["refused"]),
    )


def restore(store: Store, archive: Archive) -> Path:
    """Replaces everything in `store` by a backup, in one transaction; returns the path of a copy of the old database.

    The profile gets a new name in stamps, since it may have made stamps under the old one after the backup. Raises
    StorageError or FileError, and then nothing is changed.
    """
    copy = save_copy(store.database, "before restore")
    with store.database.writing() as connection:
        for table in (acts, records, memos, aside, ledger):  # steps go with their acts
            connection.execute(table.delete())
        transaction = StoreTransaction(connection)
        for held in archive.held:
            transaction.put(held)
            transaction.observe_counter(max((each.stamp.counter for each in held.record.fields.values()), default=0))
        transaction.observe_counter(archive.counter)
        for name, text in archive.memos.items():
            transaction.set_memo(name, text)
        for item in archive.aside:
            transaction.set_aside(item)
        transaction.write()
        if archive.ledger:
            connection.execute(
                ledger.insert(),
                [{"target": target, "id": each, "body": canonical_json(body)} for target, each, body in archive.ledger],
            )
        profile_metadata.write(connection, "namespace", str(archive.namespace))
        transaction.renew_device()
    with zipfile.ZipFile(archive.path) as opened:
        for info in opened.infolist():
            match = _PDF.fullmatch(info.filename)
            if match and info.filename in archive.documents:
                store.documents.put(match[1], _part(opened, info.filename, MAX_PDF_BYTES))
    return copy
