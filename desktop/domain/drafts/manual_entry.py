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
ROOM_SEPARATOR = " · "  # between the rooms of one meeting

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class InvalidFields(InvalidInput):
    """Some fields are invalid: `wrong` are the errors by field."""

    def __init__(self, wrong: Mapping[str, Unclear]) -> None:
        first = next(iter(wrong.values()))
        super().__init__(
            msg("“{found}” does not fit there.", found=first.found),
            msg("Write {expected}.", expected=named(first.expected)),
        )
        self.errors = dict(wrong)


class FormValidator:
    """Validates the texts of a form. Errors are collected, so that all of them are reported at once."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.errors: dict[str, Unclear] = {}

    def read(self, name: str, check: Callable[[str], T], default: T) -> T:
        try:
            return check(" ".join(self._texts.get(name, "").split()))
        except Unclear as unclear:
            self.errors[name] = unclear
            return default

    def code(self, name: str, expected: str) -> str:
        return self.read(name, lambda text: fields.code(text.upper(), expected), "")

    def words(self, name: str, expected: str, *, required: bool = False) -> str:
        return self.read(name, partial(fields.words, expected=expected, required=required), "")

    def validated_row(self, row: R) -> R:
        """Return the row if all fields were valid. Raises InvalidFields."""
        if self.errors:
            raise InvalidFields(self.errors)
        return row


def enter_rows(draft: Draft, problem: Problem, texts: Texts) -> Draft:
    """The draft with the rows of these texts for a line that could not be understood. Raises InvalidFields."""
    rows = draft.kind.rows_from_texts(texts)
    return draft.with_entered_rows(
        problem, rows if texts.get("kind") else [draft.kind.complete_row(draft, row) for row in rows]
    )


def rows_from_texts(kind: DocumentType, rows: Sequence[Row], texts: Texts) -> tuple[Row, ...]:
    """The rows of one meeting or assessment with the texts that were changed.

    Another number of rooms gives another number of rows; each keeps the position it was read from. Raises
    InvalidFields.
    """
    before = kind.form_texts(rows)
    return kind.correct_rows(rows, {name: text for name, text in texts.items() if text != before.get(name)})


def split_rooms(text: str) -> tuple[str, ...]:
    return tuple(room.strip() for room in text.split(ROOM_SEPARATOR.strip()) if room.strip())


def parse_venues(text: str) -> tuple[str, ...]:
    return tuple(fields.words(room, "a venue") for room in split_rooms(text))


def parse_date(text: str) -> date:
    """A date such as 2026-03-23, validated like those of documents."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return fields.calendar_date(text)
    return fields.calendar_date(f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}")


def span_text(start: time, end: time) -> str:
    return f"{start:%H:%M} - {end:%H:%M}"


# open problems


def is_open_problem(draft: Draft, problem: Problem) -> bool:
    """True if the student has neither left out the line nor entered all the rows that it seems to contain.

    A problem about a page or the whole file is open until it is left out: the number of missing rows is unknown.
    """
    if problem.seen:
        return False
    written = {_without_rooms(draft.kind.form_texts((row,))) for row in draft.entered_rows(problem)}
    return not problem.place.text or len(written) < draft.kind.expected_row_count(problem)


def _without_rooms(texts: Texts) -> tuple[str, ...]:
    return tuple(text for name, text in texts.items() if name not in ("venue", "venues"))


def open_problems(draft: Draft) -> tuple[Problem, ...]:
    """The open problems, in document order."""
    return tuple(problem for problem in draft.problems if is_open_problem(draft, problem))
