"""Parts of a puzzle that belong together, their options numbered through, and the best answers found so far.

Hides the numbering, and which of the answers found are kept. A set of options is an integer with a bit for each. What
every search of a component has in common is here, too: the watch that ends it early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush

from desktop.domain.bounds import Bounds
from desktop.domain.errors import Cancelled
from desktop.domain.puzzle import Option, Puzzle

_ASK_EVERY = 64  # states between two questions whether to go on


@dataclass(frozen=True, slots=True)
class Answer:
    """An option for every part, what it costs in clash minutes and in points."""

    chosen: tuple[int, ...]
    clash: int
    points: int


class OutOfTime(Exception):
    """The time given is over; what was found stands, but is not proven."""


class TooFar(Exception):
    """A search took more states than it was given; what was found stands, and another may go on."""


class Watch:
    """Asks from time to time whether the search should go on."""

    def __init__(self, cancelled: Callable[[], bool], out_of_time: Callable[[], bool]) -> None:
        self._cancelled = cancelled
        self._out_of_time = out_of_time
        self.states = 0

    def step(self) -> None:
        self.states += 1
        if self.states % _ASK_EVERY == 0:
            if self._cancelled():
                raise Cancelled
            if self._out_of_time():
                raise OutOfTime


class Component:
    """The parts with these numbers of a puzzle, of which the best `count` answers are looked for.

    With `spread`, an answer is kept only if it costs less than that many points more than the best.
    """

    def __init__(self, puzzle: Puzzle, parts: list[int], count: int, spread: int | None = None) -> None:
        self.options: list[Option] = []
        self.part_of: list[int] = []
        self.numbers: list[range] = []
        names: dict[tuple[int, int], int] = {}
        for place, part in enumerate(parts):
            first = len(self.options)
            for index, option in enumerate(puzzle.parts[part].options):
                names[part, index] = len(self.options)
                self.options.append(option)
                self.part_of.append(place)
            self.numbers.append(range(first, len(self.options)))
        self.whole = tuple(range(len(parts)))
        self.bits = [sum(1 << number for number in numbers) for numbers in self.numbers]
        # With which other options each clashes for how long, and costs points; only where not nought.
        self.clash = [
            {names[other]: minutes for other, minutes in puzzle.clash.get(name, {}).items()} for name in names
        ]
        self.pair = [
            {names[other]: points for other, (points, _) in puzzle.pair.get(name, {}).items()} for name in names
        ]
        weight = [
            (1 + sum(len(self.clash[number]) for number in numbers))
            * max(1, *(sum(on.busy.bit_count() for on in self.options[number].days) for number in numbers))
            for numbers in self.numbers
        ]
        self.days = Bounds(puzzle, self.options, self.bits, self.pair, weight)
        self.count = count
        self._spread = spread
        self._best: tuple[int, int] | None = None
        self._heap: list[tuple[int, int, tuple[int, ...]]] = []  # the worst on top, costs negated
        self._seen: set[tuple[int, ...]] = set()
        self.cut: tuple[int, int] | None = None  # what an answer has to be below to be kept

    @property
    def found(self) -> bool:
        """Whether there is any answer."""
        return bool(self._heap)

    def answers(self) -> list[Answer]:
        """The best answers found, best first; options by their place in their part."""
        found = sorted((-clash, -points, chosen) for clash, points, chosen in self._heap)
        return [
            Answer(
                tuple(number - numbers.start for number, numbers in zip(chosen, self.numbers, strict=True)),
                clash,
                points,
            )
            for clash, points, chosen in found
        ]

    def keep(self, clash: int, points: int, chosen: tuple[int, ...]) -> None:
        """Keeps an answer, an option of every part in their order, if it is one of the best."""
        if chosen in self._seen or (self.cut is not None and (clash, points) >= self.cut):
            return
        if len(self._heap) == self.count:
            self._seen.discard(heappop(self._heap)[2])
        self._seen.add(chosen)
        heappush(self._heap, (-clash, -points, chosen))
        self._best = min(self._best or (clash, points), (clash, points))
        if self._spread is not None:
            self.cut = self._best[0], self._best[1] + self._spread
        if len(self._heap) == self.count:
            worst = -self._heap[0][0], -self._heap[0][1]
            self.cut = worst if self.cut is None else min(self.cut, worst)

    def points(self, chosen: tuple[int, ...]) -> int:
        """What an answer costs in points."""
        points = 0
        for place, number in enumerate(chosen):
            partners = self.pair[number]
            points += self.options[number].points + sum([partners.get(each, 0) for each in chosen[:place]])
        return points + self.days.points(self.days.taken(self.days.nothing, chosen))

    def settle(self) -> None:
        """Makes sure of one answer, however poor, where the time was over before the first."""
        if self.found:
            return
        chosen: list[int] = []
        clash = 0
        for part in sorted(self.whole, key=lambda part: (len(self.numbers[part]), part)):
            spent = {
                number: self.options[number].clash + sum(self.clash[number].get(each, 0) for each in chosen)
                for number in self.numbers[part]
            }
            best = min(spent, key=lambda number: (spent[number], self.options[number].points))
            clash += spent[best]
            chosen.append(best)
        answer = tuple(sorted(chosen))
        self.keep(clash, self.points(answer), answer)
