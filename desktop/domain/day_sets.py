"""What each day can hold, as bits: a search asks what is left of it, and what that costs, a thousand times a second.

Hides the layout. The sets of a day within a limit are sorted by cost, and each option of the day is an integer with a
bit for every set that has it, the cheapest lowest. So whatever is left of a day is an integer, too: to take an option
is to keep the sets that have it, to strike one out is to leave them, and the lowest bit says what the day costs.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.component import Component
from desktop.domain.priced_day import PricedDay


class DaySets:
    """The sets of each day that are no further than `above` from its cheapest."""

    def __init__(self, component: Component, days: Sequence[PricedDay], above: int) -> None:
        self.above = above
        self.costs: list[list[int]] = []
        self.whole: list[int] = []  # by day, a bit for every set
        self.holding: list[dict[int, int]] = []  # by day and option, the sets that have it
        self.count = 0
        self._component = component
        self._days = days
        # By part, for each of its days: the day, the sets without any of the part, and those with each of its options.
        self.of_part: list[list[tuple[int, int, list[tuple[int, int]]]]] = []

    def fill(self, most: int) -> bool:
        """Lists the sets; whether they are no more than `most`."""
        found = []
        for day in self._days:
            sets = day.sets(self.above, most - self.count)
            if sets is None:
                return False
            self.count += len(sets)
            found.append(sets)
        for day, sets in zip(self._days, found, strict=True):
            places = [bytearray(b"0" * len(sets)) for _ in day.graph.classes]
            for at, (_, taken) in enumerate(reversed(sets)):
                for place in taken:
                    places[place][at] = 49  # the digit one
            self.holding.append(
                {each.number: int(its or b"0", 2) for each, its in zip(day.graph.classes, places, strict=True)}
            )
            self.costs.append([cost for cost, _ in sets])
            self.whole.append((1 << len(sets)) - 1)
        for numbers in self._component.numbers:
            row = []
            for place, holding in enumerate(self.holding):
                its = [(number, holding[number]) for number in numbers if number in holding]
                if its:
                    without = self.whole[place]
                    for _, sets_with in its:
                        without &= ~sets_with
                    row.append((place, without, its))
            self.of_part.append(row)
        return True
