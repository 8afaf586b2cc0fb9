"""Makes backups: encrypted, with a manifest, copied to a second store, pruned; alerts the operator on failure.

Beside each `sync-<time>-<random>.backup` lies its plaintext manifest `.json`: time, schema revision, epoch, counts and
checksums; no names and no ids. The same manifest, with samples to verify by, is encrypted inside.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import importlib.metadata
import json
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from syncserver.accounts import deletion_ledger
from syncserver.backup import alerts, backup_crypto, dumps, last_results, ledger_copy, object_storage
from syncserver.backup.last_results import BackupState, backup_folder
from syncserver.config import Config
from syncserver.errors import ConfigurationError, Problem

log = structlog.get_logger()

VERSION = importlib.metadata.version("up-schedule-generator")
FORMAT = 1
BACKUP_NAME = re.compile(r"sync-(\d{8}T\d{6}Z)-[0-9a-f]{8}\.backup")
TIMESTAMP_FORMAT = "%Y%m%dT%H%M%SZ"
LEDGER_COPY = "deleted-accounts.log"
REMINDER_INTERVAL_SECONDS = 24 * 3600
DAY = 86_400

BACKUP_ERRORS = (
    Problem,
    ConfigurationError,
    OSError,
    dumps.DumpError,
    backup_crypto.UnsealError,
    object_storage.ObjectStorageError,
    deletion_ledger.DamagedLedgerError,
)
"""Expected failures of backup operations, as opposed to bugs."""


class BackupNotFound(Exception):
    """No such backup exists. The message says where it was looked for."""


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """The plaintext manifest of a backup."""

    made: float  # seconds since 1970 UTC
    server: str  # the version that made it
    database: str  # sqlite or postgres
    revision: str  # of the schema
    epoch: str
    counts: dict[str, int]
    heads: str
    payload_bytes: int
    payload_sha256: str
    key: str  # the short name of the public key it is sealed to
    ledger_signed: bool = False  # whether the copy of the deletion ledger beside it was, so that it has to be
    ledger_entries: int = 0  # of that copy, where it was signed: ledgers only grow
    bytes: int = 0  # of the sealed file; in the manifest outside only, like what follows
    sha256: str = ""
    verified: float = 0.0
    format: int = FORMAT

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> BackupManifest:
        """Parses a manifest; raises `backup_crypto.UnsealError` if it is not one of this server's."""
        names = {field.name for field in dataclasses.fields(cls)}
        try:
            manifest = cls(**{name: value for name, value in values.items() if name in names})
        except TypeError as error:
            raise backup_crypto.UnsealError("The backup's manifest is not one of this server's.") from error
        if manifest.format != FORMAT:
            raise backup_crypto.UnsealError("The backup was made by a newer version of the server. Use that version.")
        return manifest


@dataclass(frozen=True, slots=True)
class StoredBackup:
    """A backup in the backup folder."""

    path: Path
    manifest: BackupManifest

    def is_intact(self) -> bool:
        """Whether the file is byte for byte the one that was made."""
        try:
            return (
                self.path.stat().st_size == self.manifest.bytes
                and object_storage.file_digest(self.path) == self.manifest.sha256
            )
        except OSError:
            return False


def list_backups(folder: Path) -> list[StoredBackup]:
    """Returns the backups in `folder` that have their manifest, newest first."""
    found = []
    for path in folder.glob("sync-*.backup"):
        with contextlib.suppress(OSError, ValueError, backup_crypto.UnsealError):
            if BACKUP_NAME.fullmatch(path.name):
                found.append(
                    StoredBackup(path, BackupManifest.from_values(json.loads(manifest_path(path).read_text("utf-8"))))
                )
    return sorted(found, key=lambda entry: (entry.manifest.made, entry.path.name), reverse=True)


def manifest_path(backup: Path) -> Path:
    """Returns the path of a backup's manifest."""
    return backup.with_suffix(".json")


def configured_store(config: Config) -> object_storage.ObjectStore | None:
    """Returns the configured S3-compatible store, if there is one."""
    return object_storage.ObjectStore(config.backup_s3_url, config.backup_s3_endpoint) if config.backup_s3_url else None


