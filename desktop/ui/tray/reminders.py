"""Checks once a minute which reminders are due, shows them, and remembers which were shown."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.codec import to_plain
from desktop.domain.reminders import (
    Reminder,
    ReminderRules,
    ReminderState,
    due_reminders,
    reminder_state_from_json,
    snooze_reminder,
)
from desktop.domain.timetable.timetable import takes_time
from desktop.private_files import create_private_file
from desktop.ui.session.session import Session
from desktop.ui.session.state import ViewState

if TYPE_CHECKING:
    from desktop.config import Settings
    from desktop.domain.timetable.occurrences import Occurrence

FILE_NAME = "reminders.json"
MAX_BYTES = 200_000


class Reminders(QObject):
    """The reminders of one profile."""

    reminder_due = Signal(object)  # a domain Reminder that is due

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._path = session.profile / FILE_NAME
        self._memory = self._load()
        self._saved_memory = self._memory
        self._shown: dict[str, Reminder] = {}
        session.state.minute_started.connect(self.check_due)

    @property
    def last_shown(self) -> Reminder | None:
        """The last shown reminder that can still be snoozed."""
        now = self._session.state.now()
        found = [each for each in self._shown.values() if each.name not in self._memory.snoozed and each.start > now]
        return found[-1] if found else None

    def check_due(self) -> None:
        """Emits the reminders that are due now."""
        state, settings = self._session.state, self._session.settings
        if state.view is None:
            return
        rules = ReminderRules(
            state.view.alarms if settings.reminders else {},
            quiet_hours(settings),
            parse_time(settings.evening) if settings.reminders else None,
        )
        now = state.now()
        found, self._memory = due_reminders(attended_occurrences(state), rules, self._memory, now)
        self._shown = {name: each for name, each in self._shown.items() if each.start > now}
        for each in found:
            self._shown.pop(each.name, None)
            self._shown[each.name] = each
            self.reminder_due.emit(each)
        if found:
            self.save()

    def snooze(self, name: str) -> None:
        """Shows the reminder of this name again later."""
        reminder, now = self._shown.get(name), self._session.state.now()
        if reminder is not None and reminder.start > now:
            self._memory = snooze_reminder(self._memory, reminder, now)
            self.save()

    def save(self) -> None:
        """Saves which reminders were shown. If writing fails, the next start may repeat some."""
        if self._memory == self._saved_memory or self._session.state.is_empty:
            return
        self._saved_memory = self._memory
        new = self._path.with_name(FILE_NAME + ".new")
        with suppress(OSError):
            with create_private_file(new) as stream:
                stream.write(json.dumps(to_plain(self._memory)).encode())
            new.replace(self._path)

    def _load(self) -> ReminderState:
        try:
            with self._path.open("rb") as stream:
                return reminder_state_from_json(json.loads(stream.read(MAX_BYTES)))
        except (OSError, ValueError, RecursionError):
            return ReminderState()


def attended_occurrences(state: ViewState) -> tuple[Occurrence, ...]:
    """The occurrences that the student attends for certain, in order of time; without deadlines of other calendars."""
    view = state.view
    if view is None:
        return ()
    return tuple(
        each
        for each in view.occurrences
        if not each.undecided and view.timetable.is_attended(each.item) and takes_time(each.item)
    )


def parse_time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def quiet_hours(settings: Settings) -> tuple[time, time] | None:
    """Start and end of the quiet hours of this machine; None if there are none."""
    first, last = parse_time(settings.quiet_from), parse_time(settings.quiet_until)
    return (first, last) if first is not None and last is not None and first != last else None
