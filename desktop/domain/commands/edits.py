"""Commands for edits: names, colours, times, rooms, notes and own events.

As in `choices.py`, each function returns an act and stores nothing. An edit stores the documents' value at the time, so
that a later document with another value can be detected.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from desktop.domain.commands.calendar_commands import check_in_year, to_one_line
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import DateText, Weekday, listed, msg, named
from desktop.domain.records.projection import slot_to_json, time_slot_to_json
from desktop.domain.records.records import DELETED, Act, Change, Json, Records
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.modules import Colour, Module
from desktop.domain.timetable.timetable import Item, Timetable

DATE_FORMAT = "d MMMM"  # the format of a date in the present year
EDITS = ("slot", "venues", "room", "note")
_NAME_LENGTH = 80
_NOTE_LENGTH = 2000


def edit_change(what: Item | Module, values: Mapping[str, Json]) -> Change:
    """The change of the record that stores the student's edits of an item or a module."""
    match what:
        case Module():
            return Change("module", f"{what.year}/{what.code}", values)
        case OwnEvent():
            return Change("event", event_key(what.id), values)
    return Change("edit", what.id, values)


# Modules


def rename_module(timetable: Timetable, code: str, name: str) -> Act:
    """Rename a module. An empty name restores its code."""
    module = timetable.module(code)
    name = to_one_line(name, msg("name"), _NAME_LENGTH)
    if name:
        title = msg("Renamed {code} to {name}", code=code, name=name)
    else:
        title = msg("Reset the name of {code}", code=code)
    return Act(title, (edit_change(module, {"name": name or None}),))


def recolour_module(timetable: Timetable, code: str, colour: Colour | None) -> Act:
    """Set the colour of a module. None restores its default."""
    module = timetable.module(code)
    title = (
        msg("Coloured {name} {colour}", name=module.title, colour=named(colour.value))
        if colour
        else msg("Reset the colour of {name}", name=module.title)
    )
    return Act(title, (edit_change(module, {"colour": None if colour is None else str(colour)}),))


# Meetings, tests and exams


def selectable_rooms(item: Meeting | Assessment) -> tuple[str, ...]:
    """The rooms that the student may choose from, including the chosen one even if it is no longer listed."""
    listed = item.venues if "venues" in item.edited and not item.room else item.printed_venues
    return tuple(dict.fromkeys((*listed, item.room) if item.room else listed))


def set_room(timetable: Timetable, item_id: str, room: str | None) -> Act:
    """Choose the student's room out of several. None restores all."""
    item = timetable.printed_item(item_id)
    if room is None:
        return Act(msg("Cleared the room of {what}", what=item.label), (edit_change(item, {"room": None}),))
    rooms = {*item.printed_venues, *item.venues}
    if room not in rooms:
        raise InvalidInput(
            msg("{what} is not in {room}.", what=item.label, room=room),
            msg("Choose one of {names}.", names=listed(sorted(rooms), "")),
        )
    values: dict[str, Json] = {"room": room}
    if "venues" in item.edited and room not in item.venues:
        values["venues"] = None  # the later choice of a printed room overrides the edited venues
    return Act(msg("Chose {room} for {what}", room=room, what=item.label), (edit_change(item, values),))


def move_meeting(timetable: Timetable, item_id: str, slot: Slot) -> Act:
    """Move a weekly meeting. The documents' slot is stored, to detect when it changes."""
    item = timetable.printed_item(item_id)
    if not isinstance(item, Meeting):
        raise InvalidInput(msg("{what} is on a date, not weekly.", what=item.label), "Give it another date and time.")
    against = slot_to_json(item.printed_slot or item.slot)
    value = {"set": slot_to_json(slot), "against": against}
    return Act(
        msg(
            "Moved {what} to {day} {start} to {end}",
            what=item.label,
            day=Weekday(slot.weekday),
            start=slot.start,
            end=slot.end,
        ),
        (edit_change(item, {"slot": value if value["set"] != against else None}),),
    )


def move_assessment(timetable: Timetable, item_id: str, day: date, start: time, end: time) -> Act:
    """Move a test or an exam, or change its end."""
    item = timetable.printed_item(item_id)
    if not isinstance(item, Assessment):
        raise InvalidInput(msg("{what} is weekly.", what=item.label), "Give it another weekday and time.")
    if start >= end:
        raise InvalidInput(
            msg("{what} would end at {end}, not after its start at {start}.", what=item.label, end=end, start=start),
            "Give it a later end.",
        )
    check_in_year(timetable.year, day)
    printed = item.printed_slot or (item.date, item.start, item.end)
    value = {"set": time_slot_to_json(day, start, end), "against": time_slot_to_json(*printed)}
    return Act(
        msg(
            "Moved {what} to {day}, {start} to {end}",
            what=item.label,
            day=DateText(day, DATE_FORMAT),
            start=start,
            end=end,
        ),
        (edit_change(item, {"slot": value}),),
    )


