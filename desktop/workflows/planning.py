"""Plans for the groups of a year, searched for within a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from desktop.domain.commands.choices import accepted_clashes
from desktop.domain.records.records import SHARED, Act, Change, Records
from desktop.domain.timetable.model import ChoiceKey
from desktop.planning.planner import PlanResult, best_plans
from desktop.planning.preferences import Preferences, preferences_from_json
from desktop.store import Applied, Store
from desktop.workflows.documents import never
from desktop.workflows.timetable import View

SECONDS = 5.0  # after which the best plans found so far are shown, and said not to be proven


def preferences_of(records: Records) -> Preferences:
    """What this student would rather have, on every machine of theirs; nothing in particular where it is not set."""
    return preferences_from_json(records.get("settings", SHARED).get("planner", {}))


def keep_preferences(store: Store, preferences: Preferences) -> Applied:
    """Keep what this student would rather have. Raises StorageTrouble."""
    change = Change("settings", SHARED, {"planner": preferences.to_json()})
    return store.apply(Act("Changed what plans are to look for", (change,)))


def find_plans(
    view: View,
    preferences: Preferences,
    pins: Mapping[ChoiceKey, str] | None = None,
    cancelled: Callable[[], bool] = never,
    seconds: float = SECONDS,
) -> PlanResult:
    """The best plans for the year shown; `pins` keeps further groups. Raises Cancelled, InvalidInput."""
    start = time.monotonic()
    return best_plans(
        view.timetable,
        view.calendar,
        preferences,
        pins,
        cancelled,
        lambda: (time.monotonic() - start) / seconds,
        accepted_clashes(view.records, view.year),
    )
