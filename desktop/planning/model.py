"""The planner's problem as numbers: variables with candidates, what each costs, and what two of them cost together.

Dates on which the same classes can be held are one type of day with a weight; a day's minutes are the bits of one
integer, so whether two classes overlap, and by how much, is a single operation, exact to the minute.

What a selection costs is, in this order, `clash` (minutes, over all dates) and `points` (see `preferences`):
- of each candidate: minutes before and after the hours wished for, on Friday afternoons, lost to tests, to other dates
  and to what other calendars have, other groups than a friend's;
- of each two candidates: other groups for lectures and tutorials, too little time between campuses;
- of each type of day: being used at all, gaps, no lunch break, more than one campus.
The last grow or stay as candidates are added, but for gaps: they are the span of a day, which grows, less what is spent
in class, which belongs to the candidates. `lower_bound` rests on this.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting

Weekly = Meeting | OwnEvent

_DAY_END = 24 * 60


@dataclass(frozen=True, slots=True)
class Placement:
    """What a candidate puts on one type of day: `busy` bits by minute, the first and last minute, campuses by bit."""

    day: int
    busy: int
    first: int
    last: int
    campuses: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value of a variable: these groups (alike in all that counts), on these days, at these costs."""

    groups: tuple[str, ...]
    items: tuple[Weekly, ...]
    placements: tuple[Placement, ...]
    costs: Mapping[str, int]  # by preference, of the candidate alone
    points: int
    clash: int  # minutes in which it overlaps itself


@dataclass(frozen=True, slots=True)
class Variable:
    """What is to be decided: a choice, or an own event that is there whatever is chosen."""

    key: ChoiceKey | None
    event: OwnEvent | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class DayType:
    """Dates on which the same classes can be held: how many dates it has, and what it costs to use it."""

    weekday: int
    dates: int
    used: int  # points for being used at all
    kept: bool  # whether the student would keep it free


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a selection comes to, over all dates."""

    clash: int  # minutes
    points: int
    weekdays: int  # those with anything on them, as bits
    first: int  # the earliest minute of any day, and the end of the last
    last: int
    gaps: int  # minutes between classes
    costs: tuple[tuple[str, int], ...]  # points by preference, where not zero

    def look(self, weeks: int) -> Hashable:
        """What a plan says of it: days used, hours, gaps in minutes a week, and costs, lunch among them."""
        return self.clash, self.weekdays, self.first, self.last, round(self.gaps / weeks), self.costs

    def joined(self, other: Evaluation) -> Evaluation:
        """What both come to where they have nothing to do with each other."""
        costs = Counter(dict(self.costs))
        costs.update(dict(other.costs))
        return Evaluation(
            self.clash + other.clash,
            self.points + other.points,
            self.weekdays | other.weekdays,
            min(self.first, other.first),
            max(self.last, other.last),
            self.gaps + other.gaps,
            tuple(sorted(costs.items())),
        )


@dataclass(frozen=True, slots=True)
class Model:
    """Variables and types of days.

    `clash[variable, candidate][variable, candidate]` are minutes, `pair` likewise points with the name of their
    preference; only where not zero.
    """

    variables: tuple[Variable, ...]
    day_types: tuple[DayType, ...]
    clash: Mapping[tuple[int, int], Mapping[tuple[int, int], int]]
    pair: Mapping[tuple[int, int], Mapping[tuple[int, int], tuple[int, str]]]
    gap: int  # points of a minute between classes
    lunch: int  # points of a day without lunch
    lunch_window: tuple[int, int, int]  # from, to, minutes needed
    campus: int  # points of a further campus on a day

    @property
    def weeks(self) -> int:
        """How many weeks of the year can have a class."""
        dates = Counter[int]()
        for day in self.day_types:
            dates[day.weekday] += day.dates
        return max(dates.values(), default=1)

    @property
    def irrelevant(self) -> frozenset[str]:
        """Preferences that no choice has to do with: no tutorials of a module with lectures, one campus alone, nothing
        else that the student is busy with, no groups of a friend."""
        campuses, alone = 0, set[str]()
        for variable in self.variables:
            for candidate in variable.candidates:
                alone |= candidate.costs.keys() & {"busy", "friend"}
                for on in candidate.placements:
                    campuses |= on.campuses
        splits = any(name == "same_group" for partners in self.pair.values() for _, name in partners.values())
        return frozenset(
            name
            for name, matters in (
                ("same_group", splits),
                ("travel", campuses.bit_count() > 1),
                ("busy", "busy" in alone),
                ("friend", "friend" in alone),
            )
            if not matters
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
        """Clash minutes and points of one candidate for every variable: the reference for every bound."""
        found = self.evaluate(dict(enumerate(chosen)))
        return found.clash, found.points

    def evaluate(self, chosen: Mapping[int, int]) -> Evaluation:
        """What these candidates come to, by the numbers of their variables."""
        costs: dict[str, int] = defaultdict(int)
        clash = 0
        busy: dict[int, int] = defaultdict(int)
        campuses: dict[int, int] = defaultdict(int)
        taken = list(chosen.items())
        for place, name in enumerate(taken):
            variable, index = name
            candidate = self.variables[variable].candidates[index]
            clash += candidate.clash
            for preference, points in candidate.costs.items():
                costs[preference] += points
            for on in candidate.placements:
                busy[on.day] |= on.busy
                campuses[on.day] |= on.campuses
            with_others = self.pair.get(name, {})
            overlaps = self.clash.get(name, {})
            for other in taken[:place]:
                clash += overlaps.get(other, 0)
                points, preference = with_others.get(other, (0, ""))
                if points:
                    costs[preference] += points
        weekdays, first, last, gaps = 0, _DAY_END, 0, 0
        for number, bits in busy.items():
            day = self.day_types[number]
            begins, ends = (bits & -bits).bit_length() - 1, bits.bit_length()
            idle = (ends - begins - bits.bit_count()) * day.dates
            weekdays |= 1 << day.weekday
            first, last, gaps = min(first, begins), max(last, ends), gaps + idle
            costs["keep_free" if day.kept else "free_days"] += day.used
            costs["few_gaps"] += idle * self.gap
            if not self.has_lunch(bits):
                costs["lunch"] += day.dates * self.lunch
            costs["travel"] += max(0, campuses[number].bit_count() - 1) * day.dates * self.campus
        by_preference = tuple(sorted((name, points) for name, points in costs.items() if points))
        return Evaluation(clash, sum(costs.values()), weekdays, first, last, gaps, by_preference)
