"""A timetable as one HTML file for a phone, from a given day to the end of the year.

The file makes no request to the network, and can be read without scripts, as in a preview of a file that was sent. It
does not follow later changes, and says when it was made.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import groupby

from desktop.domain.messages import Translator, Weekday, msg, msg_plural
from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.terms import DAY, AcademicCalendar, DayKind, date_range, monday_of
from desktop.domain.timetable.timetable import Timetable
from desktop.phone.style import COLOUR_CLASSES, SCRIPT, STYLE

MAX_BYTES = 200_000
_FOOTER_BYTES = 4_000  # bytes reserved for the part after the last week
_MAX_NAME_LENGTH = 120  # characters of a name or a room; a longer one is cut
_MAX_ROOMS = 3
GENERATOR = "UP Schedule Generator"
FILE_HEAD = b"<!doctype html><!-- UP Schedule Generator -->"
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class PhoneDocument:
    """The file's bytes, the last day in it (None if nothing is left of the year), and whether later days were left out
    because the file would be too large."""

    body: bytes
    last_day: date | None
    is_cut: bool


def phone_document(
    timetable: Timetable,
    calendar: AcademicCalendar,
    occurrences: Sequence[Occurrence],
    now: datetime,
    speech: Translator,
    language: str,
    *,
    undecided: bool,
) -> PhoneDocument:
    """Make the file of the rest of a year. `occurrences` are ordered by time; `now` is naive, in UP's time zone. With
    `undecided`, the groups of open choices are included and marked; without, the file names the modules that lack them.
    """
    today = now.date()
    dated = [each for each in occurrences if each.date >= today and (undecided or not each.undecided)]
    return _DocumentBuilder(timetable, calendar, dated, now, speech, language).document(
        sorted({each.item.module for each in occurrences if each.undecided and isinstance(each.item, Meeting)})
        if not undecided
        else []
    )


class _DocumentBuilder:
    def __init__(
        self,
        timetable: Timetable,
        calendar: AcademicCalendar,
        dated: list[Occurrence],
        now: datetime,
        speech: Translator,
        language: str,
    ) -> None:
        self._timetable, self._calendar, self._dated, self._now = timetable, calendar, dated, now
        self._speech, self._language = speech, language
        self._say = speech.localise
        self._by_day: Mapping[date, list[Occurrence]] = {
            day: list(found) for day, found in groupby(dated, key=lambda each: each.date)
        }

    def document(self, without_group: Sequence[str]) -> PhoneDocument:
        days = list(self._days())
        assessments = self._assessments(days)
        head = self._head(without_group)
        weeks: list[str] = []
        shown: list[date] = []
        links: dict[date, str] = {}
        size = sum(len(part.encode()) for part in (*head, *assessments)) + _FOOTER_BYTES
        is_cut = False
        for monday, found in groupby(days, key=monday_of):
            week = list(found)
            text = self._week(monday, week, days)
            new = {day: self._day_link(day) for day in week}
            size += len(text.encode()) + sum(len(link.encode()) for link in new.values()) + 400
            if size > MAX_BYTES:
                is_cut = True
                break
            weeks.append(text)
            shown += week
            links |= new
        last = shown[-1] if shown else None
        if is_cut and last is not None:  # the last day's link to the next day would lead nowhere
            gone = days[len(shown)]
            weeks[-1] = weeks[-1].replace(self._neighbour(gone, "›"), "<span></span>")
        parts = [
            *head,
            *self._day_links(links),
            *(self._assessments(shown) if is_cut else assessments),
            self._section_start("weeks", self._translated(msg("Weeks"))),
            *(weeks or [f"<p>{self._translated(msg('Nothing is left of {year}.', year=self._timetable.year))}</p>"]),
            *([f'<p class="x">{self._cut_note(last)}</p>'] if is_cut else []),
            "</section></main>",
            self._foot(),
            f"<script>{SCRIPT}</script></body></html>\n",
        ]
        return PhoneDocument("\n".join(parts).encode(), last, is_cut)

    # texts

    def _translated(self, text: str) -> str:
        return escape(self._say(text))

    def _untrusted_text(self, text: str) -> str:
        """Untrusted text: cut, escaped, and isolated so that it cannot change the direction of the text beside it."""
        plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
        plain = plain.encode("utf-8", "replace").decode()
        if len(plain) > _MAX_NAME_LENGTH:
            plain = plain[: _MAX_NAME_LENGTH - 1].rstrip() + "…"
        return f"<bdi>{escape(plain)}</bdi>"

    def _date(self, day: date, form: str = "dddd d MMMM") -> str:
        return escape(self._speech.format_date(day, form))

    def _cut_note(self, last: date | None) -> str:
        if last is None:
            return self._translated(msg("The weeks are too full to be in this file."))
        return self._translated(msg("This file ends on {day}. Make a new one then.", day=last))

    # parts

    def _head(self, without_group: Sequence[str]) -> list[str]:
        title = self._translated(msg("Timetable {year}", year=self._timetable.year))
        made = self._translated(
            msg(
                "Made on {day} at {time}. Later changes are not in it.",
                day=self._now.date(),
                time=self._now.time().replace(second=0, microsecond=0),
            )
        )
        policy = (
            f"default-src 'none'; style-src '{_hash(STYLE)}'; script-src '{_hash(SCRIPT)}'; "
            "base-uri 'none'; form-action 'none'"
        )
        words = {
            "today": msg("Today"),
            "next": msg("Next"),
            "now": msg("Now"),
            "past": msg("Past"),
            "free": msg("Nothing today"),
            "over": msg("Nothing is left in this timetable. Make a new file on your computer."),
        }
        data = " ".join(f'data-{name}="{self._translated(text)}"' for name, text in words.items())
        notes = []
        if without_group:
            notes.append(
                self._translated(msg("No group is chosen yet, so these classes are not here: {modules}.", modules="\0"))
                .replace("\0", ", ".join(self._untrusted_text(module) for module in without_group))
            )  # fmt: skip
        if not self._calendar.confirmed:
            notes.append(
                self._translated(msg("The semester dates of {year} are not confirmed.", year=self._calendar.year))
            )
        if self._calendar.recess_note is not None:
            notes.append(self._translated(self._calendar.recess_note))
        return [
            f'{FILE_HEAD.decode()}<html lang="{escape(self._language)}"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">',
            f'<meta name="generator" content="{GENERATOR}"><title>{title}</title><style>{STYLE}</style></head>',
            f'<body id="top" {data}><header><h1>{title}</h1><p class="q">{made}</p>',
            *(f'<p class="q">{note}</p>' for note in notes),
            f'</header><nav class="top" aria-label="{self._translated(msg("Pages"))}"><div>',
            f'<a href="#today" id="to-today">{self._translated(msg("Today"))}</a>',
            f'<a href="#weeks" id="to-week">{self._translated(msg("Week"))}</a>',
            f'<a href="#assessments">{self._translated(msg("Tests & exams"))}</a></div></nav><main>',
        ]

    def _section_start(self, name: str, title: str) -> str:
        return f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{title}</h2>'

    def _day_links(self, links: Mapping[date, str]) -> Iterator[str]:
        yield self._section_start("today", self._translated(msg("Today")))
        yield '<div id="next" hidden></div>'
        for number, (month, found) in enumerate(groupby(links, key=lambda day: day.replace(day=1))):
            opened = " open" if number == 0 else ""
            yield f'<details{opened}><summary>{self._date(month, "MMMM yyyy")}</summary><div class="g">'
            yield "".join(links[day] for day in found)
            yield "</div></details>"
        yield "</section>"

    def _day_link(self, day: date) -> str:
        return f'<a class="w{day.isoweekday()}" href="#d{day}">{self._date(day, "ddd d")}</a>'

    def _assessments(self, days: Sequence[date]) -> list[str]:
        """The section of all tests and exams, each linked to its day if it is among `days`."""
        linked = frozenset(days)
        found = [each for each in self._dated if isinstance(each.item, Assessment)]
        parts = [self._section_start("assessments", self._translated(msg("Tests & exams")))]
        if not found:
            parts.append(f"<p>{self._translated(msg('No tests or exams are left.'))}</p>")
        else:
            entries, size = [], 0
            for each in found:
                entries.append(self._entry(each, linked))
                size += len(entries[-1].encode())
                if size > MAX_BYTES // 3:
                    break
            parts.append(f"<ol>{''.join(entries)}</ol>")
            if more := len(found) - len(entries):
                note = msg_plural(more, "{n} more is not in this file.", "{n} more are not in this file.")
                parts.append(f"<p>{self._translated(note)}</p>")
        parts.append("</section>")
        return parts

    def _days(self) -> Iterator[date]:
        """The weekdays of the terms, and every other day with an occurrence."""
        if not self._dated:
            return
        for day in date_range(self._now.date(), self._dated[-1].date):
            is_weekday = day.weekday() < SATURDAY and self._calendar.status(day).kind is not DayKind.OUTSIDE
            if day in self._by_day or is_weekday:
                yield day

    def _week(self, monday: date, week: Sequence[date], days: Sequence[date]) -> str:
        number = self._calendar.week_number(monday) or self._calendar.week_number(monday + 6 * DAY)
        dates = f"{self._date(monday, 'd MMM')} – {self._date(monday + 6 * DAY, 'd MMM')}"
        title = f"{self._translated(msg('Week {n}', n=number[0]))} · {dates}" if number else dates
        parts = [f'<section class="k" id="w{monday}" aria-labelledby="t{monday}"><h3 id="t{monday}">{title}</h3>']
        parts += [self._day(day, days) for day in week]
        parts.append("</section>")
        return "\n".join(parts)

    def _day(self, day: date, days: Sequence[date]) -> str:
        place = bisect_left(days, day)
        parts = [f'<div class="d" id="d{day}"><h4>{self._date(day)}</h4>']
        status = self._calendar.status(day)
        if status.reason and status.kind is not DayKind.OUTSIDE:
            parts.append(f'<p class="q">{self._translated(status.reason)}</p>')
        found = self._by_day.get(day, [])
        if found:
            parts.append("<ol>" + "".join(self._entry(each) for each in found) + "</ol>")
        else:
            parts.append(f"<p>{self._translated(msg('Nothing on this day'))}</p>")
        before = self._neighbour(days[place - 1], "‹") if place > 0 else "<span></span>"
        after = self._neighbour(days[place + 1], "›") if place + 1 < len(days) else "<span></span>"
        parts.append(f'<p class="m">{before}<a href="#top">{self._translated(msg("Top"))}</a>{after}</p></div>')
        return "".join(parts)

    def _neighbour(self, day: date, arrow: str) -> str:
        words = self._date(day, "ddd d MMM")
        return f'<a href="#d{day}">{f"{arrow} {words}" if arrow == "‹" else f"{words} {arrow}"}</a>'

    def _entry(self, occurrence: Occurrence, linked: frozenset[date] | None = None) -> str:
        """One entry of a day, or, with `linked` (the days that can be linked to), of the list of tests and exams."""
        item = occurrence.item
        kinds = [COLOUR_CLASSES.get(self._colour(occurrence), COLOUR_CLASSES[Colour.GRAPHITE])]
        notes: list[str] = []
        if isinstance(item, Assessment):
            kinds.append("f")
            notes.append(self._translated(msg("Exam") if item.kind is AssessmentKind.EXAM else msg("Test")))
            if item.is_preliminary:
                notes.append(self._translated(msg("Preliminary")))
            if item.assumed_end:
                notes.append(self._translated(msg("End assumed")))
        if isinstance(item, LayerEvent) and item.is_deadline:
            notes.append(self._translated(msg("Deadline")))
        if occurrence.undecided:
            kinds.append("u")
            notes.append(self._translated(msg("Group not chosen yet")))
        if occurrence.moved_from is not None:
            notes.append(self._translated(msg("{weekday}’s timetable", weekday=Weekday(occurrence.moved_from))))
        start, end = occurrence.start, occurrence.end
        when = f"{start:%H:%M} – {end:%H:%M}" if end > start else f"{start:%H:%M}"
        if linked is not None:
            day = self._date(start.date(), "ddd d MMMM")
            link = f'<a href="#d{start.date()}">{day}</a>' if start.date() in linked else day
            when = f"{link}, {when}"
        venues = (item.venue,) if isinstance(item, OwnEvent) else item.venues
        rooms = [self._untrusted_text(venue) for venue in venues if venue]
        if len(rooms) > _MAX_ROOMS:
            rooms = [*rooms[:_MAX_ROOMS], f"+{len(rooms) - _MAX_ROOMS}"]
        lines = [f"<b>{self._title(occurrence)}</b>", f'<span class="w">{when}</span>']
        if rooms:
            lines.append(f'<span class="r">{", ".join(rooms)}</span>')
        if notes:
            lines.append(f'<span class="q">{" · ".join(notes)}</span>')
        times = f" data-s={_minute(start)} data-e={_minute(start) + occurrence.minutes}"
        if linked is not None:
            times = f" data-d={start.date()}"
        return f'<li class="{" ".join(kinds)}"{times}>{"".join(lines)}</li>'

    def _colour(self, occurrence: Occurrence) -> Colour:
        item = occurrence.item
        if isinstance(item, OwnEvent):
            return item.colour
        module = self._timetable.modules.get(item.module)
        return module.colour if module is not None else Colour.GRAPHITE

    def _title(self, occurrence: Occurrence) -> str:
        item = occurrence.item
        if isinstance(item, OwnEvent):
            return self._untrusted_text(item.title)
        module = self._timetable.modules.get(item.module)
        name = module.title if module is not None else item.module
        if isinstance(item, Meeting):
            group = f" · {self._untrusted_text(item.group)}" if occurrence.undecided else ""
            return f"{self._untrusted_text(name)} · {self._untrusted_text(item.activity)}{group}"
        return f"{self._untrusted_text(name)} · {self._untrusted_text(item.name)}"

    def _foot(self) -> str:
        return f"<footer><p>{self._translated(msg('Made by {program}.', program=GENERATOR))}</p></footer>"


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
