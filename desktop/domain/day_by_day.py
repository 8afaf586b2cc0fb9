"""The best answers free of clashes where classes are few: whole days are put together, not options.

A year in which a module has one or two lectures a week has very many good answers, and what makes one good is how its
days are filled: a bound that knows only what is forced on a day sees little of that. Here `prices` make the days agree
as well as they can. That gives a bound close to the best answer, and it says how far any one day can be from its own
best: no further than the answer is above the bound. Of the sets that a day could hold (`day_sets`) few are left, and
`day_join` puts them together.

Hides how far from the bound it is looked, and how few sets are listed for it. The distance grows from little on, until
the answers found prove that there are none better; sets near the best of their days give the first answers early, and
with them a distance that is enough. To list every set within it would still be long. But where an answer is no further
than that from the bound, at most one day is further than half of it, at most two further than a third, and so on. So
only sets within half are listed, say, and the days are joined once as they are, and then once with each day left open:
those are far from their best, so the others have to be near theirs, and there is little to look at.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from itertools import combinations
from math import inf, log10

from desktop.domain.component import Component, TooFar, Watch
from desktop.domain.day_graph import Class
from desktop.domain.day_join import Join
from desktop.domain.day_sets import DaySets
from desktop.domain.prices import Prices
from desktop.domain.puzzle import Puzzle
from desktop.domain.without_clashes import FreeOfClashes

_MANY = 8  # answers free of clashes to be expected, in powers of ten, for this to be worth while
_DAYS = 1.5  # that an option has on average, at most
_FEW_SETS = 8000  # that are listed for no day to be left open
_MANY_SETS = 40_000  # that are listed where some are
_SETS_A_STATE = 100  # are listed in the time of one state
_ENOUGH = 250  # sets for a first answer
_FIRST_STATES = 200  # to find one among them
_FURTHER = (1, 2, 3, 5)  # times the distance of those sets, for that
_FAR = 1000  # times the least difference between answers: an answer further from the bound is not looked for here
_GROWTH = 4.0  # of the distance from time to time
_LEAST_GROWTH = 1.5  # where it takes long
_NEAR = 1.3  # times as far is not left for another time


class DayByDay:
    """The search in one component."""

    def __init__(self, component: Component, puzzle: Puzzle, watch: Watch) -> None:
        self._of = component
        self._watch = watch
        self._on: dict[int, list[Class]] = defaultdict(list)
        for number, option in enumerate(component.options):
            for on in option.days if not option.clash else ():
                part = 1 << component.part_of[number]
                self._on[on.day].append(Class(number, part, on.first, on.last, on.campuses))
        self._puzzle = puzzle
        self._prices: Prices | None = None
        self._distance = 0  # from the bound, within which nothing is left to be found
        self._growth = _GROWTH

    def suits(self) -> bool:
        """Whether this is worth while, and every option is on a day, in one piece, and cannot overlap another."""
        of = self._of
        if not all(option.days and not option.clash for option in of.options):
            return False
        if sum(len(option.days) for option in of.options) > _DAYS * len(of.options):
            return False
        if self._answers_expected() < _MANY:
            return False
        if any(on.last - on.first != on.busy.bit_count() for option in of.options for on in option.days):
            return False
        return all(
            one.ends <= other.begins or other.ends <= one.begins or one.part == other.part
            or other.number in of.clash[one.number]
            for classes in self._on.values()
            for place, one in enumerate(classes)
            for other in classes[:place]
        )  # fmt: skip

    def _answers_expected(self) -> float:
        """How many answers would be free of clashes if those were spread by chance, in powers of ten."""
        of = self._of
        expected = sum(log10(len(numbers)) for numbers in of.numbers)
        for part, numbers in enumerate(of.numbers):
            for its in of.numbers[:part]:
                pairs = len(numbers) * len(its)
                clashing = sum(other in its for number in numbers for other in of.clash[number])
                if clashing == pairs:
                    return 0
                expected += log10(1 - clashing / pairs)
        return expected

    @property
    def bound(self) -> int:
        """What no answer costs less than, once prices are found."""
        return 0 if self._prices is None else self._prices.bound

    def run(self, states: float = inf) -> bool:
        """Finds the best answers; whether they are proven to be. To run again is to go on.

        Raises TooFar after about so many states; Cancelled, or OutOfTime, as the watch says.
        """
        prices = self._prices
        if prices is None:
            prices = Prices(self._of, self._puzzle, self._on)
            if not prices.possible:
                return False
            prices.find(self._watch)
            self._prices = prices
        join = Join(self._of, prices, self._watch)
        far = max(prices.bound, _FAR * prices.unit)
        if not self._distance:
            self._distance = self._first_answers(prices, join, far)
            if self._of.cut is None:
                with suppress(TooFar):
                    FreeOfClashes(self._of, self._watch).run(_FIRST_STATES)
        join.states_left = states
        while self._of.cut is not None or self._distance < far:
            needed = join.needed
            distance = min(needed, int(self._distance * self._growth) + 1)
            if needed < distance * _NEAR:
                distance = needed
            try:
                if not self._all_within(distance, prices, join):
                    return False
            except TooFar:
                self._growth = max(_LEAST_GROWTH, self._growth / 2)
                raise
            if join.needed <= distance:
                return True
            self._distance = distance
        return False

    def _first_answers(self, prices: Prices, join: Join, far: int) -> int:
        """Looks for answers among few sets of each day; how far those are from the best of their day."""
        above = far // 100
        while above < far:
            sets = DaySets(self._of, prices.days, above)
            if not sets.fill(_MANY_SETS):
                return above // 2
            if sets.count >= _ENOUGH or above > far // 4:
                for times in _FURTHER:
                    join.states_left = _FIRST_STATES
                    with suppress(TooFar):
                        join.run(sets, times * above)
                    if self._of.cut is not None:
                        return above
            above += above // 2 + 1 if sets.count < _ENOUGH else above
        return above

    def _all_within(self, distance: int, prices: Prices, join: Join) -> bool:
        """Finds the best of all answers no further than this from the bound; False where days hold too many sets."""
        shares = 1
        while True:
            sets = DaySets(self._of, prices.days, distance // shares)
            if sets.fill(_FEW_SETS if shares == 1 else _MANY_SETS):
                break
            if shares > distance:
                return False
            shares += shares // 4 + 1
        join.states_left -= sets.count // _SETS_A_STATE
        for days_open in range(min(shares - 1, len(prices.days)) + 1):
            for days in combinations(range(len(prices.days)), days_open):
                join.run(sets, distance, days)
        return True
