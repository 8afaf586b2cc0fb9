"""The answers with the fewest minutes of clashes, and of those the cheapest, where no answer is free of clashes.

Hides that this takes two searches. The first finds the minutes of the best answers without a thought about points, so
it is quick. The second looks for the points, within those minutes.

Both rest on one bound. An answer clashes for the minutes of what is chosen, and for every other part at least for those
of the option that clashes least with what is chosen. To each option the minutes are added that it must clash with other
open parts whatever is chosen there, each two parts counted once, at the one that comes first by rank.
"""

from __future__ import annotations

from bisect import insort
from math import gcd
from operator import itemgetter
from typing import NamedTuple

from desktop.domain.bounds import State
from desktop.domain.component import Component, OutOfTime, Watch
from desktop.domain.lanes import Lanes

_bounds_and_number = itemgetter(0, 1)


class _Held(NamedTuple):
    """The minutes of a state: of what is chosen, of every option with that, and of every option at least.

    `row` has the lanes of what waits, `worth` the guards of options in it that do not clash too long.
    """

    spent: int
    clashes: int
    at_least: int
    row: int
    worth: int


class FewestClashes:
    """The search in one component. Minutes are counted in the greatest unit that all of them are whole in."""

    def __init__(self, component: Component, watch: Watch) -> None:
        self._of = component
        self._watch = watch
        own = [option.clash for option in component.options]
        self._unit = gcd(*own, *(minutes for partners in component.clash for minutes in partners.values())) or 1
        self._own = [minutes // self._unit for minutes in own]
        self._clash = [
            {other: minutes // self._unit for other, minutes in partners.items()} for partners in component.clash
        ]
        trouble = [sum(sum(self._clash[number].values()) for number in numbers) for numbers in component.numbers]
        self._trouble = [1 + each for each in trouble]
        order = sorted(component.whole, key=lambda part: (-trouble[part], part))
        self._rank = {part: place for place, part in enumerate(order)}
        most = sum(
            max(self._own[number] + sum(self._clash[number].values()) for number in numbers)
            for numbers in component.numbers
        )
        self._lanes = Lanes([len(numbers) for numbers in component.numbers], most)
        self._everything = sum(self._lanes.columns)
        self._with = [self._lanes.costs(partners) for partners in self._clash]
        self._shifts = self._shifts_of()
        self._children = [
            sum(self._shifts[number] << copy * self._lanes.bits for copy, number in enumerate(numbers))
            for numbers in component.numbers
        ]
        self._found: list[tuple[int, tuple[int, ...]]] = []  # minutes and options of the best answers, best first
        self._limits = 0, 0

    def run(self) -> None:
        """Finds the best answers. Raises Cancelled, or OutOfTime, as the watch says; what was found by then is kept."""
        try:
            self._run()
        except OutOfTime:
            for minutes, answer in self._found:
                self._of.keep(minutes * self._unit, self._of.points(answer), answer)
            raise

    def _run(self) -> None:
        own = self._lanes.costs(dict(enumerate(self._own)))
        absent = self._lanes.closed(self._everything)
        at_least = own + self._lanes.costs(dict(enumerate(self._towards()))) | absent
        whole, row = self._of.whole, sum(self._lanes.rows)
        self._minutes((), whole, row, 0, own, at_least, self._lanes.cheapest(at_least))
        self._limits = self._found[0][0], self._found[-1][0]
        alive = (1 << len(self._of.options)) - 1
        days = self._of.days
        start = days.least(alive, whole, days.whole, days.nothing, 0, days.loads, None)
        if start is not None:
            held = _Held(0, own, at_least, row, self._everything)
            self._points(alive, (), whole, start[2], held, days.whole, days.nothing, 0, days.loads)

    def _towards(self) -> list[int]:
        """For each option the minutes it must clash with parts that come later by rank, at least."""
        of = self._of
        return [
            sum(
                min(partners.get(other, 0) for other in of.numbers[part])
                for part in of.whole
                if self._rank[part] > self._rank[of.part_of[number]]
            )
            for number, partners in enumerate(self._clash)
        ]

    def _shifts_of(self) -> list[int]:
        """How the minutes that options clash at least change when one is taken: what it has instead of the mildest."""
        shifts = []
        for part, numbers in enumerate(self._of.numbers):
            earlier = [self._rank[self._of.part_of[other]] < self._rank[part] for other in range(len(self._clash))]
            always = set.intersection(*(set(self._clash[number]) for number in numbers))
            mildest = {
                other: min(self._clash[number][other] for number in numbers) for other in always if earlier[other]
            }
            shifts += [
                self._lanes.costs(
                    {other: minutes - mildest.get(other, 0) for other, minutes in self._clash[number].items()}
                )
                for number in numbers
            ]
        return shifts

    def _minutes(
        self,
        chosen: tuple[int, ...],
        waiting: tuple[int, ...],
        row: int,
        spent: int,
        clashes: int,
        at_least: int,
        cheapest: int,
    ) -> None:
        """Finds the minutes of clashes of the best answers, fewest first, without a thought about points.

        Of every option there are the minutes that it clashes with what is chosen, and those that it clashes at least;
        `row` has the lanes of what waits, and `cheapest` what is in them.
        """
        self._watch.step()
        if not waiting:
            self._with_neighbours(spent, clashes, chosen)
            return
        lanes = self._lanes
        found = self._found
        full = len(found) == self._of.count
        room = found[-1][0] - spent - lanes.total(cheapest) if full else lanes.most
        worth = self._everything & ~lanes.dear(at_least, cheapest, room)
        # What makes most trouble for the fewest options comes first.
        urgency = [(worth & lanes.columns[each]).bit_count() / self._trouble[each] for each in waiting]
        part = waiting[urgency.index(min(urgency))]
        rest = tuple([each for each in waiting if each != part])
        numbers = self._of.numbers[part]
        row &= ~lanes.rows[part]
        after = lanes.copies(at_least, len(numbers)) + self._children[part]
        rows = lanes.cheapest(after, len(numbers))
        children = []
        for copy, number in enumerate(numbers):
            least = lanes.copy(rows, copy) & row
            minutes = spent + lanes.cost(clashes, number)
            children.append((minutes + lanes.total(least), number, minutes, lanes.copy(after, copy), least))
        children.sort()
        for bound, number, minutes, its, least in children:
            if len(found) == self._of.count and bound >= found[-1][0]:
                break
            self._minutes((*chosen, number), rest, row, minutes, clashes + self._with[number], its, least)

    def _with_neighbours(self, spent: int, clashes: int, chosen: tuple[int, ...]) -> None:
        """Remembers an answer and those that differ from it in one part, and goes on from the best of them while it is
        better: a good answer found early spares much of the search."""
        cost = self._lanes.cost
        answer = sorted(chosen)
        while True:
            self._remember(spent, answer)
            gain, place, better = 0, 0, 0
            for part, number in enumerate(answer):
                now = cost(clashes, number)
                for other in self._of.numbers[part]:
                    more = cost(clashes, other) - now
                    if other != number and spent + more <= self._found[-1][0]:
                        self._remember(spent + more, [*answer[:part], other, *answer[part + 1 :]])
                        if more < gain:
                            gain, place, better = more, part, other
            if not gain:
                return
            spent += gain
            clashes += self._with[better] - self._with[answer[place]]
            answer[place] = better

    def _remember(self, spent: int, answer: list[int]) -> None:
        found = spent, tuple(answer)
        if found not in self._found:
            insort(self._found, found)
            del self._found[self._of.count :]

    def _points(
        self,
        alive: int,
        chosen: tuple[int, ...],
        waiting: tuple[int, ...],
        part: int,
        held: _Held,
        row: int,
        state: State,
        points: int,
        loads: int,
    ) -> None:
        """Searches answers whose minutes of clashes are within the limits, for those with the fewest points.

        From a state, at an open part; `points` are those of what is chosen, days apart; `row` the lanes of what waits.
        """
        self._watch.step()
        of, days = self._of, self._of.days
        if not waiting:
            of.keep(held.spent * self._unit, points + days.points(state), tuple(sorted(chosen)))
            return
        others = tuple([each for each in waiting if each != part])
        children = []
        for number in of.numbers[part]:
            if not alive >> number & 1:
                continue
            settled = self._settled(number, others, held)
            if settled is None:
                continue
            numbers, rest, its_held, minutes = settled
            bound = minutes * self._unit
            live = alive & ~self._lanes.numbers(held.worth & ~its_held.worth)
            after, its_points, its_loads, its_row = days.taken(state, numbers), points, loads, row
            for each in numbers:
                its_points += days.load(its_loads, each)
                its_loads = days.loads_after(its_loads, each)
                its_row &= ~days.lanes.rows[of.part_of[each]]
            below = of.cut[1] if of.cut is not None and bound == of.cut[0] else None
            least = days.least(live, rest, its_row, after, its_points, its_loads, below)
            if least is not None and (of.cut is None or (bound, least[0]) < of.cut):
                cost, live, urgent = least
                child = live, (*chosen, *numbers), rest, urgent, its_held, its_row, after, its_points, its_loads
                children.append(((bound, cost), number, child))
        children.sort(key=_bounds_and_number)
        for bounds, _, child in children:
            if of.cut is not None and bounds >= of.cut:
                break
            self._points(*child)

    def _settled(
        self, number: int, waiting: tuple[int, ...], held: _Held
    ) -> tuple[list[int], tuple[int, ...], _Held, int] | None:
        """An option with all that it leaves without a choice within the limits; the parts still open, the minutes by
        then, and those of every answer from there at least. None where that does not work out.
        """
        lanes, (best, most) = self._lanes, self._limits
        columns = lanes.columns
        spent, clashes, at_least, row, worth = held
        worth = worth & ~columns[self._of.part_of[number]] | lanes.guards[number]
        numbers = [number]
        bound = 0
        for taken in numbers:  # grows as it goes
            guard = lanes.guards[taken]
            if not worth & guard:
                return None
            worth ^= guard
            spent += lanes.cost(clashes, taken)
            clashes += self._with[taken]
            at_least += self._shifts[taken]
            row &= ~lanes.rows[self._of.part_of[taken]]
            cheapest = lanes.cheapest(at_least) & row
            bound = spent + lanes.total(cheapest)
            if bound > most:
                return None
            worth &= ~lanes.dear(at_least, cheapest, most - bound + 1)
            lives = [worth & columns[each] for each in waiting]
            if not all(lives):
                return None
            alone = [live for live in lives if not live & (live - 1)]
            if alone:
                numbers += [lanes.number(live) for live in alone]
                waiting = tuple([each for each, live in zip(waiting, lives, strict=True) if live & (live - 1)])
        # No answer has fewer minutes than the best.
        return numbers, waiting, _Held(spent, clashes, at_least, row, worth), max(bound, best)
