"""What a student can choose and change, as verbs: each gives the act to perform, checked, with its title in the past.

Hides which fields of which records say so. An act names what it did, so that it can be offered to be undone. Nothing is
changed here; wherever the timetable is asked for, it is the one the student was looking at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from desktop.domain.assembly import SKIP, moment_to_json, slot_to_json
from desktop.domain.errors import InvalidInput
from desktop.domain.records import DELETED, Act, Change, Json, Records
from desktop.domain.term_acts import check_in_year
from desktop.domain.timetable import (
    Choice,
    ChoiceKey,
    Colour,
    Item,
    Meeting,
    Module,
    OwnEvent,
    Sitting,
    Slot,
    Timetable,
)
from desktop.domain.wording import Day, Phrase, Weekday, listed, named, said

_NAME_LENGTH = 80
_NOTE_LENGTH = 2000
_DAY = "d MMMM"  # how a date of the year at hand is said
EDITS = ("slot", "venues", "room", "note")


# Groups


def choose(timetable: Timetable, key: ChoiceKey, group: str) -> Act:
    """Attend this group. The choice follows the group's meetings, should a later document call it otherwise."""
    return Act(
        said("Chose {group} for {choice}", group=group, choice=described(key)), (_chosen(timetable, key, group),)
    )


def unchoose(timetable: Timetable, key: ChoiceKey) -> Act:
    """No group is chosen any more: all are shown as candidates again."""
    _choice(timetable, key)
    return Act(
        said("Chose no group for {choice} any more", choice=described(key)),
        (Change("choice", str(key), {"group": None, "pinned": None}),),
    )


def choose_all(timetable: Timetable, groups: Mapping[ChoiceKey, str], title: str = "") -> Act:
    """Attend these groups, as one act: what applying a plan does. Choices that stand already are not touched."""
    changes = tuple(
        _chosen(timetable, key, group)
        for key, group in sorted(groups.items())
        if _choice(timetable, key).group != group
    )
    names = [said("{group} for {choice}", group=group, choice=described(key)) for key, group in sorted(groups.items())]
    return Act(title or (said("Chose {groups}", groups=listed(names)) if names else said("Chose nothing")), changes)


def pin(timetable: Timetable, key: ChoiceKey, group: str | None = None) -> Act:
    """Keep to this group (or the one chosen), whatever a plan would rather have."""
    kept = group or _choice(timetable, key).group
    if kept is None:
        raise InvalidInput(said("No group is chosen for {choice}.", choice=described(key)), "Choose one, then pin it.")
    change = _chosen(timetable, key, kept)
    return Act(
        said("Pinned {kept} for {choice}", kept=kept, choice=described(key)),
        (Change("choice", change.key, {**change.values, "pinned": True}),),
    )


def unpin(timetable: Timetable, key: ChoiceKey) -> Act:
    """Plans may change this group again; it stays chosen until one does."""
    _choice(timetable, key)
    return Act(said("Unpinned {choice}", choice=described(key)), (Change("choice", str(key), {"pinned": None}),))


def described(key: ChoiceKey) -> Phrase:
    """A choice in words: `COS 212 practicals`; a kind without a known name keeps its letters."""
    match key.kind:
        case "L":
            return said("{module} lectures", module=key.module)
        case "P":
            return said("{module} practicals", module=key.module)
        case "T":
            return said("{module} tutorials", module=key.module)
        case "D":
            return said("{module} discussions", module=key.module)
    return said("{module} {kind}", module=key.module, kind=key.kind)


def _choice(timetable: Timetable, key: ChoiceKey) -> Choice:
    choice = timetable.choices.get(key)
    if choice is None:
        raise InvalidInput(
            said(
                "There is nothing to choose for {module} {offered} {kind}.",
                module=key.module,
                offered=key.offered,
                kind=key.kind,
            ),
            "Check the module, when it is offered and the kind of activity.",
        )
    return choice


def _chosen(timetable: Timetable, key: ChoiceKey, group: str) -> Change:
    choice = _choice(timetable, key)
    if group not in choice.groups:
        raise InvalidInput(
            said("{choice} have no group {group}.", choice=described(key), group=group),
            said("Choose one of {names}.", names=listed(choice.groups, "")),
        )
    ids: Json = sorted(meeting.id for meeting in timetable.meetings if meeting.choice == key and meeting.group == group)
    return Change("choice", str(key), {"group": {"name": group, "ids": ids}})


