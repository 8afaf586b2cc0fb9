"""The five best ways to choose groups, each with its reasons, or why no way is free of clashes.

The planner looks at ordinary weeks: weekly meetings and weekly own events on every date they are held, so S1 never
meets S2. Such a clash is what a plan avoids first. Tests, exams and dated events win over lectures wherever they fall;
the minutes they take from a group count against it as one more inconvenience. Clashes that the student accepted, or
that are there whatever is chosen, do not count. Groups held at the same times and places are one answer.

Where no plan is free of clashes, the plans with the fewest minutes of them are given, and a minimal set of choices that
cannot be had together: leave out any one of them, and the others can be. Parts of the year that have nothing to do
with each other are planned each for itself, so a semester that works out is free of clashes whatever the other does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from desktop.domain.choices import choose_all, described
from desktop.domain.component import Answer, OutOfTime, Watch
from desktop.domain.core import minimal_core
from desktop.domain.framing import puzzle_of
from desktop.domain.plan_words import reasons, shared, tradeoffs
from desktop.domain.preferences import Preferences
from desktop.domain.puzzle import Option, Puzzle
from desktop.domain.records import Act
from desktop.domain.search import best_answers
from desktop.domain.terms import AcademicCalendar
from desktop.domain.timetable import ChoiceKey, OwnEvent, Timetable
from desktop.domain.wording import Phrase, listed, said, said_many

PLANS = 5
CORE_STATES = 10_000  # of the search for what cannot be had together, that are taken at any rate


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to choose. `groups` holds every choice that was open; `alike` other groups that do as well.

    `points` are minutes of inconvenience over the year, `costs` the same by preference; `clash_minutes` are those that
    could not be avoided. `free_days` are weekdays, Monday to Friday, with nothing on them all year, `hours` the
    earliest start and the latest end on any day, `between` the minutes between classes in a week, on average.
    """

    groups: Mapping[ChoiceKey, str]
    alike: Mapping[ChoiceKey, tuple[str, ...]]
    clash_minutes: int
    points: int
    costs: Mapping[str, int]
    changes: int  # choices that stand otherwise today
    free_days: tuple[int, ...]
    hours: tuple[time, time] | None = None
    between: int = 0
    reasons: tuple[Phrase, ...] = ()
    tradeoffs: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Core:
    """Choices, and own events, that cannot be had together, though all but any one of them can."""

    choices: tuple[ChoiceKey, ...]
    events: tuple[OwnEvent, ...]

    @property
    def words(self) -> Phrase:
        names = [described(key) for key in self.choices] + [event.title for event in self.events]
        if len(names) == 1:
            return said("Every group of {what} clashes with itself.", what=names[0])
        return said("{parts} cannot be had together: every way to choose them clashes.", parts=listed(names))


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The best plans, best first. `proven` says that there is none better; `core` is there where none is free.

    `shared` is what all of them keep whole, and none says again among its reasons.
    """

    plans: tuple[Plan, ...]
    feasible: bool
    proven: bool
    core: Core | None = None
    states: int = 0
    shared: tuple[Phrase, ...] = ()

    @property
    def answer(self) -> tuple[Phrase, ...]:
        """What kind of answer this is, in a few sentences; why nothing is free of clashes is `core`'s to say."""
        if not self.plans:
            if self.proven:
                return (said("There is nothing to choose."),)
            return (said("The time was over before a plan was found."),)
        if self.feasible:
            first = said("These plans are free of clashes.")
        elif self.core is not None or self.proven:
            first = said("No plan is free of clashes.")
        else:
            first = said("No plan free of clashes was found.")
        alike = (said("Each of them {what}.", what=listed(self.shared)),) if self.shared else ()
        return (first, *alike, *(() if self.proven else (said("The time was over: there may be better ones."),)))


