"""Suggests fields for a line that could not be read, from its raw text and the rows around it.

They are the initial texts of the form, which the student corrects and confirms. A line of lectures takes its module and
group from the rows around it, since those are printed once for many lines. Apart from the text that could not be
understood, a suggestion is valid for its field.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from desktop.document_types.rows import ExamRow, LectureRow, TestRow
from desktop.domain.drafts import fields
from desktop.domain.drafts.draft import WEEKDAYS, Problem, Row

_MODULE = re.compile(r"\b([A-Z]{3}) ?(\d{3})\b")
_SPAN = re.compile(r"\b(\d{1,2})[:.hH](\d{2}) ?[-–—]? ?(\d{1,2})[:.hH](\d{2})\b")
_CLOCK = re.compile(r"\b(\d{1,2})[:.hH](\d{2})\b")
_DATE = re.compile(r"\b(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})\b")
_ACTIVITY = re.compile(r"[A-Z]{1,4}\d{1,3}")
_LIKE_A_TIME = re.compile(r"[-–—]|.*\d[:.hH].*|.*[:].*\d.*")
_MIN_SIMILARITY = 0.75  # minimum similarity (difflib) to the name of a day: `Munday`, `M0nday`
_MAX_SHORT_WORD = 4  # words up to this length are never days: `Main`

# The field that a problem is about, by the beginning of its `expected`.
_FIELD_BY_EXPECTED = (
    ("a module", "module"),
    ("when it is offered", "offered"),
    ("a group", "group"),
    ("a language", "lang"),
    ("a kind", "lang"),
    ("an activity", "activity"),
    ("an end after", "time"),
    ("a test", "test"),
    ("a status", "status"),
    ("a date", "date"),
)
Suggestion = dict[str, str]


def count_meetings(problem: Problem) -> int:
    """The number of meetings that a line of lectures seems to contain; a whole table row may contain several."""
    return max(1, len(_anchors(_tokens(problem.place.text))))


def finish_suggestions(found: Sequence[Suggestion], problem: Problem, about: str) -> tuple[Suggestion, ...]:
    """The suggestions with the text found in the field `about`, and without empty fields."""
    for suggestion in found:
        if about not in ("", "day", "date") and len(found) == 1 and problem.found not in ("", problem.place.text):
            suggestion[about] = problem.found  # as printed, to be corrected
        for name in [name for name, text in suggestion.items() if not text]:
            del suggestion[name]
    return tuple(found)


def detect_problem_field(problem: Problem, *, day: str = "date", time: str = "time") -> str:
    """The field that a problem is about. `day` and `time` are the names of these fields in the document type."""
    if problem.expected.startswith("a time"):
        return time
    if any(problem.expected.startswith(each) for each in ("a day", *(f"a {name}" for name in WEEKDAYS))):
        return day
    return next((name for begins, name in _FIELD_BY_EXPECTED if problem.expected.startswith(begins)), "")


# the words of a line


def _tokens(text: str) -> list[str]:
    """The words of a line. A start and an end form one word."""
    return _SPAN.sub(lambda found: _span_text(found).replace(" ", ""), " ".join(text.split())).split()


def _span_text(found: re.Match[str]) -> str:
    return f"{int(found[1]):02}:{found[2]} - {int(found[3]):02}:{found[4]}"


def _weekday(word: str) -> str:
    if len(word) <= _MAX_SHORT_WORD:
        return ""
    close = difflib.get_close_matches(word.capitalize(), WEEKDAYS, len(WEEKDAYS), _MIN_SIMILARITY)
    same_letter = [day for day in close if day[0] == word[0].upper()]
    return next(iter(same_letter or close), "")


def _is_span(word: str) -> bool:
    return _SPAN.fullmatch(word) is not None


def _anchors(words: Sequence[str]) -> list[int]:
    """The index of each meeting's day, or of its time if it has no day."""
    return [
        place
        for place, word in enumerate(words)
        if _weekday(word) or (_is_span(word) and not (place and _weekday(words[place - 1])))
    ]


def _module(text: str) -> str:
    found = _MODULE.search(text)
    return f"{found[1]} {found[2]}" if found else ""


def _date(text: str) -> str:
    found = _DATE.search(text)
    try:
        return fields.calendar_date(f"{found[1]} {found[2]} {found[3]}").isoformat() if found else ""
    except fields.Unclear:
        return ""


def _most_common(texts: Iterable[str]) -> str:
    """The most common non-empty text."""
    counted = Counter(text for text in texts if text)
    return counted.most_common(1)[0][0] if counted else ""


# lectures


def lecture_suggestions(rows: Sequence[LectureRow], problem: Problem) -> list[Suggestion]:
    words = _tokens(problem.place.text)
    anchors = _anchors(words)
    campuses = {row.campus for row in rows if row.campus}
    begins = [_line_start(words, anchor) for anchor in anchors]
    ends = [*begins[1:], len(words)]
    lines = [
        _parse_line(words[begin:end], anchor - begin, campuses)
        for begin, anchor, end in zip(begins, anchors, ends, strict=False)
    ] or [{}]
    head = words[: begins[0]] if begins else words
    whole = _parse_head(head, problem)  # a whole table row contains its module, a single line does not
    found = []
    for line in lines:
        beside = _adjacent_row(rows, problem, line.get("activity", "")) if words and not head else None
        suggestion = dict(whole)
        if beside is not None:
            suggestion |= {
                "module": beside.module,
                "offered": beside.offered,
                "group": beside.group,
                "lang": beside.lang,
            }
            suggestion |= {"campus": beside.campus, "study_prog": " ".join(beside.study_prog)}
        suggestion |= line
        if rows and not suggestion.get("campus"):
            suggestion["campus"] = _most_common(row.campus for row in rows)
        found.append(suggestion)
    return found


