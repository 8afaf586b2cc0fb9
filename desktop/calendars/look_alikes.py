"""Look-alikes: events in a target that equal events of the timetable but were not written by this program.

They would appear twice after a push. They come from an older import, another program, or the student.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desktop.calendars.event import CalendarEvent
from desktop.calendars.push_plan import PushPlan, PushStep, StepKind, WantedEvent
from desktop.calendars.push_state import EventState


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """An event that this program did not write.

    `start` and `end` are those of its first date, naive, on UP's clock. `place` is its address or id at the target,
    `tag` its version there.
    """

    place: str
    tag: str
    title: str
    location: str
    start: datetime
    end: datetime
    repeats: bool = False


def with_look_alikes(
    drawn: PushPlan, others: Iterable[OtherEvent], wanted: Iterable[WantedEvent], removed: Collection[str]
) -> PushPlan:
    """The plan with a step for each look-alike. It is kept, unless its UID is among those `removed` to be removed."""
    steps = tuple(
        PushStep(
            StepKind.REMOVE if uid in removed else StepKind.LOOK_ALIKE,
            uid,
            other.title,
            None,
            EventState(uid, each.year, other.title, "", "", other.place, other.tag),
            like=each.event,
        )
        for other, each in _match_events(others, wanted)
        for uid in (f"look-alike {other.place}",)
    )
    return replace(drawn, steps=(*steps, *drawn.steps))


def _match_events(
    others: Iterable[OtherEvent], wanted: Iterable[WantedEvent]
) -> Iterator[tuple[OtherEvent, WantedEvent]]:
    by_words: dict[tuple[str, str, timedelta], list[WantedEvent]] = {}
    for each in wanted:
        event = each.event
        key = (_normalise(event.title), _normalise(event.location), event.end - event.start)
        by_words.setdefault(key, []).append(each)
    for other in others:
        alike = by_words.get((_normalise(other.title), _normalise(other.location), other.end - other.start), ())
        found = next((each for each in alike if _is_at(other, each.event)), None)
        if found is not None:
            yield other, found


def _is_at(other: OtherEvent, event: CalendarEvent) -> bool:
    if other.repeats and event.until is not None:  # the two series may begin and end on different dates of the semester
        same_time = (other.start.weekday(), other.start.time()) == (event.start.weekday(), event.start.time())
        return same_time and other.start.year == event.start.year
    return other.start in set(event.starts())


def _normalise(text: str) -> str:
    """Letters and digits only, for comparing texts of two programs: `COS 212 · L1` equals `COS 212 L1`."""
    return "".join(filter(str.isalnum, text.casefold()))
