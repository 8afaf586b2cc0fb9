"""What can be done with something of the timetable by one click: the links of the detail pane, the menu of a block.

Every act can be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from desktop.domain.commands import choices, edits
from desktop.domain.errors import AppError
from desktop.domain.records.records import Act
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import Item, Timetable
from desktop.ui.session.session import Session
from desktop.ui.texts.language import day_text, translate


class LinkAction(NamedTuple):
    """One thing to do: its words, its icon, the act it becomes; `chosen` where it is so already."""

    words: str
    icon: str
    make: Callable[[], Act]
    chosen: bool = False


def take_up(session: Session, make: Callable[[], Act]) -> None:
    """Does it, or says why it cannot be done."""
    try:
        act = make()
    except AppError as wrong:
        session.notices.handle(wrong)
    else:
        session.perform(act)


def of_groups(timetable: Timetable, item: Item) -> list[LinkAction]:
    """The groups to choose from, where there are several."""
    choice = timetable.choices.get(item.choice) if isinstance(item, Meeting) else None
    if choice is None or len(choice.groups) < 2:
        return []
    words = translate("Detail", "Attend {group}")
    return [
        LinkAction(
            words.format(group=group), "", partial(choices.choose, timetable, choice.key, group), group == choice.group
        )
        for group in choice.groups
    ]


def choice_to_change(timetable: Timetable, item: Item) -> ChoiceKey | None:
    """The choice of a class whose group is decided, where there are others to attend instead."""
    if not isinstance(item, Meeting) or timetable.is_undecided(item):
        return None
    return item.choice if len(timetable.choices[item.choice].groups) > 1 else None


def of_rooms(timetable: Timetable, item: Item) -> list[LinkAction]:
    """Which of several rooms is the student's; the first is that none in particular is."""
    if isinstance(item, OwnEvent):
        return []
    rooms = edits.rooms_of(item)
    if len(rooms) < 2:
        return []
    anywhere = LinkAction(
        translate("Actions", "Any of these rooms"),
        "",
        partial(edits.set_room, timetable, item.id, None),
        not item.room,
    )
    return [
        anywhere,
        *(LinkAction(room, "", partial(edits.set_room, timetable, item.id, room), room == item.room) for room in rooms),
    ]


def of_days(timetable: Timetable, item: Item, occurrence: Occurrence | None) -> list[LinkAction]:
    """Leaving out one date of something weekly, and taking that back."""
    if isinstance(item, Assessment) or (isinstance(item, OwnEvent) and item.on is not None):
        return []
    offers = []
    if occurrence is not None and occurrence.date not in item.skipped:
        words = translate("Actions", "Skip on {day}").format(day=day_text(occurrence.date, "d MMMM"))
        offers.append(LinkAction(words, "close", partial(choices.skip, timetable, item.id, occurrence.date)))
    for day in sorted(item.skipped):
        words = translate("Actions", "Attend on {day}").format(day=day_text(day, "d MMMM"))
        offers.append(LinkAction(words, "undo", partial(choices.unskip, timetable, item.id, day)))
    return offers


def of_document(timetable: Timetable, item: Meeting | Assessment) -> list[LinkAction]:
    """What the document says instead of an edit, and whether it is seen at all."""
    offers = []
    for name in sorted(item.edited - {"note"}):
        words = translate("Actions", "Use the {what} of the document").format(what=edit_name(name))
        offers.append(LinkAction(words, "undo", partial(edits.drop_edit, timetable, item.id, name)))
    if item.hidden:
        words = translate("Actions", "Show again")
        offers.append(LinkAction(words, "show", partial(choices.show, timetable, item.id)))
    else:
        words = translate("Actions", "Hide this class")
        offers.append(LinkAction(words, "hide", partial(choices.hide, timetable, item.id)))
    return offers


def of_own(session: Session, item: OwnEvent) -> list[LinkAction]:
    """Deleting an own event."""

    def delete() -> Act:
        view = session.state.view
        if view is None:
            raise AppError("The timetable is not open.")
        return edits.delete_event(view.records, view.timetable, item.id)

    return [LinkAction(translate("Actions", "Delete"), "delete", delete)]


def edit_name(name: str) -> str:
    """What a student edited, in words."""
    return {
        "slot": translate("Actions", "time"),
        "venues": translate("Actions", "venue"),
        "room": translate("Actions", "room"),
        "note": translate("Actions", "note"),
    }.get(name, name)
