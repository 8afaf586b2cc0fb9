"""The one place where a plan is carried out, whatever the calendar out there is.

No crash, lost answer or hand on the other side doubles an event or loses an edit, because:
- What is about to be added or removed is remembered before it is sent, so that after a crash an absent event is not
  taken for one that someone removed over there.
- Every write names the version it replaces, so a change made over there in between makes it fail, not be lost.
- After something was written, the next look is at everything: what a server tells since an earlier moment leaves out
  what was both added and removed since (RFC 6578 allows it), which would hide a removal by hand.
- What failed so is looked at again and planned again. Whatever was written is remembered before anything else is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from desktop.calendars.event import CalendarEvent
from desktop.calendars.look_alikes import OtherEvent, with_look_alikes
from desktop.calendars.push_plan import PushPlan, PushStep, StepKind, Wanted, plan
from desktop.calendars.push_state import EventState, Presence, PushStateStore, TargetState
from desktop.domain.errors import Cancelled, NeedsDecision

ROUNDS = 5  # looks and writes for what changes over there while it is being written


class CalendarGone(NeedsDecision):
    """The calendar itself was removed over there, and with it all that was written to it."""


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event of ours as it is out there: `wrote` is the mark it carries, `there` the fingerprint of its content.

    `wrote` is empty where a program over there dropped the mark.
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
    """What a look at the calendar showed. With `everything`, whatever is not in `found` or `same` is not there.

    `same` are the UIDs that are there with the tag that is known; `absent` those said to be gone.
    """

    found: Mapping[str, FoundEvent] = field(default_factory=dict)
    same: Collection[str] = ()
    absent: Collection[str] = ()
    everything: bool = True
    token: str = ""


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """How a step went: done, with the event's new place and tag; or not, as it is another there than was known.

    `refused` is why the server will not have this event at all; the others go on.
    """

    uid: str
    place: str = ""
    tag: str = ""
    conflict: bool = False
    refused: str = ""


class Target(Protocol):
    """A calendar out there. Every method raises AppError in words that say what to do."""

    @property
    def key(self) -> str:
        """Names this calendar among all targets, for the push states."""

    @property
    def batch(self) -> int:
        """How many steps are sent at once."""

    def fingerprint(self, event: CalendarEvent, year: int) -> str:
        """What the event's content will be known by, once it is there."""

    def look(self, state: TargetState) -> CalendarSnapshot:
        """What is there now of this program's events, asking for no more than `state` does not know."""

    def others(self, state: TargetState) -> Iterable[OtherEvent]:
        """The calendar's events that are not this program's, after a look."""

    def prepare(self, state: TargetState) -> TargetState:
        """Make sure that there is a calendar to write to, and say where."""

    def send(self, state: TargetState, steps: Sequence[PushStep]) -> Iterator[PushOutcome]:
        """Carry out at most `batch` steps; outcomes come as soon as they are known, also before an error."""

    def discard(self, state: TargetState) -> bool:
        """Take away the calendar itself where this program made it and nothing else is in it."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a push: how many were written, what was left alone, and what the server would not have."""

    written: int
    last: PushPlan
    refused: tuple[tuple[str, str], ...] = ()  # title and reason

    @property
    def left(self) -> tuple[PushStep, ...]:
        """What stays as the student made it over there."""
        kept = (StepKind.CHANGED_THERE, StepKind.REMOVED_THERE)
        return tuple(step for step in self.last.steps if step.kind in kept)


def draw_up(
    target: Target,
    push_states: PushStateStore,
    events: Iterable[CalendarEvent],
    years: Collection[int] | None,
    overwrite: Collection[str] = (),
) -> PushPlan:
    """Look at what is there and say what would be done. Nothing is written, here or there.

    Before the first push, events that look like the timetable's are named too; those in `overwrite` are removed.
    `events` are those of the calendar file; cancelled ones count as not wanted. Raises AppError.
    """
    wanted = []
    for event in events:
        if not event.cancelled:
            year = int(event.item.split("/", 1)[0])
            wanted.append(Wanted(event, target.fingerprint(event, year), year))
    known = push_states.get(target.key)
    state = _looked(target, push_states, known)
    drawn = plan(wanted, state, years, overwrite)
    is_first = not known.entries and not state.entries
    return with_look_alikes(drawn, target.others(state), wanted, overwrite) if is_first and wanted else drawn


def _looked(target: Target, push_states: PushStateStore, state: TargetState) -> TargetState:
    if any(entry.presence in (Presence.ADDING, Presence.REMOVING) for entry in state.entries.values()):
        state = replace(state, token="")  # what was interrupted is known only by looking at everything
    try:
        return merged(state, target.look(state))
    except CalendarGone:
        push_states.put(target.key, TargetState())  # so that the next push starts anew
        raise


