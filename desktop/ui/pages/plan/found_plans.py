"""The best plans with what the Plan page shows of each: a week, the groups that distinguish it, its clashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from desktop.domain.clashes import clashes_of, upcoming_clashes
from desktop.domain.commands.choices import accepted_clashes
from desktop.domain.messages import Message
from desktop.domain.records.projection import project
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence, occurrences
from desktop.domain.timetable.timetable import Timetable
from desktop.domain.week_view import WeekView, clash_block_keys, week_view
from desktop.planning.planner import Plan, PlanResult, apply_plan, differing_choices, distinguishing_groups
from desktop.planning.preferences import Preferences
from desktop.ui.pages.plan.shown_plans import ShownSharedPlan, find_shared_plans
from desktop.workflows import planning
from desktop.workflows.timetable import year_span

if TYPE_CHECKING:
    from desktop.workflows.timetable import View

TOO_FEW_CLASSES = 3  # a week with at most this many classes shows too little of a plan


@dataclass(frozen=True, slots=True)
class FoundPlan:
    """One plan with the fullest week it makes.

    `names` distinguish it from the other plans; `clashes` are those still ahead, counted as everywhere else.
    """

    plan: Plan
    week: WeekView
    names: tuple[Message, ...]
    clashes: int


@dataclass(frozen=True, slots=True)
class FoundPlans:
    """All plans found, best first.

    `differing` are the choices whose group is not the same in all of them, `shared` the plans that others shared.
    """

    result: PlanResult
    plans: tuple[FoundPlan, ...]
    differing: frozenset[ChoiceKey]
    shared: tuple[ShownSharedPlan, ...] = ()


def find_best_plans(
    view: View,
    wishes: Preferences,
    pins: Mapping[ChoiceKey, str],
    monday: date,
    today: date,
    cancelled: Callable[[], bool],
) -> FoundPlans:
    """Finds the best plans for the year that is shown, and shows them in the week of `monday` if it has classes."""
    result = planning.find_plans(view, wishes, pins, cancelled=cancelled)
    differing = differing_choices(result.plans, view.timetable) if result.plans else frozenset()
    accepted = accepted_clashes(view.records, view.year)
    plans = []
    for each in result.plans:
        planned = project(
            view.records.with_changes(apply_plan(view.timetable, each).changes, planning.LATEST_STAMP), view.year
        )
        planned = replace(planned, layers=view.timetable.layers)
        dated = occurrences(planned, view.calendar, *year_span(view.year))
        clashes = clashes_of(planned, view.calendar, accepted, attended=dated)
        ahead = sum(1 for clash in upcoming_clashes(clashes, today) if not clash.accepted)
        week = _fullest(dated, view, monday, clash_block_keys(clashes))
        plans.append(FoundPlan(each, week, distinguishing_groups(each, result.plans, differing), ahead))

    def week_of(planned: Timetable, view: View) -> WeekView:
        return _fullest(occurrences(planned, view.calendar, *year_span(view.year)), view, monday, ())

    return FoundPlans(result, tuple(plans), differing, find_shared_plans(view, wishes, week_of))


def _fullest(
    dated: tuple[Occurrence, ...], view: View, monday: date, marks: Collection[tuple[str, datetime]]
) -> WeekView:
    """Returns the week of `monday` if it has enough classes, else the fullest week of the year."""
    week = week_view(dated, view.calendar, monday, marks)
    if sum(isinstance(block.occurrence.item, Meeting) for block in week.blocks()) > TOO_FEW_CLASSES:
        return week
    dates = (each.date for each in dated if isinstance(each.item, Meeting))
    mondays = Counter(day - timedelta(days=day.weekday()) for day in dates)
    if not mondays:
        return week
    return week_view(dated, view.calendar, max(sorted(mondays), key=lambda each: mondays[each]), marks)
