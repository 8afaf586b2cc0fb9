"""Verbs for the student's edits: what each says it did, what it changes, and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.domain.commands.choices import skip_date
from desktop.domain.commands.edits import (
    delete_event,
    drop_edit,
    event_key,
    keep_edit,
    move_assessment,
    move_meeting,
    recolour_module,
    rename_module,
    save_event,
    selectable_rooms,
    set_note,
    set_room,
    set_venues,
)
from desktop.domain.errors import InvalidInput
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.modules import Colour
from tests.unit.desktop.domain.command_checks import (
    EVENT,
    EXAM,
    MEETING,
    Command,
    check_act,
    check_refused,
    student_of_everything,
    timetable_of,
)
from tests.unit.desktop.domain.documents import YEAR, Student, draft, lecture, parse_time


@pytest.fixture
def student() -> Student:
    return student_of_everything()


TITLES: list[tuple[Command, str]] = [
    (lambda t: rename_module(t, "COS 212", " Data   structures "), "Renamed COS 212 to Data structures"),
    (lambda t: recolour_module(t, "COS 212", Colour.SAGE), "Coloured COS 212 Sage"),
    (lambda t: set_room(t, MEETING, "B"), "Chose B for COS 212 · L1"),
    (
        lambda t: move_meeting(t, MEETING, Slot(4, parse_time("10:30"), parse_time("11:20"))),
        "Moved COS 212 · L1 to Friday 10:30 to 11:20",
    ),
    (
        lambda t: move_assessment(t, EXAM, date(2026, 6, 5), parse_time("11:15"), parse_time("13:15")),
        "Moved COS 212 · Exam Written to 5 June, 11:15 to 13:15",
    ),
    (lambda t: set_venues(t, EXAM, ("Rautenbach",)), "Set the venue of COS 212 · Exam Written to Rautenbach"),
    (lambda t: set_note(t, EVENT, "Bring water"), "Wrote a note on Choir"),
    (lambda t: drop_edit(t, MEETING, "slot"), "Dropped your time of COS 212 · L1"),
]


@pytest.mark.parametrize(("verb", "title"), TITLES, ids=[title for _, title in TITLES])
def test_an_act_says_in_the_past_tense_what_it_did_and_can_be_stored(
    student: Student, verb: Command, title: str
) -> None:
    check_act(verb(timetable_of(student)), title)


REFUSED: dict[str, Command] = {
    "a name too long": lambda t: rename_module(t, "COS 212", "x" * 81),
    "a room that is none of its": lambda t: set_room(t, MEETING, "C"),
    "moving an exam as a class": lambda t: move_meeting(t, EXAM, Slot(0, parse_time("08:00"), parse_time("09:00"))),
    "moving a class as an exam": lambda t: move_assessment(
        t, MEETING, date(2026, 6, 5), parse_time("08:00"), parse_time("09:00")
    ),
    "an end that is the start": lambda t: move_assessment(
        t, EXAM, date(2026, 6, 5), parse_time("09:00"), parse_time("09:00")
    ),
    "a venue of nothing": lambda t: set_venues(t, MEETING, (" ",)),
    "a note too long": lambda t: set_note(t, MEETING, "x" * 2001),
    "dropping an edit that is none": lambda t: drop_edit(t, MEETING, "colour"),
    "keeping an edit that is none": lambda t: keep_edit(t, MEETING, "slot"),
    "an event without a title": lambda t: save_event(
        t, OwnEvent(EVENT, YEAR, " ", parse_time("18:00"), parse_time("19:00"), weekday=1)
    ),
    "an event on no weekday": lambda t: save_event(
        t, OwnEvent(EVENT, YEAR, "x", parse_time("18:00"), parse_time("19:00"), weekday=7)
    ),
    "an event of another year": lambda t: save_event(
        t, OwnEvent("2025/event/x", 2025, "x", parse_time("18:00"), parse_time("19:00"), weekday=1)
    ),
    "an event without a year": lambda t: save_event(
        t, OwnEvent("choir", YEAR, "x", parse_time("18:00"), parse_time("19:00"), weekday=1)
    ),
}


@pytest.mark.parametrize("verb", REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_meant_is_refused_in_words(student: Student, verb: Command) -> None:
    check_refused(verb, timetable_of(student))


def test_a_module_gets_its_own_name_and_colour_back(student: Student) -> None:
    before = timetable_of(student).modules["COS 212"]
    student.does(rename_module(timetable_of(student), "COS 212", "Algorithms"))
    student.does(recolour_module(timetable_of(student), "COS 212", Colour.SAGE))
    assert timetable_of(student).modules["COS 212"].title == "Algorithms"
    student.does(rename_module(timetable_of(student), "COS 212", ""))
    student.does(recolour_module(timetable_of(student), "COS 212", None))
    assert timetable_of(student).modules["COS 212"] == before


def test_moving_a_meeting_back_to_its_slot_is_no_edit(student: Student) -> None:
    student.does(move_meeting(timetable_of(student), MEETING, Slot(4, parse_time("10:30"), parse_time("11:20"))))
    student.does(move_meeting(timetable_of(student), MEETING, Slot(0, parse_time("08:30"), parse_time("09:20"))))
    meeting = next(each for each in timetable_of(student).meetings if each.id == MEETING)
    assert not meeting.edited


@pytest.mark.parametrize("name", ["slot", "venues", "room"])
def test_an_outdated_edit_can_be_kept_or_dropped(student: Student, name: str) -> None:
    if name == "slot":
        student.does(move_meeting(timetable_of(student), MEETING, Slot(4, parse_time("10:30"), parse_time("11:20"))))
    elif name == "venues":
        student.does(set_venues(timetable_of(student), MEETING, ("Mine",)))
    else:
        student.does(set_room(timetable_of(student), MEETING, "A"))
    student.accepts(draft(lecture("COS 212", "L1", "Mon 09:30 10:20", "C")))
    meeting = next(each for each in timetable_of(student).meetings if each.id == MEETING)
    assert meeting.outdated == {name}
    kept = Student(student.records, counter=student.counter)
    kept.does(keep_edit(timetable_of(kept), MEETING, name))
    stays = next(each for each in timetable_of(kept).meetings if each.id == MEETING)
    assert not stays.outdated
    assert (stays.slot, stays.venues) == (meeting.slot, meeting.venues)
    student.does(drop_edit(timetable_of(student), MEETING, name))
    plain = next(each for each in timetable_of(student).meetings if each.id == MEETING)
    assert not plain.edited
    assert (plain.slot.start, plain.venues) == (parse_time("09:30"), ("C",))


def test_the_room_and_the_venue_said_last_counts(student: Student) -> None:
    def meeting() -> Meeting:
        return next(each for each in timetable_of(student).meetings if each.id == MEETING)

    assert selectable_rooms(meeting()) == ("A", "B")
    student.does(set_room(timetable_of(student), MEETING, "A"))
    student.does(set_venues(timetable_of(student), MEETING, ("Mine", " Mine ", "Yours")))
    assert (meeting().venues, meeting().room, meeting().edited) == (("Mine", "Yours"), "", {"venues"})
    assert selectable_rooms(meeting()) == ("Mine", "Yours"), "not what the document has instead"
    student.does(set_room(timetable_of(student), MEETING, "Yours"))
    student.does(set_room(timetable_of(student), MEETING, None))
    assert meeting().venues == ("Mine", "Yours"), "back to what was said by hand"
    student.does(set_room(timetable_of(student), MEETING, "B"))
    assert (meeting().venues, meeting().edited, meeting().outdated) == (("B",), {"room"}, frozenset())
    student.does(set_venues(timetable_of(student), MEETING, ("B", "A")))
    assert (meeting().venues, meeting().edited) == (("A", "B"), frozenset()), "what the document says is no edit"


def test_a_room_of_mine_that_is_listed_no_more_stays_and_is_still_one_to_choose(student: Student) -> None:
    student.does(set_room(timetable_of(student), MEETING, "A"))
    student.accepts(draft(lecture("COS 212", "L1", "Mon 08:30 09:20", "B", "C")))
    meeting = next(each for each in timetable_of(student).meetings if each.id == MEETING)
    assert (meeting.venues, meeting.outdated) == (("A",), {"room"})
    assert selectable_rooms(meeting) == ("B", "C", "A")
    student.does(set_room(timetable_of(student), MEETING, "C"))
    meeting = next(each for each in timetable_of(student).meetings if each.id == MEETING)
    assert (meeting.venues, meeting.outdated) == (("C",), frozenset())


def test_own_events_are_changed_skipped_and_deleted(student: Student) -> None:
    student.does(
        save_event(
            timetable_of(student), OwnEvent(EVENT, YEAR, "Choir", parse_time("17:00"), parse_time("19:00"), weekday=2)
        )
    )
    student.does(skip_date(timetable_of(student), EVENT, date(2026, 3, 4)))
    (event,) = timetable_of(student).events
    assert (event.start, event.weekday, event.skipped) == (parse_time("17:00"), 2, {date(2026, 3, 4)})
    act = delete_event(student.records, timetable_of(student), EVENT)
    assert act.title == "Deleted Choir"
    student.does(act)
    assert timetable_of(student).events == ()
    with pytest.raises(InvalidInput):
        delete_event(student.records, timetable_of(student), MEETING)
    with pytest.raises(InvalidInput):
        event_key(MEETING)
