"""Texts for the effects of a group on a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.commands.choices import choice_text
from desktop.domain.timetable.meetings import Meeting
from desktop.ui.texts.counts import join_with_and
from desktop.ui.texts.language import date_text, duration_text, translate, translate_message, weekday_name

if TYPE_CHECKING:
    from desktop.domain.clashes import Clash
    from desktop.domain.group_preview import GroupPreview
    from desktop.workflows.timetable import View

NAMED = 3  # most clashes that are named; of the others only the number is given


def preview_words(found: GroupPreview, view: View) -> tuple[str, ...]:
    """Describes the effects of a group on the week, line by line: name, clashes, gaps that are left."""
    clashes = _clash_words(found)
    if view.timetable.choices[found.key].is_decided and len(found.clashes) != found.clashes_now:
        clashes = translate("Choosing", "{clashes} (now {n})").format(clashes=clashes, n=found.clashes_now)
    return (
        f"{found.group} · {translate_message(choice_text(found.key))}",
        clashes,
        *_gap_words(found.gaps, found.gaps - found.gaps_now),
    )


def _clash_words(found: GroupPreview) -> str:
    clashes = found.clashes
    if not clashes:
        return translate("Choosing", "No clashes")
    parts = [_one_clash(each, found) for each in clashes[:NAMED]]
    if len(clashes) > NAMED:
        parts.append(translate("Choosing", "{n} more").format(n=len(clashes) - NAMED))
    one, many = translate("Choosing", "{n} clash with {what}"), translate("Choosing", "{n} clashes with {what}")
    return (one if len(clashes) == 1 else many).format(n=len(clashes), what=join_with_and(parts))


def _one_clash(clash: Clash, found: GroupPreview) -> str:
    """The other item of a clash, and the weekday, or the date if there is only one."""
    first = clash.first
    is_own = isinstance(first, Meeting) and first.choice_key == found.key and first.group == found.group
    day = clash.dates[0]
    when = date_text(day, "d MMM") if clash.date_count == 1 else weekday_name(day.weekday(), short=True)
    what = (clash.second if is_own else first).label
    return translate("Choosing", "{what} on {day}").format(what=what, day=when)


def _gap_words(gaps: int, change: int) -> tuple[str, ...]:
    words = translate("Choosing", "No gaps this week")
    if gaps:
        words = translate("Choosing", "{length} of gaps this week").format(length=duration_text(gaps))
    if not change:
        return (words,)
    more, less = translate("Choosing", "{length} more than now"), translate("Choosing", "{length} less than now")
    return words, (more if change > 0 else less).format(length=duration_text(abs(change)))
