"""A Google calendar as a target of a push (Calendar API v3).

An event's id is its UID without the dashes, so inserting it twice cannot create two events. An exception (a date of a
series that someone moved, changed or deleted) counts as a change to the series. So does a second series that Google
splits off when someone changes "this and following events": its id is that of the first series, `_R` and its first
date.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid5

from desktop.calendars.event import CalendarEvent
from desktop.calendars.google_api import Api, Call, Reply
from desktop.calendars.google_sign_in import GoogleSignIn
from desktop.calendars.ical import local, on_up_clock
from desktop.calendars.look_alikes import OtherEvent
from desktop.calendars.push import CalendarGone, CalendarSnapshot, FoundEvent, PushOutcome
from desktop.calendars.push_plan import PushStep, StepKind, Wanted
from desktop.calendars.push_state import EventState, Presence, TargetState
from desktop.domain.errors import NotReachable
from desktop.domain.messages import msg
from desktop.domain.records.records import canonical
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import ZONE

COLOUR_IDS = {
    Colour.LAVENDER: "1",
    Colour.SAGE: "2",
    Colour.GRAPE: "3",
    Colour.FLAMINGO: "4",
    Colour.BANANA: "5",
    Colour.TANGERINE: "6",
    Colour.PEACOCK: "7",
    Colour.GRAPHITE: "8",
    Colour.BLUEBERRY: "9",
    Colour.BASIL: "10",
    Colour.TOMATO: "11",
}
MOST_ALARMS = 5  # the limit of the API for one event
_MARK, _OWNER = "upSchedule", "upScheduleOwner"
_PAGE = 2500
_SEQUENCE_EPOCH = 1577836800  # 2020: seconds since then stay within 32 bits for a long time
_OURS = re.compile(r"[0-9a-f]{12}5[0-9a-f]{19}")  # a UUID of version 5 without its dashes
_SPLIT_OFF = re.compile(r"([0-9a-f]{12}5[0-9a-f]{19})(?:_R[0-9T]+)+")
_CANNOT_COME_BACK = (
    "Google does not let this event come back after it was deleted there. To have it again, let a new calendar be made."
)


def remembered_as(owner: object, topic: str) -> str:
    """The key that the id of the calendar made for this owner and topic is stored under, next to the tokens."""
    return f"calendar/{owner}/{topic}"


def event_id(uid: str) -> str:
    """The id of an event at Google. It must consist of base32hex characters, which hexadecimal digits are."""
    return UUID(uid).hex


def resource(event: CalendarEvent, year: int, owner: str, sequence: int = 0) -> dict[str, Any]:
    """The event as a resource of Google's API, with its mark.

    Google refuses an update whose `sequence` is below the stored one, which an edit in Google Calendar may have raised.
    """
    made: dict[str, Any] = {
        "id": event_id(event.uid),
        "summary": event.title,
        "location": event.location,
        "description": event.description,
        "start": {"dateTime": event.start.isoformat(), "timeZone": ZONE},
        "end": {"dateTime": event.end.isoformat(), "timeZone": ZONE},
        "sequence": sequence,
        "status": "tentative" if event.tentative else "confirmed",
        "visibility": "private" if event.private else "default",
        "reminders": {
            "useDefault": False,
            "overrides": [{"method": "popup", "minutes": minutes} for minutes in event.alarms[:MOST_ALARMS]],
        },
    }
    if event.colour is not None:
        made["colorId"] = COLOUR_IDS[event.colour]
    if event.last_moment is not None:
        made["recurrence"] = [f"RRULE:FREQ=WEEKLY;UNTIL={local(event.last_moment).astimezone(UTC):%Y%m%dT%H%M%SZ}"]
        if event.excluded:
            dates = ",".join(f"{moment:%Y%m%dT%H%M%S}" for moment in event.excluded)
            made["recurrence"].append(f"EXDATE;TZID={ZONE}:{dates}")
    made["extendedProperties"] = {"private": {_MARK: f"1 {year} {fingerprint(made)}", _OWNER: owner}}
    return made


def fingerprint(plain: Mapping[str, Any]) -> str:
    """A hash of an API event's content: 32 hex digits, independent of its author and of the time zone of its times."""
    reminders = plain.get("reminders") or {}
    content = {
        "summary": plain.get("summary", ""),
        "location": plain.get("location", ""),
        "description": plain.get("description", ""),
        "start": _moment(plain.get("start")),
        "end": _moment(plain.get("end")),
        "recurrence": sorted(_rule(line) for line in plain.get("recurrence") or ()),
        "status": plain.get("status", "confirmed"),
        "visibility": plain.get("visibility", "default"),
        "colour": plain.get("colorId", ""),
        "alarms": sorted(
            [str(each.get("method")), int(each.get("minutes", 0))] for each in reminders.get("overrides") or ()
        ),
        "usual alarms": bool(reminders.get("useDefault")),
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:32]


