"""Previews a week with another group: its classes, clashes and gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from desktop.domain.clashes import Clash, find_clashes, upcoming_clashes
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.events import LayerEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence, occurrences
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.timetable.timetable import Timetable

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class GroupPreview:
    """A week as it would be with another group.

    `clashes` are those of the group's classes in the rest of the year that are not accepted. `gaps` is the minutes
    between classes in the week. The fields ending in `_now` are for the present timetable.
    """

    key: ChoiceKey
    group: str
    occurrences: tuple[Occurrence, ...]
    clashes: tuple[Clash, ...]
    clashes_now: int
    gaps: int
    gaps_now: int


def candidate_occurrences(
    timetable: Timetable, calendar: AcademicCalendar, key: ChoiceKey, first: date, last: date
) -> tuple[Occurrence, ...]:
    """The classes of all groups of a choice except the attended one, marked as undecided, in order of time."""
    choice = timetable.choices[key]
    others = tuple(each for each in _meetings(timetable, key) if each.group != choice.group)
    return occurrences(_timetable_with_only(timetable, replace(choice, group=None), others), calendar, first, last)


def preview_group(
    timetable: Timetable,
    calendar: AcademicCalendar,
    attended: Sequence[Occurrence],
    key: ChoiceKey,
    group: str,
    monday: date,
    today: date,
    accepted: Collection[str] = (),
) -> GroupPreview:
    """The week of `monday` with another group of `key`. `attended` is the whole year, in order of time."""
    first, last = attended[0].date if attended else monday, attended[-1].date if attended else monday
    span = min(first, monday), max(last, monday + WEEK)
    others = [each for each in attended if not _belongs_to(each, key)]
    choice = timetable.choices[key]

    def clashes_with(name: str | None) -> tuple[tuple[Occurrence, ...], tuple[Clash, ...]]:
        if name is None:
            return (), ()
        meetings = tuple(each for each in _meetings(timetable, key) if each.group == name)
        dated = occurrences(_timetable_with_only(timetable, replace(choice, group=name), meetings), calendar, *span)
        days = {each.date for each in dated}
        met = find_clashes([*dated, *(each for each in others if each.date in days and not each.undecided)], accepted)
        own = {each.id for each in meetings}
        return dated, tuple(each for each in upcoming_clashes(met, today) if not each.accepted and own & set(each.ids))

    dated, clashes = clashes_with(group)
    now, clashes_now = clashes_with(choice.group)
    shown = [each for each in others if monday <= each.date < monday + WEEK]
    week = sorted([*shown, *_in_week(dated, monday)], key=lambda each: (each.start, each.end, each.item.id))
    return GroupPreview(
        key,
        group,
        tuple(week),
        clashes,
        len(clashes_now),
        gap_minutes(week),
        gap_minutes([*shown, *_in_week(now, monday)]),
    )


def gap_minutes(dated: Iterable[Occurrence]) -> int:
    """Minutes between the classes and own events of each day that are certainly attended."""
    days: dict[date, list[tuple[datetime, datetime]]] = {}
    for each in dated:
        if not each.undecided and not isinstance(each.item, Assessment | LayerEvent):
            days.setdefault(each.date, []).append((each.start, each.end))
    idle = timedelta()
    for spans in days.values():
        free_from = min(spans)[0]
        for start, end in sorted(spans):
            idle += max(timedelta(), start - free_from)
            free_from = max(free_from, end)
    return int(idle.total_seconds()) // 60


def _meetings(timetable: Timetable, key: ChoiceKey) -> Iterable[Meeting]:
    return (each for each in timetable.meetings if each.choice_key == key)


def _belongs_to(each: Occurrence, key: ChoiceKey) -> bool:
    return isinstance(each.item, Meeting) and each.item.choice_key == key


def _in_week(dated: Iterable[Occurrence], monday: date) -> list[Occurrence]:
    return [each for each in dated if monday <= each.date < monday + WEEK]


def _timetable_with_only(timetable: Timetable, choice: Choice, meetings: tuple[Meeting, ...]) -> Timetable:
    return replace(timetable, meetings=meetings, assessments=(), events=(), layers=(), choices={choice.key: choice})
