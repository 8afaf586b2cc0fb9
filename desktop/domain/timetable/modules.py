"""Modules and their colours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Colour(StrEnum):
    """The 11 event colours of Google Calendar, with its names."""

    TOMATO = "Tomato"
    FLAMINGO = "Flamingo"
    TANGERINE = "Tangerine"
    BANANA = "Banana"
    SAGE = "Sage"
    BASIL = "Basil"
    PEACOCK = "Peacock"
    BLUEBERRY = "Blueberry"
    LAVENDER = "Lavender"
    GRAPE = "Grape"
    GRAPHITE = "Graphite"


@dataclass(frozen=True, slots=True)
class Module:
    """A module with the student's settings. `code` is UP's: `COS 212`."""

    year: int
    code: str
    name: str = ""
    colour: Colour = Colour.GRAPHITE
    hidden: bool = False
    mixed: bool = False  # each lecture has a choice of its own

    @property
    def title(self) -> str:
        return self.name or self.code
