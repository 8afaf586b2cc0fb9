"""The academic year page: terms, recess, days without lectures, swapped days, and public holidays.

A change takes effect at once in the week, in clashes and in every export.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFrame, QLayout, QLineEdit

from desktop.domain.commands import calendar_commands
from desktop.domain.errors import AppError
from desktop.domain.records.academic_year import holiday_region
from desktop.domain.records.records import Act, Records
from desktop.domain.timetable.terms import NO_REGION, OFFERED_CODES, AcademicCalendar, Period, Recess, SpecialDay
from desktop.ui import routes
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.pages.recess_note import RecessNote
from desktop.ui.pages.year.paste_panel import PastePanel
from desktop.ui.pages.year.terms_panel import TermsPanel
from desktop.ui.session.session import Session
from desktop.ui.texts.key_names import text_with_shortcut
from desktop.ui.texts.language import date_range_text, date_text, translate, translate_message, weekday_name
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import (
    button,
    clear_layout,
    column,
    icon_button,
    label,
    panel,
    row,
    set_tooltip_and_name,
)
from desktop.ui.widgets.fields import date_field, date_value
from desktop.ui.widgets.flow import flow_layout
from desktop.ui.widgets.plain_words import CheckBox
from desktop.ui.widgets.tooltips import set_tooltip

NAME = 220


class YearPage(Page[routes.YearRoute]):
    """One academic year at a time: the one shown everywhere. Input stays when anything else changes."""

    narrow_below = 560

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._terms = TermsPanel(can_reset=True)
        self._terms.reset_requested.connect(self._reset_term)
        self._shown_year = 0  # the year whose first day is in the fields below
        self._recesses = _ListCard()
        self._recess_name = QLineEdit()
        self._recess_name.setMaxLength(calendar_commands.MAX_NAME_LENGTH)
        self._first, self._last = date_field(session.state.today), date_field(session.state.today)
        self._first.dateChanged.connect(self._last.setDate)
        self._add_recess = button("", self._put_recess, icon="plus")
        self._days = _ListCard()
        self._day, self._day_kind, self._reason = date_field(session.state.today), QComboBox(), QLineEdit()
        self._reason.setMaxLength(calendar_commands.MAX_REASON_LENGTH)
        self._day_kind.currentIndexChanged.connect(self._show_reason)
        self._add_day = button("", self._put_day, icon="plus")
        self._tests_heading, self._tests = label("", "heading"), label("", wrap=True)
        self._holidays_heading = label("", "heading")
        self._holidays_box = CheckBox()
        self._holidays_box.clicked.connect(self._choose_region)
        self._holidays_list = column(gap=GRID)
        self._ticks: dict[tuple[date, str], QCheckBox] = {}
        self._paste_in = button("", self._open_paste, icon="copy")
        self._paste: PastePanel | None = None
        self._whole = column(gap=GRID * 2)
        self._area = self.set_scrolled_content(self._whole, MAX_COLUMN_WIDTH)
        self._years = QComboBox()
        self._years.activated.connect(self._other_year)
        self._adopt_button = button("", self._choose_file, icon="folder")
        self._share = button("", self._save_file, icon="share")
        self._term_button = icon_button("week", "", lambda: session.open_page(routes.TermRoute()))
        for tool in (self._years, self._term_button, self._adopt_button, self._share):
            self.tools.addWidget(tool)
        self._confirm = self.add_primary_button("", self._save, "check")

    def build(self) -> Iterator[None]:
        self._recess_name.setMinimumWidth(appearance().px(NAME))
        self._reason.setMinimumWidth(appearance().px(NAME))
        recess = flow_layout(self._recess_name, self._first, label("–"), self._last, self._add_recess)
        day = flow_layout(self._day, self._day_kind, self._reason, self._add_day)
        holidays = column(self._holidays_heading, self._holidays_box, self._holidays_list, margin=GRID * 2, gap=GRID)
        tests = panel(column(self._tests_heading, self._tests, margin=GRID * 2, gap=GRID), "card")
        self._whole.addLayout(flow_layout(self._paste_in))
        self._whole.addWidget(RecessNote(self.session))
        self._whole.addWidget(self._terms)
        yield
        self._whole.addWidget(self._recesses.card(recess))
        yield
        self._whole.addWidget(self._days.card(day))
        yield
        self._whole.addWidget(tests)
        self._whole.addWidget(panel(holidays, "card"))
        self._whole.addStretch(1)
        self.retranslate()  # last: a widget shown before it has a parent would open as a window
        yield

    def title(self) -> str:
        return translate("Year", "Semester dates {year}").format(year=self._year())

    def shorter_titles(self) -> tuple[str, ...]:
        return (translate("Year", "Semester dates"), translate("Year", "Dates"))

    def retranslate(self) -> None:
        set_tooltip_and_name(
            self._term_button,
            text_with_shortcut(translate("Year", "The weeks of a semester at a glance"), "Ctrl+Shift+2"),
        )
        self.set_tool_text(self._term_button, translate("Year", "Weeks"))
        self._paste_in.setText(translate("Year", "Paste UP’s year calendar"))
        self._adopt_button.setAccessibleName(translate("Year", "Use a file"))
        set_tooltip(self._adopt_button, translate("Year", "Take the dates from a file that another student shared"))
        self._share.setAccessibleName(translate("Year", "Share"))
        self._confirm.setText(translate("Year", "These dates are right"))
        self._years.setAccessibleName(translate("Year", "Academic year"))
        self._recesses.set_texts(
            translate("Year", "Recess"), translate("Year", "No lectures from the first to the last day.")
        )
        self._first.setAccessibleName(translate("Year", "First day of recess"))
        self._last.setAccessibleName(translate("Year", "Last day of recess"))
        self._recess_name.setPlaceholderText(translate("Year", "April recess"))
        self._recess_name.setAccessibleName(translate("Year", "Name of the recess"))
        self._days.set_texts(
            translate("Year", "Special days"),
            translate("Year", "Days without lectures, and days on which another weekday’s timetable is followed."),
        )
        self._day.setAccessibleName(translate("Year", "The day"))
        self._fill_what()
        self._reason.setPlaceholderText(translate("Year", "Reason, for example Spring Day"))
        self._reason.setAccessibleName(translate("Year", "Reason"))
        for add in (self._add_recess, self._add_day):
            add.setText(translate("Year", "Add"))
        self._add_recess.setAccessibleName(f"{self._add_recess.text()}: {translate('Year', 'Recess')}")
        self._add_day.setAccessibleName(f"{self._add_day.text()}: {translate('Year', 'The day')}")
        self._tests_heading.setText(translate("Year", "Tests, exams and deadlines"))
        self._holidays_heading.setText(translate("Year", "Public holidays"))
        self._holidays_box.setText(translate("Year", "No lectures on South African public holidays"))
        self._name_holidays()

    def _fill_what(self) -> None:
        chosen = max(0, self._day_kind.currentIndex())
        self._day_kind.clear()
        self._day_kind.setAccessibleName(translate("Year", "What happens on the day"))
        self._day_kind.addItem(translate("Year", "No lectures"), None)
        for weekday in range(5):
            words = translate("Year", "{weekday}’s timetable").format(weekday=weekday_name(weekday))
            self._day_kind.addItem(words, weekday)
        self._day_kind.setCurrentIndex(chosen)

    def refresh(self) -> None:
        for _ in self.refresh_in_pieces():
            pass

    def refresh_in_pieces(self) -> Iterator[None]:
        view = self.session.state.view
        if view is None:
            return
        calendar = view.calendar
        self._years.clear()
        now = self.session.state.today.year
        for year in sorted({*view.years, view.year, now, now + 1}, reverse=True):
            self._years.addItem(str(year), year)
        self._years.setCurrentIndex(self._years.findData(view.year))
        self._years.setMinimumWidth(self._years.sizeHint().width())
        used = {meeting.offered for meeting in view.timetable.meetings} or {"S1", "S2"}
        offered = {code for code in OFFERED_CODES if code in used} | (used & set(calendar.terms)) | {"S1", "S2"}
        if not self._terms.is_showing(calendar, offered):
            self._terms.show_calendar(calendar, offered)
        yield
        self._term_button.setVisible(not self.is_narrow)  # also reachable by a key and from the week
        self._adopt_button.setText("" if self.is_narrow else self._adopt_button.accessibleName())
        self._share.setText("" if self.is_narrow else self._share.accessibleName())
        self._share.setEnabled(calendar.confirmed)
        set_tooltip(
            self._share,
            translate("Year", "Save these dates as a file for other students")
            if calendar.confirmed
            else translate("Year", "Say that these dates are right first: what is shared counts for others"),
        )
        if self._shown_year != calendar.year:
            self._shown_year = calendar.year
            for field in (self._first, self._last, self._day):
                field.setDate(date_field(calendar.first).date())
        yield
        self._recesses.show_entries([self._recess_entry(each) for each in calendar.recesses])
        self._days.show_entries([self._day_entry(each) for each in calendar.days.values()])
        yield
        self._tests.setText("\n".join(_dated_lines(calendar)) or translate("Year", "Nothing is known of them."))
        self._show_holidays(calendar)
        yield

    def _save(self) -> None:
        act = self._terms.confirm_act(self._records())
        if act is not None:
            self.session.perform(act)

    def _reset_term(self, offered: str) -> None:
        self.session.perform(calendar_commands.reset_term(self._year(), offered))

    def _other_year(self, index: int) -> None:
        self.session.reload_view(int(self._years.itemData(index)))

    # recess

    def _recess_entry(self, recess: Recess) -> _Entry:
        name = translate_message(recess.name)
        remove = translate("Year", "Remove {what}").format(what=name)
        return _Entry(name, date_range_text(recess.start, recess.end), remove, partial(self._remove_recess, recess))

    def _put_recess(self) -> None:
        called = self._recess_name.text().strip() or "Recess"

        def make() -> Act:
            recess = Recess(secrets.token_hex(4), date_value(self._first), date_value(self._last), called)
            return calendar_commands.set_recess(self._records(), self._year(), recess)

        self._perform_or_report(make, self._recess_name.clear)

    def _remove_recess(self, recess: Recess) -> None:
        self._perform_or_report(lambda: calendar_commands.remove_recess(self._records(), self._year(), recess))

    # single days

    def _day_entry(self, special: SpecialDay) -> _Entry:
        plain = translate("Year", "Make {day} an ordinary day").format(day=date_text(special.date))
        day = date_text(special.date, "dddd d MMMM")
        return _Entry(day, _special_day_text(special), plain, partial(self._remove_special_day, special.date))

    def _show_reason(self) -> None:
        self._reason.setVisible(self._day_kind.currentData() is None)

    def _put_day(self) -> None:
        follows, day, year = self._day_kind.currentData(), date_value(self._day), self._year()
        if follows is None:
            self._perform_or_report(
                lambda: calendar_commands.mark_day_off(year, day, self._reason.text()), self._reason.clear
            )
        else:
            self._perform_or_report(lambda: calendar_commands.swap_day(year, day, int(follows)))

    def _remove_special_day(self, day: date) -> None:
        self._perform_or_report(lambda: calendar_commands.mark_ordinary_day(self._year(), day))

    # public holidays

    def _show_holidays(self, calendar: AcademicCalendar) -> None:
        from desktop.academic import public_holidays  # noqa: PLC0415 - not before this page is opened

        region = holiday_region(self._records(), calendar.year)
        self._holidays_box.setChecked(region != NO_REGION)
        every = [each for each in public_holidays(calendar.year, region).items() if each[0].year == calendar.year]
        if list(self._ticks) != every:
            clear_layout(self._holidays_list)
            self._ticks = {each: self._tick(*each) for each in every}
            self._name_holidays()
        for (day, _name), tick in self._ticks.items():
            tick.setChecked(day in calendar.holidays)

    def _tick(self, day: date, name: str) -> QCheckBox:
        made = CheckBox()
        made.clicked.connect(lambda on: self._switch_holiday(day, name, on=on))
        self._holidays_list.addLayout(row(GRID * 3, made, 0, gap=0))
        return made

    def _name_holidays(self) -> None:
        for (day, name), tick in self._ticks.items():
            tick.setText(f"{date_text(day, 'ddd d MMMM')} · {translate_message(name)}")

    def _choose_region(self, on: bool) -> None:
        self._perform_or_report(lambda: calendar_commands.choose_region(self._year(), "ZA" if on else NO_REGION))

    def _switch_holiday(self, day: date, name: str, *, on: bool) -> None:
        self._perform_or_report(lambda: calendar_commands.set_holiday_counts(self._year(), day, name, counts=on))

    # files

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, translate("Year", "Choose a file of dates"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(translate("Year", "Academic years (*.json)"))
        dialog.fileSelected.connect(lambda name: self._adopt_file(Path(name)))
        dialog.open()

    def _adopt_file(self, path: Path) -> None:
        from desktop.workflows import terms  # noqa: PLC0415 - as above

        app = self.session.app

        def work() -> AcademicCalendar:
            taken = terms.read_calendar_file(path)
            terms.adopt_calendar(app.store, taken)
            return taken

        self.session.run_change(work, lambda taken: self._dates_adopted(taken.year))

    def _open_paste(self) -> None:
        if self._paste is None:
            self._paste = PastePanel(self.session)
            self._paste.dates_adopted.connect(self._dates_adopted)
            self._paste.closed.connect(self._paste.hide)
            self._whole.insertWidget(0, self._paste)
        self._paste.open_empty()
        self._area.verticalScrollBar().setValue(0)

    def _dates_adopted(self, year: int) -> None:
        if self._paste is not None:
            self._paste.hide()
        said = translate("Year", "Took over the dates of {year}").format(year=year)
        self.session.notices.show_success(said, self.session.undo)
        if year != self._year():
            self.session.reload_view(year)

    def _save_file(self) -> None:
        dialog = QFileDialog(self, translate("Year", "Save the dates"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(translate("Year", "Academic years (*.json)"))
        dialog.setDefaultSuffix("json")
        dialog.selectFile(f"up-academic-year-{self._year()}.json")
        dialog.fileSelected.connect(lambda name: self._write_file(Path(name)))
        dialog.open()

    def _write_file(self, path: Path) -> None:
        from desktop.workflows import terms  # noqa: PLC0415 - as above

        view = self.session.state.view
        if view is None:
            return

        def done(_nothing: None) -> None:
            self.session.notices.show_success(translate("Year", "Saved {file}").format(file=path.name))

        self.session.jobs.run_on_store(
            lambda: terms.write_calendar_file(view, path), done, self.session.notices.show_error, owner=self
        )

    # helpers

    def _records(self) -> Records:
        view = self.session.state.view
        return view.records if view is not None else Records({})

    def _year(self) -> int:
        view = self.session.state.view
        return view.year if view is not None else self.session.state.today.year

    def _perform_or_report(self, make: Callable[[], Act], done: Callable[[], object] | None = None) -> None:
        try:
            act = make()
        except AppError as wrong:
            self.session.notices.show_error(wrong)
            return
        self.session.perform(act, done)


class _Entry(NamedTuple):
    """One line of a list: its name, description, and the label and action of its button."""

    name: str
    words: str
    remove: str
    on_remove: Callable[[], object]


class _ListCard:
    """A card with a list, and the fields that add to it."""

    def __init__(self) -> None:
        self._heading, self._hint = label("", "heading"), label("", "quiet", wrap=True)
        self._lines = column(gap=GRID)

    def card(self, fields: QLayout) -> QFrame:
        return panel(column(self._heading, self._hint, self._lines, fields, margin=GRID * 2, gap=GRID), "card")

    def set_texts(self, heading: str, hint: str) -> None:
        self._heading.setText(heading)
        self._hint.setText(hint)

    def show_entries(self, entries: list[_Entry]) -> None:
        clear_layout(self._lines)
        for each in entries:
            remove = icon_button("delete", each.remove, each.on_remove)
            laid = row(label(each.name, "strong", wrap=True), label(each.words, "quiet"), remove, gap=GRID)
            laid.setStretch(0, 1)
            self._lines.addLayout(laid)


def _dated_lines(calendar: AcademicCalendar) -> list[str]:
    """Lines for the other dates of the year, in order of time."""
    lines = []
    for words, periods in (
        (translate("Year", "Test week"), calendar.test_weeks),
        (translate("Year", "Tests"), tuple(Period(day, day) for day in calendar.test_days)),
        (translate("Year", "Exams"), calendar.exams),
        (translate("Year", "Supplementary exams"), calendar.supplementary_exams),
    ):
        lines += [(each.start, f"{_days_text(each)} · {words}") for each in periods]
    lines += [
        (each.date, f"{date_text(each.date, 'd MMMM')} · {translate_message(each.name)}") for each in calendar.deadlines
    ]
    return [line for _, line in sorted(lines)]


def _days_text(period: Period) -> str:
    if period.start == period.end:
        return date_text(period.start, "d MMMM")
    return date_range_text(period.start, period.end, year=False)


def _special_day_text(special: SpecialDay) -> str:
    if special.off:
        return translate_message(special.off)
    if special.follows is None:
        return ""
    return translate("Year", "{weekday}’s timetable").format(weekday=weekday_name(special.follows))
