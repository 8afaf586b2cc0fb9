"""A calendar published for a phone: the address's content at first, and after a change, a move, and the end."""

from __future__ import annotations

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.commands import choices, edits
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.publish import PublishPage
from desktop.workflows import sync
from tests.gui.account import Person, make_account, sync_page
from tests.gui.conftest import Opener
from tests.gui.user_actions import control, controls, press, shows_text, wait_until, wait_until_idle
from tests.sync.serving import ServerProcess


def fetched(page: PublishPage) -> str:
    assert page.addresses is not None
    with urlopen(page.addresses.https, timeout=10) as answer:
        body: bytes = answer.read()
    return body.decode().replace("\r\n ", "")


def publish_page(window: MainWindow, qtbot: QtBot) -> PublishPage:
    press(qtbot, window.page("sync"), "Subscribe from my phone")
    page = window.page("publish")
    assert isinstance(page, PublishPage)
    wait_until_idle(qtbot, window)
    if "Include all as tentative" in controls(page):
        press(qtbot, page, "Include all as tentative")
        wait_until_idle(qtbot, window)
    return page


def test_nothing_is_published_before_groups_are_answered_for(
    open_window: Opener, stored: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    window = open_window(stored)
    sync_page(window, qtbot)
    told: list[object] = []
    window.session.sync_link.run_on_account(
        lambda joint: sync.create_account(joint, server.address, Person.name, "a long enough sentence"), told.append
    )
    wait_until(qtbot, lambda: bool(told))
    window.open_page(routes.PublishRoute())
    page = window.page("publish")
    wait_until_idle(qtbot, window)
    assert shows_text(page, "1 module has no group yet")
    assert not control(page, "Publish it").isEnabled()
    press(qtbot, page, "Include all as tentative")
    wait_until_idle(qtbot, window)
    assert control(page, "Publish it").isEnabled()


def test_published_changed_moved_and_taken_back(
    open_window: Opener, stored: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    window = open_window(stored)
    make_account(window, server.address, qtbot)
    page = publish_page(window, qtbot)
    assert shows_text(page, "Whoever has the address can read the calendar.")
    press(qtbot, page, "Publish it")
    wait_until(qtbot, lambda: page.addresses is not None and shows_text(page, "Published"))
    assert page.addresses is not None
    assert "ABC 101" in fetched(page)
    assert "Hall 1" in fetched(page)
    press(qtbot, page, "Copy: Address (webcal)")
    assert QApplication.clipboard().text() == page.addresses.webcal

    press(qtbot, page, "Show as busy only: no names, rooms or notes")
    wait_until(qtbot, lambda: page.isEnabled() and "ABC 101" not in fetched(page))
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Show as busy only: no names, rooms or notes")
    wait_until(qtbot, lambda: page.isEnabled() and "ABC 101" in fetched(page))
    wait_until_idle(qtbot, window)

    assert "X-UP-SCHEDULE-GROUPS" not in fetched(page)
    assert shows_text(page, "Whoever has the address then sees your modules and groups")
    before = window.session.state.view
    assert before is not None
    practical = next(key for key in before.timetable.choices if key.kind == "P")
    window.session.perform(choices.choose_group(before.timetable, practical, "P02"))
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Share which groups I chose")
    wait_until(qtbot, lambda: page.isEnabled() and "groups?year=2026&ABC+101/S1/P=P02" in fetched(page))
    wait_until_idle(qtbot, window)
    press(qtbot, page, "Share which groups I chose")
    wait_until(qtbot, lambda: page.isEnabled() and "X-UP-SCHEDULE-GROUPS" not in fetched(page))
    wait_until_idle(qtbot, window)

    view = window.session.state.view
    assert view is not None
    window.session.perform(edits.rename_module(view.timetable, "ABC 101", "Algebra"))
    window.session.perform(choices.hide_module(view.timetable, "DEF 202"))
    wait_until(qtbot, lambda: "DEF 202" not in fetched(page))  # by itself, a moment after the change
    wait_until_idle(qtbot, window)

    old = page.addresses
    press(qtbot, page, "New address")
    wait_until(qtbot, lambda: page.isEnabled() and page.addresses not in (None, old))
    assert "ABC 101" in fetched(page)
    with pytest.raises(HTTPError):
        urlopen(old.https, timeout=10)
    last = page.addresses.https
    press(qtbot, page, "Stop publishing")
    wait_until(qtbot, lambda: page.isEnabled() and page.publish_button.isVisible())
    with pytest.raises(HTTPError, match=r"410|404"):
        urlopen(last, timeout=10)


def test_without_an_account_it_says_what_is_needed(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    sync_page(window, qtbot)
    page = publish_page(window, qtbot)
    assert shows_text(page, "An account is needed")
    press(qtbot, page, "Sign in")
    assert window.current_page == "sync"
