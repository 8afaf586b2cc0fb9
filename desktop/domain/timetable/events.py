"""Events that are neither classes nor assessments: the student's own, and those of layers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from desktop.domain.errors import InvalidInput
from desktop.domain.timetable.modules import Colour


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """An event of the student: weekly (`weekday`; within a term if `offered` is set), or `on` one date."""

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
    """How the entries of a layer are treated."""

    CLASS = "class"
    DEADLINE = "deadline"
    BUSY = "busy"
    SHOWN = "shown"  # only shown: it clashes with nothing


@dataclass(frozen=True, slots=True)
class LayerEvent(OwnEvent):
    """An event of a layer, at the same time on one or more `dates`. The student cannot change it.

    `on` is the first of the dates. A deadline may have the same start and end.
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
        """True if nothing else can be attended at the same time."""
        return self.kind in (LayerKind.CLASS, LayerKind.BUSY) and self.end > self.start
