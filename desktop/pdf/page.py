"""What a page shows, whichever engine looked at it: words with their places, and the rules of its table.

Positions are points from the top left of the page as it is read (rotation undone). Pure values; no PDF library here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Word(NamedTuple):
    """Letters drawn without a gap between them. `x0` to `x1` is their width, `y` the baseline, `size` their height.

    `colour` is 0xRRGGBB as it looks on white paper; `hidden` letters are not drawn (what text recognition lays over
    the picture of a page).
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    colour: int = 0
    hidden: bool = False

    @property
    def white(self) -> bool:
        """Whether it cannot be seen on paper: the portal writes the kind of activity so, beside the language."""
        return is_white(self.colour)


class Rule(NamedTuple):
    """A line of a table: across the page `at` is its y, `start` and `end` are x; down the page, the reverse."""

    at: float
    start: float
    end: float


class PdfPage(NamedTuple):
    """One page: 1-based `number`, its size in points, its words in the order they were drawn, its rules.

    `aside` has the texts that are no part of what the page says: watermarks, stamps, what lies hidden under it.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    aside: tuple[str, ...] = ()
    size: float = 12.0  # of most words, in points


class Piece(NamedTuple):
    """One character or more as an engine gives them; `spaced` where a space was drawn before.

    `turned` letters do not run the way the page's text does.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    spaced: bool
    colour: int = 0
    hidden: bool = False
    turned: bool = False


WHITE = 250  # of 255, each of red, green and blue: what is lighter cannot be seen on paper
PALER = 110  # of 255: what is so much lighter than most of the page is a watermark
FAR_LARGER = 3.0  # times the usual size; the title is set twice as large
BAND, REACH = 32.0, 5.0  # points: words are looked for in bands, and in the next one where they stand near its edge
SAME_PLACE = 0.35  # of a letter's size: the same word so near was drawn twice


def is_white(colour: int) -> bool:
    """Of 0xRRGGBB: whether it cannot be seen on white paper."""
    return colour & 0xFF >= WHITE and colour >> 8 & 0xFF >= WHITE and colour >> 16 >= WHITE


def lightness(colour: int) -> int:
    """0 for black to 255 for white, as the eye weighs red, green and blue."""
    return (299 * (colour >> 16) + 587 * (colour >> 8 & 0xFF) + 114 * (colour & 0xFF)) // 1000


def make_page(number: int, width: float, height: float, pieces: Sequence[Piece], spaces: int, rules: Rules) -> PdfPage:
    """The page of what an engine found on it. What is turned, far larger or paler than the rest of the text, hidden
    under it or drawn a second time is taken out of its words."""
    turned = [piece for piece in pieces if piece.turned]
    aside = []
    if turned and 2 * sum(len(piece.text) for piece in turned) < sum(len(piece.text) for piece in pieces):
        pieces = [piece for piece in pieces if not piece.turned]
        aside.append("".join(f" {piece.text}" if piece.spaced else piece.text for piece in turned).strip())
    words, more = _set_aside(_once(words_of(pieces, spaces)))
    return PdfPage(
        number, width, height, words, tuple(rules.across), tuple(rules.down), (*aside, *more), usual_size(words)
    )


