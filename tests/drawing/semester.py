"""A made-up first semester of a first-year engineering student, for trials, pictures and benchmarks.

Module codes are UP's; groups, times and rooms are made up for this project.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

from desktop.document_types import EXAMS, LECTURES, TESTS
from desktop.document_types.rows import ExamRow, LectureRow, TestRow
from desktop.domain.drafts.draft import WEEKDAYS, DocumentType
from tests.drawing import timetables

_LECTURES = """
PHY 114 G01 L L1 Monday    07:30 08:20 Nat Sci 2 - Hall 1
PHY 114 G01 L L2 Tuesday   10:30 11:20 Nat Sci 2 - Hall 1
PHY 114 G01 L L3 Thursday  08:30 09:20 Nat Sci 2 - Hall 1
PHY 114 G01 L L4 Friday    07:30 08:20 Nat Sci 2 - Hall 1
PHY 114 P01 P P1 Monday    14:30 17:20 Nat Sci 1 - Lab 3
PHY 114 P02 P P1 Wednesday 14:30 17:20 Nat Sci 1 - Lab 3
PHY 114 P03 P P1 Thursday  14:30 17:20 Nat Sci 1 - Lab 4
WTW 158 G01 L L1 Monday    09:30 10:20 Chemistry Hall 2
WTW 158 G01 L L2 Wednesday 08:30 09:20 Chemistry Hall 2
WTW 158 G01 L L3 Thursday  11:30 12:20 Chemistry Hall 2
WTW 158 G01 L L4 Friday    09:30 10:20 Chemistry Hall 2
WTW 158 G02 L L1 Monday    11:30 12:20 Thuto 1-1
WTW 158 G02 L L2 Tuesday   08:30 09:20 Thuto 1-1
WTW 158 G02 L L3 Thursday  11:30 12:20 Thuto 1-1
WTW 158 G02 L L4 Friday    11:30 12:20 Thuto 1-1
WTW 158 T01 T T1 Tuesday   13:30 14:50 Eng II - 4
WTW 158 T01 T T1 Tuesday   13:30 14:50 Eng II - 5
WTW 158 T02 T T1 Friday    13:30 14:50 Eng II - 4
EBN 111 G01 L L1 Tuesday   07:30 08:20 Eng III - 6
EBN 111 G01 L L2 Wednesday 10:30 11:20 Eng III - 6
EBN 111 G01 L L3 Friday    10:30 11:20 Eng III - 6
EBN 111 P01 P P1 Tuesday   14:30 17:20 Netlab - North Wing
EBN 111 P02 P P1 Thursday  14:30 17:20 Netlab - North Wing
CHM 172 G01 L L1 Monday    10:30 11:20 Chemistry Hall 1
CHM 172 G01 L L2 Wednesday 07:30 08:20 Chemistry Hall 1
CHM 172 G01 L L3 Thursday  09:30 10:20 Chemistry Hall 1
CHM 172 T01 T T1 Monday    12:30 13:20 Chemistry Hall 1
MOW 217 G01 L L1 Tuesday   11:30 13:20 Drawing Hall 2
MOW 217 G01 L L2 Wednesday 12:30 13:20 Drawing Hall 2
"""
_TESTS = """
PHY 114 Test1   2026-03-19 17:30 19:00 Nat Sci 2 - Hall 1|Nat Sci 2 - Hall 2
WTW 158 Test1   2026-03-21 09:00 10:30 Thuto 1-1|Thuto 1-2|Chemistry Hall 2
EBN 111 Test1   2026-03-24 17:30 19:00 Eng III - 6
CHM 172 PTest 1 2026-03-28 08:00 09:30 Chemistry Hall 1
WTW 158 Test2   2026-05-05 17:30 19:00 Thuto 1-1|Thuto 1-2
PHY 114 Test2   2026-05-08 07:30 09:00 Nat Sci 2 - Hall 1
"""
_EXAMS = """
FINAL  PHY 114 2026-06-01 07:30 Exam Hall 1
FINAL  WTW 158 2026-06-04 11:15 Exam Hall 2
PRELIM EBN 111 2026-06-09 07:30
FINAL  CHM 172 2026-06-15 15:00 Exam Hall 1
"""


def lectures() -> list[LectureRow]:
    """29 lines: five modules, with practicals and tutorials to choose among."""
    rows = []
    for line in _LECTURES.strip().splitlines():
        letters, number, group, kind, activity, day, start, end, venue = line.split(maxsplit=8)
        rows.append(
            LectureRow(
                module=f"{letters} {number}",
                offered="S1",
                group=group,
                lang="E",
                kind=kind,
                activity=activity,
                weekday=WEEKDAYS.index(day),
                start=time.fromisoformat(start),
                end=time.fromisoformat(end),
                venue=venue,
                campus="HATFIELD",
                study_prog=(),
            )
        )
    return rows


def semester_tests() -> list[TestRow]:
    """Six assessments, one on a Saturday, some in several rooms."""
    rows = []
    for line in _TESTS.strip().splitlines():
        module, rest = line[:7], line[7:].strip()
        name, day, start, end, venues = _from_date(rest)
        rows.append(
            TestRow(
                module=module,
                test=name,
                date=day,
                start=time.fromisoformat(start),
                end=time.fromisoformat(end),
                campus="HATFIELD",
                venues=tuple(venues.split("|")),
            )
        )
    return rows


def _from_date(text: str) -> tuple[str, date, str, str, str]:
    at = text.index("2026-")
    day, start, end, venues = text[at:].split(maxsplit=3)
    return text[:at].strip(), date.fromisoformat(day), start, end, venues


def exams() -> list[ExamRow]:
    """Four papers, one still preliminary."""
    rows = []
    for line in _EXAMS.strip().splitlines():
        status, letters, number, day, start, *venue = line.split(maxsplit=5)
        final = status == "FINAL"
        rows.append(
            ExamRow(
                status=status,
                module=f"{letters} {number}",
                paper="1",
                activity="Exam Written",
                date=date.fromisoformat(day),
                start=time.fromisoformat(start),
                module_campus="HATF",
                exam_campus="HATFIELD" if final else "",
                venue=venue[0] if venue else "",
                comments="",
            )
        )
    return rows


def documents() -> Iterator[tuple[DocumentType, bytes]]:
    """The three PDFs, as the portal would export them."""
    yield LECTURES, timetables.draw(lectures())
    yield TESTS, timetables.draw(semester_tests())
    yield EXAMS, timetables.draw(exams())


def write_documents(folder: Path) -> list[Path]:
    """The three PDFs as files in `folder`, under names as browsers give them."""
    paths = []
    for (_, data), name in zip(documents(), ("UP_MOD_XLS.pdf", "UP_MOD_XLS (1).pdf", "UP_EXAM.pdf"), strict=True):
        path = folder / name
        path.write_bytes(data)
        paths.append(path)
    return paths
