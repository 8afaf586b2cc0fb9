"""A student's changes to a calendar with another program than ours: one class for each kind of target."""

import re
import urllib.request
from base64 import b64encode
from dataclasses import replace
from uuid import UUID
from xml.etree import ElementTree as ET

from desktop.calendars.event import CalendarEvent
from desktop.calendars.ical import write_event
from desktop.calendars.look_alikes import OtherEvent
from desktop.domain.timetable.terms import WEEK
from tests.clients import servers
from tests.contract.calendars.memory import Cloud, StoredEvent


def _title_by_others(event: CalendarEvent) -> str:
    """The title that another program gives an event."""
    return event.title.replace(" · ", " ")


class MemoryUser:
    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def uids(self) -> set[str]:
        return {*self.cloud.events, *self.cloud.others}

    def edit(self, uid: str, title: str) -> None:
        self.cloud.change(uid, replace(self.cloud.events[uid], content=title))

    def says(self, uid: str, text: str) -> bool:
        return text in self.cloud.events[uid].content

    def remove(self, uid: str) -> None:
        self.cloud.change(uid, None)

    def add_own(self) -> str:
        self.cloud.change("own-1", StoredEvent("mine", "", 0, "Mine", 0))
        return "own-1"

    def add_look_alike(self, event: CalendarEvent) -> str:
        other = OtherEvent("theirs", "1", _title_by_others(event), event.location, event.start, event.end, repeats=True)
        self.cloud.others[other.place] = other
        return other.place

    def remove_calendar(self) -> None:
        self.cloud.events.clear()
        self.cloud.exists = False


class DavUser:
    """Changes over plain HTTP, past the proxy, as a phone would make them."""

    def __init__(self, server: str, calendar_of) -> None:
        self.server = server.rstrip("/")
        self._calendar_of = calendar_of

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> str:
        credentials = b64encode(f"{servers.USER}:{servers.PASSWORD}".encode()).decode()
        request = urllib.request.Request(self.server + path, body.encode() or None, method=method)
        request.add_header("Authorization", f"Basic {credentials}")
        request.add_header("Content-Type", "text/calendar" if method == "PUT" else "application/xml")
        for name, value in headers.items():
            request.add_header(name, value)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    @property
    def calendar(self) -> str:
        return "/" + self._calendar_of().split("/", 3)[3]

    def uids(self) -> set[str]:
        body = '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'
        tree = ET.fromstring(self.ask("PROPFIND", self.calendar, body, Depth="1"))
        hrefs = [each.text for each in tree.iter("{DAV:}href")]
        return {href.rpartition("/")[2].removesuffix(".ics") for href in hrefs if href.endswith(".ics")}

    def read(self, uid: str) -> str:
        return self.ask("GET", f"{self.calendar}{uid}.ics")

    def edit(self, uid: str, title: str) -> None:
        body = re.sub(r"SUMMARY:[^\r\n]*", f"SUMMARY:{title}", self.read(uid), count=1)
        self.ask("PUT", f"{self.calendar}{uid}.ics", body)

    def says(self, uid: str, text: str) -> bool:
        return text in self.read(uid).replace("\r\n ", "")

    def remove(self, uid: str) -> None:
        self.ask("DELETE", f"{self.calendar}{uid}.ics")

    def add_own(self) -> str:
        uid = "11111111-2222-4333-8444-555555555555"
        body = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\n"
            f"UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260303T100000Z\r\nDTEND:20260303T110000Z\r\nSUMMARY:Mine\r\n"
            "END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        self.ask("PUT", f"{self.calendar}{uid}.ics", body)
        return uid

    def add_look_alike(self, event: CalendarEvent) -> str:
        uid = "99999999-2222-4333-8444-555555555555"
        series = replace(event, uid=uid, title=_title_by_others(event), start=event.start + WEEK, end=event.end + WEEK)
        self.ask("PUT", f"{self.calendar}{uid}.ics", write_event(series).decode())
        return uid

    def remove_calendar(self) -> None:
        self.ask("DELETE", self.calendar)


