"""What a document says, with where it says it: rows as printed, and the problems among them.

A draft is the reader's whole answer and an import's whole content. It crosses process boundaries and is stored and
synced as plain JSON; `Draft.to_json` and `draft_from_json` are that form, `Row.entry` the shape of one row in it.
Times are `datetime.time` in UP's own zone, weekdays count from Monday = 0, positions are PDF points from the top left
of an upright page.
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
    """Where a row stands: 1-based `page`, the band from `top` to `bottom` in points, and the raw `text` there.

    A row broken over pages names its first page; `more` holds the bands of the pages it runs on to.
    """

    page: int
    top: float
    bottom: float
    text: str
    more: tuple[tuple[int, float, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values; positions as whole hundredths of a point, since stored fractions differ by machine."""
        plain: dict[str, Any] = {"page": self.page, "top": _hundredths(self.top), "bottom": _hundredths(self.bottom)}
        plain["text"] = self.text
        if self.more:
            plain["more"] = [[page, _hundredths(top), _hundredths(bottom)] for page, top, bottom in self.more]
        return plain


def _hundredths(points: float) -> int:
    return round(points * 100)


def page_region_from_json(plain: Mapping[str, Any]) -> PageRegion:
    """The reverse of `PageRegion.to_json`; raises KeyError, TypeError or ValueError where the shape is another."""
    more = tuple((int(page), top / 100, bottom / 100) for page, top, bottom in plain.get("more", ()))
    return PageRegion(int(plain["page"]), plain["top"] / 100, plain["bottom"] / 100, str(plain["text"]), more)


NOWHERE = PageRegion(0, 0.0, 0.0, "")


class Row(Protocol):
    """One row of a document as printed: a frozen dataclass. `by_hand` where the student wrote it, for the line at
    `place` that could not be understood."""

    @property
    def module(self) -> str: ...
    @property
    def place(self) -> PageRegion: ...
    @property
    def by_hand(self) -> bool: ...
    @property
    def document(self) -> str:
        """The name of the type of document it stands in."""
        ...

    def entry(self) -> dict[str, Any]:
        """The row as plain values, in the order of the columns."""
        ...


def placed(row: Row, place: PageRegion, *, by_hand: bool) -> Row:
    """The same row, from another place."""
    moved: Row = replace(cast("Any", row), place=place, by_hand=by_hand)
    return moved


class FormField(NamedTuple):
    """What a person fills in: its `label`, and a `hint` what to write where it cannot be meant."""

    name: str
    label: str
    hint: str


class Column(NamedTuple):
    """A column of the review: its heading, the field it shows, and how wide it is (logical pixels; 0: as usual)."""

    heading: str
    field: str
    width: int = 0


class Columns(NamedTuple):
    """The columns of the review, in their order. Without a `group` that column is hidden."""

    what: Column
    group: Column | None
    day: Column
    time: Column
    where: Column
    campus: Column


class Gap(NamedTuple):
    """Modules that seem to lack a document: the words for it, and a hint what to do."""

    modules: tuple[str, ...]
    words: str
    hint: str


