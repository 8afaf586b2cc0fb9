"""`today`, `next` and `week`: print the stored timetable; they also work while the window is open."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from desktop.app import App
from desktop.cli.error_lines import print_error
from desktop.cli.output import print_json
from desktop.domain.commands.choices import undecided_modules
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import WEEKDAYS
from desktop.domain.timetable.occurrences import TIME_ZONE
from desktop.workflows import timetable
from desktop.workflows.agenda import AgendaEntry, agenda
from desktop.workflows.timetable import View

SOON = timedelta(hours=6)  # within this time, the time left is printed in hours and minutes


def today(args: argparse.Namespace) -> int:
    """Print the classes, tests, exams and own events of one day."""
    day = args.date or _now(args).date()
    view = _view(args, day)
    found = agenda(view, day, day)
    if args.json:
        print_json([_entry_to_json(each) for each in found])
        return 0
    _print_day(view, found, day)
    _note_undecided(view)
    return 0


def week(args: argparse.Namespace) -> int:
    """Print the days of one week, from Monday; Saturday and Sunday only if they have entries."""
    day = args.date or _now(args).date()
    days = [day + timedelta(days=number - day.weekday()) for number in range(7)]
    view = _view(args, day)
    found = agenda(view, days[0], days[-1])
    if args.json:
        print_json([_entry_to_json(each) for each in found])
        return 0
    for each in days:
        of_day = [entry for entry in found if entry.start.date() == each]
        if of_day or each.weekday() < 5:
            _print_day(view, of_day, each)
    _note_undecided(view)
    return 0


def next_event(args: argparse.Namespace) -> int:
    """Print the entry that begins next."""
    now = _now(args)
    view = _view(args, now.date())
    coming = next((each for each in agenda(view, now.date(), date.max) if each.start >= now), None)
    if args.json:
        print_json(_entry_to_json(coming) if coming is not None else None)
    elif coming is not None:
        print(
            " · ".join(
                part for part in (coming.title, f"{_time_left(coming, now)}, {_span(coming)}", coming.location) if part
            )
        )
    else:
        print("Nothing more this academic year.")
    _note_undecided(view)
    return 0


def _now(args: argparse.Namespace) -> datetime:
    """The time given with --now, else the current time; naive, in UP's time zone."""
    moment: datetime = args.now or datetime.now(ZoneInfo(TIME_ZONE))
    return moment.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None)


def _view(args: argparse.Namespace, day: date) -> View:
    with App.open_read_only(args.profile) as app:
        view = timetable.compute_view(app.store, day.year if day.year in app.store.years() else None, day)
    if view.timetable.is_empty:
        raise InvalidInput("There is no timetable in this profile.", "Import one in the window first.")
    return view


def _long_date(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B %Y}"


def _print_day(view: View, found: Sequence[AgendaEntry], day: date) -> None:
    print(_long_date(day))
    status = view.calendar.status(day)
    if status.reason and (not found or not status.has_lectures or status.follows is not None):
        print(f"  ({status.reason})")
    if not found:
        print("  Nothing.")
        return
    width = max(len(each.title) for each in found)
    for each in found:
        print(f"  {_span(each):13}  {each.title:{width}}  {each.location}".rstrip())


def _span(entry: AgendaEntry) -> str:
    start = f"{entry.start:%H:%M}"
    return f"{start} - {entry.end:%H:%M}" if entry.end > entry.start else start


def _time_left(entry: AgendaEntry, now: datetime) -> str:
    """The time left until an entry, or its day."""
    minutes = int((entry.start - now).total_seconds() // 60)
    if minutes == 0:
        return "now"
    if entry.start - now < SOON:
        return f"in {minutes} min" if minutes < 60 else f"in {minutes // 60} h {minutes % 60} min"
    days = (entry.start.date() - now.date()).days
    return ("today", "tomorrow")[days] if days < 2 else _long_date(entry.start.date())


def _entry_to_json(entry: AgendaEntry) -> dict[str, object]:
    zone = ZoneInfo(TIME_ZONE)
    return {
        "title": entry.title,
        "start": entry.start.replace(tzinfo=zone).isoformat(),
        "end": entry.end.replace(tzinfo=zone).isoformat(),
        "location": entry.location,
    }


def _note_undecided(view: View) -> None:
    modules = undecided_modules(view.timetable)
    if modules:
        print_error(f"No group is chosen yet for some classes of {', '.join(modules)}: they are not shown.", "note")
