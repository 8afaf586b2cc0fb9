"""A calendar on a CalDAV server (RFC 4791) as a target of a push.

Each event is a file named by its UID. Other files of the calendar are read only to find look-alikes, before the first
push.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from urllib.parse import unquote, urljoin, urlsplit
from uuid import UUID, uuid5
from xml.sax.saxutils import escape

from desktop.calendars.dav import (
    CALDAV,
    DAV,
    NAMESPACES,
    DavConnection,
    DavItem,
    DavResponse,
    NoCalendarService,
    error_for_response,
    resource_name,
)
from desktop.calendars.event import CalendarEvent
from desktop.calendars.look_alikes import OtherEvent
from desktop.calendars.marks import fingerprint, parse_event, parse_first_event, write_marked_event
from desktop.calendars.push import CalendarGone, CalendarSnapshot, FoundEvent, PushOutcome
from desktop.calendars.push_plan import PushStep, StepKind
from desktop.calendars.push_state import Presence, TargetState
from desktop.domain.errors import AppError
from desktop.domain.messages import msg

_EVENT_FILE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\.ics")  # a UUID of version 5
_EVENTS_PER_REQUEST = 60  # events fetched by one request
_MAX_PAGES = 1000  # the most responses that a server may split a listing into
_UID_IN_USE = (
    "Another event of this calendar has its identity; a file imported by hand may have put it there. Remove that one,"
    " or let a new calendar be made."
)
_UID_IN_OTHER_CALENDAR = (
    "Another calendar of this account holds this event already. Remove it there, then push again, or choose that"
    " calendar."
)
_NO_HOME_STATUSES = (400, 403, 404, 405, 406, 410, 415, 501)
_NO_SYNC_STATUSES = (400, 403, 405, 409, 410, 412, 415, 422, 501)
_INVALID_EVENT_PRECONDITIONS = {
    "valid-calendar-data",
    "valid-calendar-object-resource",
    "supported-calendar-component",
    "max-resource-size",
    "supported-calendar-data",
}


def calendar_home(connection: DavConnection) -> str:
    """The URL of the account's calendar home. Raises NoCalendarService if the address is of no CalDAV service."""
    wanted = "<d:current-user-principal/><c:calendar-home-set/>"
    nowhere: AppError = NoCalendarService(
        msg("{host} names no place for calendars.", host=connection.host),
        "Check the address: it should be that of the calendar service (CalDAV), not of its web page.",
    )
    for address in dict.fromkeys((connection.url, urljoin(connection.url, "/.well-known/caldav"))):
        try:
            answer = connection.propfind(address, wanted, 0, expected=_NO_HOME_STATUSES)
        except NoCalendarService as trouble:
            nowhere = trouble
            continue
        for item in answer.items:
            if home := item.href(f"{CALDAV}calendar-home-set"):
                return urljoin(item.url, home)
            if principal := item.href(f"{DAV}current-user-principal"):
                found = connection.propfind(urljoin(item.url, principal), "<c:calendar-home-set/>", 0)
                for each in found.items:
                    if home := each.href(f"{CALDAV}calendar-home-set"):
                        return urljoin(each.url, home)
    raise nowhere


