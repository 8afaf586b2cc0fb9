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
from desktop.workflows.profile import Archive, ArchiveContents, Vouched


def backup(asked: argparse.Namespace) -> int:
    """Write everything to one file."""
    with _open(asked) as app:
        check_output(asked.file, is_backup, "a backup", [app.store.database.path], force=asked.force)
        passphrase = read_new_secret(asked.password_fd, "Passphrase: ") if asked.passphrase else ""
        contents = profile.backup_to(
            app.store, asked.file, datetime.now(UTC), app.settings_bytes(), app.vault(), passphrase
        )
    print(f"Wrote {_said(contents)} to {asked.file}.")
    return 0


def _open(asked: argparse.Namespace) -> App:
    """Open the profile, read-only if the window has it open."""
    try:
        return App.open(asked.profile)
    except ProfileInUse:
        return App.open_to_read(asked.profile)


def restore(asked: argparse.Namespace) -> int:
    """Replace everything stored by a backup."""
    archive = profile.look_into(asked.file)
    with App.open(asked.profile) as app:
        _check(app, archive, asked)
        copy = profile.restore_from(app.store, archive)
        app.restore_settings(archive.settings)
    print(f"Restored {_said(archive.contents)}. What was there before is kept in {copy}.")
    return 0


def _check(app: App, archive: Archive, asked: argparse.Namespace) -> None:
    """Verify a sealed backup, if needed with one of its secrets; warn where nothing can verify it."""
    found = profile.vouched(app.store, app.vault(), archive)
    if found is Vouched.WHO_KNOWS and not asked.unchecked:
        profile.prove(archive, read_secret(asked.password_fd, "Password, recovery key or passphrase of the backup: "))
    elif found is not Vouched.THIS_PROFILE:
        print("Nothing shows that this backup is as it was made. Restore only one that you trust.", file=sys.stderr)


def repair(asked: argparse.Namespace) -> int:
    """Rebuild a damaged or lost database from what can still be read of it and of its backups."""
    try:
        App.open(asked.profile).close()
    except DamagedData:
        repaired = App.repair(asked.profile)
    else:
        print("The stored timetable is in order: nothing was changed.")
        return 0
    print(
        f"Brought back {repaired.from_damaged} records from the damaged file and {repaired.from_copies} from backups."
    )
    if repaired.damaged:
        print(f"The damaged file is kept in {repaired.damaged}.")
    return 0


def _said(contents: ArchiveContents) -> str:
    years = ", ".join(map(str, contents.years)) or "no year"
    return f"{contents.records} records of {years} and {contents.documents} documents"
