"""The routes of the window: one class per page, with what to show on it; by default the page as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from desktop.ui.texts.language import translate

if TYPE_CHECKING:  # the first frame needs none of these
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from desktop.domain.timetable.choices import ChoiceKey
    from desktop.domain.timetable.events import OwnEvent
    from desktop.domain.timetable.occurrences import Occurrence
    from desktop.domain.timetable.timetable import Item


@dataclass(frozen=True)
class Route:
    """Base class of all routes; `name` identifies the page."""

    name: ClassVar[str]


class TodayRoute(Route):
    name = "today"


class FirstRunRoute(Route):
    name = "first-run"


@dataclass(frozen=True)
class WeekRoute(Route):
    """The week of an occurrence, with the occurrence selected; or the groups of a choice, to choose one.

    `days` is 1 for one day of the week alone, 7 for the whole week, and 0 for what was shown last.
    """

    name = "week"
    occurrence: Occurrence | None = None
    choose: ChoiceKey | None = None
    days: Literal[0, 1, 7] = 0


class AgendaRoute(Route):
    name = "agenda"


@dataclass(frozen=True)
class ModulesRoute(Route):
    """The card of a module, by its code."""

    name = "modules"
    module: str = ""


@dataclass(frozen=True)
class AssessmentsRoute(Route):
    """The tests and exams of one module, by its code."""

    name = "assessments"
    module: str = ""


@dataclass(frozen=True)
class PlanRoute(Route):
    """With `keep`, plans keep the groups that are chosen already."""

    name = "plan"
    keep: bool = False


class ClashesRoute(Route):
    name = "clashes"


@dataclass(frozen=True)
class ImportRoute(Route):
    """Files and folders to read; with `choose`, the dialog to choose them is opened."""

    name = "import"
    paths: tuple[Path, ...] = ()
    choose: bool = False


class ReviewRoute(Route):
    name = "review"


class HistoryRoute(Route):
    name = "history"


@dataclass(frozen=True)
class DocumentRoute(Route):
    """The place in a document that an item was read from."""

    name = "document"
    item: Item | None = None


@dataclass(frozen=True)
class EventRoute(Route):
    """An own event to edit, or a new one, filled in with the other fields."""

    name = "event"
    event: OwnEvent | None = None
    start: date | datetime | None = None
    end: datetime | None = None
    title: str = ""
    venue: str = ""


@dataclass(frozen=True)
class TermRoute(Route):
    """A semester, by its code (`S1`)."""

    name = "term"
    semester: str = ""


class YearRoute(Route):
    name = "year"


class PrintRoute(Route):
    name = "paper"


@dataclass(frozen=True)
class ExportRoute(Route):
    """The preview of a calendar file; with `save`, the dialog to save it is opened."""

    name = "export"
    save: bool = False


class PushRoute(Route):
    name = "calendars"


@dataclass(frozen=True)
class SyncRoute(Route):
    """A link from another device with which this one can sign in (`upschedule:link?...`)."""

    name = "sync"
    link: str = ""


class PhoneRoute(Route):
    name = "phone"


class PublishRoute(Route):
    name = "publish"


class FriendsRoute(Route):
    name = "friends"


class LayersRoute(Route):
    name = "layers"


@dataclass(frozen=True)
class ShareRoute(Route):
    """The groups of the plan to share, by choice; if None, the student's own groups."""

    name = "share"
    plan: Mapping[ChoiceKey, str] | None = None


@dataclass(frozen=True)
class SearchRoute(Route):
    """The text to search for."""

    name = "search"
    text: str = ""


class SettingsRoute(Route):
    name = "settings"


class KeysRoute(Route):
    name = "keys"


class LicencesRoute(Route):
    name = "licences"


class PageEntry(NamedTuple):
    """One page of the window."""

    route: type[Route]
    icon: str
    title: Callable[[], str]  # returns the title in the current language
    in_sidebar: bool = True
    shortcut: str = ""
    parent: type[Route] | None = None  # whose entry is highlighted in the sidebar, for a page without an entry

    @property
    def name(self) -> str:
        return self.route.name


