"""From dropped PDFs to a calendar file, as a person does it: drop, review, correct, accept, check, save."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.document_types.rows import ExamRow, LectureRow
from desktop.domain.timetable.meetings import Meeting
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.export import ExportPage
from desktop.ui.pages.importing import FileCard, ImportPage
from desktop.ui.pages.review.page import ReviewPage
from desktop.ui.pages.review.row_texts import CAMPUS, DAY, STATE
from desktop.ui.pages.review.tree_model import OLD
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.session.import_queue import ReadStage
from desktop.ui.session.jobs import CancelFlag
from tests.gui.conftest import Opener
from tests.gui.semester import EXAMS, LECTURES, lecture, write_pdfs


def drop(window: MainWindow, paths: list[Path]) -> None:
    """Drags files into the middle of the window and lets go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = window.rect().center()
    enter = QDragEnterEvent(
        place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    assert any(label.isVisible() and "Drop to read" in label.text() for label in window.findChildren(QLabel))
    event = QDropEvent(
        QPointF(place), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, event)
    assert event.isAccepted()


def button(parent: object, text: str) -> QPushButton:
    """The visible button that says so."""
    assert isinstance(parent, MainWindow | ImportPage | ReviewPage | ExportPage | FileCard)
    return next(each for each in parent.findChildren(QPushButton) if each.isVisible() and text in each.text())


def words_on(window: MainWindow) -> str:
    """Everything that can be read in the window now."""
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_three_documents_become_a_timetable_and_a_calendar_file(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    qtbot.waitUntil(lambda: "Choose All" in words_on(window), timeout=5_000)

    drop(window, write_pdfs(tmp_path))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    assert len(window.session.import_queue.proposals) == 3
    assert window.session.state.is_empty, "nothing counts before it is accepted"
    assert not list(tmp_path.glob("*.ics"))
    accept = button(review, "Accept")
    assert accept.text() == "Accept 8 meetings, 2 tests and 2 exams"
    qtbot.waitUntil(review._terms.isVisible, timeout=10_000)
    assert "9 February 2026" in [field[0].text() for field in review._terms._fields.values()]
    qtbot.waitUntil(lambda: review._picture.view.has_picture, timeout=30_000)
    assert review._picture.view._sheet.bands, "the row chosen is framed in the picture"

    qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_page == "first-run" and not window.session.state.is_empty, timeout=20_000)
    assert window.notice_bar.text == "Accepted 8 meetings, 2 tests and 2 exams"
    window.open_page(routes.WeekRoute())
    week = window.page("week")
    assert isinstance(week, WeekPage)
    assert week.title() == "Week 7 · 23 – 29 March 2026 · Semester 1"
    assert week.grid.week is not None
    labels = [
        block.occurrence.item.label for block in week.grid.week.blocks() if hasattr(block.occurrence.item, "label")
    ]
    assert labels.count("ABC 101 · L1") == 1
    assert "ABC 101 · Test1" in labels
    assert window.session.state.view is not None
    assert window.session.state.view.calendar.confirmed

    window.open_page(routes.ExportRoute())
    export = window.page("export")
    assert isinstance(export, ExportPage)
    qtbot.waitUntil(lambda: export._shown is not None, timeout=20_000)
    assert export.list.topLevelItemCount() >= 12
    target = tmp_path / "mine.ics"
    assert export._shown is not None
    promised = export._shown.body
    export.save_to(target)
    qtbot.waitUntil(lambda: window.notice_bar.text == "Saved mine.ics", timeout=20_000)
    assert target.read_bytes() == promised, "exactly what was shown is written"


def test_what_was_accepted_is_there_again_and_can_be_undone(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    drop(window, write_pdfs(tmp_path, LECTURES))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    qtbot.waitUntil(lambda: bool(window.session.import_queue.proposals), timeout=10_000)
    qtbot.mouseClick(button(review, "Accept 8 meetings"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_page == "first-run", timeout=20_000)
    window.close()

    again = open_window(profile, page="week")
    assert not again.session.state.is_empty
    qtbot.keyClick(again, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: again.session.state.is_empty, timeout=20_000)
    assert again.notice_bar.text.startswith("Undone: Accepted the lectures of 2026")
    qtbot.mouseClick(button(again, "Redo"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not again.session.state.is_empty, timeout=20_000)


def test_a_row_is_corrected_in_place_before_it_counts(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    drop(window, write_pdfs(tmp_path, LECTURES))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    rows = review.rows
    module = next(index for index in rows.headings() if "ABC 101" in str(index.data()))
    where = rows.index(0, 4, module)
    assert where.data() == "Hall 1"
    review.tree.setCurrentIndex(where)
    review.tree.edit(where)
    editor = review.tree.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "Hall 9")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows.index(0, 4, rows.headings()[0]).data() == "Hall 9", timeout=10_000)

    rows.setData(rows.index(0, 3, rows.headings()[0]), "half nine")
    qtbot.waitUntil(lambda: "does not fit there" in window.notice_bar.text, timeout=10_000)

    rows.setData(rows.index(1, 0, rows.headings()[0]), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    qtbot.waitUntil(lambda: button(review, "Accept").text() == "Accept 7 meetings", timeout=10_000)
    qtbot.mouseClick(button(review, "Accept"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_page == "first-run", timeout=20_000)
    view = window.session.state.view
    assert view is not None
    assert len(view.timetable.meetings) == 7
    first = next(each for each in view.timetable.meetings if each.activity == "L1" and each.module == "ABC 101")
    assert first.venues == ("Hall 9",)


def test_what_cannot_be_read_stays_listed_with_the_reason(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"Dear student, this is no PDF at all.")
    window = open_window(profile)
    drop(window, [letter])
    page = window.page("import")
    assert isinstance(page, ImportPage)
    qtbot.waitUntil(
        lambda: window.current_page == "import" and bool(window.session.import_queue.entries), timeout=10_000
    )
    entry = window.session.import_queue.entries[0]
    qtbot.waitUntil(lambda: entry.stage is ReadStage.REFUSED, timeout=60_000)
    card = page.findChild(FileCard)
    assert card is not None
    qtbot.waitUntil(card.isVisible, timeout=5_000)
    shown = " ".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())
    assert entry.error is not None
    assert entry.error.title in shown
    assert entry.error.hint in shown
    qtbot.mouseClick(button(card, "Copy details"), Qt.MouseButton.LeftButton)
    assert entry.error.title in QApplication.clipboard().text()

    write_pdfs(tmp_path, LECTURES)[0].replace(letter)  # it is replaced by a good one, and tried again
    qtbot.mouseClick(button(card, "Retry"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: entry.stage is ReadStage.READ, timeout=60_000)


@pytest.mark.parametrize("everything", [True, False], ids=["all", "one"])
def test_reading_can_be_cancelled(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot, everything: bool
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    body = write_pdfs(tmp_path, LECTURES)[0].read_bytes()
    for number in range(6):
        (folder / f"export {number}.pdf").write_bytes(body + b"\n%" + str(number).encode())
    window = open_window(profile)
    drop(window, [folder])
    import_queue = window.session.import_queue
    qtbot.waitUntil(lambda: len(import_queue.entries) == 6, timeout=10_000)
    if everything:
        import_queue.cancel_all()
        qtbot.waitUntil(lambda: not import_queue.is_reading and not window.session.jobs.is_busy, timeout=60_000)
        assert sum(entry.stage is ReadStage.CANCELLED for entry in import_queue.entries) >= 4
    else:
        import_queue.cancel(import_queue.entries[-1])
        qtbot.waitUntil(lambda: not import_queue.is_reading and not window.session.jobs.is_busy, timeout=60_000)
        assert import_queue.entries[-1].stage is ReadStage.CANCELLED
        assert all(not entry.is_open for entry in import_queue.entries)


def test_the_same_documents_again_are_recognised(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    drop(window, write_pdfs(tmp_path, LECTURES))
    import_queue = window.session.import_queue
    qtbot.waitUntil(lambda: bool(import_queue.entries) and import_queue.entries[0].is_duplicate, timeout=60_000)
    assert window.current_page == "import", "there is nothing to review"


def test_discard_takes_a_document_off_and_can_be_undone(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    drop(window, write_pdfs(tmp_path, LECTURES))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    qtbot.mouseClick(button(window.page("review"), "Discard"), Qt.MouseButton.LeftButton)
    assert not window.session.import_queue.proposals
    assert window.current_page == "import"
    qtbot.mouseClick(button(window, "Undo"), Qt.MouseButton.LeftButton)
    assert len(window.session.import_queue.proposals) == 1
    assert window.current_page == "review"
    assert window.session.state.is_empty


def test_a_meeting_shows_where_it_stands_in_its_document(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    drop(window, write_pdfs(tmp_path, LECTURES))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    qtbot.mouseClick(button(window.page("review"), "Accept"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_page == "first-run", timeout=20_000)
    for path in tmp_path.glob("*.pdf"):
        path.unlink()  # the profile keeps its own copy
    window.open_page(routes.WeekRoute())
    week = window.page("week")
    assert isinstance(week, WeekPage)
    assert week.grid.week is not None
    block = next(block for block in week.grid.week.blocks() if isinstance(block.occurrence.item, Meeting))
    week.grid.select(block.key)
    qtbot.mouseClick(button(window, "Show in the PDF"), Qt.MouseButton.LeftButton)
    assert window.current_page == "document"
    picture = window.page("document")._picture  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: picture.view.has_picture and bool(picture.view._sheet.bands), timeout=30_000)


def test_a_changed_document_says_what_changed_and_removes_nothing_unasked(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = [row for row in LECTURES if isinstance(row, LectureRow)]
    rows[0] = replace(rows[0], venue="Hall 9")
    rows[4] = replace(rows[4], weekday=3)
    tutorial = rows.pop(6)
    rows.append(lecture("JKL 404", "L1", 4, "07:30", "08:20", "Aula"))
    window = open_window(stored)
    drop(window, write_pdfs(tmp_path, rows))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    said = {}
    for heading in review.rows.headings():
        for number in range(review.rows.rowCount(heading)):
            activity, state = (review.rows.index(number, column, heading) for column in (0, STATE))
            said[str(heading.data()).split("  ")[0], str(activity.data())] = (state.data(), activity)
    assert said["ABC 101", "L1"][0] == "room"
    assert said["DEF 202", "L1"][0] == "time"
    assert said["JKL 404", "L1"][0] == "new"
    assert said["DEF 202", "T1"][0] == "not in this file"
    where = said["ABC 101", "L1"][1].siblingAtColumn(4)
    assert (where.data(OLD), where.data()) == ("Hall 1", "Hall 9")

    qtbot.mouseClick(button(review, "Accept 8 meetings"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.current_page == "week", timeout=20_000)
    view = window.session.state.view
    assert view is not None
    kept = {(meeting.module, meeting.activity): meeting for meeting in view.timetable.meetings}
    assert (tutorial.module, tutorial.activity) in kept, "what a document does not say is not gone by itself"
    assert kept["ABC 101", "L1"].venues == ("Hall 9",)
    assert kept["DEF 202", "L1"].slot.weekday == 3
    qtbot.mouseClick(button(window, "Undo"), Qt.MouseButton.LeftButton)

    def first_room() -> tuple[str, ...]:
        now = window.session.state.view
        assert now is not None
        return next(each.venues for each in now.timetable.meetings if each.label == "ABC 101 · L1")

    qtbot.waitUntil(lambda: first_room() == ("Hall 1",), timeout=20_000)


def test_the_page_is_drawn_once_while_the_pointer_goes_over_its_rows(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(profile)
    drawn: list[int] = []
    words: list[str] = []
    draw_page = window.session.render_page

    def counted(source: Path, page: int, flag: CancelFlag) -> tuple[QImage, float]:
        drawn.append(page)
        return draw_page(source, page, flag)

    monkeypatch.setattr(window.session, "render_page", counted)
    drop(window, write_pdfs(tmp_path, LECTURES))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    view = review._picture.view
    monkeypatch.setattr(view, "show_words", words.append)
    for line in range(3):
        review.tree.setCurrentIndex(review.rows.index(line, 0, review.rows.headings()[0]))
        qtbot.wait(20)
    qtbot.waitUntil(lambda: view.has_picture, timeout=30_000)
    assert drawn == [1]
    assert "Cancelled" not in " ".join(words)
    assert view._sheet.bands, "the row chosen last is framed"


def test_a_file_dropped_again_is_read_again(open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot) -> None:
    """A download that was cut short, then whole under the same name."""
    window = open_window(profile)
    (path,) = write_pdfs(tmp_path, LECTURES)
    whole = path.read_bytes()
    path.write_bytes(whole[:900])
    drop(window, [path])
    import_queue = window.session.import_queue
    qtbot.waitUntil(lambda: [each.stage for each in import_queue.entries] == [ReadStage.REFUSED], timeout=60_000)
    path.write_bytes(whole)
    drop(window, [path])
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    assert [each.stage for each in import_queue.entries] == [ReadStage.READ]
    assert len(import_queue.proposals) == 1


def test_an_exam_that_is_final_on_another_day_says_so(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    first, second = EXAMS
    assert isinstance(second, ExamRow)
    final = replace(second, status="FINAL", date=date(2026, 6, 15), exam_campus="HATFIELD", venue="Hall 7")
    drop(window, write_pdfs(tmp_path, (first, final)))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    (heading, *_) = review.rows.headings()
    day, state = (review.rows.index(0, column, heading) for column in (DAY, STATE))
    assert day.data(OLD) == "Fri 12 Jun"
    assert state.data() == "time · final"
    qtbot.waitUntil(lambda: review.tree.viewport().rect().contains(review.tree.visualRect(state)), timeout=5_000)
    tree = review.tree
    wide = tree.fontMetrics().horizontalAdvance(f"{day.data(OLD)} {day.data()}")
    assert tree.visualRect(day).width() > wide, "what it was stands before what it is"
    assert tree.isColumnHidden(CAMPUS), "HATF and HATFIELD are one campus"


def test_a_document_that_changes_nothing_does_not_count_beside_one_that_does(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """An older export is taken up again while the newest still lies on the list, dropped once more by mistake."""
    moved = tuple(replace(row, weekday=3) if row.module == "GHI 303" else row for row in LECTURES)
    window = open_window(profile)

    def accept(words: str) -> None:
        window.open_page(routes.ReviewRoute())
        qtbot.waitUntil(lambda: not window.session.jobs.is_busy, timeout=60_000)
        qtbot.mouseClick(button(window.page("review"), words), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: window.current_page in ("first-run", "week"), timeout=20_000)
        qtbot.waitUntil(lambda: not window.session.jobs.is_busy, timeout=20_000)

    (older,) = write_pdfs(tmp_path, LECTURES)
    (newer,) = [path.rename(tmp_path / "newer.pdf") for path in write_pdfs(tmp_path, moved)]
    write_pdfs(tmp_path, LECTURES)
    for path in (older, newer):
        drop(window, [path])
        qtbot.waitUntil(lambda: bool(window.session.import_queue.proposals), timeout=60_000)
        accept("Accept 8 meetings")
    drop(window, [newer])
    qtbot.waitUntil(
        lambda: [each.is_duplicate for each in window.session.import_queue.entries] == [True], timeout=60_000
    )
    drop(window, [older])
    qtbot.waitUntil(lambda: len(window.session.import_queue.proposals) == 2, timeout=60_000)
    accept("Accept 8 meetings")
    assert window.session.state.view is not None
    (hall,) = [each for each in window.session.state.view.timetable.meetings if each.module == "GHI 303"]
    assert hall.slot.weekday == 1, "the older one, which was accepted last"


def test_what_was_accepted_at_once_is_undone_and_done_again_at_once(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    drop(window, write_pdfs(tmp_path))
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=60_000)
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    qtbot.waitUntil(review._terms.isVisible, timeout=10_000)
    qtbot.mouseClick(button(review, "Accept"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.session.state.is_empty, timeout=20_000)
    view = window.session.state.view
    assert view is not None
    accepted, words = list(view.timetable.items()), "Accepted 8 meetings, 2 tests and 2 exams"

    def says_now(text: str) -> bool:
        return window.notice_bar.text == text

    for said_then in (f"Undone: {words}", words, f"Undone: {words}", words):
        word = "Undo" if said_then.startswith("Undone") else "Redo"
        qtbot.mouseClick(button(window, word), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(partial(says_now, said_then), timeout=20_000)
        view = window.session.state.view
        assert view is not None
        assert list(view.timetable.items()) == ([] if said_then.startswith("Undone") else accepted)
        assert view.calendar.confirmed is not said_then.startswith("Undone")
