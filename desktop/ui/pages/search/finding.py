"""Search over modules, classes, tests, exams, rooms, own events, settings and pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import Item
from desktop.ui import routes
from desktop.ui.pages.week.block import kind_word
from desktop.ui.routes import PAGES
from desktop.ui.session.session import Session
from desktop.ui.texts.code_names import kind_name
from desktop.ui.texts.language import clock_text, day_text, plural, translate, weekday_name

MOST = 60  # results shown
_NOT_FOUND = (
    routes.SearchRoute,
    routes.DocumentRoute,
    routes.ReviewRoute,
)  # pages that show nothing without a target


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: its title, details and target."""

    title: str
    detail: str
    icon: str
    route: routes.Route

    @property
    def words(self) -> str:
        """All searchable text of the result, normalised by `plain`."""
        return plain(f"{self.title} {self.detail}")


def everything(session: Session) -> list[Hit]:
    """Returns everything that can be found now, in the order used where no rank applies."""
    return [*_modules(session), *_items(session), *_rooms(session), *_pages(), *_settings()]


def find(asked: str, among: Iterable[Hit]) -> list[Hit]:
    """Returns the results that contain every word, those that begin with the text first; none for an empty text."""
    asked = " ".join(plain(asked).split())
    words = asked.split()
    if not words:
        return []
    found = [hit for hit in among if all(_holds(hit.words, word) for word in words)]
    return sorted(found, key=lambda hit: _rank(hit, asked, words))[:MOST]


def plain(text: str) -> str:
    """Normalises a text for searching: no capitals, no accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _holds(text: str, word: str) -> bool:
    """Whether a text contains a word; module and room names may be typed without the space: cos214."""
    in_one = any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word)
    return word in text or (in_one and word in text.replace(" ", ""))


def _rank(hit: Hit, asked: str, words: list[str]) -> int:
    title = plain(hit.title)
    if asked in (title, title.replace(" ", "")):
        return 0
    if title.startswith(asked):
        return 1
    return 2 if all(_holds(title, word) for word in words) else 3


def _modules(session: Session) -> Iterator[Hit]:
    view = session.state.view
    word = translate("Search", "Module")
    for module in view.timetable.modules.values() if view is not None else ():
        yield Hit(
            module.code,
            f"{module.name} · {word}".lstrip(" ·"),
            "modules",
            routes.ModulesRoute(module.code),
        )


def _items(session: Session) -> Iterator[Hit]:
    view = session.state.view
    if view is None:
        return
    soonest, own = _soonest(session), translate("Search", "Own event")
    for item in view.timetable.items():
        occurrence = soonest.get(item.id)
        if isinstance(item, OwnEvent):
            when = _when(item, occurrence)
            of = item.layer_name if isinstance(item, LayerEvent) else own
            yield Hit(
                item.title,
                f"{of} · {when} · {item.venue}".rstrip(" ·"),
                "calendar",
                _place(item, occurrence),
            )
            continue
        where = ", ".join(item.venues)
        kind = kind_word(item) if isinstance(item, Assessment) else f"{kind_name(item.kind)} · {item.group}"
        icon = "week" if isinstance(item, Meeting) else "exam" if str(item.kind) == "exam" else "test"
        detail = " · ".join(part for part in (kind, _when(item, occurrence), where, item.note) if part)
        yield Hit(item.label, detail, icon, _place(item, occurrence))


def _place(item: Item, occurrence: Occurrence | None) -> routes.Route:
    """The route to an item: its next week, or the page where it can be shown again if it is in no week."""
    if occurrence is not None:
        return routes.WeekRoute(occurrence)
    if isinstance(item, Meeting):
        return routes.ModulesRoute(item.module)
    if isinstance(item, LayerEvent):
        return routes.LayersRoute()
    return routes.AssessmentsRoute(item.module) if isinstance(item, Assessment) else routes.EventRoute(item)


def _soonest(session: Session) -> dict[str, Occurrence]:
    """Maps each item id to its next occurrence, or to the last one if all are past."""
    today, found = session.state.today, dict[str, Occurrence]()
    for occurrence in session.state.occurrences():
        known = found.get(occurrence.item.id)
        if known is None or known.date < today:
            found[occurrence.item.id] = occurrence
    return found


def _when(item: Item, occurrence: Occurrence | None) -> str:
    if isinstance(item, Meeting):
        return f"{weekday_name(item.slot.weekday)} {clock_text(item.slot.start)}"
    if isinstance(item, Assessment):
        return f"{day_text(item.date, 'dddd d MMMM')} {clock_text(item.start)}"
    day = day_text(occurrence.date, "dddd d MMMM") if occurrence is not None else ""
    return f"{day} {clock_text(item.start)}".strip()


def _rooms(session: Session) -> Iterator[Hit]:
    rooms: dict[str, list[Occurrence]] = {}
    for occurrence in _soonest(session).values():
        item = occurrence.item
        venues = (item.venue,) if isinstance(item, OwnEvent) else item.venues
        for venue in venues:
            if venue:
                rooms.setdefault(venue, []).append(occurrence)
    today, word = session.state.today, translate("Search", "Room")
    for room, used in sorted(rooms.items()):
        counted = plural(len(used), translate("Search", "{n} entry"), translate("Search", "{n} entries"))
        soonest = min(used, key=lambda each: (each.date < today, each.start))
        yield Hit(room, f"{word} · {counted}", "place", routes.WeekRoute(soonest))


def _pages() -> Iterator[Hit]:
    for entry in PAGES:
        if entry.route not in _NOT_FOUND:
            detail = " · ".join(part for part in (translate("Search", "Page"), entry.shortcut) if part)
            yield Hit(entry.word(), detail, entry.icon, entry.route())


def _settings() -> Iterator[Hit]:
    where = translate("Search", "Setting")
    for name in (
        translate("Search", "Theme: light or dark"),
        translate("Search", "Contrast"),
        translate("Search", "Language: English or Afrikaans"),
        translate("Search", "Size of text"),
        translate("Search", "Motion"),
        translate("Search", "Assumed exam length"),
        translate("Search", "Watched folder"),
        translate("Search", "Back up"),
        translate("Search", "Restore a backup"),
        translate("Search", "Delete everything"),
    ):
        yield Hit(name, where, "settings", routes.SettingsRoute())
    for name in (
        translate("Search", "Recess"),
        translate("Search", "Public holidays"),
        translate("Search", "Days that follow another timetable"),
        translate("Search", "First and last day of a semester"),
    ):
        yield Hit(name, translate("Search", "Semester dates"), "year", routes.YearRoute())
