"""Commands for shared plans and groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop.domain.commands.choices import described
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import Listing, Message, listed, msg, msg_plural
from desktop.domain.records.records import DELETED, Act, Change, Records
from desktop.domain.records.shared_choices import KIND, SharedChoices, SharedKind, not_here, values_of
from desktop.domain.timetable.timetable import Timetable

MOST = 10  # stored per year
_FEW = 5  # listed in a sentence


def keep_shared(records: Records, shared: SharedChoices) -> Act:
    """Store a plan as a candidate, or a friend's groups for the planner. Raises InvalidInput if there are too many."""
    known = {record.key for record in records.of(KIND, shared.year) if record.get("friend") is None}
    if shared.key not in known and len(known) >= MOST:
        raise InvalidInput(msg("There are {n} shared plans and groups already.", n=len(known)), "Remove one first.")
    is_plan = shared.kind is SharedKind.PLAN
    title = msg("Added a shared plan") if is_plan else msg("Added a friend’s groups")
    return Act(title, (Change(KIND, shared.key, values_of(shared)),))


def drop_shared(records: Records, shared: SharedChoices) -> Act:
    is_plan = shared.kind is SharedKind.PLAN
    title = msg("Removed a shared plan") if is_plan else msg("Removed a friend’s groups")
    return Act(title, (Change(KIND, shared.key, {DELETED: records.get(KIND, shared.key).deletion()}),))


def follow_friend(records: Records, friend: str, found: Iterable[SharedChoices]) -> tuple[Change, ...]:
    """The changes that replace a friend's stored groups by those now in the friend's calendar.

    They are not an act of their own, since the friend chose, not the student.
    """
    known = {record.key: record for record in records.of(KIND) if record.get("friend") == friend}
    wanted = {each.key: values_of(each) for each in (replace(each, friend=friend) for each in found)}
    gone = (Change(KIND, key, {DELETED: known[key].deletion()}) for key in known if key not in wanted)
    new = (
        Change(KIND, key, values)
        for key, values in wanted.items()
        if key not in known or any(known[key].get(name) != value for name, value in values.items())
    )
    return (*gone, *new)


def missing_words(timetable: Timetable, shared: SharedChoices) -> tuple[Message, ...]:
    """Sentences about shared groups that the timetable does not have, and choices that were not shared."""
    absent = [
        msg("{group} for {choice}", group=group, choice=described(key))
        for key, group in not_here(timetable, shared).items()
    ]
    said = {replace(key, activity="") for key in shared.groups}
    open_here = [
        described(key)
        for key, choice in sorted(timetable.choices.items())
        if len(choice.groups) > 1 and replace(key, activity="") not in said and not timetable.module(key.module).hidden
    ]
    found = []
    if absent:
        groups = _few(absent)
        found.append(
            msg_plural(
                len(absent), "{groups} is not in your timetable.", "{groups} are not in your timetable.", groups=groups
            )
        )
    if open_here:
        found.append(msg("It says nothing about {choices}.", choices=_few(open_here)))
    return tuple(found)


def _few(names: list[Message]) -> Listing:
    more = len(names) - _FEW
    return listed([*names[:_FEW], msg("{n} more", n=more)] if more > 0 else names)
