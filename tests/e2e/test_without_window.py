"""The program without its window, on a real bus: tray icon, reminders with buttons, opening the window."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from desktop import autostart
from desktop.app import App
from desktop.domain.commands.calendar_commands import confirm_year
from desktop.domain.records.records import SHARED, Act, Change
from desktop.ui.session import view_cache
from desktop.workflows import imports, timetable, watching
from tests.drawing.semester import write_documents
from tests.e2e.desktop_bus import Desktop, desktop_bus, wait_until
from tests.e2e.x_display import x_display
from tests.gui.semester import drafts

pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs a message bus of its own"),
]
RUN = Path(__file__).parent / "resident_run.py"
TUESDAY = "2026-03-24"


class Program:
    """The program over one profile, without its window."""

    def __init__(self, profile: Path, environment: dict[str, str]) -> None:
        self.profile, self._environment = profile, environment
        self.clock = profile.with_suffix(".clock")
        self.said = profile.with_suffix(".said")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, clock: str, *, background: bool = True) -> None:
        self.clock.write_text(clock)
        asked = [sys.executable, RUN, self.profile, self.clock, *(["--background"] if background else [])]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(asked, env=self._environment, stdout=said, stderr=said)

    def at(self, clock: str) -> None:
        """The clock of the test stands there now, and the program has seen it."""
        new = self.clock.with_suffix(".new")
        new.write_text(clock)
        new.replace(self.clock)
        wait_until(lambda: f"ticked {clock.replace('T', ' ')}" in self.said.read_text(), self.said.read_text)

    def windows(self) -> list[str]:
        found = ["xdotool", "search", "--onlyvisible", "--name", "UP Schedule Generator"]
        return subprocess.run(found, env=self._environment, capture_output=True, text=True, check=False).stdout.split()

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    with desktop_bus() as found:
        yield found


@pytest.fixture
def environment(desktop: Desktop, tmp_path: Path) -> Iterator[dict[str, str]]:
    with x_display(tmp_path) as shown:
        yield shown | {
            "DBUS_SESSION_BUS_ADDRESS": desktop.address,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
        }


@pytest.fixture
def program(environment: dict[str, str], tmp_path: Path) -> Iterator[Program]:
    profile = tmp_path / "profile"
    with App.open(profile) as app:
        for each in drafts():
            imports.accept(app.store, imports.propose(app.store, each, f"{each.kind}.pdf", date(2026, 3, 1)))
        timetable.apply_act(app.store, confirm_year(2026))
        own = {
            "title": "Tea <b>& cake",
            "date": TUESDAY,
            "start": time(12).isoformat("minutes"),
            "end": time(13).isoformat("minutes"),
            "venue": "Room <i>5</i> & more",
        }
        alarms = {"lecture": [10], "own": [10]}
        changes = (Change("event", "2026/tea", own), Change("settings", SHARED, {"alarms": alarms}))
        timetable.apply_act(app.store, Act("Set up", changes))
        view_cache.save_view(profile, timetable.compute_view(app.store, 2026, date(2026, 3, 24)))
    started = Program(profile, environment)
    yield started
    started.end()


def test_where_no_view_was_kept_the_profile_is_opened(program: Program, desktop: Desktop) -> None:
    """As after another version: what is next and what to remind of stands in the profile alone."""
    (program.profile / view_cache.FILE_NAME).unlink()
    program.start(f"{TUESDAY}T08:00:00")
    wait_until(lambda: desktop.tray_items, program.said.read_text)
    wait_until(lambda: "08:30 · ABC 101 · L2, Hall 2" in str(desktop.item("ToolTip")), program.said.read_text)
    assert not program.windows()
    program.at(f"{TUESDAY}T08:20:00")
    wait_until(lambda: len(desktop.notifications) == 1, program.said.read_text)


def test_a_morning_without_the_window(program: Program, desktop: Desktop) -> None:
    program.start(f"{TUESDAY}T08:00:00")
    wait_until(lambda: desktop.tray_items, program.said.read_text)
    assert "08:30 · ABC 101 · L2, Hall 2" in str(desktop.item("ToolTip"))
    assert not program.windows()

    program.at(f"{TUESDAY}T08:20:00")
    wait_until(lambda: len(desktop.notifications) == 1, program.said.read_text)
    first = desktop.notifications[0]
    assert (first.title, first.body) == ("ABC 101 · L2", "08:30 – 09:20, in 10 min\nHall 2")
    assert first.actions == {"default": "Open", "snooze": "Again in 5 minutes"}
    assert "ABC 101 · L2: Again in 5 minutes" in desktop.menu()
    desktop.press(first, "snooze")
    wait_until(lambda: "ABC 101 · L2: Again in 5 minutes" not in desktop.menu())

    for minute in range(21, 40):  # the class begins at 08:30
        program.at(f"{TUESDAY}T08:{minute}:00")
    assert [(each.title, each.body.split("\n")[0]) for each in desktop.notifications[1:]] == [
        ("ABC 101 · L2", "08:30 – 09:20, in 5 min")
    ]

    program.end()  # without warning, as at a power cut
    program.start(f"{TUESDAY}T08:22:00")
    wait_until(lambda: len(desktop.tray_items) == 2, program.said.read_text)
    program.at(f"{TUESDAY}T08:24:00")
    program.at(f"{TUESDAY}T11:50:00")
    wait_until(lambda: len(desktop.notifications) == 3, program.said.read_text)
    tea = desktop.notifications[2]
    assert tea.title == "Tea <b>& cake"
    assert tea.body.endswith("\nRoom &lt;i&gt;5&lt;/i&gt; &amp; more"), "text from outside is never markup"

    program.at(f"{TUESDAY}T19:00:00")
    wait_until(lambda: len(desktop.notifications) == 4, program.said.read_text)
    evening = desktop.notifications[3]
    assert evening.title == "Tomorrow: 2 classes"
    assert evening.body.splitlines() == [
        "10:30 · DEF 202 · L2, Hall 3",
        "10:50 · DEF 202 · T1, Room 4",
    ]

    desktop.press(evening, "default")
    wait_until(program.windows, program.said.read_text)


def test_a_plain_desktop_gets_plain_text(program: Program, desktop: Desktop) -> None:
    desktop.capabilities = ("body",)
    program.start(f"{TUESDAY}T11:45:00")
    wait_until(lambda: desktop.tray_items, program.said.read_text)
    program.at(f"{TUESDAY}T11:50:00")
    wait_until(lambda: desktop.notifications, program.said.read_text)
    assert desktop.notifications[0].body.endswith("\nRoom <i>5</i> & more")
    assert desktop.notifications[0].actions == {}


def test_a_new_export_in_the_watched_folder_is_said(program: Program, desktop: Desktop, tmp_path: Path) -> None:
    folder = tmp_path / "Downloads"
    folder.mkdir()
    with App.open(program.profile) as app:
        watching.start_watching(app.store, folder, datetime.now().astimezone())
        app.change_settings(replace(app.settings, watched_folder=str(folder)))
    program.start(f"{TUESDAY}T08:00:00")
    wait_until(lambda: desktop.tray_items, program.said.read_text)
    program.at(f"{TUESDAY}T08:01:00")
    new, *others = write_documents(folder)
    for each in others:
        each.unlink()
    os.utime(new, (new.stat().st_mtime - 60,) * 2)
    program.at(f"{TUESDAY}T08:02:00")
    wait_until(lambda: desktop.notifications, program.said.read_text)
    said = desktop.notifications[0]
    assert (said.title, said.body) == (
        "New timetable in the watched folder",
        f"{new.name} waits on the Import page",
    )
    assert not program.windows()
    desktop.press(said, "default")
    wait_until(program.windows, program.said.read_text)


def test_login_starts_it_by_its_file(
    program: Program, desktop: Desktop, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", environment["XDG_CONFIG_HOME"])
    autostart.set_enabled(program.profile, on=True)
    entry = (Path(environment["XDG_CONFIG_HOME"]) / "autostart" / "upschedule.desktop").read_text()
    (command,) = (line.removeprefix("Exec=") for line in entry.splitlines() if line.startswith("Exec="))
    started = subprocess.Popen(shlex.split(command), env=environment, cwd=program.profile.parents[0])
    try:
        wait_until(lambda: desktop.tray_items)
        assert not program.windows()
        again = subprocess.run(shlex.split(command), env=environment, timeout=60, check=False)
        assert again.returncode == 0, "the second one has nothing to do"
        assert not program.windows()
    finally:
        started.terminate()
        started.wait(20)


def test_the_menu_opens_and_quits(program: Program, desktop: Desktop) -> None:
    program.start(f"{TUESDAY}T08:00:00")
    wait_until(lambda: desktop.tray_items, program.said.read_text)
    assert list(desktop.menu()) == [
        "08:30 · ABC 101 · L2, Hall 2",
        "10:30 · DEF 202 · L1, Hall 3",
        "Open",
        "Quit",
    ]
    desktop.choose("Open")
    wait_until(program.windows, program.said.read_text)
    desktop.choose("Quit")
    assert program.process is not None
    assert program.process.wait(60) == 0
