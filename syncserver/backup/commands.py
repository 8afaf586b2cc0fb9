"""Commands for backups, for an operator or a timer.

`add_commands` is called by `syncserver/__main__.py`; the modules that do the work are imported only when a command
runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncserver.config import Config

if TYPE_CHECKING:
    from syncserver.backup.archive import StoredBackup

Handler = Callable[[Config, argparse.Namespace], int]


def add_commands(subparsers: Any) -> dict[str, Handler]:
    """Adds the commands to argparse's `subparsers`; returns their handlers by name: (settings, arguments) -> exit code.

    Each parser also has its handler as the default `handler`.
    """
    handlers: dict[str, Handler] = {}

    def command(name: str, handler: Handler, doc: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = subparsers.add_parser(name, help=doc, description=doc)
        parser.set_defaults(handler=handler)
        handlers[name] = handler
        return parser

    key = command("backup-key", _make_key, "create the key pair that backups are encrypted with")
    key.add_argument("file", help="file for the private key; keep it away from the server, and a copy of it on paper")
    signing = command("backup-signing-key", _make_signing_key, "create the key pair that backups are signed with")
    signing.add_argument("file", help="file for the signing key, on the machine that makes backups")
    command("backup-signer", _signer, "print the public key that verifies the backups made here")
    make = command("backup", _back_up, "make an encrypted backup now, copy it to the store, and prune old ones")
    make.add_argument("--verify", action="store_true", help="verify it at once (needs the private key)")
    make.add_argument("--no-prune", action="store_true", help="keep old backups")
    _add_scratch_options(make)
    listed = command("backups", _list, "list the backups")
    listed.add_argument("--check-files", action="store_true", help="read every file and compare its checksum")
    verify = command(
        "verify-backup", _verify, "restore a backup into a scratch database and compare it with its manifest"
    )
    verify.add_argument(
        "name", nargs="?", default="latest", help="a file, a name in the folder or the store, or latest"
    )
    _add_scratch_options(verify)
    verify.add_argument("--unsigned", action="store_true", help="accept any signer, or none")
    restore = command("restore", _restore, "replace the database with a backup")
    restore.add_argument("name", help="a file, a name in the folder or the store, or latest")
    restore.add_argument("--replace", action="store_true", help="even if the database has accounts")
    restore.add_argument("--unsigned", action="store_true", help="accept any signer, or none; see SYNC_BACKUP_SIGNERS")
    restore.add_argument("--no-safety-copy", action="store_true", help="do not back up the replaced database first")
    restore.add_argument("--ledger", action="append", default=[], help="a further deletion ledger to apply, repeatable")
    restore.add_argument(
        "--older-ledger", action="store_true", help="even if the ledger lacks deletions that a backup was made with"
    )
    restore.add_argument("--key-file", default="", help="file with the private key")
    command("prune", _prune, "remove old backups, never the last good one")
    command("check-backups", _check, "alert the operator if backups fail or are overdue; the exit code is then 1")
    return handlers


def _add_scratch_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key-file", default="", help="file with the private key")
    parser.add_argument("--scratch", default="", help="postgresql://... of the server for the scratch database")


def _make_key(_: Config, arguments: argparse.Namespace) -> int:
    from syncserver.backup import backup_crypto  # noqa: PLC0415

    public, private = backup_crypto.generate_keys()
    path = Path(arguments.file)
    if wrong := _write_key(path, private, "A key that is overwritten cannot open its backups any more."):
        return _fail(wrong)
    print(f"SYNC_BACKUP_PUBLIC_KEY={public}")
    print(f"The private key is in {path}. Without it no backup can be opened, with it anybody can.", file=sys.stderr)
    return 0


def _make_signing_key(_: Config, arguments: argparse.Namespace) -> int:
    from syncserver.backup import backup_crypto  # noqa: PLC0415

    signer, signing = backup_crypto.generate_signing_keys()
    path = Path(arguments.file)
    if wrong := _write_key(
        path, signing, "Make another one, and name both signers until the older backups are pruned."
    ):
        return _fail(wrong)
    print(f"SYNC_BACKUP_SIGNING_KEY_FILE={path.absolute()}\nSYNC_BACKUP_SIGNERS={signer}")
    print(
        "Keep this public key where backups are restored: only backups that it verifies are accepted there.",
        file=sys.stderr,
    )
    return 0


def _signer(config: Config, _: argparse.Namespace) -> int:
    from syncserver.backup import archive, backup_crypto  # noqa: PLC0415

    try:
        key = archive.signing_key(config)
        if not key:
            return _fail("Backups made here are not signed. `syncserver backup-signing-key` creates a key for that.")
        print(f"SYNC_BACKUP_SIGNERS={backup_crypto.signer_of(key)}")
    except archive.BACKUP_ERRORS as error:
        return _fail(error)
    return 0


def _write_key(path: Path, key: str, lost: str) -> str:
    """Writes a secret key, readable by its owner only; returns an error that says what would be `lost`, or ''."""
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(key + "\n")
    except FileExistsError:
        return f"{path} exists already. {lost}"
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}."
    return ""


def _back_up(config: Config, arguments: argparse.Namespace) -> int:
    from syncserver.backup import archive, restore  # noqa: PLC0415

    try:
        key = restore.load_private_key(config, arguments.key_file) if arguments.verify else ""
        entry = archive.make_backup(config)
        print(_describe(entry))
        if arguments.verify:
            unsigned = not config.backup_signing_key_file
            restore.verify_backup(config, entry.path, key, arguments.scratch, unsigned=unsigned)
            print("Verified: restored into a scratch database and found correct.")
        removed = [] if arguments.no_prune else archive.prune(config)
    except (*archive.BACKUP_ERRORS, restore.RestoreRefused) as error:
        return _fail(error)
    for name in removed:
        print(f"Removed {name}.")
    return 0


def _list(config: Config, arguments: argparse.Namespace) -> int:
    from syncserver.backup import archive, last_results  # noqa: PLC0415

    damaged = False
    for entry in archive.list_backups(last_results.backup_folder(config)):
        right = not arguments.check_files or entry.is_intact()
        damaged = damaged or not right
        print(_describe(entry) + ("" if right else "  DAMAGED"))
    return 1 if damaged else 0


def _verify(config: Config, arguments: argparse.Namespace) -> int:
    from syncserver.backup import archive, restore  # noqa: PLC0415

    try:
        path = archive.find_backup(config, arguments.name)
        key = restore.load_private_key(config, arguments.key_file)
        manifest = restore.verify_backup(config, path, key, arguments.scratch, unsigned=arguments.unsigned)
    except (*archive.BACKUP_ERRORS, archive.BackupNotFound, restore.RestoreRefused) as error:
        return _fail(error)
    counts = manifest.counts
    print(
        f"{path.name} is valid: {counts['accounts']} accounts, {counts['records']} records, cursors and samples match."
    )
    return 0


def _restore(config: Config, arguments: argparse.Namespace) -> int:
    from syncserver.backup import archive, restore  # noqa: PLC0415

    try:
        done = restore.restore_backup(
            config,
            archive.find_backup(config, arguments.name),
            restore.load_private_key(config, arguments.key_file),
            replace=arguments.replace,
            safety_copy=not arguments.no_safety_copy,
            ledgers=[Path(name) for name in arguments.ledger],
            older_ledger=arguments.older_ledger,
            unsigned=arguments.unsigned,
        )
    except (*archive.BACKUP_ERRORS, archive.BackupNotFound, restore.RestoreRefused) as error:
        return _fail(error)
    print(done.as_text())
    return 0


def _prune(config: Config, _: argparse.Namespace) -> int:
    from syncserver.backup import archive  # noqa: PLC0415

    try:
        removed = archive.prune(config)
    except archive.BACKUP_ERRORS as error:
        return _fail(error)
    for name in removed:
        print(f"Removed {name}.")
    return 0


def _check(config: Config, _: argparse.Namespace) -> int:
    from syncserver.backup import archive  # noqa: PLC0415

    wrong = archive.check_backups(config)
    return _fail(wrong) if wrong else 0


def _describe(entry: StoredBackup) -> str:
    manifest = entry.manifest
    counts, verified = manifest.counts, "verified" if manifest.verified else "not verified"
    held = f"{counts['accounts']} accounts  {counts['records']} records"
    return f"{entry.path.name}  {manifest.bytes / 1e6:.1f} MB  {held}  {verified}"


def _fail(why: object) -> int:
    print(f"syncserver: {why}", file=sys.stderr)
    return 1
