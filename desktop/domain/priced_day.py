"""One kind of day whose classes have their prices for good: what it can hold, and what that costs above the cheapest.

Hides how far ahead it is known what the rest of a day costs. Going through the graph of a day backwards once tells for
every class what the cheapest way on from it costs. So the sets within a limit are listed without one step that leads
nowhere, and a class that every way within a limit has to leave out is told without a list.

A price is also how a class is forced or struck out: nobody passes by a class that pays enough, or takes one too dear.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from desktop.domain.day_graph import NEVER, DayGraph

_SURE = 1 << 40  # more than any day costs
_IN_VAIN = 8  # steps without a set take as long as finding one and using it

Sets = list[tuple[int, tuple[int, ...]]]  # what each costs above the cheapest of the day, and the places of its classes

_cost = itemgetter(0)


class PricedDay:
    """A day with a price on each of its classes. All costs are told above `least`, that of its cheapest set."""

    def __init__(self, graph: DayGraph, prices: Sequence[int]) -> None:
        self.graph = graph
        self._prices = prices
        # By state: what the rest of the day costs at least, and the ways on, the one with the cheapest rest first: what
        # it costs to the end at least, what it costs to the next state, that state, and its class.
        self._on: list[list[tuple[int, int, int, int]]] = [[] for _ in graph.class_of]
        rest = list(graph.last)
        for state in range(len(rest) - 1, -1, -1):
            on = self._on[state]
            for at, cost in graph.after[state]:
                step = cost + prices[graph.class_of[at]]
                on.append((step + rest[at], step, at, graph.class_of[at]))
            if on:
                on.sort()
                rest[state] = min(rest[state], on[0][0])
        self._starts = sorted(
            (cost + prices[place] + rest[state], cost + prices[place], state, place)
            for state, (cost, place) in enumerate(zip(graph.first, graph.class_of, strict=True))
            if cost < NEVER
        )
        self.least = min(0, self._starts[0][0])
        self._through: dict[tuple[int, int], tuple[int, dict[int, int]]] = {}

    def sets(self, above: int, most: int) -> Sets | None:
        """Every set that costs no more than `above`, cheapest first. No set has two options of a part.

        None where there are more than `most`, or where it takes as long to see that there are not.
        """
        limit = self.least + above
        last, ways_on = self.graph.last, self._on
        parts = [each.part for each in self.graph.classes]
        found: Sets = [(-self.least, ())] if limit >= 0 else []
        open_ways: list[tuple[int, int, tuple[int, ...], int]] = []
        for at_least, spent, state, place in self._starts:
            if at_least > limit:
                break
            open_ways.append((spent, state, (place,), parts[place]))
        in_vain = 0
        while open_ways:
            spent, state, taken, used = open_ways.pop()
            if spent + last[state] <= limit:
                found.append((spent + last[state] - self.least, taken))
            else:
                in_vain += 1
            if len(found) + in_vain // _IN_VAIN > most:
                return None
            room = limit - spent
            for at_least, step, at, place in ways_on[state]:
                if at_least > room:
                    break
                if not used & parts[place]:
                    open_ways.append((spent + step, at, (*taken, place), used | parts[place]))
        found.sort(key=_cost)
        return found

    def through(self, alive: int, chosen: int) -> tuple[int, dict[int, int]]:
        """What a day with these chosen, and only these alive, costs at least; and how much more with each option."""
        graph = self.graph
        key = alive & graph.bits, chosen & graph.bits
        known = self._through.get(key)
        if known is not None:
            return known
        forced = 0
        prices = []
        for each, price in zip(graph.classes, self._prices, strict=True):
            if key[1] >> each.number & 1:
                prices.append(price - _SURE)
                forced += 1
            else:
                prices.append(price if key[0] >> each.number & 1 else _SURE)
        so_far = graph.ways_to(prices)
        rest = [0] * len(so_far)
        cheapest = 0
        by_number: dict[int, int] = {}
        for state in range(len(so_far) - 1, -1, -1):
            least = graph.last[state]
            for at, cost in graph.after[state]:
                its = rest[at] + cost
                if its < least:  # noqa: PLR1730 - this runs millions of times
                    least = its
            place = graph.class_of[state]
            rest[state] = least + prices[place]
            whole = so_far[state] + least
            cheapest = min(cheapest, whole)
            number = graph.classes[place].number
            by_number[number] = min(whole, by_number.get(number, NEVER))
        found = self._through[key] = (
            cheapest + forced * _SURE - self.least,
            {number: cost - cheapest for number, cost in by_number.items()},
        )
        return found
