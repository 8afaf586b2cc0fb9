"""Lays out a week as days, lanes and blocks, independent of pixels; the grid paints it.

Overlapping blocks are placed in lanes of their day's column. Minutes count from midnight on UP's clock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from desktop.domain.clashes import Clash, ClashKind
from desktop.domain.timetable.bands import Band, find_bands
from desktop.domain.timetable.events import LayerEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.terms import DAY, AcademicCalendar, DayStatus, monday_of

PADDING_MINUTES = 30  # free minutes above the first block and below the last
MIN_BLOCK_MINUTES = 15  # minutes that a block covers at least, so that it can be seen and clicked
EMPTY_WEEK_MINUTES = (8 * 60, 17 * 60)
MINUTES_PER_DAY = 24 * 60
WHOLE_WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Block:
    """An occurrence in its column. `lane` counts from 0, of `lanes` side by side. `past` is true once it has ended."""

    occurrence: Occurrence
    start_minute: int
    end_minute: int
    lane: int
    lanes: int
    undecided: bool = False
    clash: bool = False
    hidden: bool = False
    past: bool = False

    @property
    def key(self) -> tuple[str, datetime]:
        """The item id and the start: unique over all weeks."""
        return self.occurrence.item.id, self.occurrence.start


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One day of the week with its blocks in order of time, and its status."""

    date: date
    status: DayStatus
    blocks: tuple[Block, ...] = ()
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class WeekView:
    """A week from its Monday: five days, or more if the weekend is used, from `first_minute` to `last_minute`.
    Or one day of it.

    `number` is that of the lecture week in the semester `offered`. Both are None between semesters; in recess only the
    number is. `now_minute` is set in the present week. `bands` are its test weeks, recess and exams.
    """

    monday: date
    days: tuple[DayColumn, ...]
    first_minute: int
    last_minute: int
    number: int | None = None
    offered: str | None = None
    now_minute: int | None = None
    bands: tuple[Band, ...] = ()

    @property
    def last(self) -> date:
        """The last day shown."""
        return self.days[-1].date

    def only(self, day: date) -> WeekView:
        """One day of the week, with the same hours. Raises ValueError if the week does not show that day."""
        column = next((each for each in self.days if each.date == day), None)
        if column is None:
            raise ValueError(f"{day} is not shown in the week of {self.monday}")
        return replace(
            self,
            days=(column,),
            now_minute=self.now_minute if column.is_today else None,
            bands=tuple(each for each in self.bands if day in each),
        )

    def blocks(self) -> Iterable[Block]:
        """All blocks in order of time."""
        for day in self.days:
            yield from day.blocks


def week_view(
    occurrences: Sequence[Occurrence],
    calendar: AcademicCalendar,
    monday: date,
    clashes: Iterable[tuple[str, datetime]] = (),
    now: datetime | None = None,
    hidden: Iterable[tuple[str, datetime]] = (),
    min_days: int = 5,
) -> WeekView:
    """Lay out the week of `monday` (any date of the week) from `occurrences` in order of time.

    They may include other weeks, from which an empty week takes its hours. `clashes` and `hidden` are the keys of the
    blocks to mark: the item's id and the start of the occurrence. `now` is naive, on UP's clock.
    """
    monday = monday_of(monday)
    begin = datetime.combine(monday, time())
    low = bisect_left(occurrences, begin, key=_start)
    high = bisect_left(occurrences, begin + 7 * DAY, lo=low, key=_start)
    by_day: list[list[Occurrence]] = [[] for _ in range(7)]
    for occurrence in occurrences[low:high]:
        by_day[occurrence.start.weekday()].append(occurrence)
    clashing, faint = frozenset(clashes), frozenset(hidden)
    shown = max([min_days, *(number + 1 for number, found in enumerate(by_day) if found)])
    first, last = _visible_minutes(occurrences[low:high], occurrences)
    days = tuple(
        DayColumn(
            day := monday + number * DAY,
            calendar.status(day),
            _blocks(by_day[number], clashing, faint, now, (first, last)),
            now is not None and now.date() == day,
        )
        for number in range(shown)
    )
    week = calendar.week_number(monday) or calendar.week_number(monday + 6 * DAY)
    offered = calendar.semester(monday) or calendar.semester(monday + 6 * DAY)
    is_this_week = now is not None and begin <= now < begin + 7 * DAY
    return WeekView(
        monday,
        days,
        first,
        last,
        week[0] if week else None,
        offered,
        _minute(now) if now is not None and is_this_week else None,
        find_bands(calendar, monday, days[-1].date),
    )


