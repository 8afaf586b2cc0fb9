"""Importing a file with several documents, and a copied table, as a person does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.importing import ImportPage
from desktop.ui.pages.review.page import ReviewPage
from tests.drawing import changes
from tests.drawing.timetables import draw
from tests.gui.conftest import Opener
from tests.gui.semester import EXAMS, LECTURES, TESTS
from tests.unit.desktop.pdf.test_text_tables import header, records, separated, web_page


def words_on(window: MainWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_a_file_of_three_documents_gives_three_to_review(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "everything.pdf"
    path.write_bytes(
        changes.drawn_on(changes.merged(draw(LECTURES), draw(TESTS), draw(EXAMS)), changes.watermark("Copy"))
    )
    window = open_window(profile, page="import")
    window.read_files([path])
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    kinds = [each.draft.kind.name for each in review.proposals]
    assert kinds == ["lectures", "tests", "exams"]
    assert "This file holds several documents: Lectures, Semester Tests and Exams." in words_on(window)
    assert "Left aside, as it is no part of the table: “Copy”." in words_on(window)
    assert review._accept.text() == "Accept 8 meetings, 2 tests and 2 exams"
    QTest.mouseClick(review._accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_page == "first-run" and not window.session.state.is_empty, timeout=20_000)


@pytest.mark.parametrize("form", ["html", "text"])
def test_a_copied_table_is_pasted_and_reviewed_like_a_pdf(
    form: str, open_window: Opener, profile: Path, qtbot: QtBot
) -> None:
    table = [header("lectures"), *records(LECTURES)]
    copied = QMimeData()
    if form == "html":
        copied.setHtml(web_page(table).decode())
    copied.setText(separated(table, "\t").decode())
    QApplication.clipboard().setMimeData(copied)
    window = open_window(profile, page="import")
    page = window.page("import")
    assert isinstance(page, ImportPage)
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    assert [row.entry() for row in review.proposals[0].draft.rows] == [row.entry() for row in LECTURES]
    assert review.proposals[0].name == "Pasted table"
    qtbot.waitUntil(
        lambda: "This table has no pages. It says there:" in review._picture.view._sheet.words, timeout=10_000
    )
    QTest.mouseClick(review._accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_page == "first-run" and not window.session.state.is_empty, timeout=20_000)
    assert not list((profile / "documents").glob("*")), "there is no page to keep"


def test_pasting_something_else_says_what_to_copy(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    QApplication.clipboard().clear()
    window = open_window(profile, page="import")
    page = window.page("import")
    assert isinstance(page, ImportPage)
    page.paste()
    qtbot.waitUntil(lambda: "No table was copied." in window.notice_bar.text, timeout=5_000)
