"""The system's notifications: with buttons where the desktop has them (Linux), else as the tray icon shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from desktop.config import assets_folder
from desktop.ui.texts.language import translate
from desktop.ui.tray.session_bus import SessionBus

STAYS = 10_000  # milliseconds, where the system lets the program say
MOST_OPEN = 50  # notifications whose buttons are still listened to
OPEN, SNOOZE = "default", "snooze"  # the specification's name for a click on the notification itself, and ours


@dataclass(frozen=True, slots=True)
class Note:
    """What to show, all of it plain text. `name` is given back when it is used; `snooze` the words of that button."""

    name: str
    title: str
    body: str
    snooze: str = ""


class Notifications(QObject):
    """Shows notes. `opened` and `snoozed` with the name of one; `refused` with one that the system has no place for."""

    opened = Signal(str)
    snoozed = Signal(str)
    refused = Signal(object)

    def __init__(self, bus: SessionBus | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._icon: QSystemTrayIcon | None = None
        self._last = ""  # what the icon showed
        self._open: dict[int, str] = {}
        if bus is not None:
            self._listen(bus)

    def use_icon(self, icon: QSystemTrayIcon) -> None:
        """The tray icon is there: it can show notes where the desktop does not."""
        self._icon = icon
        icon.messageClicked.connect(lambda: self.opened.emit(self._last))

    def show(self, note: Note) -> None:
        """Shows it, as soon as the desktop has said what it can show."""
        if self._bus is None:
            self._show_by_icon(note)
            return

        def asked(answer: tuple[Any, ...] | None) -> None:
            if answer is None:
                self._show_by_icon(note)
            else:
                self._show_on_desktop(note, frozenset(answer[0]))

        self._bus.call(_server(), "GetCapabilities", "", (), asked)

    def _show_on_desktop(self, note: Note, capabilities: frozenset[str]) -> None:
        bus = self._bus
        if bus is None:
            return
        body = _escaped(note.body) if "body-markup" in capabilities else note.body
        actions = [OPEN, translate("Reminder", "Open")] if "actions" in capabilities else []
        if actions and note.snooze:
            actions += [SNOOZE, note.snooze]
        hints = {"desktop-entry": ("s", "upschedule")}
        picture = str(assets_folder() / "icons" / "app.svg")
        values = ("UP Schedule Generator", 0, picture, note.title, body, actions, hints, -1)

        def shown(answer: tuple[Any, ...] | None) -> None:
            if answer is None:
                self._show_by_icon(note)
                return
            self._open[int(answer[0])] = note.name
            while len(self._open) > MOST_OPEN:
                del self._open[next(iter(self._open))]

        bus.call(_server(), "Notify", "susssasa{sv}i", values, shown)

    def _show_by_icon(self, note: Note) -> None:
        if self._icon is None:
            self.refused.emit(note)
            return
        self._last = note.name
        self._icon.showMessage(note.title, note.body, self._icon.icon(), STAYS)

    def _listen(self, bus: SessionBus) -> None:
        from jeepney import MatchRule  # noqa: PLC0415 - not on systems without a bus

        for member, heard in (("ActionInvoked", self._pressed), ("NotificationClosed", self._closed)):
            rule = MatchRule(
                type="signal",
                interface="org.freedesktop.Notifications",
                path="/org/freedesktop/Notifications",
                member=member,
            )
            bus.listen(rule, heard)

    def _pressed(self, body: tuple[Any, ...]) -> None:
        name = self._open.get(body[0])
        if name is None:
            return  # another program's
        if body[1] == SNOOZE:
            self.snoozed.emit(name)
        elif body[1] == OPEN:
            self.opened.emit(name)

    def _closed(self, body: tuple[Any, ...]) -> None:
        self._open.pop(body[0], None)


def _escaped(text: str) -> str:
    """Plain text for a desktop that takes a body for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _server() -> Any:
    from jeepney import DBusAddress  # noqa: PLC0415 - not on systems without a bus

    return DBusAddress(
        "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
    )
