"""A private message bus with the desktop services that the program uses: notifications, and a tray."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import MessageFlag

NOTIFICATIONS, WATCHER = "org.freedesktop.Notifications", "org.kde.StatusNotifierWatcher"
TIMEOUT_SECONDS = 60.0  # seconds for anything that is waited for


@dataclass
class Notification:
    """A notification that the desktop received."""

    number: int
    title: str
    body: str
    actions: dict[str, str]


@dataclass
class Desktop:
    """Records what the program shows on the desktop, and clicks it."""

    address: str = ""
    connection: DBusConnection | None = None
    notifications: list[Notification] = field(default_factory=list)
    tray_items: list[str] = field(default_factory=list)  # the tray icons that were registered
    capabilities: tuple[str, ...] = ("actions", "body", "body-markup")

    def answer(self, message: Message) -> Message:
        fields = message.header.fields
        member, body = fields[HeaderFields.member], message.body
        if member == "GetCapabilities":
            return new_method_return(message, "as", (list(self.capabilities),))
        if member == "Notify":
            assert fields[HeaderFields.signature] == "susssasa{sv}i"
            number = len(self.notifications) + 1
            actions = dict(zip(body[5][::2], body[5][1::2], strict=True))
            self.notifications.append(Notification(number, body[3], body[4], actions))
            return new_method_return(message, "u", (number,))
        if member == "RegisterStatusNotifierItem":
            name = body[0] if not body[0].startswith("/") else fields[HeaderFields.sender]
            self.tray_items.append(name)
            return new_method_return(message)
        if member == "Get":
            return new_method_return(message, "v", (("b", True),))
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")

    def press(self, shown: Notification, action: str) -> None:
        """Presses a button of a notification (`default` is the notification itself)."""
        assert self.connection is not None
        emitter = DBusAddress("/org/freedesktop/Notifications", NOTIFICATIONS, NOTIFICATIONS)
        self.connection.send(new_signal(emitter, "ActionInvoked", "us", (shown.number, action)))
        self.connection.send(new_signal(emitter, "NotificationClosed", "uu", (shown.number, 2)))

    def item(self, name: str) -> Any:
        """Returns a property of the tray icon that was registered last."""
        where = DBusAddress("/StatusNotifierItem", self.tray_items[-1], "org.freedesktop.DBus.Properties")
        return self._ask(new_method_call(where, "Get", "ss", ("org.kde.StatusNotifierItem", name)))[0][1]

    def menu(self) -> dict[str, int]:
        """Returns the visible entries of its menu, with their numbers."""
        where = DBusAddress(str(self.item("Menu")), self.tray_items[-1], "com.canonical.dbusmenu")
        _revision, (_root, _properties, children) = self._ask(
            new_method_call(where, "GetLayout", "iias", (0, -1, ["label", "visible"]))
        )
        lines = {}
        for _kind, (number, properties, _below) in children:
            plain = {name: value for name, (_type, value) in properties.items()}
            if plain.get("label") and plain.get("visible", True):
                lines[plain["label"]] = number
        return lines

    def choose(self, words: str) -> None:
        """Clicks an entry of the menu."""
        where = DBusAddress(str(self.item("Menu")), self.tray_items[-1], "com.canonical.dbusmenu")
        self._ask(new_method_call(where, "Event", "isvu", (self.menu()[words], "clicked", ("s", ""), 0)))

    def _ask(self, message: Message) -> tuple[Any, ...]:
        """Calls over a connection of its own, as another program would."""
        with open_dbus_connection(self.address) as connection:
            reply = connection.send_and_get_reply(message, timeout=TIMEOUT_SECONDS)
            assert reply.header.message_type is MessageType.method_return, reply.body
            return reply.body


@contextmanager
def bus_with(names: Sequence[str], answer: Callable[[Message], Message]) -> Iterator[tuple[str, DBusConnection]]:
    """Runs a bus with a service of these names for the block; yields its address and the service's connection."""
    reading, writing = os.pipe()
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", f"--print-address={writing}"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as stream:
        address = stream.readline().strip()
    connection = open_dbus_connection(address)
    for name in names:
        connection.send_and_get_reply(message_bus.RequestName(name), timeout=TIMEOUT_SECONDS)

    def serve() -> None:
        with contextlib.suppress(OSError):  # the bus has ended
            while True:
                message = connection.receive()
                if message.header.message_type is MessageType.method_call:
                    reply = answer(message)
                    if not message.header.flags & MessageFlag.no_reply_expected:
                        connection.send(reply)

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield address, connection
    finally:
        daemon.terminate()
        daemon.wait(20)
        server.join(20)
        connection.close()


@contextmanager
def desktop_bus() -> Iterator[Desktop]:
    """Runs a bus with a desktop on it, for the block."""
    desktop = Desktop()
    with bus_with((NOTIFICATIONS, WATCHER), desktop.answer) as (desktop.address, desktop.connection):
        yield desktop


def wait_until(done: Callable[[], object], describe: Callable[[], object] = str) -> None:
    end = time.monotonic() + TIMEOUT_SECONDS
    while not done():
        assert time.monotonic() < end, describe()
        time.sleep(0.05)
