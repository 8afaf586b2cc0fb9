"""The hours of a week in which nobody of several people is busy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True, order=True)
class FreeTime:
    """A stretch of one day, naive on UP's clock."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


def free_times(
    busy: Iterable[tuple[datetime, datetime]],
    monday: date,
    *,
    days: int = 5,
    first: time = time(8, 0),
    last: time = time(17, 30),
    least: int = 30,
) -> tuple[FreeTime, ...]:
    """What is left between `first` and `last` of `days` days from `monday`, in stretches of at least `least` minutes.

    `busy` are the times of everyone, in any order, overlapping or not; they may begin and end on other days.
    """
    taken = sorted(busy)
    found = []
    for number in range(days):
        day = monday + timedelta(days=number)
        free_from, end = datetime.combine(day, first), datetime.combine(day, last)
        for start, until in [*taken, (end, end)]:
            if until <= free_from and start < end:
                continue
            stop = min(start, end)
            if stop - free_from >= timedelta(minutes=least):
                found.append(FreeTime(free_from, stop))
            free_from = max(free_from, until)
            if free_from >= end:
                break
    return tuple(found)
