"""Finds the times of a week when none of several people is busy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True, order=True)
class FreeTime:
    """A free time within one day, naive, on UP's clock."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


def find_free_times(
    busy: Iterable[tuple[datetime, datetime]],
    monday: date,
    *,
    days: int = 5,
    first: time = time(8, 0),
    last: time = time(17, 30),
    min_minutes: int = 30,
) -> tuple[FreeTime, ...]:
    """Free times of at least `min_minutes` minutes, between `first` and `last` on each of `days` days from `monday`.

    `busy` are the busy times of all people, in any order. They may overlap and span several days.
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
            if stop - free_from >= timedelta(minutes=min_minutes):
                found.append(FreeTime(free_from, stop))
            free_from = max(free_from, until)
            if free_from >= end:
                break
    return tuple(found)
