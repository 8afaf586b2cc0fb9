"""Records, stamps and the canonical form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import InvalidInput
from desktop.domain.records.records import (
    DELETED,
    NEVER,
    Change,
    Field,
    Record,
    Stamp,
    canonical_json,
    index_records,
    record_from_json,
    stamp_from_json,
)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
stamps = st.builds(Stamp, st.integers(0, 1000), st.text("ab", max_size=3))


@given(values)
def test_the_canonical_text_of_a_value_is_json_and_one_whatever_the_order_of_names(value: Any) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    if isinstance(value, dict):
        assert canonical_json(dict(reversed(list(value.items())))) == text


@pytest.mark.parametrize("wrong", [1.5, float("nan"), [0.5], {"a": 0.25}, {1: "a"}, object(), {"a": {2: None}}])
def test_fractions_and_what_is_not_json_are_refused(wrong: Any) -> None:
    with pytest.raises(InvalidInput):
        canonical_json(wrong)


@given(st.dictionaries(st.text(max_size=8), st.tuples(values, stamps), max_size=5))
def test_a_record_is_read_back_as_it_was(fields: dict[str, tuple[Any, Stamp]]) -> None:
    record = Record("edit", "2026/x", {name: Field(*pair) for name, pair in fields.items()})
    assert record_from_json(json.loads(canonical_json(record.to_json()))) == record


@pytest.mark.parametrize(
    "wrong",
    [None, [], {}, {"kind": "edit", "key": 1, "fields": {}}, {"kind": "edit", "key": "x", "fields": {"a": 1}}],
)
def test_what_is_not_a_record_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidInput):
        record_from_json(wrong)


@pytest.mark.parametrize("wrong", [None, [1], [-1, "a"], [True, "a"], ["1", "a"], [1, 2]])
def test_what_is_not_a_stamp_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidInput):
        stamp_from_json(wrong)


@given(stamps, stamps)
def test_stamps_are_ordered_by_counter_then_device(one: Stamp, other: Stamp) -> None:
    assert (one < other) == ((one.counter, one.device) < (other.counter, other.device))
    assert not one < NEVER
    assert stamp_from_json(one.to_json()) == one


def test_a_deletion_holds_until_an_edit_that_it_had_not_seen() -> None:
    record = Record("event", "2026/x").with_values({"title": "Choir"}, Stamp(1, "a"))
    gone = record.with_values({DELETED: record.deletion()}, Stamp(2, "a"))
    assert gone.is_deleted
    assert not gone.with_values({"title": "Band"}, Stamp(2, "b")).is_deleted
    assert not gone.with_values({"note": "new"}, Stamp(1, "b")).is_deleted
    assert gone.with_values({"title": "older"}, Stamp(1, "a")).is_deleted


def test_an_empty_record_can_be_deleted() -> None:
    record = Record("event", "2026/x")
    assert record.with_values({DELETED: record.deletion()}, Stamp(1, "a")).is_deleted


def test_the_year_of_a_record_is_in_its_key() -> None:
    assert Record("edit", "2026/COS 212/S1").year == 2026
    assert Record("settings", "shared").year is None
    assert Record("feed", "abcd/2026").year is None


def test_records_are_found_by_kind_year_and_key_without_the_deleted() -> None:
    records = index_records(
        [Record("edit", "2026/b"), Record("edit", "2026/a"), Record("edit", "2025/a"), Record("day", "2026/a")]
    )
    assert [each.key for each in records.of_kind("edit", 2026)] == ["2026/a", "2026/b"]
    assert len(records.of_kind("edit")) == 3
    assert records.get("edit", "2026/none").fields == {}
    later = records.with_changes([Change("edit", "2026/a", {"note": "x"})], Stamp(3, "a"))
    assert later.get("edit", "2026/a").get("note") == "x"
    assert records.get("edit", "2026/a").get("note", "unset") == "unset", "looking ahead changes nothing"
    gone = later.with_changes(
        [Change("edit", "2026/a", {DELETED: later.get("edit", "2026/a").deletion()})], Stamp(4, "a")
    )
    assert [each.key for each in gone.of_kind("edit", 2026)] == ["2026/b"]


@given(values, values, stamps, stamps)
def test_the_order_of_fields_is_total(one: Any, other: Any, first: Stamp, second: Stamp) -> None:
    left, right = Field(one, first), Field(other, second)
    assert (left.order < right.order) + (right.order < left.order) + (left.order == right.order) == 1
