"""Meetings: weekly classes and their time slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.timetable.choices import ChoiceKey


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A weekly time slot. Monday is 0."""

    weekday: int
    start: time
    end: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise InvalidInput(msg("There is no weekday {n}.", n=self.weekday))
        if self.start >= self.end:
            raise InvalidInput(
                msg("An end at {end} is not after a start at {start}.", end=self.end, start=self.start),
                "Give it an end that is later than its start.",
            )

    @property
    def label(self) -> str:
        """The short, sortable form in ids: `3-0830`."""
        return f"{self.weekday}-{self.start:%H%M}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A weekly class of a group: one activity in one slot, in one or more venues at the same time."""

    id: str
    year: int
    module: str
    offered: str
    group: str
    kind: str
    activity: str
    slot: Slot
    venues: tuple[str, ...] = ()
    campus: str = ""
    lang: str = ""
    study_prog: tuple[str, ...] = ()
    note: str = ""
    hidden: bool = False
    skipped: frozenset[date] = frozenset()  # dates on which the student will not attend
    sources: tuple[str, ...] = ()  # keys of the imports that contain it, latest last
    edited: frozenset[str] = frozenset()  # which of slot, venues, room and note the student edited
    outdated: frozenset[str] = frozenset()  # which of those edits are of a value that a later import changed
    room: str = ""  # the one of several venues that this student is in; it is then the only one in `venues`
    printed_slot: Slot | None = None  # as in the documents, without edits
    printed_venues: tuple[str, ...] = ()
    by_hand: bool = False  # the student entered it for an unreadable line of the document
    mixed: bool = False  # its group may be another than that of the module's other lectures

    @property
    def choice_key(self) -> ChoiceKey:
        return ChoiceKey(self.year, self.module, self.offered, self.kind, self.activity if self.mixed else "")

    @property
    def label(self) -> str:
        return f"{self.module} · {self.activity}"


def meeting_id(year: int, module: str, offered: str, group: str, kind: str, activity: str, slot: Slot | None) -> str:
    """The id of a meeting when first accepted. `slot` is given only if the activity's label repeats in its group."""
    parts = [str(year), module, offered, group, kind, activity]
    if slot is not None:
        parts.append(slot.label)
    return "/".join(parts)
