"""The card of one plan: the groups that distinguish it, a small picture of its week, and its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.ui.pages.plan.found_plans import FoundPlan, FoundPlans
from desktop.ui.pages.plan.small_week import SmallWeek
from desktop.ui.session.state import ViewState
from desktop.ui.texts.language import plural, translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, label, row
from desktop.ui.widgets.tooltips import set_tooltip

MAX_NAMES = 4  # most groups in a title; of the others only the number is given


class PlanCard(QFrame):
    """One plan. `open_large` shows it large, `use` makes it the student's choice."""

    def __init__(
        self,
        state: ViewState,
        found: FoundPlans,
        number: int,
        open_large: Callable[[], object],
        use: Callable[[], object],
        share: QWidget,
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        each = found.plans[number]
        title = plan_title(each, number)
        heading = label(title, "heading", wrap=True)
        set_tooltip(
            heading, ", ".join(translate_message(name) for name in each.names) if len(each.names) > MAX_NAMES else ""
        )
        picture = SmallWeek(state, each.week, found.differing)
        picture.setAccessibleName(translate("Plan", "Show {plan} large").format(plan=title))
        set_tooltip(picture, translate("Plan", "Show large"))
        picture.clicked.connect(lambda *_: open_large())
        words = plan_words(each)
        take = button(translate("Plan", "Use this plan"), use, role="primary" if number == 0 else "")
        take.setEnabled(each.plan.changes > 0)
        take.setAccessibleDescription(". ".join((title, *words)))
        head = row(heading, label(changes_text(each), "quiet"), gap=GRID)
        head.setStretch(0, 1)
        lines = (label(line, "quiet" if at else "", wrap=True) for at, line in enumerate(words))
        body = column(head, picture, *lines, 0, row(take, share, 0, gap=GRID), margin=GRID * 2, gap=GRID)
        self.setLayout(body)


def plan_title(found: FoundPlan, number: int) -> str:
    """The groups that distinguish a plan from the others: `COS 226 P04, STK 220 P02`."""
    names = [translate_message(name) for name in found.names]
    if not names:
        return translate("Plan", "Plan {n}").format(n=number + 1)
    if len(names) > MAX_NAMES:
        names[MAX_NAMES - 1 :] = [translate("Plan", "{n} more").format(n=len(names) - MAX_NAMES + 1)]
    return ", ".join(names)


def changes_text(found: FoundPlan) -> str:
    """The number of changes from the current choices."""
    if found.plan.changes == 0:
        return translate("Plan", "what you have now")
    return plural(found.plan.changes, translate("Plan", "{n} change"), translate("Plan", "{n} changes"))


def plan_words(found: FoundPlan) -> list[str]:
    """The reasons for a plan and its drawbacks; clashes come first among them."""
    clashes = translate("Plan", "no clashes")
    if found.clashes:
        clashes = plural(found.clashes, translate("Plan", "{n} clash"), translate("Plan", "{n} clashes"))
    reasons = [translate_message(each) for each in found.plan.reasons]
    against = [translate_message(each) for each in found.plan.tradeoffs]
    if found.clashes:
        return [join_as_line(reasons), join_as_line([clashes, *against])]
    return [join_as_line([clashes, *reasons]), *([join_as_line(against)] if against else [])]


def join_as_line(parts: Iterable[str]) -> str:
    """Joins parts into one line that begins with a capital letter."""
    words = " · ".join(parts)
    return words[:1].upper() + words[1:]
