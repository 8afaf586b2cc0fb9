"""What the days of a puzzle cost while it is being filled, and what they will cost at least.

Hides what is remembered to answer quickly. A state says for every kind of day when it begins and ends by now, which
minutes are busy and which campuses are visited. A bound is never more than the cheapest answer that can still be
reached; the closer it is, the less has to be searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import sub

from desktop.domain.puzzle import Option, Puzzle

# By kind of day: first minute, last minute, busy minutes, campuses; and what lunch and campuses cost by now.
State = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class _Floor:
    forced: tuple[tuple[int, int, int], ...]  # days that every option uses: its latest first and earliest last minute
    numbers: tuple[int, ...]


class Bounds:
    """Costs of days for these options, which are numbered through; `parts` are the bits of each part's options."""

    def __init__(self, puzzle: Puzzle, options: Sequence[Option], parts: Sequence[int]) -> None:
        self._puzzle = puzzle
        self._options = options
        self._bits = parts
        days = sorted({on.day for option in options for on in option.days})
        place = {day: number for number, day in enumerate(days)}
        self._used = [puzzle.days[day].used for day in days]
        self._dates = [puzzle.days[day].dates for day in days]
        self._span = [puzzle.gap * dates for dates in self._dates]
        self._on = [
            [(place[on.day], on.first, on.last, on.busy, on.campuses) for on in option.days] for option in options
        ]
        self._on_day: list[list[tuple[int, int]]] = [[] for _ in days]
        for number, on_days in enumerate(self._on):
            for day, _, _, bits, _ in on_days:
                self._on_day[day].append((number, bits))
        begins, ends, _ = puzzle.lunch_window
        self._lunch_bits = (1 << ends) - (1 << begins)
        none = (0,) * len(days)
        self.nothing: State = (1 << 11,) * len(days), none, none, none, 0
        self._extras: dict[tuple[int, int, int], int] = {}
        self._inside_day: dict[tuple[int, int, int], list[int]] = {}
        self._floors: dict[int, _Floor] = {}

    def taken(self, state: State, number: int) -> State:
        """The state with one more option taken."""
        first, last, busy, campuses = list(state[0]), list(state[1]), list(state[2]), list(state[3])
        extra = state[4]
        for day, begins, ends, bits, where in self._on[number]:
            extra -= self._extra(day, busy[day], campuses[day])
            first[day] = min(first[day], begins)
            last[day] = max(last[day], ends)
            busy[day] |= bits
            campuses[day] |= where
            extra += self._extra(day, busy[day], campuses[day])
        return tuple(first), tuple(last), tuple(busy), tuple(campuses), extra

    def _extra(self, day: int, busy: int, campuses: int) -> int:
        """What a day costs for having no lunch break and more than one campus."""
        if not busy:
            return 0
        key = day, busy & self._lunch_bits, campuses
        points = self._extras.get(key)
        if points is None:
            points = max(0, campuses.bit_count() - 1) * self._puzzle.campus * self._dates[day]
            if self._puzzle.lunch and not self._puzzle.has_lunch(busy):
                points += self._puzzle.lunch * self._dates[day]
            self._extras[key] = points
        return points

    def points(self, state: State) -> int:
        """What the days cost by what is on them."""
        points = state[4]
        for day, busy in enumerate(state[2]):
            if busy:
                idle = state[1][day] - state[0][day] - busy.bit_count()
                points += self._used[day] + idle * self._span[day]
        return points

    def least(
        self, alive: int, rest: tuple[int, ...], state: State, points: int, loads: list[int], below: int | None
    ) -> tuple[int, int]:
        """No answer from here costs less; and the options still alive that an answer which costs less than `below` may
        have (all of them where it is None).

        Every day that all live options of a part use is used. It lasts at least from the latest first to the earliest
        last minute it is forced to. Of the time in between that no class fills yet, what is still to come fills at most
        its own minutes that lie inside; what lies outside can only add to it.
        """
        first, last = list(state[0]), list(state[1])
        floors = []
        for part in rest:
            live = alive & self._bits[part]
            floor = self._floors.get(live) or self._floor(live)
            floors.append(floor.numbers)
            for day, begins, ends in floor.forced:
                if begins < first[day]:  # noqa: PLR1730 - this runs millions of times
                    first[day] = begins
                if ends > last[day]:  # noqa: PLR1730
                    last[day] = ends
        points += state[4]
        costs: Iterable[int] = loads
        for day, ends in enumerate(last):
            if ends:
                points += self._used[day]
                if ends > first[day]:
                    points += (ends - first[day] - state[2][day].bit_count()) * self._span[day]
                    costs = map(sub, costs, self._minutes_inside(day, first[day], ends))
        net = list(costs)
        dear = []  # options that cost more than the cheapest of their part
        for numbers in floors:
            if len(numbers) == 1:
                points += net[numbers[0]]
                continue
            live_costs = [net[number] for number in numbers]
            cheapest = min(live_costs)
            points += cheapest
            dear.append((cheapest, numbers, live_costs))
        if below is not None:
            room = below - points
            for cheapest, numbers, live_costs in dear:
                if max(live_costs) - cheapest >= room:
                    for number, cost in zip(numbers, live_costs, strict=True):
                        if cost - cheapest >= room:
                            alive &= ~(1 << number)
        return points, alive

    def _minutes_inside(self, day: int, first: int, last: int) -> list[int]:
        """What each option may fill of the time between classes of one day, in points."""
        found = self._inside_day.get((day, first, last))
        if found is None:
            mask = (1 << last) - (1 << first)
            found = [0] * len(self._options)
            for number, bits in self._on_day[day]:
                found[number] = (bits & mask).bit_count() * self._span[day]
            self._inside_day[day, first, last] = found
        return found

    def _floor(self, live: int) -> _Floor:
        """What a part is forced to with only these of its options alive."""
        numbers = tuple(number for number in range(live.bit_length()) if live >> number & 1)
        days = [{day: (begins, ends) for day, begins, ends, _, _ in self._on[number]} for number in numbers]
        forced = tuple(
            (day, max(each[day][0] for each in days), min(each[day][1] for each in days))
            for day in days[0]
            if all(day in each for each in days)
        )
        floor = self._floors[live] = _Floor(forced, numbers)
        return floor
