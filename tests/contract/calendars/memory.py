"""In-memory calendar target: the smallest implementation that does what a target promises.

Faults are chosen by name: `lose_answer` (done, but the answer is lost), `refuse_connection` (not done), `crash` (the
program ends on the spot).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from desktop.calendars.event import CalendarEvent
from desktop.calendars.look_alikes import OtherEvent
from desktop.calendars.push import CalendarGone, CalendarSnapshot, FoundEvent, PushOutcome
from desktop.calendars.push_plan import PushStep, StepKind
from desktop.calendars.push_state import TargetState
from desktop.domain.errors import NotReachable


class Crash(BaseException):
    """The process has ended; nothing after this point happened."""


@dataclass
class StoredEvent:
    """An event as stored by the calendar: content as text, the mark it came with, and a version."""

    content: str
    mark: str
    year: int
    title: str
    version: int


@dataclass
class Cloud:
    """The calendar itself, which outlives any target that accesses it."""

    events: dict[str, StoredEvent] = field(default_factory=dict)
    others: dict[str, OtherEvent] = field(default_factory=dict)
    log: list[tuple[int, str, bool]] = field(default_factory=list)  # version, UID, and whether it was there after it
    exists: bool = False
    version: int = 0
    faults: list[str] = field(default_factory=list)  # taken one a request
    requests: int = 0

    def change(self, uid: str, kept: StoredEvent | None) -> int:
        self.version += 1
        self.log.append((self.version, uid, kept is not None))
        if kept is None:
            del self.events[uid]
        else:
            self.events[uid] = replace(kept, version=self.version)
        return self.version


class MemoryTarget:
    """A target over a `Cloud`."""

    key = "memory"
    batch = 3

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def fingerprint(self, event: CalendarEvent, year: int) -> str:
        return f"{year}:{event.digest()}"

    def _begin_request(self, *, writes: bool) -> None:
        self._cloud.requests += 1
        fault = self._cloud.faults.pop(0) if self._cloud.faults else ""
        if fault == "refuse_connection":
            raise NotReachable("No network.", "Try again.")
        if fault == "crash":
            raise Crash
        if fault == "lose_answer" and not writes:
            raise NotReachable("No answer.", "Try again.")
        self._lost = fault == "lose_answer"
        self._dies = fault == "crash_after" and writes

    def _end_request(self) -> None:
        if self._dies:
            raise Crash
        if self._lost:
            raise NotReachable("No answer.", "Try again.")

    def read_snapshot(self, state: TargetState) -> CalendarSnapshot:
        self._begin_request(writes=False)
        if not self._cloud.exists:
            if state.calendar:
                raise CalendarGone("The calendar is gone.", "Push again.")
            return CalendarSnapshot()
        since = int(state.token) if state.token else 0
        changed = {uid for version, uid, _ in self._cloud.log if version > since and not uid.startswith("own")}
        then = {uid: alive for version, uid, alive in self._cloud.log if version <= since}
        everything = not state.token
        found, same, absent = {}, [], []
        for uid in sorted(changed):
            kept, known = self._cloud.events.get(uid), state.entries.get(uid)
            if kept is None and not then.get(uid) and not everything:
                continue  # what was created and deleted in between is not reported, as on real servers
            if kept is None:
                absent.append(uid)
            elif known is not None and known.tag == str(kept.version):
                same.append(uid)
            else:
                found[uid] = FoundEvent(uid, uid, str(kept.version), kept.content, kept.mark, kept.year, kept.title)
        return CalendarSnapshot(found, same, absent, everything, str(self._cloud.version))

    def find_other_events(self, state: TargetState) -> Iterator[OtherEvent]:
        yield from self._cloud.others.values()

    def prepare(self, state: TargetState) -> TargetState:
        if state.calendar:
            return state
        self._begin_request(writes=True)
        self._cloud.exists = True
        self._end_request()
        return replace(state, calendar="memory", made=True)

    def send(self, state: TargetState, steps: Sequence[PushStep]) -> Iterator[PushOutcome]:
        for step in steps:
            self._begin_request(writes=True)
            if step.like is not None:
                del self._cloud.others[step.entry.place]
                self._end_request()
                yield PushOutcome(step.uid)
                continue
            there = self._cloud.events.get(step.uid)
            known = step.entry.tag if step.entry is not None else ""
            if step.kind is StepKind.ADD:
                outcome = PushOutcome(step.uid, conflict=True) if there else self._write(step)
            elif there is None:
                outcome = PushOutcome(step.uid, conflict=step.kind is StepKind.CHANGE)
            elif known and str(there.version) != known:
                outcome = PushOutcome(step.uid, conflict=True)
            elif step.kind is StepKind.REMOVE:
                self._cloud.change(step.uid, None)
                outcome = PushOutcome(step.uid)
            else:
                outcome = self._write(step)
            self._end_request()
            yield outcome

    def _write(self, step: PushStep) -> PushOutcome:
        mark = step.wanted.fingerprint
        version = self._cloud.change(step.uid, StoredEvent(mark, mark, step.wanted.year, step.title, 0))
        return PushOutcome(step.uid, step.uid, str(version))

    def delete_calendar(self, state: TargetState) -> bool:
        self._begin_request(writes=True)
        if self._cloud.events:
            return False
        self._cloud.exists = False
        self._end_request()
        return True


class MemoryPushStates:
    """Push states in memory, for the duration of the test."""

    def __init__(self) -> None:
        self._states: dict[str, TargetState] = {}

    def get(self, target: str) -> TargetState:
        return self._states.get(target, TargetState())

    def put(self, target: str, state: TargetState) -> None:
        self._states[target] = state
