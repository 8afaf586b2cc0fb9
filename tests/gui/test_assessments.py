"""Tests and exams: order, days left, filtering by module, hiding and showing; by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.theme.style import appearance
from tests.gui.conftest import Opener
from tests.gui.user_actions import (
    list_texts,
    only_list,
    press,
    press_in_row,
    row_of,
    visible_texts,
    wait_until,
    wait_until_idle,
)


def pane(window: MainWindow) -> DetailPane:
    found = window.findChild(DetailPane)
    assert found is not None
    return found


def hidden(window: MainWindow) -> list[str]:
    view = window.session.state.view
    assert view is not None
    return [each.label for each in view.timetable.assessments if each.hidden]


def test_they_stand_in_order_with_the_days_left(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="assessments")
    page = window.page("assessments")
    wait_until_idle(qtbot, window)
    rows = list_texts(page)
    assert [each.split(",")[0] for each in rows if " · " in each] == [
        "ABC 101 · Test1",
        "DEF 202 · Test1",
        "ABC 101 · Exam Written",
        "DEF 202 · Exam Written",
    ]
    assert [each for each in rows if each.endswith("2026")] == ["March 2026", "April 2026", "June 2026"]
    first, last = (row_of(page, each).data() for each in ("ABC 101 · Test1", "DEF 202 · Exam"))
    assert first == "ABC 101 · Test1, Test, 3 days left, Friday 27 March, 17:30 – 19:00 · Hall 1, Hall 2"
    assert last.endswith("(assumed) · no venue yet, Preliminary")


def test_one_module_alone_and_details_and_hiding(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.AssessmentsRoute("DEF 202"))
    page = window.page("assessments")
    wait_until_idle(qtbot, window)
    assert not any("ABC 101" in each for each in list_texts(page))
    press_in_row(qtbot, page, "DEF 202 · Test1", "Details of DEF 202 · Test1")
    assert pane(window).isVisible()
    window.session.select(None)
    assert not only_list(page).selectedIndexes()
    press_in_row(qtbot, page, "DEF 202 · Test1", "Hide: DEF 202 · Test1")
    wait_until_idle(qtbot, window)
    assert hidden(window) == ["DEF 202 · Test1"]
    assert not pane(window).isVisible()
    press_in_row(qtbot, page, "DEF 202 · Test1", "Show: DEF 202 · Test1")
    wait_until_idle(qtbot, window)
    assert hidden(window) == []
    press(qtbot, page, "Show all modules")
    wait_until_idle(qtbot, window)
    assert any("ABC 101 · Test1" in each for each in list_texts(page))


def test_the_keyboard_walks_the_rows_opens_one_and_hides_one(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.activateWindow()
    window.open_page(routes.AssessmentsRoute())
    wait_until_idle(qtbot, window)
    view = only_list(window.page("assessments"))
    view.setFocus()
    assert str(view.currentIndex().data()).startswith("ABC 101 · Test1"), "a heading is passed by"
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert str(view.currentIndex().data()).startswith("DEF 202 · Test1")
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert pane(window).isVisible()
    assert "DEF 202 · Test1" in visible_texts(pane(window))
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(view.viewport(), asked)
    (menu,) = view.findChildren(QMenu)
    assert [each.text() for each in menu.actions()] == ["Details of DEF 202 · Test1", "Hide: DEF 202 · Test1"]
    menu.actions()[1].trigger()
    menu.close()
    wait_until_idle(qtbot, window)
    assert hidden(window) == ["DEF 202 · Test1"]
    assert str(view.currentIndex().data()).startswith("DEF 202 · Test1"), "the keyboard stays where it was"
    assert window.focusWidget() is view


def test_a_change_elsewhere_moves_nothing(open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot) -> None:
    appearance().apply(qapp, theme="light", scale=200, animations=False)
    window = open_window(stored, page="assessments", size=(960, 640))
    wait_until_idle(qtbot, window)
    view = only_list(window.page("assessments"))
    tester = QAbstractItemModelTester(view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    view.setCurrentIndex(row_of(window.page("assessments"), "DEF 202 · Exam"))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    place = view.verticalScrollBar().value()
    assert place > 0
    resets: list[int] = []
    view.model().modelReset.connect(lambda: resets.append(1))
    changed: list[int] = []
    view.model().dataChanged.connect(lambda first, *_: changed.append(first.row()))
    press_in_row(qtbot, window.page("assessments"), "DEF 202 · Exam", "Hide: DEF 202 · Exam Written")
    wait_until_idle(qtbot, window)
    assert hidden(window) == ["DEF 202 · Exam Written"]
    assert (resets, changed) == ([], [row_of(window.page("assessments"), "DEF 202 · Exam").row()])
    assert str(view.currentIndex().data()).startswith("DEF 202 · Exam")
    wait_until(qtbot, lambda: view.verticalScrollBar().value() == place)
    tester.deleteLater()


def test_an_icon_says_what_it_does(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="assessments")
    wait_until_idle(qtbot, window)
    view = only_list(window.page("assessments"))
    rect = view.visualRect(row_of(window.page("assessments"), "ABC 101 · Test1"))
    where = QPoint(rect.right() - 64, rect.center().y())
    QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, where, view.mapToGlobal(where)))
    assert QToolTip.text() == "Hide: ABC 101 · Test1"
    QToolTip.hideText()
