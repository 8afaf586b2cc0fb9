"""A term at a glance: each week of a semester as a row of days, up to its last exam; a click opens the week."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QScrollArea

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.bands import find_bands
from desktop.domain.timetable.terms import AcademicCalendar, monday_of
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import PortalEmptyState
from desktop.ui.pages.term.term_grid import DayCell, TermGrid, WeekRow
from desktop.ui.pages.week.view_menu import CalendarView, show_view, view_button, view_name
from desktop.ui.session.session import Session
from desktop.ui.texts.code_names import offered_name
from desktop.ui.texts.language import translate
from desktop.ui.widgets.controls import button, clear_layout, label, scroll_area

SEMESTERS = ("S1", "S2")
WEEK = timedelta(weeks=1)


class TermPage(Page[routes.TermRoute]):
    """Shows one semester at a time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._offered = ""
        self._group = QButtonGroup(self)
        self._view = view_button(session, CalendarView.SEMESTER)
        self.header.addWidget(self._view)
        self.grid = TermGrid(session.state.colour_of)
        self.grid.day_activated.connect(self._open_week)
        self._legend = label("", "quiet", wrap=True)
        self._area: QScrollArea = scroll_area(self.grid)
        self.body.addWidget(self._legend)
        self.body.addWidget(self._area, 1)
        self._portal = PortalEmptyState(session)
        self.body.addWidget(self._portal, 1)
        self.retranslate()

    def take_focus(self) -> None:
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def title(self) -> str:
        view = self.session.state.view
        if view is None or not self._offered:
            return translate("Term", "A term at a glance")
        return f"{offered_name(self._offered)} · {view.year}"

    def retranslate(self) -> None:
        show_view(self._view, CalendarView.SEMESTER)
        self.set_tool_text(self._view, view_name(CalendarView.SEMESTER))
        self._legend.setText(
            translate(
                "Term", "A line for every class, a filled bar for a test or an exam, hatched where there are none."
            )
        )

    def open(self, route: routes.TermRoute) -> None:
        if route.semester:
            self._offered = route.semester
            self.invalidate()

    def refresh(self) -> None:
        view = self.session.state.view
        nothing = view is not None and self.session.state.is_empty
        self._legend.setVisible(not nothing)
        self._area.setVisible(not nothing)
        self._portal.show_if(nothing)
        clear_layout(self.tools)
        if view is None or nothing:
            return
        offered = [code for code in SEMESTERS if view.calendar.teaching_periods(code)]
        if self._offered not in offered:
            looked_at = view.calendar.semester(self.session.state.shown_monday) or ""
            self._offered = looked_at if looked_at in offered else (offered[0] if offered else "")
        for code in offered:
            self.tools.addWidget(self._chip(code))
        self.grid.set_weeks(self._weeks(view.calendar))
        self._title.set_full_text(self.title())

    def _chip(self, code: str) -> QPushButton:
        chip = button(offered_name(code), role="chip")
        chip.setCheckable(True)
        chip.setChecked(code == self._offered)
        chip.clicked.connect(lambda *_: self.open(routes.TermRoute(code)))
        self._group.addButton(chip)
        return chip

    def _weeks(self, calendar: AcademicCalendar) -> tuple[WeekRow, ...]:
        if not self._offered:
            return ()
        spans = calendar.teaching_periods(self._offered)
        first, last = spans[0].start, self._last_day(calendar)
        state, today = self.session.state, self.session.state.today
        weeks, monday = [], monday_of(first)
        while monday <= last:
            numbered = calendar.week_number(monday) or calendar.week_number(monday + timedelta(days=6))
            found = state.occurrences_between(monday, monday + timedelta(days=6))
            days = [
                DayCell(day, calendar.status(day), tuple(each for each in found if each.date == day), day == today)
                for day in (monday + timedelta(days=number) for number in range(7))
            ]
            number = numbered[0] if numbered is not None else None
            weeks.append(WeekRow(number, tuple(days), find_bands(calendar, monday, monday + timedelta(days=6))))
            monday += WEEK
        return tuple(weeks)

    def _last_day(self, calendar: AcademicCalendar) -> date:
        """The last day of lectures, or of tests and exams before the next semester, whichever is later."""
        last = calendar.teaching_periods(self._offered)[-1].end
        later = [span.start for code in SEMESTERS for span in calendar.teaching_periods(code) if span.start > last]
        until = min(later, default=date(calendar.year, 12, 31))
        sat = [
            each.date
            for each in self.session.state.occurrences_between(last, until)
            if isinstance(each.item, Assessment) and each.date < until
        ]
        return max([last, *sat])

    def _open_week(self, day: date) -> None:
        self.session.state.show_week(day)
        self.session.open_page(routes.WeekRoute(days=7))
