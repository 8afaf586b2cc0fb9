"""Commands for an academic year: terms, recess, special days, public holidays.

Each function returns an act and stores nothing. `records.academic_year.calendar_from_records` reads what they write.
They raise InvalidInput for dates that do not fit the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from desktop.domain.drafts.draft import WEEKDAYS
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import DateText, Message, Weekday, msg, named
from desktop.domain.records.records import DELETED, Act, Change, Json, Records
from desktop.domain.timetable.terms import (
    NO_REGION,
    OFFERED_CODES,
    OWN_WEEKDAY,
    AcademicCalendar,
    Period,
    Recess,
    SpecialDay,
    Term,
    with_derived_terms,
)

MAX_NAME_LENGTH = 100  # characters; also the limit in shared files of dates
MAX_REASON_LENGTH = 200


def check_in_year(year: int, *days: date) -> None:
    """Raise InvalidInput for a date outside the academic year, which may extend into the next January."""
    for day in days:
        if not date(year, 1, 1) <= day <= date(year + 1, 1, 31):
            raise InvalidInput(
                msg("{day} does not lie in the academic year {year}.", day=day, year=year),
                msg("Choose a date from 1 January {year} to 31 January {next}.", year=year, next=year + 1),
            )


def move_term(year: int, offered: str, start: date, end: date) -> Act:
    """Set the dates of an offered code."""
    Term(offered, start, end)
    check_in_year(year, start, end)
    values = {"start": start.isoformat(), "end": end.isoformat()}
    return Act(
        msg("Set {offered} to {span}", offered=offered, span=_span(start, end)),
        (Change("term", f"{year}/{offered}", values),),
    )


def reset_term(year: int, offered: str) -> Act:
    """Restore the proposed dates, or those derived from the semesters."""
    return Act(
        msg("Set {offered} back to its proposed dates", offered=offered),
        (Change("term", f"{year}/{offered}", {"start": None, "end": None}),),
    )


def set_recess(records: Records, year: int, recess: Recess) -> Act:
    """Add a recess, or change the one with the same id. An id is any text that is unique in the year."""
    check_in_year(year, recess.start, recess.end)
    recess = replace(recess, name=to_one_line(recess.name, msg("name"), MAX_NAME_LENGTH) or "Recess")
    values: dict[str, Json] = {
        "start": recess.start.isoformat(),
        "end": recess.end.isoformat(),
        "name": recess.name,
        DELETED: None,
    }
    key = f"{year}/{recess.id}"
    template = "Changed {recess}, {span}" if records.get("recess", key).fields else "Added {recess}, {span}"
    return Act(
        msg(template, recess=named(recess.name), span=_span(recess.start, recess.end)),
        (Change("recess", key, values),),
    )


def remove_recess(records: Records, year: int, recess: Recess) -> Act:
    """Remove a recess, either the student's own or a proposed one."""
    key = f"{year}/{recess.id}"
    change = Change("recess", key, {DELETED: records.get("recess", key).deletion()})
    return Act(
        msg("Removed {recess}, {span}", recess=named(recess.name), span=_span(recess.start, recess.end)), (change,)
    )


def swap_day(year: int, day: date, follows: int) -> Act:
    """Make a date follow the timetable of the weekday `follows` (Monday = 0)."""
    check_in_year(year, day)
    SpecialDay(day, follows)
    title = msg("{day} follows {weekday}’s timetable", day=_day(day), weekday=Weekday(follows))
    return Act(title, (Change("day", f"{year}/{day}", {"follows": follows, "off": ""}),))


def mark_day_off(year: int, day: date, reason: str = "") -> Act:
    """Mark a date as without lectures. The week shows the reason."""
    check_in_year(year, day)
    reason = to_one_line(reason, msg("reason"), MAX_REASON_LENGTH) or "No lectures"
    return Act(
        msg("No lectures on {day}", day=_day(day)), (Change("day", f"{year}/{day}", {"follows": None, "off": reason}),)
    )


