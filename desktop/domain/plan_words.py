"""What speaks for a plan and against it, in words that can be said in any language.

Hides how costs become words: what a plan is like stands first, then what it keeps whole, then what it has better or
worse than the best plan (the best itself: than the next). What all plans keep whole tells none from another, and is
there to be said once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import time
from typing import Protocol

from desktop.domain.preferences import Preferences
from desktop.domain.wording import Phrase, Weekday, listed, said, said_many

_KEPT = {
    "free_days": said("uses few days"),
    "keep_free": said("keeps the days you want free"),
    "not_before": said("starts when you like"),
    "not_after": said("ends when you like"),
    "few_gaps": said("has no time between classes"),
    "lunch": said("leaves a lunch break every day"),
    "early_friday": said("ends early on Friday"),
    "same_group": said("has lectures and tutorials in the same groups"),
    "travel": said("stays on one campus a day"),
    "tests": said("loses no class to a test or an exam"),
}
_BETTER = {
    "free_days": said("uses fewer days"),
    "keep_free": said("keeps your free days better"),
    "not_before": said("starts less early"),
    "not_after": said("ends less late"),
    "few_gaps": said("has less time between classes"),
    "lunch": said("leaves more lunch breaks"),
    "early_friday": said("ends earlier on Friday"),
    "same_group": said("has more lectures and tutorials in the same groups"),
    "travel": said("has less travel between campuses"),
    "tests": said("loses less to tests and exams"),
}
_WORSE = {
    "free_days": said("uses more days"),
    "keep_free": said("keeps your free days less well"),
    "not_before": said("starts earlier"),
    "not_after": said("ends later"),
    "few_gaps": said("has more time between classes"),
    "lunch": said("leaves fewer lunch breaks"),
    "early_friday": said("ends later on Friday"),
    "same_group": said("splits more lectures and tutorials"),
    "travel": said("has more travel between campuses"),
    "tests": said("loses more to tests and exams"),
}


class Told(Protocol):
    """What is to be known of a plan to speak of it; see `planner.Plan`."""

    @property
    def costs(self) -> Mapping[str, int]: ...

    @property
    def free_days(self) -> tuple[int, ...]: ...

    @property
    def hours(self) -> tuple[time, time] | None: ...

    @property
    def between(self) -> int: ...

    @property
    def clash_minutes(self) -> int: ...


def kept(one: Told, preferences: Preferences, beside_the_point: Collection[str] = ()) -> tuple[Phrase, ...]:
    """What a plan keeps whole of what was asked for, where it could be otherwise."""
    return tuple(
        words
        for name, words in _KEPT.items()
        if preferences.much(name) and not one.costs.get(name) and name not in {"free_days", "tests", *beside_the_point}
    )


def shared(
    plans: Sequence[Told], preferences: Preferences, beside_the_point: Collection[str] = ()
) -> tuple[Phrase, ...]:
    """What all of several plans keep whole."""
    if len(plans) < 2:
        return ()
    each = [kept(one, preferences, beside_the_point) for one in plans]
    return tuple(words for words in each[0] if all(words in others for others in each))


def reasons(
    one: Told, against: Told | None, preferences: Preferences, unsaid: Collection[Phrase], beside: Collection[str] = ()
) -> tuple[Phrase, ...]:
    """What a plan is like, and what speaks for it; what is `unsaid` is said elsewhere."""
    keeps = kept(one, preferences, beside)
    better = [
        _BETTER[name]
        for name in _asked(preferences)
        if against is not None and _cost(one, name) < _cost(against, name) and _KEPT[name] not in keeps
    ]
    return (*_like(one), *(words for words in keeps if words not in unsaid), *better)


def tradeoffs(one: Told, against: Told | None, preferences: Preferences) -> tuple[Phrase, ...]:
    """What speaks against it."""
    worse = [
        _WORSE[name] for name in _asked(preferences) if against is not None and _cost(one, name) > _cost(against, name)
    ]
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


def _like(one: Told) -> Iterator[Phrase]:
    if one.free_days:
        yield said("{days} free", days=listed((Weekday(day) for day in one.free_days), ""))
    if one.hours is not None:
        first, last = one.hours
        yield said("from {first} to {last}", first=first, last=last)
    if one.between:
        hours, minutes = divmod(one.between, 60)
        if not hours:
            yield said("{n} min between classes a week", n=minutes)
        elif not minutes:
            yield said("{h} h between classes a week", h=hours)
        else:
            yield said("{h} h {n} min between classes a week", h=hours, n=minutes)


def _asked(preferences: Preferences) -> Sequence[str]:
    return [name for name in _KEPT if preferences.much(name)]


def _cost(one: Told, name: str) -> int:
    return one.costs.get(name, 0)
