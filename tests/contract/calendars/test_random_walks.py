"""Random walks of `test_push_machine` on real servers: edits on both sides, and a network that fails anywhere."""

import random
import uuid
from contextlib import ExitStack
from dataclasses import replace

import pytest

from desktop.calendars.caldav import CalDavTarget
from desktop.calendars.events import calendar_events
from desktop.calendars.options import ExportOptions
from desktop.calendars.push import execute_plan, prepare_push
from desktop.calendars.push_plan import StepKind
from desktop.calendars.push_state import Presence
from desktop.domain.errors import AppError
from desktop.domain.timetable.timetable import Timetable
from tests.clients import google_server
from tests.clients.servers import Fault, Proxy
from tests.clients.timetables import CALENDAR, NAMESPACE, NOW, YEAR, meeting
from tests.contract.calendars.memory import MemoryPushStates
from tests.contract.calendars.other_programs import DavUser

MEETINGS = [meeting(f"COS {number}", "L1", number % 5, "08:30", "09:20") for number in range(6)]


class Walk:
    """A student with a hand on both sides, and what they would miss."""

    def __init__(self, target, hand, fail, push_states: MemoryPushStates, seed: int) -> None:
        self.target, self.hand, self.fail, self.push_states = target, hand, fail, push_states
        self.chance = random.Random(seed)
        self.rooms = dict.fromkeys(range(4), 0)
        self.edited: dict[str, str] = {}
        self.removed: set[str] = set()
        self.either: set[str] = set()
        self.settled: set[str] = set()
        self.count = 0

    def events(self):
        chosen = [replace(MEETINGS[number], venues=(f"Room {room}",)) for number, room in sorted(self.rooms.items())]
        return calendar_events(Timetable(YEAR, meetings=tuple(chosen)), CALENDAR, ExportOptions(), NAMESPACE, None, NOW)

    def step(self) -> None:
        walk = self.chance.choice(
            [self.edit_here, self.drop_here, self.edit_there, self.remove_there, self.push, self.push]
        )
        walk()
        for uid, title in self.edited.items():
            assert uid in self.hand.uids(), f"the edited {uid} is gone"
            assert self.hand.says(uid, title)

    def edit_here(self) -> None:
        self.rooms[self.chance.randrange(6)] = self.chance.randrange(3)

    def drop_here(self) -> None:
        self.rooms.pop(self.chance.randrange(6), None)
        gone = self.removed - {event.uid for event in self.events()}
        self.removed -= gone
        self.either |= gone

    def there(self) -> list[str]:
        known = self.push_states.get(self.target.key).calendar
        return sorted(self.hand.uids()) if known else []

    def edit_there(self) -> None:
        if there := self.there():
            self.count += 1
            uid = self.chance.choice(there)
            self.edited[uid] = f"Edit number {self.count}."
            self.hand.edit(uid, self.edited[uid])

    def remove_there(self) -> None:
        if there := [uid for uid in self.there() if uid in self.settled]:
            uid = self.chance.choice(there)
            self.hand.remove(uid)
            self.edited.pop(uid, None)
            (self.removed if uid in {event.uid for event in self.events()} else self.either).add(uid)

    def push(self, *, fails: bool = True) -> bool:
        self.fail(self.chance.choice(["refuse", "lose", ""]) if fails else "", self.chance.randrange(12))
        try:
            drawn = prepare_push(self.target, self.push_states, self.events(), {YEAR})
            if self.chance.random() < 0.3:
                self.edit_there()
            done = execute_plan(drawn, self.target, self.push_states, {YEAR})
        except AppError:
            begun = (Presence.ADDING, Presence.REMOVING)
            entries = self.push_states.get(self.target.key).entries.values()
            self.settled -= {entry.uid for entry in entries if entry.presence in begun}
            return False
        finally:
            self.fail("", 0)
        self.settled = set(self.hand.uids())
        self.either -= self.settled
        self.removed &= {step.uid for step in done.kept_changes if step.kind is StepKind.REMOVED_THERE}
        return not done.final_plan.writes

    def finish(self) -> None:
        removed = set(self.removed)
        assert self.push(fails=False)
        wanted = {event.uid: event for event in self.events()}
        there = self.hand.uids()
        assert there >= wanted.keys() - removed - self.either
        assert there <= wanted.keys() | self.edited.keys()
        assert not there & removed
        for uid in there - self.edited.keys():
            assert self.hand.says(uid, wanted[uid].location)


@pytest.fixture(params=["radicale", "xandikos", "google"])
def walk_on(request):
    stack = ExitStack()

    def make(seed: int) -> Walk:
        push_states = MemoryPushStates()
        if request.param == "google":
            target, hand = request.getfixturevalue("google_world")
            server, kind = request.getfixturevalue("google"), google_server.Fault
            hand.server.calendars.clear()
        else:
            server, kind = stack.enter_context(Proxy(request.getfixturevalue(request.param))), Fault
            open_connection = request.getfixturevalue("open_connection")
            target = CalDavTarget(open_connection(server.url), uuid.uuid4(), "UP 2026", "2026")
            hand = DavUser(request.getfixturevalue(request.param), lambda: push_states.get(target.key).calendar)

        def fail(fault: str, number: int) -> None:
            count = iter(range(10**6))
            server.fault = lambda method, path: kind(fault) if fault and next(count) == number else None

        return Walk(target, hand, fail, push_states, seed)

    with stack:
        yield make


def go(walk: Walk, steps: int) -> None:
    assert walk.push(fails=False)
    for _ in range(steps):
        walk.step()
    walk.finish()


def test_a_short_walk(walk_on):
    go(walk_on(1), 12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_long_walk(walk_on, seed):
    go(walk_on(seed), 60)
