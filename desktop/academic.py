"""Academic years as JSON files: those shipped with the program, those that students share, and public holidays.

A shared file is untrusted: its size, its structure and every value in it are validated before it is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from desktop.config import assets_folder
from desktop.domain.codec import to_plain
from desktop.domain.commands.calendar_commands import check_in_year
from desktop.domain.drafts.draft import WEEKDAYS
from desktop.domain.errors import FileError, InvalidInput, cause
from desktop.domain.messages import Clause, listed, msg
from desktop.domain.timetable.terms import (
    NO_REGION,
    WEEK,
    AcademicCalendar,
    Deadline,
    Period,
    Recess,
    RecessBasis,
    SpecialDay,
    Term,
    monday_of,
    with_derived_terms,
)

FORMAT = "up-academic-year"
VERSION = 1
MAX_BYTES = 256 * 1024
MAX_ENTRIES = 400
MAX_TEXT_LENGTH = 1000
YEARS = range(2000, 2100)
PATTERN_YEAR = 2026  # its dates, moved by whole weeks, are the guess for every year without a shipped file
PATTERN_SOURCE = (
    "A guess: the dates of 2026, moved by whole weeks. Day swaps are not guessed, since they follow that year’s public"
    " holidays. Check everything against the university’s own calendar."
)
_OFFERED = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_Value = TypeVar("_Value")
_REGION = re.compile(r"[A-Za-z]{2}")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@lru_cache(maxsize=16)
def proposed_calendar(year: int) -> AcademicCalendar:
    """The dates proposed for a year, with South Africa's public holidays; `source` says where they come from.

    A year without a shipped file gets the dates of 2026, moved by whole weeks so that S1 starts on the second Monday of
    February. Raises InvalidInput for a year outside `YEARS`.
    """
    if year not in YEARS:
        raise InvalidInput(msg("There is no academic year {year}.", year=year), "Choose a year from 2000 to 2099.")
    path = assets_folder() / "academic" / f"{year}.json"
    if path.is_file():
        return read_calendar(path)
    return _moved(proposed_calendar(PATTERN_YEAR), year)


def _moved(pattern: AcademicCalendar, year: int) -> AcademicCalendar:
    by = monday_of(date(year, 2, 7)) + WEEK - monday_of(pattern.terms["S1"].start)

    def periods(found: tuple[Period, ...]) -> tuple[Period, ...]:
        return tuple(Period(each.start + by, each.end + by) for each in found)

    return AcademicCalendar(
        year,
        {name: Term(name, term.start + by, term.end + by) for name, term in pattern.terms.items()},
        tuple(replace(each, start=each.start + by, end=each.end + by) for each in pattern.recesses),
        holidays=public_holidays(year, "ZA"),
        source=PATTERN_SOURCE,
        recess_basis=RecessBasis.GUESSED,
        test_weeks=periods(pattern.test_weeks),
        test_days=tuple(day + by for day in pattern.test_days),
        exams=periods(pattern.exams),
        supplementary_exams=periods(pattern.supplementary_exams),
        deadlines=tuple(replace(each, date=each.date + by) for each in pattern.deadlines),
    )


@lru_cache(maxsize=32)
def public_holidays(year: int, region: str = "ZA") -> Mapping[date, str]:
    """Public holidays by date, of the academic year `year` and of the January after it; none for the region `none`.

    `region` is an ISO 3166 country code. Raises InvalidInput for a region without known holidays.
    """
    if region == NO_REGION:
        return {}
    shipped = _shipped_holidays(region)
    if {str(year), str(year + 1)} <= shipped.keys():
        named = {**shipped[str(year)], **shipped[str(year + 1)]}
        known: Mapping[date, str] = {date.fromisoformat(day): name for day, name in named.items()}
    else:
        known = _library_holidays(year, region)
    return {day: str(name) for day, name in sorted(known.items()) if day <= date(year + 1, 1, 31)}


@lru_cache(maxsize=4)
def _shipped_holidays(region: str) -> Mapping[str, Mapping[str, str]]:
    """The `holidays` library's output, shipped as a file for the next years: loading the library would take 14 MB and
    100 ms at every start."""
    path = assets_folder() / "holidays" / f"{region}.json"
    if not _REGION.fullmatch(region) or not path.is_file():
        return {}
    years: Mapping[str, Mapping[str, str]] = json.loads(path.read_text("utf-8"))["years"]
    return years


def _library_holidays(year: int, region: str) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415 - only for a year or a country without a shipped file

    try:
        found: Mapping[date, str] = holidays.country_holidays(region, years=(year, year + 1))
    except NotImplementedError:
        raise InvalidInput(
            msg("No public holidays are known for “{region}”.", region=region),
            "Choose a country by its two letters, such as ZA, or none.",
        ) from None
    return found


def read_calendar(path: Path) -> AcademicCalendar:
    """The academic year in a file. Raises FileError if it cannot be read, InvalidInput if its content is invalid."""
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except OSError as trouble:
        raise FileError(
            msg("{file} cannot be read: {why}.", file=path.name, why=cause(trouble)),
            "Check that the file is there and is yours to read.",
        ) from trouble
    return calendar_from_bytes(body, path.name)


def calendar_from_bytes(body: bytes, name: str = msg("The file")) -> AcademicCalendar:
    """Parse and validate an academic year. Raises InvalidInput, which names the file as `name` and says which value is
    wrong."""
    if len(body) > MAX_BYTES:
        raise _invalid_file_error(name, msg("it is larger than {n} KB", n=MAX_BYTES // 1024))
    try:
        plain = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _invalid_file_error(name, msg("it is not JSON")) from None
    try:
        return _calendar(_JsonReader(plain))
    except _InvalidFile as wrong:
        raise _invalid_file_error(name, str(wrong)) from None


def calendar_to_bytes(calendar: AcademicCalendar, region: str = "ZA") -> bytes:
    """The file to share of an academic year: JSON in UTF-8, the same bytes for the same dates."""
    plain = {
        "format": FORMAT,
        "version": VERSION,
        "year": calendar.year,
        "official": calendar.official,
        "source": calendar.source[:MAX_TEXT_LENGTH],
        "region": region,
        "terms": {
            offered: {"start": term.start.isoformat(), "end": term.end.isoformat()}
            for offered, term in sorted(calendar.terms.items())
        },
        "recess_basis": str(calendar.recess_basis),
        "recesses": [
            {"id": each.id, "name": each.name, "start": each.start.isoformat(), "end": each.end.isoformat()}
            for each in calendar.recesses
        ],
        "days": [
            {"date": day.isoformat()}
            | ({} if special.follows is None else {"follows": WEEKDAYS[special.follows]})
            | ({"off": special.off} if special.off else {})
            for day, special in sorted(calendar.days.items())
        ],
        "test_weeks": to_plain(calendar.test_weeks),
        "test_days": to_plain(calendar.test_days),
        "exams": to_plain(calendar.exams),
        "supplementary_exams": to_plain(calendar.supplementary_exams),
        "deadlines": to_plain(calendar.deadlines),
        "holidays_off": [
            day.isoformat() for day in public_holidays(calendar.year, region) if day not in calendar.holidays
        ],
    }
    return (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode()


class _InvalidFile(Exception):
    """A value in the file is invalid; the caller adds the file's name to the message."""


