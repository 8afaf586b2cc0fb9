"""Acts on a window as a person does: reads a page's texts, and finds its controls by their labels."""

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

SOON = 45_000  # milliseconds: the time limit for anything awaited


def said(widget: QWidget) -> list[str]:
    """Every visible text on the widget."""
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible() and each.text()]


def says(widget: QWidget, part: str) -> bool:
    return any(part in text for text in said(widget))


def controls(widget: QWidget) -> dict[str, QAbstractButton]:
    """The visible buttons, ticks and choices, by their labels and accessible names."""
    every = [each for each in widget.findChildren(QAbstractButton) if each.isVisible()]
    return {words: each for each in reversed(every) for words in (each.text().strip(), each.accessibleName()) if words}


def control(widget: QWidget, words: str) -> QAbstractButton:
    """The control with this label; the first one if there are several."""
    seen = controls(widget)
    assert words in seen, f"no {words!r} among {sorted(seen)}"
    return seen[words]


def box(widget: QWidget, name: str) -> QComboBox:
    """The combo box with this accessible name."""
    return next(each for each in widget.findChildren(QComboBox) if each.accessibleName() == name and each.isVisible())


def pick(chooser: QComboBox, words: str) -> None:
    """Chooses an entry by its text, as a person does."""
    index = chooser.findText(words)
    assert index >= 0, f"no {words!r} in {[chooser.itemText(each) for each in range(chooser.count())]}"
    chooser.setCurrentIndex(index)
    chooser.activated.emit(index)


def press(qtbot: QtBot, widget: QWidget, words: str) -> None:
    """Clicks the control with this label once it exists: newly laid out controls appear a moment later."""
    with suppress(TooLate):
        qtbot.waitUntil(lambda: words in controls(widget), timeout=SOON)
    found = control(widget, words)
    assert found.isEnabled(), words
    if isinstance(found, QCheckBox):
        found.click()  # the widget is wider than its clickable area
    else:
        qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def the_list(page: QWidget) -> RowView:
    """The only list of a page."""
    (found,) = page.findChildren(RowView)
    return found


def listed(page: QWidget) -> list[str]:
    """The texts of the rows of its list, from first to last."""
    model = the_list(page).model()
    return [str(model.index(place, 0).data()) for place in range(model.rowCount())]


def row_of(page: QWidget, begin: str) -> QModelIndex:
    """The row that begins with these words."""
    rows = listed(page)
    found = [place for place, words in enumerate(rows) if words.startswith(begin)]
    assert found, f"no {begin!r} among {rows}"
    return the_list(page).model().index(found[0], 0)


def press_in_row(qtbot: QtBot, page: QWidget, begin: str, words: str = "") -> None:
    """Clicks the icon with this label in a row, or without a label the row itself, at its left."""
    view, index = the_list(page), row_of(page, begin)
    view.scrollTo(index)
    rect, delegate = view.visualRect(index), view.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    spots = {each.words: each.rect for each in delegate.actions(index.data(ROW), QRectF(rect))}
    where = spots[words].center().toPoint() if words else rect.topLeft() + QPoint(4, rect.height() // 2)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Waits until no work is in progress."""
    qtbot.waitUntil(lambda: not (window.is_opening or window.session.jobs.is_busy), timeout=SOON)
    qtbot.wait(1)  # a layout's changes take effect only then


def until(qtbot: QtBot, happened: Callable[[], bool]) -> None:
    """Waits until the condition is true."""
    qtbot.waitUntil(happened, timeout=SOON)
