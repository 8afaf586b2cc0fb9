"""Finds clashes: overlaps of occurrences, to the minute, and too little time to travel between campuses.

What counts as a clash:
- Only occurrences that are certainly attended clash. Candidates of an undecided choice do not, unless every candidate
  clashes with certain lectures or events. Then no candidate is free, and the clashes of all candidates are reported.
- Groups of the same choice never clash with each other.
- A test or an exam has priority over a lecture: the clash is reported, and the solution is to skip the lecture.
- Two items that clash on many dates are one clash with many dates.
- Events of layers clash with the timetable if they take time, but never with each other.
- Solutions are checked: the proposed group clashes with nothing that is attended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from desktop.domain.commands.choices import choice_text, choose_group, clash_key, skip_date
from desktop.domain.messages import DateText, Listing, Weekday, listed, msg, msg_plural
from desktop.domain.records.records import Act
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence, held_dates, occurrences
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.timetable.timetable import Item, Timetable, takes_time
from desktop.domain.timetable.travel import TRAVEL_MINUTES, minutes_between

_MAX_SKIPPED_DATES = 3  # dates that a solution may skip; a clash all term cannot be solved by skipping


class ClashKind(StrEnum):
    """How two items clash. TRAVEL is only a warning, since travel times are estimates."""

    OVERLAP = "overlap"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Solution:
    """A way to end a clash: attend another group, or skip the dates. `words` is its text on the button."""

    words: str
    choice: ChoiceKey | None = None
    group: str = ""
    item_id: str = ""
    skipped: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two items that cannot both be attended.

    `spans` are the overlaps, or, for TRAVEL, the times in between. `first` begins first. `winner` is the id of the test
    or exam that has priority over a lecture. `needed` is the estimated travel time in minutes. `undecided` is true if
    one item is a candidate of a choice that has no free candidate.
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
    def date_count(self) -> int:
        """The number of dates."""
        return len(self.spans)

    @property
    def minutes(self) -> int:
        """The total of the overlaps in minutes, over all dates (for TRAVEL: of the times in between)."""
        return sum(int((end - start).total_seconds()) // 60 for start, end in self.spans)

    @property
    def ids(self) -> tuple[str, str]:
        return self.first.id, self.second.id

    @property
    def words(self) -> str:
        """The clash as a sentence: items, time, duration and dates."""
        start, end = self.spans[0]
        often = msg_plural(self.date_count, "on {day}", "on {n} dates from {day}", day=DateText(start.date(), "d MMMM"))
        names = listed((self.first.label, self.second.label))
        if self.kind is ClashKind.TRAVEL:
            return msg(
                "{names} are on different campuses with {between} minutes between them, {often}; "
                "the way takes about {needed} minutes (an estimate).",
                names=names,
                between=int((end - start).total_seconds()) // 60,
                often=often,
                needed=self.needed,
            )
        return msg(
            "{names} are both held on {weekday} {start} to {end}, {often}.",
            names=names,
            weekday=Weekday(start.weekday()),
            start=start.time(),
            end=end.time(),
            often=often,
        )


class AlternativeGroups:
    """The groups of each choice that are not attended. Their dates are computed only when a clash needs solutions."""

    def __init__(self, timetable: Timetable, calendar: AcademicCalendar, first: date, last: date) -> None:
        self._calendar = calendar
        self._first, self._last = first, last
        self._dates: dict[tuple[str, int, bool], frozenset[date]] = {}
        self._groups: dict[ChoiceKey, dict[str, list[Meeting]]] = defaultdict(lambda: defaultdict(list))
        chosen = {key: choice.group for key, choice in timetable.choices.items() if choice.is_decided}
        for meeting in timetable.meetings:
            key = meeting.choice_key
            if chosen.get(key, meeting.group) != meeting.group and not timetable.is_hidden(meeting):
                self._groups[key][meeting.group].append(meeting)

    def groups(self, key: ChoiceKey) -> Iterator[tuple[str, list[tuple[Meeting, frozenset[date]]]]]:
        """Every other group of a choice, with its meetings and their dates. A group without dates is left out."""
        for group, meetings in sorted(self._groups.get(key, {}).items()):
            dated = [(meeting, self._dates_of(meeting)) for meeting in meetings]
            if any(dates for _, dates in dated):
                yield group, dated

    def _dates_of(self, meeting: Meeting) -> frozenset[date]:
        at = meeting.offered, meeting.slot.weekday, self._calendar.has_lectures_in_test_weeks(meeting.module)
        if at not in self._dates:
            held = (each.date for each in held_dates(meeting, self._calendar))
            self._dates[at] = frozenset(day for day in held if self._first <= day <= self._last)
        return self._dates[at] - meeting.skipped if meeting.skipped else self._dates[at]


def find_clashes(
    attended: Iterable[Occurrence],
    accepted: Collection[str] = (),
    travel_minutes: Mapping[frozenset[str], int] = TRAVEL_MINUTES,
    alternatives: AlternativeGroups | None = None,
) -> tuple[Clash, ...]:
    """All clashes among occurrences: those not accepted first, overlaps before travel, then by date.

    `accepted` contains clash keys (`choices.accepted_clashes`). `alternatives` are the groups not chosen, for the
    solutions. `clashes_of` computes all of these from a timetable.
    """
    busy = (each for each in attended if takes_time(each.item))
    everything = sorted(busy, key=lambda each: (each.start, each.end, each.item.id))
    certain = [each for each in everything if not each.undecided]
    solving = _SolutionFinder(certain, alternatives)
    clashes = [
        _make_clash(kind, pair, spans, accepted, solving.solutions(kind, pair, spans), travel_minutes)
        for (kind, _), (pair, spans) in _find_pairs(certain, travel_minutes).items()
    ]
    clashes += _find_candidate_clashes(
        [each for each in everything if each.undecided], certain, accepted, travel_minutes
    )
    return tuple(
        sorted(clashes, key=lambda each: (each.accepted, each.kind is ClashKind.TRAVEL, each.spans[0], each.key))
    )


def upcoming_clashes(clashes: Iterable[Clash], today: date) -> tuple[Clash, ...]:
    """The clashes with a date that is today or later."""
    return tuple(clash for clash in clashes if clash.dates[-1] >= today)


def clashes_of(
    timetable: Timetable,
    calendar: AcademicCalendar,
    accepted: Collection[str] = (),
    travel_minutes: Mapping[frozenset[str], int] = TRAVEL_MINUTES,
    attended: Iterable[Occurrence] | None = None,
) -> tuple[Clash, ...]:
    """All clashes of an academic year, with solutions. `attended` are its occurrences, if already computed."""
    first, last = date(timetable.year, 1, 1), date(timetable.year + 1, 1, 31)
    if attended is None:
        attended = occurrences(timetable, calendar, first, last)
    return find_clashes(attended, accepted, travel_minutes, AlternativeGroups(timetable, calendar, first, last))


def apply_solution(timetable: Timetable, solution: Solution) -> Act:
    """The act of a solution. Raises InvalidInput if it no longer fits the timetable."""
    if solution.choice is not None:
        return choose_group(timetable, solution.choice, solution.group)
    acts = [skip_date(timetable, solution.item_id, day) for day in solution.skipped]
    what = next((item.label for item in timetable.meetings if item.id == solution.item_id), solution.item_id)
    title = msg("Skipped {what} on {days}", what=what, days=_dates_text(solution.skipped))
    return Act(title, tuple(change for act in acts for change in act.changes))


def _dates_text(days: Iterable[date]) -> Listing:
    return listed((DateText(day, "d MMMM") for day in days), "")


_Pair = tuple[Item, Item]
_Spans = list[tuple[datetime, datetime]]
_Dated = Sequence[tuple[Meeting, frozenset[date]]]


def _find_pairs(
    ordered: list[Occurrence], travel: Mapping[frozenset[str], int]
) -> dict[tuple[ClashKind, str], tuple[_Pair, _Spans]]:
    """Find clashing pairs by a sweep over time: each start against the occurrences that are live or just ended."""
    reach = timedelta(minutes=max(travel.values(), default=0))
    found: dict[tuple[ClashKind, str], tuple[_Pair, _Spans]] = {}
    live: list[Occurrence] = []
    for now in ordered:
        live = [each for each in live if each.end + reach > now.start]
        for before in live:
            if before.item.id == now.item.id or _are_alternatives(before.item, now.item):
                continue
            if isinstance(before.item, LayerEvent) and isinstance(now.item, LayerEvent):
                continue  # the timetable cannot settle overlaps between layers
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
    return one.module == other.module and one.group != other.group and one.choice_key == other.choice_key


def _campus(item: Item) -> str:
    return "" if isinstance(item, OwnEvent) else item.campus


def _is_too_far(before: Occurrence, now: Occurrence, travel: Mapping[frozenset[str], int]) -> bool:
    here, there = _campus(before.item), _campus(now.item)
    return here != there and now.start - before.end < timedelta(minutes=minutes_between(here, there, travel))


def _make_clash(
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
    sat = [item.id for item in pair if isinstance(item, Assessment)]
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


class _SolutionFinder:
    """Finds solutions of clashes. Weekly classes are compared by sets of dates, instead of date by date."""

    def __init__(self, certain: Iterable[Occurrence], alternatives: AlternativeGroups | None) -> None:
        self._certain = certain
        self._alternatives = alternatives
        self._attended: list[tuple[Item, time, time, set[date]]] = []
        self._attended_by_dates: dict[frozenset[date], list[tuple[Item, time, time]]] = {}
        self._free_groups_cache: dict[ChoiceKey, tuple[str, ...]] = {}

    def solutions(self, kind: ClashKind, pair: _Pair, spans: _Spans) -> tuple[Solution, ...]:
        lectures = [item for item in pair if isinstance(item, Meeting)]
        found = [
            Solution(
                msg("Choose {group} for {choice}", group=group, choice=choice_text(item.choice_key)),
                item.choice_key,
                group,
            )
            for item in lectures
            for group in self._free_groups(item.choice_key)
            if group != item.group
        ]
        if kind is ClashKind.OVERLAP and len(lectures) == 1:
            days = tuple(dict.fromkeys(start.date() for start, _ in spans))
            if len(days) <= _MAX_SKIPPED_DATES:
                words = msg("Skip {what} on {days}", what=lectures[0].label, days=_dates_text(days))
                found.append(Solution(words, item_id=lectures[0].id, skipped=days))
        return tuple(found)

    def _free_groups(self, key: ChoiceKey) -> tuple[str, ...]:
        """The other groups of a choice that clash with nothing that is attended."""
        if self._alternatives is None:
            return ()
        if key not in self._free_groups_cache:
            groups = self._alternatives.groups(key)
            self._free_groups_cache[key] = tuple(group for group, dated in groups if self._is_free(dated))
        return self._free_groups_cache[key]

    def _is_free(self, dated: _Dated) -> bool:
        for meeting, dates in dated:
            start, end = meeting.slot.start, meeting.slot.end
            for item, begins, ends in self._attended_on(dates):
                # It would replace the attended group of the same choice.
                if ends > start and end > begins and not _are_alternatives(item, meeting):
                    return False
        return True

    def _attended_on(self, dates: frozenset[date]) -> list[tuple[Item, time, time]]:
        """What is attended on any of these dates, with its start and end."""
        if dates not in self._attended_by_dates:
            if not self._attended:
                self._collect_attended()
            self._attended_by_dates[dates] = [
                (item, begins, ends) for item, begins, ends, its in self._attended if not its.isdisjoint(dates)
            ]
        return self._attended_by_dates[dates]

    def _collect_attended(self) -> None:
        """Collect the dates of each attended item. An item has the same start and end on all its dates."""
        known: dict[str, set[date]] = {}
        for each in self._certain:
            dates = known.get(each.item.id)
            if dates is None:
                dates = known[each.item.id] = set()
                self._attended.append((each.item, each.start.time(), each.end.time(), dates))
            dates.add(each.start.date())


def _find_candidate_clashes(
    undecided: Iterable[Occurrence],
    certain: Iterable[Occurrence],
    accepted: Collection[str],
    travel: Mapping[frozenset[str], int],
) -> Iterator[Clash]:
    """The clashes of candidates, for each choice of which every candidate clashes."""
    choices: dict[ChoiceKey, dict[str, list[Occurrence]]] = defaultdict(lambda: defaultdict(list))
    for each in undecided:
        if isinstance(each.item, Meeting):
            choices[each.item.choice_key][each.item.group].append(each)
    if not choices:
        return
    by_date: dict[date, list[Occurrence]] = defaultdict(list)
    for each in certain:
        if not isinstance(each.item, Assessment):
            by_date[each.date].append(each)
    for _, candidates in sorted(choices.items()):
        met: dict[str, tuple[_Pair, _Spans]] = {}
        stuck = 0
        for _, others in sorted(candidates.items()):
            before = len(met)
            for candidate in others:
                for each in by_date.get(candidate.date, ()):
                    if each.end <= candidate.start or candidate.end <= each.start:
                        continue
                    span = max(each.start, candidate.start), min(each.end, candidate.end)
                    pair: _Pair = (
                        (each.item, candidate.item) if each.start <= candidate.start else (candidate.item, each.item)
                    )
                    met.setdefault(clash_key(each.item.id, candidate.item.id), (pair, []))[1].append(span)
            stuck += len(met) > before
        if stuck == len(candidates):
            for pair, spans in met.values():
                yield _make_clash(ClashKind.OVERLAP, pair, sorted(spans), accepted, (), travel, undecided=True)