def _invalid_file_error(name: str, why: str) -> InvalidInput:
    return InvalidInput(
        msg("{name} is not an academic year that can be used: {why}.", name=name, why=why),
        "Ask whoever shared it to export it again, or enter the dates by hand.",
    )


class _JsonReader:
    """A JSON value with its path in the file, which error messages name. Every accessor validates what it returns."""

    def __init__(self, value: Any, where: str = msg("the file")) -> None:
        self.value = value
        self.where = where

    def _expect(self, kind: type, words: str) -> Any:
        if not isinstance(self.value, kind) or (kind is int and isinstance(self.value, bool)):
            raise _InvalidFile(msg("{where} is not {what}", where=self.where, what=words))
        return self.value

    def text(self, most: int = MAX_TEXT_LENGTH) -> str:
        text: str = self._expect(str, msg("text"))
        if len(text) > most or any(ord(char) < 32 for char in text):
            raise _InvalidFile(msg("{where} is not a line of at most {most} characters", where=self.where, most=most))
        return text.strip()

    def number(self) -> int:
        return int(self._expect(int, msg("a whole number")))

    def boolean(self) -> bool:
        return bool(self._expect(bool, msg("true or false")))

    def date(self) -> date:
        try:
            return date.fromisoformat(self.text(10))
        except ValueError:
            raise _InvalidFile(msg("{where} is not a date such as 2026-02-09", where=self.where)) from None

    def matching(self, pattern: re.Pattern[str]) -> str:
        text = self.text()
        if not pattern.fullmatch(text):
            raise _InvalidFile(msg("{where} is not a name that can be used", where=self.where))
        return text

    def get(self, name: str, default: Any = None) -> _JsonReader:
        members = self._expect(dict, msg("an object"))
        if name not in members and default is None:
            raise _InvalidFile(msg("{where} has no “{name}”", where=self.where, name=name))
        return _JsonReader(members.get(name, default), msg("“{name}” of {where}", name=name, where=self.where))

    def has(self, name: str) -> bool:
        return name in self._expect(dict, msg("an object"))

    def members(self) -> list[tuple[_JsonReader, _JsonReader]]:
        members = self._expect(dict, msg("an object"))
        self._check_count(members)
        return [
            (_JsonReader(name, msg("a name in {where}", where=self.where)), self.get(name, value))
            for name, value in members.items()
        ]

    def each(self) -> list[_JsonReader]:
        found = self._expect(list, msg("a list"))
        self._check_count(found)
        return [
            _JsonReader(value, msg("entry {n} of {where}", n=number, where=self.where))
            for number, value in enumerate(found, 1)
        ]

    def _check_count(self, found: Any) -> None:
        if len(found) > MAX_ENTRIES:
            raise _InvalidFile(msg("{where} has more than {most} entries", where=self.where, most=MAX_ENTRIES))


