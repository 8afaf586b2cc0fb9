"""What is known of a calendar out there: what was last written, and what was there when it was last looked at.

It is a memory, not the truth: every event out there carries a mark of its own, so a push state that is lost, old or
another machine's costs requests and never a student's edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from desktop.domain.codec import from_plain, to_plain
from desktop.domain.errors import InvalidInput


class Presence(StrEnum):
    """Whether an event is out there, and if not, how that came about."""

    THERE = "there"
    ADDING = "adding"  # it is being added; a crash may have come in between
    REMOVING = "removing"  # it is being removed; a crash may have come in between
    GONE = "gone"  # it was there, and someone over there removed it


@dataclass(frozen=True, slots=True)
class EventState:
    """One event out there. `wrote` is the fingerprint of what this program wrote, `there` of what was seen.

    `place` is where the target keeps it (an address, an id), `tag` its version there, `year` the academic year.
    """

    uid: str
    year: int
    title: str
    wrote: str
    there: str
    place: str = ""
    tag: str = ""
    presence: Presence = Presence.THERE

    @property
    def is_touched(self) -> bool:
        """Whether someone over there changed it since it was written."""
        return self.there != self.wrote


@dataclass(frozen=True, slots=True)
class TargetState:
    """All of one calendar: where it is, the `token` that asks only for what is new, and its events by UID.

    `made` says that this program made the calendar, and so may take it away again.
    """

    calendar: str = ""
    made: bool = False
    token: str = ""
    entries: Mapping[str, EventState] = field(default_factory=dict)

    def with_entry(self, entry: EventState) -> TargetState:
        return replace(self, entries={**self.entries, entry.uid: entry})

    def without(self, uid: str) -> TargetState:
        return replace(self, entries={key: entry for key, entry in self.entries.items() if key != uid})

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a store."""
        return {**to_plain(replace(self, entries={})), "entries": to_plain(tuple(self.entries.values()))}


def state_from_json(plain: Mapping[str, Any]) -> TargetState:
    """The reverse of `TargetState.to_json`; raises InvalidInput."""
    if not isinstance(plain, Mapping):
        raise InvalidInput("This is not what was written to a calendar.")
    entries = from_plain(tuple[EventState, ...], plain.get("entries"))
    return replace(from_plain(TargetState, {**plain, "entries": {}}), entries={entry.uid: entry for entry in entries})


class PushStateStore(Protocol):
    """Where the state of each target is kept; `get` gives an empty state for a target never written to."""

    def get(self, target: str) -> TargetState: ...
    def put(self, target: str, state: TargetState) -> None: ...
