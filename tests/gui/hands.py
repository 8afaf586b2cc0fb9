"""A person's hands and eyes: what a page says, and its controls found by the words on them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.main_window import MainWindow

SOON = 15_000  # milliseconds within which something has to have happened


def said(widget: QWidget) -> list[str]:
    """Every text that is seen on it."""
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible() and each.text()]


def says(widget: QWidget, part: str) -> bool:
    return any(part in text for text in said(widget))


def control(widget: QWidget, words: str) -> QAbstractButton:
    """The button, tick or choice that is seen with these words on it, or read out for it."""
    every = [each for each in widget.findChildren(QAbstractButton) if each.isVisible()]
    names = [(each.text().strip(), each.accessibleName(), each) for each in every]
    found = [each for text, name, each in names if words in (text, name)]
    assert found, f"no {words!r} among {[text or name for text, name, _ in names]}"
    return found[0]


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
    """Clicks the control with these words."""
    found = control(widget, words)
    assert found.isEnabled(), words
    if isinstance(found, QCheckBox):
        found.click()  # wider than what of it takes a click
    else:
        qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()  # what a layout was given is seen only then


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Waits until nothing is under way."""
    qtbot.waitUntil(lambda: not window.session.jobs.is_busy, timeout=SOON)
    qtbot.wait(1)  # what a layout was given is seen only then


def until(qtbot: QtBot, happened: Callable[[], bool]) -> None:
    """Waits until it has happened."""
    qtbot.waitUntil(happened, timeout=SOON)
