"""Explains a plan: its properties, its advantages and its disadvantages.

The properties come first, then the preferences that it fully meets, then comparisons with the best plan (for the best:
with the next). Preferences that all plans meet do not distinguish them, so they are listed once for all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import time
from typing import Protocol

from desktop.domain.messages import Message, Weekday, listed, msg, msg_plural
from desktop.planning.preferences import Preferences

_MET_TEXTS = {
    "free_days": msg("uses few days"),
    "keep_free": msg("keeps the days you want free"),
    "not_before": msg("starts when you like"),
    "not_after": msg("ends when you like"),
    "few_gaps": msg("has no gaps"),
    "lunch": msg("leaves a lunch break every day"),
    "early_friday": msg("ends early on Friday"),
    "same_group": msg("has lectures and tutorials in the same groups"),
    "friend": msg("has the same groups as a friend"),
    "travel": msg("stays on one campus a day"),
    "tests": msg("misses no class for a test or an exam"),
    "busy": msg("has no class at a time taken in your other calendars"),
}
_BETTER_TEXTS = {
    "free_days": msg("uses fewer days"),
    "keep_free": msg("keeps your free days better"),
    "not_before": msg("starts later"),
    "not_after": msg("ends earlier"),
    "few_gaps": msg("has fewer gaps"),
    "lunch": msg("leaves more lunch breaks"),
    "early_friday": msg("ends earlier on Friday"),
    "same_group": msg("has more lectures and tutorials in the same groups"),
    "friend": msg("has more groups in common with a friend"),
    "travel": msg("has less travel between campuses"),
    "tests": msg("misses fewer classes for tests and exams"),
    "busy": msg("has fewer classes at times taken in your other calendars"),
}
_WORSE_TEXTS = {
    "free_days": msg("uses more days"),
    "keep_free": msg("keeps your free days less well"),
    "not_before": msg("starts earlier"),
    "not_after": msg("ends later"),
    "few_gaps": msg("has more gaps"),
    "lunch": msg("leaves fewer lunch breaks"),
    "early_friday": msg("ends later on Friday"),
    "same_group": msg("splits more lectures and tutorials"),
    "friend": msg("has fewer groups in common with a friend"),
    "travel": msg("has more travel between campuses"),
    "tests": msg("misses more classes for tests and exams"),
    "busy": msg("has more classes at times taken in your other calendars"),
}


class Explainable(Protocol):
    """The parts of a plan needed to explain it; see `planner.Plan`."""

    @property
    def costs(self) -> Mapping[str, int]: ...

    @property
    def free_days(self) -> tuple[int, ...]: ...

    @property
    def hours(self) -> tuple[time, time] | None: ...

    @property
    def gaps(self) -> int: ...

    @property
    def mixed(self) -> tuple[str, ...]: ...

    @property
    def clash_minutes(self) -> int: ...


def _met_preferences(
    one: Explainable, preferences: Preferences, irrelevant: Collection[str] = ()
) -> tuple[Message, ...]:
    """The preferences that a plan fully meets, without those that no choice can affect."""
    return tuple(
        words
        for name, words in _MET_TEXTS.items()
        if preferences.weight(name) and not one.costs.get(name) and name not in {"free_days", "tests", *irrelevant}
    )


def met_by_all(
    plans: Sequence[Explainable], preferences: Preferences, irrelevant: Collection[str] = ()
) -> tuple[Message, ...]:
    """The preferences that all plans fully meet; empty for a single plan."""
    if len(plans) < 2:
        return ()
    each = [_met_preferences(one, preferences, irrelevant) for one in plans]
    return tuple(words for words in each[0] if all(words in others for others in each))


def reasons(
    one: Explainable,
    against: Explainable | None,
    preferences: Preferences,
    shown_elsewhere: Collection[Message],
    irrelevant: Collection[str] = (),
) -> tuple[Message, ...]:
    """The properties and the advantages of a plan, without those in `shown_elsewhere`, which are shown elsewhere."""
    keeps = _met_preferences(one, preferences, irrelevant)
    better = [
        _BETTER_TEXTS[name]
        for name in _active_preferences(preferences)
        if against is not None and _cost(one, name) < _cost(against, name) and _MET_TEXTS[name] not in keeps
    ]
    return (*_property_texts(one), *(words for words in keeps if words not in shown_elsewhere), *better)


def tradeoffs(one: Explainable, against: Explainable | None, preferences: Preferences) -> tuple[Message, ...]:
    """The disadvantages of a plan."""
    worse = [
        _WORSE_TEXTS[name]
        for name in _active_preferences(preferences)
        if against is not None and _cost(one, name) > _cost(against, name)
    ]
    if one.mixed:
        worse.insert(0, msg("mixes lecture groups of {modules}", modules=listed(one.mixed)))
    if one.clash_minutes:
        worse.insert(0, _clash_text(one.clash_minutes))
    return tuple(worse)


def _clash_text(length: int) -> Message:
    hours, minutes = divmod(length, 60)
    if not hours:
        return msg_plural(length, "{n} minute of clashes over the year", "{n} minutes of clashes over the year")
    if not minutes:
        return msg_plural(hours, "{n} hour of clashes over the year", "{n} hours of clashes over the year")
    return msg("{h} h {n} min of clashes over the year", h=hours, n=minutes)


def _property_texts(one: Explainable) -> Iterator[Message]:
    if one.free_days:
        yield msg("{days} free", days=listed((Weekday(day) for day in one.free_days), ""))
    if one.hours is not None:
        first, last = one.hours
        yield msg("from {first} to {last}", first=first, last=last)
    if one.gaps:
        hours, minutes = divmod(one.gaps, 60)
        if not hours:
            yield msg("{n} min of gaps a week", n=minutes)
        elif not minutes:
            yield msg("{h} h of gaps a week", h=hours)
        else:
            yield msg("{h} h {n} min of gaps a week", h=hours, n=minutes)


def _active_preferences(preferences: Preferences) -> Sequence[str]:
    return [name for name in _MET_TEXTS if preferences.weight(name)]


def _cost(one: Explainable, name: str) -> int:
    return one.costs.get(name, 0)
