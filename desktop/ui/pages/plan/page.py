"""Plan: what matters to the student as chips, and the best ways to choose groups as small weeks side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.clashes import clashes_ahead
from desktop.domain.errors import Cancelled
from desktop.domain.records.shared_choices import friend_groups
from desktop.domain.week_view import WeekView, week_view
from desktop.planning.planner import Plan, PlanResult, apply_plan
from desktop.planning.preferences import Preferences
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.plan.shared_plans import SharedPlanCard, ShownPlan, WeekOf, find_shared_plans, share_button
from desktop.ui.pages.plan.small_week import SmallWeek
from desktop.ui.pages.portal import portal_state
from desktop.ui.session.jobs import SOON, Flag, Job, Progress
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, plural, say, translate
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.controls import button, clear, column, empty_state, icon_label, label, panel, row
from desktop.ui.widgets.flow import Flow
from desktop.ui.widgets.focus import kept_focus

if TYPE_CHECKING:
    from desktop.domain.timetable.model import Timetable
    from desktop.workflows.timetable import View

MOST_COLUMNS, COLUMN = 3, 260  # of plans beside each other, and how wide each is at least
STARTS = (time(8, 30), time(9, 30), time(10, 30))
ENDS = (time(13, 20), time(15, 20), time(17, 20))
FRIDAYS = (time(11, 20), time(12, 20), time(13, 20))


@dataclass(frozen=True, slots=True)
class FoundPlans:
    """The plans, each with the fullest week it makes, and those that somebody shared."""

    result: PlanResult
    weeks: tuple[WeekView, ...]
    shared: tuple[ShownPlan, ...] = ()


class PlanPage(Page[routes.PlanRoute]):
    """Candidate weeks for the choices that are open to planning."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._preferences = Preferences()
        self._job: Job[FoundPlans] | None = None
        self._found: FoundPlans | None = None
        self._columns = MOST_COLUMNS
        self._chips = Flow()
        self._words = label("", wrap=True)
        self._content: QVBoxLayout = column(gap=GRID * 2)
        self._chip_bar = panel(self._chips)
        self.body.addWidget(self._chip_bar)
        self.body.addWidget(self._words)
        self.fill(self._content)
        self._clashes = button("", lambda: session.open_page(routes.ClashesRoute()), role="quiet", icon="clash")
        self.tools.addWidget(self._clashes)
        self._share = button("", lambda: session.open_page(routes.ShareRoute()), role="quiet", icon="share")
        self.tools.addWidget(self._share)

    def title(self) -> str:
        return translate("Plan", "Plan")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = max(1, min(MOST_COLUMNS, self.width() // look().px(COLUMN)))
        if columns != self._columns:
            self._columns = columns
            if self._found is not None:
                self._draw_plans(self._found)

    def refresh(self) -> None:
        view = self.session.state.view
        clear(self._chips)
        if view is None:
            return
        today = self.session.state.today
        open_clashes = sum(1 for clash in clashes_ahead(view.clashes, today) if not clash.accepted)
        self._share.setText(translate("Share", "Share groups"))
        self._share.setVisible(not self.session.state.is_empty)
        self._clashes.setVisible(not self.session.state.is_empty)
        self._clashes.setText(
            plural(open_clashes, translate("Plan", "{n} clash now"), translate("Plan", "{n} clashes now"))
            if open_clashes
            else translate("Plan", "No clashes now")
        )
        choosable = any(len(choice.groups) > 1 for choice in view.timetable.choices.values())
        self._chip_bar.setVisible(choosable)
        self._words.setVisible(choosable)
        if not choosable:
            clear(self._content)
            self._content.addWidget(self._nothing(), 1)
            return
        from desktop.workflows import planning  # noqa: PLC0415 - not before this page is opened

        self._preferences = planning.preferences_of(view.records)
        self._add_chips()
        self._search(view)

    def _nothing(self) -> QWidget:
        if self.session.state.is_empty:
            return portal_state(self.session)
        return empty_state(
            "plan",
            translate("Plan", "There is nothing to choose"),
            [translate("Plan", "Every module has one group of each kind, so your week is what it is.")],
        )

    # chips

    def _add_chips(self) -> None:
        wish = self._preferences
        self._switch(translate("Plan", "Free days"), wish.free_days, replace(wish, free_days=not wish.free_days))
        self._timed(translate("Plan", "Not before"), wish.not_before, STARTS, lambda at: replace(wish, not_before=at))
        self._timed(translate("Plan", "Not after"), wish.not_after, ENDS, lambda at: replace(wish, not_after=at))
        self._switch(translate("Plan", "Few gaps"), wish.few_gaps, replace(wish, few_gaps=not wish.few_gaps))
        self._switch(translate("Plan", "Lunch break"), wish.lunch, replace(wish, lunch=not wish.lunch))
        self._timed(
            translate("Plan", "Early Friday"), wish.early_friday, FRIDAYS, lambda at: replace(wish, early_friday=at)
        )
        self._switch(
            translate("Plan", "Same group for lectures and tutorials"),
            wish.same_group,
            replace(wish, same_group=not wish.same_group),
        )
        view = self.session.state.view
        if view is not None and friend_groups(view.records, view.timetable):
            self._switch(
                translate("Plan", "Same groups as a friend"), wish.friend, replace(wish, friend=not wish.friend)
            )
        self._switch(translate("Plan", "Less travel"), wish.travel, replace(wish, travel=not wish.travel))

    def _chip(self, text: str, on: bool) -> QPushButton:
        chip = button(text, role="chip")
        chip.setCheckable(True)
        chip.setChecked(on)
        self._chips.addWidget(chip)
        return chip

    def _switch(self, text: str, on: bool, wanted: Preferences) -> None:
        self._chip(text, on).clicked.connect(lambda *_: self._prefer(wanted))

    def _timed(
        self, text: str, now: time | None, offered: tuple[time, ...], wanted: Callable[[time | None], Preferences]
    ) -> None:
        chip = self._chip(f"{text} {clock_text(now)}" if now is not None else text, now is not None)
        menu = QMenu(chip)
        for moment in offered:
            action = QAction(clock_text(moment), menu)
            action.setCheckable(True)
            action.setChecked(moment == now)
            action.triggered.connect(partial(self._prefer_time, wanted, moment))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(translate("Plan", "Does not matter"), partial(self._prefer_time, wanted, None))
        chip.setMenu(menu)

    def _prefer_time(self, wanted: Callable[[time | None], Preferences], moment: time | None, *_: object) -> None:
        self._prefer(wanted(moment))

    def _prefer(self, wanted: Preferences) -> None:
        from desktop.workflows import planning  # noqa: PLC0415 - as above

        app = self.session.app
        self.session.change(lambda: planning.keep_preferences(app.store, wanted), lambda _applied: None)

    # the search

    def _search(self, view: View) -> None:
        if self._job is not None:
            self._job.cancel()
        wish, week_of = self._preferences, self._week_of()

        def work(flag: Flag, _tell: Progress) -> FoundPlans:
            from desktop.domain.records.projection import project  # noqa: PLC0415 - as above
            from desktop.workflows import planning  # noqa: PLC0415

            result = planning.find_plans(view, wish, cancelled=flag)
            weeks = []
            for each in result.plans:
                planned = project(
                    view.records.after(apply_plan(view.timetable, each).changes, planning.NEVER_YET), view.year
                )
                planned = replace(planned, layers=view.timetable.layers)
                weeks.append(week_of(planned, view))
            return FoundPlans(result, tuple(weeks), find_shared_plans(view, wish, week_of))

        self._words.setText(translate("Plan", "Looking for the best plans"))
        self._job = self.session.jobs.read(work, self._show, self._failed, owner=self, priority=SOON)

    def _week_of(self) -> WeekOf:
        monday = self.session.state.monday

        def week_of(planned: Timetable, view: View) -> WeekView:
            from desktop.domain.timetable.occurrences import occurrences  # noqa: PLC0415 - not before this is opened
            from desktop.workflows.timetable import span  # noqa: PLC0415 - as above

            dated = occurrences(planned, view.calendar, *span(view.year))
            return _fullest(week_view(dated, view.calendar, monday), dated, view)

        return week_of

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self.session.notices.handle(error)

    def _show(self, found: FoundPlans) -> None:
        self._found = found
        with kept_focus(self):
            self._draw_plans(found)

    def _draw_plans(self, found: FoundPlans) -> None:
        self._words.setText(" ".join(say(each) for each in found.result.summary))
        clear(self._content)
        if found.result.conflict_set is not None:
            text = label(say(found.result.conflict_set.message), wrap=True)
            laid = row(icon_label("clash", "warning"), text, gap=GRID)
            laid.setStretch(1, 1)
            self._content.addLayout(laid)
        grid = QGridLayout()
        grid.setSpacing(GRID * 2)
        cards: list[QWidget] = [SharedPlanCard(self.session, each) for each in found.shared]
        own = zip(found.result.plans, found.weeks, strict=True)
        cards += [self._card(number, each, week) for number, (each, week) in enumerate(own)]
        for number, card in enumerate(cards):
            grid.addWidget(card, number // self._columns, number % self._columns)
        for at in range(self._columns):
            grid.setColumnStretch(at, 1)
        self._content.addLayout(grid)
        self._content.addStretch(1)

    def _card(self, number: int, each: Plan, week: WeekView) -> QWidget:
        title = translate("Plan", "Plan {n}").format(n=number + 1)
        changes = (
            translate("Plan", "what you have now")
            if each.changes == 0
            else plural(each.changes, translate("Plan", "{n} change"), translate("Plan", "{n} changes"))
        )
        picture = SmallWeek(self.session.state, week)
        picture.setAccessibleName(title)
        reasons = on_a_line(say(reason) for reason in each.reasons)
        words = column(gap=2)
        if reasons:
            words.addWidget(label(reasons, wrap=True))
        if each.tradeoffs:
            words.addWidget(label(on_a_line(say(against) for against in each.tradeoffs), "quiet", wrap=True))
        attend = button(translate("Plan", "Use this plan"), self._applier(each), role="primary" if number == 0 else "")
        attend.setEnabled(each.changes > 0)
        attend.setAccessibleDescription(f"{title}. {reasons}")
        head = row(label(title, "heading"), label(changes, "quiet"), 0, gap=GRID)
        doing = row(attend, share_button(self.session, each), 0, gap=GRID)
        body = column(head, picture, words, 0, doing, margin=GRID * 2, gap=GRID)
        made = panel(body, "card")
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return made

    def _applier(self, chosen: Plan) -> Callable[[], None]:
        def use() -> None:
            view = self.session.state.view
            if view is not None:
                self.session.perform(apply_plan(view.timetable, chosen))

        return use


def on_a_line(parts: Iterable[str]) -> str:
    """Side by side, beginning with a capital as a line of its own does."""
    words = " · ".join(parts)
    return words[:1].upper() + words[1:]


def _fullest(week: WeekView, dated: tuple[object, ...], view: View) -> WeekView:
    """The week looked at where it has classes, else the fullest week of the year."""
    from desktop.domain.timetable.model import Meeting, Occurrence  # noqa: PLC0415

    if sum(1 for block in week.blocks() if isinstance(block.occurrence.item, Meeting)) > 3:
        return week
    found = [each for each in dated if isinstance(each, Occurrence) and isinstance(each.item, Meeting)]
    mondays = Counter(each.date - timedelta(days=each.date.weekday()) for each in found)
    if not mondays:
        return week
    return week_view(found, view.calendar, max(sorted(mondays), key=lambda monday: mondays[monday]))
