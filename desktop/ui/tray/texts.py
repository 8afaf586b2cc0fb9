"""The texts of the tray icon and of reminders, in plain text."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from desktop.domain.event_kinds import EventKind, event_kind
from desktop.domain.reminders import Reminder
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import Item
from desktop.ui.texts.language import clock_text, date_text, plural, time_until_text, translate
from desktop.ui.tray.notifications import Notification

MAX_LINES = 5  # in the notification about tomorrow


def notification_of(reminder: Reminder, now: datetime) -> Notification:
    """The notification of a reminder."""
    if reminder.evening:
        title, body = _evening_texts(reminder.occurrences)
    else:
        title, body = (
            _notification_title(reminder.occurrences[0].item),
            _notification_body(reminder.occurrences[0], now),
        )
    return Notification(reminder.name, title, body, snooze_text(reminder.snooze_length(now)))


def snooze_text(delay: timedelta) -> str:
    """The text of the snooze button; "" if the reminder cannot be snoozed."""
    minutes = int(delay.total_seconds() // 60)
    if not minutes:
        return ""
    if minutes == 60:
        return translate("Reminder", "Again in 1 hour")
    return translate("Reminder", "Again in {n} minutes").format(n=minutes)


def when_and_where(each: Occurrence, now: datetime) -> str:
    """One line with the time, the label and the room."""
    place = place_text(each.item)
    what = f"{each.item.label}, {place}" if place else each.item.label
    if each.start <= now:
        until = translate("Reminder", "until {time}").format(time=clock_text(each.end))
        return f"{until} · {what}"
    return f"{_day(each, now)}{clock_text(each.start)} · {what}"


def place_text(item: Item) -> str:
    """The rooms; two at most, to fit on a line."""
    if isinstance(item, OwnEvent):
        return item.venue
    return ", ".join(item.venues[:2]) + (" …" if len(item.venues) > 2 else "")


def _day(each: Occurrence, now: datetime) -> str:
    days = (each.date - now.date()).days
    if days == 0:
        return ""
    if days == 1:
        return translate("Reminder", "tomorrow") + " "
    return date_text(each.date, "ddd" if days < 7 else "ddd d MMM") + " "


def _notification_title(item: Item) -> str:
    kind = event_kind(item)
    if kind is EventKind.TEST:
        return translate("Reminder", "Test: {name}").format(name=item.label)
    if kind is EventKind.EXAM:
        return translate("Reminder", "Exam: {name}").format(name=item.label)
    return item.label


def _notification_body(each: Occurrence, now: datetime) -> str:
    span = f"{clock_text(each.start)} – {clock_text(each.end)}"
    if (each.date - now.date()).days > 1:
        span = f"{date_text(each.date, 'dddd d MMMM')}, {span}"
    return "\n".join(part for part in (f"{span}, {time_until_text(now, each.start)}", place_text(each.item)) if part)


def _evening_texts(found: tuple[Occurrence, ...]) -> tuple[str, str]:
    counted = Counter(event_kind(each.item) for each in found)
    words = {
        EventKind.EXAM: (translate("Reminder", "{n} exam"), translate("Reminder", "{n} exams")),
        EventKind.TEST: (translate("Reminder", "{n} test"), translate("Reminder", "{n} tests")),
        EventKind.LECTURE: (translate("Reminder", "{n} class"), translate("Reminder", "{n} classes")),
        EventKind.OWN: (translate("Reminder", "{n} own event"), translate("Reminder", "{n} own events")),
    }
    parts = [plural(counted[kind], *texts) for kind, texts in words.items() if counted[kind]]
    title = translate("Reminder", "Tomorrow: {what}").format(what=", ".join(parts))
    lines = [f"{clock_text(each.start)} · {_notification_title(each.item)}" for each in found[:MAX_LINES]]
    lines = [
        f"{line}, {place}" if (place := place_text(each.item)) else line
        for line, each in zip(lines, found, strict=False)
    ]
    more = len(found) - MAX_LINES
    if more > 0:
        lines.append(translate("Reminder", "and {n} more").format(n=more))
    return title, "\n".join(lines)
