"""Restores a backup: verified first, loaded into a scratch database, then put in place in one transaction.

Nothing is acted on before the whole file has been opened and matches its manifest. A restore begins a new epoch (R8),
ends all sessions, drops all published calendars, and repeats the deletion of accounts that were deleted since the
backup.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import json
import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from syncserver import wire
from syncserver.accounts import deletion_ledger
from syncserver.backup import archive, backup_crypto, dumps, last_results, ledger_copy
from syncserver.backup.archive import BackupManifest, StoredBackup
from syncserver.backup.last_results import backup_folder
from syncserver.config import Config
from syncserver.errors import ConfigurationError, Problem
from syncserver.sync import epochs

log = structlog.get_logger()

KEY_VARIABLE = "BACKUP_PRIVATE_KEY"


class RestoreRefused(Exception):
    """A restore or verification was refused, or the backup is invalid. The message says why."""


@dataclass(frozen=True, slots=True)
class UnsealedBackup:
    """A backup that was decrypted completely: its payload in a file, and its manifest."""

    payload: Path
    manifest: BackupManifest
    sample: list[list[Any]]


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """Result of a restore."""

    name: str
    made: float
    epoch: str
    accounts: int
    records: int
    deleted_again: int
    sessions_ended: int
    feeds_dropped: int
    revision: str
    safety_copy: str

    def as_text(self) -> str:
        """Returns the report for the operator."""
        at = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(self.made))
        lines = [
            f"Restored {self.name}, made {at}: {self.accounts} accounts, {self.records} records.",
            f"New epoch {self.epoch}. Ended {self.sessions_ended} sessions, dropped {self.feeds_dropped} calendars.",
            f"{self.deleted_again} accounts that were deleted since the backup were deleted again.",
            f"Schema revision {self.revision}.",
        ]
        if self.safety_copy:
            lines.append(f"The replaced database was saved as {self.safety_copy}.")
        lines += [
            "What clients will do now, each at its next contact: sign in again by themselves, compare everything under",
            "the new epoch, upload what the server lost, put back newer keyrings and publish their calendars again.",
            "Accounts made since the backup are gone here: their students register again, with everything that is on",
            "their machines. Passwords changed since work again once a client has put the newer keyring back.",
        ]
        return "\n".join(lines)


def load_private_key(config: Config, file: str = "") -> str:
    """Returns the private key from `file`, the configured file or $BACKUP_PRIVATE_KEY. Raises `ConfigurationError`."""
    path = file or config.backup_private_key_file
    if path:
        try:
            return Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"The backup's private key {path} cannot be read: {error}.") from error
    if os.environ.get(KEY_VARIABLE):
        return os.environ[KEY_VARIABLE]
    raise ConfigurationError(
        f"Opening a backup needs its private key: --key-file, SYNC_BACKUP_PRIVATE_KEY_FILE or {KEY_VARIABLE}."
    )


def accepted_signers(config: Config) -> list[str]:
    """Returns the accepted signers: the configured ones, and this machine's own. Raises `ConfigurationError`."""
    found = archive.known_signers(config)
    if not found:
        raise ConfigurationError(
            "SYNC_BACKUP_SIGNERS is empty, so it is unknown whose backups to accept. Name the public key that "
            "`syncserver backup-signing-key` printed, or accept any with --unsigned."
        )
    for signer in found:
        backup_crypto.check_signer(signer)
    return found


