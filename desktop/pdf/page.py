"""The content of a page, the same for both engines: words with their positions, and the rules (lines) of its table.

Positions are in points from the top left of the page as it is read (rotation undone). Pure values; no PDF library here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Word(NamedTuple):
    """Letters drawn without a gap between them, from `x0` to `x1`; `y` is the baseline, `size` the letters' height.

    `colour` is 0xRRGGBB as it looks on white paper; `hidden` letters are not drawn (OCR text over the picture of a
    page).
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
        """True if it cannot be seen on white paper; so the portal prints the kind of activity, beside the language."""
        return is_white(self.colour)


class Rule(NamedTuple):
    """A line of a table: for a horizontal one `at` is y, `start` and `end` are x; for a vertical one the reverse."""

    at: float
    start: float
    end: float


class PdfPage(NamedTuple):
    """One page: its number, from 1, its size in points, its words in drawing order, and its rules across and down.

    `aside` has the texts that are not part of the page's content: watermarks, stamps and hidden text.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    horizontal_rules: tuple[Rule, ...]
    vertical_rules: tuple[Rule, ...]
    aside: tuple[str, ...] = ()
    size: float = 12.0  # the median size of the words, in points


class Piece(NamedTuple):
    """One or more characters as an engine returns them; `spaced` if a space was drawn before them.

    `turned` letters run in another direction than the page's text.
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


MIN_WHITE = 250  # of 255: a colour with red, green and blue from here on cannot be seen on paper
WATERMARK_LIGHTNESS = 110  # of 255: text lighter than the usual colour by more than this is a watermark
MAX_SIZE_RATIO = 3.0  # times the usual size: larger words are no content; the title is set twice as large
BAND, REACH = 32.0, 5.0  # points: words are indexed by bands of the page; near an edge the next band is searched too
SAME_PLACE = 0.35  # of a letter's size: the same word within this distance was drawn twice


def is_white(colour: int) -> bool:
    """True if a colour, 0xRRGGBB, cannot be seen on white paper."""
    return colour & 0xFF >= MIN_WHITE and colour >> 8 & 0xFF >= MIN_WHITE and colour >> 16 >= MIN_WHITE


def lightness(colour: int) -> int:
    """The luma of 0xRRGGBB, from 0 for black to 255 for white."""
    return (299 * (colour >> 16) + 587 * (colour >> 8 & 0xFF) + 114 * (colour & 0xFF)) // 1000


def make_page(number: int, width: float, height: float, pieces: Sequence[Piece], spaces: int, rules: Rules) -> PdfPage:
    """Make a page from what an engine found on it. Its words leave out text that is turned, far larger or paler than
    the rest, hidden under it, or drawn twice."""
    turned = [piece for piece in pieces if piece.turned]
    aside = []
    if turned and 2 * sum(len(piece.text) for piece in turned) < sum(len(piece.text) for piece in pieces):
        pieces = [piece for piece in pieces if not piece.turned]
        aside.append("".join(f" {piece.text}" if piece.spaced else piece.text for piece in turned).strip())
    words, more = _split_foreign_words(_without_duplicates(join_words(pieces, spaces)))
    return PdfPage(
        number, width, height, words, tuple(rules.horizontal), tuple(rules.vertical), (*aside, *more), usual_size(words)
    )


def usual_size(words: Sequence[Word]) -> float:
    """The median size of the words, in points; 12 without words."""
    sizes = sorted([word.size for word in words])
    return sizes[len(sizes) // 2] if sizes else 12.0


def usual_colour(words: Sequence[Word]) -> int:
    """The most common colour of the visible words; black without any."""
    colours = Counter([word.colour for word in words])
    return next((colour for colour, _ in colours.most_common() if not is_white(colour)), 0)


def _without_duplicates(words: Sequence[Word]) -> list[Word]:
    """The words without those that were drawn again at the same place."""
    kept: list[Word] = []
    seen: dict[str, dict[int, list[int]]] = {}  # by text and band of the page: the indexes of the kept words there
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
            kept[twin] = word  # the visible one
    return kept


def _same_place(one: Word, other: Word) -> bool:
    reach = SAME_PLACE * (max(other.size, one.size))
    return -reach < one.y - other.y < reach and -reach < one.x0 - other.x0 < reach


def _split_foreign_words(words: Sequence[Word]) -> tuple[tuple[Word, ...], list[str]]:
    """The words that belong to the page's content, and the texts of those that do not."""
    usual, largest = usual_colour(words), MAX_SIZE_RATIO * usual_size(words)
    palest = lightness(usual) + WATERMARK_LIGHTNESS
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
    """Split off hidden words: returns the words to keep, and the hidden words that lie apart from visible text. Hidden
    words under visible ones are dropped. On a page that has only hidden text, all of it is kept."""
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
    if 2 * len(apart) > len(words):  # a scan with a stamp: the hidden OCR text is the document
        kept = {id(word) for word in apart}
        return [word for word in words if not word.hidden or id(word) in kept], []
    return seen, apart


OVERLAP = 0.15  # of the letters' size: how far a letter may overlap the one before (kerning)
GAP = 0.2  # of the letters' size: a wider gap than this separates words where spaces are not drawn
DRAWN_GAP = 0.45  # the same where they are: in a re-print, narrow letters of another font stand far apart
LETTERS_PER_SPACE = 15  # letters per drawn space: a timetable that draws its spaces has fewer letters than this to each


def join_words(pieces: Sequence[Piece], spaces: int) -> tuple[Word, ...]:
    """Join pieces, given in drawing order, into words: of one baseline and colour, each beginning where the last ended,
    with no space between them.

    `spaces` is the number of spaces drawn on the page; where words are separated by drawn spaces, a gap has to be wider
    to separate them.
    """
    gap = DRAWN_GAP if spaces * LETTERS_PER_SPACE > sum(len(piece.text) for piece in pieces) else GAP
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


MAX_RULE_THICKNESS = 2.0  # points: a filled or stroked shape no thicker than this is a rule
MIN_RULE_LENGTH = 6.0


class Rules:
    """Collects the rules of a page from the boxes of its shapes."""

    def __init__(self) -> None:
        self.horizontal: list[Rule] = []
        self.vertical: list[Rule] = []

    def add_box(self, x0: float, top: float, x1: float, bottom: float, *, outlined: bool = False) -> None:
        """Add the rules of a box: one for a thin box, four for the outline of a larger one, none for its fill."""
        wide, high = x1 - x0, bottom - top
        if high <= MAX_RULE_THICKNESS:
            if wide >= MIN_RULE_LENGTH:
                self.horizontal.append(Rule((top + bottom) / 2, x0, x1))
        elif wide <= MAX_RULE_THICKNESS:
            if high >= MIN_RULE_LENGTH:
                self.vertical.append(Rule((x0 + x1) / 2, top, bottom))
        elif outlined:
            self.horizontal += [Rule(top, x0, x1), Rule(bottom, x0, x1)]
            self.vertical += [Rule(x0, top, bottom), Rule(x1, top, bottom)]
