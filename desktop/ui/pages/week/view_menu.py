"""The button that changes between one day, the week, the semester and the agenda."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from desktop.ui import routes
from desktop.ui.session.session import Session
from desktop.ui.texts.key_names import text_with_shortcut
from desktop.ui.texts.language import translate
from desktop.ui.theme import icons
from desktop.ui.widgets.controls import icon_button, set_tooltip_and_name


class CalendarView(Enum):
    """How the calendar is shown; the value is the name of the icon."""

    DAY = "day"
    WEEK = "week"
    SEMESTER = "year"
    AGENDA = "agenda"


ROUTES = {
    CalendarView.DAY: routes.WeekRoute(days=1),
    CalendarView.WEEK: routes.WeekRoute(days=7),
    CalendarView.SEMESTER: routes.TermRoute(),
    CalendarView.AGENDA: routes.AgendaRoute(),
}
KEYS = {CalendarView.SEMESTER: "Ctrl+Shift+2", CalendarView.AGENDA: "Ctrl+Shift+3"}


def view_name(view: CalendarView) -> str:
    return {
        CalendarView.DAY: translate("Week", "Day"),
        CalendarView.WEEK: translate("Week", "Week"),
        CalendarView.SEMESTER: translate("Week", "Semester"),
        CalendarView.AGENDA: translate("Week", "Agenda"),
    }[view]


def view_button(session: Session, view: CalendarView) -> QToolButton:
    """Makes the button of a page that shows `view`; `show_view` names it, after each change of language too."""
    made = icon_button(view.value)
    made.clicked.connect(lambda *_: _open_menu(session, made))
    show_view(made, view)
    return made


def show_view(button: QToolButton, view: CalendarView) -> None:
    """Sets the icon and the name of the button to the view that is shown."""
    button.setProperty("view", view.value)
    icons.set_icon(button, view.value)
    set_tooltip_and_name(button, translate("Week", "Day, week, semester or agenda"))


def _open_menu(session: Session, button: QToolButton) -> None:
    menu = QMenu(button)
    menu.aboutToHide.connect(menu.deleteLater)
    for view, route in ROUTES.items():
        words = view_name(view)
        action = QAction(icons.icon(view.value), text_with_shortcut(words, KEYS[view]) if view in KEYS else words, menu)
        action.setCheckable(True)
        action.setChecked(button.property("view") == view.value)
        action.triggered.connect(lambda *_, route=route: session.open_page(route))
        menu.addAction(action)
    menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))
