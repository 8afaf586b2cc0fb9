"""The cost of the days of a subproblem during the search, and lower bounds of the total cost.

No solution that can still be reached costs less than the bound. The costs of candidates, alone and with the chosen
ones, are known; every open variable contributes its cheapest candidate. The cost of a day never falls as candidates are
added, except that a class fills time that was a gap. So each candidate is credited the idle minutes that it fills, as
if no other candidate filled the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from desktop.planning.lanes import Lanes
from desktop.planning.model import Candidate, Model

_MAX_CACHED_FORCED_DAYS = 20_000  # in the cache

# By type of day: first minute, last minute, busy minutes, campuses; and the present cost of lunch and campuses.
DayState = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class _ForcedDays:
    forced: tuple[
        tuple[int, int, int], ...
    ]  # (day, latest first minute, earliest last minute), for days that every candidate uses
    guards: int
    urgency: float


class LowerBound:
    """Costs and bounds. Candidates are identified by number; `variables` are the bit sets of their candidates."""

    def __init__(
        self,
        model: Model,
        candidates: Sequence[Candidate],
        variables: Sequence[int],
        pairs: Sequence[Mapping[int, int]],
        weight: Sequence[int],
    ) -> None:
        self._model = model
        self._urgency_weight = weight
        self._bits = variables
        days = sorted({on.day for candidate in candidates for on in candidate.placements})
        place = {day: number for number, day in enumerate(days)}
        self._used = [model.day_types[day].use_cost for day in days]
        self._dates = [model.day_types[day].dates for day in days]
        self._span = [model.gap_cost * dates for dates in self._dates]
        self._on = [
            [(place[on.day], on.first, on.last, on.busy, on.campuses) for on in candidate.placements]
            for candidate in candidates
        ]
        self._extent = [{day: (begins, ends) for day, begins, ends, _, _ in on} for on in self._on]
        self._on_day: list[list[tuple[int, int, int, int]]] = [[] for _ in days]
        filled = [0] * len(candidates)
        for number, on_days in enumerate(self._on):
            for day, begins, ends, bits, _ in on_days:
                self._on_day[day].append((number, begins, ends, bits))
                filled[number] += bits.bit_count() * self._span[day]
        # Costs are raised by this much, so that the credit for filled gaps does not make them negative.
        self._cost_offset = max(filled)
        costs = [self._cost_offset + candidate.points for candidate in candidates]
        most = [cost + sum(partners.values()) for cost, partners in zip(costs, pairs, strict=True)]
        numbers = [[number for number in range(len(candidates)) if bits >> number & 1] for bits in variables]
        self.lanes = Lanes(
            [len(each) for each in numbers], sum(max(most[number] for number in each) for each in numbers)
        )
        self.initial_costs = self.lanes.costs(dict(enumerate(costs)))
        self.all_lanes = sum(self.lanes.rows)
        self._pairs = [self.lanes.costs(partners) for partners in pairs]
        begins, ends, _ = model.lunch_window
        self._lunch_bits = (1 << ends) - (1 << begins)
        none = (0,) * len(days)
        self.empty_state: DayState = (1 << 11,) * len(days), none, none, none, 0
        self._day_extra_cache: dict[tuple[int, int, int], int] = {}
        self._inside_day: dict[tuple[int, int, int], int] = {}
        self._forced_days_cache: dict[int, _ForcedDays] = {}

    def extend_state(self, state: DayState, numbers: Iterable[int]) -> DayState:
        """The state with more candidates chosen."""
        first, last, busy, campuses = list(state[0]), list(state[1]), list(state[2]), list(state[3])
        extra = state[4]
        for number in numbers:
            for day, begins, ends, bits, where in self._on[number]:
                extra -= self._day_extra_cost(day, busy[day], campuses[day])
                if begins < first[day]:  # noqa: PLR1730 - this runs millions of times
                    first[day] = begins
                if ends > last[day]:  # noqa: PLR1730
                    last[day] = ends
                busy[day] |= bits
                campuses[day] |= where
                extra += self._day_extra_cost(day, busy[day], campuses[day])
        return tuple(first), tuple(last), tuple(busy), tuple(campuses), extra

    def _day_extra_cost(self, day: int, busy: int, campuses: int) -> int:
        """The cost of a day for a missing lunch break and for additional campuses."""
        if not busy:
            return 0
        key = day, busy & self._lunch_bits, campuses
        points = self._day_extra_cache.get(key)
        if points is None:
            points = max(0, campuses.bit_count() - 1) * self._model.campus_cost * self._dates[day]
            if self._model.lunch_cost and not self._model.has_lunch(busy):
                points += self._model.lunch_cost * self._dates[day]
            self._day_extra_cache[key] = points
        return points

    def points(self, state: DayState) -> int:
        """The cost of the days of a state."""
        points = state[4]
        for day, busy in enumerate(state[2]):
            if busy:
                idle = state[1][day] - state[0][day] - busy.bit_count()
                points += self._used[day] + idle * self._span[day]
        return points

    def candidate_cost(self, loads: int, number: int) -> int:
        """The cost of a candidate alone and in pairs with the candidates that `loads` includes."""
        return self.lanes.cost(loads, number) - self._cost_offset

    def costs_after(self, loads: int, number: int) -> int:
        """The costs of all candidates after choosing this one: with its pair costs added."""
        return loads + self._pairs[number]

    def evaluate_node(
        self, alive: int, rest: tuple[int, ...], row: int, state: DayState, points: int, loads: int, below: int | None
    ) -> tuple[int, int, int] | None:
        """Returns a lower bound, the candidates still alive, and the variable to branch on next.

        Candidates that no solution costing less than `below` can have are removed from `alive`, unless it is None.
        Returns None if a variable has no candidate left. `row` is a mask of the lanes of the variables in `rest`.

        A day is used if all live candidates of a variable use it. It lasts at least from the latest first minute to the
        earliest last minute of these candidates. Of the idle time in between, a further candidate fills at most its own
        minutes inside; its minutes outside never lower the cost.
        """
        first, last = list(state[0]), list(state[1])
        guards = 0
        floors = self._forced_days_cache
        urgent, urgency = -1, inf
        for variable in rest:
            live = alive & self._bits[variable]
            floor = floors.get(live)
            if floor is None:
                if not live:
                    return None
                floor = self._forced_days(live, variable)
            guards |= floor.guards
            if floor.urgency < urgency:
                urgent, urgency = variable, floor.urgency
            for day, begins, ends in floor.forced:
                if begins < first[day]:  # noqa: PLR1730 - this runs millions of times
                    first[day] = begins
                if ends > last[day]:  # noqa: PLR1730
                    last[day] = ends
        points += state[4]
        costs = loads
        for day, ends in enumerate(last):
            if ends:
                points += self._used[day]
                begins = first[day]
                if ends > begins:
                    points += (ends - begins - state[2][day].bit_count()) * self._span[day]
                    costs -= self._inside_day.get((day, begins, ends)) or self._minutes_inside(day, begins, ends)
        cheapest = self.lanes.cheapest(costs | self.lanes.closed_mask(guards)) & row
        points += self.lanes.total(cheapest) - self._cost_offset * len(rest)
        if below is not None and points < below:
            dear = self.lanes.expensive(costs, cheapest, below - points) & guards
            if dear:
                alive &= ~self.lanes.numbers(dear)
        return points, alive, urgent

    def _minutes_inside(self, day: int, first: int, last: int) -> int:
        """The credit of each candidate for minutes between `first` and `last` of a day, in points."""
        mask = (1 << last) - (1 << first)
        found = self._inside_day[day, first, last] = self.lanes.costs(
            {
                number: (bits & mask).bit_count() * self._span[day]
                for number, begins, ends, bits in self._on_day[day]
                if begins < last and first < ends
            }
        )
        return found

    def _forced_days(self, live: int, variable: int) -> _ForcedDays:
        """What a variable forces if only these candidates are alive."""
        numbers = [number for number in range(live.bit_length()) if live >> number & 1]
        days = [self._extent[number] for number in numbers]
        forced = tuple(
            (day, max(each[day][0] for each in days), min(each[day][1] for each in days))
            for day in days[0]
            if all(day in each for each in days)
        )
        if len(self._forced_days_cache) >= _MAX_CACHED_FORCED_DAYS:
            self._forced_days_cache.clear()
        # Variables with one candidate come first, then those with few candidates that are long and clash with many.
        urgency = len(numbers) / self._urgency_weight[variable] if len(numbers) > 1 else 0
        floor = self._forced_days_cache[live] = _ForcedDays(
            forced, sum(self.lanes.guards[number] for number in numbers), urgency
        )
        return floor
