"""The words of a timetable and what must hold of them: modules, meetings, assessments, own events, occurrences.

Everything here is a frozen value. Times are `datetime.time` on UP's own clock (Africa/Johannesburg), weekdays count
from Monday = 0. An id is a natural key, stable over re-imports and the same on every machine:

    2026/COS 212/S1/G01/L/L1            a meeting (and /3-0830 behind it where the label repeats in its group)
    2026/COS 212/test/Test1/HATFIELD    a test's assessment
    2026/COS 212/exam/1/Exam Written/HATF    an exam's assessment
    2026/event/9f2c...                  an own event
    2026/layer/51b0.../7d20...          what a layer has at one time of day
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeGuard

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg, named

OFFERED = ("S1", "S2", "Y", "Q1", "Q2", "Q3", "Q4")
LECTURE = "L"
KIND_NAMES = {
    "L": "Lecture",
    "P": "Practical",
    "T": "Tutorial",
    "D": "Discussion",
}


def kind_name(kind: str) -> str:
    """What a kind of activity is called, to be said in any language; one without a known name keeps its letters."""
    name = KIND_NAMES.get(kind)
    return kind if name is None else named(name)


ZONE = "Africa/Johannesburg"
EXAM_MINUTES = 180  # assumed, since only an exam's start is printed; shown as an assumption wherever it counts


class Colour(StrEnum):
    """The 11 event colours of Google Calendar, by the names it gives them."""

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


class AssessmentKind(StrEnum):
    """What is written in an assessment."""

    TEST = "test"
    EXAM = "exam"


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


TimeSlot = tuple[date, time, time]  # a date, a start and an end: where an assessment stands


@dataclass(frozen=True, slots=True, order=True)
class ChoiceKey:
    """What one group is chosen for: a module as offered in a year, and a kind of activity.

    Where the student mixes groups, lectures have a choice each, and `activity` names it (`L2`).
    """

    year: int
    module: str
    offered: str
    kind: str
    activity: str = ""

    def __str__(self) -> str:
        key = f"{self.year}/{self.module}/{self.offered}/{self.kind}"
        return f"{key}/{self.activity}" if self.activity else key


def choice_key(text: str) -> ChoiceKey:
    """The reverse of `str(ChoiceKey)`; raises InvalidInput."""
    match text.split("/"):
        case [year, module, offered, kind] if year.isdigit():
            return ChoiceKey(int(year), module, offered, kind)
        case [year, module, offered, kind, activity] if year.isdigit() and kind == LECTURE and activity:
            return ChoiceKey(int(year), module, offered, kind, activity)
    raise InvalidInput(msg("“{text}” does not name a module, when it is offered, and a kind.", text=text))


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


@dataclass(frozen=True, slots=True)
class Assessment:
    """A dated test or exam. `end` is printed for tests; for exams it is assumed, and `assumed_end` says so."""

    id: str
    year: int
    module: str
    kind: AssessmentKind
    name: str  # "Test1", "PTest 1", "Exam Written"
    date: date
    start: time
    end: time
    venues: tuple[str, ...] = ()
    campus: str = ""
    paper: str = ""
    status: str = ""  # FINAL or PRELIM, as an Exams document prints it
    comments: str = ""
    assumed_end: bool = False
    note: str = ""
    hidden: bool = False
    sources: tuple[str, ...] = ()
    edited: frozenset[str] = frozenset()  # which of slot, venues, room, note the student set by hand
    outdated: frozenset[str] = frozenset()
    room: str = ""
    printed_slot: TimeSlot | None = None  # what the documents say, whatever was edited
    printed_venues: tuple[str, ...] = ()
    by_hand: bool = False

    @property
    def is_preliminary(self) -> bool:
        return self.status.upper() == "PRELIM"

    @property
    def label(self) -> str:
        return f"{self.module} · {self.name}"


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


@dataclass(frozen=True, slots=True)
class Module:
    """A module as this student sees it. `code` is UP's: `COS 212`."""

    year: int
    code: str
    name: str = ""
    colour: Colour = Colour.GRAPHITE
    hidden: bool = False
    mixed: bool = False  # lectures may be attended with different groups

    @property
    def title(self) -> str:
        return self.name or self.code


