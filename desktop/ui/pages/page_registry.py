"""The page class for each route.

A page's module is loaded when the page is first opened: loading all of them takes a third of the time to the window's
first frame.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.ui import routes

if TYPE_CHECKING:
    from desktop.ui.pages.page import Page


def page_class(name: str) -> type[Page[Any]]:
    """Returns the page class of that name, loading its module. Raises KeyError for an unknown name."""
    match name:
        case routes.TodayRoute.name:
            from desktop.ui.pages.today.page import TodayPage

            return TodayPage
        case routes.FirstRunRoute.name:
            from desktop.ui.pages.first_run import FirstRunPage

            return FirstRunPage
        case routes.WeekRoute.name:
            from desktop.ui.pages.week.page import WeekPage

            return WeekPage
        case routes.AgendaRoute.name:
            from desktop.ui.pages.agenda import AgendaPage

            return AgendaPage
        case routes.ModulesRoute.name:
            from desktop.ui.pages.modules import ModulesPage

            return ModulesPage
        case routes.AssessmentsRoute.name:
            from desktop.ui.pages.assessments import AssessmentsPage

            return AssessmentsPage
        case routes.PlanRoute.name:
            from desktop.ui.pages.plan.page import PlanPage

            return PlanPage
        case routes.ClashesRoute.name:
            from desktop.ui.pages.clashes import ClashesPage

            return ClashesPage
        case routes.ImportRoute.name:
            from desktop.ui.pages.importing import ImportPage

            return ImportPage
        case routes.SyncRoute.name:
            from desktop.ui.pages.sync.page import SyncPage

            return SyncPage
        case routes.SettingsRoute.name:
            from desktop.ui.pages.settings import SettingsPage

            return SettingsPage
        case routes.EventRoute.name:
            from desktop.ui.pages.event import EventPage

            return EventPage
        case routes.PrintRoute.name:
            from desktop.ui.pages.printing.page import PrintPage

            return PrintPage
        case routes.YearRoute.name:
            from desktop.ui.pages.year.page import YearPage

            return YearPage
        case routes.HistoryRoute.name:
            from desktop.ui.pages.history import HistoryPage

            return HistoryPage
        case routes.ReviewRoute.name:
            from desktop.ui.pages.review.page import ReviewPage

            return ReviewPage
        case routes.ExportRoute.name:
            from desktop.ui.pages.export import ExportPage

            return ExportPage
        case routes.PushRoute.name:
            from desktop.ui.pages.push.page import PushPage

            return PushPage
        case routes.PhoneRoute.name:
            from desktop.ui.pages.phone import PhonePage

            return PhonePage
        case routes.PublishRoute.name:
            from desktop.ui.pages.publish import PublishPage

            return PublishPage
        case routes.FriendsRoute.name:
            from desktop.ui.pages.friends.page import FriendsPage

            return FriendsPage
        case routes.LayersRoute.name:
            from desktop.ui.pages.layers.page import LayersPage

            return LayersPage
        case routes.ShareRoute.name:
            from desktop.ui.pages.share import SharePage

            return SharePage
        case routes.SearchRoute.name:
            from desktop.ui.pages.search.page import SearchPage

            return SearchPage
        case routes.TermRoute.name:
            from desktop.ui.pages.term.page import TermPage

            return TermPage
        case routes.KeysRoute.name:
            from desktop.ui.pages.keys.page import KeysPage

            return KeysPage
        case routes.LicencesRoute.name:
            from desktop.ui.pages.licences import LicencesPage

            return LicencesPage
        case routes.DocumentRoute.name:
            from desktop.ui.pages.document import DocumentPage

            return DocumentPage
        case _:
            raise KeyError(name)
