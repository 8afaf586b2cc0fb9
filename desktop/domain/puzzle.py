"""The planner's problem as numbers: parts with options, what each option costs, and what two of them cost together.

Hides time. Dates on which the same classes can be held are one kind of day with a weight; a day's minutes are the bits
of one integer, so whether two classes overlap, and by how much, is a single operation, exact to the minute.

What an assignment costs is, in this order, `clash` (minutes, over all dates) and `points` (see `preferences`):
- of each option: minutes before and after the hours wished for, on Friday afternoons, lost to tests and dated events;
- of each two options: other groups for lectures and tutorials, too little time between campuses;
- of each kind of day: being used at all, the time between classes, no lunch break, more than one campus.
The last grow or stay as options are added, but for the time between classes: that is the span of a day, which grows,
less what is spent in class, which belongs to the options. Bounds rest on this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.domain.timetable import ChoiceKey, Meeting, OwnEvent

Weekly = Meeting | OwnEvent


@dataclass(frozen=True, slots=True)
class OnDay:
    """What an option puts on one kind of day: `busy` bits by minute, the first and last minute, campuses by bit."""

    day: int
    busy: int
    first: int
    last: int
    campuses: int


@dataclass(frozen=True, slots=True)
class Option:
    """One way to fill a part: these groups (alike in all that counts), on these days, at these costs."""

    groups: tuple[str, ...]
    items: tuple[Weekly, ...]
    days: tuple[OnDay, ...]
    costs: Mapping[str, int]  # by preference, of the option alone
    points: int
    clash: int  # minutes in which it overlaps itself


@dataclass(frozen=True, slots=True)
class Part:
    """What has to be filled: a choice, or an own event that is there whatever is chosen."""

    key: ChoiceKey | None
    event: OwnEvent | None
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A kind of day: how many dates it has, and what it costs to use it."""

    weekday: int
    dates: int
    used: int  # points for being used at all
    kept: bool  # whether the student would keep it free


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Parts and kinds of days; `clash[part, option][part, option]` and `pair` likewise, only where not zero."""

    parts: tuple[Part, ...]
    days: tuple[Day, ...]
    clash: Mapping[tuple[int, int], Mapping[tuple[int, int], int]]
    pair: Mapping[tuple[int, int], Mapping[tuple[int, int], tuple[int, str]]]
    gap: int  # points of a minute between classes
    lunch: int  # points of a day without lunch
    lunch_window: tuple[int, int, int]  # from, to, minutes needed
    campus: int  # points of a further campus on a day

    @property
    def beside_the_point(self) -> frozenset[str]:
        """Preferences that no choice has to do with: no tutorials of a module with lectures, or one campus alone."""
        campuses = 0
        for part in self.parts:
            for option in part.options:
                for on in option.days:
                    campuses |= on.campuses
        splits = any(name == "same_group" for partners in self.pair.values() for _, name in partners.values())
        return frozenset(
            name for name, matters in (("same_group", splits), ("travel", campuses.bit_count() > 1)) if not matters
        )

    def has_lunch(self, busy: int) -> bool:
        """Whether enough minutes in a row are free where lunch may be."""
        start, end, needed = self.lunch_window
        free = ~(busy >> start) & ((1 << (end - start)) - 1)
        length = 1
        while length < needed and free:  # a bit stays where `length` free minutes begin
            step = min(length, needed - length)
            free &= free >> step
            length += step
        return bool(free)

    def cost(self, chosen: Sequence[int]) -> tuple[int, int]:
        """Clash minutes and points of one option for every part: the reference for every bound."""
        clash, points, _ = self.account(chosen)
        return clash, points

    def account(self, chosen: Sequence[int]) -> tuple[int, int, dict[str, int]]:
        """Clash minutes, points, and the points by preference."""
        by_name: dict[str, int] = defaultdict(int)
        clash = 0
        busy: dict[int, int] = defaultdict(int)
        campuses: dict[int, int] = defaultdict(int)
        for part, index in enumerate(chosen):
            option = self.parts[part].options[index]
            clash += option.clash
            for name, points in option.costs.items():
                by_name[name] += points
            for on in option.days:
                busy[on.day] |= on.busy
                campuses[on.day] |= on.campuses
            with_others = self.pair.get((part, index), {})
            overlaps = self.clash.get((part, index), {})
            for other in range(part):
                clash += overlaps.get((other, chosen[other]), 0)
                points, name = with_others.get((other, chosen[other]), (0, ""))
                if points:
                    by_name[name] += points
        for number, bits in busy.items():
            day = self.days[number]
            by_name["keep_free" if day.kept else "free_days"] += day.used
            idle = bits.bit_length() - _first(bits) - bits.bit_count()
            by_name["few_gaps"] += idle * day.dates * self.gap
            if not self.has_lunch(bits):
                by_name["lunch"] += day.dates * self.lunch
            by_name["travel"] += max(0, campuses[number].bit_count() - 1) * day.dates * self.campus
        return clash, sum(by_name.values()), {name: points for name, points in by_name.items() if points}


def _first(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
