"""What cannot both be attended: overlaps of dated occurrences, to the minute, and too little time between campuses.

Hides the sweep over a year and what a clash means to a student:
- Only what is attended for certain clashes. While a group is not chosen, its candidates clash with nothing, unless
  every one of them clashes with lectures or events that are certain: then no choice is free, and all of them say so.
- Groups among which one is chosen never clash with each other.
- A test or an exam wins over a lecture: the clash is told, and the lecture is what to skip that day.
- Two things that clash on many dates are one clash with many dates.
- What is offered as a solution has been tried: the other group meets nothing at all that is attended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from desktop.domain.choices import choose, clash_key, described, skip
from desktop.domain.draft import WEEKDAYS
from desktop.domain.records import Act
from desktop.domain.terms import AcademicCalendar, held_on, is_skipped, occurrence_on, occurrences
from desktop.domain.timetable import ChoiceKey, Item, Meeting, Occurrence, OwnEvent, Sitting, Timetable
from desktop.domain.travel import ESTIMATES, minutes_between

_FEW = 3  # dates that can be skipped one by one; a clash all term is no matter of skipping


class ClashKind(StrEnum):
    """How two things clash. Travel is a warning: its minutes are estimates."""

    OVERLAP = "overlap"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Solution:
    """One click that would end a clash: attend another group, or skip the dates. `words` says which."""

    words: str
    choice: ChoiceKey | None = None
    group: str = ""
    item_id: str = ""
    skipped: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things that cannot both be attended. `spans` are the minutes shared, or, in travel, the time between.

    `first` begins first. `winner` is the id of the test or exam that goes before a lecture. `needed` is the estimate
    of the minutes between the campuses. `undecided` says that one side is a candidate, and no candidate is free.
    """

    key: str
    kind: ClashKind
    first: Item
    second: Item
    spans: tuple[tuple[datetime, datetime], ...]
    accepted: bool = False
    undecided: bool = False
    winner: str = ""
    needed: int = 0
    solutions: tuple[Solution, ...] = ()

    @property
    def dates(self) -> tuple[date, ...]:
        return tuple(start.date() for start, _ in self.spans)

    @property
    def times(self) -> int:
        """On how many dates."""
        return len(self.spans)

    @property
    def minutes(self) -> int:
        """All minutes shared, over all dates (in travel: all minutes between)."""
        return sum(int((end - start).total_seconds()) // 60 for start, end in self.spans)

    @property
    def ids(self) -> tuple[str, str]:
        return self.first.id, self.second.id

    @property
    def words(self) -> str:
        """The clash in a sentence: what, when, how long, how often."""
        start, end = self.spans[0]
        when = f"{WEEKDAYS[start.weekday()]} {start:%H:%M} to {end:%H:%M}"
        often = (
            f"on {start.day} {start:%B}" if self.times == 1 else f"on {self.times} dates from {start.day} {start:%B}"
        )
        names = f"{_name(self.first)} and {_name(self.second)}"
        if self.kind is ClashKind.TRAVEL:
            between = int((end - start).total_seconds()) // 60
            return (
                f"{names} are on different campuses with {between} minutes between them, {often}; "
                f"the way takes about {self.needed} minutes (an estimate)."
            )
        return f"{names} are both held on {when}, {often}."


def find_clashes(
    attended: Iterable[Occurrence],
    accepted: Collection[str] = (),
    travel_minutes: Mapping[frozenset[str], int] = ESTIMATES,
    alternatives: Iterable[Occurrence] = (),
) -> tuple[Clash, ...]:
    """All clashes among occurrences, those not accepted first, overlaps before travel, then by date.

    `accepted` holds keys (`choices.accepted_clashes`); `alternatives` are occurrences of groups not chosen, from which
    solutions are drawn. `clashes_of` gathers all of it from a timetable.
    """
    everything = sorted(attended, key=lambda each: (each.start, each.end, each.item.id))
    certain = [each for each in everything if not each.undecided]
    groups = _groups([*(each for each in everything if each.undecided), *alternatives])
    found = _paired(certain, travel_minutes)
    busy = _Busy(certain)
    clashes = [
        _clash(kind, pair, spans, accepted, _solutions(kind, pair, spans, groups, busy), travel_minutes)
        for (kind, _), (pair, spans) in found.items()
    ]
    clashes += _blocked(everything, groups, busy, accepted, travel_minutes)
    return tuple(
        sorted(clashes, key=lambda each: (each.accepted, each.kind is ClashKind.TRAVEL, each.spans[0], each.key))
    )


def clashes_of(
    timetable: Timetable,
    calendar: AcademicCalendar,
    accepted: Collection[str] = (),
    travel_minutes: Mapping[frozenset[str], int] = ESTIMATES,
    attended: Iterable[Occurrence] | None = None,
) -> tuple[Clash, ...]:
    """All clashes of a whole academic year, with what would solve them; `attended` are its occurrences, if known."""
    first, last = date(timetable.year, 1, 1), date(timetable.year + 1, 1, 31)
    others = [
        occurrence_on(meeting, held)
        for meeting in timetable.meetings
        if not timetable.is_hidden(meeting)
        and not timetable.is_attended(meeting)
        and not timetable.is_undecided(meeting)
        for held in held_on(meeting, calendar)
        if first <= held.date <= last and not is_skipped(meeting, held.date)
    ]
    if attended is None:
        attended = occurrences(timetable, calendar, first, last)
    return find_clashes(attended, accepted, travel_minutes, others)


def solve(timetable: Timetable, solution: Solution) -> Act:
    """The act of a solution. Raises InvalidInput where the timetable has changed since it was found."""
    if solution.choice is not None:
        return choose(timetable, solution.choice, solution.group)
    acts = [skip(timetable, solution.item_id, day) for day in solution.skipped]
    return Act(solution.words.replace("Skip", "Skipped", 1), tuple(change for act in acts for change in act.changes))


_Pair = tuple[Item, Item]
_Spans = list[tuple[datetime, datetime]]
_Groups = Mapping[tuple[ChoiceKey, str], list[Occurrence]]


def _paired(
    ordered: list[Occurrence], travel: Mapping[frozenset[str], int]
) -> dict[tuple[ClashKind, str], tuple[_Pair, _Spans]]:
    """A sweep in order of time: what is still going on, or was elsewhere a moment ago, meets what begins."""
    reach = timedelta(minutes=max(travel.values(), default=0))
    found: dict[tuple[ClashKind, str], tuple[_Pair, _Spans]] = {}
    live: list[Occurrence] = []
    for now in ordered:
        live = [each for each in live if each.end + reach > now.start]
        for before in live:
            if before.item.id == now.item.id or _are_alternatives(before.item, now.item):
                continue
            if before.end > now.start:
                kind, span = ClashKind.OVERLAP, (now.start, min(before.end, now.end))
            elif before.date == now.date and _is_too_far(before, now, travel):
                kind, span = ClashKind.TRAVEL, (before.end, now.start)
            else:
                continue
            key = kind, clash_key(before.item.id, now.item.id)
            found.setdefault(key, ((before.item, now.item), []))[1].append(span)
        live.append(now)
    return found


def _are_alternatives(one: Item, other: Item) -> bool:
    if not isinstance(one, Meeting) or not isinstance(other, Meeting):
        return False
    return one.module == other.module and one.choice == other.choice and one.group != other.group


def _campus(item: Item) -> str:
    return "" if isinstance(item, OwnEvent) else item.campus


def _is_too_far(before: Occurrence, now: Occurrence, travel: Mapping[frozenset[str], int]) -> bool:
    here, there = _campus(before.item), _campus(now.item)
    if not here or not there or here == there:
        return False
    return (now.start - before.end) < timedelta(minutes=minutes_between(here, there, travel))


def _clash(
    kind: ClashKind,
    pair: _Pair,
    spans: _Spans,
    accepted: Collection[str],
    solutions: tuple[Solution, ...],
    travel: Mapping[frozenset[str], int],
    *,
    undecided: bool = False,
) -> Clash:
    first, second = pair
    key = clash_key(first.id, second.id)
    sat = [item.id for item in pair if isinstance(item, Sitting)]
    return Clash(
        key=key,
        kind=kind,
        first=first,
        second=second,
        spans=tuple(spans),
        accepted=key in accepted,
        undecided=undecided,
        winner=sat[0] if len(sat) == 1 else "",
        needed=minutes_between(_campus(first), _campus(second), travel) if kind is ClashKind.TRAVEL else 0,
        solutions=solutions,
    )


def _groups(others: Iterable[Occurrence]) -> dict[tuple[ChoiceKey, str], list[Occurrence]]:
    groups: dict[tuple[ChoiceKey, str], list[Occurrence]] = defaultdict(list)
    for each in others:
        if isinstance(each.item, Meeting):
            groups[each.item.choice, each.item.group].append(each)
    return dict(sorted(groups.items()))


class _Busy:
    """What is attended for certain, found by date."""

    def __init__(self, certain: Iterable[Occurrence]) -> None:
        self._by_date: dict[date, list[Occurrence]] = defaultdict(list)
        for each in certain:
            self._by_date[each.date].append(each)

    def met(self, candidate: Occurrence) -> Iterator[Occurrence]:
        """What overlaps a candidate, but for the group it would take the place of."""
        for each in self._by_date.get(candidate.date, ()):
            overlap = each.end > candidate.start and candidate.end > each.start
            if overlap and not _are_alternatives(each.item, candidate.item):
                yield each

    def is_free(self, group: Iterable[Occurrence]) -> bool:
        return not any(True for candidate in group for _ in self.met(candidate))


def _solutions(kind: ClashKind, pair: _Pair, spans: _Spans, groups: _Groups, busy: _Busy) -> tuple[Solution, ...]:
    found = []
    for item in pair:
        if not isinstance(item, Meeting):
            continue
        wanted = item.choice
        for (key, group), others in groups.items():
            if key == wanted and group != item.group and busy.is_free(others):
                found.append(Solution(f"Choose {group} for {described(key)}", key, group))
    lectures = [item for item in pair if isinstance(item, Meeting)]
    days = tuple(dict.fromkeys(start.date() for start, _ in spans))
    if kind is ClashKind.OVERLAP and len(lectures) == 1 and len(days) <= _FEW:
        when = ", ".join(f"{day.day} {day:%B}" for day in days)
        found.append(Solution(f"Skip {lectures[0].label} on {when}", item_id=lectures[0].id, skipped=days))
    return tuple(found)


def _blocked(
    everything: Iterable[Occurrence],
    groups: _Groups,
    busy: _Busy,
    accepted: Collection[str],
    travel: Mapping[frozenset[str], int],
) -> Iterator[Clash]:
    """The clashes of candidates, where a choice has no candidate that is free week by week."""
    open_choices = {each.item.choice for each in everything if each.undecided and isinstance(each.item, Meeting)}
    for key in sorted(open_choices):
        met: dict[str, tuple[_Pair, _Spans]] = {}
        candidates = [(group, others) for (choice, group), others in groups.items() if choice == key]
        stuck = 0
        for _, others in candidates:
            before = sum(len(spans) for _, spans in met.values())
            for candidate in others:
                for each in busy.met(candidate):
                    if isinstance(each.item, Sitting):
                        continue
                    span = max(each.start, candidate.start), min(each.end, candidate.end)
                    pair: _Pair = (
                        (each.item, candidate.item) if each.start <= candidate.start else (candidate.item, each.item)
                    )
                    met.setdefault(clash_key(each.item.id, candidate.item.id), (pair, []))[1].append(span)
            stuck += sum(len(spans) for _, spans in met.values()) > before
        if stuck == len(candidates):
            for pair, spans in met.values():
                yield _clash(ClashKind.OVERLAP, pair, sorted(spans), accepted, (), travel, undecided=True)


def _name(item: Item) -> str:
    return item.title if isinstance(item, OwnEvent) else item.label
