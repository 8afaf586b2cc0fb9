"""Plans a push and carries it out, for any kind of target.

A crash, a lost response or an edit in the online calendar never duplicates an event or loses that edit:
- Additions and removals are stored before they are sent. So after a crash, an absent event is not mistaken for one
  that the student removed in the online calendar.
- Every write names the version it replaces. So it fails if the event was changed in between, and no edit is lost.
- After a write, the next read is a full listing. Changes since a sync token may leave out events that were both added
  and removed since (RFC 6578 allows it), which would hide a removal by the student.
- After such a failure, the calendar is read and planned again. Whatever was written is stored before the next request.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from desktop.calendars.event import CalendarEvent
from desktop.calendars.look_alikes import OtherEvent, with_look_alikes
from desktop.calendars.push_plan import PushPlan, PushStep, StepKind, WantedEvent, plan_steps
from desktop.calendars.push_state import EventState, Presence, PushStateStore, TargetState
from desktop.domain.errors import Cancelled, NeedsDecision

MAX_ROUNDS = 5  # of reading and writing, while events change in the online calendar at the same time


class CalendarGone(NeedsDecision):
    """The online calendar itself was deleted, with all that was written to it."""


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event of this program as it was found in the target.

    `wrote` is the mark it carries, empty if another program dropped the mark. `there` is the fingerprint of its
    present content.
    """

    uid: str
    place: str
    tag: str
    there: str
    wrote: str = ""
    year: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class CalendarSnapshot:
    """This program's events in a target at one moment.

    `unchanged` are the UIDs whose tag is unchanged, `absent` those that the server reported as removed. If
    `is_full_listing` is true, it is a full listing: an event in neither `found` nor `unchanged` does not exist there.
    """

    found: Mapping[str, FoundEvent] = field(default_factory=dict)
    unchanged: Collection[str] = ()
    absent: Collection[str] = ()
    is_full_listing: bool = True
    token: str = ""


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """The result of a step: done, with the event's new place and tag, or not done.

    `conflict` means that the event was changed at the target since it was read. `refused` is why the server does not
    accept this event; the push goes on with the others.
    """

    uid: str
    place: str = ""
    tag: str = ""
    conflict: bool = False
    refused: str = ""


class Target(Protocol):
    """An online calendar that is written to. Every method may raise AppError, with a hint on what to do."""

    @property
    def key(self) -> str:
        """The key of this calendar in the push states, unique among all targets."""

    @property
    def batch(self) -> int:
        """The number of steps sent at once."""

    def fingerprint(self, event: CalendarEvent, year: int) -> str:
        """The fingerprint that the event's content will have at the target."""

    def read_snapshot(self, state: TargetState) -> CalendarSnapshot:
        """This program's events as they are now; requests only what changed since `state`."""

    def find_other_events(self, state: TargetState) -> Iterable[OtherEvent]:
        """The calendar's events that this program did not write. Call it after the snapshot is read."""

    def prepare(self, state: TargetState) -> TargetState:
        """Create the calendar if needed. Returns `state` with its address or id."""

    def send(self, state: TargetState, steps: Sequence[PushStep]) -> Iterator[PushOutcome]:
        """Carry out at most `batch` steps. Outcomes are yielded as they become known, also before an error."""

    def delete_calendar(self, state: TargetState) -> bool:
        """Delete the calendar itself if nothing is left in it. Returns False if it is not empty."""


@dataclass(frozen=True, slots=True)
class PushResult:
    """The result of a push: the number of writes, the final plan, and the events that the server refused."""

    written: int
    final_plan: PushPlan
    refused: tuple[tuple[str, str], ...] = ()  # title and reason

    @property
    def kept_changes(self) -> tuple[PushStep, ...]:
        """The steps that keep what the student changed or removed in the online calendar."""
        kept = (StepKind.CHANGED_THERE, StepKind.REMOVED_THERE)
        return tuple(step for step in self.final_plan.steps if step.kind in kept)


def prepare_push(
    target: Target,
    push_states: PushStateStore,
    events: Iterable[CalendarEvent],
    years: Collection[int] | None,
    overwrite: Collection[str] = (),
) -> PushPlan:
    """Read the target and plan a push. Nothing is written to the target. Raises AppError.

    Before the first push, the plan also lists look-alikes; those in `overwrite` are removed. `events` are those of the
    calendar file; cancelled ones count as not wanted.
    """
    wanted = []
    for event in events:
        if not event.cancelled:
            year = int(event.item.split("/", 1)[0])
            wanted.append(WantedEvent(event, target.fingerprint(event, year), year))
    known = push_states.get(target.key)
    state = _refresh_state(target, push_states, known)
    drawn = plan_steps(wanted, state, years, overwrite)
    is_first = not known.entries and not state.entries
    return with_look_alikes(drawn, target.find_other_events(state), wanted, overwrite) if is_first and wanted else drawn


def _refresh_state(target: Target, push_states: PushStateStore, state: TargetState) -> TargetState:
    if any(entry.presence in (Presence.ADDING, Presence.REMOVING) for entry in state.entries.values()):
        state = replace(state, token="")  # after an interruption, only a full listing shows what is there
    try:
        return apply_snapshot(state, target.read_snapshot(state))
    except CalendarGone:
        push_states.put(target.key, TargetState())  # so that the next push starts from the beginning
        raise


