"""The classes of one kind of day in the order of time, and the cheapest set of them that does not overlap.

Hides how the graph is made. Where nothing may overlap, a set of classes is a way through the day from each class to
one that begins after it. What the set costs the day is the sum of what its steps cost: the day for being used at all
with the first, the time in between and the hurry from campus to campus with each, the lunch break that was never
possible and the further campuses with the last. For that a state is a class together with whether there was time for
lunch before it, and the campuses seen so far. The cheapest set is the shortest way, found class by class. Two things
are left out, so what is found is never more than a set costs: a hurry between classes that have another in between, and
that a part has one option only, unless two of them follow each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import gcd
from typing import NamedTuple

from desktop.domain.puzzle import Puzzle

NEVER = 1 << 60
_MIDNIGHT = 24 * 60


class Class(NamedTuple):
    """What an option has on the day: its number, the bit of its part, first and last minute, campuses by bit."""

    number: int
    part: int
    begins: int
    ends: int
    campuses: int


class DayGraph:
    """One kind of day. `pair` has what two options cost together, where this day is the one that pays for it."""

    def __init__(
        self, puzzle: Puzzle, day: int, classes: Sequence[Class], pair: Mapping[int, Mapping[int, int]]
    ) -> None:
        kind = puzzle.days[day]
        self._window = puzzle.lunch_window
        self.classes = sorted(classes, key=lambda each: (each.begins, each.number))
        self.bits = sum(1 << each.number for each in classes)
        span = puzzle.gap * kind.dates
        # Whatever the day holds, it costs a multiple of this.
        times = [minute for each in classes for minute in (each.begins, each.ends)]
        apart = gcd(*(minute - times[0] for minute in times))
        self.unit = gcd(kind.used, apart * span, puzzle.lunch * kind.dates, puzzle.campus * kind.dates)
        # By state: its class, what it costs to begin or to end there, and the states before and after it.
        self.class_of: list[int] = []
        self.first: list[int] = []
        self.last: list[int] = []
        self.before: list[list[tuple[int, int]]] = []
        self.after: list[list[tuple[int, int]]] = []
        states: list[dict[tuple[bool, int], int]] = []
        for place, this in enumerate(self.classes):
            arcs: list[tuple[bool, int, int, int]] = [(self._lunch_fits(0, this.begins), this.campuses, -1, kind.used)]
            for other, its_states in zip(self.classes, states, strict=False):
                if other.ends <= this.begins and other.part != this.part:
                    cost = (this.begins - other.ends) * span + pair.get(this.number, {}).get(other.number, 0)
                    lunch = self._lunch_fits(other.ends, this.begins)
                    arcs += [(had or lunch, seen | this.campuses, at, cost) for (had, seen), at in its_states.items()]
            here: dict[tuple[bool, int], int] = {}
            late = self._lunch_fits(this.ends, _MIDNIGHT)
            for had, seen, at, cost in arcs:
                state = here.setdefault((had, seen), len(self.class_of))
                if state == len(self.class_of):
                    self.class_of.append(place)
                    self.first.append(NEVER)
                    campuses = max(0, seen.bit_count() - 1) * puzzle.campus
                    self.last.append((campuses + (0 if had or late else puzzle.lunch)) * kind.dates)
                    self.before.append([])
                    self.after.append([])
                if at < 0:
                    self.first[state] = cost
                else:
                    self.before[state].append((at, cost))
                    self.after[at].append((state, cost))
            states.append(here)

    def _lunch_fits(self, start: int, end: int) -> bool:
        begins, ends, needed = self._window
        return min(ends, end) - max(begins, start) >= needed

    def ways_to(self, prices: Sequence[int]) -> list[int]:
        """What the cheapest way to each state costs with a price added to each class."""
        best: list[int] = []
        for place, its_first, before in zip(self.class_of, self.first, self.before, strict=True):
            least = its_first
            for at, cost in before:
                its = best[at] + cost
                if its < least:  # noqa: PLR1730 - this runs millions of times
                    least = its
            best.append(least + prices[place])
        return best

    def cheapest(self, prices: Sequence[int]) -> tuple[int, list[int]]:
        """What the cheapest set costs with a price added to each class, and the places of its classes."""
        best = self.ways_to(prices)
        least, state = 0, -1
        for at, cost in enumerate(self.last):
            if best[at] + cost < least:
                least, state = best[at] + cost, at
        taken = []
        while state >= 0:
            taken.append(self.class_of[state])
            so_far = best[state] - prices[self.class_of[state]]
            state = next((at for at, cost in self.before[state] if best[at] + cost == so_far), -1)
        return least, taken
