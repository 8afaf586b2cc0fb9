"""The push plan: the steps that make a target show the timetable, as a list to read before it is carried out.

Pure functions, from wanted events and a push state to steps. What the student changed or removed in the online calendar
is left as it is and reported, unless they choose otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desktop.calendars.event import CalendarEvent
from desktop.calendars.push_state import EventState, Presence, TargetState
from desktop.domain.messages import msg


class StepKind(StrEnum):
    """What a step does to an event."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    KEEP = "keep"
    CHANGED_THERE = "changed there"  # changed in the online calendar, and kept so
    REMOVED_THERE = "removed there"  # removed in the online calendar, and not added again
    LOOK_ALIKE = "look-alike"  # not written by this program, but equal to an event of the timetable


WRITE_KINDS = frozenset({StepKind.ADD, StepKind.CHANGE, StepKind.REMOVE})


@dataclass(frozen=True, slots=True)
class WantedEvent:
    """An event that the target should have, and the fingerprint that it would have there."""

    event: CalendarEvent
    fingerprint: str
    year: int


@dataclass(frozen=True, slots=True)
class PushStep:
    """One step of a plan. `entry` is the known state at the target, `wanted` the event that should be there, if any.

    Of a look-alike, `like` is the event of the timetable that it equals, and only `entry.place` identifies it.
    """

    kind: StepKind
    uid: str
    title: str
    wanted: WantedEvent | None = None
    entry: EventState | None = None
    like: CalendarEvent | None = None

    @property
    def event(self) -> CalendarEvent | None:
        """The event of the timetable that the step is about; None if the timetable no longer has it."""
        return self.wanted.event if self.wanted else self.like

    @property
    def reason(self) -> str:
        """The reason, as a sentence to show; empty if the kind is reason enough."""
        if self.kind is StepKind.CHANGED_THERE and self.wanted is None:
            return msg("It is no longer in the timetable, but was changed over there, so it stays.")
        if self.kind is StepKind.CHANGED_THERE:
            return msg("It was changed over there and stays as it is there.")
        if self.kind is StepKind.REMOVED_THERE:
            return msg("It was removed over there and stays away.")
        if self.kind is StepKind.LOOK_ALIKE:
            return msg("An event like this is there already, but not from this program.")
        return ""

    def to_json(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {
            "step": str(self.kind),
            "uid": self.uid,
            "title": self.title,
            "when": self.event.time_text() if self.event else "",
            "where": self.event.location if self.event else "",
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class PushPlan:
    """All steps, in the order they are carried out, and the state they start from.

    `forgotten` are UIDs to remove from the state: neither wanted nor at the target.
    """

    steps: tuple[PushStep, ...]
    state: TargetState
    forgotten: tuple[str, ...] = ()

    @property
    def writes(self) -> tuple[PushStep, ...]:
        return tuple(step for step in self.steps if step.kind in WRITE_KINDS)

    def counts(self) -> Counter[StepKind]:
        """The number of steps of each kind."""
        return Counter(step.kind for step in self.steps)

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON values."""
        counts = self.counts()
        return {
            "counts": {str(kind): counts[kind] for kind in StepKind},
            "steps": [step.to_json() for step in self.steps],
        }


def plan_steps(
    wanted: Iterable[WantedEvent],
    state: TargetState,
    years: Collection[int] | None = None,
    overwrite: Collection[str] = (),
) -> PushPlan:
    """Plan the steps from the state of the target to the wanted events.

    Only events of the academic `years` are removed (None: of any year). `overwrite` are the UIDs for which the
    timetable's version replaces changes made in the online calendar.
    """
    steps, seen = [], set()
    for each in wanted:
        seen.add(each.event.uid)
        steps.append(_step(each, state.entries.get(each.event.uid), each.event.uid in overwrite))
    forgotten = []
    for uid, entry in state.entries.items():
        if uid in seen or (years is not None and entry.year not in years):
            continue
        if entry.presence is not Presence.THERE:
            forgotten.append(uid)
        else:
            keeps = entry.is_changed_at_target and uid not in overwrite
            kind = StepKind.CHANGED_THERE if keeps else StepKind.REMOVE
            steps.append(PushStep(kind, uid, entry.title, None, entry))
    order = list(StepKind)
    steps.sort(
        key=lambda step: (order.index(step.kind), step.wanted.event.start.isoformat() if step.wanted else "", step.uid)
    )
    return PushPlan(tuple(steps), state, tuple(forgotten))


def _step(wanted: WantedEvent, entry: EventState | None, overwrite: bool) -> PushStep:
    uid, title = wanted.event.uid, wanted.event.title
    if entry is None or entry.presence in (Presence.ADDING, Presence.REMOVING):
        return PushStep(StepKind.ADD, uid, title, wanted, entry)
    if entry.presence is Presence.GONE:
        return PushStep(StepKind.ADD if overwrite else StepKind.REMOVED_THERE, uid, title, wanted, entry)
    if entry.there == wanted.fingerprint:
        return PushStep(StepKind.KEEP, uid, title, wanted, entry)
    if entry.is_changed_at_target and not overwrite:
        return PushStep(StepKind.CHANGED_THERE, uid, title, wanted, entry)
    return PushStep(StepKind.CHANGE, uid, title, wanted, entry)
