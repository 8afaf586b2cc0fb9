"""The page for an own event, which no document contains: weekly within a term, or on one date."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QLineEdit, QWidget

from desktop.domain.commands import edits
from desktop.domain.errors import AppError
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.terms import OFFERED_CODES
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.session.session import Session
from desktop.ui.texts.code_names import colour_name, offered_name
from desktop.ui.texts.language import translate, weekday_name
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, label, panel, row
from desktop.ui.widgets.fields import date_field, date_value, time_field, time_value
from desktop.ui.widgets.plain_words import RadioButton

LABEL_WIDTH, WIDTH = 96, 640
ONE_HOUR, LATEST_END = timedelta(hours=1), time(23, 59)


class EventPage(Page[routes.EventRoute]):
    """A form for one event. Input stays until it is saved or another event is opened."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._event: OwnEvent | None = None
        self._is_saving = False
        self._what = QLineEdit()
        self._weekly, self._dated = RadioButton(), RadioButton()
        self._weekly.setChecked(True)
        self._weekday, self._term, self._colour = QComboBox(), QComboBox(), QComboBox()
        self._day = date_field(session.state.today)
        self._start, self._end = time_field(time(9, 0)), time_field(time(10, 0))
        self._where, self._note = QLineEdit(), QLineEdit()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID * 2)
        self._grid.setVerticalSpacing(GRID + 4)
        self._grid.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        self._labels = [label("", "strong") for _ in range(7)]
        rows: tuple[QWidget, ...] = (
            self._what,
            panel(row(self._weekly, self._weekday, self._term, 0, gap=GRID)),
            panel(row(self._dated, self._day, 0, gap=GRID)),
            panel(row(self._start, label("–"), self._end, 0, gap=GRID)),
            self._where,
            self._colour,
            self._note,
        )
        for number, widget in enumerate(rows):
            self._labels[number].setFixedWidth(appearance().px(LABEL_WIDTH))
            self._grid.addWidget(self._labels[number], number, 0)
            self._grid.addWidget(widget, number, 1)
        when = QButtonGroup(self)  # exclusive, though the two buttons are on different lines
        when.addButton(self._weekly)
        when.addButton(self._dated)
        card = panel(self._grid, "card")
        card.setMaximumWidth(appearance().px(WIDTH))
        self.body.addLayout(row(card, 0, gap=0))
        self.body.addStretch(1)
        self._cancel = button("", self._cancel_editing, role="quiet")
        self.tools.addWidget(self._cancel)
        self._save = self.add_primary_button("", self._save_event, "check")
        self._what.returnPressed.connect(self._save_event)
        self.retranslate()

    def take_focus(self) -> None:
        self._what.setFocus(Qt.FocusReason.OtherFocusReason)

    def title(self) -> str:
        return translate("Event", "Change an event") if self._event else translate("Event", "Add an event")

    def retranslate(self) -> None:
        names = (
            translate("Event", "What"),
            translate("Event", "When"),
            "",
            translate("Event", "Time"),
            translate("Event", "Where"),
            translate("Event", "Colour"),
            translate("Event", "Note"),
        )
        fields = (self._what, self._weekday, self._day, self._start, self._where, self._colour, self._note)
        for name, shown, field in zip(names, self._labels, fields, strict=False):
            shown.setText(name)
            field.setAccessibleName(name)
        self._end.setAccessibleName(translate("Event", "End"))
        self._term.setAccessibleName(translate("Event", "Term"))
        self._day.setAccessibleName(translate("Event", "Date"))
        self._weekly.setText(translate("Event", "Every"))
        self._dated.setText(translate("Event", "On"))
        self._cancel.setText(translate("Event", "Cancel"))
        self._save.setText(translate("Event", "Save"))
        self._fill(self._weekday, [(number, weekday_name(number)) for number in range(7)])
        self._fill(
            self._term,
            [("", translate("Event", "all year")), *((code, offered_name(code)) for code in OFFERED_CODES)],
        )
        self._fill(self._colour, [(colour, colour_name(colour)) for colour in Colour])

    @staticmethod
    def _fill(box: QComboBox, entries: list[tuple[object, str]]) -> None:
        now = box.currentData()
        box.clear()
        for value, words in entries:
            box.addItem(words, value)
        box.setCurrentIndex(max(0, box.findData(now)))

    def open(self, route: routes.EventRoute) -> None:
        if route != routes.EventRoute():
            self._fill_in(route)

    def _fill_in(self, route: routes.EventRoute) -> None:
        """Fills the form with an existing event, or for a new one with a date or a start time."""
        event, start = route.event, route.start
        self._event = event
        self._what.setText(event.title if event else route.title)
        self._where.setText(event.venue if event else route.venue)
        self._note.setText(event.note if event else "")
        self._colour.setCurrentIndex(self._colour.findData(event.colour if event else Colour.GRAPHITE))
        if event is not None:
            self._start.setTime(time_field(event.start).time())
            self._end.setTime(time_field(event.end).time())
            self._term.setCurrentIndex(max(0, self._term.findData(event.offered)))
        elif isinstance(start, datetime):
            self._start.setTime(time_field(start.time()).time())
            end = (
                route.end.time()
                if route.end is not None
                else (start + ONE_HOUR).time()
                if start.hour < 23
                else LATEST_END
            )
            self._end.setTime(time_field(end).time())
        begun = start.date() if isinstance(start, datetime) else start
        weekday = event.weekday if event else begun.weekday() if begun else None
        on = event.on if event else begun
        (self._dated if on is not None else self._weekly).setChecked(True)
        if on is not None:
            self._day.setDate(date_field(on).date())
        if weekday is not None:
            self._weekday.setCurrentIndex(weekday)
        self.invalidate()
        self._what.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Empties the form if it still holds an event that was viewed but not changed."""
        super().showEvent(event)
        if self._event is not None and not self.has_unsaved_input:
            self._fill_in(routes.EventRoute())

    def _cancel_editing(self) -> None:
        self._fill_in(routes.EventRoute())
        self.session.open_page(routes.WeekRoute())

    def _save_event(self) -> None:
        view = self.session.state.view
        if view is None or self._is_saving:
            return
        weekly = self._weekly.isChecked()
        try:
            event = OwnEvent(
                id=self._event.id if self._event else edits.event_id(view.year, secrets.token_hex(8)),
                year=view.year,
                title=self._what.text(),
                start=time_value(self._start),
                end=time_value(self._end),
                weekday=int(self._weekday.currentData()) if weekly else None,
                on=None if weekly else date_value(self._day),
                offered=str(self._term.currentData()) if weekly else "",
                venue=self._where.text(),
                note=self._note.text(),
                colour=Colour(self._colour.currentData()),
            )
            act = edits.save_event(view.timetable, event)
        except AppError as wrong:
            self.session.notices.show_error(wrong)
            self._what.setFocus()
            return

        def saved() -> None:
            self._event = None
            self._what.clear()
            if event.on is not None:
                self.session.state.show_week(event.on)
            self.session.open_page(routes.WeekRoute())

        def ended() -> None:
            self._is_saving = False

        self._is_saving = True
        self.session.perform(act, saved, finally_=ended)