def carry_out(
    drawn: PushPlan,
    target: Target,
    push_states: PushStateStore,
    years: Collection[int] | None,
    overwrite: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Done:
    """Do what a plan says, and what turns out to be needed where something changed over there meanwhile.

    `progress` is told how many writes of how many are done. Raises Cancelled between two batches, or AppError; both
    leave a state from which the next push goes on where this one stopped.
    """
    wanted = [step.wanted for step in drawn.steps if step.wanted is not None]
    written, refused = 0, dict[str, tuple[str, str]]()
    for round_number in range(ROUNDS):
        state = _forget(drawn.state, drawn.forgotten)
        steps = [step for step in drawn.writes if step.uid not in refused]
        if steps:
            state = target.prepare(state)
        run = _Run(target, push_states, _intend(state, steps))
        run.remember()
        total = written + len(steps)
        for start in range(0, len(steps), target.batch):
            if cancelled is not None and cancelled():
                raise Cancelled("Stopped.", "What was written so far stays; the next push goes on from there.")
            run.send(steps[start : start + target.batch])
            if progress is not None:
                progress(written + run.written, total)
        written += run.written
        refused |= run.refused
        if not run.conflicts or round_number == ROUNDS - 1:
            drawn = plan(wanted, run.state, years, overwrite)
            break
        drawn = plan(wanted, _looked(target, push_states, replace(run.state, token="")), years, overwrite)
    return Done(written, drawn, tuple(refused.values()))


def remove_everything(
    target: Target,
    push_states: PushStateStore,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Done:
    """Take away every event that was ever written there, changed over there or not, and then the calendar if made."""
    try:
        drawn = draw_up(target, push_states, (), None)
    except CalendarGone:
        return Done(0, PushPlan((), TargetState()))  # everything in it is gone with it
    every = frozenset(drawn.state.entries)
    drawn = plan((), drawn.state, None, every)
    done = carry_out(drawn, target, push_states, None, every, progress, cancelled)
    state = push_states.get(target.key)
    if state.calendar and state.made and not state.entries and target.discard(state):
        push_states.put(target.key, TargetState())
    return done


class _Run:
    """One round of writing: the state as it grows, remembered after every batch."""

    def __init__(self, target: Target, push_states: PushStateStore, state: TargetState) -> None:
        self._target = target
        self._push_states = push_states
        self.state = state
        self.written = 0
        self.conflicts = 0
        self.refused: dict[str, tuple[str, str]] = {}

    def remember(self) -> None:
        self._push_states.put(self._target.key, self.state)

    def send(self, steps: Sequence[PushStep]) -> None:
        by_uid = {step.uid: step for step in steps}
        try:
            for outcome in self._target.send(self.state, steps):
                self._take(by_uid[outcome.uid], outcome)
        except CalendarGone:
            self.state = TargetState()  # so that the next push starts anew
            raise
        finally:
            self.remember()

    def _take(self, step: PushStep, outcome: PushOutcome) -> None:
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


def merged(state: TargetState, look: CalendarSnapshot) -> TargetState:
    """What is known after a look."""
    entries = dict(state.entries)
    for uid, found in look.found.items():
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
    for uid in look.same:
        entries[uid] = replace(entries[uid], presence=Presence.THERE)
    present = {*look.found, *look.same}
    for uid, entry in state.entries.items():
        is_absent = uid in look.absent or (look.everything and uid not in present)
        if is_absent and entry.presence is Presence.THERE and uid not in look.found:
            entries[uid] = replace(entry, presence=Presence.GONE, tag="")
    return replace(state, entries=entries, token=look.token)


def _intend(state: TargetState, steps: Iterable[PushStep]) -> TargetState:
    """The state with what is about to happen: were it to stop here, an absent event would not seem removed by hand."""
    entries = dict(state.entries)
    for step in steps:
        if step.kind is StepKind.ADD and step.wanted is not None:
            mark = step.wanted.fingerprint
            entries[step.uid] = EventState(step.uid, step.wanted.year, step.title, mark, mark, presence=Presence.ADDING)
        elif step.kind is StepKind.REMOVE and step.entry is not None and step.like is None:
            entries[step.uid] = replace(step.entry, presence=Presence.REMOVING)
    return replace(state, entries=entries)


def _forget(state: TargetState, uids: Collection[str]) -> TargetState:
    return replace(state, entries={uid: entry for uid, entry in state.entries.items() if uid not in uids})
