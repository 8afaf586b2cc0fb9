"""The agenda: what is coming, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from PySide6.QtWidgets import QMenu

from desktop.domain.timetable.events import LayerEvent
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.terms import DAY
from desktop.ui import routes
from desktop.ui.models.agenda_list import AgendaDelegate, AgendaListRow, AgendaRow, LaterRow
from desktop.ui.models.assessment_list import HeadingRow
from desktop.ui.models.row_model import RowModel
from desktop.ui.models.row_view import RowView
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import PortalEmptyState
from desktop.ui.pages.week.block import block_place, kind_word, time_text
from desktop.ui.pages.week.menu import fill_block_menu
from desktop.ui.pages.week.view_menu import CalendarView, show_view, view_button, view_name
from desktop.ui.pages.year_over_note import YearOverNote
from desktop.ui.session.session import Session
from desktop.ui.texts.language import date_text, translate

STEP = timedelta(weeks=4)


class AgendaPage(Page[routes.AgendaRoute]):
    """A list of events from today on, four weeks at a time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._span = STEP
        self._holds_until: datetime | None = None  # when the next event shown, or the day, is over
        self._portal = PortalEmptyState(session)
        self._rows: RowModel[AgendaListRow] = RowModel(self)
        self._list = RowView(self._fill_menu)
        self._list.setModel(self._rows)
        delegate = AgendaDelegate(self._list)
        self._list.setItemDelegate(delegate)
        delegate.action_requested.connect(self._use)
        self._list.opened.connect(self._use)
        session.selected.connect(self._selected)
        session.state.minute_started.connect(self._tick)
        self._view = view_button(session, CalendarView.AGENDA)
        self.header.addWidget(self._view)
        self.align_rows_with_title()
        self._over = YearOverNote(session)
        self.body.addWidget(self._over)
        self.body.addWidget(self._portal, 1)
        self.body.addWidget(self._list, 1)
        self.retranslate()

    def title(self) -> str:
        return translate("Week", "Agenda")

    def retranslate(self) -> None:
        show_view(self._view, CalendarView.AGENDA)
        self.set_tool_text(self._view, view_name(CalendarView.AGENDA))

    def take_focus(self) -> None:
        self.setFocus() if self._list.isHidden() else self._list.setFocus()

    def refresh(self) -> None:
        state = self.session.state
        is_empty = state.view is not None and state.is_empty
        self._list.setAccessibleName(self.title())
        self._over.refresh()
        self._portal.show_if(is_empty)
        self._list.setVisible(not is_empty)
        coming = [each for each in state.occurrences() if each.date >= state.today and not each.undecided]
        tomorrow = datetime.combine(state.today + DAY, time())
        self._holds_until = min([tomorrow, *(each.end for each in coming if each.end > state.now())])
        self._rows.show_rows(self._listed(coming))

    def _tick(self) -> None:
        if self._holds_until is not None and self.session.state.now() >= self._holds_until:
            self.invalidate()

    def _listed(self, coming: list[Occurrence]) -> Iterator[AgendaListRow]:
        if not coming:
            return
        now, before = self.session.state.now(), date.min
        end = coming[0].date + self._span
        for each in coming:
            if each.date >= end:
                yield LaterRow(translate("Agenda", "Show later weeks"))
                return
            if each.date != before:
                yield HeadingRow(_day_name(each.date, now.date()), before == date.min)
            yield self._event(each, now, ruled=each.date == before)
            before = each.date

    def _event(self, each: Occurrence, now: datetime, *, ruled: bool) -> AgendaRow:
        item = each.item
        place = block_place(item) or (item.layer_name if isinstance(item, LayerEvent) else "")
        return AgendaRow(
            occurrence=each,
            colour=self.session.state.colour_of(item),
            times=time_text(each),
            name=item.label,
            kind=kind_word(item),
            place=place,
            is_past=each.end <= now,
            is_ruled=ruled,
        )

    def _use(self, row: object, _action: str) -> None:
        if isinstance(row, LaterRow):
            self._span += STEP
            self.invalidate()
        elif isinstance(row, AgendaRow):
            self.session.select(row.occurrence)

    def _fill_menu(self, menu: QMenu, row: object) -> None:
        if isinstance(row, AgendaRow):
            fill_block_menu(menu, self.session, row.occurrence)

    def _selected(self, what: object) -> None:
        if what is None:
            self._list.clearSelection()


def _day_name(day: date, today: date) -> str:
    name = date_text(day, "dddd d MMMM")
    if day == today:
        return " · ".join((translate("Agenda", "Today"), name))
    if day == today + DAY:
        return " · ".join((translate("Agenda", "Tomorrow"), name))
    return name
