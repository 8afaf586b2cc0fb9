"""Rows that a person enters or corrects, as texts, and the lines that still wait to be entered.

Texts are in the form that `DocumentType.texts` gives: a weekday by its English name, a date as 2026-03-23, a time as
08:30 - 09:20, rooms with a middle dot between them. They pass the same validators (`fields.py`) as rows from a PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from functools import partial
from typing import TypeVar

from desktop.domain.drafts import fields
from desktop.domain.drafts.draft import DocumentType, Draft, Problem, Row
from desktop.domain.drafts.fields import Unclear
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg, named

T = TypeVar("T")
R = TypeVar("R", bound=Row)
Texts = Mapping[str, str]
BETWEEN = " · "  # between the rooms of one meeting

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class WrongFields(InvalidInput):
    """Some of what was written cannot be meant: `wrong` says what was expected, by field."""

    def __init__(self, wrong: Mapping[str, Unclear]) -> None:
        first = next(iter(wrong.values()))
        super().__init__(
            msg("“{found}” does not fit there.", found=first.found),
            msg("Write {expected}.", expected=named(first.expected)),
        )
        self.wrong = dict(wrong)


class WrittenFields:
    """Texts on their way into a row. Every one is looked at, so that all that is wrong is said at once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.wrong: dict[str, Unclear] = {}

    def read(self, name: str, check: Callable[[str], T], otherwise: T) -> T:
        try:
            return check(" ".join(self._texts.get(name, "").split()))
        except Unclear as unclear:
            self.wrong[name] = unclear
            return otherwise

    def code(self, name: str, expected: str) -> str:
        return self.read(name, lambda text: fields.code(text.upper(), expected), "")

    def words(self, name: str, expected: str, *, required: bool = False) -> str:
        return self.read(name, partial(fields.words, expected=expected, required=required), "")

    def row(self, row: R) -> R:
        """The row made of them, where all could be meant. Raises WrongFields."""
        if self.wrong:
            raise WrongFields(self.wrong)
        return row


def entered(draft: Draft, problem: Problem, texts: Texts) -> Draft:
    """The draft with the rows that these texts make for a line that could not be understood. Raises WrongFields."""
    rows = draft.kind.rows_by_hand(texts)
    return draft.entered(problem, rows if texts.get("kind") else [draft.kind.like_others(draft, row) for row in rows])


def corrected(kind: DocumentType, rows: Sequence[Row], texts: Texts) -> tuple[Row, ...]:
    """The rows of one meeting or assessment with the fields that differ from theirs as they are written here.

    Another number of rooms makes another number of rows; each keeps the place it was read from. Raises WrongFields.
    """
    before = kind.texts(rows)
    return kind.corrected(rows, {name: text for name, text in texts.items() if text != before.get(name)})


def rooms_in(text: str) -> tuple[str, ...]:
    return tuple(room.strip() for room in text.split(BETWEEN.strip()) if room.strip())


def venues_in(text: str) -> tuple[str, ...]:
    return tuple(fields.words(room, "a venue") for room in rooms_in(text))


def date_in(text: str) -> date:
    """2026-03-23, by the rules of what stands in a document."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return fields.day_of_year(text)
    return fields.day_of_year(f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}")


def span_text(start: time, end: time) -> str:
    return f"{start:%H:%M} - {end:%H:%M}"


# which lines still wait


def is_open(draft: Draft, problem: Problem) -> bool:
    """Whether a line still waits for the student: neither left out nor, as often as it needs it, entered by hand.

    What is about a page or the whole file is open until it is left out: nobody knows how many rows are missing there.
    """
    if problem.seen:
        return False
    written = {_without_rooms(draft.kind.texts((row,))) for row in draft.written_for(problem)}
    return not problem.place.text or len(written) < draft.kind.rows_in(problem)


def _without_rooms(texts: Texts) -> tuple[str, ...]:
    return tuple(text for name, text in texts.items() if name not in ("venue", "venues"))


def open_problems(draft: Draft) -> tuple[Problem, ...]:
    """The lines that still wait for the student, in document order."""
    return tuple(problem for problem in draft.problems if is_open(draft, problem))