@contextlib.contextmanager
def open_backup(config: Config, path: Path, key: str, unsigned: bool) -> Iterator[UnsealedBackup]:
    """Decrypts the backup at `path` to a scratch file for the block. Raises `backup_crypto.UnsealError` and OSError."""
    accepted = None if unsigned else accepted_signers(config)
    folder = backup_folder(config)
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as scratch:
        payload = Path(scratch) / "sync.sqlite3"  # the name that a scratch configuration looks for
        digest, size, inside = hashlib.sha256(), 0, b""
        with path.open("rb") as sealed, payload.open("xb") as plain:
            payload.chmod(0o600)
            for piece, last in backup_crypto.unseal(sealed, key, accepted):
                if last:
                    inside = piece
                else:
                    digest.update(piece)
                    size += len(piece)
                    plain.write(piece)
        try:
            values = json.loads(inside)
        except ValueError as error:
            raise backup_crypto.UnsealError("The backup's manifest is not one of this server's.") from error
        manifest = BackupManifest.from_values(values)
        if (size, digest.hexdigest()) != (manifest.payload_bytes, manifest.payload_sha256):
            raise backup_crypto.UnsealError("The backup's content is not what its manifest says. Take another one.")
        yield UnsealedBackup(payload, manifest, values.get("sample", []))


def verify_backup(
    config: Config,
    path: Path,
    key: str,
    scratch_url: str = "",
    clock: Callable[[], float] = time.time,
    *,
    unsigned: bool = False,
) -> BackupManifest:
    """Restores the backup into a scratch database, compares it with its manifest, and records and reports the result.

    `unsigned` accepts any signer, or none. Raises `RestoreRefused` with everything that is wrong, or one of
    `archive.Trouble`.
    """
    folder = backup_folder(config)
    try:
        manifest = _check_backup(config, path, key, scratch_url, unsigned)
    except (*archive.BACKUP_ERRORS, RestoreRefused) as error:
        state = last_results.read(folder)
        last_results.write(folder, dataclasses.replace(state, verify_failing=str(error), alerted=clock()))
        archive.alert_operator(config, "A backup of the sync server could not be verified", f"{path.name}: {error}")
        raise
    for entry in archive.list_backups(path.parent):
        if entry.path == path:
            archive.write_manifest(StoredBackup(path, dataclasses.replace(entry.manifest, verified=clock())))
    state = last_results.read(folder)
    last_results.write(folder, dataclasses.replace(state, verified=clock(), verify_failing=""))
    return manifest


def _check_backup(config: Config, path: Path, key: str, scratch_url: str, unsigned: bool) -> BackupManifest:
    with open_backup(config, path, key, unsigned) as opened:
        for entry in archive.list_backups(path.parent):
            if entry.path == path and entry.manifest.payload_sha256 != opened.manifest.payload_sha256:
                raise RestoreRefused("The manifest beside the backup belongs to another one.")
        if opened.manifest.database == "postgres":
            with dumps.postgres_scratch(config, scratch_url) as scratch:
                dumps.load_into_postgres(scratch, opened.payload, ())
                wrong = asyncio.run(find_differences(scratch, opened))
        else:
            scratch = dumps.scratch_sqlite(config, opened.payload.parent)
            wrong = integrity_errors(opened.payload) or asyncio.run(find_differences(scratch, opened))
        if wrong:
            raise RestoreRefused("The backup is invalid: " + "; ".join(wrong) + ".")
        return opened.manifest


def integrity_errors(file: Path) -> list[str]:
    """Returns the faults that SQLite's integrity check finds in a database file."""
    try:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    except sqlite3.Error as error:
        return [f"SQLite cannot read it ({error})"]
    return [] if found == ["ok"] else found


async def find_differences(config: Config, opened: UnsealedBackup) -> list[str]:
    """Returns how a restored database differs from its manifest, and what no database may contain."""
    async with dumps.open_connection(config) as connection:
        held, wrong = await dumps.read_facts(connection), await dumps.find_inconsistencies(connection)
    manifest = opened.manifest
    for table, rows in manifest.counts.items():
        if held.counts.get(table) != rows:
            wrong.append(f"{table} has {held.counts.get(table)} rows, not {rows}")
    if (held.revision, held.epoch) != (manifest.revision, manifest.epoch):
        wrong.append("the schema's revision or the epoch differs")
    if held.heads != manifest.heads:
        wrong.append("the accounts' cursors differ")
    if held.sample != opened.sample:
        wrong.append("sampled records have different etags, numbers or contents")
    return wrong


