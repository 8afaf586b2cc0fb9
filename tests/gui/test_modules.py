"""Modules: groups, names, colours, hiding and showing one; each undone in one step, without a full redraw."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.timetable.choices import Choice
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.timetable import Timetable
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.workflows import imports
from tests.gui.conftest import Opener
from tests.gui.semester import draft, lecture
from tests.gui.user_actions import (
    control,
    list_texts,
    only_list,
    press,
    press_in_row,
    row_of,
    shows_text,
    wait_until_idle,
)


def timetable(window: MainWindow) -> Timetable:
    view = window.session.state.view
    assert view is not None
    return view.timetable


def practical(window: MainWindow) -> Choice:
    return next(each for key, each in timetable(window).choices.items() if (key.module, key.kind) == ("ABC 101", "P"))


@pytest.fixture
def three_groups(stored: Path) -> Path:
    """One more module, whose two lectures are held for three groups."""
    rows = [
        lecture(
            "JKL 404", f"L{turn + 1}", day, f"{8 + 2 * turn:02}:30", f"{9 + 2 * turn:02}:20", "Hall 9", f"G{group:02}"
        )
        for group, day in ((1, 0), (2, 1), (3, 3))
        for turn in range(2)
    ]
    with App.open(stored) as app:
        imports.accept(app.store, imports.propose(app.store, draft(rows), "more.pdf", date(2026, 3, 1)))
    return stored


def test_a_group_is_chosen_kept_and_undecided_again(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="modules")
    page = window.page("modules")
    wait_until_idle(qtbot, window)
    assert shows_text(page, "Choose your group")
    control(page, "P02").click()
    wait_until_idle(qtbot, window)
    assert practical(window).group == "P02"
    assert not shows_text(page, "Choose your group")
    press(qtbot, page, "Keep P02 in every plan")
    wait_until_idle(qtbot, window)
    assert practical(window).pinned
    press(qtbot, page, "Clear choice")
    wait_until_idle(qtbot, window)
    assert not practical(window).is_decided
    window.session.undo()
    wait_until_idle(qtbot, window)
    assert practical(window).group == "P02"


def test_a_module_is_named_coloured_hidden_and_shown(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="modules")
    page = window.page("modules")
    wait_until_idle(qtbot, window)
    field = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "Name of ABC 101")
    field.setText("Algebra")
    field.editingFinished.emit()
    wait_until_idle(qtbot, window)
    assert timetable(window).modules["ABC 101"].name == "Algebra"
    menu = control(page, "Colour of ABC 101").menu()  # type: ignore[attr-defined]
    next(each for each in menu.actions() if each.text() == "Tomato").trigger()
    wait_until_idle(qtbot, window)
    assert timetable(window).modules["ABC 101"].colour is Colour.TOMATO
    press(qtbot, page, "Hide")
    wait_until_idle(qtbot, window)
    assert timetable(window).modules["ABC 101"].hidden
    assert shows_text(page, "Hidden everywhere, and in no export.")
    press(qtbot, page, "Show")
    wait_until_idle(qtbot, window)
    assert not timetable(window).modules["ABC 101"].hidden


def test_a_double_click_is_one_act(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ModulesRoute())
    wait_until_idle(qtbot, window)
    hide = control(window.page("modules"), "Hide: ABC 101")
    for _ in range(2):
        qtbot.mouseClick(hide, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert view.timetable.modules["ABC 101"].hidden
    window.session.undo()
    wait_until_idle(qtbot, window)
    view = window.session.state.view
    assert view is not None
    assert not view.timetable.modules["ABC 101"].hidden


def test_the_list_says_what_is_attended_and_what_is_open(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="modules")
    page = window.page("modules")
    wait_until_idle(qtbot, window)
    rows = ["ABC 101, Choose your group", "DEF 202, Lectures G01, Tutorials T01", "GHI 303, Lectures G01"]
    assert list_texts(page) == rows
    assert only_list(page).currentIndex().row() == 0, "what is still to choose is shown first"
    window.open_page(routes.ModulesRoute("GHI 303"))
    assert shows_text(page, "GHI 303")
    assert only_list(page).currentIndex().data() == rows[2]
    press_in_row(qtbot, page, "DEF 202")
    assert shows_text(page, "DEF 202")
    press(qtbot, page, "Hide")
    wait_until_idle(qtbot, window)
    assert list_texts(page) == [rows[0], rows[2], "DEF 202, Hidden"]
    assert only_list(page).currentIndex().data() == "DEF 202, Hidden", (
        "the row that moved is still the one that is shown"
    )


def test_a_choice_by_the_keyboard_rebuilds_nothing(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="modules")
    window.activateWindow()
    page = window.page("modules")
    wait_until_idle(qtbot, window)
    before = set(page.findChildren(QWidget))
    radio = control(page, "P01")
    radio.setFocus()
    qtbot.keyClick(radio, Qt.Key.Key_Space)
    wait_until_idle(qtbot, window)
    assert practical(window).group == "P01"
    assert QApplication.focusWidget() is radio
    qtbot.keyClick(radio, Qt.Key.Key_Down)
    wait_until_idle(qtbot, window)
    assert practical(window).group == "P02"
    assert QApplication.focusWidget() is control(page, "P02")
    window.session.undo()
    window.session.undo()
    wait_until_idle(qtbot, window)
    assert not control(page, "P01").isChecked()
    assert not control(page, "P02").isChecked()
    now = set(page.findChildren(QWidget))
    assert now == before, "no control is made anew"


def test_groups_are_chosen_lecture_by_lecture(open_window: Opener, three_groups: Path, qtbot: QtBot) -> None:
    window = open_window(three_groups, page="modules")
    page = window.page("modules")
    wait_until_idle(qtbot, window)
    assert not shows_text(page, "Plans can do the same."), "a module with one group has nothing to mix"
    press_in_row(qtbot, page, "JKL 404")
    assert shows_text(page, "You can attend L1 with G01 and L2 with G03. Plans can do the same.")
    press(qtbot, page, "Choose a group for each lecture")
    wait_until_idle(qtbot, window)
    assert timetable(window).modules["JKL 404"].mixed
    for lecture_, group, day in (("L1", "G01", "Mon"), ("L2", "G03", "Thu")):
        start, end = ("08:30", "09:20") if lecture_ == "L1" else ("10:30", "11:20")
        control(page, f"JKL 404 {lecture_} {group}: {lecture_} {day} {start}–{end} · Hall 9").click()
        wait_until_idle(qtbot, window)
    assert row_of(page, "JKL 404").data() == "JKL 404, L1 G01, L2 G03"
    attended = {
        (each.activity, each.group)
        for each in timetable(window).meetings
        if each.module == "JKL 404" and timetable(window).choices[each.choice_key].group == each.group
    }
    assert attended == {("L1", "G01"), ("L2", "G03")}
    press(qtbot, page, "Choose a group for each lecture")
    wait_until_idle(qtbot, window)
    assert not timetable(window).modules["JKL 404"].mixed
    window.session.undo()
    wait_until_idle(qtbot, window)
    assert row_of(page, "JKL 404").data() == "JKL 404, L1 G01, L2 G03"
    assert control(page, "Choose a group for each lecture").isChecked()
