"""Friends' published calendars: added by address, fetched at limited intervals, shown beside the student's own week.

The list of friends is synced, and so are the groups that they share with their calendar, since the planner uses them on
every machine. The calendar itself is not synced: each machine fetches it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import token_hex

from desktop.calendars.foreign import Taken, read_friend_calendar
from desktop.domain.commands.shared_choices import replace_friend_groups
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.records import DELETED, Act, Change, Records
from desktop.domain.records.shared_choices import SharedChoices, SharedKind, is_shared_link
from desktop.domain.timetable.free_time import FreeTime, find_free_times
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import takes_time
from desktop.store import Applied, Store
from desktop.sync.friends import NoLongerPublished, fetch, friend_address
from desktop.sync.qr_codes import qr_texts
from desktop.workflows.addresses import (
    UNCONFIRMED_TARGET,
    UnconfirmedAddress,
    check_confirmed,
    confirm_address,
    unconfirmed_addresses,
)
from desktop.workflows.shared_links import read_link

__all__ = [
    "UNCONFIRMED_TARGET",
    "FreeTime",
    "Friend",
    "FriendSchedule",
    "Taken",
    "UnconfirmedAddress",
    "add",
    "address_in_picture",
    "common_free_times",
    "confirm",
    "friends_of",
    "refresh",
    "remove",
    "rename",
    "unconfirmed_addresses",
]

_TARGET = "friends"
FETCH_INTERVAL = timedelta(minutes=30)  # between two requests to a friend's server, unless the student presses a button
_AHEAD = timedelta(days=200)
_BEHIND = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Friend:
    """A friend: the record's key, the name given here, and their calendar's address and colour."""

    key: str
    name: str
    address: str
    colour: str


@dataclass(frozen=True, slots=True)
class FriendSchedule:
    """A friend's calendar as fetched at the time `at` (aware; None if never)."""

    at: datetime | None
    taken: tuple[Taken, ...] = ()
    changed_records: bool = field(default=False, compare=False)  # the fetch changed the friend's synced data

    def week(self, monday: date) -> tuple[Taken, ...]:
        """The times taken in the week that begins on `monday`."""
        return tuple(each for each in self.taken if monday <= each.start.date() < monday + timedelta(days=7))


def friends_of(records: Records) -> tuple[Friend, ...]:
    """The friends, sorted by name."""
    found = [
        Friend(record.key, str(record.get("name", "")), str(record.get("address", "")), str(record.get("colour", "")))
        for record in records.of_kind("friend")
    ]
    return tuple(sorted(found, key=lambda friend: (friend.name.casefold(), friend.key)))


def add(store: Store, name: str, address: str, colour: Colour = Colour.GRAPE, *, loopback: bool = False) -> Friend:
    """Add a friend by an address typed, pasted or read from a QR code; one act. Raises InvalidInput, StorageError.

    `loopback` allows http to this machine itself, for tests.
    """
    checked, name = friend_address(address, loopback=loopback), _name(name)
    if any(friend.address == checked for friend in friends_of(store.records())):
        raise InvalidInput("This calendar is a friend's already.", "Look at the list of friends.")
    friend = Friend(token_hex(8), name, checked, str(colour))
    confirm(store, friend)
    values = {"name": name, "address": checked, "colour": str(colour)}
    store.apply(Act(msg("Added {what}", what=name), (Change("friend", friend.key, values),)))
    return friend


def address_in_picture(grey: bytes, width: int, height: int, *, loopback: bool = False) -> str:
    """The calendar's address in a picture of its QR code; `grey` holds one grey value (a byte) for each pixel.

    Raises InvalidInput for no code, a code of something else, or several addresses. `loopback` as for `add`.
    """
    texts = qr_texts(grey, width, height)
    found = []
    for text in texts:
        try:
            found.append(friend_address(text, loopback=loopback))
        except InvalidInput:
            continue
    if len(set(found)) == 1:
        return found[0]
    if found:
        raise InvalidInput("There are several codes in this picture.", "Cut it down to the one you mean.")
    if not texts:
        raise InvalidInput("There is no code in this picture.", "Take it again: sharp, and with all of the code in it.")
    from desktop.sync.authentication import is_offer  # noqa: PLC0415 -- keys and ciphers are not loaded for a friend's code

    if any(is_shared_link(text) for text in texts):
        raise InvalidInput("This code holds groups, not the address of a calendar.", "Open it under Share groups.")
    if any(is_offer(text) for text in texts):
        raise InvalidInput(
            "This code signs another device in to an account; it is not a calendar’s address.",
            "Use it on the page Sync, and show it to nobody.",
        )
    raise InvalidInput(
        "The code in this picture is not the address of a calendar.",
        "Your friend finds theirs under Sync, Subscribe from my phone.",
    )


