"""The watched folder: a new export appears on the import page; older files do not."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.ui.app.folder_watcher import FolderWatcher
from desktop.ui.app.main_window import MainWindow
from desktop.workflows import watching
from tests.drawing import semester
from tests.drawing.marks import write
from tests.drawing.timetables import draw, sheets
from tests.gui.conftest import Opener
from tests.gui.semester import TESTS
from tests.gui.user_actions import wait_until, wait_until_idle


def watched(window: MainWindow, folder: Path) -> FolderWatcher:
    """A watcher of a folder, from now on."""
    folder.mkdir(exist_ok=True)
    watching.start_watching(window.session.app.store, folder, datetime.now().astimezone())
    window.session.change_settings(watched_folder=str(folder))
    return FolderWatcher(window.session)


def finish(path: Path, seconds: int = 60) -> None:
    """Makes a file one that was written a while ago: no download under way."""
    earlier = time.time() - seconds
    os.utime(path, (earlier, earlier))


def test_a_new_export_is_offered(profile: Path, tmp_path: Path, open_window: Opener, qtbot: QtBot) -> None:
    folder = tmp_path / "Downloads"
    folder.mkdir()
    (folder / "old.pdf").write_bytes(b"%PDF-1.4 there before")
    window = open_window(profile)
    watcher = watched(window, folder)
    new = semester.write_documents(folder)[0]
    finish(new)
    with qtbot.waitSignal(window.session.import_queue.added, timeout=20_000) as added:
        watcher.check_folder()
    assert added.args[0].path == new
    assert window.notice_bar.text == f"{new.name} in the watched folder waits on the Import page"


def test_what_is_no_timetable_is_not_spoken_of(
    profile: Path, tmp_path: Path, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(profile)
    folder = tmp_path / "Downloads"
    watcher = watched(window, folder)
    (folder / "invoice.pdf").write_bytes(
        write([replace(each, texts=each.texts[2:5], rules=[]) for each in sheets(TESTS)])
    )
    (folder / "half.pdf").write_bytes(draw(TESTS)[:900])
    finish(folder / "invoice.pdf")
    finish(folder / "half.pdf")
    watcher.check_folder()
    wait_until_idle(qtbot, window)
    assert window.session.import_queue.entries == []
    assert window.notice_bar.text == ""

    (folder / "half.pdf").write_bytes(draw(TESTS))  # the download goes on, and ends
    finish(folder / "half.pdf", 30)
    watcher.check_folder()
    wait_until(qtbot, lambda: [each.path.name for each in window.session.import_queue.entries] == ["half.pdf"])


def test_a_folder_that_comes_back_is_watched_again(
    profile: Path, tmp_path: Path, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(profile)
    folder = tmp_path / "Stick"
    watcher = watched(window, folder)
    folder.rename(tmp_path / "away")
    watcher.check_folder()
    wait_until(qtbot, lambda: "Stick" in window.notice_bar.text)
    (tmp_path / "away").rename(folder)
    new = semester.write_documents(folder)[0]
    finish(new)
    watcher.check_folder()
    wait_until_idle(qtbot, window)  # sooner than the window looks by itself
    assert [each.path for each in window.session.import_queue.entries] == [new]


def test_a_folder_that_went_away_is_said_once(profile: Path, tmp_path: Path, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(profile)
    window.session.change_settings(watched_folder=str(tmp_path / "gone"))
    watcher = FolderWatcher(window.session)
    watcher.check_folder()
    qtbot.waitUntil(lambda: "gone" in window.notice_bar.text, timeout=10_000)
    window.notice_bar.hide()
    watcher.check_folder()
    qtbot.wait(300)
    assert not window.notice_bar.isVisible()
