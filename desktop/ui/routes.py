"""Where in the window one can go: a route a page, with what to show there. Without any, the page is shown as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from desktop.ui.texts.language import translate

if TYPE_CHECKING:  # the first frame needs none of these
    from datetime import date, datetime
    from pathlib import Path

    from desktop.domain.timetable.model import Item, Occurrence, OwnEvent


@dataclass(frozen=True)
class Route:
    """The base of all routes. `name` stands in the settings for the page that was shown last."""

    name: ClassVar[str]


class Today(Route):
    name = "today"


@dataclass(frozen=True)
class Week(Route):
    """The week of an occurrence, and the occurrence selected in it."""

    name = "week"
    occurrence: Occurrence | None = None


@dataclass(frozen=True)
class Modules(Route):
    """The card of a module, by its code."""

    name = "modules"
    module: str = ""


@dataclass(frozen=True)
class Assessments(Route):
    """The tests and exams of one module, by its code."""

    name = "assessments"
    module: str = ""


class Plan(Route):
    name = "plan"


class Clashes(Route):
    name = "clashes"


@dataclass(frozen=True)
class Import(Route):
    """Files and folders to read, or the dialog that asks for them."""

    name = "import"
    paths: tuple[Path, ...] = ()
    choose: bool = False


class Review(Route):
    name = "review"


class History(Route):
    name = "history"


@dataclass(frozen=True)
class Document(Route):
    """The place in a document that an item comes from."""

    name = "document"
    item: Item | None = None


@dataclass(frozen=True)
class Event(Route):
    """An own event to change, or a new one on a date or from a time on."""

    name = "event"
    event: OwnEvent | None = None
    start: date | datetime | None = None


@dataclass(frozen=True)
class Term(Route):
    """A semester, by its code (`S1`)."""

    name = "term"
    semester: str = ""


class Year(Route):
    name = "year"


class Print(Route):
    name = "paper"


class Export(Route):
    name = "export"


class Push(Route):
    name = "calendars"


@dataclass(frozen=True)
class Sync(Route):
    """The form to sign in, with the link that another device gave."""

    name = "sync"
    link: str = ""


class Publish(Route):
    name = "publish"


class Friends(Route):
    name = "friends"


@dataclass(frozen=True)
class Search(Route):
    """The words to look for."""

    name = "search"
    text: str = ""


class Settings(Route):
    name = "settings"


class Keys(Route):
    name = "keys"


class Licences(Route):
    name = "licences"


class PageEntry(NamedTuple):
    """One page: its `word` is asked for anew in every language; `shortcut` opens it.

    Only some are `in_sidebar`; the others mark `under` there.
    """

    route: type[Route]
    icon: str
    word: Callable[[], str]
    in_sidebar: bool = True
    shortcut: str = ""
    under: type[Route] | None = None

    @property
    def name(self) -> str:
        return self.route.name


PAGES: tuple[PageEntry, ...] = (
    PageEntry(Today, "today", lambda: translate("Sidebar", "Today"), shortcut="Ctrl+1"),
    PageEntry(Week, "week", lambda: translate("Sidebar", "Week"), shortcut="Ctrl+2"),
    PageEntry(Modules, "modules", lambda: translate("Sidebar", "Modules"), shortcut="Ctrl+3"),
    PageEntry(Assessments, "assessments", lambda: translate("Sidebar", "Tests & exams"), shortcut="Ctrl+4"),
    PageEntry(Plan, "plan", lambda: translate("Sidebar", "Plan"), shortcut="Ctrl+5"),
    PageEntry(Clashes, "clash", lambda: translate("Sidebar", "Clashes"), in_sidebar=False, under=Plan),
    PageEntry(Import, "import", lambda: translate("Sidebar", "Import"), shortcut="Ctrl+6"),
    PageEntry(Sync, "sync", lambda: translate("Sidebar", "Sync"), shortcut="Ctrl+7"),
    PageEntry(Settings, "settings", lambda: translate("Sidebar", "Settings"), shortcut="Ctrl+,"),
    PageEntry(
        Event,
        "plus",
        lambda: translate("Sidebar", "Event"),
        in_sidebar=False,
        shortcut="Ctrl+N",
        under=Week,
    ),
    PageEntry(
        Print,
        "print",
        lambda: translate("Sidebar", "Print"),
        in_sidebar=False,
        shortcut="Ctrl+P",
        under=Week,
    ),
    PageEntry(Year, "year", lambda: translate("Sidebar", "Semester dates"), in_sidebar=False, under=Settings),
    PageEntry(History, "history", lambda: translate("Sidebar", "History"), in_sidebar=False, under=Import),
    PageEntry(Review, "document", lambda: translate("Sidebar", "Review"), in_sidebar=False, under=Import),
    PageEntry(
        Export,
        "export",
        lambda: translate("Sidebar", "Export"),
        in_sidebar=False,
        shortcut="Ctrl+E",
        under=Week,
    ),
    PageEntry(
        Push,
        "calendar",
        lambda: translate("Sidebar", "Add to calendar"),
        in_sidebar=False,
        shortcut="Ctrl+Shift+E",
        under=Week,
    ),
    PageEntry(
        Publish,
        "share",
        lambda: translate("Sidebar", "Subscribe from my phone"),
        in_sidebar=False,
        under=Sync,
    ),
    PageEntry(Friends, "people", lambda: translate("Sidebar", "With friends"), in_sidebar=False, under=Sync),
    PageEntry(
        Search,
        "search",
        lambda: translate("Sidebar", "Search"),
        in_sidebar=False,
        shortcut="Ctrl+F",
        under=Search,
    ),
    PageEntry(
        Term,
        "year",
        lambda: translate("Sidebar", "A term at a glance"),
        in_sidebar=False,
        shortcut="Ctrl+Shift+2",
        under=Week,
    ),
    PageEntry(Keys, "info", lambda: translate("Keys", "Keys"), in_sidebar=False, shortcut="F1", under=Settings),
    PageEntry(Licences, "document", lambda: translate("Licences", "Licences"), in_sidebar=False, under=Settings),
    PageEntry(Document, "document", lambda: translate("Sidebar", "Document"), in_sidebar=False, under=Week),
)
BY_NAME = {entry.name: entry for entry in PAGES}