def set_venues(timetable: Timetable, item_id: str, venues: tuple[str, ...]) -> Act:
    """Set the venues of a meeting, test or exam. This replaces a room chosen from the printed ones."""
    item = timetable.printed_item(item_id)
    given = [name for name in dict.fromkeys(to_one_line(venue, msg("venue"), _NAME_LENGTH) for venue in venues) if name]
    if not given:
        raise InvalidInput("No venue is given.", "Name at least one, or drop your edit of the venue.")
    edit = {"set": given, "against": list(item.printed_venues)}
    values: dict[str, Json] = {"venues": None if sorted(given) == sorted(item.printed_venues) else edit}
    if item.room:
        values["room"] = None
    return Act(
        msg("Set the venue of {what} to {venues}", what=item.label, venues=listed(given, "")),
        (edit_change(item, values),),
    )


def set_note(timetable: Timetable, item_id: str, note: str) -> Act:
    """Set the note of a meeting, test, exam or own event. An empty one removes it."""
    item = timetable.item(item_id)
    note = _checked_note(note)
    template = "Wrote a note on {what}" if note else "Removed the note on {what}"
    return Act(msg(template, what=item.label), (edit_change(item, {"note": note or None}),))


def drop_edit(timetable: Timetable, item_id: str, name: str) -> Act:
    """Drop an edit, so that the documents' value applies. `name` is slot, venues, room or note."""
    item = timetable.printed_item(item_id)
    if name not in EDITS:
        raise InvalidInput(
            msg("There is no edit of {name}.", name=name), msg("Name one of {names}.", names=listed(EDITS, ""))
        )
    return Act(
        msg("Dropped your {edit} of {what}", edit=_EDIT_NAMES[name], what=item.label),
        (edit_change(item, {name: None}),),
    )


def keep_edit(timetable: Timetable, item_id: str, name: str) -> Act:
    """Keep an outdated edit: it then counts as made against the documents' present value."""
    item = timetable.printed_item(item_id)
    if name not in item.outdated:
        raise InvalidInput(
            msg("Your {edit} of {what} is not outdated.", edit=_EDIT_NAMES.get(name, name), what=item.label)
        )
    values: dict[str, Json]
    if name == "venues":
        values = {"venues": {"set": list(item.venues), "against": list(item.printed_venues)}}
    elif name == "room":
        values = {"venues": {"set": [item.room], "against": list(item.printed_venues)}, "room": None}
    elif isinstance(item, Meeting):
        against = slot_to_json(item.printed_slot or item.slot)
        values = {"slot": {"set": slot_to_json(item.slot), "against": against}}
    else:
        printed = item.printed_slot or (item.date, item.start, item.end)
        now = time_slot_to_json(item.date, item.start, item.end)
        values = {"slot": {"set": now, "against": time_slot_to_json(*printed)}}
    return Act(msg("Kept your {edit} of {what}", edit=_EDIT_NAMES[name], what=item.label), (edit_change(item, values),))


_EDIT_NAMES = {"slot": msg("time"), "venues": msg("venue"), "room": msg("room"), "note": msg("note")}


# Own events


def save_event(timetable: Timetable, event: OwnEvent) -> Act:
    """Add an own event, or change the one with the same id (see `event_id`)."""
    known = timetable.find(event.id)
    title = to_one_line(event.title, msg("title"), _NAME_LENGTH)
    if not title:
        raise InvalidInput("The event has no title.", "Give it one.")
    if event.year != timetable.year:
        raise InvalidInput(msg("The event belongs to {year}, not to {other}.", year=event.year, other=timetable.year))
    if event.on is not None:
        check_in_year(timetable.year, event.on)
    if event.weekday is not None and not 0 <= event.weekday <= 6:
        raise InvalidInput(msg("There is no weekday {n}.", n=event.weekday))
    values: dict[str, Json] = {
        "title": title,
        "start": f"{event.start:%H:%M}",
        "end": f"{event.end:%H:%M}",
        "weekday": event.weekday,
        "date": None if event.on is None else event.on.isoformat(),
        "offered": event.offered or None,
        "venue": to_one_line(event.venue, msg("venue"), _NAME_LENGTH) or None,
        "note": _checked_note(event.note) or None,
        "colour": str(event.colour),
    }
    return Act(
        msg("Changed {what}" if known else "Added {what}", what=title), (Change("event", event_key(event.id), values),)
    )


def delete_event(records: Records, timetable: Timetable, event_id: str) -> Act:
    item = timetable.item(event_id)
    if not isinstance(item, OwnEvent):
        raise InvalidInput(msg("{what} comes from a document.", what=item.label), "Hide it instead.")
    key = event_key(event_id)
    return Act(
        msg("Deleted {what}", what=item.title),
        (Change("event", key, {DELETED: records.get("event", key).deletion()}),),
    )


def event_id(year: int, name: str) -> str:
    """The id of an own event. `name` is any text that is unique in the year, such as random hex."""
    return f"{year}/event/{name}"


def event_key(item_id: str) -> str:
    """The key of an own event's record. Raises InvalidInput if it is the id of another item."""
    match item_id.split("/", 2):
        case [year, "event", name] if year.isdigit() and name:
            return f"{year}/{name}"
    raise InvalidInput(msg("“{item_id}” does not name an own event.", item_id=item_id))


def _checked_note(text: str) -> str:
    text = text.strip()
    if len(text) > _NOTE_LENGTH:
        raise InvalidInput(
            msg("A note of {n} characters is too long.", n=len(text)), msg("Use at most {most}.", most=_NOTE_LENGTH)
        )
    return text
