"""Checks once a minute which reminders are due, shows them, and remembers which were shown."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.codec import to_plain
from desktop.domain.reminders import Reminder, ReminderMemory, ReminderRules, due, memory_from_json, snoozed
from desktop.domain.timetable.timetable import takes_time
from desktop.private_files import create_private
from desktop.ui.session.session import Session
from desktop.ui.session.state import State

if TYPE_CHECKING:
    from desktop.config import Settings
    from desktop.domain.timetable.occurrences import Occurrence

NAME = "reminders.json"
MOST_BYTES = 200_000


class Reminders(QObject):
    """The reminders of one profile."""

    came = Signal(object)  # a domain Reminder that is due

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._path = session.profile / NAME
        self._memory = self._recall()
        self._kept = self._memory
        self._shown: dict[str, Reminder] = {}
        session.state.ticked.connect(self.look)

    @property
    def last(self) -> Reminder | None:
        """The last shown reminder that can still be snoozed."""
        now = self._session.state.now()
        found = [each for each in self._shown.values() if each.name not in self._memory.snoozed and each.start > now]
        return found[-1] if found else None

    def look(self) -> None:
        """Emits the reminders that are due now."""
        state, settings = self._session.state, self._session.settings
        if state.view is None:
            return
        rules = ReminderRules(
            state.view.alarms if settings.reminders else {},
            quiet_of(settings),
            time_of(settings.evening) if settings.reminders else None,
        )
        now = state.now()
        found, self._memory = due(attended(state), rules, self._memory, now)
        self._shown = {name: each for name, each in self._shown.items() if each.start > now}
        for each in found:
            self._shown.pop(each.name, None)
            self._shown[each.name] = each
            self.came.emit(each)
        if found:
            self.keep()

    def snooze(self, name: str) -> None:
        """Shows the reminder of this name again later."""
        reminder, now = self._shown.get(name), self._session.state.now()
        if reminder is not None and reminder.start > now:
            self._memory = snoozed(self._memory, reminder, now)
            self.keep()

    def keep(self) -> None:
        """Saves which reminders were shown. If writing fails, the next start may repeat some."""
        if self._memory == self._kept or self._session.state.is_empty:
            return
        self._kept = self._memory
        new = self._path.with_name(NAME + ".new")
        with suppress(OSError):
            with create_private(new) as stream:
                stream.write(json.dumps(to_plain(self._memory)).encode())
            new.replace(self._path)

    def _recall(self) -> ReminderMemory:
        try:
            with self._path.open("rb") as stream:
                return memory_from_json(json.loads(stream.read(MOST_BYTES)))
        except (OSError, ValueError, RecursionError):
            return ReminderMemory()


def attended(state: State) -> tuple[Occurrence, ...]:
    """The occurrences that the student attends for certain, in order of time; without deadlines of other calendars."""
    view = state.view
    if view is None:
        return ()
    return tuple(
        each
        for each in view.occurrences
        if not each.undecided and view.timetable.is_attended(each.item) and takes_time(each.item)
    )


def time_of(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def quiet_of(settings: Settings) -> tuple[time, time] | None:
    """Start and end of the quiet hours of this machine; None if there are none."""
    first, last = time_of(settings.quiet_from), time_of(settings.quiet_until)
    return (first, last) if first is not None and last is not None and first != last else None
