"""The pages there are, as the sidebar, the search and the shortcuts name them: name, icon and word.

Hides nothing of how a page is built (`pages.catalogue` does), so that a page may know of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from desktop.ui.texts.language import translate


class PageEntry(NamedTuple):
    """One page: its `word` is asked for anew in every language; `shortcut` opens it.

    Only some are `in_sidebar`; the others mark `under` there.
    """

    name: str
    icon: str
    word: Callable[[], str]
    in_sidebar: bool = True
    shortcut: str = ""
    under: str = ""


PAGES: tuple[PageEntry, ...] = (
    PageEntry("today", "today", lambda: translate("Sidebar", "Today"), shortcut="Ctrl+1"),
    PageEntry("week", "week", lambda: translate("Sidebar", "Week"), shortcut="Ctrl+2"),
    PageEntry("modules", "modules", lambda: translate("Sidebar", "Modules"), shortcut="Ctrl+3"),
    PageEntry("assessments", "assessments", lambda: translate("Sidebar", "Tests & exams"), shortcut="Ctrl+4"),
    PageEntry("plan", "plan", lambda: translate("Sidebar", "Plan"), shortcut="Ctrl+5"),
    PageEntry("clashes", "clash", lambda: translate("Sidebar", "Clashes"), in_sidebar=False, under="plan"),
    PageEntry("import", "import", lambda: translate("Sidebar", "Import"), shortcut="Ctrl+6"),
    PageEntry("sync", "sync", lambda: translate("Sidebar", "Sync"), shortcut="Ctrl+7"),
    PageEntry("settings", "settings", lambda: translate("Sidebar", "Settings"), shortcut="Ctrl+,"),
    PageEntry(
        "event", "plus", lambda: translate("Sidebar", "Event"), in_sidebar=False, shortcut="Ctrl+N", under="week"
    ),
    PageEntry(
        "paper", "print", lambda: translate("Sidebar", "Print"), in_sidebar=False, shortcut="Ctrl+P", under="week"
    ),
    PageEntry("year", "year", lambda: translate("Sidebar", "Semester dates"), in_sidebar=False, under="settings"),
    PageEntry("history", "history", lambda: translate("Sidebar", "History"), in_sidebar=False, under="import"),
    PageEntry("review", "document", lambda: translate("Sidebar", "Review"), in_sidebar=False, under="import"),
    PageEntry(
        "export", "export", lambda: translate("Sidebar", "Export"), in_sidebar=False, shortcut="Ctrl+E", under="week"
    ),
    PageEntry(
        "calendars",
        "calendar",
        lambda: translate("Sidebar", "Add to calendar"),
        in_sidebar=False,
        shortcut="Ctrl+Shift+E",
        under="week",
    ),
    PageEntry("phone", "phone", lambda: translate("Phone", "Send to my phone"), in_sidebar=False, under="week"),
    PageEntry(
        "publish", "share", lambda: translate("Sidebar", "Subscribe from my phone"), in_sidebar=False, under="sync"
    ),
    PageEntry("friends", "people", lambda: translate("Sidebar", "With friends"), in_sidebar=False, under="sync"),
    PageEntry(
        "search",
        "search",
        lambda: translate("Sidebar", "Search"),
        in_sidebar=False,
        shortcut="Ctrl+F",
        under="search",
    ),
    PageEntry(
        "term",
        "year",
        lambda: translate("Sidebar", "A term at a glance"),
        in_sidebar=False,
        shortcut="Ctrl+Shift+2",
        under="week",
    ),
    PageEntry("keys", "info", lambda: translate("Keys", "Keys"), in_sidebar=False, shortcut="F1", under="settings"),
    PageEntry("document", "document", lambda: translate("Sidebar", "Document"), in_sidebar=False, under="week"),
)
BY_NAME = {entry.name: entry for entry in PAGES}
