"""Wall clocks that jump by years: every machine and the server has a time of its own, and all of them are wrong.

While a machine or the server acts, `time.time` of this process returns its clock, so that all code that asks for the
time gets what that machine believes. Waiting uses `time.monotonic`, which stays unchanged.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

YEAR = 365 * 86_400.0
START_OF_2026 = 1_767_225_600.0  # the first second of 2026 in UTC
_EARLIEST, _LATEST = 0.0, START_OF_2026 + 200 * YEAR


class WallClock:
    """One machine's wall clock, in seconds since 1970; it advances a little with every reading."""

    def __init__(self) -> None:
        self._now = START_OF_2026

    def __call__(self) -> float:
        self._now += 0.01
        return self._now

    def jump(self, years: float) -> None:
        """Move the clock forwards or back, not to before 1970."""
        self._now = min(max(_EARLIEST, self._now + years * YEAR), _LATEST)

    def transaction(self) -> datetime:
        """The current time as a date and time."""
        return datetime.fromtimestamp(self(), UTC)

    @contextmanager
    def as_process_time(self) -> Iterator[None]:
        """Use this clock as the process's time, for the block."""
        before = time.time
        time.time = self
        try:
            yield
        finally:
            time.time = before


class ClockFile:
    """The clock of a program in a separate process: its offset, in a file that the program reads."""

    VARIABLE = "CLOCK_OFF_BY"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.set(0.0)

    @property
    def environment(self) -> dict[str, str]:
        """The environment with which the program has to be started."""
        return {self.VARIABLE: str(self._path)}

    def set(self, years: float) -> None:
        """Set the offset."""
        beside = self._path.with_suffix(".new")
        beside.write_text(str(years * YEAR))
        beside.replace(self._path)


def use_clock_file() -> None:
    """In the program: from now on `time.time` is off by the offset in the file, if there is one."""
    path, real = os.environ.get(ClockFile.VARIABLE), time.time
    if path is not None:
        off_by: Callable[[], float] = lambda: float(Path(path).read_text())  # noqa: E731 -- it says what it is
        time.time = lambda: real() + off_by()
