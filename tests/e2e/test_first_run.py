"""The first run in the real window, under a window manager, by mouse and keyboard, counting the student's actions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import pytest

from desktop.app import App
from desktop.domain.commands.calendar_commands import confirm_year
from desktop.workflows import imports, timetable
from tests.e2e.test_window_on_screens import screen
from tests.gui.semester import NOW, drafts, write_pdfs

pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool") and shutil.which("openbox")),
        reason="needs Xvfb, xdotool and openbox",
    ),
]
HERE = Path(__file__).parent
SOON = 120  # seconds within which something has to have happened


class Student:
    """Sees what is on the screen, clicks, types and drags; `actions` counts these."""

    def __init__(self, profile: Path, environment: dict[str, str]) -> None:
        self.environment = environment
        self.actions = 0
        self.seen: dict[str, Any] = {}
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "window_told.py"), str(profile), NOW.isoformat()],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        self._started = [self.process]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.seen = json.loads(line)

    def wait(self, happened: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        end = time.monotonic() + SOON
        while time.monotonic() < end:
            seen = self.seen
            if seen and happened(seen):
                return seen
            time.sleep(0.05)
        pytest.fail(f"it never came: {self.seen.get('page')} {self.seen.get('buttons')} {self.seen.get('words')}")

    def click(self, words: str) -> None:
        seen = self.wait(lambda seen: words in seen["buttons"] and not seen["busy"])
        x, y = seen["buttons"][words]
        self._do("mousemove", str(x), str(y), "sleep", "0.1", "click", "1")
        self.actions += 1

    def key(self, name: str) -> None:
        self._do("key", name)
        self.actions += 1

    def drop(self, files: list[Path]) -> None:
        source = subprocess.Popen(
            [sys.executable, str(HERE / "drag_source.py"), *map(str, files)],
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
        )
        self._started.append(source)  # it gives what was dropped when it is asked for, a moment later
        assert source.stdout is not None
        assert source.stdout.readline().strip() == "ready"
        time.sleep(1)  # the window manager has put it in front
        self._do("mousemove", "60", "40", "mousedown", "1")
        for step in range(1, 12):
            self._do("mousemove", str(60 + 55 * step), str(40 + 30 * step))
            time.sleep(0.05)
        self._do("mouseup", "1")
        assert source.stdout.readline().strip() == "dropped"

    def _do(self, *steps: str) -> None:
        subprocess.run(["xdotool", *steps], env=self.environment, check=True, timeout=20)

    def leave(self) -> None:
        for process in self._started:
            process.terminate()
            process.wait(20)
            if process.stdout is not None:
                process.stdout.close()


def test_from_a_dropped_pdf_to_a_saved_calendar_in_four_actions(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    with screen(tmp_path, "1366x768") as environment:
        student = Student(tmp_path / "profile", environment)
        try:
            student.wait(lambda seen: seen["open"] and "Your timetable" in seen["words"])
            student.drop(write_pdfs(papers))
            student.click("Accept 8 meetings, 2 tests and 2 exams")
            student.wait(lambda seen: seen["page"] == "first-run")
            student.click("Include all as tentative")
            student.wait(lambda seen: "Include all as tentative" not in seen["buttons"])
            student.click("Save a calendar file")
            student.wait(lambda seen: seen["dialog"])
            student.key("Return")
            student.wait(lambda seen: "Saved UP 2026.ics" in seen["words"])
        finally:
            student.leave()
    assert student.actions <= 4
    (calendar,) = tmp_path.glob("**/UP 2026.ics")
    assert icalendar.Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")


def test_from_a_login_to_the_next_room_without_a_click(tmp_path: Path) -> None:
    with App.open(tmp_path / "profile") as app:
        for draft in drafts():
            imports.accept(app.store, imports.propose(app.store, draft, f"{draft.kind}.pdf", NOW.date()))
        timetable.apply_act(app.store, confirm_year(2026))
    with screen(tmp_path, "1366x768") as environment:
        student = Student(tmp_path / "profile", environment)
        try:
            seen = student.wait(lambda seen: "Hall 3" in seen["words"])
        finally:
            student.leave()
    assert student.actions == 0
    assert "DEF 202 · L1" in seen["words"]
