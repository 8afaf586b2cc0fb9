"""The push state of a target: what was last written to it, and what was found when it was last read.

It is only a cache. Every event at the target carries a mark, so a push state that is lost, old or from another machine
costs extra requests, but never a student's edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from desktop.domain.codec import from_plain, to_plain
from desktop.domain.errors import InvalidInput


class Presence(StrEnum):
    """If an event is at the target, and if not, why."""

    THERE = "there"
    ADDING = "adding"  # the addition was started; a crash may have interrupted it
    REMOVING = "removing"  # the removal was started; a crash may have interrupted it
    GONE = "gone"  # it was removed in the online calendar


@dataclass(frozen=True, slots=True)
class EventState:
    """The last known state of one event at the target.

    `wrote` is the fingerprint of what this program wrote, `there` that of what was last read. `place` is its address
    or id at the target, `tag` its version there (an ETag), `year` the academic year.
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
    def is_changed_at_target(self) -> bool:
        """True if it was changed in the online calendar since it was written."""
        return self.there != self.wrote


@dataclass(frozen=True, slots=True)
class TargetState:
    """The last known state of a target.

    `calendar` is its address or id, `token` the sync token for requesting only changes, `entries` its events by UID.
    `made` is true if this program created the calendar, and so may delete it.
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
        """The state as JSON values."""
        return {**to_plain(replace(self, entries={})), "entries": to_plain(tuple(self.entries.values()))}


def state_from_json(plain: Mapping[str, Any]) -> TargetState:
    """The inverse of `TargetState.to_json`. Raises InvalidInput."""
    if not isinstance(plain, Mapping):
        raise InvalidInput("This is not what was written to a calendar.")
    entries = from_plain(tuple[EventState, ...], plain.get("entries"))
    return replace(from_plain(TargetState, {**plain, "entries": {}}), entries={entry.uid: entry for entry in entries})


class PushStateStore(Protocol):
    """A store of the state of each target. `get` returns an empty state for a target never written to."""

    def get(self, target: str) -> TargetState: ...
    def put(self, target: str, state: TargetState) -> None: ...
