"""Running without the window: closing it, reopening it, the one-time question about it, and reminder times."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop import autostart
from desktop.domain.event_kinds import EventKind
from desktop.handover import Request
from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.app.resident import Resident
from desktop.ui.pages.page import Page
from desktop.ui.tray.notifications import Notification
from desktop.workflows import export
from tests.gui.conftest import Opener
from tests.gui.semester import write_pdfs
from tests.gui.user_actions import choose_entry, combo_box, control, controls, shows_text, wait_until

ASKED = "This program can remind you of classes and tests, also while its window is closed."


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


def resident_of(window: MainWindow) -> Resident:
    resident = Resident(window.session, lambda _session: window, window)
    resident.start()
    return resident


def test_a_closed_window_goes_on_where_the_student_wants_that(
    open_window: Opener, stored: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(stored)
    window.session.change_settings(keep_running="yes")
    resident = resident_of(window)
    window.close()
    assert not window.isVisible()
    assert window.session.is_open
    (pdf,) = write_pdfs(tmp_path)[:1]
    resident._handle_request(Request(background=True))
    assert not window.isVisible(), "another start at login asks for nothing"
    resident._handle_request(Request((pdf,)))
    assert window.isVisible()
    wait_until(qtbot, lambda: shows_text(window, pdf.name))


def test_quit_is_for_good(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.session.change_settings(keep_running="yes")
    resident_of(window)
    with qtbot.waitSignal(window.closed):
        window.close_for_good()
    assert not window.session.is_open


@pytest.mark.parametrize("ends", ["choice", "session"])
def test_a_window_closes_for_good_otherwise(open_window: Opener, stored: Path, qtbot: QtBot, ends: str) -> None:
    window = open_window(stored)
    window.session.change_settings(keep_running="no" if ends == "choice" else "yes")
    resident = resident_of(window)
    if ends == "session":
        resident.prepare_to_quit()
    with qtbot.waitSignal(window.closed):
        window.close()


def test_it_is_asked_about_once(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    resident_of(window)
    assert window.notice_bar.text == ASKED
    assert window.session.settings.keep_running == "no"
    control(window.notice_bar, "Remind me").click()
    assert window.session.settings.keep_running == "yes"
    assert autostart.is_enabled()
    wait_until(qtbot, lambda: window.session.state.view.alarms[EventKind.LECTURE] == (10,))
    assert window.notice_bar.text == "The program keeps running, and starts at login. Settings can change that."
    again = Resident(window.session, lambda _session: window, window)
    window.notice_bar._dismiss_notice()
    again._offer_reminders()
    assert window.notice_bar.text != ASKED


def test_nothing_is_asked_where_there_is_nothing_to_be_reminded_of(open_window: Opener, profile: Path) -> None:
    window = open_window(profile)
    resident_of(window)
    assert window.notice_bar.text == ""
    assert window.session.settings.keep_running == "ask"


def test_times_set_once_are_those_of_every_export(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    window.open_page(routes.ExportRoute())
    page = window.page("export")
    wait_until(qtbot, lambda: page._shown is not None)
    assert alarms(page._shown, EventKind.EXAM) == {(1440, 120, 60)}, "an exam reminds an hour before as well"
    assert alarms(page._shown, EventKind.LECTURE) == {()}
    choose_entry(combo_box(settings_of(window, qtbot), "Classes"), "15 minutes before")
    wait_until(qtbot, lambda: window.session.state.view.alarms[EventKind.LECTURE] == (15,))
    choose_entry(combo_box(settings_of(window, qtbot), "Exams"), "1 week, 1 day and 1 hour before")
    wait_until(qtbot, lambda: window.session.state.view.alarms[EventKind.EXAM] == (7 * 1440, 1440, 60))
    window.open_page(routes.ExportRoute())
    wait_until(qtbot, lambda: alarms(page._shown, EventKind.LECTURE) == {(15,)})
    assert alarms(page._shown, EventKind.EXAM) == {(7 * 1440, 1440, 60)}
    assert b"TRIGGER:-P7D" in page._shown.body
    view = window.session.state.view
    shown = export.preview_ics(window.session.app.store, view, export.ExportOptions(), datetime.now(UTC))
    assert alarms(shown, EventKind.LECTURE) == {(15,)}, "whatever options an export was begun with"


def alarms(shown: export.IcsPreview, kind: EventKind) -> set[tuple[int, ...]]:
    return {each.alarms for each in shown.events if each.kind is kind}


def settings_of(window: MainWindow, qtbot: QtBot) -> Page[Any]:
    window.open_page(routes.SettingsRoute())
    page = window.page("settings")
    wait_until(qtbot, lambda: "Start at login, without the window" in controls(page))
    return page


def test_settings_of_this_machine_are_kept(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    page = settings_of(window, qtbot)
    choose_entry(combo_box(page, "Quiet from"), "23:00")
    choose_entry(combo_box(page, "Quiet until"), "07:30")
    choose_entry(combo_box(page, "Tomorrow’s classes at"), "Off")
    control(page, "Show reminders on this computer").click()
    settings = window.session.settings
    assert (settings.quiet_from, settings.quiet_until, settings.evening) == ("23:00", "07:30", "")
    assert not settings.reminders
    control(page, "Start at login, without the window").click()
    assert autostart.is_enabled()
    control(page, "Start at login, without the window").click()
    assert not autostart.is_enabled()
    control(page, "Keep running when the window is closed").click()
    assert window.session.settings.keep_running == "yes"


def test_what_cannot_be_changed_is_said(open_window: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "config").write_text("a file in the way")
    window = open_window(stored)
    starts = control(settings_of(window, qtbot), "Start at login, without the window")
    starts.click()
    assert not starts.isChecked()
    assert window.notice_bar.text.startswith("Starting at login cannot be changed:")


def test_where_the_system_shows_nothing_the_window_does(open_window: Opener, stored: Path) -> None:
    window = open_window(stored)
    resident = resident_of(window)
    resident.notifications.show(Notification("x", "ABC 101 · L2", "08:30\nHall 2"))
    assert window.notice_bar.text == "ABC 101 · L2: 08:30, Hall 2"
