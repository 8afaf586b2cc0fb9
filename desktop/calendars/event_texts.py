"""The texts of an exported event: title, location, categories and description.

Control characters are removed and lone surrogates replaced, since other programs fail on them.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.domain.messages import Weekday, msg
from desktop.domain.timetable.activities import kind_name
from desktop.domain.timetable.assessments import AssessmentKind
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.domain.timetable.timetable import Item, Timetable

Localise = Callable[[str], str]  # translates a text into the language of the exported calendar


def remove_control_characters(text: str) -> str:
    """Text that every calendar program accepts: no control characters except newlines, no lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(char for char in text if char == "\n" or (char >= " " and char != "\x7f")).strip()


def event_title(timetable: Timetable, occurrence: Occurrence, localise: Localise) -> str:
    item = occurrence.item
    if isinstance(item, OwnEvent):
        return item.title
    module = timetable.modules.get(item.module)
    name = module.title if module is not None else item.module
    if isinstance(item, Meeting):
        if occurrence.undecided:
            template = "{module} · {activity} ({group}, not chosen yet)"
            return localise(msg(template, module=name, activity=item.activity, group=item.group))
        return f"{name} · {item.activity}"
    if item.is_preliminary:
        return localise(msg("{module} · {activity} (preliminary)", module=name, activity=item.name))
    return f"{name} · {item.name}"


def event_location(item: Item) -> str:
    venues = (item.venue,) if isinstance(item, OwnEvent) else item.venues
    return ", ".join(venue for venue in venues if venue)


def event_categories(item: Item, localise: Localise) -> tuple[str, ...]:
    if isinstance(item, OwnEvent):
        return (localise(msg("Own")),)
    if isinstance(item, Meeting):
        return (item.module, localise(kind_name(item.kind)))
    return (item.module, localise(msg("Exam") if item.kind is AssessmentKind.EXAM else msg("Test")))


def event_description(calendar: AcademicCalendar, occurrence: Occurrence, localise: Localise) -> str:
    item = occurrence.item
    lines = [item.note] if item.note else []
    if isinstance(item, OwnEvent):
        return "\n".join(lines)
    if isinstance(item, Meeting):
        lines.append(
            " · ".join(each for each in (item.module, localise(kind_name(item.kind)), item.group, item.lang) if each)
        )
        lines.append(" · ".join(each for each in (item.offered, item.campus) if each))
        if occurrence.moved_from is not None:
            moved = Weekday(occurrence.moved_from)
            lines.append(localise(msg("{weekday}’s timetable is followed on this day.", weekday=moved)))
        if occurrence.undecided:
            lines.append(localise(msg("One of several groups; none has been chosen yet.")))
        if calendar.is_assumed(item.offered):
            template = "The dates of {offered} {year} are proposed, not confirmed."
            lines.append(localise(msg(template, offered=item.offered, year=calendar.year)))
        if calendar.recess_note is not None:
            lines.append(localise(calendar.recess_note))
        document = "Lectures"  # the portal's name for it, in every language
    else:
        document = "Exams" if item.kind is AssessmentKind.EXAM else "Semester Tests"
        paper = localise(msg("Paper {paper}", paper=item.paper)) if item.paper else ""
        lines.append(" · ".join(each for each in (item.module, item.name, paper, item.campus) if each))
        if item.comments:
            lines.append(item.comments)
        if item.assumed_end:
            template = "Assumed: it takes {n} minutes. Only its start is published."
            lines.append(localise(msg(template, n=occurrence.minutes)))
        if item.is_preliminary:
            lines.append(localise(msg("PRELIM: the university may still change it.")))
    if item.edited:
        lines.append(localise(msg("Changed by hand in UP Schedule Generator.")))
    if item.by_hand:
        template = "Entered by hand for a line of the {document} document that could not be read."
        lines.append(localise(msg(template, document=document)))
    lines.append(localise(msg("Source: the {document} document of the UP student portal.", document=document)))
    return "\n".join(line for line in lines if line)