def clash_block_keys(clashes: Iterable[Clash]) -> frozenset[tuple[str, datetime]]:
    """The keys of the blocks of all overlaps that the student has not accepted, for `week_view`."""
    return frozenset(
        (item.id, datetime.combine(day, item.slot.start if isinstance(item, Meeting) else item.start))
        for clash in clashes
        if clash.kind is ClashKind.OVERLAP and not clash.accepted
        for day in clash.dates
        for item in (clash.first, clash.second)
    )


def _start(occurrence: Occurrence) -> datetime:
    return occurrence.start


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _is_deadline(occurrence: Occurrence) -> bool:
    return isinstance(occurrence.item, LayerEvent) and occurrence.item.is_deadline


def _deadline_extent(occurrence: Occurrence, hours: tuple[int, int]) -> tuple[int, int]:
    """The extent of a deadline: it ends when it is due, clipped to the hours shown, so 23:59 makes no day longer."""
    first, last = hours
    end = max(first + PADDING_MINUTES, min(last, _minute(occurrence.start)))
    return end - PADDING_MINUTES, end


def _extent(occurrence: Occurrence) -> tuple[int, int]:
    start = _minute(occurrence.start)
    length = (occurrence.end - occurrence.start) // timedelta(minutes=1)
    end = min(MINUTES_PER_DAY, start + max(length, MIN_BLOCK_MINUTES))
    return min(start, end - MIN_BLOCK_MINUTES), end


def _blocks(
    found: Sequence[Occurrence],
    clashing: frozenset[tuple[str, datetime]],
    faint: frozenset[tuple[str, datetime]],
    now: datetime | None,
    hours: tuple[int, int],
) -> tuple[Block, ...]:
    """Assign lanes by interval partitioning: each cluster of overlapping blocks gets as few lanes as possible."""
    ordered = sorted(
        (
            (*(_deadline_extent(occurrence, hours) if _is_deadline(occurrence) else _extent(occurrence)), occurrence)
            for occurrence in found
        ),
        key=lambda each: (each[0], -each[1], each[2].item.id),
    )
    blocks: list[Block] = []
    cluster: list[tuple[int, int, Occurrence, int]] = []
    lanes: list[int] = []  # the minute when each lane of the cluster is free again

    def close() -> None:
        for start, end, occurrence, lane in cluster:
            key = (occurrence.item.id, occurrence.start)
            blocks.append(
                Block(
                    occurrence,
                    start,
                    end,
                    lane,
                    len(lanes),
                    occurrence.undecided,
                    key in clashing,
                    key in faint,
                    now is not None and occurrence.end <= now,
                )
            )
        cluster.clear()
        lanes.clear()

    for start, end, occurrence in ordered:
        if lanes and start >= max(lanes):
            close()
        lane = next((number for number, free in enumerate(lanes) if free <= start), len(lanes))
        lanes[lane : lane + 1] = [end]
        cluster.append((start, end, occurrence, lane))
    close()
    return tuple(blocks)


def _visible_minutes(of_week: Sequence[Occurrence], occurrences: Sequence[Occurrence]) -> tuple[int, int]:
    extents = [_extent(each) for each in of_week if not _is_deadline(each)]
    extents = extents or [_extent(each) for each in occurrences if not _is_deadline(each)] or [EMPTY_WEEK_MINUTES]
    first = min(start for start, _ in extents) - PADDING_MINUTES
    last = max(end for _, end in extents) + PADDING_MINUTES
    return max(0, first), min(MINUTES_PER_DAY, last)
