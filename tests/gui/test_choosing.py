"""Choosing groups in the week: pointing at one or focusing it previews its week, a click chooses it."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.commands import choices, edits
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.week_view import Block
from desktop.ui import routes
from desktop.ui.app.detail_pane import DetailPane
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.week.block import block_title
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.texts.language import set_language
from desktop.workflows import timetable
from tests.gui.conftest import Opener
from tests.gui.user_actions import controls, press, wait_until, wait_until_idle

KEY = ChoiceKey(2026, "ABC 101", "S1", "P")
NAME = "ABC 101 practicals"
TODAY = date(2026, 3, 24)
CHOIR = OwnEvent("2026/event/choir", 2026, "Choir", time(15), time(16), weekday=4, offered="S1")


def week_page(window: MainWindow) -> WeekPage:
    page = window.page("week")
    assert isinstance(page, WeekPage)
    return page


def place_of(page: WeekPage, title: str) -> QPoint:
    assert page.grid._geometry is not None
    placed = page.grid._geometry.placed()
    return next(rect for _, block, rect in placed if block_title(block) == title).center().toPoint()


def titles(page: WeekPage) -> dict[str, Block]:
    assert page.grid.week is not None
    return {block_title(block): block for block in page.grid.week.blocks()}


def previewed(page: WeekPage) -> dict[str, Block]:
    """The blocks drawn while a candidate is previewed."""
    assert page.grid._preview is not None
    return {block_title(block): block for block in page.grid._preview.week.blocks()}


def beside(page: WeekPage) -> list[str]:
    """The texts of the panel beside the candidate."""
    return [each.text() for each in page.grid._panel.findChildren(QLabel) if each.isVisible()]


def hover(qtbot: QtBot, page: WeekPage, title: str) -> None:
    qtbot.mouseMove(page.grid.viewport(), QPoint(1, 1))  # where it stands already it would not move
    qtbot.mouseMove(page.grid.viewport(), place_of(page, title))
    wait_until(qtbot, lambda: page.grid._preview is not None)


def group(window: MainWindow) -> str | None:
    view = window.session.state.view
    assert view is not None
    return view.timetable.choices[KEY].group


@pytest.fixture
def with_choir(stored: Path) -> Path:
    """Choir on Fridays, in the middle of the second group."""
    with App.open(stored) as app:
        made = timetable.compute_view(app.store, 2026, TODAY).timetable
        timetable.apply_act(app.store, edits.save_event(made, CHOIR))
    return stored


def test_a_candidate_under_the_pointer_shows_its_week(open_window: Opener, with_choir: Path, qtbot: QtBot) -> None:
    window = open_window(with_choir, page="week")
    wait_until_idle(qtbot, window)
    page = week_page(window)
    before = place_of(page, "ABC 101 · P1 · P02")
    hover(qtbot, page, "ABC 101 · P1 · P02")
    shown = previewed(page)
    assert not shown["ABC 101 · P1"].undecided
    assert shown["ABC 101 · P1"].clash
    assert shown["Choir"].clash
    assert "ABC 101 · P1 · P01" not in shown
    assert beside(page) == [f"P02 · {NAME}", "1 clash with Choir on Fri", "3 h 20 min of gaps this week"]
    assert place_of(page, "ABC 101 · P1 · P02") == before, "what is pointed at does not move away"
    hover(qtbot, page, "ABC 101 · P1 · P01")
    wait_until(qtbot, lambda: beside(page)[:2] == [f"P01 · {NAME}", "No clashes"])
    qtbot.mouseMove(page.grid.viewport(), QPoint(2, 2))
    wait_until(qtbot, lambda: page.grid._preview is None)
    assert not page.grid._panel.isVisible()
    assert group(window) is None, "looking decides nothing"


@pytest.mark.parametrize("language", ["en", "af"])
def test_no_line_of_the_panel_is_cut(
    language: str, open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    set_language(qapp, language)
    window = open_window(stored, page="week", size=(800, 520))
    set_language(qapp, language)
    wait_until_idle(qtbot, window)
    page = week_page(window)
    block = titles(page)["ABC 101 · P1 · P02"]
    page.grid._scroll_to(block)
    hover(qtbot, page, "ABC 101 · P1 · P02")
    panel = page.grid._panel
    assert page.grid.viewport().rect().contains(panel.geometry())
    for line in panel.findChildren(QLabel):
        assert line.height() >= line.heightForWidth(line.width()), (line.text(), line.geometry())


def test_a_click_takes_it_and_undo_gives_it_back(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    wait_until_idle(qtbot, window)
    page = week_page(window)
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place_of(page, "ABC 101 · P1 · P02"))
    wait_until(qtbot, lambda: window.notice_bar.text.startswith("Chose P02 for ABC 101"))
    assert not any(each.undecided for each in titles(page).values())
    assert not page.chooser.isVisible(), "nothing is left to choose"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until(qtbot, lambda: any(each.undecided for each in titles(page).values()))


def test_a_press_that_leaves_the_candidate_takes_nothing(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    wait_until_idle(qtbot, window)
    page = week_page(window)
    qtbot.mousePress(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place_of(page, "ABC 101 · P1 · P02"))
    qtbot.mouseRelease(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place_of(page, "ABC 101 · P1 · P01"))
    wait_until_idle(qtbot, window)
    assert group(window) is None


def test_the_keyboard_does_the_same_and_it_is_read_out(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    wait_until_idle(qtbot, window)
    page = week_page(window)
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_End)
    while page.grid.selected is None or not page.grid.selected.undecided:
        qtbot.keyClick(page.grid, Qt.Key.Key_Left)
    looked_at = block_title(page.grid.selected)
    assert looked_at == "ABC 101 · P1 · P02"
    assert not previewed(page)["ABC 101 · P1"].undecided
    pane = window.findChild(DetailPane)
    assert pane is None or not pane.isVisible(), "the pane would hide the week"
    interface = QAccessible.queryAccessibleInterface(page.grid)
    assert interface is not None
    assert f"P02 · {NAME}. No clashes. 3 h 20 min of gaps this week" in interface.text(QAccessible.Text.Description)
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    wait_until(qtbot, lambda: group(window) == "P02")


def test_another_group_is_chosen_from_a_block(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="week")
    wait_until_idle(qtbot, window)
    page = week_page(window)
    view = window.session.state.view
    assert view is not None
    window.session.perform(choices.choose_group(view.timetable, KEY, "P01"))
    wait_until_idle(qtbot, window)
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.RightButton, pos=place_of(page, "ABC 101 · P1"))
    (menu,) = [each for each in page.findChildren(QMenu) if each.isVisible()]
    another = next(each for each in menu.actions() if each.text() == "Choose another group")
    menu.hide()
    another.trigger()
    wait_until_idle(qtbot, window)
    shown = titles(page)
    assert not shown["ABC 101 · P1"].undecided, "the group that is attended stays as it is"
    assert shown["ABC 101 · P1 · P02"].undecided
    hover(qtbot, page, "ABC 101 · P1 · P02")
    assert page.grid._geometry is not None
    assert page.grid._preview is not None
    assert [block_title(block) for block, _ in page.grid._preview.ghosts(page.grid._geometry)] == ["ABC 101 · P1"]
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_Escape)
    assert page.chooser.key is None
    assert "ABC 101 · P1 · P02" not in titles(page)
    assert group(window) == "P01"
    window.open_page(routes.WeekRoute(choose=KEY))
    wait_until_idle(qtbot, window)
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place_of(page, "ABC 101 · P1 · P02"))
    wait_until(qtbot, lambda: group(window) == "P02")
    assert page.chooser.key is None


def test_another_group_is_chosen_from_the_detail_pane(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="today")
    view = window.session.state.view
    assert view is not None
    window.session.perform(choices.choose_group(view.timetable, KEY, "P01"))
    wait_until_idle(qtbot, window)
    attended = [each for each in window.session.state.occurrences() if getattr(each.item, "group", "") == "P01"]
    window.session.select(attended[2])
    wait_until_idle(qtbot, window)
    pane = window.findChild(DetailPane)
    assert pane is not None
    press(qtbot, pane, "Choose another group")
    wait_until_idle(qtbot, window)
    assert window.current_page == "week"
    assert not pane.isVisible(), "it would lie over the week"
    page = week_page(window)
    assert page.grid.week is not None
    assert page.grid.week.monday <= attended[2].date <= page.grid.week.last
    assert titles(page)["ABC 101 · P1 · P02"].undecided

    lecture = next(each for each in window.session.state.occurrences() if each.item.label == "GHI 303 · L1")
    window.session.select(lecture)
    wait_until_idle(qtbot, window)
    assert pane.isVisible()
    assert "Choose another group" not in controls(pane), "it has one group alone"


def test_the_bar_shows_one_choice_alone_and_leads_to_the_planner(
    open_window: Opener, stored: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="week")
    wait_until_idle(qtbot, window)
    page = week_page(window)
    assert NAME in controls(page.chooser)
    press(qtbot, page.chooser, NAME)
    assert page.chooser.key == KEY
    press(qtbot, page.chooser, "Done (Esc)")
    assert page.chooser.key is None
    press(qtbot, page.chooser, "Plan the rest")
    wait_until(qtbot, lambda: window.current_page == "plan")
