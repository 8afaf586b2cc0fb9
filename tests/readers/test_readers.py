"""A whole year with recess, holidays and swapped days, as read by libraries that many calendar programs use."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desktop.calendars.events import calendar_events
from desktop.calendars.ical import write_calendar
from desktop.calendars.options import ExportOptions
from desktop.calendars.revisions import updated_revisions
from desktop.domain.timetable.timetable import Timetable
from tests.clients.readers import CLIENTS, ROOT, UP, Occurrences, needs_ical_js
from tests.clients.timetables import CALENDAR, NAMESPACE, NOW, YEAR, expected_occurrences, meeting, twelve_modules

ZONES = ["Africa/Johannesburg", "UTC", "America/Los_Angeles", "Pacific/Auckland"]
HERE = Path(__file__).parent


def told(command: Sequence[str | Path], zone: str) -> str:
    done = subprocess.run(
        [*command], env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def seen_in(plain: Sequence[Mapping[str, Any]]) -> Occurrences:
    return sorted((each["title"], _up(each["start"]), _up(each["end"])) for each in plain)


def _up(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UP).replace(tzinfo=None)


@pytest.fixture(scope="module", params=[False, True], ids=["series", "singles"])
def year(request, tmp_path_factory) -> Path:
    """The year's file, with some of what it held before cancelled."""
    path = tmp_path_factory.mktemp("year") / "year.ics"
    options = ExportOptions(singles=request.param)
    before = calendar_events(whole(), CALENDAR, options, NAMESPACE, {}, NOW)
    kept = {event.uid for event in calendar_events(twelve_modules(), CALENDAR, options, NAMESPACE, {}, NOW)}
    found = calendar_events(twelve_modules(), CALENDAR, options, NAMESPACE, updated_revisions(before, {}), NOW)
    assert {event.uid for event in found if event.cancelled} == {event.uid for event in before} - kept
    assert any(event.cancelled for event in found)
    path.write_bytes(write_calendar(found, f"UP {YEAR}"))
    return path


def whole() -> Timetable:
    """The year with a class that is gone by now."""
    timetable = twelve_modules()
    return replace(timetable, meetings=(*timetable.meetings, meeting("OLD 100", "L1", 1, "08:30", "09:20")))


@pytest.fixture(scope="module")
def expected() -> Occurrences:
    found = expected_occurrences(twelve_modules(), CALENDAR)
    assert len(found) > 400
    return found


@pytest.fixture(scope="module")
def libical(tmp_path_factory) -> Path:
    if shutil.which("cc") is None or not Path("/usr/include/libical/ical.h").exists():
        pytest.skip("a C compiler and libical-dev are needed (make test-readers installs them)")
    made = tmp_path_factory.mktemp("libical") / "read"
    subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-o", made, HERE / "with_libical.c", "-lical"], check=True)
    return made


@pytest.mark.parametrize("zone", ZONES)
def test_libical(libical, year, expected, zone):
    lines = [line.split(" ", 2) for line in told([libical, year], zone).splitlines()]
    moments = ((title, *(datetime.fromtimestamp(int(each), UTC) for each in both)) for *both, title in lines)
    up = ZoneInfo("Africa/Johannesburg")
    found = sorted((title, *(each.astimezone(up).replace(tzinfo=None) for each in both)) for title, *both in moments)
    assert found == expected


@pytest.mark.parametrize("zone", ZONES)
def test_node_ical(year, expected, zone):
    needs_ical_js()
    assert seen_in(json.loads(told(["node", CLIENTS / "with_node_ical.mjs", year], zone))) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_rrule(year, zone):
    needs_ical_js()
    found = json.loads(told(["node", CLIENTS / "with_rrule.mjs", year], zone))
    series = calendar_events(twelve_modules(), CALENDAR, ExportOptions(), NAMESPACE, {}, NOW)
    starts = sorted((event.title, start) for event in series if event.until for start in event.starts())
    is_singles = not found
    assert is_singles == ("RRULE" not in year.read_text("utf-8"))
    if not is_singles:
        assert sorted((each["title"], _up(each["start"])) for each in found) == starts


@pytest.mark.parametrize("zone", ZONES)
def test_vobject(year, expected, zone):
    python = ROOT / ".venv-clients" / "bin" / "python"
    if not python.exists():
        pytest.skip("vobject is needed in .venv-clients (make test-readers sets it up)")
    assert seen_in(json.loads(told([python, HERE / "with_vobject.py", year], zone))) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_sabre_vobject_and_its_validator(year, expected, zone):
    if shutil.which("php") is None or not Path("/usr/share/php/Sabre/VObject").is_dir():
        pytest.skip("php-cli and php-sabre-vobject are needed (make test-readers installs them)")
    found = json.loads(told(["php", HERE / "with_sabre.php", year], zone))
    assert found["problems"] == []
    assert seen_in(found["events"]) == expected
