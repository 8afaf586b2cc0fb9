"""Every control on every page can be reached in the smallest window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.document_types.rows import LectureRow
from desktop.ui import routes
from desktop.ui.app.main_window import MINIMUM_SIZE, MainWindow
from desktop.ui.pages.review.page import ReviewPage
from desktop.ui.routes import PAGES
from desktop.ui.texts.language import set_language
from tests.gui.conftest import Opener
from tests.gui.semester import EXAMS, LECTURES, TESTS, write_pdfs
from tests.gui.user_actions import controls, press, wait_until, wait_until_idle

USED = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractScrollArea)


def out_of_reach(window: MainWindow) -> Iterator[str]:
    """The controls that are shown but neither lie in the window nor can be scrolled to."""
    for each in window.findChildren(QWidget):
        if isinstance(each, USED) and each.isVisible() and each.isEnabled() and not in_reach(each, window):
            name = each.accessibleName() or getattr(each, "text", str)()
            yield f"{type(each).__name__} {name!r} at {placed(each, window)}"


def placed(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def in_reach(widget: QWidget, window: MainWindow) -> bool:
    """In the window, or within something that scrolls to it and is itself in the window."""
    inner = widget
    while inner is not window:
        outer = inner.parentWidget()
        if outer is None:
            return True  # a window of its own
        scrolls = outer.parentWidget()
        if isinstance(outer, QAbstractScrollArea):
            inner = outer
        elif isinstance(scrolls, QAbstractScrollArea) and scrolls.viewport() is outer:
            inner = scrolls
        elif outer.rect().adjusted(-1, -1, 1, 1).contains(inner.geometry()):
            inner = outer
        else:
            return False
    return True


def too_low(window: MainWindow) -> list[str]:
    """The scroll areas that are too low to show more than a line of their contents."""
    areas = [each for each in window.findChildren(QAbstractScrollArea) if each.isVisible()]
    areas = [each for each in areas if not isinstance(each, QHeaderView)]
    return [f"{type(each).__name__} {each.accessibleName()!r} {each.size()}" for each in areas if each.height() < 40]


def look_at(window: MainWindow) -> list[str]:
    return [*out_of_reach(window), *too_low(window)]


@pytest.mark.parametrize("language", ["en", "af"])
def test_everything_on_every_page_is_in_reach(
    open_window: Opener, stored: Path, language: str, qapp: QApplication, qtbot: QtBot
) -> None:
    set_language(qapp, language)
    window = open_window(stored, size=MINIMUM_SIZE)
    found: dict[str, list[str]] = {}
    for entry in PAGES:
        window.open_page(entry.route())
        wait_until_idle(qtbot, window)
        qapp.processEvents()
        assert window.size() == QSize(*MINIMUM_SIZE), entry.name
        found[entry.name] = look_at(window)
        if not entry.in_sidebar:
            continue
        shown = [each for each in window.sidebar.findChildren(QToolButton) if each.isVisible()]
        words = {each.accessibleName() for each in shown}
        assert {every.title() for every in PAGES if every.in_sidebar} <= words, "Settings too"
    assert {name: those for name, those in found.items() if those} == {}


def test_what_is_selected_and_undo_are_in_reach(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week", size=MINIMUM_SIZE)
    wait_until_idle(qtbot, window)
    for occurrence in window.session.state.occurrences()[:3]:
        window.session.select(occurrence)
        wait_until(qtbot, lambda: look_at(window) == [])
    window.session.select(None)
    window.open_page(routes.ModulesRoute())
    wait_until_idle(qtbot, window)
    press(qtbot, window.page("modules"), "Hide")
    wait_until(qtbot, lambda: "Undo" in controls(window.notice_bar))
    assert look_at(window) == []
    press(qtbot, window.notice_bar, "Undo")
    wait_until_idle(qtbot, window)


def test_a_first_import_with_problems_can_be_mended_and_accepted(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """The dates of the year are asked about, lines could not be read, and their only buttons are below all that."""
    strange = [replace(row, activity="??") for row in LECTURES[:3] if isinstance(row, LectureRow)]
    window = open_window(profile, size=MINIMUM_SIZE)
    window.read_files(write_pdfs(tmp_path, (*LECTURES, *strange), TESTS, EXAMS))
    wait_until(qtbot, lambda: len(window.session.import_queue.proposals) == 3)
    wait_until_idle(qtbot, window)
    window.open_page(routes.ReviewRoute())
    page = window.page("review")
    assert isinstance(page, ReviewPage)
    wait_until_idle(qtbot, window)
    qtbot.wait(50)
    assert window.size() == QSize(*MINIMUM_SIZE)
    assert look_at(window) == []
    assert page.tree.viewport().height() > 3 * page.tree.sizeHintForRow(0), "some rows are seen at a time"
    page.tree.setCurrentIndex(page.rows.index(0, 0, page.rows.index(0, 0)))
    press(qtbot, page, "Enter by hand")
    qtbot.wait(50)
    assert look_at(window) == []
    press(qtbot, page, "Cancel")
    press(qtbot, page, "Leave out")
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Accept 8 meetings, 2 tests and 2 exams")
    wait_until_idle(qtbot, window)
    wait_until(qtbot, lambda: not window.session.state.is_empty)
