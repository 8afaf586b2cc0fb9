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
    Connection,
    DavItem,
    DavResponse,
    NoCalendarService,
    name_in,
    refusal,
)
from desktop.calendars.event import CalendarEvent
from desktop.calendars.look_alikes import OtherEvent
from desktop.calendars.marks import fingerprint, first_date, marked, read_back
from desktop.calendars.push import CalendarGone, CalendarSnapshot, FoundEvent, PushOutcome
from desktop.calendars.push_plan import PushStep, StepKind
from desktop.calendars.push_state import Presence, TargetState
from desktop.domain.errors import AppError
from desktop.domain.messages import msg

_OURS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\.ics")  # a UUID of version 5
_CHUNK = 60  # events fetched by one request
_PAGES = 1000  # the most responses that a server may split a listing into
_TAKEN = (
    "Another event of this calendar has its identity; a file imported by hand may have put it there. Remove that one,"
    " or let a new calendar be made."
)
_ELSEWHERE = (
    "Another calendar of this account holds this event already. Remove it there, then push again, or choose that"
    " calendar."
)
_NOWHERE = (400, 403, 404, 405, 406, 410, 415, 501)
_NO_SYNC = (400, 403, 405, 409, 410, 412, 415, 422, 501)
_WRONG_EVENT = {
    "valid-calendar-data",
    "valid-calendar-object-resource",
    "supported-calendar-component",
    "max-resource-size",
    "supported-calendar-data",
}


