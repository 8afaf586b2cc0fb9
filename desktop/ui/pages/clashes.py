"""The Clashes page: what cannot both be attended, when, how long and how often, with one-click solutions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.clashes import Clash, ClashKind, Solution, apply_solution, upcoming_clashes
from desktop.domain.commands import choices
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, date_text, duration_text, plural, translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, clear_layout, column, empty_state, icon_label, label, panel, row
from desktop.ui.widgets.flow import FlowLayout

MAX_DATES = 6


class ClashesPage(Page[routes.ClashesRoute]):
    """Lists all clashes of the year: open ones first, then travel warnings, then accepted ones."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._content: QVBoxLayout = column(gap=GRID * 2)
        self.set_scrolled_content(self._content)
        self._plan = self.add_primary_button("", lambda: session.open_page(routes.PlanRoute()), "plan")
        self.retranslate()

    def title(self) -> str:
        return translate("Clashes", "Clashes")

    def retranslate(self) -> None:
        self._plan.setText(translate("Clashes", "Plan for me"))

    def refresh(self) -> None:
        clear_layout(self._content)
        view = self.session.state.view
        if view is None:
            return
        ahead = upcoming_clashes(view.clashes, self.session.state.today)
        if not ahead:
            self._content.addWidget(
                empty_state(
                    "done",
                    translate("Clashes", "Nothing clashes"),
                    [translate("Clashes", "Everything that is still to come can be attended.")],
                ),
                1,
            )
            return
        for clash in ahead:
            self._content.addWidget(self._card(clash))
        self._content.addStretch(1)

    def _card(self, clash: Clash) -> QWidget:
        names = label(f"{clash.first.label}  ×  {clash.second.label}", "heading", wrap=True)
        icon, tone = ("done", "muted") if clash.accepted else ("clash", "danger")
        if clash.kind is ClashKind.TRAVEL:
            icon, tone = "place", "warning"
        head = row(icon_label(icon, tone), names, gap=GRID)
        head.setStretch(1, 1)
        body = column(head, label(self._when(clash), wrap=True), margin=GRID * 2, gap=GRID)
        if clash.kind is ClashKind.TRAVEL:
            text = translate("Clashes", "They are on different campuses; the way takes about {time} (an estimate).")
            body.addWidget(label(text.format(time=duration_text(clash.needed)), "quiet", wrap=True))
        if clash.undecided:
            body.addWidget(label(translate("Clashes", "No group that you could choose is free of this."), "quiet"))
        if clash.winner:
            body.addWidget(
                label(translate("Clashes", "The test or exam goes first; skip the class that day."), "quiet")
            )
        actions = FlowLayout()
        for solution in clash.solutions[:4]:
            actions.addWidget(button(solution_text(solution), self._solve_action(solution), role=""))
        word = translate("Clashes", "No longer accept") if clash.accepted else translate("Clashes", "Accept this clash")
        actions.addWidget(button(word, self._accept_action(clash), role="quiet"))
        look_at = button(translate("Clashes", "Show in the week"), self._show_action(clash), role="link")
        actions.addWidget(look_at)
        body.addLayout(actions)
        made = panel(body, "card")
        made.setAccessibleName(translate_message(clash.words))
        body.setAlignment(names, Qt.AlignmentFlag.AlignLeft)
        return made

    def _when(self, clash: Clash) -> str:
        start, end = clash.spans[0]
        dates = [day for day in clash.dates if day >= self.session.state.today]
        days = ", ".join(date_text(day, "ddd d MMM") for day in dates[:MAX_DATES])
        if len(dates) > MAX_DATES:
            days += " …"
        often = plural(len(dates), translate("Clashes", "once"), translate("Clashes", "{n} times"))
        length = duration_text(int((end - start).total_seconds()) // 60)
        between = translate("Clashes", "{time} between them") if clash.kind is ClashKind.TRAVEL else "{time}"
        return f"{clock_text(start)} – {clock_text(end)} ({between.format(time=length)}), {often}: {days}"

    def _solve_action(self, solution: Solution) -> Callable[[], None]:
        def run() -> None:
            view = self.session.state.view
            if view is not None:
                self.session.perform(apply_solution(view.timetable, solution))

        return run

    def _accept_action(self, clash: Clash) -> Callable[[], None]:
        def run() -> None:
            view = self.session.state.view
            if view is not None:
                act = choices.unaccept_clash if clash.accepted else choices.accept_clash
                self.session.perform(act(view.timetable, *clash.ids))

        return run

    def _show_action(self, clash: Clash) -> Callable[[], None]:
        def run() -> None:
            state = self.session.state
            day = next((each for each in clash.dates if each >= state.today), clash.dates[0])
            found = [each for each in state.occurrences_between(day, day) if each.item.id == clash.first.id]
            self.session.open_page(routes.WeekRoute(found[0] if found else None))

        return run


def solution_text(solution: Solution) -> str:
    """The text for what a solution does, in the window's language."""
    if solution.choice is not None:
        return translate("Clashes", "Attend {group} of {module}").format(
            group=solution.group, module=solution.choice.module
        )
    days = ", ".join(date_text(day, "d MMM") for day in solution.skipped)
    what = " ".join(solution.item_id.split("/")[1:2] + solution.item_id.split("/")[5:6])
    return translate("Clashes", "Skip {what} on {days}").format(what=what, days=days)
