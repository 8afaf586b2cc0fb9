"""Days put together to answers: a branch and bound that looks ahead at every option with what each day can still hold.

Hides what happens at a state. A state is what is left of every day, and the options that may still be had. For each of
those it is told what an answer with it costs at least: what is left of the days, with it and without the others of its
part, and what the parts pay. Where that is too much the option is struck out, and a part with one option left has it.
What is left of the days is then less, until nothing changes; then the part with the fewest options is tried out.

Days may be left open: those are known to be further than the others from their cheapest set, and they are not listed
but looked at in their graph, with what is chosen and what may still be (see `day_by_day` for why that is few).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import inf

from desktop.domain.component import Component, TooFar, Watch
from desktop.domain.day_sets import DaySets
from desktop.domain.prices import IMPOSSIBLE, Prices, numbers_of

_WORTH_ANOTHER_LOOK = 3  # options struck out


@dataclass(slots=True)
class _State:
    """What each day can still hold (nought where it is open), the options alive and chosen, and the open parts."""

    left: list[int]
    alive: int
    chosen: int
    waiting: tuple[int, ...]


class Join:
    """Joins the days of a component. Costs are told above the bound; `states_left` may be set at any time."""

    def __init__(self, component: Component, prices: Prices, watch: Watch) -> None:
        self._of = component
        self._prices = prices
        self._watch = watch
        link_of = {number: link for link in prices.links for number in numbers_of(link.bits)}
        self._link_of = [link_of[numbers[0]] for numbers in component.numbers]
        self._everything = (1 << len(component.options)) - 1
        self.states_left = inf

    def run(self, sets: DaySets, within: int, open_days: Collection[int] = ()) -> None:
        """Finds the best answers no further than `within` from the bound, each day no further than the sets go.

        The days that are open are further than that. Raises TooFar when no states are left; Cancelled, or OutOfTime, as
        the watch says.
        """
        if not all(whole or day in open_days for day, whole in enumerate(sets.whole)):
            return
        self._sets = sets
        self._limit = within
        self._open = sorted(open_days)
        left = [0 if day in open_days else whole for day, whole in enumerate(sets.whole)]
        self._search(_State(left, self._everything, 0, self._of.whole))

    @property
    def needed(self) -> int:
        """How far above the bound an answer may be to be among the best of those found."""
        cut, unit = self._of.cut, self._prices.unit
        return IMPOSSIBLE if cut is None else (cut[1] - 1) // unit * unit - self._prices.bound

    def _search(self, state: _State) -> None:
        self._watch.step()
        self.states_left -= 1
        if self.states_left < 0:
            raise TooFar
        while True:
            looked = self._look(state)
            if looked is None:
                return
            at_least, options, dead, sure = looked
            if not dead and not sure:
                break
            alive = state.alive
            if not self._settle(state, dead, sure):
                return
            if not sure and (alive & ~state.alive).bit_count() < _WORTH_ANOTHER_LOOK:
                break
        if not state.waiting:
            if at_least <= min(self._limit, self.needed):
                answer = tuple(numbers_of(state.chosen))
                self._of.keep(0, self._of.points(answer), answer)
            return
        # The part with the fewest options, and of those the one whose second best costs most.
        part = min(options, key=lambda each: (len(options[each]), -options[each][1][0]))
        waiting = tuple([each for each in state.waiting if each != part])
        for more, number in options[part]:
            if at_least + more > min(self._limit, self.needed):
                break
            child = _State(list(state.left), state.alive, state.chosen, waiting)
            if self._take(child, number):
                self._search(child)

    def _take(self, state: _State, number: int) -> bool:
        """Takes an option; whether anything is left then."""
        part = self._of.part_of[number]
        state.chosen |= 1 << number
        state.alive = state.alive & ~self._of.bits[part] | 1 << number
        for day, without, _ in self._sets.of_part[part]:
            if state.left[day]:
                state.left[day] &= self._sets.holding[day].get(number, without)
                if not state.left[day]:
                    return False
        return True

    def _settle(self, state: _State, dead: int, sure: list[int]) -> bool:
        """Strikes out what is dead and takes what is alone; whether anything is left then."""
        before = state.alive
        state.alive &= ~dead
        if not all(self._take(state, number) for number in sure):
            return False
        gone = before & ~state.alive
        taken = {self._of.part_of[number] for number in sure}
        state.waiting = tuple([part for part in state.waiting if part not in taken])
        for day, holding in enumerate(self._sets.holding):
            left = state.left[day]
            if left:
                for number in numbers_of(gone & self._prices.graphs[day].bits):
                    left &= ~holding[number]
                if not left:
                    return False
                state.left[day] = left
        return True

    def _look(self, state: _State) -> tuple[int, dict[int, list[tuple[int, int]]], int, list[int]] | None:
        """What an answer from here costs at least; by open part its options, each with how much more an answer with it
        costs at least; those that cost too much, as bits; and those that are alone. None where nothing is left.
        """
        costs = self._sets.costs
        alive = state.alive
        within = min(self._limit, self.needed)
        at_least = 0
        for link in self._prices.links:
            at_least += link.through(alive)[0]
        ways = {}
        for day in self._open:
            if at_least > within:
                return None
            its, with_each = self._prices.days[day].through(alive, state.chosen)
            further = self._sets.above + 1
            if its < further:
                with_each = {number: max(0, more - further + its) for number, more in with_each.items()}
            at_least += max(its, further)
            ways[day] = with_each
        cheapest = [left & -left for left in state.left]
        lows = [costs[day][lowest.bit_length() - 1] if lowest else 0 for day, lowest in enumerate(cheapest)]
        at_least += sum(lows)
        room = within - at_least
        if room < 0:
            return None
        options: dict[int, list[tuple[int, int]]] = {}
        dead = 0
        sure: list[int] = []
        for part in state.waiting:
            by_part = self._link_of[part].through(alive)[1]
            if part not in by_part:
                return None
            more_of = by_part[part].copy()
            without_any = 0
            for day, without, its_options in self._sets.of_part[part]:
                left = state.left[day]
                if not left:
                    its_ways = ways[day]
                    for number, _ in its_options:
                        if number in more_of:
                            more_of[number] += its_ways[number]
                    continue
                # What is cheapest often stays so, which is told without a look at all that is left.
                lowest, low, its_costs = cheapest[day], lows[day], costs[day]
                less = 0
                if not lowest & without:
                    its_left = left & without
                    less = its_costs[(its_left & -its_left).bit_length() - 1] - low if its_left else IMPOSSIBLE
                    without_any += less
                for number, holding in its_options:
                    if number in more_of:
                        if lowest & holding:
                            more_of[number] -= less
                        elif its_left := left & holding:
                            more_of[number] += its_costs[(its_left & -its_left).bit_length() - 1] - low - less
                        else:
                            del more_of[number]
            most = room - without_any
            kept = sorted([(more + without_any, number) for number, more in more_of.items() if more <= most])
            if not kept:
                return None
            if len(kept) == 1:
                sure.append(kept[0][1])
            else:
                options[part] = kept
            live = alive & self._of.bits[part]
            if len(kept) < live.bit_count():
                dead |= live & ~sum([1 << number for _, number in kept])
        return at_least, options, dead, sure
