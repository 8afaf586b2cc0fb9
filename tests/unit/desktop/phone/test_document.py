"""The contents of the phone's file: every remaining day, escaped, bounded, and the same bytes for the same moment."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser

import pytest

from desktop.academic import proposed_calendar
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.modules import Colour, Module
from desktop.domain.timetable.occurrences import Occurrence, occurrences
from desktop.domain.timetable.timetable import Timetable
from desktop.languages import translator_for
from desktop.phone.document import MAX_BYTES, PhoneDocument, phone_document
from desktop.phone.style import COLOUR_CLASSES

NOW = datetime(2026, 3, 24, 9, 5)
HOSTILE = "</bdi><script>alert(1)</script><img src=//x onerror=alert(1)>\"'&\u202e <!--"


def meeting(module: str, label: str, weekday: int, hour: int, venue: str = "IT 2-26", offered: str = "S1") -> Meeting:
    slot = Slot(weekday, time(hour, 30), time(hour + 1, 20))
    name = f"2026/{module}/{offered}/G01/L/{label}/{weekday}{hour}"
    return Meeting(name, 2026, module, offered, "G01", "L", label, slot, (venue,))


def timetable(*meetings: Meeting, events: tuple[OwnEvent, ...] = ()) -> Timetable:
    modules = {each.module: Module(2026, each.module, colour=Colour.PEACOCK) for each in meetings}
    return Timetable(2026, modules, meetings, (), events)


def made(found: Timetable, now: datetime = NOW, language: str = "en") -> PhoneDocument:
    calendar = proposed_calendar(2026)
    dated: tuple[Occurrence, ...] = occurrences(found, calendar, date(2026, 1, 1), date(2027, 1, 30))
    return phone_document(found, calendar, dated, now, translator_for(language), language, undecided=False)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "style")]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(document: PhoneDocument) -> _Tags:
    tags = _Tags()
    tags.feed(document.body.decode())
    return tags


def test_every_remaining_date_is_there_and_none_before_it() -> None:
    found = timetable(meeting("COS 212", "L1", 0, 8))
    dates = [each.date for each in occurrences(found, proposed_calendar(2026), NOW.date(), date(2026, 12, 31))]
    text = made(found).body.decode()
    held = re.findall(r'id="d([\d-]+)"><h4>[^<]*</h4>(?:<p class="q">[^<]*</p>)?<ol>', text)
    assert held == [str(day) for day in dates]
    assert "d2026-03-23" not in text


def test_names_from_outside_are_text() -> None:
    event = OwnEvent("2026/event/1", 2026, HOSTILE, time(9), time(10), on=date(2026, 3, 25), venue=HOSTILE)
    found = timetable(replace(meeting(HOSTILE, "L1", 2, 8), venues=(HOSTILE,)), events=(event,))
    tags = read(made(found))
    assert tags.tags.count("script") == 1
    assert "img" not in tags.tags
    assert "<script>alert(1)</script><img src=//x onerror=alert(1)>" in tags.text
    assert "\u202e" not in tags.text  # nothing turns the direction of what follows


def test_the_same_moment_gives_the_same_bytes() -> None:
    found = timetable(meeting("COS 212", "L1", 0, 8))
    assert made(found) == made(found)


def test_it_asks_nobody_for_anything() -> None:
    text = made(timetable(meeting("COS 212", "L1", 0, 8))).body.decode()
    assert "http://" not in text
    assert "https://" not in text
    assert "default-src 'none'" in text
    assert "'unsafe-inline'" not in text


def test_a_year_too_full_ends_on_a_day_that_it_names() -> None:
    many = [
        meeting(f"MOD {number:03}", f"L{hour}", day, hour, "A very long name of a lecture hall " * 3)
        for number in range(12)
        for day in range(5)
        for hour in range(7, 17)
    ]
    document = made(timetable(*many))
    assert document.is_cut
    assert document.last_day is not None
    assert len(document.body) < MAX_BYTES
    text = document.body.decode().partition("<script>")[0]
    assert "This file ends on" in text
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert links <= set(re.findall(r'id="([^"]+)"', text))


def test_after_the_end_of_the_year_it_says_so() -> None:
    document = made(timetable(meeting("COS 212", "L1", 0, 8)), datetime(2026, 12, 20, 9))
    assert document.last_day is None
    assert "Nothing is left of 2026." in document.body.decode()


def test_it_is_written_in_afrikaans() -> None:
    document = made(timetable(meeting("COS 212", "L1", 0, 8)), language="af").body.decode()
    assert '<html lang="af">' in document
    assert "Toetse en eksamens" in document
    assert "Maandag 13 April" in document


@pytest.mark.parametrize("colour", Colour)
def test_every_colour_has_a_bar(colour: Colour) -> None:
    assert colour in COLOUR_CLASSES


def test_a_moved_class_says_whose_timetable_is_followed() -> None:
    found = timetable(*(meeting("COS 212", f"L{day}", day, 8) for day in range(5)))
    calendar = proposed_calendar(2026)
    moved = [
        each
        for each in occurrences(found, calendar, date(2026, 1, 1), date(2026, 12, 31))
        if each.moved_from is not None
    ]
    if not moved:
        pytest.skip("no day of 2026 follows another weekday's timetable")
    before = datetime.combine(moved[0].date - timedelta(days=1), time(9))
    assert "’s timetable" in made(found, before).body.decode()
