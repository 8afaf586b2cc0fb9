"""Why nothing fits: a smallest-possible circle of parts that cannot be had together, each of them needed for it.

Hides the search for it. A failed attempt to fill everything touches only some parts; those are taken one away after
the other, and whatever still fails without one is smaller. What is left fails, and without any one of it does not.

Most of a year has nothing to do with why it cannot be had. So an attempt goes back from a dead end over what took
options from it, leaving out what did not, and looks first at the parts that were dead ends before.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.component import Watch
from desktop.domain.puzzle import Puzzle


def minimal_core(puzzle: Puzzle, watch: Watch) -> tuple[int, ...]:
    """Numbers of parts that have no answer free of clashes together, minimal; empty where everything has one.

    Raises Cancelled, or OutOfTime where the watch says so.
    """
    attempts = _Attempts(puzzle, watch)
    whole = list(range(len(puzzle.parts)))
    core = attempts.failing(whole)
    if core is None:
        return ()
    needed: list[int] = []
    waiting = core
    while waiting:
        part = waiting[0]
        smaller = attempts.failing([*needed, *waiting[1:]])
        if smaller is None:
            needed.append(part)
            waiting = waiting[1:]
        else:
            waiting = [each for each in waiting[1:] if each in smaller]
    return tuple(sorted(needed))


class _Attempts:
    """Tries to fill parts without any clash. Options are bits of one number, through all parts."""

    def __init__(self, puzzle: Puzzle, watch: Watch) -> None:
        self._watch = watch
        names = {
            (number, index): place
            for place, (number, index) in enumerate(
                (number, index) for number, part in enumerate(puzzle.parts) for index in range(len(part.options))
            )
        }
        self._own = [0] * len(puzzle.parts)
        self._part_of = [number for number, _ in names]
        self._alive = 0
        self._conflicts = []
        for (number, index), place in names.items():
            self._own[number] |= 1 << place
            if not puzzle.parts[number].options[index].clash:
                self._alive |= 1 << place
            self._conflicts.append(sum(1 << names[other] for other in puzzle.clash.get((number, index), {})))
        self._weight = [1] * len(puzzle.parts)

    def failing(self, parts: Sequence[int]) -> list[int] | None:
        """The parts that a failed attempt needed, or None where the attempt succeeded."""
        blame = self._fill(self._alive, tuple(parts), {})
        return None if blame is None else [part for part in parts if part in blame]

    def _fill(self, alive: int, waiting: tuple[int, ...], gone: dict[int, set[int]]) -> set[int] | None:
        """Parts to blame for a dead end, or None. `gone` says for each part which choices took options from it."""
        self._watch.step()
        if not waiting:
            return None
        part = min(waiting, key=lambda each: ((alive & self._own[each]).bit_count() / self._weight[each], each))
        blame = {part} | gone.get(part, set())
        live = alive & self._own[part]
        rest = tuple(each for each in waiting if each != part)
        while live:
            bit = live & -live
            live ^= bit
            lost = alive & self._conflicts[bit.bit_length() - 1]
            after = alive & ~lost & ~self._own[part]
            its_gone = dict(gone)
            dead = None
            for each in rest:
                if lost & self._own[each]:
                    its_gone[each] = its_gone.get(each, set()) | {part}
                    if not after & self._own[each]:
                        dead = each
                        break
            if dead is not None:
                self._weight[dead] += 1
                blame |= {dead} | its_gone[dead]
                continue
            below = self._fill(after, rest, its_gone)
            if below is None:
                return None
            if part not in below:
                return below  # the dead end has nothing to do with what is chosen here
            blame |= below
        return blame
