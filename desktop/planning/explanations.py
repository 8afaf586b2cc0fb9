"""What speaks for a plan and against it.

What a plan is like stands first, then what it keeps, then what it has better or worse than the best plan (the best
itself: than the next). What all plans keep tells none from another, and is there to be said once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import time
from typing import Protocol

from desktop.domain.wording import Phrase, Weekday, listed, said, said_many
from desktop.planning.preferences import Preferences

_KEPT = {
    "free_days": said("uses few days"),
    "keep_free": said("keeps the days you want free"),
    "not_before": said("starts when you like"),
    "not_after": said("ends when you like"),
    "few_gaps": said("has no gaps"),
    "lunch": said("leaves a lunch break every day"),
    "early_friday": said("ends early on Friday"),
    "same_group": said("has lectures and tutorials in the same groups"),
    "travel": said("stays on one campus a day"),
    "tests": said("misses no class for a test or an exam"),
}
_BETTER = {
    "free_days": said("uses fewer days"),
    "keep_free": said("keeps your free days better"),
    "not_before": said("starts later"),
    "not_after": said("ends earlier"),
    "few_gaps": said("has fewer gaps"),
    "lunch": said("leaves more lunch breaks"),
    "early_friday": said("ends earlier on Friday"),
    "same_group": said("has more lectures and tutorials in the same groups"),
    "travel": said("has less travel between campuses"),
    "tests": said("misses fewer classes for tests and exams"),
}
_WORSE = {
    "free_days": said("uses more days"),
    "keep_free": said("keeps your free days less well"),
    "not_before": said("starts earlier"),
    "not_after": said("ends later"),
    "few_gaps": said("has more gaps"),
    "lunch": said("leaves fewer lunch breaks"),
    "early_friday": said("ends later on Friday"),
    "same_group": said("splits more lectures and tutorials"),
    "travel": said("has more travel between campuses"),
    "tests": said("misses more classes for tests and exams"),
}


class Explainable(Protocol):
    """What is to be known of a plan to explain it; see `planner.Plan`."""

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


def _kept(one: Explainable, preferences: Preferences, irrelevant: Collection[str] = ()) -> tuple[Phrase, ...]:
    """What a plan keeps whole of what was asked for, where it could be otherwise."""
    return tuple(
        words
        for name, words in _KEPT.items()
        if preferences.weight(name) and not one.costs.get(name) and name not in {"free_days", "tests", *irrelevant}
    )


def kept_by_all(
    plans: Sequence[Explainable], preferences: Preferences, irrelevant: Collection[str] = ()
) -> tuple[Phrase, ...]:
    """What all of several plans keep whole."""
    if len(plans) < 2:
        return ()
    each = [_kept(one, preferences, irrelevant) for one in plans]
    return tuple(words for words in each[0] if all(words in others for others in each))


def reasons(
    one: Explainable,
    against: Explainable | None,
    preferences: Preferences,
    unsaid: Collection[Phrase],
    irrelevant: Collection[str] = (),
) -> tuple[Phrase, ...]:
    """What a plan is like, and what speaks for it; what is `unsaid` is said elsewhere."""
    keeps = _kept(one, preferences, irrelevant)
    better = [
        _BETTER[name]
        for name in _asked(preferences)
        if against is not None and _cost(one, name) < _cost(against, name) and _KEPT[name] not in keeps
    ]
    return (*_like(one), *(words for words in keeps if words not in unsaid), *better)


def tradeoffs(one: Explainable, against: Explainable | None, preferences: Preferences) -> tuple[Phrase, ...]:
    """What speaks against it."""
    worse = [
        _WORSE[name] for name in _asked(preferences) if against is not None and _cost(one, name) > _cost(against, name)
    ]
    if one.mixed:
        worse.insert(0, said("mixes lecture groups of {modules}", modules=listed(one.mixed)))
    if one.clash_minutes:
        worse.insert(0, _clashes(one.clash_minutes))
    return tuple(worse)


def _clashes(length: int) -> Phrase:
    hours, minutes = divmod(length, 60)
    if not hours:
        return said_many(length, "{n} minute of clashes over the year", "{n} minutes of clashes over the year")
    if not minutes:
        return said_many(hours, "{n} hour of clashes over the year", "{n} hours of clashes over the year")
    return said("{h} h {n} min of clashes over the year", h=hours, n=minutes)


def _like(one: Explainable) -> Iterator[Phrase]:
    if one.free_days:
        yield said("{days} free", days=listed((Weekday(day) for day in one.free_days), ""))
    if one.hours is not None:
        first, last = one.hours
        yield said("from {first} to {last}", first=first, last=last)
    if one.gaps:
        hours, minutes = divmod(one.gaps, 60)
        if not hours:
            yield said("{n} min of gaps a week", n=minutes)
        elif not minutes:
            yield said("{h} h of gaps a week", h=hours)
        else:
            yield said("{h} h {n} min of gaps a week", h=hours, n=minutes)


def _asked(preferences: Preferences) -> Sequence[str]:
    return [name for name in _KEPT if preferences.weight(name)]


def _cost(one: Explainable, name: str) -> int:
    return one.costs.get(name, 0)
