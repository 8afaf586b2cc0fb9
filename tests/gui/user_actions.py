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

TIMEOUT_MS = 45_000  # milliseconds: the time limit for anything awaited


def visible_texts(widget: QWidget) -> list[str]:
    """Every visible text on the widget."""
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible() and each.text()]


def shows_text(widget: QWidget, part: str) -> bool:
    return any(part in text for text in visible_texts(widget))


def controls(widget: QWidget) -> dict[str, QAbstractButton]:
    """The visible buttons, ticks and choices, by their labels and accessible names."""
    every = [each for each in widget.findChildren(QAbstractButton) if each.isVisible()]
    return {words: each for each in reversed(every) for words in (each.text().strip(), each.accessibleName()) if words}


def control(widget: QWidget, label: str) -> QAbstractButton:
    """The control with this label; the first one if there are several."""
    seen = controls(widget)
    assert label in seen, f"no {label!r} among {sorted(seen)}"
    return seen[label]


def combo_box(widget: QWidget, name: str) -> QComboBox:
    """The combo box with this accessible name."""
    return next(each for each in widget.findChildren(QComboBox) if each.accessibleName() == name and each.isVisible())


def choose_entry(chooser: QComboBox, words: str) -> None:
    """Chooses an entry by its text, as a person does."""
    index = chooser.findText(words)
    assert index >= 0, f"no {words!r} in {[chooser.itemText(each) for each in range(chooser.count())]}"
    chooser.setCurrentIndex(index)
    chooser.activated.emit(index)


def press(qtbot: QtBot, widget: QWidget, label: str) -> None:
    """Clicks the control with this label once it exists: newly laid out controls appear a moment later."""
    with suppress(TooLate):
        qtbot.waitUntil(lambda: label in controls(widget), timeout=TIMEOUT_MS)
    found = control(widget, label)
    assert found.isEnabled(), label
    if isinstance(found, QCheckBox):
        found.click()  # the widget is wider than its clickable area
    else:
        qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def only_list(page: QWidget) -> RowView:
    """The only list of a page."""
    (found,) = page.findChildren(RowView)
    return found


def list_texts(page: QWidget) -> list[str]:
    """The texts of the rows of its list, from first to last."""
    model = only_list(page).model()
    return [str(model.index(place, 0).data()) for place in range(model.rowCount())]


def row_of(page: QWidget, beginning: str) -> QModelIndex:
    """The row that begins with these words."""
    rows = list_texts(page)
    found = [place for place, words in enumerate(rows) if words.startswith(beginning)]
    assert found, f"no {beginning!r} among {rows}"
    return only_list(page).model().index(found[0], 0)


def press_in_row(qtbot: QtBot, page: QWidget, beginning: str, label: str = "") -> None:
    """Clicks the icon with this label in a row, or without a label the row itself, at its left."""
    view, index = only_list(page), row_of(page, beginning)
    view.scrollTo(index)
    rect, delegate = view.visualRect(index), view.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    spots = {each.words: each.rect for each in delegate.actions(index.data(ROW), QRectF(rect))}
    where = spots[label].center().toPoint() if label else rect.topLeft() + QPoint(4, rect.height() // 2)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def wait_until_idle(qtbot: QtBot, window: MainWindow) -> None:
    """Waits until no work is in progress."""
    qtbot.waitUntil(lambda: not (window.is_opening or window.session.jobs.is_busy), timeout=TIMEOUT_MS)
    qtbot.wait(1)  # a layout's changes take effect only then


def wait_until(qtbot: QtBot, happened: Callable[[], bool]) -> None:
    """Waits until the condition is true."""
    qtbot.waitUntil(happened, timeout=TIMEOUT_MS)
