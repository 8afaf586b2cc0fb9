"""Rows that a student enters or corrects as texts, and the problems that are still open.

Texts have the format of `DocumentType.texts`: a weekday by its English name, a date as 2026-03-23, a time as
08:30 - 09:20, rooms separated by a middle dot. They pass the same validators (`fields.py`) as rows from a PDF.
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
    """Some fields are invalid: `wrong` are the errors by field."""

    def __init__(self, wrong: Mapping[str, Unclear]) -> None:
        first = next(iter(wrong.values()))
        super().__init__(
            msg("“{found}” does not fit there.", found=first.found),
            msg("Write {expected}.", expected=named(first.expected)),
        )
        self.wrong = dict(wrong)


class WrittenFields:
    """Validates the texts of a form. Errors are collected, so that all of them are reported at once."""

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
        """Return the row if all fields were valid. Raises WrongFields."""
        if self.wrong:
            raise WrongFields(self.wrong)
        return row


def entered(draft: Draft, problem: Problem, texts: Texts) -> Draft:
    """The draft with the rows of these texts for a line that could not be understood. Raises WrongFields."""
    rows = draft.kind.rows_by_hand(texts)
    return draft.entered(problem, rows if texts.get("kind") else [draft.kind.like_others(draft, row) for row in rows])


def corrected(kind: DocumentType, rows: Sequence[Row], texts: Texts) -> tuple[Row, ...]:
    """The rows of one meeting or assessment with the texts that were changed.

    Another number of rooms gives another number of rows; each keeps the position it was read from. Raises WrongFields.
    """
    before = kind.texts(rows)
    return kind.corrected(rows, {name: text for name, text in texts.items() if text != before.get(name)})


def rooms_in(text: str) -> tuple[str, ...]:
    return tuple(room.strip() for room in text.split(BETWEEN.strip()) if room.strip())


def venues_in(text: str) -> tuple[str, ...]:
    return tuple(fields.words(room, "a venue") for room in rooms_in(text))


def date_in(text: str) -> date:
    """A date such as 2026-03-23, validated like those of documents."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return fields.day_of_year(text)
    return fields.day_of_year(f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}")


def span_text(start: time, end: time) -> str:
    return f"{start:%H:%M} - {end:%H:%M}"


# open problems


def is_open(draft: Draft, problem: Problem) -> bool:
    """True if the student has neither left out the line nor entered all the rows that it seems to contain.

    A problem about a page or the whole file is open until it is left out: the number of missing rows is unknown.
    """
    if problem.seen:
        return False
    written = {_without_rooms(draft.kind.texts((row,))) for row in draft.written_for(problem)}
    return not problem.place.text or len(written) < draft.kind.rows_in(problem)


def _without_rooms(texts: Texts) -> tuple[str, ...]:
    return tuple(text for name, text in texts.items() if name not in ("venue", "venues"))


def open_problems(draft: Draft) -> tuple[Problem, ...]:
    """The open problems, in document order."""
    return tuple(problem for problem in draft.problems if is_open(draft, problem))
