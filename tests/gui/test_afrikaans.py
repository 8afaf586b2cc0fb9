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
from desktop.domain.clashes import solve
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
from desktop.ui.app.profile_error import ProfileError
from desktop.ui.pages.event import EventPage
from desktop.ui.pages.export import ExportPage
from desktop.ui.pages.history import HistoryPage
from desktop.ui.pages.push.page import PushPage
from desktop.ui.pages.review.page import ReviewPage
from desktop.ui.pages.settings import SettingsPage
from desktop.ui.pages.sync.sign_in import SignInForm
from desktop.ui.pages.week.page import WeekPage
from desktop.ui.pages.week.paint import day_reason
from desktop.ui.routes import BY_NAME, PAGES
from desktop.ui.session.import_queue import Stage
from desktop.ui.texts.language import say, set_language
from desktop.ui.theme.style import look
from desktop.workflows import imports, timetable
from desktop.workflows.timetable import View
from tests.clients import servers
from tests.drawing.marks import write
from tests.drawing.timetables import sheets
from tests.gui.account import PASSWORD, Person, entrance, sync_page
from tests.gui.conftest import Opener
from tests.gui.hands import box, controls, listed, pick, press, said, settle, until
from tests.gui.reading import english, texts
from tests.gui.semester import LECTURES, TESTS, draft, lecture, write_pdfs
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
    window.open_page(BY_NAME[name].route())
    settle(qtbot, window)
    assert window.page(name).isVisible()
    assert english(window) == []


