"""What a page shows, whichever engine looked at it: words with their places, and the rules of its table.

Positions are points from the top left of the page as it is read (rotation undone). Pure values; no PDF library here.
"""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """Letters drawn without a gap between them. `x0` to `x1` is their width, `y` the baseline, `size` their height."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


class Rule(NamedTuple):
    """A line of a table: across the page `at` is its y, `start` and `end` are x; down the page, the reverse."""

    at: float
    start: float
    end: float


class Page(NamedTuple):
    """One page: 1-based `number`, its size in points, its words in the order they were drawn, its rules."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]


class Letter(NamedTuple):
    """One character as an engine gives it; `spaced` where a space came before it."""

    char: str
    x0: float
    x1: float
    y: float
    size: float
    spaced: bool


def words_of(letters: list[Letter]) -> tuple[Word, ...]:
    """Joins letters, given in drawing order, into words: no space between, one baseline, each where the last ended."""
    words: list[Word] = []
    text: list[str] = []
    first = last = None
    for letter in letters:
        if (
            first is not None
            and last is not None
            and not letter.spaced
            and abs(letter.y - first.y) < 0.2 * first.size
            and -0.15 * first.size < letter.x0 - last.x1 < 0.2 * first.size
        ):
            text.append(letter.char)
        else:
            if first is not None and last is not None:
                words.append(Word("".join(text), first.x0, last.x1, first.y, first.size))
            text, first = [letter.char], letter
        last = letter
    if first is not None and last is not None:
        words.append(Word("".join(text), first.x0, last.x1, first.y, first.size))
    return tuple(words)


THIN = 2.0  # points; a filled or stroked shape no thicker than this is a rule
SHORTEST = 6.0


class Rules:
    """Collects the rules of a page from the boxes that an engine finds."""

    def __init__(self) -> None:
        self.across: list[Rule] = []
        self.down: list[Rule] = []

    def add_box(self, x0: float, top: float, x1: float, bottom: float, *, outlined: bool = False) -> None:
        """A thin box is one rule; the outline of a larger one is four; the fill of a larger one is none."""
        wide, high = x1 - x0, bottom - top
        if high <= THIN:
            if wide >= SHORTEST:
                self.across.append(Rule((top + bottom) / 2, x0, x1))
        elif wide <= THIN:
            if high >= SHORTEST:
                self.down.append(Rule((x0 + x1) / 2, top, bottom))
        elif outlined:
            self.across += [Rule(top, x0, x1), Rule(bottom, x0, x1)]
            self.down += [Rule(x0, top, bottom), Rule(x1, top, bottom)]
