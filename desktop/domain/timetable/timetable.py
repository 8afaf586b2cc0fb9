"""The timetable of an academic year: modules, meetings, assessments, own events, and events of layers.

All values of this package are frozen. Times are `datetime.time` on UP's clock (Africa/Johannesburg), weekdays count
from Monday = 0. An id is a natural key, stable over re-imports and the same on every machine:

    2026/COS 212/S1/G01/L/L1            a meeting (with /3-0830 appended if the label repeats in its group)
    2026/COS 212/test/Test1/HATFIELD    a test
    2026/COS 212/exam/1/Exam Written/HATF    an exam
    2026/event/9f2c...                  an own event
    2026/layer/51b0.../7d20...          an event of a layer
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.modules import Module

Item = Meeting | Assessment | OwnEvent


def is_own(item: Item) -> TypeGuard[OwnEvent]:
    """True for an event that the student created and may change."""
    return isinstance(item, OwnEvent) and not isinstance(item, LayerEvent)


def takes_time(item: Item) -> bool:
    """True if it has to be attended: all but deadlines and events that a layer only shows."""
    return not isinstance(item, LayerEvent) or item.takes_time


@dataclass(frozen=True, slots=True)
class Timetable:
    """The timetable of an academic year, computed from records. It includes hidden items and groups not chosen."""

    year: int
    modules: Mapping[str, Module] = field(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    events: tuple[OwnEvent, ...] = ()
    choices: Mapping[ChoiceKey, Choice] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()  # records of this year that this version cannot interpret
    layers: tuple[LayerEvent, ...] = ()  # from other calendars, as this machine last read them

    @property
    def is_empty(self) -> bool:
        return not (self.meetings or self.assessments or self.events)

    def find(self, item_id: str) -> Item | None:
        """The item with that id."""
        return next((item for item in self.items() if item.id == item_id), None)

    def item(self, item_id: str) -> Item:
        """The item with that id. Raises InvalidInput if there is none."""
        item = self.find(item_id)
        if item is None:
            raise InvalidInput(
                "This is no longer in the timetable.", "An import may have removed it; look at the week again."
            )
        return item

    def printed_item(self, item_id: str) -> Meeting | Assessment:
        """The meeting or assessment with that id. Raises InvalidInput if it is an event, or there is none."""
        item = self.item(item_id)
        if isinstance(item, OwnEvent):
            raise InvalidInput(msg("{what} is your own event.", what=item.title), "Change the event itself.")
        return item

    def module(self, code: str) -> Module:
        """The module with that code. Raises InvalidInput if there is none."""
        module = self.modules.get(code)
        if module is None:
            raise InvalidInput(msg("{code} is not in the timetable of {other}.", code=code, other=self.year))
        return module

    def items(self) -> Iterable[Item]:
        yield from self.meetings
        yield from self.assessments
        yield from self.events
        yield from self.layers

    def is_hidden(self, item: Item) -> bool:
        """True if the student hid the item or its module."""
        if isinstance(item, OwnEvent):
            return False
        module = self.modules.get(item.module)
        return item.hidden or (module is not None and module.hidden)

    def is_attended(self, item: Item) -> bool:
        """True if it is certainly attended: not hidden, and of the chosen group (or the only one)."""
        if self.is_hidden(item):
            return False
        if isinstance(item, Meeting):
            choice = self.choices.get(item.choice_key)
            return choice is None or choice.group == item.group
        return True

    def is_undecided(self, item: Item) -> bool:
        """True if it is a candidate of an undecided choice."""
        if not isinstance(item, Meeting) or self.is_hidden(item):
            return False
        choice = self.choices.get(item.choice_key)
        return choice is not None and not choice.is_decided
