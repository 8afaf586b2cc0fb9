"""Shows a venue on a map in the system's browser. The program itself makes no network request."""

from __future__ import annotations

from urllib.parse import urlencode

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop.domain.errors import AppError
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.timetable import Item
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate

SEARCH = "https://www.google.com/maps/search/"
UNIVERSITY = "University of Pretoria"


def places_of(item: Item) -> tuple[str, ...]:
    """Search texts for a map: the venues with the university's name, or the venue of an own event."""
    if isinstance(item, OwnEvent):
        return (item.venue,) if item.venue else ()
    return tuple(f"{venue}, {UNIVERSITY}" for venue in item.venues)


def map_address(place: str) -> str:
    """The URL of a map search for a place."""
    return f"{SEARCH}?{urlencode({'api': '1', 'query': place})}"


def show_on_map(session: Session, place: str) -> None:
    """Opens the map in the browser, and shows a notice."""
    if QDesktopServices.openUrl(QUrl.fromEncoded(map_address(place).encode("ascii"))):
        text = translate("Actions", "Opened a map of {place} in the browser")
        session.notices.success(text.format(place=place))
    else:
        session.notices.handle(AppError("No browser could be opened.", "Set a default browser in the system."))
