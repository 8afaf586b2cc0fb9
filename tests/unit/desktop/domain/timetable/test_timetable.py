"""The types of a timetable and their invariants."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import InvalidInput
from desktop.domain.timetable.assessments import Assessment, AssessmentKind, exam_end
from desktop.domain.timetable.choices import Choice, ChoiceKey, parse_choice_key
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot, meeting_id
from desktop.domain.timetable.modules import Module
from desktop.domain.timetable.timetable import Timetable

SLOT = Slot(3, time(8, 30), time(9, 20))


def meeting(group: str = "G01", *, hidden: bool = False) -> Meeting:
    name = meeting_id(2026, "COS 212", "S1", group, "L", "L1", None)
    return Meeting(name, 2026, "COS 212", "S1", group, "L", "L1", SLOT, hidden=hidden)


@pytest.mark.parametrize(("weekday", "start", "end"), [(7, 8, 9), (-1, 8, 9), (0, 9, 9), (0, 10, 9)])
def test_a_slot_is_a_weekday_and_ends_after_it_starts(weekday: int, start: int, end: int) -> None:
    with pytest.raises(InvalidInput):
        Slot(weekday, time(start), time(end))


def test_ids_are_natural_keys() -> None:
    assert meeting_id(2026, "COS 212", "S1", "G01", "L", "L1", None) == "2026/COS 212/S1/G01/L/L1"
    assert meeting_id(2026, "COS 212", "S1", "G01", "L", "L1", SLOT) == "2026/COS 212/S1/G01/L/L1/3-0830"


def test_a_choice_key_is_read_back_as_it_is_written() -> None:
    key = ChoiceKey(2026, "COS 212", "S1", "P")
    assert parse_choice_key(str(key)) == key
    for wrong in ("", "2026/COS 212/S1", "x/COS 212/S1/P", "2026/COS 212/S1/P/more"):
        with pytest.raises(InvalidInput):
            parse_choice_key(wrong)


def test_an_own_event_is_weekly_or_dated() -> None:
    with pytest.raises(InvalidInput):
        OwnEvent("2026/event/x", 2026, "x", time(8), time(9))
    with pytest.raises(InvalidInput):
        OwnEvent("2026/event/x", 2026, "x", time(8), time(9), weekday=1, on=date(2026, 1, 1))
    with pytest.raises(InvalidInput):
        OwnEvent("2026/event/x", 2026, "x", time(9), time(9), weekday=1)


@given(st.times(), st.integers(1, 720))
def test_an_exam_never_ends_beyond_midnight(start: time, minutes: int) -> None:
    end = exam_end(start.replace(second=0, microsecond=0), minutes)
    assert end >= start.replace(second=0, microsecond=0)


def test_attended_hidden_and_undecided() -> None:
    key = meeting().choice_key
    open_choice = Timetable(2026, meetings=(meeting(),), choices={key: Choice(key, ("G01", "G02"))})
    assert open_choice.is_undecided(meeting())
    assert not open_choice.is_attended(meeting())
    chosen = Timetable(2026, meetings=(meeting(),), choices={key: Choice(key, ("G01", "G02"), "G02")})
    assert not chosen.is_undecided(meeting())
    assert not chosen.is_attended(meeting())
    assert chosen.is_attended(meeting("G02"))
    assert not chosen.is_attended(meeting("G02", hidden=True))
    hidden = Timetable(2026, modules={"COS 212": Module(2026, "COS 212", hidden=True)}, choices=chosen.choices)
    assert hidden.is_hidden(meeting("G02"))
    assert not hidden.is_undecided(meeting())
    event = OwnEvent("2026/event/x", 2026, "x", time(8), time(9), weekday=1)
    assert hidden.is_attended(event)
    assert not hidden.is_hidden(event)


def test_items_are_found_by_id() -> None:
    assessment = Assessment(
        "2026/s", 2026, "COS 212", AssessmentKind.EXAM, "Exam", date(2026, 6, 5), time(8), time(9), status="Prelim"
    )
    table = Timetable(2026, meetings=(meeting(),), assessments=(assessment,))
    assert table.find("2026/s") is assessment
    assert assessment.is_preliminary
    assert assessment.label == "COS 212 · Exam"
    assert table.find("nothing") is None
    assert not table.is_empty
    assert Timetable(2026).is_empty
    assert Module(2026, "COS 212").title == "COS 212"
    assert Module(2026, "COS 212", name="Algorithms").title == "Algorithms"
