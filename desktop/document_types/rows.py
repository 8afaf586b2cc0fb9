"""The rows of the portal's documents, as printed. Times are on UP's clock, weekdays count from Monday = 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar

from desktop.domain.drafts.draft import NOWHERE, WEEKDAYS, PageRegion


def clock_text(value: time) -> str:
    return value.strftime("%H:%M")


@dataclass(frozen=True, slots=True)
class LectureRow:
    """A row of a Lectures document: one meeting in one room. A meeting in several rooms has several rows."""

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
    by_hand: bool = False  # entered by the student, for the line at `place` that could not be understood

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
    """A semester test, with all its rooms."""

    __test__: ClassVar[bool] = False  # the name is UP's; pytest must not collect it

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
        """The row as printed, in the order of the columns. The day is derived from the date."""
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
    """An exam paper. Only its start is printed; its end is assumed (`Assessment.assumed_end`)."""

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