def find_backup(config: Config, name: str | Path) -> Path:
    """Returns the file for `name`: a path, a name in the folder or the store, or `latest`. Raises `BackupNotFound`."""
    folder, store = backup_folder(config), configured_store(config)
    if name == "latest":
        here = next((entry.path.name for entry in list_backups(folder) if entry.is_intact()), "")
        there = max((n for n in store.names() if BACKUP_NAME.fullmatch(n)), default="") if store else ""
        name = max(here, there)
        if not name:
            raise BackupNotFound(f"There is no backup in {folder}{' or in the store' if store else ''}.")
    for path in (folder / Path(name).name, Path(name)):
        if path.is_file():
            return path
    if store is None or name not in store.names():
        raise BackupNotFound(f"There is no backup {name} here, in {folder}{' or in the store' if store else ''}.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    for one in (manifest_path(Path(name)).name, name):
        with (
            contextlib.suppress(object_storage.ObjectStorageError)
            if one.endswith(".json")
            else contextlib.nullcontext()
        ):
            store.fetch(one, folder / one)
    return folder / name


def backups_since(config: Config, moment: float, beside: Path) -> list[str | Path]:
    """Returns the backups made in the second of `moment` or later, judged by their names: in the folder, in `beside` or
    in the store; newest first, in the form that `find_backup` takes."""
    found: dict[str, str | Path] = {}
    if store := configured_store(config):
        found |= {name: name for name in store.names()}
    for folder in (beside, backup_folder(config)):
        found |= {path.name: path for path in folder.glob("sync-*.backup")}
    since = datetime.fromtimestamp(moment, UTC).strftime(TIMESTAMP_FORMAT)
    names = sorted(
        (name for name in found if (match := BACKUP_NAME.fullmatch(name)) and match[1] >= since), reverse=True
    )
    return [found[name] for name in names]


def make_backup(config: Config, clock: Callable[[], float] = time.time) -> StoredBackup:
    """Makes one backup, copies it to the store and records the result; alerts the operator before raising a failure.

    Raises one of `BACKUP_ERRORS`.
    """
    folder, began = backup_folder(config), clock()
    state = last_results.read(folder)
    try:
        entry = _write_backup(config, folder, clock)
    except Exception as error:
        failing = str(error) or type(error).__name__
        with contextlib.suppress(OSError):  # the disk may be what failed
            last_results.write(folder, dataclasses.replace(state, attempted=began, failing=failing, alerted=clock()))
        alert_operator(config, "The backup of the sync server failed", failing)
        raise
    good = dataclasses.replace(
        state, attempted=began, good=entry.manifest.made, bytes=entry.manifest.bytes, seconds=clock() - began,
        failing="", alerted=0.0,
    )  # fmt: skip
    last_results.write(folder, good)
    if state.alerted:
        alert_operator(
            config, "The backups of the sync server work again", f"{entry.path.name} is complete.", "success"
        )
    log.info(
        "backup made", name=entry.path.name, bytes=entry.manifest.bytes, accounts=entry.manifest.counts["accounts"]
    )
    return entry


def _write_backup(config: Config, folder: Path, clock: Callable[[], float]) -> StoredBackup:
    if not config.backup_public_key:
        raise ConfigurationError("SYNC_BACKUP_PUBLIC_KEY is empty. `syncserver backup-key` makes a pair of keys.")
    key = backup_crypto.key_name(config.backup_public_key)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    made = clock()
    stamp = datetime.fromtimestamp(made, UTC).strftime(TIMESTAMP_FORMAT)
    target = folder / f"sync-{stamp}-{secrets.token_hex(4)}.backup"
    partial = target.with_name(f".{target.name}.partial")
    measured = _HashingCounter()
    try:
        with partial.open("xb") as file:
            partial.chmod(0o640)
            sealer = backup_crypto.Sealer(file, config.backup_public_key, signing_key(config))

            def take(pieces: Iterable[bytes]) -> None:
                for piece in measured.through(pieces):
                    sealer.add(piece)

            held = dumps.dump_database(config, folder, take)
            ledger_entries = _update_ledger_copy(config, folder)
            manifest = BackupManifest(
                made, VERSION, dumps.database_kind(config), held.revision, held.epoch, held.counts, held.heads,
                measured.bytes, measured.digest.hexdigest(), key, ledger_entries is not None, ledger_entries or 0,
            )  # fmt: skip
            inside = dataclasses.asdict(manifest) | {"sample": held.sample}
            sha256 = sealer.finish(json.dumps(inside).encode())
        entry = StoredBackup(target, dataclasses.replace(manifest, bytes=partial.stat().st_size, sha256=sha256))
        if object_storage.file_digest(partial) != sha256:
            raise OSError(5, f"The disk of {folder} did not keep what was written")
        write_manifest(entry)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    store = configured_store(config)
    if store is not None:
        for path in (target, manifest_path(target), folder / LEDGER_COPY):
            if path.exists():
                store.put(path)
    return entry


def signing_key(config: Config) -> str:
    """Returns the key that signs backups, '' if none is configured. Raises `ConfigurationError`."""
    if not config.backup_signing_key_file:
        return ""
    try:
        return Path(config.backup_signing_key_file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The signing key {config.backup_signing_key_file} cannot be read: {error}."
        ) from error


class _HashingCounter:
    """Counts and hashes the bytes written through it."""

    def __init__(self) -> None:
        self.bytes = 0
        self.digest = hashlib.sha256()

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.bytes += len(piece)
            self.digest.update(piece)
            yield piece


def write_manifest(entry: StoredBackup) -> None:
    """Writes the manifest beside the backup, atomically."""
    path = manifest_path(entry.path)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(dataclasses.asdict(entry.manifest), indent=1) + "\n", "utf-8")
    partial.chmod(0o640)
    partial.replace(path)


