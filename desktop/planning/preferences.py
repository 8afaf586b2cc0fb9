"""The student's preferences for a timetable, and their weights.

All preferences have the same unit, minutes of inconvenience over the dates of a year, so that plans can be compared. An
hour of waiting between classes costs 60 on each date; the other figures are set relative to that. `importance` is a
factor: 1 low, 2 normal, 3 high.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from desktop.domain.codec import from_plain
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.records import Json

NAMES = (
    "free_days",
    "keep_free",
    "not_before",
    "not_after",
    "few_gaps",
    "lunch",
    "early_friday",
    "same_group",
    "friend",
    "travel",
    "tests",
    "busy",
)
DEFAULT_IMPORTANCE = 2

DAY_MINUTES = 60  # a day that is used at all
KEPT_DAY_MINUTES = 180  # a used day that the student wants free
LUNCH_MINUTES = 45  # a day without a lunch break
CAMPUS_MINUTES = 40  # each additional campus on a day
TRAVEL_RUSH_MINUTES = 90  # two classes with less time between them than the travel takes
BUSY_FACTOR = 4  # minutes per minute of class while the student is busy elsewhere
GROUP_MINUTES = 300  # lectures and tutorials of a module in different groups, per year
FRIEND_MINUTES = 300  # another group than a friend's, per year


@dataclass(frozen=True, slots=True)
class Preferences:
    """The preferences for plans. One that is False or None does not count. Times are on UP's clock."""

    free_days: bool = False
    keep_free: frozenset[int] = frozenset()  # weekdays, Monday = 0
    not_before: time | None = None
    not_after: time | None = None
    few_gaps: bool = False
    lunch: bool = False
    lunch_from: time = time(11, 30)
    lunch_to: time = time(14, 0)
    lunch_minutes: int = 40
    early_friday: time | None = None
    same_group: bool = False
    friend: bool = False  # prefer the groups that friends shared
    travel: bool = False
    importance: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.lunch_from >= self.lunch_to:
            raise InvalidInput("The time for lunch would end before it starts.", "Give it a later end.")
        window = _minute_of_day(self.lunch_to) - _minute_of_day(self.lunch_from)
        if not 0 < self.lunch_minutes <= window:
            raise InvalidInput(
                msg(
                    "A lunch break of {minutes} minutes does not fit into {window}.",
                    minutes=self.lunch_minutes,
                    window=window,
                ),
                "Make it shorter.",
            )
        for name, weight in self.importance.items():
            if name not in NAMES or isinstance(weight, bool) or not 0 <= weight <= 5:
                raise InvalidInput(msg("The importance of {name} cannot be {n}.", name=name, n=weight), "Use 0 to 5.")
        if not all(0 <= day <= 6 for day in self.keep_free):
            raise InvalidInput("There is no such weekday.", "Use 0 (Monday) to 6 (Sunday).")

    def weight(self, name: str) -> int:
        """The weight of a preference; 0 if it is off."""
        on = {
            "keep_free": bool(self.keep_free),
            "not_before": self.not_before is not None,
            "not_after": self.not_after is not None,
            "early_friday": self.early_friday is not None,
            "tests": True,
            "busy": True,
        }.get(name)
        if on is None:
            on = getattr(self, name)
        return self.importance.get(name, DEFAULT_IMPORTANCE) if on else 0


def preferences_from_json(plain: Json) -> Preferences:
    """The preferences stored in the shared settings; absent ones are off. Raises InvalidInput for another shape."""
    if not isinstance(plain, Mapping):
        raise InvalidInput("These are not preferences.")
    known = {name: value for name, value in plain.items() if value is not None}
    weights = known.get("importance")
    if isinstance(weights, Mapping):
        known["importance"] = {name: weight for name, weight in weights.items() if name in NAMES}
    return from_plain(Preferences, known)


def _minute_of_day(value: time) -> int:
    return value.hour * 60 + value.minute
