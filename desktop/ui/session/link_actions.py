"""One-click actions on an item of the timetable: the links of the detail pane and the menu of a block.

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
from desktop.ui.texts.language import date_text, translate


class LinkAction(NamedTuple):
    """An action: its text, its icon, and the function that makes its act; `chosen` if it is in effect already."""

    words: str
    icon: str
    make_act: Callable[[], Act]
    chosen: bool = False


def perform_or_report(session: Session, make_act: Callable[[], Act]) -> None:
    """Makes the act and performs it; shows the error if it cannot be made."""
    try:
        act = make_act()
    except AppError as wrong:
        session.notices.show_error(wrong)
    else:
        session.perform(act)


def group_actions(timetable: Timetable, item: Item) -> list[LinkAction]:
    """The groups of a class to choose from; none if there is only one."""
    choice = timetable.choices.get(item.choice_key) if isinstance(item, Meeting) else None
    if choice is None or len(choice.groups) < 2:
        return []
    words = translate("Detail", "Attend {group}")
    return [
        LinkAction(
            words.format(group=group),
            "",
            partial(choices.choose_group, timetable, choice.key, group),
            group == choice.group,
        )
        for group in choice.groups
    ]


def choice_to_change(timetable: Timetable, item: Item) -> ChoiceKey | None:
    """The choice of a class whose group is decided and which has other groups; else None."""
    if not isinstance(item, Meeting) or timetable.is_undecided(item):
        return None
    return item.choice_key if len(timetable.choices[item.choice_key].groups) > 1 else None


def room_actions(timetable: Timetable, item: Item) -> list[LinkAction]:
    """The rooms to choose the student's own from, if there are several; the first action is any of them."""
    if isinstance(item, OwnEvent):
        return []
    rooms = edits.selectable_rooms(item)
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


def date_actions(timetable: Timetable, item: Item, occurrence: Occurrence | None) -> list[LinkAction]:
    """Skip one date of a weekly item, or attend a skipped date again."""
    if isinstance(item, Assessment) or (isinstance(item, OwnEvent) and item.on is not None):
        return []
    offers = []
    if occurrence is not None and occurrence.date not in item.skipped:
        words = translate("Actions", "Skip on {day}").format(day=date_text(occurrence.date, "d MMMM"))
        offers.append(LinkAction(words, "close", partial(choices.skip_date, timetable, item.id, occurrence.date)))
    for day in sorted(item.skipped):
        words = translate("Actions", "Attend on {day}").format(day=date_text(day, "d MMMM"))
        offers.append(LinkAction(words, "undo", partial(choices.restore_date, timetable, item.id, day)))
    return offers


def document_actions(timetable: Timetable, item: Meeting | Assessment) -> list[LinkAction]:
    """Drop an edit in favour of the document, and hide or show the item."""
    offers = []
    for name in sorted(item.edited - {"note"}):
        words = translate("Actions", "Use the {what} of the document").format(what=edited_field_name(name))
        offers.append(LinkAction(words, "undo", partial(edits.drop_edit, timetable, item.id, name)))
    if item.hidden:
        words = translate("Actions", "Show again")
        offers.append(LinkAction(words, "show", partial(choices.show_item, timetable, item.id)))
    else:
        words = translate("Actions", "Hide this class")
        offers.append(LinkAction(words, "hide", partial(choices.hide_item, timetable, item.id)))
    return offers


def own_event_actions(session: Session, item: OwnEvent) -> list[LinkAction]:
    """Delete an own event."""

    def delete() -> Act:
        view = session.state.view
        if view is None:
            raise AppError("The timetable is not open.")
        return edits.delete_event(view.records, view.timetable, item.id)

    return [LinkAction(translate("Actions", "Delete"), "delete", delete)]


def edited_field_name(name: str) -> str:
    """The name of an edited field, in the language of the window."""
    return {
        "slot": translate("Actions", "time"),
        "venues": translate("Actions", "venue"),
        "room": translate("Actions", "room"),
        "note": translate("Actions", "note"),
    }.get(name, name)
