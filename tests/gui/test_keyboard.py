"""Keyboard focus stays where it was: after a key's action, the next key goes to the same place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.routes import PAGES, PAGES_BY_NAME
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, visible_texts, wait_until, wait_until_idle

ABC_P2 = "ABC 101 Practicals P02: P1 Fri 14:30–17:20 · Lab 2"


def focused() -> tuple[str, str]:
    """The focused widget's text and accessible name."""
    found: QWidget | None = QApplication.focusWidget()
    assert found is not None
    return (found.text() if isinstance(found, QAbstractButton) else ""), found.accessibleName()


@pytest.mark.parametrize(
    ("page", "words", "after"),
    [
        ("modules", ABC_P2, ("P02", ABC_P2)),
        ("plan", "Few gaps", ("Few gaps", "")),
        ("clashes", "Accept this clash", ("No longer accept", "")),
    ],
)
def test_a_page_drawn_anew_keeps_the_keyboard(
    open_window: Opener, stored: Path, page: str, words: str, after: tuple[str, str], qtbot: QtBot
) -> None:
    window = open_window(stored)
    window.activateWindow()
    window.open_page(PAGES_BY_NAME[page].route())
    wait_until_idle(qtbot, window)
    before = control(window, words)
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_Space)
    wait_until_idle(qtbot, window)
    wait_until(qtbot, lambda: focused() == after)


@pytest.mark.parametrize("name", ["plan", "history"])
def test_a_page_that_is_only_opened_puts_the_keyboard_on_nothing(
    open_window: Opener, stored: Path, name: str, qtbot: QtBot
) -> None:
    """What comes in from the background is drawn anew; a key must not take back an import that nobody chose."""
    window = open_window(stored)
    window.activateWindow()
    window.open_page(PAGES_BY_NAME[name].route())
    wait_until(qtbot, lambda: bool({"ABC 101 P01", "Exams of 2026"} & set(visible_texts(window.page(name)))))
    wait_until_idle(qtbot, window)
    assert window.focusWidget() is window.page(name)


def test_an_empty_week_puts_the_keyboard_on_nothing(open_window: Opener, profile: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    window.activateWindow()
    wait_until_idle(qtbot, window)
    window.open_page(routes.WeekRoute())
    wait_until_idle(qtbot, window)
    assert window.focusWidget() is window.page("week")


def test_the_detail_pane_keeps_the_keyboard_and_gives_it_back(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    window.activateWindow()
    week = window.page("week")
    assert isinstance(week, WeekPage)
    qtbot.keyClick(week.grid, Qt.Key.Key_Right)
    qtbot.keyClick(week.grid, Qt.Key.Key_Return)
    pane = window.findChild(DetailPane)
    assert pane is not None
    wait_until_idle(qtbot, window)
    skip = next(each for words, each in controls(pane).items() if words.startswith("Skip on "))
    skip.setFocus()
    qtbot.keyClick(skip, Qt.Key.Key_Space)
    wait_until_idle(qtbot, window)
    assert focused()[0].startswith("Attend on ")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not pane.isVisible()
    assert QApplication.focusWidget() is week.grid


@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_tab_reaches_every_control_of_a_page(open_window: Opener, stored: Path, name: str, qtbot: QtBot) -> None:
    """But for those of one choice among several, which the arrow keys walk."""
    window = open_window(stored)
    window.activateWindow()
    window.open_page(PAGES_BY_NAME[name].route())
    wait_until_idle(qtbot, window)
    page = window.page(name)
    wanted = {each for each in page.findChildren(QWidget) if _is_stop(each)}
    reached: set[QWidget] = set()
    for _ in range(3 * len(wanted) + 20):
        now = QApplication.focusWidget()
        assert now is not None
        reached.add(now)
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    missed = wanted - reached
    assert not missed, [each.accessibleName() or getattr(each, "text", str)() for each in missed]


def _is_stop(widget: QWidget) -> bool:
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    one_of = (group is not None and group.exclusive()) or isinstance(widget, QRadioButton)
    inside = isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QAbstractScrollArea)
    return widget.isVisible() and widget.isEnabled() and by_tab and isinstance(widget, kinds) and not (one_of or inside)
