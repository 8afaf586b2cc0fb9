"""A window in Afrikaans: no English text appears, whatever is done and whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import icalendar
import pytest
from PySide6.QtCore import QTime
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.config import Settings
from desktop.document_types.rows import LectureRow
from desktop.domain.clashes import apply_solution
from desktop.domain.commands import calendar_commands, choices, edits
from desktop.domain.messages import Message
from desktop.domain.records.records import Act
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.terms import Recess
from desktop.ui import routes
from desktop.ui.app.main import make_window
from desktop.ui.app.main_window import MainWindow
from desktop.ui.app.profile_error import ProfileErrorPage
from desktop.ui.pages.event import EventPage
from desktop.ui.pages.export import ExportPage
from desktop.ui.pages.history import HistoryPage
from desktop.ui.pages.push.page import PushPage
from desktop.ui.pages.review.page import ReviewPage
from desktop.ui.pages.settings import SettingsPage
from desktop.ui.pages.sync.sign_in import SignInForm
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.pages.week.paint import day_reason
from desktop.ui.routes import PAGES, PAGES_BY_NAME
from desktop.ui.session.import_queue import ReadStage
from desktop.ui.texts.language import set_language, translate_message
from desktop.ui.theme.style import appearance
from desktop.workflows import imports, timetable
from desktop.workflows.timetable import View
from tests.clients import servers
from tests.drawing.marks import write
from tests.drawing.timetables import sheets
from tests.gui.account import PASSWORD, Person, sign_in_form, sync_page
from tests.gui.conftest import Opener
from tests.gui.reading import all_texts, english_texts
from tests.gui.semester import LECTURES, TESTS, draft, lecture, write_pdfs
from tests.gui.user_actions import (
    choose_entry,
    combo_box,
    controls,
    list_texts,
    press,
    visible_texts,
    wait_until,
    wait_until_idle,
)
from tests.sync.serving import ServerProcess

TODAY = date(2026, 3, 24)


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("radicale")
    with servers.radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


@pytest.fixture
def speak(open_window: Opener, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens windows in Afrikaans, in which no message may be flattened to English by an f-string on its way."""

    def flattened(phrase: Message, _form: str) -> str:
        raise AssertionError(f"flattened: {phrase.template}")

    set_language(qapp, "af")
    monkeypatch.setattr(Message, "__format__", flattened, raising=False)
    yield open_window
    set_language(qapp, "en")


def shown(window: MainWindow) -> View:
    view = window.session.state.view
    assert view is not None
    return view


def item(window: MainWindow, label: str) -> Meeting | Assessment:
    found = next(each for each in shown(window).timetable.items() if getattr(each, "label", "") == label)
    assert isinstance(found, Meeting | Assessment)
    return found


@pytest.mark.parametrize("name", [entry.name for entry in PAGES if entry.name != "document"])
def test_a_page_holds_no_english(speak: Opener, stored: Path, name: str, qtbot: QtBot) -> None:
    window = speak(stored)
    window.open_page(PAGES_BY_NAME[name].route())
    wait_until_idle(qtbot, window)
    assert window.page(name).isVisible()
    assert english_texts(window) == []


