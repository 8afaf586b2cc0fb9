"""Properties of every page: it opens empty and full, every control has an accessible name, and both languages work."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.domain.errors import FileError
from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.pages.keys.shortcuts import window_keys
from desktop.ui.routes import PAGES, PAGES_BY_NAME
from desktop.ui.session.notices import CrashReport, report_text
from desktop.ui.texts.language import set_language
from desktop.ui.theme.style import appearance
from tests.gui.conftest import Opener
from tests.gui.user_actions import control

NAMES = [entry.name for entry in PAGES]


def nameless(page: QWidget) -> list[str]:
    """Controls that a screen reader could not name."""
    found = []
    for button in page.findChildren(QAbstractButton):
        inner = button.parent()
        if isinstance(inner, QAbstractItemView | QComboBox | QLineEdit) or not button.isEnabled():
            continue
        is_ours = button.property("role") is not None or not button.objectName().startswith("qt_")
        if is_ours and button.isVisible() and not (button.text() or button.accessibleName()):
            found.append(f"{type(button).__name__} {button.objectName()}")
    for kind in (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit):
        for field in page.findChildren(kind):
            inner = field.parent()
            if isinstance(inner, QAbstractSpinBox | QComboBox) or not field.isVisible():
                continue
            if not field.accessibleName():
                found.append(f"{type(field).__name__} {field.objectName()}")
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["empty", "stored"])
def test_every_page_opens_and_names_its_controls(
    open_window: Opener, profile: Path, request: pytest.FixtureRequest, qtbot: QtBot, name: str, kind: str
) -> None:
    if kind == "stored":
        request.getfixturevalue("stored")
    window = open_window(profile, size=(960, 640))
    window.open_page(PAGES_BY_NAME[name].route())
    qtbot.waitUntil(lambda: not window.session.jobs.is_busy, timeout=20_000)
    page = window.page(name)
    assert page.isVisible()
    assert page.title()
    assert nameless(page) == []
    assert page.width() <= window.width(), "nothing is pushed out of a small window"


def test_the_language_changes_without_a_restart(
    open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    assert "Semester 1" in window.page("week").title()
    set_language(qapp, "af")
    try:
        sidebar = window.sidebar._buttons
        qtbot.waitUntil(lambda: sidebar["today"].text().strip() == "Vandag", timeout=5_000)
        assert "Maart" in window.page("week").title()
        window.open_page(routes.TodayRoute())
        assert window.page("today").title() == "Dinsdag 24 Maart 2026"
        said = [label.text() for label in window.page("today").findChildren(QLabel)]
        assert "Die res van vandag" in said
    finally:
        set_language(qapp, "en")
    assert "March" in window.page("today").title()


def test_the_theme_and_the_size_of_text_change_at_once(open_window: Opener, stored: Path, qapp: QApplication) -> None:
    window = open_window(stored, page="week")
    light = window.grab().toImage().pixelColor(400, 60)
    appearance().apply(qapp, theme="dark")
    dark = window.grab().toImage().pixelColor(400, 60)
    assert light.lightness() > 200
    assert dark.lightness() < 60
    appearance().apply(qapp, theme="light", scale=200)
    assert QApplication.font().pixelSize() == 26
    assert window.sidebar.width() > 100


def test_trouble_stays_until_it_is_dismissed_and_success_offers_undo(open_window: Opener, stored: Path) -> None:
    window = open_window(stored)
    notices = window.session.notices
    notices.show_error(FileError("The disk is full.", "Make room on it."))
    bar = window.notice_bar
    said = [label.text() for label in bar.findChildren(QLabel) if not label.isHidden()]
    assert "The disk is full." in said
    assert "Make room on it." in said
    assert not bar._timer.isActive()
    bar._close.click()
    assert bar.isHidden()
    undone: list[int] = []
    notices.show_success("Chose P02", lambda: undone.append(1))
    assert bar._timer.isActive()
    high = bar.height()
    bar._action.click()
    assert undone == [1]
    notices.show_success("Saved it")
    assert bar.height() <= high, "a line without Undo is no higher than one with it"
    assert bar._title.width() >= bar._title.fontMetrics().horizontalAdvance("Saved it")


def test_a_fault_gets_a_report_that_can_be_copied_and_the_window_goes_on(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")

    def broken() -> None:
        raise ZeroDivisionError("a fault")

    window.session.jobs.run_on_store(broken)
    qtbot.waitUntil(lambda: window.findChild(CrashReport) is not None, timeout=10_000)
    report = window.findChild(CrashReport)
    assert isinstance(report, QDialog)
    assert not report.isModal()
    report._copy()
    copied = QApplication.clipboard().text()
    assert "ZeroDivisionError" in copied
    assert "a fault" not in copied
    assert str(stored) not in copied
    report.close()
    qtbot.keyClick(window.page("week").grid, Qt.Key.Key_PageDown)  # type: ignore[attr-defined]
    assert "30 March" in window.page("week").title()


def test_a_report_is_no_larger_than_its_window(open_window: Opener, stored: Path, qapp: QApplication) -> None:
    appearance().apply(qapp, theme="light", scale=200, animations=False)
    window = open_window(stored, size=(960, 640))
    window.session.notices.show_crash(ValueError("made up"))
    report = window.findChild(CrashReport)
    assert report is not None
    assert report.width() <= window.width()
    assert report.height() <= window.height()
    report.close()


def test_a_report_names_no_folder_and_no_text_of_the_person() -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int("wrong")
    text = report_text(caught.value)
    assert "ValueError" in text
    assert "wrong" not in text
    assert str(Path(__file__).parents[3]) not in text


def test_the_report_of_the_last_run_is_offered_until_it_is_copied_or_dismissed(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored)
    bar = window.notice_bar
    window.session.notices.offer_report("Where it happened")
    assert "went wrong last time" in bar.text
    copy, dismiss = control(bar, "Copy the report"), control(bar, "Dismiss")
    qtbot.wait(50)
    qtbot.mouseClick(dismiss, Qt.MouseButton.LeftButton)
    assert bar.text == ""
    window.session.notices.offer_report("Where it happened")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "Where it happened"
    assert bar.text == "Copied"
    window.session.notices.show_success("Chose P02", lambda: None)
    assert control(bar, "Undo").isVisible()


def test_offers_wait_for_one_another_and_come_back(open_window: Opener, stored: Path) -> None:
    window = open_window(stored)
    bar, notices = window.notice_bar, window.session.notices
    taken: list[str] = []
    notices.show_offer("First", "Take it", lambda: taken.append("first"))
    notices.show_offer("Second", "Take it", lambda: taken.append("second"))
    assert bar.text == "First"
    notices.show_success("Saved it")
    assert bar.text == "Saved it"
    bar._timer.timeout.emit()
    assert bar.text == "First"
    notices.show_error(FileError("The disk is full.", "Make room on it."))
    bar._close.click()
    assert bar.text == "First"
    control(bar, "Dismiss").click()
    assert bar.text == "Second"
    control(bar, "Take it").click()
    assert bar.text == ""
    assert taken == ["second"]


def test_text_of_another_size_makes_pages_anew_but_loses_nothing_typed(
    open_window: Opener, stored: Path, qapp: QApplication
) -> None:
    window = open_window(stored, page="week")
    window.open_page(routes.EventRoute())
    written = window.page("event").findChild(QLineEdit)
    assert written is not None
    QTest.keyClicks(written, "Choir")
    window.open_page(routes.ModulesRoute())
    before = window.page("modules")
    appearance().apply(qapp, theme="light", scale=200, animations=False)
    assert window.current_page == "modules"
    assert window.page("modules") is not before
    assert window.page("modules").isVisible()
    assert window.sidebar.is_narrow  # 1280 pixels are few for text of this size
    window.open_page(routes.EventRoute())
    kept = window.page("event").findChild(QLineEdit)
    assert kept is not None
    assert kept.text() == "Choir"


def test_a_modules_colour_stays_its_own_in_another_theme(open_window: Opener, stored: Path, qapp: QApplication) -> None:
    window = open_window(stored, page="modules")
    named = [each for each in window.page("modules").findChildren(QToolButton) if "Colour of" in each.accessibleName()]
    assert named
    before = named[0].icon().pixmap(20, 20).toImage()
    appearance().apply(qapp, theme="dark")
    now = [each for each in window.page("modules").findChildren(QToolButton) if "Colour of" in each.accessibleName()]
    assert now[0].icon().pixmap(20, 20).toImage() == before


def test_the_search_is_a_click_away(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week")
    window.sidebar._search.click()
    assert window.current_page == "search"


def test_every_key_that_is_listed_is_one_the_window_hears(open_window: Opener, stored: Path) -> None:
    window = open_window(stored, page="week")
    heard = {keys.toString() for action in window.actions() for keys in action.shortcuts()}
    listed = {QKeySequence.fromString(key.keys, QKeySequence.SequenceFormat.NativeText) for key in window_keys()}
    assert {keys.toString() for keys in listed} <= heard
    window.open_page(routes.KeysRoute())
    said = [label.text() for label in window.page("keys").findChildren(QLabel)]
    assert "Ctrl+F" in said
    assert "Walk through the classes in order of time" in said


def test_the_pane_lies_over_its_page_which_stays_as_it_is(
    open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    view = window.session.state.view
    assert view is not None
    page = window.page("week")
    before = page.size()
    window.session.select(view.occurrences[0])
    pane = window.findChild(DetailPane)
    assert pane is not None
    for width, height in ((1280, 800), (1000, 700), (800, 520)):
        window.resize(width, height)
        qtbot.waitUntil(lambda: pane.geometry().bottomRight() == window.rect().bottomRight())
        assert pane.width() == pane.natural_width
        qtbot.waitUntil(lambda: page.width() == window.width() - window.sidebar.width())
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: page.size() == before)
    appearance().apply(qapp, theme="light", scale=200, animations=False)
    qtbot.waitUntil(lambda: pane.geometry().right() == window.rect().right())
    qtbot.keyClick(pane, Qt.Key.Key_Escape)
    assert not pane.isVisible()
    assert window.page("week").isVisible()
