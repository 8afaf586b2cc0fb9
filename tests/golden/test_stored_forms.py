"""Golden file of stored values, letter by letter: every later version reads what one wrote, and writes the same.

`python -m tests.golden.test_stored_forms` writes the file anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desktop.calendars.options import ExportOptions, options_from_json
from desktop.calendars.push_state import EventState, Presence, TargetState, state_from_json
from desktop.calendars.revisions import Revision
from desktop.domain.codec import from_plain, to_plain
from desktop.domain.event_kinds import EventKind
from desktop.domain.records.projection import (
    Acceptance,
    slot_from_json,
    slot_to_json,
    time_slot_from_json,
    time_slot_to_json,
)
from desktop.domain.timetable.meetings import Slot
from desktop.planning.preferences import Preferences, preferences_from_json
from desktop.workflows.push import LastPush

KEPT = Path(__file__).with_name("stored-forms.json")
MOMENT = datetime(2026, 3, 24, 9, 5)


class Form(NamedTuple):
    value: Any
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def by_itself(value: Any) -> Any:
    return value.to_json()


FORMS = {
    "preferences": Form(Preferences(), to_plain, preferences_from_json),
    "preferences, all": Form(
        Preferences(
            free_days=True,
            keep_free=frozenset({4, 0}),
            not_before=time(8, 30),
            not_after=time(17),
            few_gaps=True,
            lunch=True,
            lunch_from=time(12),
            lunch_to=time(13, 30),
            lunch_minutes=45,
            early_friday=time(13),
            same_group=True,
            travel=True,
            importance={"travel": 3, "few_gaps": 0},
        ),
        to_plain,
        preferences_from_json,
    ),
    "options": Form(
        ExportOptions(
            alarms={
                EventKind.LECTURE: (),
                EventKind.TEST: (1440, 60),
                EventKind.EXAM: (1440, 120),
                EventKind.OWN: (),
            }
        ),
        to_plain,
        options_from_json,
    ),
    "options, others": Form(
        ExportOptions(
            kinds=frozenset({EventKind.TEST, EventKind.LECTURE}),
            undecided=False,
            singles=True,
            venues=False,
            busy_only=True,
            alarms=dict.fromkeys(EventKind, (60, 5)),
            name="Klasse",
            language="af",
        ),
        to_plain,
        options_from_json,
    ),
    "revision": Form(
        Revision("2026/x", EventKind.EXAM, 3, "d" * 32, MOMENT.replace(tzinfo=UTC), "Exam", MOMENT, MOMENT),
        to_plain,
        partial(from_plain, Revision),
    ),
    "revision, series": Form(
        Revision(
            "2026/x", EventKind.LECTURE, 0, "d", MOMENT, "ë", MOMENT, MOMENT, MOMENT, (MOMENT, MOMENT), cancelled=True
        ),
        to_plain,
        partial(from_plain, Revision),
    ),
    "target": Form(TargetState(), by_itself, state_from_json),
    "target, events": Form(
        TargetState(
            "calendar",
            made=True,
            token="t",
            entries={
                "b": EventState("b", 2026, "B", "1", "2"),
                "a": EventState("a", 2025, "A", "1", "1", "place", "tag", Presence.REMOVING),
            },
        ),
        by_itself,
        state_from_json,
    ),
    "push": Form(LastPush("UP 2026", 2026, 31, MOMENT.replace(tzinfo=UTC)), to_plain, partial(from_plain, LastPush)),
    "acceptance": Form(Acceptance(), by_itself, partial(from_plain, Acceptance)),
    "acceptance, all": Form(
        Acceptance({"b": "2", "a": "1"}, frozenset({"z", "y"}), ("d", "c"), ("e",)),
        by_itself,
        partial(from_plain, Acceptance),
    ),
    "slot": Form(Slot(2, time(7, 30), time(8, 20)), slot_to_json, slot_from_json),
    "time slot": Form(
        (date(2026, 6, 8), time(7, 30), time(10, 30)), lambda value: time_slot_to_json(*value), time_slot_from_json
    ),
}


def written(form: Form) -> str:
    return json.dumps(form.write(form.value), sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize("name", FORMS)
def test_what_is_written_stays_the_same(name: str) -> None:
    assert written(FORMS[name]) == json.loads(KEPT.read_text("utf-8"))[name]


@pytest.mark.parametrize("name", FORMS)
def test_what_was_written_is_read(name: str) -> None:
    form, kept = FORMS[name], json.loads(json.loads(KEPT.read_text("utf-8"))[name])
    read = form.read(kept)
    if isinstance(read, Acceptance):  # lists that stand for sets are kept in order
        assert by_itself(read) == kept
    else:
        assert read == form.value


if __name__ == "__main__":
    forms = {name: written(form) for name, form in FORMS.items()}
    KEPT.write_text(json.dumps(forms, indent=1, ensure_ascii=False) + "\n", "utf-8")
