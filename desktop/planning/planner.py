"""The five best ways to choose groups, each with its reasons, or why no way is free of clashes.

The planner looks at ordinary weeks: weekly meetings and weekly own events on every date they are held, so S1 never
meets S2. Such a clash is what a plan avoids first. Tests, exams and dated events win over lectures wherever they fall;
the minutes they take from a group count against it as one more inconvenience. Clashes that the student accepted, or
that are there whatever is chosen, do not count. Groups held at the same times and places are one plan, and so are all
choices that look alike in what a plan says of itself: days used, hours, gaps, lunch and costs.

Where no plan is free of clashes, the plans with the fewest minutes of them are given, and a minimal set of choices that
cannot be had together. Parts of the year that have nothing to do with each other are planned each for itself, so a
semester that works out is free of clashes whatever the other does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from desktop.domain.commands.choices import choose_all, described
from desktop.domain.messages import Message, listed, msg, msg_plural
from desktop.domain.records.records import Act
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.timetable.timetable import Timetable
from desktop.planning.conflict_set import minimal_conflict_set
from desktop.planning.explanations import kept_by_all, reasons, tradeoffs
from desktop.planning.model import Evaluation, Model
from desktop.planning.model_builder import build_model
from desktop.planning.preferences import Preferences
from desktop.planning.search import solve
from desktop.planning.subproblem import PooledSolution, SearchLimits, TimeLimitReached

PLANS = 5
CONFLICT_SET_NODES = 10_000  # of the search for what cannot be had together, that are taken at any rate


def _never() -> bool:
    return False


def _no_time() -> float:
    return 0


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to choose. `groups` holds every choice that was open; `alike` other groups that do as well.

    `points` are minutes of inconvenience over the year, `costs` the same by preference; `clash_minutes` are those that
    could not be avoided. `free_days` are weekdays, Monday to Friday, with nothing on them all year, `hours` the
    earliest start and the latest end on any day, `gaps` the minutes between classes in a week, on average.
    """

    groups: Mapping[ChoiceKey, str]
    alike: Mapping[ChoiceKey, tuple[str, ...]]
    clash_minutes: int
    points: int
    costs: Mapping[str, int]
    changes: int  # choices that stand otherwise today
    free_days: tuple[int, ...]
    hours: tuple[time, time] | None = None
    gaps: int = 0
    mixed: tuple[str, ...] = ()  # modules with lectures in different groups
    reasons: tuple[Message, ...] = ()
    tradeoffs: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictSet:
    """Choices, and own events, that cannot be had together, though all but any one of them can."""

    choices: tuple[ChoiceKey, ...]
    events: tuple[OwnEvent, ...]

    @property
    def message(self) -> Message:
        names = [described(key) for key in self.choices] + [event.title for event in self.events]
        if len(names) == 1:
            return msg("Every group of {what} clashes with itself.", what=names[0])
        return msg("{parts} always clash in the groups you allow.", parts=listed(names))


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The best plans, best first, no two of which look alike. `proven` says that there is none better.

    `conflict_set` is there where no plan is free of clashes and the time was enough to find it; `kept` is what all
    plans keep, and none says again among its reasons; `nodes` is the size of the search.
    """

    plans: tuple[Plan, ...]
    feasible: bool
    proven: bool
    conflict_set: ConflictSet | None = None
    nodes: int = 0
    kept: tuple[Message, ...] = ()

    @property
    def summary(self) -> tuple[Message, ...]:
        """What kind of result this is, in a few sentences; why nothing is free of clashes, the conflict set says."""
        if not self.plans:
            if self.proven:
                return (msg("There is nothing to choose."),)
            return (msg("The time was over before a plan was found."),)
        if self.feasible:
            first = msg("No groups clash in these plans.")
        elif self.conflict_set is not None or self.proven:
            first = msg("No plan is free of clashes.")
        else:
            first = msg("No plan free of clashes was found.")
        kept = (msg("Each of them {what}.", what=listed(self.kept)),) if self.kept else ()
        return (first, *kept, *(() if self.proven else (msg("The time was over: there may be better ones."),)))


def best_plans(
    timetable: Timetable,
    calendar: AcademicCalendar,
    preferences: Preferences,
    pins: Mapping[ChoiceKey, str] | None = None,
    cancelled: Callable[[], bool] = _never,
    time_used: Callable[[], float] = _no_time,
    accepted: frozenset[str] = frozenset(),
    count: int = PLANS,
    friends: Mapping[ChoiceKey, frozenset[str]] | None = None,
) -> PlanResult:
    """The `count` best plans. Choices pinned in the timetable stay; `pins` keeps further groups.

    `cancelled` and `time_used` are asked now and then: the first ends it all with Cancelled; the second is the share of
    the time that is used, and ends the search at 1 with what was found, not proven best. `accepted` are the keys of
    clashes the student lives with, `friends` for a choice the groups that friends are in.
    """
    model = build_model(timetable, calendar, preferences, pins or {}, accepted, friends)
    if not any(len(each.candidates) > 1 or len(each.candidates[0].groups) > 1 for each in model.variables if each.key):
        return PlanResult((), feasible=True, proven=True)
    found = solve(model, count, SearchLimits(cancelled, time_used))
    feasible = found.best[0].evaluation.clash == 0
    proven, nodes = found.proven, found.nodes
    conflict_set = None
    if not feasible:
        # Why nothing fits is mostly seen at once, so it is looked for though the time is over; but not for long.
        limits = SearchLimits(cancelled, lambda: time_used() if limits.nodes > CONFLICT_SET_NODES else 0)
        try:
            conflict_set = _conflict_set(model, minimal_conflict_set(model, limits))
        except TimeLimitReached:
            proven = False
        nodes += limits.nodes
    plans = [_plan(timetable, model, solution) for solution in found.best]
    kept = kept_by_all(plans, preferences, model.irrelevant)
    explained = tuple(_explained(each, plans, preferences, kept, model.irrelevant) for each in plans)
    return PlanResult(explained, feasible, proven, conflict_set, nodes, kept)


def plan_of(
    timetable: Timetable,
    calendar: AcademicCalendar,
    preferences: Preferences,
    groups: Mapping[ChoiceKey, str],
    accepted: frozenset[str] = frozenset(),
    friends: Mapping[ChoiceKey, frozenset[str]] | None = None,
) -> Plan:
    """What choosing these groups, beside those that stand, makes of the year: a plan that somebody else made. Choices
    that are then still open are none of it."""
    stands = {key: choice.group for key, choice in timetable.choices.items() if choice.group is not None}
    wanted = {**stands, **groups}
    decided = replace(timetable, meetings=tuple(each for each in timetable.meetings if each.choice in wanted))
    model = build_model(decided, calendar, preferences, wanted, accepted, friends)
    chosen = (0,) * len(model.variables)
    plan = _plan(timetable, model, PooledSolution(chosen, model.evaluate(dict(enumerate(chosen)))))
    return _explained(plan, (plan,), preferences, (), model.irrelevant)


def apply_plan(timetable: Timetable, plan: Plan) -> Act:
    """What makes a plan the student's own, as one step to undo."""
    groups = {key: group for key, group in plan.groups.items() if timetable.choices[key].group != group}
    return choose_all(
        timetable, groups, msg_plural(len(groups), "Applied a plan: {n} group", "Applied a plan: {n} groups")
    )


