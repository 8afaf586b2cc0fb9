"""The classes of one kind of day in the order of time, and the cheapest sets of them that do not overlap.

Hides a graph. Where nothing may overlap, a set of classes is a way through the day from each class to one that begins
after it. What the set costs the day is the sum of what its steps cost: the day for being used at all with the first,
the time in between and the hurry from campus to campus with each, the lunch break that was never possible and the
further campuses with the last. For that a state is a class together with whether there was time for lunch before it,
and the campuses seen so far. The cheapest set is the shortest way, found class by class. Two things are left out, so
what is found is never more than a set costs: a hurry between classes that have another in between, and that a part
has one option only, unless two of them follow each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from desktop.domain.puzzle import Puzzle

_NEVER = 1 << 60
_MIDNIGHT = 24 * 60


class Class(NamedTuple):
    """What an option has on the day: its number, the bit of its part, first and last minute, campuses by bit."""

    number: int
    part: int
    begins: int
    ends: int
    campuses: int


def ways(classes: Sequence[Class]) -> int:
    """How many sets of classes there are at most."""
    found = 0
    so_far: list[tuple[int, int]] = []
    for each in sorted(classes, key=lambda one: one.ends):
        before = bisect_right(so_far, (each.begins, _NEVER))
        found += 1 + (so_far[before - 1][1] if before else 0)
        so_far.append((each.ends, found))
    return found


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
        # By state: its class, what it costs to begin or to end there, and the states before and after it.
        self._class_of: list[int] = []
        self._first: list[int] = []
        self._last: list[int] = []
        self._before: list[list[tuple[int, int]]] = []
        self._after: list[list[tuple[int, int]]] = []
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
                state = here.setdefault((had, seen), len(self._class_of))
                if state == len(self._class_of):
                    self._class_of.append(place)
                    self._first.append(_NEVER)
                    campuses = max(0, seen.bit_count() - 1) * puzzle.campus
                    self._last.append((campuses + (0 if had or late else puzzle.lunch)) * kind.dates)
                    self._before.append([])
                    self._after.append([])
                if at < 0:
                    self._first[state] = cost
                else:
                    self._before[state].append((at, cost))
                    self._after[at].append((state, cost))
            states.append(here)

    def _lunch_fits(self, start: int, end: int) -> bool:
        begins, ends, needed = self._window
        return min(ends, end) - max(begins, start) >= needed

    def cheapest(self, prices: Sequence[int]) -> tuple[int, list[int]]:
        """What the cheapest set costs with a price added to each class, and the places of its classes."""
        best: list[int] = []
        for place, its_first, before in zip(self._class_of, self._first, self._before, strict=True):
            least = its_first
            for at, cost in before:
                its = best[at] + cost
                if its < least:  # noqa: PLR1730 - this runs millions of times
                    least = its
            best.append(least + prices[place])
        least, state = 0, -1
        for at, cost in enumerate(self._last):
            if best[at] + cost < least:
                least, state = best[at] + cost, at
        taken = []
        while state >= 0:
            taken.append(self._class_of[state])
            so_far = best[state] - prices[self._class_of[state]]
            state = next((at for at, cost in self._before[state] if best[at] + cost == so_far), -1)
        return least, taken

    def sets(self, prices: Sequence[int], limit: int, most: int) -> list[tuple[int, int]] | None:
        """Every set that costs no more than `limit` with these prices, cheapest first: its cost, its options as bits.

        No set has two options of a part. None where there are more than `most`.
        """
        rest = list(self._last)
        for state in range(len(rest) - 1, -1, -1):
            for at, cost in self._after[state]:
                rest[state] = min(rest[state], rest[at] + cost + prices[self._class_of[at]])
        found = [(0, 0)] if limit >= 0 else []
        open_ways = [(0, 0, state, cost, 0) for state, cost in enumerate(self._first) if cost < _NEVER]
        while open_ways:
            chosen, parts, state, cost, spent = open_ways.pop()
            this = self.classes[self._class_of[state]]
            spent += cost + prices[self._class_of[state]]
            if spent + rest[state] > limit or parts & this.part:
                continue
            chosen |= 1 << this.number
            if spent + self._last[state] <= limit:
                found.append((spent + self._last[state], chosen))
                if len(found) > most:
                    return None
            parts |= this.part
            open_ways += [(chosen, parts, at, its, spent) for at, its in self._after[state]]
        found.sort()
        return found
