"""Desktop notifications: by D-Bus with buttons where available (Linux), else as a message of the tray icon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from desktop.config import assets_folder
from desktop.ui.texts.language import translate
from desktop.ui.tray.session_bus import SessionBus

DURATION_MS = 10_000  # milliseconds, where the system lets the program choose
MAX_OPEN = 50  # notifications whose buttons still work
OPEN_ACTION, SNOOZE_ACTION = (
    "default",
    "snooze",
)  # `default` is the specification's name for a click on the notification itself


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification, in plain text. `name` identifies it in signals; `snooze` is the text of that button, if any."""

    name: str
    title: str
    body: str
    snooze: str = ""


class Notifications(QObject):
    """Shows notifications by D-Bus or by the tray icon."""

    opened = Signal(str)  # the name of a notification, as in the next
    snoozed = Signal(str)
    not_shown = Signal(object)  # a notification that could not be shown

    def __init__(self, bus: SessionBus | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._icon: QSystemTrayIcon | None = None
        self._last_icon_name = ""  # the name of the last notification that the icon showed
        self._open_names: dict[int, str] = {}
        if bus is not None:
            self._listen(bus)

    def set_tray_icon(self, icon: QSystemTrayIcon) -> None:
        """Sets the tray icon, which shows notifications where D-Bus is not available."""
        self._icon = icon
        icon.messageClicked.connect(lambda: self.opened.emit(self._last_icon_name))

    def show(self, note: Notification) -> None:
        """Shows a notification, after requesting the capabilities of the desktop."""
        if self._bus is None:
            self._show_by_icon(note)
            return

        def asked(answer: tuple[Any, ...] | None) -> None:
            if answer is None:
                self._show_by_icon(note)
            else:
                self._show_on_desktop(note, frozenset(answer[0]))

        self._bus.call(_notification_service(), "GetCapabilities", "", (), asked)

    def _show_on_desktop(self, note: Notification, capabilities: frozenset[str]) -> None:
        bus = self._bus
        if bus is None:
            return
        body = _escape_markup(note.body) if "body-markup" in capabilities else note.body
        actions = [OPEN_ACTION, translate("Reminder", "Open")] if "actions" in capabilities else []
        if actions and note.snooze:
            actions += [SNOOZE_ACTION, note.snooze]
        hints = {"desktop-entry": ("s", "upschedule")}
        picture = str(assets_folder() / "icons" / "app.svg")
        values = ("UP Schedule Generator", 0, picture, note.title, body, actions, hints, -1)

        def shown(answer: tuple[Any, ...] | None) -> None:
            if answer is None:
                self._show_by_icon(note)
                return
            self._open_names[int(answer[0])] = note.name
            while len(self._open_names) > MAX_OPEN:
                del self._open_names[next(iter(self._open_names))]

        bus.call(_notification_service(), "Notify", "susssasa{sv}i", values, shown)

    def _show_by_icon(self, note: Notification) -> None:
        if self._icon is None:
            self.not_shown.emit(note)
            return
        self._last_icon_name = note.name
        self._icon.showMessage(note.title, note.body, self._icon.icon(), DURATION_MS)

    def _listen(self, bus: SessionBus) -> None:
        from jeepney import MatchRule  # noqa: PLC0415 - only on systems with D-Bus

        for member, heard in (
            ("ActionInvoked", self._action_invoked),
            ("NotificationClosed", self._notification_closed),
        ):
            rule = MatchRule(
                type="signal",
                interface="org.freedesktop.Notifications",
                path="/org/freedesktop/Notifications",
                member=member,
            )
            bus.subscribe(rule, heard)

    def _action_invoked(self, body: tuple[Any, ...]) -> None:
        name = self._open_names.get(body[0])
        if name is None:
            return  # of another program
        if body[1] == SNOOZE_ACTION:
            self.snoozed.emit(name)
        elif body[1] == OPEN_ACTION:
            self.opened.emit(name)

    def _notification_closed(self, body: tuple[Any, ...]) -> None:
        self._open_names.pop(body[0], None)


def _escape_markup(text: str) -> str:
    """Escapes a plain text for a desktop that interprets the body as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _notification_service() -> Any:
    from jeepney import DBusAddress  # noqa: PLC0415 - only on systems with D-Bus

    return DBusAddress(
        "/org/freedesktop/Notifications", "org.freedesktop.Notifications", "org.freedesktop.Notifications"
    )
