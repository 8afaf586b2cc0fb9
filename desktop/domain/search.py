"""The best ways to fill a puzzle, exactly: branch and bound over parts, with bounds from what options are forced to.

Hides the search. Parts that share no kind of day and no cost are searched apart and their answers joined. Within one
component a state is an option for some parts and, for each other part, the options still alive, as bits. Its bound adds
the cheapest option alive of every part to what the days must cost: a day that every live option of a part uses is used,
and its first and last minute are at best the mildest of those options'. Where no answer is free of clashes, the same
search minimises the minutes of clashes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from operator import add

from desktop.domain.bounds import Bounds, State
from desktop.domain.errors import Cancelled
from desktop.domain.puzzle import Option, Puzzle

_ASK_EVERY = 64  # states between two questions whether to go on


@dataclass(frozen=True, slots=True)
class Answer:
    """An option for every part, what it costs in clash minutes and in points."""

    chosen: tuple[int, ...]
    clash: int
    points: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The best answers, best first. `proven` is False where the search was stopped before it could be sure."""

    best: tuple[Answer, ...]
    proven: bool
    states: int


class OutOfTime(Exception):
    """The time given is over; what was found stands, but is not proven."""


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


def best_answers(puzzle: Puzzle, count: int, watch: Watch) -> Answers:
    """The `count` cheapest answers by clash minutes, then points. Raises Cancelled."""
    per_component: list[tuple[list[int], list[Answer]]] = []
    proven = True
    for parts in components(puzzle):
        search = _Component(puzzle, parts, count, watch)
        try:
            search.run()
        except OutOfTime:
            proven = False
            search.settle()
        per_component.append((parts, search.answers()))
    return Answers(tuple(_joined(puzzle, per_component, count)), proven, watch.states)


def components(puzzle: Puzzle) -> list[list[int]]:
    """Parts in groups that have nothing to do with each other."""
    leader = list(range(len(puzzle.parts)))

    def find(part: int) -> int:
        while leader[part] != part:
            leader[part] = leader[leader[part]]
            part = leader[part]
        return part

    on_day: dict[int, int] = {}
    for number, part in enumerate(puzzle.parts):
        for option in part.options:
            for on in option.days:
                leader[find(number)] = find(on_day.setdefault(on.day, number))
    for table in (puzzle.clash, puzzle.pair):
        for (part_number, _), partners in table.items():
            for other, _ in partners:
                leader[find(part_number)] = find(other)
    grouped: dict[int, list[int]] = {}
    for number in range(len(puzzle.parts)):
        grouped.setdefault(find(number), []).append(number)
    return list(grouped.values())


def _joined(puzzle: Puzzle, found: Sequence[tuple[list[int], list[Answer]]], count: int) -> list[Answer]:
    """The cheapest ways to take one answer of every component."""
    best: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
    for _, answers in found:
        best = sorted(
            (clash + answer.clash, points + answer.points, (*picked, place))
            for clash, points, picked in best
            for place, answer in enumerate(answers)
        )[:count]
    joined = []
    for clash, points, picked in best:
        chosen = [0] * len(puzzle.parts)
        for (parts, answers), place in zip(found, picked, strict=True):
            for part in parts:
                chosen[part] = answers[place].chosen[parts.index(part)]
        joined.append(Answer(tuple(chosen), clash, points))
    return joined


