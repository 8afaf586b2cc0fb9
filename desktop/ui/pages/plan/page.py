"""The Plan page: preferences as chips, and the best ways to choose groups as small weeks side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.domain.clashes import upcoming_clashes
from desktop.domain.errors import Cancelled
from desktop.domain.records.shared_choices import friend_groups
from desktop.domain.timetable.choices import ChoiceKey
from desktop.planning.planner import Plan, apply_plan
from desktop.planning.preferences import Preferences
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import portal_empty_state
from desktop.ui.session.jobs import HIGH_PRIORITY, CancelFlag, Job, Progress
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, plural, translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, clear_layout, column, empty_state, icon_label, label, panel, row
from desktop.ui.widgets.escape import accept_escape
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.focus import preserve_focus

if TYPE_CHECKING:
    from desktop.ui.pages.plan.found_plans import FoundPlans
    from desktop.ui.pages.plan.large_plan import LargePlan
    from desktop.workflows.timetable import View

MAX_COLUMNS, MIN_CARD_WIDTH = 3, 400  # the number of plans in a row, and the least width of each
STARTS = (time(8, 30), time(9, 30), time(10, 30))
ENDS = (time(13, 20), time(15, 20), time(17, 20))
FRIDAYS = (time(11, 20), time(12, 20), time(13, 20))


class PlanPage(Page[routes.PlanRoute]):
    """Shows alternative weeks for the choices that are open to planning."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._preferences = Preferences()
        self._job: Job[FoundPlans] | None = None
        self._found: FoundPlans | None = None
        self._large_plan: LargePlan | None = None
        self._keeps_chosen = False
        self._columns = MAX_COLUMNS
        self._chips = FlowLayout()
        self._words = label("", wrap=True)
        self._content: QVBoxLayout = column(gap=GRID * 2)
        self._chip_bar = panel(self._chips)
        self.body.addWidget(self._chip_bar)
        self.body.addWidget(self._words)
        self._area = self.set_scrolled_content(self._content)
        self._clashes = button("", lambda: session.open_page(routes.ClashesRoute()), role="quiet", icon="clash")
        self.tools.addWidget(self._clashes)
        self._share = button("", lambda: session.open_page(routes.ShareRoute()), role="quiet", icon="share")
        self.tools.addWidget(self._share)

    def title(self) -> str:
        return translate("Plan", "Plan")

    def open(self, route: routes.PlanRoute) -> None:
        if route.keep and not self._keeps_chosen:
            self._keeps_chosen = True
            self.invalidate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = max(1, min(MAX_COLUMNS, self.width() // appearance().px(MIN_CARD_WIDTH)))
        if columns != self._columns:
            self._columns = columns
            if self._found is not None:
                self._draw_plans(self._found)

    def refresh(self) -> None:
        view = self.session.state.view
        clear_layout(self._chips)
        if view is None:
            return
        today = self.session.state.today
        open_clashes = sum(1 for clash in upcoming_clashes(view.clashes, today) if not clash.accepted)
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
            self._close_large()
            clear_layout(self._content)
            self._content.addWidget(self._empty_state(), 1)
            return
        from desktop.workflows import planning  # noqa: PLC0415 - not before this page is opened

        self._preferences = planning.preferences_of(view.records)
        self._add_chips()
        self._search(view)

    def _empty_state(self) -> QWidget:
        if self.session.state.is_empty:
            return portal_empty_state(self.session)
        return empty_state(
            "plan",
            translate("Plan", "There is nothing to choose"),
            [translate("Plan", "Every module has one group of each kind, so your week is what it is.")],
        )

    # chips

    def _add_chips(self) -> None:
        wish = self._preferences
        self._add_toggle_chip(
            translate("Plan", "Free days"), wish.free_days, replace(wish, free_days=not wish.free_days)
        )
        self._add_time_chip(
            translate("Plan", "Not before"), wish.not_before, STARTS, lambda at: replace(wish, not_before=at)
        )
        self._add_time_chip(
            translate("Plan", "Not after"), wish.not_after, ENDS, lambda at: replace(wish, not_after=at)
        )
        self._add_toggle_chip(translate("Plan", "Few gaps"), wish.few_gaps, replace(wish, few_gaps=not wish.few_gaps))
        self._add_toggle_chip(translate("Plan", "Lunch break"), wish.lunch, replace(wish, lunch=not wish.lunch))
        self._add_time_chip(
            translate("Plan", "Early Friday"), wish.early_friday, FRIDAYS, lambda at: replace(wish, early_friday=at)
        )
        self._add_toggle_chip(
            translate("Plan", "Same group for lectures and tutorials"),
            wish.same_group,
            replace(wish, same_group=not wish.same_group),
        )
        view = self.session.state.view
        if view is not None and friend_groups(view.records, view.timetable):
            self._add_toggle_chip(
                translate("Plan", "Same groups as a friend"), wish.friend, replace(wish, friend=not wish.friend)
            )
        self._add_toggle_chip(translate("Plan", "Less travel"), wish.travel, replace(wish, travel=not wish.travel))
        if self._chosen():
            keep = self._add_chip(translate("Plan", "Keep the groups I chose"), self._keeps_chosen)
            keep.clicked.connect(self._keep_chosen)

    def _chosen(self) -> dict[ChoiceKey, str]:
        """Returns the groups the student chose where there were several."""
        view = self.session.state.view
        every = view.timetable.choices.items() if view is not None else ()
        return {key: each.group for key, each in every if each.group is not None and not each.automatic}

    def _keep_chosen(self, keeps: bool) -> None:
        self._keeps_chosen = keeps
        self.invalidate()

    def _add_chip(self, text: str, on: bool) -> QPushButton:
        chip = button(text, role="chip")
        chip.setCheckable(True)
        chip.setChecked(on)
        self._chips.addWidget(chip)
        return chip

    def _add_toggle_chip(self, text: str, on: bool, wanted: Preferences) -> None:
        self._add_chip(text, on).clicked.connect(lambda *_: self._set_preferences(wanted))

    def _add_time_chip(
        self, text: str, now: time | None, offered: tuple[time, ...], wanted: Callable[[time | None], Preferences]
    ) -> None:
        chip = self._add_chip(f"{text} {clock_text(now)}" if now is not None else text, now is not None)
        menu = QMenu(chip)
        for moment in offered:
            action = QAction(clock_text(moment), menu)
            action.setCheckable(True)
            action.setChecked(moment == now)
            action.triggered.connect(partial(self._set_preferred_time, wanted, moment))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(translate("Plan", "Does not matter"), partial(self._set_preferred_time, wanted, None))
        chip.setMenu(menu)

    def _set_preferred_time(
        self, wanted: Callable[[time | None], Preferences], moment: time | None, *_: object
    ) -> None:
        self._set_preferences(wanted(moment))

    def _set_preferences(self, wanted: Preferences) -> None:
        from desktop.workflows import planning  # noqa: PLC0415 - as above

        app = self.session.app
        self.session.run_change(lambda: planning.store_preferences(app.store, wanted), lambda _applied: None)

    # the search

    def _search(self, view: View) -> None:
        if self._job is not None:
            self._job.cancel()
        wish, monday, today = self._preferences, self.session.state.shown_monday, self.session.state.today
        pins = self._chosen() if self._keeps_chosen else {}

        def work(flag: CancelFlag, _tell: Progress) -> FoundPlans:
            from desktop.ui.pages.plan.found_plans import find_best_plans  # noqa: PLC0415 - as above

            return find_best_plans(view, wish, pins, monday, today, flag)

        self._words.setText(translate("Plan", "Looking for the best plans"))
        self._job = self.session.jobs.run_in_pool(work, self._show, self._failed, owner=self, priority=HIGH_PRIORITY)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self.session.notices.show_error(error)

    def _show(self, found: FoundPlans) -> None:
        self._found = found
        with preserve_focus(self):
            self._draw_plans(found)

    def _draw_plans(self, found: FoundPlans) -> None:
        from desktop.ui.pages.plan.cards import PlanCard  # noqa: PLC0415 - as above
        from desktop.ui.pages.plan.shared_plans import SharedPlanCard, share_button  # noqa: PLC0415 - as above

        first, *rest = (translate_message(each) for each in found.result.summary)
        self._words.setText(" ".join((first, *self._remaining_clashes(found), *rest)))
        clear_layout(self._content)
        if found.result.conflict_set is not None:
            text = label(translate_message(found.result.conflict_set.message), wrap=True)
            laid = row(icon_label("clash", "warning"), text, gap=GRID)
            laid.setStretch(1, 1)
            self._content.addLayout(laid)
        grid = QGridLayout()
        grid.setSpacing(GRID * 2)
        cards: list[QWidget] = [SharedPlanCard(self.session, each) for each in found.shared]
        for number, each in enumerate(found.plans):
            show, share = partial(self._open_large, number), share_button(self.session, each.plan)
            cards.append(PlanCard(self.session.state, found, number, show, self._apply_action(each.plan), share))
        for number, card in enumerate(cards):
            grid.addWidget(card, number // self._columns, number % self._columns)
        for at in range(self._columns):
            grid.setColumnStretch(at, 1)
        self._content.addLayout(grid)
        self._content.addStretch(1)
        if self._large_plan is not None:
            number = min(self._large_plan.number, len(found.plans) - 1)
            self._close_large()
            if number >= 0:
                self._open_large(number)

    def _remaining_clashes(self, found: FoundPlans) -> list[str]:
        """Explains the clashes that remain in plans whose groups do not clash."""
        if not found.result.feasible or not found.plans or not all(each.clashes for each in found.plans):
            return []
        return [translate("Plan", "What still clashes is a test or another single date, or too far away.")]

    # one plan, large

    def _open_large(self, number: int) -> None:
        from desktop.ui.pages.plan.large_plan import LargePlan  # noqa: PLC0415 - as above

        found = self._found
        if found is None:
            return
        self._close_large()
        self._large_plan = LargePlan(self.session.state, found, number, self._apply_action(found.plans[number].plan))
        self._large_plan.closed.connect(self._return_to_overview)
        self._large_plan.plan_requested.connect(self._open_large)
        for part in (self._chip_bar, self._words, self._area):
            part.hide()
        self.body.addWidget(self._large_plan, 1)
        self._large_plan.take_focus()

    def _close_large(self) -> None:
        if self._large_plan is None:
            return
        large, self._large_plan = self._large_plan, None
        large.hide()
        large.deleteLater()
        for part in (self._chip_bar, self._words, self._area):
            part.show()

    def _return_to_overview(self) -> None:
        from desktop.ui.pages.plan.small_week import SmallWeek  # noqa: PLC0415 - as above

        number = self._large_plan.number if self._large_plan is not None else 0
        self._close_large()
        shared = len(self._found.shared) if self._found is not None else 0
        self._area.findChildren(SmallWeek)[shared + number].setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        return accept_escape(event, lambda: self._large_plan is not None) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._large_plan is not None:
            self._return_to_overview()
        else:
            super().keyPressEvent(event)

    def _apply_action(self, chosen: Plan) -> Callable[[], None]:
        def use() -> None:
            view = self.session.state.view
            if view is not None:
                self._close_large()
                self.session.perform(apply_plan(view.timetable, chosen))

        return use