def _update_ledger_copy(config: Config, folder: Path) -> int | None:
    """Adds all deletions known to this machine and the database to the ledger copy beside the backups; returns how many
    the copy now has, or None if it is not signed."""
    copy, key = folder / LEDGER_COPY, signing_key(config)
    known = deletion_ledger.read(config.ledger_path) | asyncio.run(read_deletions(config))
    has_to_be = any(entry.manifest.ledger_signed for entry in list_backups(folder))
    kept = ledger_copy.read(copy, known_signers(config) or None, must_be_signed=has_to_be and bool(key))
    if key:
        ledger_copy.write(copy, known | kept, key)
        return len(known | kept)
    if not ledger_copy.is_signed(copy):  # else the next backup that is signed brings it up to date
        deletion_ledger.merge(copy, known)
    return None


def known_signers(config: Config) -> list[str]:
    """Returns the configured signers, and this machine's own. Raises `ConfigurationError`."""
    own = signing_key(config)
    return [*config.backup_signers, *([backup_crypto.signer_of(own)] if own else [])]


async def read_deletions(config: Config) -> dict[bytes, int]:
    """Returns the deletions recorded in the database."""
    async with dumps.open_connection(config) as connection:
        rows = await connection.rows("SELECT account, deleted FROM deletions")
    return {bytes(row["account"]): int(row["deleted"]) for row in rows}


def backups_to_keep(
    found: Sequence[StoredBackup], now: float, days: int, intact: Callable[[StoredBackup], bool]
) -> list[StoredBackup]:
    """Returns those of `found` (newest first) that pruning keeps: none older than `days` except the last good ones.

    The last good ones are the newest intact backup, and the newest intact one that was verified.
    """
    last = next((entry for entry in found if intact(entry)), None)
    proven = next((entry for entry in found if entry.manifest.verified and intact(entry)), None)
    return [entry for entry in found if now - entry.manifest.made <= days * DAY or entry in (last, proven)]


def prune(config: Config, clock: Callable[[], float] = time.time) -> list[str]:
    """Removes old backups from the folder and the store; returns their names. Raises one of `BACKUP_ERRORS`."""
    folder = backup_folder(config)
    found = list_backups(folder)
    keep = backups_to_keep(found, clock(), config.backup_keep_days, StoredBackup.is_intact)
    removed = []
    for entry in found:
        if entry not in keep:
            entry.path.unlink(missing_ok=True)
            manifest_path(entry.path).unlink(missing_ok=True)
            removed.append(entry.path.name)
    for left in (*folder.glob(".sync-*.partial"), *folder.glob(".dump-*"), *folder.glob(".restore-*")):
        if clock() - left.stat().st_mtime > DAY:  # of a process that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    store = configured_store(config)
    if store is not None:
        removed += _prune_store(store, {entry.path.name for entry in keep}, config.backup_keep_days, clock())
    return sorted(set(removed))


def _prune_store(store: object_storage.ObjectStore, keep: set[str], days: int, now: float) -> list[str]:
    """Prunes the store: what the folder keeps is kept here too, and so is the newest of all, whatever its age."""
    names = store.names()
    backups = sorted(name for name in names if BACKUP_NAME.fullmatch(name))
    removed = []
    for name in backups[:-1]:
        made = datetime.strptime(name.split("-")[1], TIMESTAMP_FORMAT).replace(tzinfo=UTC).timestamp()
        if name not in keep and now - made > days * DAY:
            store.remove(name)
            store.remove(manifest_path(Path(name)).name)
            removed.append(name)
    return removed


def check_backups(config: Config, clock: Callable[[], float] = time.time) -> str:
    """Returns what is wrong with the backups, '' if nothing; alerts the operator at most once a day while it lasts."""
    folder, now = backup_folder(config), clock()
    state = last_results.read(folder)
    wrong = describe_problem(state, now, config.backup_overdue_hours)
    if wrong and now - state.alerted >= REMINDER_INTERVAL_SECONDS:
        alert_operator(config, "The backups of the sync server need attention", wrong)
        last_results.write(folder, dataclasses.replace(state, alerted=now))
    return wrong


def describe_problem(state: BackupState, now: float, hours: float) -> str:
    """Returns a message about what is wrong according to `state`, '' if nothing is."""
    if state.failing:
        return f"The last backup failed: {state.failing}"
    if not state.good:
        return "No backup was ever made."
    if state.is_overdue(now, hours):
        return f"The last good backup is {state.age(now) / 3600:.0f} hours old."
    if state.verify_failing:
        return f"The last backup could not be verified: {state.verify_failing}"
    return ""


def alert_operator(config: Config, title: str, body: str, kind: alerts.AlertKind = "failure") -> None:
    """Alerts the configured people; a failure to do so is only logged, so that it cannot hide the one it reports."""
    try:
        alerts.send_alert(
            config.notify_urls,
            title,
            f"{body}\nServer: {config.operator_name or ', '.join(config.hosts) or 'local'}",
            kind,
        )
    except ConfigurationError as error:
        log.error("notification failed", detail=str(error))  # noqa: TRY400 - the address, with its secret, is in the trace