def restore_backup(
    config: Config,
    path: Path,
    key: str,
    *,
    replace: bool = False,
    safety_copy: bool = True,
    ledgers: Sequence[Path] = (),
    older_ledger: bool = False,
    unsigned: bool = False,
) -> RestoreReport:
    """Replaces the configured database with the backup.

    `unsigned` accepts any signer, or none; `older_ledger` allows deletions to be missing. Raises `RestoreRefused` if
    the database has accounts and `replace` is not set, or the backup is of another kind of database or a newer schema;
    or one of `archive.Trouble`. Nothing is changed before the last step.
    """
    with open_backup(config, path, key, unsigned) as opened:
        manifest = opened.manifest
        if manifest.database != dumps.database_kind(config):
            raise RestoreRefused(
                f"The backup is of a {manifest.database} database, and the server is set to "
                f"{dumps.database_kind(config)}. Set DATABASE_URL accordingly."
            )
        _check_revision(manifest.revision)
        accepted = None if unsigned else accepted_signers(config)
        deletions = _collect_deletions(
            config, path, ledgers, accepted, must_be_signed=manifest.ledger_signed and not unsigned
        )
        is_empty = _is_target_empty(config, replace)
        if not is_empty:
            if not replace:
                raise RestoreRefused("The database has accounts. --replace replaces it with the backup.")
            deletions |= _deletions_of_target(config)
        if not unsigned and not older_ledger:
            _check_ledger_complete(config, path, key, manifest, deletions)
        copy = _safety_copy(config) if safety_copy and not is_empty else ""
        epoch = wire.encode_base64url(secrets.token_bytes(16))
        if config.on_postgres:
            dumps.load_into_postgres(config, opened.payload, completing_statements(epoch, sorted(deletions.items())))
            dumps.disconnect_servers(config)
        else:
            epoch = asyncio.run(_prepare_sqlite(config, opened.payload, deletions))
            dumps.load_into_sqlite(config, opened.payload)
        deletion_ledger.merge(config.ledger_path, deletions)
        revision = _migrate(config)
        held = asyncio.run(_facts(config))
    return RestoreReport(
        path.name,
        manifest.made,
        epoch,
        held.counts["accounts"],
        held.counts["records"],
        manifest.counts["accounts"] - held.counts["accounts"],
        manifest.counts["sessions"],
        manifest.counts["feeds"],
        revision,
        copy,
    )


def completing_statements(epoch: str, deletions: Sequence[tuple[bytes, int]]) -> list[str]:
    """Returns the statements that complete a restore on Postgres: they begin the epoch and repeat deletions."""
    said = [f"UPDATE server SET epoch = '{epoch}', (system_identifier, timeline) = ({epochs.IDENTITY})"]  # noqa: S608
    said += epochs.NEW_EPOCH_STATEMENTS
    for start in range(0, len(deletions), 500):
        some = deletions[start : start + 500]
        rows = ", ".join(f"('\\x{account.hex()}'::bytea, {int(when)}::bigint)" for account, when in some)
        said.append(f"INSERT INTO deletions (account, deleted) VALUES {rows} ON CONFLICT DO NOTHING")  # noqa: S608
    said.append("DELETE FROM accounts WHERE sha256(convert_to(id, 'UTF8')) IN (SELECT account FROM deletions)")
    return said


async def _prepare_sqlite(config: Config, payload: Path, deletions: dict[bytes, int]) -> str:
    """Completes a restore in a scratch SQLite file, as `completing_statements` do on Postgres; returns the epoch."""
    scratch = dumps.scratch_sqlite(config, payload.parent)
    async with dumps.open_connection(scratch) as connection:
        epoch = await epochs.begin_epoch(connection, on_postgres=False)
        await connection.run_many(
            "INSERT INTO deletions (account, deleted) VALUES ($1, $2) ON CONFLICT DO NOTHING", list(deletions.items())
        )
        known = {bytes(row["account"]) for row in await connection.rows("SELECT account FROM deletions")}
        accounts = await connection.rows("SELECT id FROM accounts")
        gone = [(row["id"],) for row in accounts if deletion_ledger.fingerprint(row["id"]) in known]
        await connection.run_many("DELETE FROM accounts WHERE id = $1", gone)
    return epoch


