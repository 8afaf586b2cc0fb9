"""The Modules page: a list of the year's modules, and beside it one of them with its groups, name and colour."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QMenu

from desktop.domain.commands import choices
from desktop.domain.timetable.modules import Module
from desktop.domain.timetable.timetable import Timetable
from desktop.ui import routes
from desktop.ui.models.module_list import ModuleDelegate, ModuleRow
from desktop.ui.models.row_model import ROW, RowModel
from desktop.ui.models.row_view import RowView
from desktop.ui.pages.module_panel import ModulePanel, choice_name
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import PortalEmptyState
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import column, panel, scroll_area
from desktop.ui.widgets.flow import SidePanelLayout
from desktop.ui.widgets.plain_words import escape_mnemonics

LIST_WIDTH = 260


class ModulesPage(Page[routes.ModulesRoute]):
    """Lists shown modules first, then hidden ones, by code."""

    narrow_below = 640

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._portal = PortalEmptyState(session)
        self._rows: RowModel[ModuleRow] = RowModel(self)
        self._list = RowView(self._fill_menu)
        self._list.setModel(self._rows)
        self._list.setItemDelegate(ModuleDelegate(self._list))
        self._list.selectionModel().currentChanged.connect(self._show_current)
        self._module_panel = ModulePanel(session)
        inside = column(self._module_panel, gap=0)
        inside.setContentsMargins(GRID, GRID, GRID, GRID)
        holder, self._content = panel(), panel()
        self._area = scroll_area(holder)
        self._both = SidePanelLayout(self._list, self._area, LIST_WIDTH)
        self.align_rows_with_title()
        self.body.addWidget(self._portal, 1)
        self.body.addWidget(self._content, 1)
        self._content.setLayout(self._both)
        holder.setLayout(inside)
        self._plan = self.add_primary_button("", lambda: session.open_page(routes.PlanRoute()), "plan")
        self.retranslate()

    def title(self) -> str:
        return translate("Modules", "Modules")

    def retranslate(self) -> None:
        self._plan.setText(translate("Modules", "Plan for me"))

    def open(self, route: routes.ModulesRoute) -> None:
        self._go_to(route.module)

    def take_focus(self) -> None:
        self.setFocus() if self._content.isHidden() else self._list.setFocus()

    def refresh(self) -> None:
        view = self.session.state.view
        is_empty = view is None or self.session.state.is_empty
        self._portal.show_if(view is not None and is_empty)
        self._content.setVisible(not is_empty)
        self._both.set_narrow(narrow=self.is_narrow)
        self._list.setAccessibleName(self.title())
        timetable = Timetable(0) if view is None else view.timetable
        self._plan.setVisible(any(len(choice.groups) > 1 for choice in timetable.choices.values()))
        modules = sorted(timetable.modules.values(), key=lambda each: (each.hidden, each.code))
        self._rows.show_rows(_row(timetable, module) for module in modules)
        if not self._list.currentIndex().isValid() and modules:
            undecided = [module.code for module in modules if _is_undecided(timetable, module)]
            self._go_to(next(iter(undecided), modules[0].code))  # selecting it shows it
        else:
            self._show_current(self._list.currentIndex())

    def _go_to(self, code: str) -> None:
        index = self._rows.index_of(code)
        if index.isValid():
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index)

    def _show_current(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        view, row = self.session.state.view, index.data(ROW)
        if view is not None and row is not None and row.code in view.timetable.modules:
            self._module_panel.show_module(view, view.timetable.modules[row.code])

    def _fill_menu(self, menu: QMenu, row: object) -> None:
        view = self.session.state.view
        if view is None or not isinstance(row, ModuleRow):
            return
        words = translate("Modules", "Show") if row.hidden else translate("Modules", "Hide")
        act = choices.show_module if row.hidden else choices.hide_module
        menu.addAction(
            escape_mnemonics(f"{words}: {row.code}"), lambda: self.session.perform(act(view.timetable, row.code))
        )


def _is_undecided(timetable: Timetable, module: Module) -> bool:
    own = (choice for key, choice in timetable.choices.items() if key.module == module.code)
    return not module.hidden and any(not choice.is_decided for choice in own)


def _row(timetable: Timetable, module: Module) -> ModuleRow:
    own = [choice for key, choice in sorted(timetable.choices.items()) if key.module == module.code]
    groups = [f"{choice_name(choice.key)} {choice.group}" for choice in own if choice.group]
    if module.hidden:
        summary, tone = translate("Modules", "Hidden"), "muted"
    elif _is_undecided(timetable, module):
        summary, tone = translate("Modules", "Choose your group"), "accent"
    elif groups:
        summary, tone = ", ".join(dict.fromkeys(groups)), "muted"
    else:
        summary, tone = translate("Modules", "Tests and exams only"), "muted"
    return ModuleRow(module.code, module.name, module.colour, summary, tone, module.hidden)
