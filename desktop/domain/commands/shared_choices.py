"""Commands for shared plans and groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop.domain.commands.choices import choice_text
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import Listing, Message, listed, msg, msg_plural
from desktop.domain.records.records import DELETED, Act, Change, Records
from desktop.domain.records.shared_choices import KIND, SharedChoices, SharedKind, absent_groups, record_values
from desktop.domain.timetable.timetable import Timetable

MAX_SHARED_PER_YEAR = 10  # stored per year
_MAX_LISTED = 5  # listed in a sentence


def save_shared(records: Records, shared: SharedChoices) -> Act:
    """Store a plan as a candidate, or a friend's groups for the planner. Raises InvalidInput if there are too many."""
    known = {record.key for record in records.of_kind(KIND, shared.year) if record.get("friend") is None}
    if shared.key not in known and len(known) >= MAX_SHARED_PER_YEAR:
        raise InvalidInput(msg("There are {n} shared plans and groups already.", n=len(known)), "Remove one first.")
    is_plan = shared.kind is SharedKind.PLAN
    title = msg("Added a shared plan") if is_plan else msg("Added a friend’s groups")
    return Act(title, (Change(KIND, shared.key, record_values(shared)),))


def remove_shared(records: Records, shared: SharedChoices) -> Act:
    is_plan = shared.kind is SharedKind.PLAN
    title = msg("Removed a shared plan") if is_plan else msg("Removed a friend’s groups")
    return Act(title, (Change(KIND, shared.key, {DELETED: records.get(KIND, shared.key).deletion()}),))


def replace_friend_groups(records: Records, friend: str, found: Iterable[SharedChoices]) -> tuple[Change, ...]:
    """The changes that replace a friend's stored groups by those now in the friend's calendar.

    They are not an act of their own, since the friend chose, not the student.
    """
    known = {record.key: record for record in records.of_kind(KIND) if record.get("friend") == friend}
    wanted = {each.key: record_values(each) for each in (replace(each, friend=friend) for each in found)}
    gone = (Change(KIND, key, {DELETED: known[key].deletion()}) for key in known if key not in wanted)
    new = (
        Change(KIND, key, values)
        for key, values in wanted.items()
        if key not in known or any(known[key].get(name) != value for name, value in values.items())
    )
    return (*gone, *new)


def difference_texts(timetable: Timetable, shared: SharedChoices) -> tuple[Message, ...]:
    """Sentences about shared groups that the timetable does not have, and choices that were not shared."""
    absent = [
        msg("{group} for {choice}", group=group, choice=choice_text(key))
        for key, group in absent_groups(timetable, shared).items()
    ]
    said = {replace(key, activity="") for key in shared.groups}
    open_here = [
        choice_text(key)
        for key, choice in sorted(timetable.choices.items())
        if len(choice.groups) > 1 and replace(key, activity="") not in said and not timetable.module(key.module).hidden
    ]
    found = []
    if absent:
        groups = _shortened_listing(absent)
        found.append(
            msg_plural(
                len(absent), "{groups} is not in your timetable.", "{groups} are not in your timetable.", groups=groups
            )
        )
    if open_here:
        found.append(msg("It says nothing about {choices}.", choices=_shortened_listing(open_here)))
    return tuple(found)


def _shortened_listing(names: list[Message]) -> Listing:
    more = len(names) - _MAX_LISTED
    return listed([*names[:_MAX_LISTED], msg("{n} more", n=more)] if more > 0 else names)
