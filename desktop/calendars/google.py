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
from desktop.calendars.google_api import ApiCall, ApiReply, GoogleApi
from desktop.calendars.google_sign_in import GoogleSignIn
from desktop.calendars.ical import to_aware, to_naive
from desktop.calendars.look_alikes import OtherEvent
from desktop.calendars.push import CalendarGone, CalendarSnapshot, FoundEvent, PushOutcome
from desktop.calendars.push_plan import PushStep, StepKind, WantedEvent
from desktop.calendars.push_state import EventState, Presence, TargetState
from desktop.domain.errors import NotReachable
from desktop.domain.messages import msg
from desktop.domain.records.records import canonical_json
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import TIME_ZONE

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
MAX_ALARMS = 5  # the limit of the API for one event
_MARK, _OWNER = "upSchedule", "upScheduleOwner"
_PAGE_SIZE = 2500
_SEQUENCE_EPOCH = 1577836800  # 2020: seconds since then stay within 32 bits for a long time
_EVENT_ID = re.compile(r"[0-9a-f]{12}5[0-9a-f]{19}")  # a UUID of version 5 without its dashes
_SPLIT_OFF_ID = re.compile(r"([0-9a-f]{12}5[0-9a-f]{19})(?:_R[0-9T]+)+")
_CANNOT_COME_BACK = (
    "Google does not let this event come back after it was deleted there. To have it again, let a new calendar be made."
)


def calendar_memo_name(owner: object, topic: str) -> str:
    """The key that the id of the calendar made for this owner and topic is stored under, next to the tokens."""
    return f"calendar/{owner}/{topic}"


def event_id(uid: str) -> str:
    """The id of an event at Google. It must consist of base32hex characters, which hexadecimal digits are."""
    return UUID(uid).hex


def event_resource(event: CalendarEvent, year: int, owner: str, sequence: int = 0) -> dict[str, Any]:
    """The event as a resource of Google's API, with its mark.

    Google refuses an update whose `sequence` is below the stored one, which an edit in Google Calendar may have raised.
    """
    made: dict[str, Any] = {
        "id": event_id(event.uid),
        "summary": event.title,
        "location": event.location,
        "description": event.description,
        "start": {"dateTime": event.start.isoformat(), "timeZone": TIME_ZONE},
        "end": {"dateTime": event.end.isoformat(), "timeZone": TIME_ZONE},
        "sequence": sequence,
        "status": "tentative" if event.tentative else "confirmed",
        "visibility": "private" if event.private else "default",
        "reminders": {
            "useDefault": False,
            "overrides": [{"method": "popup", "minutes": minutes} for minutes in event.alarms[:MAX_ALARMS]],
        },
    }
    if event.colour is not None:
        made["colorId"] = COLOUR_IDS[event.colour]
    if event.last_moment is not None:
        made["recurrence"] = [f"RRULE:FREQ=WEEKLY;UNTIL={to_aware(event.last_moment).astimezone(UTC):%Y%m%dT%H%M%SZ}"]
        if event.excluded:
            dates = ",".join(f"{moment:%Y%m%dT%H%M%S}" for moment in event.excluded)
            made["recurrence"].append(f"EXDATE;TZID={TIME_ZONE}:{dates}")
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
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()[:32]


