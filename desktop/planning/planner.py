"""The planner: finds the five best plans with their reasons, or a conflict set if no plan is free of clashes.

It considers weekly meetings and weekly own events on all their dates, so S1 never clashes with S2. Avoiding these
clashes has priority. Tests, exams and dated events always have priority over lectures; the minutes that they take from
a group count as an inconvenience. Clashes that the student accepted do not count, nor do those that no choice can
avoid. Groups held at the same times and places give one plan, and so do all choices with the same look: days used,
hours, gaps, lunch and costs.

If no plan is free of clashes, the result is the plans with the fewest clash minutes, and a conflict set. Independent
parts of the year are planned separately, so that a semester without conflicts is free of clashes whatever the other
semester.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from desktop.domain.commands.choices import choice_text, choose_groups
from desktop.domain.messages import Message, listed, msg, msg_plural
from desktop.domain.records.records import Act
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.timetable.timetable import Timetable
from desktop.planning.conflict_set import minimal_conflict_set
from desktop.planning.explanations import met_by_all, reasons, tradeoffs
from desktop.planning.model import Evaluation, Model
from desktop.planning.model_builder import build_model
from desktop.planning.preferences import Preferences
from desktop.planning.search import solve
from desktop.planning.subproblem import PooledSolution, SearchLimits, TimeLimitReached

DEFAULT_PLAN_COUNT = 5
MIN_CONFLICT_SET_NODES = 10_000  # of the search for a conflict set that do not count against the time limit


def _not_cancelled() -> bool:
    return False


def _no_time() -> float:
    return 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: a group for every choice. `alike` are groups that are equally good.

    `points` are minutes of inconvenience over the year, `costs` the same by preference. `clash_minutes` could not be
    avoided. `free_days` are weekdays from Monday to Friday without classes all year. `hours` are the earliest start and
    the latest end on any day. `gaps` is the average of minutes between classes per week.
    """

    groups: Mapping[ChoiceKey, str]
    alike: Mapping[ChoiceKey, tuple[str, ...]]
    clash_minutes: int
    points: int
    costs: Mapping[str, int]
    changes: int  # the number of choices that the plan changes
    free_days: tuple[int, ...]
    hours: tuple[time, time] | None = None
    gaps: int = 0
    mixed: tuple[str, ...] = ()  # modules with lectures in different groups
    reasons: tuple[Message, ...] = ()
    tradeoffs: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ConflictSet:
    """Choices and own events that always clash together, but not without any one of them."""

    choices: tuple[ChoiceKey, ...]
    events: tuple[OwnEvent, ...]

    @property
    def message(self) -> Message:
        names = [choice_text(key) for key in self.choices] + [event.title for event in self.events]
        if len(names) == 1:
            return msg("Every group of {what} clashes with itself.", what=names[0])
        return msg("{parts} always clash in the groups you allow.", parts=listed(names))


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The best plans, best first, with different looks. `proven` is true if there are no better ones.

    `feasible` is true if they are free of clashes. If not, `conflict_set` is set, unless the time limit was reached.
    `kept` are the preferences that all plans meet, and that their reasons leave out. `nodes` is the size of the search.
    """

    plans: tuple[Plan, ...]
    feasible: bool
    proven: bool
    conflict_set: ConflictSet | None = None
    nodes: int = 0
    kept: tuple[Message, ...] = ()

    @property
    def summary(self) -> tuple[Message, ...]:
        """The result in a few sentences. The reason for clashes is the message of the conflict set."""
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
    cancelled: Callable[[], bool] = _not_cancelled,
    time_used: Callable[[], float] = _no_time,
    accepted: frozenset[str] = frozenset(),
    count: int = DEFAULT_PLAN_COUNT,
    friends: Mapping[ChoiceKey, frozenset[str]] | None = None,
) -> PlanResult:
    """Find the `count` best plans. Choices pinned in the timetable stay; `pins` are additional ones.

    `cancelled` and `time_used` are called regularly. If the first returns true, Cancelled is raised. The second returns
    the share of the time limit that is used; at 1 the search ends, with plans that are not proven best. `accepted` are
    the keys of accepted clashes, `friends` the groups that friends are in, by choice.
    """
    model = build_model(timetable, calendar, preferences, pins or {}, accepted, friends)
    if not any(len(each.candidates) > 1 or len(each.candidates[0].groups) > 1 for each in model.variables if each.key):
        return PlanResult((), feasible=True, proven=True)
    found = solve(model, count, SearchLimits(cancelled, time_used))
    feasible = found.best[0].evaluation.clash == 0
    proven, nodes = found.proven, found.nodes
    conflict_set = None
    if not feasible:
        # A conflict set is mostly found at once, so it is searched for briefly even after the time limit.
        limits = SearchLimits(cancelled, lambda: time_used() if limits.nodes > MIN_CONFLICT_SET_NODES else 0)
        try:
            conflict_set = _conflict_set(model, minimal_conflict_set(model, limits))
        except TimeLimitReached:
            proven = False
        nodes += limits.nodes
    plans = [_make_plan(timetable, model, solution) for solution in found.best]
    kept = met_by_all(plans, preferences, model.irrelevant_preferences)
    explained = tuple(_with_explanation(each, plans, preferences, kept, model.irrelevant_preferences) for each in plans)
    return PlanResult(explained, feasible, proven, conflict_set, nodes, kept)


def evaluate_plan(
    timetable: Timetable,
    calendar: AcademicCalendar,
    preferences: Preferences,
    groups: Mapping[ChoiceKey, str],
    accepted: frozenset[str] = frozenset(),
    friends: Mapping[ChoiceKey, frozenset[str]] | None = None,
) -> Plan:
    """The plan of these groups in addition to those already chosen, to evaluate a shared plan.

    Choices that are still open are not part of it.
    """
    stands = {key: choice.group for key, choice in timetable.choices.items() if choice.group is not None}
    wanted = {**stands, **groups}
    decided = replace(timetable, meetings=tuple(each for each in timetable.meetings if each.choice_key in wanted))
    model = build_model(decided, calendar, preferences, wanted, accepted, friends)
    chosen = (0,) * len(model.variables)
    plan = _make_plan(timetable, model, PooledSolution(chosen, model.evaluate(dict(enumerate(chosen)))))
    return _with_explanation(plan, (plan,), preferences, (), model.irrelevant_preferences)


def apply_plan(timetable: Timetable, plan: Plan) -> Act:
    """The act that chooses the groups of a plan."""
    groups = {key: group for key, group in plan.groups.items() if timetable.choices[key].group != group}
    return choose_groups(
        timetable, groups, msg_plural(len(groups), "Applied a plan: {n} group", "Applied a plan: {n} groups")
    )


def differing_choices(plans: Sequence[Plan], timetable: Timetable) -> frozenset[ChoiceKey]:
    """The choices that differ between the plans; for a single plan, those that it would change."""
    if len(plans) == 1:
        return frozenset(key for key, group in plans[0].groups.items() if timetable.choices[key].group != group)
    every = [each.groups for each in plans]
    return frozenset(key for groups in every for key in groups if len({other.get(key) for other in every}) > 1)


def distinguishing_groups(one: Plan, plans: Sequence[Plan], among: Collection[ChoiceKey]) -> tuple[Message, ...]:
    """The names of a plan's groups for the choices in `among`, those that the fewest plans have first."""

    def shared(key: ChoiceKey) -> int:
        return sum(other.groups.get(key) == one.groups[key] for other in plans)

    keys = sorted((key for key in one.groups if key in among), key=lambda key: (shared(key), key))
    return tuple(group_name(key, one.groups[key]) for key in keys)


