"""Starts a private X server."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def x_display(home: Path, size: str = "1280x800") -> Iterator[dict[str, str]]:
    """Runs a display for the block; yields the environment of a program that uses it, with home folder `home`."""
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb to show a real window")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(writing)
        with os.fdopen(reading) as stream:
            number = stream.readline().strip()
        if not number:
            pytest.skip("Xvfb did not start")
        environment = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
        yield environment | {
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(home),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
    finally:
        server.terminate()
        server.wait(20)