# Modules


def hide_module(timetable: Timetable, code: str) -> Act:
    """Show nothing of a module anywhere, nor export it."""
    return _module_act(timetable, code, said("Hid {what}", what=_module(timetable, code).title), {"hidden": True})


def show_module(timetable: Timetable, code: str) -> Act:
    return _module_act(
        timetable, code, said("Showed {what} again", what=_module(timetable, code).title), {"hidden": None}
    )


def rename_module(timetable: Timetable, code: str, name: str) -> Act:
    """Call a module something else; an empty name gives it its code back."""
    name = _line(name, said("name"))
    if name:
        title = said("Renamed {code} to {name}", code=code, name=name)
    else:
        title = said("Gave {code} its own name back", code=code)
    return _module_act(timetable, code, title, {"name": name or None})


def recolour_module(timetable: Timetable, code: str, colour: Colour | None) -> Act:
    """Give a module a colour of the student's own, or (None) the one it has by itself."""
    name = _module(timetable, code).title
    title = (
        said("Coloured {name} {colour}", name=name, colour=named(colour.value))
        if colour
        else said("Gave {name} its own colour back", name=name)
    )
    return _module_act(timetable, code, title, {"colour": None if colour is None else str(colour)})


def _module(timetable: Timetable, code: str) -> Module:
    module = timetable.modules.get(code)
    if module is None:
        raise InvalidInput(said("{code} is not in the timetable of {other}.", code=code, other=timetable.year))
    return module


def _module_act(timetable: Timetable, code: str, title: str, values: Mapping[str, Json]) -> Act:
    _module(timetable, code)
    return Act(title, (Change("module", f"{timetable.year}/{code}", values),))


# Meetings, tests and exams


def hide(timetable: Timetable, item_id: str) -> Act:
    """Leave out one meeting, test or exam, on all its dates."""
    item = _printed(timetable, item_id)
    return Act(said("Hid {what}", what=item.label), (Change("edit", item.id, {"hidden": True}),))


def show(timetable: Timetable, item_id: str) -> Act:
    item = _printed(timetable, item_id)
    return Act(said("Showed {what} again", what=item.label), (Change("edit", item.id, {"hidden": None}),))


def skip(timetable: Timetable, item_id: str, day: date) -> Act:
    """Leave out one date of a meeting or of a weekly own event: not this week."""
    return _skip(timetable, item_id, day, skipped=True)


def unskip(timetable: Timetable, item_id: str, day: date) -> Act:
    return _skip(timetable, item_id, day, skipped=False)


def _skip(timetable: Timetable, item_id: str, day: date, *, skipped: bool) -> Act:
    item = _found(timetable, item_id)
    if isinstance(item, Sitting) or (isinstance(item, OwnEvent) and item.on is not None):
        raise InvalidInput(said("{what} is on one date only.", what=_name(item)), "Hide or delete it instead.")
    template = "Skipped {what} on {day}" if skipped else "Put {what} on {day} back"
    values = {f"{SKIP}{day.isoformat()}": True if skipped else None}
    return Act(said(template, what=_name(item), day=Day(day, _DAY)), (_on(item, values),))


def rooms_of(item: Meeting | Sitting) -> tuple[str, ...]:
    """The rooms of which one may be this student's: where it is held, and the one chosen, though listed no more."""
    listed = item.venues if "venues" in item.edited and not item.room else item.printed_venues
    return tuple(dict.fromkeys((*listed, item.room) if item.room else listed))


def set_room(timetable: Timetable, item_id: str, room: str | None) -> Act:
    """The one room of many that is this student's; None for all of them again."""
    item = _printed(timetable, item_id)
    if room is None:
        return Act(
            said("Kept no room of {what} in particular", what=item.label), (Change("edit", item.id, {"room": None}),)
        )
    rooms = {*item.printed_venues, *item.venues}
    if room not in rooms:
        raise InvalidInput(
            said("{what} is not in {room}.", what=item.label, room=room),
            said("Choose one of {names}.", names=listed(sorted(rooms), "")),
        )
    values: dict[str, Json] = {"room": room}
    if "venues" in item.edited and room not in item.venues:
        values["venues"] = None  # what was said last counts: it is where the document has it after all
    return Act(said("Chose {room} for {what}", room=room, what=item.label), (Change("edit", item.id, values),))


