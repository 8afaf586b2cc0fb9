"""Drafts and records for tests, as a student's documents would give them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from desktop.document_types import DOCUMENT_TYPES, LECTURES
from desktop.document_types.rows import ExamRow, LectureRow, TestRow
from desktop.domain.drafts.draft import Draft, Row
from desktop.domain.importing.changes import Comparison, compare
from desktop.domain.importing.decisions import Decisions, accept_draft, default_decisions
from desktop.domain.records.records import Act, Records, Stamp, index_records

YEAR = 2026
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


def parse_time(text: str) -> time:
    return time.fromisoformat(text)


def lecture(
    module: str,
    activity: str,
    when: str,
    *venues: str,
    offered: str = "S1",
    group: str = "G01",
    campus: str = "HATFIELD",
) -> list[Row]:
    """`when` is "Mon 08:30 09:20"; one row for every venue, as the document has it."""
    day, start, end = when.split()
    kind = activity.rstrip("0123456789")
    return [
        LectureRow(
            module,
            offered,
            group,
            "E",
            kind,
            activity,
            DAYS.index(day),
            parse_time(start),
            parse_time(end),
            venue,
            campus,
            (),
        )
        for venue in venues or ("IT 4-4",)
    ]


def sat_test(module: str, name: str, when: str, *venues: str, campus: str = "HATFIELD") -> list[Row]:
    day, start, end = when.split()
    return [
        TestRow(
            module, name, date.fromisoformat(day), parse_time(start), parse_time(end), campus, venues or ("Thuto 1-1",)
        )
    ]


def exam(module: str, when: str, venue: str = "", *, status: str = "FINAL", paper: str = "1") -> list[Row]:
    day, start = when.split()
    place = "HATFIELD" if status == "FINAL" else ""
    return [
        ExamRow(
            status, module, paper, "Exam Written", date.fromisoformat(day), parse_time(start), "HATF", place, venue, ""
        )
    ]


def draft(*rows: list[Row]) -> Draft:
    flat = tuple(row for several in rows for row in several)
    return Draft(DOCUMENT_TYPES[flat[0].document] if flat else LECTURES, 1, flat)


class Student:
    """Records that grow act by act, each with a stamp of its own, as in the store."""

    def __init__(self, records: Records | None = None, device: str = "a", counter: int = 0) -> None:
        self.records = records or index_records([], DOCUMENT_TYPES)
        self.device = device
        self.counter = counter

    def does(self, act: Act) -> None:
        self.counter += 1
        self.records = self.records.with_changes(act.changes, Stamp(self.counter, self.device))

    def compares(self, document: Draft) -> Comparison:
        return compare(document, self.records, YEAR)

    def accepts(self, document: Draft, decisions: Decisions | None = None) -> Comparison:
        comparison = self.compares(document)
        chosen = default_decisions(comparison) if decisions is None else decisions
        self.does(accept_draft(document, comparison, chosen, YEAR, "UP_MOD_XLS.pdf"))
        return comparison


def student_with(documents: Iterable[Draft]) -> Student:
    student = Student()
    for document in documents:
        student.accepts(document)
    return student