def _check_revision(revision: str) -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - Alembic loads slowly

    from syncserver.db import migrations  # noqa: PLC0415

    known = {
        script.revision for script in ScriptDirectory.from_config(migrations.alembic_config(None)).walk_revisions()
    }
    if revision not in known:
        raise RestoreRefused(
            f"The backup's schema is revision {revision}, which this version of the server does not know. "
            "Install the version that made it (its manifest says which), restore with that, then upgrade."
        )


def _migrate(config: Config) -> str:
    from syncserver.db import migrations  # noqa: PLC0415

    return migrations.migrate(config)[1]


def _is_target_empty(config: Config, replace: bool) -> bool:
    if not config.on_postgres and not config.sqlite_path.exists():
        return True
    try:
        return asyncio.run(dumps.is_empty(config))
    except (sqlite3.DatabaseError, Problem):
        if replace and not config.on_postgres:
            return False  # it is damaged: that may be why somebody restores
        raise


def _collect_deletions(
    config: Config, path: Path, ledgers: Sequence[Path], accepted: Sequence[str] | None, *, must_be_signed: bool
) -> dict[bytes, int]:
    deletions: dict[bytes, int] = {}
    for place in (config.ledger_path, *ledgers):  # this machine's own, and what the operator names
        deletions |= deletion_ledger.read(place)
    for copy in dict.fromkeys(folder / archive.LEDGER_COPY for folder in (backup_folder(config), path.parent)):
        deletions |= ledger_copy.read(copy, accepted, must_be_signed=must_be_signed)
    store = archive.configured_store(config)
    if store is not None and archive.LEDGER_COPY in store.names():
        with tempfile.TemporaryDirectory(dir=backup_folder(config), prefix=".restore-") as scratch:
            store.fetch(archive.LEDGER_COPY, Path(scratch) / "ledger")
            deletions |= ledger_copy.read(Path(scratch) / "ledger", accepted, must_be_signed=must_be_signed)
    return deletions


def _check_ledger_complete(
    config: Config, path: Path, key: str, manifest: BackupManifest, deletions: Collection[bytes]
) -> None:
    """Raises `RestoreRefused` if the backup, or the newest after it, was made when the ledger had more deletions."""
    name, known = path.name, manifest.ledger_entries
    for other in archive.backups_since(config, manifest.made, path.parent):
        if Path(other).name == path.name:
            continue
        try:
            with open_backup(config, archive.find_backup(config, other), key, unsigned=False) as opened:
                newer = opened.manifest
        except (*archive.BACKUP_ERRORS, archive.BackupNotFound) as error:
            log.warning("newer backup not opened", name=Path(other).name, detail=str(error))
            continue
        if newer.ledger_entries > known:
            name, known = Path(other).name, newer.ledger_entries
        if newer.made > manifest.made:
            break
    if len(deletions) < known:
        raise RestoreRefused(
            f"{len(deletions)} deleted accounts are known, and {name} was made when there were {known}: the deletion "
            f"ledger is missing or was put back to an older one. Put back the {archive.LEDGER_COPY} that was made with "
            "that backup, or name it with --ledger. --older-ledger restores anyway, and the others come back."
        )


def _deletions_of_target(config: Config) -> dict[bytes, int]:
    try:
        return asyncio.run(archive.read_deletions(config))
    except sqlite3.DatabaseError:
        return {}


def _safety_copy(config: Config) -> str:
    try:
        return archive.make_backup(config).path.name
    except (*archive.BACKUP_ERRORS, sqlite3.DatabaseError) as error:
        raise RestoreRefused(
            f"The current database could not be backed up first: {error} --no-safety-copy replaces it anyway."
        ) from error


async def _facts(config: Config) -> dumps.DatabaseFacts:
    async with dumps.open_connection(config) as connection:
        return await dumps.read_facts(connection)
