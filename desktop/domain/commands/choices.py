"""Commands for groups, hiding, skipping and accepting clashes.

Each function checks its arguments against the timetable and returns an act with a title in the past tense ("Chose P02
for ..."), which Undo shows. Nothing is stored here. For names, times, rooms, notes and own events, see `edits.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from desktop.domain.commands.edits import DATE_FORMAT, edit_change
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import DateText, Message, listed, msg
from desktop.domain.records.projection import SKIP_PREFIX
from desktop.domain.records.records import SHARED, Act, Change, Json, Records
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.timetable import Timetable

# Groups


def choose_group(timetable: Timetable, key: ChoiceKey, group: str) -> Act:
    """Choose a group. If a later document renames it, the choice follows the group's meetings."""
    return Act(
        msg("Chose {group} for {choice}", group=group, choice=choice_text(key)),
        (_choice_change(timetable, key, group),),
    )


def clear_choice(timetable: Timetable, key: ChoiceKey) -> Act:
    """Clear a choice: all its groups are shown as candidates again."""
    _require_choice(timetable, key)
    return Act(
        msg("Cleared the choice of {choice}", choice=choice_text(key)),
        (Change("choice", str(key), {"group": None, "pinned": None}),),
    )


def choose_groups(timetable: Timetable, groups: Mapping[ChoiceKey, str], title: str = "") -> Act:
    """Choose several groups in one act, such as those of a plan. Choices that are already made are not changed."""
    changes = tuple(
        _choice_change(timetable, key, group)
        for key, group in sorted(groups.items())
        if _require_choice(timetable, key).group != group
    )
    names = [msg("{group} for {choice}", group=group, choice=choice_text(key)) for key, group in sorted(groups.items())]
    return Act(title or (msg("Chose {groups}", groups=listed(names)) if names else msg("Chose nothing")), changes)


def pin_group(timetable: Timetable, key: ChoiceKey, group: str | None = None) -> Act:
    """Pin this group, or the chosen one, so that plans do not change it."""
    kept = group or _require_choice(timetable, key).group
    if kept is None:
        raise InvalidInput(msg("No group is chosen for {choice}.", choice=choice_text(key)), "Choose one, then pin it.")
    change = _choice_change(timetable, key, kept)
    return Act(
        msg("Pinned {kept} for {choice}", kept=kept, choice=choice_text(key)),
        (Change("choice", change.key, {**change.values, "pinned": True}),),
    )


def unpin_group(timetable: Timetable, key: ChoiceKey) -> Act:
    """Unpin the group, so that plans may change it. It stays chosen."""
    _require_choice(timetable, key)
    return Act(msg("Unpinned {choice}", choice=choice_text(key)), (Change("choice", str(key), {"pinned": None}),))


def choice_text(key: ChoiceKey) -> Message:
    """A choice as text: `COS 212 practicals`. An unknown kind keeps its letters."""
    if key.activity:
        return msg("{module} {kind}", module=key.module, kind=key.activity)
    match key.kind:
        case "L":
            return msg("{module} lectures", module=key.module)
        case "P":
            return msg("{module} practicals", module=key.module)
        case "T":
            return msg("{module} tutorials", module=key.module)
        case "D":
            return msg("{module} discussions", module=key.module)
    return msg("{module} {kind}", module=key.module, kind=key.kind)


def undecided_modules(timetable: Timetable) -> tuple[str, ...]:
    """The modules with an undecided choice, sorted."""
    return tuple(sorted({item.module for item in timetable.meetings if timetable.is_undecided(item)}))


def include_undecided(year: int) -> Act:
    """Include the candidates of undecided choices in the calendars of that year, as tentative."""
    return Act(
        "Included groups not chosen yet as tentative",
        (Change("settings", SHARED, {_include_undecided_field(year): True}),),
    )


def is_undecided_included(records: Records, year: int) -> bool:
    """True if the student includes undecided choices in the calendars of that year."""
    return records.get("settings", SHARED).get(_include_undecided_field(year), False) is True


def _include_undecided_field(year: int) -> str:
    return f"include_undecided_{year}"


def _require_choice(timetable: Timetable, key: ChoiceKey) -> Choice:
    choice = timetable.choices.get(key)
    if choice is None:
        raise InvalidInput(
            msg(
                "There is nothing to choose for {module} {offered} {kind}.",
                module=key.module,
                offered=key.offered,
                kind=key.kind,
            ),
            "Check the module, when it is offered and the kind of activity.",
        )
    return choice


