"""`profile backup`, beside an open window; `restore` and `repair`, without one."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from desktop.app import App
from desktop.cli.output import check_output, is_backup
from desktop.domain.errors import DamagedData
from desktop.workflows import profile
from desktop.workflows.profile import ArchiveContents


def backup(asked: argparse.Namespace) -> int:
    """Write everything to one file."""
    with App.open_to_read(asked.profile) as app:
        check_output(asked.file, is_backup, "a backup", [app.store.database.path], force=asked.force)
        contents = profile.backup_to(app.store, asked.file, datetime.now(UTC), app.settings_bytes())
    print(f"Wrote {_said(contents)} to {asked.file}.")
    return 0


def restore(asked: argparse.Namespace) -> int:
    """Put a backup in the place of what is stored."""
    archive = profile.look_into(asked.file)
    with App.open(asked.profile) as app:
        copy = profile.restore_from(app.store, archive)
        app.restore_settings(archive.settings)
    print(f"Restored {_said(archive.contents)}. What was there before is kept in {copy}.")
    return 0


def repair(asked: argparse.Namespace) -> int:
    """Make a new timetable of what can still be read of a damaged or lost one and of its backups."""
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
