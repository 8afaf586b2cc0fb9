"""The window on common screens, under a window manager that adds frames: it fits, wherever it was left before."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QRect

from desktop.config import load_settings
from tests.e2e.x_display import x_display

pytestmark = pytest.mark.skipif(shutil.which("openbox") is None, reason="needs a window manager (openbox)")
PROGRAM = Path(__file__).with_name("window_placed.py")


@contextmanager
def screen(home: Path, size: str) -> Iterator[dict[str, str]]:
    """A screen with a window manager on it."""
    with x_display(home, size) as environment:
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield environment
        finally:
            manager.terminate()
            manager.wait(20)


def placed(profile: Path, environment: dict[str, str]) -> tuple[QRect, QRect]:
    """Starts the program and closes it again; returns its window's geometry with frame, and the screen's free area."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(profile)],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    numbers = [int(each) for each in done.stdout.split()]
    assert len(numbers) == 9, f"exit code {done.returncode}: {done.stderr}"
    return QRect(*numbers[:4]), QRect(*numbers[4:8])


@pytest.mark.parametrize("size", ["1366x768", "1280x720", "1024x600", "800x520"])
def test_the_window_with_its_frame_is_on_the_screen(tmp_path: Path, size: str) -> None:
    with screen(tmp_path, size) as environment:
        window, free = placed(tmp_path / "profile", environment)
    assert f"{free.width()}x{free.height()}" == size
    assert free.contains(window), (window, free)
    assert window.width() > free.width() * 3 // 4


def test_a_window_left_on_a_large_screen_fits_a_small_one(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with screen(tmp_path, "2560x1440") as environment:
        large, free = placed(profile, environment)
    assert free.contains(large)
    assert (large.width(), large.height()) >= (1280, 800)
    assert load_settings(profile / "settings.json").window
    with screen(tmp_path, "1024x600") as environment:
        small, free = placed(profile, environment)
    assert free.contains(small), (small, free)
    with screen(tmp_path, "2560x1440") as environment:
        again, free = placed(profile, environment)
    assert free.contains(again)
