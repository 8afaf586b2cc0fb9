"""The events that a student attends between two days, with the titles and locations that an export writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desktop.calendars.event_texts import event_location, event_title
from desktop.languages import translator_for
from desktop.workflows.timetable import View


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A class, test, exam or own event on one date; times are naive, in UP's time zone."""

    start: datetime
    end: datetime
    title: str
    location: str


def agenda(view: View, first: date, last: date) -> list[AgendaEntry]:
    """The entries attended from `first` to `last`, both included, by time. Undecided groups are left out."""
    say = translator_for("en").localise
    return [
        AgendaEntry(each.start, each.end, event_title(view.timetable, each, say), event_location(each.item))
        for each in sorted(view.occurrences)
        if first <= each.date <= last and not each.undecided and view.timetable.is_attended(each.item)
    ]
