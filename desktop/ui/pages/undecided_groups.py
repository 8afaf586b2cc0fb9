"""Asks what a calendar should contain of modules without a group, before the first calendar is written."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.commands.choices import include_undecided, is_undecided_included, undecided_modules
from desktop.ui import routes
from desktop.ui.session.session import Session
from desktop.ui.texts.language import plural, translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, clear_layout, column, icon_label, label, panel, row
from desktop.ui.widgets.flow import flow_layout


class UndecidedGroupsPrompt(QWidget):
    """A line with the number of modules without a group, and the three possible answers."""

    def __init__(self, session: Session, *, framed: bool = True) -> None:
        super().__init__()
        self._session = session
        self._framed = framed
        self._laid: QVBoxLayout = column()
        self.setLayout(self._laid)
        self.hide()

    def show_if_needed(self) -> bool:
        """Shows the question if the student has to answer it before a calendar is written. Returns whether it did."""
        clear_layout(self._laid)
        view = self._session.state.view
        modules = undecided_modules(view.timetable) if view is not None else ()
        asks = view is not None and bool(modules) and not is_undecided_included(view.records, view.year)
        self.setVisible(asks)
        if asks:
            self._laid.addWidget(self._question(len(modules)))
        return asks

    def _question(self, modules: int) -> QWidget:
        text = plural(
            modules,
            translate("Undecided", "{n} module has no group yet"),
            translate("Undecided", "{n} modules have no group yet"),
        )
        choose = button(
            translate("Undecided", "Choose"), lambda: self._session.open_page(routes.ModulesRoute()), role="primary"
        )
        plan = button(translate("Undecided", "Plan for me"), lambda: self._session.open_page(routes.PlanRoute()))
        include = button(translate("Undecided", "Include all as tentative"), self._include)
        said, ways = label(text, "strong", wrap=True), flow_layout(choose, plan, include)
        if not self._framed:
            return panel(column(said, ways, gap=GRID))
        words = row(icon_label("people", "accent"), said, gap=GRID)
        words.setStretch(1, 1)
        return panel(column(words, ways, margin=GRID, gap=GRID), "card")

    def _include(self) -> None:
        view = self._session.state.view
        if view is not None:
            self._session.perform(include_undecided(view.year))
