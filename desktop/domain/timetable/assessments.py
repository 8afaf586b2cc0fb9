"""Tests and exams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

EXAM_MINUTES = 180  # assumed, since documents print only an exam's start; shown as an assumption
TimeSlot = tuple[date, time, time]  # date, start and end


class AssessmentKind(StrEnum):
    TEST = "test"
    EXAM = "exam"


@dataclass(frozen=True, slots=True)
class Assessment:
    """A dated test or exam. `end` is printed for tests. For exams it is assumed, and `assumed_end` is true."""

    id: str
    year: int
    module: str
    kind: AssessmentKind
    name: str  # "Test1", "PTest 1", "Exam Written"
    date: date
    start: time
    end: time
    venues: tuple[str, ...] = ()
    campus: str = ""
    paper: str = ""
    status: str = ""  # FINAL or PRELIM, as an Exams document prints it
    comments: str = ""
    assumed_end: bool = False
    note: str = ""
    hidden: bool = False
    sources: tuple[str, ...] = ()
    edited: frozenset[str] = frozenset()  # which of slot, venues, room and note the student edited
    outdated: frozenset[str] = frozenset()
    room: str = ""
    printed_slot: TimeSlot | None = None  # as in the documents, without edits
    printed_venues: tuple[str, ...] = ()
    by_hand: bool = False

    @property
    def is_preliminary(self) -> bool:
        return self.status.upper() == "PRELIM"

    @property
    def label(self) -> str:
        return f"{self.module} · {self.name}"


def exam_end(start: time, minutes: int = EXAM_MINUTES) -> time:
    """The assumed end of an exam, 23:59 at the latest."""
    moment = datetime.combine(date(2000, 1, 1), start) + timedelta(minutes=minutes)
    return moment.time() if moment.day == 1 else time(23, 59)


def test_id(year: int, module: str, test: str, campus: str) -> str:
    return f"{year}/{module}/{AssessmentKind.TEST}/{test}/{campus}"


def exam_id(year: int, module: str, paper: str, activity: str, campus: str) -> str:
    return f"{year}/{module}/{AssessmentKind.EXAM}/{paper}/{activity}/{campus}"
