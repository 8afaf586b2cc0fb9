"""Modules: a group chosen by a click, a name, a colour, a module hidden and brought back; each undone as one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.model import Choice, Colour, Timetable
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from tests.gui.conftest import Opener
from tests.gui.hands import control, press, says, settle


def timetable(window: MainWindow) -> Timetable:
    view = window.session.state.view
    assert view is not None
    return view.timetable


def practical(window: MainWindow) -> Choice:
    return next(each for key, each in timetable(window).choices.items() if (key.module, key.kind) == ("ABC 101", "P"))


def test_a_group_is_chosen_kept_and_undecided_again(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="modules")
    page = window.page("modules")
    settle(qtbot, window)
    assert says(page, "Choose your group")
    control(page, "P02").click()
    settle(qtbot, window)
    assert practical(window).group == "P02"
    assert not says(page, "Choose your group")
    press(qtbot, page, "Keep P02 in every plan")
    settle(qtbot, window)
    assert practical(window).pinned
    press(qtbot, page, "Clear choice")
    settle(qtbot, window)
    assert not practical(window).is_decided
    window.session.undo()
    settle(qtbot, window)
    assert practical(window).group == "P02"


def test_a_module_is_named_coloured_hidden_and_shown(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="modules")
    page = window.page("modules")
    settle(qtbot, window)
    field = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "Name of ABC 101")
    field.setText("Algebra")
    field.editingFinished.emit()
    settle(qtbot, window)
    assert timetable(window).modules["ABC 101"].name == "Algebra"
    menu = control(page, "Colour of ABC 101").menu()  # type: ignore[attr-defined]
    next(each for each in menu.actions() if each.text() == "Tomato").trigger()
    settle(qtbot, window)
    assert timetable(window).modules["ABC 101"].colour is Colour.TOMATO
    press(qtbot, page, "Hide")
    settle(qtbot, window)
    assert timetable(window).modules["ABC 101"].hidden
    assert says(page, "Hidden everywhere, and in no export.")
    press(qtbot, page, "Show")
    settle(qtbot, window)
    assert not timetable(window).modules["ABC 101"].hidden


def test_a_double_click_is_one_act(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ModulesRoute())
    settle(qtbot, window)
    hide = control(window.page("modules"), "Hide: ABC 101")
    for _ in range(2):
        qtbot.mouseClick(hide, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert view.timetable.modules["ABC 101"].hidden
    window.session.undo()
    settle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert not view.timetable.modules["ABC 101"].hidden
