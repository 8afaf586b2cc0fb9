"""No text is cut off on any page: in both languages, at any text size, in the smallest window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.ui import routes
from desktop.ui.app.main_window import MINIMUM_SIZE, MainWindow
from desktop.ui.pages.week.grid import WeekGrid
from desktop.ui.routes import PAGES, PAGES_BY_NAME
from desktop.ui.texts.language import set_language
from desktop.ui.theme.icons import ICON_SIZE as ICON
from desktop.ui.theme.style import appearance
from desktop.ui.widgets.controls import ElidedLabel
from tests.gui.conftest import Opener
from tests.gui.user_actions import wait_until, wait_until_idle

ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly
SMALLEST_FOR_LARGE_TEXT = (960, 640)
SLACK = 1  # pixels: sizes are rounded twice on the way to a layout


def cut(page: QWidget) -> Iterator[str]:
    """The widgets on a page that have less room than they need."""
    for text in page.findChildren(QLabel):
        if not text.isVisibleTo(page) or not text.text() or isinstance(text, ElidedLabel):
            continue
        asked = text.heightForWidth(text.width()) if text.wordWrap() else text.sizeHint().height()
        if text.height() + SLACK < asked:
            yield f"{text.text()!r} is {text.height()} high and asks for {asked}"
        if not text.wordWrap() and text.width() + SLACK < text.sizeHint().width() and not text.toolTip():
            yield f"{text.text()!r} is {text.width()} wide and asks for {text.sizeHint().width()}"
    for button in page.findChildren(QAbstractButton):
        words_hidden = isinstance(button, QToolButton) and button.toolButtonStyle() is ICON_ONLY
        if button.isVisibleTo(page) and not words_hidden and button.width() + SLACK < button.sizeHint().width():
            yield f"the button {button.text()!r} is {button.width()} wide and asks for {button.sizeHint().width()}"
    for area in page.findChildren(QScrollArea):
        inside = area.widget()
        if area.isVisibleTo(page) and inside.width() > area.viewport().width() + SLACK:
            beyond = inside.width() - area.viewport().width()
            yield f"{type(inside).__name__} goes {beyond} beyond its area at {area.mapTo(page, QPoint())}"


def all_cut(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> Iterator[tuple[str, str]]:
    """All cut-off widgets of every page with all its contents shown, with the page's name."""
    for entry in PAGES:
        window.open_page(entry.route())
        wait_until_idle(qtbot, window)
        qapp.processEvents()
        qapp.processEvents()
        for each in (*cut(window.page(entry.name)), *cut(window.sidebar)):
            yield entry.name, each


@pytest.mark.parametrize("language", ["en", "af"])
@pytest.mark.parametrize(
    ("scale", "sizes"),
    [(100, [(1280, 800), (960, 640), MINIMUM_SIZE]), (150, [(1280, 800)]), (200, [(1440, 900)])],
    ids=["100 %", "150 %", "200 %"],
)
def test_no_word_of_a_page_is_cut(
    scale: int,
    sizes: list[tuple[int, int]],
    language: str,
    open_window: Opener,
    stored: Path,
    qapp: QApplication,
    qtbot: QtBot,
) -> None:
    set_language(qapp, language)
    appearance().apply(qapp, theme="light", scale=scale, animations=False)
    window = open_window(stored)
    for size in sizes:
        window.resize(*size)
        assert [found for _, found in all_cut(window, qapp, qtbot)] == [], size


@pytest.mark.parametrize("language", ["en", "af"])
def test_the_largest_text_fits_the_smallest_window(
    language: str, open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    """But for the term at a glance, which is as wide as its days and scrolls to their end."""
    set_language(qapp, language)
    appearance().apply(qapp, theme="light", scale=200, animations=False)
    window = open_window(stored)
    window.resize(*SMALLEST_FOR_LARGE_TEXT)
    found = [(name, words) for name, words in all_cut(window, qapp, qtbot) if name != "term"]
    assert found == []
    window.open_page(routes.TermRoute())
    qapp.processEvents()
    (area,) = [each for each in window.page("term").findChildren(QScrollArea) if each.isVisible()]
    beyond = area.widget().width() - area.viewport().width()
    assert area.horizontalScrollBar().maximum() == beyond
    assert area.horizontalScrollBar().isVisible()
    for button in (each for each in window.sidebar.findChildren(QToolButton) if each.isVisible()):
        assert drawn_size(button) > appearance().px(ICON) // 2, f"{button.accessibleName()} is squeezed"


def drawn_size(button: QToolButton) -> int:
    """Pixels across what is drawn in the middle of a button, the longer way."""
    picture = button.grab().toImage()
    wide, high = picture.width(), picture.height()
    ground = picture.pixel(wide // 2, high // 8)
    inner = [(x, y) for x in range(wide // 8, wide * 7 // 8) for y in range(high // 16, high * 15 // 16)]
    drawn = [(x, y) for x, y in inner if picture.pixel(x, y) != ground]
    return max(max(each) - min(each) for each in zip(*drawn, strict=True))


def test_a_week_beside_something_is_not_squeezed(open_window: Opener, stored: Path, qapp: QApplication) -> None:
    """Where the largest text leaves no room side by side, a page has one part below the other."""
    appearance().apply(qapp, theme="light", scale=200, animations=False)
    window = open_window(stored)
    window.resize(*SMALLEST_FOR_LARGE_TEXT)
    mains: tuple[tuple[str, type[QWidget]], ...] = (("friends", WeekGrid), ("export", QTreeWidget))
    for name, main in mains:
        window.open_page(PAGES_BY_NAME[name].route())
        qapp.processEvents()
        (part,) = window.page(name).findChildren(main)
        assert part.width() > window.page(name).width() * 3 // 4, name
        assert part.height() > appearance().px(75), name


def test_the_preview_of_a_calendar_shows_what_and_where_in_the_smallest_window(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    window.resize(*MINIMUM_SIZE)
    window.open_page(routes.ExportRoute())
    (preview,) = window.page("export").findChildren(QTreeWidget)
    wait_until(qtbot, lambda: preview.topLevelItemCount() > 0)
    wait_until_idle(qtbot, window)
    assert preview.horizontalScrollBar().maximum() == 0
    assert preview.columnWidth(3) >= appearance().px(75)


@pytest.mark.parametrize("scale", [100, 200])
def test_the_words_of_a_chosen_chip_are_whole(
    scale: int, open_window: Opener, stored: Path, qapp: QApplication
) -> None:
    appearance().apply(qapp, theme="light", scale=scale, animations=False)
    window = open_window(stored)
    for name in ("calendars", "plan", "term"):
        window.open_page(PAGES_BY_NAME[name].route())
        qapp.processEvents()
        chips = [each for each in window.page(name).findChildren(QPushButton) if each.property("role") == "chip"]
        assert chips, name
        for chip in chips:
            bold = QFontMetrics(appearance().font(bold=True)).horizontalAdvance(chip.text())
            assert chip.width() >= bold + 2 * appearance().px(10), chip.text()
