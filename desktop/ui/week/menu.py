"""The menu of a block in the week: the same offers as the detail pane has, under the hand.

Hides the order they come in and what leads to another page instead of changing something.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.timetable.model import Occurrence, OwnEvent
from desktop.ui import offers
from desktop.ui.look import icons
from desktop.ui.look.language import translate
from desktop.ui.offers import Offer
from desktop.ui.session import Session


def block_menu(session: Session, occurrence: Occurrence, parent: QWidget) -> QMenu:
    """A menu about one occurrence; it deletes itself once it is closed."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    view, item = session.state.view, occurrence.item
    if view is None:
        return menu
    timetable = view.timetable

    def go(words: str, icon: str, lead: object) -> None:
        action = QAction(icons.icon(icon), words, menu)
        action.triggered.connect(lead)
        menu.addAction(action)

    def add(offered: list[Offer]) -> None:
        for offer in offered:
            menu.addAction(_action(session, offer, menu))
        if offered:
            menu.addSeparator()

    add(offers.of_groups(timetable, item))
    _add_rooms(session, offers.of_rooms(timetable, item), menu)
    go(translate("Menu", "Open"), "info", lambda *_: session.focus_detail())
    if isinstance(item, OwnEvent):
        go(translate("Actions", "Change"), "edit", lambda *_: session.open_page("event", item))
        add(offers.of_days(timetable, item, occurrence))
        add(offers.of_own(session, item))
    else:
        if item.sources:
            go(translate("Detail", "Show in the PDF"), "document", lambda *_: session.show_in_pdf(item))
        add(offers.of_days(timetable, item, occurrence))
        add(offers.of_document(timetable, item))
    return menu


def _action(session: Session, offer: Offer, menu: QMenu) -> QAction:
    action = QAction(icons.icon(offer.icon), offer.words, menu) if offer.icon else QAction(offer.words, menu)
    if not offer.icon:
        action.setCheckable(True)
        action.setChecked(offer.chosen)
    action.triggered.connect(partial(_take, session, offer))
    return action


def _add_rooms(session: Session, offered: list[Offer], menu: QMenu) -> None:
    """A menu of its own: a test may be written in twenty rooms."""
    if not offered:
        return
    rooms = menu.addMenu(icons.icon("place"), translate("Actions", "My room"))
    for offer in offered:
        rooms.addAction(_action(session, offer, rooms))
    menu.addSeparator()


def _take(session: Session, offer: Offer, *_: object) -> None:
    if not offer.chosen:
        offers.take_up(session, offer.make)
