"""The best answers free of clashes where classes are few: whole days are put together, not options.

Hides prices. A year in which a module has one lecture a week has very many good answers, and what makes one good is how
its days are filled: a bound that knows only what is forced on a day sees little of that. Here the days are solved each
for itself, exactly (see `day_graph`), and prices make them agree.

Every option pays a price to each part of the problem that it is in: its part gets what its days have to pay. Whatever
the prices are, they cancel out in an answer, so the cheapest option of each part, less its prices, and the cheapest set
of each day, with the prices of its classes, together cost no more than any answer: a bound. It is the better the more
the parts and the days choose the same. So where a day has a class that its part does not choose, its price goes up, and
where a part chooses a class that its day leaves out, it goes down, in steps that get smaller (the subgradient method).

With good prices the bound is close to the best answer, and that says how far any one day can be from its own best: not
further than the answer is above the bound. Of the thousands of sets that a day could hold, few hundred are left. They
are joined day by day, the day with the fewest first: a set takes its options, and strikes out the other options of
their parts, and what else there was on the day; of the other days, only the sets that agree are kept. How far the
answers may be above the bound is tried from little to more, until the answers found prove that there are none better.

This pays where days hold few sets. Where they hold many, or the way is too far, `search` goes another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from math import prod
from typing import NamedTuple

from desktop.domain.component import Component, Watch
from desktop.domain.day_graph import Class, DayGraph, ways
from desktop.domain.puzzle import Puzzle

_WAYS = 100_000  # sets that all days can hold, for this to be worth while
_SETS = 5000  # those close enough to the best
_FEW = 10**9  # ways to choose that need no bound as dear as this
_STATES = 12_000  # of joining, after which it was not
_STEPS = 120
_PATIENCE = 5  # steps without a better bound, after which they get smaller
_SMALLER = 0.7
_FIRST_PRICE = 1200  # what a class is taken to cost its day before anything is known
_IMPOSSIBLE = 1 << 50

Sets = list[tuple[int, int]]  # what each costs above the cheapest of its day, and its options as bits


class _TooFar(Exception):
    """Joining takes longer than it is worth."""


class _Link(NamedTuple):
    """A part, or two that cost something together on no common day: its bits, and ways to choose with their costs."""

    bits: int
    choices: list[tuple[int, tuple[int, ...]]]


class DayByDay:
    """The search in one component."""

    def __init__(self, component: Component, puzzle: Puzzle, watch: Watch) -> None:
        self._of = component
        self._puzzle = puzzle
        self._watch = watch
        self._on: dict[int, list[Class]] = defaultdict(list)
        for number, option in enumerate(component.options):
            for on in option.days if not option.clash else ():
                part = 1 << component.part_of[number]
                self._on[on.day].append(Class(number, part, on.first, on.last, on.campuses))
        self.bound = 0  # what no answer costs less than, once prices are found
        self._days_of = [frozenset(on.day for on in option.days) for option in component.options]
        self._whole = (1 << len(component.options)) - 1
        self._struck_by: dict[int, int] = {}
        self._states = 0
        self._cheapest_of: list[dict[int, int]] = []

    def suits(self) -> bool:
        """Whether this is worth while, and every option is on a day, in one piece, and cannot overlap another.

        It is not where time between classes costs nothing: the other bound is as good as this then, and far quicker.
        """
        of = self._of
        if not self._puzzle.gap or prod(map(len, of.numbers)) < _FEW:
            return False
        if not all(option.days and not option.clash for option in of.options):
            return False
        if any(on.last - on.first != on.busy.bit_count() for option in of.options for on in option.days):
            return False
        if sum(ways(classes) for classes in self._on.values()) > _WAYS:
            return False
        return all(
            one.ends <= other.begins or other.ends <= one.begins or one.part == other.part
            or other.number in of.clash[one.number]
            for classes in self._on.values()
            for place, one in enumerate(classes)
            for other in classes[:place]
        )  # fmt: skip

    def run(self) -> bool:
        """Finds the best answers; whether they are proven to be. Raises Cancelled, or OutOfTime, as the watch says."""
        self._share()
        if not all(link.choices for link in self._links):
            return False
        bound = self.bound = self._price()
        self._compare()
        lows = [graph.cheapest(prices)[0] for graph, prices in zip(self._graphs, self._prices, strict=True)]
        room = max(1, bound // 20)
        while room < bound:
            within = self._within(bound, room)
            days: list[Sets] = []
            for graph, prices, low in zip(self._graphs, self._prices, lows, strict=True):
                sets = graph.sets(prices, low + within, _SETS)
                if sets is None:
                    return False
                above = [(cost - low, chosen) for cost, chosen in sets]
                days.append([each for each in above if each[0] + self._least(self._left(graph, each[1])) <= within])
            self._limit = bound, room
            places = list(range(len(days)))
            if all(days):
                try:
                    self._join(self._whole, 0, places, days, 0)
                except _TooFar:
                    return False
            cut = self._of.cut
            if cut is not None and cut <= (0, bound + within + 1):
                return True
            room += room // 3 + 1
        return False

    def _within(self, bound: int, room: int) -> int:
        """How far above the bound an answer may be to be looked for."""
        cut = self._of.cut
        return room if cut is None else min(room, cut[1] - 1 - bound)

    def _share(self) -> None:
        """Who pays what two options cost together: a day that both are on, or else their parts."""
        of = self._of
        partner: dict[int, int] = {}
        for number, pairs in enumerate(of.pair):
            for other in pairs:
                part, its = of.part_of[number], of.part_of[other]
                apart = not self._days_of[number] & self._days_of[other]
                if apart and part not in partner and its not in partner:
                    partner[part], partner[its] = its, part
        pays: dict[int, dict[int, dict[int, int]]] = {day: defaultdict(dict) for day in self._on}
        for number, pairs in enumerate(of.pair):
            for other, points in pairs.items():
                common = self._days_of[number] & self._days_of[other]
                if partner.get(of.part_of[number]) != of.part_of[other] and common:
                    pays[min(common)][number][other] = points
        self._graphs = [DayGraph(self._puzzle, day, classes, pays[day]) for day, classes in sorted(self._on.items())]
        own = [option.points for option in of.options]
        self._links: list[_Link] = []
        for part in of.whole:
            its = partner.get(part, part)
            if its < part:
                continue
            choices: list[tuple[int, tuple[int, ...]]]
            if its == part:
                choices = [(own[number], (number,)) for number in of.numbers[part]]
            else:
                choices = [
                    (own[number] + own[other] + of.pair[number].get(other, 0), (number, other))
                    for number in of.numbers[part]
                    for other in of.numbers[its]
                    if other not in of.clash[number]
                ]
            self._links.append(_Link(of.bits[part] | of.bits[its], choices))

    def _paid(self, prices: Sequence[Sequence[int]]) -> list[int]:
        """What each option has to pay on all its days."""
        paid = [0] * len(self._of.options)
        for graph, its in zip(self._graphs, prices, strict=True):
            for this, price in zip(graph.classes, its, strict=True):
                paid[this.number] += price
        return paid

    def _price(self) -> int:
        """Finds prices, and the bound they give."""
        options = self._of.options
        prices = [
            [options[this.number].points // len(options[this.number].days) - _FIRST_PRICE for this in graph.classes]
            for graph in self._graphs
        ]
        best, size, waited = -_IMPOSSIBLE, 1.0, 0
        for _ in range(_STEPS):
            self._watch.step()
            bound, wanted = self._wanted(self._paid(prices))
            ways_to_go = []
            for graph, its in zip(self._graphs, prices, strict=True):
                cost, taken = graph.cheapest(its)
                bound += cost
                differs = [-(this.number in wanted) for this in graph.classes]
                for place in taken:
                    differs[place] += 1
                ways_to_go.append(differs)
            if bound > best:
                best, waited, self._prices = bound, 0, [list(each) for each in prices]
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
        return best

    def _wanted(self, paid: Sequence[int]) -> tuple[int, set[int]]:
        """The cheapest options of all links, less what they have to pay, and what they cost together."""
        total = 0
        wanted: set[int] = set()
        for _, choices in self._links:
            costs = [cost - sum([paid[number] for number in numbers]) for cost, numbers in choices]
            least = min(costs)
            total += least
            wanted.update(choices[costs.index(least)][1])
        return total, wanted

    def _compare(self) -> None:
        """What each way to choose in a link costs more than the cheapest, with the prices found."""
        paid = self._paid(self._prices)
        self._above: list[tuple[int, list[tuple[int, int]]]] = []
        for bits, choices in self._links:
            costs = sorted(
                (cost - sum(paid[number] for number in numbers), sum(1 << number for number in numbers))
                for cost, numbers in choices
            )
            self._above.append((bits, [(cost - costs[0][0], chosen) for cost, chosen in costs]))
        self._cheapest_of = [{} for _ in self._above]

    def _least(self, alive: int) -> int:
        """How far above their cheapest all links are at least with these options alive."""
        total = 0
        for (bits, choices), known in zip(self._above, self._cheapest_of, strict=True):
            live = alive & bits
            cost = known.get(live)
            if cost is None:
                cost = next((cost for cost, chosen in choices if chosen & live == chosen), _IMPOSSIBLE)
                known[live] = cost
            total += cost
        return total

    def _left(self, graph: DayGraph, chosen: int) -> int:
        """The options that are left when a day has these: no other of the day, and no other of their parts."""
        struck = self._struck_by.get(chosen)
        if struck is None:
            struck = 0
            for number in _numbers(chosen):
                struck |= self._of.bits[self._of.part_of[number]]
            self._struck_by[chosen] = struck
        return self._whole & ~(struck | graph.bits) | chosen

    def _join(self, alive: int, chosen: int, places: list[int], days: list[Sets], spent: int) -> None:
        """Goes on with the sets that these days can still hold; `spent` is what the other days are above the bound."""
        self._watch.step()
        self._states += 1
        if self._states > _STATES:
            raise _TooFar
        if not places:
            answer = tuple(_numbers(chosen))
            self._of.keep(0, self._of.points(answer), answer)
            return
        fewest = min(range(len(days)), key=lambda place: len(days[place]))
        graph = self._graphs[places[fewest]]
        rest, others = places[:fewest] + places[fewest + 1 :], days[:fewest] + days[fewest + 1 :]
        least = sum(each[0][0] for each in others)
        within = self._within(*self._limit)
        children = []
        for above, taken in days[fewest]:
            if spent + above + least > within:
                break
            live = alive & self._left(graph, taken)
            links = self._least(live)
            if spent + above + links + least > within:
                continue
            its_days: list[Sets] = []
            bound = spent + above + links
            for place, sets in zip(rest, others, strict=True):
                bits = self._graphs[place].bits
                needed = (chosen | taken) & bits
                told = needed | bits & ~live
                kept = [each for each in sets if each[1] & told == needed]
                if not kept:
                    break
                bound += kept[0][0]
                if bound > within:
                    break
                its_days.append(kept)
            else:
                for place, kept in enumerate(its_days):
                    much = kept[0][0] + within - bound
                    if kept[-1][0] > much:
                        its_days[place] = kept[: bisect_left(kept, (much + 1, 0))]
                children.append((bound, taken, live, its_days, spent + above))
        children.sort(key=lambda child: child[:2])
        for bound, taken, live, its_days, its_spent in children:
            if bound > self._within(*self._limit):
                break
            self._join(live, chosen | taken, rest, its_days, its_spent)


def _numbers(bits: int) -> list[int]:
    found = []
    while bits:
        found.append((bits & -bits).bit_length() - 1)
        bits &= bits - 1
    return found