def _checked(where: str, make: Callable[[], _Value]) -> _Value:
    try:
        return make()
    except InvalidInput as wrong:
        raise _InvalidFile(msg("{where}: {why}", where=where, why=Clause(wrong.title))) from None


def _calendar(file: _JsonReader) -> AcademicCalendar:
    if file.get("format").text() != FORMAT:
        raise _InvalidFile(msg("its format is not “{format}”", format=FORMAT))
    if file.get("version").number() > VERSION:
        raise _InvalidFile(msg("it was written by a newer version of this program"))
    year = file.get("year").number()
    if year not in YEARS:
        raise _InvalidFile(msg("there is no academic year {year}", year=year))
    terms = {}
    for name, value in file.get("terms").members():
        offered = name.matching(_OFFERED)
        start, end = _span(year, value)
        terms[offered] = _checked(value.where, lambda: Term(offered, start, end))  # noqa: B023 - called at once
    if not terms:
        raise _InvalidFile(msg("it has no terms"))
    recesses = []
    for number, value in enumerate(file.get("recesses", []).each(), 1):
        title = value.get("name", "Recess").text(100) or "Recess"
        key = value.get("id", f"recess-{number}").matching(_ID)
        start, end = _span(year, value)
        recesses.append(_checked(value.where, lambda: Recess(key, start, end, title)))  # noqa: B023 - called at once
    if len({recess.id for recess in recesses}) < len(recesses):
        raise _InvalidFile(msg("two recesses have one id"))
    region = file.get("region", "ZA").matching(_ID)
    off = {value.date() for value in file.get("holidays_off", []).each()}
    holidays = _checked(msg("its region"), lambda: public_holidays(year, region))
    return AcademicCalendar(
        year,
        with_derived_terms(terms),
        tuple(sorted(recesses, key=lambda recess: (recess.start, recess.end, recess.id))),
        dict(sorted(_special(year, value) for value in file.get("days", []).each())),
        {day: name for day, name in holidays.items() if day not in off},
        source=file.get("source").text(),
        official=file.get("official").boolean(),
        recess_basis=_basis(file, recesses),
        test_weeks=_periods(year, file.get("test_weeks", [])),
        test_days=tuple(sorted(_day(year, value) for value in file.get("test_days", []).each())),
        exams=_periods(year, file.get("exams", [])),
        supplementary_exams=_periods(year, file.get("supplementary_exams", [])),
        deadlines=tuple(sorted(_deadline(year, value) for value in file.get("deadlines", []).each())),
    )


def _basis(file: _JsonReader, recesses: list[Recess]) -> RecessBasis:
    """How sure the file's recesses are. Files of older versions do not say: there a recess counts as proposed."""
    if not file.has("recess_basis"):
        return RecessBasis.PROPOSED if recesses else RecessBasis.UNKNOWN
    value = file.get("recess_basis")
    try:
        return RecessBasis(value.text(20))
    except ValueError:
        raise _InvalidFile(
            msg("{where} is none of {names}", where=value.where, names=listed(tuple(RecessBasis), ""))
        ) from None


def _periods(year: int, found: _JsonReader) -> tuple[Period, ...]:
    periods = []
    for value in found.each():
        start, end = _span(year, value)
        periods.append(_checked(value.where, lambda: Period(start, end)))  # noqa: B023 - called at once
    return tuple(sorted(periods, key=lambda each: (each.start, each.end)))


def _deadline(year: int, value: _JsonReader) -> Deadline:
    return Deadline(_day(year, value.get("date")), value.get("name").text(100))


def _day(year: int, value: _JsonReader) -> date:
    day = value.date()
    _checked(value.where, lambda: check_in_year(year, day))
    return day


def _span(year: int, value: _JsonReader) -> tuple[date, date]:
    start, end = value.get("start").date(), value.get("end").date()
    _checked(value.where, lambda: check_in_year(year, start, end))
    return start, end


def _special(year: int, value: _JsonReader) -> tuple[date, SpecialDay]:
    day = _day(year, value.get("date"))
    off = value.get("off", "").text(200)
    if not value.has("follows"):
        return day, SpecialDay(day, None, off)
    follows = value.get("follows").text()
    if follows not in WEEKDAYS:
        raise _InvalidFile(
            msg("“{name}” of {where} is not a weekday such as Friday", name="follows", where=value.where)
        )
    return day, SpecialDay(day, WEEKDAYS.index(follows), off)