def mark_ordinary_day(year: int, day: date) -> Act:
    """Make a date an ordinary one, whatever was set or proposed. A public holiday stays one."""
    values = {"follows": OWN_WEEKDAY, "off": ""}
    return Act(msg("{day} is an ordinary day", day=_day(day)), (Change("day", f"{year}/{day}", values),))


def set_holiday_counts(year: int, day: date, name: str, *, counts: bool) -> Act:
    """Set whether a public holiday counts; lectures are held if it does not."""
    template = "{holiday} is a holiday again" if counts else "Lectures are held on {holiday}"
    return Act(
        msg(template, holiday=named(name)), (Change("day", f"{year}/{day}", {"holiday": None if counts else False}),)
    )


def choose_region(year: int, region: str) -> Act:
    """Set the region whose public holidays count: an ISO 3166 code such as `ZA`, or `none`."""
    title = (
        msg("Public holidays no longer count")
        if region == NO_REGION
        else msg("Public holidays of {region} count", region=region)
    )
    return Act(title, (Change("year", str(year), {"region": region}),))


def confirm_year(year: int) -> Act:
    """Confirm the dates of the year, including its recess."""
    values = {"confirmed": True, "recess_confirmed": True}
    return Act(msg("Confirmed the dates of {year}", year=year), (Change("year", str(year), values),))


def set_lectures_in_test_weeks(year: int, held: bool | None) -> Act:
    """Set whether lectures are held in test weeks. None means unknown; they are then shown."""
    if held is None:
        title = msg("Not sure about lectures in test weeks")
    else:
        title = msg("Lectures in test weeks") if held else msg("No lectures in test weeks")
    return Act(title, (Change("year", str(year), {"lectures_in_test_weeks": held}),))


def set_module_in_test_weeks(year: int, module: str, held: bool | None) -> Act:
    """Set whether one module has lectures in test weeks. None means like the other modules."""
    if held is None:
        title = msg("{module} in test weeks is like the other modules", module=module)
    elif held:
        title = msg("{module} has lectures in test weeks", module=module)
    else:
        title = msg("{module} has no lectures in test weeks", module=module)
    return Act(title, (Change("module", f"{year}/{module}", {"lectures_in_test_weeks": held}),))


def adopt_dates(
    records: Records, current: AcademicCalendar, taken: AcademicCalendar, holidays: Mapping[date, str]
) -> Act:
    """Replace the year's dates by those of `taken` (from a shared file). `holidays` are all those of the region."""
    year = taken.year
    head: dict[str, Json] = {
        "confirmed": True,
        "recess_confirmed": True,
        "source": taken.source,
        # What the file does not contain stays as proposed.
        "test_weeks": _periods_to_json(taken.test_weeks) or None,
        "test_days": [day.isoformat() for day in taken.test_days] or None,
        "exams": _periods_to_json(taken.exams) or None,
        "supplementary_exams": _periods_to_json(taken.supplementary_exams) or None,
        "deadlines": [[each.date.isoformat(), each.name] for each in taken.deadlines] or None,
    }
    changes = [Change("year", str(year), head)]
    for offered in sorted({*OFFERED_CODES, *taken.terms, *current.terms}):
        term = taken.terms.get(offered)
        values: dict[str, Json] = {
            "start": term.start.isoformat() if term else None,
            "end": term.end.isoformat() if term else None,
        }
        changes.append(Change("term", f"{year}/{offered}", values))
    kept = {recess.id for recess in taken.recesses}
    for recess in current.recesses:
        if recess.id not in kept:
            changes += remove_recess(records, year, recess).changes
    for recess in taken.recesses:
        changes += set_recess(records, year, recess).changes
    for day in sorted({*current.days, *taken.days, *holidays}):
        special = taken.days.get(day, SpecialDay(day))
        follows = OWN_WEEKDAY if special.follows is None and day in current.days else special.follows
        values = {"follows": follows, "off": special.off}
        if day in holidays:
            values["holiday"] = None if day in taken.holidays else False
        changes.append(Change("day", f"{year}/{day}", values))
    return Act(msg("Took over the dates of {year}", year=year), tuple(changes))


