"""Shared by the tests of commands: a student with one of everything, and checks of any act and any refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.domain.commands.edits import event_id, save_event
from desktop.domain.errors import InvalidInput
from desktop.domain.records.projection import project
from desktop.domain.records.records import Act, canonical_json
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.timetable import Timetable
from tests.unit.desktop.domain.documents import YEAR, Student, draft, exam, lecture, parse_time, student_with

MEETING = "2026/COS 212/S1/G01/L/L1"
EXAM = "2026/COS 212/exam/1/Exam Written/HATF"
EVENT = event_id(YEAR, "choir")

Command = Callable[[Timetable], Act]


def student_of_everything() -> Student:
    """Lectures in two rooms, practicals of two groups, an exam, and choir on Tuesday evenings."""
    student = student_with(
        [
            draft(
                lecture("COS 212", "L1", "Mon 08:30 09:20", "A", "B"),
                lecture("COS 212", "P1", "Mon 10:30 12:20", group="P01"),
                lecture("COS 212", "P1", "Tue 10:30 12:20", group="P02"),
            ),
            draft(exam("COS 212", "2026-06-05 11:15", "Hall")),
        ]
    )
    student.does(
        save_event(
            timetable_of(student), OwnEvent(EVENT, YEAR, "Choir", parse_time("18:00"), parse_time("19:00"), weekday=1)
        )
    )
    return student


def timetable_of(student: Student) -> Timetable:
    return project(student.records, YEAR)


def check_act(act: Act, title: str) -> None:
    """Check that an act has this title, and changes that can be stored."""
    assert act.title == title
    assert act.changes
    for change in act.changes:
        canonical_json(dict(change.values))
        assert change.key.startswith(f"{YEAR}/")


def check_refused(verb: Command, timetable: Timetable) -> None:
    with pytest.raises(InvalidInput) as refused:
        verb(timetable)
    assert refused.value.title.endswith(".")
