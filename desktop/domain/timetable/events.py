"""What is no class and no assessment: the student's own events, and those that layers show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from desktop.domain.errors import InvalidInput
from desktop.domain.timetable.modules import Colour


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """Something of the student's own: weekly within a term (`weekday`, `offered`) or `on` one date."""

    id: str
    year: int
    title: str
    start: time
    end: time
    weekday: int | None = None
    on: date | None = None
    offered: str = ""
    venue: str = ""
    note: str = ""
    colour: Colour = Colour.GRAPHITE
    skipped: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if (self.weekday is None) == (self.on is None):
            raise InvalidInput("An own event is either weekly or on one date.", "Choose one of the two.")
        if self.start >= self.end:
            raise InvalidInput("An own event has to end after it starts.", "Give it a later end.")

    @property
    def label(self) -> str:
        return self.title


class LayerKind(StrEnum):
    """What the entries of a layer are to the student."""

    CLASS = "class"
    DEADLINE = "deadline"
    BUSY = "busy"
    SHOWN = "shown"  # to be looked at: it clashes with nothing


@dataclass(frozen=True, slots=True)
class LayerEvent(OwnEvent):
    """What a layer has at one time of day, on one or several `dates`. It is shown, and never the student's to change.

    `on` is the first of the dates. A deadline may end as it starts.
    """

    layer: str = ""  # the key of its record
    layer_name: str = ""
    kind: LayerKind = LayerKind.SHOWN
    dates: tuple[date, ...] = ()
    exported: bool = False

    def __post_init__(self) -> None:
        if not self.dates or self.end < self.start:
            raise InvalidInput("An entry of a calendar has no date, or ends before it starts.")

    @property
    def is_deadline(self) -> bool:
        return self.kind is LayerKind.DEADLINE

    @property
    def takes_time(self) -> bool:
        """Whether nothing else can be attended meanwhile."""
        return self.kind in (LayerKind.CLASS, LayerKind.BUSY) and self.end > self.start
