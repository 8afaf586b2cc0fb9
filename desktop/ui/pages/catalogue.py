"""The pages there are: name, word, icon, and how to build each when it is first wanted.

A page is built only when it is opened, and its module is loaded then, so that the window opens fast.
"""
# ruff: noqa: PLC0415 - loading late is what this module is for

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from desktop.ui.language import translate
from desktop.ui.pages.page import Page
from desktop.ui.session import Session


class Entry(NamedTuple):
    """One page: its `word` is asked for anew in every language; `shortcut` opens it.

    Only some are `in_rail`; the others mark `under` there.
    """

    name: str
    icon: str
    word: Callable[[], str]
    build: Callable[[Session], Page]
    in_rail: bool = True
    shortcut: str = ""
    under: str = ""


def _today(session: Session) -> Page:
    from desktop.ui.pages.today import TodayPage

    return TodayPage(session)


def _week(session: Session) -> Page:
    from desktop.ui.pages.week import WeekPage

    return WeekPage(session)


def _modules(session: Session) -> Page:
    from desktop.ui.pages.modules import ModulesPage

    return ModulesPage(session)


def _assessments(session: Session) -> Page:
    from desktop.ui.pages.assessments import AssessmentsPage

    return AssessmentsPage(session)


def _plan(session: Session) -> Page:
    from desktop.ui.pages.plan import PlanPage

    return PlanPage(session)


def _clashes(session: Session) -> Page:
    from desktop.ui.pages.clashes import ClashesPage

    return ClashesPage(session)


def _year(session: Session) -> Page:
    from desktop.ui.pages.year import YearPage

    return YearPage(session)


def _history(session: Session) -> Page:
    from desktop.ui.pages.history import HistoryPage

    return HistoryPage(session)


def _settings(session: Session) -> Page:
    from desktop.ui.pages.settings import SettingsPage

    return SettingsPage(session)


def _event(session: Session) -> Page:
    from desktop.ui.pages.event import EventPage

    return EventPage(session)


def _sync(session: Session) -> Page:
    from desktop.ui.pages.sync import SyncPage

    return SyncPage(session)


def _paper(session: Session) -> Page:
    from desktop.ui.pages.paper import PaperPage

    return PaperPage(session)


def _import(session: Session) -> Page:
    from desktop.ui.pages.importing import ImportPage

    return ImportPage(session)


def _review(session: Session) -> Page:
    from desktop.ui.pages.review import ReviewPage

    return ReviewPage(session)


def _export(session: Session) -> Page:
    from desktop.ui.pages.export import ExportPage

    return ExportPage(session)


def _calendars(session: Session) -> Page:
    from desktop.ui.pages.calendars import CalendarsPage

    return CalendarsPage(session)


def _publish(session: Session) -> Page:
    from desktop.ui.pages.publish import PublishPage

    return PublishPage(session)


def _friends(session: Session) -> Page:
    from desktop.ui.pages.friends import FriendsPage

    return FriendsPage(session)


def _search(session: Session) -> Page:
    from desktop.ui.pages.search import SearchPage

    return SearchPage(session)


def _term(session: Session) -> Page:
    from desktop.ui.pages.term import TermPage

    return TermPage(session)


def _document(session: Session) -> Page:
    from desktop.ui.pages.document import DocumentPage

    return DocumentPage(session)


ENTRIES: tuple[Entry, ...] = (
    Entry("today", "today", lambda: translate("Rail", "Today"), _today, shortcut="Ctrl+1"),
    Entry("week", "week", lambda: translate("Rail", "Week"), _week, shortcut="Ctrl+2"),
    Entry("modules", "modules", lambda: translate("Rail", "Modules"), _modules, shortcut="Ctrl+3"),
    Entry("assessments", "assessments", lambda: translate("Rail", "Tests & exams"), _assessments, shortcut="Ctrl+4"),
    Entry("plan", "plan", lambda: translate("Rail", "Plan"), _plan, shortcut="Ctrl+5"),
    Entry("clashes", "clash", lambda: translate("Rail", "Clashes"), _clashes, in_rail=False, under="plan"),
    Entry("import", "import", lambda: translate("Rail", "Import"), _import, shortcut="Ctrl+6"),
    Entry("sync", "sync", lambda: translate("Rail", "Sync"), _sync, shortcut="Ctrl+7"),
    Entry("settings", "settings", lambda: translate("Rail", "Settings"), _settings, shortcut="Ctrl+,"),
    Entry("event", "plus", lambda: translate("Rail", "Event"), _event, in_rail=False, shortcut="Ctrl+N", under="week"),
    Entry("paper", "print", lambda: translate("Rail", "Print"), _paper, in_rail=False, shortcut="Ctrl+P", under="week"),
    Entry("year", "year", lambda: translate("Rail", "Academic year"), _year, in_rail=False, under="settings"),
    Entry("history", "history", lambda: translate("Rail", "History"), _history, in_rail=False, under="import"),
    Entry("review", "document", lambda: translate("Rail", "Review"), _review, in_rail=False, under="import"),
    Entry(
        "export", "export", lambda: translate("Rail", "Export"), _export, in_rail=False, shortcut="Ctrl+E", under="week"
    ),
    Entry(
        "calendars",
        "calendar",
        lambda: translate("Rail", "Put it in my calendar"),
        _calendars,
        in_rail=False,
        shortcut="Ctrl+Shift+E",
        under="week",
    ),
    Entry(
        "publish", "share", lambda: translate("Rail", "Subscribe from my phone"), _publish, in_rail=False, under="sync"
    ),
    Entry("friends", "people", lambda: translate("Rail", "With friends"), _friends, in_rail=False, under="sync"),
    Entry(
        "search",
        "search",
        lambda: translate("Rail", "Search"),
        _search,
        in_rail=False,
        shortcut="Ctrl+F",
        under="search",
    ),
    Entry(
        "term",
        "year",
        lambda: translate("Rail", "A term at a glance"),
        _term,
        in_rail=False,
        shortcut="Ctrl+Shift+2",
        under="week",
    ),
    Entry("document", "document", lambda: translate("Rail", "Document"), _document, in_rail=False, under="week"),
)
BY_NAME = {entry.name: entry for entry in ENTRIES}
