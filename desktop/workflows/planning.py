"""Plans for the groups of a year, searched for within a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from desktop.domain.codec import to_plain
from desktop.domain.commands.choices import accepted_clashes
from desktop.domain.records.records import NEVER, SHARED, Act, Change, Records
from desktop.domain.records.shared_choices import SharedChoices, friend_groups, match_groups
from desktop.domain.timetable.choices import ChoiceKey
from desktop.planning.planner import Plan, PlanResult, best_plans, evaluate_plan
from desktop.planning.preferences import Preferences, preferences_from_json
from desktop.store import Applied, Store
from desktop.workflows.documents import never_cancelled
from desktop.workflows.timetable import View

LATEST_STAMP = replace(NEVER, counter=2**52)  # a stamp later than any other, for previewing a plan
TIME_LIMIT_SECONDS = 5.0  # after which the best plans found so far are shown as not proven to be optimal


def preferences_of(records: Records) -> Preferences:
    """The student's synced preferences; the defaults if none are stored."""
    return preferences_from_json(records.get("settings", SHARED).get("planner", {}))


def store_preferences(store: Store, preferences: Preferences) -> Applied:
    """Store the student's preferences. Raises StorageError."""
    change = Change("settings", SHARED, {"planner": to_plain(preferences)})
    return store.apply(Act("Changed what plans are to look for", (change,)))


def find_plans(
    view: View,
    preferences: Preferences,
    pins: Mapping[ChoiceKey, str] | None = None,
    cancelled: Callable[[], bool] = never_cancelled,
    seconds: float = TIME_LIMIT_SECONDS,
) -> PlanResult:
    """The best plans for the year of `view`; `pins` fixes the groups of further choices. Raises Cancelled,
    InvalidInput."""
    start = time.monotonic()
    return best_plans(
        view.timetable,
        view.calendar,
        preferences,
        pins,
        cancelled,
        lambda: (time.monotonic() - start) / seconds,
        accepted_clashes(view.records, view.year),
        friends=friend_groups(view.records, view.timetable),
    )


def shared_plan(view: View, preferences: Preferences, shared: SharedChoices) -> Plan:
    """The plan of shared choices, as far as this timetable has their groups."""
    return evaluate_plan(
        view.timetable,
        view.calendar,
        preferences,
        match_groups(view.timetable, shared),
        accepted_clashes(view.records, view.year),
        friend_groups(view.records, view.timetable),
    )
