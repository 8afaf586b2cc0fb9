"""The week page: the grid, navigation to other weeks, and instructions while there is no timetable."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget, QWidgetAction

from desktop.domain.timetable.terms import DAY, monday_of
from desktop.domain.week_view import WHOLE_WEEK, Block, WeekView, week_view
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import portal_empty_state
from desktop.ui.pages.recess_note import RecessNote
from desktop.ui.pages.week.chooser import GroupChooser
from desktop.ui.pages.week.editable_grid import EditableWeekGrid
from desktop.ui.pages.week.own_event_controller import OwnEventController
from desktop.ui.pages.week.view_menu import CalendarView, show_view, view_button, view_name
from desktop.ui.pages.year_over_note import YearOverNote
from desktop.ui.session.session import Session
from desktop.ui.texts.code_names import offered_name
from desktop.ui.texts.key_names import text_with_shortcut
from desktop.ui.texts.language import date_range_text, date_text, translate
from desktop.ui.widgets.controls import button, icon_button, set_tooltip_and_name
from desktop.ui.widgets.escape import accept_escape
from desktop.ui.widgets.tooltips import set_tooltip

WEEK = timedelta(weeks=1)
WORKDAYS = 5


class WeekPage(Page[routes.WeekRoute]):
    """Shows one dated week of the timetable, or one day of it."""

    narrow_below = 580

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.grid = EditableWeekGrid()
        self.own_events = OwnEventController(session, self.grid)
        self._weekday: int | None = None  # of the one day shown, Monday = 0; None for the whole week
        self._previous = icon_button("previous", "", lambda: self.go_weeks(-1))
        self._next = icon_button("next", "", lambda: self.go_weeks(1))
        self._today = button("", self.go_today)
        self._month = icon_button("calendar", "", self._open_month)
        self._view = view_button(session, CalendarView.WEEK)
        self._add = icon_button(
            "plus", "", lambda: session.open_page(routes.EventRoute(start=session.state.shown_monday))
        )
        self._layers = icon_button("layers", "", lambda: session.open_page(routes.LayersRoute()))
        self._paper = icon_button("print", "", lambda: session.open_page(routes.PrintRoute()))
        self._phone = icon_button("phone", "", lambda: session.open_page(routes.PhoneRoute()))
        for tool in (
            self._previous,
            self._today,
            self._next,
            self._month,
            self._view,
            self._add,
            self._layers,
            self._paper,
            self._phone,
        ):
            self.tools.addWidget(tool)
        self._save = self.add_primary_button("", lambda: session.open_page(routes.ExportRoute()), "export")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._empty: QWidget | None = None
        self._over = YearOverNote(session)
        self.body.addWidget(self._over)
        self.chooser = GroupChooser(session, self.grid)
        self.chooser.changed.connect(self.invalidate)
        self.body.addWidget(RecessNote(session, has_link=True))
        self.body.addWidget(self.chooser)
        self.body.addWidget(self._stack, 1)
        self.grid.weeks_requested.connect(self.go_weeks)
        self.grid.block_selected.connect(self._select)
        self.grid.block_opened.connect(self._open)
        self.grid.menu_requested.connect(self._open_menu)
        self.grid.event_requested.connect(lambda moment: session.open_page(routes.EventRoute(start=moment)))
        self.grid.day_clicked.connect(self._toggle_day)
        session.state.week_changed.connect(self.invalidate)
        session.state.minute_started.connect(self.invalidate)
        session.selected.connect(self._selected)
        self.retranslate()

    def take_focus(self) -> None:
        is_empty = self._empty is not None and self._stack.currentWidget() is self._empty
        (self if is_empty else self.grid).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def day(self) -> date | None:
        """The one day that is shown; None while the whole week is."""
        return None if self._weekday is None else self.session.state.shown_monday + self._weekday * DAY

    def title(self) -> str:
        week, day = self._week(), self.day
        if week is None:
            return translate("Week", "Week")
        return week_title(week) if day is None else day_titles(week, day)[0]

    def shorter_titles(self) -> tuple[str, ...]:
        week, day = self._week(), self.day
        if week is None:
            return ()
        return shorter_titles(week) if day is None else day_titles(week, day)[1:]

    def retranslate(self) -> None:
        self._name_tools()
        set_tooltip_and_name(self._month, translate("Week", "Jump to a date"))
        set_tooltip_and_name(self._paper, text_with_shortcut(translate("Week", "Print or save a picture"), "Ctrl+P"))
        set_tooltip_and_name(self._phone, translate("Phone", "Send to my phone"))
        set_tooltip_and_name(self._layers, translate("Layers", "Other calendars"))
        set_tooltip_and_name(self._add, text_with_shortcut(translate("Week", "Add an event of your own"), "Ctrl+N"))
        self.set_tool_text(self._month, translate("Week", "Date"))
        self.set_tool_text(self._add, translate("Week", "Event"))
        self.set_tool_text(self._paper, translate("Week", "Print"))
        self.set_tool_text(self._phone, translate("Week", "Phone"))
        self._today.setText(translate("Week", "Today"))
        self._save.setAccessibleName(translate("Week", "Save calendar"))
        if self._empty is not None:
            self._stack.removeWidget(self._empty)
            self._empty.deleteLater()
            self._empty = None

    def _name_tools(self) -> None:
        """Names what differs between a day and a week."""
        is_day = self._weekday is not None
        earlier, later = (
            (translate("Week", "Previous day (Page Up)"), translate("Week", "Next day (Page Down)"))
            if is_day
            else (translate("Week", "Previous week (Page Up)"), translate("Week", "Next week (Page Down)"))
        )
        set_tooltip_and_name(self._previous, earlier)
        set_tooltip_and_name(self._next, later)
        view = CalendarView.DAY if is_day else CalendarView.WEEK
        show_view(self._view, view)
        self.set_tool_text(self._view, view_name(view))
        self.grid.day_hint = (
            translate("Week", "Show the whole week") if is_day else translate("Week", "Show only this day")
        )

    def refresh(self) -> None:
        self._name_tools()
        state = self.session.state
        nothing = state.view is not None and state.is_empty
        self._save.setText("" if self.is_narrow else self._save.accessibleName())
        set_tooltip(self._save, self._save.accessibleName() if self.is_narrow else "")
        for less in (self._phone, self._layers):
            less.setVisible(not self.is_narrow)
        self._over.refresh()
        for tool in (self._previous, self._today, self._next, self._month, self._view, self._save):
            tool.setEnabled(state.view is not None and not nothing)
        if nothing:
            if self._empty is None:
                self._empty = portal_empty_state(self.session)
                self._stack.addWidget(self._empty)
            self._stack.setCurrentWidget(self._empty)
            return
        self._stack.setCurrentWidget(self.grid)
        week = self._week()
        if week is not None and state.view is not None:
            shown = self.chooser.week_with_candidates(state.view, week)
            day = self.day
            if day is not None:
                shown, week = shown.only(day), week.only(day)
            self.chooser.draw_bar(state.view, week)
            self.grid.set_week(shown, state.colour_of)

    def go_weeks(self, steps: int) -> None:
        """Goes forward by a number of weeks, or of days where one is shown; back if negative."""
        day = self.day
        if day is not None:
            self.show_day(day + steps * DAY)
        else:
            self.session.state.show_week(self.session.state.shown_monday + steps * WEEK)

    def go_today(self) -> None:
        self._go_to(self.session.state.today)

    def _go_to(self, day: date) -> None:
        """Shows that day, or its week."""
        if self._weekday is not None:
            self.show_day(day)
        else:
            self.session.state.show_week(day)

    def show_day(self, day: date | None) -> None:
        """Shows one day alone; the whole week for None."""
        self._weekday = None if day is None else day.weekday()
        self.own_events.discard()
        self.session.state.show_week(day or self.session.state.shown_monday)

    def _toggle_day(self, day: date) -> None:
        self.show_day(day if self._weekday is None else None)

    def _day_to_show(self) -> date:
        """The selected day of the week, else today, else the first with classes."""
        selected, week, today = self.grid.selected, self._week(), self.session.state.today
        if selected is not None:
            return selected.occurrence.date
        monday = self.session.state.shown_monday
        if week is None or monday_of(today) == monday:
            return today if monday_of(today) == monday else monday
        return next((each.date for each in week.days if each.blocks), monday)

    def _week(self) -> WeekView | None:
        state = self.session.state
        if state.view is None:
            return None
        least_days = WORKDAYS if self._weekday is None else WHOLE_WEEK
        return week_view(
            state.occurrences(),
            state.view.calendar,
            state.shown_monday,
            state.clashing_occurrences,
            state.now(),
            min_days=least_days,
        )

    def open(self, route: routes.WeekRoute) -> None:
        if route.days == 1 and self._weekday is None:
            self.show_day(self._day_to_show())
        elif (route.days == WHOLE_WEEK or route.choose is not None) and self._weekday is not None:
            self.show_day(None)
        if route.occurrence is not None:
            self._go_to(route.occurrence.date)
            self.grid.select((route.occurrence.item.id, route.occurrence.start))
        if route.choose is not None:
            self.chooser.show_choice(route.choose)

    def _select(self, block: Block | None) -> None:
        """Selects a block. A candidate opens no detail pane, which would hide its preview."""
        is_candidate = block is not None and block.undecided
        self.session.select(block.occurrence if block is not None and not is_candidate else None)
        if block is not None and is_candidate:
            self.grid.select(block.key, notify=False)

    def _open(self, block: Block) -> None:
        self.session.select(block.occurrence)
        self.session.focus_detail()

    def _open_menu(self, block: Block, place: QPoint) -> None:
        from desktop.ui.pages.week.menu import block_menu  # noqa: PLC0415 - not before it is asked for

        block_menu(self.session, block.occurrence, self).popup(place)

    def event(self, event: QEvent) -> bool:
        return accept_escape(event, lambda: self.chooser.key is not None) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.chooser.key is not None:
            self.chooser.stop_choosing()
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() == Qt.Key.Key_D and not event.modifiers():
            self.open(routes.WeekRoute(days=1))
        elif event.key() == Qt.Key.Key_W and not event.modifiers():
            self.open(routes.WeekRoute(days=7))
        else:
            super().keyPressEvent(event)

    def _selected(self, what: object) -> None:
        if what is None:
            self.grid.select(None, notify=False)

    def _open_month(self) -> None:
        from desktop.ui.pages.week.week_month import WeekMonth  # noqa: PLC0415 - not before it is asked for

        menu = QMenu(self)
        month = WeekMonth(self.session.state)
        shown = self.day or self.session.state.shown_monday
        month.setSelectedDate(QDate(shown.year, shown.month, shown.day))

        def jump(day: QDate) -> None:
            menu.close()
            self._go_to(date(day.year(), day.month(), day.day()))

        month.clicked.connect(jump)
        month.activated.connect(jump)
        action = QWidgetAction(menu)
        action.setDefaultWidget(month)
        menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._month.mapToGlobal(QPoint(0, self._month.height() + 4)))
        month.setFocus()


def week_title(week: WeekView) -> str:
    """`Week 7 · 23 – 29 March 2026 · Semester 1`."""
    parts = [date_range_text(week.monday, week.monday + timedelta(days=6))]
    if week.number is not None:
        parts.insert(0, translate("Week", "Week {n}").format(n=week.number))
    if week.offered is not None:
        parts.append(offered_name(week.offered))
    return " · ".join(parts)


def day_titles(week: WeekView, day: date) -> tuple[str, ...]:
    """`Monday 23 March 2026 · Week 7`, and ever shorter ones for narrow windows."""
    number = [translate("Week", "Week {n}").format(n=week.number)] if week.number is not None else []
    forms = ("dddd d MMMM yyyy", "ddd d MMM yyyy", "ddd d MMM")
    return (
        *(" · ".join([date_text(day, form), *number]) for form in forms),
        date_text(day, forms[-1]),
        date_text(day, "ddd d"),
    )


def shorter_titles(week: WeekView) -> tuple[str, ...]:
    """Ever shorter titles for narrow windows: no semester, short months, no year, dates alone, week alone, `W7`."""
    last = week.monday + timedelta(days=6)
    head = [translate("Week", "Week {n}").format(n=week.number)] if week.number is not None else []
    short = date_range_text(week.monday, last, "MMM", year=False)
    spans = [date_range_text(week.monday, last), date_range_text(week.monday, last, "MMM"), short]
    number = [translate("Week", "W{n}").format(n=week.number)] if week.number is not None else []
    return (*(" · ".join([*head, span]) for span in spans), short, *head, *number)