def group_name(key: ChoiceKey, group: str) -> Message:
    """A group with its module: `COS 226 P04`; for mixed lectures, with the activity: `COS 226 L2 G03`."""
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


def _make_plan(timetable: Timetable, model: Model, solution: PooledSolution) -> Plan:
    groups: dict[ChoiceKey, str] = {}
    alike: dict[ChoiceKey, tuple[str, ...]] = {}
    for variable, index in zip(model.variables, solution.chosen, strict=True):
        candidate = variable.candidates[index]
        choice = timetable.choices.get(variable.key) if variable.key is not None else None
        if variable.key is None or choice is None or choice.automatic:
            continue
        # The groups are equally good, so the one already chosen is preferred.
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
        mixed=_mixed_modules(timetable, groups),
    )


def _mixed_modules(timetable: Timetable, groups: Mapping[ChoiceKey, str]) -> tuple[str, ...]:
    taken: dict[ChoiceKey, set[str]] = defaultdict(set)
    for key, choice in timetable.choices.items():
        group = groups.get(key, choice.group)
        if key.activity and group is not None:
            taken[replace(key, activity="")].add(group)
    return tuple(sorted({key.module for key, names in taken.items() if len(names) > 1}))


def _hours(found: Evaluation) -> tuple[time, time] | None:
    return (time(*divmod(found.first, 60)), time(*divmod(found.last, 60))) if found.weekdays else None


def _with_explanation(
    one: Plan, plans: Sequence[Plan], preferences: Preferences, kept: Sequence[Message], irrelevant: frozenset[str]
) -> Plan:
    """The plan with reasons and trade-offs, compared with the best plan (for the best: with the next)."""
    against = next((other for other in plans if other is not one), None)
    return replace(
        one,
        reasons=reasons(one, against, preferences, kept, irrelevant),
        tradeoffs=tradeoffs(one, against, preferences),
    )
