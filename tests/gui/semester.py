"""A made-up semester, as rows and as the PDFs a student would drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from desktop.document_types import DOCUMENT_TYPES
from desktop.document_types.rows import ExamRow, LectureRow, TestRow
from desktop.domain.drafts.draft import Draft, Row
from tests.drawing.timetables import draw

NOW = datetime(2026, 3, 24, 9, 5)  # a Tuesday in week 7 of the first semester


def lecture(module: str, activity: str, day: int, start: str, end: str, venue: str, group: str = "G01") -> LectureRow:
    return LectureRow(module, "S1", group, "E", activity[0], activity, day, _at(start), _at(end), venue, "HATFIELD", ())


def _at(text: str) -> time:
    return time.fromisoformat(text)


LECTURES: tuple[Row, ...] = (
    lecture("ABC 101", "L1", 0, "08:30", "09:20", "Hall 1"),
    lecture("ABC 101", "L2", 1, "08:30", "09:20", "Hall 2"),
    lecture("ABC 101", "P1", 3, "14:30", "17:20", "Lab 1", "P01"),
    lecture("ABC 101", "P1", 4, "14:30", "17:20", "Lab 2", "P02"),
    lecture("DEF 202", "L1", 1, "10:30", "11:20", "Hall 3"),
    lecture("DEF 202", "L2", 2, "10:30", "11:20", "Hall 3"),
    lecture("DEF 202", "T1", 2, "10:50", "12:20", "Room 4", "T01"),
    lecture("GHI 303", "L1", 1, "13:30", "14:20", "Hall 5"),
    lecture("GHI 303", "L1", 1, "13:30", "14:20", "Hall 6"),
)
TESTS: tuple[Row, ...] = (
    TestRow("ABC 101", "Test1", date(2026, 3, 27), _at("17:30"), _at("19:00"), "HATFIELD", ("Hall 1", "Hall 2")),
    TestRow("DEF 202", "Test1", date(2026, 4, 18), _at("08:00"), _at("10:00"), "HATFIELD", ("Hall 3",)),
)
EXAMS: tuple[Row, ...] = (
    ExamRow("FINAL", "ABC 101", "1", "Exam Written", date(2026, 6, 8), _at("07:30"), "HATF", "HATF", "Hall 1", ""),
    ExamRow("PRELIM", "DEF 202", "1", "Exam Written", date(2026, 6, 12), _at("11:15"), "HATF", "", "", ""),
)


def draft(rows: Sequence[Row], name: str = "") -> Draft:
    """The draft that a reader would return for a document of these rows."""
    return Draft(DOCUMENT_TYPES[rows[0].document], 1, tuple(rows), (), (name or rows[0].document).ljust(64, "0"))


def drafts() -> list[Draft]:
    return [draft(LECTURES), draft(TESTS), draft(EXAMS)]


def write_pdfs(folder: Path, *documents: Sequence[Row]) -> list[Path]:
    """Writes PDFs drawn as the portal draws them, one for each document."""
    paths = []
    for rows in documents or (LECTURES, TESTS, EXAMS):
        path = folder / f"{rows[0].document}.pdf"
        path.write_bytes(draw(rows))
        paths.append(path)
    return paths


def many_lectures(pages: int) -> tuple[Row, ...]:
    """Enough rows to fill so many pages, found by trial: how many fit on a page depends on where it breaks."""
    rows: list[Row] = []
    for number in range(pages * 2353 // 99):
        first = LECTURES[number % len(LECTURES)]
        assert isinstance(first, LectureRow)
        rows.append(replace(first, module=f"ZZZ {100 + number // 40}", group=f"G{number % 40 + 1:02}"))
    return tuple(rows)


__all__ = ["EXAMS", "LECTURES", "NOW", "TESTS", "draft", "drafts", "write_pdfs"]
