"""Fixtures for tests of the window: each runs over a profile of its own, untouched by this machine's settings."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.config import Settings
from desktop.domain.commands.calendar_commands import confirm_year
from desktop.ui.app.main import make_window
from desktop.ui.app.main_window import MainWindow
from desktop.ui.session.state import ViewState
from desktop.ui.texts.language import set_language
from desktop.ui.theme.style import appearance
from desktop.workflows import imports, timetable
from tests.gui.account import Person
from tests.gui.semester import NOW, drafts
from tests.sync.serving import ServerProcess

Opener = Callable[..., MainWindow]
_NUMBERS = count(1)


@pytest.fixture(autouse=True)
def _own_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    QStandardPaths.setTestModeEnabled(True)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(ViewState, "now", lambda _self: NOW)
    monkeypatch.setattr(Person, "name", f"ann{next(_NUMBERS)}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A sync server on loopback, started once: every test has an account of a different name there."""
    running = ServerProcess(tmp_path_factory.mktemp("server"), SYNC_CALENDAR_READS_PER_MINUTE="1000000")
    yield running
    running.stop()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture(scope="session")
def semester(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, to be copied: a profile `unconfirmed`, and a profile `confirmed`."""
    folder = tmp_path_factory.mktemp("semester")
    with App.open(folder / "unconfirmed") as app:
        for draft in drafts():
            proposal = imports.propose(app.store, draft, f"{draft.kind}.pdf", date(2026, 3, 1))
            imports.accept(app.store, proposal)
    shutil.copytree(folder / "unconfirmed", folder / "confirmed")
    with App.open(folder / "confirmed") as app:
        timetable.apply_act(app.store, confirm_year(2026))
    return folder


@pytest.fixture
def stored(semester: Path, profile: Path) -> Path:
    """A profile with the made-up semester accepted and its dates confirmed."""
    return shutil.copytree(semester / "confirmed", profile)


@pytest.fixture
def unconfirmed(semester: Path, profile: Path) -> Path:
    """A profile with the made-up semester accepted; its dates are still only proposed."""
    return shutil.copytree(semester / "unconfirmed", profile)


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot) -> Iterator[Opener]:
    """Opens a window over a profile and waits until its contents are shown."""
    opened: list[MainWindow] = []
    set_language(qapp, "en")
    if not QFontDatabase.hasFamily("Inter"):
        appearance().start(qapp)
    appearance().apply(qapp, theme="light", scale=100, animations=False)

    def opener(
        folder: Path, *, page: str = "today", size: tuple[int, int] = (1280, 800), settings: Settings | None = None
    ) -> MainWindow:
        folder.mkdir(parents=True, exist_ok=True)
        window = make_window(folder, settings or Settings())
        opened.append(window)
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        with qtbot.waitSignal(window.session.opened, timeout=20_000):
            window.open_profile(page)
        return window

    yield opener
    for window in opened:
        window.quit_without_asking()