def _line_start(words: Sequence[str], anchor: int) -> int:
    """The index where the line of an anchor begins: the activity is before the day."""
    if anchor and _ACTIVITY.fullmatch(words[anchor - 1]):
        return anchor - 1
    if anchor > 1 and _ACTIVITY.fullmatch(words[anchor - 2] + words[anchor - 1]):
        return anchor - 2
    return anchor


def _parse_line(words: Sequence[str], anchor: int, campuses: set[str]) -> Suggestion:
    suggestion = {"activity": "".join(words[:anchor]), "day": _weekday(words[anchor])}
    place = anchor + (1 if suggestion["day"] else 0)
    if place < len(words) and _is_span(words[place]):
        suggestion["time"] = words[place].replace("-", " - ")
        place += 1
    else:
        while place < len(words) and _LIKE_A_TIME.fullmatch(words[place]):
            place += 1
    rest = list(words[place:])
    if rest and rest[-1] in campuses:
        suggestion["campus"] = rest.pop()
    suggestion["venue"] = " ".join(rest)
    return suggestion


def _parse_head(words: Sequence[str], problem: Problem) -> Suggestion:
    text = " ".join(words)
    found = _MODULE.search(text)
    if found is None:
        return {}
    rest = text[found.end() :].split()
    if any(
        problem.expected.startswith(begins)
        for begins, name in _FIELD_BY_EXPECTED
        if name in ("offered", "group", "lang")
    ):
        rest = rest[: 0 if detect_problem_field(problem, day="day") == "offered" else 1]
    names = ("offered", "group", "lang")
    return {"module": _module(text)} | dict(zip(names, rest, strict=False))


def _adjacent_row(rows: Sequence[LectureRow], problem: Problem, activity: str) -> LectureRow | None:
    """The row above or below whose group the line probably belongs to: of the same kind, with the adjacent number."""
    where = problem.place.page, problem.place.top
    read = [row for row in rows if not row.by_hand and row.place.page]
    above = max((row for row in read if _position(row) < where), key=_position, default=None)
    below = min((row for row in read if _position(row) > where), key=_position, default=None)
    kind, number = _letters(activity), activity.removeprefix(_letters(activity))
    best: tuple[int, LectureRow] | None = None
    for row, step in ((above, 1), (below, -1)):
        if row is None:
            continue
        own = row.activity.removeprefix(_letters(row.activity))
        follows = number.isdigit() and own.isdigit() and int(number) - int(own) in (0, step)
        likely = 2 * (bool(kind) and kind in (row.kind, _letters(row.activity))) + follows
        if best is None or likely > best[0]:
            best = likely, row
    return best[1] if best else None


def _letters(activity: str) -> str:
    return activity.rstrip("0123456789")


def _position(row: Row) -> tuple[int, float]:
    return row.place.page, row.place.top


# tests and exams


def test_suggestion(rows: Sequence[TestRow], problem: Problem) -> Suggestion:
    text = " ".join(problem.place.text.split())
    campus = _most_common(row.campus for row in rows)
    suggestion = {"module": _module(text), "date": _date(text), "campus": campus}
    words = _tokens(text)
    span = next((place for place, word in enumerate(words) if _is_span(word)), None)
    day = next((place for place, word in enumerate(words) if _weekday(word)), span)
    if span is not None:
        suggestion["time"] = words[span].replace("-", " - ")
        rest = words[span + 1 :]
        known = {row.campus for row in rows} | {"HATFIELD"}
        if rest and rest[0] in known:
            suggestion["campus"] = rest.pop(0)
        suggestion["venues"] = " ".join(rest)
    head = " ".join(words[:day]) if day is not None else ""
    found = _MODULE.search(head)
    suggestion["test"] = head[found.end() :].strip() if found else ""
    return suggestion


def exam_suggestion(rows: Sequence[ExamRow], problem: Problem) -> Suggestion:
    text = " ".join(problem.place.text.split())
    module, day = _MODULE.search(text), _DATE.search(text)
    suggestion = {"module": _module(text), "date": _date(text)}
    if module is not None:
        status = text[: module.start()].strip()
        suggestion["status"] = status if status.isalpha() else ""
        head = text[module.end() : day.start() if day else len(text)].split()
        if head and head[0].isdigit():
            suggestion["paper"] = head.pop(0)
        known = (row.activity for row in rows if set(row.activity.split()) <= set(text.split()))
        suggestion["activity"] = _most_common(known) or (" ".join(head) if day else "")
    start = next((found for found in _CLOCK.finditer(text) if day is None or found.start() >= day.end()), None)
    if start is not None:
        suggestion["start"] = f"{int(start[1]):02}:{start[2]}"
        rest = text[start.end() :].split()
        campuses = {campus for row in rows for campus in (row.module_campus, row.exam_campus) if campus}
        for name in ("module_campus", "exam_campus"):
            if rest and rest[0] in campuses:
                suggestion[name] = rest.pop(0)
        wrapped = suggestion.get("activity", "").split()[1:]  # its second line follows all first lines
        if wrapped and rest[-len(wrapped) :] == wrapped:
            rest = rest[: -len(wrapped)]
        suggestion["venue"] = " ".join(rest)
    return suggestion