def plan(
    timetable: Timetable,
    calendar: AcademicCalendar,
    preferences: Preferences,
    pins: Mapping[ChoiceKey, str] | None = None,
    cancelled: Callable[[], bool] = _never,
    out_of_time: Callable[[], bool] = _never,
    accepted: frozenset[str] = frozenset(),
    count: int = PLANS,
) -> PlanResult:
    """The `count` best plans. Choices pinned in the timetable stay; `pins` keeps further groups.

    `cancelled` and `out_of_time` are asked now and then: the first ends it all with Cancelled, the second ends the
    search with what was found, not proven best. `accepted` are the keys of clashes the student lives with.
    """
    puzzle = puzzle_of(timetable, calendar, preferences, pins or {}, accepted)
    if not any(len(part.options) > 1 or len(part.options[0].groups) > 1 for part in puzzle.parts if part.key):
        return PlanResult((), feasible=True, proven=True)
    watch = Watch(cancelled, out_of_time)
    answers = best_answers(puzzle, count, watch)
    feasible = bool(answers.best) and answers.best[0].clash == 0
    proven = answers.proven
    core, states = None, watch.states
    if not feasible:
        # Why nothing fits is mostly seen at once, so it is looked for though the time is over; but not for long.
        last = Watch(cancelled, lambda: last.states > CORE_STATES and out_of_time())
        try:
            numbers = minimal_core(puzzle, last)
        except OutOfTime:
            proven, numbers = False, ()
        core, states = _core(puzzle, numbers), states + last.states
    plans = [_plan(timetable, puzzle, answer) for answer in answers.best]
    beside = puzzle.beside_the_point
    alike = shared(plans, preferences, beside)
    told = tuple(_with_words(each, plans, preferences, alike, beside) for each in plans)
    return PlanResult(told, feasible, proven, core, states, alike)


def apply(timetable: Timetable, chosen: Plan) -> Act:
    """The act that makes a plan the student's own."""
    changed = [key for key, group in chosen.groups.items() if timetable.choices[key].group != group]
    groups = {key: chosen.groups[key] for key in changed}
    return choose_all(
        timetable, groups, said_many(len(groups), "Applied a plan: {n} group", "Applied a plan: {n} groups")
    )


def _core(puzzle: Puzzle, numbers: Sequence[int]) -> Core | None:
    if not numbers:
        return None
    parts = [puzzle.parts[number] for number in numbers]
    return Core(
        tuple(part.key for part in parts if part.key is not None),
        tuple(part.event for part in parts if part.event is not None),
    )


def _plan(timetable: Timetable, puzzle: Puzzle, answer: Answer) -> Plan:
    groups: dict[ChoiceKey, str] = {}
    alike: dict[ChoiceKey, tuple[str, ...]] = {}
    taken: list[Option] = []
    for part, index in zip(puzzle.parts, answer.chosen, strict=True):
        option = part.options[index]
        taken.append(option)
        choice = timetable.choices.get(part.key) if part.key is not None else None
        if part.key is None or choice is None or choice.automatic:
            continue
        # The group that stands today is as good as any that is held at the same times.
        group = choice.group if choice.group in option.groups else option.groups[0]
        groups[part.key] = group
        if len(option.groups) > 1:
            alike[part.key] = tuple(each for each in option.groups if each != group)
    clash, points, costs = puzzle.account(answer.chosen)
    used = {puzzle.days[on.day].weekday for option in taken for on in option.days}
    return Plan(
        groups=groups,
        alike=alike,
        clash_minutes=clash,
        points=points,
        costs=costs,
        changes=sum(timetable.choices[key].group != group for key, group in groups.items()),
        free_days=tuple(day for day in range(5) if day not in used),
        hours=_hours(taken),
        between=_between(puzzle, taken),
    )


def _hours(taken: Sequence[Option]) -> tuple[time, time] | None:
    """The earliest start and the latest end of all that is taken."""
    days = [on for option in taken for on in option.days]
    if not days:
        return None
    first, last = min(on.first for on in days), max(on.last for on in days)
    return time(*divmod(first, 60)), time(*divmod(last, 60))


def _between(puzzle: Puzzle, taken: Sequence[Option]) -> int:
    """Minutes between classes in a week, on average over the weeks that have any."""
    busy: dict[int, int] = {}
    for option in taken:
        for on in option.days:
            busy[on.day] = busy.get(on.day, 0) | on.busy
    weeks: dict[int, int] = {}
    idle = 0
    for number, bits in busy.items():
        day = puzzle.days[number]
        idle += day.dates * (bits.bit_length() - (bits & -bits).bit_length() + 1 - bits.bit_count())
        weeks[day.weekday] = weeks.get(day.weekday, 0) + day.dates
    return round(idle / max(weeks.values())) if weeks else 0


def _with_words(
    one: Plan, plans: Sequence[Plan], preferences: Preferences, alike: Sequence[Phrase], beside: frozenset[str]
) -> Plan:
    """What speaks for a plan and against it, beside the best (the best itself: beside the next)."""
    against = next((other for other in plans if other is not one), None)
    return replace(
        one,
        reasons=reasons(one, against, preferences, alike, beside),
        tradeoffs=tradeoffs(one, against, preferences),
    )
