"""Export options: chosen by the student, stored in the shared settings.

An invalid stored value counts as not set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.domain.event_kinds import EventKind
from desktop.domain.messages import LANGUAGES
from desktop.domain.reminders import DEFAULT_ALARMS, Alarms, alarms_from_json


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is exported and how. `alarms` are minutes before the start, by kind.

    `undecided` includes the candidates of choices not made yet. `singles` writes every date as a separate event, for
    programs that ignore exceptions. Without `venues`, rooms are left out. `busy_only` leaves out everything but the
    time. `language` is en or af.
    """

    kinds: frozenset[EventKind] = frozenset(EventKind)
    undecided: bool = True
    singles: bool = False
    venues: bool = True
    busy_only: bool = False
    alarms: Alarms = field(default_factory=lambda: dict(DEFAULT_ALARMS))
    name: str = ""
    language: str = "en"


def options_from_json(plain: Any) -> ExportOptions:
    """The options stored in the shared settings; invalid values have their defaults."""
    options, known = ExportOptions(), {str(kind) for kind in EventKind}
    if not isinstance(plain, Mapping):
        return options

    def switch(name: str, default: bool) -> bool:
        value = plain.get(name)
        return value if isinstance(value, bool) else default

    kinds, name = plain.get("kinds"), plain.get("name")
    language = plain.get("language")
    return ExportOptions(
        frozenset(EventKind(kind) for kind in kinds if kind in known) if isinstance(kinds, list) else options.kinds,
        switch("undecided", options.undecided),
        switch("singles", options.singles),
        switch("venues", options.venues),
        switch("busy_only", options.busy_only),
        alarms_from_json(plain.get("alarms")),
        name[:200] if isinstance(name, str) else "",
        language if language in LANGUAGES else options.language,
    )
