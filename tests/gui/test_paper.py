"""The timetable on paper: a week as a PDF and a picture, and a whole term."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.ui.pages.paper import TERM, PaperPage
from tests.gui.conftest import Opener
from tests.gui.hands import settle


def test_a_week_and_a_term_are_saved(open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page("paper")
    page = window.page("paper")
    assert isinstance(page, PaperPage)
    settle(qtbot, window)
    page.save(tmp_path / "week.pdf")
    page.save(tmp_path / "week.png")
    settle(qtbot, window)
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")
    image = QImage(str(tmp_path / "week.png"))
    assert image.width() > image.height() > 500
    page._what.setCurrentIndex(page._what.findData(TERM))
    assert len(page.sheets()) > 10
    page.save(tmp_path / "term.pdf")
    settle(qtbot, window)
    assert (tmp_path / "term.pdf").stat().st_size > (tmp_path / "week.pdf").stat().st_size
