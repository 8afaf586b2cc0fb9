"""Weekly classes and their places in the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.timetable.choices import ChoiceKey


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A place in the week: weekday, start and end."""

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
        """Short and sortable, as ids carry it: `3-0830`."""
        return f"{self.weekday}-{self.start:%H%M}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A weekly class of one group: one activity in one slot, in one or more venues at once."""

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
    skipped: frozenset[date] = frozenset()  # the dates this student will not be there
    sources: tuple[str, ...] = ()  # keys of the imports that say so, latest last
    edited: frozenset[str] = frozenset()  # which of slot, venues, room, note the student set by hand
    outdated: frozenset[str] = frozenset()  # which of those were set against something a later import changed
    room: str = ""  # the one of many venues this student is in; `venues` is then that room alone
    printed_slot: Slot | None = None  # what the documents say, whatever was edited
    printed_venues: tuple[str, ...] = ()
    by_hand: bool = False  # the document says it where it could not be read: the student entered it
    mixed: bool = False  # it may be attended with another group than the other lectures of its module

    @property
    def choice(self) -> ChoiceKey:
        return ChoiceKey(self.year, self.module, self.offered, self.kind, self.activity if self.mixed else "")

    @property
    def label(self) -> str:
        return f"{self.module} · {self.activity}"


def meeting_id(year: int, module: str, offered: str, group: str, kind: str, activity: str, slot: Slot | None) -> str:
    """The id of a meeting at its first acceptance; `slot` only where the activity's label repeats in its group."""
    parts = [str(year), module, offered, group, kind, activity]
    if slot is not None:
        parts.append(slot.label)
    return "/".join(parts)
