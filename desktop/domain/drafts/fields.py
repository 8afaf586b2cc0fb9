"""Validators for the cells of a document: times, days, dates and codes. They raise Unclear for any other text.

Damaged documents would otherwise give wrong rows without an error. So formats are strict where UP's are known. Where
they are not (groups, kinds, campuses), any printable text is accepted.
"""

from __future__ import annotations

import re
from datetime import date, time

from desktop.domain.drafts.draft import WEEKDAYS
from desktop.domain.messages import DateText, Weekday, msg

MODULE = re.compile(r"([A-Z]{3}) ?(\d{3})")
_CLOCK = re.compile(r"(\d{2}):(\d{2})")
_SPAN = re.compile(r"(\d{2}:\d{2}) ?[-–] ?(\d{2}:\d{2})")
_DATE = re.compile(r"(\d{1,2}) ([A-Za-z]{3}) (\d{4})")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
    )
}
_CODE = re.compile(r"[A-Z][A-Z0-9]{0,9}")
_ACTIVITY = re.compile(r"([A-Z]{1,4}) ?(\d{0,3})")
_PRINTABLE = re.compile(r"[\x20-\x7e\xa0-\u024f\u2010-\u2026]*")
EARLIEST, LATEST = time(5, 0), time(23, 59)
YEARS = range(2000, 2100)


class Unclear(ValueError):
    """A cell that does not fit its column. `expected` describes a valid one."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found “{found}”")
        self.expected = expected
        self.found = found


def module(text: str) -> str:
    """A module code, with one space: `COS 214`."""
    found = MODULE.fullmatch(text)
    if not found:
        raise Unclear("a module such as COS 214", text)
    return f"{found[1]} {found[2]}"


def weekday(text: str) -> int:
    """A weekday in English, as the portal prints it. Monday is 0."""
    name = text.capitalize()
    if name not in WEEKDAYS:
        raise Unclear("a day such as Monday", text)
    return WEEKDAYS.index(name)


def clock(text: str) -> time:
    """A time such as `07:30`, at an hour when UP teaches, in multiples of five minutes."""
    found = _CLOCK.fullmatch(text)
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        moment = time(int(found[1]), int(found[2]))
        if EARLIEST <= moment <= LATEST and moment.minute % 5 == 0:
            return moment
    raise Unclear("a time such as 07:30", text)


def span(text: str) -> tuple[time, time]:
    """A start and an end such as `08:30 - 09:20`, 10 minutes to 12 hours apart."""
    found = _SPAN.fullmatch(text)
    if not found:
        raise Unclear("a time such as 08:30 - 09:20", text)
    start, end = clock(found[1]), clock(found[2])
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    if not 10 <= minutes <= 12 * 60:
        raise Unclear("an end after the start", text)
    return start, end


def date_with_weekday(text: str, weekday_text: str) -> date:
    """A date such as `23 Aug 2025`, which must match the weekday printed next to it."""
    day, printed = calendar_date(text), weekday(weekday_text)
    if day.weekday() != printed:
        raise Unclear(
            msg("a {weekday}", weekday=Weekday(printed)),
            msg("{day}, which is a {weekday}", day=DateText(day, "d MMM yyyy"), weekday=Weekday(day.weekday())),
        )
    return day


def calendar_date(text: str) -> date:
    """A date such as `23 Aug 2025` or `12 NOV 2025`."""
    found = _DATE.fullmatch(text)
    month = _MONTHS.get(found[2].upper()) if found else None
    if found and month and int(found[3]) in YEARS:
        try:
            return date(int(found[3]), month, int(found[1]))
        except ValueError:
            pass
    raise Unclear("a date such as 23 Aug 2025", text)


def code(text: str, expected: str) -> str:
    """A short code of capitals and digits: an offered code, a group, a language."""
    if not _CODE.fullmatch(text):
        raise Unclear(expected, text)
    return text


def activity(text: str) -> tuple[str, str]:
    """An activity such as `L1`, and its kind: ("L1", "L")."""
    found = _ACTIVITY.fullmatch(text)
    if not found:
        raise Unclear("an activity such as L1", text)
    return f"{found[1]}{found[2]}", found[1]


def words(text: str, expected: str, *, required: bool = True) -> str:
    """Free text: any printable characters."""
    if (required and not text) or not _PRINTABLE.fullmatch(text):
        raise Unclear(expected, text)
    return text
