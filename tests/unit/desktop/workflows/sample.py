"""A small invented semester: two modules, one with a choice of practicals, a test and an exam."""

from __future__ import annotations

from datetime import date, time

from desktop.document_types import EXAMS, LECTURES, TESTS
from desktop.document_types.rows import ExamRow, LectureRow, TestRow
from desktop.domain.drafts.draft import Draft, PageRegion

TODAY = date(2026, 3, 2)


def lecture(
    module: str, group: str, kind: str, label: str, weekday: int, hour: int, venue: str = "IT 4-4"
) -> LectureRow:
    return LectureRow(
        module, "S1", group, "E", kind, label, weekday, time(hour, 30), time(hour + 1, 20), venue, "HATFIELD", (),
        PageRegion(1, 100, 112, f"{module} {label}"),
    )  # fmt: skip


def lectures(*more: LectureRow) -> Draft:
    return Draft(
        LECTURES,
        1,
        (
            lecture("COS 212", "G01", "L", "L1", 0, 8),
            lecture("COS 212", "G01", "L", "L2", 2, 9),
            lecture("COS 212", "P01", "P", "P1", 1, 13, "Lab 1"),
            lecture("COS 212", "P02", "P", "P1", 3, 13, "Lab 2"),
            lecture("WTW 220", "G01", "L", "L1", 0, 8, "Thuto 1-1"),
            *more,
        ),
        sha256="",
    )


def assessments_of(year: int = 2026) -> Draft:
    row = TestRow("COS 212", "Test1", date(year, 3, 14), time(8, 0), time(9, 30), "HATFIELD", ("Hall 1",))
    return Draft(TESTS, 1, (row,))


def exams_of(year: int = 2026) -> Draft:
    row = ExamRow("PRELIM", "COS 212", "1", "Exam Written", date(year, 6, 4), time(7, 30), "HATF", "", "", "")
    return Draft(EXAMS, 1, (row,))