def calendar_home(connection: Connection) -> str:
    """The URL of the account's calendar home. Raises NoCalendarService if the address is of no CalDAV service."""
    wanted = "<d:current-user-principal/><c:calendar-home-set/>"
    nowhere: AppError = NoCalendarService(
        msg("{host} names no place for calendars.", host=connection.host),
        "Check the address: it should be that of the calendar service (CalDAV), not of its web page.",
    )
    for address in dict.fromkeys((connection.url, urljoin(connection.url, "/.well-known/caldav"))):
        try:
            answer = connection.propfind(address, wanted, 0, expected=_NOWHERE)
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

    connection: Connection
    namespace: UUID
    name: str
    topic: str = ""
    calendar: str = ""
    colour: str = "#005BAA"
    batch: int = 10
    _is_there: bool = field(default=False, init=False)  # true if the calendar existed when it was last read
    _own: str = field(default="", init=False)
    _moved: tuple[str, str] = field(default=("", ""), init=False)  # former and new URL of a calendar that has moved

    @property
    def key(self) -> str:
        """The key of the calendar in the push states. It contains no secret."""
        which = self.calendar or f"own/{self.topic}"
        return f"caldav:{self.connection.user}@{self.connection.host}:{which}"

    def fingerprint(self, event: CalendarEvent, year: int) -> str:  # noqa: ARG002 - not part of the content
        return fingerprint(event)

    def look(self, state: TargetState) -> CalendarSnapshot:
        calendar = state.calendar or self.calendar or self._own_address()
        names = _Names(calendar, state)
        token, listed = self._listed(calendar, state.token)
        self._is_there = listed is not None
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
        found = {each.uid: each for each in self._fetched(calendar, fetch, names)}
        return CalendarSnapshot(found, same, absent, everything, token or "")

    def _own_address(self) -> str:
        if not self._own:
            home = calendar_home(self.connection)
            slug = uuid5(self.namespace, f"calendar/{self.topic}")
            self._own = urljoin(home if home.endswith("/") else f"{home}/", f"{slug}/")
        return self._own

    def _listed(self, calendar: str, token: str) -> tuple[str | None, list[DavItem] | None]:
        """The new sync token, and the items changed since `token`.

        Without support for tokens: None, and all items. If there is no calendar, both are None.
        """
        items: list[DavItem] = []
        since = token
        for _ in range(_PAGES):
            answer = self.connection.report(calendar, _sync(since), 0, expected=(404, *_NO_SYNC))
            if answer.status == 404:
                return None, None
            self._note_move(calendar, answer)
            if answer.status in _NO_SYNC:
                # The token is too old, or the server does not support tokens.
                return self._listed_anew(calendar) if since else (None, self._all(calendar))
            cut = [item for item in answer.items if item.status == 507]
            items += [item for item in answer.items if item.status != 507]
            since = answer.token
            if not cut or not since:
                return since, items
        return None, self._all(calendar)

    def _listed_anew(self, calendar: str) -> tuple[str | None, list[DavItem] | None]:
        _, items = self._listed(calendar, "")
        return None, items

    def _all(self, calendar: str) -> list[DavItem] | None:
        answer = self.connection.propfind(calendar, "<d:getetag/>", 1, expected=(404, 410))
        if answer.status in (404, 410):
            return None
        self._note_move(calendar, answer)
        return list(answer.items)

    def _note_move(self, calendar: str, answer: DavResponse) -> None:
        if answer.moved_to and answer.moved_to != calendar:
            self._moved = (calendar, answer.moved_to)

    def _now_at(self, url: str) -> str:
        """The present URL of a resource whose calendar may have moved permanently. Writes do not follow redirects."""
        before, now = self._moved
        return now + url.removeprefix(before) if before and url.startswith(before) else url

    def _fetched(self, calendar: str, urls: Iterable[str], names: _Names) -> Iterator[FoundEvent]:
        waiting = iter(urls)
        while chunk := list(islice(waiting, _CHUNK)):
            for item in self._multiget(calendar, chunk, "<d:getetag/><c:calendar-data/>"):
                uid = names.uid(item.url)
                data = item.properties.get(f"{CALDAV}calendar-data")
                if uid is None or data is None:
                    continue
                read = read_back((data.text or "").encode())
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

    def others(self, state: TargetState) -> Iterator[OtherEvent]:
        if not self._is_there:
            return
        calendar = state.calendar or self.calendar or self._own_address()
        names = _Names(calendar, state)
        answer = self.connection.report(
            calendar,
            f"<c:calendar-query {NAMESPACES}><d:prop><d:getetag/><c:calendar-data/></d:prop>"
            '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"/></c:comp-filter></c:filter>'
            "</c:calendar-query>",
            1,
            expected=_NO_SYNC,
        )
        for item in answer.items:
            data = item.properties.get(f"{CALDAV}calendar-data")
            read = None if data is None or names.uid(item.url) else first_date((data.text or "").encode())
            if read is not None:
                yield OtherEvent(item.url, item.text(f"{DAV}getetag"), *read)

    def prepare(self, state: TargetState) -> TargetState:
        if state.calendar or self.calendar:
            return replace(state, calendar=self._now_at(state.calendar or self.calendar))
        address = self._own_address()
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
        if answer.status >= 400 and not self._is_at(address):
            raise refusal(answer, self.connection.host)
        return replace(state, calendar=address, made=True)

    def _is_at(self, calendar: str) -> bool:
        return self.connection.propfind(calendar, "<d:resourcetype/>", 0, expected=(404, 410)).status < 400

    def send(self, state: TargetState, steps: Sequence[PushStep]) -> Iterator[PushOutcome]:
        stale = self._stale(state, steps)
        for step in steps:
            if step.uid in stale:
                yield PushOutcome(step.uid, conflict=True)
            else:
                yield self._remove(step) if step.wanted is None else self._put(state, step)

    def _stale(self, state: TargetState, steps: Sequence[PushStep]) -> set[str]:
        """The UIDs of events that were changed or removed in the online calendar since the plan was made.

        A write has an If-Match header, but SOGo removes an event in spite of it and recreates a missing one, and
        If-Match never matches a weak tag. Additions are not checked: no other event has their name.
        """
        urls, known = [], {}
        for step in steps:
            if step.entry is not None and step.entry.tag and step.kind is not StepKind.ADD:
                urls.append(self._now_at(step.entry.place))
                known[_path(urls[-1])] = step, step.entry.tag
        stale = set()
        for item in self._multiget(state.calendar, urls, "<d:getetag/>", (404, *_NO_SYNC)) if urls else ():
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
        url = self._now_at(known) or urljoin(state.calendar, f"{step.uid}.ics")
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        headers |= {"If-None-Match": "*"} if adds else _if_match(step)
        body = marked(step.wanted.event, step.wanted.year)
        answer = self.connection.write(
            "PUT", url, body, headers, expected=(400, 403, 404, 409, 410, 412, 413, 415, 422)
        )
        if answer.status < 300:
            return PushOutcome(step.uid, url, answer.tag)
        return self._not_put(state, step, answer)

    def _not_put(self, state: TargetState, step: PushStep, answer: DavResponse) -> PushOutcome:
        told = {name.rpartition("}")[2] for name in answer.said}
        if "no-uid-conflict" in told:
            return PushOutcome(step.uid, refused=_TAKEN)
        if "unique-scheduling-object-resource" in told:
            return PushOutcome(step.uid, refused=_ELSEWHERE)
        if answer.status == 412 or (answer.status in (404, 410) and step.kind is StepKind.CHANGE):
            return PushOutcome(step.uid, conflict=True)
        is_wrong = bool(told & _WRONG_EVENT)
        if answer.status in (404, 409, 410) and not is_wrong:
            if not self._is_at(state.calendar):
                raise CalendarGone(
                    msg("The calendar “{name}” is no longer at {host}.", name=self.name, host=self.connection.host),
                    "Push again to make it anew, with the whole timetable in it.",
                )
            if answer.status == 409:
                return PushOutcome(step.uid, refused=_TAKEN)  # the status that SOGo uses
        if is_wrong or answer.status in (400, 404, 410, 413, 415, 422):
            return PushOutcome(step.uid, refused=msg("{host} does not take this event.", host=self.connection.host))
        raise refusal(answer, self.connection.host)

    def _remove(self, step: PushStep) -> PushOutcome:
        if step.entry is None:
            raise ValueError("nothing to remove")
        answer = self.connection.write(
            "DELETE", self._now_at(step.entry.place), "", _if_match(step), expected=(404, 410, 412)
        )
        return PushOutcome(step.uid, conflict=answer.status == 412)

    def discard(self, state: TargetState) -> bool:
        answer = self.connection.propfind(state.calendar, "<d:getetag/>", 1, expected=(404, 410))
        if answer.status in (404, 410):
            return True
        if any(_path(item.url) != _path(state.calendar) for item in answer.items):
            return False
        self.connection.write("DELETE", state.calendar, expected=(404, 410))
        return True


class _Names:
    """Maps the URLs of a calendar's files to UIDs."""

    def __init__(self, calendar: str, state: TargetState) -> None:
        self._calendar = _path(calendar)
        self._known = {_path(entry.place): uid for uid, entry in state.entries.items() if entry.place}

    def uid(self, url: str) -> str | None:
        path = _path(url)
        if path in self._known:
            return self._known[path]
        name = name_in(url)
        return name.removesuffix(".ics") if path != self._calendar and _OURS.fullmatch(name) else None


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/")


def _if_match(step: PushStep) -> dict[str, str]:
    tag = step.entry.tag if step.entry is not None else ""
    # If-Match never matches a weak tag (RFC 9110, 13.1.1), so every write would fail.
    return {"If-Match": tag} if tag and not tag.startswith("W/") else {}


def _sync(token: str) -> str:
    return (
        f"<d:sync-collection {NAMESPACES}><d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level>"
        "<d:prop><d:getetag/></d:prop></d:sync-collection>"
    )
