"""The pages there are, as the rail, the search and the shortcuts name them: name, icon and word.

Hides nothing of how a page is built (`pages.catalogue` does), so that a page may know of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from desktop.ui.look.language import translate


class Entry(NamedTuple):
    """One page: its `word` is asked for anew in every language; `shortcut` opens it.

    Only some are `in_rail`; the others mark `under` there.
    """

    name: str
    icon: str
    word: Callable[[], str]
    in_rail: bool = True
    shortcut: str = ""
    under: str = ""


ENTRIES: tuple[Entry, ...] = (
    Entry("today", "today", lambda: translate("Rail", "Today"), shortcut="Ctrl+1"),
    Entry("week", "week", lambda: translate("Rail", "Week"), shortcut="Ctrl+2"),
    Entry("modules", "modules", lambda: translate("Rail", "Modules"), shortcut="Ctrl+3"),
    Entry("assessments", "assessments", lambda: translate("Rail", "Tests & exams"), shortcut="Ctrl+4"),
    Entry("plan", "plan", lambda: translate("Rail", "Plan"), shortcut="Ctrl+5"),
    Entry("clashes", "clash", lambda: translate("Rail", "Clashes"), in_rail=False, under="plan"),
    Entry("import", "import", lambda: translate("Rail", "Import"), shortcut="Ctrl+6"),
    Entry("sync", "sync", lambda: translate("Rail", "Sync"), shortcut="Ctrl+7"),
    Entry("settings", "settings", lambda: translate("Rail", "Settings"), shortcut="Ctrl+,"),
    Entry("event", "plus", lambda: translate("Rail", "Event"), in_rail=False, shortcut="Ctrl+N", under="week"),
    Entry("paper", "print", lambda: translate("Rail", "Print"), in_rail=False, shortcut="Ctrl+P", under="week"),
    Entry("year", "year", lambda: translate("Rail", "Semester dates"), in_rail=False, under="settings"),
    Entry("history", "history", lambda: translate("Rail", "History"), in_rail=False, under="import"),
    Entry("review", "document", lambda: translate("Rail", "Review"), in_rail=False, under="import"),
    Entry("export", "export", lambda: translate("Rail", "Export"), in_rail=False, shortcut="Ctrl+E", under="week"),
    Entry(
        "calendars",
        "calendar",
        lambda: translate("Rail", "Put it in my calendar"),
        in_rail=False,
        shortcut="Ctrl+Shift+E",
        under="week",
    ),
    Entry("publish", "share", lambda: translate("Rail", "Subscribe from my phone"), in_rail=False, under="sync"),
    Entry("friends", "people", lambda: translate("Rail", "With friends"), in_rail=False, under="sync"),
    Entry(
        "search",
        "search",
        lambda: translate("Rail", "Search"),
        in_rail=False,
        shortcut="Ctrl+F",
        under="search",
    ),
    Entry(
        "term",
        "year",
        lambda: translate("Rail", "A term at a glance"),
        in_rail=False,
        shortcut="Ctrl+Shift+2",
        under="week",
    ),
    Entry("keys", "info", lambda: translate("Keys", "Keys"), in_rail=False, shortcut="F1", under="settings"),
    Entry("document", "document", lambda: translate("Rail", "Document"), in_rail=False, under="week"),
)
BY_NAME = {entry.name: entry for entry in ENTRIES}
