"""The settings cards for reminders and for running in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox

from desktop import autostart
from desktop.config import Paths
from desktop.domain.codec import to_plain
from desktop.domain.errors import AppError
from desktop.domain.event_kinds import EventKind
from desktop.domain.records.records import SHARED, Act, Change
from desktop.ui.session.session import Session
from desktop.ui.texts.counts import join_with_and
from desktop.ui.texts.language import plural, translate
from desktop.ui.theme.style import appearance
from desktop.ui.widgets.controls import label
from desktop.ui.widgets.flow import flow_layout
from desktop.ui.widgets.plain_words import CheckBox

if TYPE_CHECKING:
    from desktop.workflows.timetable import View

Entry = tuple[str, Any]  # a name, and the control or text beside it

MINUTES_PER_HOUR, MINUTES_PER_DAY = 60, 24 * 60
SHORT_ALARMS: tuple[tuple[int, ...], ...] = ((), (5,), (10,), (15,), (30,), (MINUTES_PER_HOUR,))
LONG_ALARMS: tuple[tuple[int, ...], ...] = (
    (),
    (MINUTES_PER_HOUR,),
    (MINUTES_PER_DAY,),
    (MINUTES_PER_DAY, MINUTES_PER_HOUR),
    (MINUTES_PER_DAY, 2 * MINUTES_PER_HOUR, MINUTES_PER_HOUR),
    (7 * MINUTES_PER_DAY, MINUTES_PER_DAY, MINUTES_PER_HOUR),
)
QUIET_STARTS = tuple(f"{hour:02}:00" for hour in range(18, 24))
QUIET_ENDS = tuple(f"{hour:02}:{minute:02}" for hour in range(4, 10) for minute in (0, 30))
EVENING_TIMES = tuple(f"{hour:02}:{minute:02}" for hour in range(16, 23) for minute in (0, 30))


def alarm_text(minutes: Sequence[int]) -> str:
    """The times of an alarm: `1 day and 1 hour before`, or `Off`."""
    if not minutes:
        return translate("Reminder", "Off")
    return translate("Reminder", "{when} before").format(when=join_with_and([_length(each) for each in minutes]))


def _length(minutes: int) -> str:
    if minutes and minutes % (7 * MINUTES_PER_DAY) == 0:
        return plural(
            minutes // (7 * MINUTES_PER_DAY), translate("Reminder", "{n} week"), translate("Reminder", "{n} weeks")
        )
    if minutes and minutes % MINUTES_PER_DAY == 0:
        return plural(minutes // MINUTES_PER_DAY, translate("Reminder", "{n} day"), translate("Reminder", "{n} days"))
    if minutes and minutes % MINUTES_PER_HOUR == 0:
        return plural(
            minutes // MINUTES_PER_HOUR, translate("Reminder", "{n} hour"), translate("Reminder", "{n} hours")
        )
    return plural(minutes, translate("Reminder", "{n} minute"), translate("Reminder", "{n} minutes"))


def reminder_entries(session: Session) -> list[Entry]:
    """The settings of reminders.

    The times apply on every machine and in every calendar; the other settings only here.
    """
    view, settings = session.state.view, session.settings
    entries: list[Entry] = []
    if view is not None:
        kinds = (
            (EventKind.LECTURE, translate("Reminder", "Classes"), SHORT_ALARMS),
            (EventKind.TEST, translate("Reminder", "Tests"), LONG_ALARMS),
            (EventKind.EXAM, translate("Reminder", "Exams"), LONG_ALARMS),
            (EventKind.OWN, translate("Reminder", "Own events"), SHORT_ALARMS),
        )
        for kind, name, offered in kinds:
            now = view.alarms.get(kind, ())
            choices = [(each, alarm_text(each)) for each in (offered if now in offered else (*offered, now))]
            entries.append((name, _choice(choices, now, partial(set_alarm, session, kind))))
        words = translate("Reminder", "The calendars that you save, send or publish remind you at the same times.")
        entries.append(("", label(words, "quiet", wrap=True)))
    off = ("", translate("Reminder", "Off"))
    evenings = [off, *((each, each) for each in _including(EVENING_TIMES, settings.evening))]
    firsts = [off, *((each, each) for each in _including(QUIET_STARTS, settings.quiet_from))]
    lasts = [(each, each) for each in _including(QUIET_ENDS, settings.quiet_until)]
    first = _choice(firsts, settings.quiet_from, lambda value: session.change_settings(quiet_from=value))
    last = _choice(lasts, settings.quiet_until, lambda value: session.change_settings(quiet_until=value))
    first.setAccessibleName(translate("Reminder", "Quiet from"))
    last.setAccessibleName(translate("Reminder", "Quiet until"))
    evening = _choice(evenings, settings.evening, lambda value: session.change_settings(evening=value))
    here = _switch(
        translate("Reminder", "Show reminders on this computer"),
        settings.reminders,
        lambda on: session.change_settings(reminders=on),
    )
    return [
        *entries,
        (translate("Reminder", "Tomorrow’s classes at"), evening),
        (translate("Reminder", "Quiet hours"), flow_layout(first, label("–"), last)),
        ("", here),
    ]


def background_entries(session: Session) -> list[Entry]:
    """The settings of what runs without the window."""
    stays = _switch(
        translate("Reminder", "Keep running when the window is closed"),
        session.settings.keep_running == "yes",
        lambda on: session.change_settings(keep_running="yes" if on else "no"),
    )
    starts = _switch(
        translate("Reminder", "Start at login, without the window"), autostart.is_enabled(), lambda _on: None
    )

    def switch(on: bool) -> None:
        if not set_autostart(session, on=on):
            starts.setChecked(not on)

    starts.clicked.connect(switch)
    words = translate(
        "Reminder", "Reminders come only while the program runs. Starting it again brings the window back."
    )
    return [("", stays), ("", starts), ("", label(words, "quiet", wrap=True))]


def set_alarm(session: Session, kind: EventKind, minutes: tuple[int, ...], *, quiet: bool = False) -> None:
    """Changes the reminder times of one kind, on every machine."""
    view: View | None = session.state.view
    if view is None or view.alarms.get(kind, ()) == minutes:
        return
    alarms = to_plain({**view.alarms, kind: minutes})
    session.perform(Act("Changed when to remind", (Change("settings", SHARED, {"alarms": alarms}),)), quiet=quiet)


def set_autostart(session: Session, *, on: bool) -> bool:
    """Turns starting at login on or off. Returns whether that worked; an error is shown."""
    profile = session.profile
    try:
        autostart.set_enabled(None if Paths(profile).is_default else profile, on=on)
    except AppError as wrong:
        session.notices.show_error(wrong)
        return False
    return True


def _including(offered: Sequence[str], now: str) -> list[str]:
    return sorted({*offered, now} - {""})


def _choice(offered: Sequence[tuple[Any, str]], now: Any, chosen: Callable[[Any], object]) -> QComboBox:
    made = QComboBox()
    for _value, words in offered:
        made.addItem(words)
    values = [value for value, _words in offered]
    made.setCurrentIndex(values.index(now) if now in values else 0)
    made.setMinimumWidth(appearance().px(90))
    made.activated.connect(lambda index: chosen(values[index]))
    return made


def _switch(words: str, on: bool, switched: Callable[[bool], object]) -> QCheckBox:
    made = CheckBox(words)
    made.setChecked(on)
    made.clicked.connect(switched)
    return made