def move(timetable: Timetable, item_id: str, slot: Slot) -> Act:
    """Move a weekly meeting by hand. It is remembered what the documents said, to tell when they change."""
    item = _printed(timetable, item_id)
    if not isinstance(item, Meeting):
        raise InvalidInput(said("{what} is on a date, not weekly.", what=item.label), "Give it another date and time.")
    against = slot_to_json(item.printed_slot or item.slot)
    value = {"set": slot_to_json(slot), "against": against}
    return Act(
        said(
            "Moved {what} to {day} {start} to {end}",
            what=item.label,
            day=Weekday(slot.weekday),
            start=slot.start,
            end=slot.end,
        ),
        (Change("edit", item.id, {"slot": value if value["set"] != against else None}),),
    )


def move_sitting(timetable: Timetable, item_id: str, day: date, start: time, end: time) -> Act:
    """Move a test or an exam by hand, or say how long it really takes."""
    item = _printed(timetable, item_id)
    if not isinstance(item, Sitting):
        raise InvalidInput(said("{what} is weekly.", what=item.label), "Give it another weekday and time.")
    if start >= end:
        raise InvalidInput(
            said("{what} would end at {end}, not after its start at {start}.", what=item.label, end=end, start=start),
            "Give it a later end.",
        )
    check_in_year(timetable.year, day)
    printed = item.printed_slot or (item.date, item.start, item.end)
    value = {"set": moment_to_json(day, start, end), "against": moment_to_json(*printed)}
    return Act(
        said("Moved {what} to {day}, {start} to {end}", what=item.label, day=Day(day, _DAY), start=start, end=end),
        (Change("edit", item.id, {"slot": value}),),
    )


def set_venues(timetable: Timetable, item_id: str, venues: tuple[str, ...]) -> Act:
    """Say by hand where a meeting, test or exam is. It takes the place of a room chosen among those printed."""
    item = _printed(timetable, item_id)
    given = [name for name in dict.fromkeys(_line(venue, said("venue")) for venue in venues) if name]
    if not given:
        raise InvalidInput("No venue is given.", "Name at least one, or drop your edit of the venue.")
    edit = {"set": given, "against": list(item.printed_venues)}
    values: dict[str, Json] = {"venues": None if sorted(given) == sorted(item.printed_venues) else edit}
    if item.room:
        values["room"] = None
    return Act(
        said("Set the venue of {what} to {venues}", what=item.label, venues=listed(given, "")),
        (Change("edit", item.id, values),),
    )


def set_note(timetable: Timetable, item_id: str, note: str) -> Act:
    """Write a note on a meeting, test, exam or own event; an empty one removes it."""
    item = _found(timetable, item_id)
    note = _text(note)
    template = "Wrote a note on {what}" if note else "Removed the note on {what}"
    return Act(said(template, what=_name(item)), (_on(item, {"note": note or None}),))


def drop_edit(timetable: Timetable, item_id: str, name: str) -> Act:
    """Go back to what the documents say: `name` is slot, venues, room or note."""
    item = _printed(timetable, item_id)
    if name not in EDITS:
        raise InvalidInput(
            said("There is no edit of {name}.", name=name), said("Name one of {names}.", names=listed(EDITS, ""))
        )
    return Act(
        said("Dropped your {edit} of {what}", edit=_EDIT_NAMES[name], what=item.label),
        (Change("edit", item.id, {name: None}),),
    )


