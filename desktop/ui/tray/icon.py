"""The icon in the system tray or menu bar, whose tooltip and menu show the next events."""

from __future__ import annotations

import sys
from datetime import timedelta
from itertools import islice
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.config import assets_folder
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.tray.reminders import Reminders, attended
from desktop.ui.tray.session_bus import SessionBus
from desktop.ui.tray.texts import snooze_text, when_and_where
from desktop.ui.widgets.plain_words import literal
from desktop.ui.widgets.tooltips import set_tray_tooltip

WATCHER = "org.kde.StatusNotifierWatcher"  # the D-Bus service for tray icons on Linux
PATIENCE = 60_000  # milliseconds that a desktop may take after login until it has a tray
AHEAD = timedelta(days=200)


class TrayIcon(QObject):
    """The tray icon with its menu; it is shown once the desktop has a tray."""

    shown = Signal(object)  # the QSystemTrayIcon
    open_asked = Signal()
    quit_asked = Signal()

    def __init__(self, session: Session, reminders: Reminders, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._reminders = reminders
        self._icon: QSystemTrayIcon | None = None
        self._said: tuple[str, ...] = ()
        self._menu = QMenu()
        self._lines = [self._action(self.open_asked.emit) for _ in range(2)]
        self._menu.addSeparator()
        self._open = self._action(self.open_asked.emit)
        self._snooze = self._action(self._put_off)
        self._menu.addSeparator()
        self._quit = self._action(self.quit_asked.emit)
        session.state.ticked.connect(self.update)
        session.state.changed.connect(self.update)

    def start(self, bus: SessionBus | None) -> None:
        """Shows the icon now, or once the desktop has a tray."""
        if bus is None:
            self._show()
            return

        # On Linux, Qt checks for a tray once and caches the result, so Qt may be used only once there is one.
        from jeepney import MatchRule, message_bus  # noqa: PLC0415 - only on systems with D-Bus

        def owned(answer: tuple[Any, ...] | None) -> None:
            if answer is not None and answer[0]:
                self._show()
            else:
                QTimer.singleShot(PATIENCE, self, self._show)  # a tray of the older X11 protocol

        def came(body: tuple[Any, ...]) -> None:
            if body[0] == WATCHER and body[2]:
                self._show()

        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        rule.add_arg_condition(0, WATCHER)
        bus.listen(rule, came)
        bus.call(message_bus, "NameHasOwner", "s", (WATCHER,), owned)

    def _show(self) -> None:
        if self._icon is not None or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        icon = self._icon = QSystemTrayIcon(QIcon(str(assets_folder() / "icons" / "app.svg")), self)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._activated)
        self._said = ()  # forces an update of the tooltip
        self.update()
        icon.show()
        self.shown.emit(icon)

    def hide(self) -> None:
        """Hides the icon when the program ends."""
        if self._icon is not None:
            self._icon.hide()

    def update(self) -> None:
        """Updates the tooltip and the menu if their texts changed: every update wakes up the desktop's panel."""
        now = self._session.state.now()
        coming = islice((each for each in attended(self._session.state) if now < each.end < now + AHEAD), 2)
        lines = [when_and_where(each, now) for each in coming] or [translate("Tray", "Nothing more this year")]
        last = self._reminders.last
        snooze = f"{last.occurrences[0].item.label}: {snooze_text(last.snooze(now))}" if last is not None else ""
        said = (*lines, snooze, translate("Tray", "Open"), translate("Tray", "Quit"))
        if said == self._said:
            return
        self._said = said
        for action, text in zip(self._lines, [*lines, ""], strict=False):
            _say(action, text)
        _say(self._snooze, snooze)
        _say(self._open, said[-2])
        _say(self._quit, said[-1])
        if self._icon is not None:
            set_tray_tooltip(self._icon, "\n".join(lines))

    def _put_off(self) -> None:
        last = self._reminders.last
        if last is not None:
            self._reminders.snooze(last.name)
            self.update()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        presses = {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}
        if sys.platform != "darwin" and reason in presses:  # on macOS a click opens the menu
            self.open_asked.emit()

    def _action(self, run: Any) -> QAction:
        action = self._menu.addAction("")
        action.triggered.connect(lambda *_: run())
        return action


def _say(action: QAction, text: str) -> None:
    action.setText(literal(text))
    action.setVisible(bool(text))