def _moment(plain: Any) -> str:
    if not isinstance(plain, Mapping) or "dateTime" not in plain:
        return str((plain or {}).get("date", "")) if isinstance(plain, Mapping) else ""
    moment = datetime.fromisoformat(str(plain["dateTime"]))
    return (moment if moment.tzinfo else to_aware(moment)).astimezone(UTC).isoformat()


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
        self._api = GoogleApi(sign_in, pause)
        self._owner = uuid5(namespace, "owner").hex[:16]
        self._name = name
        self._topic = topic
        self._calendar = calendar

    @property
    def key(self) -> str:
        """The key of the calendar in the push states. It contains no secret."""
        return f"google:{self._calendar or f'own/{self._topic}'}"

    def fingerprint(self, event: CalendarEvent, year: int) -> str:
        return str(event_resource(event, year, self._owner)["extendedProperties"]["private"][_MARK]).split()[2]

    def read_snapshot(self, state: TargetState) -> CalendarSnapshot:
        calendar = state.calendar or self._calendar or self._sign_in.load_memo(self._memo_name)
        if not calendar:
            return CalendarSnapshot()
        listed = self._list_events(calendar, state.token)
        if listed is None:  # the token is too old
            state = replace(state, token="")
            listed = self._list_events(calendar, "")
        if listed is None:
            raise NotReachable("Google did not list the calendar.", "Try again in a few minutes.")
        items, token = listed
        if self._calendar:
            items += self._deleted_dates(calendar)
        return self._snapshot(state, items, token)

    def _deleted_dates(self, calendar: str) -> list[dict[str, Any]]:
        """Dates of our series that were deleted singly in an existing calendar.

        Google gives only their series, not our extended property, so the list of our events does not contain them. Of
        the calendar's other events, nothing but ids, status and original start is requested.
        """
        path = f"/calendars/{quote(calendar, safe='')}/events"
        query = {"maxResults": str(_PAGE_SIZE), "fields": f"items({','.join(_DELETED_DATE_FIELDS)}),nextPageToken"}
        return [
            item
            for item in self._all_items(path, query)
            if item.get("status") == "cancelled"
            and _EVENT_ID.fullmatch(_series_id(str(item.get("recurringEventId", ""))))
        ]

    def _all_items(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        page = ""
        while True:
            full = {**query, **({"pageToken": page} if page else {})}
            reply = self._api.send(ApiCall("GET", f"{path}?{urlencode(full)}"))
            yield from reply.body.get("items", ())
            page = str(reply.body.get("nextPageToken", ""))
            if not page:
                return

    @property
    def _memo_name(self) -> str:
        return calendar_memo_name(self._owner, self._topic)

    def _list_events(self, calendar: str, token: str) -> tuple[list[dict[str, Any]], str] | None:
        """All items, or those changed since the token; None if Google requires a full listing."""
        items: list[dict[str, Any]] = []
        query = {"maxResults": str(_PAGE_SIZE), "showDeleted": "true"}
        if token:
            query["syncToken"] = token
        elif self._calendar:  # an existing calendar: only our events; Google gives no token for such a filter
            query["privateExtendedProperty"] = f"{_OWNER}={self._owner}"
        page = ""
        while True:
            full = query | ({"pageToken": page} if page else {})
            call = ApiCall("GET", f"/calendars/{quote(calendar, safe='')}/events?{urlencode(full)}")
            reply = self._api.send(call, expected=(404, 410))
            if reply.status == 410 and reply.reason != "deleted":
                return None
            if reply.status in (404, 410):
                raise self._calendar_gone()
            items += reply.body.get("items", ())
            page = str(reply.body.get("nextPageToken", ""))
            if not page:
                kept = "" if self._calendar else str(reply.body.get("nextSyncToken", ""))
                return items, kept

    def _calendar_gone(self) -> CalendarGone:
        self._sign_in.remove_memo(self._memo_name)
        return CalendarGone(
            msg("The calendar “{name}” is no longer in Google Calendar.", name=self._name),
            "Choose another calendar, or let a new one be made."
            if self._calendar
            else "Push again to make it anew, with the whole timetable in it.",
        )

    def _snapshot(self, state: TargetState, items: Sequence[dict[str, Any]], token: str) -> CalendarSnapshot:
        masters = {str(item["id"]): item for item in items if _EVENT_ID.fullmatch(str(item.get("id", "")))}
        exceptions: dict[str, list[str]] = {}
        split_off: dict[str, dict[str, Any]] = {}
        for item in items:
            key = str(item.get("id", ""))
            parent = _series_id(str(item.get("recurringEventId", "")))
            if parent and not _matches_series(item, masters.get(parent)):
                exceptions.setdefault(parent, []).append(canonical_json(_exception_content(item)))
            elif not parent and _SPLIT_OFF_ID.fullmatch(key) and item.get("status") != "cancelled":
                exceptions.setdefault(_series_id(key), []).append(canonical_json(_exception_content(item)))
                split_off[_series_id(key)] = item
        found, same, absent = {}, [], []
        for key, item in masters.items():
            uid = str(UUID(key))
            known = state.entries.get(uid)
            if item.get("status") == "cancelled":
                absent.append(uid)
            elif key not in exceptions and _is_unchanged(known, str(item.get("etag", ""))):
                same.append(uid)
            else:
                found[uid] = _found_event(uid, item, exceptions.get(key, []))
        for key in exceptions.keys() - {UUID(uid).hex for uid in found}:
            uid = str(UUID(key)) if _EVENT_ID.fullmatch(key) else ""
            entry = state.entries.get(uid)
            if key in split_off and (entry is None or uid in absent):
                # Only the split-off part of the series is left. Its etag is not valid for the series itself.
                found[uid] = replace(_found_event(uid, split_off[key], exceptions[key]), place=key, tag="")
            elif entry is not None and uid not in absent:  # the series itself is unchanged, one of its dates is not
                there = _with_exceptions(entry.there, exceptions[key])
                found[uid] = FoundEvent(uid, entry.place, entry.tag, there, entry.wrote, entry.year, entry.title)
        return CalendarSnapshot(found, same, [uid for uid in absent if uid not in found], not state.token, token)

    def find_other_events(self, state: TargetState) -> Iterator[OtherEvent]:
        calendar = state.calendar or self._calendar or self._sign_in.load_memo(self._memo_name)
        if not calendar:
            return
        query = {"maxResults": str(_PAGE_SIZE), "fields": f"items({','.join(_OTHER_EVENT_FIELDS)}),nextPageToken"}
        for item in self._all_items(f"/calendars/{quote(calendar, safe='')}/events", query):
            key = str(item.get("id", ""))
            if (
                item.get("recurringEventId")
                or _EVENT_ID.fullmatch(_series_id(key))
                or item.get("status") == "cancelled"
            ):
                continue
            if "dateTime" not in (item.get("start") or {}):
                continue  # an all-day event
            try:
                start, end = (to_naive(datetime.fromisoformat(_moment(item.get(each)))) for each in ("start", "end"))
            except (ValueError, TypeError):
                continue
            words = str(item.get("summary", "")), str(item.get("location", ""))
            yield OtherEvent(key, str(item.get("etag", "")), *words, start, end, bool(item.get("recurrence")))

    def prepare(self, state: TargetState) -> TargetState:
        if state.calendar:
            return state
        if self._calendar:
            return replace(state, calendar=self._calendar)
        known = self._sign_in.load_memo(self._memo_name)
        if not known:
            body = {"summary": self._name, "timeZone": TIME_ZONE, "description": "Made by UP Schedule Generator."}
            known = str(self._api.send(ApiCall("POST", "/calendars", body)).body["id"])
            # Also stored outside the profile: a restored profile must not create a second calendar.
            self._sign_in.store_memo(self._memo_name, known)
        return replace(state, calendar=known, made=True)

    def send(self, state: TargetState, steps: Sequence[PushStep]) -> Iterator[PushOutcome]:
        base = f"/calendars/{quote(state.calendar, safe='')}/events"
        calls = [self._call(base, step) for step in steps]
        for step, reply in zip(steps, self._api.send_all(calls), strict=True):
            if step.kind is StepKind.ADD and reply.status == 409:
                yield self._restore_deleted(base, step)
                continue
            outcome = self._outcome(step, reply)
            if step.entry is not None and step.entry.is_changed_at_target and not (outcome.conflict or outcome.refused):
                self._remove_split_off(base, step.uid)
                if step.kind is StepKind.CHANGE:
                    self._restore_dates(base, reply.body)
            yield outcome

    def _call(self, base: str, step: PushStep) -> ApiCall:
        key = quote(_step_event_id(step), safe="")
        tag = step.entry.tag if step.entry is not None else ""
        headers = {"If-Match": tag} if tag and step.kind is not StepKind.ADD else {}
        if step.wanted is None:
            return ApiCall("DELETE", f"{base}/{key}?sendUpdates=none", None, headers)
        body = self._resource(step.wanted)
        if step.kind is StepKind.ADD:
            return ApiCall("POST", f"{base}?sendUpdates=none", body)
        return ApiCall("PUT", f"{base}/{key}?sendUpdates=none", body, headers)

    def _resource(self, wanted: WantedEvent) -> dict[str, Any]:
        sequence = max(0, int(self._now()) - _SEQUENCE_EPOCH)  # rises every second, so it is higher than any before
        return event_resource(wanted.event, wanted.year, self._owner, sequence)

    def _restore_deleted(self, base: str, step: PushStep) -> PushOutcome:
        """Handle an id that is already in use: by the event itself, or by the event after its deletion.

        A deleted event can be restored by an update. But Google may keep its id and still answer 404 for it, or refuse
        to change it.
        """
        path = f"{base}/{event_id(step.uid)}"
        there = self._api.send(ApiCall("GET", path), expected=(404, 410))
        is_gone = there.status >= 400
        if step.wanted is None or not (is_gone or there.body.get("status") == "cancelled"):
            return PushOutcome(step.uid, conflict=True)
        tag = {} if is_gone else {"If-Match": str(there.body.get("etag", ""))}
        put = ApiCall("PUT", f"{path}?sendUpdates=none", self._resource(step.wanted), tag)
        reply = self._api.send(put, expected=(400, 403, 404, 409, 410, 412))
        if reply.status in (403, 404, 409, 410):
            return PushOutcome(step.uid, refused=_CANNOT_COME_BACK)
        return self._outcome(step, reply)

    def _remove_split_off(self, base: str, uid: str) -> None:
        """Delete the series that Google split off from this one, with all their dates."""
        query = {"maxResults": str(_PAGE_SIZE), "fields": "items(id,status),nextPageToken"}
        if self._calendar:
            query["privateExtendedProperty"] = f"{_OWNER}={self._owner}"  # Google copies it to the series it splits off
        split_off = [
            str(item["id"])
            for item in self._all_items(base, query)
            if _SPLIT_OFF_ID.fullmatch(str(item["id"])) and _series_id(str(item["id"])) == event_id(uid)
        ]
        for start in range(0, len(split_off), self.batch):
            calls = [
                ApiCall("DELETE", f"{base}/{each}?sendUpdates=none") for each in split_off[start : start + self.batch]
            ]
            for reply in self._api.send_all(calls):
                if reply.status >= 300 and reply.status not in (404, 410):
                    raise self._api.error_for_reply(reply)

    def _restore_dates(self, base: str, series: Mapping[str, Any]) -> None:
        """Reset the dates of a series that were moved, changed or deleted singly."""
        query = {"showDeleted": "true", "maxResults": str(_PAGE_SIZE)}
        odd = [
            item
            for item in self._all_items(f"{base}/{series['id']}/instances", query)
            if not _matches_series(item, series)
        ]
        for start in range(0, len(odd), self.batch):
            calls = [
                ApiCall("PUT", f"{base}/{item['id']}?sendUpdates=none", _series_instance(item, series))
                for item in odd[start : start + self.batch]
            ]
            for reply in self._api.send_all(calls):
                if reply.status >= 300 and reply.status not in (404, 410):
                    raise self._api.error_for_reply(reply)

    def _outcome(self, step: PushStep, reply: ApiReply) -> PushOutcome:
        if reply.status < 300:
            return PushOutcome(step.uid, _step_event_id(step), str(reply.body.get("etag", "")))
        if step.kind is StepKind.REMOVE and reply.status in (404, 410):
            return PushOutcome(step.uid)
        if reply.status in (409, 412) or (step.kind is StepKind.CHANGE and reply.status in (404, 410)):
            return PushOutcome(step.uid, conflict=True)
        if step.kind is StepKind.ADD and reply.status in (404, 410):
            raise self._calendar_gone()
        if reply.status == 400:
            return PushOutcome(step.uid, refused="Google does not take this event.")
        raise self._api.error_for_reply(reply)

    def delete_calendar(self, state: TargetState) -> bool:
        path = f"/calendars/{quote(state.calendar, safe='')}"
        left = self._api.send(ApiCall("GET", f"{path}/events?maxResults=1"), expected=(404, 410))
        if left.status < 300:
            if left.body.get("items"):
                return False
            self._api.send(ApiCall("DELETE", path), expected=(404, 410))
        self._sign_in.remove_memo(self._memo_name)
        return True


def _step_event_id(step: PushStep) -> str:
    """The event id of a step."""
    return step.entry.place if step.like is not None and step.entry is not None else event_id(step.uid)


def _is_unchanged(known: EventState | None, tag: str) -> bool:
    return known is not None and bool(tag) and known.tag == tag and known.presence is not Presence.GONE


def _found_event(uid: str, item: Mapping[str, Any], exceptions: Sequence[str]) -> FoundEvent:
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


_TEXT_FIELDS = ("summary", "location", "description")
_DISPLAY_FIELDS = ("colorId", "reminders", "visibility", "transparency")  # what else a person may change of one date
_OTHER_EVENT_FIELDS = ("id", "etag", "status", "summary", "location", "start", "end", "recurrence", "recurringEventId")
_DELETED_DATE_FIELDS = (
    "id",
    "status",
    "recurringEventId",
    "originalStartTime",
)  # all that Google gives of a deleted date


def _series_id(key: str) -> str:
    """The id of the series that this one was split off from, or the id itself if it was not split off."""
    split = _SPLIT_OFF_ID.fullmatch(key)
    return split[1] if split else key


def _matches_series(item: Mapping[str, Any], series: Mapping[str, Any] | None) -> bool:
    """True if one date of a series has the same content as the series, although Google lists it as an exception."""
    return (
        series is not None
        and item.get("recurringEventId") == series.get("id")
        and item.get("status", "confirmed") == series.get("status", "confirmed")
        and _moment(item.get("start")) == _moment(item.get("originalStartTime"))
        and _duration(item) == _duration(series)
        and all(item.get(name, "") == series.get(name, "") for name in _TEXT_FIELDS)
        and all(_field_value(item, name) == _field_value(series, name) for name in _DISPLAY_FIELDS)
    )


def _duration(item: Mapping[str, Any]) -> timedelta | None:
    try:
        return datetime.fromisoformat(_moment(item.get("end"))) - datetime.fromisoformat(_moment(item.get("start")))
    except (ValueError, TypeError):
        return None


def _field_value(item: Mapping[str, Any], name: str) -> Any:
    """The value of a field, with the default that Google leaves out."""
    value = item.get(name)
    if name == "reminders":
        reminders = value if isinstance(value, Mapping) else {}
        alarms = [[str(each.get("method")), int(each.get("minutes", 0))] for each in reminders.get("overrides") or ()]
        return [bool(reminders.get("useDefault")), sorted(alarms)]
    return value or {"visibility": "default", "transparency": "opaque"}.get(name, "")


def _series_instance(item: Mapping[str, Any], series: Mapping[str, Any]) -> dict[str, Any]:
    """One date of a series with the content of the series."""
    length = datetime.fromisoformat(_moment(series["end"])) - datetime.fromisoformat(_moment(series["start"]))
    start = datetime.fromisoformat(_moment(item["originalStartTime"]))
    made = {name: series.get(name, "") for name in _TEXT_FIELDS}
    made |= {name: series[name] for name in _DISPLAY_FIELDS if name in series}
    return made | {
        "id": item["id"],
        "status": series.get("status", "confirmed"),
        "sequence": max(int(item.get("sequence", 0)), int(series.get("sequence", 0))),
        "start": {"dateTime": start.isoformat(), "timeZone": TIME_ZONE},
        "end": {"dateTime": (start + length).isoformat(), "timeZone": TIME_ZONE},
    }


def _exception_content(item: Mapping[str, Any]) -> dict[str, Any]:
    named = ("id", "status", *_TEXT_FIELDS, "start", "end", "recurrence", *_DISPLAY_FIELDS)
    return {name: item[name] for name in named if name in item}
