"""Choosing groups in the week: the choice in focus, a preview of a candidate, and the bar that controls them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton

from desktop.domain.commands.choices import accepted_clashes, choice_text, choose_group
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.week_view import WHOLE_WEEK, Block, WeekView, clash_block_keys, week_view
from desktop.ui import routes
from desktop.ui.pages.week.grid import WeekGrid
from desktop.ui.session import link_actions
from desktop.ui.session.session import Session
from desktop.ui.texts.key_names import text_with_shortcut
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import appearance
from desktop.ui.widgets.controls import button, clear_layout, icon_label, label
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.focus import preserve_focus
from desktop.ui.widgets.tooltips import set_tooltip

if TYPE_CHECKING:
    from desktop.domain.group_preview import GroupPreview
    from desktop.workflows.timetable import View

FULL_NAMES_WIDTH = 900  # logical pixels
SIX_DAYS = timedelta(days=6)


class GroupChooser(QFrame):
    """The bar above the week with the open choices. `changed` when the week has to be redrawn."""

    changed = Signal()

    def __init__(self, session: Session, grid: WeekGrid) -> None:
        super().__init__()
        self._session = session
        self._grid = grid
        self._key: ChoiceKey | None = None
        self._is_short = False  # too little width for full names side by side
        self._goes_to_next = False  # goes on to the next open choice, as it was entered by the bar
        self._bar = FlowLayout()
        self.setLayout(self._bar)
        self.hide()
        grid.candidate_hovered.connect(self._show_preview)
        grid.candidate_chosen.connect(self._choose_candidate)

    @property
    def key(self) -> ChoiceKey | None:
        """The one choice whose groups are shown; None while those of every open choice are."""
        return self._key

    def show_choice(self, key: ChoiceKey, *, go_to_next: bool = False) -> None:
        """Shows the groups of this choice only, whether it is decided or not."""
        self._key, self._goes_to_next = key, go_to_next
        self._session.select(None)  # the detail pane would cover the week
        self.changed.emit()

    def stop_choosing(self) -> None:
        self._key = None
        self.changed.emit()

    def week_with_candidates(self, view: View, base: WeekView) -> WeekView:
        """Returns the week with the candidates to choose from."""
        key = self._key
        if key is None or key not in view.timetable.choices:
            self._key = None
            return base
        from desktop.domain.group_preview import candidate_occurrences  # noqa: PLC0415 - not before something is chosen

        state = self._session.state
        last = base.monday + SIX_DAYS
        offered = candidate_occurrences(view.timetable, view.calendar, key, base.monday, last)
        sure = (each for each in state.occurrences_between(base.monday, last) if not each.undecided)
        found = sorted((*sure, *offered), key=lambda each: (each.start, each.end, each.item.id))
        return week_view(
            found or state.occurrences(),
            view.calendar,
            base.monday,
            state.clashing_occurrences,
            state.now(),
            min_days=len(base.days),
        )

    def draw_bar(self, view: View, week: WeekView) -> None:
        """Draws the bar: a chip for each open choice in this week, the planner, and a way to leave."""
        waiting = _open_choices(view, week)
        with preserve_focus(self):
            clear_layout(self._bar)
            self.setVisible(bool(waiting) or self._key is not None)
            if not waiting and self._key is None:
                return
            self._bar.addWidget(icon_label("people", "accent"))
            self._bar.addWidget(label(translate("Choosing", "Choose a group"), "strong"))
            shown = waiting if self._key is None or self._key in waiting else [self._key, *waiting]
            for key in shown:
                self._bar.addWidget(self._chip(key))
            if waiting:
                plan = routes.PlanRoute(keep=True)
                words = translate("Choosing", "Plan the rest")
                self._bar.addWidget(button(words, lambda: self._session.open_page(plan), icon="plan"))
            if self._key is not None:
                self._bar.addWidget(
                    button(text_with_shortcut(translate("Choosing", "Done"), "Esc"), self.stop_choosing, role="quiet")
                )

    def _chip(self, key: ChoiceKey) -> QPushButton:
        whole = translate_message(choice_text(key))
        chip = button(f"{key.module} {key.activity or key.kind}" if self._is_short else whole, role="chip")
        chip.setAccessibleName(whole)
        set_tooltip(chip, whole if self._is_short else "")
        chip.setCheckable(True)
        chip.setChecked(key == self._key)
        chip.clicked.connect(
            lambda *_: self.stop_choosing() if key == self._key else self.show_choice(key, go_to_next=True)
        )
        return chip

    def _show_preview(self, block: Block | None) -> None:
        view = self._session.state.view
        week = self._grid.week
        if block is None or view is None or week is None or not isinstance(block.occurrence.item, Meeting):
            return
        from desktop.domain.group_preview import preview_group  # noqa: PLC0415 - as above
        from desktop.ui.pages.week.preview_words import preview_words  # noqa: PLC0415

        item, state = block.occurrence.item, self._session.state
        accepted = accepted_clashes(view.records, view.year)
        found = preview_group(
            view.timetable,
            view.calendar,
            [each for each in view.occurrences if self._key is None or not each.undecided],
            item.choice_key,
            item.group,
            week.monday,
            state.today,
            accepted,
        )
        self._grid.show_preview(block, self._preview_week(view, found, week, accepted), preview_words(found, view))

    def _preview_week(self, view: View, found: GroupPreview, base: WeekView, accepted: frozenset[str]) -> WeekView:
        from desktop.domain.clashes import find_clashes  # noqa: PLC0415

        marks = clash_block_keys(find_clashes(found.occurrences, accepted))
        is_day = len(base.days) == 1
        least = WHOLE_WEEK if is_day else len(base.days)
        made = week_view(
            found.occurrences, view.calendar, base.monday, marks, self._session.state.now(), min_days=least
        )
        made = made.only(base.last) if is_day else made
        return replace(made, first_minute=base.first_minute, last_minute=base.last_minute)

    def _choose_candidate(self, block: Block) -> None:
        view, week, item = self._session.state.view, self._grid.week, block.occurrence.item
        if view is None or week is None or not isinstance(item, Meeting) or not self._session.is_open:
            return
        if self._key is not None:
            later = [key for key in _open_choices(view, week) if key != item.choice_key]
            self._key = later[0] if self._goes_to_next and later else None
        link_actions.perform_or_report(
            self._session, partial(choose_group, view.timetable, item.choice_key, item.group)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_short = self.width() < appearance().px(FULL_NAMES_WIDTH)
        if is_short != self._is_short:
            self._is_short = is_short
            self._redraw()

    def _redraw(self) -> None:
        view, week = self._session.state.view, self._grid.week
        if view is not None and week is not None:
            self.draw_bar(view, week)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._redraw()


def _open_choices(view: View, week: WeekView) -> list[ChoiceKey]:
    """Returns the open choices that have classes in the week."""
    days = {day.date for day in week.days}
    items = (each.item for each in view.occurrences if each.undecided and each.date in days)
    return sorted({item.choice_key for item in items if isinstance(item, Meeting)})
