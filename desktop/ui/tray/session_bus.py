"""The D-Bus session bus on Linux, read by Qt's event loop.

It uses jeepney, because QtDBus cannot send the unsigned integers that desktop notifications require.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier

if TYPE_CHECKING:
    from jeepney import DBusAddress, MatchRule, Message
    from jeepney.io.blocking import DBusConnection

ReplyHandler = Callable[[tuple[Any, ...] | None], object]  # called with the body of the reply; None for an error


class SessionBus(QObject):
    """A connection to the bus. After any error on it, all calls get None and no signals arrive."""

    def __init__(self, connection: DBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._reply_handlers: dict[int, ReplyHandler] = {}
        self._signal_handlers: list[tuple[MatchRule, Callable[[tuple[Any, ...]], object]]] = []
        self._notifier = QSocketNotifier(connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def call(
        self,
        address: DBusAddress,
        method: str,
        signature: str,
        body: tuple[Any, ...],
        on_reply: ReplyHandler | None = None,
    ) -> None:
        """Calls a method; the handler gets the body of the reply, or None for an error."""
        from jeepney import new_method_call  # noqa: PLC0415 - as in `open_bus`

        serial = next(self._connection.outgoing_serial)
        if on_reply is not None:
            self._reply_handlers[serial] = on_reply
        try:
            self._connection.send(new_method_call(address, method, signature or None, body), serial=serial)
        except OSError:
            self._connection_lost()

    def subscribe(self, rule: MatchRule, on_signal: Callable[[tuple[Any, ...]], object]) -> None:
        """Calls the handler with the body of every signal that matches the rule."""
        from jeepney import message_bus  # noqa: PLC0415 - as in `open_bus`

        self._signal_handlers.append((rule, on_signal))
        with contextlib.suppress(OSError):
            self._connection.send(message_bus.AddMatch(rule))

    def _read(self) -> None:
        try:
            while True:
                self._dispatch(self._connection.receive(timeout=0))
        except TimeoutError:
            return
        except (OSError, ValueError):
            self._connection_lost()

    def _dispatch(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType  # noqa: PLC0415 - as in `open_bus`

        if message.header.message_type is MessageType.signal:
            for rule, heard in self._signal_handlers:
                if rule.matches(message):
                    heard(message.body)
            return
        answered = self._reply_handlers.pop(message.header.fields.get(HeaderFields.reply_serial, -1), None)
        if answered is not None:
            answered(message.body if message.header.message_type is MessageType.method_return else None)

    def _connection_lost(self) -> None:
        self._notifier.setEnabled(False)
        waiting, self._reply_handlers = self._reply_handlers, {}
        for answered in waiting.values():
            answered(None)


def import_bus_modules() -> None:
    """Imports the modules that `open_bus` needs."""
    if sys.platform == "linux":
        with contextlib.suppress(ImportError):
            import jeepney.io.blocking  # noqa: F401, PLC0415 - as the docstring says


def open_bus(parent: QObject | None = None) -> SessionBus | None:
    """A connection to the session bus; None if there is none, as on Windows and macOS."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, KeyError, ValueError, RuntimeError, ImportError):
            from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415 - only on systems that may have a bus

            return SessionBus(open_dbus_connection(), parent)
    return None