def rename(store: Store, friend: Friend, name: str) -> Applied:
    """Rename a friend; one act."""
    name = _name(name)
    return store.apply(
        Act(
            msg("Renamed {code} to {name}", code=friend.name, name=name),
            (Change("friend", friend.key, {"name": name}),),
        )
    )


def remove(store: Store, friend: Friend) -> Applied:
    """Remove a friend, and their fetched calendar from this machine; one act."""
    records = store.records()
    gone = Change("friend", friend.key, {DELETED: records.get("friend", friend.key).deletion()})
    applied = store.apply(
        Act(msg("Removed {name}", name=friend.name), (gone, *replace_friend_groups(records, friend.key, ())))
    )
    store.external_state.put(_TARGET, friend.key, None)
    return applied


def confirm(store: Store, friend: Friend) -> None:
    """Allow requests to the address of this friend. Raises StorageError."""
    confirm_address(store, friend.address)


def last_fetched(store: Store, friend: Friend) -> FriendSchedule:
    """The calendar as it was fetched last, without a request."""
    return _parse_fetched(store.external_state.read(_TARGET).get(friend.key))


def refresh(
    store: Store, friend: Friend, now: datetime, *, forced: bool = False, loopback: bool = False
) -> FriendSchedule:
    """Fetch a friend's calendar if the last time is half an hour ago (or `forced`), and return it. `now` is aware.

    Raises Unconfirmed before any request, NotReachable, NotAllowed (gone, too large), DocumentRefused (no calendar).
    Then the last state is kept, except that a calendar that is gone loses its shared groups.
    """
    check_confirmed(store, friend.address)
    known = store.external_state.read(_TARGET).get(friend.key) or {}
    before = _parse_fetched(known)
    # A time in the future comes from a clock that is or was wrong: it must not block requests.
    if before.at is not None and timedelta(0) <= now - before.at < FETCH_INTERVAL and not forced:
        return before
    same_address = known.get("address") == friend.address
    try:
        came = fetch(
            friend.address,
            etag=known.get("etag") if same_address else None,
            modified=known.get("modified") if same_address else None,
            loopback=loopback,
        )
    except NoLongerPublished:
        _store_shared_groups(store, friend, ())
        raise
    body = known.get("body", "").encode() if came.data is None else came.data
    found = read_friend_calendar(body, now.date() - _BEHIND, now.date() + _AHEAD)
    taken = found.taken
    kept = {
        "at": now.isoformat(),
        "address": friend.address,
        "etag": came.etag,
        "modified": came.modified,
        "body": body.decode("utf-8", "replace"),
        "taken": [[each.start.isoformat(), each.end.isoformat(), each.title, each.place] for each in taken],
    }
    store.external_state.put(_TARGET, friend.key, kept)
    is_news = _store_shared_groups(store, friend, found.groups)
    if came.address != friend.address:
        is_news = True
        store.apply(
            Act(
                msg("{name}’s calendar has moved", name=friend.name),
                (Change("friend", friend.key, {"address": came.address}),),
            )
        )
    return FriendSchedule(now, taken, is_news)


def common_free_times(
    mine: Iterable[Occurrence], friends: Iterable[FriendSchedule], monday: date
) -> tuple[FreeTime, ...]:
    """The times in the week of `monday` when neither the student (`mine`) nor any of the friends is busy."""
    busy = [(each.start, each.end) for each in mine if not each.undecided and takes_time(each.item)]
    return find_free_times(
        [*busy, *((each.start, each.end) for friend in friends for each in friend.week(monday))], monday
    )


def _store_shared_groups(store: Store, friend: Friend, links: Iterable[str]) -> bool:
    """Store the groups that a friend shares for the years stored here. True if they changed."""
    shared = {each.year: each for each in map(_groups_in, links) if each is not None and each.year in store.years()}
    changes = replace_friend_groups(store.records(), friend.key, shared.values())
    if changes:
        store.set_without_act(changes)
    return bool(changes)


def _groups_in(link: str) -> SharedChoices | None:
    try:
        shared = read_link(link)
    except InvalidInput:
        return None
    return shared if shared.kind is SharedKind.GROUPS else None


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise InvalidInput("A friend needs a name of at most 60 characters.", "Enter one.")
    return name


def _parse_fetched(known: object) -> FriendSchedule:
    try:
        if not isinstance(known, dict):
            return FriendSchedule(None)
        taken = tuple(
            Taken(datetime.fromisoformat(start), datetime.fromisoformat(end), str(title), str(place))
            for start, end, title, place in known["taken"]
        )
        return FriendSchedule(datetime.fromisoformat(known["at"]), taken)
    except (ValueError, TypeError, KeyError):
        return FriendSchedule(None)
