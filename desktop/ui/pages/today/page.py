"""Today: where to be next, the rest of the day, the next test, and what waits for the student."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.timetable.model import Assessment, Occurrence, OwnEvent
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import portal_state
from desktop.ui.pages.today.todo_items import TodoLine, lines_of
from desktop.ui.pages.week.block import block_place, kind_word
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, day_text, length_text, plural, translate, until_text
from desktop.ui.theme.style import BODY, GRID, full, look
from desktop.ui.widgets.controls import button, clear, column, icon_label, label, line, panel, row

MOST_NEEDS = 8
LONG_DAY = 6  # a day with fewer classes than this leaves room for the next one


class TodayPage(Page[routes.TodayRoute]):
    """The first page a student sees between two classes."""

    narrow_below = 700

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._content = column(gap=GRID * 3)
        self.fill(self._content)
        self._week = self.primary("", lambda: session.open_page(routes.WeekRoute()), "week")
        session.state.ticked.connect(self.outdated)
        self.retranslate()

    def title(self) -> str:
        return day_text(self.session.state.today, "dddd d MMMM yyyy")

    def retranslate(self) -> None:
        self._week.setText(translate("Today", "This week"))

    def refresh(self) -> None:
        clear(self._content)
        state = self.session.state
        self._week.setVisible(not state.is_empty)
        if state.view is None:
            return
        if state.is_empty:
            self._content.addWidget(portal_state(self.session), 1)
            return
        now = state.now()
        coming = [
            each
            for each in state.occurrences_of(now.date(), now.date() + timedelta(days=200))
            if each.end > now and not each.undecided
        ]
        today = [each for each in coming if each.date == now.date()]
        left = column(self._next_card(coming), gap=GRID * 3)
        if today[1:]:
            left.addLayout(self._list(translate("Today", "The rest of today"), today[1:]))
        later = [each for each in coming[1:] if each.date != now.date()]
        if later and len(today) < LONG_DAY:
            day = later[0].date
            then = translate("Today", "Then, on {day}").format(day=day_text(day, "dddd d MMMM"))
            left.addLayout(self._list(then, [each for each in later if each.date == day]))
        right = column(gap=GRID * 3)
        assessments = [each for each in coming if isinstance(each.item, Assessment)][:3]
        if assessments:
            right.addLayout(self._assessments(assessments))
        waiting = lines_of(self.session)
        if waiting:
            right.addLayout(self._needs(waiting))
        if self.is_narrow:
            self._content.addLayout(column(left, right, 0, gap=GRID * 3), 1)
            return
        both = row(column(left, 0, gap=0), column(right, 0, gap=0), gap=GRID * 4)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        self._content.addLayout(both, 1)

    def _next_card(self, coming: list[Occurrence]) -> QWidget:
        body = column(margin=GRID * 3, gap=GRID)
        if not coming:
            body.addWidget(label(translate("Today", "Nothing more this year"), "title", wrap=True))
            return panel(body, "card")
        now = self.session.state.now()
        first = coming[0]
        under_way = first.start <= now
        if under_way:
            when = translate("Today", "now, until {time}").format(time=clock_text(first.end))
        elif first.date == now.date() or (first.start - now) < timedelta(hours=3):
            when = until_text(now, first.start)
        else:
            when = f"{until_text(now, first.start)}, {day_text(first.date, 'dddd')} {clock_text(first.start)}"
        head = row(_swatch(self.session, first), label(first.item.label, "display", wrap=True), gap=GRID + 4)
        head.setStretch(1, 1)
        body.addLayout(head)
        place = _place(first)
        if place:
            body.addWidget(label(place, "title", wrap=True))
        body.addWidget(label(when, "heading", tone="accent"))
        span = f"{clock_text(first.start)} – {clock_text(first.end)} · {length_text(first.minutes)}"
        body.addWidget(label(span, "quiet"))
        opener = button(
            translate("Today", "Show in the week"), lambda: self.session.open_page(routes.WeekRoute(first)), role="link"
        )
        body.addSpacing(GRID)
        body.addWidget(opener, 0, Qt.AlignmentFlag.AlignLeft)
        return panel(body, "card")

    def _list(self, heading: str, found: list[Occurrence]) -> QVBoxLayout:
        body = column(label(heading, "heading"), gap=0)
        body.addSpacing(GRID)
        for number, each in enumerate(found):
            if number:
                body.addWidget(line())
            body.addWidget(self._line(each))
        return body

    def _line(self, occurrence: Occurrence) -> QWidget:
        time = label(clock_text(occurrence.start), "strong")
        time.setFixedWidth(look().px(48))
        end = label(clock_text(occurrence.end), "quiet")
        end.setFixedWidth(look().px(44))
        what = label(occurrence.item.label, "strong")
        place = label(_place(occurrence), "quiet")
        place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        body = row(_swatch(self.session, occurrence), time, end, what, place, gap=GRID)
        body.setContentsMargins(0, GRID, 0, GRID)
        body.setStretch(4, 1)
        return panel(body)

    def _assessments(self, found: list[Occurrence]) -> QVBoxLayout:
        now = self.session.state.now()
        body = column(label(translate("Today", "Tests and exams"), "heading"), gap=GRID)
        for each in found:
            days = (each.date - now.date()).days
            left = (
                translate("Today", "today")
                if days == 0
                else translate("Time", "tomorrow")
                if days == 1
                else plural(days, translate("Today", "{n} day left"), translate("Today", "{n} days left"))
            )
            word = kind_word(each.item)
            date_line = f"{day_text(each.date, 'ddd d MMMM')}, {clock_text(each.start)}"
            place = block_place(each.item)
            texts = column(
                label(each.item.label, "strong", wrap=True),
                label(" · ".join(part for part in (word, date_line, place) if part), "quiet", wrap=True),
                gap=2,
            )
            laid = row(_swatch(self.session, each), texts, label(left, "strong", tone="accent"), gap=GRID + 4)
            laid.setStretch(1, 1)
            body.addLayout(laid)
        return body

    def _needs(self, waiting: list[TodoLine]) -> QVBoxLayout:
        body = column(label(translate("Today", "To do"), "heading"), gap=GRID)
        for each in waiting[:MOST_NEEDS]:
            words = column(label(each.text, wrap=True), gap=2)
            if each.hint:
                words.addWidget(label(each.hint, "quiet", wrap=True))
            go = button(each.action, _opener(self.session, each), role="link")
            go.setAccessibleName(f"{each.action}: {each.text}")
            entry = row(icon_label(each.icon, each.tone), words, go, gap=GRID)
            entry.setStretch(1, 1)
            body.addLayout(entry)
        return body


def _opener(session: Session, each: TodoLine) -> Callable[[], None]:
    return lambda: session.open_page(each.route)


def _place(occurrence: Occurrence) -> str:
    item = occurrence.item
    if isinstance(item, OwnEvent):
        return item.venue
    return ", ".join(item.venues[:3]) + (" …" if len(item.venues) > 3 else "") if item.venues else block_place(item)


def _swatch(session: Session, occurrence: Occurrence) -> QWidget:
    made = QFrame()
    made.setFixedWidth(4)
    made.setMinimumHeight(look().px(BODY + 5))
    colour = full(session.state.colour_of(occurrence.item)).name()
    made.setStyleSheet(f"background: {colour}; border-radius: 2px;")
    return made
