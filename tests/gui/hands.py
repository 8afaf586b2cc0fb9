"""A person's hands and eyes: what a page says, and its controls found by the words on them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QComboBox, QLabel, QWidget
from pytestqt.exceptions import TimeoutError as TooLate
from pytestqt.qtbot import QtBot

from desktop.ui.app.main_window import MainWindow

SOON = 15_000  # milliseconds within which something has to have happened


def said(widget: QWidget) -> list[str]:
    """Every text that is seen on it."""
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible() and each.text()]


def says(widget: QWidget, part: str) -> bool:
    return any(part in text for text in said(widget))


def controls(widget: QWidget) -> dict[str, QAbstractButton]:
    """The buttons, ticks and choices that are seen, by the words on them and by what is read out for them."""
    every = [each for each in widget.findChildren(QAbstractButton) if each.isVisible()]
    return {words: each for each in reversed(every) for words in (each.text().strip(), each.accessibleName()) if words}


def control(widget: QWidget, words: str) -> QAbstractButton:
    """The one with these words; the first where there are several."""
    seen = controls(widget)
    assert words in seen, f"no {words!r} among {sorted(seen)}"
    return seen[words]


def box(widget: QWidget, name: str) -> QComboBox:
    """The combo box that is read out by this name."""
    return next(each for each in widget.findChildren(QComboBox) if each.accessibleName() == name and each.isVisible())


def pick(chooser: QComboBox, words: str) -> None:
    """Chooses an entry as a person does, who sees its words."""
    index = chooser.findText(words)
    assert index >= 0, f"no {words!r} in {[chooser.itemText(each) for each in range(chooser.count())]}"
    chooser.setCurrentIndex(index)
    chooser.activated.emit(index)


def press(qtbot: QtBot, widget: QWidget, words: str) -> None:
    """Clicks the control with these words, once it is there: what a layout was given is seen a moment later."""
    with suppress(TooLate):
        qtbot.waitUntil(lambda: words in controls(widget), timeout=SOON)
    found = control(widget, words)
    assert found.isEnabled(), words
    if isinstance(found, QCheckBox):
        found.click()  # wider than what of it takes a click
    else:
        qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Waits until nothing is under way."""
    qtbot.waitUntil(lambda: not window.session.jobs.is_busy, timeout=SOON)
    qtbot.wait(1)  # what a layout was given is seen only then


def until(qtbot: QtBot, happened: Callable[[], bool]) -> None:
    """Waits until it has happened."""
    qtbot.waitUntil(happened, timeout=SOON)
