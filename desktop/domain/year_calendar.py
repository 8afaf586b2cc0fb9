"""Parses UP's year calendar, pasted from its web page or saved as HTML: dates and what happens on them.

Lines come in many forms: the date on a separate line or before its text, with or without a space between, a span of
days, a heading for a month, the year only in the title. Every line is returned with its interpretation, so that a
student sees what will be used and what not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from html.parser import HTMLParser

from desktop.domain.drafts.draft import WEEKDAYS
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import MONTHS, DateText, Message, Value, Weekday, listed, msg, named
from desktop.domain.timetable.terms import (
    DAY,
    SEMESTERS,
    AcademicCalendar,
    Deadline,
    Period,
    Recess,
    RecessBasis,
    SpecialDay,
    Term,
    date_range,
    with_derived_terms,
)

MAX_CHARACTERS = 400_000
MAX_LINES = 2_000
MAX_PARSED_LENGTH = 300  # characters of a line that are parsed; the rest is only shown


class LineStatus(StrEnum):
    """The result of parsing a pasted line."""

    USED = "used"
    HEADING = "heading"  # a title, or the month of the days below it
    NOT_USED = "not used"  # a date that does not affect lectures, or is of another year
    NOT_UNDERSTOOD = "not understood"


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line as it was pasted, and its interpretation, in sentences."""

    text: str
    status: LineStatus
    meanings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class PastedYear:
    """All lines of a pasted year calendar, and the academic year that results from them and the proposal before.

    `kept` lists what the text does not contain, so that the proposal is kept. `usable` is false if nothing in the text
    was understood.
    """

    calendar: AcademicCalendar
    lines: tuple[PastedLine, ...]
    kept: tuple[Message, ...] = ()
    usable: bool = False


def line_texts(line: PastedLine) -> tuple[Message, ...]:
    """The interpretation of a line, or its status if there is none."""
    if line.meanings:
        return line.meanings
    match line.status:
        case LineStatus.HEADING:
            return (msg("Heading"),)
        case LineStatus.NOT_UNDERSTOOD:
            return (msg("Not understood"),)
    return (msg("Not used"),)


def line_counts_text(pasted: PastedYear) -> Message:
    """A sentence with the number of lines used, not used and not understood."""
    found = Counter(line.status for line in pasted.lines)
    return msg(
        "Lines used: {used}. Not used: {other}. Not understood: {unknown}.",
        used=found[LineStatus.USED],
        other=found[LineStatus.NOT_USED],
        unknown=found[LineStatus.NOT_UNDERSTOOD],
    )


