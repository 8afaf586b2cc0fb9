"""The best ways to fill a puzzle, exactly: parts that have nothing to do with each other are searched apart.

Hides that there are several searches. Parts that share no kind of day and no cost are a component. Each is searched
for answers free of clashes, and where it has none, for those with the fewest minutes of clashes; the answers of all are
then joined. The best of the whole are made of the best of each: were an answer not among the best of its component, as
many others could take its place, and none would be dearer. The same goes for one that costs more above the best of its
component than the last of those kept of another does above the best there, so each component leaves less to the next.

The searches are branch and bound. A state is an option for some parts, and for the others the options that may still
be had. A bound is a cost that no answer reached from a state is below: it may be too low, never too high. Where it is
not below the worst of the answers kept, the state is left, and nothing is lost that would have been kept, however poor
the bound is. How good it is decides only how long the search takes. `bounds` has it for points, `fewest_clashes` for
minutes of clashes, and `lanes` makes both quick. Where classes are few, so that many answers are free of clashes and
hardly a bound tells them apart, `day_by_day` puts together whole days as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from desktop.domain.component import Answer, Component, OutOfTime, TooFar, Watch
from desktop.domain.day_by_day import DayByDay
from desktop.domain.fewest_clashes import FewestClashes
from desktop.domain.puzzle import Puzzle
from desktop.domain.without_clashes import FreeOfClashes

_FIRST_TURN = 3000  # states of putting days together
_QUICKER = 3  # as many states by option take as long
_LONGER = 6  # times as many in the next turn


@dataclass(frozen=True, slots=True)
class Answers:
    """The best answers, best first. `proven` is False where the search was stopped before it could be sure."""

    best: tuple[Answer, ...]
    proven: bool
    states: int


def best_answers(puzzle: Puzzle, count: int, watch: Watch) -> Answers:
    """The `count` cheapest answers by clash minutes, then points. Raises Cancelled."""
    per_component: list[tuple[list[int], list[Answer]]] = []
    proven = True
    spread: int | None = None
    # What costs much together makes a search long, so it comes last, when there is little left to look for.
    for parts in sorted(components(puzzle), key=lambda parts: (_costs_together(puzzle, parts), parts)):
        component = Component(puzzle, parts, count, spread)
        try:
            _without_clashes(component, puzzle, watch)
            if not component.found:
                FewestClashes(component, watch).run()
        except OutOfTime:
            proven = False
            component.settle()
        answers = component.answers()
        per_component.append((parts, answers))
        if len(answers) == count and answers[0].clash == answers[-1].clash:
            its = answers[-1].points - answers[0].points
            spread = its if spread is None else min(its, spread)
    return Answers(tuple(_joined(puzzle, per_component, count)), proven, watch.states)


def _without_clashes(component: Component, puzzle: Puzzle, watch: Watch) -> None:
    """Finds the best answers free of clashes by the search that is quicker.

    Which one that is shows only when it is done, so both get a turn, and longer ones from time to time. Where time
    between classes costs nothing, most days cost the same however they are filled, and options are tried first.
    """
    by_option = FreeOfClashes(component, watch)
    by_day = DayByDay(component, puzzle, watch)
    if not by_day.suits():
        by_option.run()
        return
    states = _FIRST_TURN
    days_first = puzzle.gap > 0
    while True:
        if days_first:
            with suppress(TooFar):
                if not by_day.run(states):
                    by_option.run()
                return
        days_first = True
        with suppress(TooFar):
            by_option.run(states * _QUICKER)
            return
        states *= _LONGER


def _costs_together(puzzle: Puzzle, parts: Sequence[int]) -> int:
    """How many pairs of options of these parts cost something together."""
    return sum(
        len(puzzle.pair.get((part, index), ())) for part in parts for index in range(len(puzzle.parts[part].options))
    )


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
