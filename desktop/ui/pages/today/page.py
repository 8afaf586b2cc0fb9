"""The Today page: where to be next, the rest of the day, the next test, and what needs attention."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QWidget

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import takes_time
from desktop.ui import routes
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.pages.today.todo_items import TodoLine, todo_lines
from desktop.ui.pages.week.block import block_place, kind_word
from desktop.ui.session.session import Session
from desktop.ui.texts.language import (
    clock_text,
    current_language,
    date_text,
    duration_text,
    plural,
    time_until_text,
    translate,
)
from desktop.ui.theme.style import BODY, GRID, appearance, full_colour
from desktop.ui.widgets.controls import button, column, icon_label, label, panel, row, separator
from desktop.ui.widgets.row_list import ListRow, RowList

if TYPE_CHECKING:
    from desktop.ui.pages.first_run import FirstRunSteps

MAX_TODO_ITEMS = 8
LONG_DAY_CLASSES = 6  # on a day with fewer classes, the next day is shown as well


class TodayPage(Page[routes.TodayRoute]):
    """The page for a quick look between two classes. Each minute only what differs is redrawn."""

    narrow_below = 700

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._first_run: FirstRunSteps | None = None
        self._first_run_area: QWidget | None = None
        self._next, self._when = RowList(), _TimeToNextClass()
        self._next_occurrence: Occurrence | None = None  # the next one
        self._valid_until: datetime | None = None  # when the first occurrence shown, or the day, is over
        self._today_heading, self._today = label("", "heading"), RowList()
        self._then_heading, self._then = label("", "heading"), RowList()
        self._coming_heading, self._coming = label("", "heading"), RowList(gap=GRID)
        self._todo_heading, self._todo = label("", "heading"), RowList(gap=GRID)
        self._groups = [
            panel(column(heading, listed, gap=GRID))
            for heading, listed in (
                (self._today_heading, self._today),
                (self._then_heading, self._then),
                (self._coming_heading, self._coming),
                (self._todo_heading, self._todo),
            )
        ]
        rest, then, coming, todo = self._groups
        left = column(self._next, rest, then, 0, gap=GRID * 3)
        right = column(coming, todo, 0, gap=GRID * 3)
        self._both = row(left, right, gap=GRID * 4)
        self._both.setStretch(0, 3)
        self._both.setStretch(1, 2)
        self._content = panel(self._both)
        self._whole = column(self._content)
        self.set_scrolled_content(self._whole)
        self._week = self.add_primary_button("", lambda: session.open_page(routes.WeekRoute()), "week")
        session.state.minute_started.connect(self._tick)
        self.retranslate()

    def title(self) -> str:
        state = self.session.state
        if state.view is not None and state.is_empty:
            return translate("FirstRun", "First steps")
        return date_text(state.today, "dddd d MMMM yyyy")

    def retranslate(self) -> None:
        self._week.setText(translate("Today", "This week"))
        self._today_heading.setText(translate("Today", "The rest of today"))
        self._todo_heading.setText(translate("Today", "To do"))

    def open(self, route: routes.TodayRoute) -> None:  # noqa: ARG002 - it leads to the page as a whole
        self.invalidate()  # steps finished are recorded in the settings, which send no signal

    def _tick(self) -> None:
        """Runs each minute: redraws the page if something shown is over, else updates how soon the next class is."""
        now = self.session.state.now()
        if self.isVisible() and not self._stale and self._valid_until is not None and now < self._valid_until:
            self._show_time_to_next(now)
        else:
            self.invalidate()

    def refresh(self) -> None:
        state = self.session.state
        self._next_occurrence, self._valid_until = None, None
        self._week.setVisible(not state.is_empty)
        nothing = state.view is not None and state.is_empty
        self._content.setVisible(state.view is not None and not nothing)
        self._show_first_run(nothing)
        if state.view is None or nothing:
            return
        now = state.now()
        coming = [
            each
            for each in state.occurrences_between(now.date(), now.date() + timedelta(days=200))
            if each.end > now and not each.undecided
        ]
        self._both.setDirection(
            QBoxLayout.Direction.TopToBottom if self.is_narrow else QBoxLayout.Direction.LeftToRight
        )
        first = self._next_occurrence = next((each for each in coming if takes_time(each.item)), None)
        midnight = datetime.combine(now.date() + timedelta(days=1), time())
        self._valid_until = min([midnight, *(each.end for each in coming)])
        self._show_next(first)
        today = [each for each in coming if each.date == now.date()]
        self._today.show_rows(self._lines([each for each in today if each is not first]))
        later = (
            [each for each in coming if each is not first and each.date != now.date()]
            if len(today) < LONG_DAY_CLASSES
            else []
        )
        then = [each for each in later if each.date == later[0].date]
        if then:
            words = translate("Today", "Then, on {day}")
            self._then_heading.setText(words.format(day=date_text(then[0].date, "dddd d MMMM")))
        self._then.show_rows(self._lines(then))
        due = [each for each in coming if isinstance(each.item, Assessment) or _is_deadline(each)][:3]
        has_deadline = any(_is_deadline(each) for each in due)
        both, tests = translate("Today", "Tests, exams and deadlines"), translate("Today", "Tests and exams")
        self._coming_heading.setText(both if has_deadline else tests)
        self._coming.show_rows(self._assessments(due))
        self._todo.show_rows(self._todo_rows())
        for group, listed in zip(self._groups, (self._today, self._then, self._coming, self._todo), strict=True):
            group.setVisible(not listed.isHidden())

    def _show_first_run(self, shown: bool) -> None:
        """Shows the first-run steps while there is no timetable."""
        if shown and self._first_run is None:
            from desktop.ui.pages.first_run import FirstRunSteps  # noqa: PLC0415 - not before the first frame

            self._first_run = FirstRunSteps(self.session)
            self._first_run.setMaximumWidth(appearance().px(MAX_COLUMN_WIDTH))
            beside = row(self._first_run, 0)
            beside.setStretch(0, 1000)
            self._first_run_area = panel(column(beside, 0))
            self._whole.addWidget(self._first_run_area, 1)
        if self._first_run is not None and self._first_run_area is not None:
            self._first_run_area.setVisible(shown)
            if shown:
                self._first_run.refresh()

    def _show_next(self, first: Occurrence | None) -> None:
        if first is None:
            nothing = translate("Today", "Nothing more this year")
            self._next.show_rows([ListRow(nothing, lambda: self._next_card(label(nothing, "title", wrap=True)))])
            return
        span = f"{clock_text(first.start)} – {clock_text(first.end)} · {duration_text(first.minutes)}"
        shown = (current_language(), *self._row_key(first), span)
        self._next.show_rows([ListRow(shown, lambda: self._first_card(first, span))])
        self._show_time_to_next(self.session.state.now())

    def _show_time_to_next(self, now: datetime) -> None:
        """Shows how soon the next class is."""
        first = self._next_occurrence
        if first is None:
            return
        if first.start <= now:
            when = translate("Today", "now, until {time}").format(time=clock_text(first.end))
        elif first.date == now.date() or (first.start - now) < timedelta(hours=3):
            when = time_until_text(now, first.start)
        else:
            when = f"{time_until_text(now, first.start)}, {date_text(first.date, 'dddd')} {clock_text(first.start)}"
        self._when.show_text(when)

    def _row_key(self, occurrence: Occurrence) -> tuple[Hashable, ...]:
        """Returns what identifies an occurrence, and what the page shows of it, for comparison."""
        item = occurrence.item
        colour = self.session.state.colour_of(item)
        return occurrence.start, occurrence.end, item.id, item.label, _place(occurrence), colour

    def _next_card(self, *parts: QWidget) -> QWidget:
        return panel(column(*parts, margin=GRID * 3, gap=GRID), "card")

    def _first_card(self, first: Occurrence, span: str) -> QWidget:
        head = row(_swatch(self.session, first), label(first.item.label, "display", wrap=True), gap=GRID + 4)
        head.setStretch(1, 1)
        body = column(head, margin=GRID * 3, gap=GRID)
        place = _place(first)
        if place:
            body.addWidget(label(place, "title", wrap=True))
        self._when = _TimeToNextClass()
        body.addWidget(self._when)
        body.addWidget(label(span, "quiet"))
        opener = button(
            translate("Today", "Show in the week"),
            lambda: self.session.open_page(routes.WeekRoute(self._in_current_view(first))),
            role="link",
        )
        body.addSpacing(GRID)
        body.addWidget(opener, 0, Qt.AlignmentFlag.AlignLeft)
        return panel(body, "card")

    def _in_current_view(self, occurrence: Occurrence) -> Occurrence:
        """Returns the same occurrence as it is in the current view."""
        same = (each for each in self.session.state.occurrences_between(occurrence.date, occurrence.date))
        return next(
            (each for each in same if (each.item.id, each.start) == (occurrence.item.id, occurrence.start)), occurrence
        )

    def _lines(self, found: list[Occurrence]) -> Iterator[ListRow]:
        for number, each in enumerate(found):
            yield ListRow((bool(number), *self._row_key(each)), partial(self._line, each, ruled=bool(number)))

    def _line(self, occurrence: Occurrence, *, ruled: bool) -> QWidget:
        start = label(clock_text(occurrence.start), "strong")
        start.setFixedWidth(appearance().px(48))
        end = label(clock_text(occurrence.end) if occurrence.end > occurrence.start else "", "quiet")
        end.setFixedWidth(appearance().px(44))
        what = label(occurrence.item.label, "strong")
        place = label(_place(occurrence), "quiet")
        place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        body = row(_swatch(self.session, occurrence), start, end, what, place, gap=GRID)
        body.setContentsMargins(0, GRID, 0, GRID)
        body.setStretch(4, 1)
        return panel(column(separator(), body, gap=0)) if ruled else panel(body)

    def _assessments(self, found: list[Occurrence]) -> Iterator[ListRow]:
        today = self.session.state.today
        for each in found:
            days = (each.date - today).days
            yield ListRow((current_language(), days, *self._row_key(each)), partial(self._assessment, each, days))

    def _assessment(self, each: Occurrence, days: int) -> QWidget:
        left = (
            translate("Today", "today")
            if days == 0
            else translate("Time", "tomorrow")
            if days == 1
            else plural(days, translate("Today", "{n} day left"), translate("Today", "{n} days left"))
        )
        word = kind_word(each.item)
        date_line = f"{date_text(each.date, 'ddd d MMMM')}, {clock_text(each.start)}"
        place = block_place(each.item)
        texts = column(
            label(each.item.label, "strong", wrap=True),
            label(" · ".join(part for part in (word, date_line, place) if part), "quiet", wrap=True),
            gap=2,
        )
        laid = row(_swatch(self.session, each), texts, label(left, "strong", tone="accent"), gap=GRID + 4)
        laid.setStretch(1, 1)
        return panel(laid)

    def _todo_rows(self) -> Iterator[ListRow]:
        for each in todo_lines(self.session)[:MAX_TODO_ITEMS]:
            yield ListRow((each.text, each.action, each.hint, each.icon, each.tone), partial(self._todo_line, each))

    def _todo_line(self, each: TodoLine) -> QWidget:
        words = column(label(each.text, wrap=True), gap=2)
        if each.hint:
            words.addWidget(label(each.hint, "quiet", wrap=True))
        go = button(each.action, partial(self._open_todo, each), role="link")
        go.setAccessibleName(f"{each.action}: {each.text}")
        entry = row(icon_label(each.icon, each.tone), words, go, gap=GRID)
        entry.setStretch(1, 1)
        return panel(entry)

    def _open_todo(self, line: TodoLine) -> None:
        """Opens the current target of a line, since the view may have changed since it was drawn."""
        now = next((each for each in todo_lines(self.session) if each.text == line.text), line)
        self.session.open_page(now.route)


class _TimeToNextClass(QFrame):
    """The line with the time to the next class.

    It changes each minute, without a new layout of the widgets around it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._words = label("", "heading", tone="accent")
        self._words.setParent(self)

    def show_text(self, text: str) -> None:
        self._words.setText(text)
        size = self._words.sizeHint()
        self.setFixedHeight(size.height())
        self.setMinimumWidth(max(self.minimumWidth(), size.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.resize(self.size())


def _is_deadline(occurrence: Occurrence) -> bool:
    return isinstance(occurrence.item, LayerEvent) and occurrence.item.is_deadline


def _place(occurrence: Occurrence) -> str:
    item = occurrence.item
    if isinstance(item, LayerEvent):
        return " · ".join(part for part in (kind_word(item), item.venue or item.layer_name) if part)
    if isinstance(item, OwnEvent):
        return item.venue
    return ", ".join(item.venues[:3]) + (" …" if len(item.venues) > 3 else "") if item.venues else block_place(item)


def _swatch(session: Session, occurrence: Occurrence) -> QWidget:
    made = QFrame()
    made.setFixedWidth(4)
    made.setMinimumHeight(appearance().px(BODY + 5))
    colour = full_colour(session.state.colour_of(occurrence.item)).name()
    made.setStyleSheet(f"background: {colour}; border-radius: 2px;")
    return made
