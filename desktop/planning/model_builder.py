"""Builds the planner's model from the weekly classes of a timetable.

Groups held at the same times and places form one candidate. Dates on which exactly the same classes can be held form
one type of day. Most pairs of candidates are ruled out by a single operation on their coarse outlines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from functools import reduce
from operator import or_
from typing import NamedTuple

from desktop.domain.commands.choices import clash_key
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import LayerEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import held_dates
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.timetable.timetable import Timetable
from desktop.domain.timetable.travel import TRAVEL_MINUTES, full_campus_name, minutes_between
from desktop.planning.model import Candidate, DayType, Model, Placement, Variable, Weekly
from desktop.planning.preferences import (
    BUSY_FACTOR,
    CAMPUS_MINUTES,
    DAY_MINUTES,
    FRIEND_MINUTES,
    GROUP_MINUTES,
    KEPT_DAY_MINUTES,
    LUNCH_MINUTES,
    NAMES,
    TRAVEL_RUSH_MINUTES,
    Preferences,
)

_FRIDAY = 4

# Start and end in minutes, number of its date pattern, id, and campus or empty.
_Lesson = tuple[int, int, int, str, str]
_ONE_CAMPUS = frozenset(1 << place for place in range(64))


class _CandidateOutline(NamedTuple):
    """A candidate prepared for comparisons. `name` is its variable and index, `campuses` a bit set."""

    name: tuple[int, int]
    lessons: list[_Lesson]
    outline: int
    campuses: int


def minute_of_day(value: time) -> int:
    """Minutes since midnight."""
    return value.hour * 60 + value.minute


def build_model(
    timetable: Timetable,
    calendar: AcademicCalendar,
    preferences: Preferences,
    pins: Mapping[ChoiceKey, str],
    accepted: frozenset[str],
    friends: Mapping[ChoiceKey, frozenset[str]] | None = None,
) -> Model:
    """The problem instance of a timetable: every choice that is not hidden, restricted to its pin if it has one.

    `friends` are the groups that friends are in, by choice.
    """
    return _ModelBuilder(timetable, calendar, preferences, pins, accepted, friends or {}).build()


class _ModelBuilder:
    def __init__(
        self,
        timetable: Timetable,
        calendar: AcademicCalendar,
        preferences: Preferences,
        pins: Mapping[ChoiceKey, str],
        accepted: frozenset[str],
        friends: Mapping[ChoiceKey, frozenset[str]],
    ) -> None:
        self._timetable = timetable
        self._friends = friends if preferences.weight("friend") else {}
        self._preferences = preferences
        self._weight = {name: preferences.weight(name) for name in NAMES}
        self._accepted = accepted
        self._meetings_of: dict[ChoiceKey, dict[str, list[Meeting]]] = defaultdict(lambda: defaultdict(list))
        for meeting in timetable.meetings:
            if not timetable.is_hidden(meeting):
                self._meetings_of[meeting.choice_key][meeting.group].append(meeting)
        for key, groups in self._meetings_of.items():
            choice = timetable.choices.get(key)
            kept = pins.get(key) or (choice.group if choice is not None and choice.pinned else None)
            if kept in groups:
                self._meetings_of[key] = {kept: groups[kept]}
        self._events = [event for event in timetable.events if event.weekday is not None]
        weekly: list[Weekly] = [
            meeting for groups in self._meetings_of.values() for group in groups.values() for meeting in group
        ]
        weekly += self._events
        self._dates: dict[str, frozenset[date]] = {}
        self._dates_shared: dict[tuple[int, int], int] = {}
        memo: dict[tuple[str, int, bool], frozenset[date]] = {}
        for item in weekly:
            if isinstance(item, Meeting):
                at = item.offered, item.slot.weekday, calendar.has_lectures_in_test_weeks(item.module)
                if at not in memo:
                    memo[at] = frozenset(held.date for held in held_dates(item, calendar))
                self._dates[item.id] = memo[at]
            else:
                self._dates[item.id] = frozenset(held.date for held in held_dates(item, calendar))
        self._group_dates(weekly)
        self._campuses: dict[str, int] = {}

    def _group_dates(self, weekly: list[Weekly]) -> None:
        """Group the dates on which exactly the same classes can be held into types of day."""
        patterns: dict[frozenset[date], int] = {}
        for item in weekly:
            patterns.setdefault(self._dates[item.id], len(patterns))
        self._patterns = patterns
        self._dates_of = list(patterns)
        held: dict[date, int] = defaultdict(int)
        for dates, number in patterns.items():
            for day in dates:
                held[day] |= 1 << number
        kinds: dict[tuple[int, int], list[date]] = defaultdict(list)
        for day in sorted(held):
            kinds[held[day], day.weekday()].append(day)
        self._day_types = list(kinds.items())
        self._day_types_of = {
            dates: [place for place, ((bits, _), _) in enumerate(self._day_types) if bits >> number & 1]
            for dates, number in patterns.items()
        }
        self._dated_spans: dict[date, list[tuple[int, int]]] = defaultdict(list)
        self._layer_spans: dict[date, list[tuple[int, int]]] = defaultdict(list)
        for layer_event in self._timetable.layers:
            for day in layer_event.dates if layer_event.takes_time else ():
                self._layer_spans[day].append((minute_of_day(layer_event.start), minute_of_day(layer_event.end)))
        for dated in self._timetable.items():
            if self._timetable.is_hidden(dated) or isinstance(dated, Meeting | LayerEvent):
                continue
            on = dated.date if isinstance(dated, Assessment) else dated.on
            if on is not None:
                self._dated_spans[on].append((minute_of_day(dated.start), minute_of_day(dated.end)))

    def build(self) -> Model:
        wish = self._preferences
        days = []
        for (_, weekday), dates in self._day_types:
            kept = weekday in wish.keep_free and self._weight["keep_free"] > 0
            used = KEPT_DAY_MINUTES * self._weight["keep_free"] if kept else DAY_MINUTES * self._weight["free_days"]
            days.append(DayType(weekday, len(dates), used * len(dates), kept))
        variables = [
            Variable(
                key, None, self._candidates({group: list(meetings) for group, meetings in sorted(groups.items())}, key)
            )
            for key, groups in sorted(self._meetings_of.items())
        ]
        variables += [Variable(None, event, self._candidates({"": [event]}, None)) for event in self._events]
        clash, pair = self._pair_costs(variables)
        lunch = minute_of_day(wish.lunch_from), minute_of_day(wish.lunch_to), wish.lunch_minutes
        return Model(
            tuple(variables),
            tuple(days),
            clash,
            pair,
            self._weight["few_gaps"],
            LUNCH_MINUTES * self._weight["lunch"],
            lunch,
            CAMPUS_MINUTES * self._weight["travel"],
        )

    def _candidates(self, groups: Mapping[str, Sequence[Weekly]], key: ChoiceKey | None) -> tuple[Candidate, ...]:
        """The candidates of a variable. Groups held at the same times and places form one."""
        alike: dict[object, list[str]] = defaultdict(list)
        items_of: dict[object, tuple[Weekly, ...]] = {}
        partnered = self._weight["same_group"] and key is not None and key.kind in ("L", "T")
        for group, items in groups.items():
            traits = frozenset((self._dates[item.id], *_minutes_of(item), self._campus_bit(item)) for item in items)
            # Groups with accepted clashes are never merged into one candidate.
            told = (
                tuple(sorted(item.id for item in items))
                if any(self._has_accepted_clash(item) for item in items)
                else ()
            )
            number = group_number(group) if partnered else None
            place = traits, len(items), told, number, self._differs_from_friends(key, group)
            alike[place].append(group)
            items_of.setdefault(place, tuple(items))
        return tuple(self._candidate(key, tuple(names), items_of[place]) for place, names in alike.items())

    def _differs_from_friends(self, key: ChoiceKey | None, group: str) -> bool:
        """True if friends are in other groups of this choice."""
        return key is not None and group not in self._friends.get(key, {group})

    def _has_accepted_clash(self, item: Weekly) -> bool:
        return any(item.id in key.split("|") for key in self._accepted)

    def _candidate(self, key: ChoiceKey | None, groups: tuple[str, ...], items: tuple[Weekly, ...]) -> Candidate:
        wish = self._preferences
        busy: dict[int, int] = defaultdict(int)
        campuses: dict[int, int] = defaultdict(int)
        costs: dict[str, int] = defaultdict(int)
        lessons = self._lessons(items)
        if self._differs_from_friends(key, groups[0]):
            costs["friend"] += FRIEND_MINUTES * self._weight["friend"]
        clash = sum(self._overlap([each], lessons[:place]) for place, each in enumerate(lessons))
        for item in items:
            start, end = _minutes_of(item)
            bits = (1 << end) - (1 << start)
            dates = len(self._dates[item.id])
            if isinstance(item, Meeting):  # own events are where the student wants them
                if wish.not_before is not None:
                    early = max(0, min(end, minute_of_day(wish.not_before)) - start)
                    costs["not_before"] += early * dates * self._weight["not_before"]
                if wish.not_after is not None:
                    late = max(0, end - max(start, minute_of_day(wish.not_after)))
                    costs["not_after"] += late * dates * self._weight["not_after"]
            for number in self._day_types_of[self._dates[item.id]]:
                (_, weekday), its_dates = self._day_types[number]
                busy[number] |= bits
                campuses[number] |= self._campus_bit(item)
                if isinstance(item, Meeting) and weekday == _FRIDAY and wish.early_friday is not None:
                    late = max(0, end - max(start, minute_of_day(wish.early_friday)))
                    costs["early_friday"] += late * len(its_dates) * self._weight["early_friday"]
                for day in its_dates:
                    for begins, ends in self._dated_spans.get(day, ()):
                        costs["tests"] += max(0, min(end, ends) - max(start, begins)) * self._weight["tests"]
                    for begins, ends in self._layer_spans.get(day, ()) if isinstance(item, Meeting) else ():
                        shared = max(0, min(end, ends) - max(start, begins))
                        costs["busy"] += shared * BUSY_FACTOR * self._weight["busy"]
        on = tuple(
            Placement(number, bits, (bits & -bits).bit_length() - 1, bits.bit_length(), campuses[number])
            for number, bits in sorted(busy.items())
        )
        costs = {name: points for name, points in costs.items() if points}
        return Candidate(groups, items, on, costs, sum(costs.values()), clash)

    def _campus_bit(self, item: Weekly) -> int:
        name = full_campus_name(item.campus) if isinstance(item, Meeting) else ""
        return 1 << self._campuses.setdefault(name, len(self._campuses)) if name else 0

    def _pair_costs(
        self, variables: Sequence[Variable]
    ) -> tuple[
        dict[tuple[int, int], dict[tuple[int, int], int]],
        dict[tuple[int, int], dict[tuple[int, int], tuple[int, str]]],
    ]:
        clash: dict[tuple[int, int], dict[tuple[int, int], int]] = defaultdict(dict)
        pair = self._group_split_costs(variables)
        rush = TRAVEL_RUSH_MINUTES * self._weight["travel"] if len(self._campuses) > 1 else 0
        reach = max(TRAVEL_MINUTES.values())
        before: list[_CandidateOutline] = []
        for number, variable in enumerate(variables):
            sketches = [
                self._outlined((number, index), candidate) for index, candidate in enumerate(variable.candidates)
            ]
            for here, lessons, outline, campuses in sketches:
                # One operation rules out most pairs.
                for there, others, _, _ in [each for each in before if outline & each.outline]:
                    minutes = self._overlap(lessons, others)
                    if minutes:
                        clash[here][there] = clash[there][here] = minutes
                if not rush or not campuses:
                    continue
                # Pairs within one campus need no travel, and most pairs are such.
                elsewhere = [each for each in before if each.campuses and campuses | each.campuses not in _ONE_CAMPUS]
                wide = self._outline(variable.candidates[here[1]], reach) if elsewhere else 0
                for there, others, _, _ in [each for each in elsewhere if wide & each.outline]:
                    hurried = self._rushed_date_count(lessons, others) * rush
                    if hurried:
                        points = pair[here].get(there, (0, ""))[0] + hurried
                        pair[here][there] = pair[there][here] = points, "travel"
            before += sketches
        return clash, pair

    def _group_split_costs(
        self, variables: Sequence[Variable]
    ) -> dict[tuple[int, int], dict[tuple[int, int], tuple[int, str]]]:
        """The costs of lectures and tutorials of a module in different groups."""
        pair: dict[tuple[int, int], dict[tuple[int, int], tuple[int, str]]] = defaultdict(dict)
        split = GROUP_MINUTES * self._weight["same_group"]
        partners = list(_lecture_tutorial_pairs(variables)) if split else []
        lectures = Counter(other for _, other in partners)  # several if each lecture has a separate choice
        for variable, other in partners:
            for index, candidate in enumerate(variables[variable].candidates):
                for its_index, partner in enumerate(variables[other].candidates):
                    if group_number(candidate.groups[0]) != group_number(partner.groups[0]):
                        here, there = (variable, index), (other, its_index)
                        pair[here][there] = pair[there][here] = split // lectures[other], "same_group"
        return pair

    def _outlined(self, name: tuple[int, int], candidate: Candidate) -> _CandidateOutline:
        campuses = reduce(or_, [on.campuses for on in candidate.placements], 0)
        return _CandidateOutline(name, self._lessons(candidate.items), self._outline(candidate), campuses)

    def _lessons(self, items: Sequence[Weekly]) -> list[_Lesson]:
        lessons = []
        for item in items:
            campus = item.campus if isinstance(item, Meeting) else ""
            lessons.append((*_minutes_of(item), self._patterns[self._dates[item.id]], item.id, campus))
        return lessons

    @staticmethod
    def _outline(candidate: Candidate, reach: int = 0) -> int:
        """A bit set, over all types of day, of the ten-minute cells within `reach` minutes of a candidate."""
        bits = 0
        for item in candidate.items:
            start, end = _minutes_of(item)
            cells = (1 << min(144, -(-(end + reach) // 10))) - (1 << max(0, start - reach) // 10)
            for on in candidate.placements:
                if on.busy >> start & 1:
                    bits |= cells << on.day * 144
        return bits

    def _overlap(self, lessons: list[_Lesson], others: list[_Lesson]) -> int:
        """Clash minutes between two candidates over all dates, without accepted clashes."""
        total = 0
        for start, end, pattern, item, _ in lessons:
            for begins, ends, its_pattern, other, _ in others:
                if start < ends and begins < end:
                    common = self._common_date_count(pattern, its_pattern)
                    if common and not (self._accepted and clash_key(item, other) in self._accepted):
                        total += (min(end, ends) - max(start, begins)) * common
        return total

    def _common_date_count(self, pattern: int, other: int) -> int:
        """The number of dates that two date patterns have in common."""
        pair = pattern, other
        found = self._dates_shared.get(pair)
        if found is None:
            found = self._dates_shared[pair] = len(self._dates_of[pattern] & self._dates_of[other])
        return found

    def _rushed_date_count(self, lessons: list[_Lesson], others: list[_Lesson]) -> int:
        """The number of dates on which there is too little time between two candidates to change campus."""
        count = 0
        for start, end, pattern, _, campus in lessons:
            for begins, ends, its_pattern, _, other in others:
                if campus and other and campus != other:
                    common = self._common_date_count(pattern, its_pattern)
                    if common and 0 <= max(begins - end, start - ends) < minutes_between(campus, other):
                        count += common
        return count


def _minutes_of(item: Weekly) -> tuple[int, int]:
    if isinstance(item, Meeting):
        return minute_of_day(item.slot.start), minute_of_day(item.slot.end)
    return minute_of_day(item.start), minute_of_day(item.end)


def _lecture_tutorial_pairs(variables: Sequence[Variable]) -> Iterator[tuple[int, int]]:
    """Pairs of variable numbers: lectures and tutorials of each module that has both."""
    places = {variable.key: place for place, variable in enumerate(variables) if variable.key is not None}
    for key, place in places.items():
        if key.kind == "L" and (tutorials := replace(key, kind="T", activity="")) in places:
            yield place, places[tutorials]


def group_number(group: str) -> str:
    """The number of a group, without letters and leading zeros: `1` for G01 and T01."""
    return group.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").lstrip("0") or group
