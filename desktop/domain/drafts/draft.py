"""What a document says, with where it says it: rows as printed, and the problems among them.

A draft is the reader's whole answer and an import's whole content. It crosses process boundaries and is stored and
synced as plain JSON; `Draft.to_json` and `draft_from_json` are that form, `Row.entry` the shape of one row in it.
Times are `datetime.time` in UP's own zone, weekdays count from Monday = 0, positions are PDF points from the top left
of an upright page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from typing import Any, ClassVar

from desktop.domain import messages
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg

WEEKDAYS = messages.WEEKDAYS


class DocumentKind(StrEnum):
    """The three documents of the student portal."""

    LECTURES = "lectures"
    TESTS = "tests"
    EXAMS = "exams"


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


def _clock(value: time) -> str:
    return value.strftime("%H:%M")


@dataclass(frozen=True, slots=True)
class LectureRow:
    """One line of a Lectures document: one meeting in one room (several rooms are several rows)."""

    module: str
    offered: str
    group: str
    lang: str
    kind: str
    activity: str
    weekday: int
    start: time
    end: time
    venue: str
    campus: str
    study_prog: tuple[str, ...]
    place: PageRegion = NOWHERE
    by_hand: bool = False  # the student wrote it, for the line at `place` that could not be understood

    document: ClassVar[DocumentKind] = DocumentKind.LECTURES

    def entry(self) -> dict[str, Any]:
        """The row as printed, in the order of the columns."""
        return {
            "module": self.module,
            "offered": self.offered,
            "group": self.group,
            "lang": self.lang,
            "kind": self.kind,
            "activity": self.activity,
            "day": WEEKDAYS[self.weekday],
            "start": _clock(self.start),
            "end": _clock(self.end),
            "venue": self.venue,
            "campus": self.campus,
            "study_prog": list(self.study_prog),
        }


@dataclass(frozen=True, slots=True)
class TestRow:
    """One assessment of a semester test, with every room it is written in."""

    __test__: ClassVar[bool] = False  # the name is UP's; test collectors pass it by

    module: str
    test: str
    date: date
    start: time
    end: time
    campus: str
    venues: tuple[str, ...]
    place: PageRegion = NOWHERE
    by_hand: bool = False

    document: ClassVar[DocumentKind] = DocumentKind.TESTS

    def entry(self) -> dict[str, Any]:
        """The row as printed, in the order of the columns; the day follows from the date."""
        return {
            "module": self.module,
            "test": self.test,
            "day": WEEKDAYS[self.date.weekday()],
            "date": self.date.isoformat(),
            "start": _clock(self.start),
            "end": _clock(self.end),
            "campus": self.campus,
            "venues": list(self.venues),
        }


@dataclass(frozen=True, slots=True)
class ExamRow:
    """One exam paper. Only its start is printed; how long it takes is assumed elsewhere and said to be assumed."""

    status: str
    module: str
    paper: str
    activity: str
    date: date
    start: time
    module_campus: str
    exam_campus: str
    venue: str
    comments: str
    place: PageRegion = NOWHERE
    by_hand: bool = False

    document: ClassVar[DocumentKind] = DocumentKind.EXAMS

    def entry(self) -> dict[str, Any]:
        """The row as printed, in the order of the columns."""
        return {
            "status": self.status,
            "module": self.module,
            "paper": self.paper,
            "activity": self.activity,
            "date": self.date.isoformat(),
            "start": _clock(self.start),
            "module_campus": self.module_campus,
            "exam_campus": self.exam_campus,
            "venue": self.venue,
            "comments": self.comments,
        }


Row = LectureRow | TestRow | ExamRow


def row_from_entry(kind: DocumentKind, entry: Mapping[str, Any], place: PageRegion = NOWHERE) -> Row:
    """A row from the shape of `Row.entry`. Raises InvalidInput that names the field which cannot be meant."""
    try:
        if kind is DocumentKind.LECTURES:
            row: Row = LectureRow(
                module=str(entry["module"]),
                offered=str(entry["offered"]),
                group=str(entry["group"]),
                lang=str(entry["lang"]),
                kind=str(entry["kind"]),
                activity=str(entry["activity"]),
                weekday=WEEKDAYS.index(str(entry["day"])),
                start=time.fromisoformat(entry["start"]),
                end=time.fromisoformat(entry["end"]),
                venue=str(entry["venue"]),
                campus=str(entry["campus"]),
                study_prog=tuple(str(prog) for prog in entry["study_prog"]),
                place=place,
            )
        elif kind is DocumentKind.TESTS:
            row = TestRow(
                module=str(entry["module"]),
                test=str(entry["test"]),
                date=date.fromisoformat(entry["date"]),
                start=time.fromisoformat(entry["start"]),
                end=time.fromisoformat(entry["end"]),
                campus=str(entry["campus"]),
                venues=tuple(str(venue) for venue in entry["venues"]),
                place=place,
            )
        else:
            row = ExamRow(
                status=str(entry["status"]),
                module=str(entry["module"]),
                paper=str(entry["paper"]),
                activity=str(entry["activity"]),
                date=date.fromisoformat(entry["date"]),
                start=time.fromisoformat(entry["start"]),
                module_campus=str(entry["module_campus"]),
                exam_campus=str(entry["exam_campus"]),
                venue=str(entry["venue"]),
                comments=str(entry["comments"]),
                place=place,
            )
    except KeyError as missing:
        raise InvalidInput(
            msg("A row of a {kind} document has no {field}.", kind=kind, field=str(missing.args[0]))
        ) from missing
    except (ValueError, TypeError) as wrong:
        raise InvalidInput(
            msg("A row of a {kind} document is not valid: {wrong}.", kind=kind, wrong=str(wrong))
        ) from wrong
    if not isinstance(row, ExamRow) and row.start >= row.end:
        raise InvalidInput(
            msg(
                "{what} would end at {end}, not after its start at {start}.",
                what=row.module,
                end=row.end,
                start=row.start,
            ),
            "Give it an end that is later than its start.",
        )
    return row


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

    kind: DocumentKind
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
            if row.document is not self.kind:
                raise InvalidInput(msg("A {row} row stands in a {kind} document.", row=row.document, kind=self.kind))

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
        body = "\n".join([self.kind, *sorted(set(entries))])
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
        written = (replace(row, place=problem.place, by_hand=True) for row in rows)
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
            "kind": str(self.kind),
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


def _stored_row(kind: DocumentKind, entry: Mapping[str, Any]) -> Row:
    row = row_from_entry(kind, entry, page_region_from_json(entry["place"]) if "place" in entry else NOWHERE)
    return replace(row, by_hand=True) if entry.get("by_hand") is True else row


def _phrased(problem: Mapping[str, Any], name: str) -> str:
    phrases = problem.get("phrases")
    if isinstance(phrases, Mapping) and name in phrases:
        return messages.message_from_json(phrases[name])
    return str(problem[name])


def draft_from_json(plain: Mapping[str, Any]) -> Draft:
    """The reverse of `Draft.to_json`. Raises InvalidInput for anything that is not such a draft."""
    try:
        kind = DocumentKind(plain["kind"])
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
