"""The page for each route.

A page's module is loaded when the page is first opened: all of them together take a third of the time that the window
takes to its first frame.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.ui import routes

if TYPE_CHECKING:
    from desktop.ui.pages.page import Page


def page_class(name: str) -> type[Page[Any]]:
    """The class of the page of that name, its module loaded. Raises KeyError for a name that is none."""
    match name:
        case routes.Today.name:
            from desktop.ui.pages.today.page import TodayPage

            return TodayPage
        case routes.Week.name:
            from desktop.ui.pages.week.page import WeekPage

            return WeekPage
        case routes.Modules.name:
            from desktop.ui.pages.modules import ModulesPage

            return ModulesPage
        case routes.Assessments.name:
            from desktop.ui.pages.assessments import AssessmentsPage

            return AssessmentsPage
        case routes.Plan.name:
            from desktop.ui.pages.plan.page import PlanPage

            return PlanPage
        case routes.Clashes.name:
            from desktop.ui.pages.clashes import ClashesPage

            return ClashesPage
        case routes.Import.name:
            from desktop.ui.pages.importing import ImportPage

            return ImportPage
        case routes.Sync.name:
            from desktop.ui.pages.sync.page import SyncPage

            return SyncPage
        case routes.Settings.name:
            from desktop.ui.pages.settings import SettingsPage

            return SettingsPage
        case routes.Event.name:
            from desktop.ui.pages.event import EventPage

            return EventPage
        case routes.Print.name:
            from desktop.ui.pages.printing.page import PrintPage

            return PrintPage
        case routes.Year.name:
            from desktop.ui.pages.year.page import YearPage

            return YearPage
        case routes.History.name:
            from desktop.ui.pages.history import HistoryPage

            return HistoryPage
        case routes.Review.name:
            from desktop.ui.pages.review.page import ReviewPage

            return ReviewPage
        case routes.Export.name:
            from desktop.ui.pages.export import ExportPage

            return ExportPage
        case routes.Push.name:
            from desktop.ui.pages.push.page import PushPage

            return PushPage
        case routes.Publish.name:
            from desktop.ui.pages.publish import PublishPage

            return PublishPage
        case routes.Friends.name:
            from desktop.ui.pages.friends.page import FriendsPage

            return FriendsPage
        case routes.Search.name:
            from desktop.ui.pages.search.page import SearchPage

            return SearchPage
        case routes.Term.name:
            from desktop.ui.pages.term.page import TermPage

            return TermPage
        case routes.Keys.name:
            from desktop.ui.pages.keys.page import KeysPage

            return KeysPage
        case routes.Licences.name:
            from desktop.ui.pages.licences import LicencesPage

            return LicencesPage
        case routes.Document.name:
            from desktop.ui.pages.document import DocumentPage

            return DocumentPage
        case _:
            raise KeyError(name)
