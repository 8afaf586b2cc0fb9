"""Texts of the review for lines, rows and changes, in the language of the window."""

from __future__ import annotations

from desktop.domain.drafts.document_items import PrintedItem
from desktop.domain.drafts.draft import Problem
from desktop.domain.drafts.manual_entry import ROOM_SEPARATOR
from desktop.domain.importing.changes import ChangeKind, RowChange
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.meetings import Meeting
from desktop.ui.texts.language import clock_text, date_text, translate, translate_message, weekday_name

WHAT, GROUP, DAY, TIME, WHERE, CAMPUS, STATE = range(7)


def problem_words(problem: Problem) -> str:
    """Describes a line that was not understood, in one sentence."""
    where = translate("Review", "Page {n}").format(n=problem.place.page)
    text = " ".join(problem.place.text.split())
    return f"{where}: “{text}” · " + translate("Review", "expected {expected}, found {found}").format(
        expected=translate_message(problem.expected), found=translate_message(problem.found)
    )


def state_word(change: RowChange, *, all_new: bool = False) -> str:
    """The state of a row in a word; empty if it is unchanged, or if it is new and all rows are."""
    words = {
        ChangeKind.UNCLEAR: translate("Review", "which one?"),
        ChangeKind.ADDED: "" if all_new else translate("Review", "new"),
        ChangeKind.MOVED: translate("Review", "time"),
        ChangeKind.FINALISED: translate("Review", "final"),
        ChangeKind.ROOM_CHANGED: translate("Review", "room"),
        ChangeKind.OTHER: translate("Review", "changed"),
        ChangeKind.UNCHANGED: "",
        ChangeKind.GONE: translate("Review", "not in this file"),
    }
    word = words[change.kind]
    if change.kind is not ChangeKind.FINALISED and change.is_final_now:
        word = " · ".join(each for each in (word, words[ChangeKind.FINALISED]) if each)
    if change.after is not None and change.after.by_hand:
        by_hand = translate("Review", "by hand")
        return f"{word} · {by_hand}" if word and change.before is not None else by_hand
    touched = translate("Review", "your edit")
    return f"{word} · {touched}" if change.affected_edits and word else word


def old_cell(before: PrintedItem, after: PrintedItem, column: int) -> str:
    """The old text of a cell if it differs; a date lacks the year if the year is the same."""
    was = cell(before, column)
    if was == cell(after, column):
        return ""
    if column == DAY and isinstance(before, Assessment) and isinstance(after, Assessment):
        return date_text(before.date, "ddd d MMM" if before.date.year == after.date.year else "ddd d MMM yyyy")
    return was


def cell(item: PrintedItem, column: int) -> str:
    """The text of a meeting or assessment in one column."""
    if column == WHERE:
        return ROOM_SEPARATOR.join(item.venues)
    if column == CAMPUS:
        return item.campus
    if isinstance(item, Meeting):
        if column == WHAT:
            return item.activity
        if column == GROUP:
            return item.group
        if column == DAY:
            return weekday_name(item.slot.weekday)
        return f"{clock_text(item.slot.start)} – {clock_text(item.slot.end)}"
    if column == WHAT:
        return item.name
    if column == GROUP:
        return item.paper
    if column == DAY:
        return date_text(item.date, "ddd d MMM yyyy")
    return clock_text(item.start) if item.assumed_end else f"{clock_text(item.start)} – {clock_text(item.end)}"
