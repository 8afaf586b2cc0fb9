"""Entering an unreadable line by hand in the review, by keyboard and by mouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop import document_types
from desktop.document_types.rows import LectureRow
from desktop.domain.drafts.draft import DocumentType, Row
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.review.field_texts import to_display_text, to_entry_text
from desktop.ui.pages.review.page import ReviewPage
from desktop.ui.pages.review.row_texts import DAY, STATE, TIME, WHERE
from desktop.ui.pages.review.tree_model import OLD
from desktop.ui.texts.language import set_language
from desktop.ui.theme.style import appearance
from tests.gui.conftest import Opener
from tests.gui.semester import EXAMS, LECTURES, TESTS, many_lectures, write_pdfs
from tests.gui.user_actions import control, press, shows_text, wait_until, wait_until_idle


def spoilt(rows: tuple[Row, ...], number: int, **wrong: Any) -> list[Row]:
    """The rows with one that cannot be understood."""
    return [replace(row, **wrong) if k == number else row for k, row in enumerate(rows)]


def review_of(window: MainWindow, paths: list[Path], qtbot: QtBot) -> ReviewPage:
    window.open_page(routes.ImportRoute(tuple(paths)))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    wait_until_idle(qtbot, window)
    page = window.page("review")
    assert isinstance(page, ReviewPage)
    return page


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def type_into(qtbot: QtBot, text: str) -> None:
    field = focused()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, text)


def accept_text(page: ReviewPage) -> str:
    return page._accept.text()


@pytest.mark.parametrize(
    ("kind", "rows", "field", "typed", "accepted"),
    [
        (document_types.LECTURES, spoilt(LECTURES, 1, start=time(8, 32)), "Time", "8h30-9h20", "Accept 8 meetings"),
        (document_types.TESTS, spoilt(TESTS, 1, start=time(8, 2)), "Time", "8:00 - 10:00", "Accept 2 tests"),
        (document_types.EXAMS, spoilt(EXAMS, 0, start=time(7, 31)), "Start", "7h30", "Accept 2 exams"),
    ],
)
def test_a_line_is_entered_by_keyboard_alone(
    open_window: Opener,
    profile: Path,
    tmp_path: Path,
    qtbot: QtBot,
    kind: DocumentType,
    rows: list[Row],
    field: str,
    typed: str,
    accepted: str,
) -> None:
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, rows), qtbot)
    before = page.proposals[0].draft
    assert page.rows.node(page.tree.currentIndex()).problem is not None, "problems come first"
    page.tree.setFocus()
    qtbot.keyClick(page.tree, Qt.Key.Key_Return)
    assert focused().accessibleName() == field, "the keyboard goes to what could not be understood"
    sentence = "Write it like 08:30" if field == "Start" else "Write a start and a later end"
    wait_until(qtbot, lambda: shows_text(page, sentence))
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    assert page.actions_panel.is_editing, "what cannot be meant is not added"
    assert not page._accept.isEnabled(), "what is being written is not accepted over"
    type_into(qtbot, typed)
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    wait_until(qtbot, lambda: accept_text(page) == accepted)
    assert len([row for row in page.proposals[0].draft.rows if row.by_hand]) == 1
    assert page.tree.currentIndex().siblingAtColumn(STATE).data() == "by hand"
    assert page._picture.view._sheet.bands, "the line is framed"

    qtbot.keyClick(page.tree, Qt.Key.Key_Delete)
    wait_until(qtbot, lambda: page.proposals[0].draft == before)
    assert page.rows.node(page.tree.currentIndex()).problem is not None

    qtbot.keyClick(page.tree, Qt.Key.Key_Delete)
    wait_until(qtbot, lambda: page.proposals[0].draft.problems[0].seen)
    assert not any("problem" in str(index.data()) for index in page.rows.headings())
    assert page.proposals[0].draft.kind is kind


def test_what_was_entered_is_accepted_and_not_asked_about_again(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    paths = write_pdfs(tmp_path, spoilt(LECTURES, 1, start=time(8, 32)))
    window = open_window(profile)
    page = review_of(window, paths, qtbot)
    press(qtbot, page, "Enter by hand")
    assert [name for name, each in page.actions_panel.editor.fields.items() if each.text()][:5] == [
        "module", "offered", "group", "activity", "day"
    ]  # fmt: skip
    type_into(qtbot, "08:30 - 09:20")
    press(qtbot, page, "Add")
    wait_until(qtbot, lambda: accept_text(page) == "Accept 8 meetings")
    press(qtbot, window, "Undo")
    wait_until(qtbot, lambda: accept_text(page) == "Accept 7 meetings")
    press(qtbot, page, "Enter by hand")
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)
    assert not page.actions_panel.is_editing
    press(qtbot, page, "Enter by hand")
    type_into(qtbot, "08:30 - 09:20")
    press(qtbot, page, "Add")
    wait_until(qtbot, lambda: accept_text(page) == "Accept 8 meetings")
    press(qtbot, page, "Accept 8 meetings")
    wait_until(qtbot, lambda: window.current_page == "first-run")
    view = window.session.state.view
    assert view is not None
    assert [meeting.label for meeting in view.timetable.meetings if meeting.by_hand] == ["ABC 101 · L2"]

    window.open_page(routes.ImportRoute(tuple(paths)))
    wait_until(
        qtbot, lambda: bool(window.session.import_queue.entries) and window.session.import_queue.entries[0].is_duplicate
    )
    assert window.current_page == "import", "there is nothing to ask"


def test_a_row_is_corrected_in_the_same_editor(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, LECTURES), qtbot)
    press(qtbot, page, "Edit row")
    page.actions_panel.editor.fields["module"].setFocus()
    type_into(qtbot, "abc 999")
    qtbot.keyClick(focused(), Qt.Key.Key_Return)
    wait_until(qtbot, lambda: any("ABC 999" in str(index.data()) for index in page.rows.headings()))


def test_a_click_on_the_page_chooses_the_row(open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, LECTURES), qtbot)
    qtbot.waitUntil(lambda: page._picture.view.has_picture, timeout=30_000)
    sheet = page._picture.view._sheet
    place = page.proposals[0].draft.rows[5].place
    height = round((place.top + place.bottom) / 2 * sheet.height() / sheet.height_points)
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(40, height))
    assert place in page.rows.places(page.tree.currentIndex())


def test_an_edit_among_many_rows_draws_its_own_alone(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, many_lectures(4)), qtbot)
    rebuilt: list[bool] = []
    drawn: list[Any] = []
    page.rows.modelReset.connect(lambda: rebuilt.append(True))
    page.rows.dataChanged.connect(lambda first, _last: drawn.append(first.internalId()))
    index = page.rows.first_row()
    page.rows.setData(index.siblingAtColumn(4), "Hall 77")
    wait_until(qtbot, lambda: index.siblingAtColumn(4).data() == "Hall 77")
    wait_until_idle(qtbot, window)
    assert not rebuilt
    assert set(drawn) == {index.internalId()}
    assert control(page, "Edit row").isVisible()


def test_the_row_under_the_pointer_is_framed(open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, LECTURES), qtbot)
    qtbot.waitUntil(lambda: page._picture.view.has_picture, timeout=30_000)
    sheet = page._picture.view._sheet
    chosen = sheet.bands
    other = page.rows.index(1, 0, page.rows.headings()[1])
    qtbot.mouseMove(page.tree.viewport(), page.tree.visualRect(page.rows.first_row()).center())
    qtbot.mouseMove(page.tree.viewport(), page.tree.visualRect(other).center())
    place = page.rows.places(other)[0]
    wait_until(qtbot, lambda: sheet.bands == ((place.top, place.bottom),))
    assert sheet.bands != chosen


@pytest.mark.parametrize(
    ("language", "name", "typed", "meant"),
    [
        ("en", "time", "8h30-9h20", "08:30 - 09:20"),
        ("af", "time", "8:30 tot 9:20", "08:30 - 09:20"),
        ("en", "day", "mon", "Monday"),
        ("af", "day", "dinsdag", "Tuesday"),
        ("en", "date", "23 March 2026", "2026-03-23"),
        ("en", "date", "Mon, 23 Mar 2026", "2026-03-23"),
        ("af", "date", "23 Maart 2026", "2026-03-23"),
        ("af", "date", "23 Mei 2026", "2026-05-23"),
        ("en", "date", "23/3/2026", "2026-03-23"),
        ("en", "date", "30 February 2026", "30 February 2026"),
        ("en", "start", "half nine", "half nine"),
    ],
)
def test_what_is_typed_is_understood_as_it_is_written_here(
    qapp: QApplication, language: str, name: str, typed: str, meant: str
) -> None:
    set_language(qapp, language)
    try:
        assert to_entry_text(name, typed) == meant
        assert to_entry_text(name, to_display_text(name, meant)) == meant, "what is shown is understood again"
    finally:
        set_language(qapp, "en")


def test_what_a_row_was_stands_beside_what_it_is(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """A day, a time and a room that changed, side by side in the window as it is first opened."""
    rows = [row for row in LECTURES if isinstance(row, LectureRow)]
    rows[0] = replace(rows[0], venue="Hall 9")
    rows[1] = replace(rows[1], weekday=2)
    rows[4] = replace(rows[4], start=time(11, 30), end=time(12, 20))
    window = open_window(stored)
    page = review_of(window, write_pdfs(tmp_path, rows), qtbot)
    seen = []
    for heading in page.rows.headings():
        for number in range(page.rows.rowCount(heading)):
            for column in (DAY, TIME, WHERE):
                cell = page.rows.index(number, column, heading)
                if cell.data(OLD):
                    seen.append((cell.data(OLD), cell.data()))
                    both = page.tree.fontMetrics().horizontalAdvance(f"{cell.data(OLD)}{cell.data()}")
                    assert page.tree.visualRect(cell).width() > both + appearance().px(24), seen[-1]
    assert seen == [
        ("Hall 1", "Hall 9"),
        ("Tuesday", "Wednesday"),
        ("10:30 – 11:20", "11:30 – 12:20"),
    ]
