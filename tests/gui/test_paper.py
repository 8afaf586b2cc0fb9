"""The timetable on paper: a week as a PDF and a picture, and a whole term."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui import routes
from desktop.ui.pages.printing import sheet as paper
from desktop.ui.pages.printing.page import TERM, PrintPage
from desktop.ui.theme.style import appearance
from tests.gui.conftest import Opener
from tests.gui.user_actions import wait_until_idle


def test_a_week_and_a_term_are_saved(open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.PrintRoute())
    page = window.page("paper")
    assert isinstance(page, PrintPage)
    wait_until_idle(qtbot, window)
    page.save(tmp_path / "week.pdf")
    page.save(tmp_path / "week.png")
    wait_until_idle(qtbot, window)
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")
    image = QImage(str(tmp_path / "week.png"))
    assert image.width() > image.height() > 500
    page._what.setCurrentIndex(page._what.findData(TERM))
    assert len(page.sheets()) > 10
    page.save(tmp_path / "term.pdf")
    wait_until_idle(qtbot, window)
    assert (tmp_path / "term.pdf").stat().st_size > (tmp_path / "week.pdf").stat().st_size


def test_the_words_of_a_pdf_can_be_searched_for(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    import pypdfium2

    window = open_window(stored)
    window.open_page(routes.PrintRoute())
    page = window.page("paper")
    assert isinstance(page, PrintPage)
    page.save(tmp_path / "week.pdf")
    wait_until_idle(qtbot, window)
    document = pypdfium2.PdfDocument(tmp_path / "week.pdf")
    text = " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    for words in ("Week 7 · 23 – 29 March 2026 · Semester 1", "ABC 101 · L1", "Hall 2", "Fri 27", "14:00"):
        assert words in text


def test_paper_has_one_size_whatever_the_size_of_text_in_the_window(
    open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window = open_window(stored)
    window.open_page(routes.PrintRoute())
    pictures = []
    for scale in (100, 200):
        appearance().apply(qapp, theme="light", scale=scale, animations=False)
        wait_until_idle(qtbot, window)
        page = window.page("paper")
        assert isinstance(page, PrintPage)
        (sheet,) = page.sheets()
        pictures.append(paper.sheet_image(sheet, window.session.state.colour_of, monochrome=False))
    assert pictures[0] == pictures[1]


def test_the_pictures_of_a_term_are_named(open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.PrintRoute())
    page = window.page("paper")
    assert isinstance(page, PrintPage)
    page._what.setCurrentIndex(page._what.findData(TERM))
    page.save(tmp_path / "term.png")
    wait_until_idle(qtbot, window)
    names = sorted(path.name for path in tmp_path.glob("term*.png"))
    assert window.notice_bar.text == f"Saved {names[0]} to {names[-1]}"
