"""The contract of calendar targets, run on all: memory, Radicale, Xandikos, and a server with Google's API."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

import pytest

from desktop.calendars.caldav import CalDavTarget
from desktop.calendars.event import CalendarEvent
from desktop.calendars.events import calendar_events
from desktop.calendars.ical import write_event
from desktop.calendars.marks import fingerprint
from desktop.calendars.options import ExportOptions
from desktop.calendars.push import CalendarGone, Target, execute_plan, prepare_push, remove_everything
from desktop.calendars.push_plan import StepKind
from desktop.calendars.revisions import updated_revisions
from desktop.domain.errors import Cancelled
from desktop.domain.timetable.timetable import Timetable
from tests.clients.timetables import CALENDAR, NAMESPACE, NOW, YEAR, meeting
from tests.contract.calendars.memory import Cloud, MemoryPushStates, MemoryTarget
from tests.contract.calendars.other_programs import DavUser, MemoryUser

TIMETABLE = Timetable(
    YEAR,
    meetings=(
        meeting("COS 212", "L1", 0, "08:30", "09:20"),
        meeting("COS 212", "L2", 2, "09:30", "10:20", note="Bring: a pen, 2 sheets; “ink”"),
        meeting("WTW 114", "T1", 4, "11:30", "12:20", offered="S2", venues=("HB 4-1", "IT 2-26")),
        meeting("PHY 114", "P1", 1, "14:30", "17:20", offered="Q1"),
    ),
)
ROOM = "Aula back row"


@dataclass
class World:
    """A target, the hand of the student over there, and what is remembered here."""

    target: Target
    hand: Any
    push_states: MemoryPushStates

    def draw_up(self, timetable: Timetable = TIMETABLE, overwrite=(), years=frozenset({YEAR})):
        found = calendar_events(timetable, CALENDAR, ExportOptions(), NAMESPACE, None, NOW)
        return prepare_push(self.target, self.push_states, found, years, overwrite)

    def push(self, timetable: Timetable = TIMETABLE, overwrite=(), **more):
        drawn = self.draw_up(timetable, overwrite)
        return execute_plan(drawn, self.target, self.push_states, {YEAR}, overwrite, **more)


@pytest.fixture(params=["memory", "radicale", "xandikos", "google"])
def world(request) -> World:
    push_states = MemoryPushStates()
    if request.param == "memory":
        cloud = Cloud()
        return World(MemoryTarget(cloud), MemoryUser(cloud), push_states)
    if request.param == "google":
        return World(*request.getfixturevalue("google_world"), push_states)
    server = request.getfixturevalue(request.param)
    connect = request.getfixturevalue("open_connection")
    target = CalDavTarget(connect(server), uuid.uuid4(), "UP 2026", "2026")
    return World(target, DavUser(server, lambda: push_states.get(target.key).calendar), push_states)


def moved() -> Timetable:
    """The same timetable with another room for the second lecture."""
    first, second, *others = TIMETABLE.meetings
    return replace(TIMETABLE, meetings=(first, replace(second, venues=(ROOM,)), *others))


def uids(timetable: Timetable = TIMETABLE) -> set[str]:
    return {event.uid for event in calendar_events(timetable, CALENDAR, ExportOptions(), NAMESPACE, None, NOW)}


def uid_of(activity: str, timetable: Timetable = TIMETABLE) -> str:
    found = calendar_events(timetable, CALENDAR, ExportOptions(), NAMESPACE, None, NOW)
    return next(event.uid for event in found if activity in event.title and event.until)


def test_a_first_push_adds_everything_once(world):
    done = world.push()
    assert world.hand.uids() == uids()
    assert done.written == len(uids())
    assert not done.kept_changes
    assert not done.refused


def test_a_second_push_writes_nothing(world):
    world.push()
    again = world.draw_up()
    assert set(again.counts()) == {StepKind.KEEP}
    assert world.push().written == 0


def test_a_new_room_is_one_event_written(world):
    world.push()
    drawn = world.draw_up(moved())
    assert [step.title for step in drawn.writes] == ["COS 212 · L2"]
    assert world.push(moved()).written == 1
    assert world.hand.says(uid_of("L2"), ROOM) or isinstance(world.hand, MemoryUser)
    assert world.push(moved()).written == 0


def test_series_that_ended_at_their_last_start_are_written_once_more(world, monkeypatch):
    """As an older version wrote them: readers built on rrule.js leave out the last class of such a series."""

    def found(revisions):
        write_event.cache_clear()
        fingerprint.cache_clear()
        return calendar_events(TIMETABLE, CALENDAR, ExportOptions(), NAMESPACE, revisions, NOW)

    def drawn(events_now):
        return prepare_push(world.target, world.push_states, events_now, {YEAR})

    with monkeypatch.context() as older:
        older.setattr(CalendarEvent, "last_moment", property(lambda event: event.until))
        before = found({})
        execute_plan(drawn(before), world.target, world.push_states, {YEAR})
        kept = updated_revisions(before, {})
    after = found(kept)
    series = {event.uid for event in after if event.until}
    assert series
    assert {event.uid: event.sequence for event in after} == {event.uid: int(event.uid in series) for event in before}
    plan = drawn(after)
    assert {step.uid for step in plan.writes} == series
    assert {step.kind for step in plan.writes} == {StepKind.CHANGE}
    assert execute_plan(plan, world.target, world.push_states, {YEAR}).written == len(series)
    again = found(updated_revisions(after, kept))
    assert again == after
    assert set(drawn(again).counts()) == {StepKind.KEEP}


def test_what_is_gone_here_goes_there(world):
    world.push()
    smaller = replace(TIMETABLE, meetings=TIMETABLE.meetings[:2])
    world.push(smaller)
    assert world.hand.uids() == uids(smaller)


def test_what_was_changed_there_is_kept_and_said(world):
    world.push()
    uid = uid_of("L2")
    world.hand.edit(uid, "My own words")
    done = world.push(moved())
    assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.CHANGED_THERE, uid)]
    assert world.hand.says(uid, "My own words")
    assert done.kept_changes[0].reason
    gone = world.push(Timetable(YEAR))
    assert world.hand.uids() == {uid}
    assert "no longer in the timetable" in gone.kept_changes[0].reason


def test_the_student_may_choose_the_timetables_version(world):
    world.push()
    uid = uid_of("L2")
    world.hand.edit(uid, "My own words")
    assert world.push(overwrite={uid}).written == 1
    assert not world.hand.says(uid, "My own words")
    assert not world.push().kept_changes


def test_what_was_removed_there_stays_away_unless_chosen(world):
    world.push()
    uid = uid_of("L1")
    world.hand.remove(uid)
    done = world.push()
    assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.REMOVED_THERE, uid)]
    assert uid not in world.hand.uids()
    assert world.push().kept_changes  # and it is remembered
    world.push(overwrite={uid})
    assert world.hand.uids() == uids()


def test_a_lost_ledger_doubles_nothing_and_loses_nothing(world):
    world.push()
    uid = uid_of("L2")
    world.hand.edit(uid, "My own words")
    state = world.push_states.get(world.target.key)
    world.push_states.put(world.target.key, replace(state, entries={}, token=""))
    done = world.push(moved())
    assert world.hand.uids() == uids()
    assert world.hand.says(uid, "My own words")
    assert [step.uid for step in done.kept_changes] == [uid]
    assert done.written == 0


def test_own_events_of_the_student_are_never_touched(world):
    world.push()
    own = world.hand.add_own()
    assert world.push(moved()).written == 1
    remove_everything(world.target, world.push_states)
    assert world.hand.uids() == {own}


def test_everything_ever_written_can_be_taken_away(world):
    world.push()
    world.hand.edit(uid_of("L2"), "My own words")
    remove_everything(world.target, world.push_states)
    state = world.push_states.get(world.target.key)
    assert (state.calendar, dict(state.entries)) == ("", {})
    world.push()  # and all over again
    assert world.hand.uids() == uids()


def test_another_year_is_left_alone(world):
    world.push()
    other = replace(TIMETABLE, year=2027, meetings=())
    found = calendar_events(other, replace(CALENDAR, year=2027), ExportOptions(), NAMESPACE, None, NOW)
    assert not prepare_push(world.target, world.push_states, found, {2027}).writes


def test_a_calendar_that_was_deleted_meanwhile_is_said_and_made_anew(world):
    world.push()
    world.hand.remove_calendar()
    with pytest.raises(CalendarGone) as gone:
        world.push()
    assert "Push again" in gone.value.hint
    world.push()
    assert world.hand.uids() == uids()


def test_a_push_can_be_stopped_and_goes_on_later(world):
    world.target.batch = 2
    stops = iter([False, True])
    told = []
    with pytest.raises(Cancelled):
        world.push(cancelled=lambda: next(stops), progress=lambda done, total: told.append((done, total)))
    assert len(world.hand.uids()) == 2
    assert told == [(2, len(uids()))]
    assert world.push().written == len(uids()) - 2
    assert world.hand.uids() == uids()


def test_what_changes_there_while_the_plan_is_read_is_not_lost(world):
    world.push()
    uid = uid_of("L2")
    drawn = world.draw_up(moved())
    world.hand.edit(uid, "My own words")
    done = execute_plan(drawn, world.target, world.push_states, {YEAR})
    assert world.hand.says(uid, "My own words")
    assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.CHANGED_THERE, uid)]


def test_a_plan_is_told_as_plain_values(world):
    told = world.draw_up().to_json()
    assert told["counts"]["add"] == len(told["steps"]) == len(uids())
    assert {"step", "uid", "title", "when", "where", "reason"} == set(told["steps"][0])


def look_alike_steps(drawn):
    return [step for step in drawn.steps if step.like is not None]


def test_look_alikes_are_shown_before_the_first_push_and_removed_only_where_chosen(world):
    world.push()
    series = next(step.event for step in world.draw_up().steps if step.uid == uid_of("L2"))
    alike, own = world.hand.add_look_alike(series), world.hand.add_own()
    assert not look_alike_steps(world.draw_up())  # no first push
    remove_everything(world.target, world.push_states)
    assert world.hand.uids() == {alike, own}
    drawn = world.draw_up()
    (step,) = look_alike_steps(drawn)
    assert (step.kind, step.title) == (StepKind.LOOK_ALIKE, "COS 212 L2")
    assert step.like.uid == uid_of("L2")
    assert step.reason
    assert step not in drawn.writes
    execute_plan(drawn, world.target, world.push_states, {YEAR})
    assert world.hand.uids() == {*uids(), alike, own}
    assert not look_alike_steps(world.draw_up())  # asked about once
    remove_everything(world.target, world.push_states)
    assert world.hand.uids() == {alike, own}

    chosen = world.draw_up(overwrite={step.uid})
    assert step.uid in {each.uid for each in chosen.writes}
    assert execute_plan(chosen, world.target, world.push_states, {YEAR}).written == len(uids()) + 1
    assert world.hand.uids() == {*uids(), own}
    assert world.push().written == 0
