"""The context menu of a block, with the actions of the detail pane."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import Item
from desktop.ui import routes
from desktop.ui.session import link_actions, maps
from desktop.ui.session.link_actions import LinkAction
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.theme import icons
from desktop.ui.widgets.plain_words import escape_mnemonics


def block_menu(session: Session, occurrence: Occurrence, parent: QWidget) -> QMenu:
    """Makes the menu of an occurrence; it deletes itself when closed."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    fill_block_menu(menu, session, occurrence)
    return menu


def fill_block_menu(menu: QMenu, session: Session, occurrence: Occurrence) -> None:
    """Adds what can be done with an occurrence."""
    view, item = session.state.view, occurrence.item
    if view is None:
        return
    timetable = view.timetable

    def go(words: str, icon: str, lead: object) -> None:
        action = QAction(icons.icon(icon), words, menu)
        action.triggered.connect(lead)
        menu.addAction(action)

    def add(offered: list[LinkAction]) -> None:
        for offer in offered:
            menu.addAction(_action(session, offer, menu))
        if offered:
            menu.addSeparator()

    add(link_actions.group_actions(timetable, item))
    _add_rooms(session, link_actions.room_actions(timetable, item), menu)
    choice = link_actions.choice_to_change(timetable, item)
    if choice is not None:
        choosing = routes.WeekRoute(choose=choice)
        go(translate("Choosing", "Choose another group"), "people", lambda *_: session.open_page(choosing))
    go(translate("Menu", "Open"), "info", lambda *_: _open(session, occurrence))
    _add_map(session, item, menu)
    if isinstance(item, LayerEvent):
        go(translate("Layers", "Other calendars"), "layers", lambda *_: session.open_page(routes.LayersRoute()))
    elif isinstance(item, OwnEvent):
        go(translate("Actions", "Change"), "edit", lambda *_: session.open_page(routes.EventRoute(item)))
        add(link_actions.date_actions(timetable, item, occurrence))
        add(link_actions.own_event_actions(session, item))
    else:
        if item.sources:
            go(translate("Detail", "Show in the PDF"), "document", lambda *_: session.show_in_pdf(item))
        add(link_actions.date_actions(timetable, item, occurrence))
        add(link_actions.document_actions(timetable, item))


def _open(session: Session, occurrence: Occurrence) -> None:
    session.select(occurrence)
    session.focus_detail()


def _action(session: Session, offer: LinkAction, menu: QMenu) -> QAction:
    action = QAction(escape_mnemonics(offer.words), menu)
    if offer.icon:
        action.setIcon(icons.icon(offer.icon))
    if not offer.icon:
        action.setCheckable(True)
        action.setChecked(offer.chosen)
    action.triggered.connect(partial(_take, session, offer))
    return action


def _add_rooms(session: Session, offered: list[LinkAction], menu: QMenu) -> None:
    """Adds a submenu of rooms, since a test may be written in twenty of them."""
    if not offered:
        return
    rooms = menu.addMenu(icons.icon("place"), translate("Actions", "My room"))
    for offer in offered:
        rooms.addAction(_action(session, offer, rooms))
    menu.addSeparator()


def _add_map(session: Session, item: Item, menu: QMenu) -> None:
    """Adds the map of the one venue, or a submenu if there are several."""
    places = maps.search_texts(item)
    words = translate("Actions", "Show on a map in the browser")
    if len(places) > 1:
        several = menu.addMenu(icons.icon("place"), words)
        for place in places:
            several.addAction(escape_mnemonics(place), partial(maps.show_on_map, session, place))
    elif places:
        menu.addAction(icons.icon("place"), words, partial(maps.show_on_map, session, places[0]))


def _take(session: Session, offer: LinkAction, *_: object) -> None:
    if not offer.chosen:
        link_actions.perform_or_report(session, offer.make_act)
