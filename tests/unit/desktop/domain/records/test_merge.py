"""The merge of versions is a join for any versions; conflicts arise exactly where both sides changed something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import InvalidInput
from desktop.domain.records.merge import (
    MAX_COUNTER,
    HeldRecord,
    SentVersion,
    acknowledge,
    check_record,
    clear_server_version,
    conflict_record,
    equal_versions,
    find_conflicts,
    join,
    receive,
)
from desktop.domain.records.records import NEVER, Field, Record, Stamp

stamps = st.builds(Stamp, st.integers(0, 4), st.sampled_from(["a", "b", ""]))
values = st.sampled_from([None, True, 1, 0, "x", "y", ["x"], {"a": 1}])
fields = st.builds(Field, values, stamps)
versions = st.dictionaries(st.sampled_from(["name", "colour", "deleted", "new"]), fields).map(
    lambda found: Record("module", "2026/COS 214", found)
)


@given(versions, versions)
def test_the_order_of_two_does_not_matter(one: Record, two: Record) -> None:
    assert equal_versions(join(one, two), join(two, one))


@given(versions, versions, versions)
def test_the_order_of_three_does_not_matter(one: Record, two: Record, three: Record) -> None:
    assert equal_versions(join(join(one, two), three), join(one, join(two, three)))


@given(versions, versions)
def test_the_same_twice_changes_nothing(one: Record, two: Record) -> None:
    joined = join(one, two)
    assert equal_versions(join(joined, two), joined)
    assert equal_versions(join(one, one), one)


@given(versions, versions)
def test_no_field_is_lost_and_none_is_made_up(one: Record, two: Record) -> None:
    joined = join(one, two)
    assert joined.fields.keys() == one.fields.keys() | two.fields.keys()
    for name, each in joined.fields.items():
        sides = [side.fields[name] for side in (one, two) if name in side.fields]
        assert each in sides
        assert all(each.order >= side.order for side in sides)


def test_two_records_are_not_two_versions() -> None:
    with pytest.raises(ValueError, match="two records"):
        join(Record("module", "2026/COS 214"), Record("module", "2026/COS 212"))


def test_true_is_not_one() -> None:
    stamp = Stamp(1, "a")
    assert not equal_versions(Record("k", "x", {"f": Field(True, stamp)}), Record("k", "x", {"f": Field(1, stamp)}))


def record(**given_: tuple[object, int, str]) -> Record:
    return Record("module", "2026/COS 214", {name: Field(v, Stamp(c, d)) for name, (v, c, d) in given_.items()})


def test_only_what_both_sides_changed_is_a_conflict() -> None:
    base = record(name=("Networks", 1, "a"), colour=("red", 1, "a"))
    mine = record(name=("Nets", 2, "a"), colour=("green", 3, "a"))
    theirs = record(name=("Networks", 1, "a"), colour=("blue", 4, "b"))
    held = HeldRecord(mine, etag="e1", base=base)
    (lost,) = find_conflicts(held, theirs)
    assert lost.get("value") == "green"
    assert lost.get("field") == "colour"
    assert lost.year == 2026
    received = receive(held, theirs, "e2", "a")
    assert received.held.record.get("colour") == "blue"
    assert received.held.record.get("name") == "Nets"
    assert received.held.pending
    assert received.held.etag == "e2"
    assert not received.has_foreign_stamp


def test_the_same_value_and_defaults_are_no_conflict() -> None:
    held = HeldRecord(record(colour=("blue", 2, "a")))
    assert find_conflicts(held, record(colour=("blue", 3, "b"))) == ()
    default = Record("module", "2026/COS 214", {"colour": Field("grey", NEVER)})
    assert find_conflicts(held, default) == ()


def test_two_machines_make_the_same_conflict_record() -> None:
    base = record(colour=("red", 1, "a"))
    one, two = record(colour=("green", 2, "a")), record(colour=("blue", 2, "b"))
    assert find_conflicts(HeldRecord(one, base=base), two) == find_conflicts(HeldRecord(two, base=base), one) != ()


def test_what_is_on_its_way_is_no_conflict_with_itself() -> None:
    sent = record(colour=("green", 2, "a"))
    now = record(colour=("blue", 3, "a"))
    held = HeldRecord(now, etag="e1", base=record(colour=("red", 1, "a")), sent=SentVersion("e2", sent))
    received = receive(held, sent, "e2", "a")
    assert received.conflicts == ()
    assert not received.has_foreign_stamp
    acknowledged = acknowledge(held, SentVersion("e2", sent))
    assert acknowledged.pending
    assert acknowledged.base == sent
    assert acknowledged.etag == "e2"
    assert not acknowledge(HeldRecord(sent, sent=SentVersion("e2", sent)), SentVersion("e2", sent)).pending


def test_a_stamp_of_ours_that_we_never_made_shows_a_copied_profile() -> None:
    held = HeldRecord(record(colour=("green", 2, "a")), base=record(colour=("red", 1, "a")))
    assert receive(held, record(colour=("blue", 3, "a")), "e", "a").has_foreign_stamp
    assert not receive(held, record(colour=("blue", 3, "b")), "e", "a").has_foreign_stamp
    assert not receive(held, record(colour=("red", 1, "a")), "e", "a").has_foreign_stamp
    assert receive(None, record(colour=("red", 1, "a")), "e", "a").has_foreign_stamp
    assert not receive(None, record(colour=("red", 1, "b")), "e", "a").has_foreign_stamp


def test_after_a_restore_what_was_common_is_not_relied_on() -> None:
    common = record(colour=("red", 5, "b"))
    other = record(colour=("blue", 4, "c"))
    assert find_conflicts(HeldRecord(common, base=common), other) == ()
    (lost,) = find_conflicts(HeldRecord(common, base=common), other, restored=True)
    assert lost.get("value") == "blue"
    rolled_back = record(colour=("green", 2, "b"))
    assert find_conflicts(HeldRecord(common, base=common), rolled_back, restored=True) == ()


def test_an_edit_that_a_deletion_had_not_seen_brings_the_record_back() -> None:
    live = record(name=("Choir", 1, "a"))
    deleted = live.with_values({"deleted": live.deletion()}, Stamp(2, "b"))
    edited = live.with_values({"name": "Rowing"}, Stamp(2, "a"))
    assert deleted.is_deleted
    assert not join(deleted, edited).is_deleted
    assert join(deleted, edited).get("name") == "Rowing"


def test_what_the_server_has_not_got_goes_there_as_new() -> None:
    here = record(colour=("red", 1, "a"))
    assert clear_server_version(HeldRecord(here, False, "e", here, SentVersion("f", here))) == HeldRecord(here)


@pytest.mark.parametrize(
    "wrong",
    [
        {"deleted": Field(True, Stamp(1, "a"))},
        {"deleted": Field({"name": "x"}, Stamp(1, "a"))},
        {"name": Field("x", Stamp(MAX_COUNTER + 1, "a"))},
    ],
)
def test_what_this_version_cannot_compute_with_is_refused(wrong: dict[str, Field]) -> None:
    with pytest.raises(InvalidInput):
        check_record(Record("event", "2026/a", wrong))


def test_the_highest_counter_is_taken() -> None:
    highest = Record("event", "2026/a", {"name": Field("x", Stamp(MAX_COUNTER, "a"))})
    assert check_record(highest) is highest


def test_the_id_of_a_conflict_is_made_of_what_it_holds() -> None:
    one = conflict_record(record(), "colour", Field("red", Stamp(1, "a")))
    assert one == conflict_record(record(), "colour", Field("red", Stamp(1, "a")))
    assert one.name != conflict_record(record(), "colour", Field("red", Stamp(2, "a"))).name
