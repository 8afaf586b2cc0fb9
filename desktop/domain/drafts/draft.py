"""Drafts: the rows of a document as printed, their positions, and the lines that could not be understood.

A draft is the complete result of reading a document, and the complete content of an import. It is passed between
processes, stored and synced as JSON, by `Draft.to_json` and `draft_from_json`; `Row.entry` is one row in that form.
Times are `datetime.time` on UP's clock, weekdays count from Monday = 0, positions are PDF points from the top left of
an upright page.
"""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, Protocol, cast

from desktop.domain import messages
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.timetable import Timetable

WEEKDAYS = messages.WEEKDAYS


@dataclass(frozen=True, slots=True)
class PageRegion:
    """The position of a row: 1-based `page`, the strip from `top` to `bottom` in points, and its raw `text`.

    For a row that continues on other pages, `page` is the first; `more` are the strips on the others.
    """

    page: int
    top: float
    bottom: float
    text: str
    more: tuple[tuple[int, float, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON values; positions are integers in hundredths of a point, since stored floats may differ by machine."""
        plain: dict[str, Any] = {"page": self.page, "top": _hundredths(self.top), "bottom": _hundredths(self.bottom)}
        plain["text"] = self.text
        if self.more:
            plain["more"] = [[page, _hundredths(top), _hundredths(bottom)] for page, top, bottom in self.more]
        return plain


def _hundredths(points: float) -> int:
    return round(points * 100)


def page_region_from_json(plain: Mapping[str, Any]) -> PageRegion:
    """The inverse of `PageRegion.to_json`. Raises KeyError, TypeError or ValueError for another shape."""
    more = tuple((int(page), top / 100, bottom / 100) for page, top, bottom in plain.get("more", ()))
    return PageRegion(int(plain["page"]), plain["top"] / 100, plain["bottom"] / 100, str(plain["text"]), more)


NOWHERE = PageRegion(0, 0.0, 0.0, "")


class Row(Protocol):
    """One row of a document as printed: a frozen dataclass.

    `by_hand` is true if the student entered it, for the line at `place` that could not be understood.
    """

    @property
    def module(self) -> str: ...
    @property
    def place(self) -> PageRegion: ...
    @property
    def by_hand(self) -> bool: ...
    @property
    def document(self) -> str:
        """The name of its document type."""
        ...

    def entry(self) -> dict[str, Any]:
        """The row as JSON values, in the order of the columns."""
        ...


def with_place(row: Row, place: PageRegion, *, by_hand: bool) -> Row:
    """The row with another position."""
    moved: Row = replace(cast("Any", row), place=place, by_hand=by_hand)
    return moved


class FormField(NamedTuple):
    """A field of the form for a row. `hint` says what to write if its text is invalid."""

    name: str
    label: str
    hint: str


class Column(NamedTuple):
    """A column of the review. `field` is the one it shows; `width` is in logical pixels, 0 for the default."""

    heading: str
    field: str
    width: int = 0


class Columns(NamedTuple):
    """The columns of the review, in their order. If `group` is None, that column is hidden."""

    what: Column
    group: Column | None
    day: Column
    time: Column
    where: Column
    campus: Column


class DocumentGap(NamedTuple):
    """Modules of which a document seems to be missing: `words` to show, and a hint what to do."""

    modules: tuple[str, ...]
    words: str
    hint: str


class DocumentType(Protocol):
    """All that differs between the types of document of the student portal.

    `name` is used in storage and exports, `order` sorts the types. `is_dated` is true if rows have dates, which
    determine the year.
    """

    name: str
    order: int
    title: str
    noun: str  # its content, as in the middle of a sentence
    is_dated: bool
    fields: tuple[FormField, ...]
    columns: Columns

    def __str__(self) -> str:
        return self.name

    def __lt__(self, other: DocumentType) -> bool:
        return (self.order, self.name) < (other.order, other.name)

    @abstractmethod
    def count_text(self, number: int) -> str:
        """A number of items as text: `3 lectures`."""

    # rows

    @abstractmethod
    def row(self, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> Row:
        """The inverse of `Row.entry`. Raises KeyError, ValueError, TypeError or InvalidInput."""

    def date_of(self, _row: Row) -> date | None:
        """The date of a row, if its type has dates."""
        return None

    def weekly_slot(self, _row: Row) -> tuple[object, ...]:
        """What identifies a row of weekly classes over several years; empty for other types."""
        return ()

    # items

    @abstractmethod
    def identity(self, row: Row) -> tuple[object, ...]:
        """The key that all rows of one meeting or assessment have in common."""

    @abstractmethod
    def item(self, rows: Sequence[Row], year: int, exam_minutes: int) -> Meeting | Assessment:
        """The meeting or assessment of rows with the same identity."""

    @abstractmethod
    def is_source_of(self, item: Meeting | Assessment) -> bool:
        """True if such an item comes from this type of document."""

    def find_gaps(
        self,
        _timetable: Timetable,
        _taught: Mapping[str, set[str]],
        *,
        imported: bool,  # noqa: ARG002 - for the implementations
    ) -> Iterable[DocumentGap]:
        """Modules for which a document of this type seems to be missing.

        `_taught` are the offered codes of the meetings of each module that is not hidden; empty for one without
        lectures.
        """
        return ()

    # by hand

    @abstractmethod
    def form_texts(self, rows: Sequence[Row]) -> dict[str, str]:
        """The form's texts for the rows of one meeting or assessment, by field."""

    @abstractmethod
    def rows_from_texts(self, texts: Mapping[str, str]) -> tuple[Row, ...]:
        """The rows for these texts. Raises InvalidFields."""

    @abstractmethod
    def correct_rows(self, rows: Sequence[Row], changed: Mapping[str, str]) -> tuple[Row, ...]:
        """The rows of one meeting or assessment with the changed texts. Raises InvalidFields."""

    def complete_row(self, _draft: Draft, row: Row) -> Row:
        """A row entered by hand, completed from similar rows of the document where the form has no field."""
        return row

    # lines that could not be understood

    @abstractmethod
    def suggestions(self, draft: Draft, problem: Problem) -> tuple[dict[str, str], ...]:
        """Initial texts of the form, by field: one set for each meeting or assessment that the line may contain."""

    def expected_row_count(self, _problem: Problem) -> int:
        """The number of meetings or assessments that a line seems to contain."""
        return 1

    @abstractmethod
    def problem_field(self, problem: Problem) -> str:
        """The field that could not be understood; empty if it is the whole line."""


DocumentTypes = Mapping[str, DocumentType]  # by name


def row_from_entry(kind: DocumentType, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> Row:
    """A row from its JSON values, the inverse of `Row.entry`. Raises InvalidInput, which names the invalid field."""
    try:
        return kind.row(entry, place)
    except KeyError as missing:
        raise InvalidInput(
            msg("A row of a {kind} document has no {field}.", kind=kind.name, field=str(missing.args[0]))
        ) from missing
    except (ValueError, TypeError) as wrong:
        raise InvalidInput(
            msg("A row of a {kind} document is not valid: {wrong}.", kind=kind.name, wrong=str(wrong))
        ) from wrong


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that could not be understood: its place, what was `expected`, and what was `found` instead.

    `seen` is true if the student has seen it and leaves it out. A problem whose place has no text is about a page or
    the whole file.
    """

    place: PageRegion
    expected: str
    found: str
    seen: bool = False

    def to_json(self) -> dict[str, Any]:
        """JSON values. `expected` and `found` are in English; if they are messages, `phrases` has them as such."""
        plain = {"place": self.place.to_json(), "expected": self.expected, "found": self.found}
        phrases = {
            name: text.to_json()
            for name, text in (("expected", self.expected), ("found", self.found))
            if isinstance(text, messages.Message)
        }
        return plain | ({"phrases": phrases} if phrases else {}) | ({"seen": True} if self.seen else {})


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a document. `rows` are in document order, all of type `kind`; rows entered by hand come last.

    A line that was entered by hand stays among the `problems`. Its rows have its place, so that removing them restores
    the draft as it was read. `remarks` are sentences about other observations that need no decision. `sha256` is that
    of the file, as hex. `pages` is the number of its pages, 0 for a pasted table. `number` counts the documents in one
    file, from 1.
    """

    kind: DocumentType
    pages: int
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    sha256: str = ""
    remarks: tuple[str, ...] = ()
    number: int = 1

    @property
    def source(self) -> tuple[str, int]:
        """The digest of the file, and the number of the document in it."""
        return self.sha256, self.number

    def __post_init__(self) -> None:
        for row in self.rows:
            if row.document != self.kind.name:
                raise InvalidInput(
                    msg("A {row} row stands in a {kind} document.", row=row.document, kind=self.kind.name)
                )

    def digest(self) -> str:
        """A hash of the rows, independent of their order, file and pages: 32 hex digits.

        Two exports of the same state of the portal have the same digest, so two machines store one import.
        """
        entries = []
        for row in self.rows:
            entry = row.entry()
            if "venues" in entry:
                entry["venues"] = sorted(entry["venues"])
            entries.append(json.dumps(entry, sort_keys=True, ensure_ascii=False))
        body = "\n".join([self.kind.name, *sorted(set(entries))])
        return hashlib.sha256(body.encode()).hexdigest()[:32]

    def with_rows(self, indexes: Sequence[int], rows: Sequence[Row]) -> Draft:
        """The draft with the rows at `indexes` replaced by `rows`, which may be fewer, more or none."""
        kept: list[Row] = []
        for index, row in enumerate(self.rows):
            if index not in indexes:
                kept.append(row)
            elif index == indexes[0]:
                kept += rows
        return replace(self, rows=tuple(kept))

    def with_entered_rows(self, problem: Problem, rows: Sequence[Row]) -> Draft:
        """The draft with rows that the student entered for a line that could not be understood."""
        written = (with_place(row, problem.place, by_hand=True) for row in rows)
        return replace(self, rows=(*self.rows, *written))

    def entered_rows(self, problem: Problem) -> tuple[Row, ...]:
        """The rows that the student entered for a problem."""
        return tuple(row for row in self.rows if row.by_hand and row.place == problem.place)

    def with_problem_seen(self, problem: Problem, *, seen: bool) -> Draft:
        """The draft with a problem marked as seen, so that it is left out, or as open again."""
        problems = (replace(each, seen=seen) if each == problem else each for each in self.problems)
        return replace(self, problems=tuple(problems))

    def to_json(self) -> dict[str, Any]:
        """The draft as JSON values. Older versions of the program ignore `by_hand` and `seen`."""
        return {
            "kind": self.kind.name,
            "pages": self.pages,
            "sha256": self.sha256,
            "entries": [
                row.entry() | {"place": row.place.to_json()} | ({"by_hand": True} if row.by_hand else {})
                for row in self.rows
            ],
            "problems": [problem.to_json() for problem in self.problems],
        } | self._optional_members()

    def _optional_members(self) -> dict[str, Any]:
        """Members that few documents have; older versions ignore them."""
        remarks = {"remarks": [messages.text_to_json(remark) for remark in self.remarks]} if self.remarks else {}
        return remarks | ({"number": self.number} if self.number != 1 else {})


def _row_from_json(kind: DocumentType, entry: Mapping[str, Any]) -> Row:
    row = row_from_entry(kind, entry, page_region_from_json(entry["place"]) if "place" in entry else NOWHERE)
    return with_place(row, row.place, by_hand=True) if entry.get("by_hand") is True else row


def _phrased(problem: Mapping[str, Any], name: str) -> str:
    phrases = problem.get("phrases")
    if isinstance(phrases, Mapping) and name in phrases:
        return messages.message_from_json(phrases[name])
    return str(problem[name])


def draft_from_json(plain: Mapping[str, Any], types: DocumentTypes) -> Draft:
    """The inverse of `Draft.to_json`. Raises InvalidInput if it is not a draft of one of these types."""
    try:
        kind = types[plain["kind"]]
        entries: Sequence[Mapping[str, Any]] = plain["entries"]
        rows = tuple(_row_from_json(kind, entry) for entry in entries)
        problems = tuple(
            Problem(
                page_region_from_json(problem["place"]),
                _phrased(problem, "expected"),
                _phrased(problem, "found"),
                problem.get("seen") is True,
            )
            for problem in plain["problems"]
        )
        remarks = tuple(messages.text_from_json(remark) for remark in plain.get("remarks", ()))
        number = int(plain.get("number", 1))
        return Draft(kind, int(plain["pages"]), rows, problems, str(plain["sha256"]), remarks, number)
    except (KeyError, TypeError, ValueError) as wrong:
        raise InvalidInput(
            msg("This is not the content of a timetable document ({wrong}).", wrong=repr(wrong))
        ) from wrong
