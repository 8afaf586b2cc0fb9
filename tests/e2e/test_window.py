"""The real window on a real X display: files dragged in from another process, and clicks with a mouse."""

from __future__ import annotations

import contextlib
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.x_display import x_display
from tests.gui.semester import write_pdfs

pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool to show a real window"
    ),
]
HERE = Path(__file__).parent


class Program:
    """A process whose lines of output can be waited for."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.seen: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def wait_for(self, wanted: str, seconds: float = 60) -> str:
        """The first line that begins so."""
        for line in self.seen:
            if line.startswith(wanted):
                return line
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(queue.Empty):
                self.seen.append(self.lines.get(timeout=0.2))
                if self.seen[-1].startswith(wanted):
                    return self.seen[-1]
            if self.process.poll() is not None and self.lines.empty():
                break
        error = self.process.stderr.read() if self.process.poll() is not None and self.process.stderr else ""
        pytest.fail(f"“{wanted}” never came; instead {self.seen[-8:]} {error[-2000:]}")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(20)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An X server of our own, and the environment that shows on it."""
    with x_display(tmp_path) as environment:
        yield environment


def mouse(environment: dict[str, str], *steps: str) -> None:
    """Moves and presses the mouse of the display: `120 80`, `down`, `up`."""
    for step in steps:
        if step in ("down", "up"):
            command = ["xdotool", f"mouse{step}", "1"]
        else:
            command = ["xdotool", "mousemove", *step.split()]
        subprocess.run(command, env=environment, check=True, timeout=20)
        time.sleep(0.05)


def test_files_dragged_from_another_program_are_read(display: dict[str, str], tmp_path: Path) -> None:
    papers = [str(path) for path in write_pdfs(tmp_path)]
    profile = tmp_path / "profile"
    profile.mkdir()
    window = Program([str(HERE / "window_run.py"), str(profile)], display)
    source = None
    try:
        window.wait_for("open")
        source = Program([str(HERE / "drag_source.py"), *papers], display)
        source.wait_for("ready")
        time.sleep(0.3)  # without a window manager nothing says when a window is ready for the mouse
        path = [f"{60 + 70 * step} {40 + 40 * step}" for step in range(1, 10)]
        mouse(display, "60 40", "down", "64 42", "70 46", *path, "690 400", "up")
        source.wait_for("dropped")
        window.wait_for("page review")
        window.wait_for("empty True")

        subprocess.run(["xdotool", "key", "--clearmodifiers", "Escape"], env=display, check=True, timeout=20)
        mouse(display, "1080 32", "down", "up")  # the one button, at the top right
        assert window.wait_for("text Accepted") == "text Accepted 8 meetings, 2 tests and 2 exams"
        window.wait_for("page first-run")
        window.wait_for("empty False")
    finally:
        if source is not None:
            source.end()
        window.end()