def _choice_change(timetable: Timetable, key: ChoiceKey, group: str) -> Change:
    choice = _require_choice(timetable, key)
    if group not in choice.groups:
        raise InvalidInput(
            msg("{choice} have no group {group}.", choice=choice_text(key), group=group),
            msg("Choose one of {names}.", names=listed(choice.groups, "")),
        )
    ids: Json = sorted(
        meeting.id for meeting in timetable.meetings if meeting.choice_key == key and meeting.group == group
    )
    return Change("choice", str(key), {"group": {"name": group, "ids": ids}})


def mix_groups(timetable: Timetable, code: str) -> Act:
    """Allow another group for each lecture of a module: L1 with G01, L2 with G03."""
    module = timetable.module(code)
    return Act(msg("Mixed the lecture groups of {what}", what=module.title), (edit_change(module, {"mixed": True}),))


def unmix_groups(timetable: Timetable, code: str) -> Act:
    """Return to one group for all lectures of a module: the one chosen before they were mixed, if any."""
    module = timetable.module(code)
    return Act(
        msg("Stopped mixing the lecture groups of {what}", what=module.title), (edit_change(module, {"mixed": None}),)
    )


# Modules, meetings, tests and exams


def hide_module(timetable: Timetable, code: str) -> Act:
    """Hide a module everywhere, also in exports."""
    module = timetable.module(code)
    return Act(msg("Hid {what}", what=module.title), (edit_change(module, {"hidden": True}),))


def show_module(timetable: Timetable, code: str) -> Act:
    module = timetable.module(code)
    return Act(msg("Showed {what} again", what=module.title), (edit_change(module, {"hidden": None}),))


def hide_item(timetable: Timetable, item_id: str) -> Act:
    """Hide a meeting, test or exam, on all its dates."""
    item = timetable.printed_item(item_id)
    return Act(msg("Hid {what}", what=item.label), (edit_change(item, {"hidden": True}),))


def show_item(timetable: Timetable, item_id: str) -> Act:
    item = timetable.printed_item(item_id)
    return Act(msg("Showed {what} again", what=item.label), (edit_change(item, {"hidden": None}),))


def skip_date(timetable: Timetable, item_id: str, day: date) -> Act:
    """Skip one date of a meeting or of a weekly own event."""
    return _set_skipped(timetable, item_id, day, skipped=True)


def restore_date(timetable: Timetable, item_id: str, day: date) -> Act:
    return _set_skipped(timetable, item_id, day, skipped=False)


def _set_skipped(timetable: Timetable, item_id: str, day: date, *, skipped: bool) -> Act:
    item = timetable.item(item_id)
    if isinstance(item, Assessment) or (isinstance(item, OwnEvent) and item.on is not None):
        raise InvalidInput(msg("{what} is on one date only.", what=item.label), "Hide or delete it instead.")
    template = "Skipped {what} on {day}" if skipped else "Restored {what} on {day}"
    values = {f"{SKIP_PREFIX}{day.isoformat()}": True if skipped else None}
    return Act(msg(template, what=item.label, day=DateText(day, DATE_FORMAT)), (edit_change(item, values),))


# Clashes


def accept_clash(timetable: Timetable, one: str, other: str) -> Act:
    """Accept a clash: it is listed as accepted from now on."""
    names = listed(timetable.item(each).label for each in (one, other))
    return Act(
        msg("Accepted the clash of {names}", names=names),
        (Change("clash", clash_key(one, other), {"accepted": True}),),
    )


def unaccept_clash(timetable: Timetable, one: str, other: str) -> Act:
    names = listed(timetable.item(each).label for each in (one, other))
    return Act(
        msg("No longer accepted the clash of {names}", names=names),
        (Change("clash", clash_key(one, other), {"accepted": None}),),
    )


def clash_key(one: str, other: str) -> str:
    """The key of the record of a clash between two items, independent of their order."""
    return "|".join(sorted((one, other)))


def accepted_clashes(records: Records, year: int) -> frozenset[str]:
    """The keys of all accepted clashes of a year."""
    return frozenset(record.key for record in records.of_kind("clash", year) if record.get("accepted") is True)