def execute_plan(
    drawn: PushPlan,
    target: Target,
    push_states: PushStateStore,
    years: Collection[int] | None,
    overwrite: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PushResult:
    """Carry out a plan, and plan again where the target changed in the meantime.

    `progress` is called with the number of writes done and of all writes. Raises Cancelled between two batches, or
    AppError; after both, the next push continues where this one stopped.
    """
    wanted = [step.wanted for step in drawn.steps if step.wanted is not None]
    written, refused = 0, dict[str, tuple[str, str]]()
    for round_number in range(MAX_ROUNDS):
        state = _without_entries(drawn.state, drawn.forgotten)
        steps = [step for step in drawn.writes if step.uid not in refused]
        if steps:
            state = target.prepare(state)
        run = _WriteRound(target, push_states, _mark_in_progress(state, steps))
        run.store_state()
        total = written + len(steps)
        for start in range(0, len(steps), target.batch):
            if cancelled is not None and cancelled():
                raise Cancelled("Stopped.", "What was written so far stays; the next push goes on from there.")
            run.send(steps[start : start + target.batch])
            if progress is not None:
                progress(written + run.written, total)
        written += run.written
        refused |= run.refused
        if not run.conflicts or round_number == MAX_ROUNDS - 1:
            drawn = plan_steps(wanted, run.state, years, overwrite)
            break
        drawn = plan_steps(wanted, _refresh_state(target, push_states, replace(run.state, token="")), years, overwrite)
    return PushResult(written, drawn, tuple(refused.values()))


def remove_everything(
    target: Target,
    push_states: PushStateStore,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PushResult:
    """Remove every event written to the target, even changed ones, and then the calendar if this program made it."""
    try:
        drawn = prepare_push(target, push_states, (), None)
    except CalendarGone:
        return PushResult(0, PushPlan((), TargetState()))  # its events were deleted with it
    every = frozenset(drawn.state.entries)
    drawn = plan_steps((), drawn.state, None, every)
    done = execute_plan(drawn, target, push_states, None, every, progress, cancelled)
    state = push_states.get(target.key)
    if state.calendar and state.made and not state.entries and target.delete_calendar(state):
        push_states.put(target.key, TargetState())
    return done


class _WriteRound:
    """One round of writing. The push state is stored after every batch."""

    def __init__(self, target: Target, push_states: PushStateStore, state: TargetState) -> None:
        self._target = target
        self._push_states = push_states
        self.state = state
        self.written = 0
        self.conflicts = 0
        self.refused: dict[str, tuple[str, str]] = {}

    def store_state(self) -> None:
        self._push_states.put(self._target.key, self.state)

    def send(self, steps: Sequence[PushStep]) -> None:
        by_uid = {step.uid: step for step in steps}
        try:
            for outcome in self._target.send(self.state, steps):
                self._record_outcome(by_uid[outcome.uid], outcome)
        except CalendarGone:
            self.state = TargetState()  # so that the next push starts from the beginning
            raise
        finally:
            self.store_state()

    def _record_outcome(self, step: PushStep, outcome: PushOutcome) -> None:
        if outcome.conflict:
            self.conflicts += 1
        elif outcome.refused:
            self.refused[step.uid] = (step.title, outcome.refused)
        else:
            self.written += 1
            self.state = replace(self.state, token="")
            if step.wanted is None:
                self.state = self.state.without(step.uid)
            else:
                mark = step.wanted.fingerprint
                self.state = self.state.with_entry(
                    EventState(step.uid, step.wanted.year, step.title, mark, mark, outcome.place, outcome.tag)
                )


def apply_snapshot(state: TargetState, snapshot: CalendarSnapshot) -> TargetState:
    """The state updated with a snapshot."""
    entries = dict(state.entries)
    for uid, found in snapshot.found.items():
        before = entries.get(uid)
        entries[uid] = EventState(
            uid,
            found.year or (before.year if before else 0),
            found.title or (before.title if before else ""),
            found.wrote or (before.wrote if before else ""),
            found.there,
            found.place,
            found.tag,
        )
    for uid in snapshot.unchanged:
        entries[uid] = replace(entries[uid], presence=Presence.THERE)
    present = {*snapshot.found, *snapshot.unchanged}
    for uid, entry in state.entries.items():
        is_absent = uid in snapshot.absent or (snapshot.is_full_listing and uid not in present)
        if is_absent and entry.presence is Presence.THERE and uid not in snapshot.found:
            entries[uid] = replace(entry, presence=Presence.GONE, tag="")
    return replace(state, entries=entries, token=snapshot.token)


def _mark_in_progress(state: TargetState, steps: Iterable[PushStep]) -> TargetState:
    """The state with the steps marked as in progress.

    After a crash, an absent event is then not mistaken for one that the student removed.
    """
    entries = dict(state.entries)
    for step in steps:
        if step.kind is StepKind.ADD and step.wanted is not None:
            mark = step.wanted.fingerprint
            entries[step.uid] = EventState(step.uid, step.wanted.year, step.title, mark, mark, presence=Presence.ADDING)
        elif step.kind is StepKind.REMOVE and step.entry is not None and step.like is None:
            entries[step.uid] = replace(step.entry, presence=Presence.REMOVING)
    return replace(state, entries=entries)


def _without_entries(state: TargetState, uids: Collection[str]) -> TargetState:
    return replace(state, entries={uid: entry for uid, entry in state.entries.items() if uid not in uids})