def extract_lines(text: str) -> list[str]:
    """The stripped, non-empty lines of a text or of an HTML page.

    Raises InvalidInput for a text that is too long for a year calendar.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput("This text is far longer than a year calendar.", "Copy only the list of dates.")
    if re.search(r"<(?:html|body|table|tr|td|li|p|div|br|span|h[1-6])\b[^<>]*>", text, re.IGNORECASE):
        page = _TextExtractor()
        page.feed(text)
        page.close()
        text = "".join(page.parts)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found = [line for line in lines if line]
    if len(found) > MAX_LINES:
        raise InvalidInput("This text has far more lines than a year calendar.", "Copy only the list of dates.")
    return found


class _TextExtractor(HTMLParser):
    """Extracts the text of an HTML page: a line per block, the cells of a row in one line, no scripts or styles."""

    _BLOCK_TAGS = re.compile("address|article|br|d[dlt]|div|h[1-6]|hr|li|ol|p|section|table|tbody|tr|ul")
    _IGNORED_TAGS = frozenset(("script", "style", "head", "template"))

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._ignored_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        self._ignored_depth += tag in self._IGNORED_TAGS
        if self._BLOCK_TAGS.fullmatch(tag):
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._ignored_depth = max(0, self._ignored_depth - (tag in self._IGNORED_TAGS))
        if self._BLOCK_TAGS.fullmatch(tag):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._ignored_depth:
            # A line break in HTML source is shown as a space.
            self.parts.append(" ".join(data.split("\n")))


_MONTH = "(?:" + "|".join(rf"(?i:{name})|(?i:{name[:3]}t?)(?:\.|\b)" for name in MONTHS) + ")(?![a-z])"
_WEEKDAY = r"(?:(?i:" + "|".join(rf"{name}|{name[:3]}|{name[:4]}" for name in WEEKDAYS) + r")\.?,?\s+)?"
_NUMBER = r"(\d{1,2})(?:(?i:st|nd|rd|th)\b)?"
_TO = r"\s*(?:-|–|—|−|(?i:to|and|until)\b|&)\s*"
_YEAR = r"(?:,?\s*(20\d\d)(?!\d))?"
_WITH_MONTH = re.compile(rf"({_WEEKDAY}){_NUMBER}(?:\s*({_MONTH}){_YEAR})?{_TO}{_WEEKDAY}{_NUMBER}\s*({_MONTH}){_YEAR}")
_ONE_DAY = re.compile(rf"({_WEEKDAY}){_NUMBER}\s*({_MONTH}){_YEAR}")
_MONTH_FIRST = re.compile(rf"({_WEEKDAY})({_MONTH})\s*{_NUMBER}(?:{_TO}{_NUMBER})?{_YEAR}(?!\d)")
_ISO = re.compile(r"(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_BARE = re.compile(rf"({_WEEKDAY}){_NUMBER}(?:{_TO}{_NUMBER})?(?=$|[\s:;,–-]|[A-Z])")
_HEADING = re.compile(rf"({_MONTH}){_YEAR}$")
_BULLET = re.compile(r"^(?:[•·▪◦●*‣⁃○■-]|–)\s*(?=\S)")
_ANY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DEADLINE = re.compile(r"\b(?:registration|closing date|deadline|last day (?:for|to|of regist))")
_RECESS = re.compile(r"recess|\bvacation\b")
_SUPPLEMENTARY = re.compile(r"(?:supplementary|special|aegrotat|re-?)\s*exam")
_EXAMS = re.compile(r"\bexam")
_TESTS = re.compile(r"\btest (?:week|period)|\bsemester tests?\b")
_OFF = re.compile(r"no (?:lectures|classes)|lectures? (?:are )?suspended|study day|study leave")
_HOLIDAY = re.compile(
    r"public holiday|new year|human rights|good friday|family day|freedom day|workers|youth day|women|heritage"
    r"|reconciliation|christmas|goodwill"
)


@dataclass(frozen=True, slots=True)
class _DatedText:
    """The date at the beginning of a line, and the text after it."""

    start: tuple[int, int]  # month and day
    end: tuple[int, int]
    years: tuple[int, ...]
    weekday: int | None
    rest: str


def _month(text: str) -> int:
    return [name[:3].lower() for name in MONTHS].index(text[:3].lower()) + 1


def _weekday(text: str) -> int | None:
    return [name[:3].lower() for name in WEEKDAYS].index(text[:3].lower()) if text.strip() else None


def _leading_date(line: str, month: int | None) -> _DatedText | None:
    if match := _WITH_MONTH.match(line):
        weekday, first, month_before, year_before, last, month_after, year_after = match.groups()
        start = _month(month_before or month_after), int(first)
        end = _month(month_after), int(last)
        years = tuple(int(each) for each in (year_before, year_after) if each)
    elif match := _ONE_DAY.match(line):
        weekday, first, name, year = match.groups()
        start = end = _month(name), int(first)
        years = (int(year),) if year else ()
    elif match := _MONTH_FIRST.match(line):
        weekday, name, first, second, year = match.groups()
        start, end = (_month(name), int(first)), (_month(name), int(second or first))
        years = (int(year),) if year else ()
    elif match := _ISO.match(line):
        weekday = ""
        start = end = int(match[2]), int(match[3])
        years = (int(match[1]),)
    elif month is not None and (match := _BARE.match(line)):
        weekday, first, second = match.groups()
        start, end = (month, int(first)), (month, int(second or first))
        years = ()
    else:
        return None
    return _DatedText(start, end, years, _weekday(weekday), line[match.end() :].strip(" :;,.-–—|"))


def detect_year(text: str) -> int | None:
    """The year that occurs most often in a pasted text; None if there is none."""
    found = Counter(int(year) for year in _ANY_YEAR.findall(text))
    return max(found, key=lambda year: (found[year], -year)) if found else None


def read_year_calendar(text: str, proposed: AcademicCalendar) -> PastedYear:
    """Parse a pasted year calendar for the year of `proposed`, which supplies all that the text does not contain.

    Raises InvalidInput for a text that is too long.
    """
    return _YearCalendarParser(proposed).parse(extract_lines(text))


@dataclass
class _YearCalendarParser:
    proposed: AcademicCalendar
    starts: dict[str, date] = field(default_factory=dict)
    ends: dict[str, date] = field(default_factory=dict)
    recesses: list[Period] = field(default_factory=list)
    recess_names: list[str] = field(default_factory=list)
    last_before_recess: list[date] = field(default_factory=list)
    first_after_recess: list[date] = field(default_factory=list)
    days: dict[date, SpecialDay] = field(default_factory=dict)
    periods: dict[str, list[Period]] = field(default_factory=dict)
    deadlines: list[Deadline] = field(default_factory=list)
    exam_starts: list[date] = field(default_factory=list)
    exam_ends: list[date] = field(default_factory=list)
    holidays: int = 0

    def parse(self, lines: list[str]) -> PastedYear:
        found: list[PastedLine] = []
        month: int | None = None
        span: Period | None = None
        for whole in lines:
            line = _BULLET.sub("", whole[:MAX_PARSED_LENGTH])
            dated = _leading_date(line, month)
            if dated is None and (heading := _HEADING.fullmatch(line)):
                month, span = _month(heading[1]), None
                found.append(PastedLine(whole, LineStatus.HEADING))
                continue
            if dated is None:
                if span is None:
                    is_title = not any(each.status is LineStatus.USED for each in found)
                    found.append(PastedLine(whole, LineStatus.HEADING if is_title else LineStatus.NOT_UNDERSTOOD))
                else:
                    found.append(self._parse_line(whole, line, span))
                continue
            problem, span = self._resolve_period(dated)
            if problem is not None or span is None:
                found.append(PastedLine(whole, LineStatus.NOT_USED, (problem,) if problem else ()))
            elif dated.rest:
                found.append(self._parse_line(whole, dated.rest, span))
            else:
                found.append(PastedLine(whole, LineStatus.HEADING, (_period_text(span),)))
        return self._build_result(tuple(found))

    def _resolve_period(self, dated: _DatedText) -> tuple[Message | None, Period | None]:
        year = self.proposed.year
        for named_year in dated.years:
            if named_year != year:
                return msg("This is a date of {other}, not of {year}.", other=named_year, year=year), None
        try:
            start, end = date(year, *dated.start), date(year, *dated.end)
            span = Period(start, end)
        except (ValueError, InvalidInput):
            return msg("There is no such date in {year}.", year=year), None
        if dated.weekday is not None and dated.weekday != start.weekday():
            return (
                msg(
                    "{day} is a {weekday}: is this the calendar of another year?",
                    day=start,
                    weekday=Weekday(start.weekday()),
                ),
                None,
            )
        return None, span

    def _parse_line(self, whole: str, text: str, span: Period) -> PastedLine:
        meanings: list[Message] = []
        unknown: list[str] = []
        for part in (each.strip(" .,") for each in text.split(";")):
            if part:
                understood = list(self._parse_statement(part, span))
                meanings += understood
                if not understood:
                    unknown.append(part)
        if unknown:
            meanings.append(msg("Not used: {text}", text=", ".join(unknown)))
        used = len(meanings) > bool(unknown)
        return PastedLine(whole, LineStatus.USED if used else LineStatus.NOT_USED, tuple(meanings))

    def _parse_statement(self, text: str, span: Period) -> Iterator[Message]:
        """Interpret one statement about its days. The order of the patterns matters: a recess may say `No lectures`."""
        low = text.lower()
        followed = re.search(rf"({'|'.join(WEEKDAYS).lower()})(?:’s|'s)?\s+(?:lecture\s+)?time\s?table", low)
        if followed and span.start == span.end:
            weekday = [each.lower() for each in WEEKDAYS].index(followed[1])
            self.days[span.start] = SpecialDay(span.start, weekday)
            yield msg("{day} follows {weekday}’s timetable", day=_date_text(span.start), weekday=Weekday(weekday))
        boundary = re.search(r"(?:lectures?|classes|tuition)\s+(?:will\s+)?(commence|begin|start|resume|end)", low)
        if boundary:
            yield from self._parse_boundary(boundary[1], low, span)
            return
        if followed:
            return
        kinds = (
            (_DEADLINE, self._parse_deadline),
            (_RECESS, self._parse_recess),
            (_SUPPLEMENTARY, self._parse_supplementary),
            (_EXAMS, self._parse_exams),
            (_TESTS, self._parse_tests),
            (_OFF, self._parse_day_off),
            (_HOLIDAY, self._parse_holiday),
        )
        for pattern, understood in kinds:
            if pattern.search(low):
                yield from understood(text, span)
                return

    def _parse_boundary(self, verb: str, low: str, span: Period) -> Iterator[Message]:
        codes = [f"{letter}{number}" for letter, number in _codes(low)]
        if verb == "end":
            if codes:
                for code in codes:
                    self.ends[code] = span.end
                yield msg("Last day of {codes}: {day}", codes=listed(codes), day=_date_text(span.end))
            if re.search(r"recess|vacation|holiday", low):
                self.last_before_recess.append(span.end)
                yield msg("Last day before recess: {day}", day=_date_text(span.end))
            return
        if codes:
            for code in codes:
                self.starts[code] = span.start
            yield msg("First day of {codes}: {day}", codes=listed(codes), day=_date_text(span.start))
        if verb == "resume":
            self.first_after_recess.append(span.start)
            yield msg("First day after recess: {day}", day=_date_text(span.start))

    def _parse_day_off(self, text: str, span: Period) -> Iterator[Message]:
        for day in date_range(span.start, span.end):
            self.days[day] = SpecialDay(day, off=text[:200])
        yield msg("No lectures: {days}", days=_period_text(span))

    def _parse_recess(self, text: str, span: Period) -> Iterator[Message]:
        if re.search(r"\b(?:starts?|begins?|commences?)\b", text.lower()):
            self.last_before_recess.append(span.start - DAY)
            yield msg("Last day before recess: {day}", day=_date_text(span.start - DAY))
        elif re.search(r"\bends?\b", text.lower()):
            self.first_after_recess.append(span.end + DAY)
            yield msg("First day after recess: {day}", day=_date_text(span.end + DAY))
        else:
            self.recesses.append(span)
            self.recess_names.append(text[:100])
            yield msg("Recess: {days}", days=_period_text(span))

    def _parse_holiday(self, text: str, span: Period) -> Iterator[Message]:
        for day in date_range(span.start, span.end):
            known = self.proposed.holidays.get(day)
            if known is not None:
                yield msg("Public holiday: {day}, {name}", day=_date_text(day), name=named(known))
            else:
                self.days.setdefault(day, SpecialDay(day, off=text[:200]))
                yield msg("No lectures: {days}", days=_date_text(day))
        self.holidays += 1

    def _period_parser(
        self, name: str, words: Callable[[Value], Message]
    ) -> Callable[[str, Period], Iterator[Message]]:
        def note(_text: str, span: Period) -> Iterator[Message]:
            self.periods.setdefault(name, []).append(span)
            yield words(_period_text(span))

        return note

    def _parse_tests(self, text: str, span: Period) -> Iterator[Message]:
        return self._period_parser("test_weeks", lambda days: msg("Test week: {days}", days=days))(text, span)

    def _parse_supplementary(self, text: str, span: Period) -> Iterator[Message]:
        words = lambda days: msg("Supplementary exams: {days}", days=days)  # noqa: E731 - the placeholder is filled later
        return self._period_parser("supplementary_exams", words)(text, span)

    def _parse_exams(self, text: str, span: Period) -> Iterator[Message]:
        low = text.lower()
        if re.search(r"\b(?:starts?|begins?|commences?)\b", low):
            self.exam_starts.append(span.start)
            yield msg("Exams start: {day}", day=_date_text(span.start))
        elif re.search(r"\bends?\b|\blast day\b", low):
            self.exam_ends.append(span.end)
            yield msg("Exams end: {day}", day=_date_text(span.end))
        else:
            yield from self._period_parser("exams", lambda days: msg("Exams: {days}", days=days))(text, span)

    def _parse_deadline(self, text: str, span: Period) -> Iterator[Message]:
        self.deadlines.append(Deadline(span.end, text[:100]))
        yield msg("Deadline: {day}", day=_date_text(span.end))

    # the result

    def _build_result(self, lines: tuple[PastedLine, ...]) -> PastedYear:
        base = self.proposed
        kept: list[Message] = []
        terms, notes = self._terms()
        kept += notes
        recesses = self._found_recesses()
        if not recesses and base.recesses:
            kept.append(msg("Recess: not in the text, so the proposed one stays."))
        weeks, exams = self._unique_periods("test_weeks"), self._exam_periods()
        calendar = replace(
            base,
            terms=terms,
            recesses=recesses or base.recesses,
            recess_basis=RecessBasis.PROPOSED if recesses else base.recess_basis,
            days=dict(sorted(self.days.items())) if self.days else base.days,
            source=msg("Pasted from UP’s year calendar."),
            test_weeks=weeks or base.test_weeks,
            test_days=() if weeks else base.test_days,
            exams=exams or base.exams,
            supplementary_exams=self._unique_periods("supplementary_exams") or base.supplementary_exams,
            deadlines=tuple(sorted(self.deadlines)) or base.deadlines,
        )
        if not self.days and base.days:
            kept.append(msg("Day swaps and days without lectures: not in the text, so the proposed ones stay."))
        usable = bool(self.starts or self.ends or recesses or self.days or weeks or exams or self.deadlines)
        return PastedYear(calendar, lines, tuple(kept), usable)

    def _terms(self) -> tuple[Mapping[str, Term], list[Message]]:
        base, notes = self.proposed.terms, []
        starts, ends = dict(self.starts), dict(self.ends)
        for semester, first, last in (("S1", "Q1", "Q2"), ("S2", "Q3", "Q4")):
            if first in starts:
                starts.setdefault(semester, starts[first])
            if last in ends:
                ends.setdefault(semester, ends[last])
        terms: dict[str, Term] = {}
        for code in sorted({*starts, *ends, *SEMESTERS}):
            known = base.get(code)
            start = starts.get(code) or (known.start if known else None)
            end = ends.get(code) or (known.end if known else None)
            if start is None or end is None:
                continue
            if start > end:
                notes.append(msg("{code} would end before it starts, so its proposed dates stay.", code=code))
                if known is not None:
                    terms[code] = known
                continue
            if code in SEMESTERS and code not in starts:
                notes.append(
                    msg("First day of {code}: not in the text, so {day} stays.", code=code, day=_date_text(start))
                )
            if code in SEMESTERS and code not in ends:
                notes.append(
                    msg("Last day of {code}: not in the text, so {day} stays.", code=code, day=_date_text(end))
                )
            terms[code] = Term(code, start, end)
        for quarter, half_of in (("Q1", "S1"), ("Q2", "S1"), ("Q3", "S2"), ("Q4", "S2")):
            if quarter in base and half_of not in starts and half_of not in ends:
                terms.setdefault(quarter, base[quarter])
        return with_derived_terms(terms), notes

    def _found_recesses(self) -> tuple[Recess, ...]:
        spans = list(zip(self.recesses, self.recess_names, strict=True))
        for before in self.last_before_recess:
            after = min((day for day in self.first_after_recess if day > before + DAY), default=None)
            if after is None or (after - before).days > 45:
                continue
            gap = Period(before + DAY, after - DAY)
            if not any(each.start <= gap.end and gap.start <= each.end for each, _ in spans):
                spans.append((gap, "Recess"))
        unique = {(span.start, span.end): name for span, name in spans}
        return tuple(
            Recess(f"pasted-{number}", start, end, name or "Recess")
            for number, ((start, end), name) in enumerate(sorted(unique.items()), 1)
        )

    def _unique_periods(self, name: str) -> tuple[Period, ...]:
        return tuple(sorted(set(self.periods.get(name, ())), key=lambda each: (each.start, each.end)))

    def _exam_periods(self) -> tuple[Period, ...]:
        found = list(self._unique_periods("exams"))
        for start in self.exam_starts:
            end = min((day for day in self.exam_ends if day >= start), default=None)
            if end is not None:
                found.append(Period(start, end))
        return tuple(sorted(set(found), key=lambda each: (each.start, each.end)))


def _codes(low: str) -> Iterator[tuple[str, int]]:
    """Letters and numbers of `quarter 1 and semester 1`, `quarters 1 and 2`, `the second semester`."""
    ordinals = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
    for match in re.finditer(r"(quarter|semester)s?\s+([1-4])(?:\s*(?:and|&|,)\s*([1-4])(?!\d))?", low):
        letter = match[1][0].upper()
        for number in match.groups()[1:]:
            if number and (letter == "Q" or int(number) <= 2):
                yield letter, int(number)
    for match in re.finditer(rf"({'|'.join(ordinals)})\s+(quarter|semester)", low):
        if match[2] == "quarter" or ordinals[match[1]] <= 2:
            yield match[2][0].upper(), ordinals[match[1]]


def _date_text(day: date) -> DateText:
    return DateText(day, "d MMMM")


def _period_text(span: Period) -> Message:
    if span.start == span.end:
        return msg("{day}", day=_date_text(span.start))
    return msg("{first} to {last}", first=_date_text(span.start), last=_date_text(span.end))
