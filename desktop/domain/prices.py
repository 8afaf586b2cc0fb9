"""Prices that make days agree with each other, and the bound that they give.

Hides how prices are found. Days are looked at each for itself, exactly (see `day_graph`), and every option pays a price
to each day that it is on: its part gets what its days have to pay. Whatever the prices are, they cancel out in an
answer, so the cheapest option of each part, less its prices, and the cheapest set of each day, with the prices of its
classes, together cost no more than any answer: a bound. It is the better the more the parts and the days choose the
same. So where a day has a class that its part does not choose, its price goes up, and where a part chooses a class that
its day leaves out, it goes down, in steps that get smaller (the subgradient method).

What two options cost together is paid by a day that both are on, or else by their parts, which are then one link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from math import gcd

from desktop.domain.component import Component, Watch
from desktop.domain.day_graph import Class, DayGraph
from desktop.domain.priced_day import PricedDay
from desktop.domain.puzzle import Puzzle

IMPOSSIBLE = 1 << 50  # more than any answer costs

_STEPS = 80
_PATIENCE = 3  # steps without a better bound, after which they get smaller
_SMALLER = 0.7
_FIRST_PRICE = 1200  # what a class is taken to cost its day before anything is known

Choice = tuple[int, int, int]  # what it costs, and its two options; the second is nobody's number where there is one


class Link:
    """A part, or two that cost something together on no common day: ways to choose, less what they have to pay."""

    def __init__(self, bits: int, choices: Sequence[Choice], paid: Sequence[int], part_of: Sequence[int]) -> None:
        self.bits = bits
        self._part_of = part_of
        costs = sorted(
            (cost - paid[number] - paid[other], (1 << number | 1 << other) & bits) for cost, number, other in choices
        )
        self.least = costs[0][0]
        self._above = [(cost - self.least, chosen) for cost, chosen in costs]
        self._known: dict[int, tuple[int, dict[int, dict[int, int]]]] = {}

    def through(self, alive: int) -> tuple[int, dict[int, dict[int, int]]]:
        """How far above the cheapest of all it is with these options alive; by part, how much further with each."""
        live = alive & self.bits
        found = self._known.get(live)
        if found is None:
            least = IMPOSSIBLE
            by_part: dict[int, dict[int, int]] = defaultdict(dict)
            for cost, chosen in self._above:
                if chosen & live == chosen:
                    least = min(least, cost)
                    for number in numbers_of(chosen):
                        by_part[self._part_of[number]].setdefault(number, cost - least)
            found = self._known[live] = least, by_part
        return found


class Prices:
    """Days and links of a component. `find` settles the prices; `bound`, `days` and `links` are there after it."""

    def __init__(self, component: Component, puzzle: Puzzle, on: dict[int, list[Class]]) -> None:
        self._of = component
        options = component.options
        days_of = [frozenset(on.day for on in option.days) for option in options]
        partner = self._partners(days_of)
        pays: dict[int, dict[int, dict[int, int]]] = {day: defaultdict(dict) for day in on}
        for number, pairs in enumerate(component.pair):
            for other, points in pairs.items():
                common = days_of[number] & days_of[other]
                if common and partner.get(component.part_of[number]) != component.part_of[other]:
                    pays[min(common)][number][other] = points
        self.graphs = [DayGraph(puzzle, day, classes, pays[day]) for day, classes in sorted(on.items())]
        self._choices = self._choices_of(partner)
        # Whatever an answer is, it costs a multiple of this.
        self.unit = max(
            1,
            gcd(
                *(graph.unit for graph in self.graphs),
                *(option.points for option in options),
                *chain.from_iterable(pairs.values() for pairs in component.pair),
            ),
        )
        self.bound = 0
        self.days: list[PricedDay] = []
        self.links: list[Link] = []

    @property
    def possible(self) -> bool:
        """Whether every link has a way to choose."""
        return all(choices for _, choices in self._choices)

    def _partners(self, days_of: Sequence[frozenset[int]]) -> dict[int, int]:
        """Parts whose options cost something together though no day has both, two by two."""
        part_of = self._of.part_of
        partner: dict[int, int] = {}
        for number, pairs in enumerate(self._of.pair):
            for other in pairs:
                part, its = part_of[number], part_of[other]
                if not days_of[number] & days_of[other] and part not in partner and its not in partner:
                    partner[part], partner[its] = its, part
        return partner

    def _choices_of(self, partner: dict[int, int]) -> list[tuple[int, list[Choice]]]:
        """The bits of each link, and its ways to choose."""
        of = self._of
        own = [option.points for option in of.options]
        nobody = len(own)
        found: list[tuple[int, list[Choice]]] = []
        for part in of.whole:
            its = partner.get(part, part)
            if its == part:
                found.append((of.bits[part], [(own[number], number, nobody) for number in of.numbers[part]]))
            elif its > part:
                choices = [
                    (own[number] + own[other] + of.pair[number].get(other, 0), number, other)
                    for number in of.numbers[part]
                    for other in of.numbers[its]
                    if other not in of.clash[number]
                ]
                found.append((of.bits[part] | of.bits[its], choices))
        return found

    def find(self, watch: Watch) -> None:
        """Finds prices, and the bound they give. Raises Cancelled, or OutOfTime, as the watch says."""
        options = self._of.options
        prices = [
            [options[this.number].points // len(options[this.number].days) - _FIRST_PRICE for this in graph.classes]
            for graph in self.graphs
        ]
        best, size, waited = -IMPOSSIBLE, 1.0, 0
        kept = prices
        for _ in range(_STEPS):
            watch.step()
            bound, wanted = self._wanted(self._paid(prices))
            ways_to_go = []
            for graph, its in zip(self.graphs, prices, strict=True):
                cost, taken = graph.cheapest(its)
                bound += cost
                differs = [-(this.number in wanted) for this in graph.classes]
                for place in taken:
                    differs[place] += 1
                ways_to_go.append(differs)
            if bound > best:
                best, waited, kept = bound, 0, [list(each) for each in prices]
            else:
                waited += 1
                if waited == _PATIENCE:
                    size, waited = size * _SMALLER, 0
            apart = sum(map(abs, chain.from_iterable(ways_to_go)))
            if not apart:
                break
            step = int(size * (best + max(2 * best, 1000) - bound) / apart) + 1
            for its, differs in zip(prices, ways_to_go, strict=True):
                its[:] = [price + step * way for price, way in zip(its, differs, strict=True)]
        self.bound = best
        self.days = [PricedDay(graph, its) for graph, its in zip(self.graphs, kept, strict=True)]
        paid = self._paid(kept)
        self.links = [Link(bits, choices, paid, self._of.part_of) for bits, choices in self._choices]

    def _paid(self, prices: Sequence[Sequence[int]]) -> list[int]:
        """What each option has to pay on all its days, and nought for nobody."""
        paid = [0] * (len(self._of.options) + 1)
        for graph, its in zip(self.graphs, prices, strict=True):
            for this, price in zip(graph.classes, its, strict=True):
                paid[this.number] += price
        return paid

    def _wanted(self, paid: Sequence[int]) -> tuple[int, set[int]]:
        """What the cheapest choices of all links cost together, less what they have to pay, and their options."""
        total = 0
        wanted: set[int] = set()
        for _, choices in self._choices:
            costs = [cost - paid[number] - paid[other] for cost, number, other in choices]
            least = min(costs)
            total += least
            wanted.update(choices[costs.index(least)][1:])
        return total, wanted


def numbers_of(bits: int) -> list[int]:
    """The options with these bits."""
    found = []
    while bits:
        found.append((bits & -bits).bit_length() - 1)
        bits &= bits - 1
    return found
