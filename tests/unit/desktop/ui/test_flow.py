"""The flow layout: its height is requested hundreds of times, and right after each change."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.ui.widgets.flow import FlowLayout


def test_the_height_follows_what_is_in_it(qapp: QApplication) -> None:
    holder = QWidget()
    flow = FlowLayout(holder)
    first, second = QLabel(), QLabel()
    for each in (first, second):
        each.setFixedSize(100, 20)
        flow.addWidget(each)
    assert flow.heightForWidth(300) == 20
    assert flow.heightForWidth(150) > 40
    second.hide()
    assert flow.heightForWidth(150) == 20
    first.setFixedSize(100, 50)
    assert flow.heightForWidth(150) == 50
    flow.takeAt(0)
    assert flow.heightForWidth(150) == 0
