"""Text from documents, friends' calendars, files and servers is shown literally, never as markup."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint
from PySide6.QtGui import QAction, QHelpEvent, Qt, QTextDocumentFragment
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTabBar, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.commands.calendar_commands import confirm_year
from desktop.domain.commands.edits import rename_module, save_event, set_note
from desktop.domain.errors import StorageError
from desktop.domain.timetable.events import OwnEvent
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.friends.page import FriendsPage
from desktop.ui.pages.week.grid import WeekGrid
from desktop.ui.routes import PAGES
from desktop.workflows import friends, imports, timetable
from tests.gui.conftest import Opener
from tests.gui.semester import draft, lecture
from tests.gui.user_actions import wait_until, wait_until_idle

PICTURE = "<img src=/dev/null>"  # taken for markup, /dev/zero would fill the memory of whoever runs this
BOLD, ENTITY = "<b>bold</b>", "&lt;b&gt;"
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//f//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    f"SUMMARY:{PICTURE}\r\nLOCATION:{BOLD}\r\n"
    "DTSTART:20260324T100000Z\r\nDTEND:20260324T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def address() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(CALENDAR)))
            self.end_headers()
            self.wfile.write(CALENDAR.encode())

        def log_message(self, *_: object) -> None: ...

    served = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}/ann.ics"
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.fixture
def hostile(profile: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile in which everything that others name is named like markup."""
    monkeypatch.setattr(FriendsPage, "loopback", True)
    rows = (
        lecture("ABC 101", "L1", 0, "08:30", "09:20", PICTURE),
        lecture("ABC 101", "L1", 0, "08:30", "09:20", BOLD),
        lecture("ABC 101", "P1", 3, "14:30", "17:20", PICTURE, "P01"),
        lecture("ABC 101", "P1", 4, "14:30", "17:20", ENTITY, "P02"),
        lecture("DEF 202", "L1", 0, "08:40", "09:30", ENTITY),
    )
    with App.open(profile) as app:
        imports.accept(app.store, imports.propose(app.store, draft(rows), f"{PICTURE}.pdf", date(2026, 3, 1)))
        timetable.apply_act(app.store, confirm_year(2026))
        event = OwnEvent("2026/event/1", 2026, PICTURE, time(18), time(19), on=date(2026, 3, 24), venue=BOLD)
        shown = timetable.compute_view(app.store, 2026, date(2026, 3, 24)).timetable
        timetable.apply_act(app.store, save_event(shown, event))
        timetable.apply_act(app.store, rename_module(shown, "ABC 101", BOLD))
        timetable.apply_act(app.store, set_note(shown, shown.meetings[0].id, f"{PICTURE} {ENTITY}"))
        friends.add(app.store, PICTURE, address, loopback=True)
    return profile


def items(view: QAbstractItemView) -> Iterator[QModelIndex]:
    model, waiting = view.model(), [QModelIndex()]
    while model is not None and waiting:
        parent = waiting.pop()
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
        for number in range(model.rowCount(parent)):
            yield from (model.index(number, column, parent) for column in range(columns))
            waiting.append(model.index(number, 0, parent))


def tooltips(window: MainWindow) -> Iterator[str]:
    """Every tooltip that is set anywhere in the window, as Qt holds it."""
    for widget in window.findChildren(QWidget):
        yield widget.toolTip()
        if isinstance(widget, QTabBar):
            yield from (widget.tabToolTip(number) for number in range(widget.count()))
        if isinstance(widget, QAbstractItemView):
            yield from (str(each.data(Qt.ItemDataRole.ToolTipRole) or "") for each in items(widget))
    yield from (action.toolTip() for action in window.findChildren(QAction))


def hovered(window: MainWindow) -> Iterator[str]:
    """The tooltips at every point of a visible week."""
    for grid in window.findChildren(WeekGrid):
        if not grid.isVisible():
            continue
        for x in range(5, grid.viewport().width(), 60):
            for y in range(5, grid.viewport().height(), 30):
                there = grid.viewport().mapToGlobal(QPoint(x, y))
                QApplication.sendEvent(grid.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(x, y), there))
                yield QToolTip.text()
    QToolTip.hideText()


def read(shown: str) -> str:
    """A tooltip as a person sees it."""
    return QTextDocumentFragment.fromHtml(shown).toPlainText() if Qt.mightBeRichText(shown) else shown


def is_harmless(shown: str) -> bool:
    """Whether nothing in it is fetched or set in bold: what looks like a tag is text."""
    return not Qt.mightBeRichText(shown) or not any(tag in shown for tag in ("<img", "<b>", "<i>"))


def shown_by(window: MainWindow) -> set[str]:
    """All texts of the window, after checking that none of them is markup."""
    labels = [each for each in window.findChildren(QLabel) if each.text() and each.objectName() != "qtooltip_label"]
    assert [each.text() for each in labels if each.textFormat() is not Qt.TextFormat.PlainText] == []
    tips = {*tooltips(window), *hovered(window)}
    assert [each for each in tips if not is_harmless(each)] == []
    return {each.text() for each in labels} | {read(each) for each in tips}


def test_no_page_takes_a_name_for_markup(open_window: Opener, hostile: Path, qtbot: QtBot) -> None:
    window = open_window(hostile)
    seen: dict[str, set[str]] = {}
    for entry in PAGES:
        window.open_page(entry.route())
        wait_until_idle(qtbot, window)
        seen[entry.name] = shown_by(window)
    for page, name in (
        ("today", PICTURE),
        ("week", PICTURE),
        ("week", BOLD),
        ("modules", BOLD),
        ("clashes", BOLD),
        ("export", PICTURE),
        ("history", PICTURE),
        ("friends", PICTURE),
    ):
        assert any(name in text for text in seen[page]), f"{name} is not on {page}: {sorted(seen[page])}"

    view = window.session.state.view
    assert view is not None
    for occurrence in window.session.state.occurrences()[:40]:
        window.session.select(occurrence)
        shown_by(window)
    for item in (*view.timetable.events, view.timetable.meetings[0]):
        window.session.select(item)
        assert any(PICTURE in text for text in shown_by(window))


def test_a_friends_calendar_is_shown_as_it_is_written(open_window: Opener, hostile: Path, qtbot: QtBot) -> None:
    window = open_window(hostile)
    window.open_page(routes.FriendsRoute())
    wait_until(qtbot, lambda: any(PICTURE in read(each) and BOLD in read(each) for each in hovered(window)))
    wait_until_idle(qtbot, window)
    shown_by(window)


def test_files_and_troubles_are_named_as_they_are(
    open_window: Opener, hostile: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(hostile)
    names = ["<img src=x>.pdf", "<b>bold.pdf", "&lt;b&gt;.pdf"]
    for name in names:
        (tmp_path / name).write_bytes(b"nothing")
    window.read_files([tmp_path / name for name in names])
    wait_until_idle(qtbot, window)
    wait_until(qtbot, lambda: all(any(name in text for text in shown_by(window)) for name in names))

    for name in (PICTURE, BOLD, ENTITY):
        window.session.notices.show_success(f"Removed {name}")
        assert any(name in text for text in shown_by(window))
        window.session.notices.show_error(StorageError(f"The server says {name}.", name))
        assert any(name in text for text in shown_by(window))
    window.session.open_failed.emit(StorageError(f"The folder {PICTURE} cannot be made.", BOLD))
    assert any(PICTURE in text for text in shown_by(window))
