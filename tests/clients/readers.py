"""Three independent calendar programs that list the occurrences in a file.

Every reader returns (title, start, end) of all occurrences, sorted, on UP's clock, whatever zone it runs in.
"""

import json
import os
import shutil
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = Path(__file__).parent
KHAL = ROOT / ".venv-clients" / "bin" / "khal"
UP = ZoneInfo("Africa/Johannesburg")

Occurrences = list[tuple[str, datetime, datetime]]


def by_recurring_ical_events(body: bytes, first: date, last: date) -> Occurrences:
    """recurring-ical-events, in this process."""
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar.from_ical(body)
    found = recurring_ical_events.of(calendar).between(first, last + timedelta(days=1))
    return sorted(
        (
            str(event["summary"]),
            event["dtstart"].dt.astimezone(UP).replace(tzinfo=None),
            (event["dtend"] if "dtend" in event else event["dtstart"]).dt.astimezone(UP).replace(tzinfo=None),
        )
        for event in found
        if event.get("status") != "CANCELLED"
    )


def needs_ical_js() -> None:
    if shutil.which("node") is None or not (CLIENTS / "node_modules" / "ical.js").is_dir():
        pytest.skip("node and tests/clients/node_modules are needed to read with ical.js (make test sets them up)")


def by_ical_js(path: Path, zone: str = "UTC") -> Occurrences:
    """ical.js in node, with TZ set to `zone`."""
    told = subprocess.run(
        ["node", CLIENTS / "occurrences.mjs", path],
        env=os.environ | {"TZ": zone},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return sorted((each["title"], _utc(each["start"]), _utc(each["end"])) for each in json.loads(told.stdout))


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UP).replace(tzinfo=None)


def needs_khal() -> None:
    if not KHAL.exists():
        pytest.skip("khal is needed in .venv-clients (make test sets it up)")


def by_khal(files: list[Path], folder: Path, first: date, last: date, zone: str = "Africa/Johannesburg") -> Occurrences:
    """khal, for a user in `zone`; `files` are imported into a calendar in `folder`, which is empty or new."""
    config = khal_over(folder, zone)
    for file in files:
        _khal(config, zone, "import", "--batch", str(file))
    return khal_list(config, first, last, zone)


def khal_over(folder: Path, zone: str) -> Path:
    """A configuration of khal over a folder of single-event files, which need not exist yet."""
    (folder / "events").mkdir(parents=True, exist_ok=True)
    config = folder / "khal.conf"
    config.write_text(
        "[calendars]\n[[up]]\n"
        f"path = {folder / 'events'}\n"
        f"[sqlite]\npath = {folder / 'khal.db'}\n"
        f"[locale]\nlocal_timezone = {zone}\ndefault_timezone = {zone}\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "[default]\ndefault_calendar = up\n"
    )
    return config


def khal_list(config: Path, first: date, last: date, zone: str) -> Occurrences:
    """Every occurrence that khal shows; an event over two days in `zone` counts once."""
    fields = ["title", "start-long-full", "end-long-full", "status", "uid"]
    asked = [each for name in fields for each in ("--json", name)]
    # A day more on either side: in another zone an event may lie on the day before or after.
    begin, end = str(first - timedelta(days=1)), str(last + timedelta(days=2))
    told = _khal(config, zone, "list", *asked, begin, end)
    seen = {
        (each["uid"], each["title"], each["start-long-full"], each["end-long-full"])
        for line in told.splitlines()
        if line.strip()
        for each in json.loads(line)
        if "CANCELLED" not in each["status"]
    }
    user = ZoneInfo(zone)
    return sorted((title, _local(start, user), _local(end, user)) for _, title, start, end in seen)


def _local(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    return moment.astimezone(UP).replace(tzinfo=None)


def _khal(config: Path, zone: str, *arguments: str) -> str:
    done = subprocess.run(
        [KHAL, "--config", config, *arguments],
        check=False,
        env=os.environ | {"TZ": zone, "HOME": str(config.parent), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
