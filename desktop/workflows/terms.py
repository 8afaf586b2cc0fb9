"""The dates of an academic year, shared between students as files. Single dates are changed by acts (`term_acts`)."""

from __future__ import annotations

from pathlib import Path

from desktop.academic import calendar_to_bytes, public_holidays, read_calendar
from desktop.domain.commands.calendar_commands import adopt_dates
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.academic_year import holiday_region
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.year_calendar import PastedYear, detect_year, read_year_calendar
from desktop.store import Applied, Store
from desktop.workflows.files import write_atomically
from desktop.workflows.timetable import View, calendar_of

__all__ = ["adopt_calendar", "read_calendar_file", "read_pasted", "write_calendar_file", "year_of_pasted"]


def read_calendar_file(path: Path) -> AcademicCalendar:
    """Read an academic year from a file, to show it first. Raises FileError, InvalidInput."""
    return read_calendar(path)


def adopt_calendar(store: Store, taken: AcademicCalendar) -> Applied:
    """Replace the dates of a year by those of `taken`: one act. Raises InvalidInput, StorageError."""
    records = store.records(taken.year)
    holidays = public_holidays(taken.year, holiday_region(records, taken.year))
    return store.apply(adopt_dates(records, calendar_of(records, taken.year), taken, holidays))


def year_of_pasted(text: str, year: int | None = None) -> int:
    """The year of a pasted year calendar: `year` if given, else the one in the text. Raises InvalidInput if neither."""
    found = year or detect_year(text)
    if found is None:
        raise InvalidInput("This text does not say which year it is of.", "Say the year, and read it again.")
    return found


def read_pasted(store: Store, text: str, year: int) -> PastedYear:
    """The changes that a pasted year calendar would make to a year, to show them first. Raises InvalidInput."""
    return read_year_calendar(text, calendar_of(store.records(year), year))


def write_calendar_file(view: View, path: Path) -> None:
    """Write the dates of the year of `view` to a file for others. Raises FileError, InvalidInput."""
    if not view.calendar.confirmed:
        raise InvalidInput(
            msg("The dates of {year} are only proposed, and others would take them for checked.", year=view.year),
            "Confirm the dates first.",
        )
    write_atomically(path, calendar_to_bytes(view.calendar, holiday_region(view.records, view.year)))
