"""The timetable as the window shows it: a frozen view of one year, and acts, undo and redo.

The view is not stored, but computed from records after every act, in a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.academic import proposed_calendar, public_holidays
from desktop.domain.clashes import Clash, clashes_of
from desktop.domain.commands.choices import accepted_clashes
from desktop.domain.importing.import_sets import Missing, missing_documents
from desktop.domain.records.academic_year import calendar_from_records, holiday_region
from desktop.domain.records.projection import project
from desktop.domain.records.records import Act, Records
from desktop.domain.reminders import DEFAULT_ALARMS, Alarms, read_alarms
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import LayerEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence, occurrences
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.timetable.timetable import Timetable
from desktop.workflows.layers import events_of

if TYPE_CHECKING:  # the window draws its last view before the store and SQLAlchemy are imported
    from desktop.store import Applied, Store


class TodoKind(StrEnum):
    """The kinds of `TodoItem`."""

    CONFIRM_TERMS = "confirm terms"  # the dates of the year are only proposed
    UNDECIDED = "undecided"  # a group is to be chosen; about: the choice's key
    LOST_CHOICE = "lost choice"  # the chosen group is no longer in any document; about: key, group
    OUTDATED_EDIT = "outdated edit"  # a document changed an item that was edited; about: the item's id
    UNREADABLE = "unreadable"  # records that this version cannot read; about: their names


@dataclass(frozen=True, slots=True)
class TodoItem:
    """Something that the student has to do, and the ids, keys or module codes that it is about."""

    kind: TodoKind
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """Everything to show of one academic year, computed at one moment. The timetable includes the layers.

    `years` are those with stored records; `occurrences` are all of the year, undecided ones included and hidden ones
    not; `missing` are the documents that the student should still export; `can_undo` and `can_redo` are the titles of
    the acts to undo and redo, or None.
    """

    year: int
    years: tuple[int, ...]
    timetable: Timetable
    calendar: AcademicCalendar
    occurrences: tuple[Occurrence, ...]
    clashes: tuple[Clash, ...]
    needs: tuple[TodoItem, ...]
    missing: tuple[Missing, ...]
    records: Records
    can_undo: str | None = None
    can_redo: str | None = None
    alarms: Alarms = field(default_factory=lambda: dict(DEFAULT_ALARMS))

    @property
    def last_day(self) -> date | None:
        """The last date of the student's own classes, tests and events. Layers do not count: they go on after the
        year."""
        return next((each.date for each in reversed(self.occurrences) if not isinstance(each.item, LayerEvent)), None)


def compute_view(store: Store, year: int | None, today: date) -> View:
    """Compute the view of `year`; for None, of this year if it has records, else of the latest that has.

    Raises StorageError.
    """
    years = store.years()
    if year is None:
        year = today.year if today.year in years or not years else years[-1]
    records = store.records(year)
    timetable = replace(project(records, year), layers=events_of(store, records, year))
    calendar = calendar_of(records, year)
    reach = store.undo_titles()
    dated = occurrences(timetable, calendar, *year_span(year))
    return View(
        year=year,
        years=years,
        timetable=timetable,
        calendar=calendar,
        occurrences=dated,
        clashes=clashes_of(timetable, calendar, accepted_clashes(records, year), attended=dated),
        needs=tuple(_todo_items(timetable, calendar)),
        missing=missing_documents(timetable, records, year),
        records=records,
        can_undo=reach.undo,
        can_redo=reach.redo,
        alarms=read_alarms(records),
    )


def calendar_of(records: Records, year: int) -> AcademicCalendar:
    """The academic calendar of a year: the proposed dates, overridden by the student's."""
    return calendar_from_records(
        records, year, proposed_calendar(year), public_holidays(year, holiday_region(records, year))
    )


def year_span(year: int) -> tuple[date, date]:
    """The first and last date on which an occurrence of an academic year can fall."""
    return date(year, 1, 1), date(year + 1, 1, 1) + timedelta(days=30)


def apply_act(store: Store, act: Act) -> Applied:
    """Apply and store an act. Raises InvalidInput, StorageError."""
    return store.apply(act)


def undo(store: Store) -> str | None:
    """Undo the newest act that can be undone; returns its title, or None if there is none."""
    return store.undo()


def redo(store: Store) -> str | None:
    """Redo the act that was undone last; returns its title, or None if there is none."""
    return store.redo()


def _todo_items(timetable: Timetable, calendar: AcademicCalendar) -> Iterator[TodoItem]:
    if timetable.is_empty and not timetable.unreadable:
        return
    if not calendar.confirmed:
        yield TodoItem(TodoKind.CONFIRM_TERMS, (str(timetable.year),))
    hidden = {code for code, module in timetable.modules.items() if module.hidden}
    for key, choice in sorted(timetable.choices.items()):
        if key.module in hidden:
            continue
        if choice.lost:
            yield TodoItem(TodoKind.LOST_CHOICE, (str(key), choice.lost))
        elif not choice.is_decided:
            yield TodoItem(TodoKind.UNDECIDED, (str(key),))
    printed: tuple[Meeting | Assessment, ...] = (*timetable.meetings, *timetable.assessments)
    for item in printed:
        if item.outdated and not timetable.is_hidden(item):
            yield TodoItem(TodoKind.OUTDATED_EDIT, (item.id,))
    if timetable.unreadable:
        yield TodoItem(TodoKind.UNREADABLE, timetable.unreadable)
