"""The academic year: when its terms run, recess, days without lectures, swapped days, and public holidays.

Hides the acts behind each line. Everything here counts at once in the week, in clashes and in every export.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.domain import term_acts
from desktop.domain.errors import AppError
from desktop.domain.records import Act, Records
from desktop.domain.terms import NO_REGION, AcademicCalendar, Recess, SpecialDay
from desktop.domain.timetable import OFFERED
from desktop.domain.year import region_of
from desktop.ui.look.controls import button, clear, column, icon_button, label, name_it, panel, row, scrolled
from desktop.ui.look.fields import date_field, date_in
from desktop.ui.look.language import day_text, say, span_text, translate, weekday_name
from desktop.ui.look.style import GRID, look
from desktop.ui.pages.page import Page
from desktop.ui.session import Session
from desktop.ui.terms_panel import TermsPanel

WIDTH = 760


class YearPage(Page):
    """One academic year at a time: the one that is shown everywhere."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._terms = TermsPanel(resets=True)
        self._terms.reset_asked.connect(self._reset_term)
        self._content: QVBoxLayout = column(gap=GRID * 2)
        whole = column(self._terms, self._content, 0, gap=GRID * 2)
        holder = QWidget()
        holder.setLayout(whole)
        holder.setMaximumWidth(look().px(WIDTH))
        self.body.addWidget(scrolled(holder), 1)
        self._years = QComboBox()
        self._years.activated.connect(self._other_year)
        self._take = button("", self._choose_file, icon="folder")
        self._share = button("", self._save_file, icon="share")
        self._glance = icon_button("week", "", lambda: session.open_page("term"))
        for tool in (self._years, self._glance, self._take, self._share):
            self.tools.addWidget(tool)
        self._confirm = self.primary("", self._save, "check")
        self.retranslate()

    def title(self) -> str:
        view = self.session.state.view
        year = view.year if view is not None else self.session.state.today.year
        return translate("Year", "Academic year {year}").format(year=year)

    def shorter_titles(self) -> tuple[str, ...]:
        return (translate("Year", "Academic year"), translate("Year", "Year"))

    def retranslate(self) -> None:
        name_it(self._glance, translate("Year", "The weeks of a semester at a glance (Ctrl+Shift+2)"))
        self._take.setText(translate("Year", "Use a file"))
        self._take.setToolTip(translate("Year", "Take the dates from a file that another student shared"))
        self._share.setText(translate("Year", "Share"))
        self._share.setToolTip(translate("Year", "Save these dates as a file for other students"))
        self._confirm.setText(translate("Year", "These dates are right"))
        self._years.setAccessibleName(translate("Year", "Academic year"))

    def refresh(self) -> None:
        view = self.session.state.view
        if view is None:
            return
        calendar = view.calendar
        self._years.clear()
        for year in sorted({*view.years, view.year, self.session.state.today.year}, reverse=True):
            self._years.addItem(str(year), year)
        self._years.setCurrentIndex(self._years.findData(view.year))
        used = {meeting.offered for meeting in view.timetable.meetings} or {"S1", "S2"}
        offered = {code for code in OFFERED if code in used} | (used & set(calendar.terms)) | {"S1", "S2"}
        if not self._terms.shows(calendar, offered):
            self._terms.show_calendar(calendar, offered)
        self._share.setEnabled(calendar.confirmed)
        clear(self._content)
        self._content.addWidget(self._recesses(calendar))
        self._content.addWidget(self._days(calendar))
        self._content.addWidget(self._holidays(calendar))

    def _save(self) -> None:
        act = self._terms.acts()
        if act is not None:
            self.session.perform(act)

    def _reset_term(self, offered: str) -> None:
        self.session.perform(term_acts.reset_term(self._year(), offered))

    def _other_year(self, index: int) -> None:
        self.session.load(int(self._years.itemData(index)))

    # recess

    def _recesses(self, calendar: AcademicCalendar) -> QWidget:
        body = column(label(translate("Year", "Recess"), "heading"), margin=GRID * 2, gap=GRID)
        body.addWidget(label(translate("Year", "No lectures from the first to the last day."), "quiet"))
        for recess in calendar.recesses:
            body.addLayout(
                self._entry(
                    say(recess.name),
                    span_text(recess.start, recess.end),
                    translate("Year", "Remove {what}").format(what=say(recess.name)),
                    partial(self._remove_recess, recess),
                )
            )
        first, last = date_field(calendar.first), date_field(calendar.first)
        first.setAccessibleName(translate("Year", "First day of recess"))
        last.setAccessibleName(translate("Year", "Last day of recess"))
        first.dateChanged.connect(last.setDate)
        name = QLineEdit()
        name.setPlaceholderText(translate("Year", "April recess"))
        name.setAccessibleName(translate("Year", "Name of the recess"))

        def add() -> None:
            called = name.text().strip() or "Recess"

            def make() -> Act:
                recess = Recess(secrets.token_hex(4), date_in(first), date_in(last), called)
                return term_acts.set_recess(self._records(), calendar.year, recess)

            self._try(make)

        laid = row(name, first, label("–"), last, button(translate("Year", "Add"), add, icon="plus"), gap=GRID)
        laid.setStretch(0, 1)
        body.addLayout(laid)
        return panel(body, "card")

    def _remove_recess(self, recess: Recess) -> None:
        self._try(lambda: term_acts.remove_recess(self._records(), self._year(), recess))

    # single days

    def _days(self, calendar: AcademicCalendar) -> QWidget:
        body = column(label(translate("Year", "Days unlike others"), "heading"), margin=GRID * 2, gap=GRID)
        text = translate("Year", "Days without lectures, and days on which another weekday’s timetable is followed.")
        body.addWidget(label(text, "quiet", wrap=True))
        for special in calendar.days.values():
            body.addLayout(
                self._entry(
                    day_text(special.date, "dddd d MMMM"),
                    _special_words(special),
                    translate("Year", "Make {day} a day like any other").format(day=day_text(special.date)),
                    partial(self._plain_day, special.date),
                )
            )
        day = date_field(calendar.first)
        day.setAccessibleName(translate("Year", "The day"))
        what = QComboBox()
        what.setAccessibleName(translate("Year", "What happens on the day"))
        what.addItem(translate("Year", "No lectures"), None)
        for weekday in range(5):
            words = translate("Year", "{weekday}’s timetable").format(weekday=weekday_name(weekday))
            what.addItem(words, weekday)
        reason = QLineEdit()
        reason.setPlaceholderText(translate("Year", "Reason, for example Spring Day"))
        reason.setAccessibleName(translate("Year", "Reason"))
        what.currentIndexChanged.connect(lambda _index: reason.setVisible(what.currentData() is None))

        def add() -> None:
            follows = what.currentData()
            if follows is None:
                self._try(lambda: term_acts.call_off(calendar.year, date_in(day), reason.text()))
            else:
                self._try(lambda: term_acts.swap_day(calendar.year, date_in(day), int(follows)))

        laid = row(day, what, reason, button(translate("Year", "Add"), add, icon="plus"), gap=GRID)
        laid.setStretch(2, 1)
        body.addLayout(laid)
        return panel(body, "card")

    def _plain_day(self, day: date) -> None:
        self._try(lambda: term_acts.plain_day(self._year(), day))

    # public holidays

    def _holidays(self, calendar: AcademicCalendar) -> QWidget:
        from desktop.academic import public_holidays  # noqa: PLC0415 - not before this page is opened

        region = region_of(self._records(), calendar.year)
        body = column(label(translate("Year", "Public holidays"), "heading"), margin=GRID * 2, gap=GRID)
        counts = QCheckBox(translate("Year", "No lectures on South African public holidays"))
        counts.setChecked(region != NO_REGION)
        counts.clicked.connect(
            lambda on: self._try(lambda: term_acts.choose_region(calendar.year, "ZA" if on else NO_REGION))
        )
        body.addWidget(counts)
        if region != NO_REGION:
            for day, name in public_holidays(calendar.year, region).items():
                if day.year != calendar.year:
                    continue
                each = QCheckBox(f"{day_text(day, 'ddd d MMMM')} · {say(name)}")
                each.setChecked(day in calendar.holidays)
                each.clicked.connect(partial(self._switch_holiday, day, name))
                indented = row(GRID * 3, each, 0, gap=0)
                body.addLayout(indented)
        return panel(body, "card")

    def _switch_holiday(self, day: date, name: str, on: bool) -> None:
        self._try(lambda: term_acts.switch_holiday(self._year(), day, name, counts=on))

    # files

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, translate("Year", "Choose a file of dates"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(translate("Year", "Academic years (*.json)"))
        dialog.fileSelected.connect(lambda name: self._take_file(Path(name)))
        dialog.open()

    def _take_file(self, path: Path) -> None:
        from desktop.workflows import terms  # noqa: PLC0415 - as above

        app = self.session.app

        def work() -> AcademicCalendar:
            taken = terms.look_at(path)
            terms.adopt_calendar(app.store, taken)
            return taken

        def done(taken: AcademicCalendar) -> None:
            said = translate("Year", "Took over the dates of {year}").format(year=taken.year)
            self.session.notices.success(said, self.session.undo)

        self.session.change(work, done)

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
            self.session.notices.success(translate("Year", "Saved {file}").format(file=path.name))

        self.session.jobs.store(lambda: terms.share(view, path), done, self.session.notices.handle, owner=self)

    # small things

    def _entry(self, name: str, words: str, remove: str, on_remove: Callable[[], object]) -> QVBoxLayout:
        laid = row(label(name, "strong"), label(words, "quiet"), 0, icon_button("delete", remove, on_remove), gap=GRID)
        return column(laid, gap=0)

    def _records(self) -> Records:
        view = self.session.state.view
        return view.records if view is not None else Records({})

    def _year(self) -> int:
        view = self.session.state.view
        return view.year if view is not None else self.session.state.today.year

    def _try(self, make: Callable[[], Act]) -> None:
        try:
            act = make()
        except AppError as wrong:
            self.session.notices.handle(wrong)
            return
        self.session.perform(act)


def _special_words(special: SpecialDay) -> str:
    if special.off:
        return say(special.off)
    if special.follows is None:
        return ""
    return translate("Year", "{weekday}’s timetable").format(weekday=weekday_name(special.follows))
