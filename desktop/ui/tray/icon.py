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
from desktop.ui.tray.reminders import Reminders, attended_occurrences
from desktop.ui.tray.session_bus import SessionBus
from desktop.ui.tray.texts import snooze_text, when_and_where
from desktop.ui.widgets.plain_words import escape_mnemonics
from desktop.ui.widgets.tooltips import set_tray_tooltip

STATUS_NOTIFIER_WATCHER = "org.kde.StatusNotifierWatcher"  # the D-Bus service for tray icons on Linux
TRAY_TIMEOUT_MS = 60_000  # milliseconds that a desktop may take after login until it has a tray
LOOKAHEAD = timedelta(days=200)


class TrayIcon(QObject):
    """The tray icon with its menu; it is shown once the desktop has a tray."""

    shown = Signal(object)  # the QSystemTrayIcon
    open_requested = Signal()
    quit_requested = Signal()

    def __init__(self, session: Session, reminders: Reminders, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._reminders = reminders
        self._icon: QSystemTrayIcon | None = None
        self._shown_texts: tuple[str, ...] = ()
        self._menu = QMenu()
        self._event_actions = [self._action(self.open_requested.emit) for _ in range(2)]
        self._menu.addSeparator()
        self._open = self._action(self.open_requested.emit)
        self._snooze = self._action(self._snooze_last)
        self._menu.addSeparator()
        self._quit = self._action(self.quit_requested.emit)
        session.state.minute_started.connect(self.refresh)
        session.state.changed.connect(self.refresh)

    def start(self, bus: SessionBus | None) -> None:
        """Shows the icon now, or once the desktop has a tray."""
        if bus is None:
            self._show_icon()
            return

        # On Linux, Qt checks for a tray once and caches the result, so Qt may be used only once there is one.
        from jeepney import MatchRule, message_bus  # noqa: PLC0415 - only on systems with D-Bus

        def owned(answer: tuple[Any, ...] | None) -> None:
            if answer is not None and answer[0]:
                self._show_icon()
            else:
                QTimer.singleShot(TRAY_TIMEOUT_MS, self, self._show_icon)  # a tray of the older X11 protocol

        def came(body: tuple[Any, ...]) -> None:
            if body[0] == STATUS_NOTIFIER_WATCHER and body[2]:
                self._show_icon()

        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        rule.add_arg_condition(0, STATUS_NOTIFIER_WATCHER)
        bus.subscribe(rule, came)
        bus.call(message_bus, "NameHasOwner", "s", (STATUS_NOTIFIER_WATCHER,), owned)

    def _show_icon(self) -> None:
        if self._icon is not None or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        icon = self._icon = QSystemTrayIcon(QIcon(str(assets_folder() / "icons" / "app.svg")), self)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._activated)
        self._shown_texts = ()  # forces an update of the tooltip
        self.refresh()
        icon.show()
        self.shown.emit(icon)

    def hide(self) -> None:
        """Removes the icon when the program ends."""
        if self._icon is not None:
            self._icon.hide()

    def refresh(self) -> None:
        """Updates the tooltip and the menu if their texts changed: every update wakes up the desktop's panel."""
        now = self._session.state.now()
        coming = islice(
            (each for each in attended_occurrences(self._session.state) if now < each.end < now + LOOKAHEAD), 2
        )
        lines = [when_and_where(each, now) for each in coming] or [translate("Tray", "Nothing more this year")]
        last = self._reminders.last_shown
        snooze = f"{last.occurrences[0].item.label}: {snooze_text(last.snooze_length(now))}" if last is not None else ""
        said = (*lines, snooze, translate("Tray", "Open"), translate("Tray", "Quit"))
        if said == self._shown_texts:
            return
        self._shown_texts = said
        for action, text in zip(self._event_actions, [*lines, ""], strict=False):
            _set_text(action, text)
        _set_text(self._snooze, snooze)
        _set_text(self._open, said[-2])
        _set_text(self._quit, said[-1])
        if self._icon is not None:
            set_tray_tooltip(self._icon, "\n".join(lines))

    def _snooze_last(self) -> None:
        last = self._reminders.last_shown
        if last is not None:
            self._reminders.snooze(last.name)
            self.refresh()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        presses = {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}
        if sys.platform != "darwin" and reason in presses:  # on macOS a click opens the menu
            self.open_requested.emit()

    def _action(self, run: Any) -> QAction:
        action = self._menu.addAction("")
        action.triggered.connect(lambda *_: run())
        return action


def _set_text(action: QAction, text: str) -> None:
    action.setText(escape_mnemonics(text))
    action.setVisible(bool(text))
