"""The real program, driven by commands on its standard input, and reporting what it shows on its standard output.

An input line is a JSON list: a verb of `VERBS` and its arguments. An output line is a JSON object: what the window
shows now, whenever that changes.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.domain.records.records import Act, Change
from desktop.ui.app import main
from desktop.ui.app.main_window import MainWindow
from desktop.workflows import sync

_make = main.make_window


class CommandRunner(QObject):
    """Executes commands on the window's own thread."""

    command_received = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last_report = ""
        self._last_error = ""
        self.command_received.connect(self._run_command, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._read_commands, daemon=True).start()
        timer = QTimer(self)
        timer.timeout.connect(self._report_changes)
        timer.start(30)

    def _read_commands(self) -> None:
        for line in sys.stdin:
            self.command_received.emit(line)

    def _run_command(self, line: str) -> None:
        verb, *what = json.loads(line)
        VERBS[verb](self, *what)

    def create(self, server: str, name: str, password: str) -> None:
        self._sync(lambda joint: sync.create_account(joint, server, name, password))

    def sign_in(self, server: str, name: str, password: str) -> None:
        self._sync(lambda joint: sync.sign_in(joint, server, name, password))

    def sync_now(self) -> None:
        self._sync(lambda joint: joint.service.sync_now())

    def _sync(self, verb: Callable[[sync.Joint], object]) -> None:
        def failed(error: Exception) -> None:
            self._last_error = f"{type(error).__name__}: {error}"

        self._window.session.sync_link.run_on_account(verb, lambda _answer: None, failed)

    def read(self, *paths: str) -> None:
        self._window.read_files([Path(path) for path in paths])

    def accept(self) -> None:
        self._window.page("review")._accept.click()  # type: ignore[attr-defined]

    def name_module(self, module: str, name: str) -> None:
        self._window.session.perform(Act(f"Named {module}", (Change("module", module, {"name": name}),)))

    def name_many(self, count: int, name: str) -> None:
        changes = tuple(Change("module", f"2026/BBB {each:03}", {"name": name}) for each in range(count))
        self._window.session.perform(Act("Named many", changes))

    def use_other(self) -> None:
        session = self._window.session
        assert session.state.view is not None
        (lost,) = sync.lost_values(session.state.view.records)
        session.run_change(lambda: sync.use_lost_value(session.app.store, lost), lambda _applied: None)

    def _report_changes(self) -> None:
        window, session = self._window, self._window.session
        view, status = session.state.view, session.sync_link.status if session.is_open else None
        seen: dict[str, Any] = {
            "open": session.is_open,
            "page": window.current_page,
            "notice": window.notice_bar.text,
            "told": self._last_error,
            "sync": status.state if status else None,
            "in": bool(status) and session.sync_link.is_signed_in,
        }
        if view is not None:
            seen |= {
                "items": sorted(each.id for each in view.timetable.items()),
                "names": {each.key: each.get("name") for each in view.records.of_kind("module") if each.get("name")},
                "lost": [[each.value, each.winning_value] for each in sync.lost_values(view.records)],
            }
        said = json.dumps(seen)
        if said != self._last_report:
            self._last_report = said
            print(said, flush=True)


VERBS: dict[str, Callable[..., None]] = {
    verb.__name__: verb
    for verb in (
        CommandRunner.create,
        CommandRunner.sign_in,
        CommandRunner.sync_now,
        CommandRunner.read,
        CommandRunner.accept,
        CommandRunner.name_module,
        CommandRunner.name_many,
        CommandRunner.use_other,
    )
}


def make_driven_window(profile: Path, *given: object) -> MainWindow:
    window = _make(profile, *given)  # type: ignore[arg-type]
    CommandRunner(window)
    return window


if __name__ == "__main__":
    main.make_window = make_driven_window
    sys.exit(main.run(Path(sys.argv[1])))