def test_the_language_is_changed_with_every_page_open(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    with App.open(profile) as app:
        imports.accept(app.store, imports.propose(app.store, draft(LECTURES), "lectures.pdf", TODAY))
        year_module = draft([*TESTS, replace(TESTS[0], date=date(2026, 8, 7))], "tests")
        imports.accept(app.store, imports.propose(app.store, year_module, "tests.pdf", TODAY))
    window = open_window(profile)
    window.read_files(write_pdfs(tmp_path, [lecture("ABC 101", "L1", 2, "08:30", "09:20", "Hall 1")]))
    until(qtbot, lambda: window.current == "review")
    settle(qtbot, window)
    for entry in PAGES:
        window.open_page(entry.route())
        settle(qtbot, window)
    try:
        window.open_page(routes.SettingsRoute())
        pick(box(window, "Language"), "Afrikaans")
        for entry in PAGES:
            window.open_page(entry.route())
            settle(qtbot, window)
            assert english(window) == [], entry.name
    finally:
        set_language(qapp, "en")


def test_a_row_being_corrected_stays_in_another_language_theme_and_size(
    open_window: Opener, profile: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    window = open_window(profile)
    window.read_files(write_pdfs(tmp_path, LECTURES))
    until(qtbot, lambda: window.current == "review")
    settle(qtbot, window)
    press(qtbot, window, "Edit row")

    def venue() -> QLineEdit:
        return next(each for each in window.findChildren(QLineEdit) if each.accessibleName() in ("Where", "Waar"))

    venue().clear()
    qtbot.keyClicks(venue(), "Hall 99")
    try:
        set_language(qapp, "af")
        look().apply(qapp, theme="dark", scale=150, moves=False)
        settle(qtbot, window)
        assert venue().text() == "Hall 99"
        assert venue().accessibleName() == "Waar"
        assert {"Aktiwiteit", "Groep", "Dag", "Tyd", "Waar"} <= set(said(window))
        press(qtbot, window, "Bewaar")
        settle(qtbot, window)
    finally:
        set_language(qapp, "en")
        look().apply(qapp, theme="light", scale=100, moves=False)
    (proposal,) = window.session.import_queue.proposals
    assert [each.venue for each in proposal.draft.rows if isinstance(each, LectureRow)].count("Hall 99") == 1


def test_what_is_missing_is_said_with_what_to_do(speak: Opener, profile: Path, qtbot: QtBot) -> None:
    with App.open(profile) as app:
        for number, rows in enumerate((LECTURES, TESTS)):
            imports.accept(app.store, imports.propose(app.store, draft(rows), f"{number}.pdf", TODAY))
    window = speak(profile, page="assessments")
    settle(qtbot, window)
    assert any("Geen eksamens is ingevoer nie." in each for each in listed(window.page("assessments")))
    assert any("Druk “Export Exam Timetable”" in each for each in listed(window.page("assessments")))
    assert english(window) == []


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
    until(qtbot, lambda: not any(entry.is_open for entry in window.session.import_queue.entries))
    settle(qtbot, window)
    refused = [entry for entry in window.session.import_queue.entries if entry.stage is Stage.REFUSED]
    assert len(refused) == 3
    assert "is nie ’n PDF nie" in refused[0].details()
    window.open_page(routes.ImportRoute())
    assert english(window) == []

    window.open_page(routes.ReviewRoute())
    review = window.page("review")
    assert isinstance(review, ReviewPage)
    settle(qtbot, window)
    seen: set[str] = set()
    for number in range(len(window.session.import_queue.proposals)):
        review._tabs.setCurrentIndex(number)
        settle(qtbot, window)
        assert english(window) == []
        seen |= set(texts(review))
    assert any("verwag ’n Maandag, gevind 27 Mrt. 2026, wat ’n Vrydag is" in text for text in seen)
    press(qtbot, review, next(words for words in controls(review) if words.startswith("Aanvaar ")))
    until(qtbot, lambda: window.current == "first-run")
    assert english(window) == []


def test_what_is_done_undone_and_done_again(speak: Opener, stored: Path, qtbot: QtBot) -> None:
    window = speak(stored, page="week")
    for act in acts(window):
        window.session.perform(act)
        settle(qtbot, window)
        assert english(window) == [], act.title
        done = window.notice_bar.text
        assert done != str(act.title), f"{act.title} was said in English"
        window.open_page(routes.HistoryRoute())
        settle(qtbot, window)
        assert english(window) == []
        window.session.undo()
        settle(qtbot, window)
        assert window.notice_bar.text == f"{done} – ongedaan gemaak"
        window.session.redo()
        settle(qtbot, window)
        assert window.notice_bar.text == done


def acts(window: MainWindow) -> Iterator[Act]:
    """One of everything a student does to a timetable, each made when the one before it is done."""

    def now() -> View:
        return shown(window)

    key = next(key for key in now().timetable.choices if key.kind == "P")
    lab, clash = item(window, "ABC 101 · L1"), now().clashes[0]
    hall, exam, test = (item(window, each) for each in ("GHI 303 · L1", "ABC 101 · Exam Written", "ABC 101 · Test1"))
    yield choices.choose(now().timetable, key, "P02")
    yield choices.pin(now().timetable, key)
    yield choices.unpin(now().timetable, key)
    yield choices.unchoose(now().timetable, key)
    yield choices.choose_all(now().timetable, {key: "P01"})
    yield edits.rename_module(now().timetable, "ABC 101", "Fisika")
    yield edits.recolour_module(now().timetable, "ABC 101", Colour.TOMATO)
    yield edits.recolour_module(now().timetable, "ABC 101", None)
    yield edits.rename_module(now().timetable, "ABC 101", "")
    yield choices.hide(now().timetable, lab.id)
    yield choices.show(now().timetable, lab.id)
    yield choices.hide_module(now().timetable, "ABC 101")
    yield choices.show_module(now().timetable, "ABC 101")
    yield choices.skip(now().timetable, lab.id, date(2026, 3, 30))
    yield choices.unskip(now().timetable, lab.id, date(2026, 3, 30))
    yield edits.set_room(now().timetable, hall.id, "Hall 6")
    yield edits.set_room(now().timetable, hall.id, None)
    yield edits.move(now().timetable, lab.id, Slot(2, time(12, 30), time(13, 20)))
    yield edits.move_assessment(now().timetable, exam.id, date(2026, 6, 10), time(8), time(10))
    yield edits.set_venues(now().timetable, test.id, ("Saal 9",))
    yield edits.set_note(now().timetable, test.id, "Sakrekenaar")
    yield edits.set_note(now().timetable, test.id, "")
    yield edits.drop_edit(now().timetable, lab.id, "slot")
    yield edits.drop_edit(now().timetable, test.id, "venues")
    yield choices.accept_clash(now().timetable, *clash.ids)
    yield choices.unaccept_clash(now().timetable, *clash.ids)
    event = OwnEvent("2026/event/koor", 2026, "Koor", time(18), time(20), weekday=2, offered="S1")
    yield edits.put_event(now().timetable, event)
    yield edits.put_event(now().timetable, replace(event, venue="Kapel"))
    yield edits.delete_event(now().records, now().timetable, event.id)
    recess = Recess("r", date(2026, 4, 1), date(2026, 4, 6))
    yield calendar_commands.set_recess(now().records, 2026, recess)
    yield calendar_commands.set_recess(now().records, 2026, replace(recess, end=date(2026, 4, 2)))
    yield calendar_commands.remove_recess(now().records, 2026, recess)
    yield calendar_commands.move_term(2026, "S1", date(2026, 2, 10), date(2026, 5, 22))
    yield calendar_commands.reset_term(2026, "S1")
    yield calendar_commands.call_off(2026, date(2026, 3, 25))
    yield calendar_commands.plain_day(2026, date(2026, 3, 25))
    yield calendar_commands.swap_day(2026, date(2026, 3, 26), 1)
    yield calendar_commands.switch_holiday(2026, date(2026, 4, 27), "Freedom Day", counts=False)
    yield calendar_commands.switch_holiday(2026, date(2026, 4, 27), "Freedom Day", counts=True)
    yield calendar_commands.choose_region(2026, "none")
    yield calendar_commands.choose_region(2026, "ZA")
    yield calendar_commands.confirm_year(2026)


def test_the_reasons_of_days(speak: Opener, stored: Path, qtbot: QtBot) -> None:
    with App.open(stored) as app:
        timetable.perform(app.store, calendar_commands.call_off(2026, date(2026, 3, 24)))
        timetable.perform(app.store, calendar_commands.swap_day(2026, date(2026, 3, 25), 0))
        recess = Recess("r", date(2026, 5, 11), date(2026, 5, 13))
        timetable.perform(app.store, calendar_commands.set_recess(app.store.records(), 2026, recess))
    window = speak(stored, page="week")
    page, found = window.page("week"), set()
    assert isinstance(page, WeekPage)
    for weeks in range(12):
        window.session.state.set_week(TODAY + timedelta(weeks=weeks))
        settle(qtbot, window)
        assert english(window) == []
        assert page.grid.week is not None
        found |= {day_reason(day) for day in page.grid.week.days}
    assert found == {
        *("", "Geen lesings nie", "Maandag se rooster", "Reses", "Goeie Vrydag", "Gesinsdag", "Vryheidsdag"),
        *("Werkersdag", "Aprilreses", "Vrydag se rooster", "Studiedag", "Toetsweek", "Eksamens"),
    }


def test_clashes_and_what_ends_them(speak: Opener, stored: Path, qtbot: QtBot) -> None:
    with App.open(stored) as app:
        view = timetable.view(app.store, 2026, TODAY)
        test = next(each for each in view.timetable.assessments if each.name == "Test1")
        moved = edits.move_assessment(view.timetable, test.id, date(2026, 4, 13), time(8, 30), time(9, 20))
        timetable.perform(app.store, moved)
    window = speak(stored)
    window.open_page(routes.ClashesRoute())
    settle(qtbot, window)
    assert english(window) == []
    solution = next(each for clash in shown(window).clashes for each in clash.solutions if each.skipped)
    window.session.perform(solve(shown(window).timetable, solution))
    settle(qtbot, window)
    assert window.notice_bar.text == "Oorgeslaan: ABC 101 · L1 op 13 April"
    assert say(shown(window).clashes[0].words).startswith("DEF 202 · L2 en DEF 202 · T1 is albei op Woensdag van")


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
    until(qtbot, lambda: any("bots altyd in die groepe" in text for text in said(page)))
    settle(qtbot, window)
    assert english(window) == []
    press(qtbot, page, "Gebruik hierdie plan")
    settle(qtbot, window)
    assert english(window) == []


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
    until(qtbot, lambda: window.current == "review")
    settle(qtbot, window)
    assert english(window) == []
    proposal = window.session.import_queue.proposals[0]
    assert proposal.comparison.scopes
    assert say(proposal.comparison.scopes[0].words).startswith("Hierdie dokument het al die")


def test_troubles_are_said_with_what_to_do(speak: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = speak(stored)
    window.open_page(routes.EventRoute(start=TODAY))
    page = window.page("event")
    assert isinstance(page, EventPage)
    page._what.setText("Koor")
    page._start.setTime(QTime(18, 0))
    page._end.setTime(QTime(17, 0))
    press(qtbot, page, "Stoor")
    settle(qtbot, window)
    assert english(window) == []

    window.open_page(routes.ExportRoute())
    export = window.page("export")
    assert isinstance(export, ExportPage)
    until(qtbot, lambda: export._shown is not None)
    export.save_to(tmp_path / "away" / "mine.ics")
    settle(qtbot, window)
    assert window.notice_bar.text.startswith("Die vouer ")
    assert english(window) == []

    form = entrance(sync_page(window, qtbot), qtbot)
    form._server.setText("http://127.0.0.1:9")
    form._name.setText(Person.name)
    form._password.setText(PASSWORD)
    form._go.click()
    until(qtbot, lambda: form._wrong.isVisible() and form.isEnabled())
    assert form._wrong.text().startswith("127.0.0.1:9 kon nie bereik word nie.")
    assert english(window) == []

    for wrong in (lambda: calendar_commands.call_off(2026, date(2028, 1, 1)), lambda: Slot(1, time(9), time(8))):
        with pytest.raises(Exception, match=r".") as trouble:
            wrong()
        window.session.notices.handle(trouble.value)
        assert english(window) == []


def test_a_calendar_account_is_looked_at_or_out_of_reach(
    speak: Opener, stored: Path, radicale: str, qtbot: QtBot
) -> None:
    window = speak(stored)
    window.open_page(routes.PushRoute())
    page = window.page("calendars")
    assert isinstance(page, PushPage)
    settle(qtbot, window)
    assert english(window) == []
    press(qtbot, page, "Sluit almal as voorlopig in")
    settle(qtbot, window)
    for way in [chip.text() for chip in page.ways._chips.values()]:
        press(qtbot, page.ways, way)
        assert english(window) == [], way
    press(qtbot, page, "’n Ander bediener")
    page.ways.user.setText(servers.USER)
    for address, password in (("http://127.0.0.1:9/", "x"), (radicale, "wrong"), (radicale, servers.PASSWORD)):
        page.ways.server.setText(address)
        page.ways.password.setText(password)
        press(qtbot, page, "Wys wat geskryf sou word")
        settle(qtbot, window)
        assert english(window) == []
    until(qtbot, lambda: page.plan is not None)
    settle(qtbot, window)
    press(qtbot, page, next(words for words in controls(page) if words.startswith("Skryf ")))
    settle(qtbot, window)
    assert english(window) == []


def test_an_account_made_and_joined_from_another_machine(
    speak: Opener, stored: Path, tmp_path: Path, server: ServerProcess, qtbot: QtBot
) -> None:
    first = speak(stored)
    page = sync_page(first, qtbot)
    form = entrance(page, qtbot)
    for way in ("Ek het ’n kode", "Wagwoord vergeet", "Skep ’n rekening"):
        press(qtbot, form, way)
        assert english(first) == []
    _sign_in(form, server.address, PASSWORD)
    until(qtbot, lambda: "Ek het dit bewaar" in controls(page))
    assert english(first) == []
    field = next(each for each in page.findChildren(QLineEdit) if each.isVisible())
    qtbot.keyClicks(field, page._recovery.replace("-", " ").split()[-1])
    press(qtbot, page, "Ek het dit bewaar")
    until(qtbot, lambda: any(text.startswith("Op datum sedert") for text in said(page)))
    settle(qtbot, first)
    assert english(first) == []
    first.open_page(routes.PublishRoute())
    settle(qtbot, first)
    press(qtbot, first.page("publish"), "Sluit almal as voorlopig in")
    settle(qtbot, first)
    press(qtbot, first.page("publish"), "Publiseer dit")
    settle(qtbot, first)
    assert english(first) == []

    other = tmp_path / "second"
    with App.open(other) as app:
        imports.accept(app.store, imports.propose(app.store, draft(TESTS), "tests.pdf", TODAY, year=2026))
        renamed = edits.rename_module(timetable.view(app.store, 2026, TODAY).timetable, "ABC 101", "Fisika")
        timetable.perform(app.store, renamed)
    second = speak(other)
    form = entrance(sync_page(second, qtbot), qtbot)
    _sign_in(form, server.address, "the wrong sentence")
    until(qtbot, lambda: form._wrong.isVisible() and form.isEnabled())
    assert english(second) == []
    _sign_in(form, server.address, PASSWORD)
    until(qtbot, lambda: "Voeg hulle saam" in controls(second.page("sync")))
    settle(qtbot, second)
    assert english(second) == []
    press(qtbot, second.page("sync"), "Voeg hulle saam")
    until(qtbot, lambda: any(text.startswith("Op datum sedert") for text in said(second.page("sync"))))
    settle(qtbot, second)
    assert english(second) == []


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
    window.begin()
    until(qtbot, lambda: window.findChild(ProfileError) is not None)
    assert english(window) == []
    window.close()


def test_another_language_says_the_past_anew(speak: Opener, stored: Path, qapp: QApplication, qtbot: QtBot) -> None:
    window = speak(stored)
    lab = item(window, "ABC 101 · L1")
    window.session.perform(edits.move(shown(window).timetable, lab.id, Slot(2, time(12, 30), time(13, 20))))
    settle(qtbot, window)
    window.open_page(routes.HistoryRoute())
    settle(qtbot, window)
    page = window.page("history")
    assert isinstance(page, HistoryPage)
    assert window.notice_bar.text == "Verskuif: ABC 101 · L1 na Woensdag 12:30 tot 13:20"
    assert page._undo.toolTip() == window.notice_bar.text
    set_language(qapp, "en")
    until(qtbot, lambda: window.notice_bar.text == "Moved ABC 101 · L1 to Wednesday 12:30 to 13:20")
    settle(qtbot, window)
    assert page._undo.toolTip() == "Moved ABC 101 · L1 to Wednesday 12:30 to 13:20"


def test_a_calendar_is_written_in_afrikaans(speak: Opener, stored: Path, tmp_path: Path, qtbot: QtBot) -> None:
    window = speak(stored)
    window.open_page(routes.ExportRoute())
    export = window.page("export")
    assert isinstance(export, ExportPage)
    until(qtbot, lambda: export._shown is not None)
    export.save_to(tmp_path / "mine.ics")
    until(qtbot, (tmp_path / "mine.ics").exists)
    settle(qtbot, window)
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
    page.backups.look_into(tmp_path / "notas.upschedule")
    until(qtbot, window.notice_bar.isVisible)
    assert any("notas.upschedule is beskadig, of glad nie ’n rugsteun nie." in each for each in said(window.notice_bar))
    assert english(window.notice_bar) == []
