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

SEARCH_URL = "https://www.google.com/maps/search/"
UNIVERSITY = "University of Pretoria"


def search_texts(item: Item) -> tuple[str, ...]:
    """Search texts for a map: the venues with the university's name, or the venue of an own event."""
    if isinstance(item, OwnEvent):
        return (item.venue,) if item.venue else ()
    return tuple(f"{venue}, {UNIVERSITY}" for venue in item.venues)


def map_url(place: str) -> str:
    """The URL of a map search for a place."""
    return f"{SEARCH_URL}?{urlencode({'api': '1', 'query': place})}"


def show_on_map(session: Session, place: str) -> None:
    """Opens the map in the browser, and shows a notice."""
    if QDesktopServices.openUrl(QUrl.fromEncoded(map_url(place).encode("ascii"))):
        text = translate("Actions", "Opened a map of {place} in the browser")
        session.notices.show_success(text.format(place=place))
    else:
        session.notices.show_error(AppError("No browser could be opened.", "Set a default browser in the system."))
