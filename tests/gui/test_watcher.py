"""The watched folder: a new export waits on the import page; what was there before does not."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.ui.watcher import FolderWatcher
from desktop.workflows import watching
from tests.drawing import semester
from tests.gui.conftest import Opener


def test_a_new_export_is_offered(profile: Path, tmp_path: Path, open_window: Opener, qtbot: QtBot) -> None:
    folder = tmp_path / "Downloads"
    folder.mkdir()
    (folder / "old.pdf").write_bytes(b"%PDF-1.4 there before")
    window = open_window(profile)
    session = window.session
    watching.begin(session.app.store, folder, datetime.now().astimezone())
    session.remember(watched_folder=str(folder))
    new = semester.write_documents(folder)[0]
    earlier = time.time() - 60  # written a while ago: no download under way
    os.utime(new, (earlier, earlier))
    watcher = FolderWatcher(session)
    with qtbot.waitSignal(session.inbox.added, timeout=20_000) as added:
        watcher.look()
    assert added.args[0].path == new


def test_a_folder_that_went_away_is_said_once(profile: Path, tmp_path: Path, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(profile)
    window.session.remember(watched_folder=str(tmp_path / "gone"))
    watcher = FolderWatcher(window.session)
    watcher.look()
    qtbot.waitUntil(lambda: "gone" in window.notice_bar.text, timeout=10_000)
    window.notice_bar.hide()
    watcher.look()
    qtbot.wait(300)
    assert not window.notice_bar.isVisible()
