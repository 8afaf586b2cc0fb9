"""A timetable's ordinary weeks, posed as a puzzle for the planner.

Hides which groups are alike, which dates are one kind of day, and what every option costs by itself and with another.
Two groups held at the same times and places are one option; two dates on which exactly the same can be held are one
kind of day. Most pairs of options are told apart by a single operation on coarse outlines of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, time

from desktop.domain.choices import clash_key
from desktop.domain.occurrences import held_on
from desktop.domain.preferences import (
    CAMPUS_MINUTES,
    DAY_MINUTES,
    GROUP_MINUTES,
    KEPT_DAY_MINUTES,
    LUNCH_MINUTES,
    RUSH_MINUTES,
    Preferences,
)
from desktop.domain.puzzle import Day, OnDay, Option, Part, Puzzle, Weekly
from desktop.domain.terms import AcademicCalendar
from desktop.domain.timetable import ChoiceKey, Meeting, Sitting, Timetable
from desktop.domain.travel import ESTIMATES, campus_named, minutes_between

_FRIDAY = 4


def minute(value: time) -> int:
    """The minute of the day."""
    return value.hour * 60 + value.minute


def puzzle_of(
    timetable: Timetable,
    calendar: AcademicCalendar,
    preferences: Preferences,
    pins: Mapping[ChoiceKey, str],
    accepted: frozenset[str],
) -> Puzzle:
    """The problem of a timetable: every choice that is not hidden, kept to its pin where it has one."""
    return _Building(timetable, calendar, preferences, pins, accepted).puzzle()


class _Building:
    def __init__(
        self,
        timetable: Timetable,
        calendar: AcademicCalendar,
        preferences: Preferences,
        pins: Mapping[ChoiceKey, str],
        accepted: frozenset[str],
    ) -> None:
        self._timetable = timetable
        self._wish = preferences
        self._accepted = accepted
        self._candidates: dict[ChoiceKey, dict[str, list[Meeting]]] = defaultdict(lambda: defaultdict(list))
        for meeting in timetable.meetings:
            if not timetable.is_hidden(meeting):
                self._candidates[meeting.choice][meeting.group].append(meeting)
        for key, groups in self._candidates.items():
            choice = timetable.choices.get(key)
            kept = pins.get(key) or (choice.group if choice is not None and choice.pinned else None)
            if kept in groups:
                self._candidates[key] = {kept: groups[kept]}
        self._events = [event for event in timetable.events if event.weekday is not None]
        weekly: list[Weekly] = [
            meeting for groups in self._candidates.values() for group in groups.values() for meeting in group
        ]
        weekly += self._events
        self._dates: dict[str, frozenset[date]] = {}
        self._dates_shared: dict[tuple[frozenset[date], frozenset[date]], int] = {}
        memo: dict[tuple[str, int], frozenset[date]] = {}
        for item in weekly:
            if isinstance(item, Meeting):
                at = item.offered, item.slot.weekday
                if at not in memo:
                    memo[at] = frozenset(held.date for held in held_on(item, calendar))
                self._dates[item.id] = memo[at]
            else:
                self._dates[item.id] = frozenset(held.date for held in held_on(item, calendar))
        self._kinds_of_days(weekly)
        self._campuses: dict[str, int] = {}

    def _kinds_of_days(self, weekly: list[Weekly]) -> None:
        """Dates on which exactly the same can be held are one kind."""
        patterns: dict[frozenset[date], int] = {}
        for item in weekly:
            patterns.setdefault(self._dates[item.id], len(patterns))
        held: dict[date, int] = defaultdict(int)
        for dates, number in patterns.items():
            for day in dates:
                held[day] |= 1 << number
        kinds: dict[tuple[int, int], list[date]] = defaultdict(list)
        for day in sorted(held):
            kinds[held[day], day.weekday()].append(day)
        self._kinds = list(kinds.items())
        self._kinds_of = {
            dates: [place for place, ((bits, _), _) in enumerate(self._kinds) if bits >> number & 1]
            for dates, number in patterns.items()
        }
        self._sat: dict[date, list[tuple[int, int]]] = defaultdict(list)
        for dated in self._timetable.items():
            if self._timetable.is_hidden(dated) or isinstance(dated, Meeting):
                continue
            on = dated.date if isinstance(dated, Sitting) else dated.on
            if on is not None:
                self._sat[on].append((minute(dated.start), minute(dated.end)))

    def puzzle(self) -> Puzzle:
        wish = self._wish
        days = []
        for (_, weekday), dates in self._kinds:
            kept = weekday in wish.keep_free and wish.much("keep_free") > 0
            used = KEPT_DAY_MINUTES * wish.much("keep_free") if kept else DAY_MINUTES * wish.much("free_days")
            days.append(Day(weekday, len(dates), used * len(dates), kept))
        parts = [
            Part(key, None, self._options({group: list(meetings) for group, meetings in sorted(groups.items())}, key))
            for key, groups in sorted(self._candidates.items())
        ]
        parts += [Part(None, event, self._options({"": [event]}, None)) for event in self._events]
        clash, pair = self._between(parts)
        lunch = minute(wish.lunch_from), minute(wish.lunch_to), wish.lunch_minutes
        return Puzzle(
            tuple(parts),
            tuple(days),
            clash,
            pair,
            wish.much("few_gaps"),
            LUNCH_MINUTES * wish.much("lunch"),
            lunch,
            CAMPUS_MINUTES * wish.much("travel"),
        )

    def _options(self, groups: Mapping[str, Sequence[Weekly]], key: ChoiceKey | None) -> tuple[Option, ...]:
        """The options of a part. Groups held at the same times and places are one option."""
        alike: dict[object, list[str]] = defaultdict(list)
        items_of: dict[object, tuple[Weekly, ...]] = {}
        partnered = self._wish.much("same_group") and key is not None and key.kind in ("L", "T")
        for group, items in groups.items():
            traits = frozenset((self._dates[item.id], *_hours(item), self._campus_bit(item)) for item in items)
            # Accepted clashes and skipped dates tell groups apart that would be alike.
            told = tuple(sorted(item.id for item in items)) if any(self._is_told(item) for item in items) else ()
            place = traits, len(items), told, group_number(group) if partnered else None
            alike[place].append(group)
            items_of.setdefault(place, tuple(items))
        return tuple(self._option(tuple(names), items_of[place]) for place, names in alike.items())

    def _is_told(self, item: Weekly) -> bool:
        return any(item.id in key.split("|") for key in self._accepted)

    def _option(self, groups: tuple[str, ...], items: tuple[Weekly, ...]) -> Option:
        wish = self._wish
        busy: dict[int, int] = defaultdict(int)
        campuses: dict[int, int] = defaultdict(int)
        costs: dict[str, int] = defaultdict(int)
        spent = 0
        clash = sum(self._shared(one, other) for place, one in enumerate(items) for other in items[:place])
        for item in items:
            start, end = _hours(item)
            bits = (1 << end) - (1 << start)
            dates = len(self._dates[item.id])
            spent += dates * (end - start)
            if isinstance(item, Meeting):  # an own event is where the student put it
                if wish.not_before is not None:
                    early = max(0, min(end, minute(wish.not_before)) - start)
                    costs["not_before"] += early * dates * wish.much("not_before")
                if wish.not_after is not None:
                    late = max(0, end - max(start, minute(wish.not_after)))
                    costs["not_after"] += late * dates * wish.much("not_after")
            for number in self._kinds_of[self._dates[item.id]]:
                (_, weekday), its_dates = self._kinds[number]
                busy[number] |= bits
                campuses[number] |= self._campus_bit(item)
                if isinstance(item, Meeting) and weekday == _FRIDAY and wish.early_friday is not None:
                    late = max(0, end - max(start, minute(wish.early_friday)))
                    costs["early_friday"] += late * len(its_dates) * wish.much("early_friday")
                for day in its_dates:
                    for begins, ends in self._sat.get(day, ()):
                        costs["tests"] += max(0, min(end, ends) - max(start, begins)) * wish.much("tests")
        on = tuple(
            OnDay(number, bits, (bits & -bits).bit_length() - 1, bits.bit_length(), campuses[number])
            for number, bits in sorted(busy.items())
        )
        costs = {name: points for name, points in costs.items() if points}
        return Option(groups, items, on, costs, sum(costs.values()), spent * wish.much("few_gaps"), clash)

    def _campus_bit(self, item: Weekly) -> int:
        name = campus_named(item.campus) if isinstance(item, Meeting) else ""
        return 1 << self._campuses.setdefault(name, len(self._campuses)) if name else 0

    def _between(
        self, parts: Sequence[Part]
    ) -> tuple[
        dict[tuple[int, int], dict[tuple[int, int], int]],
        dict[tuple[int, int], dict[tuple[int, int], tuple[int, str]]],
    ]:
        clash: dict[tuple[int, int], dict[tuple[int, int], int]] = defaultdict(dict)
        pair: dict[tuple[int, int], dict[tuple[int, int], tuple[int, str]]] = defaultdict(dict)
        split = GROUP_MINUTES * self._wish.much("same_group")
        rush = RUSH_MINUTES * self._wish.much("travel") if len(self._campuses) > 1 else 0
        reach = max(ESTIMATES.values()) if rush else 0
        outlines = [[self._outline(option) for option in part.options] for part in parts]
        # What lies within reach is looked at closely; most pairs are told apart by one operation.
        wide = [[self._outline(option, reach) for option in part.options] for part in parts] if reach else outlines
        for part, each in enumerate(parts):
            for other, its in enumerate(parts[:part]):
                partnered = split and _are_partners(each.key, its.key)
                for index, option in enumerate(each.options):
                    for other_index, outline in enumerate(outlines[other]):
                        if not partnered and not wide[part][index] & outline:
                            continue
                        partner = its.options[other_index]
                        here, there = (part, index), (other, other_index)
                        minutes = self._overlap(option, partner) if outlines[part][index] & outline else 0
                        if minutes:
                            clash[here][there] = clash[there][here] = minutes
                        points, name = 0, ""
                        if partnered and group_number(option.groups[0]) != group_number(partner.groups[0]):
                            points, name = split, "same_group"
                        hurried = self._rushes(option, partner) * rush if rush else 0
                        if hurried:
                            points, name = points + hurried, "travel"
                        if points:
                            pair[here][there] = pair[there][here] = points, name
        return clash, pair

    @staticmethod
    def _outline(option: Option, reach: int = 0) -> int:
        """Where an option is, with `reach` minutes around: cells of ten minutes, all kinds of days in one number."""
        bits = 0
        for item in option.items:
            start, end = _hours(item)
            cells = (1 << min(144, -(-(end + reach) // 10))) - (1 << max(0, start - reach) // 10)
            for on in option.days:
                if on.busy >> start & 1:
                    bits |= cells << on.day * 144
        return bits

    def _overlap(self, option: Option, partner: Option) -> int:
        """Minutes of clashes between the items of two options over all dates, but for those the student accepted."""
        return sum(self._shared(one, other) for one in option.items for other in partner.items)

    def _shared(self, one: Weekly, other: Weekly) -> int:
        (start, end), (begins, ends) = _hours(one), _hours(other)
        minutes = min(end, ends) - max(start, begins)
        if minutes <= 0 or (self._accepted and clash_key(one.id, other.id) in self._accepted):
            return 0
        return minutes * self._common(one, other)

    def _common(self, one: Weekly, other: Weekly) -> int:
        """On how many dates both are held."""
        pair = self._dates[one.id], self._dates[other.id]
        if pair not in self._dates_shared:
            self._dates_shared[pair] = len(pair[0] & pair[1])
        return self._dates_shared[pair]

    def _rushes(self, option: Option, partner: Option) -> int:
        """On how many dates one has to hurry from one campus to another between the two."""
        count = 0
        for one in option.items:
            for other in partner.items:
                if not isinstance(one, Meeting) or not isinstance(other, Meeting) or one.campus == other.campus:
                    continue
                (start, end), (begins, ends) = _hours(one), _hours(other)
                between = max(begins - end, start - ends)
                if 0 <= between < minutes_between(one.campus, other.campus):
                    count += self._common(one, other)
        return count


def _hours(item: Weekly) -> tuple[int, int]:
    if isinstance(item, Meeting):
        return minute(item.slot.start), minute(item.slot.end)
    return minute(item.start), minute(item.end)


def _are_partners(key: ChoiceKey | None, other: ChoiceKey | None) -> bool:
    """Whether these are the lectures and the tutorials of one module."""
    if key is None or other is None or {key.kind, other.kind} != {"L", "T"}:
        return False
    return (key.module, key.offered) == (other.module, other.offered)


def group_number(group: str) -> str:
    """What G01 and T01 have in common."""
    return group.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").lstrip("0") or group