@dataclass(frozen=True, slots=True)
class Choice:
    """Which group is attended. `group` is None while undecided; `automatic` where there is only one to choose."""

    key: ChoiceKey
    groups: tuple[str, ...]
    group: str | None = None
    automatic: bool = False
    pinned: bool = False
    lost: str = ""  # the group that was chosen and that no document names any more

    @property
    def is_decided(self) -> bool:
        return self.group is not None


Item = Meeting | Assessment | OwnEvent


def is_own(item: Item) -> TypeGuard[OwnEvent]:
    """Whether the student made it, and may change it."""
    return isinstance(item, OwnEvent) and not isinstance(item, LayerEvent)


def takes_time(item: Item) -> bool:
    """Whether somebody has to be there: all but what a layer only shows, and deadlines."""
    return not isinstance(item, LayerEvent) or item.takes_time


@dataclass(frozen=True, slots=True)
class Timetable:
    """All of one academic year, computed from records: whatever is hidden or not chosen is still here, and says so."""

    year: int
    modules: Mapping[str, Module] = field(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    events: tuple[OwnEvent, ...] = ()
    choices: Mapping[ChoiceKey, Choice] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()  # records of this year that hold something this version cannot mean
    layers: tuple[LayerEvent, ...] = ()  # of other calendars, as this machine read them last

    @property
    def is_empty(self) -> bool:
        return not (self.meetings or self.assessments or self.events)

    def find(self, item_id: str) -> Item | None:
        """The meeting, assessment or own event of that id."""
        return next((item for item in self.items() if item.id == item_id), None)

    def item(self, item_id: str) -> Item:
        """The same, where it has to be there: raises InvalidInput where it is not."""
        item = self.find(item_id)
        if item is None:
            raise InvalidInput(
                "This is no longer in the timetable.", "An import may have removed it; look at the week again."
            )
        return item

    def printed(self, item_id: str) -> Meeting | Assessment:
        """The meeting or assessment of that id; raises InvalidInput where it is an own event, or not there."""
        item = self.item(item_id)
        if isinstance(item, OwnEvent):
            raise InvalidInput(msg("{what} is your own event.", what=item.title), "Change the event itself.")
        return item

    def module(self, code: str) -> Module:
        """The module of that code; raises InvalidInput where it is not in this timetable."""
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
        """Whether the student hid it, or the whole module it belongs to."""
        if isinstance(item, OwnEvent):
            return False
        module = self.modules.get(item.module)
        return item.hidden or (module is not None and module.hidden)

    def is_attended(self, item: Item) -> bool:
        """Whether it is the student's for certain: not hidden, and of the group chosen (or the only group)."""
        if self.is_hidden(item):
            return False
        if isinstance(item, Meeting):
            choice = self.choices.get(item.choice)
            return choice is None or choice.group == item.group
        return True

    def is_undecided(self, item: Item) -> bool:
        """Whether it is one of several candidates among which nothing was chosen yet."""
        if not isinstance(item, Meeting) or self.is_hidden(item):
            return False
        choice = self.choices.get(item.choice)
        return choice is not None and not choice.is_decided


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """An item on one date, to the minute. `moved_from` is the weekday whose timetable is followed, on a swapped day."""

    start: datetime  # naive, on UP's clock
    end: datetime
    item: Item = field(compare=False)
    undecided: bool = field(default=False, compare=False)
    moved_from: int | None = field(default=None, compare=False)

    @property
    def date(self) -> date:
        return self.start.date()

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


def exam_end(start: time, minutes: int = EXAM_MINUTES) -> time:
    """The assumed end of an exam, never beyond midnight."""
    moment = datetime.combine(date(2000, 1, 1), start) + timedelta(minutes=minutes)
    return moment.time() if moment.day == 1 else time(23, 59)


def meeting_id(year: int, module: str, offered: str, group: str, kind: str, activity: str, slot: Slot | None) -> str:
    """The id of a meeting at its first acceptance; `slot` only where the activity's label repeats in its group."""
    parts = [str(year), module, offered, group, kind, activity]
    if slot is not None:
        parts.append(slot.label)
    return "/".join(parts)


def test_id(year: int, module: str, test: str, campus: str) -> str:
    return f"{year}/{module}/{AssessmentKind.TEST}/{test}/{campus}"


def exam_id(year: int, module: str, paper: str, activity: str, campus: str) -> str:
    return f"{year}/{module}/{AssessmentKind.EXAM}/{paper}/{activity}/{campus}"