PAGES: tuple[PageEntry, ...] = (
    PageEntry(TodayRoute, "today", lambda: translate("Sidebar", "Today"), shortcut="Ctrl+1"),
    PageEntry(FirstRunRoute, "done", lambda: translate("Sidebar", "First steps"), in_sidebar=False, parent=TodayRoute),
    PageEntry(WeekRoute, "week", lambda: translate("Sidebar", "Week"), shortcut="Ctrl+2"),
    PageEntry(ModulesRoute, "modules", lambda: translate("Sidebar", "Modules"), shortcut="Ctrl+3"),
    PageEntry(AssessmentsRoute, "assessments", lambda: translate("Sidebar", "Tests & exams"), shortcut="Ctrl+4"),
    PageEntry(PlanRoute, "plan", lambda: translate("Sidebar", "Plan"), shortcut="Ctrl+5"),
    PageEntry(ClashesRoute, "clash", lambda: translate("Sidebar", "Clashes"), in_sidebar=False, parent=PlanRoute),
    PageEntry(ImportRoute, "import", lambda: translate("Sidebar", "Import"), shortcut="Ctrl+6"),
    PageEntry(SyncRoute, "sync", lambda: translate("Sidebar", "Sync"), shortcut="Ctrl+7"),
    PageEntry(SettingsRoute, "settings", lambda: translate("Sidebar", "Settings"), shortcut="Ctrl+,"),
    PageEntry(
        EventRoute,
        "plus",
        lambda: translate("Sidebar", "Event"),
        in_sidebar=False,
        shortcut="Ctrl+N",
        parent=WeekRoute,
    ),
    PageEntry(
        PrintRoute,
        "print",
        lambda: translate("Sidebar", "Print"),
        in_sidebar=False,
        shortcut="Ctrl+P",
        parent=WeekRoute,
    ),
    PageEntry(
        YearRoute, "year", lambda: translate("Sidebar", "Semester dates"), in_sidebar=False, parent=SettingsRoute
    ),
    PageEntry(HistoryRoute, "history", lambda: translate("Sidebar", "History"), in_sidebar=False, parent=ImportRoute),
    PageEntry(ReviewRoute, "document", lambda: translate("Sidebar", "Review"), in_sidebar=False, parent=ImportRoute),
    PageEntry(
        ExportRoute,
        "export",
        lambda: translate("Sidebar", "Export"),
        in_sidebar=False,
        shortcut="Ctrl+E",
        parent=WeekRoute,
    ),
    PageEntry(
        PushRoute,
        "calendar",
        lambda: translate("Sidebar", "Add to calendar"),
        in_sidebar=False,
        shortcut="Ctrl+Shift+E",
        parent=WeekRoute,
    ),
    PageEntry(PhoneRoute, "phone", lambda: translate("Phone", "Send to my phone"), in_sidebar=False, parent=WeekRoute),
    PageEntry(
        PublishRoute,
        "share",
        lambda: translate("Sidebar", "Subscribe from my phone"),
        in_sidebar=False,
        parent=SyncRoute,
    ),
    PageEntry(
        LayersRoute, "layers", lambda: translate("Layers", "Other calendars"), in_sidebar=False, parent=WeekRoute
    ),
    PageEntry(ShareRoute, "share", lambda: translate("Share", "Share groups"), in_sidebar=False, parent=PlanRoute),
    PageEntry(FriendsRoute, "people", lambda: translate("Sidebar", "With friends"), in_sidebar=False, parent=SyncRoute),
    PageEntry(
        SearchRoute,
        "search",
        lambda: translate("Sidebar", "Search"),
        in_sidebar=False,
        shortcut="Ctrl+F",
        parent=SearchRoute,
    ),
    PageEntry(
        TermRoute,
        "year",
        lambda: translate("Sidebar", "A term at a glance"),
        in_sidebar=False,
        shortcut="Ctrl+Shift+2",
        parent=WeekRoute,
    ),
    PageEntry(
        AgendaRoute,
        "agenda",
        lambda: translate("Week", "Agenda"),
        in_sidebar=False,
        shortcut="Ctrl+Shift+3",
        parent=WeekRoute,
    ),
    PageEntry(
        KeysRoute, "info", lambda: translate("Keys", "Keys"), in_sidebar=False, shortcut="F1", parent=SettingsRoute
    ),
    PageEntry(
        LicencesRoute, "document", lambda: translate("Licences", "Licences"), in_sidebar=False, parent=SettingsRoute
    ),
    PageEntry(DocumentRoute, "document", lambda: translate("Sidebar", "Document"), in_sidebar=False, parent=WeekRoute),
)
PAGES_BY_NAME = {entry.name: entry for entry in PAGES}