def keep_edit(timetable: Timetable, item_id: str, name: str) -> Act:
    """Keep an outdated edit although the documents say something new; it counts as made against that."""
    item = _printed(timetable, item_id)
    if name not in item.outdated:
        raise InvalidInput(
            said("Your {edit} of {what} is not outdated.", edit=_EDIT_NAMES.get(name, name), what=item.label)
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
        now = moment_to_json(item.date, item.start, item.end)
        values = {"slot": {"set": now, "against": moment_to_json(*printed)}}
    return Act(
        said("Kept your {edit} of {what}", edit=_EDIT_NAMES[name], what=item.label), (Change("edit", item.id, values),)
    )


_EDIT_NAMES = {"slot": said("time"), "venues": said("venue"), "room": said("room"), "note": said("note")}


# Own events


def put_event(timetable: Timetable, event: OwnEvent) -> Act:
    """Add an own event, or change the one of that id: `year/event/` and any text that no other has."""
    known = timetable.find(event.id)
    title = _line(event.title, said("title"))
    if not title:
        raise InvalidInput("The event has no title.", "Give it one.")
    if event.year != timetable.year:
        raise InvalidInput(said("The event belongs to {year}, not to {other}.", year=event.year, other=timetable.year))
    if event.on is not None:
        check_in_year(timetable.year, event.on)
    if event.weekday is not None and not 0 <= event.weekday <= 6:
        raise InvalidInput(said("There is no weekday {n}.", n=event.weekday))
    values: dict[str, Json] = {
        "title": title,
        "start": f"{event.start:%H:%M}",
        "end": f"{event.end:%H:%M}",
        "weekday": event.weekday,
        "date": None if event.on is None else event.on.isoformat(),
        "offered": event.offered or None,
        "venue": _line(event.venue, said("venue")) or None,
        "note": _text(event.note) or None,
        "colour": str(event.colour),
    }
    return Act(
        said("Changed {what}" if known else "Added {what}", what=title), (Change("event", event_key(event.id), values),)
    )


def delete_event(records: Records, timetable: Timetable, event_id: str) -> Act:
    """Delete an own event."""
    item = _found(timetable, event_id)
    if not isinstance(item, OwnEvent):
        raise InvalidInput(said("{what} comes from a document.", what=_name(item)), "Hide it instead.")
    key = event_key(event_id)
    return Act(
        said("Deleted {what}", what=item.title),
        (Change("event", key, {DELETED: records.get("event", key).deletion()}),),
    )


def event_id(year: int, name: str) -> str:
    """The id of an own event; `name` is any text that no other event of the year has, such as random hex."""
    return f"{year}/event/{name}"


def event_key(item_id: str) -> str:
    """The key of the record of an own event; raises InvalidInput where the id is not an own event's."""
    match item_id.split("/", 2):
        case [year, "event", name] if year.isdigit() and name:
            return f"{year}/{name}"
    raise InvalidInput(said("“{item_id}” does not name an own event.", item_id=item_id))


# Clashes


def accept_clash(timetable: Timetable, one: str, other: str) -> Act:
    """Live with two things at one time: the clash is listed as accepted from now on."""
    names = listed(_name(_found(timetable, each)) for each in (one, other))
    return Act(
        said("Accepted the clash of {names}", names=names),
        (Change("clash", clash_key(one, other), {"accepted": True}),),
    )


def unaccept_clash(timetable: Timetable, one: str, other: str) -> Act:
    names = listed(_name(_found(timetable, each)) for each in (one, other))
    return Act(
        said("No longer accepted the clash of {names}", names=names),
        (Change("clash", clash_key(one, other), {"accepted": None}),),
    )


def clash_key(one: str, other: str) -> str:
    """The key of what is said of a clash between two ids, whichever comes first."""
    return "|".join(sorted((one, other)))


def accepted_clashes(records: Records, year: int) -> frozenset[str]:
    """The keys of all clashes of a year that the student accepted."""
    return frozenset(record.key for record in records.of("clash", year) if record.get("accepted") is True)


# Shared by the above


def _found(timetable: Timetable, item_id: str) -> Item:
    item = timetable.find(item_id)
    if item is None:
        raise InvalidInput(
            "This is no longer in the timetable.", "An import may have removed it; look at the week again."
        )
    return item


def _printed(timetable: Timetable, item_id: str) -> Meeting | Sitting:
    item = _found(timetable, item_id)
    if isinstance(item, OwnEvent):
        raise InvalidInput(said("{what} is your own event.", what=item.title), "Change the event itself.")
    return item


def _on(item: Item, values: Mapping[str, Json]) -> Change:
    if isinstance(item, OwnEvent):
        return Change("event", event_key(item.id), values)
    return Change("edit", item.id, values)


def _name(item: Item) -> str:
    return item.title if isinstance(item, OwnEvent) else item.label


def _line(text: str, what: Phrase) -> str:
    text = " ".join(text.split())
    if len(text) > _NAME_LENGTH:
        raise InvalidInput(
            said("A {what} of {n} characters is too long.", what=what, n=len(text)),
            said("Use at most {most}.", most=_NAME_LENGTH),
        )
    return text


def _text(text: str) -> str:
    text = text.strip()
    if len(text) > _NOTE_LENGTH:
        raise InvalidInput(
            said("A note of {n} characters is too long.", n=len(text)), said("Use at most {most}.", most=_NOTE_LENGTH)
        )
    return text
