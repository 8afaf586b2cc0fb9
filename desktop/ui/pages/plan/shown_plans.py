"""Shared plans with what is shown of each: a week, and the parts that are missing here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.domain.messages import Message
from desktop.domain.records.projection import project
from desktop.domain.records.shared_choices import SharedChoices, SharedKind
from desktop.domain.week_view import WeekView
from desktop.planning.planner import Plan, apply_plan
from desktop.planning.preferences import Preferences
from desktop.workflows import planning, shared_choices

if TYPE_CHECKING:
    from desktop.domain.timetable.timetable import Timetable
    from desktop.workflows.timetable import View

WeekChooser = Callable[["Timetable", "View"], WeekView]  # chooses the week of a year that shows most of a plan


@dataclass(frozen=True, slots=True)
class ShownSharedPlan:
    """A shared plan applied to the year, with the week that shows it and the parts that are missing here."""

    shared: SharedChoices
    plan: Plan
    week: WeekView
    missing: tuple[Message, ...]


def find_shared_plans(view: View, wish: Preferences, week_of: WeekChooser) -> tuple[ShownSharedPlan, ...]:
    """Finds the shared plans of a year. For a worker of the pool."""
    found = []
    for shared in shared_choices.shared_choices(view.records, view.year, SharedKind.PLAN):
        plan = planning.shared_plan(view, wish, shared)
        changes = apply_plan(view.timetable, plan).changes
        planned = project(view.records.with_changes(changes, planning.LATEST_STAMP), view.year)
        planned = replace(planned, layers=view.timetable.layers)
        missing = shared_choices.difference_texts(view.timetable, shared)
        found.append(ShownSharedPlan(shared, plan, week_of(planned, view), missing))
    return tuple(found)
