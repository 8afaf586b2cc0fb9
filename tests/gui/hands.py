"""A person's hands and eyes: what a page says, and its controls found by the words on them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QModelIndex, QPoint, QRectF, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QComboBox, QLabel, QWidget
from pytestqt.exceptions import TimeoutError as TooLate
from pytestqt.qtbot import QtBot

from desktop.ui.app.main_window import MainWindow
from desktop.ui.models.row_delegate import RowDelegate
from desktop.ui.models.row_model import ROW
from desktop.ui.models.row_view import RowView

SOON = 45_000  # milliseconds within which something has to have happened


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


def the_list(page: QWidget) -> RowView:
    """The only list of a page."""
    (found,) = page.findChildren(RowView)
    return found


def listed(page: QWidget) -> list[str]:
    """What the rows of its list say, from the first to the last."""
    model = the_list(page).model()
    return [str(model.index(place, 0).data()) for place in range(model.rowCount())]


def row_of(page: QWidget, begin: str) -> QModelIndex:
    """The row that begins with these words."""
    rows = listed(page)
    found = [place for place, words in enumerate(rows) if words.startswith(begin)]
    assert found, f"no {begin!r} among {rows}"
    return the_list(page).model().index(found[0], 0)


def press_in_row(qtbot: QtBot, page: QWidget, begin: str, words: str = "") -> None:
    """Clicks the icon with these words in a row, or without any the row itself, at its left."""
    view, index = the_list(page), row_of(page, begin)
    view.scrollTo(index)
    rect, delegate = view.visualRect(index), view.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    spots = {each.words: each.rect for each in delegate.actions(index.data(ROW), QRectF(rect))}
    where = spots[words].center().toPoint() if words else rect.topLeft() + QPoint(4, rect.height() // 2)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Waits until nothing is under way."""
    qtbot.waitUntil(lambda: not (window.is_opening or window.session.jobs.is_busy), timeout=SOON)
    qtbot.wait(1)  # what a layout was given is seen only then


def until(qtbot: QtBot, happened: Callable[[], bool]) -> None:
    """Waits until it has happened."""
    qtbot.waitUntil(happened, timeout=SOON)
