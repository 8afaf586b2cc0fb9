"""A timetable as a calendar file: previewed first, then written atomically."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from desktop.calendars.event import CalendarEvent
from desktop.calendars.events import calendar_events
from desktop.calendars.ical import ExportPreview, preview_export, write_calendar
from desktop.calendars.options import ExportOptions, options_from_json
from desktop.calendars.revisions import Revision, updated_revisions
from desktop.domain.codec import from_plain, to_plain
from desktop.domain.errors import InvalidInput
from desktop.domain.event_kinds import EventKind
from desktop.domain.records.records import SHARED, Act, Change, Records
from desktop.domain.reminders import read_alarms
from desktop.store import Store
from desktop.workflows.files import write_atomically
from desktop.workflows.timetable import View

__all__ = [
    "CalendarEvent",
    "EventKind",
    "ExportOptions",
    "IcsPreview",
    "options_of",
    "preview_ics",
    "preview_with_revisions",
    "save_ics",
    "store_options",
]


@dataclass(frozen=True, slots=True)
class IcsPreview:
    """The calendar file before it is written: a summary of its events, and its bytes."""

    year: int
    preview: ExportPreview
    body: bytes

    @property
    def events(self) -> tuple[CalendarEvent, ...]:
        return self.preview.events


def options_of(records: Records, language: str = "") -> ExportOptions:
    """The synced export options; with `language` if given, else with the language of the last export."""
    stored = options_from_json(records.get("settings", SHARED).get("export", {}))
    options = replace(stored, alarms=read_alarms(records))
    return replace(options, language=language) if language else options


def store_options(store: Store, options: ExportOptions) -> None:
    """Store the synced export options. Raises StorageError."""
    store.apply(Act("Changed how calendars are written", (Change("settings", SHARED, {"export": to_plain(options)}),)))


def preview_ics(store: Store, view: View, options: ExportOptions, now: datetime) -> IcsPreview:
    """Make the calendar file of `view`, without writing it. `now` is aware. Raises InvalidInput, StorageError."""
    return preview_with_revisions(store, view, options, revisions(store, f"ics/{view.year}"), now)


def preview_with_revisions(
    store: Store, view: View, options: ExportOptions, known: Mapping[str, Revision], now: datetime
) -> IcsPreview:
    """As `preview_ics`, but with the last written revisions (by UID) in `known`. Alarms are those of `view`, whatever
    `options` says."""
    options = replace(options, alarms=view.alarms)
    found = calendar_events(view.timetable, view.calendar, options, store.namespace, known, now)
    name = options.name or f"UP {view.year}"
    return IcsPreview(view.year, preview_export(found), write_calendar(found, name))


def save_ics(store: Store, shown: IcsPreview, path: Path) -> None:
    """Write a previewed file to `path`, and store the revisions. Raises FileError (nothing was written),
    StorageError."""
    write_atomically(path, shown.body)
    target = f"ics/{shown.year}"
    store_revisions(store, target, updated_revisions(shown.events, revisions(store, target)))


def revisions(store: Store, target: str) -> dict[str, Revision]:
    """The revisions last written to a target, by UID. An unreadable entry is ignored, as if it had not been written."""
    found = {}
    for uid, plain in store.external_state.read(target).items():
        try:
            found[uid] = from_plain(Revision, plain)
        except InvalidInput:
            continue
    return found


def store_revisions(store: Store, target: str, kept: Mapping[str, Revision]) -> None:
    """Store the revisions that were written to a target."""
    store.external_state.write(target, {uid: to_plain(revision) for uid, revision in kept.items()})
