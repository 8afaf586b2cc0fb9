"""Push plans from the desired and the existing events: every case of the table."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from desktop.calendars.event import CalendarEvent
from desktop.calendars.push_plan import StepKind, WantedEvent, plan_steps
from desktop.calendars.push_state import EventState, Presence, TargetState, state_from_json
from desktop.domain.errors import InvalidInput
from desktop.domain.event_kinds import EventKind

EVENT = CalendarEvent("u", "2026/x", EventKind.LECTURE, "X", datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 9))
WANTED = WantedEvent(EVENT, "new", 2026)
SAME = EventState("u", 2026, "X", "new", "new", "place", "tag")
OLD = replace(SAME, wrote="old", there="old")
EDITED = replace(SAME, wrote="old", there="edited")
GONE = replace(OLD, presence=Presence.GONE)


@pytest.mark.parametrize(
    ("wanted", "entry", "overwrite", "expected"),
    [
        (WANTED, None, False, StepKind.ADD),
        (WANTED, SAME, False, StepKind.KEEP),
        (WANTED, OLD, False, StepKind.CHANGE),
        (WANTED, EDITED, False, StepKind.CHANGED_THERE),
        (WANTED, EDITED, True, StepKind.CHANGE),
        (WANTED, replace(EDITED, there="new"), False, StepKind.KEEP),
        (WANTED, GONE, False, StepKind.REMOVED_THERE),
        (WANTED, GONE, True, StepKind.ADD),
        (WANTED, replace(OLD, presence=Presence.ADDING), False, StepKind.ADD),
        (WANTED, replace(OLD, presence=Presence.REMOVING), False, StepKind.ADD),
        (None, OLD, False, StepKind.REMOVE),
        (None, EDITED, False, StepKind.CHANGED_THERE),
        (None, EDITED, True, StepKind.REMOVE),
        (None, GONE, False, None),
        (None, replace(OLD, presence=Presence.REMOVING), False, None),
        (None, replace(OLD, year=2025), False, None),
        (WANTED, replace(OLD, year=2025), False, StepKind.CHANGE),
    ],
)
def test_every_case(wanted, entry, overwrite, expected):
    state = TargetState("calendar", True, "token", {"u": entry} if entry else {})
    drawn = plan_steps([wanted] if wanted else [], state, {2026}, {"u"} if overwrite else ())
    assert [step.kind for step in drawn.steps] == ([expected] if expected else [])
    json.dumps(drawn.to_json())


def test_what_is_gone_on_both_sides_is_forgotten():
    state = TargetState(entries={"u": GONE, "v": replace(GONE, uid="v", year=2025)})
    assert plan_steps([], state, {2026}).forgotten == ("u",)
    assert plan_steps([], state).forgotten == ("u", "v")


def test_additions_come_before_removals():
    other = replace(OLD, uid="v")
    drawn = plan_steps([WANTED], TargetState(entries={"v": other}), {2026})
    assert [step.kind for step in drawn.writes] == [StepKind.ADD, StepKind.REMOVE]


def test_a_state_survives_being_stored():
    state = TargetState("calendar", True, "token", {"u": EDITED, "v": replace(GONE, uid="v")})
    assert state_from_json(json.loads(json.dumps(state.to_json()))) == state
    for wrong in ({}, {"calendar": "", "made": 1, "token": "", "entries": [{}]}, {"entries": 5}):
        with pytest.raises(InvalidInput):
            state_from_json(wrong)
