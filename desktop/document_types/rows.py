"""The rows of the documents of the student portal, as printed. Times are in UP's own zone, weekdays count from
Monday = 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar

from desktop.domain.drafts.draft import NOWHERE, WEEKDAYS, PageRegion


def clock_text(value: time) -> str:
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

    document: ClassVar[str] = "lectures"

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
            "start": clock_text(self.start),
            "end": clock_text(self.end),
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

    document: ClassVar[str] = "tests"

    def entry(self) -> dict[str, Any]:
        """The row as printed, in the order of the columns; the day follows from the date."""
        return {
            "module": self.module,
            "test": self.test,
            "day": WEEKDAYS[self.date.weekday()],
            "date": self.date.isoformat(),
            "start": clock_text(self.start),
            "end": clock_text(self.end),
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

    document: ClassVar[str] = "exams"

    def entry(self) -> dict[str, Any]:
        """The row as printed, in the order of the columns."""
        return {
            "status": self.status,
            "module": self.module,
            "paper": self.paper,
            "activity": self.activity,
            "date": self.date.isoformat(),
            "start": clock_text(self.start),
            "module_campus": self.module_campus,
            "exam_campus": self.exam_campus,
            "venue": self.venue,
            "comments": self.comments,
        }