def _periods_to_json(periods: Iterable[Period]) -> Json:
    return [[each.start.isoformat(), each.end.isoformat()] for each in periods]


def with_command_line_options(
    calendar: AcademicCalendar,
    terms: Iterable[str] = (),
    recesses: Iterable[str] = (),
    swaps: Iterable[str] = (),
) -> AcademicCalendar:
    """The calendar with the options of a command line. Raises InvalidInput, which quotes the invalid option.

    `S1=2026-02-09..2026-05-22` is a term, `2026-03-28..2026-04-06` a recess. It replaces proposed recesses that it
    overlaps, and proposed day swaps within it. `2026-03-25=Friday` is a day swap, `2026-04-28=off` a day without
    lectures.
    """
    given: dict[str, Term] = {}
    for text in terms:
        offered, _, span = text.partition("=")
        start, end = _parse_dates(text, span, "S1=2026-02-09..2026-05-22")
        given[offered.strip().upper()] = Term(offered.strip().upper(), start, end)
    if given:
        semesters = {"S1", "S2"} & given.keys()
        kept = {} if semesters else dict(calendar.terms)
        kept |= {offered: calendar.terms[offered] for offered in ("S1", "S2") if offered in calendar.terms}
        calendar = replace(calendar, terms=with_derived_terms(kept | given), given=calendar.given | given.keys())
    own = []
    for number, text in enumerate(recesses, 1):
        start, end = _parse_dates(text, text, "2026-03-28..2026-04-06")
        own.append(Recess(f"given-{number}", start, end))
    found = own + [each for each in calendar.recesses if not any(_overlap(each, other) for other in own)]
    # A typed recess overrides the day swaps that are only proposed.
    days = {day: special for day, special in calendar.days.items() if not any(day in recess for recess in own)}
    for text in swaps:
        day_text, _, weekday = text.partition("=")
        day = _parse_date(text, day_text, "2026-03-25=Friday")
        days[day] = _parse_special_day(text, day, weekday.strip().lower())
    return replace(
        calendar,
        recesses=tuple(sorted(found, key=lambda each: each.start)),
        own_recesses=calendar.own_recesses | {each.id for each in own},
        days=dict(sorted(days.items())),
    )


def _overlap(one: Recess, other: Recess) -> bool:
    return one.start <= other.end and other.start <= one.end


def _parse_special_day(text: str, day: date, word: str) -> SpecialDay:
    if word == "off":
        return SpecialDay(day, off="No lectures")
    named = [number for number, name in enumerate(WEEKDAYS) if len(word) >= 3 and name.lower().startswith(word)]
    if len(named) != 1:
        raise InvalidInput(
            msg("“{text}” names no weekday.", text=text), "Write it like 2026-03-25=Friday, or 2026-04-28=off."
        )
    return SpecialDay(day, named[0])


def _parse_dates(text: str, span: str, example: str) -> tuple[date, date]:
    start, _, end = span.partition("..")
    return _parse_date(text, start, example), _parse_date(text, end, example)


def _parse_date(text: str, part: str, example: str) -> date:
    try:
        return date.fromisoformat(part.strip())
    except ValueError:
        raise InvalidInput(
            msg("“{text}” does not hold the dates expected.", text=text),
            msg("Write it like {example}.", example=example),
        ) from None


def to_one_line(text: str, what: Message, max_length: int) -> str:
    """The text as one line. Raises InvalidInput if it is longer than `most` characters."""
    text = text if isinstance(text, Message) else " ".join(text.split())
    if len(text) > max_length:
        raise InvalidInput(
            msg("A {what} of {n} characters is too long.", what=what, n=len(text)),
            msg("Use at most {most}.", most=max_length),
        )
    return text


def _day(day: date) -> DateText:
    return DateText(day, "ddd d MMMM")


def _span(start: date, end: date) -> DateText | Message:
    last = DateText(end)
    if start == end:
        return last
    first = DateText(start, "d MMMM") if start.year == end.year else DateText(start)
    return msg("{first} to {last}" if end - start > timedelta(days=1) else "{first} and {last}", first=first, last=last)
