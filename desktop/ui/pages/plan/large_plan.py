"""One plan at the size of the page: its week drawn as on the week page, and buttons for the next and previous plan."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from desktop.ui.pages.plan.cards import changes_text, plan_title, plan_words
from desktop.ui.pages.plan.found_plans import FoundPlans
from desktop.ui.pages.week.grid import WeekGrid
from desktop.ui.session.state import ViewState
from desktop.ui.texts.key_names import text_with_shortcut
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, icon_button, label, row


class LargePlan(QFrame):
    """Shows the plan of that number.

    `closed` asks for the overview again, `plan_requested` carries the number of another plan to show.
    """

    closed = Signal()
    plan_requested = Signal(int)

    def __init__(self, state: ViewState, found: FoundPlans, number: int, use: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.number = number
        each = found.plans[number]
        title = plan_title(each, number)
        self.setAccessibleName(title)
        back = button(
            text_with_shortcut(translate("Plan", "All plans"), "Esc"), self.closed.emit, role="quiet", icon="previous"
        )
        before = icon_button(
            "previous", translate("Plan", "Previous plan"), lambda: self.plan_requested.emit(number - 1)
        )
        after = icon_button("next", translate("Plan", "Next plan"), lambda: self.plan_requested.emit(number + 1))
        before.setEnabled(number > 0)
        after.setEnabled(number + 1 < len(found.plans))
        take = button(translate("Plan", "Use this plan"), use, role="primary")
        take.setEnabled(each.plan.changes > 0)
        heading = label(title, "heading", wrap=True)
        head = row(heading, label(changes_text(each), "quiet"), gap=GRID)
        head.setStretch(0, 1)
        self.grid = WeekGrid()
        self.grid.set_week(each.week, state.colour_of, found.differing)
        lines = (label(line, "quiet" if at else "", wrap=True) for at, line in enumerate(plan_words(each)))
        body = column(row(back, 0, before, after, take, gap=GRID), head, *lines, self.grid, gap=GRID)
        body.setStretchFactor(self.grid, 1)
        self.setLayout(body)

    def take_focus(self) -> None:
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
