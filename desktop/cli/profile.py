"""`profile backup` and `profile restore`: everything stored, as one file and back. The window must be closed."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from desktop.app import App
from desktop.cli.output import check_output, is_backup
from desktop.workflows import profile
from desktop.workflows.profile import Contents


def backup(asked: argparse.Namespace) -> int:
    """Write everything to one file."""
    with App.open(asked.profile) as app:
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


def _said(contents: Contents) -> str:
    years = ", ".join(map(str, contents.years)) or "no year"
    return f"{contents.records} records of {years} and {contents.documents} documents"
