"""The review: the picture shows the rows beside it, and the question about the recess is answered there."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QCheckBox, QDateEdit
from pytestqt.qtbot import QtBot

from desktop.domain.commands.calendar_commands import confirm_year
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.review.page import ReviewPage
from desktop.ui.session.jobs import CancelFlag
from desktop.ui.session.session import Session
from tests.gui.conftest import Opener
from tests.gui.semester import LECTURES, TESTS, write_pdfs
from tests.gui.user_actions import press, wait_until, wait_until_idle


def review_of(window: MainWindow, paths: list[Path], qtbot: QtBot) -> ReviewPage:
    window.read_files(paths)
    qtbot.waitUntil(lambda: window.current_page == "review", timeout=120_000)
    page = window.page("review")
    assert isinstance(page, ReviewPage)
    return page


def test_a_slow_picture_is_never_beside_the_rows_of_another_document(
    open_window: Opener, profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gates = {name: threading.Event() for name in ("lectures.pdf", "tests.pdf")}
    colours = {"lectures.pdf": QColor("red"), "tests.pdf": QColor("blue")}
    kept: dict[Path, str] = {}

    def draw(_session: Session, source: Path, _page: int, _flag: CancelFlag) -> tuple[QImage, float]:
        name = kept.get(source, source.name)
        gates[name].wait(60)
        image = QImage(60, 80, QImage.Format.Format_RGB32)
        image.fill(colours[name])
        return image, 842.0

    monkeypatch.setattr(Session, "render_page", draw)
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, LECTURES, TESTS), qtbot)
    view = page._picture.view

    def seen() -> QColor | None:
        return view._sheet.image.pixelColor(5, 5) if view.has_picture else None

    gates["lectures.pdf"].set()
    wait_until(qtbot, lambda: seen() == colours["lectures.pdf"])
    page._tabs.setCurrentIndex(1)
    assert page.proposal is not None
    assert page.proposal.draft.kind.name == "tests"
    assert seen() is None, "the page of the lectures is gone at once"
    assert view._sheet.words == "Drawing the page"

    page._tabs.setCurrentIndex(0)
    wait_until(qtbot, lambda: seen() == colours["lectures.pdf"])
    gates["tests.pdf"].set()  # the picture of the tests comes once nobody looks at them any more
    wait_until_idle(qtbot, window)
    assert seen() == colours["lectures.pdf"]
    page._tabs.setCurrentIndex(1)
    wait_until(qtbot, lambda: seen() == colours["tests.pdf"])


def calendar_of(window: MainWindow) -> AcademicCalendar:
    view = window.session.state.view
    assert view is not None
    return view.calendar


def test_a_recess_is_changed_in_the_review(open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, LECTURES), qtbot)
    wait_until(qtbot, page._terms.isVisible)
    last = next(each for each in page.findChildren(QDateEdit) if each.accessibleName() == "April recess, last day")
    last.setDate(QDate(2026, 4, 3))
    press(qtbot, page, "Accept 8 meetings")
    wait_until(qtbot, lambda: calendar_of(window).confirmed)
    assert [(each.start, each.end) for each in calendar_of(window).recesses if each.id == "april"] == [
        (date(2026, 3, 29), date(2026, 4, 3))
    ]


def test_a_recess_is_taken_out_in_the_review(open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, LECTURES), qtbot)
    wait_until(qtbot, page._terms.isVisible)
    recess = next(each for each in page.findChildren(QCheckBox) if each.text() == "April recess")
    recess.setChecked(False)
    last = next(each for each in page.findChildren(QDateEdit) if each.accessibleName() == "April recess, last day")
    assert not last.isEnabled(), "its dates count for nothing"
    press(qtbot, page, "Accept 8 meetings")
    wait_until(qtbot, lambda: calendar_of(window).confirmed)
    assert "april" not in {each.id for each in calendar_of(window).recesses}
    view = window.session.state.view
    assert view is not None
    assert any(date(2026, 3, 30) <= each.date <= date(2026, 4, 2) for each in view.occurrences), "classes go on"


def test_dates_confirmed_elsewhere_are_not_asked_about_again(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(profile)
    page = review_of(window, write_pdfs(tmp_path, LECTURES), qtbot)
    wait_until(qtbot, page._terms.isVisible)
    window.session.perform(confirm_year(2026))
    wait_until_idle(qtbot, window)
    assert not page._terms.isVisible()
