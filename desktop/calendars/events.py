"""Turns a timetable into calendar events, the same for every kind of export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from desktop.calendars.event import SEQUENCE_EPOCH, CalendarEvent
from desktop.calendars.event_texts import (
    event_categories,
    event_description,
    event_location,
    event_title,
    remove_control_characters,
)
from desktop.calendars.options import ExportOptions
from desktop.calendars.revisions import Revision, cancellation_of, with_revision
from desktop.domain.event_kinds import event_kind
from desktop.domain.messages import msg
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import TIME_ZONE, held_dates, is_skipped, occurrence_on
from desktop.domain.timetable.terms import WEEK, AcademicCalendar, HeldDate
from desktop.domain.timetable.timetable import Item, Timetable
from desktop.languages import translator_for


def calendar_events(
    timetable: Timetable,
    calendar: AcademicCalendar,
    options: ExportOptions,
    namespace: UUID,
    revisions: Mapping[str, Revision] | None,
    now: datetime,
    min_sequences: Mapping[str, int] | None = None,
) -> tuple[CalendarEvent, ...]:
    """The year's events and the cancellations of those no longer in the timetable, ordered by start, title and UID.

    A cancellation is included until the event's last date. Leaving a kind out of an export cancels nothing, since
    another file may contain it.

    `namespace` is the profile's; `now` is aware. `revisions` are the last ones of this kind of export, by UID. They are
    None for a headless run, which stores none: the sequence is then derived from `now`, and is at least the UID's
    `min_sequences`, the sequence in the file that is replaced.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    everything = [
        event
        for item in timetable.items()
        if _is_shown(timetable, item, options)
        for event in _events_of(timetable, calendar, item, options, namespace)
    ]
    found = [event for event in everything if event.kind in options.kinds]
    if revisions is None:
        minutes = (moment - SEQUENCE_EPOCH) // timedelta(minutes=1)
        floor = min_sequences or {}
        found = [replace(event, sequence=max(0, minutes, floor.get(event.uid, 0)), modified=moment) for event in found]
    else:
        found = [with_revision(event, revisions.get(event.uid), moment) for event in found]
        today = now.astimezone(ZoneInfo(TIME_ZONE)).date()
        present = {event.uid for event in everything}
        for uid, revision in revisions.items():
            is_of_year = revision.item.startswith(f"{timetable.year}/")
            if uid not in present and is_of_year and revision.kind in options.kinds and revision.last_date >= today:
                found.append(cancellation_of(uid, revision, moment))
    return tuple(sorted(found, key=lambda event: (event.start, event.title, event.uid)))


def _is_shown(timetable: Timetable, item: Item, options: ExportOptions) -> bool:
    if isinstance(item, LayerEvent):
        return item.exported
    return timetable.is_attended(item) or (options.undecided and timetable.is_undecided(item))


def _events_of(
    timetable: Timetable, calendar: AcademicCalendar, item: Item, options: ExportOptions, namespace: UUID
) -> Iterator[CalendarEvent]:
    held = [each for each in held_dates(item, calendar) if not is_skipped(item, each.date)]
    weekly = isinstance(item, Meeting) or (isinstance(item, OwnEvent) and item.on is None)
    if weekly and not options.singles:
        regular = [each for each in held if each.moved_from is None]
        if regular:
            yield _series(timetable, calendar, item, regular, options, namespace)
        held = [each for each in held if each.moved_from is not None]
    for each in held:
        several = weekly or isinstance(item, LayerEvent)
        uid = str(uuid5(namespace, f"{item.id}@{each.date}" if several else item.id))
        yield _single(timetable, calendar, item, each, options, uid)


def _series(
    timetable: Timetable,
    calendar: AcademicCalendar,
    item: Item,
    held: list[HeldDate],
    options: ExportOptions,
    namespace: UUID,
) -> CalendarEvent:
    event = _single(timetable, calendar, item, held[0], options, str(uuid5(namespace, item.id)))
    last = occurrence_on(item, held[-1]).start
    if last == event.start:
        return event
    dates = {each.date for each in held}
    weeks = (event.start + count * WEEK for count in range((last - event.start) // WEEK))
    return replace(event, until=last, excluded=tuple(moment for moment in weeks if moment.date() not in dates))


def _single(
    timetable: Timetable, calendar: AcademicCalendar, item: Item, held: HeldDate, options: ExportOptions, uid: str
) -> CalendarEvent:
    occurrence = occurrence_on(item, held, undecided=timetable.is_undecided(item))
    kind, say = event_kind(item), translator_for(options.language).localise
    if options.busy_only:
        return CalendarEvent(uid, item.id, kind, say(msg("Busy")), occurrence.start, occurrence.end, private=True)
    return CalendarEvent(
        uid,
        item.id,
        kind,
        remove_control_characters(event_title(timetable, occurrence, say)),
        occurrence.start,
        occurrence.end,
        location=remove_control_characters(event_location(item)) if options.venues else "",
        description=remove_control_characters(event_description(calendar, occurrence, say)),
        categories=tuple(remove_control_characters(each) for each in event_categories(item, say)),
        colour=_colour(timetable, item),
        alarms=tuple(sorted(set(options.alarms.get(kind, ())), reverse=True)),
        tentative=occurrence.undecided or (isinstance(item, Assessment) and item.is_preliminary),
    )


def _colour(timetable: Timetable, item: Item) -> Colour | None:
    if isinstance(item, OwnEvent):
        return item.colour
    module = timetable.modules.get(item.module)
    return module.colour if module is not None else None
