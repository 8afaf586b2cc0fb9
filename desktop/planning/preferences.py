"""What a student would rather have of a timetable, and how much inconvenience its absence is.

Every preference is counted in the same unit, minutes of inconvenience over the dates of a year, so that plans can be
compared across all of them. An hour of waiting between classes weighs 60 on each date it happens; the other figures
say what is taken to be as bad as that. `importance` multiplies: 1 a little, 2 as usual, 3 a lot.
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
USUAL = 2

DAY_MINUTES = 60  # a day on which there is anything at all
KEPT_DAY_MINUTES = 180  # one that was to be kept free
LUNCH_MINUTES = 45  # a day without a lunch break
CAMPUS_MINUTES = 40  # every further campus on a day
RUSH_MINUTES = 90  # two classes with less time between them than the way takes
BUSY_TIMES = 4  # a minute of class while the student is busy elsewhere, as so many minutes of waiting
GROUP_MINUTES = 300  # lectures and tutorials of a module in different groups, once
FRIEND_MINUTES = 300  # another group than a friend has, once


@dataclass(frozen=True, slots=True)
class Preferences:
    """What to look for in a plan. What is off or None does not count at all; times are on UP's clock."""

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
    friend: bool = False  # the groups that a friend shared
    travel: bool = False
    importance: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.lunch_from >= self.lunch_to:
            raise InvalidInput("The time for lunch would end before it starts.", "Give it a later end.")
        window = _minute(self.lunch_to) - _minute(self.lunch_from)
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
        """How much a preference matters: 0 where it is off."""
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
        return self.importance.get(name, USUAL) if on else 0


def preferences_from_json(plain: Json) -> Preferences:
    """Preferences as the shared settings keep them; what is absent is off. Raises InvalidInput for another shape."""
    if not isinstance(plain, Mapping):
        raise InvalidInput("These are not preferences.")
    known = {name: value for name, value in plain.items() if value is not None}
    weights = known.get("importance")
    if isinstance(weights, Mapping):
        known["importance"] = {name: weight for name, weight in weights.items() if name in NAMES}
    return from_plain(Preferences, known)


def _minute(value: time) -> int:
    return value.hour * 60 + value.minute
