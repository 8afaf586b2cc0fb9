"""Moving own events to another time: the whole series, or one date of it."""

from __future__ import annotations

from datetime import date, time

import pytest

from desktop.domain.commands.choices import skip_date
from desktop.domain.commands.edits import save_event
from desktop.domain.commands.event_moves import EventMove, move_event, move_event_once
from desktop.domain.errors import InvalidInput
from desktop.domain.records.projection import project
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.timetable import Timetable
from tests.unit.desktop.domain.documents import YEAR, Student, draft, lecture, student_with

GYM = OwnEvent("2026/event/gym", YEAR, "Gym", time(17), time(18), weekday=1, offered="S1", venue="LC de Villiers")
TALK = OwnEvent("2026/event/talk", YEAR, "Talk", time(10, 20), time(11), on=date(2026, 3, 24), note="Bring a pen")
TUESDAY, THURSDAY = date(2026, 3, 24), date(2026, 3, 26)


def table(student: Student) -> Timetable:
    return project(student.records, YEAR)


@pytest.fixture
def student() -> Student:
    made = student_with([draft(lecture("COS 212", "L1", "Mon 08:30 09:20"))])
    for event in (GYM, TALK):
        made.does(save_event(table(made), event))
    return made


def event(student: Student, event_id: str) -> OwnEvent:
    found = table(student).item(event_id)
    assert isinstance(found, OwnEvent)
    return found


def test_an_event_on_one_date_goes_to_another(student: Student) -> None:
    act = move_event(table(student), EventMove(TALK.id, TUESDAY, (THURSDAY, time(12), time(12, 45))))
    assert act.title == "Moved Talk to 26 March, 12:00 to 12:45"
    student.does(act)
    moved = event(student, TALK.id)
    assert (moved.on, moved.start, moved.end, moved.note) == (THURSDAY, time(12), time(12, 45), "Bring a pen")


def test_a_series_moves_with_the_dates_that_it_skips(student: Student) -> None:
    student.does(skip_date(table(student), GYM.id, date(2026, 3, 31)))
    act = move_event(table(student), EventMove(GYM.id, TUESDAY, (THURSDAY, time(16), time(17))))
    assert act.title == "Moved Gym to Thursday 16:00 to 17:00"
    student.does(act)
    moved = event(student, GYM.id)
    assert (moved.weekday, moved.start, moved.offered, moved.venue) == (3, time(16), "S1", "LC de Villiers")
    assert moved.skipped == {date(2026, 4, 2)}


def test_one_date_of_a_series_becomes_an_event_of_its_own(student: Student) -> None:
    act = move_event_once(table(student), EventMove(GYM.id, TUESDAY, (THURSDAY, time(16), time(17))), "once")
    assert act.title == "Moved Gym to 26 March, 16:00 to 17:00"
    student.does(act)
    assert event(student, GYM.id).skipped == {TUESDAY}
    assert (event(student, GYM.id).weekday, event(student, GYM.id).start) == (1, time(17))
    once = event(student, "2026/event/once")
    assert (once.title, once.on, once.start, once.venue) == ("Gym", THURSDAY, time(16), "LC de Villiers")
    assert once.colour is Colour.GRAPHITE


def test_a_date_in_the_january_after_belongs_to_the_same_year(student: Student) -> None:
    january = (date(2027, 1, 5), time(16), time(17))
    student.does(move_event_once(table(student), EventMove(GYM.id, TUESDAY, january), "late"))
    assert event(student, "2026/event/late").on == date(2027, 1, 5)


def test_what_a_document_says_and_times_without_a_length_are_refused(student: Student) -> None:
    to = (THURSDAY, time(16), time(17))
    meeting = table(student).meetings[0].id
    with pytest.raises(InvalidInput):
        move_event(table(student), EventMove(meeting, TUESDAY, to))
    with pytest.raises(InvalidInput):
        move_event(table(student), EventMove(GYM.id, TUESDAY, (THURSDAY, time(16), time(16))))
    with pytest.raises(InvalidInput):
        move_event(table(student), EventMove(TALK.id, TUESDAY, (date(2028, 1, 1), time(16), time(17))))