def test_the_language_is_changed_with_every_page_open(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    with App.open(profile) as app:
        imports.accept(app.store, imports.propose(app.store, draft(LECTURES), "lectures.pdf", TODAY))
        year_module = draft([*TESTS, replace(TESTS[0], date=date(2026, 8, 7))], "tests")
        imports.accept(app.store, imports.propose(app.store, year_module, "tests.pdf", TODAY))
    window = open_window(profile)
    window.read_files(write_pdfs(tmp_path, [lecture("ABC 101", "L1", 2, "08:30", "09:20", "Hall 1")]))
    wait_until(qtbot, lambda: window.current_page == "review")
    wait_until_idle(qtbot, window)
    for entry in PAGES:
        window.open_page(entry.route())
        wait_until_idle(qtbot, window)
    try:
        window.open_page(routes.SettingsRoute())
        choose_entry(combo_box(window, "Language"), "Afrikaans")
        for entry in PAGES:
            window.open_page(entry.route())
            wait_until_idle(qtbot, window)
            assert english_texts(window) == [], entry.name
    finally:
        set_language(qapp, "en")


def test_a_row_being_corrected_stays_in_another_language_theme_and_size(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    window = open_window(profile)
    window.read_files(write_pdfs(tmp_path, LECTURES))
    wait_until(qtbot, lambda: window.current_page == "review")
    wait_until_idle(qtbot, window)
    press(qtbot, window, "Edit row")

    def venue() -> QLineEdit:
        return next(each for each in window.findChildren(QLineEdit) if each.accessibleName() in ("Where", "Waar"))

    venue().clear()
    qtbot.keyClicks(venue(), "Hall 99")
    try:
        set_language(qapp, "af")
        appearance().apply(qapp, theme="dark", scale=150, animations=False)
        wait_until_idle(qtbot, window)
        assert venue().text() == "Hall 99"
        assert venue().accessibleName() == "Waar"
        assert {"Aktiwiteit", "Groep", "Dag", "Tyd", "Waar"} <= set(visible_texts(window))
        press(qtbot, window, "Bewaar")
        wait_until_idle(qtbot, window)
    finally:
        set_language(qapp, "en")
        appearance().apply(qapp, theme="light", scale=100, animations=False)
    (proposal,) = window.session.import_queue.proposals
    assert [each.venue for each in proposal.draft.rows if isinstance(each, LectureRow)].count("Hall 99") == 1


def test_what_is_missing_is_said_with_what_to_do(speak: Opener, profile: Path, qtbot: QtBot) -> None:
    with App.open(profile) as app:
        for number, rows in enumerate((LECTURES, TESTS)):
            imports.accept(app.store, imports.propose(app.store, draft(rows), f"{number}.pdf", TODAY))
    window = speak(profile, page="assessments")
    wait_until_idle(qtbot, window)
    assert any("Geen eksamens is ingevoer nie." in each for each in list_texts(window.page("assessments")))
    assert any("Druk “Export Exam Timetable”" in each for each in list_texts(window.page("assessments")))
    assert english_texts(window) == []


def test_documents_are_read_refused_and_reviewed(speak: Opener, profile: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = speak(profile)
    files = write_pdfs(tmp_path)
    wrong_day = sheets(TESTS)
    for sheet in wrong_day:
        sheet.texts = [text._replace(text="Monday") if text.text.strip() == "Friday" else text for text in sheet.texts]
    files[1].write_bytes(write(wrong_day))
    scan, note = tmp_path / "scan.pdf", tmp_path / "note.pdf"
    scan.write_bytes(b"not a PDF at all")
    note.write_bytes(write([replace(sheet, texts=sheet.texts[2:5], rules=[]) for sheet in sheets(TESTS)]))
    window.open_page(routes.ImportRoute())
    window.read_files([*files, scan, note, tmp_path / "away.pdf"])
    wait_until(qtbot, lambda: not any(entry.is_open for entry in window.session.import_queue.entries))
    wait_until_idle(qtbot, window)
    refused = [entry for entry in window.session.import_queue.entries if entry.stage is ReadStage.REFUSED]
    assert len(refused) == 3
    assert "is nie ’n PDF nie" in refused[0].details()
    window.open_page(routes.ImportRoute())
    assert english_texts(window) == []

    window.open_page(routes.ReviewRoute())
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    wait_until_idle(qtbot, window)
    seen: set[str] = set()
    for number in range(len(window.session.import_queue.proposals)):
        review._tabs.setCurrentIndex(number)
        wait_until_idle(qtbot, window)
        assert english_texts(window) == []
        seen |= set(all_texts(review))
    assert any("verwag ’n Maandag, gevind 27 Mrt. 2026, wat ’n Vrydag is" in text for text in seen)
    press(qtbot, review, next(words for words in controls(review) if words.startswith("Aanvaar ")))
    wait_until(qtbot, lambda: window.current_page == "first-run")
    assert english_texts(window) == []


def test_what_is_done_undone_and_done_again(speak: Opener, stored: Path, qtbot: QtBot) -> None:
    window = speak(stored, page="week")
    for act in acts(window):
        window.session.perform(act)
        wait_until_idle(qtbot, window)
        assert english_texts(window) == [], act.title
        done = window.notice_bar.text
        assert done != str(act.title), f"{act.title} was said in English"
        window.open_page(routes.HistoryRoute())
        wait_until_idle(qtbot, window)
        assert english_texts(window) == []
        window.session.undo()
        wait_until_idle(qtbot, window)
        assert window.notice_bar.text == f"{done} – ongedaan gemaak"
        window.session.redo()
        wait_until_idle(qtbot, window)
        assert window.notice_bar.text == done


def acts(window: MainWindow) -> Iterator[Act]:
    """One of everything a student does to a timetable, each made when the one before it is done."""

    def now() -> View:
        return shown(window)

    key = next(key for key in now().timetable.choices if key.kind == "P")
    lab, clash = item(window, "ABC 101 · L1"), now().clashes[0]
    hall, exam, test = (item(window, each) for each in ("GHI 303 · L1", "ABC 101 · Exam Written", "ABC 101 · Test1"))
    yield choices.choose_group(now().timetable, key, "P02")
    yield choices.pin_group(now().timetable, key)
    yield choices.unpin_group(now().timetable, key)
    yield choices.clear_choice(now().timetable, key)
    yield choices.choose_groups(now().timetable, {key: "P01"})
    yield edits.rename_module(now().timetable, "ABC 101", "Fisika")
    yield edits.recolour_module(now().timetable, "ABC 101", Colour.TOMATO)
    yield edits.recolour_module(now().timetable, "ABC 101", None)
    yield edits.rename_module(now().timetable, "ABC 101", "")
    yield choices.hide_item(now().timetable, lab.id)
    yield choices.show_item(now().timetable, lab.id)
    yield choices.hide_module(now().timetable, "ABC 101")
    yield choices.show_module(now().timetable, "ABC 101")
    yield choices.skip_date(now().timetable, lab.id, date(2026, 3, 30))
    yield choices.restore_date(now().timetable, lab.id, date(2026, 3, 30))
    yield edits.set_room(now().timetable, hall.id, "Hall 6")
    yield edits.set_room(now().timetable, hall.id, None)
    yield edits.move_meeting(now().timetable, lab.id, Slot(2, time(12, 30), time(13, 20)))
    yield edits.move_assessment(now().timetable, exam.id, date(2026, 6, 10), time(8), time(10))
    yield edits.set_venues(now().timetable, test.id, ("Saal 9",))
    yield edits.set_note(now().timetable, test.id, "Sakrekenaar")
    yield edits.set_note(now().timetable, test.id, "")
    yield edits.drop_edit(now().timetable, lab.id, "slot")
    yield edits.drop_edit(now().timetable, test.id, "venues")
    yield choices.accept_clash(now().timetable, *clash.ids)
    yield choices.unaccept_clash(now().timetable, *clash.ids)
    event = OwnEvent("2026/event/koor", 2026, "Koor", time(18), time(20), weekday=2, offered="S1")
    yield edits.save_event(now().timetable, event)
    yield edits.save_event(now().timetable, replace(event, venue="Kapel"))
    yield edits.delete_event(now().records, now().timetable, event.id)
    recess = Recess("r", date(2026, 4, 1), date(2026, 4, 6))
    yield calendar_commands.set_recess(now().records, 2026, recess)
    yield calendar_commands.set_recess(now().records, 2026, replace(recess, end=date(2026, 4, 2)))
    yield calendar_commands.remove_recess(now().records, 2026, recess)
    yield calendar_commands.move_term(2026, "S1", date(2026, 2, 10), date(2026, 5, 22))
    yield calendar_commands.reset_term(2026, "S1")
    yield calendar_commands.mark_day_off(2026, date(2026, 3, 25))
    yield calendar_commands.mark_ordinary_day(2026, date(2026, 3, 25))
    yield calendar_commands.swap_day(2026, date(2026, 3, 26), 1)
    yield calendar_commands.set_holiday_counts(2026, date(2026, 4, 27), "Freedom Day", counts=False)
    yield calendar_commands.set_holiday_counts(2026, date(2026, 4, 27), "Freedom Day", counts=True)
    yield calendar_commands.choose_region(2026, "none")
    yield calendar_commands.choose_region(2026, "ZA")
    yield calendar_commands.confirm_year(2026)


def test_the_reasons_of_days(speak: Opener, stored: Path, qtbot: QtBot) -> None:
    with App.open(stored) as app:
        timetable.apply_act(app.store, calendar_commands.mark_day_off(2026, date(2026, 3, 24)))
        timetable.apply_act(app.store, calendar_commands.swap_day(2026, date(2026, 3, 25), 0))
        recess = Recess("r", date(2026, 5, 11), date(2026, 5, 13))
        timetable.apply_act(app.store, calendar_commands.set_recess(app.store.records(), 2026, recess))
    window = speak(stored, page="week")
    page, found = window.page("week"), set()
    assert isinstance(page, WeekPage)
    for weeks in range(12):
        window.session.state.show_week(TODAY + timedelta(weeks=weeks))
        wait_until_idle(qtbot, window)
        assert english_texts(window) == []
        assert page.grid.week is not None
        found |= {day_reason(day) for day in page.grid.week.days}
    assert found == {
        *("", "Geen lesings nie", "Maandag se rooster", "Reses", "Goeie Vrydag", "Gesinsdag", "Vryheidsdag"),
        *("Werkersdag", "Aprilreses", "Vrydag se rooster", "Studiedag", "Toetsweek", "Eksamens"),
    }


def test_clashes_and_what_ends_them(speak: Opener, stored: Path, qtbot: QtBot) -> None:
    with App.open(stored) as app:
        view = timetable.compute_view(app.store, 2026, TODAY)
        test = next(each for each in view.timetable.assessments if each.name == "Test1")
        moved = edits.move_assessment(view.timetable, test.id, date(2026, 4, 13), time(8, 30), time(9, 20))
        timetable.apply_act(app.store, moved)
    window = speak(stored)
    window.open_page(routes.ClashesRoute())
    wait_until_idle(qtbot, window)
    assert english_texts(window) == []
    solution = next(each for clash in shown(window).clashes for each in clash.solutions if each.skipped)
    window.session.perform(apply_solution(shown(window).timetable, solution))
    wait_until_idle(qtbot, window)
    assert window.notice_bar.text == "Oorgeslaan: ABC 101 · L1 op 13 April"
    assert translate_message(shown(window).clashes[0].words).startswith(
        "DEF 202 · L2 en DEF 202 · T1 is albei op Woensdag van"
    )


def test_plans_where_none_is_free_of_clashes(speak: Opener, profile: Path, qtbot: QtBot) -> None:
    rows = (
        lecture("ABC 101", "P1", 0, "08:30", "10:20", "Lab 1", "P01"),
        lecture("ABC 101", "P1", 1, "08:30", "10:20", "Lab 1", "P02"),
        lecture("DEF 202", "L1", 0, "08:30", "09:20", "Hall 1"),
        lecture("DEF 202", "L2", 1, "08:30", "09:20", "Hall 1"),
    )
    with App.open(profile) as app:
        imports.accept(app.store, imports.propose(app.store, draft(rows), "lectures.pdf", TODAY, year=2026))
    window = speak(profile, page="plan")
    page = window.page("plan")
    wait_until(qtbot, lambda: any("bots altyd in die groepe" in text for text in visible_texts(page)))
    wait_until_idle(qtbot, window)
    assert english_texts(window) == []
    press(qtbot, page, "Gebruik hierdie plan")
    wait_until_idle(qtbot, window)
    assert english_texts(window) == []


def test_a_second_document_with_questions(speak: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    changed = (
        *(replace(row, venue="Hall 9") for row in LECTURES[:1]),
        *(replace(row, group=group) for row, group in zip(LECTURES[2:4], ("P03", "P04"), strict=True)),
        lecture("DEF 202", "L1", 2, "10:30", "11:20", "Hall 3"),
        lecture("DEF 202", "L2", 1, "10:30", "11:20", "Hall 3"),
        lecture("GHI 303", "L2", 3, "07:30", "08:20", "Hall 5"),
    )
    window = speak(stored)
    window.open_page(routes.ImportRoute())
    window.read_files(write_pdfs(tmp_path, changed))
    wait_until(qtbot, lambda: window.current_page == "review")
    wait_until_idle(qtbot, window)
    assert english_texts(window) == []
    proposal = window.session.import_queue.proposals[0]
    assert proposal.comparison.scopes
    assert translate_message(proposal.comparison.scopes[0].words).startswith("Hierdie dokument het al die")


def test_troubles_are_said_with_what_to_do(speak: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = speak(stored)
    window.open_page(routes.EventRoute(start=TODAY))
    page = window.page("event")
    assert isinstance(page, EventPage)
    page._what.setText("Koor")
    page._start.setTime(QTime(18, 0))
    page._end.setTime(QTime(17, 0))
    press(qtbot, page, "Stoor")
    wait_until_idle(qtbot, window)
    assert english_texts(window) == []

    window.open_page(routes.ExportRoute())
    export = window.page("export")
    assert isinstance(export, ExportPage)
    wait_until(qtbot, lambda: export._shown is not None)
    export.save_to(tmp_path / "away" / "mine.ics")
    wait_until_idle(qtbot, window)
    assert window.notice_bar.text.startswith("Die vouer ")
    assert english_texts(window) == []

    form = sign_in_form(sync_page(window, qtbot), qtbot)
    form._server.setText("http://127.0.0.1:9")
    form._name.setText(Person.name)
    form._password.setText(PASSWORD)
    form._go.click()
    wait_until(qtbot, lambda: form._wrong.isVisible() and form.isEnabled())
    assert form._wrong.text().startswith("127.0.0.1:9 kon nie bereik word nie.")
    assert english_texts(window) == []

    for wrong in (lambda: calendar_commands.mark_day_off(2026, date(2028, 1, 1)), lambda: Slot(1, time(9), time(8))):
        with pytest.raises(Exception, match=r".") as trouble:
            wrong()
        window.session.notices.show_error(trouble.value)
        assert english_texts(window) == []


def test_a_calendar_account_is_looked_at_or_out_of_reach(
    speak: Opener, stored: Path, radicale: str, qtbot: QtBot
) -> None:
    window = speak(stored)
    window.open_page(routes.PushRoute())
    page = window.page("calendars")
    assert isinstance(page, PushPage)
    wait_until_idle(qtbot, window)
    assert english_texts(window) == []
    press(qtbot, page, "Sluit almal as voorlopig in")
    wait_until_idle(qtbot, window)
    for way in [chip.text() for chip in page.form._chips.values()]:
        press(qtbot, page.form, way)
        assert english_texts(window) == [], way
    press(qtbot, page, "’n Ander bediener")
    page.form.user.setText(servers.USER)
    for address, password in (("http://127.0.0.1:9/", "x"), (radicale, "wrong"), (radicale, servers.PASSWORD)):
        page.form.server.setText(address)
        page.form.password.setText(password)
        press(qtbot, page, "Wys wat geskryf sou word")
        wait_until_idle(qtbot, window)
        assert english_texts(window) == []
    wait_until(qtbot, lambda: page.plan is not None)
    wait_until_idle(qtbot, window)
    press(qtbot, page, next(words for words in controls(page) if words.startswith("Skryf ")))
    wait_until_idle(qtbot, window)
    assert english_texts(window) == []


def test_an_account_made_and_joined_from_another_machine(
    speak: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    first = speak(stored)
    page = sync_page(first, qtbot)
    form = sign_in_form(page, qtbot)
    for way in ("Ek het ’n kode", "Wagwoord vergeet", "Skep ’n rekening"):
        press(qtbot, form, way)
        assert english_texts(first) == []
    _sign_in(form, server.address, PASSWORD)
    wait_until(qtbot, lambda: "Ek het dit bewaar" in controls(page))
    assert english_texts(first) == []
    field = next(each for each in page.findChildren(QLineEdit) if each.isVisible())
    qtbot.keyClicks(field, page._recovery.replace("-", " ").split()[-1])
    press(qtbot, page, "Ek het dit bewaar")
    wait_until(qtbot, lambda: any(text.startswith("Op datum sedert") for text in visible_texts(page)))
    wait_until_idle(qtbot, first)
    assert english_texts(first) == []
    first.open_page(routes.PublishRoute())
    wait_until_idle(qtbot, first)
    press(qtbot, first.page("publish"), "Sluit almal as voorlopig in")
    wait_until_idle(qtbot, first)
    press(qtbot, first.page("publish"), "Publiseer dit")
    wait_until_idle(qtbot, first)
    assert english_texts(first) == []

    other = tmp_path / "second"
    with App.open(other) as app:
        imports.accept(app.store, imports.propose(app.store, draft(TESTS), "tests.pdf", TODAY, year=2026))
        renamed = edits.rename_module(timetable.compute_view(app.store, 2026, TODAY).timetable, "ABC 101", "Fisika")
        timetable.apply_act(app.store, renamed)
    second = speak(other)
    form = sign_in_form(sync_page(second, qtbot), qtbot)
    _sign_in(form, server.address, "the wrong sentence")
    wait_until(qtbot, lambda: form._wrong.isVisible() and form.isEnabled())
    assert english_texts(second) == []
    _sign_in(form, server.address, PASSWORD)
    wait_until(qtbot, lambda: "Voeg hulle saam" in controls(second.page("sync")))
    wait_until_idle(qtbot, second)
    assert english_texts(second) == []
    press(qtbot, second.page("sync"), "Voeg hulle saam")
    wait_until(qtbot, lambda: any(text.startswith("Op datum sedert") for text in visible_texts(second.page("sync"))))
    wait_until_idle(qtbot, second)
    assert english_texts(second) == []


def _sign_in(form: SignInForm, address: str, password: str) -> None:
    form._server.setText(address)
    form._name.setText(Person.name)
    form._password.setText(password)
    form._again.setText(password)
    form._go.click()


def test_a_profile_that_cannot_be_opened(speak: Opener, stored: Path, qtbot: QtBot) -> None:
    database = stored / "timetable.sqlite3"
    database.write_bytes(b"not a database.." + database.read_bytes()[16:])
    window = make_window(stored, Settings())
    qtbot.addWidget(window)
    window.show()
    window.open_profile()
    wait_until(qtbot, lambda: window.findChild(ProfileErrorPage) is not None)
    assert english_texts(window) == []
    window.close()


def test_another_language_says_the_past_anew(speak: Opener, stored: Path, qapp: QApplication, qtbot: QtBot) -> None:
    window = speak(stored)
    lab = item(window, "ABC 101 · L1")
    window.session.perform(edits.move_meeting(shown(window).timetable, lab.id, Slot(2, time(12, 30), time(13, 20))))
    wait_until_idle(qtbot, window)
    window.open_page(routes.HistoryRoute())
    wait_until_idle(qtbot, window)
    page = window.page("history")
    assert isinstance(page, HistoryPage)
    assert window.notice_bar.text == "Verskuif: ABC 101 · L1 na Woensdag 12:30 tot 13:20"
    assert page._undo.toolTip() == window.notice_bar.text
    set_language(qapp, "en")
    wait_until(qtbot, lambda: window.notice_bar.text == "Moved ABC 101 · L1 to Wednesday 12:30 to 13:20")
    wait_until_idle(qtbot, window)
    assert page._undo.toolTip() == "Moved ABC 101 · L1 to Wednesday 12:30 to 13:20"


def test_a_calendar_is_written_in_afrikaans(speak: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = speak(stored)
    window.open_page(routes.ExportRoute())
    export = window.page("export")
    assert isinstance(export, ExportPage)
    wait_until(qtbot, lambda: export._shown is not None)
    export.save_to(tmp_path / "mine.ics")
    wait_until(qtbot, (tmp_path / "mine.ics").exists)
    wait_until_idle(qtbot, window)
    events = icalendar.Calendar.from_ical((tmp_path / "mine.ics").read_bytes()).walk("VEVENT")
    exam = next(each for each in events if "DEF 202 · Exam" in each["SUMMARY"])
    assert str(exam["SUMMARY"]).endswith("(voorlopig)")
    assert "PRELIM: die universiteit kan dit nog verander." in exam["DESCRIPTION"]
    assert "Bron: die dokument “Exams” van UP se studenteportaal." in exam["DESCRIPTION"]


def test_a_file_that_is_no_backup_is_refused(speak: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = speak(stored, page="settings")
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    (tmp_path / "notas.upschedule").write_bytes(b"no backup")
    page.backups.inspect(tmp_path / "notas.upschedule")
    wait_until(qtbot, window.notice_bar.isVisible)
    assert any(
        "notas.upschedule is beskadig, of glad nie ’n rugsteun nie." in each
        for each in visible_texts(window.notice_bar)
    )
    assert english_texts(window.notice_bar) == []
