"""Values to plain JSON and back: every kind of field, and everything of a wrong form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

import pytest

from desktop.domain.codec import from_plain, to_plain
from desktop.domain.errors import InvalidInput


class Mood(StrEnum):
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Inner:
    number: int


@dataclass(frozen=True, slots=True)
class Everything:
    text: str
    on: date
    at: datetime
    clock: time | None = None
    mood: Mood = Mood.GOOD
    is_so: bool = False
    inner: Inner = Inner(1)
    many: tuple[Inner, ...] = ()
    pair: tuple[int, str] = (1, "a")
    days: frozenset[int] = frozenset()
    named: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


WHOLE = Everything(
    "é",
    date(2026, 3, 24),
    datetime(2026, 3, 24, 9, 5, tzinfo=UTC),
    time(8, 30),
    is_so=True,
    many=(Inner(2), Inner(3)),
    days=frozenset({4, 0}),
    named={"b": (1,), "a": ()},
)
LEAST = Everything("", date(2026, 1, 1), datetime(2026, 1, 1))


@pytest.mark.parametrize("value", [WHOLE, LEAST], ids=["whole", "least"])
def test_what_is_written_is_read_back(value: Everything) -> None:
    assert from_plain(Everything, json.loads(json.dumps(to_plain(value)))) == value


def test_sets_and_mappings_are_written_in_order() -> None:
    plain = to_plain(WHOLE)
    assert plain["days"] == [0, 4]
    assert list(plain["named"]) == ["a", "b"]
    assert plain["clock"] == "08:30"


def test_unknown_members_are_passed_by_and_absent_ones_have_their_defaults() -> None:
    plain = {"text": "", "on": "2026-01-01", "at": "2026-01-01T00:00:00", "of_a_newer_version": 1}
    assert from_plain(Everything, plain) == LEAST


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": 1},
        {"on": "2026-13-01"},
        {"on": 20260101},
        {"clock": "25:00"},
        {"mood": "bad"},
        {"is_so": 1},
        {"inner": {"number": True}},
        {"inner": {"number": "1"}},
        {"inner": {}},
        {"inner": None},
        {"many": {}},
        {"many": [1]},
        {"pair": [1]},
        {"pair": [1, "a", 2]},
        {"days": 3},
        {"named": []},
    ],
    ids=str,
)
def test_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="not what was stored"):
        from_plain(Everything, to_plain(LEAST) | wrong)


@pytest.mark.parametrize("wrong", [None, [], "text", {}])
def test_what_is_no_such_object_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidInput):
        from_plain(Everything, wrong)


def test_what_has_no_plain_form_is_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError):
        to_plain(object())
