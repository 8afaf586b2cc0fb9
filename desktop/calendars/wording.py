"""What an event says of itself: title, rooms, categories, and where it comes from and what is assumed.

Hides that other programs choke on control characters and halves of surrogate pairs.
"""

from __future__ import annotations

from desktop.domain.draft import WEEKDAYS
from desktop.domain.terms import AcademicCalendar
from desktop.domain.timetable import KIND_NAMES, Item, Meeting, Occurrence, OwnEvent, SittingKind, Timetable


def clean(text: str) -> str:
    """Text that every calendar program takes: no control characters but the newline, no halves of surrogate pairs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(char for char in text if char == "\n" or (char >= " " and char != "\x7f")).strip()


def title(timetable: Timetable, occurrence: Occurrence) -> str:
    item = occurrence.item
    if isinstance(item, OwnEvent):
        return item.title
    module = timetable.modules.get(item.module)
    name = module.title if module is not None else item.module
    if isinstance(item, Meeting):
        return f"{name} · {item.activity}" + (f" ({item.group}, not chosen yet)" if occurrence.undecided else "")
    return f"{name} · {item.name}" + (" (preliminary)" if item.is_preliminary else "")


def location(item: Item) -> str:
    venues = (item.venue,) if isinstance(item, OwnEvent) else item.venues
    return ", ".join(venue for venue in venues if venue)


def categories(item: Item) -> tuple[str, ...]:
    if isinstance(item, OwnEvent):
        return ("Own",)
    if isinstance(item, Meeting):
        return (item.module, KIND_NAMES.get(item.kind, item.kind))
    return (item.module, "Exam" if item.kind is SittingKind.EXAM else "Test")


def description(calendar: AcademicCalendar, occurrence: Occurrence) -> str:
    item = occurrence.item
    lines = [item.note] if item.note else []
    if isinstance(item, OwnEvent):
        return "\n".join(lines)
    if isinstance(item, Meeting):
        lines.append(
            " · ".join(
                each for each in (item.module, KIND_NAMES.get(item.kind, item.kind), item.group, item.lang) if each
            )
        )
        lines.append(" · ".join(each for each in (item.offered, item.campus) if each))
        if occurrence.moved_from is not None:
            lines.append(f"{WEEKDAYS[occurrence.moved_from]}’s timetable is followed on this day.")
        if occurrence.undecided:
            lines.append("One of several groups; none has been chosen yet.")
        if calendar.is_assumed(item.offered):
            lines.append(f"The dates of {item.offered} {calendar.year} are proposed, not confirmed.")
        document = "Lectures"
    else:
        document = "Exams" if item.kind is SittingKind.EXAM else "Semester Tests"
        paper = f"Paper {item.paper}" if item.paper else ""
        lines.append(" · ".join(each for each in (item.module, item.name, paper, item.campus) if each))
        if item.comments:
            lines.append(item.comments)
        if item.assumed_end:
            lines.append(f"Assumed: it takes {occurrence.minutes} minutes. Only its start is published.")
        if item.is_preliminary:
            lines.append("PRELIM: the university may still change it.")
    if item.edited:
        lines.append("Changed by hand in UP Schedule Generator.")
    if item.by_hand:
        lines.append(f"Entered by hand for a line of the {document} document that could not be read.")
    lines.append(f"Source: the {document} document of the UP student portal.")
    return "\n".join(line for line in lines if line)
