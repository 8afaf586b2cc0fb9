"""A second start on a profile: the existing window comes forward and opens what the second was started with."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.handover import socket_address
from tests.drawing.semester import write_documents
from tests.e2e.x_display import x_display

pytestmark = pytest.mark.display
RUN = Path(__file__).parent / "window_run.py"
LONGEST = 60.0  # seconds for anything that is waited for


class Started:
    """The program on the display, telling what it shows."""

    def __init__(self, profile: Path, environment: dict[str, str]) -> None:
        self.news = profile.with_suffix(".news")
        with self.news.open("wb") as news:
            self.process = subprocess.Popen([sys.executable, RUN, profile], stdout=news, stderr=news, env=environment)
        lock, mine = profile / "lock", f" {self.process.pid}\n"
        wait_until(lambda: lock.exists() and lock.read_text() == mine, self.news.read_text)

    def until(self, part: str) -> None:
        wait_until(lambda: part in self.news.read_text() or self.process.poll() is not None, self.news.read_text)
        assert part in self.news.read_text(), self.news.read_text()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)


def wait_until(done: Callable[[], bool], told: Callable[[], str]) -> None:
    end = time.monotonic() + LONGEST
    while not done():
        assert time.monotonic() < end, told()
        time.sleep(0.1)


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with x_display(tmp_path) as shown:
        yield shown | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}


def second(profile: Path, environment: dict[str, str], folder: Path, *given: str) -> int:
    asked = [sys.executable, "-m", "desktop", "--profile", profile, *given]
    return subprocess.run(asked, env=environment, cwd=folder, timeout=LONGEST, check=False).returncode


def test_a_second_start_hands_over_its_file(environment: dict[str, str], tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    pdf = write_documents(tmp_path)[0]
    first = Started(profile, environment)
    try:
        assert second(profile, environment, tmp_path, pdf.name) == 0, "also while the first is on its way"
        first.until("page review")
        assert second(profile, environment, tmp_path, "upschedule:link?server=https%3A%2F%2Fa.example&code=1") == 0
        first.until("page sync")
    finally:
        first.end()


def test_a_start_after_a_crash_is_a_first_one(environment: dict[str, str], tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    for _ in range(2):
        first = Started(profile, environment)
        try:
            wait_until(lambda: second(profile, environment, tmp_path) == 0, first.news.read_text)
        finally:
            first.end()
        assert os.path.exists(socket_address(profile)), "killed, it left its socket"  # noqa: PTH110 - no file