def usual_size(words: Sequence[Word]) -> float:
    """The size of most words, in points; 12 where there are none."""
    sizes = sorted([word.size for word in words])
    return sizes[len(sizes) // 2] if sizes else 12.0


def usual_colour(words: Sequence[Word]) -> int:
    """The colour of most words that can be seen; black where there are none."""
    colours = Counter([word.colour for word in words])
    return next((colour for colour, _ in colours.most_common() if not is_white(colour)), 0)


def _once(words: Sequence[Word]) -> list[Word]:
    """The words without those that were drawn a second time at the same place."""
    kept: list[Word] = []
    seen: dict[str, dict[int, list[int]]] = {}  # by text and band of the page, which of the words kept stand there
    for word in words:
        text, y = word.text, word.y
        if text not in seen:
            seen[text] = {int(y // BAND): [len(kept)]}
            kept.append(word)
            continue
        bands, reach, twin = seen[text], min(max(REACH, SAME_PLACE * word.size), BAND), None
        for band in range(int((y - reach) // BAND), int((y + reach) // BAND) + 1):
            for index in bands.get(band, ()):
                if _same_place(kept[index], word):
                    twin = index
        if twin is None:
            bands.setdefault(int(y // BAND), []).append(len(kept))
            kept.append(word)
        elif (kept[twin].hidden or kept[twin].white) and not (word.hidden or word.white):
            kept[twin] = word  # the one that can be seen
    return kept


def _same_place(one: Word, other: Word) -> bool:
    reach = SAME_PLACE * (max(other.size, one.size))
    return -reach < one.y - other.y < reach and -reach < one.x0 - other.x0 < reach


def _set_aside(words: Sequence[Word]) -> tuple[tuple[Word, ...], list[str]]:
    """The words that belong to what the page says, and the texts of those that do not."""
    usual, largest = usual_colour(words), FAR_LARGER * usual_size(words)
    palest = lightness(usual) + PALER
    colours = {word.colour for word in words} - {usual}
    pale = {colour for colour in colours if lightness(colour) > palest and not is_white(colour)}
    hidden = [word for word in words if word.hidden]
    if hidden:
        words, hidden = _without_hidden(words, hidden)
    found = [word for word in words if word.size > largest or word.colour in pale]
    if 2 * len(found) > len(words):
        found = []
    if not found and not hidden:
        return tuple(words), []
    out = {id(word) for word in found}
    texts = [" ".join(word.text for word in each) for each in (found, hidden) if each]
    return tuple(word for word in words if id(word) not in out), texts


def _without_hidden(words: Sequence[Word], hidden: list[Word]) -> tuple[Sequence[Word], list[Word]]:
    """The words without hidden ones that lie under others, and those hidden ones that lie elsewhere on a page whose
    text can be seen. A page that has only hidden text says what that says."""
    seen = [word for word in words if not word.hidden]
    if not seen:
        return words, []
    bands: dict[int, list[Word]] = {}
    for word in seen:
        for band in range(int((word.y - word.size) / 8), int(word.y / 8) + 2):
            bands.setdefault(band, []).append(word)

    def is_under(word: Word) -> bool:
        return any(
            word.x0 < other.x1 and other.x0 < word.x1 and abs(word.y - other.y) < 0.7 * max(word.size, other.size)
            for other in bands.get(int((word.y - 0.3 * word.size) / 8), ())
        )

    apart = [word for word in hidden if not is_under(word)]
    if 2 * len(apart) > len(words):  # recognised on a picture that somebody stamped: what is hidden is the document
        kept = {id(word) for word in apart}
        return [word for word in words if not word.hidden or id(word) in kept], []
    return seen, apart


OVERLAP = 0.15  # of the letters' size: how far a letter may reach into the one before (kerning)
GAP = 0.2  # of the letters' size: a wider gap than this divides words where spaces are not drawn
DRAWN_GAP = 0.45  # the same where they are: another font's narrow letters stand far apart in a re-print
SPACED = 15  # letters to a drawn space; a timetable that draws its spaces has more of them than that


def words_of(pieces: Sequence[Piece], spaces: int) -> tuple[Word, ...]:
    """Joins pieces, given in drawing order, into words: one baseline and one colour, each where the last ended, no
    space between.

    `spaces` is how many spaces are drawn on the page; where words are divided by drawn ones, a gap divides less.
    """
    gap = DRAWN_GAP if spaces * SPACED > sum(len(piece.text) for piece in pieces) else GAP
    words: list[Word] = []
    text, x0, x1, y, size, colour, hidden = "", 0.0, 0.0, 0.0, 0.0, 0, False
    for piece in pieces:
        goes_on = text and not piece.spaced and piece.colour == colour and abs(piece.y - y) < 0.2 * size
        if goes_on and -OVERLAP * size < piece.x0 - x1 < gap * size and piece.hidden == hidden:
            text += piece.text
        else:
            if text:
                words.append(Word(text, x0, x1, y, size, colour, hidden))
            text, x0, _, y, size, _, colour, hidden, _ = piece
        x1 = piece.x1
    if text:
        words.append(Word(text, x0, x1, y, size, colour, hidden))
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
