"""How each page is built, when it is first wanted: its module is loaded then, so that the window opens fast."""
# ruff: noqa: PLC0415 - loading late is what this module is for

from __future__ import annotations

from collections.abc import Callable

from desktop.ui.pages.page import Page
from desktop.ui.session.session import Session


def _today(session: Session) -> Page:
    from desktop.ui.pages.today.page import TodayPage

    return TodayPage(session)


def _week(session: Session) -> Page:
    from desktop.ui.pages.week.page import WeekPage

    return WeekPage(session)


def _modules(session: Session) -> Page:
    from desktop.ui.pages.modules import ModulesPage

    return ModulesPage(session)


def _assessments(session: Session) -> Page:
    from desktop.ui.pages.assessments import AssessmentsPage

    return AssessmentsPage(session)


def _plan(session: Session) -> Page:
    from desktop.ui.pages.plan.page import PlanPage

    return PlanPage(session)


def _clashes(session: Session) -> Page:
    from desktop.ui.pages.clashes import ClashesPage

    return ClashesPage(session)


def _year(session: Session) -> Page:
    from desktop.ui.pages.year.page import YearPage

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
    from desktop.ui.pages.sync.page import SyncPage

    return SyncPage(session)


def _paper(session: Session) -> Page:
    from desktop.ui.pages.printing.page import PrintPage

    return PrintPage(session)


def _import(session: Session) -> Page:
    from desktop.ui.pages.importing import ImportPage

    return ImportPage(session)


def _review(session: Session) -> Page:
    from desktop.ui.pages.review.page import ReviewPage

    return ReviewPage(session)


def _export(session: Session) -> Page:
    from desktop.ui.pages.export import ExportPage

    return ExportPage(session)


def _calendars(session: Session) -> Page:
    from desktop.ui.pages.push.page import PushPage

    return PushPage(session)


def _publish(session: Session) -> Page:
    from desktop.ui.pages.publish import PublishPage

    return PublishPage(session)


def _phone(session: Session) -> Page:
    from desktop.ui.pages.phone import PhonePage

    return PhonePage(session)


def _friends(session: Session) -> Page:
    from desktop.ui.pages.friends.page import FriendsPage

    return FriendsPage(session)


def _search(session: Session) -> Page:
    from desktop.ui.pages.search.page import SearchPage

    return SearchPage(session)


def _term(session: Session) -> Page:
    from desktop.ui.pages.term.page import TermPage

    return TermPage(session)


def _document(session: Session) -> Page:
    from desktop.ui.pages.document import DocumentPage

    return DocumentPage(session)


def _keys(session: Session) -> Page:
    from desktop.ui.pages.keys.page import KeysPage

    return KeysPage(session)


_BUILDERS: dict[str, Callable[[Session], Page]] = {
    "today": _today,
    "week": _week,
    "modules": _modules,
    "assessments": _assessments,
    "plan": _plan,
    "clashes": _clashes,
    "import": _import,
    "sync": _sync,
    "settings": _settings,
    "event": _event,
    "paper": _paper,
    "year": _year,
    "history": _history,
    "review": _review,
    "export": _export,
    "calendars": _calendars,
    "publish": _publish,
    "phone": _phone,
    "friends": _friends,
    "search": _search,
    "term": _term,
    "document": _document,
    "keys": _keys,
}


def build(name: str, session: Session) -> Page:
    """The page of that name (see `entries`), new. Raises KeyError for a name that is none."""
    return _BUILDERS[name](session)