class DocumentType(Protocol):
    """All that differs between the documents of the student portal. `name` is what stores and exports call it,
    `order` its place among others, `is_dated` whether its rows carry dates, which tell the year."""

    name: str
    order: int
    title: str
    noun: str  # what it holds, in the middle of a sentence
    is_dated: bool
    fields: tuple[FormField, ...]
    columns: Columns

    def __str__(self) -> str:
        return self.name

    def __lt__(self, other: DocumentType) -> bool:
        return (self.order, self.name) < (other.order, other.name)

    @abstractmethod
    def counted(self, number: int) -> str:
        """So many of what it holds."""

    # its rows

    @abstractmethod
    def row(self, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> Row:
        """A row from the shape of `Row.entry`. Raises KeyError, ValueError, TypeError or InvalidInput."""

    def date_of(self, _row: Row) -> date | None:
        """The date that a row carries."""
        return None

    def weekly_slot(self, _row: Row) -> tuple[object, ...]:
        """What a row of weekly classes is known by from one year to the next; empty for any other row."""
        return ()

    # what they state

    @abstractmethod
    def identity(self, row: Row) -> tuple[object, ...]:
        """What rows of one meeting or assessment have in common."""

    @abstractmethod
    def item(self, rows: Sequence[Row], year: int, exam_minutes: int) -> Meeting | Assessment:
        """What rows of one identity state."""

    @abstractmethod
    def states(self, item: Meeting | Assessment) -> bool:
        """Whether it is this type of document that states such an item."""

    def missing(
        self,
        _timetable: Timetable,
        _taught: Mapping[str, set[str]],
        *,
        imported: bool,  # noqa: ARG002 - for others
    ) -> Iterable[Gap]:
        """Where it seems to be missing. `_taught` has the codes of the semesters
        in which each module that is not hidden is taught; empty for one without lectures."""
        return ()

    # by hand

    @abstractmethod
    def texts(self, rows: Sequence[Row]) -> dict[str, str]:
        """What a person would have written for the rows of one meeting or assessment, by field."""

    @abstractmethod
    def rows_by_hand(self, texts: Mapping[str, str]) -> tuple[Row, ...]:
        """The rows that these texts make. Raises WrongFields."""

    @abstractmethod
    def corrected(self, rows: Sequence[Row], changed: Mapping[str, str]) -> tuple[Row, ...]:
        """The rows of one meeting or assessment with these texts in place of theirs. Raises WrongFields."""

    def like_others(self, _draft: Draft, row: Row) -> Row:
        """A row by hand with what its document says of rows like it and no person would write."""
        return row

    # lines that could not be understood

    @abstractmethod
    def suggestions(self, draft: Draft, problem: Problem) -> tuple[dict[str, str], ...]:
        """What an editor begins with, by field: one for each meeting or assessment that the line seems to hold."""

    def rows_in(self, _problem: Problem) -> int:
        """How many meetings or assessments a line seems to hold."""
        return 1

    @abstractmethod
    def field_of(self, problem: Problem) -> str:
        """The field that could not be understood; empty where it is the line as a whole."""


DocumentTypes = Mapping[str, DocumentType]  # by name


def row_from_entry(kind: DocumentType, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> Row:
    """A row from the shape of `Row.entry`. Raises InvalidInput that names the field which cannot be meant."""
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
    """A line that could not be understood: where it stands, what was `expected` there, and what was found instead.

    `seen` says that the student looked at it and leaves it out. One without text is about a page or the whole file.
    """

    place: PageRegion
    expected: str
    found: str
    seen: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values. What was expected and found is in English, and as messages beside it where they are some."""
        plain = {"place": self.place.to_json(), "expected": self.expected, "found": self.found}
        phrases = {
            name: text.to_json()
            for name, text in (("expected", self.expected), ("found", self.found))
            if isinstance(text, messages.Message)
        }
        return plain | ({"phrases": phrases} if phrases else {}) | ({"seen": True} if self.seen else {})


@dataclass(frozen=True, slots=True)
class Draft:
    """One document, read. `rows` are in document order, all of the kind that `kind` names; rows by hand come last.

    A line that was entered by hand stays among the `problems`: its rows carry its place, so that taking them back
    leaves the draft as it was read. `remarks` are sentences about what was noticed beside the rows and needs no
    answer. `sha256` is that of the file's bytes, as hex; `pages` counts all its pages, 0 for a table that is no PDF.
    `number` is that of the document among those in one file, from 1.
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
        """What it was read from: the file's digest, and which of its documents it is."""
        return self.sha256, self.number

    def __post_init__(self) -> None:
        for row in self.rows:
            if row.document != self.kind.name:
                raise InvalidInput(
                    msg("A {row} row stands in a {kind} document.", row=row.document, kind=self.kind.name)
                )

    def digest(self) -> str:
        """Names what the document says, whatever order, file or page it says it in: hex, 32 digits.

        Two exports of one state of the portal have one digest, so two machines meet in one import.
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
        """The same draft with the rows at `indexes` replaced by `rows`, which may be fewer, more or none.

        What an edit in the review makes.
        """
        kept: list[Row] = []
        for index, row in enumerate(self.rows):
            if index not in indexes:
                kept.append(row)
            elif index == indexes[0]:
                kept += rows
        return replace(self, rows=tuple(kept))

    def entered(self, problem: Problem, rows: Sequence[Row]) -> Draft:
        """The same draft with rows that the student wrote for a line that could not be understood."""
        written = (placed(row, problem.place, by_hand=True) for row in rows)
        return replace(self, rows=(*self.rows, *written))

    def written_for(self, problem: Problem) -> tuple[Row, ...]:
        """The rows that were entered by hand for a problem."""
        return tuple(row for row in self.rows if row.by_hand and row.place == problem.place)

    def marked(self, problem: Problem, *, seen: bool) -> Draft:
        """The same draft with a problem left out as seen, or back among those that wait."""
        problems = (replace(each, seen=seen) if each == problem else each for each in self.problems)
        return replace(self, problems=tuple(problems))

    def to_json(self) -> dict[str, Any]:
        """The whole draft as plain JSON values. By hand and seen are marks beside what older versions read."""
        return {
            "kind": self.kind.name,
            "pages": self.pages,
            "sha256": self.sha256,
            "entries": [
                row.entry() | {"place": row.place.to_json()} | ({"by_hand": True} if row.by_hand else {})
                for row in self.rows
            ],
            "problems": [problem.to_json() for problem in self.problems],
        } | self._particulars()

    def _particulars(self) -> dict[str, Any]:
        """What few documents have; older versions pass it by."""
        remarks = {"remarks": [messages.text_to_json(remark) for remark in self.remarks]} if self.remarks else {}
        return remarks | ({"number": self.number} if self.number != 1 else {})


def _stored_row(kind: DocumentType, entry: Mapping[str, Any]) -> Row:
    row = row_from_entry(kind, entry, page_region_from_json(entry["place"]) if "place" in entry else NOWHERE)
    return placed(row, row.place, by_hand=True) if entry.get("by_hand") is True else row


def _phrased(problem: Mapping[str, Any], name: str) -> str:
    phrases = problem.get("phrases")
    if isinstance(phrases, Mapping) and name in phrases:
        return messages.message_from_json(phrases[name])
    return str(problem[name])


def draft_from_json(plain: Mapping[str, Any], types: DocumentTypes) -> Draft:
    """The reverse of `Draft.to_json`. Raises InvalidInput for anything that is not a draft of one of these types."""
    try:
        kind = types[plain["kind"]]
        entries: Sequence[Mapping[str, Any]] = plain["entries"]
        rows = tuple(_stored_row(kind, entry) for entry in entries)
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
