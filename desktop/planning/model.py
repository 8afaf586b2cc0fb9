"""The problem instance of the planner: variables with candidates, their costs, and costs of pairs of candidates.

Dates on which the same classes can be held form one type of day with a weight. A day's minutes are the bits of an
integer, so the overlap of two classes is a single operation, exact to the minute.

The cost of a selection is, in this order, `clash` (minutes, over all dates) and `points` (see `preferences`):
- per candidate: minutes outside the preferred hours, minutes on Friday afternoons, minutes lost to tests, to dated
  events and to other calendars, other groups than a friend's;
- per pair of candidates: different groups for lectures and tutorials, too little time between campuses;
- per type of day: being used at all, gaps, no lunch break, more than one campus.
The costs per day never fall as candidates are added, except for gaps. Gaps are the span of a day, which never falls,
less the time in class, which belongs to the candidates. `lower_bound` depends on this.
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
    """A candidate's part of one type of day: `busy` is a bit set of minutes, `campuses` one of campuses."""

    day: int
    busy: int
    first: int
    last: int
    campuses: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value of a variable: interchangeable groups, with their placements and costs."""

    groups: tuple[str, ...]
    items: tuple[Weekly, ...]
    placements: tuple[Placement, ...]
    costs: Mapping[str, int]  # points by preference, of the candidate alone
    points: int
    clash: int  # minutes in which it overlaps itself


@dataclass(frozen=True, slots=True)
class Variable:
    """A decision variable: a choice, or an own event with a single candidate."""

    key: ChoiceKey | None
    event: OwnEvent | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class DayType:
    """Dates on which the same classes can be held."""

    weekday: int
    dates: int
    use_cost: int  # cost in points if anything is on it
    keep_free: bool  # if the student wants to keep it free


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The cost and the properties of a selection, over all dates."""

    clash: int  # minutes
    points: int
    weekdays: int  # bit set of the weekdays used
    first: int  # the earliest start of any day, in minutes; `last` is the latest end
    last: int
    gaps: int  # minutes between classes
    costs: tuple[tuple[str, int], ...]  # points by preference, where not zero

    def look(self, weeks: int) -> Hashable:
        """The look: all that a plan shows of a selection (clash, days used, hours, gaps in minutes a week, costs)."""
        return self.clash, self.weekdays, self.first, self.last, round(self.gaps / weeks), self.costs

    def combined_with(self, other: Evaluation) -> Evaluation:
        """The evaluation of two independent selections together."""
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
    """Variables, types of days and costs of pairs.

    `clash[variable, candidate][variable, candidate]` is in minutes. `pair` has the same keys, and points with the name
    of their preference. Both are sparse: zeros are left out.
    """

    variables: tuple[Variable, ...]
    day_types: tuple[DayType, ...]
    clash: Mapping[tuple[int, int], Mapping[tuple[int, int], int]]
    pair: Mapping[tuple[int, int], Mapping[tuple[int, int], tuple[int, str]]]
    gap_cost: int  # points per minute between classes
    lunch_cost: int  # points per day without a lunch break
    lunch_window: tuple[int, int, int]  # from, to, minutes needed
    campus_cost: int  # points per additional campus on a day

    @property
    def weeks(self) -> int:
        """The number of weeks in the year that can have a class."""
        dates = Counter[int]()
        for day in self.day_types:
            dates[day.weekday] += day.dates
        return max(dates.values(), default=1)

    @property
    def irrelevant_preferences(self) -> frozenset[str]:
        """Preferences that no choice can affect.

        For example: no module has both lectures and tutorials, there is only one campus, no other calendar takes time,
        or no friend shared groups.
        """
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
        """True if enough consecutive minutes are free within the lunch window."""
        start, end, needed = self.lunch_window
        free = ~(busy >> start) & ((1 << (end - start)) - 1)
        length = 1
        while length < needed and free:  # a bit is set where `length` free minutes begin
            step = min(length, needed - length)
            free &= free >> step
            length += step
        return bool(free)

    def cost(self, chosen: Sequence[int]) -> tuple[int, int]:
        """Clash minutes and points of a complete selection: the reference for every bound."""
        found = self.evaluate(dict(enumerate(chosen)))
        return found.clash, found.points

    def evaluate(self, chosen: Mapping[int, int]) -> Evaluation:
        """Evaluate a selection: candidate indexes by the numbers of their variables."""
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
            costs["keep_free" if day.keep_free else "free_days"] += day.use_cost
            costs["few_gaps"] += idle * self.gap_cost
            if not self.has_lunch(bits):
                costs["lunch"] += day.dates * self.lunch_cost
            costs["travel"] += max(0, campuses[number].bit_count() - 1) * day.dates * self.campus_cost
        by_preference = tuple(sorted((name, points) for name, points in costs.items() if points))
        return Evaluation(clash, sum(costs.values()), weekdays, first, last, gaps, by_preference)
