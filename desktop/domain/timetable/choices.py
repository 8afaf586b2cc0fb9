"""Choices: which group of a module is attended, for each kind of activity."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.timetable.activities import LECTURE


@dataclass(frozen=True, slots=True, order=True)
class ChoiceKey:
    """Identifies a choice: a module as offered in a year, and a kind of activity.

    If the student mixes groups, each lecture has a separate choice, and `activity` is set (`L2`).
    """

    year: int
    module: str
    offered: str
    kind: str
    activity: str = ""

    def __str__(self) -> str:
        key = f"{self.year}/{self.module}/{self.offered}/{self.kind}"
        return f"{key}/{self.activity}" if self.activity else key


def parse_choice_key(text: str) -> ChoiceKey:
    """The inverse of `str(ChoiceKey)`. Raises InvalidInput."""
    match text.split("/"):
        case [year, module, offered, kind] if year.isdigit():
            return ChoiceKey(int(year), module, offered, kind)
        case [year, module, offered, kind, activity] if year.isdigit() and kind == LECTURE and activity:
            return ChoiceKey(int(year), module, offered, kind, activity)
    raise InvalidInput(msg("“{text}” does not name a module, when it is offered, and a kind.", text=text))


@dataclass(frozen=True, slots=True)
class Choice:
    """The group attended. `group` is None while undecided. `automatic` is true if there is only one group."""

    key: ChoiceKey
    groups: tuple[str, ...]
    group: str | None = None
    automatic: bool = False
    pinned: bool = False
    lost: str = ""  # the chosen group, if no document has it any more

    @property
    def is_decided(self) -> bool:
        return self.group is not None
