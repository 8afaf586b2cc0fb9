"""`upschedule layers`: another calendar added, listed, read again and removed without a window."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.test_command_line import home, run
from tests.unit.desktop.calendars.test_foreign import calendar

__all__ = ["home"]


def test_a_calendar_file_is_added_listed_and_removed(home: Path) -> None:
    profile = str(home / "p")
    (home / "roster.ics").write_bytes(calendar("SUMMARY:Shift\nDTSTART:20260302T100000\nRRULE:FREQ=DAILY"))
    added = run("--profile", profile, "layers", "add", "Work", "roster.ics", "--kind", "busy", cwd=home)
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("Added Work: ")
    (listed,) = json.loads(run("--profile", profile, "layers", "list", "--json", cwd=home).stdout)
    assert (listed["name"], listed["file"], listed["kind"]) == ("Work", "roster.ics", "busy")
    assert listed["entries"] > 100
    (home / "broken.ics").write_bytes(b"BEGIN:VCALENDAR")
    refused = run("--profile", profile, "layers", "add", "Broken", "broken.ics", cwd=home)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert run("--profile", profile, "layers", "fetch", cwd=home).returncode == 0
    assert run("--profile", profile, "layers", "remove", "Club", cwd=home).returncode == 2
    assert run("--profile", profile, "layers", "remove", "work", cwd=home).stdout == "Removed Work.\n"
    assert run("--profile", profile, "layers", "list", cwd=home).stdout == ""
