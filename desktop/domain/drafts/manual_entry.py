"""Rows that a person enters or corrects, as texts, and the lines that still wait to be entered.

Texts are in the form that `texts_of` gives: a weekday by its English name, a date as 2026-03-23, a time as
08:30 - 09:20, rooms with a middle dot between them. They pass the same validators (`fields.py`) as rows from a PDF.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from functools import partial
from typing import TypeVar

from desktop.domain.drafts import fields
from desktop.domain.drafts.draft import DocumentKind, Draft, ExamRow, LectureRow, Problem, Row, TestRow
from desktop.domain.drafts.fields import Unclear
from desktop.domain.drafts.suggestions import meetings_in
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg, named

T = TypeVar("T")
Texts = Mapping[str, str]
BETWEEN = " · "  # between the rooms of one meeting

FIELDS: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.LECTURES: ("module", "offered", "group", "activity", "day", "time", "venue", "campus", "lang"),
    DocumentKind.TESTS: ("module", "test", "date", "time", "venues", "campus"),
    DocumentKind.EXAMS: (
        "module",
        "paper",
        "activity",
        "date",
        "start",
        "venue",
        "exam_campus",
        "module_campus",
        "status",
        "comments",
    ),
}
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


class _Written:
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

    def row(self, row: Row) -> Row:
        if self.wrong:
            raise WrongFields(self.wrong)
        return row


def rows_by_hand(kind: DocumentKind, texts: Texts) -> tuple[Row, ...]:
    """The rows that these texts make, one for every room of a meeting. Raises WrongFields."""
    if kind is DocumentKind.TESTS:
        return (_row(kind, texts),)
    return tuple(_row(kind, {**texts, "venue": room}) for room in _rooms(texts.get("venue", "")) or ("",))


def entered(draft: Draft, problem: Problem, texts: Texts) -> Draft:
    """The draft with the rows that these texts make for a line that could not be understood. Raises WrongFields.

    A student writes no kind. Where the document gives the module's activities of these letters another kind than the
    letters say (practicals `PT1` of the kind `P`), the new rows have it too.
    """
    rows = rows_by_hand(draft.kind, texts)
    return draft.entered(problem, rows if texts.get("kind") else [_with_kind_of(draft, row) for row in rows])


def _with_kind_of(draft: Draft, row: Row) -> Row:
    if not isinstance(row, LectureRow):
        return row
    letters = _letters(row.activity)
    alike = [
        each
        for each in draft.rows
        if isinstance(each, LectureRow)
        and (each.module, each.offered, _letters(each.activity)) == (row.module, row.offered, letters)
    ]
    kinds = Counter(each.kind for each in [each for each in alike if each.group == row.group] or alike)
    return replace(row, kind=kinds.most_common(1)[0][0]) if kinds else row


def corrected(rows: Sequence[Row], texts: Texts) -> tuple[Row, ...]:
    """The rows of one meeting or assessment with the fields that differ from `texts_of(rows)` as they are written here.

    Another number of rooms makes another number of rows; each keeps the place it was read from. Raises WrongFields.
    """
    kind, before = rows[0].document, texts_of(rows)
    changed = {name: text for name, text in texts.items() if text != before.get(name)}
    if _letters(changed.get("activity", "")) not in ("", _letters(before.get("activity", ""))):
        changed = {"kind": ""} | changed  # a class of another kind: that of its letters
    made: list[Row] = []
    if kind is DocumentKind.TESTS:
        for number, row in enumerate(rows):
            new = _row(kind, texts_of((row,)) | changed)
            if isinstance(row, TestRow) and isinstance(new, TestRow):
                venues = row.venues if "venues" not in changed else new.venues if number == 0 else ()
                made.append(replace(new, venues=venues, place=row.place, by_hand=row.by_hand))
        return tuple(made)
    rooms = _rooms(changed["venue"]) or ("",) if "venue" in changed else tuple(_venue(row) for row in rows)
    for number, room in enumerate(rooms):
        row = rows[min(number, len(rows) - 1)]
        new = _row(kind, texts_of((row,)) | changed | {"venue": room})
        made.append(replace(new, place=row.place, by_hand=row.by_hand))
    return tuple(made)


def _letters(activity: str) -> str:
    return activity.strip().upper().rstrip("0123456789 ")


def _venue(row: Row) -> str:
    return "" if isinstance(row, TestRow) else row.venue


def _rooms(text: str) -> tuple[str, ...]:
    return tuple(room.strip() for room in text.split(BETWEEN.strip()) if room.strip())


def texts_of(rows: Sequence[Row]) -> dict[str, str]:
    """What a person would have written for the rows of one meeting or assessment."""
    row = rows[0]
    if isinstance(row, LectureRow):
        entry = row.entry()
        names = ("module", "offered", "group", "lang", "kind", "activity", "day", "campus")
        plain = {name: str(entry[name]) for name in names}
        rooms = BETWEEN.join(dict.fromkeys(_venue(each) for each in rows))
        return plain | {"time": _span(row), "venue": rooms, "study_prog": " ".join(row.study_prog)}
    if isinstance(row, TestRow):
        venues = dict.fromkeys(venue for each in rows if isinstance(each, TestRow) for venue in each.venues)
        return {
            "module": row.module,
            "test": row.test,
            "date": row.date.isoformat(),
            "time": _span(row),
            "campus": row.campus,
            "venues": BETWEEN.join(venues),
        }
    plain = {name: str(value) for name, value in row.entry().items()}
    return plain | {"venue": BETWEEN.join(dict.fromkeys(_venue(each) for each in rows))}


def _span(row: LectureRow | TestRow) -> str:
    return f"{row.start:%H:%M} - {row.end:%H:%M}"


def _row(kind: DocumentKind, texts: Texts) -> Row:
    written = _Written(texts)
    module = written.read("module", lambda text: fields.module(text.upper()), "")
    if kind is DocumentKind.EXAMS:
        return written.row(
            ExamRow(
                status=written.code("status", "a status such as FINAL or PRELIM"),
                module=module,
                paper=written.words("paper", "a paper such as 1"),
                activity=written.words("activity", "an activity such as Exam Written", required=True),
                date=written.read("date", _date, date.min),
                start=written.read("start", fields.clock, time.min),
                module_campus=written.words("module_campus", "a campus"),
                exam_campus=written.words("exam_campus", "a campus"),
                venue=written.words("venue", "a venue"),
                comments=written.words("comments", "a comment"),
            )
        )
    start, end = written.read("time", fields.span, (time.min, time.max))
    campus = written.words("campus", "a campus")
    if kind is DocumentKind.TESTS:
        return written.row(
            TestRow(
                module=module,
                test=written.words("test", "a test such as Test1", required=True),
                date=written.read("date", _date, date.min),
                start=start,
                end=end,
                campus=campus,
                venues=written.read("venues", _venues, ()),
            )
        )
    activity, letters = written.read("activity", lambda text: fields.activity(text.upper()), ("", ""))
    return written.row(
        LectureRow(
            module=module,
            offered=written.code("offered", "when it is offered, such as S1"),
            group=written.code("group", "a group such as G01"),
            lang=written.code("lang", "a language such as E"),
            kind=written.read("kind", _kind, "") or letters,
            activity=activity,
            weekday=written.read("day", fields.weekday, 0),
            start=start,
            end=end,
            venue=written.words("venue", "a venue"),
            campus=campus,
            study_prog=tuple(written.words("study_prog", "study programmes").split()),
        )
    )


def _kind(text: str) -> str:
    """The kind that a document gives; empty where it is that of the activity's letters."""
    return fields.code(text, "a kind such as L") if text else ""


def _venues(text: str) -> tuple[str, ...]:
    return tuple(fields.words(room, "a venue") for room in _rooms(text))


def _date(text: str) -> date:
    """2026-03-23, by the rules of what stands in a document."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return fields.day_of_year(text)
    return fields.day_of_year(f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}")


# which lines still wait


def is_open(draft: Draft, problem: Problem) -> bool:
    """Whether a line still waits for the student: neither left out nor, as often as it needs it, entered by hand.

    What is about a page or the whole file is open until it is left out: nobody knows how many rows are missing there.
    """
    if problem.seen:
        return False
    written = {_without_rooms(row) for row in draft.written_for(problem)}
    return not problem.place.text or len(written) < meetings_in(draft.kind, problem)


def _without_rooms(row: Row) -> tuple[str, ...]:
    return tuple(text for name, text in texts_of((row,)).items() if name not in ("venue", "venues"))


def open_problems(draft: Draft) -> tuple[Problem, ...]:
    """The lines that still wait for the student, in document order."""
    return tuple(problem for problem in draft.problems if is_open(draft, problem))