def differences(plans: Sequence[Plan], timetable: Timetable) -> frozenset[ChoiceKey]:
    """The choices that are not the same in all plans; of a single one, those that stand otherwise today."""
    if len(plans) == 1:
        return frozenset(key for key, group in plans[0].groups.items() if timetable.choices[key].group != group)
    every = [each.groups for each in plans]
    return frozenset(key for groups in every for key in groups if len({other.get(key) for other in every}) > 1)


def distinguishing(one: Plan, plans: Sequence[Plan], among: Collection[ChoiceKey]) -> tuple[Message, ...]:
    """The groups of a plan that tell it from the others, by name, those that fewest others have first."""

    def shared(key: ChoiceKey) -> int:
        return sum(other.groups.get(key) == one.groups[key] for other in plans)

    keys = sorted((key for key in one.groups if key in among), key=lambda key: (shared(key), key))
    return tuple(group_name(key, one.groups[key]) for key in keys)


def group_name(key: ChoiceKey, group: str) -> Message:
    """A group with its module: `COS 226 P04`; of mixed lectures with the lecture, `COS 226 L2 G03`."""
    if key.activity:
        return msg("{module} {activity} {group}", module=key.module, activity=key.activity, group=group)
    return msg("{module} {group}", module=key.module, group=group)


def _conflict_set(model: Model, numbers: Sequence[int]) -> ConflictSet | None:
    if not numbers:
        return None
    variables = [model.variables[number] for number in numbers]
    return ConflictSet(
        tuple(each.key for each in variables if each.key is not None),
        tuple(each.event for each in variables if each.event is not None),
    )


def _plan(timetable: Timetable, model: Model, solution: PooledSolution) -> Plan:
    groups: dict[ChoiceKey, str] = {}
    alike: dict[ChoiceKey, tuple[str, ...]] = {}
    for variable, index in zip(model.variables, solution.chosen, strict=True):
        candidate = variable.candidates[index]
        choice = timetable.choices.get(variable.key) if variable.key is not None else None
        if variable.key is None or choice is None or choice.automatic:
            continue
        # The group that stands today is as good as any that is held at the same times.
        group = choice.group if choice.group in candidate.groups else candidate.groups[0]
        groups[variable.key] = group
        if len(candidate.groups) > 1:
            alike[variable.key] = tuple(each for each in candidate.groups if each != group)
    found = solution.evaluation
    return Plan(
        groups=groups,
        alike=alike,
        clash_minutes=found.clash,
        points=found.points,
        costs=dict(found.costs),
        changes=sum(timetable.choices[key].group != group for key, group in groups.items()),
        free_days=tuple(day for day in range(5) if not found.weekdays >> day & 1),
        hours=_hours(found),
        gaps=round(found.gaps / model.weeks),
        mixed=_mixed(timetable, groups),
    )


def _mixed(timetable: Timetable, groups: Mapping[ChoiceKey, str]) -> tuple[str, ...]:
    taken: dict[ChoiceKey, set[str]] = defaultdict(set)
    for key, choice in timetable.choices.items():
        group = groups.get(key, choice.group)
        if key.activity and group is not None:
            taken[replace(key, activity="")].add(group)
    return tuple(sorted({key.module for key, names in taken.items() if len(names) > 1}))


def _hours(found: Evaluation) -> tuple[time, time] | None:
    return (time(*divmod(found.first, 60)), time(*divmod(found.last, 60))) if found.weekdays else None


def _explained(
    one: Plan, plans: Sequence[Plan], preferences: Preferences, kept: Sequence[Message], irrelevant: frozenset[str]
) -> Plan:
    """A plan with what speaks for it and against it, beside the best (the best itself: beside the next)."""
    against = next((other for other in plans if other is not one), None)
    return replace(
        one,
        reasons=reasons(one, against, preferences, kept, irrelevant),
        tradeoffs=tradeoffs(one, against, preferences),
    )