class GoogleUser:
    """Changes by a student in Google Calendar."""

    def __init__(self, server) -> None:
        self.server = server

    @property
    def _calendar(self) -> str:
        return next(iter(self.server.calendars))

    def titles(self) -> set[str]:
        """The titles of the events there, exceptions included."""
        return {event["summary"] for event in self._events.values() if event["status"] != "cancelled"}

    @property
    def _events(self) -> dict:
        return self.server.calendars[self._calendar]

    def uids(self) -> set[str]:
        alive = [
            key
            for key, event in self._events.items()
            if event["status"] != "cancelled" and "recurringEventId" not in event
        ]
        return {str(UUID(key)) if re.fullmatch("[0-9a-f]{32}", key) else key for key in alive}

    def edit(self, uid: str, title: str) -> None:
        event = self._events[UUID(uid).hex]
        self.server.change(self._calendar, event | {"summary": title, "sequence": event.get("sequence", 0) + 1})

    def says(self, uid: str, text: str) -> bool:
        return text in str(self._events[UUID(uid).hex])

    def remove(self, uid: str) -> None:
        self.server.change(self._calendar, self._events[UUID(uid).hex] | {"status": "cancelled"})

    def change_one_date(self, uid: str, day: str, **changed) -> None:
        """One changed date of a series as Google stores it: everything from the series, except what was changed."""
        key = UUID(uid).hex
        series = self._events[key]
        planned = {
            edge: {
                "dateTime": f"{day}T{series[edge]['dateTime'].partition('T')[2]}",
                "timeZone": series[edge]["timeZone"],
            }
            for edge in ("start", "end")
        }
        exception = {name: value for name, value in series.items() if name != "recurrence"} | planned | changed
        of = {"id": f"{key}_{day}", "recurringEventId": key, "originalStartTime": planned["start"]}
        self.server.change(self._calendar, exception | of)

    def move_one_date(self, uid: str, day: str) -> None:
        moved = {"dateTime": f"{day}T18:00:00+02:00"}
        self.change_one_date(uid, day, start=moved, end=moved)

    def change_from(self, uid: str, day: str, title: str) -> str:
        """Change "this and following events": the series ends before that day, and another goes on from there."""
        key = UUID(uid).hex
        series = self._events[key]
        clock = series["start"]["dateTime"].partition("T")[2]
        rule = series["recurrence"][0]
        split = series | {
            "id": f"{key}_R{day.replace('-', '')}T{clock[:8].replace(':', '')}",
            "summary": title,
            "start": series["start"] | {"dateTime": f"{day}T{clock}"},
            "end": series["end"] | {"dateTime": f"{day}T{series['end']['dateTime'].partition('T')[2]}"},
            "recurrence": [rule],
        }
        before = re.sub(r"UNTIL=\w+", f"UNTIL={day.replace('-', '')}T000000Z", rule)
        self.server.change(self._calendar, series | {"recurrence": [before, *series["recurrence"][1:]]})
        return self.server.change(self._calendar, split)["id"]

    def delete_one_date(self, uid: str, day: str) -> None:
        self.move_one_date(uid, day)
        key = f"{UUID(uid).hex}_{day}"
        kept = {name: self._events[key][name] for name in ("id", "recurringEventId", "originalStartTime")}
        self.server.change(self._calendar, kept | {"status": "cancelled"})

    def add_own(self) -> str:
        own = {"id": "mine2026", "status": "confirmed", "summary": "Mine", "start": {}, "end": {}}
        self.server.change(self._calendar, own)
        return "mine2026"

    def add_look_alike(self, event: CalendarEvent) -> str:
        made = {
            "id": "theirs2026",
            "status": "confirmed",
            "summary": _title_by_others(event),
            "location": event.location,
            "start": {"dateTime": f"{event.start.isoformat()}+02:00", "timeZone": "Africa/Johannesburg"},
            "end": {"dateTime": f"{event.end.isoformat()}+02:00", "timeZone": "Africa/Johannesburg"},
            "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=12"],
        }
        return self.server.change(self._calendar, made)["id"]

    def remove_calendar(self) -> None:
        self.server.calendars.clear()