@dataclass
class CalDavTarget:
    """A calendar on a server: the one at the URL `calendar`, or a new one named `name`, created when first needed.

    `namespace` is the profile's; `topic` distinguishes the calendars that one profile creates (by academic year, for
    example). The URL of a created calendar is derived from both, so creating it twice gives one calendar.
    """

    connection: DavConnection
    namespace: UUID
    name: str
    topic: str = ""
    calendar: str = ""
    colour: str = "#005BAA"
    batch: int = 10
    _calendar_exists: bool = field(default=False, init=False)  # true if the calendar existed when it was last read
    _own_url: str = field(default="", init=False)
    _permanent_redirect: tuple[str, str] = field(
        default=("", ""), init=False
    )  # former and new URL of a calendar that has moved

    @property
    def key(self) -> str:
        """The key of the calendar in the push states. It contains no secret."""
        which = self.calendar or f"own/{self.topic}"
        return f"caldav:{self.connection.user}@{self.connection.host}:{which}"

    def fingerprint(self, event: CalendarEvent, year: int) -> str:  # noqa: ARG002 - not part of the content
        return fingerprint(event)

    def read_snapshot(self, state: TargetState) -> CalendarSnapshot:
        calendar = state.calendar or self.calendar or self._own_calendar_url()
        names = _UidsByUrl(calendar, state)
        token, listed = self._list_changes(calendar, state.token)
        self._calendar_exists = listed is not None
        everything = not state.token or token is None
        if listed is None:
            if state.calendar or self.calendar:
                raise CalendarGone(
                    msg("The calendar “{name}” is no longer at {host}.", name=self.name, host=self.connection.host),
                    "Push again to make it anew, with the whole timetable in it."
                    if not self.calendar
                    else "Choose another calendar, or let a new one be made.",
                )
            return CalendarSnapshot()
        same, absent, fetch = [], [], []
        for item in listed:
            uid = names.uid(item.url)
            if uid is None:
                continue
            known = state.entries.get(uid)
            tag = item.text(f"{DAV}getetag")
            if item.status in (404, 410):
                absent.append(uid)
            elif known is not None and tag and known.tag == tag and known.presence is not Presence.GONE:
                same.append(uid)
            else:
                fetch.append(item.url)
        found = {each.uid: each for each in self._fetch_events(calendar, fetch, names)}
        return CalendarSnapshot(found, same, absent, everything, token or "")

    def _own_calendar_url(self) -> str:
        if not self._own_url:
            home = calendar_home(self.connection)
            slug = uuid5(self.namespace, f"calendar/{self.topic}")
            self._own_url = urljoin(home if home.endswith("/") else f"{home}/", f"{slug}/")
        return self._own_url

    def _list_changes(self, calendar: str, token: str) -> tuple[str | None, list[DavItem] | None]:
        """The new sync token, and the items changed since `token`.

        Without support for tokens: None, and all items. If there is no calendar, both are None.
        """
        items: list[DavItem] = []
        since = token
        for _ in range(_MAX_PAGES):
            answer = self.connection.report(
                calendar, _sync_collection_body(since), 0, expected=(404, *_NO_SYNC_STATUSES)
            )
            if answer.status == 404:
                return None, None
            self._note_redirect(calendar, answer)
            if answer.status in _NO_SYNC_STATUSES:
                # The token is too old, or the server does not support tokens.
                return self._list_without_token(calendar) if since else (None, self._list_all(calendar))
            cut = [item for item in answer.items if item.status == 507]
            items += [item for item in answer.items if item.status != 507]
            since = answer.token
            if not cut or not since:
                return since, items
        return None, self._list_all(calendar)

    def _list_without_token(self, calendar: str) -> tuple[str | None, list[DavItem] | None]:
        _, items = self._list_changes(calendar, "")
        return None, items

    def _list_all(self, calendar: str) -> list[DavItem] | None:
        answer = self.connection.propfind(calendar, "<d:getetag/>", 1, expected=(404, 410))
        if answer.status in (404, 410):
            return None
        self._note_redirect(calendar, answer)
        return list(answer.items)

    def _note_redirect(self, calendar: str, answer: DavResponse) -> None:
        if answer.moved_to and answer.moved_to != calendar:
            self._permanent_redirect = (calendar, answer.moved_to)

    def _present_url(self, url: str) -> str:
        """The present URL of a resource whose calendar may have moved permanently. Writes do not follow redirects."""
        before, now = self._permanent_redirect
        return now + url.removeprefix(before) if before and url.startswith(before) else url

    def _fetch_events(self, calendar: str, urls: Iterable[str], names: _UidsByUrl) -> Iterator[FoundEvent]:
        waiting = iter(urls)
        while chunk := list(islice(waiting, _EVENTS_PER_REQUEST)):
            for item in self._multiget(calendar, chunk, "<d:getetag/><c:calendar-data/>"):
                uid = names.uid(item.url)
                data = item.properties.get(f"{CALDAV}calendar-data")
                if uid is None or data is None:
                    continue
                read = parse_event((data.text or "").encode())
                tag = item.text(f"{DAV}getetag")
                if read is None:
                    yield FoundEvent(uid, item.url, tag, "unreadable")
                else:
                    yield FoundEvent(uid, item.url, tag, read.there, read.wrote, read.year, read.title)

    def _multiget(
        self, calendar: str, urls: Iterable[str], properties: str, expected: Sequence[int] = ()
    ) -> tuple[DavItem, ...]:
        hrefs = "".join(f"<d:href>{escape(urlsplit(url).path)}</d:href>" for url in urls)
        body = f"<c:calendar-multiget {NAMESPACES}><d:prop>{properties}</d:prop>{hrefs}</c:calendar-multiget>"
        return self.connection.report(calendar, body, 1, expected).items

    def find_other_events(self, state: TargetState) -> Iterator[OtherEvent]:
        if not self._calendar_exists:
            return
        calendar = state.calendar or self.calendar or self._own_calendar_url()
        names = _UidsByUrl(calendar, state)
        answer = self.connection.report(
            calendar,
            f"<c:calendar-query {NAMESPACES}><d:prop><d:getetag/><c:calendar-data/></d:prop>"
            '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"/></c:comp-filter></c:filter>'
            "</c:calendar-query>",
            1,
            expected=_NO_SYNC_STATUSES,
        )
        for item in answer.items:
            data = item.properties.get(f"{CALDAV}calendar-data")
            read = None if data is None or names.uid(item.url) else parse_first_event((data.text or "").encode())
            if read is not None:
                yield OtherEvent(item.url, item.text(f"{DAV}getetag"), *read)

    def prepare(self, state: TargetState) -> TargetState:
        if state.calendar or self.calendar:
            return replace(state, calendar=self._present_url(state.calendar or self.calendar))
        address = self._own_calendar_url()
        properties = (
            f"<d:displayname>{escape(self.name)}</d:displayname><a:calendar-color>{escape(self.colour)}</a:calendar-color>"
            '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>'
        )
        body = (
            '<?xml version="1.0" encoding="utf-8"?>'
            f"<c:mkcalendar {NAMESPACES}><d:set><d:prop>{properties}</d:prop></d:set></c:mkcalendar>"
        )
        headers = {"Content-Type": "application/xml; charset=utf-8"}
        answer = self.connection.write("MKCALENDAR", address, body, headers, expected=(403, 405, 409, 412))
        if answer.status >= 400 and not self._exists(address):
            raise error_for_response(answer, self.connection.host)
        return replace(state, calendar=address, made=True)

    def _exists(self, calendar: str) -> bool:
        return self.connection.propfind(calendar, "<d:resourcetype/>", 0, expected=(404, 410)).status < 400

    def send(self, state: TargetState, steps: Sequence[PushStep]) -> Iterator[PushOutcome]:
        stale = self._stale_uids(state, steps)
        for step in steps:
            if step.uid in stale:
                yield PushOutcome(step.uid, conflict=True)
            else:
                yield self._remove(step) if step.wanted is None else self._put(state, step)

    def _stale_uids(self, state: TargetState, steps: Sequence[PushStep]) -> set[str]:
        """The UIDs of events that were changed or removed in the online calendar since the plan was made.

        A write has an If-Match header, but SOGo removes an event in spite of it and recreates a missing one, and
        If-Match never matches a weak tag. Additions are not checked: no other event has their name.
        """
        urls, known = [], {}
        for step in steps:
            if step.entry is not None and step.entry.tag and step.kind is not StepKind.ADD:
                urls.append(self._present_url(step.entry.place))
                known[_path(urls[-1])] = step, step.entry.tag
        stale = set()
        for item in self._multiget(state.calendar, urls, "<d:getetag/>", (404, *_NO_SYNC_STATUSES)) if urls else ():
            if _path(item.url) in known:
                step, tag = known[_path(item.url)]
                if item.status in (404, 410):
                    is_stale = step.kind is StepKind.CHANGE  # an event to be removed may be missing already
                else:
                    is_stale = item.text(f"{DAV}getetag") not in ("", tag)
                if is_stale:
                    stale.add(step.uid)
        return stale

    def _put(self, state: TargetState, step: PushStep) -> PushOutcome:
        if step.wanted is None:
            raise ValueError("nothing to put")
        adds = step.kind is StepKind.ADD
        known = step.entry.place if step.entry is not None and not adds else ""
        url = self._present_url(known) or urljoin(state.calendar, f"{step.uid}.ics")
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        headers |= {"If-None-Match": "*"} if adds else _if_match(step)
        body = write_marked_event(step.wanted.event, step.wanted.year)
        answer = self.connection.write(
            "PUT", url, body, headers, expected=(400, 403, 404, 409, 410, 412, 413, 415, 422)
        )
        if answer.status < 300:
            return PushOutcome(step.uid, url, answer.tag)
        return self._failed_put(state, step, answer)

    def _failed_put(self, state: TargetState, step: PushStep, answer: DavResponse) -> PushOutcome:
        told = {name.rpartition("}")[2] for name in answer.failed_preconditions}
        if "no-uid-conflict" in told:
            return PushOutcome(step.uid, refused=_UID_IN_USE)
        if "unique-scheduling-object-resource" in told:
            return PushOutcome(step.uid, refused=_UID_IN_OTHER_CALENDAR)
        if answer.status == 412 or (answer.status in (404, 410) and step.kind is StepKind.CHANGE):
            return PushOutcome(step.uid, conflict=True)
        is_wrong = bool(told & _INVALID_EVENT_PRECONDITIONS)
        if answer.status in (404, 409, 410) and not is_wrong:
            if not self._exists(state.calendar):
                raise CalendarGone(
                    msg("The calendar “{name}” is no longer at {host}.", name=self.name, host=self.connection.host),
                    "Push again to make it anew, with the whole timetable in it.",
                )
            if answer.status == 409:
                return PushOutcome(step.uid, refused=_UID_IN_USE)  # the status that SOGo uses
        if is_wrong or answer.status in (400, 404, 410, 413, 415, 422):
            return PushOutcome(step.uid, refused=msg("{host} does not take this event.", host=self.connection.host))
        raise error_for_response(answer, self.connection.host)

    def _remove(self, step: PushStep) -> PushOutcome:
        if step.entry is None:
            raise ValueError("nothing to remove")
        answer = self.connection.write(
            "DELETE", self._present_url(step.entry.place), "", _if_match(step), expected=(404, 410, 412)
        )
        return PushOutcome(step.uid, conflict=answer.status == 412)

    def delete_calendar(self, state: TargetState) -> bool:
        answer = self.connection.propfind(state.calendar, "<d:getetag/>", 1, expected=(404, 410))
        if answer.status in (404, 410):
            return True
        if any(_path(item.url) != _path(state.calendar) for item in answer.items):
            return False
        self.connection.write("DELETE", state.calendar, expected=(404, 410))
        return True


class _UidsByUrl:
    """Maps the URLs of a calendar's files to UIDs."""

    def __init__(self, calendar: str, state: TargetState) -> None:
        self._calendar = _path(calendar)
        self._known = {_path(entry.place): uid for uid, entry in state.entries.items() if entry.place}

    def uid(self, url: str) -> str | None:
        path = _path(url)
        if path in self._known:
            return self._known[path]
        name = resource_name(url)
        return name.removesuffix(".ics") if path != self._calendar and _EVENT_FILE.fullmatch(name) else None


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/")


def _if_match(step: PushStep) -> dict[str, str]:
    tag = step.entry.tag if step.entry is not None else ""
    # If-Match never matches a weak tag (RFC 9110, 13.1.1), so every write would fail.
    return {"If-Match": tag} if tag and not tag.startswith("W/") else {}


def _sync_collection_body(token: str) -> str:
    return (
        f"<d:sync-collection {NAMESPACES}><d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level>"
        "<d:prop><d:getetag/></d:prop></d:sync-collection>"
    )
