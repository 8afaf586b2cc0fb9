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
from desktop.ui.texts.language import clock_text, date_text, plural, translate, weekday_name

MAX_RESULTS = 60  # results shown
_UNLISTED_PAGES = (
    routes.SearchRoute,
    routes.DocumentRoute,
    routes.ReviewRoute,
)  # pages that show nothing without a target


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One result: its title, details and target."""

    title: str
    detail: str
    icon: str
    route: routes.Route

    @property
    def searchable_text(self) -> str:
        """All searchable text of the result, normalised by `normalise`."""
        return normalise(f"{self.title} {self.detail}")


def all_results(session: Session) -> list[SearchResult]:
    """Returns everything that can be found now, in the order used where no rank applies."""
    return [*_modules(session), *_items(session), *_rooms(session), *_pages(), *_settings()]


def find(query: str, results: Iterable[SearchResult]) -> list[SearchResult]:
    """Returns the results that contain every word, those that begin with the text first; none for an empty text."""
    query = " ".join(normalise(query).split())
    words = query.split()
    if not words:
        return []
    found = [hit for hit in results if all(_contains(hit.searchable_text, word) for word in words)]
    return sorted(found, key=lambda hit: _rank(hit, query, words))[:MAX_RESULTS]


def normalise(text: str) -> str:
    """Normalises a text for searching: no capitals, no accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _contains(text: str, word: str) -> bool:
    """Whether a text contains a word; module and room names may be typed without the space: cos214."""
    in_one = any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word)
    return word in text or (in_one and word in text.replace(" ", ""))


def _rank(hit: SearchResult, query: str, words: list[str]) -> int:
    title = normalise(hit.title)
    if query in (title, title.replace(" ", "")):
        return 0
    if title.startswith(query):
        return 1
    return 2 if all(_contains(title, word) for word in words) else 3


def _modules(session: Session) -> Iterator[SearchResult]:
    view = session.state.view
    word = translate("Search", "Module")
    for module in view.timetable.modules.values() if view is not None else ():
        yield SearchResult(
            module.code,
            f"{module.name} · {word}".lstrip(" ·"),
            "modules",
            routes.ModulesRoute(module.code),
        )


def _items(session: Session) -> Iterator[SearchResult]:
    view = session.state.view
    if view is None:
        return
    soonest, own = _next_occurrences(session), translate("Search", "Own event")
    for item in view.timetable.items():
        occurrence = soonest.get(item.id)
        if isinstance(item, OwnEvent):
            when = _when(item, occurrence)
            of = item.layer_name if isinstance(item, LayerEvent) else own
            yield SearchResult(
                item.title,
                f"{of} · {when} · {item.venue}".rstrip(" ·"),
                "calendar",
                _route_to(item, occurrence),
            )
            continue
        where = ", ".join(item.venues)
        kind = kind_word(item) if isinstance(item, Assessment) else f"{kind_name(item.kind)} · {item.group}"
        icon = "week" if isinstance(item, Meeting) else "exam" if str(item.kind) == "exam" else "test"
        detail = " · ".join(part for part in (kind, _when(item, occurrence), where, item.note) if part)
        yield SearchResult(item.label, detail, icon, _route_to(item, occurrence))


def _route_to(item: Item, occurrence: Occurrence | None) -> routes.Route:
    """The route to an item: its next week, or the page where it can be shown again if it is in no week."""
    if occurrence is not None:
        return routes.WeekRoute(occurrence)
    if isinstance(item, Meeting):
        return routes.ModulesRoute(item.module)
    if isinstance(item, LayerEvent):
        return routes.LayersRoute()
    return routes.AssessmentsRoute(item.module) if isinstance(item, Assessment) else routes.EventRoute(item)


def _next_occurrences(session: Session) -> dict[str, Occurrence]:
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
        return f"{date_text(item.date, 'dddd d MMMM')} {clock_text(item.start)}"
    day = date_text(occurrence.date, "dddd d MMMM") if occurrence is not None else ""
    return f"{day} {clock_text(item.start)}".strip()


def _rooms(session: Session) -> Iterator[SearchResult]:
    rooms: dict[str, list[Occurrence]] = {}
    for occurrence in _next_occurrences(session).values():
        item = occurrence.item
        venues = (item.venue,) if isinstance(item, OwnEvent) else item.venues
        for venue in venues:
            if venue:
                rooms.setdefault(venue, []).append(occurrence)
    today, word = session.state.today, translate("Search", "Room")
    for room, used in sorted(rooms.items()):
        counted = plural(len(used), translate("Search", "{n} entry"), translate("Search", "{n} entries"))
        soonest = min(used, key=lambda each: (each.date < today, each.start))
        yield SearchResult(room, f"{word} · {counted}", "place", routes.WeekRoute(soonest))


def _pages() -> Iterator[SearchResult]:
    for entry in PAGES:
        if entry.route not in _UNLISTED_PAGES:
            detail = " · ".join(part for part in (translate("Search", "Page"), entry.shortcut) if part)
            yield SearchResult(entry.title(), detail, entry.icon, entry.route())


def _settings() -> Iterator[SearchResult]:
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
        yield SearchResult(name, where, "settings", routes.SettingsRoute())
    for name in (
        translate("Search", "Recess"),
        translate("Search", "Public holidays"),
        translate("Search", "Days that follow another timetable"),
        translate("Search", "First and last day of a semester"),
    ):
        yield SearchResult(name, translate("Search", "Semester dates"), "year", routes.YearRoute())
