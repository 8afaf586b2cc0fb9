"""`profile backup`, which also works while the window is open, and `restore` and `repair`, which do not."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from desktop.app import App
from desktop.cli.output import check_output, is_backup
from desktop.cli.secret import read_new_secret, read_secret
from desktop.domain.errors import DamagedData, ProfileInUse
from desktop.workflows import profile
from desktop.workflows.profile import Archive, ArchiveContents, BackupTrust


def backup(args: argparse.Namespace) -> int:
    """Write everything to one file."""
    with _open(args) as app:
        check_output(args.file, is_backup, "a backup", [app.store.database.path], force=args.force)
        passphrase = read_new_secret(args.password_fd, "Passphrase: ") if args.passphrase else ""
        contents = profile.write_backup(
            app.store, args.file, datetime.now(UTC), app.settings_bytes(), app.vault(), passphrase
        )
    print(f"Wrote {_contents_text(contents)} to {args.file}.")
    return 0


def _open(args: argparse.Namespace) -> App:
    """Open the profile, read-only if the window has it open."""
    try:
        return App.open(args.profile)
    except ProfileInUse:
        return App.open_read_only(args.profile)


def restore(args: argparse.Namespace) -> int:
    """Replace everything stored by a backup."""
    archive = profile.read_backup(args.file)
    with App.open(args.profile) as app:
        _verify_backup(app, archive, args)
        copy = profile.restore_backup(app.store, archive)
        app.restore_settings(archive.settings)
    print(f"Restored {_contents_text(archive.contents)}. What was there before is kept in {copy}.")
    return 0


def _verify_backup(app: App, archive: Archive, args: argparse.Namespace) -> None:
    """Verify a sealed backup, if needed with one of its secrets; warn where nothing can verify it."""
    found = profile.check_trust(app.store, app.vault(), archive)
    if found is BackupTrust.UNDECIDED and not args.unchecked:
        profile.verify_with_secret(
            archive, read_secret(args.password_fd, "Password, recovery key or passphrase of the backup: ")
        )
    elif found is not BackupTrust.VERIFIED:
        print("Nothing shows that this backup is as it was made. Restore only one that you trust.", file=sys.stderr)


def repair(args: argparse.Namespace) -> int:
    """Rebuild a damaged or lost database from what can still be read of it and of its backups."""
    try:
        App.open(args.profile).close()
    except DamagedData:
        repaired = App.repair(args.profile)
    else:
        print("The stored timetable is in order: nothing was changed.")
        return 0
    print(
        f"Brought back {repaired.from_damaged} records from the damaged file and {repaired.from_copies} from backups."
    )
    if repaired.damaged:
        print(f"The damaged file is kept in {repaired.damaged}.")
    return 0


def _contents_text(contents: ArchiveContents) -> str:
    years = ", ".join(map(str, contents.years)) or "no year"
    return f"{contents.records} records of {years} and {contents.documents} documents"