class _Component:
    """One component. Options are numbered through; `alive` is a number with a bit for each."""

    def __init__(self, puzzle: Puzzle, parts: list[int], count: int, watch: Watch) -> None:
        self._puzzle = puzzle
        self._count = count
        self._watch = watch
        self._parts = parts
        self._first: list[int] = []
        self._options: list[Option] = []
        self._part_of: list[int] = []
        names: dict[tuple[int, int], int] = {}
        for place, part in enumerate(parts):
            self._first.append(len(self._options))
            for index, option in enumerate(puzzle.parts[part].options):
                names[part, index] = len(self._options)
                self._options.append(option)
                self._part_of.append(place)
        self._end = [*self._first[1:], len(self._options)]
        self._bits = [
            ((1 << len(puzzle.parts[part].options)) - 1) << self._first[place] for place, part in enumerate(parts)
        ]
        self._clash = [
            {names[other]: minutes for other, minutes in puzzle.clash.get(name, {}).items()} for name in names
        ]
        self._pair = [
            {names[other]: points for other, (points, _) in puzzle.pair.get(name, {}).items()} for name in names
        ]
        everything = (1 << len(self._options)) - 1
        self._compatible = [everything & ~sum(1 << other for other in partners) for partners in self._clash]
        self._days = Bounds(puzzle, self._options, self._bits)
        self._weight = [
            (1 + sum(len(self._clash[number]) for number in self._numbers(place)))
            * max(1, *(sum(on.busy.bit_count() for on in option.days) for option in puzzle.parts[part].options))
            for place, part in enumerate(parts)
        ]
        self._found: list[tuple[int, int, tuple[int, ...]]] = []  # a heap, the worst on top, costs negated
        self._seen: set[tuple[int, ...]] = set()
        self._cut: tuple[int, int] | None = None
        self._shifts: list[list[int]] = []

    # What is kept

    def answers(self) -> list[Answer]:
        found = sorted((-clash, -points, chosen) for clash, points, chosen in self._found)
        return [
            Answer(tuple(number - self._first[place] for place, number in enumerate(chosen)), clash, points)
            for clash, points, chosen in found
        ]

    def _keep(self, clash: int, points: int, chosen: tuple[int, ...]) -> None:
        if chosen in self._seen:
            return
        if len(self._found) == self._count:
            worst = self._found[0]
            if (clash, points) >= (-worst[0], -worst[1]):
                return
            heappop(self._found)
            self._seen.discard(worst[2])
        self._seen.add(chosen)
        heappush(self._found, (-clash, -points, chosen))
        if len(self._found) == self._count:
            self._cut = -self._found[0][0], -self._found[0][1]
        heapify(self._found)

    # The search

    def run(self) -> None:
        """Finds the answers free of clashes; where there is none, those with the fewest minutes of clashes."""
        whole = tuple(range(len(self._parts)))
        no_days = self._days.nothing
        loads = [option.points for option in self._options]
        free = sum(1 << number for number, option in enumerate(self._options) if not option.clash)
        if all(free & bits for bits in self._bits):
            self._free(free, (), whole, no_days, 0, loads)
        if not self._found:
            order = sorted(whole, key=lambda part: (-self._trouble(part), part))
            towards = self._towards(order)
            clashes = [option.clash for option in self._options]
            limits = self._fewest(order, towards, clashes)
            self._shifts = self._shifts_of(order)
            at_least = list(map(add, clashes, towards))
            self._least(limits, (1 << len(self._options)) - 1, (), whole, no_days, 0, 0, loads, at_least)

    def settle(self) -> None:
        """Makes sure of one answer, however poor, where the time was over before the first."""
        if self._found:
            return
        chosen: list[int] = []
        clash = 0
        for part in sorted(range(len(self._parts)), key=lambda part: (len(self._numbers(part)), part)):
            spent = {
                number: self._options[number].clash + sum(self._clash[number].get(each, 0) for each in chosen)
                for number in self._numbers(part)
            }
            best = min(spent, key=lambda number: (spent[number], self._options[number].points))
            clash += spent[best]
            chosen.append(best)
        chosen.sort()
        state = self._days.nothing
        points = 0
        for place, number in enumerate(chosen):
            points += self._options[number].points + sum(self._pair[number].get(each, 0) for each in chosen[:place])
            state = self._days.taken(state, number)
        self._keep(clash, points + self._days.points(state), tuple(chosen))

    def _numbers(self, part: int) -> range:
        return range(self._first[part], self._first[part] + len(self._puzzle.parts[self._parts[part]].options))

    def _urgency(self, part: int, alive: int) -> tuple[bool, float]:
        """What is settled comes first, then what fills and forbids most of the week for the fewest options."""
        count = (alive & self._bits[part]).bit_count()
        return count > 1, count / self._weight[part]

    # Where clashes cannot be avoided

    def _trouble(self, part: int) -> int:
        return sum(sum(self._clash[number].values()) for number in self._numbers(part))

    def _towards(self, order: list[int]) -> list[int]:
        """For each option the minutes it must clash with parts that come later in the order, at least."""
        towards = []
        for number, partners in enumerate(self._clash):
            place = order.index(self._part_of[number])
            towards.append(
                sum(min(partners.get(other, 0) for other in self._numbers(part)) for part in order[place + 1 :])
            )
        return towards

    def _fewest(self, order: list[int], towards: list[int], clashes: list[int]) -> list[int]:
        """The minutes of clashes of the best answers, fewest first, without a thought about points."""
        found: list[int] = []

        def walk(depth: int, spent: int, acc: list[int]) -> None:
            self._watch.step()
            if depth == len(order):
                found.append(spent)
                found.sort()
                del found[self._count :]
                return
            rest = order[depth + 1 :]
            children = []
            for number in self._numbers(order[depth]):
                its = self._with_clashes(acc, number)
                at_least = list(map(add, its, towards))
                bound = spent + acc[number]
                bound += sum([min(at_least[self._first[part] : self._end[part]]) for part in rest])
                children.append((bound, number, its))
            children.sort(key=lambda each: each[:2])
            for bound, number, its in children:
                if len(found) == self._count and bound >= found[-1]:
                    break
                walk(depth + 1, spent + acc[number], its)

        walk(0, 0, clashes)
        return found

    def _shifts_of(self, order: list[int]) -> list[list[int]]:
        """How the minutes that options clash at least change when one is taken: what it has instead of the mildest."""
        places = {part: place for place, part in enumerate(order)}
        shifts = []
        for part in range(len(self._parts)):
            mildest = [
                min(self._clash[each].get(other, 0) for each in self._numbers(part))
                if places[self._part_of[other]] < places[part]
                else 0
                for other in range(len(self._options))
            ]
            for number in self._numbers(part):
                partners = self._clash[number]
                shifts.append([partners.get(other, 0) - less for other, less in enumerate(mildest)])
        return shifts

    def _least(
        self,
        limits: list[int],
        alive: int,
        chosen: tuple[int, ...],
        waiting: tuple[int, ...],
        state: State,
        spent: int,
        points: int,
        loads: list[int],
        at_least: list[int],
    ) -> None:
        """Searches answers whose minutes of clashes are within the limits, for those with the fewest points.

        `at_least` are the minutes that each option clashes with what is chosen, and has to with what is not.
        """
        self._watch.step()
        if not waiting:
            self._keep(spent, points + self._days.points(state), tuple(sorted(chosen)))
            return
        part = min(waiting, key=lambda each: self._urgency(each, alive))
        rest = tuple(each for each in waiting if each != part)
        children = []
        for number in self._numbers(part):
            if not alive >> number & 1:
                continue
            its = list(map(add, at_least, self._shifts[number]))
            least = [min(its[self._first[each] : self._end[each]]) for each in rest]
            partners = self._clash[number]
            minutes = spent + self._options[number].clash + sum([partners.get(each, 0) for each in chosen])
            bound = minutes + sum(least)
            if bound > limits[-1]:
                continue
            live = self._within(alive, rest, least, its, limits[-1] - bound)
            if live is None:
                continue
            bound = max(bound, limits[0])  # no answer has fewer minutes than the best
            after = self._days.taken(state, number)
            its_points = points + loads[number]
            its_loads = self._with_pairs(loads, number)
            below = self._cut[1] if self._cut is not None and bound == self._cut[0] else None
            cost, live = self._days.least(live, rest, after, its_points, its_loads, below)
            if self._cut is None or (bound, cost) < self._cut:
                children.append(((bound, cost), number, live, minutes, after, its_points, its_loads, its))
        children.sort(key=lambda each: each[:2])
        for bounds, number, live, minutes, after, its_points, its_loads, its in children:
            if self._cut is not None and bounds >= self._cut:
                break
            self._least(limits, live, (*chosen, number), rest, after, minutes, its_points, its_loads, its)

    def _within(
        self, alive: int, rest: tuple[int, ...], least: list[int], at_least: list[int], room: int
    ) -> int | None:
        """The options alive that clash by no more than so much over the mildest of their part; None if a part has none.

        Options of parts that are not asked for are left out.
        """
        found = 0
        for part, mildest in zip(rest, least, strict=True):
            live = alive & self._bits[part]
            most = mildest + room
            for number in self._numbers(part):
                if at_least[number] > most:
                    live &= ~(1 << number)
            if not live:
                return None
            found |= live
        return found

    def _with_clashes(self, clashes: list[int], number: int) -> list[int]:
        """The minutes every option clashes with what is taken, with one more option taken."""
        if not self._clash[number]:
            return clashes
        clashes = list(clashes)
        for other, minutes in self._clash[number].items():
            clashes[other] += minutes
        return clashes

    # Without clashes

    def _free(
        self,
        alive: int,
        chosen: tuple[int, ...],
        waiting: tuple[int, ...],
        state: State,
        points: int,
        loads: list[int],
    ) -> None:
        """Searches answers without any clash. `points` are those of what is chosen, days apart."""
        self._watch.step()
        if not waiting:
            self._keep(0, points + self._days.points(state), tuple(sorted(chosen)))
            return
        part = min(waiting, key=lambda each: self._urgency(each, alive))
        others = tuple(each for each in waiting if each != part)
        children = []
        live = alive & self._bits[part]
        while live:
            number = (live & -live).bit_length() - 1
            live &= live - 1
            settled = self._settled(number, alive, others)
            if settled is None:
                continue
            numbers, child, rest = settled
            after, its, its_loads = state, points, loads
            for each in numbers:
                after = self._days.taken(after, each)
                its += its_loads[each]
                its_loads = self._with_pairs(its_loads, each)
            below = None if self._cut is None else self._cut[1]
            bound, child = self._days.least(child, rest, after, its, its_loads, below)
            if below is None or bound < below:
                children.append((bound, number, (*chosen, *numbers), child, rest, after, its, its_loads))
        children.sort(key=lambda each: each[:2])
        for bound, _, taken, child, rest, after, its, its_loads in children:
            if self._cut is not None and (0, bound) >= self._cut:
                break
            self._free(child, taken, rest, after, its, its_loads)

    def _settled(
        self, number: int, alive: int, waiting: tuple[int, ...]
    ) -> tuple[tuple[int, ...], int, tuple[int, ...]] | None:
        """An option with all that it leaves without a choice, what is alive then, and the parts still open.

        None where that does not work out.
        """
        numbers = [number]
        for taken in numbers:  # grows as it goes
            if not alive >> taken & 1:
                return None
            alive &= self._compatible[taken]
            rest = []
            for each in waiting:
                live = alive & self._bits[each]
                if not live:
                    return None
                if live & (live - 1):
                    rest.append(each)
                else:
                    numbers.append(live.bit_length() - 1)
            waiting = tuple(rest)
        return tuple(numbers), alive, waiting

    def _with_pairs(self, loads: list[int], number: int) -> list[int]:
        """The points of every option, with what it costs together with this one."""
        if not self._pair[number]:
            return loads
        loads = list(loads)
        for other, more in self._pair[number].items():
            loads[other] += more
        return loads
