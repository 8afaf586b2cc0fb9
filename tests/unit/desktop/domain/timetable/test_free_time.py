"""Free time, compared with a count of every single minute."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.timetable.free_time import find_free_times

MONDAY = date(2026, 3, 2)
MINUTE = timedelta(minutes=1)
MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 3, 8)).map(
    lambda each: each.replace(second=0, microsecond=0)
)
BUSY = st.lists(
    st.tuples(MOMENTS, st.integers(1, 900)).map(lambda each: (each[0], each[0] + each[1] * MINUTE)), max_size=8
)


@given(busy=BUSY, least=st.integers(1, 90))
def test_free_is_what_no_minute_of_is_taken(busy: list[tuple[datetime, datetime]], least: int) -> None:
    found = find_free_times(busy, MONDAY, min_minutes=least)
    expected: list[tuple[datetime, datetime]] = []
    for number in range(5):
        moment = datetime.combine(MONDAY + timedelta(days=number), time(8))
        end = moment.replace(hour=17, minute=30)
        run: datetime | None = None
        while moment <= end:
            free = moment < end and not any(start <= moment < until for start, until in busy)
            if free and run is None:
                run = moment
            if not free and run is not None:
                if moment - run >= least * MINUTE:
                    expected.append((run, moment))
                run = None
            moment += MINUTE
    assert [(each.start, each.end) for each in found] == expected


def test_minutes_are_told() -> None:
    (only,) = find_free_times([], MONDAY, days=1)
    assert only.minutes == 570
