"""What a page shows, whichever engine looked at it: words with their places, and the rules of its table.

Positions are points from the top left of the page as it is read (rotation undone). Pure values; no PDF library here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Word(NamedTuple):
    """Letters drawn without a gap between them. `x0` to `x1` is their width, `y` the baseline, `size` their height.

    `white` letters cannot be seen on the page: the portal writes the kind of activity so, beside the language.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    white: bool = False


class Rule(NamedTuple):
    """A line of a table: across the page `at` is its y, `start` and `end` are x; down the page, the reverse."""

    at: float
    start: float
    end: float


class PdfPage(NamedTuple):
    """One page: 1-based `number`, its size in points, its words in the order they were drawn, its rules."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]


class Piece(NamedTuple):
    """One character or more as an engine gives them; `spaced` where a space was drawn before."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    spaced: bool
    white: bool = False


OVERLAP = 0.15  # of the letters' size: how far a letter may reach into the one before (kerning)
GAP = 0.2  # of the letters' size: a wider gap than this divides words where spaces are not drawn
DRAWN_GAP = 0.45  # the same where they are: another font's narrow letters stand far apart in a re-print
SPACED = 15  # letters to a drawn space; a timetable that draws its spaces has more of them than that


def words_of(pieces: Sequence[Piece], spaces: int) -> tuple[Word, ...]:
    """Joins pieces, given in drawing order, into words: one baseline, each where the last ended, no space between, all
    of them white or none.

    `spaces` is how many spaces are drawn on the page; where words are divided by drawn ones, a gap divides less.
    """
    gap = DRAWN_GAP if spaces * SPACED > sum(len(piece.text) for piece in pieces) else GAP
    words: list[Word] = []
    text, x0, x1, y, size, white = "", 0.0, 0.0, 0.0, 0.0, False
    for piece in pieces:
        goes_on = text and not piece.spaced and piece.white == white and abs(piece.y - y) < 0.2 * size
        if goes_on and -OVERLAP * size < piece.x0 - x1 < gap * size:
            text += piece.text
        else:
            if text:
                words.append(Word(text, x0, x1, y, size, white))
            text, x0, _, y, size, _, white = piece
        x1 = piece.x1
    if text:
        words.append(Word(text, x0, x1, y, size, white))
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
