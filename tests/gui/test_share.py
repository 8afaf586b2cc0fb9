"""Groups and plans that students share: opened from a link, a file and a picture, compared, and used."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.page import Page
from desktop.ui.pages.share import SharePage
from desktop.workflows import shared_choices
from desktop.workflows.shared_choices import SharedKind
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, press, shows_text, visible_texts, wait_until, wait_until_idle

PLAN = "upschedule:plan?year=2026&ABC+101/S1/P=P02"
GROUPS = "upschedule:groups?year=2026&ABC+101/S1/P=P02"


def kept(window: MainWindow, kind: SharedKind = SharedKind.PLAN) -> int:
    view = window.session.state.view
    assert view is not None
    return len(shared_choices.shared_choices(view.records, 2026, kind))


def group(window: MainWindow) -> str | None:
    view = window.session.state.view
    assert view is not None
    return next(choice.group for key, choice in view.timetable.choices.items() if key.kind == "P")


def open_share(window: MainWindow, qtbot: QtBot) -> SharePage:
    window.open_page(routes.ShareRoute())
    page = window.page("share")
    assert isinstance(page, SharePage)
    wait_until_idle(qtbot, window)
    return page


def shared_plan(window: MainWindow, qtbot: QtBot) -> Page[routes.PlanRoute]:
    page = window.page("plan")
    wait_until(qtbot, lambda: "Shared plan" in visible_texts(page))
    wait_until_idle(qtbot, window)
    return page


def test_a_link_opens_as_a_candidate_beside_ones_own_plans(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_url(QUrl(PLAN + "&XYZ+303/S1/L=G09"))
    wait_until(qtbot, lambda: window.current_page == "plan")
    page = shared_plan(window, qtbot)
    assert "Share this plan" in controls(page), "one's own plans stand beside it"
    assert shows_text(page, "G09 for XYZ 303 lectures is not in your timetable.")
    use = next(
        each
        for each in page.findChildren(type(control(page, "Use this plan")))
        if each.isVisible() and each.accessibleDescription() == "Shared plan"
    )
    qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    wait_until(qtbot, lambda: group(window) == "P02")
    window.session.undo()
    wait_until(qtbot, lambda: group(window) is None)
    window.session.undo()
    wait_until(qtbot, lambda: kept(window) == 0)
    wait_until(qtbot, lambda: "Shared plan" not in visible_texts(page))


def test_a_file_that_is_dropped_anywhere_is_a_candidate(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "plan.upchoices"
    shared_choices.write_file(shared_choices.read_link(PLAN), path)
    window = open_window(stored)
    window.read_files([path])
    shared_plan(window, qtbot)
    press(qtbot, window.page("plan"), "Remove: Shared plan")
    wait_until(qtbot, lambda: kept(window) == 0)
    path.write_bytes(b"{}")
    window.read_files([path])
    wait_until(qtbot, lambda: shows_text(window, "This file does not hold anybody’s groups."))


@pytest.mark.parametrize(
    "link", ["upschedule:plan?year=2026&../../x=<img src=/dev/zero>", "upschedule:groups?" + "a=b&" * 5_000]
)
def test_a_hostile_link_is_refused_in_words(open_window: Opener, stored: Path, link: str, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = open_share(window, qtbot)
    page._link.setText(link)
    press(qtbot, page, "Open")
    wait_until(
        qtbot, lambda: shows_text(window, "These are not the groups") or shows_text(window, "This link does not hold")
    )
    assert kept(window) == kept(window, SharedKind.GROUPS) == 0
    assert {each.textFormat() for each in window.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_a_friends_groups_are_a_wish_of_the_planner(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored, page="plan")
    page = window.page("plan")
    wait_until(qtbot, lambda: "Share this plan" in controls(page))
    assert "Same groups as a friend" not in controls(page)
    window.open_url(QUrl(GROUPS))
    wait_until(qtbot, lambda: "Same groups as a friend" in controls(page))
    press(qtbot, page, "Same groups as a friend")
    wait_until(qtbot, lambda: shows_text(page, "as the same groups as a friend"))
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Use this plan")
    wait_until(qtbot, lambda: group(window) == "P02")
    share = open_share(window, qtbot)
    assert shows_text(share, "A friend’s groups · 1 group")
    press(qtbot, share, "Remove: A friend’s groups · 1 group")
    wait_until(qtbot, lambda: kept(window, SharedKind.GROUPS) == 0)


def test_what_one_shares_is_read_back_by_a_friend(
    open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(stored, page="plan")
    share = open_share(window, qtbot)
    assert shows_text(share, "You have not chosen a group yet.")
    window.open_page(routes.PlanRoute())
    wait_until(qtbot, lambda: "Share this plan" in controls(window.page("plan")))
    wait_until_idle(qtbot, window)
    press(qtbot, window.page("plan"), "Share this plan")
    wait_until(qtbot, lambda: shows_text(share, "This plan"))
    press(qtbot, share, "Copy the link")
    link = QApplication.clipboard().text()
    assert link.startswith("upschedule:plan?year=2026&ABC+101/S1/P=P0")
    field = next(each for each in share.findChildren(QLineEdit) if each.accessibleName() == "The link")
    assert field.text() == link
    picture = next(each for each in share.findChildren(QLabel) if each.accessibleName() == "The link as a QR picture")
    path = tmp_path / "code.png"
    assert picture.pixmap().scaledToWidth(600).save(str(path))
    share.drop([path])
    wait_until(qtbot, lambda: kept(window) == 1)
    shared_plan(window, qtbot)
    saved = tmp_path / "mine.upchoices"
    share.save(shared_choices.read_link(link), saved)
    wait_until(qtbot, saved.exists)
    assert shared_choices.read_file(saved) == shared_choices.read_link(link)
