"""State machine for pushes: edits on both sides, faults and crashes. No duplicates, no lost edits, always finishing."""

from dataclasses import replace
from datetime import datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desktop.calendars.event import CalendarEvent
from desktop.calendars.push import execute_plan, prepare_push
from desktop.calendars.push_plan import StepKind
from desktop.calendars.push_state import Presence, TargetState, state_from_json
from desktop.domain.errors import Cancelled, NotReachable
from desktop.domain.event_kinds import EventKind
from tests.contract.calendars.memory import Cloud, Crash, MemoryPushStates, MemoryTarget, StoredEvent

NAMES = ["a", "b", "c", "d", "e"]
FAULTS = ["", "lose_answer", "refuse_connection", "crash", "crash_after"]


class StoredLedger(MemoryPushStates):
    """A ledger as a store would keep it: through plain values."""

    def put(self, target: str, state: TargetState) -> None:
        super().put(target, state_from_json(state.to_json()))


class Pushing(RuleBasedStateMachine):
    """A timetable of up to five events, a calendar, and a student with a hand on both."""

    @initialize()
    def start(self) -> None:
        self.cloud = Cloud()
        self.push_states = StoredLedger()
        self.timetable: dict[str, int] = {}
        self.edited: dict[str, str] = {}  # what the student made of an event over there
        self.removed: set[str] = set()  # what the student removed over there, having seen it pushed to the end
        self.settled: set[str] = set()  # what a push that came to its end has put there
        self.either: set[str] = set()  # removed over there while it was being removed or added here: both are right
        self.edits = 0

    def events(self) -> list[CalendarEvent]:
        start = datetime(2026, 3, 2, 8)
        return [
            CalendarEvent(uid, f"2026/{uid}", EventKind.LECTURE, f"{uid} {room}", start, start, location=str(room))
            for uid, room in sorted(self.timetable.items())
        ]

    @rule(uid=st.sampled_from(NAMES), room=st.integers(1, 3))
    def edit_here(self, uid: str, room: int) -> None:
        self.timetable[uid] = room

    @rule(uid=st.sampled_from(NAMES))
    def drop_here(self, uid: str) -> None:
        self.timetable.pop(uid, None)
        if uid in self.removed:
            self.removed.discard(uid)
            self.either.add(uid)

    @rule(uid=st.sampled_from(NAMES))
    def edit_there(self, uid: str) -> None:
        kept = self.cloud.events.get(uid)
        if kept is not None:
            self.edits += 1
            self.cloud.change(uid, replace(kept, content=f"edit {self.edits}"))
            self.edited[uid] = f"edit {self.edits}"

    @rule(uid=st.sampled_from(NAMES))
    def remove_there(self, uid: str) -> None:
        if uid in self.cloud.events and uid in self.settled:
            self.cloud.change(uid, None)
            self.edited.pop(uid, None)
            (self.removed if uid in self.timetable else self.either).add(uid)

    @rule()
    def add_own_there(self) -> None:
        self.edits += 1
        self.cloud.change(f"own {self.edits}", StoredEvent("mine", "", 0, "Mine", 0)) if self.cloud.exists else None

    @rule()
    def lose_the_ledger(self) -> None:
        """The profile is restored from before: marks over there are all that is known. Removals are forgotten."""
        self.push_states = StoredLedger()
        self.removed.clear()
        self.either.clear()
        self.settled.clear()

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=8), midway=st.sampled_from([*NAMES, ""]))
    def push(self, faults: list[str], midway: str) -> None:
        self.cloud.faults = list(faults)
        self.try_push(midway)
        self.cloud.faults = []

    def try_push(self, midway: str = "", stop: bool = False) -> bool:
        target = MemoryTarget(self.cloud)
        try:
            drawn = prepare_push(target, self.push_states, self.events(), {2026})
            if midway:  # a hand on the other side while the plan is being read
                self.edit_there(midway)
            done = execute_plan(drawn, target, self.push_states, {2026}, cancelled=lambda: stop)
        except (Crash, NotReachable, Cancelled):
            begun = (Presence.ADDING, Presence.REMOVING)
            entries = self.push_states.get(target.key).entries.values()
            self.settled -= {entry.uid for entry in entries if entry.presence in begun}
            return False
        # Only a removal that the program could have seen counts as one.
        self.settled = set(self.cloud.events)
        self.either -= self.settled
        self.removed &= {step.uid for step in done.kept_changes if step.kind is StepKind.REMOVED_THERE}
        return not done.final_plan.writes

    @rule(uid=st.sampled_from(NAMES), room=st.integers(1, 3))
    def push_what_is_being_edited_there(self, uid: str, room: int) -> None:
        self.timetable[uid] = room
        self.try_push(uid)

    @rule()
    def push_and_stop(self) -> None:
        self.try_push(stop=True)

    @rule()
    def push_to_the_end(self) -> None:
        removed = set(self.removed)
        assert self.try_push() or self.try_push()
        for uid, room in self.timetable.items():
            if uid in self.edited or uid in removed or uid in self.either:
                continue
            assert uid in self.cloud.events, f"{uid} is missing"
            expected = next(each for each in self.events() if each.uid == uid)
            assert self.cloud.events[uid].content == f"2026:{expected.digest()}", f"{uid} is not in room {room}"
        assert removed & self.timetable.keys() <= self.removed, "a removal over there was not told"
        for uid in removed & self.timetable.keys():
            assert uid not in self.cloud.events, f"{uid} came back"
        for uid in self.cloud.events:
            ours = not uid.startswith("own")
            assert not ours or uid in self.timetable or uid in self.edited, f"{uid} was left behind"
        before = self.cloud.requests
        version = self.cloud.version
        assert self.try_push()
        assert self.cloud.version == version  # a push without changes writes nothing
        assert self.cloud.requests - before <= 1

    @invariant()
    def no_edit_is_lost(self) -> None:
        for uid, content in getattr(self, "edited", {}).items():
            assert uid in self.cloud.events, f"the edited {uid} was removed"
            assert self.cloud.events[uid].content == content

    @precondition(lambda self: self.cloud.exists)
    @rule(data=st.data())
    def choose_the_timetables_version(self, data) -> None:
        if self.edited:
            uid = data.draw(st.sampled_from(sorted(self.edited)))
            if uid in self.timetable:
                target = MemoryTarget(self.cloud)
                drawn = prepare_push(target, self.push_states, self.events(), {2026}, {uid})
                del self.edited[uid]
                execute_plan(drawn, target, self.push_states, {2026}, {uid})
                self.settled = set(self.cloud.events)


TestPushing = Pushing.TestCase
TestPushing.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
