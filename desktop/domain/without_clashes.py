"""The best answers free of clashes: branch and bound over options.

Hides the order of the search. A state is an option for some parts and, for each other part, the options that clash with
none of those. It is left where its bound (see `search` and `bounds`) is not below the worst of the answers that are
kept. Options that are alone in their part are taken at once, and what cannot be in any answer still worth it is struck
out on the way. The options of a part are tried from the lowest bound on, so that good answers are found early.
"""

from __future__ import annotations

from math import inf
from operator import itemgetter

from desktop.domain.bounds import State
from desktop.domain.component import Component, TooFar, Watch

_bound_and_number = itemgetter(0, 1)


class FreeOfClashes:
    """The search in one component."""

    def __init__(self, component: Component, watch: Watch) -> None:
        self._of = component
        self._days = component.days
        self._bits = component.bits
        self._watch = watch
        self._states_left = inf
        everything = (1 << len(component.options)) - 1
        self._compatible = [everything & ~sum(1 << other for other in partners) for partners in component.clash]

    def run(self, states: float = inf) -> None:
        """Finds the best answers, if there are any.

        Raises TooFar after so many states; Cancelled, or OutOfTime, as the watch says.
        """
        self._states_left = states
        alive = sum(1 << number for number, option in enumerate(self._of.options) if not option.clash)
        if all(alive & bits for bits in self._bits):
            days, whole = self._days, self._of.whole
            start = days.least(alive, whole, days.whole, days.nothing, 0, days.loads, None)
            if start is not None:
                self._search(alive, (), whole, start[2], days.whole, days.nothing, 0, days.loads)

    def _search(
        self,
        alive: int,
        chosen: tuple[int, ...],
        waiting: tuple[int, ...],
        part: int,
        row: int,
        state: State,
        points: int,
        loads: int,
    ) -> None:
        """Searches from a state, at an open part.

        `points` are those of what is chosen, days apart; `row` has the lanes of what waits.
        """
        self._watch.step()
        self._states_left -= 1
        if self._states_left < 0:
            raise TooFar
        if not waiting:
            self._of.keep(0, points + self._days.points(state), tuple(sorted(chosen)))
            return
        days = self._days
        others = tuple([each for each in waiting if each != part])
        children = []
        live = alive & self._bits[part]
        while live:
            number = (live & -live).bit_length() - 1
            live &= live - 1
            settled = self._settled(number, alive, others)
            if settled is None:
                continue
            numbers, child, rest = settled
            after = days.taken(state, numbers)
            its, its_loads, its_row = points, loads, row
            for each in numbers:
                its += days.load(its_loads, each)
                its_loads = days.loads_after(its_loads, each)
                its_row &= ~days.lanes.rows[self._of.part_of[each]]
            below = None if self._of.cut is None else self._of.cut[1]
            least = days.least(child, rest, its_row, after, its, its_loads, below)
            if least is not None and (below is None or least[0] < below):
                bound, child, urgent = least
                then = child, (*chosen, *numbers), rest, urgent, its_row, after, its, its_loads
                children.append((bound, number, then))
        children.sort(key=_bound_and_number)
        for bound, _, then in children:
            if self._of.cut is not None and (0, bound) >= self._of.cut:
                break
            self._search(*then)

    def _settled(
        self, number: int, alive: int, waiting: tuple[int, ...]
    ) -> tuple[tuple[int, ...], int, tuple[int, ...]] | None:
        """An option with all that it leaves without a choice, what is alive then, and the parts still open.

        None where that does not work out.
        """
        numbers = [number]
        bits = self._bits
        for taken in numbers:  # grows as it goes
            if not alive >> taken & 1:
                return None
            alive &= self._compatible[taken]
            lives = [alive & bits[each] for each in waiting]
            if not all(lives):
                return None
            alone = [live for live in lives if not live & (live - 1)]
            if alone:
                numbers += [live.bit_length() - 1 for live in alone]
                waiting = tuple([each for each, live in zip(waiting, lives, strict=True) if live & (live - 1)])
        return tuple(numbers), alive, waiting