def _moment(plain: Any) -> str:
    if not isinstance(plain, Mapping) or "dateTime" not in plain:
        return str((plain or {}).get("date", "")) if isinstance(plain, Mapping) else ""
    moment = datetime.fromisoformat(str(plain["dateTime"]))
    return (moment if moment.tzinfo else local(moment)).astimezone(UTC).isoformat()


def _rule(line: str) -> str:
    name, _, value = line.partition(":")
    parts = sorted(value.split(";" if name == "RRULE" else ","))
    return f"{name}:" + ",".join(part for part in parts if part not in {"INTERVAL=1", "WKST=MO"})


class GoogleTarget:
    """A Google calendar: the one with the id `calendar`, or a new one named `name`, created when first needed.

    `namespace` is the profile's; `topic` distinguishes the calendars that one profile creates. `pause` waits the given
    seconds before a retry; `now` returns the seconds since 1970.
    """

    batch = 50

    def __init__(
        self,
        sign_in: GoogleSignIn,
        namespace: UUID,
        name: str,
        topic: str = "",
        calendar: str = "",
        pause: Callable[[float], object] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._now = now
        self._sign_in = sign_in
        self._api = Api(sign_in, pause)
        self._owner = uuid5(namespace, "owner").hex[:16]
        self._name = name
        self._topic = topic
        self._calendar = calendar

    @property
    def key(self) -> str:
        """The key of the calendar in the push states. It contains no secret."""
        return f"google:{self._calendar or f'own/{self._topic}'}"

    def fingerprint(self, event: CalendarEvent, year: int) -> str:
        return str(resource(event, year, self._owner)["extendedProperties"]["private"][_MARK]).split()[2]

    def look(self, state: TargetState) -> CalendarSnapshot:
        calendar = state.calendar or self._calendar or self._sign_in.recall(self._remembered)
        if not calendar:
            return CalendarSnapshot()
        listed = self._listed(calendar, state.token)
        if listed is None:  # the token is too old
            state = replace(state, token="")
            listed = self._listed(calendar, "")
        if listed is None:
            raise NotReachable("Google did not list the calendar.", "Try again in a few minutes.")
        items, token = listed
        if self._calendar:
            items += self._deleted_dates(calendar)
        return self._seen(state, items, token)

    def _deleted_dates(self, calendar: str) -> list[dict[str, Any]]:
        """Dates of our series that were deleted singly in an existing calendar.

        Google gives only their series, not our extended property, so the list of our events does not contain them. Of
        the calendar's other events, nothing but ids, status and original start is requested.
        """
        path = f"/calendars/{quote(calendar, safe='')}/events"
        query = {"maxResults": str(_PAGE), "fields": f"items({','.join(_OF_DELETED)}),nextPageToken"}
        return [
            item
            for item in self._pages(path, query)
            if item.get("status") == "cancelled" and _OURS.fullmatch(_series(str(item.get("recurringEventId", ""))))
        ]

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        page = ""
        while True:
            full = {**query, **({"pageToken": page} if page else {})}
            reply = self._api.ask(Call("GET", f"{path}?{urlencode(full)}"))
            yield from reply.body.get("items", ())
            page = str(reply.body.get("nextPageToken", ""))
            if not page:
                return

    @property
    def _remembered(self) -> str:
        return remembered_as(self._owner, self._topic)

    def _listed(self, calendar: str, token: str) -> tuple[list[dict[str, Any]], str] | None:
        """All items, or those changed since the token; None if Google requires a full listing."""
        items: list[dict[str, Any]] = []
        query = {"maxResults": str(_PAGE), "showDeleted": "true"}
        if token:
            query["syncToken"] = token
        elif self._calendar:  # an existing calendar: only our events; Google gives no token for such a filter
            query["privateExtendedProperty"] = f"{_OWNER}={self._owner}"
        page = ""
        while True:
            full = query | ({"pageToken": page} if page else {})
            call = Call("GET", f"/calendars/{quote(calendar, safe='')}/events?{urlencode(full)}")
            reply = self._api.ask(call, expected=(404, 410))
            if reply.status == 410 and reply.reason != "deleted":
                return None
            if reply.status in (404, 410):
                raise self._gone()
            items += reply.body.get("items", ())
            page = str(reply.body.get("nextPageToken", ""))
            if not page:
                kept = "" if self._calendar else str(reply.body.get("nextSyncToken", ""))
                return items, kept

    def _gone(self) -> CalendarGone:
        self._sign_in.forget(self._remembered)
        return CalendarGone(
            msg("The calendar “{name}” is no longer in Google Calendar.", name=self._name),
            "Choose another calendar, or let a new one be made."
            if self._calendar
            else "Push again to make it anew, with the whole timetable in it.",
        )

    def _seen(self, state: TargetState, items: Sequence[dict[str, Any]], token: str) -> CalendarSnapshot:
        masters = {str(item["id"]): item for item in items if _OURS.fullmatch(str(item.get("id", "")))}
        exceptions: dict[str, list[str]] = {}
        split_off: dict[str, dict[str, Any]] = {}
        for item in items:
            key = str(item.get("id", ""))
            parent = _series(str(item.get("recurringEventId", "")))
            if parent and not _is_regular(item, masters.get(parent)):
                exceptions.setdefault(parent, []).append(canonical(_exception(item)))
            elif not parent and _SPLIT_OFF.fullmatch(key) and item.get("status") != "cancelled":
                exceptions.setdefault(_series(key), []).append(canonical(_exception(item)))
                split_off[_series(key)] = item
        found, same, absent = {}, [], []
        for key, item in masters.items():
            uid = str(UUID(key))
            known = state.entries.get(uid)
            if item.get("status") == "cancelled":
                absent.append(uid)
            elif key not in exceptions and _is_known(known, str(item.get("etag", ""))):
                same.append(uid)
            else:
                found[uid] = _found(uid, item, exceptions.get(key, []))
        for key in exceptions.keys() - {UUID(uid).hex for uid in found}:
            uid = str(UUID(key)) if _OURS.fullmatch(key) else ""
            entry = state.entries.get(uid)
            if key in split_off and (entry is None or uid in absent):
                # Only the split-off part of the series is left. Its etag is not valid for the series itself.
                found[uid] = replace(_found(uid, split_off[key], exceptions[key]), place=key, tag="")
            elif entry is not None and uid not in absent:  # the series itself is unchanged, one of its dates is not
                there = _with_exceptions(entry.there, exceptions[key])
                found[uid] = FoundEvent(uid, entry.place, entry.tag, there, entry.wrote, entry.year, entry.title)
        return CalendarSnapshot(found, same, [uid for uid in absent if uid not in found], not state.token, token)

    def others(self, state: TargetState) -> Iterator[OtherEvent]:
        calendar = state.calendar or self._calendar or self._sign_in.recall(self._remembered)
        if not calendar:
            return
        query = {"maxResults": str(_PAGE), "fields": f"items({','.join(_OF_OTHERS)}),nextPageToken"}
        for item in self._pages(f"/calendars/{quote(calendar, safe='')}/events", query):
            key = str(item.get("id", ""))
            if item.get("recurringEventId") or _OURS.fullmatch(_series(key)) or item.get("status") == "cancelled":
                continue
            if "dateTime" not in (item.get("start") or {}):
                continue  # an all-day event
            try:
                start, end = (on_up_clock(datetime.fromisoformat(_moment(item.get(each)))) for each in ("start", "end"))
            except (ValueError, TypeError):
                continue
            words = str(item.get("summary", "")), str(item.get("location", ""))
            yield OtherEvent(key, str(item.get("etag", "")), *words, start, end, bool(item.get("recurrence")))

    def prepare(self, state: TargetState) -> TargetState:
        if state.calendar:
            return state
        if self._calendar:
            return replace(state, calendar=self._calendar)
        known = self._sign_in.recall(self._remembered)
        if not known:
            body = {"summary": self._name, "timeZone": ZONE, "description": "Made by UP Schedule Generator."}
            known = str(self._api.ask(Call("POST", "/calendars", body)).body["id"])
            # Also stored outside the profile: a restored profile must not create a second calendar.
            self._sign_in.remember(self._remembered, known)
        return replace(state, calendar=known, made=True)

    def send(self, state: TargetState, steps: Sequence[PushStep]) -> Iterator[PushOutcome]:
        base = f"/calendars/{quote(state.calendar, safe='')}/events"
        calls = [self._call(base, step) for step in steps]
        for step, reply in zip(steps, self._api.ask_many(calls), strict=True):
            if step.kind is StepKind.ADD and reply.status == 409:
                yield self._revived(base, step)
                continue
            outcome = self._outcome(step, reply)
            if step.entry is not None and step.entry.is_touched and not (outcome.conflict or outcome.refused):
                self._remove_split_off(base, step.uid)
                if step.kind is StepKind.CHANGE:
                    self._restore_dates(base, reply.body)
            yield outcome

    def _call(self, base: str, step: PushStep) -> Call:
        key = quote(_key(step), safe="")
        tag = step.entry.tag if step.entry is not None else ""
        headers = {"If-Match": tag} if tag and step.kind is not StepKind.ADD else {}
        if step.wanted is None:
            return Call("DELETE", f"{base}/{key}?sendUpdates=none", None, headers)
        body = self._resource(step.wanted)
        if step.kind is StepKind.ADD:
            return Call("POST", f"{base}?sendUpdates=none", body)
        return Call("PUT", f"{base}/{key}?sendUpdates=none", body, headers)

    def _resource(self, wanted: Wanted) -> dict[str, Any]:
        sequence = max(0, int(self._now()) - _SEQUENCE_EPOCH)  # rises every second, so it is higher than any before
        return resource(wanted.event, wanted.year, self._owner, sequence)

    def _revived(self, base: str, step: PushStep) -> PushOutcome:
        """Handle an id that is already in use: by the event itself, or by the event after its deletion.

        A deleted event can be restored by an update. But Google may keep its id and still answer 404 for it, or refuse
        to change it.
        """
        path = f"{base}/{event_id(step.uid)}"
        there = self._api.ask(Call("GET", path), expected=(404, 410))
        is_gone = there.status >= 400
        if step.wanted is None or not (is_gone or there.body.get("status") == "cancelled"):
            return PushOutcome(step.uid, conflict=True)
        tag = {} if is_gone else {"If-Match": str(there.body.get("etag", ""))}
        put = Call("PUT", f"{path}?sendUpdates=none", self._resource(step.wanted), tag)
        reply = self._api.ask(put, expected=(400, 403, 404, 409, 410, 412))
        if reply.status in (403, 404, 409, 410):
            return PushOutcome(step.uid, refused=_CANNOT_COME_BACK)
        return self._outcome(step, reply)

    def _remove_split_off(self, base: str, uid: str) -> None:
        """Delete the series that Google split off from this one, with all their dates."""
        query = {"maxResults": str(_PAGE), "fields": "items(id,status),nextPageToken"}
        if self._calendar:
            query["privateExtendedProperty"] = f"{_OWNER}={self._owner}"  # Google copies it to the series it splits off
        split_off = [
            str(item["id"])
            for item in self._pages(base, query)
            if _SPLIT_OFF.fullmatch(str(item["id"])) and _series(str(item["id"])) == event_id(uid)
        ]
        for start in range(0, len(split_off), self.batch):
            calls = [
                Call("DELETE", f"{base}/{each}?sendUpdates=none") for each in split_off[start : start + self.batch]
            ]
            for reply in self._api.ask_many(calls):
                if reply.status >= 300 and reply.status not in (404, 410):
                    raise self._api.refusal(reply)

    def _restore_dates(self, base: str, series: Mapping[str, Any]) -> None:
        """Reset the dates of a series that were moved, changed or deleted singly."""
        query = {"showDeleted": "true", "maxResults": str(_PAGE)}
        odd = [item for item in self._pages(f"{base}/{series['id']}/instances", query) if not _is_regular(item, series)]
        for start in range(0, len(odd), self.batch):
            calls = [
                Call("PUT", f"{base}/{item['id']}?sendUpdates=none", _regular(item, series))
                for item in odd[start : start + self.batch]
            ]
            for reply in self._api.ask_many(calls):
                if reply.status >= 300 and reply.status not in (404, 410):
                    raise self._api.refusal(reply)

    def _outcome(self, step: PushStep, reply: Reply) -> PushOutcome:
        if reply.status < 300:
            return PushOutcome(step.uid, _key(step), str(reply.body.get("etag", "")))
        if step.kind is StepKind.REMOVE and reply.status in (404, 410):
            return PushOutcome(step.uid)
        if reply.status in (409, 412) or (step.kind is StepKind.CHANGE and reply.status in (404, 410)):
            return PushOutcome(step.uid, conflict=True)
        if step.kind is StepKind.ADD and reply.status in (404, 410):
            raise self._gone()
        if reply.status == 400:
            return PushOutcome(step.uid, refused="Google does not take this event.")
        raise self._api.refusal(reply)

    def discard(self, state: TargetState) -> bool:
        path = f"/calendars/{quote(state.calendar, safe='')}"
        left = self._api.ask(Call("GET", f"{path}/events?maxResults=1"), expected=(404, 410))
        if left.status < 300:
            if left.body.get("items"):
                return False
            self._api.ask(Call("DELETE", path), expected=(404, 410))
        self._sign_in.forget(self._remembered)
        return True


def _key(step: PushStep) -> str:
    """The event id of a step."""
    return step.entry.place if step.like is not None and step.entry is not None else event_id(step.uid)


def _is_known(known: EventState | None, tag: str) -> bool:
    return known is not None and bool(tag) and known.tag == tag and known.presence is not Presence.GONE


def _found(uid: str, item: Mapping[str, Any], exceptions: Sequence[str]) -> FoundEvent:
    wrote, year = "", 0
    private = (item.get("extendedProperties") or {}).get("private") or {}
    parts = str(private.get(_MARK, "")).split()
    if len(parts) == 3 and parts[0] == "1" and parts[1].isdigit():
        year, wrote = int(parts[1]), parts[2]
    there = _with_exceptions(fingerprint(item), exceptions)
    return FoundEvent(uid, str(item["id"]), str(item.get("etag", "")), there, wrote, year, str(item.get("summary", "")))


def _with_exceptions(there: str, exceptions: Sequence[str]) -> str:
    if not exceptions:
        return there
    return hashlib.sha256("\n".join([there, *sorted(exceptions)]).encode()).hexdigest()[:32]


_SAID = ("summary", "location", "description")
_LOOKS = ("colorId", "reminders", "visibility", "transparency")  # what else a person may change of one date
_OF_OTHERS = ("id", "etag", "status", "summary", "location", "start", "end", "recurrence", "recurringEventId")
_OF_DELETED = ("id", "status", "recurringEventId", "originalStartTime")  # all that Google gives of a deleted date


def _series(key: str) -> str:
    """The id of the series that this one was split off from, or the id itself if it was not split off."""
    split = _SPLIT_OFF.fullmatch(key)
    return split[1] if split else key


def _is_regular(item: Mapping[str, Any], series: Mapping[str, Any] | None) -> bool:
    """True if one date of a series has the same content as the series, although Google lists it as an exception."""
    return (
        series is not None
        and item.get("recurringEventId") == series.get("id")
        and item.get("status", "confirmed") == series.get("status", "confirmed")
        and _moment(item.get("start")) == _moment(item.get("originalStartTime"))
        and _length(item) == _length(series)
        and all(item.get(name, "") == series.get(name, "") for name in _SAID)
        and all(_plain(item, name) == _plain(series, name) for name in _LOOKS)
    )


def _length(item: Mapping[str, Any]) -> timedelta | None:
    try:
        return datetime.fromisoformat(_moment(item.get("end"))) - datetime.fromisoformat(_moment(item.get("start")))
    except (ValueError, TypeError):
        return None


def _plain(item: Mapping[str, Any], name: str) -> Any:
    """The value of a field, with the default that Google leaves out."""
    value = item.get(name)
    if name == "reminders":
        reminders = value if isinstance(value, Mapping) else {}
        alarms = [[str(each.get("method")), int(each.get("minutes", 0))] for each in reminders.get("overrides") or ()]
        return [bool(reminders.get("useDefault")), sorted(alarms)]
    return value or {"visibility": "default", "transparency": "opaque"}.get(name, "")


def _regular(item: Mapping[str, Any], series: Mapping[str, Any]) -> dict[str, Any]:
    """One date of a series with the content of the series."""
    length = datetime.fromisoformat(_moment(series["end"])) - datetime.fromisoformat(_moment(series["start"]))
    start = datetime.fromisoformat(_moment(item["originalStartTime"]))
    made = {name: series.get(name, "") for name in _SAID}
    made |= {name: series[name] for name in _LOOKS if name in series}
    return made | {
        "id": item["id"],
        "status": series.get("status", "confirmed"),
        "sequence": max(int(item.get("sequence", 0)), int(series.get("sequence", 0))),
        "start": {"dateTime": start.isoformat(), "timeZone": ZONE},
        "end": {"dateTime": (start + length).isoformat(), "timeZone": ZONE},
    }


def _exception(item: Mapping[str, Any]) -> dict[str, Any]:
    named = ("id", "status", *_SAID, "start", "end", "recurrence", *_LOOKS)
    return {name: item[name] for name in named if name in item}
